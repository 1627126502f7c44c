"""Open tabs by Jaccard: what GitHub Copilot's editor extension does, after its published source.

Up to 20 open files of less than 10,000 characters; windows of 60 lines; words are split where no letter or digit is,
and the common ones left out; the window of each file that is most alike to the 60 lines before the cursor; of these the
best four (`similarFiles` and `selectRelevance` in the extension's open source, at its defaults).

Which files are open is the user's choice, and no package says it. Here it is the files nearest by path: those of the
same folder, then of the folders around it. The four are shown best first, and cut where the tokens end.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from bench.recall.case import Case, Excerpt, Project
from bench.recall.tokens import filled

WINDOW = 60
MOST_FILES = 20
LONGEST_FILE = 10_000
MOST_SNIPPETS = 4
# Words that are common in programs and in English, for which the extension keeps a list of its own.
_COMMON = frozenset(
    re.findall(
        r"\w+",
        """
    if then else for while with def function return todo import try catch raise finally repeat switch case match assert
    continue break const class enum struct static new super this var we our you it its they them their that these those
    is are was were be been being have has had having do does did doing can don t s will would should what which who
    when where why how a an the and or not no but because as until again further once here there all any both each few
    more most other some such above below to during before after of at by about between into through from up down in
    out on off over under only own same so than too very just now
    """,
    )
)


def _words(text: str) -> set[str]:
    return {it for it in re.split(r"[^a-zA-Z0-9]+", text) if it and it.lower() not in _COMMON}


def nearest(path: str, others: list[str]) -> list[str]:
    """Other files, those that share most of the path first."""
    here = path.split("/")[:-1]

    def distance(other: str) -> int:
        there = other.split("/")[:-1]
        shared = next(
            (n for n, (a, b) in enumerate(zip(here, there, strict=False)) if a != b), min(len(here), len(there))
        )
        return len(here) + len(there) - 2 * shared

    return sorted(others, key=lambda it: (distance(it), it))


@asynccontextmanager
async def opened(project: Project) -> AsyncIterator[Callable[[Case, int], Awaitable[tuple[Excerpt, ...]]]]:
    windows: dict[str, list[tuple[set[str], str]]] = {}

    def windows_of(path: str) -> list[tuple[set[str], str]]:
        if path not in windows:
            lines = project.files[path].split("\n")
            words = [_words(line) for line in lines]
            starts = range(max(1, len(lines) - WINDOW + 1))
            windows[path] = [
                (set().union(*words[at : at + WINDOW]), "\n".join(lines[at : at + WINDOW])) for at in starts
            ]
        return windows[path]

    def best(path: str, wanted: set[str]) -> tuple[float, str]:
        scores = [(len(it & wanted) / (len(it | wanted) or 1), text) for it, text in windows_of(path)]
        return max(scores, key=lambda it: it[0])

    async def gather(case: Case, limit: int) -> tuple[Excerpt, ...]:
        wanted = _words("\n".join(case.lines_before(WINDOW)))
        others = [it for it, text in project.files.items() if it != case.path and 0 < len(text) < LONGEST_FILE]
        ranked = [(*best(it, wanted), it) for it in nearest(case.path, others)[:MOST_FILES]]
        ranked = sorted((it for it in ranked if it[0] > 0), key=lambda it: -it[0])[:MOST_SNIPPETS]
        return filled([Excerpt(path, text) for _, text, path in ranked], limit)

    yield gather
