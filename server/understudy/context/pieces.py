"""What may be shown to a model: pieces of files, each in several forms, with a score and a reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Origin = Literal["named", "imported", "member", "caller", "sibling", "test", "similar", "edited", "visited", "central"]
"""Why a piece is a candidate: what the text near the cursor names; what the file imports; members of a class in play;
who calls the function at the cursor; what stands beside it in a class or folder; the test of the file, or what it
tests; a similar stretch; what was edited or visited lately; what the repository leans on."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a file.

    `forms` are texts of whole lines without a line end at their end, from the fullest to the shortest: with its body,
    as signature, as name. `usual` says which of them is tried first; fuller ones come when there is room to spare,
    shorter ones when there is not enough. `score` lies between 0 and 1 (`context.rank` says how those of several
    origins compare). `row` is the stretch's first, which puts the pieces of one file in order. `key` names the piece
    for as long as it is the same definition or stretch, whatever its text has become: `<path>#<qualified name>` or
    `<path>#<first row>`. `within` is the signature of the class that a member belongs to, to stand above it.
    """

    path: str
    row: int
    key: str
    forms: tuple[str, ...]
    score: float
    origin: Origin
    within: str = ""
    usual: int = 0
