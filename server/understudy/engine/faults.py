"""From what goes wrong on a connection to the error that a user reads. `where` begins the sentence."""

from __future__ import annotations

import httpx

from understudy.core.errors import EngineBroken, EngineError, EngineUnavailable

LOG_REMEDY = "The server's own log says more."
ADDRESS_REMEDY = "Start the server there, or correct `engine.url`."


def unanswered(error: Exception, where: str) -> EngineError:
    """The error for a request that got no answer at all."""
    for kinds, says, remedy in _FAULTS:
        if isinstance(error, kinds):
            return EngineUnavailable(f"{where} {says}.", remedy)
    return EngineBroken(f"{where} closed the connection without an answer.", LOG_REMEDY)


def let_go(where: str) -> EngineUnavailable:
    """This side has given its connections back."""
    return EngineUnavailable(f"{where} is no longer connected.", "Ask again.")


def broke_off(where: str) -> EngineBroken:
    """A stream ended before its answer did."""
    return EngineBroken(f"{where} broke off in the middle of an answer.", LOG_REMEDY)


def not_the_protocol(where: str) -> EngineBroken:
    """What came is a web page, or not the JSON that was to be expected."""
    return EngineBroken(
        f"{where} answered something that is not OpenAI's API.", "Correct `engine.url`: it usually ends in /v1."
    )


# The first row that fits: httpx's timeouts are narrower than their common base.
_FAULTS: tuple[tuple[tuple[type[Exception], ...], str, str], ...] = (
    ((httpx.ConnectError, httpx.ConnectTimeout), "cannot be reached", ADDRESS_REMEDY),
    ((httpx.ProxyError,), "cannot be reached through the proxy", "Check the proxy that the environment names."),
    ((httpx.PoolTimeout,), "has too many requests under way", "Wait until one has ended."),
    ((httpx.TimeoutException,), "did not answer in time", "It may be busy or starting: try again soon."),
    ((httpx.UnsupportedProtocol, httpx.InvalidURL), "has no usable address", "Correct `engine.url`."),
)
