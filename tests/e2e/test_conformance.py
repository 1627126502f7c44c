"""Every scene with every editor: each as it introduces itself, asks and accepts, through pytest-lsp.

A scene says what the editor does and sees. What must hold of every conversation, whatever the scene, is held against
the recorded messages afterwards (`conformity.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from acting_editor import PARTS, Editor, Part, acting, in_time, leave
from conformity import complaints
from lsprotocol import types
from pytest_lsp import LanguageClient

pytestmark = pytest.mark.asyncio(loop_scope="module")

CANCELLED = -32800
NOT_FOUND = -32601
INVALID = -32602
TOO_LATE = -32600


async def type_and_accept(editor: Editor) -> None:
    editor.open("say ")
    for letter in "hello":
        editor.type(letter)
    (suggestion,) = await editor.suggestions()
    assert suggestion.text == "hello"
    assert (suggestion.position["line"], suggestion.position["character"]) == editor.cursor
    await editor.accept(suggestion)
    assert editor.text == "say hellohello"


async def type_through(editor: Editor) -> None:
    editor.open("spell hello|")
    assert await editor.offered() == ["hello"]
    for at, letter in enumerate("hell", 1):
        editor.type(letter)
        assert await editor.offered() == ["hello"[at:]]
    editor.type("x")
    assert await editor.offered() == []


async def several_lines_and_wide_characters(editor: Editor) -> None:
    editor.open("# \f one line, and \u2028 so is this\r\nx = '😀'\rsay 😀\n")
    editor.to(2, 6)
    (suggestion,) = await editor.suggestions()
    assert suggestion.text == "😀"
    await editor.accept(suggestion)
    editor.to(1, 4)
    editor.type("\nsay é\U00020000")
    (suggestion,) = await editor.suggestions()
    assert suggestion.text == "é\U00020000"
    assert suggestion.position == {"line": 2, "character": 7}


async def cancelled(editor: Editor) -> None:
    editor.open("never")
    msg_id = editor.ask()
    await editor.run("understudy.status")
    editor.client.cancel_request(types.CancelParams(msg_id))
    editor.client.cancel_request(types.CancelParams("never asked"))
    assert (await editor.reply(msg_id))["error"]["code"] == CANCELLED


async def superseded(editor: Editor) -> None:
    editor.open("never")
    older = [editor.ask() for _ in range(3)]
    editor.type("\nsay hello")
    assert await editor.offered() == ["hello"]
    assert [(await editor.reply(msg_id))["error"]["code"] for msg_id in older] == [CANCELLED] * 3


async def typed_along_under_a_request(editor: Editor) -> None:
    editor.open("slow hello")
    msg_id = editor.ask()
    editor.type("hel")
    (suggestion,) = await editor.suggestions(msg_id)
    assert (suggestion.text, suggestion.position["character"]) == ("lo", 13)


async def typed_against_under_a_request(editor: Editor) -> None:
    editor.open("slow hello")
    msg_id = editor.ask()
    editor.type("x")
    assert await editor.suggestions(msg_id) == []


async def closed_under_a_request(editor: Editor) -> None:
    editor.open("slow hello")
    msg_id = editor.ask()
    editor.close()
    assert await editor.suggestions(msg_id) == []


async def not_open(editor: Editor) -> None:
    assert await editor.offered() == []


async def by_hand(editor: Editor) -> None:
    editor.open("either one|two")
    assert await editor.offered() == ["one"]
    offered = await editor.offered(by_hand=True)
    several = editor.part.asks in ("textDocument/inlineCompletion", "getCompletions")
    assert offered == (["one", "two"] if several else ["one"])


async def settings_change(editor: Editor) -> None:
    editor.open("say hello")
    for enabled, state in ((False, "off"), (True, "ready")):
        settings = {"completion": {"enabled": enabled}}
        editor.client.set_configuration(settings, section="understudy")
        params = types.DidChangeConfigurationParams(settings={"understudy": settings})
        editor.client.workspace_did_change_configuration(params)
        await editor.until_state(state)
    assert await editor.offered() == ["hello"]


async def paused(editor: Editor) -> None:
    editor.open("say hello")
    assert (await editor.run("understudy.snooze"))["state"] == "paused"
    assert await editor.offered() == []
    if editor.part.asks in ("textDocument/inlineCompletion", "getCompletions"):
        assert await editor.offered(by_hand=True) == ["hello"]
    assert (await editor.run("understudy.resume"))["state"] == "ready"
    assert await editor.offered() == ["hello"]
    if editor.part.copilot:
        kinds = [status["kind"] for status in editor.heard("didChangeStatus")]
        assert kinds == ["Inactive", "Normal"]
        assert editor.heard("didChangeStatus") == editor.heard("statusNotification")


async def a_language_off(editor: Editor) -> None:
    editor.open("say hello")
    assert await editor.run("understudy.toggleLanguage", "python") == {"language": "python", "enabled": False}
    assert await editor.run("understudy.toggleLanguage", "python") == {"language": "python", "enabled": True}


async def the_engine_fails(editor: Editor) -> None:
    editor.open("down")
    assert await editor.offered() == []


async def something_of_ours_breaks(editor: Editor) -> None:
    editor.open("boom RecursionError")
    assert await editor.offered() == []
    editor.type("\nsay hello")
    assert await editor.offered() == ["hello"]


async def folders_come_and_go(editor: Editor) -> None:
    folder = types.WorkspaceFolder("file:///workspace/more", "more")
    for added, removed in (([folder], []), ([], [folder])):
        event = types.WorkspaceFoldersChangeEvent(added, removed)
        editor.client.workspace_did_change_workspace_folders(types.DidChangeWorkspaceFoldersParams(event))
    editor.open("say hello")
    await editor.until_offered("hello")


REPORTS = (
    "textDocument/didShowCompletion",
    "textDocument/didPartiallyAcceptCompletion",
    "understudy/didAcceptCompletion",
    "understudy/didRejectCompletion",
    "textDocument/didShowInlineEdit",
    "textDocument/didFocus",
    "notifyChangeConfiguration",
    "$/setTrace",
    "understudy/unknown",
)


async def reports(editor: Editor) -> None:
    """Notifications of any kind are taken in silence, also those that make no sense."""
    item = {"insertText": "hello", "command": {"title": "", "command": "understudy.accept", "arguments": ["item-1"]}}
    for method in REPORTS:
        for params in ({"item": item, "acceptedLength": 2}, {"class": 1, "_": True}, [], None):
            editor.notify(method, params)
    for method in ("getCompletions", "checkStatus", "workspace/executeCommand", "textDocument/inlineCompletion"):
        editor.notify(method, {"command": "nonsense"})  # requests, as notifications
    await editor.run("understudy.status")


async def requests_without_parameters(editor: Editor) -> None:
    for method in ("understudy/unknown", "textDocument/hover", "$/unknown"):
        assert (await editor.reply(editor.send_bare(method)))["error"]["code"] == NOT_FOUND
    assert (await editor.reply(editor.send_bare("workspace/executeCommand")))["error"]["code"] == INVALID
    for method in ("checkStatus", "getVersion", "copilot/models", "signOut", "notifyShown", "getPanelCompletions"):
        assert "result" in await editor.reply(editor.send_bare(method))


async def sign_in(editor: Editor) -> None:
    """Whoever asks for an account hears that there is none."""
    for method in ("checkStatus", "signInInitiate", "signIn", "signInConfirm"):
        answer = await editor.result(method, {})
        assert answer["status"] in ("OK", "AlreadySignedIn")
        assert "no account" in answer["user"]
    assert await editor.result("signOut", {}) == {"status": "NotSignedIn"}
    assert (await editor.result("checkStatus", {}))["status"] == "OK"


async def panel(editor: Editor) -> None:
    editor.open("either one|two")
    at = {"line": editor.cursor[0], "character": editor.cursor[1]}
    params = {"panelId": "panel 1", "doc": {"uri": editor.uri, "version": 99, "position": at}}
    assert await editor.result("getPanelCompletions", params) == {"solutionCountTarget": 3}
    await editor.until(lambda: editor.heard("PanelSolutionsDone"))
    assert editor.heard("PanelSolutionsDone") == [{"panelId": "panel 1", "status": "OK"}]
    solutions = editor.heard("PanelSolution")
    assert [solution["completionText"] for solution in solutions] == ["one", "two"]
    assert {solution["panelId"] for solution in solutions} == {"panel 1"}
    assert all(solution["displayText"].startswith("either one|two") for solution in solutions)
    assert solutions[0]["score"] > solutions[1]["score"]
    assert all(solution["range"] == {"start": at, "end": at} for solution in solutions)


@dataclass(frozen=True, slots=True)
class Scene:
    """What is played, and the codes of the errors that it asks for."""

    play: Callable[[Editor], Awaitable[None]]
    errors: frozenset[int] = frozenset()


SCENES = (
    Scene(type_and_accept),
    Scene(type_through),
    Scene(several_lines_and_wide_characters),
    Scene(cancelled),
    Scene(superseded),
    Scene(typed_along_under_a_request),
    Scene(typed_against_under_a_request),
    Scene(closed_under_a_request),
    Scene(not_open),
    Scene(by_hand),
    Scene(settings_change),
    Scene(paused),
    Scene(a_language_off),
    Scene(the_engine_fails),
    Scene(something_of_ours_breaks),
    Scene(folders_come_and_go),
    Scene(reports),
    Scene(requests_without_parameters, frozenset({NOT_FOUND, INVALID})),
)
COPILOT_SCENES = (Scene(sign_in), Scene(panel))


@pytest_asyncio.fixture(
    name="stage", scope="module", loop_scope="module", params=PARTS, ids=[part.name for part in PARTS]
)
async def fixture_stage(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Editor]:
    """One editor and its server, for all scenes."""
    folder = tmp_path_factory.mktemp("stage")
    async with acting(request.param, folder / "tape.jsonl", folder) as editor:
        await editor.until_state("ready")
        yield editor
        await leave(editor)
        editor._begun = 0
        assert complaints(editor.conversation(frozenset({NOT_FOUND, INVALID}))) == []


@pytest.fixture(name="client")
def fixture_client(stage: Editor) -> LanguageClient:
    """For pytest-lsp, which looks for it among a test's arguments to tell it what went wrong in the background."""
    return stage.client


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.play.__name__)
async def test_scene(stage: Editor, client: LanguageClient, scene: Scene) -> None:
    await play(stage, client, scene)


