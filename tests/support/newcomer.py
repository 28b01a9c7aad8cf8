"""The README's first ten minutes, followed to the letter: its code blocks are what is typed."""

import json
import re
import urllib.error
import urllib.request
from pathlib import Path

HANDLER = "handlers/user/service.py"
CONTRACT = "contracts/messenger/user/v1/user.proto"


def blocks(folder: Path, language: str) -> list[str]:
    """The README's code blocks in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", (folder / "README.md").read_text(), re.DOTALL | re.MULTILINE)


def say_it_in_the_contract(folder: Path) -> None:
    """Step 1: an rpc at the end of the service, its messages at the end of the file."""
    rpc, messages = blocks(folder, "proto")
    path = folder / CONTRACT
    service, end, rest = path.read_text().partition("\n}\n")
    path.write_text(f"{service}\n{rpc.rstrip()}{end}{rest}\n{messages}")


def assert_scaffolded(folder: Path) -> None:
    """Step 2: the handler has the method that the README shows."""
    assert blocks(folder, "python")[0] in (folder / HANDLER).read_text()


def decide(folder: Path) -> None:
    """Step 4: the stub answer becomes what the README means."""
    path = folder / HANDLER
    stub = blocks(folder, "python")[0].splitlines(keepends=True)[-1]
    text = path.read_text()
    assert text.count(stub) == 1
    path.write_text(text.replace(stub, blocks(folder, "python")[1]))


def ask(url: str, body: object = None) -> tuple[int, object]:
    """HTTP status and JSON of a GET, or of a POST when there is a body."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())
