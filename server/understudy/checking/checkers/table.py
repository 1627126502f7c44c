"""All checkers, and who can vouch for a diagnostic."""

from __future__ import annotations

from understudy.checking.checkers.biome import BIOME
from understudy.checking.checkers.cargo import CHECK, CLIPPY
from understudy.checking.checkers.compiled import COMPILE
from understudy.checking.checkers.eslint import ESLINT
from understudy.checking.checkers.go import GO_BUILD, GO_VET, GOFMT
from understudy.checking.checkers.mypy import MYPY
from understudy.checking.checkers.pyright import BASEDPYRIGHT, PYRIGHT
from understudy.checking.checkers.row import Checker
from understudy.checking.checkers.ruff import RUFF
from understudy.checking.checkers.typescript import TSC

CHECKERS: tuple[Checker, ...] = (
    *(RUFF, PYRIGHT, BASEDPYRIGHT, MYPY, COMPILE),
    *(TSC, ESLINT, BIOME),
    *(GOFMT, GO_BUILD, GO_VET),
    *(CHECK, CLIPPY),
)


def owners(source: str, language: str) -> tuple[Checker, ...]:
    """The rows that see the problems of a source, as LSP's diagnostics name it: first those that are that tool."""
    word = source.strip().lower()
    rows = [row for row in CHECKERS if language in row.languages]
    return (
        *(row for row in rows if word in row.sources),
        *(row for row in rows if word in row.stands_for),
    )
