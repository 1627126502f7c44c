"""Runs the engine and ends it when its owner ends: `python -m understudy.engine.leash GRACE COMMAND...`.

Standard input is a pipe that the owner holds open; its first line is the engine's environment as JSON. It closes when
the owner lets go and also when the owner is killed in any way, on every platform; then the engine is asked to end.
Once it has, or has not within GRACE seconds, its whole group is killed.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading

from understudy.engine import process

REST_SECONDS = 3.0


def main(grace: float, command: list[str]) -> None:
    """Run `command` to its end, then end what it left behind: the group, this process included."""
    # A handler, unlike SIG_IGN, is not inherited: the engine hears the signal, and this process outlives it.
    signal.signal(signal.SIGTERM, lambda *_: None)
    # The engine's environment leads its Python elsewhere, so this process cannot have it as its own.
    environment = json.loads(sys.stdin.buffer.readline())
    child = subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        preexec_fn=None if process.WINDOWS else process.die_with_parent,
    )
    threading.Thread(target=_watch_owner, args=(child, grace), daemon=True).start()
    child.wait()
    _end_group()


def _watch_owner(child: subprocess.Popen[bytes], grace: float) -> None:
    sys.stdin.buffer.read()
    process.ask_to_end(child.pid)
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(grace)
    _end_group()


def _end_group() -> None:
    group = process.group_of(os.getpid())
    # vLLM's processes free their shared memory when they are asked, and leave it behind when they are killed.
    process.ask_group_to_end(group)
    process.wait_for_group(group, REST_SECONDS, besides=os.getpid())
    process.kill_group(group)


if __name__ == "__main__":
    main(float(sys.argv[1]), sys.argv[2:])
