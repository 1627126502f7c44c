"""A file's imports, from the captures of `imports.scm`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from understudy.context.index.found import Captures
from understudy.context.index.record import EVERYTHING, WHOLE_MODULE, Import
from understudy.context.syntax.source import Source

if TYPE_CHECKING:
    import tree_sitter

# What tells one import of a file from another: where its first capture of these stands.
_KEYS = ("import.name", "import.path", "import.alias", "import.everything", "import.module")
# The last part of a path and what separates it from the others: `java.util.List`, `crate::book`, `Library\Book`.
_LAST = re.compile(r"(?s)(?P<module>.+?)\s*(?:::|\.|\\)\s*(?P<name>\w+)$")
# What a Go package is not called, at the end of the path that it is imported by.
_VERSION = re.compile(r"[./]v\d+$")

_Group = tuple[int, int, str]
"""The first byte of a list and the one behind it, and what is put before each path in the list."""


def imports(source: Source, matches: Iterable[Captures]) -> tuple[Import, ...]:
    """The names that a file imports, in the order of the file."""
    groups: list[_Group] = []
    chosen: dict[tuple[int, int], Captures] = {}
    for captures in matches:
        if "import.prefix" in captures:
            groups.append(_group(source, captures["import.prefix"][0], captures["import.within"][0]))
        node = next((captures[key][0] for key in _KEYS if key in captures), None)
        if node is not None:
            key = node.start_byte, node.end_byte
            # Of two patterns that match the same, the one that says more: `import a.*` is also an `import a`.
            chosen[key] = max(chosen.get(key, {}), captures, key=len)
    return tuple(_import(source, chosen[key], sorted(groups)) for key in sorted(chosen))


def _group(source: Source, prefix: tree_sitter.Node, within: tree_sitter.Node) -> _Group:
    text = source.data[prefix.start_byte : within.start_byte].decode("utf-8", "surrogatepass")
    return within.start_byte, within.end_byte, text.strip()


def _import(source: Source, captures: Captures, groups: list[_Group]) -> Import:
    node = next(captures[key][0] for key in _KEYS if key in captures)
    before = "".join(prefix for start, end, prefix in groups if start <= node.start_byte < end)
    text = {name: source.node_text(nodes[0]).strip("\"'`<>") for name, nodes in captures.items()}
    module, name = text.get("import.module", ""), text.get("import.name", WHOLE_MODULE)
    if "import.default" in text:
        name = "default"
    if "import.path" in text:
        module, name = _parted(before + text["import.path"])
    row = node.start_point[0]
    if "import.everything" in text:
        return Import(before + module if module else re.sub(r"\W+$", "", before), EVERYTHING, "", row)
    alias = text.get("import.alias", name or (module if "import.path" in text else ""))
    return Import(module, name, _VERSION.sub("", alias).rsplit("/", 1)[-1], row)


def _parted(path: str) -> tuple[str, str]:
    """A path as module and name: one that ends in itself (Rust's `io::{self}`) is whole, and so is one of one part."""
    path = re.sub(r"::self$", "", path)
    parts = _LAST.match(path)
    return (parts["module"], parts["name"]) if parts is not None else (path, WHOLE_MODULE)
