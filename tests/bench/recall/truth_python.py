"""What Python lines name in other files, found with `ast` alone and without anything of ours.

An identifier counts where it can be said which definition it means:

- `import`: a name that is bound in its scope by imports only, from a module of the package. What the module imports
  itself, or takes with `*`, is followed to where it is defined.
- `module`: an attribute of an imported module of the package.
- `member`: an attribute of `self` or `cls` that the class inherits from a class of another file, or an attribute of
  an imported class. Classes are followed along their bases; an attribute that is only ever assigned through `self`
  is defined where that is done first.
- `unique`: an attribute of anything else whose name is defined in at most `MOST_PLACES` classes of the package, in
  none of the file itself, and is no attribute of Python's own types or of a module outside the package. What type the
  value has is not inferred, so a few of these are mistaken, for every system alike.

Not counted: names defined in the file itself too, local variables, names between two underscores, lines of import
statements, and strings.
"""

from __future__ import annotations

import argparse
import ast
import asyncio
import collections
import concurrent.futures
import contextvars
import datetime
import email.message
import enum
import http.client
import inspect
import io
import logging
import pathlib
import re
import socket
import ssl
import subprocess
import threading
import types
import urllib.parse
import xml.etree.ElementTree
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from bench.recall.case import Target

MOST_PLACES = 3
DEEPEST = 6  # re-exports and bases that are followed
_TYPES: tuple[object, ...] = (
    *(str, bytes, bytearray, int, float, complex, list, tuple, dict, set, frozenset, range, slice, type, property),
    *(BaseException, OSError, UnicodeDecodeError, SystemExit, StopIteration, SyntaxError, ImportError),
    *(io.TextIOWrapper, io.BytesIO, io.StringIO, io.RawIOBase, pathlib.Path, re.Pattern, re.Match, socket.socket),
    *(datetime.datetime, datetime.timedelta, logging.Logger, logging.LogRecord, logging.Handler, threading.Thread),
    *(threading.Event, threading.Condition, asyncio.Task, asyncio.Queue, asyncio.StreamWriter, asyncio.StreamReader),
    *(asyncio.Transport, asyncio.AbstractEventLoop, subprocess.Popen, argparse.ArgumentParser, argparse.Action),
    *(collections.OrderedDict, collections.deque, collections.Counter, collections.defaultdict, enum.Enum),
    *(types.FunctionType, types.ModuleType, types.CodeType, types.FrameType, types.GeneratorType, types.TracebackType),
    *(types.CoroutineType, types.MethodType, inspect.Signature, inspect.Parameter, email.message.Message),
    *(http.client.HTTPResponse, http.client.HTTPConnection, urllib.parse.ParseResult, xml.etree.ElementTree.Element),
    *(ssl.SSLContext, ssl.SSLSocket, contextvars.ContextVar, concurrent.futures.Future, concurrent.futures.Executor),
)
ORDINARY = frozenset(
    name for it in _TYPES for name in (*dir(it), *getattr(it, "__annotations__", ()), *getattr(it, "__slots__", ()))
) | {"name", "value", "args", "keywords", "func", "returncode", "stdout", "stderr", "filename", "lineno", "levelname"}

Place = tuple[str, int]  # a file and a row from 0
Bound = tuple[str, str]  # a module and a name of it; the module itself where the name is empty
_Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_OUTSIDE: Bound = ("", "")


@dataclass
class _Class:
    module: _Module
    bases: list[ast.expr]
    members: dict[str, list[int]] = field(default_factory=dict)
    assigned: dict[str, list[int]] = field(default_factory=dict)


@dataclass
class _Module:
    path: str
    name: str
    tree: ast.Module
    lines: list[str]
    names: dict[str, list[int]] = field(default_factory=dict)
    classes: dict[str, _Class] = field(default_factory=dict)
    imports: dict[str, Bound] = field(default_factory=dict)
    stars: list[str] = field(default_factory=list)

    @property
    def package(self) -> str:
        return self.name if self.path.endswith("__init__.py") else self.name.rpartition(".")[0]


