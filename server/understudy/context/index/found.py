"""The matches of a language's queries, brought into order: what defines, what stands around it, what is used."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import tree_sitter

Captures = dict[str, list["tree_sitter.Node"]]

# What a node is that several patterns match: the last of these that one of them says. (JavaScript's
# `const name = () => {}` is a constant that turns out to be a function.) The first three only stand around definitions:
# `local.scope` is a function without a name, `namespace` has a name and no members of its own, `extension` adds members
# to a class (Rust's `impl`). `definition.attribute` is a field that a method sets.
_ORDER = (
    "local.scope",
    "namespace",
    "extension",
    "definition.constant",
    "definition.field",
    "definition.attribute",
    "definition.function",
    "definition.method",
    "definition.class",
)
RANKS = {name: rank for rank, name in enumerate(_ORDER)}
USES = frozenset(("reference.name", "reference.field", "reference.type"))


@dataclass(slots=True)
class Scope:
    """What all matches together say of one node that defines something or stands around definitions."""

    what: str
    node: tree_sitter.Node
    start: int
    end: int
    names: list[tree_sitter.Node] = field(default_factory=list)
    body: tree_sitter.Node | None = None
    doc: tree_sitter.Node | None = None
    parent: tree_sitter.Node | None = None
    bases: list[tree_sitter.Node] = field(default_factory=list)
    decorations: list[tree_sitter.Node] = field(default_factory=list)

    def add(self, what: str, captures: Captures) -> None:
        """Take in what one match says."""
        self.what = max(self.what, what, key=RANKS.__getitem__)
        known = {name.id for name in self.names}
        self.names += [name for name in captures.get("name", ()) if name.id not in known]
        self.bases += captures.get("base", ())
        self.decorations += captures.get("decoration", ())
        self.body = _last(captures, "definition.body", self.body)
        self.doc = _last(captures, "doc", self.doc)
        self.parent = _last(captures, "parent", self.parent)

    def complete(self) -> None:
        """Take name and body from the node's fields of these names where no pattern says them."""
        if not self.names and self.what.startswith("definition."):
            self.names += filter(None, (self.node.child_by_field_name("name"),))
            self.body = self.body or self.node.child_by_field_name("body")


@dataclass(slots=True)
class Found:
    """A file's matches. `uses` are the identifiers by their first byte; `members` those of them that no local variable
    can be meant by."""

    scopes: list[Scope] = field(default_factory=list)
    uses: dict[int, tree_sitter.Node] = field(default_factory=dict)
    members: set[int] = field(default_factory=set)
    local: list[tree_sitter.Node] = field(default_factory=list)
    imports: list[Captures] = field(default_factory=list)
    packages: list[tree_sitter.Node] = field(default_factory=list)

    def use(self, what: str, node: tree_sitter.Node) -> None:
        """Take in an identifier."""
        self.uses[node.start_byte] = node
        if what != "reference.name":
            self.members.add(node.start_byte)


def find(matches: Iterable[Captures]) -> Found:
    """Sort out the matches. The scopes are in the order of the file, outer ones before inner ones."""
    found = Found()
    scopes: dict[int, Scope] = {}
    for captures in matches:
        for name, nodes in captures.items():
            if name in USES:
                found.use(name, nodes[0])
            elif name == "local":
                found.local.append(nodes[0])
            elif name in RANKS:
                node = nodes[0]
                if node.id not in scopes:
                    scopes[node.id] = Scope(name, node, node.start_byte, node.end_byte)
                scopes[node.id].add(name, captures)
            elif name == "package":
                found.packages.append(nodes[0])
            elif name.startswith("import"):
                found.imports.append(captures)
            else:
                continue  # says something about what another capture of the match names
            break
    for scope in scopes.values():
        scope.complete()
        scope.names.sort(key=_start)
        scope.bases.sort(key=_start)
    found.scopes = sorted(scopes.values(), key=lambda scope: (scope.start, -scope.end))
    return found


def _start(node: tree_sitter.Node) -> int:
    return node.start_byte


def _last(captures: Captures, name: str, before: tree_sitter.Node | None) -> tree_sitter.Node | None:
    return captures[name][0] if name in captures else before
