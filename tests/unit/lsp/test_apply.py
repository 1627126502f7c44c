"""Whether an edit has arrived is told by the text, whatever the editor says of it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from fake_fixer import FakeFixer
from odd_editor import URI, VERSIONED, Editor, plain

from understudy.core.text import Document, Edit, Span
from understudy.features.codeaction.outcome import FileEdit, Proposal
from understudy.lsp.apply import ATTEMPTS, Applied, Patience, apply_edit
from understudy.lsp.client import Client, Edits
from understudy.lsp.session import Session

TEXT = "".join(f"line {number}\n" for number in range(10))
FIXED = TEXT.replace("line 3", "Zeile 3").replace("line 7", "Zeile 7")
SHORT = Patience(answer=0.1, changes=0.1)  # for what never comes
LONG = Patience(answer=60, changes=60)  # for what comes: the test ends as soon as it does


def proposal(text: str = TEXT) -> Proposal:
    edits = tuple(Edit(Span(at, at + 4), "Zeile") for at in (text.index("line 3"), text.index("line 7")))
    return Proposal("Fix (checked: parses)", (FileEdit(Document(URI, 1, "python", text), edits),), checked=True)


async def outcome(editor: Editor, session: Session, patience: Patience) -> Applied:
    return await apply_edit(session, proposal(), "Fix", FakeFixer().carried, patience)


@pytest.mark.parametrize("says", ["applied", "not applied", "error", "silence", "nonsense"])
@pytest.mark.parametrize("early", [False, True])
async def test_an_edit_that_arrives_has_arrived_whatever_is_said(says: str, early: bool) -> None:
    editor = Editor(TEXT, says=says, early=early)  # type: ignore[arg-type]
    assert await outcome(editor, editor.session(), LONG) is Applied.WHOLE
    assert editor.text == FIXED
    assert len(editor.sent) == 1


@pytest.mark.parametrize("says", ["applied", "not applied", "error", "silence", "nonsense"])
async def test_an_edit_that_does_not_arrive_has_not_whatever_is_said(says: str) -> None:
    editor = Editor(TEXT, does="nothing", says=says)  # type: ignore[arg-type]
    assert await outcome(editor, editor.session(), SHORT) is Applied.REFUSED
    assert len(editor.sent) == 1  # the text is the same, so that it would be refused again


async def test_a_part_of_an_edit_is_known_for_one() -> None:
    editor = Editor(TEXT, does="first")
    assert await outcome(editor, editor.session(), SHORT) is Applied.OTHERWISE


@pytest.mark.parametrize("says", ["applied", "error"])
async def test_an_edit_that_the_users_typing_overtook_is_sent_again_for_the_new_text(says: str) -> None:
    editor = Editor(TEXT, says=says, types=["# one\n", "# two\n"])  # type: ignore[arg-type]
    assert await outcome(editor, editor.session(), SHORT) is Applied.WHOLE
    assert editor.text == "# two\n# one\n" + FIXED
    assert [it["edit"]["documentChanges"][0]["textDocument"]["version"] for it in plain(editor.sent)] == [1, 2, 3]


async def test_it_is_not_sent_for_ever() -> None:
    editor = Editor(TEXT, types=[f"# {number}\n" for number in range(ATTEMPTS + 5)])
    assert await outcome(editor, editor.session(), SHORT) is Applied.REFUSED
    assert len(editor.sent) == ATTEMPTS


async def test_typing_right_after_the_edit_does_not_hide_it() -> None:
    editor = Editor(TEXT, after="# typed\n")
    assert await outcome(editor, editor.session(), LONG) is Applied.WHOLE


async def test_an_edit_that_went_elsewhere_is_not_sent_again() -> None:
    """LSP4IJ looks at no version: what the user typed before the edit came has moved the lines."""
    editor = Editor(TEXT, types=["# typed\n"], checks=False)
    assert await outcome(editor, editor.session(), SHORT) is Applied.OTHERWISE
    assert len(editor.sent) == 1


async def test_typing_where_the_edit_belongs_is_the_end_of_it() -> None:
    editor = Editor(TEXT)
    session = editor.session()
    editor.text = TEXT.replace("line 3", "my line 3")
    editor.type("")
    assert await outcome(editor, session, LONG) is Applied.MOVED_ON
    assert not editor.sent


async def test_another_spelling_of_its_uri_leads_to_the_open_text() -> None:
    editor = Editor(TEXT)
    session = editor.session()
    spelled = replace(proposal().files[0], document=Document("file:///project/%61.py", 1, "python", TEXT))
    found = replace(proposal(), files=(spelled,))
    editor.type("# typed\n")
    assert await apply_edit(session, found, "Fix", FakeFixer().carried, LONG) is Applied.WHOLE
    assert editor.text == f"# typed\n{FIXED}"
    assert plain(editor.sent[0])["edit"]["documentChanges"][0]["textDocument"] == {"uri": URI, "version": 2}


async def test_what_the_user_types_while_the_disk_is_read_is_heeded() -> None:
    editor = Editor(TEXT)
    session = editor.session()
    waiting = asyncio.create_task(outcome(editor, session, LONG))
    await asyncio.sleep(0)  # it looks at the disk now
    assert not editor.sent
    editor.type("# typed\n")
    assert await waiting is Applied.WHOLE
    assert editor.text == f"# typed\n{FIXED}"
    assert len(editor.sent) == 1


async def test_what_the_user_has_typed_by_hand_is_not_sent() -> None:
    editor = Editor(TEXT)
    session = editor.session()

    def typed_by_hand(found: Proposal, documents: Mapping[str, Document]) -> Proposal:
        return replace(found, files=tuple(replace(file, edits=()) for file in found.files))

    assert await apply_edit(session, proposal(), "Fix", typed_by_hand, LONG) is Applied.WHOLE
    assert not editor.sent


async def test_a_change_that_is_told_late_is_waited_for() -> None:
    editor = Editor(TEXT, quiet=True)
    session = editor.session()
    waiting = asyncio.create_task(outcome(editor, session, LONG))
    done, _ = await asyncio.wait([waiting], timeout=0.1)
    assert not done
    assert editor.text == FIXED
    editor.quiet = False
    editor.type("")
    assert await waiting is Applied.WHOLE


def making(path: Path) -> Proposal:
    new = Document(path.as_uri(), 0, "python", "")
    return Proposal("Test", (FileEdit(new, (Edit(Span(0, 0), "made\n"),), new=True),), checked=False)


async def test_no_file_is_made_where_one_is(tmp_path: Path) -> None:
    editor = Editor(TEXT)
    session = editor.session()
    for name in ("file", "folder", "link"):
        path = tmp_path / name
        {"file": path.touch, "folder": path.mkdir, "link": lambda path=path: path.symlink_to("nowhere")}[name]()
        assert await apply_edit(session, making(path), "Test", FakeFixer().carried, LONG) is Applied.IN_THE_WAY
    assert not editor.sent


async def test_a_closed_file_that_has_another_text_by_now_is_left_alone(tmp_path: Path) -> None:
    """Neovim and Emacs load the file and apply what was meant for its old text."""
    path = tmp_path / "closed.py"
    closed = Document(path.as_uri(), 0, "python", "one\ntwo\n")
    found = Proposal("Test", (FileEdit(closed, (Edit(Span(0, 3), "1"),)),), checked=False)
    editor = Editor(TEXT)
    session = editor.session()
    for written in (b"zero\none\ntwo\n", None):
        path.unlink(missing_ok=True) if written is None else path.write_bytes(written)
        assert await apply_edit(session, found, "Test", FakeFixer().carried, LONG) is Applied.MOVED_ON
    assert not editor.sent
    path.write_bytes(b"one\r\ntwo\r\n")
    assert await apply_edit(session, found, "Test", FakeFixer().carried, SHORT) is Applied.REFUSED
    assert len(editor.sent) == 1


@pytest.mark.parametrize(
    ("edits", "kinds"),
    [(VERSIONED.edits, ["edit"]), (Edits(applied=True, versioned=True, creates=True), ["create", "edit"])],
)
async def test_a_new_file_is_made_by_those_who_can_and_else_written_to(
    tmp_path: Path, edits: Edits, kinds: list[str]
) -> None:
    """Eglot answers `create` with an error and has done nothing; a text edit of a file that is not there works."""

    class Maker(Editor):
        def _apply(self, edit: object) -> None:
            (tmp_path / "new.py").write_text("made\n")

    editor = Maker(TEXT)
    session = editor.session(Client(edits=edits))
    assert await apply_edit(session, making(tmp_path / "new.py"), "Test", FakeFixer().carried, LONG) is Applied.WHOLE
    changes = plain(editor.sent[0])["edit"]["documentChanges"]
    assert [change.get("kind", "edit") for change in changes] == kinds
    assert changes[-1]["textDocument"]["version"] is None
