"""Go for `truth_syntax`: packages are folders; what is imported is found by the longest end of its path."""

from __future__ import annotations

import posixpath
import re

import tree_sitter_go
from tree_sitter import Language, Node

from bench.recall.truth_syntax import Source, Taken, Use, descend, row, text

_BINDING = {
    "parameter_declaration": ("name",),
    "variadic_parameter_declaration": ("name",),
    "short_var_declaration": ("left",),
    "range_clause": ("left",),
    "type_parameter_declaration": ("name",),
    "type_switch_statement": ("alias",),
    "receive_statement": ("left",),
}
# Methods and fields that many types of Go's own library have.
_ORDINARY = frozenset(
    re.findall(
        r"\w+",
        """
        Add After All Append Bool Bytes Call Cancel Close Code Comment Contains Context Copy Count Data Delete Dir Do
        Done Elem Encode Decode Equal Err Error Errorf Exec Exit Fatal Fatalf Field Fields File Find Float Flush Format
        Func Get Header Host Has Index Info Init Int Interface Is IsNil IsZero Key Keys Kind Len Less Line Load Lock
        Log Logf Marshal Match Message Method Mode Name New Next Now Num Open Out Parse Path Pop Pos Position Print
        Printf Println Ptr Push Put Query Range Read ReadAll ReadByte ReadFrom ReadString Request Reset Response Run
        Scan Seek Send Server Set Size Skip Sort Start Status Stop Store String Sub Swap Sync Tag Text Time Type Unix
        Unlock RLock RUnlock Unmarshal Unwrap URL User Value Values Version Wait Write WriteByte WriteHeader WriteRune
        WriteString WriteTo ID Int64 Uint64 Body Args Flags Usage Output Body Form Once Second Seconds Year Month Day
        """,
    )
)


class GoReader:
    """Reads a file's tree."""

    def language(self, path: str) -> Language:
        return Language(tree_sitter_go.language())

    def ordinary(self) -> frozenset[str]:
        return _ORDINARY

    def shared(self, sources: dict[str, Source], path: str) -> list[str]:
        folder = posixpath.dirname(path)
        return [it for it in sources if posixpath.dirname(it) == folder and it != path]

    def files(self, sources: dict[str, Source], path: str, module: str) -> list[str]:
        # The archives hold folders by their whole import path, without the part that only names a version.
        bare = re.sub(r"/v\d+(?=/|$)", "", module)
        return [it for it in sources if re.sub(r"/v\d+(?=/|$)", "", posixpath.dirname(it)) == bare]

    def read(self, source: Source, root: Node) -> None:
        for statement in root.children:
            self._statement(source, statement)
        tops = {(name, at) for name, rows in source.tops.items() for at in rows}
        for node in descend(root):
            for binding in _BINDING.get(node.type, ()):
                for goal in node.children_by_field_name(binding):
                    source.bound.update(text(it) for it in descend(goal) if it.type == "identifier")
            if node.type in ("var_spec", "const_spec", "type_spec"):
                names = node.children_by_field_name("name")
                source.bound.update(text(it) for it in names if (text(it), row(it)) not in tops)
            self._member(source, node)
            self._use(source, node)

    def _statement(self, source: Source, node: Node) -> None:
        if node.type == "import_declaration":
            self._import(source, node)
        elif node.type == "function_declaration":
            name = node.child_by_field_name("name")
            if text(name) != "init":
                source.defines(text(name), row(name))
        elif node.type in ("type_declaration", "const_declaration", "var_declaration"):
            for it in descend(node):
                if it.type in ("type_spec", "type_alias", "const_spec", "var_spec") and _top(it, node):
                    for name in it.children_by_field_name("name"):
                        if text(name) != "_":
                            source.defines(text(name), row(name))

    def _import(self, source: Source, node: Node) -> None:
        source.import_rows.update(range(node.start_point[0], node.end_point[0] + 1))
        for it in descend(node):
            if it.type == "import_spec":
                module = text(it.child_by_field_name("path")).strip('"`')
                given = text(it.child_by_field_name("name"))
                last = re.sub(r"^go-|\.v\d+$", "", re.sub(r"/v\d+$", "", module).rpartition("/")[2])
                if given not in ("_", "."):
                    source.imports[given or last] = Taken(module, "")

    def _member(self, source: Source, node: Node) -> None:
        if node.type in ("method_declaration", "method_elem"):
            name = node.child_by_field_name("name")
            source.members.setdefault(text(name), []).append(row(name))
        elif node.type == "field_declaration":
            for name in node.children_by_field_name("name"):
                source.members.setdefault(text(name), []).append(row(name))

    def _use(self, source: Source, node: Node) -> None:
        parent = node.parent
        if node.type in ("identifier", "type_identifier") and parent is not None:
            defined = node in parent.children_by_field_name("name")
            key = (
                parent.type == "literal_element" and parent.next_sibling is not None and parent.next_sibling.type == ":"
            )
            if not defined and not key and parent.type != "qualified_type":
                source.uses.append(Use(text(node), row(node)))
        elif node.type == "selector_expression":
            thing, name = node.child_by_field_name("operand"), node.child_by_field_name("field")
            receiver = text(thing) if thing is not None and thing.type == "identifier" else "?"
            source.uses.append(Use(text(name), row(name), receiver))
        elif node.type == "qualified_type":
            name, package = node.child_by_field_name("name"), node.child_by_field_name("package")
            source.uses.append(Use(text(name), row(name), text(package)))


def _top(node: Node, declaration: Node) -> bool:
    parent = node.parent
    while parent is not None and parent != declaration:
        if parent.type not in ("var_spec_list", "const_spec_list"):
            return False
        parent = parent.parent
    return True
