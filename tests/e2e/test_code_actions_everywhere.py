"""Every code action with every editor: `understudy lsp` as each of them starts it, a scripted model, and a real ruff.

The menu is the real one, the edits are checked, and what each editor applies is what has become of its text. What must
hold of every conversation is held against the recorded messages (`conformity.py`).
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from acting_editor import Editor, Part, acting, leave
from conformity import complaints, offset
from lsprotocol import types
from lsprotocol.converters import get_converter
from pytest_lsp import LanguageClient

from understudy.features.codeaction.actions import ACTIONS, BY_NAME
from understudy.features.codeaction.listing import wanted
from understudy.lsp.handlers.code_action import KINDS
from understudy.lsp.handlers.fix_command import CHANGE

pytestmark = pytest.mark.asyncio(loop_scope="module")

SOURCE = '''\
"""Sums."""

import sys


def total(numbers):
    """The sum of some numbers."""
    result = 0
    for number in numbrs:
        result = result + number
    return result


def later(path):
    """The lines of a file."""
    pass


def loud(words):
    if len(words) > 0:
        return True
    else:
        return False


def main():
    print(total(sys.argv), numbrs)
'''
EXPLANATION = "`numbrs` is misspelt."


def block(search: str, replace: str) -> str:
    return f"<<<<<<< SEARCH\n{search}\n=======\n{replace}\n>>>>>>> REPLACE\n"


# What the model answers to prompts that hold these words.
ANSWERS = {
    "    for number in numbrs:\nFix this.": block("    for number in numbrs:", "    for number in numbers:"),
    "    print(total(sys.argv), numbrs)\nFix this.": block(
        "    print(total(sys.argv), numbrs)", "    print(total(sys.argv), sys.argv)"
    ),
    "Explain this problem": EXPLANATION,
    "Write the body of `later`": block("    pass", "    with open(path) as file:\n        return file.readlines()"),
    "a test of `loud`": block("", 'from sums import loud\n\n\ndef test_loud():\n    assert loud("a")'),
    "Document `loud`": block("def loud(words):", 'def loud(words):\n    """Whether there are any words."""'),
    "Simplify this code": block(
        "    if len(words) > 0:\n        return True\n    else:\n        return False", "    return bool(words)"
    ),
    "call it shout": block("def loud(words):", "def shout(words):"),
}
EDITORS = {
    "vscode": {"status": True, "show": True, "input": True},  # as our own extension
    "neovim": {"status": True, "show": True, "input": True},  # as our own plugin
    "emacs": None,
    "helix": None,
}


@dataclass
class User:
    """Somebody at an editor: opens the menu, chooses, and waits for what becomes of the text."""

    editor: Editor
    folder: Path
    says: str | None = None
    shown: list[tuple[str, str]] = field(default_factory=list)
    made: dict[str, str] = field(default_factory=dict)

    def open(self) -> None:
        self.editor.uri = (self.folder / "sums.py").as_uri()
        self.editor.open(SOURCE)

    def place(self, words: str, length: int = 0) -> dict[str, Any]:
        """Where `words` stand, as a range of so many characters."""
        before = self.editor.text[: self.editor.text.index(words)]
        start = {"line": before.count("\n"), "character": len(before) - before.rfind("\n") - 1}
        return {"start": start, "end": start | {"character": start["character"] + length}}

    def problem(self, words: str) -> dict[str, Any]:
        """Ruff's complaint about the misspelt name in `words`, as its own server sends it."""
        line = self.place(words)["start"]["line"]
        at = self.editor.text.split("\n")[line].index("numbrs")
        where = {"start": {"line": line, "character": at}, "end": {"line": line, "character": at + 6}}
        data = {"code": "F821", "edits": [], "noqa_edit": None, "title": "numbrs"}
        told = {"range": where, "severity": 1, "code": "F821", "source": "Ruff", "data": data}
        return told | {"message": "Undefined name `numbrs`"}

    async def menu(self, where: dict[str, Any], *problems: Any, **context: Any) -> list[dict[str, Any]]:
        params = {"textDocument": {"uri": self.editor.uri}, "range": where}
        context = {"diagnostics": list(problems)} | context
        found = await self.editor.result("textDocument/codeAction", params | {"context": context})
        assert isinstance(found, list)
        return found

    async def choose(self, titled: str, where: dict[str, Any], *problems: Any) -> dict[str, Any]:
        """Choose an entry by the beginning of its title, and have the editor carry it out."""
        found = await self.menu(where, *problems)
        titles = [it["title"] for it in found]
        action = next((it for it in found if it["title"].startswith(titled)), None)
        assert action is not None, titles
        if self.editor.part.name in ("neovim", "helix"):
            action = await self.editor.result("codeAction/resolve", action)
        if "edit" in action:
            assert self.apply(action["edit"])
        if "command" in action:
            assert await self.editor.run(action["command"]["command"], *action["command"]["arguments"]) is None
        assert isinstance(action, dict)
        return action

    def apply(self, edit: dict[str, Any]) -> bool:
        """Apply an edit whole, and tell the server as an editor does."""
        for change in edit["documentChanges"]:
            if change.get("kind") == "create":
                continue
            uri, version = change["textDocument"]["uri"], change["textDocument"]["version"]
            if uri != self.editor.uri:
                (made,) = change["edits"]
                assert version is None
                self.made[uri] = made["newText"]
                document = {"uri": uri, "languageId": "python", "version": 1, "text": made["newText"]}
                self.editor.notify("textDocument/didOpen", {"textDocument": document})
                continue
            assert version == self.editor.version
            for one in sorted(change["edits"], key=lambda it: self.offset(it["range"]["start"]), reverse=True):
                self.editor._change({"range": one["range"], "text": one["newText"]})
        return True

    def offset(self, position: dict[str, int]) -> int:
        return offset(self.editor.text, position, "utf-16")

    async def until_text(self, text: str) -> None:
        await self.editor.until(lambda: self.editor.text == text or self.told(), 60)
        assert self.editor.text == text, self.told()

    def told(self) -> list[str]:
        return [it["message"] for it in self.editor.heard("window/showMessage")]

    def label(self) -> str:
        return str(self.editor.heard("workspace/applyEdit")[-1]["label"])


