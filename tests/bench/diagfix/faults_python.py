"""Faults in Python that a type checker reports, or that take more than one file; those that people make while they type
are `understudy.bundled.faults`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from random import Random

from bench.diagfix.case import Fault, Injector, Kind, Place
from understudy.bundled.faults import inject, misspelt

RUFF, PYRIGHT = "ruff", "basedpyright"
TYPED = ("str", "int", "bool", "float")


def typed_while_typing(kind: str) -> Injector:
    """A kind of `understudy.bundled.faults`."""

    def injected(place: Place, random: Random) -> Fault | None:
        fault = inject(kind, place.source, random) if place.source else None
        return None if fault is None else Fault(fault.text, fault.fixed, fault.row)

    return injected


def replaced(text: str, row: int, line: str) -> str:
    """`text` with another line in a row."""
    lines = text.split("\n")
    lines[row] = line
    return "\n".join(lines)


def changed_line(place: Place, row: int, line: str) -> Fault:
    """The fault of one changed line."""
    return Fault(replaced(place.text, row, line), place.text, row)


def nodes(place: Place, *kinds: type[ast.AST]) -> list[ast.AST]:
    """Nodes of some kinds that stand in a line of ASCII alone, in which the tree's columns are those of the text."""
    if place.source is None:
        return []
    lines = place.source.lines
    return [
        node
        for node in place.source.nodes
        if isinstance(node, kinds)
        and getattr(node, "lineno", 0) == getattr(node, "end_lineno", -1)
        and lines[node.lineno - 1].isascii()  # type: ignore[attr-defined]
    ]


def functions(place: Place) -> dict[str, ast.FunctionDef]:
    """The functions at the top of the file that take just what they name."""
    body = place.source.tree.body if place.source else []
    return {
        it.name: it
        for it in body
        if isinstance(it, ast.FunctionDef) and not (it.args.vararg or it.args.kwarg or it.decorator_list)
    }


def calls(place: Place) -> Iterator[tuple[ast.Call, ast.FunctionDef]]:
    """Calls of these functions."""
    known = functions(place)
    for node in nodes(place, ast.Call):
        assert isinstance(node, ast.Call)
        if isinstance(node.func, ast.Name) and node.func.id in known:
            yield node, known[node.func.id]


def one_argument_less(place: Place, random: Random) -> Fault | None:
    """A call without an argument that it needs."""
    found = [
        call
        for call, to in calls(place)
        if call.args and not call.keywords and len(call.args) == len(to.args.args) - len(to.args.defaults)
    ]
    return _without_last_argument(place, random.choice(found)) if found else None


def _without_last_argument(place: Place, call: ast.Call) -> Fault:
    row, last = call.lineno - 1, call.args[-1]
    line = place.text.split("\n")[row]
    begin = call.args[-2].end_col_offset if len(call.args) > 1 else last.col_offset
    return changed_line(place, row, line[:begin] + line[last.end_col_offset :])


def one_argument_more(place: Place, random: Random) -> Fault | None:
    """A call with one argument too many."""
    found = [
        call for call, to in calls(place) if call.args and not call.keywords and len(call.args) == len(to.args.args)
    ]
    if not found:
        return None
    call = random.choice(found)
    line = place.text.split("\n")[call.lineno - 1]
    at = call.args[-1].end_col_offset or 0
    return changed_line(place, call.lineno - 1, f"{line[:at]}, {random.choice(('None', 'True', '0'))}{line[at:]}")


def wrong_keyword(place: Place, random: Random) -> Fault | None:
    """A call with a misspelt keyword."""
    found = [
        (call, keyword)
        for call in nodes(place, ast.Call)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
        for keyword in call.keywords
        if keyword.arg is not None and len(keyword.arg) > 3 and keyword.lineno == call.lineno
    ]
    if not found or place.source is None:
        return None
    _, keyword = random.choice(found)
    assert keyword.arg is not None
    wrong = misspelt(keyword.arg, random, place.source.words)
    line = place.text.split("\n")[keyword.lineno - 1]
    at = keyword.col_offset
    if not wrong:
        return None
    return changed_line(place, keyword.lineno - 1, line[:at] + wrong + line[at + len(keyword.arg) :])


def returning(place: Place) -> Iterator[tuple[ast.FunctionDef, ast.Return]]:
    """Functions that say that they return a value of a plain type, with their returns that stand in a line."""
    rows = {id(node) for node in nodes(place, ast.Return)}
    for function in place.source.nodes if place.source else ():
        if not isinstance(function, ast.FunctionDef) or not isinstance(function.returns, ast.Name):
            continue
        if function.returns.id in TYPED:
            for node in ast.walk(function):
                if isinstance(node, ast.Return) and node.value is not None and id(node) in rows:
                    yield function, node


def type_mismatch(place: Place, random: Random) -> Fault | None:
    """A value that has slipped into a tuple or a list."""
    found = [node for _, node in returning(place)]
    if not found:
        return None
    node = random.choice(found)
    line = place.text.split("\n")[node.lineno - 1]
    assert node.value is not None
    begin, end = node.value.col_offset, node.value.end_col_offset or 0
    wrong = f"{line[:end]},{line[end:]}" if random.random() < 0.5 else f"{line[:begin]}[{line[begin:end]}]{line[end:]}"
    return changed_line(place, node.lineno - 1, wrong)


def missing_return(place: Place, random: Random) -> Fault | None:
    """A value that is computed at the end of a function, and not returned."""
    found = [node for function, node in returning(place) if function.body[-1] is node and not _plain(node.value)]
    if not found:
        return None
    node = random.choice(found)
    line = place.text.split("\n")[node.lineno - 1]
    assert node.value is not None
    return changed_line(place, node.lineno - 1, line[: node.col_offset] + line[node.value.col_offset :])


