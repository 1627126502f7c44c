"""How long it takes to index a large repository and what that costs, beside aider's repository map on the same files.

The repository is made of the sources of installed packages: the engine's environment, if there is one, then this
Python's own. aider runs in an environment of its own; what it is asked for is the map of all files in about 1,024
tokens, in a new process for each figure.

    cd tests && ../.venv/bin/python -m bench.index
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import sys
import sysconfig
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, thread_time

from bench.figures import Percentiles, row, say
from bench.recall.corpus import fetched
from bench.recall.peers import environment
from understudy.context.index.indexing import Indexing
from understudy.context.index.reading import read
from understudy.context.index.scan import FOREIGN
from understudy.context.map import ranked_map
from understudy.context.privacy.policy import Privacy
from understudy.context.privacy.roots import innermost_first
from understudy.core.paths import data_dir

LINES = 1_000_000
DJANGO = "Django==5.2"
WORKER = Path(__file__).with_name("index_worker.py")
COLD_SECONDS, WARM_SECONDS, SAVED_MS, BLOCKED_MS, MEMORY_MB = 25.0, 1.0, 100.0, 20.0, 400.0
SAVES = 40
QUERIES = 20
AIDER_SECONDS = 600
TICK_SECONDS = 0.002


@dataclass
class Cost:
    """What an indexing took: seconds, the longest time that the event loop did not run (ms) and of that its own
    processor time, and resident memory (MB) of all processes at its highest, without what this one had before."""

    seconds: float = 0.0
    blocked: float = 0.0
    worked: float = 0.0
    memory: float = 0.0


def sources() -> Iterator[tuple[Path, Path]]:
    """The Python files of this machine in a fixed order, with their folders."""
    for folder in (*sorted(data_dir().glob("engine/*/lib/python*/site-packages")), *_own()):
        for path in sorted(folder.rglob("*.py")):
            if path.is_file() and not path.is_symlink() and not isinstance(read(str(path)), str):
                yield path, folder


def _own() -> tuple[Path, ...]:
    return Path(sysconfig.get_paths()["purelib"]), Path(sysconfig.get_paths()["stdlib"])


def copied(root: Path, most: int) -> tuple[int, int]:
    """A repository of so many lines; the number of its files and lines."""
    files = lines = 0
    skips = Privacy(innermost_first((root,))).skips
    for path, folder in sources():
        target = root / path.relative_to(folder)
        if lines >= most:
            break
        inner = target.relative_to(root)
        # What a scan leaves out is not counted; all else must be found.
        if target.exists() or FOREIGN & set(inner.parts) or skips(str(target)):
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        data = path.read_bytes()
        target.write_bytes(data)
        files, lines = files + 1, lines + data.count(b"\n")
    return files, lines


def django(root: Path) -> None:
    """Django's sources, from the package registry. Raises `NotFetched`."""
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-compile", "--target", str(root)]
    fetched([*command, DJANGO])


def resident(pid: int) -> float:
    """Resident memory of a process, MB; 0 for one that is gone."""
    with suppress(OSError, IndexError):
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    return 0.0


def children(pid: int) -> list[int]:
    """All processes below one."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        direct = [int(it) for task in tasks for it in (task / "children").read_text().split()]
    except OSError:
        return []
    return direct + [it for child in direct for it in children(child)]


def processor_time() -> float:
    """Seconds that all processes took that have ended below this one."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@asynccontextmanager
async def indexed(root: Path, state: Path, cost: Cost) -> AsyncIterator[Indexing]:
    """An index of `root` that is settled; `cost` is what that took."""
    before = resident(os.getpid())

    async def beat() -> None:
        while True:
            began, worked = perf_counter(), thread_time()
            await asyncio.sleep(TICK_SECONDS)
            cost.blocked = max(cost.blocked, (perf_counter() - began - TICK_SECONDS) * 1000)
            cost.worked = max(cost.worked, (thread_time() - worked) * 1000)

    async def weigh() -> None:
        while True:
            whole = await asyncio.to_thread(lambda: sum(map(resident, children(os.getpid()))))
            cost.memory = max(cost.memory, whole + resident(os.getpid()) - before)
            await asyncio.sleep(0.1)

    watching = [asyncio.create_task(beat()), asyncio.create_task(weigh())]
    began = perf_counter()
    indexing = Indexing((root,), state)
    running = asyncio.create_task(indexing.run(lambda _: None))
    try:
        await indexing.settled()
        cost.seconds = perf_counter() - began
        for task in watching:
            task.cancel()
        yield indexing
    finally:
        for task in (*watching, running):
            task.cancel()
        await asyncio.gather(*watching, running, return_exceptions=True)
        await indexing.aclose()


