"""A changed text parses, or parses better than before."""

from __future__ import annotations

import pytest

from understudy.checking.base import Overlay
from understudy.checking.diagnostic import Diagnostic
from understudy.checking.intent.revision import Revision
from understudy.checking.syntax import Unparsed, broken, parse_pair
from understudy.checking.texts import Texts
from understudy.checking.verdict import Candidate
from understudy.core.text import Document, Span


def found(language: str, old: str, new: str, at: str = "") -> str:
    document = Document("untitled:1", 1, language, old)
    target = Diagnostic(Span(old.index(at), old.index(at) + len(at)), "syntax error") if at else None
    parsed = parse_pair(language, old, new)
    assert not isinstance(parsed, Unparsed)
    edit = Candidate(Overlay(document), Overlay(document.with_text(new)), target)
    return broken(Revision(edit, Texts(old, new), *parsed))


@pytest.mark.parametrize(
    ("language", "old", "new"),
    [
        ("python", "f(a)\n", "f(a\n"),
        ("python", "def f():\n    return 1\n", "def f()\n    return 1\n"),
        ("python", "x = 1\n", "<<<<<<< SEARCH\nx = 1\n"),
        ("python", "x = 'a'\n", "x = 'a\n"),
        ("typescript", "let x = [1];\n", "let x = [1;\n"),
        ("go", "package m\n\nfunc f() {}\n", "package m\n\nfunc f() {\n"),
        ("rust", "fn f() {}\n", "fn f( {}\n"),
    ],
)
def test_a_sound_text_stays_sound(language: str, old: str, new: str) -> None:
    assert found(language, old, new).startswith("Line ")
    assert not found(language, old, old)


BROKEN = "x = (1\ny = 2\n\n\ndef f(a)\n    return a\n"


@pytest.mark.parametrize(
    ("new", "at", "holds"),
    [
        (BROKEN.replace("(1", "(1)").replace("(a)\n", "(a):\n"), "(1", True),
        (BROKEN.replace("(a)\n", "(a):\n"), "def f(a)", True),
        (BROKEN.replace("(1", "(1)"), "(1", True),
        (BROKEN.replace("(1", "((1"), "(1", False),
        (BROKEN.replace("return a", "return (a"), "", False),
        (BROKEN.replace("y = 2", "y = 2 )) ]"), "(1", False),
    ],
)
def test_a_broken_text_gets_better(new: str, at: str, holds: bool) -> None:
    assert (not found("python", BROKEN, new, at)) is holds


def test_the_lines_are_shown() -> None:
    new = "a = 1\nb = (2\nc = )3\n"
    shown = found("python", "a = 1\n", new)
    assert "Line 2: " in shown or "Line 3: " in shown
    assert "(2" in shown or ")3" in shown
    assert len(shown.splitlines()) <= 6


def test_why_a_text_is_not_parsed() -> None:
    assert parse_pair("toml", "a = 1\n", "a = 2\n") == Unparsed("no grammar for toml")
    assert parse_pair("python", "", "x" * 1_000_001) == Unparsed("the file is too long")
