"""What the client can do and who it is, read once from its `initialize` request.

The request is read as plain JSON: an unknown value in a corner of the capabilities must not keep a client out, and
lsprotocol's converter for all of them would take longer than everything else before the reply.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from understudy.lsp.convert import Encoding, choose_encoding


@dataclass(frozen=True, slots=True)
class Client:
    """The facts that decide what is sent to a client. The defaults are those of a client that says nothing.

    `inline`: knows inline completion. `configuration`: answers `workspace/configuration`. `progress`: lets us create
    progress. `watches`: can be asked to tell of files that change on disk. `status`: wants `understudy/status`.
    `copilot`: a plugin for Copilot's language server. `options`: its initializationOptions.
    """

    name: str = ""
    encoding: Encoding = Encoding.UTF16
    inline: bool = False
    configuration: bool = False
    progress: bool = False
    watches: bool = False
    status: bool = False
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
    return Client(
        name=str(_Json(params).at("clientInfo", "name").value or ""),
        encoding=Encoding.UTF16 if copilot else choose_encoding(can.at("general", "positionEncodings").texts()),
        inline=isinstance(can.at("textDocument", "inlineCompletion").value, dict),
        configuration=can.at("workspace", "configuration").value is True,
        progress=can.at("window", "workDoneProgress").value is True,
        watches=can.at("workspace", "didChangeWatchedFiles", "dynamicRegistration").value is True,
        status=bool(can.at("experimental", "understudy").value or _Json(options).at("understudyClient").value),
        copilot=copilot,
        process_id=process_id if type(process_id) is int and process_id > 0 else None,
        roots=_roots(params),
        options=options if isinstance(options, dict) else {},
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

    def texts(self) -> list[str]:
        return [text for text in self.value if isinstance(text, str)] if isinstance(self.value, list) else []
