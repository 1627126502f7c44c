"""`understudy doctor`: what is found, what is missing, and the next command to type. It starts and changes nothing."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from understudy.cli.checker_checkup import checker_findings
from understudy.cli.checkup import Finding, Level, engine_findings, machine_findings, settings_findings
from understudy.cli.index_checkup import index_findings
from understudy.cli.services import user_settings
from understudy.cli.terminal import say, say_json
from understudy.engine.plan.saved import settings_with_plan

UNWELL = 1
MARKS = {Level.OK: "ok", Level.NOTE: "--", Level.WRONG: "NO"}


def add_doctor_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `doctor`."""
    parser = commands.add_parser(
        "doctor", help="say what is found and what is missing", description="Exit status 0 when completions would work."
    )
    parser.add_argument("--json", action="store_true", help="for programs")
    parser.set_defaults(func=run_doctor)


def run_doctor(arguments: argparse.Namespace) -> int:
    """Look at everything and say what was found; 0 when completions would work."""
    read = user_settings()
    engine = asyncio.run(engine_findings(settings_with_plan(read.settings)))
    files = index_findings(read.settings)
    checkers = checker_findings(read.settings, Path().resolve())
    findings = [*machine_findings(read.settings), *settings_findings(read), *files, *checkers, *engine]
    well = not any(finding.level is Level.WRONG for finding in findings)
    if arguments.json:
        say_json({"well": well, "findings": [as_json(finding) for finding in findings]})
    else:
        say(as_text(findings))
        say("")
        say(advice(findings))
    return 0 if well else UNWELL


def as_json(finding: Finding) -> dict[str, str]:
    """A finding for programs."""
    return {**asdict(finding), "level": finding.level.value}


def as_text(findings: Sequence[Finding]) -> str:
    """One line for each finding, its remedy below it."""
    width = max(len(finding.what) for finding in findings) + 2
    lines = []
    for finding in findings:
        lines.append(f"{MARKS[finding.level]}  {finding.what:<{width}}{finding.found}")
        if finding.remedy:
            lines.append(f"{'':<{width + 4}}{finding.remedy}")
    return "\n".join(lines)


def advice(findings: Sequence[Finding]) -> str:
    """The last line: what to do next."""
    wrong = [finding for finding in findings if finding.level is Level.WRONG]
    if not wrong:
        return "Everything that completions need is here."
    return f"Completions do not work yet. Next: {wrong[0].remedy or wrong[0].found}"
