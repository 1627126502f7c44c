"""Java for `truth_syntax`: imported classes by their package's folder, those of the same package without an import."""

from __future__ import annotations

import posixpath
import re

import tree_sitter_java
from tree_sitter import Language, Node

from bench.recall.truth_syntax import Owner, Source, Taken, Use, descend, row, text

_OWNERS = {
    *("class_declaration", "interface_declaration", "enum_declaration", "record_declaration"),
    "annotation_type_declaration",
}
_BOUND = {
    *("formal_parameter", "catch_formal_parameter", "resource", "enhanced_for_statement", "spread_parameter"),
    *("variable_declarator", "type_parameter", "lambda_expression"),
}
# Methods and fields that many classes of Java's and Android's own libraries have.
_ORDINARY = frozenset(
    re.findall(
        r"\w+",
        """
        accept add addAll addView append apply asList await cancel charAt clear clone close collect commit
        compareTo contains containsKey copy count create createFromParcel delete destroy dispose draw entrySet
        equals execute exists filter find finish first flush format forEach from get getAction getBoolean
        getBytes getCause getClass getColor getContext getCount getData getDouble getFloat getHeight getId
        getInstance getInt getKey getLength getLocation getLong getMessage getName getParent getPath
        getResources getString getTag getText getTime getType getValue getWidth getX getY hasNext hashCode id
        indexOf init invoke isEmpty isInstance iterator join keySet last layout length list load lock main map
        matcher matches measure name newInstance next notify notifyAll of onClick onCreate onDestroy onDraw
        onLayout onPause onResume open ordinal parse path poll pop post postDelayed print printf println push
        put putAll putBoolean putDouble putInt putString read ready remove removeView replace reset run save
        schedule scrollTo send set setColor setData setEnabled setId setName setTag setText setValue size sleep
        split start state stop stream submit substring test text then toArray toLowerCase toString toUpperCase
        trim type unlock update url value valueOf values view wait width height write x y z left top right
        bottom error result code data length
        """,
    )
)


class JavaReader:
    """Reads a file's tree."""

    def language(self, path: str) -> Language:
        return Language(tree_sitter_java.language())

    def ordinary(self) -> frozenset[str]:
        return _ORDINARY

    def shared(self, sources: dict[str, Source], path: str) -> list[str]:
        folder = posixpath.dirname(path)
        return [it for it in sources if posixpath.dirname(it) == folder and it != path]

    def files(self, sources: dict[str, Source], path: str, module: str) -> list[str]:
        return [it for it in sources if it.endswith("/" + module.replace(".", "/") + ".java")]

    def read(self, source: Source, root: Node) -> None:
        for node in root.children:
            if node.type == "import_declaration":
                source.import_rows.add(row(node))
                module = text(next((it for it in node.children if it.type == "scoped_identifier"), None))
                if not any(it.type in ("static", "asterisk") for it in node.children):
                    source.imports[module.rpartition(".")[2]] = Taken(module, module.rpartition(".")[2])
            elif node.type == "package_declaration":
                source.import_rows.add(row(node))
            elif node.type in _OWNERS:
                name = node.child_by_field_name("name")
                source.defines(text(name), row(name))
        self._inner(source, root, "")

    def _inner(self, source: Source, node: Node, owner: str) -> None:
        if node.type in _OWNERS and (name := text(node.child_by_field_name("name"))):
            if owner:
                source.defines(name, row(node.child_by_field_name("name")), owner)
                source.bound.add(name)
            owner = name
            bases = source.owners.setdefault(name, Owner()).bases
            for head in (node.child_by_field_name("superclass"), node.child_by_field_name("interfaces")):
                bases += [text(it) for it in descend(head) if it.type == "type_identifier"] if head is not None else []
        for name_node in _members(node) if owner else ():
            source.defines(text(name_node), row(name_node), owner)
        source.bound.update(_binds(node))
        self._use(source, node, owner)
        for child in node.children:
            if child.type not in ("import_declaration", "package_declaration"):
                self._inner(source, child, owner)

    def _use(self, source: Source, node: Node, owner: str) -> None:
        parent = node.parent
        if node.type == "type_identifier" or (node.type == "identifier" and parent is not None):
            defined = parent is not None and parent.child_by_field_name("name") == node
            attribute = parent is not None and parent.child_by_field_name("field") == node
            if not attribute and not (defined and parent is not None and parent.type != "marker_annotation"):
                source.uses.append(Use(text(node), row(node)))
        elif node.type in ("method_invocation", "field_access"):
            name = node.child_by_field_name("name") or node.child_by_field_name("field")
            thing = node.child_by_field_name("object")
            simple = thing is not None and thing.type in ("identifier", "this", "super")
            receiver = ("this" if text(thing) == "super" else text(thing)) if simple else "?" if thing else "this"
            source.uses.append(Use(text(name), row(name), receiver, owner))


def _members(node: Node) -> list[Node | None]:
    if node.type in ("method_declaration", "enum_constant"):
        return [node.child_by_field_name("name")]
    if node.type in ("field_declaration", "constant_declaration"):
        return [it.child_by_field_name("name") for it in node.children_by_field_name("declarator")]
    return []


def _binds(node: Node) -> list[str]:
    """The local names that a node brings into scope."""
    if node.type not in _BOUND:
        return []
    goals = [node.child_by_field_name("name"), node.child_by_field_name("parameters")]
    goals += node.children if node.type == "type_parameter" else []
    every = [it for goal in goals if goal is not None for it in descend(goal)]
    return [text(it) for it in every if it.type in ("identifier", "type_identifier")]
