"""Which replica is asked next, when one has failed."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, auto
from http import HTTPStatus

from understudy.core.errors import EngineBroken, EngineError, EngineRefused, EngineUnavailable
from understudy.engine.replica import Replica, Standing

RETRIES = 1
# About the replica and not about the request: a key or a model that this one does not have, or too much to do.
NOT_HERE = {
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.TOO_MANY_REQUESTS,
}
_ORDER = {Standing.UP: 0, Standing.DOUBTED: 1, Standing.OUT: 2}


class Fault(Enum):
    """Whose fault an error is: the request's own; the replica did not take it; the replica broke down over it."""

    OWN = auto()
    NOT_TAKEN = auto()
    BROKE = auto()


def fault_of(error: EngineError, *, begun: bool = False) -> Fault:
    """`begun`: whether some of the answer had come before `error`."""
    if isinstance(error, EngineBroken):
        return Fault.BROKE
    if isinstance(error, EngineUnavailable):
        return Fault.BROKE if begun else Fault.NOT_TAKEN
    if not isinstance(error, EngineRefused):
        return Fault.OWN
    if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Fault.BROKE
    return Fault.NOT_TAKEN if error.status in NOT_HERE else Fault.OWN


class Attempts:
    """One request's way through the replicas: each at most once, and at most one more after one broke down over it."""

    def __init__(self, ranked: Sequence[Replica]) -> None:
        self._left = list(ranked)
        self._now: Replica | None = None
        self._error: EngineError | None = None
        self._alive = False
        self._broke = 0

    def replica(self) -> Replica:
        """The one to ask, which stays the same until it fails: one that is up before one that is doubted, by rank.
        Those that are out are asked only where no other was alive. Raises the first error where none is left."""
        if self._now is None:
            found = min(self._left, key=lambda replica: _ORDER[replica.standing], default=None)
            if self._error and (found is None or (self._alive and found.standing is Standing.OUT)):
                raise self._error
            assert found is not None, "there is at least one replica"
            self._left.remove(found)
            self._now = found
        return self._now

    def failed(self, error: EngineError, *, begun: bool = False) -> None:
        """The one that was asked failed. Raises `error` where no other is to be asked."""
        replica, self._now = self.replica(), None
        self._error = self._error or error
        fault = fault_of(error, begun=begun)
        if fault is Fault.NOT_TAKEN:
            replica.doubt()
            self._alive = self._alive or replica.standing is not Standing.OUT
        elif fault is Fault.BROKE:
            replica.fall(error.problem)
            self._broke += 1
        if fault is Fault.OWN or self._broke > RETRIES:
            raise error
