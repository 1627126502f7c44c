"""How much of a prompt changes from one keystroke to the next: the cut line is typed again, key by key.

Whole prompts are compared, as they are sent: other files, then the case's file around the cursor, in both orders of the
bundled model's format. An engine computes again what stands behind the first token that differs. Each system is asked
anew at every key, as its own editor would; the window of the case's file is the same for all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

from bench.recall import ours
from bench.recall.case import Case, Excerpt, Project
from bench.recall.systems import OURS, SYSTEMS
from bench.recall.tokens import count, ids
from understudy.context.workspace import Workspace
from understudy.core.text import Document
from understudy.engine.fim import ContextFile, FimPrompt
from understudy.engine.fim_formats import choose
from understudy.evaluation.metrics import common_prefix
from understudy.features.completion.prompt import shown

FILES_TOKENS = 1024
WINDOW_TOKENS = 1024
ORDERS = ("qwen-spm", "qwen")  # suffix-first, prefix-first


@dataclass
class Changes:
    """For every key: tokens behind the first that differs, and all tokens of the prompt."""

    keys: list[tuple[int, int]] = field(default_factory=list)

    @property
    def share(self) -> float:
        """Of all tokens that were sent."""
        return sum(changed for changed, _ in self.keys) / (sum(every for _, every in self.keys) or 1)

    @property
    def median(self) -> int:
        """Tokens of one key."""
        return sorted(changed for changed, _ in self.keys)[len(self.keys) // 2] if self.keys else 0


async def measure(
    projects: Sequence[Project], drawn: dict[str, list[Case]], systems: Sequence[str]
) -> dict[tuple[str, str], Changes]:
    """By system and order, over the lines of all these cases."""
    changes = {(name, order): Changes() for name in systems for order in ORDERS}
    for project in projects:
        async with ours.indexed(project) as (root, indexing), AsyncExitStack() as stack:
            others = {it: await stack.enter_async_context(SYSTEMS[it](project)) for it in systems if it != OURS}
            for case in drawn[project.name]:
                typed = _keys(case)
                async with ours.saved(project, case, root, indexing):
                    prompts = list(_prompts(*ours.open_at(case, root, indexing), typed, root))
                if OURS in systems:
                    _compare(OURS, prompts, changes)
                for name, gather in others.items():
                    files = [_files(await gather(key, FILES_TOKENS)) for key in typed]
                    theirs = [replace(prompt, files=it) for prompt, it in zip(prompts, files, strict=True)]
                    _compare(name, theirs, changes)
    return changes


def _compare(name: str, prompts: Sequence[FimPrompt], changes: dict[tuple[str, str], Changes]) -> None:
    for order in ORDERS:
        fim = choose("", "", order, lambda _: False)
        assert fim is not None
        for before, after in pairwise(ids(fim.render(prompt)) for prompt in prompts):
            changes[name, order].keys.append((len(after) - common_prefix(before, after), len(after)))


def _files(shown: Sequence[Excerpt]) -> tuple[ContextFile, ...]:
    return tuple(ContextFile(it.path, it.text) for it in shown)


def _keys(case: Case) -> list[Case]:
    """The case before each key of its line, and after the last."""
    at = case.offset
    return [
        replace(case, text=case.text[:at] + case.line[:typed] + case.text[at:], offset=at + typed)
        for typed in range(len(case.line) + 1)
    ]


def _prompts(workspace: Workspace, here: Document, keys: Sequence[Case], root: Path) -> Iterator[FimPrompt]:
    """What is sent at each key, with what ours shows of other files; `here` is the document before the first."""
    limit = FILES_TOKENS + WINDOW_TOKENS
    for version, key in enumerate(keys, here.version):
        after = replace(ours.document(root, key), version=version)
        workspace.changed(here, after)
        here = after
        context = workspace.gather(here, key.offset, limit_tokens=limit, count=count, files_tokens=FILES_TOKENS)
        yield shown(context, here)
