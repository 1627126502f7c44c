"""The rows that say which method is answered by which function."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias


def nothing() -> None:
    """The answer `null`."""
    return


@dataclass(frozen=True, slots=True)
class Request:
    """A method that is answered.

    `handle(session, params)` runs at once, in the order of the messages, so that it sees the text that the client
    meant; what takes time it returns as an awaitable. `nothing` makes the answer that is given when it fails. Of two
    requests for which `alone` gives the same key the newer cancels the older. `raw`: the parameters stay plain JSON.
    """

    method: str
    handle: Callable[[Any, Any], Awaitable[Any] | Any]
    nothing: Callable[[], Any] = nothing
    alone: Callable[[Any], Hashable] | None = None
    raw: bool = False


@dataclass(frozen=True, slots=True)
class Notification:
    """A method that is heard. `handle(session, params)` runs at once, in the order of the messages.

    `unreadable(session, params)` gets the plain JSON of parameters that are not LSP's, where passing them over would
    leave something wrong behind.
    """

    method: str
    handle: Callable[[Any, Any], None]
    raw: bool = False
    unreadable: Callable[[Any, Any], None] | None = None


Row: TypeAlias = Request | Notification
Table: TypeAlias = Mapping[str, Row]


def table(*rows: Row) -> Table:
    """The rows by their methods."""
    found = {row.method: row for row in rows}
    assert len(found) == len(rows), "two rows for one method"
    return found
