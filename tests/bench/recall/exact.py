"""`python -m bench.recall.exact`: what the bundled model completes exactly, with other files in sight and without.

The lines are those of `bench.recall`, of Python packages that the model was not trained on. Each is asked twice with
the same window of its own file, greedily, on a real vLLM: with what ours shows of other files, and with nothing of
them. The cursor stands where the line began, or before the first of its identifiers of other files; there it also
counts whether the answer begins with that identifier. The model is tiny (six million parameters): what matters is the
difference, whose interval is paired.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import sys
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace

from bench.figures import row, say
from bench.real import engine
from bench.recall import ours, sample
from bench.recall.case import Case, Project
from bench.recall.corpus import projects
from bench.recall.tokens import count
from understudy.bundled.corpus import PACKAGES as TRAINED_ON
from understudy.engine.base import Engine
from understudy.engine.fim import FimPrompt
from understudy.engine.served import Served, describe, text_request
from understudy.evaluation.metrics import paired_difference, wilson
from understudy.features.completion.prompt import LINE_TOKENS, shown

FILES_TOKENS = 1024
WINDOW_TOKENS = 1024
LINES = 300
SEED = 5


@dataclass(frozen=True, slots=True)
class Question:
    """A prompt with other files, the rest of the line that should come, and the identifier that it begins with."""

    prompt: FimPrompt
    line: str
    name: str = ""


async def measure(lines: int = LINES) -> None:
    """Ask for that many lines, and print the shares."""
    known = list(projects("python", "test"))
    seen = {it.name for it in TRAINED_ON} & {it.name for it in known}
    if seen:
        raise ValueError(f"the bundled model was trained on {', '.join(sorted(seen))}: measure other packages")
    drawn = sample.cases(known, limit=lines, seed=SEED)
    whole: list[Question] = []
    names: list[Question] = []
    for project in known:
        cases = drawn[project.name]
        whole += [Question(it, case.line) for it, case in zip(await _prompts(project, cases), cases, strict=True)]
        later = [_at_name(case) for case in cases]
        prompts = await _prompts(project, [case for case, _ in later])
        names += [Question(it, case.line, name) for it, (case, name) in zip(prompts, later, strict=True)]
    async with engine() as (real, _):
        served = await describe(real)
        answers = [(it, await _answer(real, served, it), await _answer(real, served, _alone(it))) for it in whole]
        _say("the whole line", [(_line(it, one), _line(it, other)) for it, one, other in answers])
        answers = [(it, await _answer(real, served, it), await _answer(real, served, _alone(it))) for it in names]
        _say("the line from the identifier", [(_line(it, one), _line(it, other)) for it, one, other in answers])
        _say("the identifier", [(_name(it, one), _name(it, other)) for it, one, other in answers])


def _at_name(case: Case) -> tuple[Case, str]:
    """The case with its line typed up to the first identifier of another file, and that identifier."""
    at, name = min((_at(case.line, it.name), it.name) for it in case.targets)
    text = case.text[: case.offset] + case.line[:at] + case.text[case.offset :]
    return replace(case, text=text, offset=case.offset + at, line=case.line[at:]), name


def _at(line: str, name: str) -> int:
    found = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", line)
    assert found is not None
    return found.start()


async def _prompts(project: Project, cases: Sequence[Case]) -> list[FimPrompt]:
    found = []
    limit = FILES_TOKENS + WINDOW_TOKENS
    async with ours.indexed(project) as (root, indexing):
        for case in cases:
            async with ours.saved(project, case, root, indexing):
                workspace, here = ours.open_at(case, root, indexing)
                context = workspace.gather(
                    here, case.offset, limit_tokens=limit, count=count, files_tokens=FILES_TOKENS
                )
                found.append(shown(context, here))
    return found


def _alone(question: Question) -> Question:
    return replace(question, prompt=replace(question.prompt, files=()))


async def _answer(real: Engine, served: Served, question: Question) -> str:
    """The first line of the answer."""
    assert served.fim is not None
    request = text_request(served, served.fim, question.prompt, max_tokens=LINE_TOKENS)
    async with aclosing(real.stream(replace(request, stop=(*request.stop, "\n")))) as chunks:
        return "".join([chunk.text async for chunk in chunks]).rstrip()


def _line(question: Question, answer: str) -> bool:
    return answer == question.line.rstrip()


def _name(question: Question, answer: str) -> bool:
    after = answer[len(question.name) :][:1]
    return answer.startswith(question.name) and not (after.isalnum() or after == "_")


def _say(question: str, pairs: Sequence[tuple[bool, bool]]) -> None:
    with_files, alone = [a for a, _ in pairs], [b for _, b in pairs]
    for words, hits in (("with other files", with_files), ("without", alone)):
        share, interval = sum(hits) / len(hits), wilson(sum(hits), len(hits))
        row(f"{question}, {words}", f"{share:.1%} [{interval.low:.1%}, {interval.high:.1%}] of {len(hits)}")
    difference = paired_difference(with_files, alone)
    gained = sum(a and not b for a, b in pairs)
    lost = sum(b and not a for a, b in pairs)
    row(
        f"{question}: the difference",
        f"{(sum(with_files) - sum(alone)) / len(pairs):+.1%} [{difference.low:+.1%}, {difference.high:+.1%}], "
        f"{gained} gained, {lost} lost",
    )


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.recall.exact", description=__doc__)
    parser.add_argument("--limit", type=int, default=LINES, help="lines (%(default)s)")
    given = parser.parse_args(arguments)
    say("Exact lines of the bundled model in packages that it never saw")
    asyncio.run(measure(given.limit))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
