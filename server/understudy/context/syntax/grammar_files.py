"""Where the queries in `grammars/` are: beside the package in an installed wheel, at the root of a checkout."""

from __future__ import annotations

import re
from pathlib import Path

import understudy

_INHERITS = re.compile(r"^; inherits: (\w+)/(\w+)$", re.MULTILINE)


def grammar_root() -> Path:
    """The folder that holds one folder per language.

    An editable install does not put it beside the package (hatchling's `force-include` has no editable form), so the
    checkout's own folder is the second choice.
    """
    package = Path(understudy.__file__).resolve().parent
    packaged = package / "grammars"
    return packaged if packaged.is_dir() else package.parent.parent / "grammars"


def query_source(language: str, query: str) -> str:
    """The text of `grammars/<language>/<query>.scm`, behind that of the queries which it inherits by lines such as
    `; inherits: javascript/imports`. Raises `OSError` where there is none."""
    own = (grammar_root() / language / f"{query}.scm").read_text(encoding="utf-8")
    return "\n".join([*(query_source(*it) for it in _INHERITS.findall(own)), own])
