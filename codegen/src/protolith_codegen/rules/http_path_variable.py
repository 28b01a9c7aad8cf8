"""http-path-variable: each variable of a path is a field of the request that holds one plain value."""

from collections.abc import Iterator

from protolith_codegen.model import Contract, Kind
from protolith_codegen.problems import Problem
from protolith_codegen.rules.routes import routes


def check(contract: Contract) -> Iterator[Problem]:
    """Variables that name no field, or one that a path cannot hold."""
    for method, binding, template in routes(contract):
        for variable in template.variables:
            field = contract.find_field(variable.field_path, method.request.full_name)
            told = f"path of {method.name}: "
            if field is None:
                told += f"{method.request.full_name} has no field {variable.field_path}"
                yield Problem(binding.position, told)
            elif field.repeated or field.kind is Kind.MESSAGE:
                told += f"{variable.field_path} is not one plain value, and a path holds such only"
                yield Problem(binding.position, told)
