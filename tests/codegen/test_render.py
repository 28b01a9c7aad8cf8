"""Templates' rules: small, named after their output, first line says the input, no undefined names."""

import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError
from protolith_codegen import render
from protolith_codegen.render.environment import docstring, environment

TEMPLATES = sorted((Path(render.__file__).parents[1] / "templates").glob("*.j2"))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_templates_stay_small_and_say_what_they_take(template: Path) -> None:
    lines = template.read_text().splitlines()
    assert len(lines) < 120
    assert lines[0].startswith("{# ")
    assert ": " in lines[0]


def test_undefined_names_are_errors() -> None:
    with pytest.raises(UndefinedError):
        environment().get_template("services.py.j2").render()


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\x00"), min_size=1))
def test_any_comment_is_a_docstring(text: str) -> None:
    assert ast.literal_eval(docstring(text)) == (f"{text}\n" if "\n" in text else text)
