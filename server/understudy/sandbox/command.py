"""The values that go into a sandbox and come out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

MB = 1024 * 1024


class Limit(Enum):
    """What ended a command before its own end; the value is a word for it in a sentence."""

    TIME = "time"
    CPU = "processor time"
    MEMORY = "memory"
    PROCESSES = "number of processes"
    FILE_SIZE = "size of a file"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a command may take. Seconds and bytes.

    `cpu_seconds`, `memory` (resident) and `processes` (threads count as such) are those of the whole tree, looked at
    some times a second; where the kernel has such a limit for a single process, that is set besides. With `processes` 1
    the kernel refuses every other, also to root, for whom it knows no other such limit. `address_space`
    is a single process's, and None where programs reserve more than they use, as Java, Go and Node do. `file_size`:
    the largest file that may be written. `temporary`: what /tmp holds. `output`: what is kept of the output; the rest
    is read and dropped.
    """

    seconds: float = 10.0
    cpu_seconds: float = 10.0
    memory: int = 512 * MB
    address_space: int | None = 4096 * MB
    processes: int = 64
    file_size: int = 64 * MB
    temporary: int = 64 * MB
    output: int = 64 * 1024


@dataclass(frozen=True, slots=True)
class Command:
    """A program, where it runs, and all that it may see besides the system. Paths are absolute.

    `environment` is the whole environment, save for what `arguments.BASE_ENVIRONMENT` adds. `readable` comes after
    `writable`, so that a part of a writable folder can be taken back.
    """

    words: tuple[str, ...]
    folder: Path = Path("/tmp")  # noqa: S108 (the sandbox's own)
    environment: Mapping[str, str] = field(default_factory=dict)
    writable: tuple[Path, ...] = ()
    readable: tuple[Path, ...] = ()
    stdin: bytes = b""
    limits: Limits = Limits()

    def __post_init__(self) -> None:
        for path in (self.folder, *self.writable, *self.readable):
            if not path.is_absolute():
                raise ValueError(f"not an absolute path: {path}")


@dataclass(frozen=True, slots=True)
class Result:
    """What a command came to.

    `status`: its exit status, 128 + n after signal n, None where a limit ended it. `output`: standard output and error
    as they came; of too much of it the beginning and the end, with `dropped` bytes missing between them.
    """

    status: int | None
    output: str
    seconds: float
    limit: Limit | None = None
    dropped: int = 0

    @property
    def succeeded(self) -> bool:
        """Whether it ended by itself with status 0."""
        return self.status == 0
