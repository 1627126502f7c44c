"""What a command printed about a file, as diagnostics: compilers' lines, tracebacks, or just that it failed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath

from understudy.checking.diagnostic import Diagnostic, Severity
from understudy.core.text import Span, split_lines

# path:line:column: …, path:line: …, path(line,column): …, path:line:column - …
_PLACE = re.compile(
    r"^\s*(?P<path>[^\s:(][^:(]*|[A-Za-z]:[^:(]+)"
    r"(?::(?P<row>\d+)(?::(?P<column>\d+))?(?:[:-]\d+)*|\((?P<in_row>\d+),(?P<in_column>\d+)\))"
    r"\s*[:-]\s*(?P<rest>\S.*)$"
)
_SEVERITY = re.compile(r"^(?:fatal )?(error|warning|note|information|info|hint|help)\b[:\s]\s*", re.IGNORECASE)
_LEADING_CODE = re.compile(r"^(?P<code>[A-Z]{1,5}\d{2,5}|invalid-syntax)\b:?\s+(?:\[\*\]\s+)?")
_TRAILING_CODE = re.compile(r"\s*[\[(](?:Error/|Warning/)?(?P<code>[\w@/.-]*[a-zA-Z][\w@/.-]*)[\])]$")
_FRAME = re.compile(r'^\s*File "(?P<path>[^"]+)", line (?P<row>\d+)')
_RAISED = re.compile(r"^(?P<error>[A-Za-z_][\w.]*)(?:: (?P<words>.*))?$")
_EXPECTED = re.compile(r"^E\s+(?P<words>\S.*)$")  # pytest's lines about what went wrong
_SEVERITIES: dict[str, Severity] = {
    "error": "error",
    "warning": "warning",
    "information": "information",
    "info": "information",
    "hint": "hint",
}
_IDENTIFIER = re.compile(r"\w+")
FAILED = "failed"  # the code of what a run shows, as `checking.intent.kinds` knows it
LONGEST = 300  # characters of a message that was made of a line of output


@dataclass(frozen=True, slots=True)
class Printed:
    """The output of a command that ended with `status`; `path` is the file that it was about, as the command knows it,
    `source` the command's name."""

    text: str
    status: int
    path: str
    source: str


def diagnostics_in(printed: Printed, text: str) -> tuple[Diagnostic, ...]:
    """The problems of the file, whose text is `text`, in its order. A command that failed and names no place in the
    file says one thing about all of it; one that ended with status 0 has found nothing, whatever it printed."""
    if printed.status == 0:
        return ()
    found = dict.fromkeys((*_placed(printed, text), *_raised(printed, text)))
    if not found:
        # Problems in other files would otherwise look like none in this one.
        return (Diagnostic(Span(0, len(text)), last_words(printed), printed.source, FAILED),)
    return tuple(sorted(found, key=lambda it: (it.span.start, it.span.end)))


def last_words(printed: Printed) -> str:
    """The line of the output that says best what went wrong."""
    lines = [line.strip() for line in printed.text.splitlines() if line.strip()]
    expected = [match["words"] for line in lines if (match := _EXPECTED.match(line))]
    said = expected[0] if expected else _with_its_line(lines)
    return (said or f"{printed.source} ended with exit status {printed.status}")[:LONGEST]


def _with_its_line(lines: list[str]) -> str:
    """The last line; after a traceback, with the line of code that raised a wordless error."""
    if not lines:
        return ""
    raised = _RAISED.match(lines[-1])
    if raised is None or raised["words"] or len(lines) < 3 or not any(_FRAME.match(line) for line in lines):
        return lines[-1]
    code = next((line for line in reversed(lines[:-1]) if line.strip("~^ ")), "")
    return f"{lines[-1]} in: {code}"


def _placed(printed: Printed, text: str) -> Iterator[Diagnostic]:
    lines = split_lines(text)
    for line in printed.text.splitlines():
        match = _PLACE.match(line)
        if match is None or not _same(match["path"], printed.path):
            continue
        rest, severity = match["rest"], "error"
        if said := _SEVERITY.match(rest):
            severity, rest = said[1].lower(), rest[said.end() :]
        if severity not in _SEVERITIES:
            continue  # a note about a problem that has its own line
        message, code = _message(rest)
        span = _span(lines, int(match["row"] or match["in_row"]), int(match["column"] or match["in_column"] or 0))
        yield Diagnostic(span, message, printed.source, code, _SEVERITIES[severity])


def _message(rest: str) -> tuple[str, str]:
    if leading := _LEADING_CODE.match(rest):
        return rest[leading.end() :], leading["code"]
    if (trailing := _TRAILING_CODE.search(rest)) and trailing.start():
        return rest[: trailing.start()], trailing["code"]
    return rest, ""


def _raised(printed: Printed, text: str) -> Iterator[Diagnostic]:
    """Errors that Python raised in the file: at the innermost of its frames."""
    row = 0
    output = printed.text.splitlines()
    for at, line in enumerate(output):
        if line.startswith("Traceback ("):
            row = 0
        elif frame := _FRAME.match(line):
            row = int(frame["row"]) if _same(frame["path"], printed.path) else row
        elif row and (raised := _RAISED.match(line)) and not line[0].isspace():
            message = line if raised["words"] else _with_its_line([it.strip() for it in output[: at + 1] if it.strip()])
            yield Diagnostic(_span(split_lines(text), row, 0), message[:LONGEST], printed.source, FAILED)
            row = 0


def _same(said: str, path: str) -> bool:
    """Whether a path that a tool prints is that of the file: absolute, relative to some folder, or the file's name."""
    said_parts, parts = PurePath(said.strip()).parts, PurePath(path).parts
    said_parts = said_parts[1:] if said_parts[:1] == (".",) else said_parts
    shared = min(len(said_parts), len(parts))
    return shared > 0 and said_parts[-shared:] == parts[-shared:]


def _span(lines: list[str], row: int, column: int) -> Span:
    """A place that is counted from 1, as the word there; without a column, the line without its indentation."""
    if not lines:
        return Span(0, 0)
    at = min(max(row, 1), len(lines)) - 1
    start = sum(map(len, lines[:at]))
    line = lines[at].rstrip("\r\n")
    if column == 0:
        return Span(start + len(line) - len(line.lstrip()), start + len(line))
    begin = min(column - 1, len(line))
    word = _IDENTIFIER.match(line, begin)
    return Span(start + begin, start + (word.end() if word else min(begin + 1, len(line))))
