"""What clients report of an item: that it was shown, accepted in part, or dismissed. Nothing depends on it."""

from __future__ import annotations

from typing import Any

from understudy.lsp.convert import Encoding, index_of_unit
from understudy.lsp.ext import read_report
from understudy.lsp.session import Session


def did_show(session: Session, params: Any) -> None:
    """An item was shown."""
    report = read_report(params)
    if report is not None and session.services is not None:
        session.services.completer.shown(report.item_id)


def did_accept_part(session: Session, params: Any) -> None:
    """The beginning of an item was accepted. Its length counts UTF-16 units in every client."""
    report = read_report(params)
    if report is None or session.services is None or report.accepted is None:
        return
    length = index_of_unit(report.text, report.accepted, Encoding.UTF16) if report.text else report.accepted
    session.services.completer.accepted(report.item_id, length)


def did_accept(session: Session, params: Any) -> None:
    """An item was accepted whole; a client may run the item's command instead."""
    report = read_report(params)
    if report is not None and session.services is not None:
        session.services.completer.accepted(report.item_id)


def did_reject(session: Session, params: Any) -> None:
    """An item was dismissed."""
    report = read_report(params)
    if report is not None and session.services is not None:
        session.services.completer.rejected(report.item_id)
