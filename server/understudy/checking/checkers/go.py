"""Go: gofmt for the syntax, `go build` for types, `go vet` for the rest. The go command has an overlay of its own.

Compiling executes nothing of the workspace as long as cgo, which starts a C compiler with flags from the sources, is
off. Nothing is downloaded either (`environment.FIXED`).
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from understudy.checking.checkers.answers import of_document, places
from understudy.checking.checkers.row import Checker, Site, Unable, last_words
from understudy.checking.diagnostic import Diagnostic, Severity
from understudy.checking.places import Lines, Unit
from understudy.checking.run import Call, Output

GO = ("go",)
# What gopls calls the analyses that `go vet` has as well (`go tool vet help`).
ANALYSES = (
    *("appends", "asmdecl", "assign", "atomic", "bools", "buildtag", "cgocall", "composites", "copylocks", "defers"),
    *("directive", "errorsas", "framepointer", "httpresponse", "ifaceassert", "loopclosure", "lostcancel", "nilfunc"),
    *("printf", "shift", "sigchanyzer", "slog", "stdmethods", "stdversion", "stringintconv", "structtag", "tests"),
    *("testinggoroutine", "timeformat", "unmarshal", "unreachable", "unsafeptr", "unusedresult", "waitgroup"),
)
NO_C = {"CGO_ENABLED": "0"}


def _gofmt(site: Site, program: Path) -> Iterator[Call]:
    yield Call((str(program), "-e", "-l"), site.scratch, Path("<standard input>"), stdin=site.document.text or "\n")


def _read_gofmt(output: Output, call: Call, lines: Lines) -> tuple[Diagnostic, ...]:
    """Rows and columns count bytes from 1. Where the syntax is right, it says only whether the format is."""
    found = tuple(
        Diagnostic(lines.span((each.row, each.column or 0), None, Unit.UTF8), each.message, "syntax")
        for each in places(output.err)
    )
    if output.status and not found:
        raise Unable(f"failed: {last_words(output)}")
    return found


def _calls(*words: str) -> Callable[[Site, Path], Iterator[Call]]:
    """How a subcommand is asked about the document's package."""

    def calls(site: Site, program: Path) -> Iterator[Call]:
        if site.nearest("go.mod") is None:
            raise Unable("finds no go.mod")
        given = words
        if given[0] == "build" and site.path.name.endswith("_test.go"):
            given = ("test", "-c", *given[1:])  # `build` leaves tests out; -c makes a program and does not run it
        replaced = {}
        for number, (path, text) in enumerate(site.texts.items()):
            file = site.scratch / f"{number}.go"
            file.write_bytes(text.encode("utf-8", "replace"))
            replaced[str(path)] = str(file)
        overlay = site.scratch / "overlay.json"
        overlay.write_text(json.dumps({"Replace": replaced}))
        folder = site.path.parent
        environment = {} if site.grounds.trusted else NO_C
        yield Call(
            (str(program), *given, "-overlay", str(overlay), "."),
            folder,
            Path(replaced[str(site.path)]),  # it mostly names the file that takes the place of the document
            also=(site.path,),
            environment=environment,
        )

    return calls


def _read_build(output: Output, call: Call, lines: Lines) -> tuple[Diagnostic, ...]:
    """Rows and columns count bytes from 1."""
    return _own(output, call, lines, "compiler", "error")


def _read_vet(output: Output, call: Call, lines: Lines) -> tuple[Diagnostic, ...]:
    """As those of `go build`. Of a package with wrong types it says just the first that is wrong."""
    if any(line.startswith("vet: ") for line in output.err.splitlines()):
        raise Unable("needs code that compiles")
    return _own(output, call, lines, "go vet", "warning")


def _own(output: Output, call: Call, lines: Lines, source: str, severity: Severity) -> tuple[Diagnostic, ...]:
    """What is said of the document. Nothing is known of it where another package, or the syntax of another file, kept
    the tool from looking at it."""
    found = of_document(output.err, call, lines, source, Unit.UTF8)
    if output.status and not found:
        elsewhere = list(places(output.err))
        if not elsewhere:
            raise Unable(f"failed: {last_words(output)}")
        package = {call.folder, call.document.parent}
        for each in elsewhere:
            if "syntax error" in each.message or Path(os.path.normpath(call.folder / each.path)).parent not in package:
                raise Unable(f"cannot get that far ({each.path}: {each.message})")
    return tuple(replace(each, severity=severity) for each in found)


GOFMT = Checker("gofmt", "gofmt", GO, ("syntax", "gofmt"), _gofmt, _read_gofmt, cheap=True)
# -e: all errors, not the first ten. What is built goes nowhere.
BUILD = ("build", "-gcflags=-e", "-o", os.devnull)
GO_BUILD = Checker("go build", "go", GO, ("compiler", "go build", "gopls", "go"), _calls(*BUILD), _read_build)
GO_VET = Checker("go vet", "go", GO, ("go vet", "vet", "default", *ANALYSES), _calls("vet"), _read_vet)