class PythonTruth:
    """The package's modules, and the targets of each row of each."""

    def __init__(self, files: dict[str, str]) -> None:
        self.modules: dict[str, _Module] = {}
        for path, text in sorted(files.items()):
            try:
                tree = ast.parse(text)
            except (SyntaxError, ValueError):
                continue
            name = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            self.modules[name] = _Module(path, name, tree, text.split("\n"))
        self._tops = {name.partition(".")[0] for name in self.modules}
        for module in self.modules.values():
            self._read(module)
        self._places: dict[str, list[Place]] = collections.defaultdict(list)
        for module in self.modules.values():
            for it in module.classes.values():
                for name in dict.fromkeys((*it.members, *it.assigned)):
                    rows = it.members.get(name) or it.assigned[name][:1]
                    self._places[name].append((module.path, rows[0]))

    def targets(self) -> Iterator[tuple[str, int, tuple[Target, ...]]]:
        """Every row that names something of another file: path, row, targets in the order of the line."""
        for module in self.modules.values():
            by_row: dict[int, dict[str, Target]] = collections.defaultdict(dict)
            for row, name, kind, places in _Uses(self, module).found():
                elsewhere = [place for place in places if place[0] != module.path]
                if elsewhere and len(elsewhere) == len(places) and not (name[:2] == name[-2:] == "__"):
                    known = tuple((path, self._line(path, at)) for path, at in sorted(set(elsewhere)))
                    by_row[row].setdefault(name, Target(name, kind, known))
            skipped = set(_unfit_rows(module.tree))
            for row in sorted(by_row):
                if row not in skipped:
                    yield module.path, row, tuple(by_row[row].values())

    def _line(self, path: str, row: int) -> str:
        module = next(it for it in self.modules.values() if it.path == path)
        return module.lines[row].strip()

    def resolve(self, bound: Bound, depth: int = 0) -> list[Place]:
        """Where a name of a module is defined, in the package."""
        module, name = self.modules.get(bound[0]), bound[1]
        if module is None or depth > DEEPEST:
            return []
        if name in module.names:
            return [(module.path, row) for row in module.names[name]] if name not in module.imports else []
        if name in module.imports:
            return self.resolve(module.imports[name], depth + 1)
        for star in module.stars:
            if places := self.resolve((star, name), depth + 1):
                return places
        return []

    def as_module(self, bound: Bound, depth: int = 0) -> str | None:
        """The module that a bound name is, if it is one of the package."""
        module, name = bound
        if not name:
            return module if module in self.modules else None
        if f"{module}.{name}" in self.modules and not self.resolve(bound):
            return f"{module}.{name}"
        there = self.modules.get(module)
        if there is not None and name in there.imports and depth < DEEPEST:
            return self.as_module(there.imports[name], depth + 1)
        return None

    def as_class(self, bound: Bound, depth: int = 0) -> _Class | None:
        """The class that a bound name is, if it is one of the package."""
        module, name = self.modules.get(bound[0]), bound[1]
        if module is None or depth > DEEPEST:
            return None
        if name in module.classes:
            return module.classes[name]
        if name in module.imports:
            return self.as_class(module.imports[name], depth + 1)
        return next((it for star in module.stars if (it := self.as_class((star, name), depth + 1))), None)

    def member(self, owner: _Class | None, name: str, depth: int = 0) -> list[Place]:
        """Where an attribute of a class is defined, by the class or the first base that has it."""
        if owner is None:
            return []
        if rows := owner.members.get(name) or owner.assigned.get(name, [])[:1]:
            return [(owner.module.path, row) for row in rows]
        if depth > DEEPEST:
            return []
        for base in owner.bases:
            above = self._base(owner.module, base)
            if above is not owner and (places := self.member(above, name, depth + 1)):
                return places
        return []

    def _base(self, module: _Module, base: ast.expr) -> _Class | None:
        if isinstance(base, ast.Subscript):
            base = base.value
        if isinstance(base, ast.Name):
            return self.as_class((module.name, base.id))
        if isinstance(base, ast.Attribute) and isinstance(base.value, ast.Name) and base.value.id in module.imports:
            inside = self.as_module(module.imports[base.value.id])
            return self.as_class((inside, base.attr)) if inside else None
        return None

    def unique(self, path: str, name: str) -> list[Place]:
        """The few places that define an attribute of this name; none when it is too common, or in the file itself."""
        places = self._places.get(name, [])
        common = len(places) > MOST_PLACES or name in ORDINARY or len(name) < 3
        return [] if common or any(it[0] == path for it in places) else places

    def bound(self, module: _Module, statement: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, Bound]]:
        """What an import statement binds; `_OUTSIDE` for what is not of the package."""
        if isinstance(statement, ast.Import):
            for it in statement.names:
                inside = it.name.partition(".")[0] in self._tops
                if it.asname:
                    yield it.asname, (it.name, "") if inside else _OUTSIDE
                else:
                    top = it.name.partition(".")[0]
                    yield top, (top, "") if inside else _OUTSIDE
            return
        source = self.source(module, statement)
        for it in statement.names:
            if it.name != "*":
                yield it.asname or it.name, (source, it.name) if source.partition(".")[0] in self._tops else _OUTSIDE

    def source(self, module: _Module, statement: ast.ImportFrom) -> str:
        """The full name of the module that a `from` statement names."""
        if not statement.level:
            return statement.module or ""
        parts = module.package.split(".")
        above = parts[: len(parts) - (statement.level - 1)]
        return ".".join([*above, *([statement.module] if statement.module else [])])

    def _read(self, module: _Module) -> None:
        for statement in _flat(module.tree.body):
            if isinstance(statement, ast.Import | ast.ImportFrom):
                module.imports.update(self.bound(module, statement))
                if isinstance(statement, ast.ImportFrom) and statement.names[0].name == "*":
                    module.stars.append(self.source(module, statement))
            for name, row in _defined(statement):
                module.names.setdefault(name, []).append(row)
            if isinstance(statement, ast.ClassDef):
                module.classes[statement.name] = _class(module, statement)


