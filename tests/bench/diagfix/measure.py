"""A contender's answer to a case, through the whole of the product, and what became of it."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Callable
from dataclasses import dataclass

from bench.diagfix.case import Case
from bench.diagfix.importing import imports
from bench.diagfix.seed import Bench, added
from understudy.checking.diagnostic import Diagnostic
from understudy.context.workspace import Workspace
from understudy.core.settings import FixSettings
from understudy.core.text import apply
from understudy.engine.base import EngineSource
from understudy.engine.script import Answer, Say
from understudy.engine.scripted import ScriptedEngine, ScriptedSource
from understudy.features.codeaction.fixer import Fixer
from understudy.features.codeaction.outcome import Job, Outcome, Proposal, Withheld

FIX = "fix"  # the row of the table of actions


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one answer. `text`: the file after it, where it was offered. `said`: the title, or why it was not.

    `gone`, `clean`: the checker, asked again by the bench itself, sees the target gone, and nothing that neither the
    faulty text nor the true fix has. `outside`: lines changed outside the enclosing definition and the imports.
    `imports`: whether the module can be imported; None where that cannot be tried.
    """

    case: Case
    offered: bool
    checked: bool
    said: str
    text: str = ""
    gone: bool = False
    clean: bool = False
    outside: int = 0
    imports: bool | None = None

    @property
    def exact(self) -> bool:
        """The text is that of the true fix."""
        return self.offered and self.text == self.case.fixed


def scripted(answer: str) -> EngineSource:
    """An engine that gives one answer to whatever it is asked."""
    return ScriptedSource(ScriptedEngine([Answer((Say(answer),), always=True)]))


async def answered(bench: Bench, case: Case, engine: EngineSource, workspace: Workspace) -> Result:
    """Ask for the fix of a case in the workspace of its package, and look at what comes."""
    bench.opened = (*case.others, case.document)
    for document in bench.opened:
        workspace.changed(None, document)
    fixer = Fixer(FixSettings(), engine, workspace, bench, speculates=False)
    try:
        outcome = await fixer.run(Job(FIX, case.document, case.target.span, (case.target,)), _unheard)
    finally:
        await fixer.aclose()
        for document in bench.opened:
            workspace.changed(document, None)
    bench.opened = case.others
    return await _looked_at(bench, case, outcome)


async def _looked_at(bench: Bench, case: Case, outcome: Outcome) -> Result:
    if not isinstance(outcome, Proposal):
        said = f"{outcome.reason.value}: {outcome.message}" if isinstance(outcome, Withheld) else "explained"
        return Result(case, offered=False, checked=False, said=said)
    edits = [edit for file in outcome.files for edit in file.edits if file.document.uri == case.document.uri]
    text = apply(case.document.text, tuple(edits))
    before = await bench.problems(case.document)
    right = await bench.problems(case.document.with_text(case.fixed))
    after = await bench.problems(case.document.with_text(text))
    gone = sum(map(_same_as(case), after)) < sum(map(_same_as(case), before))
    return Result(
        case,
        offered=True,
        checked=outcome.checked,
        said=outcome.title,
        text=text,
        gone=gone,
        clean=not added((*before, *right), after),
        outside=outside_definition(case, text),
        imports=await imports(bench.project, case, text),
    )


def _same_as(case: Case) -> Callable[[Diagnostic], bool]:
    return lambda it: (it.code, it.message) == (case.target.code, case.target.message)


def outside_definition(case: Case, text: str) -> int:
    """Lines of the faulty text that were changed or lost and stand neither in the definition around the diagnostic nor
    in an import. For languages other than Python, the definition is the lines of deeper or equal indentation around."""
    old = case.document.text.split("\n")
    first, last = _definition(case)
    changes = difflib.SequenceMatcher(None, old, text.split("\n"), autojunk=False).get_opcodes()
    return sum(
        not first <= row <= last and not old[row].lstrip().startswith(("import ", "from ", "export ", "}"))
        for kind, begin, end, *_ in changes
        if kind != "equal"
        for row in range(begin, end)
    )


def _definition(case: Case) -> tuple[int, int]:
    """Rows of the outermost definition around the diagnostic."""
    if case.kind.language == "python":
        try:
            tree = ast.parse(case.fixed)
        except SyntaxError:
            return case.row, case.row
        moved = case.document.text.count("\n") - case.fixed.count("\n")
        for node in tree.body:
            first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1 + max(moved, 0)
            if first <= case.row <= last and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                return first, last
        return case.row, case.row
    lines = case.document.text.split("\n")
    first = next((row for row in range(case.row, -1, -1) if lines[row][:1].strip() and lines[row][0] not in "})"), 0)
    last = next((row for row in range(case.row + 1, len(lines)) if lines[row][:1].strip()), len(lines) - 1)
    return first, last


def _unheard(_: str) -> None:
    return None
