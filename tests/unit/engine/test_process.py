from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from understudy.engine import process

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
# A leader with one child, which ignores being asked to end.
PAIR = [
    sys.executable,
    "-c",
    "import subprocess, sys, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); print('up', flush=True); time.sleep(60)",
]


def test_an_identity_ends_with_its_process() -> None:
    with subprocess.Popen(SLEEP) as child:
        who = process.identify(child.pid)
        assert who
        assert process.alive(who)
        child.kill()
        time.sleep(0.2)
        assert not process.alive(who), "a zombie is not alive"
    assert process.identify(child.pid) is None


def test_an_identity_is_not_its_pid_alone() -> None:
    mine = process.identify(os.getpid())
    assert mine
    assert not process.alive(process.Identity(os.getpid(), mine.started + "0"))


def test_a_group_is_killed_whole() -> None:
    with process.start(PAIR, os.environ, stdin=subprocess.DEVNULL, output=subprocess.PIPE) as leader:
        assert leader.stdout
        assert leader.stdout.readline() == b"up\n"
        group = process.group_of(leader.pid)
        assert group == leader.pid != process.group_of(os.getpid())
        memory = process.group_memory(group)
        assert memory is None or memory > 2_000_000
        process.ask_to_end(leader.pid)
        assert not process.wait_for_group(group, 0.2)
        process.kill_group(group)
        assert process.wait_for_group(group, 5)
    process.kill_group(group)


def test_a_detached_process_is_nobody_s_child(tmp_path: Path) -> None:
    code = (
        "import os, sys; from understudy.engine import process; process.detach();"
        "print(sys.stdin.read(), os.getpid(), flush=True)"
    )
    answer = tmp_path / "answer"
    with answer.open("w") as output:
        process.start_detached([sys.executable, "-c", code], os.environ, text="hello", output=output)
    end = time.monotonic() + 5
    while len(words := answer.read_text().split()) < 2:
        assert time.monotonic() < end
        time.sleep(0.02)
    assert words[0] == "hello"
    with pytest.raises(ChildProcessError):
        os.waitpid(int(words[1]), os.WNOHANG)
