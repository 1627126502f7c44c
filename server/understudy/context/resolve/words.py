"""The names near a cursor, and how near: read from the text alone, so that broken code and languages without a grammar
are answered for as well."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass, field

from understudy.core.text import indent_of

ABOVE = 60  # rows that are read before the cursor's, and after it; twice a screen
BELOW = 30
HALF = 10  # rows after which a name counts half
AFTER = 0.6  # what stands below the cursor was often written earlier
HEADER = 0.8  # least weight of the headers of the blocks around the cursor: parameters, types, bases
MAX_CLIMB = 600  # rows that are looked through for headers
MAX_LINE = 400  # characters of a line: longer ones are data

# An arrow after a blank is a type's (`) -> Order`), not a member's.
_NAME = re.compile(r"(?:(\.|(?<!\s)->|::)\s*)?([^\W\d]\w*)(?=(\??\.|!\.|->|::)?)")
_WORD = re.compile(r"[^\W\d]\w*")
_TYPED = re.compile(
    r"(?:((?:[^\W\d]\w*(?:\(\))?\s*(?:\?\.|\.|->|::)\s*)*)([^\W\d]\w*)\s*(?:\?\.|!?\.|->|::)\s*)?(\w*)$"
)


@dataclass(frozen=True, slots=True)
class Near:
    """Names near a cursor, each with a weight up to 1: those that follow a dot (`->`, `::`), those that do not, and
    those of either kind that stand before one."""

    bare: dict[str, float] = field(default_factory=dict)
    dotted: dict[str, float] = field(default_factory=dict)
    owners: dict[str, float] = field(default_factory=dict)

    def weight(self, name: str) -> float:
        """How near a name is used, 0 where it is not."""
        return max(self.bare.get(name, 0.0), self.dotted.get(name, 0.0))


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands right before the cursor: `order.customer.na|` has the receiver `customer`, owned by `order`, and the
    prefix `na`. Empty strings where there is none."""

    receiver: str
    owner: str
    prefix: str


def words(text: str) -> list[str]:
    """The names in a text, in its order."""
    return _WORD.findall(text)


def near(lines: list[str], row: int, without: Container[int] = ()) -> Near:
    """The names around `row` (counted from 0). The rows of `without` say nothing: imports name things, and use none."""
    found = Near()
    for at in range(max(row - ABOVE, 0), min(row + BELOW + 1, len(lines))):
        if at in without:
            continue
        weight = HALF / (HALF + abs(row - at))
        _note(found, lines[at], weight if at <= row else weight * AFTER)
    for at in headers(lines, row):
        _note(found, lines[at], HEADER)
    return found


def headers(lines: list[str], row: int) -> list[int]:
    """The rows of the lines that open the blocks around `row`, told by their indentation; the innermost first."""
    found = []
    depth = _depth(lines, row)
    for at in range(row - 1, max(row - MAX_CLIMB, -1), -1):
        line = lines[at]
        if depth == 0:
            break
        if (stripped := line.lstrip()) and stripped[0] not in ")]}#/*" and len(line) - len(stripped) < depth:
            depth = len(line) - len(stripped)
            found.append(at)
            found += _continued(lines, at, row)
    return found


def typed(before: str) -> Typed:
    """What the text of the cursor's line up to the cursor ends in."""
    found = _TYPED.search(before[-MAX_LINE:])
    if found is None:
        return Typed("", "", "")
    owners = words(found[1] or "")
    return Typed(found[2] or "", owners[-1] if owners else "", found[3])


def _depth(lines: list[str], row: int) -> int:
    """The indentation of a row; that of an empty one is the last before it, one deeper where that opens a block."""
    if row < len(lines) and lines[row].strip():
        return len(indent_of(lines[row]))
    own = len(indent_of(lines[row])) if row < len(lines) else 0
    for at in range(min(row, len(lines)) - 1, max(row - MAX_CLIMB, -1), -1):
        if lines[at].strip():
            last = len(indent_of(lines[at])) + lines[at].rstrip().endswith((":", "{", "(", "["))
            return own or last
    return own


def _continued(lines: list[str], at: int, row: int) -> Iterator[int]:
    """The further rows of a header whose brackets are still open at its line's end, ten at most."""
    open_brackets = _balance(lines[at])
    while open_brackets > 0 and at + 1 < row and not lines[at].rstrip().endswith("{"):
        at += 1
        yield at
        open_brackets += _balance(lines[at])


def _balance(line: str) -> int:
    return line.count("(") + line.count("[") - line.count(")") - line.count("]")


def _note(found: Near, line: str, weight: float) -> None:
    for dot, name, owns in _NAME.findall(line[:MAX_LINE]):
        names = found.dotted if dot else found.bare
        if weight > names.get(name, 0.0):
            names[name] = weight
        if owns and weight > found.owners.get(name, 0.0):
            found.owners[name] = weight


_SUBWORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
SHORTEST = 3  # letters of a word that says something


def subwords(name: str) -> list[str]:
    """The words of a name, in small letters: `getUserName`, `get_user_name`, `HTTPClient`."""
    return [word.lower() for word in _SUBWORD.findall(name) if len(word) >= SHORTEST]
