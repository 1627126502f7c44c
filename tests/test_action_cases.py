"""What stands in the menu at a place, and what a job comes down to: every file in `tests/cases/actions`.

Sections:

    @query        JSON: `automatic`, `asks` (by default true), `only`
    @diagnostics  JSON list: `at` (a text of the source, of which the first occurrence counts), `message`, `source`,
                  `code`, `severity`, `related` (a list of path, row from 1, message)
    NAME          sources; the one with the cursor `$0`, or a selection from `$<` to `$>`, is open, the others are known
                  to the index
    @menu         golden: kind, title, and why it is disabled
    @task NAME    golden: the questions of the first job of an action; `@say`: what the user says with it
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import casefile
from casefile import Case, Section
from understudy.checking.diagnostic import Diagnostic, Related
from understudy.context.index.extract import extract
from understudy.context.index.memory import MemoryIndex
from understudy.context.index.record import FileRecord
from understudy.context.syntax.grammar import grammar_for
from understudy.context.syntax.languages import language_of
from understudy.context.syntax.source import Source
from understudy.context.workspace import Workspace
from understudy.core.text import Document, Span
from understudy.features.codeaction.actions import ACTIONS, BY_NAME
from understudy.features.codeaction.listing import offers
from understudy.features.codeaction.outcome import Job, Offer, Query, Withheld
from understudy.features.codeaction.problem import rows_of
from understudy.features.codeaction.task import Task
from understudy.features.codeaction.tasks import tasks

CASES = sorted((Path(__file__).parent / "cases" / "actions").glob("*.txt"))
ROOT = Path("/w")
GIVEN = {"@query", "@diagnostics", "@say", "@menu", *(f"@task {action.name}" for action in ACTIONS)}


def sources(case: Case) -> tuple[Document, Span, Workspace]:
    """The open document, the place in it, and the workspace with the others."""
    texts = {it.name: it.text + "\n" for it in case.sections if not it.name.startswith("@")}
    name = next(name for name, text in texts.items() if "$0" in text or "$<" in text)
    text = texts[name].replace("\\r\n", "\r\n")
    start = text.index("$0" if "$0" in text else "$<")
    text = text.replace("$0", "").replace("$<", "")
    end = text.index("$>") if "$>" in text else start
    texts[name] = text.replace("$>", "")
    records = [it for path, other in texts.items() if (it := record(str(ROOT / path), other)) is not None]
    index = MemoryIndex(records, {str(ROOT / path): other for path, other in texts.items()})
    language = language_of(name)
    # What has a scheme of its own is on no disk.
    uri = name if ":" in name else (ROOT / name).as_uri()
    document = Document(uri, 1, language.ids[0] if language is not None else "plaintext", texts[name])
    workspace = Workspace((ROOT,), index=index)
    workspace.changed(None, document)
    return document, Span(start, end), workspace


def record(path: str, text: str) -> FileRecord | None:
    language = language_of(path)
    grammar = grammar_for(language.ids[0]) if language is not None else None
    return extract(Source.parse(grammar, text), path) if grammar is not None else None


def diagnostics(case: Case, document: Document) -> tuple[Diagnostic, ...]:
    return tuple(diagnostic(document, it) for it in json.loads(case.text("@diagnostics", "[]")))


def diagnostic(document: Document, it: dict[str, Any]) -> Diagnostic:
    at = it.pop("at")
    start = document.text.index(at)
    related = tuple(Related(str(ROOT / path), row - 1, message) for path, row, message in it.pop("related", []))
    return Diagnostic(Span(start, start + len(at)), related=related, **it)


def menu(found: tuple[Offer, ...]) -> str:
    lines = []
    for it in found:
        marks = "".join((" (asks)" if it.asks else "", f" [{it.disabled}]" if it.disabled else ""))
        lines.append(f"{it.kind}: {it.title}{marks}")
    return "\n".join(lines)


def questions(todo: tuple[Task, ...] | Withheld, workspace: Workspace) -> str:
    if isinstance(todo, Withheld):
        return f"{todo.reason.name}: {todo.message}"
    return "\n\n".join(question(task, workspace) for task in todo)


def question(task: Task, workspace: Workspace) -> str:
    def rows(document: Document, span: Span) -> str:
        first, last = rows_of(document.text, span)
        return f"{first + 1}-{last + 1}"

    lines = [task.title, f"in {workspace.name(task.document.uri)}{' (new)' if task.new else ''}: {task.answer}"]
    lines.append(f"focus {rows(task.document, task.focus)}")
    if task.scope is not None:
        lines.append(f"scope {rows(task.document, task.scope)}")
    if task.target is not None:
        lines.append(f"target {task.target.code}".rstrip())
    lines += (f"shown {workspace.name(other.uri)} {rows(other, span)}" for other, span in task.shown)
    return "\n".join((*lines, *(f"| {line}" for line in task.words.split("\n"))))


def job_for(action: str, found: tuple[Offer, ...], document: Document, span: Span) -> Job:
    """The menu's, or where it has none what a command would ask for."""
    return next((it.job for it in found if it.job.action == action), Job(action, document, span))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_actions(path: Path, update: bool) -> None:
    case = casefile.read(path)
    assert not case.unknown(GIVEN)
    document, span, workspace = sources(case)
    found = offers(
        Query(document, span, diagnostics(case, document), **{"asks": True} | json.loads(case.text("@query", "{}"))),
        workspace,
    )
    assert {it.kind for it in found} <= {action.kind for action in ACTIONS}
    assert len({it.title for it in found}) == len(found), "Emacs knows entries by their titles"
    assert all(it.job.action in BY_NAME and len(it.title) <= 95 and it.title.isprintable() for it in found)
    got: list[Section] = []
    for section in case.sections:
        text = section.text
        if section.name == "@menu":
            text = menu(found)
        elif section.name.startswith("@task "):
            job = job_for(section.name.removeprefix("@task "), found, document, span)
            text = questions(tasks(job, workspace, case.text("@say")), workspace)
        got.append(Section(section.name, text))
    workspace.close()
    if update:
        casefile.write(replace(case, sections=tuple(got)))
    assert [it.name for it in got if it.name.startswith(("@menu", "@task"))], "nothing is wanted"
    assert update or got == list(case.sections)
