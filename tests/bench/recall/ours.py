"""Understudy's own context engine: a workspace on the unpacked package, its index, and the case's document open.

No other document is open and nothing was edited: what is found is found in the index, which knows the case's file
without the line that is yet to be typed. Only what is shown of other files counts, in the same limit of tokens as
everybody's. The window of the case's own file is wide, since what falls out of it would take room of the others.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from bench.recall.case import Case, Excerpt, Project, written
from bench.recall.tokens import count
from understudy.context.index.indexing import Indexing
from understudy.context.workspace import Workspace
from understudy.core.text import Document

LANGUAGE_IDS = {
    "py": "python",
    "ts": "typescript",
    "mts": "typescript",
    "tsx": "typescriptreact",
    "go": "go",
    "rs": "rust",
    "java": "java",
}
WINDOW_TOKENS = 8192  # for the case's own file, beside the limit


def language_id(path: str) -> str:
    """What an editor calls a file's language."""
    return LANGUAGE_IDS[path.rpartition(".")[2]]


def document(root: Path, case: Case) -> Document:
    """The case's file as an editor has it open."""
    return Document(uri=(root / case.path).as_uri(), version=1, language=language_id(case.path), text=case.text)


@asynccontextmanager
async def indexed(project: Project) -> AsyncIterator[tuple[Path, Indexing]]:
    """The project in a folder that may be written to, and the process that indexes it, once it has read all."""
    with tempfile.TemporaryDirectory(prefix="understudy-recall-") as folder:
        root = written(project, Path(folder))
        indexing = Indexing((root,), Path(folder) / "index")
        running = asyncio.create_task(indexing.run(lambda _: None))
        try:
            await indexing.settled()
            yield root, indexing
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            await indexing.aclose()


def open_at(case: Case, root: Path, indexing: Indexing) -> tuple[Workspace, Document]:
    """A workspace in which only the case's file is open, and that document."""
    workspace = Workspace((root,), index=indexing.index)
    here = document(root, case)
    workspace.changed(None, here)
    workspace.settle()
    return workspace, here


@asynccontextmanager
async def saved(project: Project, case: Case, root: Path, indexing: Indexing) -> AsyncIterator[None]:
    """The case's file on disk without its line, and then whole again."""
    place = root / case.path
    place.write_text(case.text, "utf-8")
    indexing.touched((place,))
    await indexing.settled()
    try:
        yield
    finally:
        place.write_text(project.files[case.path], "utf-8")
        indexing.touched((place,))


@asynccontextmanager
async def opened(project: Project) -> AsyncIterator[Callable[[Case, int], Awaitable[tuple[Excerpt, ...]]]]:
    async with indexed(project) as (root, indexing), AsyncExitStack() as stack:
        now: list[Case] = []

        async def gather(case: Case, limit: int) -> tuple[Excerpt, ...]:
            if now != [case]:
                await stack.aclose()
                await stack.enter_async_context(saved(project, case, root, indexing))
                now[:] = [case]
            return excerpts(*open_at(case, root, indexing), case, limit)

        yield gather


def excerpts(workspace: Workspace, here: Document, case: Case, limit: int) -> tuple[Excerpt, ...]:
    """What the workspace shows of other files for a case, and why."""
    shown = workspace.gather(here, case.offset, limit_tokens=limit + WINDOW_TOKENS, count=count, files_tokens=limit)
    pieces = {piece.key: piece for piece in workspace.candidates(here, case.offset)}
    parts = [(it.path, it.origin, f"{pieces[it.key].within}\n{pieces[it.key].forms[it.form]}") for it in shown.chosen]
    return tuple(
        Excerpt(it.path, it.text, tuple((origin, text) for path, origin, text in parts if path == it.path))
        for it in shown.files
        if it.path != case.path
    )
