"""The address of an OpenAI-compatible server, and which of its paths are where."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit, urlunsplit

from understudy.core.errors import EngineUnavailable

API = "/v1"


@dataclass(frozen=True, slots=True)
class Address:
    """`base` ends in the API's path, mostly /v1; `root` is what stands before that.

    A user and password in the URL are in `credentials` and nowhere else, so that the rest may be shown and logged.
    `private`: this machine, or the user's own network.
    """

    base: str
    root: str
    secure: bool
    loopback: bool
    private: bool
    credentials: tuple[str, str] | None = None


def read_address(url: str) -> Address:
    """The address that a user gave. Raises `EngineUnavailable` where it is none."""
    remedy = "Set `engine.url`, or what else names it, to an address like http://127.0.0.1:8000/v1."
    try:
        parts = urlsplit(url.strip())
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise EngineUnavailable(f"The engine's URL is not one ({error}).", remedy) from error
    if parts.scheme not in ("http", "https") or not host:
        shown = without_credentials(url.strip())
        raise EngineUnavailable(f"The engine's URL is not an http or https address: {shown}.", remedy)
    netloc = parts.netloc.rpartition("@")[2]
    base = urlunsplit((parts.scheme, netloc, parts.path.rstrip("/"), "", ""))
    credentials = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
    return Address(
        base, base.removesuffix(API), parts.scheme == "https", is_loopback(host), is_private(host), credentials
    )


def without_credentials(url: str) -> str:
    """`url`, which need not be one, as it may be shown: without a user and a password."""
    return re.sub(r"(?<=//)[^/]*@", "", url)


def is_private(host: str) -> bool:
    """Whether a host name or address means this machine or one of the user's own network: a private address (RFC 1918,
    RFC 4193), a bare name, or one that is only resolved there (RFC 6762, RFC 8375, ICANN's `.internal`)."""
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_private
    except ValueError:
        name = host.rstrip(".")
        return "." not in name or name.endswith((".localhost", ".local", ".home.arpa", ".internal"))


def is_loopback(host: str) -> bool:
    """Whether a host name or address means this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False
