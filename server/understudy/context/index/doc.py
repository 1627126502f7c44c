"""The first line of a definition's documentation: what stands in its docstring, or in the comment above it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from understudy.context.index.found import Scope
from understudy.context.source import Source

MAX_ROWS = 40  # a comment above a definition that is longer is the file's own
MAX_CHARACTERS = 200
# A whole line that is a comment, with its text; the middle of a block comment begins with an asterisk or with nothing.
_LINE = {
    "//": re.compile(r"\s*(?://+!?|/\*+!?|\*/|\*(?!/))\s?(.*)"),
    "#": re.compile(r"\s*#+:?\s?(.*)"),
    "--": re.compile(r"\s*--+(?:\[=*\[)?\s?(.*)"),
}
_TAG = re.compile(r"</?\w+[^>]*>")  # C# writes its documentation in XML
# Comments that speak to a tool and not to the reader.
_DIRECTIVE = re.compile(
    r"[@\\]\w|!|go:|\+build|eslint|prettier|ts-|tslint|istanbul|region|endregion|rubocop|frozen_string|shellcheck|nolint|NOLINT"
    r"|clang-format|swiftlint|sourcery|MARK:|phpcs|phpstan|luacheck|noqa|type:|pylint|[-=*#/~_]{3,}"
)


def doc(scope: Scope, source: Source, lines: Sequence[str], first: int) -> str:
    """The first line of the documentation of a definition whose rows begin at `first`; empty where it has none."""
    if scope.doc is not None:
        return _first(source.node_text(scope.doc).split("\n"))
    return _first(_comment_above(lines, first, source.grammar.language.comment))


def _comment_above(lines: Sequence[str], row: int, mark: str) -> list[str]:
    """The text of the comment that ends right above `row`, line by line."""
    pattern = _LINE[mark]
    found: list[str] = []
    for above in range(row - 1, max(-1, row - 1 - MAX_ROWS), -1):
        match = pattern.match(lines[above])
        if match is None:
            break
        found.append(match[1])
        if lines[above].lstrip().startswith("/*"):
            break
    return found[::-1]


def _first(lines: Sequence[str]) -> str:
    for line in lines:
        text = _TAG.sub("", line).strip().removesuffix("*/").strip()
        if text and not _DIRECTIVE.match(text):
            return text[:MAX_CHARACTERS]
    return ""
