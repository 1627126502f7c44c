"""Whether a changed text still parses: its syntax errors counted against those of the text before."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from understudy.checking.revision import Revision
from understudy.context.syntax.grammar import TooSlow, grammar_for
from understudy.context.syntax.parsed import MAX_CHARACTERS
from understudy.context.syntax.source import Source

# Seconds of a thread's time for one text; nobody waits at the keys for it, and broken code can take long.
PARSE_SECONDS = 5.0
SHOWN_ERRORS = 3


@dataclass(frozen=True, slots=True)
class Unparsed:
    """Why a text has no tree, in a few words: "no grammar for toml"."""

    why: str


def parse_pair(language: str, old: str, new: str) -> tuple[Source, Source] | Unparsed:
    """Both texts parsed, `language` being LSP's id. The tree of the first is reused for the second, and lines that the
    edit did not touch do not take long again."""
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
    touched = _in_touched_lines(revision)
    if len(has) < len(had) or (len(has) == len(had) and not touched):
        return ""
    hidden = not touched and not _target_is_broken_after(revision)
    return "" if hidden and _target_was_broken(revision) else _shown(revision)


def _in_touched_lines(revision: Revision) -> bool:
    places = [(revision.after.byte(hunk.new.start), revision.after.byte(hunk.new.end)) for hunk in revision.texts.hunks]
    return any(
        node.start_byte < end and node.end_byte >= start for node in revision.after.errors for start, end in places
    )


def _target_was_broken(revision: Revision) -> bool:
    statement = revision.target_statement
    return revision.target_bytes is not None and (revision.before.root.has_error if statement is None else True)


def _target_is_broken_after(revision: Revision) -> bool:
    target = revision.candidate.target
    place = revision.texts.shift.offset(target.span.start) if target is not None else None
    if place is None:
        return False
    byte = revision.after.byte(place)
    return any(node.start_byte <= byte <= node.end_byte for node in revision.after.errors)


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
