"""Completing what is only begun: a function's body that is a stub, or what a `TODO` comment asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from understudy.context.syntax.source import Source
from understudy.core.text import Span, line_end, line_start
from understudy.editing.words import instruction_task
from understudy.features.codeaction.action import Found
from understudy.features.codeaction.look import Look
from understudy.features.codeaction.outcome import Reason, Withheld
from understudy.features.codeaction.problem import shortened
from understudy.features.codeaction.scope import Defined, cover
from understudy.features.codeaction.task import Task

MAX_BODY = 2000  # bytes; longer ones are no stubs
MAX_TODO_ROWS = 12
# What stands in a body that is still to be written, in the fifteen languages, on one line.
_STUB = re.compile(
    r"pass|\.\.\.|:|raise\s+NotImplementedError\b.*"
    r"|throw\s+(?:new\s+)?[\w.:\\]*(?:NotImplemented|UnsupportedOperation|BadMethodCall)\w*\b.*"
    r"|(?:raise|throw|panic|error|die|fatalError|preconditionFailure|abort|assert|echo)\b.*\b(?:(?:un)?implement(?:ed)?|todo|stub)\b.*"
    r"|fatalError\(\)|(?:todo|unimplemented)!\s*[(\[{].*[)\]}]|TODO\(.*\)",
    re.IGNORECASE,
)
_UNWRITTEN = re.compile(r"abstract|overload", re.IGNORECASE)  # decorators of what has no body of its own
_TODO = re.compile(r"\b(?:TODO|FIXME)\b(?:\([^)]*\))?:?\s*")


def find(look: Look) -> Iterator[Found]:
    """The function around the place, if it is a stub, else the comment on its line that says what is to be done."""
    if (stub := _stub(look)) is not None:
        yield Found(shortened(f"Complete the body of '{stub.name}'"))
    elif (todo := _todo(look)) is not None:
        text = look.document.text
        said = _said(text[todo.start : line_end(text, todo.start)])
        yield Found(shortened(f"Complete this TODO: {said}" if said else "Complete this TODO"))


def ask(look: Look, found: Found, _: str) -> tuple[Task, ...] | Withheld:
    """The body in place of the stub, or the code in place of the comment."""
    text = look.document.text
    if (stub := _stub(look)) is not None:
        words = (
            f"Write the body of `{stub.name}`, which is only a stub. It does what its name, its signature and its "
            "documentation say; leave these as they are."
        )
        return (_task(look, found, stub.span, stub.span, words),)
    if (todo := _todo(look)) is not None:
        words = "Do what this comment asks for: write the code and take the comment away."
        focus = cover(look.enclosing(todo), todo)
        return (_task(look, found, todo, focus, f"{words}\n{text[todo.start : todo.end]}"),)
    return Withheld(Reason.NOTHING_TO_DO, "There is no stub here and no TODO.")


def is_bare(source: Source, it: Defined) -> bool:
    """Whether a function's body holds nothing but documentation, comments and what says that it is to be written. Of
    broken code the tree knows no bodies."""
    if it.kind not in ("function", "method") or it.scope.node.has_error:
        return False
    body = it.scope.body
    if body is None:
        # A function without a block is only declared; where words or margins make the blocks, it has an empty one.
        return source.grammar.language.blocks != "braces"
    if body.end_byte - body.start_byte > MAX_BODY:
        return False
    left = source.data[body.start_byte : body.end_byte]
    silent = source.captures("scope", body.start_byte, body.end_byte).get("comment", [])
    holes = [(node.start_byte, node.end_byte) for node in silent]
    doc = it.scope.doc
    if doc is not None and (statement := doc.parent and doc.parent.parent) is not None:
        holes.append((statement.start_byte, statement.end_byte))
    for start, end in sorted(holes, reverse=True):
        if start >= body.start_byte:
            left = left[: start - body.start_byte] + left[end - body.start_byte :]
    said = left.decode("utf-8", "surrogatepass").strip().removeprefix("=").strip()
    if said.startswith("{"):
        said = said.removeprefix("{").removesuffix("}")
    said = said.strip().rstrip(";").rstrip()
    return not said or _STUB.fullmatch(said) is not None


def _is_unwritten(source: Source, it: Defined) -> bool:
    """Whether its decorators say that others write the body."""
    rows = source.lines[it.top : it.scope.node.start_point.row + 1]
    return any(_UNWRITTEN.search(row) for row in rows)


def _stub(look: Look) -> Defined | None:
    it = look.function
    if it is None or look.parsed is None or look.document.uri.endswith(".pyi") or _in_protocol(look):
        return None
    source = look.parsed.source
    return it if is_bare(source, it) and not _is_unwritten(source, it) else None


def _in_protocol(look: Look) -> bool:
    """Whether the class around it only says what others have (Python's `Protocol`)."""
    bases = [node.text for it in look.around if it.kind == "class" for node in it.scope.bases]
    return b"Protocol" in bases


def _todo(look: Look) -> Span | None:
    """The comment on the place's first line that says what is to be done, from its mark to the last of its lines."""
    text = look.document.text
    start = line_start(text, look.span.start)
    match = _TODO.search(text, start, line_end(text, look.span.start))
    if match is None or look.workspace.place(look.document, match.end()).kind != "comment":
        return None
    mark = text[start : match.start()].strip()
    end = line_end(text, start)
    if not mark or mark[0].isalnum():  # behind code: that line alone
        return Span(start, end)
    for _ in range(MAX_TODO_ROWS):
        if text[start:end].rstrip().endswith("*/"):
            break
        below = end + (2 if text.startswith("\r\n", end) else 1)
        line = text[below : line_end(text, below)].strip()
        if below >= len(text) or not _goes_on(line, mark) or _TODO.search(line):
            break
        end = line_end(text, below)
    return Span(start, end)


def _goes_on(line: str, mark: str) -> bool:
    """Whether a line belongs to the comment whose first line begins with `mark`."""
    return line.startswith("*" if mark.startswith(("/*", "*")) else mark)


def _said(line: str) -> str:
    match = _TODO.search(line)
    return line[match.end() :].strip().removesuffix("*/").strip() if match is not None else ""


def _task(look: Look, found: Found, place: Span, focus: Span, words: str) -> Task:
    return Task(found.title, instruction_task(*look.rows(place), words), look.document, focus, look.scope(focus))
