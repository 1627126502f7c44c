"""Where text is wanted: the query's document with the completion menu's selection already in place."""

from __future__ import annotations

from dataclasses import dataclass

from understudy.core.text import Document, Edit, Span, apply
from understudy.features.completion.anchor import Anchor
from understudy.features.completion.filters import Surroundings
from understudy.features.completion.outcome import Query


@dataclass(frozen=True, slots=True)
class Spot:
    """A cursor at `offset` of `document`."""

    document: Document
    offset: int

    @classmethod
    def of(cls, query: Query) -> Spot:
        """The spot of a query. What the menu has selected counts as typed, since accepting inserts it as well."""
        if query.selected is None:
            return cls(query.document, query.offset)
        edit = Edit(query.selected.span, query.selected.text)
        text = apply(query.document.text, (edit,))
        return cls(query.document.with_text(text), edit.span.start + len(edit.text))

    @property
    def anchor(self) -> Anchor:
        """The text around the cursor."""
        return Anchor.at(self.document, self.offset)

    def surroundings(self, *, block: bool) -> Surroundings:
        """What the filters look at."""
        text = self.document.text
        return Surroundings(text[: self.offset], text[self.offset :], block)


def edit_for(query: Query, text: str) -> Edit:
    """The edit that offers `text`: a pure insertion at the cursor wherever the menu's selection allows it.

    Clients preview any other replacement wrongly (Neovim overlays it, LSP4IJ keeps the replaced tail).
    """
    if query.selected is None:
        return Edit(Span(query.offset, query.offset), text)
    span, whole = query.selected.span, query.selected.text + text
    typed = query.document.text[span.start : query.offset]
    if span.end == query.offset and whole.startswith(typed):
        return Edit(Span(query.offset, query.offset), whole[len(typed) :])
    return Edit(span, whole)
