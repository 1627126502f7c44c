"""Where a suggestion was made, remembered so that it can be found again after the user has typed on.

An anchor is the text around a cursor, not an offset: it still holds after an edit elsewhere in the file.
"""

from __future__ import annotations

from dataclasses import dataclass

from understudy.core.text import Document

BEFORE = 512  # code points kept before the cursor: more than a screen line, little enough to compare at every keystroke
AFTER = 160  # code points kept after it
TYPED = 2000  # the longest suggestion that is followed through
DELETED = 24  # the most that may be deleted from before the cursor for the suggestion to come back
CLOSERS = ")]}>\"'`"


@dataclass(frozen=True, slots=True)
class Drift:
    """What happened at an anchor since: `typed` was added after it, or `gone` deleted before it, never both.

    `closers` stand right after the cursor now and did not before: brackets and quotes that the editor closes by itself.
    """

    typed: str = ""
    gone: str = ""
    closers: str = ""


@dataclass(frozen=True, slots=True)
class Anchor:
    """The text around a cursor: up to `BEFORE` code points before it and up to `AFTER` after it."""

    uri: str
    before: str
    after: str

    @classmethod
    def at(cls, document: Document, offset: int) -> Anchor:
        """The anchor of a cursor at `offset`."""
        text = document.text
        return cls(document.uri, text[max(0, offset - BEFORE) : offset], text[offset : offset + AFTER])

    def drift(self, document: Document, offset: int) -> Drift | None:
        """How the cursor at `offset` stands to this anchor; None when it is not the continuation of the same typing."""
        if document.uri != self.uri:
            return None
        closers = self._closers(document.text, offset)
        if closers is None:
            return None
        typed = self._typed(document.text, offset)
        if typed is not None:
            return Drift(typed=typed, closers=closers)
        gone = self._gone(document.text, offset)
        return Drift(gone=gone, closers=closers) if gone else None

    def _typed(self, text: str, offset: int) -> str | None:
        if len(self.before) < BEFORE:  # the anchor begins where the document begins
            whole = text.startswith(self.before) and len(self.before) <= offset <= len(self.before) + TYPED
            return text[len(self.before) : offset] if whole else None
        found = text.rfind(self.before, max(0, offset - BEFORE - TYPED), offset)
        return None if found < 0 else text[found + BEFORE : offset]

    def _gone(self, text: str, offset: int) -> str:
        for count in range(1, min(DELETED, len(self.before)) + 1):
            kept = self.before[:-count]
            at_start = len(self.before) < BEFORE
            if text.endswith(kept, 0, offset) if not at_start else (offset == len(kept) and text.startswith(kept)):
                gone = self.before[-count:]
                return "" if "\n" in gone or "\r" in gone else gone
        return ""

    def _closers(self, text: str, offset: int) -> str | None:
        if text.startswith(self.after, offset) and (self.after or offset == len(text)):
            return ""
        end = offset
        while end < len(text) and text[end] in CLOSERS and end - offset < 4:
            end += 1
            if text.startswith(self.after, end) and (self.after or end == len(text)):
                return text[offset:end]
        return None
