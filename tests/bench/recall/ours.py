"""Understudy's own context engine: a workspace on the unpacked package, its index, and the case's document open.

No other document is open and nothing was edited: what is found is found in the index. Only what is shown of other files
counts, in the same limit of tokens as everybody's.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from bench.recall.case import Case, Excerpt, Project
from bench.recall.tokens import count
from understudy.core.text import Document

LANGUAGES = {"typescript": "typescript", "python": "python"}


def document(project: Project, case: Case) -> Document:
    """The case's file as an editor has it open."""
    uri = (project.root / case.path).as_uri()
    return Document(uri=uri, version=1, language=project.language, text=case.text)


@asynccontextmanager
async def opened(project: Project) -> AsyncIterator[Callable[[Case, int], Awaitable[tuple[Excerpt, ...]]]]:
    from understudy.context.workspace import Workspace

    async def gather(case: Case, limit: int) -> tuple[Excerpt, ...]:
        workspace = Workspace((project.root,))
        here = document(project, case)
        workspace.changed(None, here)
        context = workspace.gather(here, case.offset, limit_tokens=limit, count=count)
        return tuple(Excerpt(it.path, it.text) for it in context.files if it.path != case.path)

    yield gather
