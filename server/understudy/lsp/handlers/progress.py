"""window/workDoneProgress/cancel: the user has had enough of something long."""

from __future__ import annotations

from lsprotocol import types

from understudy.lsp.session import Session


def cancel(session: Session, params: types.WorkDoneProgressCancelParams) -> None:
    """Stop what the progress is of. One that has ended by now is passed over."""
    stop = session.cancels.pop(str(params.token), None)
    if stop is not None:
        stop()
