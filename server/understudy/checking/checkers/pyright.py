"""Pyright and basedpyright: in the overlay, and never with an interpreter that the workspace brings along.

Left alone they run the Python of a `.venv` that they find, to ask it for its folders. They are told which Python to
run; where an environment lies in the workspace, they are told its folder, which they only look into.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from understudy.checking.checkers.answers import loaded, severity
from understudy.checking.checkers.row import PYTHON, Checker, Site, Unable, is_document, last_words, text_of
from understudy.checking.diagnostic import Diagnostic
from understudy.checking.find import interpreter, virtual_environment
from understudy.checking.overlay import Mirror
from understudy.checking.places import Lines, Unit
from understudy.checking.run import Call, Output
from understudy.core.text import Span

CONFIGURATION = "pyrightconfig.json"
FORMAT = ("--outputjson",)


def _calls(tables: tuple[str, ...]) -> Callable[[Site, Path], Iterator[Call]]:
    """How the program is asked that finds its settings in these tables of a pyproject.toml, the first of them first."""

    def calls(site: Site, program: Path) -> Iterator[Call]:
        mirror = site.mirror()
        found = site.nearest(CONFIGURATION, "pyproject.toml")
        root = found.parent if found is not None else site.grounds.root
        _name_environment(site, mirror, root, tables)
        words = (str(program), *FORMAT, "--pythonpath", str(interpreter(site.grounds)))
        document = mirror.path(site.path)
        yield Call((*words, str(document)), mirror.path(root), document)

    return calls


def _name_environment(site: Site, mirror: Mirror, root: Path, tables: tuple[str, ...]) -> None:
    """Put the project's environment into the overlay's configuration, unless that names one."""
    environment = virtual_environment(site.grounds)
    if environment is None or site.grounds.trusted or not mirror.path(root).is_dir():
        return
    named: dict[str, Any] = {"venvPath": str(environment.parent), "venv": environment.name}
    place = mirror.path(root / CONFIGURATION)
    if place.exists():
        if '"venv"' in text_of(place):
            return
        # Its own relative paths stay those of the overlay, since the copy lies beside it.
        place.rename(place.with_name("pyrightconfig.extended.json"))
        named["extends"] = "./pyrightconfig.extended.json"
    else:
        named = {**named, **_table(root / "pyproject.toml", tables)}
    mirror.put(root / CONFIGURATION, json.dumps(named, default=str))


def _table(file: Path, tables: tuple[str, ...]) -> dict[str, Any]:
    try:
        tool = tomllib.loads(text_of(file)).get("tool", {})
    except tomllib.TOMLDecodeError:
        return {}
    return next((dict(tool[name]) for name in tables if isinstance(tool.get(name), dict)), {})


def read(output: Output, call: Call, lines: Lines) -> tuple[Diagnostic, ...]:
    """Rows and columns count UTF-16 from 0. Both tools answer alike."""
    answer = loaded(output)
    if not answer.get("summary", {}).get("filesAnalyzed"):
        raise Unable(
            f"did not look at the file: {last_words(output)}" if output.err else "is told to leave out the file"
        )
    return tuple(
        Diagnostic(
            _span(each.get("range"), lines),
            each["message"],
            "Pyright",
            each.get("rule", ""),
            severity(each["severity"]),
        )
        for each in answer["generalDiagnostics"]
        if is_document(call, each.get("file", ""))
    )


def _span(place: dict[str, dict[str, int]] | None, lines: Lines) -> Span:
    if place is None:  # of the file as a whole, for example an import in a circle
        return lines.span((0, 0), (0, 0))
    start, end = ((place[key]["line"], place[key]["character"]) for key in ("start", "end"))
    return lines.span(start, end, Unit.UTF16)


PYRIGHT = Checker(
    *("pyright", "pyright", PYTHON, ("pyright", "pylance")),
    *(_calls(("pyright",)), read),
    stands_for=("basedpyright",),
    format=FORMAT,
)
BASEDPYRIGHT = Checker(
    *("basedpyright", "basedpyright", PYTHON, ("basedpyright",)),
    *(_calls(("basedpyright", "pyright")), read),
    stands_for=("pyright", "pylance"),
    format=FORMAT,
)
