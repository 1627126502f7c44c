"""All problems of a kind: how many are asked about, and what is said where a checker falls silent on the way."""

from __future__ import annotations

from dataclasses import dataclass, field

from checking_words import Words
from understudy.checking.base import Overlay, Report
from understudy.checking.diagnostic import Diagnostic
from understudy.context.workspace import Workspace
from understudy.core.settings import FixSettings
from understudy.core.text import Document, Span, apply
from understudy.engine.script import parse
from understudy.engine.scripted import ScriptedEngine, ScriptedSource
from understudy.features.codeaction.fixer import Fixer
from understudy.features.codeaction.outcome import Job, Proposal
from understudy.features.codeaction.series import MOST_AT_ONCE


@dataclass
class Mute(Words):
    """Says nothing of a text that it has found less in than before."""

    full: int = field(default=-1)

    async def check(self, overlay: Overlay, target: Diagnostic | None) -> tuple[Report, ...]:
        (report,) = await super().check(overlay, target)
        assert report.diagnostics is not None
        self.full = max(self.full, len(report.diagnostics))
        return (report if len(report.diagnostics) == self.full else Report(report.checker, None, "it is tired"),)


def text(count: int) -> str:
    return "".join(f"def f{number}(path):\n    return pth{number}\n\n\n" for number in range(count))


def answer(number: int) -> str:
    block = f"<<<<<<< SEARCH\\n    return pth{number}\\n=======\\n    return path\\n>>>>>>> REPLACE\\n"
    return f'!when "No name `pth{number}`"\n"{block}"'


async def fixed(count: int, checking: Words) -> Proposal:
    document = Document("file:///project/main.py", 1, "python", text(count))
    workspace = Workspace()
    workspace.changed(None, document)
    engine = ScriptedEngine(parse("\n===\n".join(map(answer, range(count)))))
    fixer = Fixer(FixSettings(speculate=False), ScriptedSource(engine), workspace, checking)
    at = document.text.index("pth0")
    one = Diagnostic(Span(at, at + 4), "No name `pth0`", "Words", "W1")
    outcome = await fixer.run(Job("fix_all", document, one.span, (one,)), lambda _: None)
    await fixer.aclose()
    assert isinstance(outcome, Proposal), outcome
    return outcome


def words(count: int) -> dict[str, str]:
    return {f"pth{number}\n": f"No name `pth{number}`" for number in range(count)}


async def test_of_more_than_can_be_asked_about_at_once_the_title_says_how_many_are_fixed() -> None:
    count = 110
    outcome = await fixed(count, Words(words(count)))
    assert outcome.title.startswith(f"Fix {MOST_AT_ONCE} of {count} W1 problems")
    (file,) = outcome.files
    assert apply(file.document.text, file.edits).count("return path\n") == MOST_AT_ONCE


async def test_where_the_checker_falls_silent_what_it_has_told_of_is_still_asked_about() -> None:
    outcome = await fixed(2, Mute(words(2)))
    assert outcome.title.startswith("Fix all 2 W1 problems")
    assert not outcome.checked
    (file,) = outcome.files
    assert "pth" not in apply(file.document.text, file.edits)
