"""Faults in TypeScript that `tsc` reports, put in where the syntax tree says; whether they are faults, `tsc` says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from random import Random

import tree_sitter_typescript
from tree_sitter import Language, Node, Parser

from bench.diagfix.case import Fault, Injector, Kind, Place
from understudy.bundled.faults import misspelt

TSC = "tsc"
_PARSER = Parser(Language(tree_sitter_typescript.language_typescript()))
_WORD = re.compile(r"\w+")
SHORTEST = 4


def _walk(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from _walk(child)


def _nodes(place: Place, *types: str) -> list[Node]:
    """Nodes of some types that stand in one line, in a file of ASCII alone."""
    if not place.text.isascii():
        return []
    root = _PARSER.parse(place.text.encode()).root_node
    return [it for it in _walk(root) if it.type in types and it.start_point.row == it.end_point.row]


def _text(node: Node) -> str:
    return (node.text or b"").decode()


def _spliced(place: Place, start: int, end: int, new: str) -> Fault:
    text = place.text[:start] + new + place.text[end:]
    return Fault(text, place.text, place.text.count("\n", 0, start))


def _chosen(
    types: tuple[str, ...], wanted: Callable[[Node], bool], change: Callable[[Place, Node, Random], Fault | None]
) -> Injector:
    """A fault at a node of some types that is drawn from those that are wanted."""

    def injected(place: Place, random: Random) -> Fault | None:
        found = [it for it in _nodes(place, *types) if wanted(it)]
        return change(place, random.choice(found), random) if found else None

    return injected


def _misspelling(place: Place, node: Node, random: Random) -> Fault | None:
    wrong = misspelt(_text(node), random, frozenset(_WORD.findall(place.text)))
    return _spliced(place, node.start_byte, node.end_byte, wrong) if wrong else None


def _used_name(node: Node) -> bool:
    parent = node.parent
    return (
        len(_text(node)) >= SHORTEST
        and parent is not None
        and parent.type
        in ("arguments", "call_expression", "return_statement", "binary_expression", "member_expression")
    )


def _used_member(node: Node) -> bool:
    return len(_text(node)) >= SHORTEST and node.parent is not None and node.parent.type == "member_expression"


def _without_import(place: Place, node: Node, _: Random) -> Fault | None:
    """One name of several that are imported."""
    siblings = [it for it in (node.parent.children if node.parent else ()) if it.type == "import_specifier"]
    if len(siblings) < 2 or node.parent is None or node.parent.start_point.row != node.parent.end_point.row:
        return None
    kept = ", ".join(_text(it) for it in siblings if it != node)
    return _spliced(place, node.parent.start_byte, node.parent.end_byte, f"{{ {kept} }}")


def _arguments(node: Node) -> list[Node]:
    return [it for it in node.named_children if it.type != "comment"]


def _argument_more(place: Place, node: Node, random: Random) -> Fault | None:
    at = node.end_byte - 1
    return _spliced(place, at, at, ("" if not _arguments(node) else ", ") + random.choice(("true", "undefined", "0")))


def _argument_less(place: Place, node: Node, _: Random) -> Fault | None:
    given = _arguments(node)
    begin = given[-2].end_byte if len(given) > 1 else given[-1].start_byte
    return _spliced(place, begin, given[-1].end_byte, "")


def _returned(node: Node) -> bool:
    return bool(node.named_children)


def _wrapped(place: Place, node: Node, _: Random) -> Fault | None:
    value = node.named_children[0]
    return _spliced(place, value.start_byte, value.end_byte, f"[{_text(value)}]")


def _not_returned(place: Place, node: Node, _: Random) -> Fault | None:
    value = node.named_children[0]
    return _spliced(place, node.start_byte, value.start_byte, "") if value.type != "object" else None


def _without_bracket(place: Place, node: Node, _: Random) -> Fault | None:
    return _spliced(place, node.end_byte - 1, node.end_byte, "")


def _unused_variable(place: Place, node: Node, random: Random) -> Fault | None:
    """A constant that nobody uses, before a statement."""
    row = node.start_point.row
    lines = place.text.split("\n")
    indent = lines[row][: len(lines[row]) - len(lines[row].lstrip())]
    name = random.choice(("total", "previous", "buffer", "flags"))
    if node.start_point.column != len(indent) or name in place.text:
        return None
    lines.insert(row, f"{indent}const {name} = {random.choice(('0', '[]', 'null'))}")
    return Fault("\n".join(lines), place.text, row)


def _optional(_: Node) -> bool:
    return True


KINDS = (
    Kind("misspelt name", "typescript", TSC, _chosen(("identifier",), _used_name, _misspelling), "2304|2551|2552|2339"),
    Kind(
        "misspelt property",
        "typescript",
        TSC,
        _chosen(("property_identifier",), _used_member, _misspelling),
        "2551|2339",
    ),
    Kind(
        "missing import",
        "typescript",
        TSC,
        _chosen(("import_specifier",), _optional, _without_import),
        "2304|2552",
        10_000,
    ),
    Kind("argument too many", "typescript", TSC, _chosen(("arguments",), _optional, _argument_more), "2554"),
    Kind(
        "argument missing",
        "typescript",
        TSC,
        _chosen(("arguments",), lambda it: bool(_arguments(it)), _argument_less),
        "2554",
    ),
    Kind("type mismatch", "typescript", TSC, _chosen(("return_statement",), _returned, _wrapped), "2[37].."),
    Kind(
        "missing return",
        "typescript",
        TSC,
        _chosen(("return_statement",), _returned, _not_returned),
        "2355|2322|2366|7030|2345",
        30,
    ),
    Kind("unclosed bracket", "typescript", TSC, _chosen(("arguments",), _optional, _without_bracket), "1..."),
    Kind(
        "unused variable",
        "typescript",
        TSC,
        _chosen(("return_statement", "expression_statement"), _optional, _unused_variable),
        "6133",
    ),
)
"""What can go wrong in TypeScript, and the function that puts it in."""
