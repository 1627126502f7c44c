"""Writing a test: in the file of tests that is there, in a new one where the project's tests are, or, in Rust, at the
end of the source itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from understudy.context.resolve.counterpart import is_test
from understudy.core.paths import uri_to_path
from understudy.core.text import Document, Span, line_end, line_start
from understudy.editing.words import instruction_task
from understudy.features.codeaction.action import Found
from understudy.features.codeaction.complete import is_bare
from understudy.features.codeaction.look import Look
from understudy.features.codeaction.outcome import Reason, Withheld
from understudy.features.codeaction.problem import row_of, rows_of, shortened
from understudy.features.codeaction.scope import Defined, around, enclosing, stretch, with_blanks
from understudy.features.codeaction.task import Task

MAX_USES = 20
MAX_EXAMPLE = 2500  # code points of another test that are shown
NO_PLACE = "the file is on no disk, so that its test has no place; save it first"
STUB = "there is nothing to test yet"
_OWN_TESTS = re.compile(r"^mod tests\b", re.MULTILINE)


def find(look: Look) -> Iterator[Found]:
    """The definition around the place, unless only its own function can call it, or it is a test."""
    it = look.here
    if it is None or it.local or look.parsed is None or is_test(look.workspace.path_of(look.document)):
        return
    stub = is_bare(look.parsed.source, it)
    no_place = uri_to_path(look.document.uri) is None
    yield Found(shortened(f"Write a test for '{it.name}'"), disabled=NO_PLACE if no_place else STUB if stub else "")


def ask(look: Look, found: Found, _: str) -> tuple[Task, ...] | Withheld:
    """One test, or a few, where they belong."""
    it = look.here
    place = look.workspace.tested(look.document)
    if it is None or place is None:
        return Withheld(Reason.NOTHING_TO_DO, "Where tests go in this language is not known.")
    shown: tuple[tuple[Document, Span], ...] = ((look.document, it.span),)
    tests = look.workspace.file(place.path)
    if tests is not None:
        return (_beside_others(look, found, tests, shown),)
    if look.document.language == "rust" and place.new:
        return (_in_the_source(look, found, it),)
    if not place.new or Path(place.path).exists():
        return _unreadable(look, place.path)
    example = look.workspace.file(place.example) if place.example is not None else None
    if example is not None:
        shown = ((example, Span(0, line_end(example.text, min(len(example.text), MAX_EXAMPLE)))), *shown)
    return (_in_a_new_file(look, found, place.path, shown),)


def _beside_others(look: Look, found: Found, tests: Document, shown: tuple[tuple[Document, Span], ...]) -> Task:
    """A test in a file that has some, below those that use the same name, else at its end."""
    name = look.here.name if look.here is not None else ""
    parsed = look.workspace.parse(tests)
    last = max(0, len(tests.text.rstrip()) - 1)
    near = next((it for it in _uses(name, tests.text) if parsed is not None and around(parsed, it)), Span(last, last))
    focus = (enclosing(parsed, near) if parsed is not None else None) or stretch(tests.text, near)
    _, row = rows_of(tests.text, focus)
    where = "below this line, as the tests around it are written; change none of them"
    words = f"Write a test of `{name}` in {_path(look)}, {where}."
    return Task(found.title, instruction_task(row, row, _asked(words)), tests, focus, shown=shown)


def _uses(name: str, text: str) -> list[Span]:
    """Where a name stands in a text, the last of it first."""
    found = [Span(it.start(), it.start()) for it in re.finditer(rf"\b{re.escape(name)}\b", text)]
    return found[: -MAX_USES - 1 : -1]


def _in_a_new_file(look: Look, found: Found, path: str, shown: tuple[tuple[Document, Span], ...]) -> Task:
    uri = Path(path).as_uri()
    tests = Document(uri, 0, look.document.language, "")
    name = look.here.name if look.here is not None else ""
    like = ", as the other test that is shown is written" if len(shown) > 1 else ""
    words = f"Write this file, a test of `{name}` in {_path(look)}{like}. It is empty: quote nothing of it."
    return Task(found.title, instruction_task(0, 0, _asked(words)), tests, Span(0, 0), shown=shown, new=True)


def _in_the_source(look: Look, found: Found, it: Defined) -> Task:
    """In Rust tests stand in a module at the end of what they test."""
    text = look.document.text
    module = _OWN_TESTS.search(text)
    words = f"Write a test of `{it.name}` in the module `tests` (`#[cfg(test)]`) at the end of this file"
    if module is None:
        end = len(text.rstrip())
        scope = Span(line_start(text, end), len(text))
        row = row_of(text, end)
        words += ", which has to be made"
    else:
        place = Span(module.start(), module.end())
        span = (enclosing(look.parsed, place) if look.parsed is not None else None) or stretch(text, place)
        scope = with_blanks(text, span)
        _, row = rows_of(text, span)
    asked = _asked(f"{words}; change no other test.")
    return Task(found.title, instruction_task(row, row, asked), look.document, it.span, scope)


def _asked(words: str) -> str:
    return f"{words} Test what it promises: an ordinary case, and the rarest ones."


def _path(look: Look) -> str:
    return look.workspace.name(look.document.uri)


def _unreadable(look: Look, path: str) -> Withheld:
    name = look.workspace.name(Path(path).as_uri())
    return Withheld(Reason.NOTHING_TO_DO, f"{name} is there, but is ignored or not read yet; open it and try again.")
