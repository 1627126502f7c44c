"""What a program in the sandbox cannot reach: tried from inside, each beside what it can."""

from __future__ import annotations

import asyncio
import os
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from confined import inside, sandbox

from understudy.sandbox.command import Command
from understudy.sandbox.run import SandboxFailed, run

# Tries `code`, and says how it ended.
TRY = """
try:
    {code}
except OSError as error:
    print(type(error).__name__, error.errno)
else:
    print("done")
"""


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def descriptors() -> int:
    return len(names(Path("/proc/self/fd")))


async def tried(code: str, **more: object) -> str:
    return (await inside(TRY.format(code=code), **more)).output.strip()


@pytest.fixture(name="home")
def fixture_home() -> Iterator[Path]:
    """A folder in the user's real home."""
    with tempfile.TemporaryDirectory(dir=Path.home(), prefix=".understudy-test-") as folder:
        yield Path(folder)


async def test_a_program_runs() -> None:
    result = await inside("import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)")
    assert (result.status, result.limit, set(result.output.split())) == (3, None, {"out", "err"})
    assert (await inside("print(input())", stdin=b"line\n")).output == "line\n"
    assert (await run(sandbox(), Command(("sh", "-c", "kill -SEGV $$")))).status == 128 + 11


async def test_no_network() -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    connect = f"import socket; socket.create_connection(('127.0.0.1', {port}), 2)"
    try:
        assert await tried(connect) == "ConnectionRefusedError 111"
        assert await tried("import socket; socket.create_connection(('192.0.2.1', 80), 2)") == "OSError 101"
        assert "gaierror" in await tried("import socket; socket.getaddrinfo('example.org', 80)")
    finally:
        listener.close()


async def test_no_socket_of_the_system(home: Path) -> None:
    """A socket in the file system is reachable through a mount that is read-only: sockets must not be there at all."""
    path = home / "socket"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        connect = f"import socket; socket.socket(socket.AF_UNIX).connect('{path}')"
        assert await tried(connect) == "FileNotFoundError 2"
        assert await tried(connect, readable=(home,)) == "done", "the test's own socket answers"
    assert (await inside("import os; print(os.path.exists('/run/user'), os.path.exists('/var/run'))")).output == (
        "False False\n"
    )


async def test_the_home_is_not_there(home: Path) -> None:
    (home / "secret").write_text("canary")
    assert await tried(f"open('{home}/secret').read()") == "FileNotFoundError 2"
    assert await tried(f"open('{home}/secret').read()", readable=(home,)) == "done"
    assert "Error" in await tried(f"open('{home}/new', 'w')")
    assert names(home) == ["secret"]


@pytest.mark.parametrize("place", ["/", "/usr", "/etc", "/dev", "/opt", "/proc/sys/kernel/core_pattern"])
async def test_the_system_cannot_be_written(place: str) -> None:
    path = place if place.startswith("/proc") else f"{place}/understudy-test"
    assert await tried(f"open('{path}', 'a').write('')") in ("OSError 30", "PermissionError 13")
    assert not os.path.exists(path) or place.startswith("/proc")  # noqa: ASYNC240, PTH110


async def test_only_what_is_given_can_be_written(home: Path) -> None:
    (home / "open").mkdir()
    (home / "open" / "kept").write_text("as it was")
    given = {"writable": (home / "open",), "readable": (home / "open" / "kept",), "folder": home / "open"}
    assert await tried("open('new', 'w').write('x')", **given) == "done"
    assert (home / "open" / "new").read_text() == "x"
    assert await tried("open('kept', 'w').write('x')", **given) == "OSError 30"
    assert await tried("open('../beside', 'w').write('x')", **given) == "OSError 30"
    assert (home / "open" / "kept").read_text() == "as it was"
    assert names(home) == ["open"]


async def test_a_link_out_of_a_writable_folder_leads_nowhere(home: Path) -> None:
    (home / "open").mkdir()
    (home / "secret").write_text("canary")
    (home / "open" / "link").symlink_to(home / "secret")
    assert await tried("open('link').read()", writable=(home / "open",), folder=home / "open") == "FileNotFoundError 2"


async def test_the_temporary_folder_is_its_own() -> None:
    with tempfile.NamedTemporaryFile(dir="/tmp"):
        assert (await inside("import os; print(os.listdir('/tmp'))")).output == "[]\n"


async def test_no_secret_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNDERSTUDY_CANARY_KEY", "canary-value")
    code = """
import os
from pathlib import Path
print(dict(os.environ))
for path in Path('/proc').glob('[0-9]*/environ'):
    print(path, path.read_bytes())
"""
    result = await inside(code, environment={"GIVEN": "this"})
    assert result.status == 0
    assert "canary" not in result.output.lower()
    assert "'GIVEN': 'this'" in result.output


async def test_no_other_process_is_seen() -> None:
    result = await inside("import os; print(sorted(int(it) for it in os.listdir('/proc') if it.isdigit()))")
    assert result.output == "[1, 2]\n"


async def test_no_way_to_more_rights() -> None:
    """No capability, none to be had from a set-uid program, no namespace in which there would be some."""
    code = "print([line.split()[1] for line in open('/proc/self/status') if line.startswith(('CapEff', 'NoNewPrivs'))])"
    assert (await inside(code)).output == "['0000000000000000', '1']\n"
    result = await run(sandbox(), Command(("unshare", "--user", "true")))
    assert result.status != 0, result.output
    assert (await run(sandbox(), Command(("hostname",)))).output.strip() == "sandbox"


@pytest.mark.skipif(os.getuid() != 0, reason="only root could read these")
async def test_root_sees_no_password() -> None:
    assert await tried("open('/etc/shadow').read()") == "PermissionError 13"
    assert await tried("open('/etc/passwd').read()") == "done"


async def test_what_cannot_begin_says_why(home: Path) -> None:
    with pytest.raises(SandboxFailed, match="no-such-program"):
        await run(sandbox(), Command(("no-such-program",)))
    with pytest.raises(SandboxFailed, match="gone"):
        await run(sandbox(), Command(("true",), readable=(home / "gone",)))


async def test_many_at_once() -> None:
    before = descriptors()
    results = await asyncio.gather(*(inside(f"print({number})") for number in range(8)))
    assert [result.output for result in results] == [f"{number}\n" for number in range(8)]
    assert descriptors() <= before, "descriptors were left open"
