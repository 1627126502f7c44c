"""A run with its file: what makes it this one, whether it begins or goes on, and what it came to for programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from understudy import __version__
from understudy.core.errors import UsageError
from understudy.core.paths import data_dir
from understudy.evaluation.journal import Journal, differences, file_name, open_journal, read_journal
from understudy.evaluation.provenance import about_now, named
from understudy.evaluation.table import Plan, Report


@dataclass(frozen=True, slots=True)
class Run:
    """A plan and the journal of its answers. `notes`: what the user is told before it begins, in sentences."""

    plan: Plan
    journal: Journal
    notes: tuple[str, ...]

    @property
    def answered(self) -> str:
        """How far it is."""
        done = sum(key in self.journal.records for key in self.plan.keys)
        return f"{done} of {len(self.plan.keys)} answers are kept in {self.journal.path}"

    def report(self) -> Report:
        """What a run that is at its end came to."""
        return self.plan.summarise([self.journal.records[key] for key in self.plan.keys])

    def summary(self, report: Report) -> dict[str, Any]:
        """What it was, when, and what it came to, for programs."""
        head = {name: value for name, value in self.journal.head.items() if name not in ("kind", "identity")}
        return {**self.journal.head["identity"], **head, "results": str(self.journal.path), **report.figures}


def open_run(evaluation: str, plan: Plan, engine: Mapping[str, Any], place: Path | None, *, again: bool = False) -> Run:
    """The run of `plan` on `engine` (`provenance.engine_identity`): gone on with, or begun where there is none or
    where it shall be begun `again`. `place`: its file; None: one in the data folder. Raises `UsageError`."""
    identity = {"evaluation": evaluation, "understudy": __version__, **engine, **plan.identity}
    about = {**about_now(), **plan.about}
    place = place or folder() / file_name(evaluation, engine["model"], identity)
    before = _last(evaluation, place)
    journal = open_journal(place, identity, about, again=again)
    first = f"{evaluation} on {named(engine)}, questions: {len(plan.keys)}."
    return Run(plan, journal, (*plan.notes, first, *_beginning(journal, plan, before, about["commit"])))


def _beginning(journal: Journal, plan: Plan, before: Mapping[str, Any] | None, commit: str | None) -> Iterator[str]:
    """Whether it begins or goes on, in sentences."""
    done = sum(key in journal.records for key in plan.keys)
    changed = differences(before or {}, journal.head["identity"]) if before is not None else ()
    if done:
        yield f"It goes on in {journal.path}, which holds {done} of them."
        if (then := journal.head.get("commit")) != commit:
            yield f"It was begun with Understudy at commit {then}; --again begins it anew."
    elif changed:
        yield f"It is a new run in {journal.path}, unlike the last one in: {', '.join(changed)}."
    else:
        yield f"It is a new run in {journal.path}."


def folder() -> Path:
    """Where the results of runs are kept."""
    return data_dir() / "evaluations"


def runs() -> list[Journal]:
    """The runs in that folder, by date."""
    found = []
    for path in folder().glob("*.jsonl"):
        try:
            found.append(read_journal(path))
        except UsageError:
            continue
    return sorted(found, key=lambda journal: str(journal.head.get("date", "")))


def _last(evaluation: str, place: Path) -> Mapping[str, Any] | None:
    """The identity of the last run of an evaluation: of the one at `place`, else by date."""
    of_it = [journal for journal in runs() if journal.head["identity"].get("evaluation") == evaluation]
    last = read_journal(place) if place.exists() else of_it[-1] if of_it else None
    return None if last is None else dict(last.head["identity"])
