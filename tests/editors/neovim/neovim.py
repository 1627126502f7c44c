"""A Neovim that tests drive: keys go in as a user types them, and what it shows comes out."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from neovim_rpc import Rpc, connect
from processes import descendants, end_all

HERE = Path(__file__).parent
PLUGIN = HERE.parents[2] / "extension" / "editors" / "neovim"
OFFERING_SERVER = (sys.executable, str(HERE / "offering_server.py"))
REAL_SERVER = (sys.executable, "-m", "understudy")
LOG, PIDS = "server.log", "server.pids"
SECONDS = 10

WITH_PLUGIN = f"""
vim.opt.rtp:prepend("{PLUGIN}")
vim.lsp.config("understudy", {{ cmd = {{ server, "lsp" }} }})
"""

# The ghost text of a namespace, as a user sees it.
GHOST = """
local found = vim.api.nvim_get_namespaces()[...]
local lines = {}
for _, mark in ipairs(found and vim.api.nvim_buf_get_extmarks(0, found, 0, -1, { details = true }) or {}) do
  local rows = { mark[4].virt_text or {} }
  vim.list_extend(rows, mark[4].virt_lines or {})
  for _, row in ipairs(rows) do
    lines[#lines + 1] = table.concat(vim.tbl_map(function(chunk) return chunk[1] end, row))
  end
end
return #lines > 0 and table.concat(lines, "\\n") or vim.NIL
"""


class Neovim:
    """One running Neovim."""

    def __init__(self, rpc: Rpc, folder: Path, pid: int) -> None:
        self._rpc = rpc
        self._folder = folder
        self.pid = pid

    def ask(self, method: str, *arguments: Any) -> Any:
        """Call a function of Neovim's interface."""
        return self._rpc.ask(method, *arguments)

    def lua(self, code: str, *arguments: Any) -> Any:
        return self.ask("nvim_exec_lua", code, arguments)

    def command(self, command: str) -> str:
        """Run a command as from its command line; what it printed."""
        return str(self.ask("nvim_exec2", command, {"output": True}).get("output", ""))

    def type(self, keys: str) -> None:
        """Type keys in Neovim's notation, and wait until they are dealt with."""
        self.ask("nvim_input", keys)
        self.ask("nvim_eval", "1")

    @property
    def lines(self) -> list[str]:
        return [str(line) for line in self.ask("nvim_buf_get_lines", 0, 0, -1, True)]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def cursor(self) -> tuple[int, int]:
        """Line from 1, byte from 0."""
        row, column = self.ask("nvim_win_get_cursor", 0)
        return int(row), int(column)

    @property
    def ghost(self) -> str | None:
        """The ghost text of the current buffer; None if there is none."""
        return self.ghost_of("understudy")

    def ghost_of(self, namespace: str) -> str | None:
        """The ghost text that somebody else shows."""
        found: str | None = self.lua(GHOST, namespace)
        return found

    @property
    def said(self) -> list[str]:
        """What the server wrote on its error stream."""
        log = self._folder / LOG
        return log.read_text("utf-8").splitlines() if log.exists() else []

    def server_pids(self) -> list[int]:
        """The processes of every server that was started, in that order."""
        pids = self._folder / PIDS
        return [int(line) for line in pids.read_text().split()] if pids.exists() else []

    def until(self, holds: Callable[[], Any], seconds: float = SECONDS) -> Any:
        """Wait until `holds()` is true, and return what it gave."""
        end = time.monotonic() + seconds
        while not (value := holds()):
            assert time.monotonic() < end, f"{self.lines} {self.ghost!r} {self.ask('nvim_get_mode')}\n{self.said[-10:]}"
            time.sleep(0.01)
        return value

    def shows(self, ghost: str | None) -> None:
        """Wait until exactly this ghost text is shown."""
        self.until(lambda: self.ghost == ghost)

    def holds(self, text: str) -> None:
        """Wait until exactly this text is in the buffer."""
        self.until(lambda: self.text == text)

    def noted(self, *words: Any) -> None:
        """Wait for a note of the fake server that begins with these words."""
        note = "note " + json.dumps(words)[:-1]
        self.until(lambda: any(line.startswith(note) for line in self.said))

    def edit(self, path: Path | str) -> None:
        """Open a file and wait until the server knows it."""
        self.command(f"edit {path}")
        self.until(lambda: self.lua("return #vim.lsp.get_clients({ name = 'understudy', bufnr = 0 })"))

    def settle(self) -> None:
        """Let something wrong happen, if it is going to."""
        time.sleep(0.4)
        self.ask("nvim_eval", "1")


@contextmanager
def neovim(
    program: Path,
    project: Path,
    environment: Mapping[str, str],
    server: Sequence[str] = OFFERING_SERVER,
    *,
    init: str = WITH_PLUGIN,
) -> Iterator[Neovim]:
    """A Neovim whose configuration is `init`, Lua in which `server` is the path of a program that is the server."""
    folder = Path(tempfile.mkdtemp(prefix="nvim-"))  # the path of a socket may have some 100 bytes only
    wrapped, settings, socket = folder / "server", folder / "init.lua", folder / "socket"
    command = " ".join(map(shlex.quote, server))
    wrapped.write_text(f'#!/bin/sh\necho $$ >>"{folder / PIDS}"\nexec {command} "$@" 2>>"{folder / LOG}"\n')
    wrapped.chmod(0o755)
    settings.write_text(f'vim.o.swapfile, vim.o.shadafile = false, "NONE"\nlocal server = "{wrapped}"\n{init}')
    words = [program, "--headless", "-u", settings, "--listen", socket]
    process = subprocess.Popen(words, env=environment, cwd=project, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    family = [process.pid]
    try:
        end = time.monotonic() + SECONDS
        while (rpc := connect(socket)) is None:
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < end
            time.sleep(0.01)
        with rpc:
            yield Neovim(rpc, folder, process.pid)
            family = descendants(process.pid)
            rpc.tell("nvim_command", "qall!")
            process.wait(SECONDS)
    finally:
        process.kill()
        process.communicate()
        end_all(family)
        shutil.rmtree(folder)


Open = Callable[..., AbstractContextManager[Neovim]]
