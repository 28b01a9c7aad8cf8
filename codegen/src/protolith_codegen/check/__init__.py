"""`protolith check`: our rules and buf's, side by side, told as one."""

from protolith_codegen.check.formats import FORMATS
from protolith_codegen.check.run import check_contracts

__all__ = ["FORMATS", "check_contracts"]
