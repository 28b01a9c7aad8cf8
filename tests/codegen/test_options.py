"""Who has the last word about an rpc: itself, then its service, then protolith.yaml; and each place is known."""

from pathlib import Path

from protolith_codegen.examine import examine
from protolith_codegen.model import Method
from protolith_codegen.project import open_project

from tests.support.project import make_project

CONTRACT = """\
syntax = "proto3";

package options.shop.v1;

import "google/api/annotations.proto";
import "protolith/v1/error.proto";
import "protolith/v1/method.proto";
import "protolith/v1/service.proto";

service ShopService {
  option (protolith.v1.service) = {
    access: {authenticated: true}
    errors: ["CLOSED"]
    timeout: {seconds: 5}
  };
  rpc Plain(Thing) returns (Thing);
  rpc Own(Thing) returns (Thing) {
    option (google.api.http) = {get: "/v1/own"};
    option (protolith.v1.method) = {
      access: {internal: true}
      errors: ["GONE"]
      timeout: {seconds: 1}
    };
  }
}

service OtherService {
  rpc Get(Thing) returns (Thing) {
    option (google.api.http) = {get: "/v1/other"};
  }
}

message Thing {
  string id = 1;
}

enum ShopError {
  SHOP_ERROR_UNSPECIFIED = 0;
  SHOP_ERROR_CLOSED = 1 [(protolith.v1.error) = {code: UNAVAILABLE message: "closed"}];
  SHOP_ERROR_GONE = 2 [(protolith.v1.error) = {code: NOT_FOUND message: "gone"}];
}
"""
OPTIONS = """\
options:
  "*": {access: public, timeout: 9s}
  options.shop.v1.*: {timeout: 7s, important: true}
  options.shop.v1.OtherService.Get:
    access: {roles: {any_of: [clerk]}}
"""


def methods(folder: Path) -> dict[str, Method]:
    project = open_project(make_project(folder / "project", {"options/shop/v1/shop.proto": CONTRACT}, options=OPTIONS))
    found = examine(project)
    assert found.problems == ()
    return {each.name: each for each in found.contract.methods}


def test_the_nearest_place_decides(tmp_path: Path) -> None:
    found = methods(tmp_path)
    assert {name: each.options.access for name, each in found.items()} == {
        "Plain": "authenticated",
        "Own": "internal",
        "Get": "roles",
    }
    assert {name: each.options.said.timeout.seconds for name, each in found.items()} == {"Plain": 5, "Own": 1, "Get": 7}
    assert all(each.options.said.important for each in found.values())


def test_errors_add_up(tmp_path: Path) -> None:
    found = methods(tmp_path)
    assert list(found["Own"].options.said.errors) == ["GONE", "CLOSED"]
    assert list(found["Plain"].options.said.errors) == ["CLOSED"]


def test_what_is_said_has_its_place(tmp_path: Path) -> None:
    found = methods(tmp_path)
    assert str(found["Own"].options.position("timeout")) == "contracts/options/shop/v1/shop.proto:22:17"
    assert str(found["Plain"].options.position("timeout")) == "contracts/options/shop/v1/shop.proto:14:15"
    assert str(found["Get"].options.position("access", "roles", "any_of", 0)) == "protolith.yaml:8:31"
    assert str(found["Get"].options.position("timeout")) == "protolith.yaml:6:23"


def test_an_internal_rpc_is_not_public_whatever_its_route(tmp_path: Path) -> None:
    found = methods(tmp_path)
    assert (found["Own"].public, found["Get"].public) == (False, True)
