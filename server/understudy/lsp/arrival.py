"""Whether an edit that was sent to a client has arrived, told by the texts that it speaks of afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, auto
from itertools import pairwise

from understudy.core.text import apply, split_lines
from understudy.editing.hunks import hunks
from understudy.editing.rebase import rebased
from understudy.features.codeaction.outcome import FileEdit
from understudy.lsp.convert import Encoding
from understudy.lsp.sync import Buffer, Change
from understudy.lsp.workspace_edit import text_edits


class Arrival(Enum):
    """How much of an edit is in a text."""

    WHOLE = auto()
    NOTHING = auto()
    OTHERWISE = auto()
    """A part of it, or it stands in a wrong place, or nobody can tell."""


def arrival(file: FileEdit, texts: Sequence[str | None]) -> Arrival:
    """What has become of `file`'s edit. `texts`: the file's text when it was sent and after each change since, the
    last one as it is now; None where there is no such file."""
    before, after = file.document.text, apply(file.document.text, file.edits)
    # What has arrived once stays arrived, whatever the user has typed into it since.
    if any(text is not None and _made(file, text, after) for text in texts):
        return Arrival.WHOLE
    now = texts[-1]
    if now is None or now == before:
        return Arrival.NOTHING
    # The user types meanwhile. The edit is there if it could be taken back, and it is not if it could still be made.
    if rebased(hunks(after, before), after, now) is not None:
        return Arrival.WHOLE
    if _misplaced(file, [text for text in texts if text is not None]):
        return Arrival.OTHERWISE
    return Arrival.NOTHING if rebased(file.edits, before, now) is not None else Arrival.OTHERWISE


def _made(file: FileEdit, text: str, after: str) -> bool:
    return text == after or (file.new and _lines(text) == _lines(after))


def _lines(text: str) -> list[str]:
    """The lines of a new file: an editor ends them its own way, the last one perhaps where we have not."""
    return [line.rstrip("\r\n") for line in split_lines(text.rstrip("\r\n"))]


def _misplaced(file: FileEdit, texts: Sequence[str]) -> bool:
    """Whether the edit was applied at its lines and columns to a text that it was not made for: LSP4IJ and kakoune-lsp
    look at no version, and the user types faster than an edit travels."""
    if file.new:
        return False
    document = file.document
    # Any unit does, as long as it is the same both ways.
    source = Buffer(document.uri, 0, document.language, document.text, Encoding.UTF32)
    changes = [Change(edit.new_text, edit.range) for edit in reversed(text_edits(file.edits, source))]
    for one, other in pairwise(texts):
        moved = Buffer(document.uri, 0, document.language, one, Encoding.UTF32)
        moved.change(1, changes)
        if one != document.text and moved.document().text == other:
            return True
    return False
