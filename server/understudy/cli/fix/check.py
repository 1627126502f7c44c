"""A command of the user's that runs the code, such as a test, as the checker: it runs in the sandbox, on a copy of the
project in which the file has the text in question.

A copy and not an overlay of links (`checking.overlay`): Python looks for modules beside the file that a link leads to,
and so would test the project as it is.
"""

from __future__ import annotations

import asyncio
import os
import shlex
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePath
from types import MappingProxyType

from understudy.checking.base import Overlay, Report
from understudy.checking.diagnostic import Diagnostic
from understudy.cli.fix.output import Printed, diagnostics_in
from understudy.core.errors import UnderstudyError, UsageError
from understudy.core.paths import uri_to_path
from understudy.sandbox.arguments import SYSTEM, Sandbox
from understudy.sandbox.command import MB, Command, Limits, Result
from understudy.sandbox.run import run
from understudy.sandbox.unconfined import run_unconfined

PLACE = "{}"  # where the file's path goes, as in find(1)
# What is large, made by tools and not written by hand is led to, not copied.
LED_TO = frozenset({"node_modules", ".venv", "venv", ".git", ".hg", ".tox", ".nox", ".mypy_cache", ".ruff_cache"})
MOST_FILES = 20_000
MOST_BYTES = 500 * MB
# Nothing that a tool keeps for itself is wanted.
QUIET = MappingProxyType({"PYTHONDONTWRITEBYTECODE": "1", "NO_COLOR": "1"})


@dataclass(frozen=True, slots=True)
class Check:
    """The words of `--check`: a program's name and arguments, of which one may hold `{}` for the file's path."""

    words: tuple[str, ...]

    @property
    def name(self) -> str:
        """The program's name, which stands for the command in titles and messages."""
        return PurePath(self.words[0]).stem

    def for_path(self, path: str) -> tuple[str, ...]:
        """The words for a file; its path comes last where no word says where it goes."""
        if any(PLACE in word for word in self.words):
            return tuple(word.replace(PLACE, path) for word in self.words)
        return (*self.words, path)


def parse_check(words: str) -> Check:
    """Read what was given as `--check`. Raises `UsageError`: it cannot be read, or there is no such program."""
    try:
        parts = tuple(shlex.split(words))
    except ValueError:
        parts = ()
    if not parts:
        raise UsageError(f"The check {words!r} is no command.", 'Give one like --check "ruff check".')
    if shutil.which(parts[0]) is None:
        raise UsageError(f"There is no program {parts[0]} for the check.", "Install it, or give the path of one.")
    # The folder in which it runs is another, so a path of a program would lead nowhere.
    return Check((os.path.abspath(parts[0]) if os.sep in parts[0] else parts[0], *parts[1:]))  # noqa: PTH100 (links stay)


class TrialChecking:
    """Implements `checking.base.Checking` with one command that may run what it checks, for the files below `root`.

    `copy` is an empty folder for the copy of the project, which is made once. In it the command may write. `sandbox`:
    None for a command that runs with the user's own rights. `seconds` are what one run may take.
    """

    def __init__(self, check: Check, root: Path, copy: Path, sandbox: Sandbox | None, seconds: float) -> None:
        self._check, self._root, self._copy = check, root.resolve(), copy.resolve()
        self._sandbox, self._seconds = sandbox, seconds
        self._running = asyncio.Lock()
        self._known: dict[str, Report] = {}

    async def check(self, overlay: Overlay, target: Diagnostic | None) -> tuple[Report, ...]:
        """What the command says of the document; `target` makes no difference. Never raises."""
        text = overlay.document.text
        async with self._running:  # there is one copy
            if text not in self._known or overlay.others:
                try:
                    report = await self._report(overlay)
                except (UnderstudyError, OSError) as error:
                    why = str(error).rstrip(".")
                    report = Report(self._check.name, None, f"{self._check.name} could not be run ({why})")
                if overlay.others:
                    return (report,)
                self._known[text] = report
            return (self._known[text],)

    async def _report(self, overlay: Overlay) -> Report:
        name, document = self._check.name, overlay.document
        path = self._within(document.uri)
        if path is None:
            return Report(name, None, f"{name} is not asked about files outside {self._root}")
        if not any(self._copy.iterdir()):
            await asyncio.to_thread(_copy_tree, self._root, self._copy)
        texts = {path: document.text}
        texts |= {inside: text for uri, text in overlay.others.items() if (inside := self._within(uri)) is not None}
        kept = {inside: _put(self._copy / inside, text.encode()) for inside, text in texts.items()}
        try:
            result = await self._run(path.as_posix())
        finally:
            for inside, content in kept.items():
                _put(self._copy / inside, content)
        if result.limit is not None or result.status is None:
            over = result.limit.value if result.limit else "time"
            return Report(name, None, f"{name} was ended: it took too much {over}")
        if result.status in (126, 127):  # a shell's words for "cannot be run" and "not found"
            return Report(name, None, f"{name} could not be run")
        printed = Printed(result.output, result.status, path.as_posix(), name)
        return Report(name, diagnostics_in(printed, document.text))

    def _within(self, uri: str) -> Path | None:
        path = uri_to_path(uri)
        if path is None or not path.is_relative_to(self._root):
            return None
        return path.relative_to(self._root)

    async def _run(self, path: str) -> Result:
        limits = Limits(
            seconds=self._seconds,
            cpu_seconds=4 * self._seconds,  # of several processes
            memory=4096 * MB,
            address_space=None,
            processes=512,
            file_size=512 * MB,
            temporary=512 * MB,
            output=256 * 1024,
        )
        command = Command(
            self._check.for_path(path),
            self._copy,
            {**QUIET, "PATH": os.environ.get("PATH", os.defpath), **_own_variables()},
            writable=(self._copy,),
            readable=tuple(_needed(self._check.words[0], self._root)),
            limits=limits,
        )
        return await (run_unconfined(command) if self._sandbox is None else run(self._sandbox, command))


