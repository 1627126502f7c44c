"""The methods of Copilot's language server, so that plugins for it work unmodified (`lsp.copilot` has the payloads)."""

from __future__ import annotations

import platform
from collections.abc import Awaitable, Callable, Hashable, Mapping
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from understudy import __version__
from understudy.core.text import Edit, line_after, line_before, line_end
from understudy.features.completion.outcome import Item, Query, Trigger
from understudy.lsp import copilot
from understudy.lsp.handlers import engine_command
from understudy.lsp.handlers.inline_completion import accept_command, ask, items_of, no_items, range_of
from understudy.lsp.session import Session
from understudy.lsp.sync import Buffer

if TYPE_CHECKING:  # the settings behind it load pydantic, which is for after the reply to `initialize`
    from understudy.lsp.services import Completer

OK = "OK"


def by_place(params: Any) -> Hashable:
    """Of two requests for one document the newer cancels the older; one that names none stands alone."""
    place = copilot.read_place(params)
    return object() if place is None else place.uri


def _asked(session: Session, params: Any, trigger: Trigger) -> tuple[copilot.Place, Query] | None:
    """Where a completion is wanted, in the text as it is now; None where nothing is open there."""
    place = copilot.read_place(params)
    buffer = None if place is None else session.buffers.get(place.uri)
    if place is None or buffer is None or session.services is None:
        return None
    return place, Query(buffer.document(), buffer.offset(place.position), trigger)


# Completions, as plugins ask for them that are older than `textDocument/inlineCompletion`.


def no_completions() -> dict[str, Any]:
    """The answer when there is nothing to offer."""
    return {"completions": []}


def get_completions(session: Session, params: Any) -> Awaitable[dict[str, Any]] | dict[str, Any]:
    """What could come next, at the user's pace."""
    return _completions(session, params, Trigger.AUTOMATIC)


def get_completions_cycling(session: Session, params: Any) -> Awaitable[dict[str, Any]] | dict[str, Any]:
    """The same, asked for by hand: with alternatives."""
    return _completions(session, params, Trigger.INVOKED)


def _completions(session: Session, params: Any, trigger: Trigger) -> Awaitable[dict[str, Any]] | dict[str, Any]:
    asked = _asked(session, params, trigger)
    if asked is None:
        return no_completions()
    place, query = asked

    async def answer() -> dict[str, Any]:
        found = await ask(session, query)
        if found is None:
            return no_completions()
        buffer, edits = found
        return {"completions": [_completion(session, buffer, item, edit, place.version) for item, edit in edits]}

    return answer()


def _completion(session: Session, buffer: Buffer, item: Item, edit: Edit, version: Any) -> dict[str, Any]:
    """An item that takes the place of its line up to the cursor."""
    before = line_before(buffer.document().text, edit.span.start)
    session.offered.keep(item.id, copilot.Offered(before, edit.text))
    span = range_of(buffer, edit)
    return {
        "uuid": item.id,
        "text": before + edit.text,
        "displayText": edit.text,
        "position": span.start,
        "range": types.Range(start=types.Position(span.start.line, 0), end=span.end),
        "docVersion": buffer.version if version is None else version,
    }


# All alternatives in a window of their own.


def get_panel_completions(session: Session, params: Any) -> dict[str, Any]:
    """Say how many may come; they follow one by one, since plugins open their window on this answer."""
    asked = _asked(session, params, Trigger.INVOKED)
    panel = params.get("panelId") if isinstance(params, Mapping) else None
    if session.panel is not None:
        session.panel.cancel()
    session.panel = session.spawn("the panel", _fill_panel(session, panel, asked))
    services = session.services
    return {
        "solutionCountTarget": 0 if services is None or asked is None else services.settings.completion.alternatives
    }


async def _fill_panel(session: Session, panel: Any, asked: tuple[copilot.Place, Query] | None) -> None:
    if asked is not None and (found := await ask(session, asked[1])) is not None:
        buffer, edits = found
        for rank, (item, edit) in enumerate(edits):
            solution = {
                "panelId": panel,
                "solutionId": item.id,
                "completionText": edit.text,
                "displayText": line_before(buffer.document().text, edit.span.start) + edit.text,
                "range": range_of(buffer, edit),
                "score": 1 - rank / len(edits),
            }
            session.peer.notify(copilot.PANEL_SOLUTION, solution)
    if panel is not None:
        session.peer.notify(copilot.PANEL_DONE, {"panelId": panel, "status": OK})


def panel_completion(session: Session, params: Any) -> Awaitable[Any] | Any:
    """All alternatives in one answer, as LSP's items."""
    asked = _asked(session, params, Trigger.INVOKED)
    return no_items() if asked is None else items_of(session, asked[1])


# The next edit: for now, the completion at the cursor as an edit.


