"""ESLint: its configuration is a program, so it is asked only in folders that the user trusts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from understudy.checking.checkers.answers import loaded
from understudy.checking.checkers.row import ECMASCRIPT, Checker, Site, Unable, is_document
from understudy.checking.diagnostic import Diagnostic
from understudy.checking.places import Lines, Unit
from understudy.checking.run import Call, Output

FORMAT = ("--format", "json")
NAMES = tuple(f"eslint.config.{suffix}" for suffix in ("js", "mjs", "cjs", "ts", "mts", "cts"))
OLDER = tuple(f".eslintrc{suffix}" for suffix in (".js", ".cjs", ".yaml", ".yml", ".json", ""))
UNCONFIGURED = "File ignored"
UNUSED = ("no-unused-vars", "@typescript-eslint/no-unused-vars")


def calls(site: Site, program: Path) -> Iterator[Call]:
    """One command in the real folder of the configuration: the text goes in through standard input."""
    found = site.nearest(*NAMES) or site.nearest(*OLDER)
    folder = found.parent if found is not None else site.grounds.root
    words = (str(program), *FORMAT, "--no-fix", "--stdin", "--stdin-filename", str(site.path))
    yield Call(words, folder, site.path, stdin=site.document.text or "\n")


def read(output: Output, call: Call, lines: Lines) -> tuple[Diagnostic, ...]:
    """Rows and columns count UTF-16 from 1."""
    messages = [each for file in loaded(output) if is_document(call, file["filePath"]) for each in file["messages"]]
    if any(each.get("ruleId") is None and each["message"].startswith(UNCONFIGURED) for each in messages):
        raise Unable("has no configuration for the file")
    return tuple(
        Diagnostic(
            lines.span(
                (each.get("line", 1) - 1, (each.get("column") or 1) - 1),
                (each["endLine"] - 1, each["endColumn"] - 1) if each.get("endLine") and each.get("endColumn") else None,
                Unit.UTF16,
            ),
            each["message"],
            "eslint",
            each.get("ruleId") or "",
            "error" if each["severity"] == 2 else "warning",
            unnecessary=each.get("ruleId") in UNUSED,
        )
        for each in messages
    )


ESLINT = Checker(
    *("eslint", "eslint", ECMASCRIPT, ("eslint", "eslint_d")), calls, read, executes=True, cheap=True, format=FORMAT
)
