"""Property: whatever a handler file looks like, additions only insert; every written byte stays, in its order."""

import ast
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from protolith_codegen.model import Contract
from protolith_codegen.scaffold import plan_handlers

from tests.codegen.compiled import model

SOURCE = """
package shop.cart.v1;
service CartService {
  rpc Get(A) returns (B);
  rpc Put(stream A) returns (stream B);
}
message A {}
message B {}
"""
CONTRACT = model({"shop/cart/v1/cart.proto": SOURCE})

HEADS = st.sampled_from(
    [
        "",
        '"""Docstring."""\n',
        '"""Long\n\ndocstring.\n"""\n\n',
        "# A comment with an ümlaut\n",
        "#!/usr/bin/env python\n# -*- coding: utf-8 -*-\n'one'; x = 1\n",
    ]
)
IMPORTS = st.lists(
    st.sampled_from(
        [
            "import asyncio\n",
            "import os, sys  # two at once\n",
            "from collections.abc import Callable\n",
            "from collections.abc import (\n    Callable,\n    Mapping,  # kept\n)\n",
            "from shop.cart.v1.cart_pb2 import A\n",
            "from shop.cart.v1.cart_pb2 import (\n    A\n)\n",
            "from shop.cart.v1 import cart_pb2\n",
            "from protolith import Context as Ctx\n",
            "from protolith.errors import NotFound, \\\n    Aborted\n",
            "import zoneinfo; y = 2\n",
            "from handlers.cart.parts import B\n",
        ]
    ),
    max_size=5,
    unique=True,
)
BODIES = st.sampled_from(
    [
        "    pass",
        '    """Only a docstring."""',
        "    x = 1  # ü",
        "    async def get(self, request, context):\n        return 1",
        "\tasync def other(self):\n\t\treturn '''\n  text\n'''",
        "    class Inner:\n        def get(self):\n            pass\n\n    # the end",
        "  if True:\n    y = 1",
    ]
)
ONE_LINE = st.sampled_from([" pass", " ...", " x = 1; y = 2"])
TAILS = st.sampled_from(["", "\n", "\n\n\ndef behind():\n    return 'ü'\n", "\n# last words", "\n\nB = 1\n"])


@st.composite
def sources(draw: st.DrawFn) -> bytes:
    """Handler files with the service's class somewhere in them."""
    base = "from shop.cart.v1.servicers import CartServiceBase\n"
    body = draw(st.one_of(BODIES.map(lambda text: f"\n{text}"), ONE_LINE))
    text = "".join((draw(HEADS), *draw(IMPORTS), base, "\n\nclass CartService(CartServiceBase):", body, draw(TAILS)))
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    return text.replace("\n", newline).encode()


def is_subsequence(short: bytes, long: bytes) -> bool:
    """Whether `long` is `short` with bytes inserted."""
    at = iter(long)
    return all(byte in at for byte in short)


@settings(max_examples=150, deadline=None)
@given(source=sources())
def test_written_bytes_stay(source: bytes) -> None:
    ast.parse(source)
    with TemporaryDirectory() as folder:
        path = Path(folder, "handlers/cart/service.py")
        path.parent.mkdir(parents=True)
        path.write_bytes(source)
        made = _made(CONTRACT, Path(folder), path)
        assert is_subsequence(source, made)
        _holds_every_line(source, made)
        path.write_bytes(made)
        assert path not in plan_handlers(CONTRACT, Path(folder)).files
    tree = ast.parse(made)
    (cart,) = [each for each in tree.body if isinstance(each, ast.ClassDef)]
    assert {"get", "put"} <= {each.name for each in cart.body if isinstance(each, ast.AsyncFunctionDef)}
    assert b"\r\n" not in source or b"\n" not in made.replace(b"\r\n", b"")


def _made(contract: Contract, root: Path, path: Path) -> bytes:
    plan = plan_handlers(contract, root)
    assert not plan.wrong
    return plan.files[path]


def _holds_every_line(source: bytes, made: bytes) -> None:
    """No written line is torn apart, but for imports that take a name and a class's body on its own line."""
    lines = set(made.splitlines())
    for line in source.splitlines():
        torn = line.startswith((b"from ", b"class CartService")) or line.strip() in (
            b"A",
            b"Callable,",
            b"Mapping,  # kept",
        )
        assert torn or line in lines


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            "from shop.cart.v1.servicers import CartServiceBase\n\n\nclass CartService(CartServiceBase):\n"
            "    async def get(self, request, context):\n        return 1\n",
            """\
from collections.abc import AsyncIterator

from protolith import Context
from protolith.stub import stub_answer
from shop.cart.v1.cart_pb2 import A, B
from shop.cart.v1.servicers import CartServiceBase


class CartService(CartServiceBase):
    async def get(self, request, context):
        return 1

    async def put(self, requests: AsyncIterator[A], context: Context) -> AsyncIterator[B]:
        yield stub_answer(B)
""",
        ),
        (
            '"""Handlers."""\n\nimport asyncio\n\nfrom protolith import Context\n'
            "from shop.cart.v1 import cart_pb2, servicers\n\nfrom handlers.cart import parts\n\n\n"
            "class CartService(servicers.CartServiceBase):\n"
            "    async def get(self, request, context):\n        return 1\n\n\nx = asyncio, parts, Context\n",
            '''\
"""Handlers."""

import asyncio
from collections.abc import AsyncIterator

from protolith import Context
from protolith.stub import stub_answer
from shop.cart.v1 import cart_pb2, servicers

from handlers.cart import parts


class CartService(servicers.CartServiceBase):
    async def get(self, request, context):
        return 1

    async def put(self, requests: AsyncIterator[cart_pb2.A], context: Context) -> AsyncIterator[cart_pb2.B]:
        yield stub_answer(cart_pb2.B)


x = asyncio, parts, Context
''',
        ),
    ],
)
def test_reads_as_if_written(source: str, expected: str, tmp_path: Path) -> None:
    path = tmp_path / "handlers/cart/service.py"
    path.parent.mkdir(parents=True)
    path.write_text(source)
    assert _made(CONTRACT, tmp_path, path).decode() == expected
