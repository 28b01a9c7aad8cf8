"""Handlers: what is missing is added once, what a person wrote stays byte for byte, what does not fit is told."""

import ast
from pathlib import Path
from textwrap import dedent

import pytest
from protolith_codegen.model import Contract
from protolith_codegen.problems import HandlerError
from protolith_codegen.scaffold import Plan, plan_handlers

from tests.codegen.compiled import model

CONTRACT = {
    "shop/cart/v1/cart.proto": """
        package shop.cart.v1;
        import "google/protobuf/empty.proto";
        service CartService {
          rpc Get(GetRequest) returns (Cart);
          rpc Watch(GetRequest) returns (stream Cart.Line);
          rpc Fill(stream Cart) returns (google.protobuf.Empty);
        }
        service PriceService {
          rpc Get(GetRequest) returns (Cart);
        }
        message GetRequest {}
        message Cart { message Line {} }
    """
}


@pytest.fixture(scope="module")
def contract() -> Contract:
    return model(CONTRACT)


def handlers(root: Path, files: dict[str, str]) -> Path:
    """Write handler files of the cart room."""
    for name, text in {"__init__.py": "", **files}.items():
        path = root / "handlers/cart" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text).lstrip("\n"))
    return root


def planned(plan: Plan, root: Path, name: str = "service.py") -> str:
    return plan.files[root / "handlers/cart" / name].decode()


def methods(text: str, name: str) -> list[str]:
    """Names of a class's methods."""
    classes = {each.name: each for each in ast.parse(text).body if isinstance(each, ast.ClassDef)}
    return [each.name for each in classes[name].body if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)]


BOTH = """
    from shop.cart.v1.servicers import CartServiceBase, PriceServiceBase
    class CartService(CartServiceBase):
        async def get(self, request, context): ...
        async def watch(self, request, context):
            yield 1
        async def fill(self, requests, context): ...
    class PriceService(PriceServiceBase):
        async def get(self, request, context): ...
"""


def test_an_empty_project_gets_a_package_with_a_class_a_service(contract: Contract, tmp_path: Path) -> None:
    plan = plan_handlers(contract, tmp_path)
    text = planned(plan, tmp_path)
    assert methods(text, "CartService") == ["get", "watch", "fill"]
    assert methods(text, "PriceService") == ["get"]
    assert "yield stub_answer(Cart.Line)" in text
    assert "requests: AsyncIterator[Cart], context: Context) -> Empty:" in text
    assert {path.relative_to(tmp_path).as_posix() for path in plan.created} == {
        "handlers/__init__.py",
        "handlers/cart/__init__.py",
        "handlers/cart/service.py",
    }


def test_nothing_is_planned_where_nothing_is_missing(contract: Contract, tmp_path: Path) -> None:
    plan = plan_handlers(contract, handlers(tmp_path, {"../__init__.py": "", "service.py": BOTH}))
    assert (plan.files, plan.added, plan.orphans, plan.wrong) == ({}, [], [], [])


def test_methods_elsewhere_in_the_package_are_there(contract: Contract, tmp_path: Path) -> None:
    root = handlers(
        tmp_path,
        {
            "../__init__.py": "",
            "base.py": """
                import shop.cart.v1.servicers as generated
                class Base(generated.CartServiceBase):
                    async def get(self, request, context): ...
            """,
            "mixin.py": """
                class Filling:
                    async def fill(self, requests, context): ...
                    if True:
                        async def watch(self, request, context):
                            yield 1
            """,
            "service.py": """
                from shop.cart.v1 import servicers
                from .base import Base
                from .mixin import Filling
                class CartService(Filling, Base):
                    other = None
                class PriceService(servicers.PriceServiceBase):
                    async def priced(self): ...
                    get = priced
            """,
        },
    )
    plan = plan_handlers(contract, root)
    assert (plan.files, plan.wrong) == ({}, [])


