"""Documenting a definition as its language and its file do."""

from __future__ import annotations

from collections.abc import Iterator

from understudy.context.index.doc import doc
from understudy.context.index.found import find as sorted_out
from understudy.context.syntax.source import Source
from understudy.core.text import Span, line_end, line_start
from understudy.editing.words import instruction_task
from understudy.features.codeaction.action import Found
from understudy.features.codeaction.look import Look
from understudy.features.codeaction.outcome import Reason, Withheld
from understudy.features.codeaction.problem import shortened
from understudy.features.codeaction.scope import Defined, defined_by
from understudy.features.codeaction.task import Task

NEAR_ROWS = 100  # in which an example is looked for: the queries take some tens of microseconds a row
MAX_EXAMPLE_ROWS = 15
_JSDOC = "a JSDoc comment (`/** … */`) right above it"
FORMS = {
    "python": "a docstring in triple double quotes, the first thing in its body (PEP 257)",
    "javascript": f"{_JSDOC}, with the types of its parameters and of what it returns",
    "typescript": f"{_JSDOC}, without types, which the code has",
    "tsx": f"{_JSDOC}, without types, which the code has",
    "go": "a comment of whole sentences right above it that begins with its name",
    "rust": "a `///` comment in Markdown above it and its attributes",
    "java": "a Javadoc comment (`/** … */`) above it and its annotations",
    "c": "a Doxygen comment (`/** … */`) right above it",
    "cpp": "a Doxygen comment (`/** … */`) right above it and its template line",
    "csharp": "an XML documentation comment (`/// <summary>`) above it and its attributes",
    "ruby": "a YARD comment of `#` lines right above it",
    "php": "a PHPDoc comment (`/** … */`) above it and its attributes",
    "bash": "a comment of `#` lines right above it: what it does, its arguments, what it prints",
    "lua": "a comment of `---` lines right above it, with `@param` and `@return`",
    "kotlin": "a KDoc comment (`/** … */`) above it and its annotations",
    "swift": "a `///` comment in Swift's Markdown above it and its attributes",
}
"""What documentation is in each language, where a file has no example of its own."""


def find(look: Look) -> Iterator[Found]:
    """The definition around the place."""
    if look.here is None or look.parsed is None:
        return
    name = look.here.name
    known = is_documented(look.parsed.source, look.here)
    yield Found(shortened(f"Document '{name}'"), disabled=f"'{name}' is documented already" if known else "")


def ask(look: Look, found: Found, _: str) -> tuple[Task, ...] | Withheld:
    """Documentation and nothing else, written as its neighbours are."""
    if look.here is None or look.parsed is None:
        return Withheld(Reason.NOTHING_TO_DO, "There is nothing here to document.")
    source, it = look.parsed.source, look.here
    form = FORMS.get(source.grammar.language.name, "a comment right above it")
    words = (
        f"Document `{it.name}` with {form}. Say what it does, what its callers must know and what it returns or "
        "raises; not how. Change no code."
    )
    if example := _example(source, it):
        words += f"\nWrite it as this one of the same file is written:\n```\n{example}\n```"
    task = instruction_task(*look.rows(it.span), words)
    return (Task(found.title, task, look.document, it.span, look.scope(it.span)),)


def is_documented(source: Source, it: Defined) -> bool:
    """Whether a definition has documentation of its own. In Python that is a docstring; a comment above is none."""
    if source.grammar.language.blocks == "indent":
        return it.scope.doc is not None
    return bool(doc(it.scope, source, source.lines, it.top))


def _example(source: Source, it: Defined) -> str:
    """The documentation of the nearest definition of the same sort that has one, as it stands in the file."""
    row = it.scope.node.start_point.row
    lines = source.lines
    first, last = max(0, row - NEAR_ROWS), min(len(lines), row + NEAR_ROWS)
    start = sum(len(line) + 1 for line in lines[:first])
    end = start + sum(len(line) + 1 for line in lines[first:last])
    near = sorted_out(source.matches("record", source.byte(start), source.byte(min(end, len(source.text))))).scopes
    others = [other for other in defined_by(source, near) if other.scope.node.id != it.scope.node.id]
    others.sort(key=lambda other: ((other.kind == "class") != (it.kind == "class"), abs(other.top - row)))
    return next((text for other in others if other.name and (text := _documentation(source, other))), "")


def _documentation(source: Source, it: Defined) -> str:
    if not is_documented(source, it):
        return ""
    text = source.text
    if it.scope.doc is not None:
        string = it.scope.doc.parent or it.scope.doc
        span = source.span(string)
    else:
        # What leads a definition is comments first, then what `top` begins with; Rust mixes them.
        top = sum(len(line) + 1 for line in source.lines[: it.top])
        span = Span(it.span.start, max(it.span.start, len(text[:top].rstrip())))
    written = text[line_start(text, span.start) : line_end(text, span.end)]
    return written if written.strip() and written.count("\n") < MAX_EXAMPLE_ROWS else ""
