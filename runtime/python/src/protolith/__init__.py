"""The runtime of Protolith: what generated and handwritten service code runs on."""

from typing import Final

__version__: Final = "0.1.0"
