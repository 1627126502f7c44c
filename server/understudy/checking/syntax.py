"""Whether a changed text still parses: its syntax errors counted against those of the text before."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from understudy.checking.intent.revision import Revision
from understudy.context.syntax.grammar import TooSlow, grammar_for
from understudy.context.syntax.parsed import MAX_CHARACTERS
from understudy.context.syntax.source import Source

if TYPE_CHECKING:
    from tree_sitter import Node

# Seconds of a thread's time for one text; nobody waits at the keys for it, and broken code can take long.
PARSE_SECONDS = 5.0
SHOWN_ERRORS = 3


@dataclass(frozen=True, slots=True)
class Unparsed:
    """Why a text has no tree, in a few words: "no grammar for toml"."""

    why: str


def parse_pair(language: str, old: str, new: str) -> tuple[Source, Source] | Unparsed:
    """Both texts parsed; `language` is LSP's id."""
    grammar = grammar_for(language)
    if grammar is None:
        return Unparsed(f"no grammar for {language or 'this kind of file'}")
    if max(len(old), len(new)) > MAX_CHARACTERS:
        return Unparsed("the file is too long")
    try:
        before = Source.parse(grammar, old, PARSE_SECONDS)
        # Parsed from nothing: a tree that was edited may keep an error's shape that a reader of the file would not see.
        return before, Source.parse(grammar, new, PARSE_SECONDS)
    except TooSlow:
        return Unparsed("parsing takes too long")


def broken(revision: Revision) -> str:
    """What breaks the syntax, with the lines concerned, as the model is told; empty where nothing does.

    A sound text must stay sound. A broken one must not get worse, and where the error is the target it must get better:
    fewer errors, or none left in the lines that were changed (one error can hide others, which come to light).
    """
    had, has = revision.before.errors, revision.after.errors
    if not has:
        return ""
    if not had:
        return _shown(revision)
    if len(has) < len(had) and _extent(has) <= _extent(had):
        # What is left may reach over the changed lines from where it begins.
        return _shown(revision) if _in_touched_lines(revision, begins=True) else ""
    if _in_touched_lines(revision) or (len(has) > len(had) and not _is_mended(revision)):
        return _shown(revision)
    return ""


def _extent(errors: Sequence[Node]) -> int:
    """The bytes that errors take in: one that swallows the others is no better than they were."""
    return sum(node.end_byte - node.start_byte for node in errors)


def _in_touched_lines(revision: Revision, *, begins: bool = False) -> bool:
    """Whether an error is in changed lines, or begins there."""
    places = [(revision.after.byte(hunk.new.start), revision.after.byte(hunk.new.end)) for hunk in revision.texts.hunks]
    return any(
        node.start_byte < end and (node.start_byte if begins else node.end_byte) >= start
        for node in revision.after.errors
        for start, end in places
    )


def _is_mended(revision: Revision) -> bool:
    """Whether the target's place was in an error and is in none now: others may have come to light behind it."""
    place = revision.target_bytes
    if place is None or not any(
        node.start_byte <= place[1] and node.end_byte >= place[0] for node in revision.before.errors
    ):
        return False
    moved = revision.texts.shift.offset(revision.before.offset(place[0]))
    byte = revision.after.byte(moved) if moved is not None else None
    return byte is None or not any(node.start_byte <= byte <= node.end_byte for node in revision.after.errors)


def _shown(revision: Revision) -> str:
    lines = revision.texts.new_lines
    rows: dict[int, str] = {}
    for node in revision.after.errors:
        row = bisect_right(lines.starts, revision.after.offset(node.start_byte)) - 1
        what = f"missing {node.type!r}" if node.is_missing else "syntax error"
        rows.setdefault(row, f"Line {row + 1}: {what}\n{lines.bodies[row]}")
        if len(rows) == SHOWN_ERRORS:
            break
    return "\n".join(rows.values())
