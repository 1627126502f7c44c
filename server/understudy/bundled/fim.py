"""Where a document is split into prefix, middle and suffix, and how the parts are written for the model.

Pure Python over characters. The forms are those that the completion side sends, so that the model trains on what it is
asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

END = "<|endoftext|>"
PREFIX = "<|fim_prefix|>"
MIDDLE = "<|fim_middle|>"
SUFFIX = "<|fim_suffix|>"
PAD = "<|fim_pad|>"
REPOSITORY = "<|repo_name|>"
FILE = "<|file_sep|>"
TURN_START = "<|im_start|>"
TURN_END = "<|im_end|>"

SPECIAL_TOKENS = (END, TURN_START, TURN_END, PREFIX, MIDDLE, SUFFIX, PAD, REPOSITORY, FILE)
"""In the order of Qwen2.5-Coder's vocabulary; a token's place here is its id."""

ORDERS = ("psm", "spm")
"""Prefix first and suffix first."""

_BOUNDARIES = " (.,=[:{"


@dataclass(frozen=True)
class Hole:
    """A document cut in three: `prefix + middle + suffix` is the text, unless the suffix was shortened or left out."""

    prefix: str
    middle: str
    suffix: str


def prompt(prefix: str, suffix: str, order: str) -> str:
    """The text up to where the model begins the middle. Raises ValueError for an order that is not in `ORDERS`.

    In the second order nothing stands between prefix and middle, as in Bavarian et al. 2022 (arXiv 2207.14255, section
    3): to go on from a prefix is what plain text teaches, so a small network can do it.
    """
    if order == "psm":
        return f"{PREFIX}{prefix}{SUFFIX}{suffix}{MIDDLE}"
    if order == "spm":
        return f"{PREFIX}{SUFFIX}{suffix}{MIDDLE}{prefix}"
    raise ValueError(f"order must be one of {ORDERS}, not {order!r}")


def repository_head(name: str, files: list[tuple[str, str]], path: str) -> str:
    """The text before the current file in the repository form: its name, others as (path, text), the current path."""
    others = "".join(f"{FILE}{other}\n{text.rstrip(chr(10))}\n" for other, text in files)
    return f"{REPOSITORY}{name}\n{others}{FILE}{path}\n"


def cut(text: str, random: Random) -> Hole | None:
    """A random hole whose ends favour statement starts and line ends; None when the text has no line with code.

    Most middles are the rest of one line, a fifth go on over more lines, a few are empty or end inside their line.
    """
    starts = line_starts(text)
    rows = [row for row in range(len(starts)) if _code(line_at(text, starts, row))]
    if not rows:
        return None
    row = random.choice(rows)
    line = line_at(text, starts, row)
    begin = starts[row] + _column(line, random)
    end = starts[row] + len(line)
    last = random.random()
    if last < 0.20:
        end = _block_end(text, starts, row, 1 + int(random.expovariate(0.4)))
    elif last < 0.27 and end - begin > 1:
        end = begin + random.randint(1, end - begin - 1)
    elif last < 0.30:
        begin = end
    return Hole(text[:begin], text[begin:end], _shortened(text[end:], random))


def line_starts(text: str) -> list[int]:
    """Offsets at which the lines of `text` begin, the empty last one left out."""
    starts = [0] + [place + 1 for place, character in enumerate(text) if character == "\n"]
    return starts[:-1] if starts[-1] == len(text) and len(starts) > 1 else starts


def line_at(text: str, starts: list[int], row: int) -> str:
    """The line without its line end."""
    end = starts[row + 1] - 1 if row + 1 < len(starts) else len(text.rstrip("\n"))
    return text[starts[row] : max(starts[row], end)]


def _code(line: str) -> bool:
    stripped = line.strip()
    return len(stripped) > 1 and not stripped.startswith("#")


def _column(line: str, random: Random) -> int:
    """Where in the line the middle begins."""
    indent = len(line) - len(line.lstrip())
    kind = random.random()
    if kind < 0.38:
        return indent
    if kind < 0.68:
        places = [place + 1 for place in range(indent, len(line) - 1) if line[place] in _BOUNDARIES]
        return random.choice(places) if places else indent
    if kind < 0.92:
        return random.randint(indent, len(line) - 1)
    return 0


def _block_end(text: str, starts: list[int], row: int, more: int) -> int:
    """The end of a line at most `more` lines on, staying in the block that the first line opens or is part of."""
    line = line_at(text, starts, row)
    indent = len(line) - len(line.lstrip())
    last = row
    for after in range(row + 1, min(row + 1 + more, len(starts))):
        other = line_at(text, starts, after)
        if other.strip():
            if len(other) - len(other.lstrip()) < indent:
                break
            last = after
    return starts[last] + len(line_at(text, starts, last))


def _shortened(suffix: str, random: Random) -> str:
    kind = random.random()
    if kind < 0.15:
        return ""
    if kind < 0.45 and suffix:
        return suffix[: random.randint(1, len(suffix))]
    return suffix
