"""The keeper: the process that owns the local engine, `python -m understudy.engine.keeper`, with an `Order` as input.

It belongs to no editor, so that no editor's end is the engine's. It stops the engine when nobody uses it, starts it
again when it crashes, and says in the status file how it stands. When the keeper itself is killed, the leash ends the
engine.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from dataclasses import dataclass, replace
from typing import Literal

from understudy.core.lock import acquire, try_lock
from understudy.engine import process
from understudy.engine.boards import ask_driver
from understudy.engine.energy import EnergyMeter, Read
from understudy.engine.order import Order, delay_before_restart, from_json
from understudy.engine.probe import answers, free_port
from understudy.engine.run import EngineRun
from understudy.engine.state import EngineFolder, Status, read_last_status, users, write_status
from understudy.engine.vllm_log import Failure, failure_of, last_error

LOCK_SECONDS = 5.0
Reason = Literal["asked", "unused", "crashed", "hung", "slow"]


def main() -> None:
    """Read the order, go to the background, and keep the engine until it is not needed or cannot be kept."""
    process.detach()
    order = from_json(sys.stdin.read())
    lock = acquire(order.folder.keeper, LOCK_SECONDS)
    if lock is not None:
        with lock:
            Keeper(order).keep()


@dataclass(frozen=True, slots=True)
class End:
    """Why one run of the engine ended. `lines`: the last that it printed."""

    reason: Reason
    lines: tuple[str, ...] = ()


class Keeper:
    """Keeps one engine running. What it knows from run to run: its crashes, and when the engine was last used.

    `read`: asks the driver of the GPUs what they have drawn.
    """

    def __init__(self, order: Order, read: Read = ask_driver) -> None:
        self._folder = order.folder
        self._launch = order.launch
        self._pace = order.pace
        # Of a machine's GPUs, none is the engine's if it computes on the CPU.
        self._ledger = order.ledger if order.gpu else None
        self._read = read
        self._port = 0
        self._was_ready = False
        self._crashes: tuple[float, ...] = ()
        self._used = time.monotonic()
        self._status = Status("starting", model=order.launch.model, name=order.launch.name, keeper=os.getpid())
        self._told: Status | None = None

    def keep(self) -> None:
        """Run the engine again and again, until there is a reason not to."""
        end_left_over(self._folder)
        while True:
            self._say(phase="starting", message="Starting vLLM", percent=0, since=time.time(), pid=None, url="")
            end = self._run()
            if end.reason in ("asked", "unused"):
                return self._stopped(end.reason)
            failure = _failure(end, self._pace.ready)
            self._crashes += (time.monotonic(),)
            delay = delay_before_restart(self._crashes, time.monotonic(), was_ready=self._was_ready, pace=self._pace)
            hopeless = not self._was_ready and (end.reason == "slow" or failure_of(end.lines))
            if delay is None or hopeless:
                return self._failed(failure)
            message = f"The engine ended unexpectedly; starting it again in {delay:.0f} s"
            self._say(phase="restarting", message=message, percent=None, restarts=len(self._crashes), pid=None)
            if reason := self._pause(delay):
                return self._stopped(reason)

    def _run(self) -> End:
        """One run of the engine, from its start to its end."""
        self._port = free_port(self._port)
        run = EngineRun(self._folder, self._launch, self._port, self._pace.grace)
        who = process.identify(run.group)
        self._say(pid=run.group, pid_started=who.started if who else "")
        meter = EnergyMeter(run.group, self._ledger, self._read)
        try:
            return self._watch(run, meter)
        finally:
            meter.stop()
            run.end()
            meter.join()

    def _watch(self, run: EngineRun, meter: EnergyMeter) -> End:
        began = probed = time.monotonic()
        ready, missed = False, 0
        while True:
            if reason := self._unwanted():
                return End(reason)
            if run.ended():
                return End("crashed", run.last_lines())
            now = time.monotonic()
            if not ready and (ready := answers(run.port, self._pace.probe_timeout)):
                self._was_ready = True
                meter.start()
                self._say(phase="ready", message="Ready", percent=100, url=f"http://127.0.0.1:{run.port}/v1")
            elif not ready and now - began > self._pace.ready:
                return End("slow", run.last_lines())
            elif not ready:
                self._say(message=run.progress.message, percent=run.progress.percent)
            elif now - probed > self._pace.probe:
                missed = 0 if answers(run.port, self._pace.probe_timeout) else missed + 1
                probed = now
            if missed >= self._pace.failed_probes:
                return End("hung", run.last_lines())
            self._say()
            time.sleep(self._pace.poll)

    def _unwanted(self) -> Literal["asked", "unused"] | None:
        """Whether the engine should stop. Decided behind the gate, so that nobody adopts it in the same moment."""
        if self._folder.stop.exists():
            return "asked"
        if users(self._folder):
            self._used = time.monotonic()
        if time.monotonic() - self._used < self._pace.idle:
            return None
        gate = try_lock(self._folder.gate)
        if gate is None:
            return None
        with gate:
            if users(self._folder):
                return None
            self._say(phase="stopping", message="Stopping, since nobody uses the engine", percent=None)
        return "unused"

    def _pause(self, seconds: float) -> Literal["asked", "unused"] | None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if reason := self._unwanted():
                return reason
            time.sleep(min(self._pace.poll, seconds))
        return None

    def _stopped(self, reason: Literal["asked", "unused"]) -> None:
        with contextlib.suppress(OSError):
            self._folder.stop.unlink()
        message = "Stopped on request" if reason == "asked" else "Stopped, since nobody used the engine"
        asked = reason == "asked"
        self._say(phase="stopped", message=message, percent=None, pid=None, url="", since=time.time(), asked=asked)

    def _failed(self, failure: Failure) -> None:
        self._say(
            phase="failed",
            message=failure.problem,
            problem=failure.problem,
            remedy=failure.remedy,
            percent=None,
            pid=None,
            url="",
            since=time.time(),
        )

    def _say(self, **changes: object) -> None:
        """Change the status. Where it could not be written, the next call, with or without changes, tries again."""
        self._status = replace(self._status, **changes)  # type: ignore[arg-type]
        if self._status == self._told and self._folder.status.exists():
            return
        # A full disk must not stop the engine.
        with contextlib.suppress(OSError):
            write_status(self._folder, self._status)
            self._told = self._status


def end_left_over(folder: EngineFolder) -> None:
    """Kill an engine whose keeper and leash were both killed."""
    status = read_last_status(folder)
    if status and status.pid and process.alive(process.Identity(status.pid, status.pid_started)):
        process.kill_group(status.pid)


def _failure(end: End, ready_seconds: float) -> Failure:
    """What to tell the user when the engine is given up."""
    if known := failure_of(end.lines):
        return known
    logs = "Read why with `understudy engine logs`, then run `understudy engine start`."
    if end.reason == "slow":
        return Failure(
            f"The engine was not ready after {ready_seconds:.0f} seconds.", "Raise `engine.startSeconds`. " + logs
        )
    if end.reason == "hung":
        return Failure("The engine no longer answers.", logs)
    cause = last_error(end.lines)
    return Failure(f"The engine keeps ending: {cause}" if cause else "The engine keeps ending.", logs)


if __name__ == "__main__":
    main()
