"""The contract with generated code."""

import pytest
from google.protobuf.empty_pb2 import Empty
from protolith.generated import API, Method, require_api
from protolith.names import backend, backend_variable


def test_method_knows_its_path() -> None:
    assert Method("messenger.user.v1.UserService", "GetUser", "get_user", Empty, Empty).path == (
        "/messenger.user.v1.UserService/GetUser"
    )


def test_the_same_version_is_welcome() -> None:
    require_api(API)


def test_handshake_says_which_side_to_renew() -> None:
    with pytest.raises(ImportError, match=rf"generated code is newer \(API {API + 1}\).*upgrade protolith"):
        require_api(API + 1)
    with pytest.raises(ImportError, match=rf"runtime is newer \(API {API}\).*make gen"):
        require_api(API - 1)


@pytest.mark.parametrize(
    ("service", "name"),
    [
        ("messenger.user.v1.UserService", "user"),
        ("messenger.user.v1beta2.UserService", "user"),
        ("messenger.chat.ChatService", "chat"),
        ("UserService", "userservice"),
    ],
)
def test_backend_is_the_last_unversioned_package_segment(service: str, name: str) -> None:
    assert backend(service) == name
    assert backend_variable(service) == f"PROTOLITH_BACKEND_{name.upper()}"
