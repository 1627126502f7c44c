"""Secrets inside ordinary files: found by their shapes, and masked in every text before it is shown to a model.

A mask keeps the lines where they are and says about how long the secret was, so that a key that is typed does not move
the prompt at each letter. The same text is always masked in the same way, and a masked text stays as it is.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import accumulate

from understudy.context.privacy.secret_shapes import ASSIGNED, NAMES, SHAPES, Name, is_bare, is_key_line
from understudy.core.text import split_lines

SHORT, LONG, KEY_LINE = "MASKED_SECRET", "MASKED_LONG_SECRET", "MASKED_KEY_LINE"
LONGEST_SHORT = 40
MASKS = (SHORT, LONG, KEY_LINE)
STEM = "MASKED_"
WHOLE = re.compile("|".join(MASKS))
# A mask in what a model wrote, or the beginning of one where the answer was cut off.
WRITTEN = re.compile(
    rf"{WHOLE.pattern}|(?:{'|'.join(it[:n] for it in MASKS for n in range(len(it), len(STEM) - 1, -1))})\Z"
)
LEAST = 3  # characters of a secret that matter: what is left beside a mask may be a quote or a comma
PASSES = 8  # what a mask uncovers is found in the next pass; one is nearly always enough

BEGIN, END = (
    re.compile(r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----"),
    re.compile(r"-----END [A-Z0-9 ]{0,40}PRIVATE KEY"),
)
# A line of a key, as it is or in a comment, a list, a string, a list of strings, a diff, or several of them at once.
# No part gives back what it has taken (`++`): else a line of one character takes time with the square of its length.
BEFORE = r"[ \t]*+[^A-Za-z0-9_\r\n]{0,12}[brfu]{0,2}[\"'`]{0,3}"
LINE = re.compile(
    rf"{BEFORE}(?P<key>[A-Za-z0-9+/_-]++={{0,2}})"
    r"(?:\\+[nr])*\\?[\"'`]{0,3}[ \t]*[+,;.)\]\\]*[ \t]*(?:\*/|-->)?[ \t]*[\r\n]*"
)
# OpenPGP's and old OpenSSL's blocks have some lines of their own first.
HEADER = re.compile(r"[^\w]*(?:(?:Proc-Type|DEK-Info|Version|Comment|Hash|Charset|MessageID):.*)?[^\w]*")
SEED = re.compile(rf"^{BEFORE}[A-Za-z0-9+/]{{40,}}", re.MULTILINE)
NUMBER = re.compile(r"(?:0[xX])?(?:[0-9a-f]+|[0-9A-F]+)")  # a hash, or a long number
NEIGHBOUR = 8
REACH = 2048  # characters on both sides of a cut that are looked through: longer than nearly every token
LONGEST_HEADER = 200

MAX_KNOWN = 50_000  # lines that are remembered, several times those of all open files

_KNOWN: dict[str, tuple[tuple[int, int], ...]] = {}

Spans = list[tuple[int, int, str]]


def masked(text: str) -> str:
    """`text` with every secret in it replaced by a mask; the same number of lines."""
    for _ in range(PASSES):
        found = spans(text)
        if not found:
            return text
        text = _replaced(text, found)
    return text


def masked_around(prefix: str, suffix: str) -> tuple[str, str]:
    """The text on both sides of a cursor, masked. A secret that the cursor stands in is masked on both sides."""
    text, offset = prefix + suffix, len(prefix)
    found = spans(text)
    before = [(start, min(end, offset), mask) for start, end, mask in found if start < offset]
    after = [(max(start, offset) - offset, end - offset, mask) for start, end, mask in found if end > offset]
    return masked(_replaced(prefix, before)), masked(_replaced(suffix, after))


def outside(text: str, edge: int, *, later: bool) -> int:
    """Where to cut a text at `edge` or near it: not within a secret, but behind it (`later`) or before it. What is left
    of one that was cut may look like nothing, and would be shown."""
    first = max(0, edge - REACH)
    for start, end, _ in spans(text[first : edge + REACH]):
        if first + start < edge < first + end:
            return first + (end if later else start)
    return edge


def holds_mask(text: str) -> bool:
    """Whether a mask, or the beginning of one at the end, stands in a text."""
    return STEM in text and WRITTEN.search(text) is not None


def spans(text: str) -> Spans:
    """Where the secrets in `text` are, in order and apart from each other: start, end, and the mask for it."""
    lines = split_lines(text)
    found = [(start, end, LONG if end - start > LONGEST_SHORT else SHORT) for start, end in _shaped(lines)]
    if "PRIVATE KEY" in text or SEED.search(text) is not None:
        found += [(start, end, KEY_LINE) for start, end in _key_lines(lines)]
    if not found:
        return []
    masks = [match.span() for match in WHOLE.finditer(text)] if STEM in text else []
    begins = [start for start, _ in masks]
    kept: Spans = []
    for start, end, mask in found:
        touched = masks[max(0, bisect_right(begins, start) - 1) : bisect_left(begins, end)]
        if end - start - sum(max(0, min(end, last) - max(start, first)) for first, last in touched) >= LEAST:
            # A mask that a secret touches goes with it: else what is left would be another text to look at.
            kept += [(start, end, mask), *((first, last, SHORT) for first, last in touched if last > start)]
    apart: Spans = []
    for start, end, mask in sorted(kept):
        if apart and start < apart[-1][1]:
            first, last, chosen = apart[-1]
            apart[-1] = (first, max(last, end), chosen)
        else:
            apart.append((start, end, mask))
    return apart


def _shaped(lines: list[str]) -> Iterator[tuple[int, int]]:
    """The secrets that have a shape or a name. No shape goes on into another line, so that of a text in which one line
    has changed only that one is searched."""
    found = {line: _KNOWN.get(line) for line in lines}
    new = _searched([line for line, known in found.items() if known is None])
    if len(_KNOWN) + len(new) > MAX_KNOWN:
        _KNOWN.clear()
    _KNOWN.update(new)
    offset = 0
    for line in lines:
        known = found[line]
        for start, end in new[line] if known is None else known:
            yield offset + start, offset + end
        offset += len(line)


def _searched(lines: list[str]) -> dict[str, tuple[tuple[int, int], ...]]:
    """What is found in each of some lines, all at once: a search costs more to begin than to go on."""
    starts = [0, *accumulate(len(line) + 1 for line in lines)]
    found: dict[str, tuple[tuple[int, int], ...]] = dict.fromkeys(lines, ())
    for start, end in _found("\n".join([*lines, ""])):
        at = bisect_right(starts, start) - 1
        line, offset = lines[at], starts[at]
        found[line] = (*found[line], (start - offset, min(end - offset, len(line))))
    return found


def _found(text: str) -> Iterator[tuple[int, int]]:
    lower = text.lower()
    if len(lower) != len(text):  # a few letters are longer in small
        lower = "".join(low if len(low := character.lower()) == 1 else character for character in text)
    for shape in SHAPES:
        for match in shape.matches(text, lower):
            group = match.lastgroup or 0
            if shape.fits(match[group]):
                yield match.span(group)
    for name in NAMES:
        yield from _given_to(name, text, lower)


def _given_to(name: Name, text: str, lower: str) -> Iterator[tuple[int, int]]:
    """What is assigned to names with this part. Found by the string search, which takes a tenth of an expression's
    time where the case of letters is open."""
    at = lower.find(name.part)
    while at >= 0:
        end = at + len(name.part)
        if not name.of or lower[max(0, at - 12) : at].rstrip("_.- ").endswith(name.of):
            match = ASSIGNED.match(text, end)
            if match is not None and _is_secret(name, match):
                yield match.span(match.lastgroup or 0)
        at = lower.find(name.part, end)


def _is_secret(name: Name, match: re.Match[str]) -> bool:
    value = match[match.lastgroup or 0]
    return name.fits(value) and (match.lastgroup == "quoted" or is_bare(value))


def _key_lines(lines: list[str]) -> Iterator[tuple[int, int]]:
    """The lines of private keys: below a first line, above a last one, and around any full line of base64, since the
    text may be a part of a file."""
    cores = [LINE.fullmatch(line) for line in lines]
    taken: set[int] = set()
    for number, line in enumerate(lines):
        core = cores[number]
        if number in taken:
            continue
        if core is not None and not NUMBER.fullmatch(core["key"]) and is_key_line(core["key"]):
            taken |= {number, *_run(cores, lines, number, -1), *_run(cores, lines, number, 1)}
        elif BEGIN.search(line):
            taken |= set(_run(cores, lines, number, 1, block=True))
        elif END.search(line):
            taken |= set(_run(cores, lines, number, -1, block=True))
    offset = 0
    for number, line in enumerate(lines):
        core = cores[number]
        if number in taken and core is not None:
            yield offset + core.start("key"), offset + core.end("key")
        offset += len(line)


def _run(
    cores: list[re.Match[str] | None], lines: list[str], number: int, step: int, *, block: bool = False
) -> Iterator[int]:
    """The lines of a key from the one beside `number` on; in a `block` short ones and headers are its lines as well."""
    number += step
    while 0 <= number < len(lines):
        core = cores[number]
        if core is None and not (block and len(lines[number]) < LONGEST_HEADER and HEADER.fullmatch(lines[number])):
            return
        if core is not None and not block and not _is_part(core["key"]):
            return
        yield number
        number += step


def _is_part(key: str) -> bool:
    """Whether a line beside one of a key belongs to it: its last, its first half in sight, or a mask; but no name."""
    return key == KEY_LINE or ("_" not in key and (len(key) >= NEIGHBOUR or not key.isalpha()))


def _replaced(text: str, found: Spans) -> str:
    parts: list[str] = []
    done = 0
    for start, end, mask in found:
        parts += [text[done:start], mask]
        done = end
    return "".join([*parts, text[done:]])
