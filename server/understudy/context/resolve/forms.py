"""From a definition to a piece in its forms."""

from __future__ import annotations

from understudy.context.index.base import Index
from understudy.context.index.record import Definition
from understudy.context.pieces import Origin, Piece
from understudy.context.resolve.words import words

MAX_BODY = 10  # rows: a longer body costs more than it tells
MAX_SIGNATURE = 12  # rows: what is longer is shown by its first line only


def key_of(definition: Definition) -> str:
    """The piece's name, which a change of its text leaves as it is."""
    return f"{definition.path}#{definition.qualified}"


def piece_of(
    definition: Definition, score: float, origin: Origin, *, within: str = "", bodies: Index | None = None
) -> Piece:
    """The definition as a piece: with its body where that is short and `bodies` has it, as its signature, as the one
    line that has its name."""
    signature = definition.signature
    rows = signature.count("\n") + 1
    name = name_line(definition) if rows > 1 else signature
    forms = [signature] if rows <= MAX_SIGNATURE else [name]
    body = _body(definition, bodies) if bodies is not None else ""
    if body:
        forms.insert(0, body)
    if name != forms[-1]:
        if not body:
            forms.insert(0, signature)
        forms.append(name)
    key, usual = key_of(definition), 1 if body else 0
    return Piece(definition.path, definition.first, key, tuple(forms), min(score, 1.0), origin, within, usual)


def name_line(definition: Definition) -> str:
    """The line of a signature that has the name, which decorators may stand above."""
    lines = definition.signature.split("\n")
    plain = (line for line in lines if not line.lstrip().startswith(("@", "#[", "[")))
    return next((line for line in plain if definition.name in words(line)), lines[-1])


def _body(definition: Definition, index: Index) -> str:
    if definition.kind not in ("function", "method") or definition.last - definition.first > MAX_BODY:
        return ""
    text = index.text(definition.path)
    if text is None:
        return ""
    body = "\n".join(text.split("\n")[definition.first : definition.last]).rstrip("\r\n")
    return body if body != definition.signature else ""


def stretch(path: str, first: int, last: int, score: float, origin: Origin, index: Index) -> Piece | None:
    """The rows `first` to `last` of a file as they are, less blank ones at both ends; None where they are not known."""
    text = index.text(path)
    if text is None:
        return None
    lines = text.split("\n")
    first, last = max(first, 0), min(last, len(lines))
    while first < last and not lines[first].strip():
        first += 1
    while first < last and not lines[last - 1].strip():
        last -= 1
    if first >= last:
        return None
    body = "\n".join(line.rstrip("\r") for line in lines[first:last])
    return Piece(path, first, f"{path}#{first}", (body,), score, origin)
