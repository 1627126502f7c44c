"""VS Code in its real form for a machine without a screen: code-server, with the packaged extension installed."""

from __future__ import annotations

import json
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from processes import descendants, end_all, words
from programs import program
from user import User

PATIENCE = 30.0
# What is not ours to test stays out of the way; everything else is as VS Code comes.
SETTINGS = {
    "workbench.startupEditor": "none",
    "workbench.secondarySideBar.defaultVisibility": "hidden",
    "editor.minimap.enabled": False,
    "editor.quickSuggestions": {"other": "off"},
    "files.autoSave": "off",
    "workbench.reduceMotion": "on",
    "terminal.integrated.gpuAcceleration": "off",
}


@dataclass(frozen=True)
class CodeServer:
    """A running code-server and the folders of its user."""

    user: User
    url: str
    pid: int

    @property
    def extension(self) -> Path:
        """Where the extension was installed."""
        (folder,) = (self.user.home / "extensions").glob("understudy.understudy-*")
        return folder

    @property
    def storage(self) -> Path:
        """What VS Code calls the extension's global storage."""
        return self.user.home / "data" / "User" / "globalStorage" / "understudy.understudy"

    def settings(self) -> dict[str, Any]:
        """The user's settings on this machine, where those of machine scope are."""
        file = self._settings_file()
        if not file.exists():
            return {}
        # VS Code empties the file and then fills it: what is read in between is nothing, and nothing is never a file.
        end = time.monotonic() + PATIENCE
        while not (text := file.read_text()) and time.monotonic() < end:
            time.sleep(0.01)
        return dict(json.loads(text))

    def change_settings(self, changes: Mapping[str, Any]) -> None:
        """Write settings as a user does who edits the file; None takes one out."""
        settings = {key: value for key, value in {**self.settings(), **changes}.items() if value is not None}
        file = self._settings_file()
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(settings, indent=2))

    def _settings_file(self) -> Path:
        return self.user.home / "data" / "Machine" / "settings.json"

    def servers(self) -> list[int]:
        """The processes of Understudy's server."""
        return [pid for pid in descendants(self.pid) if words(pid)[-1:] == ["lsp"]]


@contextmanager
def code_server(user: User, vsix: Path) -> Iterator[CodeServer]:
    """A code-server of `user` with the extension; all that it started is gone afterwards."""
    home = user.home
    preferences = home / "data" / "User" / "settings.json"
    preferences.parent.mkdir(parents=True)
    preferences.write_text(json.dumps(SETTINGS))
    # code-server takes the PATH of a login shell, not the one that it is started with.
    (home / ".profile").write_text(f"export PATH='{user.environment['PATH']}'\n")
    environment = {**user.environment, "SHELL": "/bin/sh"}
    command = [program("code-server"), "--user-data-dir", home / "data", "--extensions-dir", home / "extensions"]
    with (home / "code-server.log").open("w") as log:
        subprocess.run(
            [*command, "--install-extension", vsix],
            env=environment,
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        port = free_port()
        options = ["--auth", "none", "--disable-telemetry", "--disable-update-check", "--disable-workspace-trust"]
        address = f"127.0.0.1:{port}"
        with subprocess.Popen(
            [*command, *options, "--bind-addr", address, user.project],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        ) as process:
            try:
                wait_until_healthy(f"http://{address}/healthz")
                yield CodeServer(user, f"http://{address}/?folder={user.project}", process.pid)
            finally:
                family = descendants(process.pid)
                process.terminate()
                end_all(family)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_healthy(url: str) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with suppress(OSError), urllib.request.urlopen(url, timeout=5) as answer:
            if answer.status == 200:
                return
        time.sleep(0.1)
    raise TimeoutError(f"nobody answers at {url}")
