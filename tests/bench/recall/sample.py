"""Which lines are asked: drawn by a seed, from several packages, few from each file."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from bench.recall.case import Case, Project, Target, cut
from bench.recall.truth_go import GoReader
from bench.recall.truth_java import JavaReader
from bench.recall.truth_python import PythonTruth
from bench.recall.truth_rust import RustReader
from bench.recall.truth_syntax import SyntaxTruth
from bench.recall.truth_typescript import TypeScriptReader

MOST_OF_A_FILE = 4
MOST_IN_ONE_FILE = 0.5  # of all that is looked for in a package: more, and knowing that file would be enough

TRUTHS: dict[str, Callable[[dict[str, str]], Iterator[tuple[str, int, tuple[Target, ...]]]]] = {
    "python": lambda files: PythonTruth(files).targets(),
    "typescript": lambda files: SyntaxTruth(files, TypeScriptReader()).targets(),
    "go": lambda files: SyntaxTruth(files, GoReader()).targets(),
    "rust": lambda files: SyntaxTruth(files, RustReader()).targets(),
    "java": lambda files: SyntaxTruth(files, JavaReader()).targets(),
}


def cases(projects: Sequence[Project], *, limit: int, seed: int) -> dict[str, list[Case]]:
    """About `limit` cases, as many from each package as the others, by package. The same seed draws the same ones."""
    left = limit
    drawn: dict[str, list[Case]] = {}
    sizes: dict[str, list[tuple[str, int, tuple[Target, ...]]]] = {
        project.name: list(TRUTHS[project.language](project.files)) for project in projects
    }
    # The smallest first, so that what it lacks is drawn from the larger ones.
    for done, project in enumerate(sorted(projects, key=lambda it: (len(sizes[it.name]), it.name))):
        quota = round(left / (len(projects) - done))
        drawn[project.name] = _draw(project, sizes[project.name], quota, seed)
        left -= len(drawn[project.name])
    return {project.name: drawn[project.name] for project in projects}


def _draw(project: Project, rows: list[tuple[str, int, tuple[Target, ...]]], quota: int, seed: int) -> list[Case]:
    where = Counter(path for _, _, targets in rows for target in targets for path, _ in target.places[:1])
    if not rows or max(where.values()) > MOST_IN_ONE_FILE * sum(where.values()):
        raise ValueError(f"{project.name}: one file defines most of what its lines name; measure another package")
    random.Random(f"{seed} {project.name}").shuffle(rows)
    taken: Counter[str] = Counter()
    chosen = []
    for path, row, targets in rows:
        if len(chosen) < quota and taken[path] < MOST_OF_A_FILE:
            taken[path] += 1
            chosen.append(cut(project.name, path, project.files[path], row, targets))
    return sorted(chosen, key=lambda it: (it.path, it.row))
