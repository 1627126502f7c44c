"""How a URI names a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from understudy.core.paths import path_in_uri, uri_to_path


def test_a_path_leads_there_and_back(tmp_path: Path) -> None:
    path = tmp_path / "a b%20ü#?.py"
    assert uri_to_path(path.as_uri()) == path


@pytest.mark.parametrize("uri", ["untitled:Untitled-1", "git:/a.py?HEAD", "a.py", "", "file://[a", "file:///a%00b"])
def test_what_names_no_file(uri: str) -> None:
    """No client can make the system calls on it fail with something that nobody expects."""
    assert uri_to_path(uri) is None


def test_this_machine_by_its_name_is_this_machine(tmp_path: Path) -> None:
    """RFC 8089 lets a client write it; the rules about the folder must hold all the same."""
    path = tmp_path / "a.py"
    for host in ("localhost", "LOCALHOST", "127.0.0.1", "[::1]"):
        assert uri_to_path(path.as_uri().replace("file://", f"file://{host}")) == path


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("git:/a/b.py?HEAD", "/a/b.py"),
        ("git:/a/b.py.git?HEAD", "/a/b.py"),
        ("jar:file:///a/b.jar!/c.py", "/a/b.jar!/c.py"),
        ("vscode-remote://host/a/b%20c.py", "/a/b c.py"),
        ("vscode-notebook-cell:/a/b.ipynb#X", "/a/b.ipynb"),
        ("untitled:a.py", "a.py"),
        ("untitled://a.py", "a.py"),
        ("a.py", "a.py"),
        ("file://[a/b.py", "file://[a/b.py"),
    ],
)
def test_every_uri_speaks_of_a_path(uri: str, path: str) -> None:
    assert path_in_uri(uri) == Path(path)


def test_the_path_in_the_uri_of_a_file_is_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a b%20ü#?.py"
    assert path_in_uri(path.as_uri()) == path
