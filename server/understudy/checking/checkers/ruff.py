"""Ruff: fast enough to be asked about every Python text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from understudy.checking.checkers.answers import loaded
from understudy.checking.checkers.row import PYTHON, Checker, Site, is_document
from understudy.checking.diagnostic import Diagnostic
from understudy.checking.places import Lines
from understudy.checking.run import Call, Output

RULE = re.compile(r"[A-Z]{1,4}\d{3,4}")
SOURCES = ("ruff",)
# Tools whose rules it has under the same codes.
STANDS_FOR = ("pyflakes", "pycodestyle", "flake8")
FORMAT = ("--output-format", "json", "--no-cache", "--no-fix")
UNNECESSARY = ("F401", "F811", "F841")  # what its language server greys out


def calls(site: Site, program: Path) -> Iterator[Call]:
    """One command, in the real folder: the text goes in through standard input, and nothing is written."""
    words = [str(program), "check", *FORMAT]
    if site.target is not None and site.target.source.lower() in SOURCES and RULE.fullmatch(site.target.code):
        # The editor may have switched on a rule that the project's configuration does not.
        words += ["--extend-select", site.target.code]
    folder = site.path.parent if site.path.parent.is_dir() else site.grounds.root
    yield Call((*words, "--stdin-filename", str(site.path), "-"), folder, site.path, stdin=site.document.text or "\n")


def read(output: Output, call: Call, lines: Lines) -> tuple[Diagnostic, ...]:
    """Rows and columns count code points from 1."""
    return tuple(
        Diagnostic(
            lines.span(_place(each["location"]), _place(each["end_location"])),
            each["message"],
            "Ruff",
            each["code"] or "invalid-syntax",
            # Its language server shows broken syntax as an error, everything else as a warning.
            "error" if (each["code"] or "invalid-syntax") in ("invalid-syntax", "F821") else "warning",
            unnecessary=each["code"] in UNNECESSARY,
        )
        for each in loaded(output)
        if is_document(call, each["filename"])
    )


def _place(place: dict[str, int]) -> tuple[int, int]:
    return place["row"] - 1, place["column"] - 1


RUFF = Checker("ruff", "ruff", PYTHON, SOURCES, calls, read, stands_for=STANDS_FOR, cheap=True, format=FORMAT)
