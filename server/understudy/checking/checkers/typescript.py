"""The TypeScript compiler, with the project that the file belongs to, in the overlay.

It reports nothing of a file that is in no project which it was told; so it is made to list its files, and an answer
counts only where the document is among them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from understudy.checking.checkers.answers import severity
from understudy.checking.checkers.row import ECMASCRIPT, Checker, Site, Unable, is_document, last_words, text_of
from understudy.checking.diagnostic import Diagnostic
from understudy.checking.places import Lines, Unit
from understudy.checking.run import Call, Output

FORMAT = ("--pretty", "false", "--noEmit")
# No project leaves its state behind. Links are followed only to packages, not by relative imports, so that neighbours
# import the text of the overlay; --preserveSymlinks would lose what packages of pnpm import.
OVERLAY = ("--composite", "false", "--incremental", "false", "--listFiles")
# What tsserver assumes of a file without a project.
ALONE = ("--allowJs", "--target", "es2022", "--module", "esnext", "--moduleResolution", "bundler", "--jsx", "preserve")
LINE = re.compile(
    r"^(?P<path>.+?)\((?P<row>\d+),(?P<column>\d+)\): (?P<severity>\w+) (?P<code>TS\d+): (?P<message>.*)$"
)
# About its options or its project, after which it looks at no file. What else names no place (a missing library) does
# not keep it from that.
OBSTACLE = re.compile(r"^error TS(?:5|6|18)\d{3}: .*$", re.MULTILINE)
REFERENCES = re.compile(r'"references"\s*:\s*\[(.*?)\]', re.DOTALL)
REFERENCE = re.compile(r'"path"\s*:\s*"([^"]+)"')
COMMENT = re.compile(r"^\s*//.*$", re.MULTILINE)


def calls(site: Site, program: Path) -> Iterator[Call]:
    """A command for the project of the nearest tsconfig.json, then for each that it refers to; the first that holds the
    document counts. Without a project the file is checked alone."""
    mirror = site.mirror()
    document = mirror.path(site.path)
    # The declarations of all libraries take most of the time, and no edit is about them.
    given = OVERLAY if site.path.name.endswith((".d.ts", ".d.mts", ".d.cts")) else (*OVERLAY, "--skipLibCheck")
    found = site.nearest("tsconfig.json", "jsconfig.json")
    if found is None:
        yield Call((str(program), *FORMAT, *given, *ALONE, str(document)), mirror.path(site.grounds.root), document)
        return
    for project in (found, *_referred(found)):
        words = (str(program), *FORMAT, *given, "--project", str(mirror.path(project)))
        yield Call(words, mirror.path(project.parent), document)


def _referred(project: Path) -> Iterator[Path]:
    """The projects that a project file refers to, as those made by Vite do, which hold no file themselves."""
    match = REFERENCES.search(COMMENT.sub("", text_of(project)))
    for name in REFERENCE.findall(match[1]) if match else ():
        # Not through `resolve`, which would follow links.
        path = Path(os.path.normpath(project.parent / name))
        file = path if path.suffix == ".json" else path / "tsconfig.json"
        if file.is_file():
            yield file


def read(output: Output, call: Call, lines: Lines) -> tuple[Diagnostic, ...]:
    """Rows and columns count UTF-16 from 1; no end is told. What a message goes on with is indented."""
    if output.dropped:
        raise Unable("printed too much")
    own: list[Diagnostic] = []
    seen = mine = False
    for line in output.out.splitlines():
        if match := LINE.match(line):
            mine = is_document(call, match["path"])
            if mine:
                own.append(_diagnostic(match, lines))
        elif line.startswith("  ") and mine:
            last = own.pop()
            own.append(_longer(last, line.strip()))
        else:
            mine = False
            seen = seen or is_document(call, line)
    if not own and "--listFiles" not in call.words and (obstacle := OBSTACLE.search(output.out)):
        raise Unable(f"failed: {obstacle[0]}")
    if not own and not seen and "--listFiles" in call.words:
        raise Unable("finds the file in no project" if output.status in (0, 1, 2) and output.out else _failed(output))
    return tuple(own)


def _failed(output: Output) -> str:
    return f"failed: {last_words(output)}"


def _diagnostic(match: re.Match[str], lines: Lines) -> Diagnostic:
    start = int(match["row"]) - 1, int(match["column"]) - 1
    # Language servers leave out the letters: 2304.
    code = match["code"].removeprefix("TS")
    return Diagnostic(lines.span(start, None, Unit.UTF16), match["message"], "ts", code, severity(match["severity"]))


def _longer(diagnostic: Diagnostic, line: str) -> Diagnostic:
    return Diagnostic(
        diagnostic.span, f"{diagnostic.message}\n  {line}", diagnostic.source, diagnostic.code, diagnostic.severity
    )


TSC = Checker(
    *("tsc", "tsc", ECMASCRIPT, ("ts", "typescript", "tsserver", "js", "javascript")), calls, read, format=FORMAT
)
