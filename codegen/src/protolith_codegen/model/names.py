"""Names that generated code derives from the contract's names."""

import keyword
import re

_WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z]{2})(?=[A-Z][a-z])")
"""A word begins at a capital behind a small letter, and at the last of several capitals. The O of OAuth is no word."""

_USED_IN_ANNOTATIONS = frozenset({"float"})
_VERSION = re.compile(r"v\d+((alpha|beta)\d*|p\d+\w*)?")


def snake_case(name: str) -> str:
    """`CreateUser` -> `create_user`, `GetHTTPInfo` -> `get_http_info`, `StartOAuth` -> `start_oauth`."""
    return _WORD_START.sub("_", name).lower()


def constant_case(name: str) -> str:
    """`CreateUser` -> `CREATE_USER`."""
    return snake_case(name).upper()


def camel_case(name: str) -> str:
    """`NICKNAME_TAKEN` -> `NicknameTaken`."""
    return "".join(word.capitalize() for word in name.split("_"))


def without_prefix(value: str, enum: str) -> str:
    """An enum value's name without its enum's: (`USER_ERROR_GONE`, `UserError`) -> `GONE`, however words are split."""
    prefix = re.match("_?".join(map(re.escape, enum.replace("_", ""))) + "_", value, re.IGNORECASE)
    return value[prefix.end() :] if prefix else value


def python_name(name: str) -> str:
    """A name as a generated class takes it: keywords, and names that its annotations use, get an underscore behind."""
    return f"{name}_" if keyword.iskeyword(name) or name in _USED_IN_ANNOTATIONS else name


def python_module(proto_path: str) -> str:
    """The module that protoc writes for a file: `a/b-c.proto` -> `a.b_c_pb2`."""
    return proto_path.removesuffix(".proto").replace("-", "_").replace("/", ".") + "_pb2"


def is_version(segment: str) -> bool:
    """Whether a package's segment is a version, such as v1 or v1beta2."""
    return _VERSION.fullmatch(segment) is not None


def room(package: str) -> str:
    """The last segment of a package that is no version: where its handlers live, and its backend's name."""
    segments = package.split(".")
    return next((each for each in reversed(segments) if not is_version(each)), segments[-1])


def go_package_name(package: str) -> str:
    """Name of a contract package in Go: `messenger.user.v1` -> `userv1`."""
    segments = package.split(".")
    keep = segments[-2:] if is_version(segments[-1]) else segments[-1:]
    return "".join(keep).replace("_", "").lower()


def go_camel_case(name: str) -> str:
    """A name as protoc-gen-go exports it: `user_service` -> `UserService`, `_hidden` -> `XHidden`."""
    lead, rest = ("X", name[1:]) if name.startswith("_") else ("", name)
    joined = re.sub(r"_([a-z])", lambda match: match[1].upper(), rest)
    return f"{lead}{joined[:1].upper()}{joined[1:]}"
