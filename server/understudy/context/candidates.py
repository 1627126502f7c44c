"""What may be shown for a cursor: all producers asked, as seldom as that is sound.

What the code says of a cursor is looked for when a word before it is complete, a row is begun, the cursor is elsewhere
or the index has changed, and is kept for the keys between: a half-typed word is no name yet, and a prompt that followed
every letter would be another at each. What the user did elsewhere is looked at every time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from understudy.context.arrange import Wanted
from understudy.context.central import central
from understudy.context.cursor import Cursor, Led, Producer
from understudy.context.graph import personalised
from understudy.context.hunks import edited
from understudy.context.index.base import Index
from understudy.context.overlay import Overlay
from understudy.context.pieces import Origin, Piece
from understudy.context.rank import Nearness, proposed, ranked
from understudy.context.recent import EditLog, OpenFiles
from understudy.context.resolve import PRODUCERS
from understudy.context.similar import similar
from understudy.context.syntax.parsed import Parsed
from understudy.context.visited import MAX_FILES, visited
from understudy.core.text import Document, line_end, line_start

# Where the walk of `context.graph` begins: in the cursor's file, and in those where the user was or edited lately.
HERE = 1.0
EDITED = 0.3
VISITED = 0.15


@dataclass(frozen=True, slots=True)
class Found:
    """What the code says of a cursor: pieces before they are weighed, and how near each file is."""

    key: object
    pieces: tuple[Piece, ...]
    near: Nearness


@dataclass(frozen=True, slots=True)
class Candidates:
    """What is wanted for a cursor, and the path of its document; the same object for as long as nothing is new."""

    path: str
    wanted: Wanted


@dataclass(frozen=True, slots=True)
class _All:
    found: Found
    worked_on: list[Piece]
    candidates: Candidates


class CandidateCache:
    """The candidates of the cursors in one workspace. `path_of` spells a document's path as the index does."""

    def __init__(
        self, overlay: Overlay, parse: Callable[[Document], Parsed | None], path_of: Callable[[Document], str]
    ) -> None:
        self._overlay = overlay
        self._parse = parse
        self._path_of = path_of
        self._found: dict[str, Found] = {}
        self._all: dict[str, _All] = {}
        self._ranks: dict[str, tuple[object, dict[str, float]]] = {}
        self._led: dict[str, tuple[object, Led]] = {}

    def at(self, document: Document, offset: int, edits: EditLog, open_files: OpenFiles) -> Candidates:
        """The candidates for a cursor."""
        index, path = self._overlay.index(document.uri), self._path_of(document)
        found = self._code(document, path, settled(document.text, offset), index, self._seeds(path, edits, open_files))
        user: tuple[tuple[Origin, Producer], ...] = (
            ("edited", lambda cursor: edited(cursor, edits.regions, self._path_of)),
            ("visited", lambda cursor: visited(cursor.document, open_files, self._path_of)),
        )
        worked_on = proposed(Cursor(document, offset, path, None, None, index), user)
        known = self._all.get(document.uri)
        if known is not None and known.found is found and known.worked_on == worked_on:
            return known.candidates
        wanted = Wanted(ranked([*found.pieces, *worked_on], found.near), index.revision)
        self._all[document.uri] = _All(found, worked_on, Candidates(path, wanted))
        return self._all[document.uri].candidates

    def forget(self, uri: str) -> None:
        """A document was closed."""
        self._found.pop(uri, None)
        self._all.pop(uri, None)
        self._ranks.pop(uri, None)
        self._led.pop(uri, None)

    def _code(
        self, document: Document, path: str, offset: int, index: Index, seeds: tuple[tuple[str, float], ...]
    ) -> Found:
        text = document.text
        key = index.revision, seeds, hash(text[:offset]), hash(text[line_end(text, offset) :])
        known = self._found.get(document.uri)
        if known is not None and known.key == key:
            return known
        record = self._overlay.record(document, path)
        led = self._led.get(document.uri)
        if led is None or led[0] != index.revision:
            led = self._led[document.uri] = index.revision, {}
        cursor = Cursor(document, offset, path, self._parse(document), record, index, led=led[1])
        ranks = self._ranked(document.uri, index, seeds)
        code: tuple[tuple[Origin, Producer], ...] = (
            *PRODUCERS,
            ("similar", similar),
            ("central", lambda cursor: central(cursor.index, path, ranks)),
        )
        pieces = tuple(proposed(cursor, code))
        found = Found(key, pieces, Nearness.of(cursor, ranks))
        self._found[document.uri] = found
        return found

    def _ranked(self, uri: str, index: Index, seeds: tuple[tuple[str, float], ...]) -> dict[str, float]:
        key = index.revision, seeds
        known = self._ranks.get(uri)
        if known is None or known[0] != key:
            known = self._ranks[uri] = key, personalised(index.links, dict(seeds))
        return known[1]

    def _seeds(self, path: str, edits: EditLog, open_files: OpenFiles) -> tuple[tuple[str, float], ...]:
        weights = {self._path_of(file.document): VISITED for file in open_files.visited(MAX_FILES)}
        weights |= {self._path_of(region.document): EDITED for region in edits.regions}
        return tuple(sorted((weights | {path: HERE}).items()))


def settled(text: str, offset: int) -> int:
    """The end of the last complete word before a cursor on its line, or of what else stands there; in a line of which
    only the first word is begun, that word's start."""
    start = line_start(text, offset)
    at = offset
    while at > start and (text[at - 1].isalnum() or text[at - 1] == "_"):
        at -= 1
    return max(start, len(text[:at].rstrip(" \t"))) if text[start:at].strip() else at
