"""What begins and ends around a job: engines that start, jobs that are cancelled, a fixer that is closed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from checking_words import Words
from understudy.checking.base import Overlay, Report
from understudy.checking.diagnostic import Diagnostic
from understudy.context.workspace import Workspace
from understudy.core.errors import EngineRefused
from understudy.core.settings import FixSettings
from understudy.core.text import Document, Span, apply
from understudy.engine.base import ChatRequest, Engine, ModelInfo, Progress
from understudy.engine.script import parse, say
from understudy.engine.scripted import ScriptedEngine, ScriptedSource
from understudy.features.codeaction.fixer import Fixer
from understudy.features.codeaction.outcome import Job, Outcome, Proposal, Query, Reason, Withheld

TEXT = "def main(path):\n    return pth\n"
DOCUMENT = Document("file:///project/main.py", 1, "python", TEXT)
SPAN = Span(TEXT.index("pth"), TEXT.index("pth") + 3)
PROBLEM = Diagnostic(SPAN, "No name `pth`", "Words", "W1")
JOB = Job("fix", DOCUMENT, SPAN, (PROBLEM,))
GOOD = say("<<<<<<< SEARCH\n    return pth\n=======\n    return path\n>>>>>>> REPLACE\n")
WORDS = Words({"pth": "No name `pth`"})


class Starting(ScriptedSource):
    """An engine that is there once somebody has waited for it."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self.started = False

    def current(self) -> Engine | None:
        return super().current() if self.started else None

    async def ensure(self, report: Callable[[Progress], None]) -> Engine:
        report(Progress("Loading the weights", 50))
        self.started = True
        return await super().ensure(report)


class Base(ScriptedEngine):
    """A model without a chat template."""

    async def tokenize_chat(self, request: ChatRequest) -> tuple[int, ...]:
        raise EngineRefused(400, "no chat template")


class Endless:
    """Checks for ever, and says when it was told to stop."""

    def __init__(self) -> None:
        self.began = asyncio.Event()
        self.stopped = False

    async def check(self, overlay: Overlay, target: Diagnostic | None) -> tuple[Report, ...]:
        self.began.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.stopped = True
        return ()


def fixer(engine: ScriptedEngine | ScriptedSource, checking: Words | Endless = WORDS) -> Fixer:
    workspace = Workspace()
    workspace.changed(None, DOCUMENT)
    source = engine if isinstance(engine, ScriptedSource) else ScriptedSource(engine)
    return Fixer(FixSettings(speculate=False), source, workspace, checking)


async def until(condition: Callable[[], object]) -> None:
    for _ in range(2000):
        if condition():
            return
        await asyncio.sleep(0.005)
    pytest.fail("it has not come about")


def fixed(outcome: Outcome) -> str:
    assert isinstance(outcome, Proposal), outcome
    (file,) = outcome.files
    return apply(file.document.text, file.edits)


async def test_an_engine_that_is_not_there_yet_is_waited_for_with_its_progress() -> None:
    told: list[str] = []
    outcome = await fixer(Starting(ScriptedEngine([GOOD]))).run(JOB, told.append)
    assert fixed(outcome) == TEXT.replace("pth", "path")
    assert told[0] == "Loading the weights"


async def test_a_model_that_knows_no_chats_is_told_of_with_what_to_do() -> None:
    outcome = await fixer(Base(model=ModelInfo("base", 8192))).run(JOB, print)
    assert isinstance(outcome, Withheld)
    assert outcome.reason is Reason.NO_CHAT
    assert "`work.model`" in outcome.message


async def test_a_cancelled_job_lets_go_of_the_engine() -> None:
    engine = ScriptedEngine(parse('"<<<"\n!hang'))
    it = fixer(engine)
    running = asyncio.create_task(it.run(JOB, lambda _: None))
    await until(lambda: engine.seen)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert engine.seen[0].ended == "aborted"


async def test_a_cancelled_job_stops_the_checkers() -> None:
    checking = Endless()
    it = fixer(ScriptedEngine([GOOD]), checking)
    running = asyncio.create_task(it.run(JOB, lambda _: None))
    await checking.began.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert checking.stopped


async def test_closing_ends_what_is_under_way_and_its_caller_is_not_cancelled_itself() -> None:
    engine = ScriptedEngine(parse('"<<<"\n!hang'))
    it = fixer(engine)
    ended: list[bool] = []

    async def caller() -> None:
        try:
            await it.run(JOB, lambda _: None)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            ended.append(task is not None and bool(task.cancelling()))

    running = asyncio.create_task(caller())
    await until(lambda: engine.seen)
    await it.aclose()
    await running
    assert engine.seen[0].ended == "aborted"
    assert ended == [False]


async def test_two_jobs_at_once_do_not_hinder_each_other() -> None:
    engine = ScriptedEngine([GOOD, GOOD])
    it = fixer(engine)
    first, second = await asyncio.gather(it.run(JOB, lambda _: None), it.run(JOB, lambda _: None))
    assert fixed(first) == fixed(second)


async def test_after_a_failure_what_is_served_is_found_out_anew() -> None:
    engine = ScriptedEngine([*parse("!error 500 gone"), GOOD])
    it = fixer(engine)
    failed = await it.run(JOB, lambda _: None)
    assert isinstance(failed, Withheld)
    assert failed.reason is Reason.ENGINE_FAILED
    engine._model = ModelInfo("another", 2048)
    assert fixed(await it.run(JOB, lambda _: None)) == TEXT.replace("pth", "path")
    request = engine.seen[-1].request
    assert request.max_tokens <= 2048 // 3


async def test_what_was_withheld_before_is_tried_again_when_the_user_asks() -> None:
    it = fixer(ScriptedEngine([say("no"), say("no"), GOOD]))
    assert isinstance(await it.run(JOB, lambda _: None), Withheld)
    assert fixed(await it.run(JOB, lambda _: None)) == TEXT.replace("pth", "path")


async def test_the_first_answer_is_the_likeliest_and_the_second_is_drawn() -> None:
    engine = ScriptedEngine([say("no"), GOOD], model=ModelInfo("Qwen/Qwen3.6-35B-A3B", 65536))
    await fixer(engine).run(JOB, lambda _: None)
    first, second = (seen.request for seen in engine.seen)
    assert (first.temperature, second.temperature) == (0.0, 0.7)
    assert first.presence_penalty == second.presence_penalty == 0.0


async def test_a_job_of_an_unknown_action_is_refused_in_words() -> None:
    outcome = await fixer(ScriptedEngine()).run(replace(JOB, action="sing"), lambda _: None)
    assert isinstance(outcome, Withheld)
    assert "'sing'" in outcome.message


async def test_the_menu_never_asks() -> None:
    engine = ScriptedEngine()
    it = fixer(engine)
    assert it.offers(Query(DOCUMENT, SPAN, (PROBLEM,)))
    assert it.ready(JOB, DOCUMENT) is None
    await asyncio.sleep(0)
    assert not engine.seen
