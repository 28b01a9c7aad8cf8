"""Children of the runner: their output, their death, their end. Small stand-ins, real processes."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import psutil
import pytest
from protolith.stack.child import Child, Command
from protolith.stack.supervisor import Supervisor
from protolith.startup import StartError

from tests.support.running import Running, assert_gone

# Says that it is there, then waits; what SIGTERM does is up to the test.
_WAIT = "import signal, sys; {}; print('up', flush=True); signal.pause()"
_NOTES = "signal.signal(15, lambda *_: (open('order', 'a').write(sys.argv[1]), sys.exit(0)))"
_IGNORES = "signal.signal(15, signal.SIG_IGN)"


class Recorder:
    """Collects lines, and tells when one has come."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str]] = []
        self.news = asyncio.Event()

    def __call__(self, name: str, line: str) -> None:
        self.lines.append((name, line))
        self.news.set()

    async def until(self, count: int) -> None:
        """Waits for so many lines."""
        while len(self.lines) < count:
            self.news.clear()
            await asyncio.wait_for(self.news.wait(), 30)


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
async def supervisor(recorder: Recorder) -> Supervisor:
    return Supervisor(recorder)


def python(name: str, code: str, folder: Path) -> Command:
    """A Python process that runs `code`."""
    return Command(name, [sys.executable, "-c", code, name], dict(os.environ), folder)


async def test_output_carries_the_name(supervisor: Supervisor, recorder: Recorder, tmp_path: Path) -> None:
    code = "import sys; print('one'); print('two', file=sys.stderr); print('three', end='')"
    child = await supervisor.start(python("speaker", code, tmp_path))
    assert await child.ended() == 0
    assert sorted(recorder.lines) == [("speaker", "one"), ("speaker", "three"), ("speaker", "two")]


async def test_a_line_longer_than_any_buffer(supervisor: Supervisor, recorder: Recorder, tmp_path: Path) -> None:
    child = await supervisor.start(python("speaker", "print('x' * 300_000)", tmp_path))
    await child.ended()
    assert recorder.lines == [("speaker", "x" * 300_000)]


@pytest.mark.parametrize(
    ("code", "how"), [("sys.exit(3)", "exit code 3"), ("os.kill(os.getpid(), 9)", "SIGKILL"), ("", "exit code 0")]
)
async def test_a_death_is_told_with_the_last_lines(supervisor: Supervisor, tmp_path: Path, code: str, how: str) -> None:
    script = f"import os, sys; [print('line', n, flush=True) for n in range(40)]; {code}"
    await supervisor.start(python("fragile", script, tmp_path))
    with pytest.raises(StartError) as caught:
        await asyncio.wait_for(supervisor.death, 30)
    assert str(caught.value).startswith(f"fragile has ended by itself ({how}):")
    assert "line 39" in str(caught.value)
    assert "line 20\n" not in str(caught.value)


async def test_a_death_is_told_while_a_grandchild_holds_the_output(
    supervisor: Supervisor, recorder: Recorder, tmp_path: Path
) -> None:
    script = "import subprocess; print('bye', subprocess.Popen(['sleep', '300'], start_new_session=True).pid)"
    await supervisor.start(python("parent", script, tmp_path))
    with pytest.raises(StartError, match="bye"):
        await asyncio.wait_for(supervisor.death, 30)
    psutil.Process(int(recorder.lines[0][1].split()[1])).kill()


async def test_the_last_started_stops_first(supervisor: Supervisor, recorder: Recorder, tmp_path: Path) -> None:
    for name in "abc":
        await supervisor.start(python(name, _WAIT.format(_NOTES), tmp_path))
    await recorder.until(3)
    await supervisor.stop(30)
    assert (tmp_path / "order").read_text() == "cba"
    assert not supervisor.death.done()


async def test_one_that_does_not_listen_is_killed(supervisor: Supervisor, recorder: Recorder, tmp_path: Path) -> None:
    child = await supervisor.start(python("deaf", _WAIT.format(_IGNORES), tmp_path))
    await recorder.until(1)
    await supervisor.stop(0.1)
    assert await child.ended() == -signal.SIGKILL


async def test_what_a_child_left_in_its_group_goes_with_it(
    supervisor: Supervisor, recorder: Recorder, tmp_path: Path
) -> None:
    script = "import subprocess, signal; print(subprocess.Popen(['sleep', '300']).pid, flush=True); signal.pause()"
    await supervisor.start(python("parent", script, tmp_path))
    await recorder.until(1)
    grandchild = psutil.Process(int(recorder.lines[0][1]))
    await supervisor.stop(30)
    assert_gone([grandchild])


async def test_a_program_that_is_not_there(supervisor: Supervisor, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        await Child.start(Command("absent", [tmp_path / "absent"], {}, tmp_path), lambda *_: None)


def test_killing_the_runner_leaves_nothing(tmp_path: Path) -> None:
    child = "import signal; signal.signal(15, signal.SIG_IGN); print('up', flush=True); signal.pause()"
    script = f"""
import asyncio, sys
from pathlib import Path
from protolith.stack.child import Command
from protolith.stack.supervisor import Supervisor

async def main():
    supervisor = Supervisor(lambda name, line: print(name, line, flush=True))
    for name in ("first", "second"):
        await supervisor.start(Command(name, [sys.executable, "-c", {child!r}], {{}}, Path("/")))
    await asyncio.Event().wait()

asyncio.run(main())
"""
    runner = Running([sys.executable, "-c", script], tmp_path, dict(os.environ), "second up")
    runner.wait_for_sign()
    family = runner.family()
    assert len(family) == 3
    runner.stop(signal.SIGKILL)
    assert_gone(family)