def _plain(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant | ast.Name)


def stale_caller(place: Place, random: Random) -> Fault | None:
    """A function got another name, and one who calls it did not hear of it."""
    found = [call for call, _ in calls(place)]
    if not found or place.source is None:
        return None
    call = random.choice(found)
    assert isinstance(call.func, ast.Name)
    old = call.func.id
    new = renamed(old, random)
    # All other uses have the new name.
    uses = [it for it in place.source.nodes if isinstance(it, ast.Name) and it.id == old]
    rows = {(it.lineno - 1, it.col_offset) for it in uses}
    function = functions(place)[old]
    rows.add((function.lineno - 1, function.col_offset + len("def ")))
    lines = place.text.split("\n")
    if new in place.source.words or not all(lines[row].isascii() for row, _ in rows):
        return None
    if any(lines[row][at : at + len(old)] != old for row, at in rows):
        return None
    after = list(lines)
    for row, at in sorted(rows, reverse=True):
        after[row] = after[row][:at] + new + after[row][at + len(old) :]
    row = call.func.lineno - 1
    faulty = list(after)
    at = call.func.col_offset + (len(new) - len(old)) * sum(1 for r, c in rows if r == row and c < call.func.col_offset)
    faulty[row] = after[row][:at] + old + after[row][at + len(new) :]
    return Fault("\n".join(faulty), "\n".join(after), row)


def stale_import(place: Place, random: Random) -> Fault | None:
    """What is imported from another file has another name there, in a text that is open and not saved."""
    found = [
        (node, alias)
        for node in nodes(place, ast.ImportFrom)
        if isinstance(node, ast.ImportFrom) and node.module and node.level <= 1
        for alias in node.names
        if alias.asname is None
    ]
    random.shuffle(found)
    for node, alias in found:
        folder = f"{place.path.rpartition('/')[0]}/" if node.level else ""
        path = f"{folder}{(node.module or '').replace('.', '/')}.py"
        text = place.files.get(path, "")
        heads = [f"\ndef {alias.name}(", f"\nclass {alias.name}(", f"\nclass {alias.name}:"]
        head = next((it for it in heads if text.count(it) == 1), None)
        if head is None:
            continue
        new = renamed(alias.name, random)
        line = place.text.split("\n")[node.lineno - 1]
        fixed = line[: alias.col_offset] + f"{new} as {alias.name}" + line[alias.end_col_offset :]
        others = {path: text.replace(head, head.replace(alias.name, new))}
        return Fault(place.text, replaced(place.text, node.lineno - 1, fixed), node.lineno - 1, others)
    return None


def renamed(name: str, random: Random) -> str:
    """A name as it is after a while."""
    ending = random.choice(("_of", "_from", "_for")) if name.islower() else random.choice(("Base", "Value", "Item"))
    return f"{name}{ending}"


def literal_identity(place: Place, random: Random) -> Fault | None:
    """`is` where `==` is meant, on a number or a string."""
    found = [
        node
        for node in nodes(place, ast.Compare)
        if isinstance(node, ast.Compare)
        and len(node.ops) == 1
        and isinstance(node.ops[0], ast.Eq)
        and isinstance(node.comparators[0], ast.Constant)
        and isinstance(node.comparators[0].value, str | int)
        and not isinstance(node.comparators[0].value, bool)
    ]
    if not found:
        return None
    node = random.choice(found)
    line = place.text.split("\n")[node.lineno - 1]
    end, begin = node.left.end_col_offset or 0, node.comparators[0].col_offset
    if line[end:begin].strip() != "==":
        return None
    return changed_line(place, node.lineno - 1, f"{line[:end]} is {line[begin:]}")


def wrong_indentation(place: Place, random: Random) -> Fault | None:
    """A statement in a body that stands one blank too far left or right."""
    found = [
        statement
        for function in (place.source.nodes if place.source else ())
        if isinstance(function, ast.FunctionDef)
        for statement in function.body[1:]
        if statement.lineno == statement.end_lineno and statement.col_offset != 0
    ]
    if not found:
        return None
    statement = random.choice(found)
    line = place.text.split("\n")[statement.lineno - 1]
    return changed_line(place, statement.lineno - 1, f" {line}" if random.random() < 0.5 else line[1:])


KINDS = (
    *(
        Kind(name, "python", RUFF, typed_while_typing(name), code)
        for name, code in (
            ("misspelt name", "F821"),
            ("missing import", "F821"),
            ("unused import", "F401"),
            ("unused variable", "F841"),
            ("unclosed bracket", ""),
            ("missing colon", ""),
        )
    ),
    Kind("stale caller", "python", RUFF, stale_caller, "F821"),
    Kind("is for ==", "python", RUFF, literal_identity, "F632"),
    Kind("wrong indentation", "python", RUFF, wrong_indentation),
    Kind(
        "misspelt attribute", "python", PYRIGHT, typed_while_typing("misspelt attribute"), "reportAttributeAccessIssue"
    ),
    Kind("argument missing", "python", PYRIGHT, one_argument_less, "reportCallIssue"),
    Kind("argument too many", "python", PYRIGHT, one_argument_more, "reportCallIssue"),
    Kind("wrong keyword", "python", PYRIGHT, wrong_keyword, "reportCallIssue"),
    Kind("type mismatch", "python", PYRIGHT, type_mismatch, "reportReturnType"),
    Kind("missing return", "python", PYRIGHT, missing_return, "reportReturnType", 60),
    Kind("stale import", "python", PYRIGHT, stale_import, "reportAttributeAccessIssue"),
)
"""What can go wrong, who reports it, and the function that puts it in."""
