"""QuixBugs (Lin et al. 2017; MIT): forty small programs with a bug in one line each, through `understudy fix`.

Here no checker reports anything: a program's own tests are the check, which `--check` runs in the sandbox. The data are
those of the collection as JSON lines with `name`, `buggy_program`, `solution` and `tests`; they are found where
UNDERSTUDY_QUIXBUGS says.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.diagfix.case import answer
from bench.figures import row, say
from bench.recall.corpus import NotFetched

VARIABLE = "UNDERSTUDY_QUIXBUGS"
AT_ONCE = 2
# Some bugs are loops without an end.
CHECK = """\
import signal


def late(*_):
    raise TimeoutError("it does not come to an end")


signal.signal(signal.SIGALRM, late)
signal.alarm(5)
from {name} import *

{tests}
"""


@dataclass(frozen=True, slots=True)
class Program:
    """One program: with its bug, as it should be, and its tests."""

    name: str
    buggy: str
    solution: str
    tests: str


@dataclass(frozen=True, slots=True)
class Fixed:
    """What became of a program. `status`: the command's exit status; `said`: what it said last."""

    program: Program
    status: int
    text: str
    said: str


def load(file: Path) -> list[Program]:
    """The programs of a file. Raises `NotFetched`."""
    try:
        lines = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    except (OSError, ValueError) as error:
        raise NotFetched(f"the programs of QuixBugs cannot be read ({error})") from error
    return [Program(it["name"], f"{it['buggy_program']}\n", f"{it['solution']}\n", it["tests"]) for it in lines]


async def fixed(program: Program, words: Sequence[str], *, oracle: bool) -> Fixed:
    """Run `understudy fix` on a program in a project of its own. `words` are added; `oracle`: the engine's answer is
    the true fix."""
    with tempfile.TemporaryDirectory(prefix="understudy-quixbugs-") as place:
        folder = Path(place) / "project"
        (folder / ".git").mkdir(parents=True)
        file = folder / f"{program.name}.py"
        file.write_text(program.buggy, "utf-8")
        (folder / "check.py").write_text(CHECK.format(name=program.name, tests=program.tests), "utf-8")
        variables = dict(os.environ)
        if oracle:
            script = Path(place) / "script.txt"
            script.write_text(f"!always\n{json.dumps(answer(program.buggy, program.solution))}\n", "utf-8")
            homes = {f"UNDERSTUDY_{it}_HOME": str(Path(place) / it.lower()) for it in ("CONFIG", "DATA", "STATE")}
            variables |= {**homes, "UNDERSTUDY_SCRIPT": str(script)}
        check = f"{sys.executable} check.py"
        command = [sys.executable, "-m", "understudy", "fix", str(file), "--write", "--check", check, *words]
        process = await asyncio.create_subprocess_exec(
            *command, env=variables, stdin=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE
        )
        _, said = await process.communicate()
        return Fixed(program, process.returncode or 0, file.read_text("utf-8"), said.decode("utf-8", "replace"))


async def run(programs: Sequence[Program], words: Sequence[str] = (), *, oracle: bool) -> list[Fixed]:
    """All programs, some at once."""
    turns = asyncio.Semaphore(AT_ONCE)

    async def one(program: Program) -> Fixed:
        async with turns:
            return await fixed(program, words, oracle=oracle)

    return await asyncio.gather(*map(one, programs))


def report(name: str, results: Sequence[Fixed], *, goal: bool) -> None:
    """How many are fixed."""
    good = [it for it in results if it.status == 0]
    row(
        f"QuixBugs, {name}: fixed and checked by their tests",
        f"{len(good)} of {len(results)}",
        "all" if goal else "",
        met=len(good) == len(results) if goal else None,
    )
    row("  of these the very text of the solution", sum(it.text == it.program.solution for it in good))
    for it in results:
        if it.status != 0 and goal:
            say(f"    {it.program.name}: {it.said.strip()}")


async def measure() -> None:
    """The section of `python -m bench`. Raises `NotFetched`."""
    place = os.environ.get(VARIABLE)
    if not place:
        raise NotFetched(f"set {VARIABLE} to the file with the programs")
    report("true fixes", await run(load(Path(place)), oracle=True), goal=True)
