"""Rust for `truth_syntax`. A path of the crate is followed by its last part: the definitions of that name at the top of
the crate's files, those of the module that stands before it in the path where there are several."""

from __future__ import annotations

import posixpath
import re

import tree_sitter_rust
from tree_sitter import Language, Node

from bench.recall.truth_syntax import Source, Taken, Use, descend, row, text

_TOPS = {
    *("function_item", "struct_item", "enum_item", "union_item", "trait_item", "type_item", "const_item"),
    *("static_item", "macro_definition"),
}
_BINDING = {
    "parameter": ("pattern",),
    "let_declaration": ("pattern",),
    "let_condition": ("pattern",),
    "for_expression": ("pattern",),
    "match_pattern": (),
    "type_parameter": ("name",),
    "closure_parameters": (),
}
# Methods that many types of Rust's own library have.
_ORDINARY = frozenset(
    re.findall(
        r"\w+",
        """
        abs and and_then any append all as_bytes as_deref as_mut as_mut_ptr as_mut_slice as_path as_ptr as_ref
        as_slice as_str borrow borrow_mut bytes capacity chain chars chunks clear clone cloned cmp collect
        concat contains contains_key copied count drain drop entry enumerate eq err expect extend fetch_add fill
        filter filter_map find first flat_map flatten flush fmt fold for_each from get get_mut
        get_or_insert_with hash header headers id index insert into into_boxed_slice into_inner into_iter
        is_empty is_err is_none is_ok is_some iter iter_mut join keys kind last len lines load lock map map_err
        max max_by_key min name ne new next next_back nth ok ok_or ok_or_else or or_else parse partial_cmp peek
        peekable poll pop pop_front position push push_back push_str read remove repeat replace reserve resize
        retain rev send seek size_hint skip sort sort_by sort_by_key split split_at split_off starts_with
        step_by store sum swap take take_while to_owned to_string to_vec trim truncate try_from try_into unwrap
        unwrap_or unwrap_or_default unwrap_or_else value values wake wake_by_ref with_capacity write write_all
        write_str zip start end source path file message code status uri method body version data state inner
        Error Result Ok Err Some None Item Output Target Debug Display
        """,
    )
)


class RustReader:
    """Reads a file's tree."""

    def language(self, path: str) -> Language:
        return Language(tree_sitter_rust.language())

    def ordinary(self) -> frozenset[str]:
        return _ORDINARY

    def shared(self, sources: dict[str, Source], path: str) -> list[str]:
        return []

    def files(self, sources: dict[str, Source], path: str, module: str) -> list[str]:
        """`module` is a path with its last part, which is looked up in the whole crate."""
        parts = module.split("::")
        crate = path.partition("/src/")[0]
        inside = [it for it in sources if it.startswith(crate + "/") and it != path]
        having = [it for it in inside if parts[-1] in sources[it].tops]
        named = [it for it in having if len(parts) > 1 and parts[-2] in (_module(it), "crate", "super", "self")]
        near = [it for it in having if len(parts) > 1 and parts[-2] == _module(it)]
        return near or (named if len(named) <= 1 else []) or (having if len(having) == 1 else [])

    def read(self, source: Source, root: Node) -> None:
        self._items(source, root)
        tops = {(name, at) for name, rows in source.tops.items() for at in rows}
        for node in descend(root):
            for binding in _BINDING.get(node.type, ()):
                for goal in node.children_by_field_name(binding):
                    source.bound.update(
                        text(it) for it in descend(goal) if it.type in ("identifier", "type_identifier")
                    )
            if node.type in ("closure_parameters", "match_pattern"):
                names = [it for it in descend(node) if it.type == "identifier" and text(it)[:1].islower()]
                source.bound.update(text(it) for it in names)
            if node.type in _TOPS and (name := node.child_by_field_name("name")) is not None:
                self._inner(source, name, tops)
            if node.type in ("field_declaration", "enum_variant", "function_signature_item"):
                name = node.child_by_field_name("name")
                source.members.setdefault(text(name), []).append(row(name))
            self._use(source, node)

    def _inner(self, source: Source, name: Node, tops: set[tuple[str, int]]) -> None:
        """Methods are members; other items that are not at the top hide what is imported."""
        if (text(name), row(name)) in tops:
            return
        item = name.parent
        owner = item.parent.parent if item is not None and item.parent is not None else None
        if owner is not None and owner.type in ("impl_item", "trait_item"):
            source.members.setdefault(text(name), []).append(row(name))
        else:
            source.bound.add(text(name))

    def _items(self, source: Source, root: Node) -> None:
        for node in root.children:
            if node.type in _TOPS:
                name = node.child_by_field_name("name")
                source.defines(text(name), row(name))
            elif node.type == "use_declaration":
                source.import_rows.update(range(node.start_point[0], node.end_point[0] + 1))
                argument = node.child_by_field_name("argument")
                if argument is not None:
                    for alias, module in _used(argument, ""):
                        if module.partition("::")[0] in ("crate", "super", "self"):
                            source.imports[alias] = Taken(module, module.rpartition("::")[2])

    def _use(self, source: Source, node: Node) -> None:
        parent = node.parent
        if node.type in ("identifier", "type_identifier") and parent is not None:
            defined = parent.child_by_field_name("name") == node and parent.type != "macro_invocation"
            if not defined and parent.type != "use_as_clause":
                source.uses.append(Use(text(node), row(node)))
        elif node.type == "field_expression":
            name = node.child_by_field_name("field")
            source.uses.append(Use(text(name), row(name), "?"))
        elif node.type in ("scoped_identifier", "scoped_type_identifier"):
            name = node.child_by_field_name("name")
            source.uses.append(Use(text(name), row(name), "?"))


def _module(path: str) -> str:
    stem = posixpath.basename(path).removesuffix(".rs")
    return posixpath.basename(posixpath.dirname(path)) if stem in ("mod", "lib", "main") else stem


def _used(node: Node, before: str) -> list[tuple[str, str]]:
    """What a `use` binds: (alias, full path)."""
    if node.type in ("identifier", "scoped_identifier", "crate", "super", "self", "type_identifier"):
        full = f"{before}::{text(node)}" if before else text(node)
        return [(full.rpartition("::")[2], full)]
    if node.type == "use_as_clause":
        path = text(node.child_by_field_name("path"))
        return [(text(node.child_by_field_name("alias")), f"{before}::{path}" if before else path)]
    if node.type == "scoped_use_list":
        path = text(node.child_by_field_name("path"))
        node_list, start = node.child_by_field_name("list"), f"{before}::{path}" if before and path else before or path
        return [it for child in node_list.named_children for it in _used(child, start)] if node_list else []
    if node.type == "use_list":
        return [it for child in node.named_children for it in _used(child, before)]
    return []
