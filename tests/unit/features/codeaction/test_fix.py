from collections.abc import Sequence
from dataclasses import replace

from understudy.checking.base import Overlay, Report
from understudy.checking.diagnostic import Diagnostic
from understudy.context.workspace import Workspace
from understudy.core.text import Document, Span
from understudy.features.codeaction.fix import FIX_ALL, surveyed
from understudy.features.codeaction.outcome import Job, Reason, Withheld
from understudy.features.codeaction.tasks import tasks


class Scripted:
    """A checker that says what the test has it say."""

    def __init__(self, *reports: Report) -> None:
        self.reports = reports
        self.asked: list[tuple[Overlay, Diagnostic | None]] = []

    async def check(self, overlay: Overlay, target: Diagnostic | None) -> tuple[Report, ...]:
        self.asked.append((overlay, target))
        return self.reports


def document(text: str) -> Document:
    return Document("file:///w/a.py", 1, "python", text)


def at(text: str, word: str, code: str = "F401") -> Diagnostic:
    start = text.index(word)
    return Diagnostic(Span(start, start + len(word)), f"`{word}`", "Ruff", code)


def job(text: str, diagnostics: Sequence[Diagnostic], action: str = FIX_ALL) -> Job:
    return Job(action, document(text), Span(0, 0), tuple(diagnostics))


TEXT = "import aa\nimport bb\n\n\ndef f():\n    return cc\n"


async def test_the_checker_says_where_the_others_are() -> None:
    every = (at(TEXT, "aa"), at(TEXT, "bb"), at(TEXT, "cc", "F821"))
    checking = Scripted(Report("ruff", every), Report("mypy", (at(TEXT, "f"),)))
    found = await surveyed(job(TEXT, every[:1]), checking)
    assert isinstance(found, Job)
    assert found.diagnostics == every[:2], "those of the kind, of the checker that reported it"
    assert checking.asked == [(Overlay(document(TEXT)), every[0])]


async def test_every_other_job_comes_back_as_it_is() -> None:
    checking = Scripted()
    fix = job(TEXT, (at(TEXT, "aa"),), "fix")
    assert await surveyed(fix, checking) is fix
    assert not checking.asked


async def test_a_survey_that_fails_is_told_of() -> None:
    one = job(TEXT, (at(TEXT, "aa"),))
    for checking, reason, words in (
        (Scripted(Report("ruff", None, "ruff is not installed")), Reason.FAILED_CHECK, "ruff is not installed"),
        (Scripted(), Reason.FAILED_CHECK, "no checker"),
        (Scripted(Report("ruff", (at(TEXT, "cc", "F821"),))), Reason.NOTHING_TO_DO, "no F401"),
    ):
        found = await surveyed(one, checking)
        assert isinstance(found, Withheld)
        assert found.reason is reason
        assert words in found.message


def test_a_job_without_its_diagnostic_or_of_an_unknown_action() -> None:
    for made, words in (
        (job(TEXT, (), "fix"), "nothing here"),
        (job(TEXT, (), "explain"), "nothing here"),
        (job(TEXT, (), FIX_ALL), "nothing here"),
        (job(TEXT, (), "polish"), "no code action called 'polish'; there are fix,"),
    ):
        found = tasks(made, Workspace())
        assert isinstance(found, Withheld)
        assert words in found.message


def test_of_an_ignored_file_nothing_is_asked(tmp_path) -> None:
    (tmp_path / ".understudyignore").write_text("a.py\n")
    hidden = replace(
        job(TEXT, (at(TEXT, "aa"),), "fix"), document=replace(document(TEXT), uri=(tmp_path / "a.py").as_uri())
    )
    found = tasks(hidden, Workspace((tmp_path,)))
    assert isinstance(found, Withheld)
    assert found.reason is Reason.IGNORED
