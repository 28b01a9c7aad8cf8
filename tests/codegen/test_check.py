"""`protolith check`: all at once and sorted, in three formats, with exit codes that a script can trust."""

import json
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest
from protolith_codegen.cli import app
from typer.testing import CliRunner

from tests.support.many import many
from tests.support.project import PUBLIC, make_project, write_contract

PATH = "check/shop/v1/shop.proto"
RIGHT = """\
syntax = "proto3";

package check.shop.v1;

message Thing {
  string name = 1;
}

message GetRequest {}

service ShopService {
  rpc Get(GetRequest) returns (Thing);
}
"""
WRONG = RIGHT.replace("  string name = 1;", "    string name = 1;").replace(
    "rpc Get(GetRequest)", "rpc ListThings(Thing)"
)
LINT = """\
lint:
  use:
    - SERVICE_SUFFIX
    - RPC_REQUEST_STANDARD_NAME
"""


class Ran(NamedTuple):
    code: int
    out: str
    err: str


def check(root: Path, *arguments: str) -> Ran:
    result = CliRunner().invoke(app, ["check", "--project", str(root), *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return Ran(result.exit_code, result.stdout, result.stderr)


def project(folder: Path, contract: str, options: str = PUBLIC) -> Path:
    root = make_project(folder / "project", {PATH: contract}, options=options)
    (root / "buf.yaml").write_text((root / "buf.yaml").read_text() + LINT)
    return root


def test_nothing_wrong_is_said_so(tmp_path: Path) -> None:
    root = project(tmp_path, RIGHT)
    assert check(root) == Ran(0, "the contracts have no problems\n", "")
    assert json.loads(check(root, "--format", "json").out) == {"problems": []}
    assert check(root, "--format", "github") == Ran(0, "", "")


def test_our_rules_and_buf_speak_as_one(tmp_path: Path) -> None:
    ran = check(project(tmp_path, WRONG, options=""))
    assert ran == Ran(
        1,
        f"""\
the contracts have 4 problems:
contracts/{PATH}:6:1: is not laid out as buf does: run `buf format -w contracts` [buf-format]
contracts/{PATH}:12:3: ListThings does not say who may call it: add `option (protolith.v1.method).access.authenticated\
 = true;` (import "protolith/v1/method.proto") [access-undecided]
contracts/{PATH}:12:3: ListThings lists without pages: add `int32 page_size = N;` to Thing, `string page_token = N;` to\
 Thing, `string next_page_token = N;` to Thing [list-pages]
contracts/{PATH}:12:18: RPC request type "Thing" should be named "ListThingsRequest" or "ShopServiceListThingsRequest".\
 [RPC_REQUEST_STANDARD_NAME]
""",
        "",
    )


def test_json_is_for_programs(tmp_path: Path) -> None:
    ran = check(project(tmp_path, WRONG), "--format", "json")
    found = json.loads(ran.out)["problems"]
    assert (ran.code, [each["rule"] for each in found]) == (
        1,
        ["buf-format", "list-pages", "RPC_REQUEST_STANDARD_NAME"],
    )
    assert {"path": f"contracts/{PATH}", "line": 12, "column": 3}.items() <= found[1].items()
    assert "lists without pages" in found[1]["message"]


def test_github_shows_each_beside_its_line(tmp_path: Path) -> None:
    ran = check(project(tmp_path, WRONG), "--format", "github")
    first, second, *_ = ran.out.splitlines()
    assert first == (
        f"::error file=contracts/{PATH},line=6,col=1,title=buf-format::"
        "is not laid out as buf does: run `buf format -w contracts`"
    )
    assert second.startswith(f"::error file=contracts/{PATH},line=12,col=3,title=list-pages::ListThings lists")


def test_what_does_not_compile_is_told_once(tmp_path: Path) -> None:
    ran = check(project(tmp_path, RIGHT.replace("string name", "strin name")))
    assert (ran.code, ran.out.count("strin")) == (1, 1)


def test_settings_that_cannot_be_read_are_no_problem_of_the_contracts(tmp_path: Path) -> None:
    root = project(tmp_path, RIGHT)
    (root / "protolith.yaml").write_text("go_module: x.test\n")
    ran = check(root)
    assert (ran.code, ran.out) == (2, "")
    assert "must give go_module, title and version" in ran.err


def test_a_format_that_is_none_is_a_mistake_of_the_caller(tmp_path: Path) -> None:
    assert check(project(tmp_path, RIGHT), "--format", "xml").code == 2


def test_a_revision_that_is_none_is_a_mistake_of_the_caller(tmp_path: Path) -> None:
    ran = check(project(tmp_path, RIGHT), "--against", "nowhere")
    assert (ran.code, "nowhere is no revision" in ran.err) == (2, True)


@pytest.fixture
def committed(tmp_path: Path) -> Path:
    """A project whose right contract is the only commit of its branch main."""
    root = project(tmp_path, RIGHT)
    link = root / "third_party"
    target = link.resolve()
    link.unlink()
    subprocess.run(["cp", "-rL", target, link], check=True)
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@x.test", "-c", "commit.gpgsign=false"]
    for command in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-q", "-m", "x"]):
        subprocess.run([*git, *command], cwd=root, check=True)
    return root


def test_what_breaks_clients_of_main_is_told(committed: Path) -> None:
    assert check(committed).code == 0
    path = committed / "contracts" / PATH
    write_contract(committed, PATH, path.read_text().replace("string name = 1", "int32 name = 1"))
    ran = check(committed)
    assert ran.code == 1
    assert f'contracts/{PATH}:6:3: Field "1" with name "name" on message "Thing" changed type' in ran.out
    assert "[FIELD_SAME_TYPE]" in ran.out
    assert check(committed, "--against", "").code == 0


@pytest.mark.parametrize(
    "settings",
    [
        "    lint:\n      use: [SERVICE_SUFFIX]\n",
        "    lint:\n      use: [RPC_REQUEST_STANDARD_NAME]\n      ignore: [contracts/check/shop]\n",
        "    lint:\n      use: [RPC_REQUEST_STANDARD_NAME]\n      ignore_only:\n"
        "        RPC_REQUEST_STANDARD_NAME: [contracts/check]\n",
    ],
    ids=["use", "ignore", "ignore_only"],
)
def test_buf_yaml_says_what_is_linted(tmp_path: Path, settings: str) -> None:
    wrong = RIGHT.replace("Get(GetRequest)", "Get(Thing)")
    root = project(tmp_path, wrong)
    assert "[RPC_REQUEST_STANDARD_NAME]" in check(root).out
    buf = (root / "buf.yaml").read_text()
    (root / "buf.yaml").write_text(buf.replace("  - path: contracts\n", f"  - path: contracts\n{settings}"))
    assert check(root).out == "the contracts have no problems\n"


def test_what_the_benchmark_checks_is_right(tmp_path: Path) -> None:
    root = make_project(tmp_path / "project", dict(many(3)), options="")
    assert check(root).out == "the contracts have no problems\n"
