"""A settings class that the environment does not satisfy, as one sentence that names the variables."""

from pydantic import ValidationError
from pydantic_settings import BaseSettings


def explain(cls: type[BaseSettings], error: ValidationError) -> str:
    """Every wrong variable and why: `PROTOLITH_GRACE: '5x' is not a duration`."""
    return "; ".join(f"{_variable(cls, each['loc'])}: {_reason(each['msg'])}" for each in error.errors())


def _variable(cls: type[BaseSettings], location: tuple[int | str, ...]) -> str:
    """The environment variable of a field; the first of `location` is the field's name or its alias."""
    name = str(location[0]) if location else cls.__name__
    field = cls.model_fields.get(name)
    if field is None:
        return name
    if isinstance(field.validation_alias, str):
        return field.validation_alias
    return f"{cls.model_config.get('env_prefix', '')}{name}".upper()


def _reason(message: str) -> str:
    return "is not set" if message == "Field required" else message.removeprefix("Value error, ")
