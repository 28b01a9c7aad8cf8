"""Postgres refuses root: which user runs it, and what is said where there is none."""

import os
import pwd
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from protolith.stack import postgres
from protolith.stack.account import Account, current
from protolith.stack.binaries import postgres_folder
from protolith.startup import StartError

from tests.support.running import running_postgres

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become somebody else")


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user reaches; pytest's own are private."""
    with tempfile.TemporaryDirectory(prefix="protolith-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


def user_of_server(data: Path) -> str:
    """Who runs the server on these data, seen from here; it is stopped again."""
    server = running_postgres(data)
    server.wait_for_sign()
    try:
        return next(each.username() for each in server.family() if each.name() == "postgres")
    finally:
        assert server.stop() == 0


@as_root
@pytest.mark.skipif(not os.access(postgres_folder(), os.X_OK), reason="no embedded Postgres")
def test_root_uses_nobody_where_nobody_reaches_the_data(open_folder: Path) -> None:
    account, _ = postgres._account(postgres_folder(), open_folder)
    if account.namespace:
        pytest.skip("nobody does not reach this virtual environment")
    assert user_of_server(open_folder / "data") == "nobody"


@as_root
def test_root_uses_a_namespace_where_the_folder_is_private(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    assert user_of_server(tmp_path / "data") == pwd.getpwuid(os.geteuid()).pw_name
    assert (tmp_path / "data").stat().st_uid == os.geteuid()


@as_root
def test_data_of_one_account_serve_the_other(open_folder: Path) -> None:
    first = user_of_server(open_folder / "data")
    open_folder.chmod(0o700)
    assert user_of_server(open_folder / "data") == "root"
    open_folder.chmod(0o755)
    assert user_of_server(open_folder / "data") == first


def test_without_any_account_a_sentence_names_database_url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "_accounts", lambda: iter(()))
    with pytest.raises(StartError, match="set DATABASE_URL to a running server"):
        postgres._account(postgres_folder(), tmp_path)


def test_an_ordinary_user_is_asked_first_and_root_never() -> None:
    accounts = list(postgres._accounts())
    assert accounts[-1] == Account(os.geteuid(), os.getegid(), namespace=True)
    assert (current() in accounts) == (os.geteuid() != 0)
