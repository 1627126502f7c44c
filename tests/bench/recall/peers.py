"""Systems of others, in a process and an environment of their own: aider's repository map, and BM25 by `bm25s`.

aider runs as in its own chat: the case's file is in the chat, and the lines before the cursor are what was typed last.
Their words count as mentioned, and so do the files that are named like one of them. Its map may be up to 15 % longer
than asked for; it is taken as it is.

BM25 ranks windows of `BM25_LINES` lines, every `BM25_STRIDE` lines, of every other file, by the words of the
`BM25_QUERY` lines before the cursor; of overlapping windows the better one is shown. Of several lengths these found
most on the packages of `tune`.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Set
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bench.recall.case import Case, Excerpt, Project, written
from bench.recall.corpus import cache, fetched
from bench.recall.tokens import VOCABULARY, filled

AIDER = "aider-chat==0.86.2"
BM25S = "bm25s==0.3.16"
WORKER = Path(__file__).with_name("peers_worker.py")
AIDER_WORDS_LINES = 60
BM25_LINES = 20
BM25_STRIDE = 10
BM25_QUERY = 20

Gather = Callable[[Case, int], Awaitable[tuple[Excerpt, ...]]]


def environment() -> Path:
    """The Python of the environment that holds the others, made where it is not there yet. Raises `NotFetched`."""
    folder = cache() / "peers" / AIDER.replace("==", "-").replace("-chat", "")
    python = folder / "bin" / "python"
    done = folder / "ready"
    if not done.exists():
        shutil.rmtree(folder, ignore_errors=True)
        fetched([sys.executable, "-m", "venv", str(folder)])
        fetched([str(python), "-m", "pip", "install", "--quiet", AIDER, BM25S])
        done.touch()
    return python


class _Worker:
    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def ask(self, **question: Any) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(question).encode() + b"\n")
        await self._process.stdin.drain()
        line = await self._process.stdout.readline()
        if not line:
            raise RuntimeError("the process of the compared systems ended")
        return json.loads(line)


@asynccontextmanager
async def _worker(project: Project) -> AsyncIterator[_Worker]:
    """A worker with a copy of the project, since aider reads the case's file, cut, from the disk."""
    with tempfile.TemporaryDirectory(prefix="understudy-recall-") as folder:
        root = written(project, Path(folder))
        command = [str(environment()), str(WORKER), str(root), str(VOCABULARY)]
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            *command, stdin=pipe, stdout=pipe, stderr=asyncio.subprocess.DEVNULL, limit=2**26
        )
        try:
            yield _Worker(process)
        finally:
            assert process.stdin is not None
            process.stdin.close()
            await process.wait()


@asynccontextmanager
async def aider(project: Project) -> AsyncIterator[Gather]:
    async with _worker(project) as worker:

        async def gather(case: Case, limit: int) -> tuple[Excerpt, ...]:
            near = "\n".join(case.lines_before(AIDER_WORDS_LINES))
            shown = await worker.ask(ask="aider", path=case.path, text=case.text, near=near, limit=limit)
            return tuple(Excerpt(path, text) for path, text in by_file(shown, project.files.keys()))

        yield gather


def by_file(shown: str, files: Set[str]) -> list[tuple[str, str]]:
    """aider's map, by the lines that name files."""
    found: list[tuple[str, list[str]]] = []
    for line in shown.split("\n"):
        if line.removesuffix(":") in files:
            found.append((line.removesuffix(":"), []))
        elif found:
            found[-1][1].append(line)
    return [(path, "\n".join(lines)) for path, lines in found]


@asynccontextmanager
async def bm25(project: Project) -> AsyncIterator[Gather]:
    async with _worker(project) as worker:
        windows = [
            (path, first)
            for path, text in project.files.items()
            for first in range(0, max(1, text.count("\n") + 1 - BM25_STRIDE), BM25_STRIDE)
        ]
        lines = {path: text.split("\n") for path, text in project.files.items()}

        def text_of(path: str, first: int) -> str:
            return "\n".join(lines[path][first : first + BM25_LINES])

        await worker.ask(ask="windows", texts=[text_of(*it) for it in windows])

        async def gather(case: Case, limit: int) -> tuple[Excerpt, ...]:
            ranked = await worker.ask(ask="bm25", query="\n".join(case.lines_before(BM25_QUERY)), most=200)
            shown: list[tuple[str, int]] = []
            for path, first in (windows[it] for it in ranked):
                apart = all(path != other or abs(first - at) >= BM25_LINES for other, at in shown)
                if path != case.path and apart:
                    shown.append((path, first))
            return filled([Excerpt(path, text_of(path, first)) for path, first in shown], limit)

        yield gather
