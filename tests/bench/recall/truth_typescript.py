"""TypeScript for `truth_syntax`: ES modules, relative paths only."""

from __future__ import annotations

import json
import posixpath
import subprocess
from functools import cache

import tree_sitter_typescript
from tree_sitter import Language, Node

from bench.recall.truth_syntax import Owner, Source, Taken, Use, descend, row, text

_ENDINGS = ("", ".ts", ".tsx", ".mts", "/index.ts", "/index.tsx")
_TOPS = {
    *("function_declaration", "generator_function_declaration", "function_signature", "class_declaration"),
    *("abstract_class_declaration", "interface_declaration", "type_alias_declaration", "enum_declaration"),
}
_OWNERS = {"class_declaration", "abstract_class_declaration", "interface_declaration", "enum_declaration", "class"}
_MEMBERS = {
    *("method_definition", "public_field_definition", "abstract_method_signature", "method_signature"),
    *("property_signature", "enum_assignment"),
}
_PARAMETERS = {"required_parameter", "optional_parameter", "catch_clause", "type_parameter", "for_in_statement"}
_LIBRARY = """
const names = new Set();
for (const name of Object.getOwnPropertyNames(globalThis)) {
  let it; try { it = globalThis[name]; } catch { continue; }
  for (const held of [it, it && it.prototype]) {
    if (held && (typeof held === 'object' || typeof held === 'function') && held !== globalThis)
      Object.getOwnPropertyNames(held).forEach((own) => names.add(own));
  }
}
for (const name of require('module').builtinModules) Object.keys(require(name)).forEach((own) => names.add(own));
console.log(JSON.stringify([...names]));
"""


