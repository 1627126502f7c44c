"""One run of a local engine: its processes behind the leash, and its log."""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
import threading
from collections import deque

from understudy.engine import log_file, process
from understudy.engine.base import Progress
from understudy.engine.launch import Launch, engine_environment, with_port
from understudy.engine.state import EngineFolder, engine_key
from understudy.engine.vllm_log import progress_of

KEPT_LINES = 200


class EngineRun:
    """Started by its constructor. `group` leads the engine's process group; `progress` is how far its start is."""

    def __init__(self, folder: EngineFolder, launch: Launch, port: int, grace: float) -> None:
        self.port = port
        self._grace = grace
        self.progress = Progress("Starting vLLM", 0)
        self._log = folder.log
        self._lines: deque[str] = deque(maxlen=KEPT_LINES)
        self._leash = process.start(
            [sys.executable, "-m", "understudy.engine.leash", str(grace), *with_port(launch, port)],
            os.environ,
            stdin=subprocess.PIPE,
            output=subprocess.PIPE,
        )
        self.group = self._leash.pid
        assert self._leash.stdin is not None
        environment = engine_environment(os.environ, launch, engine_key(folder))
        # Where somebody has killed the leash already, its end is seen in the next look.
        with contextlib.suppress(BrokenPipeError):
            self._leash.stdin.write(json.dumps(environment).encode() + b"\n")
            self._leash.stdin.flush()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def ended(self) -> bool:
        """Whether the engine's first process is gone."""
        return self._leash.poll() is not None

    def last_lines(self) -> tuple[str, ...]:
        """The last lines that the engine printed; all of them once it has ended."""
        if self.ended():
            # Where somebody killed the leash, the rest of its group still holds the output open.
            process.kill_group(self.group)
            self._reader.join(self._grace)
        return tuple(self._lines)

    def end(self) -> None:
        """End the whole group: in order where it listens, else by force."""
        assert self._leash.stdin is not None
        with contextlib.suppress(OSError):
            self._leash.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._leash.wait(self._grace + 2)
        process.kill_group(self.group)
        process.wait_for_group(self.group, self._grace)
        self._leash.wait()
        self._reader.join(self._grace)

    def _read(self) -> None:
        assert self._leash.stdout is not None
        # Universal newlines, since progress bars redraw their line with a carriage return.
        with io.TextIOWrapper(self._leash.stdout, encoding="utf-8", errors="replace", newline=None) as text:
            for line in text:
                self._lines.append(line.rstrip("\n"))
                # A full disk must not stop the engine.
                with contextlib.suppress(OSError):
                    log_file.append(self._log, line)
                step = progress_of(line)
                if step and (step.percent or 0) >= (self.progress.percent or 0):
                    self.progress = step
