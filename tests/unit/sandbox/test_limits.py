"""Every limit ends what is over it, and nothing of it goes on."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from confined import MODULES, PYTHON, found, inside, python, sandbox

from understudy.sandbox.command import MB, Command, Limit, Limits
from understudy.sandbox.find import NoSandbox
from understudy.sandbox.run import run
from understudy.sandbox.seccomp import one_process

# A child in a session of its own, which nobody waits for, that would write a file once a second for ever.
DAEMON = """
import os, sys, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        while True:
            open('{mark}', 'a').write('x')
            time.sleep(0.05)
    os._exit(0)
"""


def processes_with(mark: str) -> list[int]:
    """Processes of this machine whose command line holds `mark`."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (entry / "cmdline").read_bytes() and int(entry.name) != os.getpid():
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


async def grows(file: Path) -> bool:
    before = size(file)
    await asyncio.sleep(0.3)
    return size(file) > before


async def test_time() -> None:
    result = await inside("import time; print('begun', flush=True); time.sleep(60)", seconds=1)
    assert (result.limit, result.status, result.output) == (Limit.TIME, None, "begun\n")
    assert 1 <= result.seconds < 3
    assert not result.succeeded


async def test_processor_time() -> None:
    result = await inside("while True: pass", cpu_seconds=0.5)
    assert result.limit is Limit.CPU
    assert result.seconds < 5


async def test_processor_time_of_all_children_together() -> None:
    code = "import os\nfor _ in range(8):\n  if os.fork() == 0:\n    while True: pass\nos.wait()"
    assert (await inside(code, cpu_seconds=2)).limit is Limit.CPU


async def test_memory_of_one() -> None:
    result = await inside("held = bytearray(800_000_000)", address_space=500 * MB)
    assert (result.status, result.limit) == (1, None)
    assert result.output.endswith("MemoryError\n")


async def test_memory_of_all_together() -> None:
    code = """
import os, time
for _ in range(4):
    if os.fork() == 0:
        held = bytearray(b"x" * 100_000_000)
        time.sleep(30)
os.wait()
"""
    assert (await inside(code, memory=250 * MB)).limit is Limit.MEMORY


async def test_shared_memory_counts_once() -> None:
    code = """
import os, time
held = bytearray(b"x" * 100_000_000)
for _ in range(4):
    if os.fork() == 0:
        time.sleep(0.5)
        os._exit(0)
for _ in range(4):
    os.wait()
"""
    result = await inside(code, memory=250 * MB)
    assert (result.status, result.limit) == (0, None)


async def test_processes() -> None:
    # The last `sleep` is waited for: for root only the watch counts, which does not see what ends between two looks.
    code = "import subprocess\nfor _ in range(60): last = subprocess.Popen(['sleep', '60'])\nlast.wait()"
    result = await inside(code, processes=40)
    assert result.limit is Limit.PROCESSES or "Resource temporarily unavailable" in result.output
    result = await inside("import subprocess\nfor _ in range(20): subprocess.Popen(['true']).wait()", processes=40)
    assert (result.status, result.limit) == (0, None)


async def test_threads_count_as_processes() -> None:
    code = "import threading, time\nfor _ in range(60): threading.Thread(target=time.sleep, args=(60,)).start()"
    result = await inside(code, processes=40)
    assert result.limit is Limit.PROCESSES or "can't start new thread" in result.output


BOMB = """
import os
for _ in range({times}):
    try:
        os.fork()
    except OSError as error:
        print(error.errno)
"""


@pytest.mark.skipif(os.getuid() == 0, reason="for root the kernel has no limit that would hold it")
async def test_fork_bomb() -> None:
    result = await inside(BOMB.format(times=10**9), processes=40, output=1000, seconds=20)
    assert result.limit is Limit.PROCESSES
    assert result.seconds < 10


async def test_a_program_that_may_have_no_child_has_none() -> None:
    """Three forks in a row would leave eight processes; the kernel refuses the first, also to root."""
    if one_process() is None:
        pytest.skip("the numbers of the system calls are not known on this machine")
    assert (await inside(BOMB.format(times=3), processes=1)).output.split() == ["11"] * 3
    thread = "import threading; threading.Thread(target=print).start()"
    assert "can't start new thread" in (await inside(thread, processes=1)).output
    shell = await run(sandbox(), Command(("sh", "-c", "true; (true); echo on"), limits=Limits(processes=1)))
    assert "fork" in shell.output
    assert shell.status != 0


