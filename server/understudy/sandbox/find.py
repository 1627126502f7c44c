"""Whether there is a sandbox on this machine, found out by running `true` in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from understudy.sandbox.arguments import SECRET_FILES, SECRET_FOLDERS, Sandbox, arguments, environment
from understudy.sandbox.command import Command

PROBE = Command(("true",))
PROBE_SECONDS = 10.0
# What bubblewrap says where the kernel, a security module or a container's profile forbids namespaces to users.
FORBIDDEN = ("ermission", "not permitted", "namespace", "uid map", "Can't mount proc")
ALLOW = (
    "Allow user namespaces (sysctl kernel.unprivileged_userns_clone=1, on Ubuntu "
    "kernel.apparmor_restrict_unprivileged_userns=0; for a container, --security-opt seccomp=unconfined and "
    "systempaths=unconfined)."
)


@dataclass(frozen=True, slots=True)
class NoSandbox:
    """Why there is none, and what to do about it: a sentence each."""

    problem: str
    remedy: str


def find_sandbox(path: str | None = None) -> Sandbox | NoSandbox:
    """A sandbox that works, or why there is none. `path`: where to look for bubblewrap, by default PATH."""
    if sys.platform != "linux":
        return NoSandbox("There is a sandbox on Linux only.", "Use Linux or, on Windows, WSL.")
    places = (os.environ.get("PATH", os.defpath) if path is None else path).split(os.pathsep)
    # A relative entry would find whatever program lies in the user's project.
    program = shutil.which("bwrap", path=os.pathsep.join(place for place in places if Path(place).is_absolute()))
    if program is None:
        return NoSandbox("bubblewrap is not installed.", "Install it, on Debian with apt-get install bubblewrap.")
    files = tuple(name for name in SECRET_FILES if Path(name).is_file())
    folders = tuple(name for name in SECRET_FOLDERS if Path(name).is_dir())
    recent = Sandbox(program, recent=True, secret_files=files, secret_folders=folders)
    complaint = _try(recent)
    if complaint is None:
        return recent
    older = Sandbox(program, recent=False, secret_files=files, secret_folders=folders)
    if "nknown option" in complaint and (complaint := _try(older)) is None:
        return older
    forbidden = any(words in complaint for words in FORBIDDEN)
    return NoSandbox(
        f"bubblewrap does not work here ({complaint}).", ALLOW if forbidden else "Update bubblewrap to 0.8 or newer."
    )


def _try(sandbox: Sandbox) -> str | None:
    """What bubblewrap complains about, in a line; None if it works."""
    try:
        answer = subprocess.run(
            arguments(sandbox, PROBE),
            env=environment(PROBE),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PROBE_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    if answer.returncode == 0:
        return None
    said = answer.stderr.decode(errors="replace").strip().splitlines() or [f"exit status {answer.returncode}"]
    return said[0].removeprefix("bwrap: ").rstrip(".")