def no_edits() -> dict[str, Any]:
    """The answer when there is nothing to change."""
    return {"edits": []}


def inline_edit(session: Session, params: Any) -> Awaitable[dict[str, Any]] | dict[str, Any]:
    """What could be written at the cursor, as an edit of the text that the client has."""
    asked = _asked(session, params, Trigger.AUTOMATIC)
    if asked is None:
        return no_edits()
    place, query = asked

    async def answer() -> dict[str, Any]:
        for there in cursors(query):
            found = await ask(session, there)
            if found is not None:
                buffer, ((item, edit), *_) = found
                document = {"uri": place.uri, "version": buffer.version}
                command = accept_command(session, item)
                edit_json = {"text": edit.text, "textDocument": document, "range": range_of(buffer, edit)}
                return {"edits": [{**edit_json, "command": command}]}
        return no_edits()

    return answer()


def cursors(query: Query) -> list[Query]:
    """The places to try for an edit at the cursor. Vim's normal mode has its cursor on the last character of the line
    where insert mode has it behind that, so the end of the line comes second there, or first where that is blank."""
    text = query.document.text
    rest = line_after(text, query.offset)
    at_end = Query(query.document, line_end(text, query.offset), query.trigger)
    if len(rest) != 1:
        return [query]
    return [at_end] if rest.isspace() else [query, at_end]


# What the user did with an item.


def notify_shown(session: Session, params: Any) -> str:
    """An item was shown."""
    _each(session, params, lambda completer, item_id: completer.shown(item_id))
    return OK


def notify_accepted(session: Session, params: Any) -> str:
    """An item was accepted, whole or in part."""
    units = params.get("acceptedLength") if isinstance(params, Mapping) else None
    plugin = copilot.plugin_of(session.client.options)
    _each(
        session,
        params,
        lambda completer, item_id: completer.accepted(item_id, session.offered.accepted(item_id, units, plugin)),
    )
    return OK


def notify_rejected(session: Session, params: Any) -> str:
    """Items were dismissed."""
    _each(session, params, lambda completer, item_id: completer.rejected(item_id))
    return OK


def _each(session: Session, params: Any, report: Callable[[Completer, str], None]) -> None:
    """Report each item that `params` names, by `uuid` or `uuids`."""
    said = params if isinstance(params, Mapping) else {}
    ids = said["uuids"] if isinstance(said.get("uuids"), list) else [said.get("uuid")]
    if session.services is not None:
        for item_id in ids:
            if isinstance(item_id, str):
                report(session.services.completer, item_id)


# The account, of which there is none.


def check_status(_session: Session, _params: Any) -> dict[str, Any]:
    """Whether completions may be asked for."""
    return {"status": OK, "user": copilot.USER}


def sign_in(session: Session, _params: Any) -> dict[str, Any]:
    """The user wants to sign in."""
    session.tell(copilot.NO_ACCOUNT, types.MessageType.Info)
    return {"status": "AlreadySignedIn", "user": copilot.USER}


def sign_out(session: Session, _params: Any) -> dict[str, Any]:
    """The user wants to sign out."""
    session.tell(copilot.NO_ACCOUNT, types.MessageType.Info)
    return {"status": "NotSignedIn"}


def check_quota(_session: Session, _params: Any) -> dict[str, Any]:
    """How many completions are left."""
    return {"completions": {"unlimited": True, "percentRemaining": 100}}


def get_version(_session: Session, _params: Any) -> dict[str, str]:
    """Which server this is."""
    return {"version": __version__, "buildType": "prod", "runtimeVersion": f"python/{platform.python_version()}"}


def set_editor_info(_session: Session, _params: Any) -> str:
    """Who the client is, which `initialize` has said already."""
    return OK


# Models.


async def models(session: Session, _params: Any) -> list[dict[str, Any]]:
    """The models to choose from."""
    return [
        {"id": row["id"], "modelName": row["id"], "scopes": ["completion"], "default": row["current"]}
        for row in await engine_command.models(session, [])
    ]


async def select_model(session: Session, model: str) -> None:
    """Ask `model` from now on if it is one of ours: the user's settings may name one of GitHub's."""
    current = {row["id"]: row["current"] for row in await engine_command.models(session, [])}
    if current.get(model) is False:
        engine_command.select_model(session, [model])


# Commands.


def _accept(session: Session, arguments: list[Any]) -> bool:
    """An item was accepted; its id is the argument."""
    _each(session, {"uuids": arguments[:1]}, lambda completer, item_id: completer.accepted(item_id))
    return True


COMMANDS: Mapping[str, Callable[[Session, list[Any]], Any]] = {
    copilot.ACCEPT_COMMAND: _accept,
    copilot.FINISH_COMMAND: check_status,
}
