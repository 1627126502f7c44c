"""Leave the user alone for a while: completions come by hand only until then."""

from __future__ import annotations

import asyncio

from understudy.lsp.session import Session

DEFAULT_MINUTES = 5.0
LONGEST_MINUTES = 24 * 60.0


def snooze(session: Session, minutes: float) -> None:
    """Pause completions for `minutes` from now, however long a pause was under way."""
    session.snoozed_until = until = asyncio.get_running_loop().time() + 60 * minutes
    session.show_status()
    if session.waking is not None:
        session.waking.cancel()
    session.waking = session.spawn("the pause", _wake(session, until))


def resume(session: Session) -> None:
    """End the pause."""
    session.snoozed_until = 0.0
    session.show_status()


async def _wake(session: Session, until: float) -> None:
    """End the pause when it is over, unless another has begun."""
    await asyncio.sleep(until - asyncio.get_running_loop().time())
    if session.snoozed_until == until:
        resume(session)
