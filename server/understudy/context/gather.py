"""What the model is shown for one cursor: a window of its file, the file's head, and what the user worked on elsewhere.

The layout serves the engine's prefix cache. Snippets come first and are only ever added at the end; the head and the
window's edges move in steps (`context.window`). So from one keystroke to the next nothing changes but the text right
before the cursor. Retrieval from files that are not open has its place beside `_snippets`, as a further list of
candidates.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from understudy.context.arrange import Chosen, Dropped, Shown
from understudy.context.budget import Count, Piece, fit
from understudy.context.head import head
from understudy.context.languages import language_of
from understudy.context.recent import EditLog, OpenFiles
from understudy.context.syntax import SyntaxStore
from understudy.context.window import excerpt, row_of, window_end, window_start
from understudy.core.text import Document

# Shares of the budget. The suffix is short because models trained prefix-first read it again at every keystroke.
SUFFIX_SHARE = 0.25
HEAD_SHARE = 0.1
SNIPPETS_SHARE = 0.2
# What a part leaves over goes to another in steps of this share, so that it does not move with every keystroke.
SPARE_STEP = 0.125
SNIPPET_LINES = 24
SNIPPET_STEP = 8
MAX_FILES = 4
LONGEST_TOKEN = 8  # code points; a text with more for each token of the budget is not worth counting whole
SEPARATOR_TOKENS = 8  # around each snippet: the format's tokens and the path's line end


@dataclass(frozen=True, slots=True)
class Context:
    """What the model is shown. In the order of the prompt, the most stable first:

    `files` are pieces of other files and of far parts of this one. From one request to the next they stay as they are,
    or more are added at their end; the first `kept` of them stood there in the last request for this document too.
    `head` is whole lines of this file that belong above the window: imports, and headers of scopes. `suffix` and
    `prefix` are the text right after and before the cursor; the end of the one and the start of the other move in
    steps. `path` is this file's, as the model sees it.

    `chosen` says for each piece in `files`, in their order, why it is there, `dropped` what was left out, the best
    first (at most `arrange.MAX_DROPPED`).
    """

    prefix: str
    suffix: str
    head: str
    path: str
    files: tuple[Shown, ...] = ()
    kept: int = 0
    chosen: tuple[Chosen, ...] = ()
    dropped: tuple[Dropped, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """What is known about the workspace. `ignored` and `name` take a URI: never to be shown, and shown as what path."""

    store: SyntaxStore
    recent: EditLog
    open_files: OpenFiles
    ignored: Callable[[str], bool]
    name: Callable[[str], str]


def gather(document: Document, offset: int, known: Known, *, limit: int, count: Count) -> Context:
    """The context of a cursor in at most `limit` tokens, as `count` counts them part by part."""
    text = document.text
    candidates = _candidates(document, known)
    suffix_limit, head_limit = int(limit * SUFFIX_SHARE), int(limit * HEAD_SHARE)
    snippets_limit = int(limit * SNIPPETS_SHARE) if candidates else 0
    end = window_end(text, offset, suffix_limit, count)
    spare = _stepped(suffix_limit - count(text[offset:end]), limit)
    prefix_limit = limit - suffix_limit - head_limit - snippets_limit + spare
    whole = offset <= limit * LONGEST_TOKEN and count(text[:offset]) <= prefix_limit + head_limit
    start = 0 if whole else window_start(text, offset, prefix_limit, count)
    parsed = known.store.parse(document) if start else None
    above = head(parsed.source, offset, start, head_limit, count) if parsed is not None else ""
    left = limit - sum(count(part) for part in (text[start:offset], text[offset:end], above))
    # A file that is shown whole leaves the more for others the shorter it is.
    room = snippets_limit if start else max(min(snippets_limit, left), _stepped(left, limit))
    snippets = _snippets(candidates, document, (row_of(text, start), row_of(text, end)), known, room, count)
    return Context(text[start:offset], text[offset:end], above, known.name(document.uri), snippets)


def _stepped(tokens: int, limit: int) -> int:
    step = max(1, int(limit * SPARE_STEP))
    return max(0, tokens // step * step)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """The lines `first` to `last` of a document, worth showing by `priority`."""

    document: Document
    first: int
    last: int
    kind: Literal["edited", "open"]
    priority: float


def _candidates(document: Document, known: Known) -> list[_Candidate]:
    """Places worth showing besides the cursor's, in the order in which the model would see them: the oldest first."""
    found: list[_Candidate] = []
    language = language_of(document.language)
    for file in known.open_files.visited(MAX_FILES + 1):
        other = file.document
        alike = other.language == document.language or (language and language_of(other.language) is language)
        if other.uri == document.uri or not alike or known.ignored(other.uri):
            continue
        row = row_of(other.text, file.offset) if file.offset is not None else 0
        first = max(0, row - SNIPPET_LINES // 2) // SNIPPET_STEP * SNIPPET_STEP
        found.append(_Candidate(other, first, first + SNIPPET_LINES, "open", 1.0))
    for age, region in enumerate(known.recent.regions):
        if not known.ignored(region.document.uri):
            first, last = region.lines()
            found.append(_Candidate(region.document, first, last, "edited", 2.0 + age))
    return found


def _snippets(
    candidates: list[_Candidate], document: Document, window: tuple[int, int], known: Known, limit: int, count: Count
) -> tuple[Shown, ...]:
    """The candidates that fit, without those that the window or a better one shows already."""
    kept: list[_Candidate] = []
    for it in candidates:
        shown = it.document.uri == document.uri and it.first <= window[1] and it.last >= window[0]
        if not shown and not any(_overlap(it, other) for other in candidates if other.priority > it.priority):
            kept.append(it)
    found = [
        Shown(known.name(it.document.uri), excerpt(it.document.text, it.first, it.last).rstrip() + "\n") for it in kept
    ]
    pieces = [Piece(snippet.text, it.priority) for snippet, it in zip(found, kept, strict=True)]
    overheads = {snippet.text: count(snippet.path) + SEPARATOR_TOKENS for snippet in found}
    chosen = fit(pieces, limit, lambda text: count(text) + overheads[text])
    return tuple(found[index] for index in chosen if found[index].text.strip())


def _overlap(one: _Candidate, other: _Candidate) -> bool:
    return one.document.uri == other.document.uri and one.first < other.last and other.first < one.last
