"""The limits of a checker, each beside one that keeps within."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from understudy.checking.environment import allowed
from understudy.checking.run import Call, limits, run
from understudy.sandbox.command import MB, Limit, Limits

linux = pytest.mark.skipif(sys.platform != "linux", reason="what a tree of processes takes is known on Linux alone")
SMALL = Limits(seconds=30, cpu_seconds=60, memory=256 * MB, address_space=None, processes=32, output=1000)


def call(code: str, folder: Path, **more: str) -> Call:
    return Call((sys.executable, "-S", "-c", code), folder, folder / "a.py", **more)


def lives(file: Path) -> bool:
    """Whether the process whose id a file holds runs; a zombie does not."""
    try:
        return Path(f"/proc/{int(file.read_text())}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


async def test_a_command(tmp_path: Path) -> None:
    code = "import sys; print(sys.stdin.read()); print('err', file=sys.stderr); sys.exit(3)"
    output = await run(call(code, tmp_path, stdin="é\n"), {}, limits(30))
    assert (output.status, output.out, output.err, output.limit) == (3, "é\n\n", "err\n", None)


async def test_no_such_program(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nowhere"):
        await run(Call(("/nowhere/program",), tmp_path, tmp_path), {}, limits(5))


async def test_time(tmp_path: Path) -> None:
    output = await run(call("import time; time.sleep(600)", tmp_path), {}, limits(0.5))
    assert (output.status, output.limit) == (None, Limit.TIME)


@linux
async def test_memory_of_the_whole_tree(tmp_path: Path) -> None:
    """No single process takes too much."""
    code = (
        "import os, time\n"
        "for _ in range(3):\n"
        "    if os.fork() == 0: break\n"
        f"held = bytearray(os.urandom(1)) * {120 * MB}\n"
        "time.sleep(600)"
    )
    assert (await run(call(code, tmp_path), {}, SMALL)).limit is Limit.MEMORY
    assert (await run(call(f"held = bytearray({120 * MB})", tmp_path), {}, SMALL)).status == 0


@linux
async def test_number_of_processes(tmp_path: Path) -> None:
    code = "import os, time\nwhile True:\n    if os.fork() == 0: time.sleep(600)"
    assert (await run(call(code, tmp_path), {}, SMALL)).limit is Limit.PROCESSES


async def test_a_flood_of_output(tmp_path: Path) -> None:
    output = await run(call("print('x' * 5_000_000, end='')", tmp_path), {}, SMALL)
    assert output.status == 0
    assert output.dropped == 5_000_000 - 1000
    assert len(output.out) < 1100


@linux
@pytest.mark.parametrize("how", ["", "os.setsid(); ", "os.setsid(); os.fork() and os._exit(0); "])
async def test_what_it_leaves_running_is_ended(tmp_path: Path, how: str) -> None:
    """Also a daemon, which has left the group and has no parent any more."""
    code = (
        "import os, time\n"
        "if os.fork() == 0:\n"
        f"    {how}open('pid', 'w').write(str(os.getpid())); os.close(1); os.close(2); time.sleep(600)\n"
        "while not os.path.exists('pid') or not open('pid').read(): time.sleep(0.01)"
    )
    assert (await run(call(code, tmp_path), {}, limits(30))).status == 0
    assert not lives(tmp_path / "pid")


@linux
async def test_cancelling_ends_it(tmp_path: Path) -> None:
    code = "import os, time; open('part', 'w').write(str(os.getpid())); os.rename('part', 'pid'); time.sleep(600)"
    running = asyncio.create_task(run(call(code, tmp_path), {}, limits(60)))
    while not (tmp_path / "pid").exists():  # noqa: ASYNC110 (another process makes it)
        await asyncio.sleep(0.01)
    assert lives(tmp_path / "pid")
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert not lives(tmp_path / "pid")


async def test_the_environment_holds_no_keys(tmp_path: Path) -> None:
    caller = {
        "HOME": "/home/u",
        "OPENAI_API_KEY": "canary",
        "PYTHONPATH": "/x",
        "NODE_OPTIONS": "--require=x",
        "PATH": ".",
    }
    environment = allowed(caller, [Path("/usr/bin")], tmp_path)
    output = await run(call("import os; print(sorted(os.environ.items()))", tmp_path), environment, limits(30))
    assert "canary" not in output.out
    assert {"PYTHONPATH", "NODE_OPTIONS", "OPENAI_API_KEY"}.isdisjoint(environment)
    assert (environment["HOME"], environment["PATH"], environment["TMPDIR"]) == ("/home/u", "/usr/bin", str(tmp_path))


async def test_the_event_loop_goes_on(tmp_path: Path) -> None:
    """While a checker runs and floods, the loop has turns."""
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    counting = asyncio.create_task(count())
    await run(
        call("import time\nfor _ in range(50): print('x' * 100_000); time.sleep(0.005)", tmp_path), os.environ, SMALL
    )
    counting.cancel()
    assert turns > 50
