"""Whether a package can still be imported with a changed file, tried in the sandbox."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

from bench.diagfix.case import Case
from bench.recall.case import Project
from understudy.sandbox.arguments import Sandbox
from understudy.sandbox.command import Command, Limits
from understudy.sandbox.find import find_sandbox
from understudy.sandbox.run import run

SECONDS = 20.0
# The changed text takes the file's place as it is imported; nothing is written.
PROGRAM = """
import importlib, importlib.machinery, sys
path, module, root = sys.argv[1:4]
text = sys.stdin.buffer.read()
class Loader(importlib.machinery.SourceFileLoader):
    def get_data(self, name):
        return text if name == path else super().get_data(name)
    def path_stats(self, name):
        raise OSError  # no bytecode is looked for
finder = importlib.machinery.FileFinder.path_hook((Loader, [".py"]))
def hook(folder):
    if not folder.startswith(root):
        raise ImportError
    return finder(folder)
sys.path_hooks.insert(0, hook)
sys.path.insert(0, root)
importlib.import_module(module)
"""


@cache
def sandbox() -> Sandbox | None:
    found = find_sandbox()
    return found if isinstance(found, Sandbox) else None


async def imports(project: Project, case: Case, text: str) -> bool | None:
    """Whether the case's module can be imported with this text; None where that cannot be tried: another language, no
    sandbox, or a module that cannot be imported with the true fix either, as it needs other packages."""
    confined = sandbox()
    if confined is None or project.language != "python":
        return None
    if await _tried(confined, project, case, text):
        return True
    return False if await _tried(confined, project, case, case.fixed) else None


async def _tried(confined: Sandbox, project: Project, case: Case, text: str) -> bool:
    module = case.path.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
    python = Path(sys.executable).resolve()  # noqa: ASYNC240 (a look at two links)
    words = (str(python), "-I", "-B", "-c", PROGRAM, str(project.root / case.path), module, str(project.root))
    readable = (Path(sys.base_prefix), project.root)
    limits = Limits(seconds=SECONDS, cpu_seconds=SECONDS, address_space=None)
    result = await run(confined, Command(words, readable=readable, stdin=text.encode(), limits=limits))
    return result.succeeded
