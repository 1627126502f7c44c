"""What is read ahead in a pause: when, what of the prompt, how often, and that the next key ends it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import pytest

from understudy.context.workspace import Workspace
from understudy.core.errors import EngineRefused
from understudy.core.settings import CompletionSettings
from understudy.core.statistics import NullRecorder
from understudy.core.text import Document
from understudy.engine.base import Load, TextRequest
from understudy.engine.fim import ContextFile, FimFormat, FimPrompt
from understudy.engine.fim_formats import FORMATS, NAMES
from understudy.engine.load import FULL
from understudy.engine.script import parse
from understudy.engine.scripted import ScriptedEngine, ScriptedSource, Seen
from understudy.features.completion.complete import Completer
from understudy.features.completion.outcome import Query
from understudy.features.completion.warm import PAUSE_SECONDS, PRIORITY, Ahead, stable
from understudy.features.completion.watch import Watch

PAUSED = PAUSE_SECONDS + 0.2
LINES = "".join(f"first_{number} = compute_something({number})\n" for number in range(40))
BELOW = "".join(f"last_{number} = compute_something({number})\n" for number in range(20))
ANSWER = '!always\n"answer"\n'
SLOW = '!always\n!delay 3000\n"answer"\n'


@dataclass
class Desk:
    """A completer whose warming has an engine of its own, so that each one's requests are seen apart."""

    completer: Completer
    typing: ScriptedEngine
    warming: ScriptedEngine
    documents: dict[str, Document] = field(default_factory=dict)

    def open(self, name: str, text: str = LINES + BELOW) -> Document:
        document = self.documents[name] = Document(f"file:///project/{name}", 1, "python", text)
        self.completer.changed(None, document)
        return document

    def type(self, name: str, offset: int, text: str) -> int:
        before = self.documents[name]
        after = self.documents[name] = replace(before, text=before.text[:offset] + text + before.text[offset:])
        self.completer.changed(before, after)
        return offset + len(text)

    async def ask(self, name: str, offset: int) -> None:
        await self.completer.complete(Query(self.documents[name], offset))

    @property
    def read(self) -> list[Seen]:
        return self.warming.seen


@asynccontextmanager
async def desk(script: str = ANSWER, *, settings: CompletionSettings | None = None) -> AsyncIterator[Desk]:
    typing, warming = ScriptedEngine(parse(ANSWER)), ScriptedEngine(parse(script))
    completer = Completer(
        settings or CompletionSettings(debounce_ms=0),
        ScriptedSource(typing),
        workspace=Workspace(),
        watch=Watch(NullRecorder()),
        fim="qwen-spm",
        ahead=Ahead(warming=ScriptedSource(warming)),
    )
    try:
        yield Desk(completer, typing, warming)
    finally:
        await completer.aclose()
        assert all(seen.ended for seen in (*typing.seen, *warming.seen)), "a stream was left open"


async def test_a_change_is_read_once_the_user_pauses() -> None:
    async with desk() as it:
        it.open("a.py")
        it.type("a.py", len(LINES), "x = ")
        await asyncio.sleep(PAUSE_SECONDS / 2)
        assert it.read == [], "not while a key may follow"
        await asyncio.sleep(PAUSED)
        (seen,) = it.read
        assert isinstance(seen.request, TextRequest)
        assert seen.request.max_tokens == 1
        assert seen.request.priority == PRIORITY
        assert it.typing.seen == []
        await it.ask("a.py", len(LINES) + 4)
        assert it.typing.seen[0].prompt.startswith(seen.prompt), "the completion begins with what was read"


async def test_what_is_read_is_what_is_asked_for_also_in_a_file_that_does_not_fit() -> None:
    """The file is cut by its tokens, which are known only once the engine has counted them."""
    lines = "".join(f"a_name_of_many_characters_{number} = another_name_of_many_characters\n" for number in range(60))
    async with desk(settings=CompletionSettings(debounce_ms=0, prompt_tokens=300)) as it:
        it.open("a.py", lines + BELOW)
        offset = it.type("a.py", len(lines), "x = ")
        await asyncio.sleep(PAUSED)
        (seen,) = it.read
        await it.ask("a.py", offset)
        assert it.typing.seen[0].prompt.startswith(seen.prompt)
        assert lines not in it.typing.seen[0].prompt


async def test_what_a_completion_has_had_read_is_not_read_again() -> None:
    async with desk() as it:
        it.open("a.py")
        offset = it.type("a.py", len(LINES), "x = ")
        await it.ask("a.py", offset)
        await asyncio.sleep(PAUSED)
        assert it.read == []


async def test_nothing_is_read_twice() -> None:
    async with desk() as it:
        it.open("a.py")
        offset = it.type("a.py", len(LINES), "x = ")
        await asyncio.sleep(PAUSED)
        it.type("a.py", offset, "y")
        await asyncio.sleep(PAUSED)
        assert len(it.read) == 1


