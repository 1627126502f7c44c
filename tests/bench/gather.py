"""How long it takes to gather the context of a completion, in an indexed repository of 10,000 files.

The repository is made of the sources of installed packages and of Python itself, copied into folders of a temporary
one until there are enough; so most names have several definitions, which is the harder case. Files are opened at
random, and a line of each is typed again, key by key; at every key the context is gathered. Also told: how much of what
stands before the file's own window is the same as at the key before, counted from its beginning.

    cd tests && ../.venv/bin/python -m bench.gather
"""

from __future__ import annotations

import asyncio
import random
import shutil
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from bench.figures import Percentiles, row, say
from understudy.context.arrange import Shown
from understudy.context.index.indexing import Indexing
from understudy.context.workspace import Workspace
from understudy.core.text import Document
from understudy.engine.counter import TokenCounter

FILES = 10_000
LARGEST = 100_000  # bytes; what is longer is mostly data
OPENED = 120
SHORTEST_LINE = 20
PROMPT_TOKENS = 3072
P50_MS, P95_MS = 5.0, 15.0


@dataclass
class Times:
    """Milliseconds of each gathering: at the first key in a file, at the others; and shares of tokens that are new."""

    first: list[float] = field(default_factory=list)
    typed: list[float] = field(default_factory=list)
    new: list[float] = field(default_factory=list)


def sources() -> Iterator[Path]:
    """Real Python files of this machine, in a fixed order."""
    for name in ("purelib", "stdlib"):
        folder = Path(sysconfig.get_paths()[name])
        for path in sorted(folder.rglob("*.py")):
            if path.is_file() and not path.is_symlink() and 0 < path.stat().st_size <= LARGEST:
                yield path


def copied(root: Path, files: int = FILES) -> list[Path]:
    """A repository of so many files."""
    known = list(sources())
    found: list[Path] = []
    for number in range(files):
        source = known[number % len(known)]
        target = root / f"part{number // len(known)}" / Path(*source.parts[-min(4, len(source.parts) - 1) :])
        if target.exists():
            target = target.with_stem(f"{target.stem}_{number}")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
        found.append(target)
    return found


def cursors(files: list[Path], seed: int = 11) -> Iterator[tuple[Path, str, int, int]]:
    """Files with their texts, and where in each a line begins and ends that is typed again."""
    chance = random.Random(seed)
    for path in chance.sample(files, OPENED):
        text = path.read_bytes().decode("utf-8", "replace").replace("\r\n", "\n")
        lines = text.split("\n")
        rows = [at for at, line in enumerate(lines) if len(line.strip()) >= SHORTEST_LINE and line[0] in " \t"]
        if rows:
            at = chance.choice(rows)
            start = sum(len(line) + 1 for line in lines[:at])
            yield path, text, start + len(lines[at]) - len(lines[at].lstrip()), start + len(lines[at])


def type_lines(workspace: Workspace, files: list[Path]) -> Times:
    """Open the files one after the other and type."""
    times, count = Times(), TokenCounter().count
    for path, text, start, end in cursors(files):
        document = Document(path.as_uri(), 1, "python", text[:start] + text[end:])
        workspace.changed(None, document)
        before: tuple[Shown, ...] | None = None
        for offset in range(start, end + 1):
            now = document.with_text(text[:offset] + text[end:])
            workspace.changed(document, now)
            document = now
            began = perf_counter()
            context = workspace.gather(document, offset, limit_tokens=PROMPT_TOKENS, count=count)
            took = (perf_counter() - began) * 1000
            if before is None:
                times.first.append(took)
            else:
                times.typed.append(took)
                times.new.append(new_share(before, context.files))
            before = context.files
    return times


def new_share(before: tuple[Shown, ...], now: tuple[Shown, ...]) -> float:
    """The share of a text that an engine reads again, since it comes after the first character that has changed."""
    one, other = ("".join(f"{it.path}\n{it.text}" for it in files) for files in (before, now))
    same = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return (len(other) - same) / max(1, len(other))


async def measure(files: int = FILES) -> Times:
    """The repository is made, indexed, and typed in."""
    with tempfile.TemporaryDirectory(prefix="understudy-bench-") as folder:
        root, store = Path(folder, "repository"), Path(folder, "index")
        paths = await asyncio.to_thread(copied, root, files)
        indexing = Indexing((root,), store)
        running = asyncio.create_task(indexing.run(lambda _: None))
        await indexing.settled()
        workspace = Workspace((root,), index=indexing.index)
        try:
            return type_lines(workspace, paths)
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running
            await indexing.aclose()


def report(times: Times, files: int = FILES) -> None:
    typed, first = Percentiles.of(times.typed), Percentiles.of(times.first)
    met = typed.p50 <= P50_MS and typed.p95 <= P95_MS
    row(f"gather the context at a key, {files:,} files, ms", typed, f"p50 ≤ {P50_MS:.0f}, p95 ≤ {P95_MS:.0f}", met=met)
    row("… at the first key in a file just opened, ms", first)
    still = sum(share == 0 for share in times.new) / max(1, len(times.new))
    row("keys at which what is shown of other files stays as it is", f"{still:.1%}")
    row("… share of it that is read again at a key, mean", f"{sum(times.new) / max(1, len(times.new)):.1%}")


if __name__ == "__main__":
    say("Gathering the context")
    asked = int(sys.argv[1]) if len(sys.argv) > 1 else FILES
    report(asyncio.run(measure(asked)), asked)
