"""Scenarios of the whole completion pipeline, against the scripted engine: one file each in `tests/cases/completion`.

Sections, in the order of events:

    @settings   settings of `completion`, JSON        @trigger   `invoked`: asked for by hand
    @fim        the setting `engine.fim`, else `auto`
    @engine     the script (`understudy.engine.script`)  @selected  what the completion menu has selected, JSON string
    NAME        the source, `$0` at the cursor: a request is made
    @type       text typed at the cursor, JSON; `\\b` deletes: another request is made
    @insert     the same in one change, `$0` where the cursor comes to stand
    @want       the ghost text      @want-also  a further alternative      @skipped   the reason why there is none
    @requests   how often the engine was asked in all    @aborted  the engine's last answer was not read to its end
    @prompt-has / @prompt-lacks   a JSON string that the prompt holds or does not
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

import casefile
from understudy.context.syntax.languages import language_of
from understudy.context.workspace import Workspace
from understudy.core.settings import CompletionSettings
from understudy.core.statistics import NullRecorder
from understudy.core.text import Document, Span
from understudy.engine.script import parse
from understudy.engine.scripted import ScriptedEngine, ScriptedSource
from understudy.features.completion.complete import Completer
from understudy.features.completion.outcome import Completion, Outcome, Query, Reason, Selected, Skipped, Trigger
from understudy.features.completion.watch import Watch

CASES = sorted((Path(__file__).parent / "cases" / "completion").glob("*.txt"))


@dataclass
class Scene:
    """The state of a case between two of its sections."""

    completer: Completer
    engine: ScriptedEngine
    document: Document
    offset: int
    outcome: Outcome

    async def change(self, text: str, offset: int) -> None:
        now = replace(self.document, text=text, version=self.document.version + 1)
        self.completer.changed(self.document, now)
        self.document, self.offset = now, offset
        self.outcome = await self.completer.complete(Query(now, offset))

    async def type(self, text: str) -> None:
        old = self.document.text
        if text == "\b":
            await self.change(old[: self.offset - 1] + old[self.offset :], self.offset - 1)
        else:
            await self.change(old[: self.offset] + text + old[self.offset :], self.offset + len(text))

    async def insert(self, text: str) -> None:
        old, cursor = self.document.text, text.index("$0")
        await self.change(old[: self.offset] + text.replace("$0", "") + old[self.offset :], self.offset + cursor)


@asynccontextmanager
async def scene(case: casefile.Case, root: Path) -> AsyncIterator[Scene]:
    settings = CompletionSettings.model_validate({"debounceMs": 0} | json.loads(case.text("@settings", "{}")))
    engine = ScriptedEngine(parse(case.text("@engine")))
    name, text, offset = case.source()
    row = language_of(name)
    document = Document((root / name).as_uri(), 1, row.ids[0] if row else "plaintext", text)
    workspace = Workspace((root,), settings.ignore)
    fim = case.text("@fim", "auto")
    completer = Completer(settings, ScriptedSource(engine), workspace=workspace, watch=Watch(NullRecorder()), fim=fim)
    completer.changed(None, document)
    selected = None
    if case.text("@selected"):
        word = len(text[:offset]) - len(text[:offset].rstrip("abcdefghijklmnopqrstuvwxyz"))
        selected = Selected(Span(offset - word, offset), json.loads(case.text("@selected")))
    trigger = Trigger.INVOKED if case.text("@trigger") == "invoked" else Trigger.AUTOMATIC
    outcome = await completer.complete(Query(document, offset, trigger, selected))
    try:
        yield Scene(completer, engine, document, offset, outcome)
    finally:
        await completer.aclose()


def texts(outcome: Outcome) -> list[str] | Reason:
    return outcome.reason if isinstance(outcome, Skipped) else [item.edit.text for item in outcome.items]


def check_want(it: Scene, wanted: str) -> None:
    assert isinstance(it.outcome, Completion), texts(it.outcome)
    assert it.outcome.items[0].edit.text == wanted


def check_also(it: Scene, wanted: str) -> None:
    assert wanted in texts(it.outcome)[1:]
    assert len(set(texts(it.outcome))) == len(it.outcome.items)


def check_skipped(it: Scene, reason: str) -> None:
    assert texts(it.outcome) is Reason[reason]


def check_requests(it: Scene, count: str) -> None:
    assert len(it.engine.seen) == int(count)


def check_aborted(it: Scene, _: str) -> None:
    assert it.engine.seen[-1].ended == "aborted"


def check_prompt_has(it: Scene, text: str) -> None:
    assert json.loads(text) in it.engine.seen[-1].prompt


def check_prompt_lacks(it: Scene, text: str) -> None:
    assert json.loads(text) not in it.engine.seen[-1].prompt


CHECKS = {
    "@want": check_want,
    "@want-also": check_also,
    "@skipped": check_skipped,
    "@requests": check_requests,
    "@aborted": check_aborted,
    "@prompt-has": check_prompt_has,
    "@prompt-lacks": check_prompt_lacks,
}
GIVEN = {"@settings", "@trigger", "@fim", "@engine", "@selected"}


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
async def test_completion(path: Path, tmp_path: Path) -> None:
    case = casefile.read(path)
    assert not case.unknown({*CHECKS, *GIVEN, "@type", "@insert"})
    checks = 0
    async with scene(case, tmp_path) as it:
        for section in case.sections:
            if section.name == "@type":
                await it.type(json.loads(section.text))
            elif section.name == "@insert":
                await it.insert(json.loads(section.text))
            elif section.name in CHECKS:
                CHECKS[section.name](it, section.text)
                checks += 1
        assert checks
        assert not it.engine.unused(), "the script has answers that nobody asked for"
