"""The entries of the last menus, and how it is told that one was taken."""

from __future__ import annotations

from understudy.core.text import Document, Edit, Span
from understudy.features.codeaction.outcome import FileEdit, Job, Offer, Proposal
from understudy.lsp.listings import Listings

BEFORE = Document("file:///p/a.py", 1, "python", "one two three")
OFFER = Offer(Job("fix", BEFORE, Span(4, 7)), "Fix", "quickfix")
PROPOSAL = Proposal("Fix", (FileEdit(BEFORE, (Edit(Span(4, 7), "zwei"),)),), checked=True)
AFTER = BEFORE.with_text("one zwei three")


def test_only_the_last_menus_are_kept() -> None:
    listings = Listings(kept=2)
    keys = [[key for key, _ in listings.add([OFFER] * count)] for count in (1, 2, 1)]
    assert listings.get(keys[0][0]) is None
    assert all(listings.get(key) is not None for key in keys[1] + keys[2])
    assert len({key for menu in keys for key in menu}) == 4
    assert listings.add([]) == []  # an empty menu pushes none out
    assert listings.get(keys[1][0]) is not None


def test_ids_hold_for_one_conversation() -> None:
    """An editor may keep a menu open while the server is started anew."""
    ((key, _),) = Listings().add([OFFER])
    other = Listings()
    other.add([OFFER])
    assert other.get(key) is None


def test_what_is_no_id() -> None:
    listings = Listings()
    listings.add([OFFER])
    assert [listings.get(key) for key in (None, 3, {"id": 1}, ["x"], "")] == [None] * 5


def test_an_edit_is_taken_once_however_often_it_was_listed() -> None:
    listings = Listings()
    for _ in range(3):
        ((_, entry),) = listings.add([OFFER])
        entry.handed = PROPOSAL
    assert listings.taken(BEFORE) is None
    assert listings.taken(BEFORE.with_text("one neun three")) is None  # as long as that
    taken = listings.taken(AFTER)
    assert taken is not None
    assert taken.offer is OFFER
    assert listings.taken(AFTER) is None


def test_another_spelling_of_the_uri_is_the_same_text() -> None:
    listings = Listings()
    ((_, entry),) = listings.add([OFFER])
    entry.handed = PROPOSAL
    assert listings.taken(Document("file:///p/%61.py", 2, "python", AFTER.text)) is entry


def test_what_was_not_handed_over_is_not_taken() -> None:
    listings = Listings()
    listings.add([OFFER])
    assert listings.taken(AFTER) is None
