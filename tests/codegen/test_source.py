"""Positions: every node and every option knows where it stands, counted as editors count."""

from protolith_codegen.source import Position, Source

from tests.codegen.compiled import image, model

CONTRACT = """\
syntax = "proto3";

package test.v1;

// Before the message.
//   Indented.
message A {
  string x = 1; // Behind the field.

  // A lone paragraph.

  int32 y = 2 [deprecated = true];
}
"""


def test_nodes_keep_position_and_comment() -> None:
    message = model(CONTRACT).messages["test.v1.A"]
    assert str(message.origin.position) == "contracts/test/v1/test.proto:7:1"
    assert message.origin.comment == "Before the message.\n  Indented."
    x, y = message.fields
    assert (x.origin.position, x.origin.comment) == (
        Position("contracts/test/v1/test.proto", 8, 3),
        "Behind the field.",
    )
    assert (y.origin.position.line, y.origin.comment) == (12, "")


def test_a_part_without_a_position_has_that_of_what_is_around_it() -> None:
    found = image(CONTRACT)
    (file,) = [each for each in found.files.file if each.name in found.own]
    source = Source(file)
    assert source.position((4, 0, 2, 1, 8, 3)).line == 12
    assert source.position((4, 0, 2, 1, 99, 99)).line == 12
    file.ClearField("source_code_info")
    assert source.position((4, 0)).line == 7
    assert Source(file).position((4, 0)) == Position("contracts/test/v1/test.proto", 1, 1)
