"""A file's imports, from the captures of `imports.scm`."""

from __future__ import annotations

import re
from collections.abc import Iterable

from understudy.context.index.found import Captures
from understudy.context.index.record import EVERYTHING, WHOLE_MODULE, Import
from understudy.context.source import Source

_LAST = re.compile(r"(?:::|[./\\])(?=[^./\\:]+$)")  # what separates the last part of a path from those before
_VERSION = re.compile(r"/v\d+$")


def imports(source: Source, matches: Iterable[Captures]) -> tuple[Import, ...]:
    """The names that a file imports, in the order of the file."""
    found: dict[tuple[int, int], Import] = {}
    for captures in matches:
        node = next((captures[key][0] for key in KEYS if key in captures), None)
        if node is not None:
            found[node.start_byte, node.end_byte] = _import(source, captures, node.start_point[0])
    return tuple(found[key] for key in sorted(found))


KEYS = ("import.name", "import.everything", "import.path", "import.module")


def _import(source: Source, captures: Captures, row: int) -> Import:
    text = {name: _plain(source.node_text(nodes[0])) for name, nodes in captures.items()}
    module, name = text.get("import.module", ""), text.get("import.name", WHOLE_MODULE)
    if "import.path" in text:
        *before, name = _LAST.split(text["import.path"])
        module = before[0] if before else ""
    if "import.everything" in text:
        return Import(module, EVERYTHING, "", row)
    alias = text.get("import.alias", name)
    return Import(module, name, _VERSION.sub("", alias).rsplit("/", 1)[-1], row)


def _plain(text: str) -> str:
    return text.strip("\"'`<>")
