"""What the quick checkers see by themselves, for editors that send no problems: those in which no linter runs.

A menu may not wait for a checker, so a text is checked beforehand: when it is opened, and after a pause in typing. Once
the editor has sent a problem of some language, somebody else looks at that, and nothing is checked here any more.
"""

from __future__ import annotations

import asyncio

from understudy.checking.base import Checking, Overlay
from understudy.checking.checkers.table import CHECKERS
from understudy.checking.diagnostic import Diagnostic
from understudy.core.text import Document, Span
from understudy.features.codeaction.latest import Latest
from understudy.features.codeaction.problem import whole_lines

QUICK = ("ruff", "compile", "gofmt")
"""Checkers that read a text from standard input and are done with it in a few tens of milliseconds."""
LANGUAGES = frozenset(language for row in CHECKERS if row.name in QUICK for language in row.languages)
PAUSE_SECONDS = 1.0  # without a change, and so the least time between two checks
LONGEST = 300_000  # code points
MOST = 32  # documents


def quick(names: tuple[str, ...]) -> tuple[str, ...]:
    """Those of the setting `fix.checkers` that are quick."""
    return QUICK if "auto" in names else tuple(name for name in QUICK if name in names)


class Noticed:
    """What `checking`, which asks only quick checkers, has said of the open documents as they are now."""

    def __init__(self, checking: Checking) -> None:
        self._checking = checking
        self._told: set[str] = set()
        self._waiting: dict[str, Document] = {}
        self._found: dict[str, tuple[str, tuple[Diagnostic, ...]]] = {}
        self._work = Latest("A text could not be checked")

    def changed(self, before: Document | None, after: Document | None) -> None:
        """A document was opened (no `before`), changed, or closed (no `after`)."""
        if before is not None and (after is None or after.uri != before.uri):
            self._waiting.pop(before.uri, None)
            self._found.pop(before.uri, None)
        if after is None or after.language not in LANGUAGES - self._told or len(after.text) > LONGEST:
            return
        self._waiting.pop(after.uri, None)
        self._waiting[after.uri] = after
        if len(self._waiting) > MOST:
            del self._waiting[next(iter(self._waiting))]
        self._work.begin(self._check)

    def told(self, language: str) -> None:
        """The editor has sent problems of a language."""
        self._told.add(language)
        self._waiting = {uri: it for uri, it in self._waiting.items() if it.language != language}

    def at(self, document: Document, span: Span) -> tuple[Diagnostic, ...]:
        """The problems of the lines that a cursor or a selection touches; none while the text is not checked."""
        text, found = self._found.get(document.uri, ("", ()))
        if text != document.text or document.language in self._told:
            return ()
        lines = whole_lines(text, span)
        return tuple(it for it in found if it.span.start <= lines.end and it.span.end >= lines.start)

    async def aclose(self) -> None:
        """Stop, and wait until the checkers have ended."""
        await self._work.aclose()

    async def _check(self) -> None:
        """Check what waits, the newest first, once nobody types."""
        await asyncio.sleep(PAUSE_SECONDS)
        while self._waiting:
            document = next(reversed(self._waiting.values()))
            reports = await self._checking.check(Overlay(document), None)
            # The first that can say something: others would say the same of broken syntax in other words.
            found = next((it.diagnostics for it in reports if it.diagnostics is not None), ())
            if self._waiting.get(document.uri) is document:
                del self._waiting[document.uri]
                self._keep(document, found)

    def _keep(self, document: Document, found: tuple[Diagnostic, ...]) -> None:
        self._found.pop(document.uri, None)
        self._found[document.uri] = document.text, found
        if len(self._found) > MOST:
            del self._found[next(iter(self._found))]
