"""`understudy fix FILE[:LINE[:COLUMN]]`: fixes that were checked, as a diff or written into the file."""

from __future__ import annotations

import argparse
import asyncio
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from understudy.checking.base import Checking
from understudy.checking.checkers.table import CHECKERS
from understudy.checking.choose import AUTO
from understudy.checking.command import CommandChecking
from understudy.checking.local import LocalChecking
from understudy.cli.context import refuse_ignored
from understudy.cli.eval import choose_sandbox
from understudy.cli.fix.check import Check, TrialChecking, parse_check
from understudy.cli.fix.session import Fixed, Found, fix_all, look
from understudy.cli.fix.source import Source, read_source, write_source
from understudy.cli.fix.text import counted, listed, problem_line, summary, unified_diff
from understudy.cli.indexing import Indexes, settled
from understudy.cli.place import Place, is_project, offset_at, workspace_of
from understudy.cli.progress import progress_bar
from understudy.cli.services import engine_lanes, user_settings, workspace_for
from understudy.cli.terminal import note, say
from understudy.core.errors import UnderstudyError, UsageError
from understudy.core.settings import Settings, WorkSettings
from understudy.core.text import Span, line_end, line_start
from understudy.engine.plan.saved import settings_with_plan

STRAY_FILES = 500  # that are read beside one in a folder that is no project
LEFT = 1  # exit status when a problem is left
FORM = re.compile(r"(?P<file>.+?)(?::(?P<line>\d+)(?::(?P<column>\d+))?)?")
ABOUT = """\
Finds the problems of a file, or of one of its lines, asks the model for a fix of each, and checks every fix on a copy:
it must parse, the checker that reported the problem must see it gone, and nothing new may appear. What does not pass is
not shown as a fix; the reason is said instead."""
MORE = """\
examples:
  understudy fix app.py                           print a diff that fixes the whole file
  understudy fix app.py:12 --write                fix line 12 in place
  understudy fix app.py --check "ruff check"      fix what this command reports, and let it judge
  understudy fix app.py --check "sh -c 'python -m unittest'"
  understudy fix app.py | git apply               the diff alone goes to standard output

The checkers are those that an editor would be offered (setting `fix.checkers`), or the command after --check. The
command is run without a shell, in a copy of the project, with the file's path in place of {} or at its end; for a shell
say "sh -c '...'". It has found a problem where it ends with another status than 0; lines such as FILE:LINE:COLUMN:
MESSAGE and Python's tracebacks say where. Any command but a known checker may run the code, as a test does: it runs in
the sandbox.

exit status: 0 when nothing is left to fix, 1 when a problem is left, 2 when the words of the command are off."""


def add_fix_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `fix`."""
    parser = commands.add_parser(
        "fix",
        help="fix what a checker reports, with fixes that were checked",
        description=ABOUT,
        epilog=MORE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("place", metavar="FILE[:LINE[:COLUMN]]", help="the file, or the place in it; counted from 1")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--diff", action="store_true", help="print the changes and write nothing (the default)")
    how.add_argument("--write", action="store_true", help="write the changes into the file")
    add("--check", metavar="COMMAND", help="the checker: a command that fails while the problem is there")
    add("--unsandboxed", action="store_true", help="run the command of --check with your own rights")
    add("--url", help="a server to ask (default: the settings `work.url` and `engine.url`, else the local engine)")
    add("--model", help="which model of it (default: the settings `work.model` and `engine.model`)")
    parser.set_defaults(func=run_fix)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the words of the command ask for."""

    source: Source
    line: Span | None
    root: Path
    check: Check | None
    unsandboxed: bool

    @property
    def path(self) -> str:
        """The file's path in the project."""
        file = self.source.file
        return file.relative_to(self.root).as_posix() if file.is_relative_to(self.root) else file.name


def run_fix(arguments: argparse.Namespace) -> int:
    """Fix, and say on standard error how; the diff alone goes to standard output."""
    wanted = read_words(arguments)
    read = user_settings((wanted.root,))
    for problem in read.problems:
        note(str(problem))
    settings = with_server(arguments, read.settings)
    with checking_for(settings, wanted) as checking:
        fixed = asyncio.run(fix(settings, wanted, checking))
    tell(fixed, wanted)
    old, new = wanted.source.document.text, fixed.document.text
    if new != old and arguments.write:
        write_source(wanted.source, new)
    elif new != old:
        # With the byte order mark, which is a part of the first line to what reads the diff.
        mark = wanted.source.mark
        say(unified_diff(wanted.path, mark + old, mark + new).removesuffix("\n"))
    for line in summary(fixed.solved, fixed.left, written=arguments.write):
        note(line)
    return LEFT if fixed.left else 0


def read_words(arguments: argparse.Namespace) -> Wanted:
    """What the words of the command mean. Raises `UsageError`."""
    match = FORM.fullmatch(arguments.place)
    if match is None:
        raise UsageError(f"{arguments.place} names no file.", "Say FILE, FILE:LINE or FILE:LINE:COLUMN.")
    file = Path(match["file"])
    source = read_source(file)
    line = None
    if match["line"]:
        place = Place(file, int(match["line"]), int(match["column"] or 1))
        at = offset_at(source.document.text, place)
        line = Span(at, at)
        if not match["column"]:
            line = Span(line_start(source.document.text, at), line_end(source.document.text, at))
    if arguments.unsandboxed and not arguments.check:
        raise UsageError("--unsandboxed says how --check runs its command.", "Give --check as well, or neither.")
    check = parse_check(arguments.check) if arguments.check is not None else None
    return Wanted(source, line, workspace_of(file), check, arguments.unsandboxed)