async def test_the_next_key_ends_it() -> None:
    async with desk(SLOW) as it:
        it.open("a.py")
        offset = it.type("a.py", len(LINES), "x = ")
        await asyncio.sleep(PAUSED)
        (seen,) = it.read
        assert seen.ended is None
        it.type("a.py", offset, "y")
        await asyncio.sleep(0.05)
        assert seen.ended == "aborted"


async def test_what_was_ended_is_read_in_the_next_pause() -> None:
    async with desk(SLOW) as it:
        it.open("a.py")
        offset = it.type("a.py", len(LINES), "x = ")
        await asyncio.sleep(PAUSED)
        it.type("a.py", offset, "y")
        await asyncio.sleep(PAUSED)
        assert [seen.ended for seen in it.read] == ["aborted", None]


@pytest.mark.parametrize("busy", [Load(running=1), Load(waiting=1), Load(kv_cache=FULL)])
async def test_a_busy_engine_is_left_alone(busy: Load) -> None:
    async with desk() as it:
        it.warming.busy = busy
        it.open("a.py")
        it.type("a.py", len(LINES), "x = ")
        await asyncio.sleep(PAUSED)
        assert it.read == []


async def test_nothing_is_read_while_a_completion_runs() -> None:
    async with desk() as it:
        it.open("a.py")
        it.typing._left = list(parse(SLOW))
        offset = it.type("a.py", len(LINES), "x = ")
        asked = asyncio.create_task(it.ask("a.py", offset))
        await asyncio.sleep(0.1)
        it.open("b.py", "".join(reversed(LINES.splitlines(keepends=True))))
        it.type("b.py", len(LINES), "y = ")
        await asyncio.sleep(PAUSED)
        assert it.typing.seen[0].ended is None
        assert it.read == []
        asked.cancel()


async def test_an_engine_that_does_not_tell_its_load_is_not_asked_again() -> None:
    class Silent(ScriptedEngine):
        asked = 0

        async def load(self) -> Load:
            self.asked += 1
            raise EngineRefused(404, "no metrics")

    async with desk() as it:
        silent = it.warming = Silent(parse(ANSWER))
        it.completer._warming._source = ScriptedSource(silent)
        it.open("a.py")
        offset = it.type("a.py", len(LINES), "x = ")
        await asyncio.sleep(PAUSED)
        it.type("a.py", offset, "y")
        await asyncio.sleep(PAUSED)
        assert (silent.asked, it.read) == (1, [])


@pytest.mark.parametrize("settings", [{"enabled": False}, {"disabled_languages": ("python",)}, {"ignore": ("*.py",)}])
async def test_a_file_in_which_nothing_is_offered_is_not_read(settings: dict[str, object]) -> None:
    chosen = CompletionSettings(debounce_ms=0).model_copy(update=settings)
    async with desk(settings=chosen) as it:
        it.completer._workspace = Workspace(ignore=chosen.ignore)
        it.open("a.py")
        it.type("a.py", len(LINES), "x = ")
        await asyncio.sleep(PAUSED)
        assert it.read == []


async def test_nothing_is_read_while_the_user_wants_to_be_left_alone() -> None:
    """Texts change all the same."""
    async with desk() as it:
        document = it.open("a.py")
        await it.completer.complete(Query(document, len(LINES), snoozed=True))
        it.type("a.py", len(LINES), "x = ")
        await asyncio.sleep(PAUSED)
        assert it.read == []
        await it.completer.complete(Query(it.documents["a.py"], 0))
        it.type("a.py", len(LINES), "y = ")
        await asyncio.sleep(PAUSED)
        assert len(it.read) == 1


async def test_of_a_file_that_was_opened_only_the_others_are_read() -> None:
    """Nobody knows where in it the cursor will be."""
    async with desk() as it:
        it.open("a.py", LINES)
        offset = it.type("a.py", len(LINES), "y")
        await it.ask("a.py", offset)
        it.open("b.py", BELOW)
        await asyncio.sleep(PAUSED)
        (seen,) = it.read
        assert "first_" in seen.prompt
        assert "last_" not in seen.prompt


@pytest.mark.parametrize("row", FORMATS, ids=NAMES)
def test_what_is_read_begins_every_prompt_that_the_next_keys_make(row: FimFormat) -> None:
    files = (ContextFile("other.py", "def compute_something(number: int) -> int: ...\n" * 8),)
    prompt = FimPrompt(LINES + "x = ", BELOW, "a.py", "work", files)
    text = stable(prompt, row, cursor=True).prompt
    assert isinstance(text, str)
    for typed in ("c", "compute", "compute(1)\ny = "):
        assert row.render(replace(prompt, prefix=prompt.prefix + typed)).startswith(text)
    assert "other.py" in text
    assert LINES in text
    unknown = stable(prompt, row, cursor=False).prompt
    assert isinstance(unknown, str)
    if row.order == "prefix-first":
        assert "other.py" in unknown
    assert "first_" not in unknown
    assert "last_" not in unknown