def test_the_same_rpc_of_another_service_does_not_count(contract: Contract, tmp_path: Path) -> None:
    text = BOTH.replace("async def get(self, request, context): ...", "pass", 1)
    plan = plan_handlers(contract, handlers(tmp_path, {"service.py": text}))
    assert plan.added == ["handlers/cart/service.py: CartService.get"]


def test_added_to_the_class_that_is_served(contract: Contract, tmp_path: Path) -> None:
    root = handlers(
        tmp_path, {"a.py": BOTH.replace("async def fill(self, requests, context): ...", "pass"), "b.py": ""}
    )
    (root / "handlers/cart/b.py").write_text("from .a import CartService\nclass Served(CartService):\n    x = 1")
    plan = plan_handlers(contract, root)
    assert plan.added == ["handlers/cart/b.py: Served.fill"]
    assert methods(planned(plan, root, "b.py"), "Served") == ["fill"]


def test_orphans_and_wrong_signatures_are_told_and_left(contract: Contract, tmp_path: Path) -> None:
    text = """
        from shop.cart.v1.servicers import CartServiceBase, PriceServiceBase
        class CartService(CartServiceBase):
            async def get(self, request): ...
            async def watch(self, request, context):
                return 1
            def fill(self, requests, context): ...
            async def dropped(self, request, context): ...
            async def helper(self, cart): ...
            async def _hidden(self, request, context): ...
        class PriceService(PriceServiceBase):
            async def get(self, request, context, extra=None): ...
    """
    plan = plan_handlers(contract, handlers(tmp_path, {"../__init__.py": "", "service.py": text}))
    assert plan.files == {}
    assert plan.orphans == [
        "handlers/cart/service.py:7: CartService.dropped has no rpc in shop.cart.v1.CartService any more: "
        "remove or rename it"
    ]
    assert plan.wrong == [
        "handlers/cart/service.py:3: CartService.get must be `async def get(self, request, context)` "
        "and `return` its answer",
        "handlers/cart/service.py:4: CartService.watch must be `async def watch(self, request, context)` "
        "and `yield` its answers",
        "handlers/cart/service.py:6: CartService.fill must be `async def fill(self, requests, context)` "
        "and `return` its answer",
    ]


def test_a_file_that_is_no_python_stops_everything_with_its_place(contract: Contract, tmp_path: Path) -> None:
    root = handlers(tmp_path, {"service.py": BOTH, "broken.py": "x = (\n"})
    with pytest.raises(HandlerError, match=r"handlers/cart/broken\.py:1: '\(' was never closed: mend it"):
        plan_handlers(contract, root)
    assert sorted(path.name for path in (root / "handlers").rglob("*.py")) == ["__init__.py", "broken.py", "service.py"]


def test_two_versions_in_one_room_get_two_classes(tmp_path: Path) -> None:
    source = "package shop.cart.{0};\nservice CartService {{ rpc Get(A) returns (A); }}\nmessage A {{}}\n"
    both = model({f"shop/cart/{each}/cart.proto": source.format(each) for each in ("v1", "v2")})
    text = planned(plan_handlers(both, tmp_path), tmp_path)
    assert methods(text, "CartServiceV1") == methods(text, "CartServiceV2") == ["get"]
    assert "from shop.cart.v2.servicers import CartServiceBase as CartServiceBaseV2" in text


def test_a_class_of_the_name_that_is_no_handler_is_told(contract: Contract, tmp_path: Path) -> None:
    text = BOTH.replace("class CartService(CartServiceBase):", "class CartService:")
    plan = plan_handlers(contract, handlers(tmp_path, {"../__init__.py": "", "service.py": text}))
    assert plan.files == {}
    assert plan.wrong == [
        "handlers/cart/service.py:2: CartService does not derive from shop.cart.v1.servicers.CartServiceBase: "
        "let it, or rename it"
    ]


def test_a_second_run_adds_nothing(contract: Contract, tmp_path: Path) -> None:
    for path, data in plan_handlers(contract, tmp_path).files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    again = plan_handlers(contract, tmp_path)
    assert (again.files, again.added, again.orphans, again.wrong) == ({}, [], [], [])
