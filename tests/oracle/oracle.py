"""PGV's own Go output, built from a contract and asked over pipes. What is built is kept in .tools/oracle."""

import base64
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from google.protobuf.message import Message

from tools.places import ROOT, environment, go

HERE = Path(__file__).parent / "go"
STORE = ROOT / ".tools" / "oracle"


class Oracle:
    """One running program."""

    def __init__(self, stdin: IO[bytes], stdout: IO[bytes]) -> None:
        self._stdin, self._stdout = stdin, stdout

    def broken(self, message: Message) -> set[str]:
        """Fields and oneofs of the message itself that break a rule, by their names in the contract."""
        data = base64.b64encode(message.SerializePartialToString()).decode()
        self._stdin.write(json.dumps({"Name": message.DESCRIPTOR.full_name, "Data": data}).encode() + b"\n")
        self._stdin.flush()
        answer = json.loads(self._stdout.readline())
        assert "Failed" not in answer, answer
        parts = [*message.DESCRIPTOR.oneofs, *message.DESCRIPTOR.fields]  # optional fields have a oneof of that name
        names = {_go_name(each.name): each.name for each in parts}
        return {names[field.partition("[")[0]] for field in answer["Fields"] or ()}


@contextmanager
def running(contracts: Mapping[str, str]) -> Iterator[Oracle]:
    """The program that knows the contracts (sources by file name), for the time of the block."""
    with subprocess.Popen([_built(contracts)], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None and process.stdout is not None
        try:
            yield Oracle(process.stdin, process.stdout)
        finally:
            process.stdin.close()


def _built(contracts: Mapping[str, str]) -> Path:
    ours = [HERE / name for name in ("go.mod", "go.sum", "main.go")]
    digest = hashlib.sha256(b"\0".join((*(each.read_bytes() for each in ours), repr(contracts).encode())))
    program = STORE / f"oracle-{digest.hexdigest()[:16]}"
    if not program.exists():
        _build(ours, contracts, program)
    return program


def _build(ours: list[Path], contracts: Mapping[str, str], program: Path) -> None:
    plugins, folder = STORE / "bin", program.with_suffix(f".build{os.getpid()}")
    _go(HERE, "build", "-o", f"{plugins}/", "tool")
    shutil.rmtree(folder, ignore_errors=True)
    for each in ours:
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(each, folder)
    for name, source in contracts.items():
        _generate(folder, plugins, name, source)
    _go(folder, "mod", "edit", "-droptool=google.golang.org/protobuf/cmd/protoc-gen-go")
    _go(folder, "build", "-mod=mod", "-o", f"{program}.{os.getpid()}", ".")
    for outdated in filter(Path.is_file, STORE.glob("oracle-*[0-9a-f]")):
        if "." not in outdated.name:
            outdated.unlink()
    Path(f"{program}.{os.getpid()}").rename(program)
    shutil.rmtree(folder)


def _generate(folder: Path, plugins: Path, name: str, source: str) -> None:
    stem = name.removesuffix(".proto")
    (folder / name).write_text(source)
    out = folder / "gen" / stem
    out.mkdir(parents=True)
    command = [sys.executable, "-m", "grpc_tools.protoc", f"-I{folder}", f"-I{ROOT / 'third_party/proto'}"]
    for plugin, options in (("go", "paths=source_relative"), ("validate", "paths=source_relative,lang=go")):
        command += [f"--plugin=protoc-gen-{plugin}={plugins / f'protoc-gen-{plugin}'}"]
        command += [f"--{plugin}_out={out}", f"--{plugin}_opt={options}"]
    subprocess.run([*command, name], check=True, cwd=folder)


def _go(folder: Path, *arguments: str) -> None:
    subprocess.run([go(), *arguments], check=True, cwd=folder, env=environment())


def _go_name(name: str) -> str:
    """protoc-gen-go's name of a field."""
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))
