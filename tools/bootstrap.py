"""What every make target starts: it sets the clone up where that is needed, then does what was asked.

Any Python 3 must be able to read this one file, to say that 3.11 is needed: no newer syntax here.
"""

import os
import sys

if sys.version_info < (3, 11):
    sys.exit(
        "Protolith needs Python 3.11 or newer, and this is %d.%d (%s):"
        " install one, or name it: make run PYTHON=/path/to/python3.11"
        % (sys.version_info[0], sys.version_info[1], sys.executable)
    )

# `python -I` leaves this folder out of the path: nothing that lies around may be imported by accident.
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from tools import commands

if __name__ == "__main__":
    sys.exit(commands.main(sys.argv[1:]))
