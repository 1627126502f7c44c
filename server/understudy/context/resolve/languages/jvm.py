"""Java and Kotlin: a package is a folder, a public class a file."""

from __future__ import annotations

from understudy.context.index.record import EVERYTHING, FileRecord, Import
from understudy.context.resolve.files import Files, first_ending, in_folder

_SUFFIXES = (".java", ".kt", ".kts")
_ELSEWHERE = frozenset({"java", "javax", "jakarta", "kotlin", "kotlinx", "android", "androidx"})  # platforms


def targets(imported: Import, record: FileRecord, files: Files) -> tuple[str, ...]:
    """The class's file. A static import names a member and a nested class has no file of its own, so that its outer
    class is taken; where no class has a file (a Kotlin function), the files of the package."""
    parts = [part for part in imported.module.split(".") if part]
    if imported.name and imported.name != EVERYTHING:
        parts.append(imported.name)
    if parts[:1] and parts[0] in _ELSEWHERE:
        return ()
    for count in range(len(parts), max(len(parts) - 3, 1), -1):
        tails = [path + suffix for path in _paths(parts[:count], record, 2) for suffix in _SUFFIXES]
        if found := first_ending(files, tails, record.path):
            return found
    package = parts if imported.name == EVERYTHING else parts[:-1]
    return in_folder(files, _paths(package, record, 1), record.path, _SUFFIXES) if package else ()


def _paths(parts: list[str], record: FileRecord, least: int) -> list[str]:
    """Kotlin's conventions leave the packages that all files share out of the folders: what is left has at least
    `least` parts, and at most two are left out."""
    most = min(max(len(parts) - least, 0), 2) if record.language == "kotlin" else 0
    return ["/".join(parts[start:]) for start in range(most + 1)]
