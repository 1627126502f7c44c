"""Asks one checker about one case: its commands in turn, until one can say something."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from understudy.checking.base import Report
from understudy.checking.case import TREE, Case
from understudy.checking.checkers.row import Checker, Site, Unable
from understudy.checking.diagnostic import Diagnostic
from understudy.checking.environment import allowed
from understudy.checking.find import folders
from understudy.checking.places import Lines
from understudy.checking.run import Call, limits, run
from understudy.sandbox.command import Limit

OVER: Mapping[Limit, str] = {
    Limit.CPU: "took too much processor time",
    Limit.MEMORY: "took too much memory",
    Limit.PROCESSES: "started too many processes",
    Limit.FILE_SIZE: "wrote too large a file",
}


async def ask(
    checker: Checker, program: Path, case: Case, kept: Path, seconds: float, target: Diagnostic | None = None
) -> Report:
    """What the checker says, within `seconds` for all its commands. Never raises, save when it is cancelled."""
    try:
        return Report(checker.name, await _ask(checker, program, case, kept, seconds, target))
    except Unable as error:
        return Report(checker.name, None, f"{checker.name} {error}")
    except OSError as error:
        return Report(checker.name, None, f"{checker.name} cannot be run ({error.strerror or error})")
    except (LookupError, TypeError, ValueError, AttributeError) as error:  # an answer in a form that no version had yet
        return Report(checker.name, None, f"{checker.name} answered in an unknown way ({type(error).__name__})")


async def _ask(
    checker: Checker, program: Path, case: Case, kept: Path, seconds: float, target: Diagnostic | None
) -> tuple[Diagnostic, ...]:
    site = Site(case.document, case.path, case.texts, case.grounds, case.mirror, case.scratch, kept, target)
    calls: list[Call] = await asyncio.to_thread(lambda: list(checker.calls(site, program)))
    path = (program.parent, *folders(case.grounds))
    environment = allowed(os.environ, dict.fromkeys(path), case.temporary)
    lines = Lines(case.document.text)
    end = asyncio.get_running_loop().time() + seconds
    why = Unable("has no way to check this")
    for call in calls:
        left = end - asyncio.get_running_loop().time()
        output = await run(call, environment, limits(max(0.1, left)))
        if output.limit is not None:
            raise Unable(OVER.get(output.limit, f"took longer than {seconds:g} s"))
        try:
            found = await asyncio.to_thread(checker.read, output, call, lines)
        except Unable as error:
            why = error
            continue
        return tuple(_at_home(each, case) for each in found)
    raise why


def _at_home(diagnostic: Diagnostic, case: Case) -> Diagnostic:
    """A diagnostic whose words speak of the workspace's files and not of the overlay's, which has another place each
    time."""
    place = str(case.scratch / TREE)
    return replace(diagnostic, message=diagnostic.message.replace(place, str(case.top)))
