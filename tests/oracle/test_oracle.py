"""PGV's verdict, on every kind of rule: its own Go output and our translation look at the same messages."""

import re
from typing import Any

import pytest
from google.protobuf.message import Message
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from protovalidate import EvaluationError, Validator

from tests.oracle.cases import CASES, Case
from tests.oracle.conftest import Ours
from tests.oracle.oracle import Oracle

ALL = [(name, index) for name, cases in CASES.items() for index in range(len(cases))]
EXACT, PLAIN = Validator(), Validator()


def broken(validator: Validator, message: Message) -> set[str]:
    """Fields of the message itself, by name, that break a rule or hold what does."""
    try:
        paths = [found.proto.field for found in validator.collect_violations(message)]
    except EvaluationError as error:  # a request is refused then, without details
        assert "Duration is out of range" in str(error)
        return {"f"}
    return {"" if path is None else path.elements[0].field_name for path in paths}


def build(kind: Any, case: Case, value: Any) -> Any:
    return kind(**value) if case.whole else kind(f=value)


def agree(oracle: Oracle, ours: Ours, name: str, index: int, value: Any) -> None:
    """Fail where the two differ. Where grammars differ, both must hold."""
    case = CASES[name][index]
    message = build(ours.exact[name][index], case, value)
    theirs, found = oracle.broken(message), broken(EXACT, message)
    if case.stricter:
        theirs |= broken(PLAIN, build(ours.plain[name][index], case, value)) if not _passes_over(case, value) else set()
    if "" in found:  # `skip` with `required` is a rule of the whole message
        found = {"f"}
    assert found == theirs, f"{case.body} with {value!r}: we {found or 'accept'}, PGV {theirs or 'accepts'}"


def _passes_over(case: Case, value: Any) -> bool:
    """The plain translation of ignore_empty looks at empty values that are set, and is no witness for them."""
    return "ignore_empty" in case.body and value in ("", {"value": ""})


@pytest.mark.parametrize(("name", "index"), ALL)
def test_bounds(oracle: Oracle, ours: Ours, name: str, index: int) -> None:
    for value in CASES[name][index].values:
        agree(oracle, ours, name, index, value)


def anything() -> st.SearchStrategy[tuple[str, int, Any]]:
    """A case, and a value that is near one of its own."""
    return st.sampled_from(ALL).flatmap(lambda at: st.tuples(st.just(at[0]), st.just(at[1]), _value(_case(at))))


def _case(at: tuple[str, int]) -> Case:
    return CASES[at[0]][at[1]]


def _value(case: Case) -> st.SearchStrategy[Any]:
    return st.sampled_from(case.values).flatmap(lambda value: _near(value, case))


def _near(value: Any, case: Case) -> st.SearchStrategy[Any]:
    match value:
        case bool() | None:
            return st.just(value)
        case str():
            alphabet = st.sampled_from("".join(sorted({*"".join(map(_text, case.values)), *"a1:.@-%/ "})))
            parts = st.sampled_from(sorted({part for each in case.values for part in _parts(each)} | {""}))
            shuffled = st.lists(parts, max_size=8).map("".join)
            return st.one_of(st.text(alphabet, max_size=20), st.text(max_size=6), _spliced(value, alphabet), shuffled)
        case bytes():
            return st.one_of(st.binary(max_size=18), st.just(value))
        case float():
            return st.one_of(st.floats(width=32), st.just(value))
        case dict():
            return st.fixed_dictionaries({key: _near(each, case) for key, each in value.items()})
        case list():
            return st.lists(st.sampled_from(value), max_size=4) if value else st.just(value)
    return st.just(value)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _parts(value: Any) -> list[str]:
    """What the punctuation of a format parts."""
    return re.findall(r"\w+|\W", value)[:40] if isinstance(value, str) else []


def _spliced(value: str, alphabet: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """The value with a character put in, or taken out."""
    places = st.integers(0, len(value))
    put_in = st.tuples(places, alphabet).map(lambda at: value[: at[0]] + at[1] + value[at[0] :])
    return st.one_of(put_in, places.map(lambda at: value[:at] + value[at + 1 :]))


@settings(max_examples=4_000, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(drawn=anything())
def test_anything_else(oracle: Oracle, ours: Ours, drawn: tuple[str, int, Any]) -> None:
    agree(oracle, ours, *drawn)
