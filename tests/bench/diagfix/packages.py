"""The packages that get faults, by name and version: none of them is in the bundled model's training."""

from __future__ import annotations

import json
from pathlib import Path

from bench.recall.case import Project, written
from bench.recall.corpus import Package, load

PACKAGES = (
    Package("dacite", "1.9.2", "python", "test"),
    Package("isodate", "0.7.2", "python", "test"),
    Package("jmespath", "1.1.0", "python", "test"),
    Package("natsort", "8.4.0", "python", "test"),
    Package("pathvalidate", "3.3.1", "python", "test"),
    Package("semver", "3.1.2", "python", "test"),
    Package("sqlparse", "0.6.1", "python", "test"),
    Package("voluptuous", "0.16.0", "python", "test"),
    Package("immer", "11.2.13", "typescript", "test", "src/"),
    Package("redux", "5.0.1", "typescript", "test", "src/"),
    Package("reselect", "5.3.0", "typescript", "test", "src/"),
)
# What the packages' own configurations ask for at least; matters of style are no faults.
RUFF_TOML = 'lint.select = ["E4", "E7", "E9", "F"]\n'
# One package is checked as pyright does it, the next in basedpyright's own mode, which also warns of each type that is
# not known; none of the packages was written for that.
PYRIGHT: tuple[dict[str, str], ...] = ({"typeCheckingMode": "standard"}, {})
# As strict as a project that its makers check; faults are what is new against the clean package, whatever that has.
TSCONFIG = {
    "compilerOptions": {
        "strict": True,
        "noEmit": True,
        "noUnusedLocals": True,
        "skipLibCheck": True,
        "target": "es2022",
        "module": "esnext",
        "moduleResolution": "bundler",
        "lib": ["es2022", "dom"],
        "types": [],
    },
    "include": ["src"],
}


def projects(language: str) -> list[Project]:
    """The packages of a language, fetched where they are not there yet. Raises `NotFetched`."""
    return [_sources(load(package)) for package in PACKAGES if package.language == language]


def _sources(project: Project) -> Project:
    """Without what a wheel carries besides its packages."""
    files = {path: text for path, text in project.files.items() if ".data/" not in path}
    return Project(project.name, project.language, project.root, files)


def laid(project: Project, folder: Path) -> Project:
    """A copy of a project in a folder of its own, set up as its checkers want it."""
    root = written(project, folder / project.name.replace("/", "_"))
    (root / ".git").mkdir()
    if project.language == "python":
        (root / "ruff.toml").write_text(RUFF_TOML, "utf-8")
        at = [package.name for package in PACKAGES].index(project.name)
        (root / "pyrightconfig.json").write_text(json.dumps(PYRIGHT[at % len(PYRIGHT)]), "utf-8")
    if project.language == "typescript":
        (root / "tsconfig.json").write_text(json.dumps(TSCONFIG), "utf-8")
        (root / "package.json").write_text(json.dumps({"name": project.name, "type": "module"}), "utf-8")
    return Project(project.name, project.language, root, project.files)