def _class(module: _Module, node: ast.ClassDef) -> _Class:
    it = _Class(module, list(node.bases))
    for statement in _flat(node.body):
        for name, row in _defined(statement):
            it.members.setdefault(name, []).append(row)
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef) and statement.args.args:
            me = statement.args.args[0].arg
            for inner in ast.walk(statement):
                stored = isinstance(inner, ast.Attribute) and isinstance(inner.ctx, ast.Store)
                if stored and isinstance(inner.value, ast.Name) and inner.value.id == me:
                    it.assigned.setdefault(inner.attr, []).append((inner.end_lineno or inner.lineno) - 1)
    for rows in it.assigned.values():
        rows.sort()
    return it


def _flat(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements of one scope, those in `if`, `try` and `with` too."""
    for statement in body:
        yield statement
        for part in ("body", "orelse", "finalbody", "handlers"):
            if isinstance(statement, ast.If | ast.Try | ast.With | ast.For | ast.While):
                for it in getattr(statement, part, []):
                    yield from _flat(it.body if isinstance(it, ast.ExceptHandler) else [it])


def _defined(statement: ast.stmt) -> Iterator[tuple[str, int]]:
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield statement.name, statement.lineno - 1
    goals = statement.targets if isinstance(statement, ast.Assign) else []
    if isinstance(statement, ast.AnnAssign | ast.TypeAlias if hasattr(ast, "TypeAlias") else ast.AnnAssign):
        goals = [statement.target if isinstance(statement, ast.AnnAssign) else statement.name]
    for goal in goals:
        for it in goal.elts if isinstance(goal, ast.Tuple) else [goal]:
            if isinstance(it, ast.Name):
                yield it.id, it.lineno - 1


def _unfit_rows(tree: ast.Module) -> Iterator[int]:
    """Rows of imports and of strings over several lines."""
    for node in ast.walk(tree):
        text = isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))
        if isinstance(node, ast.Import | ast.ImportFrom) or (text and node.end_lineno != node.lineno):
            yield from range(node.lineno - 1, node.end_lineno or node.lineno)


@dataclass
class _Scope:
    names: set[str]
    imports: dict[str, Bound]
    owner: _Class | None = None
    me: str = ""
    is_class: bool = False


class _Uses:
    """The uses in one module, with the scopes that they stand in."""

    def __init__(self, truth: PythonTruth, module: _Module) -> None:
        self.truth, self.module = truth, module
        self.scopes: list[_Scope] = [_Scope(set(module.names), module.imports)]

    def found(self) -> Iterator[tuple[int, str, str, list[Place]]]:
        yield from self._visit(self.module.tree, None)

    def _visit(self, node: ast.AST, owner: _Class | None) -> Iterator[tuple[int, str, str, list[Place]]]:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            bound = self._bound(node.id)
            if bound is not None and bound is not _OUTSIDE:
                yield node.lineno - 1, node.id, "import", self.truth.resolve(bound)
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            kind, places = self._attribute(node)
            yield (node.end_lineno or node.lineno) - 1, node.attr, kind, places
        scope = self._scope(node, owner)
        if scope is None:
            for child in ast.iter_child_nodes(node):
                yield from self._visit(child, owner)
            return
        # Decorators, defaults, annotations and bases stand in the scope around.
        inside = {id(it) for it in _inside(node)}
        for child in ast.iter_child_nodes(node):
            if id(child) not in inside:
                yield from self._visit(child, owner)
        self.scopes.append(scope)
        for child in _inside(node):
            yield from self._visit(child, scope.owner)
        self.scopes.pop()

    def _scope(self, node: ast.AST, owner: _Class | None) -> _Scope | None:
        if isinstance(node, ast.ClassDef):
            own = self.module.classes.get(node.name)
            if own is None or node not in self.module.tree.body:
                own = _class(self.module, node)
            return _Scope(set(own.members), {}, own, is_class=True)
        if isinstance(node, _Function):
            arguments = node.args
            every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
            names = {it.arg for it in every if it is not None}
            imports: dict[str, Bound] = {}
            for inner in _own_nodes(node):
                names.update(_binds(inner))
                if isinstance(inner, ast.Import | ast.ImportFrom):
                    imports.update(self.truth.bound(self.module, inner))
            in_class = bool(self.scopes) and self.scopes[-1].is_class
            first = (arguments.posonlyargs + arguments.args)[:1]
            return _Scope(names, imports, owner, first[0].arg if in_class and first else "")
        if isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
            return _Scope({name for it in ast.walk(node) for name in _binds(it)}, {}, owner)
        return None

    def _bound(self, name: str) -> Bound | None:
        """What an import bound this name to; None for every other name."""
        for depth, scope in enumerate(reversed(self.scopes)):
            if scope.is_class and depth:
                continue
            if name in scope.names:
                return None
            if name in scope.imports:
                return scope.imports[name]
        return None

    def _attribute(self, node: ast.Attribute) -> tuple[str, list[Place]]:
        value, name = node.value, node.attr
        root: ast.expr = value
        while isinstance(root, ast.Attribute | ast.Call | ast.Subscript):
            root = root.func if isinstance(root, ast.Call) else root.value
        if isinstance(value, ast.Name) and (bound := self._bound(value.id)) is not None:
            if (inside := self.truth.as_module(bound)) is not None:
                return "module", self.truth.resolve((inside, name))
            owner = self.truth.as_class(bound)
            return "member", self.truth.member(owner, name) if owner else []
        if isinstance(value, ast.Name) and (me := self._me(value.id)) is not None:
            return "member", self.truth.member(me, name)
        if isinstance(root, ast.Name) and (self._bound(root.id) is _OUTSIDE or self._known(root.id)):
            return "unique", []
        if not isinstance(root, ast.Name):
            return "unique", []
        return "unique", self.truth.unique(self.module.path, name)

    def _me(self, name: str) -> _Class | None:
        for scope in reversed(self.scopes):
            if scope.me == name:
                return scope.owner
            if name in scope.names:
                return None
        return None

    def _known(self, name: str) -> bool:
        """Whether the name is a top-level name of the file, or a builtin: what it holds is no value of unknown type."""
        local = any(name in scope.names for scope in self.scopes[1:])
        return not local and (
            name in self.module.classes or (self._bound(name) is None and name not in self.module.names)
        )


def _inside(node: ast.AST) -> list[ast.AST]:
    if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        return list(node.body)
    if isinstance(node, ast.Lambda):
        return [node.body]
    return list(ast.iter_child_nodes(node))


def _own_nodes(function: _Function) -> Iterator[ast.AST]:
    """The nodes of a function without those of the functions and classes within."""
    pending: list[ast.AST] = list(_inside(function))
    while pending:
        node = pending.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            pending.extend(ast.iter_child_nodes(node))


def _binds(node: ast.AST) -> Iterable[str]:
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store | ast.Del):
        return (node.id,)
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return (node.name,)
    if isinstance(node, ast.ExceptHandler) and node.name:
        return (node.name,)
    if isinstance(node, ast.MatchAs | ast.MatchStar) and node.name:
        return (node.name,)
    return ()
