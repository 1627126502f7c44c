"""What a model is shown for one cursor: pieces of other files, the file's head, and a window of the file.

The layout serves the engine's prefix cache. What is shown of other files comes first and stays where it is
(`context.arrange`); the head and the window's edges move in steps (`context.window`). So from one keystroke to the next
nothing changes but the text right before the cursor.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import takewhile

from understudy.context.arrange import Budget, Chosen, Dropped, Layout, Shown, arrange
from understudy.context.budget import Count
from understudy.context.candidates import Candidates
from understudy.context.head import head
from understudy.context.privacy.secrets import masked, masked_around, outside
from understudy.context.syntax.parsed import Parsed
from understudy.context.window import row_of, window_end, window_start
from understudy.core.text import Document

FILES_SHARE = 0.4
"""Of the budget, for pieces of other files, where there are enough of them."""
SUFFIX_SHARE = 0.2
HEAD_SHARE = 0.1
STEP = 0.125
"""What a part needs less goes to another in steps of this share, so that it does not move with every keystroke."""
LONGEST_TOKEN = 8  # code points; a text with more for each token of the budget is not worth counting whole
SHORTEST_TOKEN = 2  # code points; for an estimate of what the candidates could take


@dataclass(frozen=True, slots=True)
class Context:
    """What the model is shown. In the order of the prompt, the most stable first:

    `files` are pieces of other files and of far parts of this one. From one request to the next they stay as they are,
    or more are added at their end; the first `kept` of them stood there in the last request for this document too.
    `head` is whole lines of this file that belong above the window: imports, and headers of scopes. `suffix` and
    `prefix` are the text right after and before the cursor; the end of the one and the start of the other move in
    steps. In all of them secrets are masked (`context.privacy.secrets`). `path` is this file's, as the model sees it.

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
class Spot:
    """A cursor in a document. `parse` gives the tree: asked for only where something is cut off. `name` says how the
    model sees a path."""

    document: Document
    offset: int
    parse: Callable[[Document], Parsed | None]
    name: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Limits:
    """Tokens of the whole, as `count` counts them part by part, and of those the ones for `files`: by default a share,
    as far as there is something to show. `suffix`: at most as many for the text after the cursor."""

    whole: int
    count: Count
    files: int | None = None
    suffix: int | None = None


def gather(spot: Spot, candidates: Candidates, last: Layout, limits: Limits) -> tuple[Context, Layout]:
    """The context of a cursor, and the layout to hand in as `last` with the next request for this document."""
    window = _window(spot, candidates, limits)
    shown = ((candidates.path, *window.rows),)
    budget = Budget(window.room, limits.count, spot.name, shown, candidates.path)
    layout = arrange(candidates.wanted, last, budget)
    kept = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(layout.files, last.files, strict=False)))
    path = spot.name(candidates.path)
    # The answer is put in at the cursor of the real text, so that nothing is lost by a mask in what the model reads.
    prefix, suffix = masked_around(window.prefix, window.suffix)
    account = (layout.files, kept, layout.chosen, layout.dropped)
    return Context(prefix, suffix, masked(window.head), path, *account), layout


@dataclass(frozen=True, slots=True)
class _Window:
    """What is shown of the cursor's file, in which `rows` (first, and after the last), and the room left for others."""

    prefix: str
    suffix: str
    head: str
    rows: tuple[int, int]
    room: int


def _window(spot: Spot, candidates: Candidates, limits: Limits) -> _Window:
    text, offset, limit, count = spot.document.text, spot.offset, limits.whole, limits.count
    suffix_limit, head_limit = int(limit * SUFFIX_SHARE), int(limit * HEAD_SHARE)
    suffix_limit = suffix_limit if limits.suffix is None else min(suffix_limit, limits.suffix)
    most = int(limit * FILES_SHARE) if limits.files is None else min(limits.files, limit)
    files_limit = _wanted(candidates, most, limit)
    end = window_end(text, offset, suffix_limit, count)
    if end < len(text) and text[end - 1 : end] != "\n":
        end = max(offset, outside(text, end, later=False))
    spare = _stepped(suffix_limit - count(text[offset:end]), limit)
    prefix_limit = limit - suffix_limit - head_limit - files_limit + spare
    whole = offset <= limit * LONGEST_TOKEN and count(text[:offset]) <= prefix_limit + head_limit
    start = 0 if whole else window_start(text, offset, prefix_limit, count)
    if start and text[start - 1] != "\n":  # a secret goes on into no other line
        start = min(offset, outside(text, start, later=True))
    parsed = spot.parse(spot.document) if start else None
    above = head(parsed.source, offset, start, head_limit, count) if parsed is not None else ""
    left = limit - sum(count(part) for part in (text[start:offset], text[offset:end], above))
    # A file that is shown whole leaves the more for others the shorter it is.
    room = files_limit if start else max(min(files_limit, left), _stepped(left, limit))
    room = room if limits.files is None else min(room, limits.files)
    return _Window(text[start:offset], text[offset:end], above, (row_of(text, start), row_of(text, end) + 1), room)


def _wanted(candidates: Candidates, most: int, limit: int) -> int:
    """How much of the budget the candidates could take, roughly and in steps; at most `most`. Far parts of the cursor's
    file make its window smaller by no more than a step."""
    step = max(1, int(limit * STEP))
    others = own = 0
    for piece in candidates.wanted.pieces:
        tokens = len(piece.forms[piece.usual]) // SHORTEST_TOKEN + 1
        if piece.path == candidates.path:
            own += tokens
        else:
            others += tokens
        if others >= most:
            break
    wanted = others + min(own, step)
    return min(most, -(-wanted // step) * step)


def _stepped(tokens: int, limit: int) -> int:
    step = max(1, int(limit * STEP))
    return max(0, tokens // step * step)