def with_server(arguments: argparse.Namespace, settings: Settings) -> Settings:
    """The settings with the server and the model that the words name; where nobody names any, the plan's."""
    engine, work = settings.engine, settings.work
    if arguments.url:
        # The key and the model of another server are not for this one.
        known = arguments.url in (engine.url, work.url)
        key = {} if not known else {"api_key": engine.api_key if arguments.url == engine.url else work.api_key}
        engine = engine.model_copy(update={"url": arguments.url, "urls": (), "model": None, "api_key": None, **key})
        work = WorkSettings()
    if arguments.model and (work.url or work.urls):
        work = work.model_copy(update={"model": arguments.model})
    elif arguments.model:
        engine, work = engine.model_copy(update={"model": arguments.model}), WorkSettings()
    return settings_with_plan(settings.model_copy(update={"engine": engine, "work": work}))


@contextmanager
def checking_for(settings: Settings, wanted: Wanted) -> Iterator[Checking]:
    """What finds the problems and vouches for their fixes. Raises `UsageError`: there is no sandbox for a command."""
    if wanted.check is None:
        names = checkers(settings.fix.checkers, wanted.source.document.language)
        checking = LocalChecking((wanted.root,), settings.fix.model_copy(update={"checkers": names}))
        with closing(checking):
            yield checking
        return
    reading = CommandChecking(wanted.check.words, (wanted.root,), settings.fix)
    with closing(reading):
        if reading.known:
            yield reading
            return
    sandbox = choose_sandbox(unsandboxed=wanted.unsandboxed)
    with tempfile.TemporaryDirectory(prefix="understudy-fix-") as copy:
        yield TrialChecking(wanted.check, wanted.root, Path(copy), sandbox, settings.fix.check_seconds)


def checkers(names: tuple[str, ...], language: str) -> tuple[str, ...]:
    """The setting `fix.checkers` for a whole file, which nobody has reported a problem of. Whoever is at a shell waits
    for a compiler, and but for Python nothing quicker sees what code means."""
    if AUTO not in names or language == "python":
        return names
    known = [row for row in CHECKERS if language in row.languages and not row.executes]
    installed = [row for row in known if shutil.which(row.program)]
    return (*names, *(row.name for row in installed or known))


async def fix(settings: Settings, wanted: Wanted, checking: Checking) -> Fixed:
    """Look, and where there is something to fix, get the engine ready and fix it. Raises `UnderstudyError` for a file
    that is never shown to a model, or where no checker can say anything, and `EngineError`."""
    from understudy.features.codeaction.fixer import Fixer

    document = wanted.source.document
    opened = Indexes().open(for_folder(settings, wanted.root), (wanted.root,))
    workspace = workspace_for(settings, (wanted.root,), opened.indexing)
    workspace.changed(None, document)
    refuse_ignored(workspace, document)
    found = await look(checking, document, wanted.line)
    report_found(found, wanted)
    if not found.problems:
        return Fixed(document, ())
    work = engine_lanes(settings, wanted.root.as_uri()).work
    fixer = Fixer(settings.fix, work, workspace, checking, speculates=False)
    try:
        async with settled(opened.indexing):
            with progress_bar() as show:
                await work.ensure(show)
            with showing() as show:
                return await fix_all(fixer, checking, document, wanted.line, show)
    finally:
        await fixer.aclose()
        await work.aclose()


def for_folder(settings: Settings, root: Path) -> Settings:
    """The settings with which a folder is read: of one that is no project a part, since it may hold anything."""
    if is_project(root):
        return settings
    context = settings.context.model_copy(update={"max_files": min(STRAY_FILES, settings.context.max_files)})
    return settings.model_copy(update={"context": context})


@contextmanager
def showing() -> Iterator[Callable[[str], None]]:
    """A function that shows on a terminal what is being done; elsewhere the results say enough."""
    out = sys.stderr
    if not out.isatty():
        yield lambda _: None
        return

    def show(words: str) -> None:
        out.write(f"\r\x1b[K{words} …")
        out.flush()

    try:
        yield show
    finally:
        out.write("\r\x1b[K")
        out.flush()


def report_found(found: Found, wanted: Wanted) -> None:
    """Say what there is to fix and who looked. Raises `UnderstudyError` where nobody could."""
    reasons = [reason.rstrip(".") for reason in found.unable]  # some are a tool's own sentence
    if not found.checkers:
        why = "; ".join(reasons) or f"there is none for {wanted.source.document.language}"
        raise UnderstudyError(f"No checker looked at {wanted.path}: {why}.", "Install one, or name one with --check.")
    for reason in reasons:
        note(f"Not asked: {reason}.")
    number = counted(len(found.problems), "problem") if found.problems else "no problem"
    note(f"{listed(found.checkers)} found {number}" + (f" in {wanted.path}." if wanted.line is None else " there."))
    for problem in found.problems:
        note(f"  {problem_line(wanted.path, wanted.source.document.text, problem)}")


def tell(fixed: Fixed, wanted: Wanted) -> None:
    """Say what became of each problem."""
    for attempt in fixed.attempts:
        if attempt.withheld:
            place = problem_line(wanted.path, attempt.document.text, attempt.problem)
            note(f"{place}\n  Not fixed: {attempt.withheld}")
        else:
            note(attempt.title)
