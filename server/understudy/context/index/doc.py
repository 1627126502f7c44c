"""The first line of a definition's documentation: what stands in its docstring, or in the comment above it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from understudy.context.index.found import Scope
from understudy.context.syntax.source import Source

MAX_ROWS = 40  # a comment above a definition that is longer is the file's own
MAX_CHARACTERS = 200
# A whole line that is a comment, with its text.
_LINE = {
    "//": re.compile(r"\s*//[/!]?\s?(.*)"),
    "#": re.compile(r"\s*#+:?\s?(.*)"),
    "--": re.compile(r"\s*--+\s?(.*)"),
}
# How a line of a block comment begins, and where such a comment begins and ends.
_MIDDLE = re.compile(r"\s*(?:/?\*+!?(?!/)|--\[=*\[)?\s?")
_BLOCKS = {"//": ("/*", "*/"), "--": ("--[", "]")}
_TAG = re.compile(r"</?\w+[^>]*>")  # C# writes its documentation in XML
# Comments that speak to a tool and not to the reader.
_DIRECTIVE = re.compile(
    r"[@\\]\w|!|go:|\+build|eslint|prettier|ts-|tslint|istanbul|region|endregion|rubocop|frozen_string|shellcheck|nolint"
    r"|NOLINT|clang-format|swiftlint|sourcery|MARK:|phpcs|phpstan|luacheck|noqa|type:|pylint|[-=*#/~_]{3,}"
)


def doc(scope: Scope, source: Source, lines: Sequence[str], first: int) -> str:
    """The first line of the documentation of a definition whose rows begin at `first`; empty where it has none."""
    if scope.doc is not None:
        return _first(source.node_text(scope.doc).split("\n"))
    return _first(_comment_above(lines, first, source.grammar.language.comment))


def _comment_above(lines: Sequence[str], row: int, mark: str) -> list[str]:
    """The text of the comment that ends right above `row`, line by line."""
    opening, closing = _BLOCKS.get(mark, ("", ""))
    top = max(-1, row - 1 - MAX_ROWS)
    if closing and row > 0 and lines[row - 1].rstrip().endswith(closing):
        for above in range(row - 1, top, -1):
            if opening in lines[above]:
                behind_code = not lines[above].lstrip().startswith(opening)
                return [] if behind_code else [_MIDDLE.sub("", line, count=1) for line in lines[above:row]]
        return []
    found: list[str] = []
    for above in range(row - 1, top, -1):
        match = _LINE[mark].match(lines[above])
        if match is None:
            break
        found.append(match[1])
    return found[::-1]


def _first(lines: Sequence[str]) -> str:
    for line in lines:
        text = line.strip()
        text = (
            (_TAG.sub("", text) if text.startswith("<") else text).strip().removesuffix("*/").removesuffix("]]").strip()
        )
        if text and not _DIRECTIVE.match(text):
            return text[:MAX_CHARACTERS]
    return ""
