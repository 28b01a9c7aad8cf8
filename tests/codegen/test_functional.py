"""Contract -> generate -> import -> call: generated servicers and clients on a real engine, all four kinds of rpc."""

import asyncio
import importlib
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from google.protobuf import empty_pb2
from google.rpc import error_details_pb2
from protolith import errors
from protolith.engines.grpcio import GrpcioEngine
from protolith.settings import WorkerSettings
from protolith.testing import no_undeclared_errors
from protolith_codegen.gen import gen_project

from tests.support.project import make_project

CONTRACT = """
package functional.shop.v1;

import "google/protobuf/empty.proto";
import "protolith/v1/error.proto";
import "protolith/v1/method.proto";
import "validate/validate.proto";

enum ShopError {
  SHOP_ERROR_UNSPECIFIED = 0;
  SHOP_ERROR_SOLD_OUT = 1 [(protolith.v1.error) = {code: FAILED_PRECONDITION message: "{item} is sold out"}];
}
service ShopService {
  rpc Import(Order) returns (Receipt) {
    option (protolith.v1.method).errors = "SOLD_OUT";
  }
  rpc Watch(Order) returns (stream Receipt);
  rpc Upload(stream Order) returns (Receipt);
  rpc Talk(stream Order) returns (stream Receipt);
  rpc Ping(google.protobuf.Empty) returns (google.protobuf.Empty);
  rpc Left(Order) returns (Receipt);
}
message Order {
  string from = 1 [(validate.rules).string = {min_len: 1 max_len: 5}];
  Item item = 2;
  message Item {
    int32 count = 1 [(validate.rules).int32.gte = 0];
  }
}
message Receipt {
  string text = 1 [(validate.rules).string.min_len = 1];
}
"""

HANDLER = """
from collections.abc import AsyncIterator

from functional.shop.v1 import errors
from functional.shop.v1.shop_pb2 import Order, Receipt
from functional.shop.v1.servicers import ShopServiceBase
from google.protobuf.empty_pb2 import Empty
from protolith import Context


class ShopService(ShopServiceBase):
    async def import_(self, request: Order, context: Context) -> Receipt:
        if request.item.count == 13:
            raise errors.SoldOut(item="tea")
        return Receipt(text=getattr(request, "from"))

    async def watch(self, request: Order, context: Context) -> AsyncIterator[Receipt]:
        if request.item.count == 13:
            raise errors.SoldOut(item="tea")
        for number in range(request.item.count):
            yield Receipt(text=str(number))

    async def upload(self, requests: AsyncIterator[Order], context: Context) -> Receipt:
        return Receipt(text="".join([getattr(each, "from") async for each in requests]))

    async def talk(self, requests: AsyncIterator[Order], context: Context) -> AsyncIterator[Receipt]:
        async for each in requests:
            yield Receipt(text=getattr(each, "from").upper())

    async def ping(self, request: Empty, context: Context) -> Empty:
        return Empty()
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The generated modules and the handler, whose one missing method the generator added."""
    root = make_project(tmp_path_factory.mktemp("functional") / "project", {"functional/shop/v1/shop.proto": CONTRACT})
    (root / "handlers/shop").mkdir(parents=True)
    (root / "handlers/shop/shop_handler.py").write_text(HANDLER)
    assert gen_project(root)
    sys.path[:0] = [str(root / "generated/python"), str(root / "handlers/shop")]
    yield importlib.import_module("shop_handler")
    del sys.path[:2]


@pytest.fixture
async def client(shop: Any) -> AsyncIterator[Any]:
    """A generated client, connected to the generated servicer's subclass."""
    engine = GrpcioEngine(WorkerSettings(grace=5))
    await engine.start()
    serving = asyncio.create_task(engine.serve([shop.ShopService()]))
    await engine.serving.wait()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PROTOLITH_BACKEND_SHOP", f"127.0.0.1:{engine.port}")
        clients = importlib.import_module("functional.shop.v1.clients")
        yield clients.ShopServiceClient(engine.channel("functional.shop.v1.ShopService"))
    engine.shutdown()
    assert await serving == 0
    await engine.stop()


def order(shop: Any, sender: str = "me", count: int = 0) -> Any:
    return shop.Order(**{"from": sender, "item": {"count": count}})


async def orders(shop: Any, *senders: str) -> AsyncIterator[Any]:
    for sender in senders:
        yield order(shop, sender)


async def test_all_four_kinds(shop: Any, client: Any) -> None:
    assert (await client.import_(order(shop))).text == "me"
    assert [each.text async for each in client.watch(order(shop, count=3))] == ["0", "1", "2"]
    assert (await client.upload(orders(shop, "a", "b"))).text == "ab"
    assert [each.text async for each in client.talk(orders(shop, "a", "b"))] == ["A", "B"]
    assert await client.ping(empty_pb2.Empty()) == empty_pb2.Empty()


async def test_pgv_rules_hold_with_all_violations(shop: Any, client: Any) -> None:
    with pytest.raises(errors.InvalidArgument) as caught:
        await client.import_(order(shop, sender="too long", count=-1))
    bad_request, _ = caught.value.details
    assert isinstance(bad_request, error_details_pb2.BadRequest)
    assert {each.field for each in bad_request.field_violations} == {"from", "item.count"}


async def test_pgv_rules_hold_for_the_zero_value(shop: Any, client: Any) -> None:
    with pytest.raises(errors.InvalidArgument):
        await client.import_(shop.Order())


async def test_a_declared_error_is_typed_on_the_callers_side(shop: Any, client: Any) -> None:
    sold_out = importlib.import_module("functional.shop.v1.errors").SoldOut
    with pytest.raises(sold_out, match="FAILED_PRECONDITION: tea is sold out") as caught, no_undeclared_errors():
        await client.import_(order(shop, count=13))
    assert caught.value.item == "tea"


async def test_an_error_that_the_rpc_does_not_list_fails_the_test(shop: Any, client: Any) -> None:
    told = pytest.raises(AssertionError, match=r"Watch .*SOLD_OUT of functional\.shop\.v1")
    with told, no_undeclared_errors(), pytest.raises(errors.Internal):
        await anext(client.watch(order(shop, count=13)))


async def test_scaffolded_method_answers_validly(shop: Any, client: Any) -> None:
    assert (await client.left(order(shop))).text


def test_generated_code_checks_the_runtimes_version(shop: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    services = importlib.import_module("functional.shop.v1.services")
    monkeypatch.setattr("protolith.generated.API", 2)
    with pytest.raises(ImportError, match="run `make gen`"):
        importlib.reload(services)


def test_the_scaffold_left_the_handler_as_it_was(shop: Any) -> None:
    written = Path(str(shop.__file__)).read_text()
    assert written.startswith(HANDLER.partition("from functional")[0])
    assert (
        "async def left(self, request: Order, context: Context) -> Receipt:\n        return stub_answer(Receipt)"
        in written
    )
