"""From an HTTP status and the server's own words to the error that a user reads."""

from __future__ import annotations

import json
import re
from http import HTTPStatus

from understudy.core.errors import EngineError, EngineRefused, EngineUnavailable

KEY_REMEDY = "Set UNDERSTUDY_ENGINE_API_KEY, or `engine.apiKey` in your own settings, to the key of that server."
LONGEST_MESSAGE = 300


def refusal(status: int, message: str, where: str = "The engine") -> EngineError:
    """The error for an answer with `status`; `message` is what the server said, `where` begins the sentence."""
    said = f": {message.rstrip('.')}." if message else "."
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        return EngineUnavailable(f"{where} cannot take requests now{said}", "It may still be starting: try again soon.")
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return EngineRefused(status, f"{where} does not accept the API key ({status}){said}", KEY_REMEDY)
    return EngineRefused(status, f"{where} refused ({status}){said}", _remedy(status))


def message_of(body: bytes) -> str:
    """One line from the body of an error: its `message`, its `detail`, a web page's title, else its text."""
    text = body.decode("utf-8", "replace")
    try:
        found = _message_in(json.loads(text))
    except ValueError:
        title = re.search(r"<title[^>]*>(.*?)</title>", text, re.DOTALL | re.IGNORECASE)
        found = title[1] if title else re.sub(r"<[^>]*>", " ", text)
    line = " ".join(found.split())
    return line if len(line) <= LONGEST_MESSAGE else f"{line[:LONGEST_MESSAGE]}…"


def _message_in(value: object) -> str:
    """The first text under the keys that servers use, at any depth of them."""
    while isinstance(value, dict):
        value = next((value[key] for key in ("error", "message", "detail") if value.get(key)), "")
    return value if isinstance(value, str) else json.dumps(value)


def _remedy(status: int) -> str:
    if status == HTTPStatus.NOT_FOUND:
        return "Correct `engine.url` (it usually ends in /v1) or `engine.model`."
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return "Wait a moment, or ask for less."
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return "The server's own log says more."
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        return "Set `engine.url` to the address that it redirects to."
    return "Adapt the setting that the message names."