def _own_variables() -> dict[str, str]:
    """What the user set for the tools that are asked."""
    names = ("VIRTUAL_ENV", "PYTHONPATH", "NODE_PATH", "GOPATH", "GOROOT")
    return {name: os.environ[name] for name in names if name in os.environ}


def _needed(program: str, root: Path) -> Iterable[Path]:
    """Folders that the command must see besides the system's: what `root` leads to, and where programs are."""
    found = [root]
    for entry in os.environ.get("PATH", os.defpath).split(os.pathsep):
        if Path(entry).is_absolute() and Path(entry).is_dir():
            found += [Path(entry), *_environment(Path(entry))]
    place = shutil.which(program)
    if place is not None:
        found += [*_environment(Path(place).absolute().parent), *_environment(Path(place).resolve().parent)]
    return [it for it in dict.fromkeys(found) if not _of_system(it)]


def _of_system(folder: Path) -> bool:
    return any(folder.is_relative_to(it) for it in SYSTEM)


def _environment(programs: Path) -> Iterable[Path]:
    """The Python environment whose programs are in this folder, with the Python that it was made from."""
    if _of_system(programs):
        return  # beside /bin is /lib with a Python, and the environment would be the whole disk
    folder = programs.parent
    config = folder / "pyvenv.cfg"
    if config.is_file():
        yield folder
        python = (programs / "python").resolve()
        yield from _environment(python.parent) if python.parent != programs else ()
    elif any((folder / "lib").glob("python3*/os.py")):
        yield folder


def _put(file: Path, content: bytes | None) -> bytes | None:
    """Write a file of the copy, or take it away; gives what was there."""
    before = file.read_bytes() if file.is_file() else None
    if content is None:
        file.unlink(missing_ok=True)
    else:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return before


def _copy_tree(root: Path, copy: Path) -> None:
    """Copy a project. Raises `UnderstudyError` for one that is too large."""
    files = size = 0
    for folder, folders, names in os.walk(root):
        folders[:] = [it for it in folders if Path(folder, it) != copy]  # it may lie in the project
        into = copy / Path(folder).relative_to(root)
        into.mkdir(exist_ok=True)
        for name in (*(it for it in folders if it in LED_TO), *names):
            source = Path(folder, name)
            if source.is_symlink():
                (into / name).symlink_to(source.readlink())
            elif name in LED_TO:
                (into / name).symlink_to(source)
            elif source.is_file():
                files, size = files + 1, size + source.stat().st_size
                if files > MOST_FILES or size > MOST_BYTES:
                    raise UnderstudyError(f"{root} is too large to be copied for the check.")
                shutil.copy2(source, into / name)
        linked = [it for it in folders if it not in LED_TO and Path(folder, it).is_symlink()]
        for name in linked:
            (into / name).symlink_to(Path(folder, name).readlink())
        folders[:] = [it for it in folders if it not in LED_TO and it not in linked]
