"""A program passes where its tests do, in the real sandbox; tricks and endless loops do not."""

from __future__ import annotations

import pytest
from confined import sandbox
from own_problems import PROBLEMS, right, wrong

from understudy.evaluation.judge import Verdict, judge
from understudy.evaluation.problems import Problem
from understudy.sandbox.arguments import Sandbox

PROBLEM = PROBLEMS[0]


@pytest.fixture(name="confinement", params=["sandboxed", "unsandboxed"])
def fixture_confinement(request: pytest.FixtureRequest) -> Sandbox | None:
    return sandbox() if request.param == "sandboxed" else None


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.entry_point)
async def test_right_and_wrong(confinement: Sandbox | None, problem: Problem) -> None:
    assert await judge(problem, right(problem), confinement) == Verdict("passed")
    assert await judge(problem, wrong(problem), confinement) == Verdict("failed", "AssertionError")


@pytest.mark.parametrize(
    ("middle", "said"),
    [
        ("    result = \n", "SyntaxError: invalid syntax"),
        ("    result = nothing\n", "NameError: name 'nothing' is not defined"),
        # What ends with status 0 before the tests are through has not passed them.
        ("    raise SystemExit(0)\n", ""),
        ("    import os; os._exit(0)\n", ""),
        ("    print('passed'); raise SystemExit\n", "passed"),
    ],
)
async def test_failures(confinement: Sandbox | None, middle: str, said: str) -> None:
    assert await judge(PROBLEM, middle, confinement) == Verdict("failed", said)


async def test_output_is_no_failure() -> None:
    middle = "    print('y' * 100_000)\n    result = number * 2\n"
    assert (await judge(PROBLEM, middle, sandbox())).passed


async def test_limits_have_names() -> None:
    loop = await judge(PROBLEM, "    while True: pass\n", sandbox())
    assert loop.word in ("processor time", "time")


async def test_a_program_has_no_children() -> None:
    verdict = await judge(PROBLEM, "    import os\n    os.fork()\n    result = 2 * number\n", sandbox())
    assert verdict == Verdict("failed", "BlockingIOError: [Errno 11] Resource temporarily unavailable")
