"""Writing a tree: exactly the fresh files, and no file touched that is right already."""

from pathlib import Path

from protolith_codegen.write import compare, read_tree, write


def test_the_folder_holds_exactly_what_is_fresh(tmp_path: Path) -> None:
    write({"a/b": b"1", "c": b"2", "d/e/f": b"3"}, tmp_path)
    untouched = (tmp_path / "c").stat().st_mtime_ns
    drift = write({"a/b": b"9", "c": b"2", "g": b"4"}, tmp_path)
    assert (drift.missing, drift.different, drift.stale) == (("g",), ("a/b",), ("d/e/f",))
    assert read_tree(tmp_path) == {"a/b": b"9", "c": b"2", "g": b"4"}
    assert (tmp_path / "c").stat().st_mtime_ns == untouched
    assert not (tmp_path / "d").exists()


def test_comparing_changes_nothing(tmp_path: Path) -> None:
    write({"a": b"1"}, tmp_path)
    assert compare({"b": b"2"}, tmp_path).count == 2
    assert read_tree(tmp_path) == {"a": b"1"}


def test_caches_are_neither_read_nor_in_the_way(tmp_path: Path) -> None:
    write({"p/a.py": b"1"}, tmp_path)
    (tmp_path / "p/__pycache__").mkdir()
    (tmp_path / "p/__pycache__/a.pyc").write_bytes(b"x")
    assert read_tree(tmp_path) == {"p/a.py": b"1"}
    write({}, tmp_path)
    assert not (tmp_path / "p").exists()
