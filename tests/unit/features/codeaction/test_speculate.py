"""What is prepared while nobody asks for it: when, in which order, for how long, and what ends it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import pytest

from checking_words import Words
from understudy.checking.diagnostic import Diagnostic
from understudy.context.workspace import Workspace
from understudy.core.errors import EngineRefused
from understudy.core.settings import FixSettings
from understudy.core.text import Document, Span
from understudy.engine.base import Load, TextRequest
from understudy.engine.lanes import shared_lanes
from understudy.engine.script import parse
from understudy.engine.scripted import ScriptedEngine, ScriptedSource
from understudy.features.codeaction.fixer import PREPARING, Fixer
from understudy.features.codeaction.outcome import Job, Offer, Query, Withheld
from understudy.features.codeaction.speculate import MOST, PAUSE_SECONDS

TEXT = "".join(f"def f{number}(path):\n    return pth{number}\n\n\n" for number in range(6)) + "x = 1\n"
HANGS = "!always\n!hang"


def answer(number: int) -> str:
    block = f"<<<<<<< SEARCH\\n    return pth{number}\\n=======\\n    return path\\n>>>>>>> REPLACE\\n"
    return f'!when "No name `pth{number}`"\n"{block}"'


ANSWERS = "\n===\n".join(map(answer, range(6)))


class Silent(ScriptedEngine):
    """A server without metrics."""

    looks = 0

    async def load(self) -> Load:
        self.looks += 1
        raise EngineRefused(404, "no such path")


@dataclass
class Desk:
    fixer: Fixer
    workspace: Workspace
    engine: ScriptedEngine
    document: Document

    def type(self, old: str, new: str) -> None:
        assert old in self.document.text
        before = self.document
        self.document = replace(before, version=before.version + 1, text=before.text.replace(old, new, 1))
        self.workspace.changed(before, self.document)
        self.fixer.changed(before, self.document)

    def look(self, *numbers: int) -> tuple[Offer, ...]:
        """Open the menu with the problems of some functions, at the first of them."""
        found = [self.problem(number) for number in numbers]
        return self.fixer.offers(Query(self.document, found[0].span, tuple(found), only=("quickfix",)))

    def problem(self, number: int) -> Diagnostic:
        word = f"pth{number}"
        at = self.document.text.index(word)
        return Diagnostic(Span(at, at + len(word)), f"No name `{word}`", "Words", "W1")

    def ready(self, number: int) -> bool:
        problem = self.problem(number)
        return self.fixer.ready(Job("fix", self.document, problem.span, (problem,)), self.document) is not None

    @property
    def asked(self) -> list[str]:
        """The last line of each question that says what the problem is."""
        return [line for seen in self.engine.seen for line in seen.prompt.splitlines() if line.startswith("Line ")]


@asynccontextmanager
async def desk(
    script: str = ANSWERS,
    *,
    engine: ScriptedEngine | None = None,
    settings: FixSettings | None = None,
    speculates: bool = True,
) -> AsyncIterator[Desk]:
    engine = engine or ScriptedEngine(parse(script))
    workspace = Workspace()
    document = Document("file:///project/main.py", 1, "python", TEXT)
    workspace.changed(None, document)
    checking = Words({f"pth{number}": f"No name `pth{number}`" for number in range(6)})
    fixer = Fixer(settings or FixSettings(), ScriptedSource(engine), workspace, checking, speculates=speculates)
    try:
        yield Desk(fixer, workspace, engine, document)
    finally:
        await fixer.aclose()
        assert all(seen.ended for seen in engine.seen), "a stream was left open"


async def until(condition: Callable[[], bool]) -> None:
    for _ in range(2000):
        if condition():
            return
        await asyncio.sleep(0.01)
    pytest.fail("it has not come about")


async def a_while() -> None:
    """Longer than the pause after which something would be prepared."""
    await asyncio.sleep(PAUSE_SECONDS + 0.3)


async def test_a_fix_is_prepared_and_the_menu_opens_on_it() -> None:
    async with desk() as it:
        assert [offer.ready for offer in it.look(0)] == [None, None, None]
        await until(lambda: it.ready(0))
        first, *others = it.look(0)
        assert first.ready is not None
        assert first.title == first.ready.title == "Fix: No name `pth0` (checked: parses, nothing new from Words)"
        assert first.preferred
        assert not any(offer.ready for offer in others)
        assert it.engine.seen[0].request.priority == PREPARING
        await a_while()
        assert len(it.engine.seen) == 1  # once is enough


async def test_the_nearest_come_first_and_not_more_than_a_few() -> None:
    async with desk() as it:
        it.look(2, 5, 1, 3, 0)
        await until(lambda: it.ready(1) and it.ready(3))
        await a_while()
        assert len(it.asked) == MOST
        assert it.asked[0].startswith("Line 10: No name `pth2`")
        assert not it.ready(5)


@pytest.mark.parametrize("off", [{"speculate": False}, {"enabled": False}])
async def test_nothing_is_prepared_where_that_is_switched_off(off: dict[str, bool]) -> None:
    async with desk(settings=FixSettings(**off)) as it:
        it.look(0)
        await a_while()
        assert not it.engine.seen


async def test_nothing_is_prepared_where_it_may_cost_money() -> None:
    async with desk(speculates=False) as it:
        it.look(0)
        await a_while()
        assert not it.engine.seen


async def test_nothing_is_prepared_on_an_engine_that_does_not_say_how_busy_it_is() -> None:
    engine = Silent(parse(ANSWERS))
    async with desk(engine=engine) as it:
        it.look(0)
        await a_while()
        it.look(1)
        await a_while()
        assert not it.engine.seen
        assert engine.looks == 1  # nor is it asked for that again


async def test_an_engine_with_something_to_do_is_left_alone_until_it_is_done() -> None:
    async with desk() as it:
        it.engine.busy = Load(running=1)
        it.look(0)
        await a_while()
        assert not it.engine.seen
        it.engine.busy = Load()
        await until(lambda: it.ready(0))


async def test_a_key_ends_it_and_after_a_pause_it_begins_again() -> None:
    async with desk(HANGS) as it:
        it.look(0)
        await until(lambda: len(it.engine.seen) == 1)
        it.type("x = 1", "x = 12")
        await until(lambda: it.engine.seen[0].ended == "aborted")
        await until(lambda: len(it.engine.seen) == 2)
        it.type("x = 12", "x = 123")
        await until(lambda: it.engine.seen[1].ended == "aborted")


async def test_what_begins_again_is_about_the_text_as_it_is_by_then() -> None:
    async with desk() as it:
        it.look(1)
        it.type("def f0", "import os\n\n\ndef f0")
        await until(lambda: it.ready(1))
        assert it.asked == ["Line 9: No name `pth1` (Words W1)"]


async def test_a_change_of_what_it_is_about_ends_it_for_good() -> None:
    async with desk(HANGS) as it:
        it.look(0)
        await until(lambda: len(it.engine.seen) == 1)
        it.type("return pth0", "return pth00")
        await a_while()
        assert [seen.ended for seen in it.engine.seen] == ["aborted"]


async def test_a_result_goes_with_the_text_around_it_and_stays_while_that_does() -> None:
    async with desk() as it:
        it.look(0)
        await until(lambda: it.ready(0))
        it.type("x = 1", "x = 12")
        assert it.ready(0)
        it.type("def f0(path):", "def f0(path, other):")
        assert not it.ready(0)


async def test_another_places_problems_take_its_place_and_the_same_ones_do_not() -> None:
    async with desk(HANGS) as it:
        it.look(0)
        await until(lambda: len(it.engine.seen) == 1)
        it.look(0)
        await a_while()
        assert [seen.ended for seen in it.engine.seen] == [None]
        it.look(4)
        await until(lambda: len(it.engine.seen) == 2)
        assert it.engine.seen[0].ended == "aborted"
        assert "pth4" in it.asked[1]


async def test_no_problem_at_hand_ends_it() -> None:
    async with desk(HANGS) as it:
        it.look(0)
        await until(lambda: len(it.engine.seen) == 1)
        it.fixer.offers(Query(it.document, Span(0, 0)))
        await until(lambda: it.engine.seen[0].ended == "aborted")


async def test_a_question_for_other_kinds_says_nothing_of_problems() -> None:
    async with desk(HANGS) as it:
        it.look(0)
        await until(lambda: len(it.engine.seen) == 1)
        it.fixer.offers(Query(it.document, Span(0, 0), only=("source.fixAll",)))
        await a_while()
        assert [seen.ended for seen in it.engine.seen] == [None]


async def test_a_job_of_the_users_goes_first() -> None:
    async with desk(f'!when "pth0"\n!hang\n===\n{answer(1)}') as it:
        it.type("return pth0", "return pth0  # 0")
        it.look(0)
        await until(lambda: len(it.engine.seen) == 1)
        problem = it.problem(1)
        outcome = await it.fixer.run(Job("fix", it.document, problem.span, (problem,)), lambda _: None)
        assert not isinstance(outcome, Withheld)
        assert it.engine.seen[0].ended == "aborted"


async def test_what_could_not_be_had_is_not_asked_for_again() -> None:
    async with desk('!always\n"no"') as it:
        it.look(0)
        await until(lambda: len(it.engine.seen) == 2)  # an answer, and a second one
        await a_while()
        it.look(0)
        await a_while()
        assert len(it.engine.seen) == 2


async def test_an_answer_that_came_too_late_is_not_waited_for_again() -> None:
    async with desk("!always\n!finish abort") as it:
        it.look(0)
        await until(lambda: len(it.engine.seen) == 1)
        await a_while()
        it.look(0)
        await a_while()
        assert len(it.engine.seen) == 1


async def test_what_the_user_has_asked_for_meanwhile_is_not_asked_for_again() -> None:
    async with desk('!always\n"no"') as it:
        it.look(0)
        problem = it.problem(0)
        outcome = await it.fixer.run(Job("fix", it.document, problem.span, (problem,)), lambda _: None)
        assert isinstance(outcome, Withheld)
        asked = len(it.engine.seen)
        it.type("x = 1", "x = 12")
        await a_while()
        assert len(it.engine.seen) == asked


async def test_an_engine_that_fails_is_left_alone_for_a_while() -> None:
    async with desk("!always\n!error 500 out of memory") as it:
        it.look(0)
        await until(lambda: len(it.engine.seen) == 1)
        await a_while()
        it.look(1)
        await a_while()
        assert len(it.engine.seen) == 1


async def test_a_closed_document_is_not_worked_on() -> None:
    async with desk(HANGS) as it:
        it.look(0)
        await until(lambda: len(it.engine.seen) == 1)
        it.fixer.changed(it.document, None)
        await a_while()
        assert [seen.ended for seen in it.engine.seen] == ["aborted"]


async def test_a_completion_does_not_wait_for_it() -> None:
    engine = ScriptedEngine(parse('!when "No name"\n!hang\n===\n"typed"'))
    lanes = shared_lanes(ScriptedSource(engine))
    workspace = Workspace()
    document = Document("file:///project/main.py", 1, "python", TEXT)
    workspace.changed(None, document)
    fixer = Fixer(FixSettings(), lanes.work, workspace, Words({}))
    it = Desk(fixer, workspace, engine, document)
    it.look(0)
    await until(lambda: len(engine.seen) == 1)
    typing = lanes.typing.current()
    assert typing is not None
    async with asyncio.timeout(30):
        said = "".join([chunk.text async for chunk in typing.stream(TextRequest("def f", 8))])
    assert said == "typed"
    await fixer.aclose()
