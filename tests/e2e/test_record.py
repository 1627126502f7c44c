"""The recorder: it passes on what it is given, writes down what may be kept, and ends with the server."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

RECORDER = str(Path(__file__).with_name("record.py"))
SERVER = """
import sys
head = sys.stdin.buffer.readline() + sys.stdin.buffer.readline()
body = sys.stdin.buffer.read(int(head.split(b":")[1].split()[0]))
sys.stdout.buffer.write(b"Content-Length: %d\\r\\n\\r\\n%s" % (len(body), body))
raise SystemExit(3)
"""


def framed(message: dict[str, Any]) -> bytes:
    body = json.dumps(message, ensure_ascii=False).encode()
    return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


def test_what_is_passed_on_and_what_is_kept(tmp_path: Path) -> None:
    params = {"processId": 4711, "rootUri": "file:///home/me/thing", "word": "é\u2028"}
    sent = framed({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params})
    tape = tmp_path / "tape.jsonl"
    command = [sys.executable, RECORDER, str(tape), "/home/me/thing=/project", "--", sys.executable, "-c", SERVER]
    done = subprocess.run(command, input=sent, capture_output=True, timeout=20, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (3, sent, b"")
    lines = [json.loads(line) for line in tape.read_bytes().split(b"\n")[:-1]]
    assert [line["from"] for line in lines] == ["client", "server"]
    kept = {"processId": None, "rootUri": "file:///project", "word": "é\u2028"}
    assert all(line["message"]["params"] == kept for line in lines)


def test_how_it_is_called() -> None:
    done = subprocess.run([sys.executable, RECORDER, "tape"], capture_output=True, timeout=20, check=False)
    assert done.returncode == 2
    assert b"usage" in done.stderr
