"""One search/replace block: the values that pass between reading an answer, matching it and applying it."""

from __future__ import annotations

from dataclasses import dataclass

from understudy.core.text import Edit


@dataclass(frozen=True, slots=True)
class Block:
    """The lines that the model quoted, and those that are to stand in their place; none has a line end.

    `path` is the file that the model named above the block, or above one before it; empty where it named none.
    `others` are further ways to read the same answer, where lines of the code look like a marker or a fence: which of
    them is meant, the text decides (`patch`). They have no others themselves.
    """

    search: tuple[str, ...]
    replace: tuple[str, ...]
    path: str = ""
    others: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class Patched:
    """Blocks that were found, each in one place only. `edits` are minimal and refer to the text that was searched;
    `text` is that text after them."""

    text: str
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Unmatched:
    """Why nothing was applied: a sentence for the model, which shows it the closest lines with their numbers; `reason`
    is the same in a few words for the user."""

    reason: str
    explanation: str
