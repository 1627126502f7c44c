"""Proposals in the forms that clients know."""

from __future__ import annotations

from typing import Any

import pytest
from odd_editor import plain

from understudy.core.text import Document, Edit, Span
from understudy.features.codeaction.outcome import FileEdit, Proposal
from understudy.lsp.client import Client, Edits
from understudy.lsp.convert import Encoding
from understudy.lsp.sync import Buffers
from understudy.lsp.workspace_edit import workspace_edit

OPEN = Document("file:///p/a b.py", 3, "python", "x = '😀' + 1\r\ny = 2\r\n")
CLOSED = Document("file:///p/c.py", 0, "python", "z = 3\n")
NEW = Document("file:///p/new.py", 0, "python", "")
SPELLED = "file:///p/a%20b.py"  # as the client does
EDITS = (Edit(Span(13, 14), "Y"), Edit(Span(10, 11), "2"))  # in no order
EVERYTHING = Client(edits=Edits(applied=True, versioned=True, annotations=True, creates=True))
VERSIONED = Client(edits=Edits(applied=True, versioned=True))
TITLE = "Fix: f(x) (parses; not re-checked: pyright (1.1) is not installed)"


def files(*, new: bool = True) -> Proposal:
    one = (FileEdit(OPEN, EDITS), FileEdit(CLOSED, (Edit(Span(4, 5), "4"),)))
    return Proposal(TITLE, (*one, *([FileEdit(NEW, (Edit(Span(0, 0), "n\n"),), new=True)] * new)), checked=False)


def buffers() -> Buffers:
    found = Buffers(Encoding.UTF16)
    found.open(SPELLED, 3, "python", OPEN.text)
    return found


def form(client: Client, proposal: Proposal, **how: bool) -> Any:
    return plain(workspace_edit(proposal, client, buffers(), **how))


def at(line: int, start: int, end: int) -> dict[str, Any]:
    return {"start": {"line": line, "character": start}, "end": {"line": line, "character": end}}


def test_the_whole_form() -> None:
    edit = form(EVERYTHING, files())
    made, own, closed, new = edit["documentChanges"]
    assert made == {"kind": "create", "uri": NEW.uri, "annotationId": "understudy"}
    assert own["textDocument"] == {"uri": SPELLED, "version": 3}
    assert [(it["range"], it["newText"]) for it in own["edits"]] == [(at(0, 11, 12), "2"), (at(1, 0, 1), "Y")]
    assert closed["textDocument"] == {"uri": CLOSED.uri, "version": None}
    assert new["textDocument"] == {"uri": NEW.uri, "version": None}
    assert {it["annotationId"] for change in (own, closed, new) for it in change["edits"]} == {"understudy"}
    assert edit["changeAnnotations"] == {
        "understudy": {
            "label": "Fix: f(x)",
            "description": "parses; not re-checked: pyright (1.1) is not installed",
            "needsConfirmation": False,
        }
    }


def test_what_a_client_does_not_know_is_left_out() -> None:
    for edit in (form(VERSIONED, files()), form(EVERYTHING, files(new=False), annotated=False)):
        assert "annotation" not in str(edit).lower()
        assert "kind" not in str(edit)
    assert [it["textDocument"]["uri"] for it in form(VERSIONED, files())["documentChanges"]] == [
        *(SPELLED, CLOSED.uri, NEW.uri)
    ]


def test_the_form_without_versions() -> None:
    edit = form(Client(edits=Edits(applied=True, annotations=True)), files())
    assert list(edit) == ["changes"]
    assert {uri: len(edits) for uri, edits in edit["changes"].items()} == {SPELLED: 2, CLOSED.uri: 1, NEW.uri: 1}


@pytest.mark.parametrize("encoding", list(Encoding))
def test_columns_are_the_clients(encoding: Encoding) -> None:
    client = Client(encoding=encoding, edits=VERSIONED.edits)
    text = "x = '😀' + 1\n"
    closed = Document("file:///p/wide.py", 0, "python", text)
    edit = plain(
        workspace_edit(Proposal("t", (FileEdit(closed, (Edit(Span(10, 11), "2"),)),), checked=True), client, buffers())
    )
    column = {Encoding.UTF8: 13, Encoding.UTF16: 11, Encoding.UTF32: 10}[encoding]
    assert edit["documentChanges"][0]["edits"][0]["range"] == at(0, column, column + 1)


@pytest.mark.parametrize("title", ["Document 'f(x)'", "Fix: '(' was never closed", "Call f(x)", "x)", ""])
def test_a_title_without_evidence_is_all_there_is(title: str) -> None:
    edit = form(EVERYTHING, Proposal(title, (FileEdit(OPEN, EDITS),), checked=False))
    assert edit["changeAnnotations"]["understudy"] == {"label": title, "needsConfirmation": False}
