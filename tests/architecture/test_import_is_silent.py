"""Importing does nothing: no file written, no connection made, no program started, nothing printed, no setting read."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

# Runs in a fresh interpreter; prints, as its last act, what the imports did.
WATCH = """
import importlib, json, os, pkgutil, sys
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND
NOT_INSTALLED = {"torch", "tokenizers", "safetensors", "numpy", "vllm", "pip"}
did, failed, real = [], [], sys.stdout

def hook(event, arguments):
    if event == "open":
        path, mode, flags = arguments
        if (mode and set(mode) & set("wax+")) or (flags or 0) & WRITING:
            did.append(f"opened {path} to write")
    elif event.split(".")[0] in ("socket", "subprocess", "shutil", "sqlite3") or event in (
        "os.mkdir", "os.rename", "os.remove", "os.putenv", "os.system", "os.fork", "os.posix_spawn", "os.chdir"
    ):
        did.append(event)

class Closed:
    def write(self, text):
        did.append(f"printed {text!r}")
    def flush(self):
        pass

class Environ(type(os.environ)):
    def __getitem__(self, key):
        if str(key).startswith("UNDERSTUDY"):
            did.append(f"read {key}")
        return super().__getitem__(key)

os.environ.__class__ = Environ
sys.stdout = sys.stderr = Closed()
sys.addaudithook(hook)
package = importlib.import_module(sys.argv[1])
names = [package.__name__]
for module in pkgutil.walk_packages(package.__path__, package.__name__ + ".", onerror=failed.append):
    names.append(module.name)
for name in names:
    try:
        importlib.import_module(name)
    except ImportError as error:
        if error.name is None or error.name.split(".")[0] not in NOT_INSTALLED:
            failed.append(f"{name}: {error}")
real.write(json.dumps({"did": did, "failed": failed, "names": names}))
"""


def imported(package: str, path: Path) -> dict[str, list[str]]:
    environment = {**os.environ, "PYTHONPATH": str(path)}
    command = [sys.executable, "-B", "-c", WATCH, package]
    answer = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    found: dict[str, list[str]] = json.loads(answer.stdout)
    return found


def test_every_module_is_silent(root: Path) -> None:
    found = imported("understudy", root / "server")
    assert "understudy.lsp.server" in found["names"]
    assert not found["failed"]
    assert not found["did"]


@pytest.mark.parametrize(
    "line",
    [
        "print('hello')",
        "import sys; sys.stderr.write('hello')",
        "from pathlib import Path; Path(__file__).with_suffix('.log').write_text('')",
        "import os; os.mkdir(__file__ + '.d')",
        "import socket; socket.socket().close()",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.environ.get('UNDERSTUDY_ENGINE_URL')",
    ],
)
def test_a_module_that_acts_is_seen(line: str, tmp_path: Path) -> None:
    package = tmp_path / "loud"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "module.py").write_text(line + "\n")
    assert imported("loud", tmp_path)["did"]
