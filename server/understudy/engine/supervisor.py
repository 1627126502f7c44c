"""One local engine for all windows and front doors of a user: adopt the one that runs, or start it; stop it."""

from __future__ import annotations

import contextlib
import math
import os
import sys
import time
from collections.abc import Callable, Iterator

from understudy.core.errors import EngineUnavailable, StartFailed
from understudy.core.lock import holding, is_locked
from understudy.engine import process
from understudy.engine.order import Order, to_json
from understudy.engine.state import EngineFolder, Status, read_last_status, read_status, users

GATE_SECONDS = 60.0
KEEPER_START_SECONDS = 20.0
KEEPER_END_SECONDS = 30.0
LEASH_END_SECONDS = 30.0
POLL_SECONDS = 0.05
ENDING = ("stopping", "stopped", "failed")


def adopt_or_start(
    folder: EngineFolder, model: str | None, make_order: Callable[[], Order], *, began: float = math.inf
) -> None:
    """See to it that an engine runs or starts, on `model` (None: on any). Call it as a registered user of the engine.

    `make_order` is called only where a start is needed. An engine on another model is replaced if nobody else uses it.
    `began`: since when the caller has wanted an engine (seconds since the epoch). One that has failed or was stopped by
    hand since then is not started again behind the user's back. Raises `EngineError`. Blocks for up to a minute.
    """
    with _behind_the_gate(folder):
        status = read_status(folder)
        if status and status.phase in ENDING:
            # Its keeper may live on for a moment, and must not be taken for one that has an engine.
            _wait_for_keeper_end(folder)
            status = read_status(folder)
        if is_locked(folder.keeper):
            if status is None or model is None or status.model == model:
                return
            _refuse_if_shared(folder, status, model)
            _end_keeper(folder)
        else:
            _refuse_if_ended_since(began, status)
        _start_keeper(folder, make_order())


def stop(folder: EngineFolder, patience: float = KEEPER_END_SECONDS) -> bool:
    """End the engine, whoever uses it. False if none ran. A keeper that hangs for `patience` seconds is killed."""
    with _behind_the_gate(folder):
        if not is_locked(folder.keeper):
            return False
        _end_keeper(folder, patience)
        return True


@contextlib.contextmanager
def _behind_the_gate(folder: EngineFolder) -> Iterator[None]:
    try:
        with holding(folder.gate, GATE_SECONDS):
            yield
    except TimeoutError as error:
        raise StartFailed(
            "Another Understudy has been starting or stopping the engine for a minute.",
            "Wait for it, or end it, and try again.",
        ) from error
    except OSError as error:
        raise StartFailed(
            f"The folder {folder.root} cannot be used ({error.strerror}).", "Make room or give write permission there."
        ) from error


def _refuse_if_shared(folder: EngineFolder, status: Status, model: str) -> None:
    others = sorted({user.pid for user in users(folder) if user.pid != os.getpid()})
    if others:
        raise StartFailed(
            f"The engine runs {status.name} for {len(others)} other program(s), so it cannot change to {model}.",
            "Use the same `engine.model` in all of them, or run `understudy engine stop` first.",
        )


def _refuse_if_ended_since(began: float, status: Status | None) -> None:
    if status is None or status.since < began:
        return
    if status.phase == "failed":
        raise StartFailed(status.problem, status.remedy)
    if status.phase == "stopped" and status.asked:
        raise EngineUnavailable("The engine was stopped.", "Start it with `understudy engine start`.")


def _start_keeper(folder: EngineFolder, order: Order) -> None:
    folder.stop.unlink(missing_ok=True)
    before = read_last_status(folder)
    log = folder.root / "keeper.log"
    with log.open("w", encoding="utf-8") as output:
        process.start_detached(
            [sys.executable, "-m", "understudy.engine.keeper"], os.environ, text=to_json(order), output=output
        )
    end = time.monotonic() + KEEPER_START_SECONDS
    while (status := read_last_status(folder)) is None or (before and status.keeper == before.keeper):
        if time.monotonic() > end:
            raise StartFailed("The engine's keeper did not start.", f"Read why in {log}.")
        time.sleep(POLL_SECONDS)


def _end_keeper(folder: EngineFolder, patience: float = KEEPER_END_SECONDS) -> None:
    folder.stop.touch(mode=0o600)
    _wait_for_keeper_end(folder, patience)
    folder.stop.unlink(missing_ok=True)


def _wait_for_keeper_end(folder: EngineFolder, patience: float = KEEPER_END_SECONDS) -> None:
    """Wait for the keeper to end the engine and itself; one that hangs is killed, and its leash ends the engine."""
    end = time.monotonic() + patience
    while is_locked(folder.keeper):
        if time.monotonic() > end:
            status = read_last_status(folder)
            if status and status.keeper:
                process.kill(status.keeper)
            end = time.monotonic() + patience
        time.sleep(POLL_SECONDS)
    _wait_for_leash_end(read_last_status(folder))


def _wait_for_leash_end(status: Status | None) -> None:
    """After a keeper that was killed: one that ended in order has ended its engine first and says so."""
    leash = process.Identity(status.pid, status.pid_started) if status and status.pid else None
    if leash and process.alive(leash) and not process.wait_for_group(leash.pid, LEASH_END_SECONDS):
        process.kill_group(leash.pid)