@pytest.mark.parametrize("stage", [part for part in PARTS if part.copilot], ids=lambda part: part.name, indirect=True)
@pytest.mark.parametrize("scene", COPILOT_SCENES, ids=lambda scene: scene.play.__name__)
async def test_scene_of_copilots_plugins(stage: Editor, client: LanguageClient, scene: Scene) -> None:
    await play(stage, client, scene)


async def play(editor: Editor, client: LanguageClient, scene: Scene) -> None:
    editor.begin_scene()
    await scene.play(editor)
    await editor.run("understudy.status")  # whatever it set off has been answered
    assert complaints(editor.conversation(scene.errors)) == []
    editor.close()
    assert client.error is None


BY_PART = pytest.mark.parametrize("part", PARTS, ids=[part.name for part in PARTS])


@BY_PART
async def test_leaving_while_requests_and_a_command_are_under_way(part: Part, tmp_path: Path) -> None:
    async with acting(part, tmp_path / "tape.jsonl", tmp_path, engine={"model": "stuck"}) as editor:
        await editor.until_state("starting", "Loading the model")
        editor.open("never")
        busy = editor.ask()
        models = {"command": "understudy.models", "arguments": []}
        given_up, running = (editor.send("workspace/executeCommand", models) for _ in range(2))
        editor.client.cancel_request(types.CancelParams(given_up))
        assert (await editor.reply(given_up))["error"]["code"] == CANCELLED
        await leave(editor)
        assert (await editor.reply(running))["error"]["code"] == CANCELLED
        assert (await editor.reply(busy))["error"]["code"] == CANCELLED
        assert complaints(editor.conversation()) == []
        assert editor.client.error is None


