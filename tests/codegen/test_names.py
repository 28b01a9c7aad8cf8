"""Names that generated code derives."""

import pytest
from protolith_codegen.model import names


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("CreateUser", "create_user"),
        ("GetHTTPInfo", "get_http_info"),
        ("StartOAuthLogin", "start_oauth_login"),
        ("ListV2Items", "list_v2_items"),
        ("already_snake", "already_snake"),
        ("X", "x"),
    ],
)
def test_snake_case(name: str, expected: str) -> None:
    assert names.snake_case(name) == expected


def test_python_name_avoids_keywords_and_annotations() -> None:
    asked = ("import", "float", "match", "get")
    assert [names.python_name(each) for each in asked] == ["import_", "float_", "match", "get"]


@pytest.mark.parametrize(
    ("package", "room", "go"),
    [
        ("messenger.user.v1", "user", "userv1"),
        ("messenger.user_profile.v1beta2", "user_profile", "userprofilev1beta2"),
        ("shop", "shop", "shop"),
        ("a.b", "b", "b"),
        ("v1", "v1", "v1"),
    ],
)
def test_packages(package: str, room: str, go: str) -> None:
    assert (names.room(package), names.go_package_name(package)) == (room, go)


def test_python_module_is_protocs() -> None:
    assert names.python_module("a/b-c/d-e.proto") == "a.b_c.d_e_pb2"


def test_go_names_are_protoc_gen_gos() -> None:
    asked = ("UserService", "user_service", "_x")
    assert [names.go_camel_case(each) for each in asked] == ["UserService", "UserService", "XX"]
