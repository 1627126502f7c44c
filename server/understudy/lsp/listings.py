"""The entries of the menus that were listed lately. The client carries an entry's id; what it stands for stays here."""

from __future__ import annotations

import itertools
import secrets
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from understudy.core.text import Document, apply
from understudy.features.codeaction.outcome import Offer, Proposal
from understudy.lsp.sync import key_of

KEPT = 24  # menus; each holds on to the text that it was made for


@dataclass(slots=True)
class Entry:
    """One entry. `handed`: the edit that the client was given with it, to apply when the entry is chosen; `taken`: the
    text has become what that edit makes of it."""

    offer: Offer
    handed: Proposal | None = None
    taken: bool = False


class Listings:
    """The last menus of a conversation. Ids hold for it alone: an editor may keep a menu open while the server is
    started anew, and the same id must not lead to another edit then."""

    def __init__(self, kept: int = KEPT) -> None:
        self._menus: deque[dict[str, Entry]] = deque(maxlen=kept)
        self._numbers = itertools.count(1)
        self._prefix = secrets.token_hex(3)

    def add(self, offers: Sequence[Offer]) -> list[tuple[str, Entry]]:
        """Keep one menu; its entries with their ids."""
        menu = {f"{self._prefix}-{next(self._numbers)}": Entry(offer) for offer in offers}
        if menu:
            self._menus.append(menu)
        return list(menu.items())

    def get(self, key: object) -> Entry | None:
        """The entry with this id; None for one that is forgotten, and for what is no id."""
        if not isinstance(key, str):
            return None
        return next((menu[key] for menu in self._menus if key in menu), None)

    def taken(self, document: Document) -> Entry | None:
        """The entry whose edit the client has applied by itself, if `document` is what came of it; once."""
        for entry in self._handed():
            if entry.handed is not None and _became(entry.handed, document):
                for other in self._handed():  # an editor that shows a light bulb asks again and again
                    other.taken = other.taken or other.handed == entry.handed
                return entry
        return None

    def _handed(self) -> Iterator[Entry]:
        """The entries that the client may apply by itself, and has not yet."""
        entries = (entry for menu in reversed(self._menus) for entry in menu.values())
        return (entry for entry in entries if entry.handed is not None and not entry.taken)


def _became(proposal: Proposal, document: Document) -> bool:
    file = next((file for file in proposal.files if key_of(file.document.uri) == key_of(document.uri)), None)
    if file is None or not file.edits:
        return False
    grown = sum(len(edit.text) - (edit.span.end - edit.span.start) for edit in file.edits)
    # The lengths first: this is asked at every key.
    return len(document.text) == len(file.document.text) + grown and document.text == apply(
        file.document.text, file.edits
    )
