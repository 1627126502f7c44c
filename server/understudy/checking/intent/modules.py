"""Whether what an edit imports is there: linters take every import for granted, also `import sheelf`.

Only what the file system, the open documents and the standard library say at a glance is asked; nothing of the
workspace is imported or run. What cannot be found may still be installed where we cannot see it, so that it is doubted
and not refused.
"""

from __future__ import annotations

import importlib.util
import os
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from understudy.checking.intent.files import DISK, Files, files_of
from understudy.checking.intent.revision import Revision
from understudy.core.paths import uri_to_path

LEVELS = 8
NEIGHBOURS = 100
# Files in which a project says what it needs.
_DECLARES = (
    *("pyproject.toml", "setup.cfg", "setup.py", "Pipfile", "environment.yml", "package.json", "deno.json"),
    *("requirements.txt", "requirements-dev.txt", "dev-requirements.txt", "requirements/base.txt"),
)
_SCRIPTS = ("", ".ts", ".tsx", ".d.ts", ".js", ".jsx", ".mjs", ".cjs", ".json", ".vue", ".css")


@dataclass(frozen=True, slots=True)
class Doubt:
    """`wrong`: an import of something that is not there, for certain. `unsure`: one that was not found."""

    wrong: str = ""
    unsure: str = ""


def doubt(revision: Revision) -> Doubt:
    """What is to be said against the imports that an edit adds."""
    language = revision.after.grammar.language.name
    if language not in ("python", "javascript", "typescript", "tsx"):
        return Doubt()
    after = revision.candidate.after
    path, files = uri_to_path(after.document.uri), files_of(after)
    known = {(module, name) for module, name, _ in _imports(revision, old=True)}
    unsure = ""
    for module, name, line in _imports(revision, old=False):
        if (module, name) in known:
            continue
        found = _python(files, path, module, name) if language == "python" else _script(files, path, module)
        if found is False:
            return Doubt(wrong=line)
        if found is None and not unsure and not _is_used_already(files, revision.before.text, module, path):
            unsure = f"no module {module} was found"
    return Doubt(unsure=unsure)


def known_members(revision: Revision) -> Callable[[str, str], bool | None]:
    """Asks whether what a name stands for in the new text has a member: False where it is a module of the standard
    library and has it not, None where that is not known."""
    source = revision.after
    modules: dict[str, str] = {}
    if source.grammar.language.name == "python":
        for match in source.matches("imports", 0, len(source.data)):
            texts = {name: source.node_text(nodes[0]) for name, nodes in match.items()}
            if "import.module" in texts and "import.name" not in texts and "import.alias" in texts:
                modules[texts["import.alias"]] = texts["import.module"]

    def known(name: str, member: str) -> bool | None:
        parts = modules.get(name, "").split(".")
        return _standard(parts, member) if parts[0] in sys.stdlib_module_names else None

    return known


def _imports(revision: Revision, *, old: bool) -> Iterator[tuple[str, str, str]]:
    """Module, name and line of what the changed lines import."""
    source = revision.before if old else revision.after
    for region in revision.regions:
        span = region.old if old else region.new
        for match in source.matches("imports", source.byte(span.start), source.byte(span.end)):
            for node in match.get("import.module", []):
                names = [source.node_text(name) for name in match.get("import.name", [])] or [""]
                for name in names:
                    row = node.start_point[0]
                    yield source.node_text(node), name, f"line {row + 1}: {source.lines[row].strip()}"


def _python(files: Files, path: Path | None, module: str, name: str) -> bool | None:
    """Whether a module, and the name in it, is there; None where that is not known."""
    dots = len(module) - len(module.lstrip("."))
    parts = [part for part in module[dots:].split(".") if part]
    if dots:
        if path is None or not path.parent.is_dir():
            return None
        folders = [path.parent, *path.parent.parents]
        return _member(files, folders[min(dots, len(folders)) - 1].joinpath(*parts), name)
    if parts[0] in sys.stdlib_module_names:
        return _standard(parts, name)
    for folder in _above(path):
        for root in (folder, folder / "src", folder / "lib"):
            if _is_module(files, root / parts[0]):
                return _member(files, root.joinpath(*parts), name)
        for packages in _site_packages(folder):
            if _is_module(files, packages / parts[0]):
                return True
    return None


