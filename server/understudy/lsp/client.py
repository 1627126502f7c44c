"""What the client can do and who it is, read once from its `initialize` request.

The request is read as plain JSON: an unknown value in a corner of the capabilities must not keep a client out, and
lsprotocol's converter for all of them would take longer than everything else before the reply.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lsprotocol import types

from understudy.lsp.convert import Encoding, choose_encoding


@dataclass(frozen=True, slots=True)
class Menu:
    """What a client knows of code actions. `literals`: more than plain commands. `data`: gives an action's data back.
    `resolves`: lets us add the edit when an entry is chosen. `disabled`: shows why an entry cannot be chosen.
    `preferred`: knows that one is the obvious choice. `generated`: knows the tag for what a model wrote. `annotations`:
    heeds those of an action's edit."""

    literals: bool = False
    data: bool = False
    resolves: bool = False
    disabled: bool = False
    preferred: bool = False
    generated: bool = False
    annotations: bool = False


@dataclass(frozen=True, slots=True)
class Edits:
    """What a client knows of workspace edits. `applied`: takes them by `workspace/applyEdit`. `versioned`: knows
    `documentChanges`. `annotations`: knows change annotations. `creates`: makes new files."""

    applied: bool = False
    versioned: bool = False
    annotations: bool = False
    creates: bool = False


@dataclass(frozen=True, slots=True)
class Client:
    """The facts that decide what is sent to a client. The defaults are those of a client that says nothing.

    `inline`: knows inline completion. `menu` and `edits`: what it knows of code actions. `configuration`: answers
    `workspace/configuration`. `progress`: lets us create progress. `documents`: shows a document that we name.
    `watches`: can be asked to tell of files that change on disk. `status`, `shows`, `asks`: knows `understudy/status`,
    `understudy/show`, `understudy/input`. `copilot`: a plugin for Copilot's language server. `options`: its
    initializationOptions.
    """

    name: str = ""
    encoding: Encoding = Encoding.UTF16
    inline: bool = False
    menu: Menu = Menu()
    edits: Edits = Edits()
    configuration: bool = False
    progress: bool = False
    documents: bool = False
    watches: bool = False
    status: bool = False
    shows: bool = False
    asks: bool = False
    copilot: bool = False
    process_id: int | None = None
    roots: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)


def read_client(params: Any) -> Client:
    """The facts in the parameters of `initialize`, whatever is missing or odd in them."""
    can = _Json(params).at("capabilities")
    options = _Json(params).at("initializationOptions").value
    # They compute UTF-16, whatever their editor offers in their name.
    copilot = isinstance(_Json(options).at("editorPluginInfo").value, dict)
    process_id = _Json(params).at("processId").value
    own = _own(can.at("experimental", "understudy").value) | _own(_Json(options).at("understudyClient").value)
    return Client(
        name=str(_Json(params).at("clientInfo", "name").value or ""),
        encoding=Encoding.UTF16 if copilot else choose_encoding(can.at("general", "positionEncodings").texts()),
        inline=isinstance(can.at("textDocument", "inlineCompletion").value, dict),
        menu=_menu(can.at("textDocument", "codeAction")),
        edits=_edits(can.at("workspace"), applied="applyEdit" in own),
        configuration=can.at("workspace", "configuration").value is True,
        progress=can.at("window", "workDoneProgress").value is True,
        documents=can.at("window", "showDocument", "support").value is True,
        watches=can.at("workspace", "didChangeWatchedFiles", "dynamicRegistration").value is True,
        status="status" in own,
        shows="show" in own,
        asks="input" in own,
        copilot=copilot,
        process_id=process_id if type(process_id) is int and process_id > 0 else None,
        roots=_roots(params),
        options=options if isinstance(options, dict) else {},
    )


def _own(said: Any) -> frozenset[str]:
    """What a client knows of `lsp.ext`; whatever is true without being a table means the status alone."""
    if isinstance(said, dict):
        return frozenset(name for name, value in said.items() if value is True)
    return frozenset({"status"} if said else ())


def _menu(can: _Json) -> Menu:
    return Menu(
        literals=isinstance(can.at("codeActionLiteralSupport").value, dict),
        data=can.at("dataSupport").value is True,
        resolves="edit" in can.at("resolveSupport", "properties").texts(),
        disabled=can.at("disabledSupport").value is True,
        preferred=can.at("isPreferredSupport").value is True,
        generated=types.CodeActionTag.LlmGenerated.value in can.at("tagSupport", "valueSet").values(),
        annotations=can.at("honorsChangeAnnotations").value is True,
    )


def _edits(can: _Json, *, applied: bool) -> Edits:
    edit = can.at("workspaceEdit")
    operations = edit.at("resourceOperations").texts()
    return Edits(
        applied=applied or can.at("applyEdit").value is True,
        # Neovim 0.12 names operations, which stand in `documentChanges` alone, and forgets to say that it knows those.
        versioned=edit.at("documentChanges").value is True or bool(operations),
        annotations=isinstance(edit.at("changeAnnotationSupport").value, dict),
        creates="create" in operations,
    )


def _roots(params: Any) -> tuple[str, ...]:
    folders = _Json(params).at("workspaceFolders").value
    uris = [_Json(folder).at("uri").value for folder in folders] if isinstance(folders, list) else []
    found = tuple(uri for uri in uris if isinstance(uri, str))
    root = _Json(params).at("rootUri").value
    return found or ((root,) if isinstance(root, str) else ())


@dataclass(frozen=True, slots=True)
class _Json:
    """A JSON value that can be followed down to where it is missing."""

    value: Any

    def at(self, *keys: str) -> _Json:
        value = self.value
        for key in keys:
            value = value.get(key) if isinstance(value, dict) else None
        return _Json(value)

    def values(self) -> list[Any]:
        return self.value if isinstance(self.value, list) else []

    def texts(self) -> list[str]:
        return [text for text in self.values() if isinstance(text, str)]
