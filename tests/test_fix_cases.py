"""Scenarios of code actions, against the scripted engine: one file each in `tests/cases/fix`.

Sections, in the order of events:

    @settings   settings of `fix`, JSON        @ignore   a pattern of files that are ignored
    @engine     the script (`understudy.engine.script`)      @no-engine  there is none, and none can be started
    @newline    JSON: what ends the lines of the first source
    NAME        the source, `$0` where the problem begins; further sources are open as well
    @problem    JSON: the text at `$0`, the message, and by whom it is told: ["pth", "No name `pth`", "Ruff", "F821"]
    @checker    JSON: words and what is said of each wherever it stands, in place of the checkers that are installed
    @unable     why the checker of @checker cannot be asked
    @run        the action is done, by default `fix`         @instruction  what the user says
    @type       JSON: two texts, of which the second takes the first one's place in the source
    @title      of the result              @text  the source after the result, for the text as it is by now
    @new-file   the name and the text of a file that the result makes
    @unchecked  nobody vouches for it      @gone  the result is given up, since the user changed what it is about
    @withheld   the reason and, on further lines, the message     @explanation  the title, then the text
    @told       what was told meanwhile    @requests  how often the engine was asked in all
    @prompt-has / @prompt-lacks            a JSON string that the last chat holds or does not
    @menu       the titles, a disabled one followed by its reason        @automatic  the menu where nobody opened it
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

import casefile
from checking_words import Words
from understudy.checking.base import Checking
from understudy.checking.diagnostic import Diagnostic
from understudy.checking.local import LocalChecking
from understudy.context.syntax.languages import language_of
from understudy.context.workspace import Workspace
from understudy.core.settings import FixSettings
from understudy.core.text import Document, Span, apply
from understudy.engine.script import parse
from understudy.engine.scripted import ScriptedEngine, ScriptedSource
from understudy.features.codeaction.fixer import Fixer
from understudy.features.codeaction.outcome import Explanation, Job, Outcome, Proposal, Query, Reason, Withheld

CASES = sorted((Path(__file__).parent / "cases" / "fix").glob("*.txt"))


@dataclass
class Scene:
    """The state of a case between two of its sections."""

    case: casefile.Case
    workspace: Workspace
    fixer: Fixer
    engine: ScriptedEngine
    document: Document
    job: Job
    outcome: Outcome | None = None
    told: list[str] = field(default_factory=list)

    async def run(self, action: str) -> None:
        job = replace(self.job, action=action or "fix", document=self.document)
        self.outcome = await self.fixer.run(job, self.told.append, self.case.text("@instruction"))

    def type(self, words: str) -> None:
        old, new = json.loads(words)
        assert old in self.document.text
        before = self.document
        self.document = replace(before, version=before.version + 1, text=before.text.replace(old, new, 1))
        self.workspace.changed(before, self.document)
        self.fixer.changed(before, self.document)

    def query(self, *, automatic: bool) -> Query:
        return Query(self.document, self.job.span, self.job.diagnostics, automatic=automatic, asks=True)

    @property
    def proposal(self) -> Proposal:
        assert isinstance(self.outcome, Proposal), self.outcome
        return self.outcome


@asynccontextmanager
async def scene(case: casefile.Case, root: Path) -> AsyncIterator[Scene]:
    settings = FixSettings.model_validate({"speculate": False} | json.loads(case.text("@settings", "{}")))
    engine = ScriptedEngine(parse(case.text("@engine")))
    ignore = tuple(case.text("@ignore").split())
    workspace = Workspace((root,), ignore)
    name, text, offset = case.source()
    newline = json.loads(case.text("@newline", '"\\n"'))
    offset += text.count("\n", 0, offset) * (len(newline) - 1)
    document = opened(root / name, text.replace("\n", newline))
    others = [it for it in case.sections if not it.name.startswith("@") and it.name != name]
    for it in (document, *(opened(root / other.name, other.text) for other in others)):
        workspace.changed(None, it)
    at, *said = json.loads(case.text("@problem", '["", ""]'))
    span = Span(offset, offset + len(at))
    checking: Checking = LocalChecking((root,), settings)
    if case.text("@checker"):
        checking = Words(json.loads(case.text("@checker")), case.text("@unable"))
    source = ScriptedSource(None if any(it.name == "@no-engine" for it in case.sections) else engine)
    fixer = Fixer(settings, source, workspace, checking)
    diagnostics = (Diagnostic(span, *said),) if at else ()
    try:
        yield Scene(case, workspace, fixer, engine, document, Job("fix", document, span, diagnostics))
    finally:
        await fixer.aclose()
        if isinstance(checking, LocalChecking):
            checking.close()


def opened(path: Path, text: str) -> Document:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    row = language_of(path.name)
    return Document(path.as_uri(), 1, row.ids[0] if row else "plaintext", text)


def check_title(it: Scene, title: str) -> None:
    assert it.proposal.title == title


def check_text(it: Scene, text: str) -> None:
    carried = it.fixer.carried(it.proposal, {it.document.uri: it.document})
    assert carried is not None
    (file,) = (file for file in carried.files if file.document.uri == it.document.uri)
    newline = json.loads(it.case.text("@newline", '"\\n"'))
    assert apply(file.document.text, file.edits) == text.replace("\n", newline)


def check_new_file(it: Scene, text: str) -> None:
    (file,) = it.proposal.files
    name, _, wanted = text.partition("\n")
    assert file.new
    assert it.workspace.name(file.document.uri) == name
    assert apply(file.document.text, file.edits) == wanted


def check_unchecked(it: Scene, _: str) -> None:
    assert not it.proposal.checked


def check_gone(it: Scene, _: str) -> None:
    assert it.fixer.carried(it.proposal, {it.document.uri: it.document}) is None


def check_withheld(it: Scene, text: str) -> None:
    reason, _, message = text.partition("\n")
    assert isinstance(it.outcome, Withheld), it.outcome
    assert (it.outcome.reason, it.outcome.message) == (Reason[reason], message)


def check_explanation(it: Scene, text: str) -> None:
    title, _, said = text.partition("\n")
    assert it.outcome == Explanation(title, said)


def check_told(it: Scene, lines: str) -> None:
    assert it.told == lines.split("\n")


def check_requests(it: Scene, count: str) -> None:
    assert len(it.engine.seen) == int(count)


def check_prompt_has(it: Scene, text: str) -> None:
    assert json.loads(text) in it.engine.seen[-1].prompt


def check_prompt_lacks(it: Scene, text: str) -> None:
    assert all(json.loads(text) not in seen.prompt for seen in it.engine.seen)


def check_menu(it: Scene, lines: str, *, automatic: bool = False) -> None:
    offers = it.fixer.offers(it.query(automatic=automatic))
    assert "\n".join(f"{it.title}: {it.disabled}" if it.disabled else it.title for it in offers) == lines


CHECKS = {
    "@title": check_title,
    "@text": check_text,
    "@new-file": check_new_file,
    "@unchecked": check_unchecked,
    "@gone": check_gone,
    "@withheld": check_withheld,
    "@explanation": check_explanation,
    "@told": check_told,
    "@requests": check_requests,
    "@prompt-has": check_prompt_has,
    "@prompt-lacks": check_prompt_lacks,
    "@menu": check_menu,
    "@automatic": lambda it, lines: check_menu(it, lines, automatic=True),
}
GIVEN = {
    *("@settings", "@ignore", "@engine", "@no-engine", "@newline"),
    *("@problem", "@checker", "@unable", "@instruction"),
}


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
async def test_fix(path: Path, tmp_path: Path) -> None:
    case = casefile.read(path)
    assert not case.unknown({*CHECKS, *GIVEN, "@run", "@type"})
    checks = 0
    async with scene(case, tmp_path) as it:
        for section in case.sections:
            if section.name == "@run":
                await it.run(section.text)
            elif section.name == "@type":
                it.type(section.text)
            elif section.name in CHECKS:
                CHECKS[section.name](it, section.text)
                checks += 1
        assert checks
        assert not it.engine.unused(), "the script has answers that nobody asked for"