@pytest.mark.parametrize("part", [part for part in PARTS if part.answers], ids=lambda part: part.name)
async def test_answers_that_come_when_nobody_waits_any_more(part: Part, tmp_path: Path) -> None:
    """The editor has been asked for its settings, and answers after it was told to end."""
    release = asyncio.Event()

    async def configuration(_client: LanguageClient, params: types.ConfigurationParams) -> list[None]:
        await release.wait()
        return [None] * len(params.items)

    features = {types.WORKSPACE_CONFIGURATION: configuration}
    async with acting(part, tmp_path / "tape.jsonl", tmp_path, features=features) as editor:
        await editor.until(lambda: editor.heard("workspace/configuration"))
        await in_time(editor.client.shutdown_async(None))
        release.set()
        await editor.until(lambda: any("method" not in message for message in editor.conversation().of("client")))
        assert (await editor.reply(editor.send("understudy/late", {})))["error"]["code"] == TOO_LATE
        await leave(editor, shut_down=True)
        assert complaints(editor.conversation(frozenset({TOO_LATE}))) == []
        assert editor.client.error is None


@BY_PART
async def test_an_engine_that_does_not_start(part: Part, tmp_path: Path) -> None:
    """It is said once, in a sentence, and the status keeps saying it."""
    async with acting(part, tmp_path / "tape.jsonl", tmp_path, engine={"model": "fails"}) as editor:
        await editor.until_state("problem")
        editor.open("say hello")
        await editor.until_offered("hello")
        (shown,) = editor.heard("window/showMessage")
        assert shown == {"type": 1, "message": "Understudy: Nobody answers at the address. Start the engine."}
        for method in ("didChangeStatus", "statusNotification") if part.copilot else ():
            status = editor.heard(method)[-1]
            assert (status["kind"], status["busy"]) == ("Error", False)
            assert status["message"] in shown["message"]
        await leave(editor)
        assert complaints(editor.conversation(popups=True)) == []
