"""The matches of a language's queries, brought into order: what defines, what stands around it, what is used."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import tree_sitter

Captures = dict[str, list["tree_sitter.Node"]]

DEFINING = frozenset(f"definition.{kind}" for kind in ("class", "function", "method", "constant", "field", "attribute"))
# What stands around definitions without being one: `extension` adds members to a class (Rust's `impl`), `namespace`
# has a name and no members of its own, `local.scope` is a function without a name.
AROUND = frozenset(("extension", "namespace", "local.scope"))
MEMBERS = frozenset(("reference.field", "reference.type"))


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

    def add(self, captures: Captures) -> None:
        """Take in what one match says."""
        known = {name.id for name in self.names}
        self.names += [name for name in captures.get("name", ()) if name.id not in known]
        self.bases += captures.get("base", ())
        self.decorations += captures.get("decoration", ())
        self.body = _last(captures, "definition.body", self.body)
        self.doc = _last(captures, "doc", self.doc)
        self.parent = _last(captures, "parent", self.parent)


@dataclass(slots=True)
class Found:
    """A file's matches. `uses` are the identifiers by their first byte; `members` those of them that no local variable
    can be meant by."""

    scopes: list[Scope] = field(default_factory=list)
    uses: dict[int, tree_sitter.Node] = field(default_factory=dict)
    members: set[int] = field(default_factory=set)
    local: list[tree_sitter.Node] = field(default_factory=list)
    imports: list[Captures] = field(default_factory=list)
    package: tree_sitter.Node | None = None


def find(matches: Iterable[Captures]) -> Found:
    """Sort out the matches. The scopes are in the order of the file, outer ones before inner ones."""
    found = Found()
    scopes: dict[tuple[int, str], Scope] = {}
    for captures in matches:
        for name, nodes in captures.items():
            if name == "reference.name":
                found.uses[nodes[0].start_byte] = nodes[0]
            elif name in MEMBERS:
                found.uses[nodes[0].start_byte] = nodes[0]
                found.members.add(nodes[0].start_byte)
            elif name == "local":
                found.local.append(nodes[0])
            elif name in DEFINING or name in AROUND:
                node, key = nodes[0], (nodes[0].id, name)
                if key not in scopes:
                    scopes[key] = Scope(name, node, node.start_byte, node.end_byte)
                scopes[key].add(captures)
            elif name == "package":
                found.package = nodes[0]
            elif name.startswith("import"):
                found.imports.append(captures)
            else:
                continue  # says something about what another capture of the match names
            break
    found.scopes = sorted(scopes.values(), key=lambda scope: (scope.start, -scope.end))
    return found


def _last(captures: Captures, name: str, before: tree_sitter.Node | None) -> tree_sitter.Node | None:
    return captures[name][0] if name in captures else before
