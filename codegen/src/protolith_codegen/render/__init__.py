"""Templates over the model: a pure function from the contract to the text of every file."""

from protolith_codegen.render.render import render_all

__all__ = ["render_all"]
