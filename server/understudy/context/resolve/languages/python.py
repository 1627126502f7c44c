"""Python: packages, relative imports, and any folder as a root (`src/`, `lib/`, the tests' own)."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from understudy.context.index.record import EVERYTHING, FileRecord, Import
from understudy.context.resolve.files import Files, first_of, folder_of, joined, nearest_first

_FORMS = (".py", ".pyi", "/__init__.py", "/__init__.pyi")


def targets(imported: Import, record: FileRecord, files: Files) -> tuple[str, ...]:
    """`from a import b` is the module `a.b` where there is one, else the module `a`."""
    module = imported.module.lstrip(".")
    level = len(imported.module) - len(module)
    tails = list(_tails(module, imported.name))
    if level:
        folder = joined(folder_of(record.path), "/".join([".."] * (level - 1)))
        return first_of(files, (joined(folder, tail) for tail in tails))
    first = module.partition(".")[0]
    if first in sys.stdlib_module_names and not _beside_script(first, folder_of(record.path), files):
        return ()
    for tail in tails:
        found = [path for path in files.ending(tail) if _importable(path, tail, files)]
        if found:
            return (nearest_first(found, record.path)[0],)
    return ()


def _tails(module: str, name: str) -> Iterator[str]:
    path = module.replace(".", "/")
    if name and name != EVERYTHING:
        inner = f"{path}/{name}" if path else name
        yield from (inner + form for form in _FORMS)
    if path:
        yield from (path + form for form in _FORMS)
    else:
        yield from ("__init__.py", "__init__.pyi")


def _beside_script(name: str, folder: str, files: Files) -> bool:
    """Whether a script's neighbour hides a module of the standard library."""
    beside = first_of(files, (joined(folder, f"{name}.py"), joined(folder, f"{name}/__init__.py")))
    return bool(beside) and joined(folder, "__init__.py") not in files


def _importable(path: str, tail: str, files: Files) -> bool:
    """Whether the folder that `tail` is counted from can be a root: it is no package itself."""
    return joined(path[: len(path) - len(tail) - 1], "__init__.py") not in files