async def saves(indexing: Indexing) -> Percentiles:
    """Milliseconds from a save to the index that knows it."""
    paths = [Path(it) for it in indexing.index.paths() if it.endswith(".py")]
    times = []
    for number in range(SAVES):
        path = paths[number * len(paths) // SAVES]
        path.write_text(path.read_text("utf-8", "replace") + f"\n\ndef saved_{number}(a):\n    return a\n", "utf-8")
        began = perf_counter()
        indexing.touched([path])
        await indexing.settled()
        times.append((perf_counter() - began) * 1000)
        assert [it.path for it in indexing.index.defined(f"saved_{number}")] == [str(path)]
    return Percentiles.of(times)


def queries(indexing: Indexing) -> Percentiles:
    """Milliseconds for the map around one file."""
    paths = indexing.index.paths()
    times = []
    for number in range(QUERIES):
        began = perf_counter()
        ranked_map(indexing.index, [paths[number * len(paths) // QUERIES]])
        times.append((perf_counter() - began) * 1000)
    return Percentiles.of(times)


async def aider(root: Path) -> dict[str, float]:
    """Seconds of aider's map of `root`, and the memory it took (MB): of the first one in a new process, and of a second
    one there, with another file in the chat."""
    process = await asyncio.create_subprocess_exec(
        str(environment()), str(WORKER), str(root), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(AIDER_SECONDS):
            found: dict[str, float] = json.loads(await process.stdout.readline())
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
        await process.wait()
    return found


async def compare(root: Path, state: Path, name: str, files: int | None = None) -> None:
    """Say the figures of one repository; `files` says how many it has where the goals hold."""
    cold, warm = Cost(), Cost()
    before = processor_time()
    async with indexed(root, state, cold):
        pass
    own = processor_time() - before
    async with indexed(root, state, warm) as indexing:
        assert indexing.parsed == 0
        assert files is None or len(indexing.index.paths()) > 0.99 * files, "only what a build makes is left out"
        asked = queries(indexing)
        saved = await saves(indexing)
    first = await aider(root)
    again = await aider(root)
    faster = cold.seconds < first["first"]
    enough = cold.seconds <= COLD_SECONDS and faster
    row(
        f"cold index, {name}, s",
        f"{cold.seconds:.1f}",
        f"≤ {COLD_SECONDS:.0f}, and aider's",
        met=enough if files else faster,
    )
    row("the same by aider's repository map, s", f"{first['first']:.1f}")
    row("processor time, s", f"{own:.1f}")
    row("the same of aider's, s", f"{first['processor']:.1f}")
    row("resident memory meanwhile, MB", f"{cold.memory:.0f}", f"≤ {MEMORY_MB:.0f}", met=cold.memory <= MEMORY_MB)
    row("the same of aider's, MB", f"{first['memory']:.0f}")
    row(
        "event loop held up meanwhile at most, ms",
        f"{cold.blocked:.1f}",
        f"≤ {BLOCKED_MS:.0f}",
        met=cold.blocked <= BLOCKED_MS,
    )
    row("of that its own processor time, ms", f"{cold.worked:.1f}")
    row("warm start, s", f"{warm.seconds:.2f}", f"≤ {WARM_SECONDS:.0f}", met=warm.seconds <= WARM_SECONDS)
    row("the same by aider's, s", f"{again['first']:.1f}")
    row("map around one file, ms", asked)
    row("the same by aider's, ms", f"{again['second'] * 1000:.0f}")
    row("one file saved, ms", saved, f"p95 ≤ {SAVED_MS:.0f}", met=saved.p95 <= SAVED_MS)


async def measure() -> None:
    """Say all figures."""
    with tempfile.TemporaryDirectory(prefix="understudy-index-") as folder:
        root = Path(folder) / "million"
        files, lines = copied(root, LINES)
        await compare(root, Path(folder) / "state", f"{lines:,} lines in {files:,} files", files)
        root = Path(folder) / "django"
        django(root)
        await compare(root, Path(folder) / "state", DJANGO.replace("==", " "))


if __name__ == "__main__":
    say("The index of a repository")
    asyncio.run(measure())
