"""The generator: contracts in, generated code out. Nothing that serves imports it."""

from typing import Final

VERSION: Final = "0.1.0"
"""Version of the generator, as generated files name it."""

API: Final = 1
"""Version of the agreement between generated code and the runtimes; both check it when they start."""
