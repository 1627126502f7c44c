"""The whole boundary, to be read: what bubblewrap is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from understudy.sandbox.arguments import BASE_ENVIRONMENT, Descriptors, Sandbox, arguments, environment
from understudy.sandbox.command import Command, Limits

SANDBOX = Sandbox("/usr/bin/bwrap", secret_files=("/etc/shadow",), secret_folders=("/etc/ssh",))
COMMAND = Command(
    ("make", "test"),
    folder=Path("/srv/tree"),
    writable=(Path("/srv/tree"),),
    readable=(Path("/srv/tree/.git"),),
    limits=Limits(temporary=1000),
)

GOLDEN = """
/usr/bin/bwrap
--unshare-all
--unshare-user
--disable-userns
--die-with-parent
--new-session
--hostname sandbox
--cap-drop ALL
--ro-bind-try /usr /usr
--ro-bind-try /bin /bin
--ro-bind-try /sbin /sbin
--ro-bind-try /lib /lib
--ro-bind-try /lib32 /lib32
--ro-bind-try /lib64 /lib64
--ro-bind-try /libx32 /libx32
--ro-bind-try /etc /etc
--ro-bind-try /opt /opt
--ro-bind-try /nix/store /nix/store
--ro-bind-try /gnu/store /gnu/store
--ro-bind-try /run/current-system /run/current-system
--ro-bind /dev/null /etc/shadow
--tmpfs /etc/ssh
--remount-ro /etc/ssh
--proc /proc
--ro-bind-try /proc/sys /proc/sys
--ro-bind-try /proc/sysrq-trigger /proc/sysrq-trigger
--dev /dev
--size 1000
--tmpfs /dev/shm
--remount-ro /dev
--size 1000
--tmpfs /tmp
--bind /srv/tree /srv/tree
--ro-bind /srv/tree/.git /srv/tree/.git
--remount-ro /
--chdir /srv/tree
--block-fd 5
--json-status-fd 7
--seccomp 9
-- make test
"""


def test_the_words_of_bubblewrap() -> None:
    assert arguments(SANDBOX, COMMAND, Descriptors(5, 7, 9)) == GOLDEN.split()


def test_an_older_bubblewrap_is_asked_for_less() -> None:
    words = arguments(Sandbox("/usr/bin/bwrap", recent=False), COMMAND)
    assert {"--size", "--disable-userns"}.isdisjoint(words)
    assert {"--unshare-all", "--die-with-parent", "--tmpfs"} < set(words)


def test_nothing_of_the_callers_environment() -> None:
    assert environment(COMMAND) == BASE_ENVIRONMENT
    assert environment(Command(("true",), environment={"HOME": "/x", "A": "b"})) == {
        **BASE_ENVIRONMENT,
        "HOME": "/x",
        "A": "b",
    }


@pytest.mark.parametrize("name", ["folder", "writable", "readable"])
def test_a_relative_path_is_refused(name: str) -> None:
    path = Path("tree")
    with pytest.raises(ValueError, match="not an absolute path: tree"):
        Command(("true",), **{name: path if name == "folder" else (path,)})  # type: ignore[arg-type]
