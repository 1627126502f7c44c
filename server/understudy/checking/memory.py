"""What was found out a moment ago: it holds for a while, since nobody says when a file on disk or a program changes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from time import monotonic
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Memory(Generic[Value]):
    """At most `most` values, each for `seconds`; those that were put in first go first."""

    def __init__(self, seconds: float, most: int, clock: Callable[[], float] = monotonic) -> None:
        self._seconds = seconds
        self._most = most
        self._clock = clock
        self._values: OrderedDict[Hashable, tuple[float, Value]] = OrderedDict()

    def get(self, key: Hashable) -> Value | None:
        """The value, if it is known and not too old."""
        until, value = self._values.get(key, (0.0, None))
        return value if self._clock() < until else None

    def put(self, key: Hashable, value: Value) -> None:
        """Remember it from now on."""
        self._values.pop(key, None)
        self._values[key] = self._clock() + self._seconds, value
        if len(self._values) > self._most:
            self._values.popitem(last=False)
