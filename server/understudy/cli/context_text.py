"""What `understudy context` prints: the account of a prompt, in lines for people and as JSON for programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any

from understudy.context.arrange import Chosen, Dropped
from understudy.context.gather import Context
from understudy.context.pieces import Origin, Piece
from understudy.core.text import Document

WIDTH = 100
MOST_DROPPED = 10  # lines about what is left out, unless all are asked for
NAME_WIDTH = 40

WHY: Mapping[Origin, str] = {
    "named": "named near the cursor",
    "imported": "imported, or in its package",
    "member": "of a class in use",
    "caller": "calls this function",
    "sibling": "stands beside it",
    "test": "test of the file, or tested by it",
    "similar": "similar text",
    "edited": "edited lately",
    "visited": "visited lately",
    "central": "much used in the repository",
}


@dataclass(frozen=True, slots=True)
class Account:
    """A prompt and where it comes from. `sizes`: tokens of its parts. `candidates`: what might have been shown, by key.
    `counted_by`: who counted the tokens. `tokens`: of the whole prompt, where the model's own tokenizer was asked.
    `unread`: why files that are not open are unknown. `refused`: why a completion would not be asked for here while
    typing.
    """

    document: Document
    offset: int
    context: Context
    limit: int
    sizes: Mapping[str, int]
    candidates: Mapping[str, Piece]
    counted_by: str
    tokens: int | None = None
    unread: str = ""
    refused: str = ""

    @property
    def total(self) -> int:
        """Tokens of what was gathered, without what the prompt's format adds."""
        return sum(self.sizes.values())


def name_of(key: str) -> str:
    """The definition that the piece with this key is, or the line, from 1, with which it begins."""
    name = key.rpartition("#")[2]
    return f"line {int(name) + 1}" if _is_row(name) else name


def form_of(chosen: Chosen, candidates: Mapping[str, Piece]) -> str:
    """How much of a piece is shown."""
    piece = candidates.get(chosen.key)
    if piece is not None and chosen.form < piece.usual:
        return "with body"
    if piece is not None and chosen.form > piece.usual:
        return "shortened"
    return "lines" if _is_row(chosen.key.rpartition("#")[2]) else "signature"


def _is_row(name: str) -> bool:
    return name.isascii() and name.isdigit()


def rows(account: Account) -> Mapping[str, tuple[int, int]]:
    """The lines, from 1 and with the last, of the parts of the cursor's own file."""
    text, context = account.document.text, account.context
    here = text.count("\n", 0, account.offset) + 1
    return {
        "before": (here - context.prefix.count("\n"), here),
        "after": (here, here + context.suffix.removesuffix("\n").count("\n")),
    }


def as_lines(account: Account, *, everything: bool = False) -> Iterator[str]:
    """The account in lines of at most `WIDTH` columns."""
    context = account.context
    yield from _files(account)
    yield from _own_file(account)
    if account.unread:
        yield ""
        yield account.unread
    if account.refused:
        yield ""
        yield f"While typing, nothing would be asked for here: {account.refused}."
    if context.dropped:
        yield ""
        yield from _left_out(context.dropped, everything=everything)
    yield ""
    whole = "" if account.tokens is None else f"; the whole prompt takes {account.tokens:,}"
    yield f"{account.total:,} of {account.limit:,} tokens{whole}. Counted by {account.counted_by}."


def _files(account: Account) -> Iterator[str]:
    for path, group in groupby(account.context.chosen, key=lambda piece: piece.path):
        pieces = list(group)
        yield _with_tokens(path, sum(piece.tokens for piece in pieces))
        for piece in pieces:
            name, form = _fitted(name_of(piece.key), NAME_WIDTH), form_of(piece, account.candidates)
            what = f"{name:<{NAME_WIDTH}}  {form:<9}"
            yield f"  {piece.tokens:6,}  {piece.score:4.2f}  {what}  {WHY[piece.origin]}"[:WIDTH]


def _own_file(account: Account) -> Iterator[str]:
    sizes = account.sizes
    tokens = sizes["head"] + sizes["before"] + sizes["after"]
    yield _with_tokens(f"{account.context.path}, around the cursor", tokens)
    if account.context.head:
        yield f"  {sizes['head']:6,}        what it imports, and headers of scopes from above"
    for part, words in (("before", "before the cursor"), ("after", "after the cursor")):
        first, last = rows(account)[part]
        yield f"  {sizes[part]:6,}        {words}, {_lines(first, last)}"


def _left_out(dropped: tuple[Dropped, ...], *, everything: bool) -> Iterator[str]:
    shown = dropped if everything else dropped[:MOST_DROPPED]
    more = len(dropped) - len(shown)
    yield "Left out, the best first" + (f" ({more} more: --all)" if more else "") + ":"
    for piece in shown:
        what = _fitted(f"{piece.path}  {name_of(piece.key)}", NAME_WIDTH)
        yield f"          {piece.score:4.2f}  {what:<{NAME_WIDTH}}  {WHY[piece.origin]}: {piece.reason}"[:WIDTH]


def _with_tokens(path: str, tokens: int) -> str:
    return f"{_fitted(path, WIDTH - 16):<{WIDTH - 15}}{tokens:8,} tokens"


def _lines(first: int, last: int) -> str:
    return f"line {first:,}" if first == last else f"lines {first:,} to {last:,}"


def _fitted(text: str, width: int) -> str:
    """`text` with its beginning cut off where it is too long: the ends of names and paths tell more."""
    return text if len(text) <= width else "…" + text[1 - width :]


def as_json(account: Account, prompt: str) -> dict[str, Any]:
    """The account for programs."""
    context, lines = account.context, rows(account)
    return {
        "path": context.path,
        "limit": account.limit,
        "tokens": account.total,
        "prompt_tokens": account.tokens,
        "counted_by": account.counted_by,
        "unread": account.unread,
        "refused": account.refused,
        "pieces": [
            {
                **asdict(piece),
                "name": name_of(piece.key),
                "form": form_of(piece, account.candidates),
                "why": WHY[piece.origin],
            }
            for piece in context.chosen
        ],
        "left_out": [
            {**asdict(piece), "name": name_of(piece.key), "why": WHY[piece.origin]} for piece in context.dropped
        ],
        "files": [asdict(file) for file in context.files],
        "head": {"tokens": account.sizes["head"], "text": context.head},
        "before": {"tokens": account.sizes["before"], "lines": lines["before"], "text": context.prefix},
        "after": {"tokens": account.sizes["after"], "lines": lines["after"], "text": context.suffix},
        "prompt": prompt,
    }
