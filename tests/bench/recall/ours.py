"""Understudy's own context engine: a workspace on the unpacked package, its index, and the case's document open.

No other document is open and nothing was edited: what is found is found in the index, which knows the case's file
without the line that is yet to be typed. Only what is shown of other files counts, in the same limit of tokens as
everybody's. A stretch of the case's own file may be among it; it takes its room, and counts for nothing.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from bench.recall.case import Case, Excerpt, Project
from bench.recall.tokens import count
from understudy.context.grammar import grammar_for
from understudy.context.index.base import Index
from understudy.context.index.chunks import chunks
from understudy.context.index.extract import extract
from understudy.context.index.memory import MemoryIndex
from understudy.context.index.record import FileRecord
from understudy.context.source import Source
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
WINDOW_TOKENS = 1024  # for the case's own file, beside the limit


def language_id(path: str) -> str:
    """What an editor calls a file's language."""
    return LANGUAGE_IDS[path.rpartition(".")[2]]


def document(project: Project, case: Case) -> Document:
    """The case's file as an editor has it open."""
    return Document(uri=(project.root / case.path).as_uri(), version=1, language=language_id(case.path), text=case.text)


class _Files:
    """What is known of the files of a project as they are on disk."""

    def __init__(self, project: Project) -> None:
        self._root = project.root
        self._known = {str(project.root / path): _read(project.root / path, it) for path, it in project.files.items()}

    def index(self, case: Case) -> Index:
        """An index of them, the case's file without the line that is yet to be typed."""
        place = self._root / case.path
        known = self._known | {str(place): _read(place, case.text)}
        return MemoryIndex(
            [record for record, _, _ in known.values()],
            {path: text for path, (_, text, _) in known.items()},
            ranges={path: ranges for path, (_, _, ranges) in known.items()},
        )


def _read(path: Path, text: str) -> tuple[FileRecord, str, tuple[tuple[int, int], ...]]:
    grammar = grammar_for(language_id(path.name))
    assert grammar is not None
    source = Source.parse(grammar, text)
    record = extract(source, str(path))
    return record, text, chunks(source, record)


@asynccontextmanager
async def opened(project: Project) -> AsyncIterator[Callable[[Case, int], Awaitable[tuple[Excerpt, ...]]]]:
    files = _Files(project)
    last: list[tuple[Case, Index]] = []

    async def gather(case: Case, limit: int) -> tuple[Excerpt, ...]:
        if not last or last[0][0] is not case:
            last[:] = [(case, files.index(case))]
        workspace = Workspace((project.root,), index=last[0][1])
        here = document(project, case)
        workspace.changed(None, here)
        workspace.settle()
        shown = workspace.gather(here, case.offset, limit_tokens=limit + WINDOW_TOKENS, count=count, files_tokens=limit)
        pieces = {piece.key: piece for piece in workspace.candidates(here, case.offset)}
        parts = [
            (it.path, it.origin, f"{pieces[it.key].within}\n{pieces[it.key].forms[it.form]}") for it in shown.chosen
        ]
        return tuple(
            Excerpt(it.path, it.text, tuple((origin, text) for path, origin, text in parts if path == it.path))
            for it in shown.files
            if it.path != case.path
        )

    yield gather
