"""Reading what a tool prints: JSON, or lines that name a place."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from understudy.checking.checkers.row import Unable, is_document, last_words
from understudy.checking.diagnostic import Diagnostic, Severity
from understudy.checking.places import Lines, Unit
from understudy.checking.run import Call, Output

# `path:row:column: message`, as compilers print it, with or without a column and a blank.
PLACE = re.compile(r"^(?P<path>(?:[A-Za-z]:[\\/])?[^:\r\n]+):(?P<row>\d+)(?::(?P<column>\d+))?:?\s+(?P<message>\S.*)$")


@dataclass(frozen=True, slots=True)
class Found:
    """A line with a place; row and column count from 0, the column is None where none is named."""

    path: str
    row: int
    column: int | None
    message: str


def loaded(output: Output) -> Any:
    """Standard output as JSON. Raises `Unable` with what the tool said instead."""
    if output.dropped:
        raise Unable("printed too much")
    try:
        return json.loads(output.out)
    except (ValueError, RecursionError):
        raise Unable(f"failed: {last_words(output)}") from None


def loaded_lines(output: Output) -> Iterator[Mapping[str, Any]]:
    """Each line of standard output that is a JSON object."""
    if output.dropped:
        raise Unable("printed too much")
    for line in output.out.splitlines():
        if line.startswith("{"):
            try:
                yield json.loads(line)
            except ValueError:
                continue


def places(text: str) -> Iterator[Found]:
    """The lines that name a place."""
    for line in text.splitlines():
        if match := PLACE.match(line):
            column = match["column"]
            yield Found(match["path"], int(match["row"]) - 1, int(column) - 1 if column else None, match["message"])


def of_document(text: str, call: Call, lines: Lines, source: str, unit: Unit) -> tuple[Diagnostic, ...]:
    """The problems of the document among the lines that name a place."""
    return tuple(
        Diagnostic(
            lines.row(found.row) if found.column is None else lines.span((found.row, found.column), None, unit),
            found.message,
            source,
            severity=severity(found.message.partition(":")[0]),
        )
        for found in places(text)
        if is_document(call, found.path)
    )


def severity(word: str) -> Severity:
    """LSP's word for a tool's; an error where it is another."""
    names: dict[str, Severity] = {
        "warning": "warning",
        "warn": "warning",
        "information": "information",
        "info": "information",
        "note": "information",
        "hint": "hint",
    }
    return names.get(word.strip().lower(), "error")