def _standard(parts: list[str], name: str) -> bool | None:
    module = sys.modules.get(".".join(parts))
    if module is not None:
        if not name or hasattr(module, name):
            return True
        return (
            _member(DISK, Path(module.__file__).parent, name)
            if hasattr(module, "__path__") and module.__file__
            else False
        )
    if len(parts) > 1 and parts[0] in sys.modules and not hasattr(sys.modules[parts[0]], "__path__"):
        return False
    try:
        spec = importlib.util.find_spec(parts[0])
    except (ImportError, ValueError):
        return None
    if spec is None:
        return True  # it is there on another system: `msvcrt`
    if not spec.origin or not spec.origin.endswith(".py"):
        return None
    place = Path(spec.origin)
    if place.name == "__init__.py":
        return _member(DISK, place.parent.joinpath(*parts[1:]), name)
    return len(parts) == 1 and (not name or _defines(DISK.text(place), name))


def _member(files: Files, place: Path, name: str) -> bool:
    """Whether a module is at a place without its suffix, and has a name or a module of that name."""
    if not _is_module(files, place):
        return False
    if not name or _is_module(files, place / name):
        return True
    sources = [place / "__init__.py", place / "__init__.pyi"]
    sources += [place.with_name(place.name + suffix) for suffix in (".py", ".pyi")]
    texts = [files.text(file) for file in sources if files.is_file(file)]
    return any(_defines(text, name) for text in texts) if texts else not files.is_folder(place)


def _defines(text: str, name: str) -> bool:
    """Whether a module seems to give a name a meaning; one that makes names as it runs has any."""
    word = re.escape(name)
    return bool(
        re.search(rf"(?m)^\s*(?:(?:async\s+)?def|class|type)\s+{word}\b|\b{word}\s*(?::[^=\n]*)?=(?!=)", text)
        or re.search(rf"(?m)^\s*(?:from|import)\b.*\b{word}\b|^\s*{word}\s*,?\s*(?:#.*)?$|\bas\s+{word}\b", text)
        or re.search(r"\bimport \*|\bdef __getattr__|\bglobals\(\)|,\s*" + word + r"\b.*=", text)
    )


def _script(files: Files, path: Path | None, module: str) -> bool | None:
    if not module.startswith("."):
        name = "/".join(module.split("/")[: 2 if module.startswith("@") else 1])
        if module.startswith("node:") or any((folder / "node_modules" / name).is_dir() for folder in _above(path)):
            return True
        return None
    if path is None or not path.parent.is_dir():
        return None
    place = path.parent / module
    bare = place.with_suffix("") if place.suffix in _SCRIPTS else place
    return any(
        files.is_file(option.with_name(option.name + suffix))
        for option in (place, bare, place / "index")
        for suffix in _SCRIPTS
    )


def _is_used_already(files: Files, text: str, module: str, path: Path | None) -> bool:
    """Whether the file itself, one beside it, or what the project says that it needs speaks of a module."""
    top = module.split("/")[0] if "/" in module and not module.startswith("@") else module.split(".")[0]
    word = re.escape(top)
    importing = re.compile(rf"(?m)^\s*(?:import|from)\s+{word}\b|(?:from|require\(|import\()\s*[\"']{word}[\"'/]")
    if importing.search(text):
        return True
    spelled = re.compile(word.replace("_", "[-_]") + r"\b", re.IGNORECASE)
    for folder in _above(path):
        if any(spelled.search(files.text(folder / name)) for name in _DECLARES if files.is_file(folder / name)):
            return True
    if path is None or not path.parent.is_dir():
        return False
    neighbours = islice((file for file in path.parent.iterdir() if file.suffix == path.suffix), NEIGHBOURS)
    return any(file != path and importing.search(files.text(file)) for file in neighbours)


def _above(path: Path | None) -> tuple[Path, ...]:
    return tuple(islice(path.parents, LEVELS)) if path is not None else ()


def _site_packages(folder: Path) -> Iterator[Path]:
    for environment in (folder / ".venv", folder / "venv", folder / "env", Path(os.environ.get("VIRTUAL_ENV") or "-")):
        yield from environment.glob("lib/python*/site-packages")
        yield environment / "Lib" / "site-packages"


def _is_module(files: Files, place: Path) -> bool:
    return files.is_folder(place) or any(
        files.is_file(place.with_name(place.name + suffix)) for suffix in (".py", ".pyi", ".so")
    )
