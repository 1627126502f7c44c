"""From an import to the files that it leads to, by one table of languages."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType

from understudy.context.index.record import FileRecord, Import
from understudy.context.resolve.files import Files
from understudy.context.resolve.languages import c, csharp, go, javascript, jvm, php, python, rust, scripts

__all__ = ["RULES", "Files", "targets"]

Rule = Callable[[Import, FileRecord, Files], tuple[str, ...]]

# Swift has no row: its files see those of their module without an import, and other modules are not in the workspace.
RULES = MappingProxyType(
    {
        "python": python.targets,
        "javascript": javascript.targets,
        "typescript": javascript.targets,
        "tsx": javascript.targets,
        "go": go.targets,
        "rust": rust.targets,
        "java": jvm.targets,
        "kotlin": jvm.targets,
        "c": c.targets,
        "cpp": c.targets,
        "csharp": csharp.targets,
        "ruby": scripts.ruby,
        "php": php.targets,
        "lua": scripts.lua,
        "bash": scripts.bash,
    }
)


def targets(imported: Import, record: FileRecord, files: Files) -> tuple[str, ...]:
    """The files of the workspace that an import leads to, the likeliest first; empty for what lies outside of it.

    Never the importing file itself. The answer hangs on nothing but the arguments: not on the order in which files were
    found, not on the disk.
    """
    rule = RULES.get(record.language)
    if rule is None or not (imported.module or imported.name):
        return ()
    return tuple(path for path in rule(imported, record, files) if path != record.path)
