"""Metadata: look-up, and what may be sent."""

from typing import Any

import pytest
from protolith.metadata import Metadata, outgoing


def test_lookup_takes_any_case_and_keeps_every_value() -> None:
    metadata = Metadata([("X-Key", "1"), ("x-key", "2"), ("x-raw-bin", b"\x00")])
    assert metadata["X-KEY"] == "1"
    assert metadata.get_all("x-key") == ("1", "2")
    assert "x-Key" in metadata
    assert metadata.get("none") is None
    assert metadata.get("none", "default") == "default"
    assert metadata.text("x-raw-bin", "no text") == "no text"
    assert list(metadata) == [("x-key", "1"), ("x-key", "2"), ("x-raw-bin", b"\x00")]
    assert len(metadata) == 3


def test_equality_is_by_pairs() -> None:
    assert Metadata([("a", "1")]) == Metadata([("A", "1")])
    assert Metadata([("a", "1")]) != Metadata([("a", "2")])
    assert len({Metadata([("a", "1")]), Metadata([("A", "1")])}) == 1


@pytest.mark.parametrize(
    "given",
    [{"X-Key": ["1", "2"]}, [("x-key", "1"), ("X-KEY", "2")], Metadata([("x-key", "1"), ("x-key", "2")])],
    ids=["mapping", "pairs", "metadata"],
)
def test_outgoing_takes_every_form(given: Any) -> None:
    assert outgoing(given) == (("x-key", "1"), ("x-key", "2"))


def test_nothing_to_send() -> None:
    assert outgoing(None) == ()


@pytest.mark.parametrize(
    ("key", "value", "why"),
    [
        ("x key", "1", "metadata key 'x key'"),
        ("", "1", "metadata key ''"),
        ("grpc-timeout", "1S", "no grpc- prefix"),
        ("x-key", b"1", "ends in -bin"),
        ("x-key-bin", "1", "ends in -bin"),
        ("x-key", "é", "printable ASCII"),
        ("x-key", "a\nb", "printable ASCII"),
    ],
)
def test_what_grpc_cannot_carry_is_refused(key: str, value: str | bytes, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        outgoing([(key, value)])
