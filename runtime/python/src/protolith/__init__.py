"""The runtime of Protolith: what generated and handwritten service code runs on."""

from typing import Final

from protolith.context import Context

__all__ = ["Context", "__version__"]

__version__: Final = "0.1.0"
