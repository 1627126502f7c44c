"""Problems of our own in the form of HumanEval-Infilling, and engines that fill their holes rightly or wrongly."""

from __future__ import annotations

import gzip
import json
from dataclasses import asdict
from pathlib import Path

from understudy.engine.script import Answer, Say
from understudy.engine.scripted import ScriptedEngine
from understudy.evaluation.problems import Problem

# Each row: name, the lines above the hole, the hole, the lines below, what `check` asserts, a wrong line for the hole.
ROWS = (
    (
        "double",
        'def double(number):\n    """Twice the number."""\n',
        "    result = number + number\n",
        "    return result\n",
        "candidate(3) == 6",
        "    result = number\n",
    ),
    (
        "largest",
        "def largest(numbers):\n    best = numbers[0]\n    for number in numbers:\n",
        "        if number > best:\n",
        "            best = number\n    return best\n",
        "candidate([1, 5, 2]) == 5",
        "        if number < best:\n",
    ),
    (
        "greet",
        "def greet(name):\n",
        "    greeting = 'Hello, ' + name\n",
        "    return greeting + '!'\n",
        "candidate('Ada') == 'Hello, Ada!'",
        "    greeting = name\n",
    ),
    (
        "total",
        "def total(prices):\n    so_far = 0\n    for price in prices:\n",
        "        so_far += price\n",
        "    return so_far\n",
        "candidate([1, 2, 3]) == 6",
        "        so_far = price\n",
    ),
)

PROBLEMS = tuple(
    Problem(
        f"SingleLineInfilling/Own/{name}/L0",
        name,
        prompt,
        suffix,
        hole,
        f"\n\ndef check(candidate):\n    assert {assertion}\n",
    )
    for name, prompt, hole, suffix, assertion, _ in ROWS
)
WRONG = {name: wrong for name, *_, wrong in ROWS}


def write_problems(path: Path, problems: tuple[Problem, ...] = PROBLEMS) -> Path:
    """A file of problems, in gzip where its name says so."""
    raw = "".join(json.dumps(asdict(problem)) + "\n" for problem in problems).encode()
    path.write_bytes(gzip.compress(raw) if path.suffix == ".gz" else raw)
    return path


def right(problem: Problem) -> str:
    return problem.canonical_solution


def wrong(problem: Problem) -> str:
    return WRONG[problem.entry_point]


def answers(fill: object = right, *, delay_ms: int = 0) -> str:
    """A script in which every problem's hole is filled by `fill`, however often it is asked."""
    pause = f"!delay {delay_ms}\n" if delay_ms else ""
    return "===\n".join(
        f"!when {json.dumps(problem.prompt)}\n!always\n{pause}{json.dumps(fill(problem))}\n"  # type: ignore[operator]
        for problem in PROBLEMS
    )


def engine(fill: object = right) -> ScriptedEngine:
    return ScriptedEngine(
        Answer((Say(fill(problem)),), when=problem.prompt, always=True)  # type: ignore[operator]
        for problem in PROBLEMS
    )