@asynccontextmanager
async def sitting(name: str, folder: Path, **options: Any) -> AsyncIterator[User]:
    """A user at this editor, with the whole server."""
    users: list[User] = []

    def apply_edit(_client: LanguageClient, params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
        plain = get_converter().unstructure(params)
        return types.ApplyWorkspaceEditResult(applied=users[0].apply(plain["edit"]))

    def answer(_client: LanguageClient, _params: Any) -> str | None:
        return users[0].says

    script = folder / "script"
    script.write_text(
        "\n===\n".join(f"!always\n!when {json.dumps(words)}\n{json.dumps(answer)}" for words, answer in ANSWERS.items())
    )
    home, project = folder / "home", folder / "project"
    project.mkdir()
    (project / "sums.py").write_text(SOURCE)
    environment = {
        "UNDERSTUDY_SCRIPT": str(script),
        "UNDERSTUDY_DATA_HOME": str(home),
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
    }
    if EDITORS[name] is not None:
        options["understudyClient"] = EDITORS[name]
    async with acting(
        Part(name),
        folder / "tape.jsonl",
        home,
        features={types.WORKSPACE_APPLY_EDIT: apply_edit, "understudy/input": answer},
        server=("-m", "understudy", "lsp"),
        environment=environment,
        root=project,
        context={"index": False},
        completion={"enabled": False},
        **options,
    ) as editor:
        await editor.until_state("off")  # for completions
        users.append(User(editor, project))
        yield users[0]
        await leave(editor)
        editor._begun = 0
        said = {**editor.part.said, "initializationOptions": options}
        conversation = editor.conversation()
        assert complaints(type(conversation)(said, editor.can, conversation.messages)) == []
        assert not list((home / "checks").glob("*")), "what checks were made in is gone"
        assert sorted(project.iterdir()) == [project / "sums.py"], "nothing was written beside the sources"
        assert (project / "sums.py").read_text() == SOURCE


@pytest_asyncio.fixture(name="user", scope="module", loop_scope="module", params=EDITORS)
async def fixture_user(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[User]:
    # A fix that is prepared meanwhile would make the menu another one from run to run.
    async with sitting(request.param, tmp_path_factory.mktemp("user"), fix={"speculate": False}) as user:
        yield user


async def fix(user: User) -> None:
    found = await user.menu(user.place("numbrs:"), user.problem("for number"))
    assert found[0]["title"] == "Fix: Undefined name `numbrs`"
    assert found[0]["kind"] == "quickfix"
    await user.choose("Fix: Undefined", user.place("numbrs:"), user.problem("for number"))
    await user.until_text(SOURCE.replace("in numbrs:", "in numbers:"))


async def fix_all(user: User) -> None:
    await user.choose("Fix all of this kind", user.place("numbrs:"), user.problem("for number"))
    await user.until_text(SOURCE.replace("in numbrs:", "in numbers:").replace(", numbrs)", ", sys.argv)"))


async def explain(user: User) -> None:
    await user.choose("Explain: Undefined", user.place("numbrs:"), user.problem("for number"))
    method = "understudy/show" if EDITORS[user.editor.part.name] else "window/showDocument"
    await user.editor.until(lambda: user.editor.heard(method), 60)
    if method == "understudy/show":
        assert EXPLANATION in user.editor.heard(method)[0]["text"]
    assert user.editor.text == SOURCE


async def complete(user: User) -> None:
    await user.choose("Complete the body of 'later'", user.place("pass"))
    await user.until_text(SOURCE.replace("    pass", "    with open(path) as file:\n        return file.readlines()"))


async def write_a_test(user: User) -> None:
    await user.choose("Write a test for 'loud'", user.place("loud"))
    await user.editor.until(lambda: user.made or user.told(), 60)
    ((uri, text),) = user.made.items()
    assert "test" in uri
    assert text.startswith("from sums import loud")
    user.editor.notify("textDocument/didClose", {"textDocument": {"uri": uri}})


async def document(user: User) -> None:
    await user.choose("Document 'loud'", user.place("loud"))
    await user.until_text(SOURCE.replace("loud(words):", 'loud(words):\n    """Whether there are any words."""'))


async def simplify(user: User) -> None:
    await user.choose("Simplify 'loud'", user.place("if len"))
    await user.until_text(
        SOURCE[: SOURCE.index("    if len")] + "    return bool(words)\n" + SOURCE[SOURCE.index("\n\ndef main") :]
    )


async def change(user: User) -> None:
    user.says = "call it shout"
    if EDITORS[user.editor.part.name]:
        await user.choose("Change 'loud' as I say", user.place("loud"))
    else:
        where = {"uri": user.editor.uri, "range": user.place("loud"), "instruction": user.says}
        assert await user.editor.run("understudy.change", where) is None
    await user.until_text(SOURCE.replace("def loud", "def shout"))


SCENES: dict[str, Callable[[User], Awaitable[None]]] = {
    "fix": fix,
    "fix_all": fix_all,
    "explain": explain,
    "complete": complete,
    "test": write_a_test,
    "document": document,
    "simplify": simplify,
    "change": change,
}


async def test_every_action_has_a_scene() -> None:
    assert set(SCENES) == {action.name for action in ACTIONS}
    assert all(wanted(action.kind, KINDS) for action in ACTIONS), "the client hears of these kinds at the beginning"
    assert BY_NAME[CHANGE].asks


@pytest.mark.parametrize("name", SCENES)
async def test_action(user: User, name: str) -> None:
    user.editor._begun = len(user.editor.tape.read_bytes().split(b"\n")) - 1
    user.made.clear()
    user.open()
    await SCENES[name](user)
    assert not user.told()
    user.editor.close()


async def test_a_fix_is_prepared_for_the_menu(tmp_path: Path) -> None:
    """The first look at the problem has nothing to offer but a command; the next one a checked edit."""
    async with sitting("vscode", tmp_path) as user:
        user.open()
        where, problem = user.place("numbrs:"), user.problem("for number")
        found: list[dict[str, Any]] = []
        async with asyncio.timeout(60):
            while not (found and "edit" in found[0]):
                found = await user.menu(where, problem, triggerKind=2)
                await asyncio.sleep(0.1)
        assert found[0]["title"] == "Fix: Undefined name `numbrs` (checked: parses, nothing new from ruff)"
        assert found[0]["isPreferred"] is True
        assert found[0]["diagnostics"] == [problem]
        await user.choose("Fix: Undefined", where, problem)
        assert user.editor.text == SOURCE.replace("in numbrs:", "in numbers:")
