"""Cases: faults are put into packages until each kind has its share, and those that its checker reports are kept."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from time import perf_counter

from bench.diagfix import faults_python, faults_typescript
from bench.diagfix.case import Case, Fault, Kind, Place
from bench.figures import note
from bench.recall.case import Project
from bench.recall.corpus import NotFetched
from understudy.bundled.faults import source
from understudy.checking.base import Checking, Overlay, Report
from understudy.checking.diagnostic import Diagnostic
from understudy.checking.local import LocalChecking
from understudy.core.settings import FixSettings
from understudy.core.text import Document

KINDS: tuple[Kind, ...] = (*faults_python.KINDS, *faults_typescript.KINDS)
SHORTEST, LONGEST = 600, 40_000  # characters of a file
TRIES = 5  # faults that are put in for each that is wanted; for most of them a slow checker is asked
CHECK_SECONDS = 60.0


class Bench:
    """A package with one checker on it, which is asked about each text once.

    The checker sees `opened` in place of those files, as it sees an editor's unsaved documents.
    """

    def __init__(self, project: Project, checker: str) -> None:
        self.project = project
        self._checker = checker
        self.opened: tuple[Document, ...] = ()
        settings = FixSettings(checkers=(checker,), check_seconds=CHECK_SECONDS)
        self._checking: Checking = LocalChecking((project.root,), settings, lambda: self.opened)
        self._known: dict[tuple[object, ...], tuple[Report, ...]] = {}
        self.asked = 0

    async def check(self, overlay: Overlay, target: Diagnostic | None) -> tuple[Report, ...]:
        """As the checker says; what it has said of the same texts before is not asked again.

        Ruff alone looks at which problem is asked about. Others say the same with it and without, and take seconds."""
        others = {**{it.uri: it.text for it in self.opened}, **overlay.others}
        others.pop(overlay.document.uri, None)
        about = target.code if target is not None and self._checker == "ruff" else ""
        key = overlay.document.uri, overlay.document.text, tuple(sorted(others.items())), about
        if key not in self._known:
            self.asked += 1
            self._known[key] = await self._checking.check(overlay, target)
        return self._known[key]

    async def problems(self, document: Document) -> tuple[Diagnostic, ...]:
        """What the checker says of a document. Raises `NotFetched` where it can say nothing, as it is not installed."""
        reports = await self.check(Overlay(document), None)
        said = [it for report in reports for it in report.diagnostics or ()]
        if all(report.diagnostics is None for report in reports):
            raise NotFetched("; ".join(report.unable for report in reports) or "no checker looked")
        return tuple(said)

    def document(self, path: str, text: str) -> Document:
        """A file of the package with some text."""
        return Document((self.project.root / path).as_uri(), 1, self.project.language, text)


@dataclass
class Seeder:
    """Makes cases of one kind, from file to file, the packages in turn."""

    kind: Kind
    benches: Sequence[Bench]
    random: Random
    cases: list[tuple[Bench, Case]] = field(default_factory=list)

    async def run(self, limit: int) -> None:
        """Make up to `limit` cases."""
        places = self._places()
        for _ in range(TRIES * limit):
            if len(self.cases) >= limit:
                return
            bench, place = next(places)
            fault = self.kind.inject(place, self.random)
            if fault is not None and (fault.text != place.text or fault.others):
                case = await self._reported(bench, place, fault)
                if case is not None and all(_texts(case) != _texts(it) for _, it in self.cases):
                    self.cases.append((bench, case))

    def _places(self) -> Iterator[tuple[Bench, Place]]:
        """Files without end; each package as often as the others."""
        while True:
            for bench in self.benches:
                files = {path: text for path, text in bench.project.files.items() if SHORTEST <= len(text) <= LONGEST}
                path = self.random.choice(sorted(files))
                parsed = source(files[path]) if bench.project.language == "python" else None
                yield bench, Place(path, files[path], bench.project.files, parsed)

    async def _reported(self, bench: Bench, place: Place, fault: Fault) -> Case | None:
        """The case, where the checker says something new near the fault, and not after the true fix."""
        others = tuple(bench.document(path, text) for path, text in fault.others.items())
        document = bench.document(place.path, fault.text)
        bench.opened = others
        clean = await bench.problems(bench.document(place.path, fault.fixed))
        new = added(clean, await bench.problems(document))
        rows = {it: abs(fault.text.count("\n", 0, it.span.start) - fault.row) for it in new}
        near = [it for it in new if rows[it] <= self.kind.near and re.fullmatch(self.kind.code or ".*", it.code)]
        if not near:
            return None
        target = min(near, key=lambda it: rows[it])
        return Case(0, self.kind, bench.project.name, place.path, document, fault.fixed, target, others)


def _texts(case: Case) -> tuple[str, ...]:
    return (case.document.text, *(it.text for it in case.others))


def added(before: tuple[Diagnostic, ...], after: tuple[Diagnostic, ...]) -> list[Diagnostic]:
    """Diagnostics of the text after that the text before had not, wherever they stand."""
    left = Counter((it.code, it.message) for it in before)
    new = []
    for it in after:
        if left[it.code, it.message] > 0:
            left[it.code, it.message] -= 1
        else:
            new.append(it)
    return new


async def seeded(
    projects: Sequence[Project], per_kind: Mapping[str, int], seed: int, kinds: Sequence[Kind] = KINDS
) -> list[tuple[Bench, Case]]:
    """The cases, numbered, each with the package that it is in: so many of each kind as `per_kind` says for its
    checker. The same seed gives the same cases."""
    benches = {
        (checker, project.name): Bench(project, checker)
        for checker, language in {(kind.checker, kind.language) for kind in kinds}
        for project in projects
        if project.language == language
    }
    seeders = []
    for kind in kinds:
        own = [bench for (checker, _), bench in sorted(benches.items()) if checker == kind.checker]
        seeders.append(Seeder(kind, own, Random(f"{seed} {kind.language} {kind.name}")))
    # Checkers of different programs run beside each other; of one program one at a time.
    lanes = [[it for it in seeders if it.kind.checker == checker] for checker in {kind.checker for kind in kinds}]
    await asyncio.gather(*(_in_turn(lane, per_kind) for lane in lanes))
    return [(bench, _numbered(case, at)) for at, (bench, case) in enumerate(it for s in seeders for it in s.cases)]


async def _in_turn(seeders: Sequence[Seeder], limits: Mapping[str, int]) -> None:
    for seeder in seeders:
        began = perf_counter()
        await seeder.run(limits[seeder.kind.checker])
        kind = seeder.kind
        note(f"{kind.language}, {kind.name}: {len(seeder.cases)} cases after {perf_counter() - began:.0f} s")


def _numbered(case: Case, number: int) -> Case:
    return Case(number, case.kind, case.project, case.path, case.document, case.fixed, case.target, case.others)
