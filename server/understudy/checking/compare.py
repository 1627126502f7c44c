"""One checker's reports on two versions of a text, compared: is the target gone, and did anything come up?

Diagnostics have no identity. Two are taken for the same where checker, code and message agree, line numbers in the
message aside; how often one occurs counts, its place only where the target stood.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from understudy.checking.diagnostic import Diagnostic
from understudy.checking.texts import Texts

# What an editor's version of a tool says and what ours says of the same place may differ in a word.
ALIKE = 0.8
COUNTED = ("error", "warning")
# What pyright and basedpyright say of how well types are known. Where a call or a name is wrong they know no type, and
# say nothing more; mended, it has one, be it `Any`, and what follows from that comes to light.
_KNOWN_TYPES = re.compile(r"report(?:Unknown\w+|Any|Untyped\w+|UnusedCallResult)")
_OF_KNOWN_TYPES = re.compile(r"reportUnnecessary(?:Comparison|Contains|IsInstance|Cast)")


@dataclass(frozen=True, slots=True)
class Comparison:
    """What has become of one checker's diagnostics.

    `known`: the checker reported the target on the text before, and so can say that it is gone. `remaining`: the target
    as it is still reported. `new`: what was not there before. `clean`: nothing at all is reported any more. `revealed`:
    warnings that were not there before and that a mended error has brought to light.
    """

    known: bool
    remaining: tuple[Diagnostic, ...]
    new: tuple[Diagnostic, ...]
    clean: bool
    revealed: bool = False


def compare(
    texts: Texts,
    before: Sequence[Diagnostic],
    after: Sequence[Diagnostic],
    target: Diagnostic | None,
    lost: frozenset[str] | None = None,
) -> Comparison:
    """Compare what one checker says of the text before with what it says of the text after.

    Hints and information do not count as new problems; a warning does. In a text that did not parse a checker sees
    little, so that mending it brings to light what was there all along: then only what the edit touched counts as new.
    `lost` is for such a text the names that the edit took away, and None for one that did parse. A mended error brings
    warnings to light as well: those of `_is_consequence` do not count.
    """
    own = find(texts, before, target) if target is not None else None
    remaining = _remaining(texts, own or target, before, after) if target is not None else ()
    spare = Counter(map(_key, before))
    if own is not None:
        # The target's own entry excuses no other one.
        spare[_key(own)] -= 1
    mended = bool(_errors(before) - _errors(after))
    new: list[Diagnostic] = []
    revealed = False
    for diagnostic in after:
        if diagnostic in remaining:
            continue
        if spare[_key(diagnostic)] > 0:
            spare[_key(diagnostic)] -= 1
        elif diagnostic.severity in COUNTED and not _came_to_light(texts, diagnostic, lost):
            if mended and _is_consequence(texts, diagnostic):
                revealed = True
            else:
                new.append(diagnostic)
    return Comparison(own is not None, tuple(remaining), tuple(new), not after, revealed)


def find(texts: Texts, reported: Iterable[Diagnostic], target: Diagnostic) -> Diagnostic | None:
    """The target as a checker reports it on the text before: on its line or overlapping it, and saying the same."""
    row = _row(texts.old_lines.starts, target.span.start)
    near = [
        diagnostic
        for diagnostic in reported
        if _row(texts.old_lines.starts, diagnostic.span.start) == row or _overlap(diagnostic, target)
    ]
    same = [diagnostic for diagnostic in near if _says_the_same(diagnostic, target)]
    return min(same, key=lambda found: abs(found.span.start - target.span.start), default=None)


def _remaining(
    texts: Texts, own: Diagnostic, before: Sequence[Diagnostic], after: Sequence[Diagnostic]
) -> tuple[Diagnostic, ...]:
    """The target in the new text: in its place or in what took its place, whatever its wording, or moved elsewhere."""
    start, end = _place(texts, own)
    # Other problems of the kind may stand there too, and have stood there before.
    others = Counter(
        _key(diagnostic)
        for diagnostic in before
        if diagnostic is not own and (place := _place(texts, diagnostic))[0] <= end and place[1] >= start
    )
    here: list[Diagnostic] = []
    for diagnostic in after:
        if not _same_code(diagnostic, own) or not start <= diagnostic.span.start <= end:
            continue
        if others[_key(diagnostic)] > 0:
            others[_key(diagnostic)] -= 1
        else:
            here.append(diagnostic)
    if here:
        return tuple(here)
    alike = [diagnostic for diagnostic in after if _key(diagnostic) == _key(own)]
    if len(alike) >= sum(_key(diagnostic) == _key(own) for diagnostic in before):
        return tuple(alike)
    return ()


def _place(texts: Texts, diagnostic: Diagnostic) -> tuple[int, int]:
    """Where a diagnostic of the old text would be in the new one: its own place, or the lines that took its place."""
    moved = texts.shift.offset(diagnostic.span.start)
    ended = texts.shift.offset(diagnostic.span.end)
    if moved is not None and ended is not None and moved <= ended:
        return moved, max(ended, moved + 1)
    for hunk in texts.hunks:
        if hunk.old.start <= diagnostic.span.start < max(hunk.old.end, hunk.old.start + 1):
            return _one_line(texts, diagnostic, hunk.new.start, hunk.new.end)
    return (moved, moved + 1) if moved is not None else (0, 0)


def _one_line(texts: Texts, diagnostic: Diagnostic, start: int, end: int) -> tuple[int, int]:
    row = texts.shift.row(_row(texts.old_lines.starts, diagnostic.span.start))
    if row is None or row >= len(texts.new_lines):
        return start, max(end - 1, start)
    return texts.new_lines.starts[row], texts.new_lines.end(row)


def _came_to_light(texts: Texts, diagnostic: Diagnostic, lost: frozenset[str] | None) -> bool:
    """Whether a problem was only hidden by the syntax errors of the text before, and is not the edit's doing."""
    if lost is None or _is_in_the_edit(texts, diagnostic):
        return False
    return not lost.intersection(re.findall(r"\w+", diagnostic.message))


