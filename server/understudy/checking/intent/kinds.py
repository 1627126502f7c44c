"""What a diagnostic is about, as far as it decides which edits can be a fix: a table of codes and of words.

Codes are those of ruff and flake8 (F821), mypy (name-defined), pyright (reportUndefinedVariable), pylint, TypeScript
(2304), eslint (no-undef), biome, rustc (E0425), gopls (UndeclaredName). Where a tool has no code its words decide.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from understudy.checking.diagnostic import Diagnostic


class Kind(Enum):
    """Kinds of problems that rules distinguish; a diagnostic may be of several, and of none."""

    UNDEFINED = "a name that is not defined"
    UNBOUND = "a name that may have no value yet"
    ATTRIBUTE = "a member that is not there"
    UNNEEDED = "code that can go"
    REDUCIBLE = "code of which a part can go"
    SYNTAX = "a syntax error"
    STYLE = "code that is to be written otherwise"
    COMPARISON = "a comparison that is to be written otherwise"
    EXCEPTION = "an exception that should be handled"
    ANNOTATION = "a type that is not written down"
    FAILED = "a run that failed"


@dataclass(frozen=True, slots=True)
class _Row:
    kind: Kind
    codes: frozenset[str]
    words: re.Pattern[str]


def _row(kind: Kind, codes: str, words: str) -> _Row:
    return _Row(kind, frozenset(codes.lower().split()), re.compile(words, re.IGNORECASE))


_ROWS = (
    _row(
        Kind.UNDEFINED,
        "f821 f822 name-defined used-before-def reportundefinedvariable 2304 2552 2503 2582 2580 no-undef e0602 "
        "undefined-variable e0412 e0425 e0433 undeclaredname nonundeclaredvariables",
        r"undefined (?:name|variable|identifier|symbol|function)|is not defined|undefined: |undeclared|"
        r"cannot find (?:name|value|type|function|macro|symbol)|unresolved (?:reference|name)|use of undeclared",
    ),
    _row(
        Kind.UNBOUND,
        "reportpossiblyunbound reportpossiblyunboundvariable reportunboundvariable possibly-undefined f823 2454 "
        "used-before-assignment e0601 possibly-used-before-assignment",
        r"possibly (?:unbound|undefined)|is unbound|(?:referenced|used) before (?:assignment|being assign|definition)",
    ),
    _row(
        Kind.ATTRIBUTE,
        "attr-defined union-attr reportattributeaccessissue reportoptionalmemberaccess 2339 2551 e1101 no-member e0599 "
        "e0609",
        r"has no (?:attribute|member)|does not exist (?:on|in)|unknown (?:member|attribute|field)|no (?:field|method) ",
    ),
    _row(
        Kind.UNNEEDED,
        "f401 f811 f841 f842 era001 t201 t203 t100 b018 e703 w291 w293 w391 e303 erase 6133 6192 6196 6198 6199 7027 "
        "7028 no-unused-vars no-unreachable no-debugger no-console unused-ignore unreachable redundant-cast w0611 "
        "w0612 w0613 unused-import unused-variable unusedimport unusedvariable",
        r"\bunused\b|\bunneeded\b|\bunnecessar|\bredundant\b|\bsuperfluous\b|\buseless\b|\bextraneous\b|\bduplicate|"
        r"\bunreachable\b|never (?:used|read|accessed|called)|not (?:used|accessed|read|needed|necessary)\b|"
        r"no effect|has no side effect|inherits from `object`|instead of `super\(|"
        r"commented-out|dead code|`?(?:print|breakpoint|debugger)`? (?:found|statement)|"
        r"redefin|already (?:defined|declared|imported)|trailing (?:whitespace|semicolon)|can be removed",
    ),
    _row(
        Kind.REDUCIBLE,
        "call-arg reportcallissue 2554 2353 2561 e1121 e1123 e0061 wrongargcount",
        r"too many|unexpected (?:keyword )?argument|expected \d+ (?:positional )?arguments?|no parameter named|"
        r"takes \d+ (?:positional )?arguments?|but got \d+|extra argument|multiple values for|"
        r"object literal may only specify",
    ),
    _row(
        Kind.SYNTAX,
        "invalid-syntax syntax syntax-error syntaxerror e999 e902 e0001 expected",
        r"syntax ?error|invalid syntax|unexpected (?:token|indent|eof|end|character)|was never closed|unterminated|"
        r"unclosed|unindent|^expected |missing (?:closing|opening|colon|semicolon)|['`\"][^'`\"]+['`\"] expected|"
        r"expected ['`\":]|unmatched|indentation",
    ),
    _row(
        Kind.STYLE,
        "",
        r"instead of|should be (?:replaced|named|written)|can be (?:simplified|written|replaced|combined|merged)|"
        r"^(?:use|consider|prefer|combine|merge|replace|rewrite|convert|move|call|add|avoid|do not|return the) |"
        r"\bmerge into|(?:is|are) not sorted|inherits from|already an? |explicit(?:ly)? |dummy variable",
    ),
    _row(
        Kind.COMPARISON,
        "e711 e712 e713 e714 sim201 sim202 sim208 c0121 c0117 singleton-comparison unneeded-not eqeqeq use-isnan",
        r"^(?:comparison to|test for|avoid (?:in)?equality comparison)|expected '[!=]=='",
    ),
    _row(
        Kind.EXCEPTION,
        "sim105",
        r"must be caught|\bunhandled\b|unreported exception|contextlib\.suppress|(?:may|can) (?:throw|raise)|"
        r"floating promise|promises must be",
    ),
    _row(
        Kind.ANNOTATION,
        "no-untyped-def type-arg var-annotated no-untyped-call reportmissingtypeargument reportmissingparametertype "
        "reportunknownparametertype 7006 7005 7031 ann001 ann201 ann202 ann002 ann003",
        r"missing (?:return )?(?:type|annotation)|type annotation|type (?:parameters|arguments?)|implicitly has an",
    ),
    # What was run shows where it failed, not what is wrong; its code is that of `cli.fix.output`.
    _row(Kind.FAILED, "failed", r"(?!)"),
)


# A code that speaks of syntax by itself: "invalid-syntax", "expected_semi", "compiler.err.expected", "parse".
_SYNTAX_CODE = re.compile(r"syntax|parse|expected|unterminated|unclosed|unmatched|indent|^e9\d\d$|^e0001$")


def kinds_of(diagnostic: Diagnostic) -> frozenset[Kind]:
    """What a diagnostic is about."""
    code = diagnostic.code.rpartition("/")[2].lower()
    found = {row.kind for row in _ROWS if code in row.codes or row.words.search(diagnostic.message)}
    # 'Incompatible return value type (got "int", expected "str")' is not about syntax: a tool that has codes says so.
    if code and not _SYNTAX_CODE.search(code):
        found.discard(Kind.SYNTAX)
    # A coroutine whose result nobody waits for is not to go, but to be waited for.
    if _NOT_AWAITED.search(f"{code} {diagnostic.message}"):
        found.discard(Kind.UNNEEDED)
    if _too_few(diagnostic.message):
        found.discard(Kind.REDUCIBLE)
    if diagnostic.unnecessary:
        found.add(Kind.UNNEEDED)
    # TypeScript numbers its syntax errors from 1000 on.
    if re.fullmatch(r"(?:ts)?1\d{3}", code) and diagnostic.source.lower() in ("ts", "typescript", "tsc"):
        found.add(Kind.SYNTAX)
    if found & {Kind.UNDEFINED, Kind.ATTRIBUTE, Kind.UNBOUND, Kind.SYNTAX}:
        found.discard(Kind.STYLE)
    return frozenset(found)


_NOT_AWAITED = re.compile(r"coroutine|awaitable|\bpromises?\b|never awaited", re.IGNORECASE)
_COUNTS = re.compile(
    r"expected (?:at least )?(\d+)\D+but got (\d+)|takes (\d+)\D+(\d+) (?:were|was) (?:given|supplied)", re.IGNORECASE
)
_MISSING = re.compile(r"\bmissing\b.*\bargument|\bargument missing\b|\bnot enough arguments", re.IGNORECASE)


def _too_few(message: str) -> bool:
    """Whether a call wants more arguments than it has: then nothing of it can go."""
    counts = _COUNTS.search(message)
    if counts is not None:
        wanted, given = (int(number) for number in counts.groups() if number)
        return given < wanted
    return _MISSING.search(message) is not None
