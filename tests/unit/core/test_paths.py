"""How a URI names a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from understudy.core.paths import uri_to_path


def test_a_path_leads_there_and_back(tmp_path: Path) -> None:
    path = tmp_path / "a b%20ü#?.py"
    assert uri_to_path(path.as_uri()) == path


@pytest.mark.parametrize("uri", ["untitled:Untitled-1", "git:/a.py?HEAD", "a.py", "", "file://[a", "file:///a%00b"])
def test_what_names_no_file(uri: str) -> None:
    """No client can make the system calls on it fail with something that nobody expects."""
    assert uri_to_path(uri) is None
