"""mypy: in the overlay, with its cache in a folder of ours, without what in its settings would run code."""

from __future__ import annotations

import os
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from understudy.checking.checkers.answers import loaded_lines, severity
from understudy.checking.checkers.mypy_settings import harmless, settings_file
from understudy.checking.checkers.row import PYTHON, Checker, Site, Unable, is_document, last_words
from understudy.checking.diagnostic import Diagnostic
from understudy.checking.find import find
from understudy.checking.overlay import Mirror
from understudy.checking.places import Lines
from understudy.checking.run import Call, Output
from understudy.core.text import Span

FORMAT = ("--output", "json", "--show-error-end", "--no-error-summary", "--show-error-codes", "--no-pretty")
# In the project's folder, since mypy takes the paths of plugins from where its settings are.
OWN_SETTINGS = ".understudy-mypy.ini"
SUFFIXES = (".py", ".pyi")
EPOCH = 1 << 30  # seconds: 2004
BROKEN = 2  # its exit status when it could not go on


def calls(site: Site, program: Path) -> Iterator[Call]:
    """One command in the project's folder of the overlay. A cache holds only paths relative to that, so it serves every
    overlay of the same folder."""
    mirror = site.mirror()
    file = settings_file(site)
    root = file.parent if file is not None else site.grounds.root
    folder, document = mirror.path(root), mirror.path(site.path)
    try:
        settings = "[mypy]\n" if file is None else harmless(file, folder, trusted=site.grounds.trusted)
    except ValueError as error:
        raise Unable(f"has settings that cannot be read ({error})") from None
    _tell_apart(site, mirror)
    own = mirror.put(root / OWN_SETTINGS, settings)
    words = [str(program), *FORMAT, "--config-file", str(own), "--cache-dir", str(site.kept)]
    if site.grounds.trusted and (python := find("python", site.grounds)) is not None:
        words += ["--python-executable", str(python)]
    yield Call(
        (*words, str(document.relative_to(folder) if document.is_relative_to(folder) else document)), folder, document
    )


def _tell_apart(site: Site, mirror: Mirror) -> None:
    """Give each text a time of change of its own. The cache takes a file for the one that it knows by its name, length
    and second: the text after a fix of two letters that changed places would be answered as the one before was."""
    for path, text in site.texts.items():
        if path.is_relative_to(mirror.top) and path.suffix in SUFFIXES:
            digest = sha256(text.encode("utf-8", "replace")).digest()
            moment = EPOCH + int.from_bytes(digest[:4], "big") % EPOCH
            os.utime(mirror.path(path), (moment, moment))


def read(output: Output, call: Call, lines: Lines) -> tuple[Diagnostic, ...]:
    """Rows count from 1. Columns count code points from 0, but on lines that are not ASCII versions differ (1.x counts
    bytes, 2.4 something less than code points): there a problem spans its line."""
    found = list(loaded_lines(output))
    own = [each for each in found if is_document(call, each["file"])]
    # It stops at broken syntax, be it in another file.
    if output.status not in (0, 1) and not (own and output.status == BROKEN):
        elsewhere = f"{found[0]['file']}: {found[0]['message']}" if found else last_words(output)
        raise Unable(f"could not go on ({elsewhere})")
    return tuple(
        Diagnostic(
            _span(each["line"] - 1, each["column"], each.get("end_line"), each.get("end_column"), lines),
            each["message"],
            "mypy",
            each.get("code") or "",
            severity(each["severity"]),
        )
        for each in own
    )


def _span(row: int, column: int, end_row: int | None, end: int | None, lines: Lines) -> Span:
    if not lines.is_ascii(row) or column < 0:
        return lines.row(row)
    last = (end_row - 1, end) if end_row and end and (end_row - 1, end) > (row, column) else None
    return lines.span((row, column), last)


MYPY = Checker("mypy", "mypy", PYTHON, ("mypy", "pylsp_mypy", "dmypy"), calls, read, alone=True, format=FORMAT)
