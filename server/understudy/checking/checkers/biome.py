"""Biome's linter. Its plugins are queries, so nothing of the workspace is executed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from understudy.checking.checkers.answers import loaded, severity
from understudy.checking.checkers.row import ECMASCRIPT, Checker, Site, Unable, is_document
from understudy.checking.diagnostic import Diagnostic
from understudy.checking.places import Lines
from understudy.checking.run import Call, Output

FORMAT = ("--reporter=json",)


def calls(site: Site, program: Path) -> Iterator[Call]:
    """One command in the overlay: of what comes through standard input it gives no report."""
    mirror = site.mirror()
    document = mirror.path(site.path)
    found = site.nearest("biome.json", "biome.jsonc", ".biome.json", ".biome.jsonc")
    folder = mirror.path(found.parent if found is not None else site.grounds.root)
    yield Call((str(program), "lint", *FORMAT, "--max-diagnostics=none", str(document)), folder, document)


def read(output: Output, call: Call, lines: Lines) -> tuple[Diagnostic, ...]:
    """Rows and columns count code points from 1."""
    answer = loaded(output)
    summary = answer["summary"]
    if not summary.get("unchanged") and not summary.get("changed"):
        raise Unable("is told to leave out the file")
    return tuple(
        Diagnostic(
            lines.span(_place(each["location"]["start"]), _place(each["location"]["end"])),
            each["message"],
            "biome",
            each.get("category") or "",
            severity(each["severity"]),
        )
        for each in answer["diagnostics"]
        if is_document(call, each["location"]["path"])
    )


def _place(place: dict[str, int]) -> tuple[int, int]:
    return place["line"] - 1, place["column"] - 1


BIOME = Checker(*("biome", "biome", ECMASCRIPT, ("biome",)), calls, read, cheap=True, format=FORMAT)
