"""The words of `bwrap(1)` for a command: a pure function, so that a test can read the whole boundary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from understudy.sandbox.command import Command, Limits

# What programs need of the system: the folders of the Filesystem Hierarchy Standard that hold no user's data, and those
# of NixOS and Guix. Whatever is not named is not there: homes, /run with its sockets, /srv, /mnt, /var, /sys.
SYSTEM = (
    *("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/etc", "/opt"),
    *("/nix/store", "/gnu/store", "/run/current-system"),
)
# Parts of /etc with secrets, which matter where Understudy itself runs as root.
SECRET_FILES = ("/etc/shadow", "/etc/shadow-", "/etc/gshadow", "/etc/gshadow-", "/etc/sudoers", "/etc/krb5.keytab")
SECRET_FOLDERS = (
    *("/etc/ssh", "/etc/ssl/private", "/etc/sudoers.d", "/etc/wireguard", "/etc/NetworkManager"),
    *("/etc/letsencrypt", "/etc/kubernetes", "/etc/docker", "/etc/openvpn", "/etc/rancher", "/etc/vault.d"),
)
SWITCHES = ("/proc/sys", "/proc/sysrq-trigger")
BASE_ENVIRONMENT: Mapping[str, str] = MappingProxyType(
    {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/tmp", "TMPDIR": "/tmp", "LANG": "C.UTF-8"}  # noqa: S108
)


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A bubblewrap that works here. `secret_files`, `secret_folders`: those of the tables above that exist.

    `recent`: 0.8 or newer, which also limits the size of /tmp and forbids user namespaces inside the sandbox.
    """

    program: str
    recent: bool = True
    secret_files: tuple[str, ...] = ()
    secret_folders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Descriptors:
    """Open file descriptors. `block`: read before the program begins; `status`: written to, the process id and the exit
    status as JSON lines; `seccomp`: holds a filter of system calls."""

    block: int
    status: int
    seccomp: int | None = None


def arguments(sandbox: Sandbox, command: Command, descriptors: Descriptors | None = None) -> list[str]:
    """The whole command line."""
    return [
        sandbox.program,
        *("--unshare-all", "--unshare-user"),
        *(("--disable-userns",) if sandbox.recent else ()),
        # A session of its own keeps it from typing into the user's terminal (TIOCSTI).
        *("--die-with-parent", "--new-session", "--hostname", "sandbox", "--cap-drop", "ALL"),
        *(word for path in SYSTEM for word in ("--ro-bind-try", path, path)),
        *(word for path in sandbox.secret_files for word in ("--ro-bind", "/dev/null", path)),
        *(word for path in sandbox.secret_folders for word in ("--tmpfs", path, "--remount-ro", path)),
        *("--proc", "/proc"),
        # To the kernel's switches a root without any capability is root all the same.
        *(word for path in SWITCHES for word in ("--ro-bind-try", path, path)),
        *("--dev", "/dev"),
        *_scratch("/dev/shm", sandbox, command.limits),  # noqa: S108
        *("--remount-ro", "/dev"),
        *_scratch("/tmp", sandbox, command.limits),  # noqa: S108
        *_bound(command),
        # The rest of the root is empty, and nothing can be put there.
        *("--remount-ro", "/", "--chdir", str(command.folder)),
        *_given(descriptors),
        *("--", *command.words),
    ]


def environment(command: Command) -> dict[str, str]:
    """The environment of a command: nothing of the caller's."""
    return {**BASE_ENVIRONMENT, **command.environment}


def _given(descriptors: Descriptors | None) -> list[str]:
    if descriptors is None:
        return []
    words = ["--block-fd", str(descriptors.block), "--json-status-fd", str(descriptors.status)]
    return words if descriptors.seccomp is None else [*words, "--seccomp", str(descriptors.seccomp)]


def _scratch(path: str, sandbox: Sandbox, limits: Limits) -> tuple[str, ...]:
    size = ("--size", str(limits.temporary)) if sandbox.recent else ()
    return (*size, "--tmpfs", path)


def _bound(command: Command) -> list[str]:
    """A folder comes before those in it, which it would hide otherwise."""
    bound = [("--bind", path) for path in command.writable] + [("--ro-bind", path) for path in command.readable]
    return [word for flag, path in sorted(bound, key=lambda it: len(it[1].parts)) for word in (flag, *[str(path)] * 2)]
