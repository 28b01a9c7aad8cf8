"""Errors that contracts declare: names, who lists what, what the document says; whole packages are in tests/golden."""

import pytest
from protolith_codegen.model import Method
from protolith_codegen.model.names import camel_case, without_prefix
from protolith_codegen.openapi.errors import error_responses
from protolith_codegen.render.environment import environment

from tests.codegen.compiled import model, problems

HEAD = """
package shop.cart.v1;
import "protolith/v1/error.proto";
import "protolith/v1/method.proto";
import "protolith/v1/service.proto";
message M {}
"""
ENUM = """
enum CartError {
  CART_ERROR_UNSPECIFIED = 0;
  CART_ERROR_FULL = 1 [(protolith.v1.error) = {code: FAILED_PRECONDITION message: "full"}];
  CART_ERROR_GONE = 2 [(protolith.v1.error) = {code: NOT_FOUND message: "no {item}"}];
}
"""
PUBLIC = "access: {public: true}"


@pytest.mark.parametrize(
    ("value", "enum", "reason"),
    [
        ("USER_ERROR_NICKNAME_TAKEN", "UserError", "NICKNAME_TAKEN"),
        ("O_AUTH_ERROR_DENIED", "OAuthError", "DENIED"),
        ("OAUTH_ERROR_DENIED", "OAuthError", "DENIED"),
        ("HTTP2_ERROR_X", "HTTP2Error", "X"),
        ("TAKEN", "UserError", "TAKEN"),
        ("USER_ERRORS", "UserError", "USER_ERRORS"),
        ("USER_ERROR_USER_ERROR_X", "UserError", "USER_ERROR_X"),
    ],
)
def test_the_reason_is_the_value_without_its_enums_prefix(value: str, enum: str, reason: str) -> None:
    assert without_prefix(value, enum) == reason


def test_camel_case() -> None:
    assert [camel_case(each) for each in ("NICKNAME_TAKEN", "FULL", "OAUTH2_DENIED")] == [
        "NicknameTaken",
        "Full",
        "Oauth2Denied",
    ]


def methods(source: str) -> dict[str, Method]:
    return {method.name: method for package in model(HEAD + source).packages for method in package.methods}


def listed(method: Method) -> list[str] | None:
    return None if method.errors is None else [error.class_name for error in method.errors]


def test_an_rpc_has_its_own_errors_and_its_services() -> None:
    found = methods(
        ENUM
        + f"""
        service S {{
          option (protolith.v1.service) = {{{PUBLIC} errors: ["FULL"]}};
          rpc A(M) returns (M) {{ option (protolith.v1.method).errors = "GONE"; }}
          rpc B(M) returns (M);
        }}
        """
    )
    assert (listed(found["A"]), listed(found["B"])) == (["Gone", "Full"], ["Full"])
    assert found["A"].extra_arguments == ", errors=(errors.Gone, errors.Full)"
    assert found["B"].extra_arguments == ", errors=(errors.Full,)"


def test_an_error_enum_makes_the_whole_package_strict_and_no_other() -> None:
    service = "service S { rpc A(M) returns (M); }"
    assert listed(methods(ENUM + service)["A"]) == []
    assert methods(ENUM + service)["A"].extra_arguments == ", errors=()"
    plain = "enum Plain { PLAIN_UNSPECIFIED = 0; PLAIN_X = 1; }"
    assert listed(methods(plain + service)["A"]) is None
    assert methods(plain + service)["A"].extra_arguments == ""


def test_a_package_without_services_still_has_its_errors() -> None:
    (package,) = model(HEAD + ENUM).packages
    assert [error.class_name for error in package.errors] == ["Full", "Gone"]
    assert "class Gone(DeclaredError, rpc_errors.NotFound):" in environment().get_template("errors.py.j2").render(
        package=package
    )


def test_the_document_has_a_response_for_each_status_with_each_error_as_example() -> None:
    more = ENUM.replace(
        "CART_ERROR_GONE = 2",
        'CART_ERROR_LOCKED = 3 [(protolith.v1.error) = {code: OUT_OF_RANGE message: "locked"}];\nCART_ERROR_GONE = 2',
    )
    method = methods(
        more
        + """service S { rpc A(M) returns (M) {
          option (protolith.v1.method) = {errors: ["GONE", "FULL", "LOCKED"]};
        } }"""
    )["A"]
    responses = error_responses(method)
    assert set(responses) == {"404", "400"}
    assert set(responses["400"]["content"]["application/json"]["examples"]) == {"FULL", "LOCKED"}
    assert "`FULL`: full" in responses["400"]["description"] and "no rpc declares" in responses["400"]["description"]
    assert responses["404"]["description"] == "`GONE`: no {item}"
    assert responses["404"]["content"]["application/json"]["examples"]["GONE"]["value"] == {
        "code": 5,
        "message": "no {item}",
        "details": [
            {
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": "GONE",
                "domain": "shop.cart.v1",
                "metadata": {"item": "{item}"},
            }
        ],
    }


@pytest.mark.parametrize("name", ["self", "args", "code", "message", "details", "class", "received"])
def test_a_placeholder_that_the_exception_has_already_is_told(name: str) -> None:
    (told,) = problems(HEAD + ENUM.replace("{item}", f"{{{name}}}"))
    assert f"has a placeholder {{{name}}}, a name that Python or each error keeps for itself: choose another" in told
