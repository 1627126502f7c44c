"""The tree after one keystroke in a file of 5,000 lines: typed at several places, in every language with a grammar."""

from __future__ import annotations

from pathlib import Path
from time import thread_time

from bench.figures import Percentiles, row, say
from understudy.context.syntax.grammar import grammar_for
from understudy.context.syntax.languages import LANGUAGES
from understudy.context.syntax.source import Source
from understudy.core.text import line_start

LINES = 5_000
GOAL_MS = 2.0
SAMPLES = Path(__file__).parent.parent / "grammars"
MARKS = {"tsx": "BOOK"}  # in the comment behind a statement in a function of each sample; elsewhere `PUT`
TYPED = "shelf.put(book, 1)"
PLACES = (0.05, 0.35, 0.65, 0.95)
# Where a sample begins to say what may be said again, and what may not.
BEGINS = {"kotlin": "/** How many", "php": "/** How many", "javascript": "// How many", "typescript": "/** Has a"}
ONCE = ("export default ", "\nreturn Shelf\n")


def path_of(language: str) -> Path:
    """The sample of a language."""
    (path,) = (SAMPLES / language).glob("sample.*")
    return path


def long_text(language: str) -> str:
    """A sample's text, continued with itself to `LINES` lines."""
    text = path_of(language).read_text(encoding="utf-8")
    again = text[text.index(BEGINS[language]) :] if language in BEGINS else text
    for once in ONCE:
        again = again.replace(once, "")
    return text + again * (LINES // again.count("\n"))


def typed(language: str, *, closing: bool) -> list[float]:
    """Milliseconds per key. With `closing` an editor puts the closing bracket beside the opening one."""
    text = long_text(language)
    grammar = grammar_for(str(path_of(language)))
    assert grammar is not None
    times = []
    for place in PLACES:
        mark = MARKS.get(language, "PUT")
        near = text.find(mark, int(len(text) * place))
        at = line_start(text, near if near >= 0 else text.rindex(mark))
        now = Source.parse(grammar, text)
        before, after = text[:at], text[at:]
        indent = text[at : at + len(after) - len(after.lstrip())]
        before, after = before + indent, "\n" + after
        now = now.changed(before + after)
        for key in TYPED:
            if closing and key == ")":
                continue  # it is there already, and is typed over
            before += key
            if closing and key == "(":
                after = ")" + after
            text_now = before + after
            began = thread_time()
            now = now.changed(text_now, within=1.0)
            times.append((thread_time() - began) * 1000)
    return times


def report() -> None:
    """Say the figures."""
    for name, closing in (("", True), (", brackets left open", False)):
        by_language = {it.name: typed(it.name, closing=closing) for it in LANGUAGES}
        figures = Percentiles.of([time for times in by_language.values() for time in times])
        met = figures.p95 <= GOAL_MS
        row(f"parse after a key in {LINES:,} lines{name}, ms", figures, f"p95 ≤ {GOAL_MS:.0f}", met=met)
        say("    p95 by language: " + ", ".join(f"{it} {Percentiles.of(at).p95:.1f}" for it, at in by_language.items()))


if __name__ == "__main__":
    report()
