"""checkStatus, signIn and their like: every answer says that there is no account."""

from __future__ import annotations

import platform
from typing import Any

from lsprotocol import types

from understudy import __version__
from understudy.lsp import copilot
from understudy.lsp.session import Session


def check_status(_session: Session, _params: Any) -> dict[str, Any]:
    """Whether completions may be asked for."""
    return {"status": "OK", "user": copilot.USER}


def sign_in(session: Session, _params: Any) -> dict[str, Any]:
    """The user wants to sign in."""
    session.tell(copilot.NO_ACCOUNT, types.MessageType.Info)
    return {"status": "AlreadySignedIn", "user": copilot.USER}


def sign_out(session: Session, _params: Any) -> dict[str, Any]:
    """The user wants to sign out."""
    session.tell(copilot.NO_ACCOUNT, types.MessageType.Info)
    return {"status": "NotSignedIn"}


def check_quota(_session: Session, _params: Any) -> dict[str, Any]:
    """How many completions are left."""
    return {"completions": {"unlimited": True, "percentRemaining": 100}}


def get_version(_session: Session, _params: Any) -> dict[str, str]:
    """Which server this is."""
    return {"version": __version__, "buildType": "prod", "runtimeVersion": f"python/{platform.python_version()}"}


def set_editor_info(_session: Session, _params: Any) -> str:
    """Who the client is, which `initialize` has said already."""
    return "OK"
