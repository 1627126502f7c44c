"""The table of what plugins say that were written for Copilot's language server, and of their commands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from understudy.lsp.copilot import ACCEPT_COMMAND, DID_SHOW_EDIT, FINISH_COMMAND, INLINE_EDIT, PANEL_COMPLETION
from understudy.lsp.handlers.copilot import account, completions, inline_edit, models, panel, reports
from understudy.lsp.handlers.inline_completion import no_items
from understudy.lsp.handlers.reports import did_show
from understudy.lsp.session import Session
from understudy.lsp.table import Notification, Request, Row

ROWS: tuple[Row, ...] = (
    Request(
        "getCompletions",
        completions.get_completions,
        nothing=completions.no_completions,
        alone=completions.by_place,
        raw=True,
    ),
    Request(
        "getCompletionsCycling",
        completions.get_completions_cycling,
        nothing=completions.no_completions,
        alone=completions.by_place,
        raw=True,
    ),
    Request(INLINE_EDIT, inline_edit.inline_edit, nothing=inline_edit.no_edits, alone=completions.by_place, raw=True),
    Request(
        PANEL_COMPLETION,
        panel.panel_completion,
        nothing=no_items,
        alone=completions.by_place,
        raw=True,
    ),
    Request("getPanelCompletions", panel.get_panel_completions, raw=True),
    Request("notifyShown", reports.notify_shown, raw=True),
    Request("notifyAccepted", reports.notify_accepted, raw=True),
    Request("notifyRejected", reports.notify_rejected, raw=True),
    Request("notifyNextEditRejected", reports.notify_rejected, raw=True),
    Notification(DID_SHOW_EDIT, did_show, raw=True),
    Request("checkStatus", account.check_status, raw=True),
    Request("checkQuota", account.check_quota, raw=True),
    Request("signIn", account.sign_in, raw=True),
    Request("signInInitiate", account.sign_in, raw=True),
    Request("signInConfirm", account.check_status, raw=True),
    Request("signOut", account.sign_out, raw=True),
    Request("getVersion", account.get_version, raw=True),
    Request("setEditorInfo", account.set_editor_info, raw=True),
    Request("copilot/models", models.models, raw=True),
)

COMMANDS: Mapping[str, Callable[[Session, list[Any]], Any]] = {
    ACCEPT_COMMAND: reports.accept,
    FINISH_COMMAND: account.check_status,
}
