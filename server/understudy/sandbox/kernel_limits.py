"""The kernel's own limits for a single process, set from outside with prlimit(2)."""

from __future__ import annotations

import os
import signal
import sys

from understudy.sandbox.command import Limit, Limits

NICER = 10  # on the scale of nice(1): an editor and its engine go first
SIGNALLED = 128  # what shells and bubblewrap add to a signal's number


def restrict(pid: int, limits: Limits, *, number: bool = True) -> None:
    """Limit a process and each of its children. Does nothing where the system cannot.

    `number`: their number too. The kernel counts all processes of the user for that, so it means something only in a
    namespace of its own. It is no limit for root (kernel/fork.c); there the watch over the tree is all there is.
    """
    if sys.platform != "linux":
        return
    import resource

    cpu = max(1, round(limits.cpu_seconds))
    table = {
        resource.RLIMIT_CPU: (cpu, cpu + 1),
        resource.RLIMIT_FSIZE: (limits.file_size, limits.file_size),
        resource.RLIMIT_CORE: (0, 0),
    }
    if number:
        processes = limits.processes + 1  # process 1 of the namespace counts as well
        table[resource.RLIMIT_NPROC] = (processes, processes)
    if limits.address_space is not None:
        table[resource.RLIMIT_AS] = (limits.address_space, limits.address_space)
    for name, (soft, hard) in table.items():
        _, highest = resource.prlimit(pid, name)
        # Nobody but root can raise a limit that is lower already.
        at_most = hard if highest == resource.RLIM_INFINITY else min(hard, highest)
        resource.prlimit(pid, name, (min(soft, at_most), at_most))
    os.setpriority(os.PRIO_PROCESS, pid, min(19, os.getpriority(os.PRIO_PROCESS, pid) + NICER))


def which_limit(status: int | None) -> Limit | None:
    """The limit behind the signal that an exit status tells of."""
    if sys.platform == "win32" or status is None:
        return None
    return {SIGNALLED + signal.SIGXCPU: Limit.CPU, SIGNALLED + signal.SIGXFSZ: Limit.FILE_SIZE}.get(status)