def _is_consequence(texts: Texts, diagnostic: Diagnostic) -> bool:
    """Whether a warning says no more than which types are known, now that an error is mended. Where a project has made
    an error of it, as in the mode `strict`, it counts. What is needless by a type counts in the lines of the edit."""
    if diagnostic.severity != "warning":
        return False
    if _KNOWN_TYPES.fullmatch(diagnostic.code):
        return True
    return bool(_OF_KNOWN_TYPES.fullmatch(diagnostic.code)) and not _is_in_the_edit(texts, diagnostic)


def _errors(reported: Iterable[Diagnostic]) -> Counter[tuple[str, str]]:
    return Counter(_key(diagnostic) for diagnostic in reported if diagnostic.severity == "error")


def _is_in_the_edit(texts: Texts, diagnostic: Diagnostic) -> bool:
    return any(hunk.new.start <= diagnostic.span.start < hunk.new.end for hunk in texts.hunks)


def _key(diagnostic: Diagnostic) -> tuple[str, str]:
    return _code(diagnostic), _words(diagnostic.message)


def _words(message: str) -> str:
    return re.sub(r"\b(lines?|column|:)\s*\d+", r"\1", " ".join(message.split()).lower())


def _code(diagnostic: Diagnostic) -> str:
    # Some tools put a prefix before a number that others leave out: "ts2304", "TS2304", 2304; "lint/style/useConst".
    return re.sub(r"^ts(?=\d)", "", diagnostic.code.lower())


def _same_code(one: Diagnostic, other: Diagnostic) -> bool:
    if one.code and other.code:
        return _code(one) == _code(other)
    return _alike(one.message, other.message)


def _says_the_same(one: Diagnostic, other: Diagnostic) -> bool:
    if one.code and other.code and _code(one) == _code(other):
        return True
    return _alike(one.message, other.message)


def _alike(one: str, other: str) -> bool:
    return SequenceMatcher(None, _words(one), _words(other), autojunk=False).ratio() >= ALIKE


def _overlap(one: Diagnostic, other: Diagnostic) -> bool:
    return one.span.start < other.span.end and other.span.start < one.span.end


def _row(starts: list[int], offset: int) -> int:
    return max(bisect_right(starts, offset) - 1, 0)
