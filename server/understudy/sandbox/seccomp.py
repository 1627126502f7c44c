"""A filter of system calls (seccomp(2)) under which a program stays one process with one thread.

It is for programs that need no other: what a limit on their number cannot hold, where root runs them, the kernel then
refuses from the first on.
"""

from __future__ import annotations

import errno
import platform
import struct

# Audit architecture (linux/audit.h) and the numbers of fork, vfork, clone and clone3 on it (asm/unistd.h).
CALLS = {
    "x86_64": (0xC000003E, (57, 58, 56, 435)),
    "aarch64": (0xC00000B7, (220, 435)),
}
X32 = 0x40000000  # the bit of a second set of numbers on x86_64
LOAD, EQUAL, AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06  # BPF_LD|W|ABS, BPF_JMP|JEQ|K, BPF_JMP|JGE|K, BPF_RET|K
NUMBER, ARCHITECTURE = 0, 4  # offsets in struct seccomp_data
ALLOW, REFUSE = 0x7FFF0000, 0x00050000 | errno.EAGAIN  # SECCOMP_RET_ALLOW, SECCOMP_RET_ERRNO


def one_process(machine: str | None = None) -> bytes | None:
    """The filter as `bwrap --seccomp` reads it, or None where the numbers of the system calls are not known."""
    known = CALLS.get(machine or platform.machine())
    if known is None:
        return None
    architecture, numbers = known
    tests = [(EQUAL, number) for number in numbers] + [(AT_LEAST, X32)]
    lines = [(LOAD, 0, 0, ARCHITECTURE), (EQUAL, 0, len(tests) + 2, architecture), (LOAD, 0, 0, NUMBER)]
    # Each test that holds leaps over those after it and over the line that allows.
    lines += [(code, len(tests) - place, 0, value) for place, (code, value) in enumerate(tests)]
    lines += [(RETURN, 0, 0, ALLOW), (RETURN, 0, 0, REFUSE)]
    return b"".join(struct.pack("=HBBI", *line) for line in lines)
