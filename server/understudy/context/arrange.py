"""In which order chosen pieces stand, so that an engine's prefix cache holds from one request to the next.

What was shown for a document stays where it stood, in its form, for as long as it is true; what is new is added at the
end, in the place of what stands there for want of something better. Only when too much of what should be shown is
missing nevertheless, the pieces are arranged anew.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, islice, takewhile

from understudy.context.budget import BODY_WORTH, Count, Placed, Room, fill
from understudy.context.pieces import Origin, Piece
from understudy.context.privacy.secrets import masked

MAX_DROPPED = 200  # of the account: what is further down explains nothing
FILLED = 0.9
"""The share of the room for what must be shown. What comes next fills the rest, as far as it can behind all else, and
gives way when something better is wanted."""
MISSING = 0.25
"""The share of the whole worth that may be missing before the pieces are arranged anew."""
TRIFLE = 0.1
SURE = 0.5
"""For less than such a share of the whole worth nothing moves at all, unless one of what is missing scores at least
half as much as the best of all: a name that was just typed is to be shown at once."""
TINY = 1e-9
ORDER: tuple[Origin, ...] = (
    "central",
    "test",
    "imported",
    "caller",
    "sibling",
    "named",
    "member",
    "similar",
    "visited",
    "edited",
)
"""In a new arrangement, what hangs on the file stands before what hangs on the scope, and that before what hangs on the
line: the earlier a piece stands, the longer it should hold."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Whole lines, with their ends, of the file that the model knows as `path`: chosen pieces, one below the other.

    A file may come twice: what is added later stands at the end, so that nothing before it moves.
    """

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """One piece that is shown: why, and what it costs. `form` counts from the fullest, 0; `path` is as the model sees
    it; `tokens` are those of its own lines, and of a header or a path that stand there for its sake."""

    key: str
    path: str
    origin: Origin
    score: float
    form: int
    tokens: int


@dataclass(frozen=True, slots=True)
class Dropped:
    """One candidate that is not shown, and why not: there was no room, or the prompt shows these rows already."""

    key: str
    path: str
    origin: Origin
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class Budget:
    """How much may be shown of other files, in tokens; `name` and `shown` are as in `budget.Room`. `last` is the path
    of the file whose pieces stand behind all others: the cursor's own."""

    limit: int
    count: Count
    name: Callable[[str], str] = str
    shown: tuple[tuple[str, int, int], ...] = ()
    last: str = ""

    def room(self, share: float = 1.0) -> Room:
        """An empty room of a share of the limit."""
        return Room(int(self.limit * share), self.count, name=self.name, shown=self.shown)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What may be shown: `pieces`, the best first (`rank.ranked`), as they were found in the `revision` of the index,
    which is anything that compares."""

    pieces: tuple[Piece, ...] = ()
    revision: object = None


@dataclass(frozen=True, slots=True)
class Layout:
    """What is shown for a document: pieces in their order, what the model sees of them, and the account of it.

    `wanted` and `budget` are what it was made from.
    """

    placed: tuple[Placed, ...] = ()
    files: tuple[Shown, ...] = ()
    chosen: tuple[Chosen, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    wanted: Wanted = Wanted()
    budget: Budget | None = None


def arrange(wanted: Wanted, last: Layout, budget: Budget) -> Layout:
    """The layout of the best that is `wanted`, as far as possible like the `last` one."""
    if wanted == last.wanted and budget == last.budget:
        return last
    placed = _placed(wanted, last, budget)
    chosen, dropped = account(wanted.pieces, placed, budget)
    return Layout(placed, rendered(placed, budget.name), chosen, dropped, wanted, budget)


def _placed(wanted: Wanted, last: Layout, budget: Budget) -> tuple[Placed, ...]:
    pieces = wanted.pieces
    known = {piece.key: piece for piece in pieces}
    best = {it.piece.key: it for it in fill(pieces, budget.room(FILLED))}
    whole = max(_worth(best.values(), known), TINY)
    kept = _kept(last, known, budget, same=wanted.revision == last.wanted.revision)
    there = {it.piece.key for it in kept}
    missing = [it for it in best.values() if it.piece.key not in there]
    sure = any(it.piece.score >= SURE * pieces[0].score for it in missing)
    if last.placed and len(kept) == len(last.placed) and not sure and _worth(missing, known) <= TRIFLE * whole:
        return kept
    worth = _worth((it for it in kept if it.piece.key in best), known)
    for begin in (kept, _firm(kept, best)):
        now = _completed(begin, pieces, best, budget)
        more = _worth((it for it in now if it.piece.key in best), known)
        if more >= whole - TINY:
            return now
    if more >= (1 - MISSING) * whole:
        return now if more > worth or len(kept) < len(last.placed) else kept
    # What stands at the beginning and is still wanted stays there also now.
    begin = tuple(takewhile(lambda it: it.piece.key in best, kept))
    return _completed(begin, pieces, best, budget)


def _kept(last: Layout, known: Mapping[str, Piece], budget: Budget, *, same: bool) -> tuple[Placed, ...]:
    """The leading pieces of the last layout that are still true and still fit.

    A piece that is no candidate any more is true for as long as the index is the `same`.
    """
    room = budget.room()
    kept: list[Placed] = []
    for old in last.placed:
        piece, form = known.get(old.piece.key), old.form
        if piece is not None and old.text in piece.forms and piece.within == old.piece.within:
            form = piece.forms.index(old.text)
        elif piece is None and same:
            piece = old.piece
        else:
            break
        room.below(kept[-1] if kept else None)
        placed = None if room.taken(piece, form) else room.place(piece, form)
        if placed is None:
            break
        kept.append(placed)
    return tuple(kept)


def _firm(placed: tuple[Placed, ...], best: Container[str]) -> tuple[Placed, ...]:
    """Less what stands at the end for want of something better."""
    last = max((at for at, it in enumerate(placed) if it.piece.key in best), default=-1)
    return placed[: last + 1]


def _completed(
    begin: Sequence[Placed], pieces: Sequence[Piece], best: Container[str], budget: Budget
) -> tuple[Placed, ...]:
    """What stands at the beginning, then what else is among the `best`, and in the rest of the room what comes next."""
    room = budget.room()
    there: list[Placed] = []
    for it in begin:
        room.below(there[-1] if there else None)
        if (placed := room.place(it.piece, it.form)) is not None:
            there.append(placed)
    keys = {it.piece.key for it in there}
    room.below(there[-1] if there else None)
    left = [piece for piece in pieces if piece.key not in keys]
    added = fill(left, room)
    return (*there, *_ordered(added, best, budget.last, there[-1] if there else None))


def _worth(placed: Iterable[Placed], known: Mapping[str, Piece]) -> float:
    """What is shown, by the scores of now; a body adds `BODY_WORTH`."""
    scores = ((known[it.piece.key].score, it) for it in placed if it.piece.key in known)
    return sum(score * (1 + BODY_WORTH if it.form < it.piece.usual else 1) for score, it in scores)


def _ordered(placed: Sequence[Placed], best: Container[str], last: str, above: Placed | None) -> list[Placed]:
    """File by file, those first that hold any of the `best`, and of them those whose pieces hold longest; in a file by
    rows, members below their class's header. What stands `above` goes on before all."""
    firm = {it.piece.path for it in placed if it.piece.key in best}
    now = (above.piece.path, above.piece.within or above.text) if above is not None else ("", "")
    latest: dict[str, int] = {}
    firsts: dict[tuple[str, str], int] = {}
    headers = {(it.piece.path, it.piece.within) for it in placed if it.piece.within}
    for it in placed:
        path, row = it.piece.path, it.piece.row
        latest[path] = max(latest.get(path, 0), ORDER.index(it.piece.origin))
        group = (path, _group(it, headers))
        firsts[group] = min(firsts.get(group, row), row)

    def place(it: Placed) -> tuple[bool, bool, bool, int, str, bool, int, str, int, str]:
        path, group = it.piece.path, _group(it, headers)
        file = path != now[0], path not in firm, path == last, latest[path], path
        return *file, (path, group) != now, firsts[path, group], group, it.piece.row, it.piece.key

    return sorted(placed, key=place)


