"""The real sandbox, for tests: Python code run in it. A test is skipped, saying why, where there is none."""

from __future__ import annotations

import functools
import sys
from pathlib import Path
from typing import Any

import pytest

from understudy.sandbox.arguments import Sandbox
from understudy.sandbox.command import Command, Limits, Result
from understudy.sandbox.find import NoSandbox, find_sandbox
from understudy.sandbox.run import run

PYTHON = str(Path(sys.executable).resolve())
MODULES = Path(sys.base_prefix)


@functools.cache
def found() -> Sandbox | NoSandbox:
    return find_sandbox()


def sandbox() -> Sandbox:
    """The sandbox of this machine."""
    it = found()
    if isinstance(it, NoSandbox):
        pytest.skip(f"{it.problem} {it.remedy}")
    return it


def python(code: str, readable: tuple[Path, ...] = (), **more: Any) -> Command:
    """A command that runs Python code; the words of `Limits` among `more` are its limits."""
    limits = {name: more.pop(name) for name in Limits.__slots__ if name in more}
    return Command((PYTHON, "-I", "-c", code), readable=(MODULES, *readable), limits=Limits(**limits), **more)


async def inside(code: str, **more: Any) -> Result:
    return await run(sandbox(), python(code, **more))
