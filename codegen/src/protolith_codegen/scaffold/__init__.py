"""Handlers: what is missing is added, what does not fit is told, nothing that a person wrote is touched."""

from protolith_codegen.scaffold.plan import Plan, plan_handlers

__all__ = ["Plan", "plan_handlers"]
