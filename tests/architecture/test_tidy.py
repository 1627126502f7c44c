"""Rules on the source that no linter holds. Each is shown a sample that breaks it, so that none can fall asleep."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

LONGEST = 500
LONGEST_HANDLER = 120
LONGEST_SERVER = 200
NAMELESS = {"utils", "util", "helpers", "helper", "manager", "common", "misc"}
GUARDS = {"lsp/guard.py", "cli/main.py", "context/rank.py"}
KNOWS_LIVE_DOCUMENTS = {"lsp/sync.py", "lsp/snapshot.py"}
# Who may import what opens connections: the client, the names that it gives to httpx's errors, the keeper's probe, and
# what gets the problems of an evaluation.
TOUCHES_THE_NETWORK = {
    "engine/client.py": "httpx",
    "engine/faults.py": "httpx",
    "engine/probe.py": "http.client socket",
    "evaluation/download.py": "httpx",
}
NETWORK = (
    "socket",
    "http.client",
    "urllib.request",
    "httpx",
    "httpcore",
    "urllib3",
    "requests",
    "aiohttp",
    "websockets",
)
OPENS = {"open_connection", "open_unix_connection", "create_connection", "create_unix_connection", "sock_connect"}
# The index of a workspace is a database of the server's own, which is thrown away when it is damaged or old; beside it
# stands why it cannot be kept.
KEEPS_A_DATABASE = {"context/index/store.py", "context/index/kept.py", "context/index/old.py"}
HARMLESS = {"urllib.request.url2pathname"}
WRITES = {"write_text", "write_bytes", "mkdir", "touch", "unlink", "rmdir", "rename", "symlink_to", "hardlink_to"}


@dataclass(frozen=True)
class Module:
    """A module by its path below the package, for example `lsp/guard.py`."""

    path: str
    text: str

    @property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def lines(self) -> int:
        return self.text.count("\n")


def has_docstring(module: Module) -> Iterator[str]:
    if not ast.get_docstring(module.tree):
        yield "has no docstring that says what it is for"


def is_short(module: Module) -> Iterator[str]:
    limit = LONGEST
    if module.path.startswith("lsp/handlers/"):
        limit = LONGEST_HANDLER
    elif module.path == "lsp/server.py":
        limit = LONGEST_SERVER
    if module.lines > limit:
        yield f"has {module.lines} lines; {limit} is the limit"


def is_named(module: Module) -> Iterator[str]:
    for part in Path(module.path).with_suffix("").parts:
        if part.strip("_") in NAMELESS:
            yield f"is called {part}, which says nothing"


def prints_nothing(module: Module) -> Iterator[str]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print":
            yield f"prints in line {node.lineno}"


def holds_no_live_document(module: Module) -> Iterator[str]:
    if module.path in KNOWS_LIVE_DOCUMENTS:
        return
    for node in ast.walk(module.tree):
        name = {
            ast.Name: lambda node: node.id,
            ast.Attribute: lambda node: node.attr,
            ast.alias: lambda node: node.name.rpartition(".")[2],
        }.get(type(node), lambda _: "")(node)
        if name in ("TextDocument", "get_text_document"):
            yield "names pygls' document, whose text changes under it"


def writes_no_file(module: Module) -> Iterator[str]:
    if not module.path.startswith(("features/", "context/")) or module.path in KEEPS_A_DATABASE:
        return
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in WRITES or (name == "open" and writing(node)):
            yield f"writes a file in line {node.lineno}"


def writing(call: ast.Call) -> bool:
    """Whether a call of `open` may write: a mode that is not known to read counts."""
    is_method = isinstance(call.func, ast.Attribute)
    if isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name) and call.func.value.id == "os":
        flags = {node.attr for flag in call.args[1:] for node in ast.walk(flag) if isinstance(node, ast.Attribute)}
        return "O_RDONLY" not in flags or bool(flags & {"O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC", "O_APPEND"})
    modes = [word.value for word in call.keywords if word.arg == "mode"] + call.args[0 if is_method else 1 :][:1]
    return any(not isinstance(mode, ast.Constant) or set(str(mode.value)) & set("wax+") for mode in modes)


def catches_what_it_knows(module: Module) -> Iterator[str]:
    if module.path in GUARDS:
        return
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.ExceptHandler):
            continue
        caught = (
            {"BaseException"}
            if node.type is None
            else {name.id for name in ast.walk(node.type) if isinstance(name, ast.Name)}
        )
        passed_on = isinstance(node.body[-1], ast.Raise) and node.body[-1].exc is None
        if "Exception" in caught or ("BaseException" in caught and not passed_on):
            yield f"catches everything in line {node.lineno}, which only the guards {sorted(GUARDS)} may"


def opens_no_connection(module: Module) -> Iterator[str]:
    allowed = TOUCHES_THE_NETWORK.get(module.path, "").split()
    for node in ast.walk(module.tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Attribute) and node.attr in OPENS:
            yield f"opens a connection in line {node.lineno}"
        for name in set(names) - HARMLESS:
            found = next((network for network in NETWORK if f"{name}.".startswith(f"{network}.")), None)
            if found is not None and found not in allowed:
                yield f"imports {name}; only {', '.join(TOUCHES_THE_NETWORK)} may touch the network"


RULES: tuple[Callable[[Module], Iterator[str]], ...] = (
    has_docstring,
    is_short,
    is_named,
    prints_nothing,
    holds_no_live_document,
    writes_no_file,
    catches_what_it_knows,
    opens_no_connection,
)

BREACHES = (
    (has_docstring, "core/x.py", "x = 1\n"),
    (is_short, "core/x.py", "#\n" * (LONGEST + 1)),
    (is_short, "lsp/handlers/x.py", "#\n" * (LONGEST_HANDLER + 1)),
    (is_short, "lsp/server.py", "#\n" * (LONGEST_SERVER + 1)),
    (is_named, "core/utils.py", ""),
    (is_named, "common/x.py", ""),
    (prints_nothing, "core/x.py", "def f():\n    print(1)\n"),
    (holds_no_live_document, "lsp/handlers/x.py", "from pygls.workspace import TextDocument\n"),
    (holds_no_live_document, "lsp/handlers/x.py", "def f(s, u):\n    return s.workspace.get_text_document(u)\n"),
    (writes_no_file, "features/x.py", "def f(p):\n    p.write_text('')\n"),
    (writes_no_file, "context/x.py", "def f(p):\n    open(p, 'w')\n"),
    (writes_no_file, "context/x.py", "def f(p):\n    p.open(mode='ab')\n"),
    (writes_no_file, "context/x.py", "def f(p, how):\n    p.open(how)\n"),
    (writes_no_file, "context/x.py", "def f(p):\n    os.open(p, os.O_RDONLY | os.O_CREAT)\n"),
    (writes_no_file, "context/x.py", "def f(p, flags):\n    os.open(p, flags)\n"),
    (catches_what_it_knows, "engine/x.py", "try:\n    pass\nexcept Exception:\n    raise\n"),
    (catches_what_it_knows, "engine/x.py", "try:\n    pass\nexcept (OSError, Exception) as e:\n    pass\n"),
    (catches_what_it_knows, "engine/x.py", "try:\n    pass\nexcept:\n    pass\n"),
    (catches_what_it_knows, "engine/x.py", "try:\n    pass\nexcept BaseException:\n    pass\n"),
    (opens_no_connection, "engine/run.py", "import http.client\n"),
    (opens_no_connection, "engine/run.py", "from http import client\n"),
    (opens_no_connection, "core/x.py", "import os, socket as s\n"),
    (opens_no_connection, "core/x.py", "def f():\n    from urllib.request import url2pathname, urlopen\n"),
    (opens_no_connection, "engine/probe.py", "import httpx\n"),
    (opens_no_connection, "engine/client.py", "import asyncio\nasyncio.open_connection\n"),
)

ALLOWED = (
    (writes_no_file, "context/x.py", "def f(p):\n    p.open('rb')\n    open(p)\n    'a'.replace('a', 'b')\n"),
    (writes_no_file, "context/x.py", "def f(p):\n    os.open(p, os.O_RDONLY | FLAGS)\n"),
    (writes_no_file, "context/index/store.py", "def f(p):\n    p.unlink()\n"),
    (writes_no_file, "core/x.py", "def f(p):\n    p.write_text('')\n"),
    (catches_what_it_knows, "lsp/guard.py", "try:\n    pass\nexcept Exception:\n    pass\n"),
    (catches_what_it_knows, "core/x.py", "try:\n    pass\nexcept BaseException:\n    raise\n"),
    (holds_no_live_document, "lsp/x.py", "from lsprotocol.types import TextDocumentIdentifier\n"),
    (is_short, "lsp/handlers/x.py", "#\n" * LONGEST_HANDLER),
    (opens_no_connection, "engine/client.py", "import httpx\n"),
    (opens_no_connection, "core/paths.py", "from http import HTTPStatus\nfrom urllib.request import url2pathname\n"),
)


def modules(root: Path) -> list[Module]:
    package = root / "server" / "understudy"
    files = sorted(package.rglob("*.py"))
    return [Module(file.relative_to(package).as_posix(), file.read_text(encoding="utf-8")) for file in files]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_rule(rule: Callable[[Module], Iterator[str]], root: Path) -> None:
    found = modules(root)
    assert len(found) > 40, "the modules are elsewhere"
    complaints = [f"{module.path} {complaint}" for module in found for complaint in rule(module)]
    assert not complaints, "\n".join(complaints)


@pytest.mark.parametrize(("rule", "path", "text"), BREACHES)
def test_rule_sees_a_breach(rule: Callable[[Module], Iterator[str]], path: str, text: str) -> None:
    assert list(rule(Module(path, text)))


@pytest.mark.parametrize(("rule", "path", "text"), ALLOWED)
def test_rule_lets_the_rest_pass(rule: Callable[[Module], Iterator[str]], path: str, text: str) -> None:
    assert not list(rule(Module(path, text)))


def test_every_rule_has_a_breach() -> None:
    assert {rule for rule, _, _ in BREACHES} == set(RULES)
