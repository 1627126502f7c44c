"""The names that a file uses, without those that are local to a function."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence

from understudy.context.index.found import Found
from understudy.context.index.nesting import FUNCTIONS, Nested
from understudy.context.syntax.source import Source

Range = tuple[int, int]


def references(source: Source, found: Found, within: Sequence[Nested]) -> Mapping[str, tuple[int, ...]]:
    """Each name with the rows of its uses.

    A name that a parameter or an assignment binds is left out in the whole function, as long as it stands by itself: as
    an attribute or a type it is another's. What stands in an import, or is just being defined, is no use.
    """
    data, members = source.data, found.members
    hidden = _local(source, found, within)
    skipped = _imported(found)
    skipped.update(node.start_byte for node in found.local)
    skipped.update(name.start_byte for it in within for name in it.scope.names)
    rows: dict[bytes, list[int]] = {}
    for start, node in sorted(found.uses.items()):
        if start in skipped:
            continue
        name = data[start : node.end_byte]
        if name in hidden and start not in members and any(a <= start < b for a, b in hidden[name]):
            continue
        row = node.start_point[0]
        before = rows.setdefault(name, [])
        if not before or before[-1] != row:
            before.append(row)
    # A parser's repair of broken code may be empty, and a number is a shell's parameter.
    names = (name for name in rows if name.strip(b"_") and not name.isdigit())
    return {name.decode("utf-8", "surrogatepass"): tuple(rows[name]) for name in names}


def _local(source: Source, found: Found, within: Sequence[Nested]) -> dict[bytes, list[Range]]:
    functions = [it for it in within if it.scope.what in FUNCTIONS]
    starts = [it.scope.start for it in functions]
    hidden: dict[bytes, list[Range]] = {}

    def hide(start: int, end: int, function: Nested | None) -> None:
        if function is not None:
            ranges = hidden.setdefault(source.data[start:end], [])
            around = function.scope.start, function.scope.end
            if not ranges or ranges[-1] != around:
                ranges.append(around)

    for node in found.local:
        start, index = node.start_byte, bisect_right(starts, node.start_byte) - 1
        innermost = functions[index] if index >= 0 else None
        while innermost is not None and innermost.scope.end <= start:
            innermost = innermost.function
        hide(start, node.end_byte, innermost)
    for it in within:
        if it.kind is None and it.scope.what == "definition.constant":
            for name in it.scope.names:
                hide(name.start_byte, name.end_byte, it.function)
    return hidden


def _imported(found: Found) -> set[int]:
    """The first bytes of the identifiers in imports."""
    ranges = [
        (node.start_byte, node.end_byte)
        for captures in found.imports
        for name, nodes in captures.items()
        if name in ("import", "import.name", "import.alias", "import.module")
        for node in nodes
    ]
    ranges += [(node.start_byte, node.end_byte) for node in found.packages]
    found_bytes: set[int] = set()
    starts = sorted(found.uses)
    for begin, end in sorted(ranges):
        index = bisect_right(starts, begin - 1)
        while index < len(starts) and starts[index] < end:
            found_bytes.add(starts[index])
            index += 1
    return found_bytes
