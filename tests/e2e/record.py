"""Stands between an editor and a language server, and writes down what they say to each other.

    python record.py FILE [OLD=NEW ...] -- COMMAND [ARGUMENT ...]

FILE gets one JSON object per line, `{"from": "client" or "server", "message": …}`, in the order in which the messages
passed. Every OLD in them is written down as NEW, so that no path of the machine is kept; what is passed on is left as
it is. The process's exit status is the server's. Only the standard library, so that any Python 3.11 can run it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO, Any

USAGE = "usage: record.py FILE [OLD=NEW ...] -- COMMAND [ARGUMENT ...]"


class Recorder:
    """The file of one conversation. Two threads write to it."""

    def __init__(self, file: Path, replacements: list[tuple[str, str]]) -> None:
        self._out = file.open("w", encoding="utf-8")
        self._replacements = replacements
        self._lock = threading.Lock()

    def note(self, speaker: str, body: bytes) -> None:
        """Write a message down before it is passed on, so that an answer never stands before its question."""
        message = json.loads(body)
        if isinstance(message, dict) and message.get("method") == "initialize" and "processId" in message["params"]:
            message["params"]["processId"] = None  # it names no process where the conversation is played again
        line = json.dumps({"from": speaker, "message": message}, ensure_ascii=False)
        for old, new in self._replacements:
            line = line.replace(old, new)
        with self._lock:
            self._out.write(line + "\n")
            self._out.flush()

    def close(self) -> None:
        with self._lock:
            self._out.close()


def main(arguments: list[str]) -> int:
    if "--" not in arguments or arguments.index("--") == 0:
        sys.stderr.write(USAGE + "\n")
        return 2
    middle = arguments.index("--")
    file, *pairs = arguments[:middle]
    recorder = Recorder(Path(file), [(old, new) for old, _, new in (pair.partition("=") for pair in pairs)])
    with subprocess.Popen(arguments[middle + 1 :], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        # A daemon, since nothing ends a read of our own stdin when the server has gone first.
        threading.Thread(target=pump, args=("client", _unbuffered(0), server.stdin, recorder), daemon=True).start()
        with os.fdopen(os.dup(1), "wb", buffering=0) as back:
            pump("server", server.stdout, back, recorder)
        status = server.wait()
    recorder.close()
    return status


def _unbuffered(descriptor: int) -> IO[bytes]:
    # The interpreter's own buffer of stdin may not be locked by a thread that is still reading when the process ends.
    return os.fdopen(os.dup(descriptor), "rb")


def pump(speaker: str, source: IO[bytes], target: Any, recorder: Recorder) -> None:
    """Pass messages on until `source` ends, then end `target` too."""
    while (message := read(source)) is not None:
        head, body = message
        recorder.note(speaker, body)
        try:
            target.write(head + body)
            target.flush()
        except (BrokenPipeError, ValueError):
            return
    target.close()


def read(source: IO[bytes]) -> tuple[bytes, bytes] | None:
    """The head and the body of the next message, or None at the end."""
    head, length = b"", 0
    while line := source.readline():
        head += line
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            length = int(value)
        if not line.strip():
            body = source.read(length)
            return (head, body) if len(body) == length else None
    return None


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
