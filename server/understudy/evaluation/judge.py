"""Whether a completed program passes its tests: it is run, in the sandbox unless the user said otherwise."""

from __future__ import annotations

import secrets
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from understudy.evaluation.problems import Problem
from understudy.sandbox.arguments import Sandbox
from understudy.sandbox.command import MB, Command, Limits, Result
from understudy.sandbox.run import run
from understudy.sandbox.unconfined import run_unconfined

LIMITS = Limits(seconds=15.0, cpu_seconds=10.0, memory=512 * MB, address_space=2048 * MB, processes=1, output=4096)
PASSED, FAILED = "passed", "failed"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`word`: passed, failed, or the limit that ended the program. `said`: its last line, which names the error."""

    word: str
    said: str = ""

    @property
    def passed(self) -> bool:
        """Whether the program came to its end."""
        return self.word == PASSED


async def judge(problem: Problem, middle: str, sandbox: Sandbox | None) -> Verdict:
    """Put `middle` into the hole and run the tests."""
    # A program may end with status 0 before its tests: only one that says this word at its end has passed.
    word = secrets.token_hex(8)
    command = _command(program(problem, middle, word), sandbox)
    result = await (run_unconfined(command) if sandbox is None else run(sandbox, command))
    if result.succeeded and result.output.endswith(word):
        return Verdict(PASSED)
    return Verdict(result.limit.value if result.limit else FAILED, _last_line(result))


def program(problem: Problem, middle: str, word: str) -> str:
    """The function, its tests, and a last line that says `word`."""
    whole = f"{problem.prompt}{middle}{problem.suffix}\n{problem.test}\ncheck({problem.entry_point})\n"
    return f"{whole}__import__('os').write(1, b'{word}')\n"


def _command(text: str, sandbox: Sandbox | None) -> Command:
    """This Python, without the environment's packages: the tests need none. Its output is not held back, so that the
    last word comes last."""
    python = Path(sys.executable).resolve()
    words = (str(python), "-I", "-S", "-B", "-u", "-")
    folder = Path("/tmp" if sandbox else tempfile.gettempdir())  # noqa: S108 (the sandbox's own)
    readable = (Path(sys.base_prefix).resolve(),)
    return Command(words, folder, readable=readable, stdin=text.encode("utf-8", "replace"), limits=LIMITS)


def _last_line(result: Result) -> str:
    return (result.output.strip().splitlines() or [""])[-1][:200]