def _group(it: Placed, headers: Container[tuple[str, str]]) -> str:
    """The header that a piece stands under, or is itself; empty for one that stands alone."""
    return it.piece.within or (it.text if (it.piece.path, it.text) in headers else "")


def rendered(placed: Sequence[Placed], name: Callable[[str], str]) -> tuple[Shown, ...]:
    """What the model is shown: one text for each run of pieces of one file, with each header once above its members,
    and secrets masked."""
    files: list[Shown] = []
    for path, run in groupby(placed, key=lambda it: it.piece.path):
        lines: list[str] = []
        header = ""
        for it in run:
            if it.piece.within and it.piece.within != header:
                lines.append(it.piece.within)
            lines.append(it.text)
            header = it.piece.within or it.text
        files.append(Shown(name(path), masked("".join(f"{line}\n" for line in lines))))
    return tuple(files)


def account(
    pieces: Sequence[Piece], placed: Sequence[Placed], budget: Budget
) -> tuple[tuple[Chosen, ...], tuple[Dropped, ...]]:
    """Why each of the placed pieces is shown, and why others are not: the best first, at most `MAX_DROPPED`."""
    room = budget.room()
    scores = {piece.key: piece.score for piece in pieces}
    chosen: list[Chosen] = []
    for it in placed:
        piece = it.piece
        room.hold(it)
        score = scores.get(piece.key, 0.0)
        chosen.append(Chosen(piece.key, budget.name(piece.path), piece.origin, score, it.form, it.tokens))
    there = {it.key for it in chosen}
    left = islice((piece for piece in pieces if piece.key not in there), MAX_DROPPED)
    dropped = (
        Dropped(
            piece.key,
            budget.name(piece.path),
            piece.origin,
            piece.score,
            "shown already" if room.taken(piece, piece.usual) else "no room",
        )
        for piece in left
    )
    return tuple(chosen), tuple(dropped)