async def test_file_size() -> None:
    write = "open('/tmp/big', 'wb').write(bytes(30_000_000))"
    result = await inside(write, file_size=10 * MB)
    assert (result.status, "File too large" in result.output) == (1, True)
    default = "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_DFL); "
    assert (await inside(default + write, file_size=10 * MB)).limit is Limit.FILE_SIZE


@pytest.mark.parametrize("folder", ["/tmp", "/dev/shm"])
async def test_temporary_files_together(folder: str) -> None:
    if not sandbox().recent:
        pytest.skip("this bubblewrap cannot limit what /tmp holds")
    write = f"for n in range(5): open('{folder}/%d' % n, 'wb').write(bytes(5_000_000))"
    result = await inside(write, temporary=10 * MB)
    assert (result.status, "No space left" in result.output) == (1, True)


async def test_output_flood() -> None:
    flood = "import sys\nprint('first')\nfor _ in range(200_000): sys.stdout.write('y' * 100)\nprint('last')"
    result = await inside(flood, output=1000, seconds=30)
    assert result.status == 0
    assert result.output.startswith("first\ny")
    assert result.output.endswith("y" * 100 + "last\n")
    assert f"[{result.dropped} bytes left out]" in result.output
    assert len(result.output) < 1100
    assert result.dropped == 20_000_000 + len("first\nlast\n") - 1000


async def test_an_endless_flood() -> None:
    result = await inside("while True: print('y' * 10_000)", output=1000, seconds=1)
    assert result.limit is Limit.TIME
    assert len(result.output) < 1100


@pytest.mark.parametrize("rest", ["", "time.sleep(60)"], ids=["its parent ended", "time ran out"])
async def test_no_child_outlives_it(tmp_path: Path, rest: str) -> None:
    mark = tmp_path / "mark"
    code = DAEMON.format(mark=mark) + f"\ntime.sleep(0.4)\n{rest}"
    result = await inside(code, writable=(tmp_path,), seconds=2)
    assert result.limit is (Limit.TIME if rest else None)
    assert size(mark) > 1, "the child had begun"
    assert not await grows(mark)
    assert not processes_with(str(mark))


async def test_cancellation(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    code = DAEMON.format(mark=mark) + "\ntime.sleep(60)"
    task = asyncio.create_task(inside(code, writable=(tmp_path,), seconds=60))
    while size(mark) < 2:
        assert not task.done(), task.result()
        await asyncio.sleep(0.05)
    began = time.monotonic()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert time.monotonic() - began < 1
    assert not processes_with(str(mark))
    assert not await grows(mark)


async def test_cancellation_while_it_is_set_up() -> None:
    for steps in range(20):
        mark = f"set-up-{os.getpid()}-{steps}-"
        task = asyncio.create_task(run(sandbox(), python(f"'{mark}'; import time; time.sleep(60)")))
        for _ in range(steps):
            await asyncio.sleep(0.001)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert not processes_with(mark), steps


PARENT = """
import asyncio, json, sys
from pathlib import Path
from understudy.sandbox.command import Command
from understudy.sandbox.find import find_sandbox
from understudy.sandbox.run import run
from understudy.sandbox.seccomp import one_process
it = json.loads(sys.argv[1])
command = Command(tuple(it["words"]), readable=(Path(it["modules"]),), writable=(Path(it["folder"]),))
asyncio.run(run(find_sandbox(), command))
"""


def test_the_death_of_the_parent(tmp_path: Path) -> None:
    """Killed with SIGKILL, nobody can clean up; the kernel does."""
    if isinstance(it := found(), NoSandbox):
        pytest.skip(it.problem)
    mark = tmp_path / "mark"
    words = [PYTHON, "-I", "-c", DAEMON.format(mark=mark) + "\ntime.sleep(60)"]
    order = json.dumps({"words": words, "modules": str(MODULES), "folder": str(tmp_path)})
    with subprocess.Popen([sys.executable, "-c", PARENT, order]) as parent:
        end = time.monotonic() + 20
        while size(mark) < 2:
            assert time.monotonic() < end
            time.sleep(0.05)
        parent.send_signal(signal.SIGKILL)
    end = time.monotonic() + 5
    while (left := [pid for pid in processes_with(str(mark)) if pid != parent.pid]) and time.monotonic() < end:
        time.sleep(0.05)
    assert not left
