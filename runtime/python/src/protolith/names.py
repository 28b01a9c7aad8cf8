"""Names that follow from a service's full name, `messenger.user.v1.UserService`."""

import re
from typing import Final

_VERSION: Final = re.compile(r"v\d+((alpha|beta)\d*|p\d+(alpha|beta)\d*)?")


def backend(service: str) -> str:
    """The backend that serves it: the last package segment that is not a version, such as `user`."""
    segments = [part for part in service.split(".")[:-1] if not _VERSION.fullmatch(part)]
    return segments[-1] if segments else service.rpartition(".")[2].lower()


def backend_variable(service: str) -> str:
    """The environment variable that says where the service is, such as PROTOLITH_BACKEND_USER."""
    return f"PROTOLITH_BACKEND_{backend(service).upper()}"
