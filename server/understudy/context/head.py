"""What the top of a file says about the cursor when the window no longer shows it: imports, and the scopes' headers."""

from __future__ import annotations

from understudy.context.budget import Count, packed
from understudy.context.syntax.place import scopes_at
from understudy.context.syntax.source import Source
from understudy.core.text import Span, indent_of, line_start

MAX_HEADER_LINES = 6
MAX_IMPORTS = 60


def head(source: Source, offset: int, start: int, limit: int, count: Count) -> str:
    """Whole lines to stand before the window that begins at `start`, in at most `limit` tokens.

    Empty when the window loses nothing. The headers of the scopes around `offset` are the most important, the innermost
    before the others, then come the imports from the top down. A comment says where lines are left out.
    """
    if start <= 0:
        return ""
    # Told by the last code before the cursor: blanks that are being typed do not move it out of a scope and back.
    headers = _headers(source, len(source.text[:offset].rstrip()), start)
    imports = _imports(source, start)
    gap = _gap(source, "") if imports else ""
    lines = [*imports, *(header + _gap(source, header) for header in headers)]
    worths = [1.0] * len(imports) + [2.0 + depth for depth in range(len(headers))]
    chosen = packed(lines, worths, limit - count(gap), count)
    kept = [lines[index] for index in chosen]
    taken = sum(index < len(imports) for index in chosen)
    text = "".join([*kept[:taken], gap if taken else "", *kept[taken:]])
    return text if count(text) <= limit else ""


def _headers(source: Source, offset: int, start: int) -> list[str]:
    """The headers, without bodies, of the scopes around `offset` that begin above `start`, outermost first."""
    spans = (span for span in header_spans(source, offset) if span.start < start)
    return [f"{source.text[span.start : span.end]}\n" for span in spans]


def _imports(source: Source, start: int) -> list[str]:
    """The lines of the imports above `start`."""
    return [f"{source.text[span.start : span.end]}\n" for span in import_spans(source, start)]


def header_spans(source: Source, offset: int) -> list[Span]:
    """Where the headers of the scopes around `offset` stand, from their line's start to before their body, outermost
    first; of a long one its first lines."""
    found: list[Span] = []
    for _, captures in scopes_at(source, offset):
        begin = line_start(source.text, source.offset(captures["scope.definition"][0].start_byte))
        bodies = captures.get("scope.body", ())
        if not bodies:
            continue
        end = source.offset(bodies[0].start_byte)
        end += source.text.startswith("{", end)
        lines = source.text[begin:end].rstrip().split("\n")
        found.append(Span(begin, begin + len("\n".join(lines[:MAX_HEADER_LINES]))))
    return found


def import_spans(source: Source, end: int) -> list[Span]:
    """Where the imports at the margin above `end` stand, from the top down; not more than `MAX_IMPORTS`."""
    nodes = source.captures("imports", 0, source.byte(end), depth=1).get("import", [])
    starts = [(source.offset(it.start_byte), it) for it in nodes[:MAX_IMPORTS] if it.start_point.column == 0]
    return [Span(start, start + len(source.node_text(node).rstrip())) for start, node in starts]


def _gap(source: Source, header: str) -> str:
    """The comment that stands for left-out lines, indented as `header`."""
    return f"{indent_of(header)}{source.grammar.language.comment} ...\n"
