"""For all tests: no connection leaves this machine, no setting of the developer counts, Ctrl-C is heeded, `--update`
rewrites files."""

from __future__ import annotations

import ipaddress
import os
import signal
import socket
from pathlib import Path
from typing import Any

import pytest

GROUPS = ("ENGINE", "WORK", "COMPLETION", "CONTEXT", "FIX", "STATISTICS", "TRACE", "SCRIPT")
SETTINGS = tuple(f"UNDERSTUDY_{group}_" for group in GROUPS)


def pytest_configure() -> None:
    """Forget the developer's own settings, which the servers that tests start would take for those of the test."""
    for name in [name for name in os.environ if f"{name}_".startswith(SETTINGS)]:
        del os.environ[name]
    os.environ["UNDERSTUDY_CONFIG_HOME"] = str(Path(__file__).with_name("no-settings"))
    # A shell's background job, as a CI's runner may be one, ignores interrupts, and so would what the tests start.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="rewrite generated files and golden answers; read the diff")


@pytest.fixture(name="update")
def fixture_update(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update"))


@pytest.fixture(autouse=True)
def only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse to connect anywhere but to this machine itself."""
    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))


def _guarded(connect: Any) -> Any:
    def guarded(self: socket.socket, address: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_loopback(address[0]):
            raise AssertionError(f"a test tried to connect to {address!r}")
        return connect(self, address)

    return guarded


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