class TypeScriptReader:
    """Reads a file's tree."""

    def language(self, path: str) -> Language:
        tsx = path.endswith(".tsx")
        return Language(tree_sitter_typescript.language_tsx() if tsx else tree_sitter_typescript.language_typescript())

    @cache  # noqa: B019 - one reader for each run
    def ordinary(self) -> frozenset[str]:
        """What Node's own objects have."""
        told = subprocess.run(["node", "--no-warnings", "-e", _LIBRARY], check=True, capture_output=True, text=True)
        return frozenset(json.loads(told.stdout))

    def shared(self, sources: dict[str, Source], path: str) -> list[str]:
        return []

    def files(self, sources: dict[str, Source], path: str, module: str) -> list[str]:
        if not module.startswith("."):
            return []
        there = posixpath.normpath(posixpath.join(posixpath.dirname(path), module))
        bare = there.removesuffix(".js").removesuffix(".mjs").removesuffix(".ts") if there.endswith("s") else there
        return [it for start in dict.fromkeys((there, bare)) for end in _ENDINGS if (it := start + end) in sources][:1]

    def read(self, source: Source, root: Node) -> None:
        for statement in root.children:
            self._statement(source, statement)
        tops = {(name, at) for name, rows in source.tops.items() for at in rows}
        self._inner(source, root, "", tops)

    def _statement(self, source: Source, node: Node) -> None:
        if node.type == "import_statement":
            self._import(source, node)
        elif node.type == "export_statement":
            self._export(source, node)
        elif node.type in _TOPS:
            source.defines(text(node.child_by_field_name("name")), row(node.child_by_field_name("name")))
        elif node.type in ("lexical_declaration", "variable_declaration"):
            for it in node.named_children:
                name = it.child_by_field_name("name")
                if name is not None and name.type == "identifier":
                    source.defines(text(name), row(name))
        elif node.type in ("ambient_declaration", "expression_statement"):
            for it in node.named_children:
                if it.type == "internal_module":
                    source.defines(text(it.child_by_field_name("name")), row(it))
                self._statement(source, it)

    def _import(self, source: Source, node: Node) -> None:
        source.import_rows.update(range(node.start_point[0], node.end_point[0] + 1))
        module = text(node.child_by_field_name("source")).strip("'\"")
        for it in descend(node):
            if it.type == "import_specifier":
                name = text(it.child_by_field_name("name"))
                source.imports[text(it.child_by_field_name("alias")) or name] = Taken(module, name)
            elif it.type == "namespace_import":
                source.imports[text(it.named_children[0])] = Taken(module, "")
            elif it.type == "import_clause" and it.named_children[0].type == "identifier":
                source.imports[text(it.named_children[0])] = Taken(module, "default")

    def _export(self, source: Source, node: Node) -> None:
        module = text(node.child_by_field_name("source")).strip("'\"")
        if module:
            source.import_rows.update(range(node.start_point[0], node.end_point[0] + 1))
        for it in node.children:
            if it.type == "*" and module:
                source.stars.append(module)
            elif it.type == "namespace_export":
                source.passed[text(it.named_children[0])] = Taken(module, "")
            elif it.type == "export_clause":
                for each in it.named_children:
                    name = text(each.child_by_field_name("name"))
                    outside = text(each.child_by_field_name("alias")) or name
                    if module:
                        source.passed[outside] = Taken(module, name)
                    elif name in source.imports:
                        source.passed[outside] = source.imports[name]
            else:
                self._statement(source, it)

    def _inner(self, source: Source, node: Node, owner: str, tops: set[tuple[str, int]]) -> None:
        """Members, bound names and uses."""
        if node.type in _OWNERS and (name := text(node.child_by_field_name("name"))):
            owner = name
            it = source.owners.setdefault(name, Owner())
            heads = ("class_heritage", "extends_type_clause", "extends_clause")
            it.bases += [
                text(inner)
                for head in node.children
                if head.type in heads
                for inner in descend(head)
                if inner.type in ("identifier", "type_identifier")
            ]
        if node.type in _MEMBERS and owner:
            source.defines(text(node.child_by_field_name("name")), row(node.child_by_field_name("name")), owner)
        if node.type == "property_identifier" and node.parent is not None and node.parent.type == "enum_body":
            source.defines(text(node), row(node), owner)
        if (
            node.type == "required_parameter"
            and owner
            and any(it.type == "accessibility_modifier" for it in node.children)
        ):
            source.defines(text(node.child_by_field_name("pattern")), row(node), owner)
        self._bind(source, node, tops)
        self._use(source, node, owner)
        for child in node.children:
            if child.type != "import_statement":
                self._inner(source, child, owner, tops)

    def _bind(self, source: Source, node: Node, tops: set[tuple[str, int]]) -> None:
        goals: list[Node | None] = []
        if node.type in _PARAMETERS:
            goals = [node.child_by_field_name(it) for it in ("pattern", "parameter", "name", "left")]
        elif node.type == "variable_declarator" or node.type in _TOPS:
            goals = [node.child_by_field_name("name")]
        elif node.type == "arrow_function":
            goals = [node.child_by_field_name("parameter")]
        for goal in goals:
            for it in descend(goal) if goal is not None else ():
                plain = it.type in ("identifier", "type_identifier", "shorthand_property_identifier_pattern")
                if plain and (text(it), row(it)) not in tops:
                    source.bound.add(text(it))

    def _use(self, source: Source, node: Node, owner: str) -> None:
        if node.type in ("identifier", "type_identifier", "shorthand_property_identifier"):
            parent = node.parent
            named = parent is not None and parent.child_by_field_name("name") == node
            if not named or (parent is not None and parent.type in ("generic_type", "jsx_opening_element")):
                source.uses.append(Use(text(node), row(node)))
        elif node.type == "member_expression":
            thing, name = node.child_by_field_name("object"), node.child_by_field_name("property")
            if thing is not None and name is not None and name.type == "property_identifier":
                receiver = text(thing) if thing.type in ("identifier", "this") else "?"
                source.uses.append(Use(text(name), row(name), receiver, owner))
        elif node.type == "nested_type_identifier":
            source.uses.append(
                Use(text(node.child_by_field_name("name")), row(node), text(node.child_by_field_name("module")))
            )
