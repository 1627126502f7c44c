"""Debian packages without root: fetched with everything they need into a folder, and made to run from there.

The machine's own packages stay as they are. apt gets lists, a cache and an empty package database of its own, so that
it resolves every dependency down to the C library; each program is then told to load the libraries of this folder, in
its ELF header and not by an environment variable, which the programs that it starts would inherit.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

SUITE = "sid"
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")


class Unavailable(Exception):
    """One sentence: what could not be had, and what to do."""


def fetch(packages: Sequence[str], tree: Path, work: Path, say: Callable[[str], None]) -> None:
    """Unpack the packages and all that they depend on below `tree`. `work` keeps lists and downloads."""
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb") or not KEYRING.is_file():
        raise Unavailable("This is not Debian: install the editors with your system's package manager.")
    options = _private(work)
    say(f"asking the machine's Debian mirror for {SUITE}")
    _update(work, options)
    shutil.rmtree(work / "archives", ignore_errors=True)
    (work / "archives" / "partial").mkdir(parents=True)
    say(f"downloading {', '.join(packages)}")
    _run(["apt-get", *options, "--yes", "--download-only", "install", *packages])
    archives = sorted((work / "archives").glob("*.deb"))
    say(f"unpacking {len(archives)} packages")
    shutil.rmtree(tree, ignore_errors=True)
    tree.mkdir(parents=True)
    for archive in archives:
        _run(["dpkg-deb", "--extract", archive, tree])
    shutil.rmtree(work)


def _update(work: Path, options: Sequence[str]) -> None:
    """Get the list of packages from the first mirror of the machine that has it."""
    failure = Unavailable("apt names no Debian mirror: install the editors yourself.")
    for mirror in _mirrors():
        (work / "sources.list").write_text(f"deb [signed-by={KEYRING}] {mirror} {SUITE} main\n")
        try:
            return _run(["apt-get", *options, "-o", "APT::Update::Error-Mode=any", "update"])
        except Unavailable as why:
            failure = why
    raise failure


def use_own_libraries(binary: Path, tree: Path, patchelf: Path) -> None:
    """Make a program of `tree` run with the loader and the libraries of `tree`."""
    loader = next(tree.glob("usr/lib*/ld-linux-*.so.*"), None) or next(tree.glob("usr/lib/*/ld-linux-*.so.*"))
    libraries = loader.resolve().parent
    # RPATH and not RUNPATH: it holds for the libraries of the libraries too.
    wanted = ["--set-interpreter", loader.resolve(), "--force-rpath", "--set-rpath", libraries]
    _run([patchelf, *wanted, binary])


def _private(work: Path) -> list[str]:
    """Options that keep apt away from the machine's own state; on the command line they win over every file."""
    for folder in ("lists/partial", "archives/partial", "state"):
        (work / folder).mkdir(parents=True, exist_ok=True)
    (work / "status").touch()
    settings = {
        "Dir::Etc::SourceList": work / "sources.list",
        "Dir::Etc::SourceParts": "-",
        "Dir::State": work / "state",
        "Dir::State::Lists": work / "lists",
        "Dir::State::status": work / "status",
        "Dir::Cache": work,
        "Dir::Cache::Archives": work / "archives",
        "APT::Install-Recommends": "false",
        # A mirror that somebody keeps still is out of date by its own word; what it has is signed all the same.
        "Acquire::Check-Valid-Until": "false",
        # As root apt would drop to a user who may not write here.
        "APT::Sandbox::User": "root",
        "Debug::NoLocking": "true",
    }
    return ["-qq", *(word for name, value in settings.items() for word in ("-o", f"{name}={value}"))]


def _mirrors() -> list[str]:
    """Where this machine gets its own packages from; the archive of security updates has no sid."""
    asked = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI)"], capture_output=True, text=True, check=False
    )
    return [uri for uri in dict.fromkeys(asked.stdout.split()) if "security" not in uri]


def _run(command: Sequence[str | Path]) -> None:
    ran = subprocess.run(command, capture_output=True, text=True, check=False, env=_quiet())
    if ran.returncode:
        last = (ran.stderr or ran.stdout).strip().splitlines()[-1:] or ["no reason given"]
        raise Unavailable(f"{Path(command[0]).name} failed: {last[0]}")


def _quiet() -> dict[str, str]:
    return {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
