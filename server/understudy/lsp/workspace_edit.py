"""A proposal as LSP's `WorkspaceEdit`, in the form that the client knows.

What clients do with a form they have not declared ranges from dropping the edit to an internal error, so that nothing
is sent on a guess. `metadata` is never sent: Eglot takes none, and nobody needs it.
"""

from __future__ import annotations

from collections.abc import Iterable

from lsprotocol import types

from understudy.core.text import Edit, Span
from understudy.features.codeaction.outcome import FileEdit, Proposal
from understudy.lsp.client import Client
from understudy.lsp.sync import Buffer, Buffers

ANNOTATION = "understudy"


def workspace_edit(
    proposal: Proposal, client: Client, buffers: Buffers, *, annotated: bool = True
) -> types.WorkspaceEdit:
    """The edit for the texts as they are: whoever calls has carried it there, and knows that no new file is in the way.

    `annotated`: with the proposal's title, if the client knows change annotations.
    """
    files = [(file, _buffer(file, client, buffers)) for file in proposal.files]
    if not client.edits.versioned:
        return types.WorkspaceEdit(changes={buffer.uri: text_edits(file.edits, buffer) for file, buffer in files})
    annotated = annotated and client.edits.annotations
    # Files are made before anything is written: lsp-mode would take them in this order anyway.
    made = [file for file, _ in files if file.new and client.edits.creates]
    changes: list[types.TextDocumentEdit | types.CreateFile | types.RenameFile | types.DeleteFile] = [
        types.CreateFile(uri=file.document.uri, annotation_id=ANNOTATION if annotated else None) for file in made
    ]
    for file, buffer in files:
        opened = buffers.get(file.document.uri) is not None
        where = types.OptionalVersionedTextDocumentIdentifier(buffer.uri, buffer.version if opened else None)
        plain = text_edits(file.edits, buffer)
        edits: list[types.TextEdit | types.AnnotatedTextEdit | types.SnippetTextEdit] = [*plain]
        if annotated:
            edits = [types.AnnotatedTextEdit(ANNOTATION, edit.range, edit.new_text) for edit in plain]
        changes.append(types.TextDocumentEdit(where, edits))
    edit = types.WorkspaceEdit(document_changes=changes)
    if annotated:
        edit.change_annotations = {ANNOTATION: _annotation(proposal.title)}
    return edit


def range_of(buffer: Buffer, span: Span) -> types.Range:
    """The client's range of a span."""
    start, end = buffer.position(span.start), buffer.position(span.end)
    return types.Range(start=types.Position(*start), end=types.Position(*end))


def text_edits(edits: Iterable[Edit], buffer: Buffer) -> list[types.TextEdit]:
    """The edits of a text, in its order."""
    ordered = sorted(edits, key=lambda edit: (edit.span.start, edit.span.end))
    return [types.TextEdit(range_of(buffer, edit.span), edit.text) for edit in ordered]


def _annotation(title: str) -> types.ChangeAnnotation:
    """A title with the evidence that stands in brackets at its end set apart."""
    depth, at = 0, len(title)
    for at in range(len(title) - 1, -1, -1):
        depth += {")": 1, "(": -1}.get(title[at], 0)
        if depth <= 0:
            break
    label, bracket, evidence = title[:at].rstrip(), title[at : at + 1], title[at + 1 : -1]
    if not (title.endswith(")") and bracket == "(" and title[:at].endswith(" ")):
        label, evidence = title, ""
    return types.ChangeAnnotation(label, needs_confirmation=False, description=evidence or None)


def _buffer(file: FileEdit, client: Client, buffers: Buffers) -> Buffer:
    """The open text, whose URI is spelled as the client does; or one made of what is not open, to find positions in."""
    document = file.document
    return buffers.get(document.uri) or Buffer(
        document.uri, document.version, document.language, document.text, client.encoding
    )
