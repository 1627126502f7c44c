"""Filling a budget of tokens with pieces of files, the best first, each in the fullest form that there is room for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from understudy.context.pieces import Piece

# Tokens of a text in the model's vocabulary; whoever calls brings it, so that nothing here knows a model.
Count = Callable[[str], int]

SEPARATOR_TOKENS = 5  # around each file: the format's tokens or its comment, and the path's line end
BODY_WORTH = 0.5
"""What a body adds to a signature, as a share of the piece's score: bodies of the best compete with signatures of
others that score half as much."""
BIGGEST_SHARE = 1 / 4
SMALL = 64
"""One form takes at most a quarter of the budget, so that one long body does not stand for everything; forms of up to
64 tokens may take more."""
LONGEST_TOKEN = 8
"""Code points. What has more for each token that is left is not worth counting: it does not fit."""
LEAST = 4  # tokens; with less left nothing is tried any more


@dataclass(frozen=True, slots=True)
class Placed:
    """A piece in one of its forms. `tokens` are its own, and those of a path and a header that came in with it."""

    piece: Piece
    form: int
    tokens: int

    @property
    def text(self) -> str:
        """The lines that are shown, without the last one's end."""
        return self.piece.forms[self.form]


class Room:
    """A budget that is being filled: what is left of it, and what stands there already.

    `name` says how the model sees a path; `shown` are ranges of rows (path, first, last) that the prompt shows anyway.
    """

    def __init__(
        self,
        limit: int,
        count: Count,
        *,
        name: Callable[[str], str] = str,
        shown: Iterable[tuple[str, int, int]] = (),
    ) -> None:
        self.left = limit
        self._count = count
        self._name = name
        self._biggest = max(SMALL, int(limit * BIGGEST_SHARE))
        self._headers: set[tuple[str, str]] = set()
        self._rows: dict[str, list[tuple[int, int, str]]] = {}
        # What need not be paid again, since it stands above what comes next.
        self._paid: set[str] = set()
        self._paid_headers: set[tuple[str, str]] = set()
        for path, first, last in shown:
            self._rows.setdefault(path, []).append((first, last, ""))

    def taken(self, piece: Piece, form: int) -> bool:
        """Whether what a form shows stands there already: as a header, in another piece, or in the window."""
        if (piece.path, piece.forms[form]) in self._headers:
            return True
        first, last = rows(piece, form)
        occupied = self._rows.get(piece.path, ())
        return any(start < last and first < end and key != piece.key for start, end, key in occupied)

    def hold(self, placed: Placed) -> None:
        """Take note of a piece that is shown, whatever it costs."""
        piece = placed.piece
        header = piece.path, piece.within or placed.text
        self._paid.add(piece.path)
        self._paid_headers.add(header)
        self._headers.add(header)
        self._rows.setdefault(piece.path, []).append((*rows(piece, placed.form), piece.key))

    def below(self, last: Placed | None) -> None:
        """What is placed from now on stands below the piece `last`: what is of another file, or under another header,
        needs its path and its header again."""
        self._paid = {last.piece.path} if last is not None else set()
        self._paid_headers = {(last.piece.path, last.piece.within or last.text)} if last is not None else set()

    def place(self, piece: Piece, form: int) -> Placed | None:
        """Put a form in; None where it does not fit."""
        own = self._own(piece, form, self.left)
        if own is None:
            return None
        if piece.path not in self._paid:
            own += self._count(self._name(piece.path)) + SEPARATOR_TOKENS
        if piece.within and (piece.path, piece.within) not in self._paid_headers:
            own += self._count(f"{piece.within}\n")
        return self._put(Placed(piece, form, own), own)

    def grow(self, placed: Placed, form: int) -> Placed | None:
        """Put a fuller form in the place of one that is there; None where that does not fit."""
        own = self._own(placed.piece, form, self.left + placed.tokens)
        if own is None or self.taken(placed.piece, form):
            return None
        more = own - self._count(f"{placed.text}\n")
        return self._put(Placed(placed.piece, form, placed.tokens + more), more)

    def _own(self, piece: Piece, form: int, left: int) -> int | None:
        text = piece.forms[form]
        if len(text) > min(left, self._biggest) * LONGEST_TOKEN:
            return None
        own = self._count(f"{text}\n")
        return own if own <= self._biggest else None

    def _put(self, placed: Placed, tokens: int) -> Placed | None:
        if tokens > self.left:
            return None
        self.left -= tokens
        self.hold(placed)
        return placed


def fit(
    pieces: Sequence[Piece],
    limit: int,
    count: Count,
    *,
    name: Callable[[str], str] = str,
    shown: Iterable[tuple[str, int, int]] = (),
) -> tuple[Placed, ...]:
    """The pieces that fit in `limit` tokens together, in the order in which they are given.

    `name` and `shown` are as in `Room`. Two pieces that stand for the same rows of a file are not both shown.
    """
    return fill(pieces, Room(limit, count, name=name, shown=shown))


def fill(pieces: Sequence[Piece], room: Room) -> tuple[Placed, ...]:
    """`fit` for a room that holds something already.

    First the best piece as its signature, then the next; a body comes in its turn (`BODY_WORTH`). What does not fit is
    tried in its shorter forms and then passed over. As every step takes the fullest form that there is room for, a
    larger room differs first in a step that shows more: a piece is given up only for a better one. Of equal scores the
    one that is given first comes first.
    """
    chosen: dict[int, Placed] = {}
    for _, index, form in sorted(_steps(pieces)):
        if room.left < LEAST:
            break
        if (placed := chosen.get(index)) is not None:
            placed = room.grow(placed, form)
        else:
            placed = _placed(pieces[index], form, room)
        if placed is not None:
            chosen[index] = placed
    return tuple(chosen[index] for index in sorted(chosen))


def _steps(pieces: Sequence[Piece]) -> Iterator[tuple[float, int, int]]:
    """What is tried in which order: the worth (negative), the piece, the form that is begun with."""
    for index, piece in enumerate(pieces):
        yield -piece.score, index, piece.usual
        if piece.usual:
            yield -piece.score * BODY_WORTH, index, 0


def _placed(piece: Piece, form: int, room: Room) -> Placed | None:
    """The piece in the first form from `form` on that fits; a body only where its signature was there."""
    if form < piece.usual:
        return None
    forms = range(form, len(piece.forms))
    tried = (room.place(piece, at) for at in forms if piece.forms[at] and not room.taken(piece, at))
    return next((placed for placed in tried if placed is not None), None)


def rows(piece: Piece, form: int) -> tuple[int, int]:
    """The rows of the file that a form stands for."""
    text = piece.forms[form]
    above = piece.forms[0].find(text) if form else 0
    first = piece.row + (piece.forms[0].count("\n", 0, above) if above > 0 else 0)
    return first, first + text.count("\n") + 1


def packed(texts: Sequence[str], worths: Sequence[float], limit: int, count: Count) -> tuple[int, ...]:
    """The indices of the texts that fit in `limit` tokens together, the worthiest first, in the order given."""
    chosen: list[int] = []
    for index in sorted(range(len(texts)), key=lambda index: (-worths[index], index)):
        tokens = count(texts[index])
        if tokens <= limit:
            chosen.append(index)
            limit -= tokens
    return tuple(sorted(chosen))
