"""What makes a checker be silent: directives in comments, attributes and annotations, as a table.

A directive that an edit adds hides a problem. One that only says less than one that went away (`# noqa: E501` for
`# noqa`) does not, nor does one that stood there before.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from understudy.core.text import split_lines


@dataclass(frozen=True, slots=True)
class Silencer:
    """One row. `pattern` finds a directive with all that it names; `where` says what it must stand in."""

    name: str
    pattern: re.Pattern[str]
    where: str = "comment"


def _row(name: str, pattern: str, where: str = "comment") -> Silencer:
    return Silencer(name, re.compile(pattern, re.IGNORECASE), where)


SILENCERS = (
    _row("noqa", r"#\s*(?:(?:ruff|flake8)\s*:\s*)?noqa\b[^#\n]*"),
    _row("ruff", r"#\s*ruff\s*:\s*(?:disable|ignore|isort\s*:\s*skip)[^#\n]*"),
    _row("type: ignore", r"#\s*(?:type|pyright|ty|pyrefly|mypy|zuban)\s*:\s*ignore\b[^#\n]*"),
    _row("pyright settings", r"#\s*pyright\s*:\s*(?:basic|off|report\w+\s*=\s*(?:false|none|information))[^#\n]*"),
    _row("mypy settings", r"#\s*mypy\s*:\s*[\w-]+[^#\n]*"),
    _row("pyre", r"#\s*pyre-(?:ignore|fixme|unsafe)[^#\n]*"),
    _row("pytype", r"#\s*pytype\s*:\s*(?:disable|skip-file)[^#\n]*"),
    _row("pylint", r"#\s*pylint\s*:\s*(?:disable|skip-file)[^#\n]*"),
    _row("bandit", r"#\s*nosec\b[^#\n]*"),
    _row("formatter", r"#\s*(?:fmt|yapf|isort)\s*:\s*(?:off|skip\S*|disable)|prettier-ignore\S*"),
    _row("JetBrains", r"(?:#|//|/\*)\s*noinspection\b.*"),
    _row("Sonar", r"\bNOSONAR\b.*"),
    _row("TypeScript", r"@ts-(?:ignore|expect-error|nocheck)\b.*"),
    _row("ESLint", r"\b(?:es|ts|js|ox)lint[:-]\s?disable\S*.*"),
    _row("ESLint settings", r"/\*\s*(?:eslint|globals?|exported)\s[^*]*"),
    _row("Biome", r"\b(?:biome|rome|deno-lint|oxc|oxlint)-ignore\S*.*"),
    _row("Flow", r"\$Flow(?:FixMe|Issue|Ignore|ExpectedError)\b.*|@noflow\b"),
    _row("Go", r"//\s*(?:nolint\b|lint:(?:file-)?ignore\b|#nosec\b).*"),
    _row("Rust", r"#!?\[\s*(?:cfg_attr\([^)]*,\s*)?(?:allow|expect)\s*\([^\]]*\]", "code"),
    _row("Rust, left out", r"#!?\[\s*cfg\s*\(\s*(?:any\(\s*\)|FALSE|never)[^\]]*\]", "code"),
    _row("JVM", r"@(?:file:)?Suppress(?:Warnings|Lint)?\b(?:\s*\([^)]*\))?", "code"),
    _row("C#", r"#\s*pragma\s+warning\s+disable.*|\[(?:assembly:\s*)?(?:\w+\.)*SuppressMessage\b[^\]]*\]", "code"),
    _row("C and C++", r"#\s*pragma\s+(?:GCC|clang)\s+(?:diagnostic\s+ignored|system_header).*|"
                      r"#\s*pragma\s+warning\s*\(\s*(?:disable|push\s*,\s*0).*|__pragma\s*\(\s*warning", "code"),
    _row("clang-tidy", r"\bNOLINT(?:NEXTLINE|BEGIN)?\b.*"),
    _row("Ruby", r"#\s*rubocop\s*:\s*(?:disable|todo).*"),
    _row("PHP", r"@(?:phpstan-ignore|psalm-suppress|phan-suppress|suppress)\S*.*|phpcs\s*:\s*(?:ignore|disable).*"),
    _row("shell", r"#\s*shellcheck\s+disable.*"),
    _row("Lua", r"--\s*luacheck\s*:\s*(?:ignore|globals?|push|no).*|---\s*@diagnostic\s+disable.*"),
    _row("Swift", r"swiftlint\s*:\s*disable.*"),
    _row("Kotlin", r"\b(?:ktlint|detekt)[:-]disable\S*.*"),
    _row("no type check", r"@(?:\w+\.)*no_type_check(?:_decorator)?\b", "code"),
)  # fmt: skip

# What makes a checker look closer; taking it away hides as well.
WATCHERS = _row(
    "strictness",
    r"#\s*(?:pyright\s*:\s*(?:strict|standard|report\w+\s*=\s*(?:true|error|warning))|mypy\s*:\s*(?!ignore)[\w-]+)[^#\n]*|"
    r"@ts-check\b|@(?:flow|strict)\b|[\"']use strict[\"']|\beslint-enable\b\S*",
)


def silenced(old: str, new: str, old_comments: Iterable[str], new_comments: Iterable[str]) -> str:
    """The directive that an edit adds, or takes away where it made a checker look closer; empty where there is none.

    `old` and `new` are the changed lines, the comments are those in them. Where there is no tree the lines are given as
    comments too.
    """
    notes = {"comment": ("\n".join(old_comments), "\n".join(new_comments)), "code": (old, new)}
    found = [(_found(row, notes[row.where][0]), _found(row, notes[row.where][1])) for row in SILENCERS]
    gone = [directive for before, after in found for directive in before - after]
    for before, after in found:
        for directive in after - before:
            if not any(_says_no_more(directive, other) for other in gone):
                return directive
    lost = _found(WATCHERS, old) - _found(WATCHERS, new)
    return next(iter(lost), "")


def _found(row: Silencer, text: str) -> Counter[str]:
    return Counter(
        " ".join(match.group().split()) for line in split_lines(text) for match in row.pattern.finditer(line.rstrip())
    )


def _says_no_more(directive: str, other: str) -> bool:
    """Whether a directive names rules, and none that one that went away did not hide as well."""
    codes, more = _codes(directive), _codes(other)
    return bool(codes) and (not more or codes <= more)


def _codes(directive: str) -> frozenset[str]:
    """The rules that a directive names; none where it is for all of them."""
    named = re.search(r"\[([^\]]*)\]", directive) or re.search(
        r"(?:noqa|ignore|disable)\S*?\s*[:=]\s*([\w/-]+(?:\s*,\s*[\w/-]+)*)", directive, re.IGNORECASE
    )
    return frozenset(re.split(r"[\s,]+", named.group(1).strip().lower())) if named else frozenset()
