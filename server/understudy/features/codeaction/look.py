"""One place in one document, as the rows of the table see it: what is found out for one is there for the next."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from understudy.checking.diagnostic import Diagnostic
from understudy.context.syntax.parsed import Parsed
from understudy.context.workspace import Workspace
from understudy.core.text import Document, Span
from understudy.features.codeaction.problem import rows_of, whole_lines
from understudy.features.codeaction.scope import Defined, around, cover, enclosing, stretch, with_blanks


@dataclass(frozen=True)
class Look:
    """`span` is a cursor or a selection. `asks`: the user can be asked for a line of text. Everything else is found at
    its first use and kept; what needs a tree is empty while there is none."""

    document: Document
    span: Span
    workspace: Workspace
    diagnostics: tuple[Diagnostic, ...] = ()
    asks: bool = False

    @cached_property
    def parsed(self) -> Parsed | None:
        """The document with its tree."""
        return self.workspace.parse(self.document)

    @cached_property
    def around(self) -> tuple[Defined, ...]:
        """The definitions around the place, the outermost first."""
        return around(self.parsed, self.span) if self.parsed is not None else ()

    @cached_property
    def here(self) -> Defined | None:
        """The innermost of them that has a name and is one: neither a callback nor Rust's `impl`."""
        named = (it for it in reversed(self.around) if it.kind != "nameless" and it.scope.what != "extension")
        return next((it for it in named if it.name and not self._misread(it)), None)

    @cached_property
    def function(self) -> Defined | None:
        """The function or method that is innermost."""
        return self.here if self.here is not None and self.here.kind != "class" else None

    def _misread(self, it: Defined) -> bool:
        """Whether a definition with broken syntax goes on here by the tree alone: by the margin something else does."""
        if not it.scope.node.has_error or self.parsed is None:
            return False
        source = self.parsed.source
        return source.offset(it.scope.names[0].end_byte) < stretch(source.text, self.span).start

    @property
    def selected(self) -> bool:
        """Whether more than blanks is selected."""
        return bool(self.document.text[self.span.start : self.span.end].strip())

    def enclosing(self, span: Span) -> Span:
        """The definition or statement around a span, and its own lines."""
        text = self.document.text
        found = enclosing(self.parsed, span) if self.parsed is not None else stretch(text, span)
        own = whole_lines(text, span)
        return cover(found, own) if found is not None else own

    def scope(self, span: Span) -> Span:
        """What may change where `span` is to: with the blank lines around it."""
        return with_blanks(self.document.text, span)

    def rows(self, span: Span) -> tuple[int, int]:
        """The first and the last row of a span."""
        return rows_of(self.document.text, span)
