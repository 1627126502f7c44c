"""What the tests in real editors share: a user with nothing of their own, and a place for pictures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from programs import ARTEFACTS
from user import User, new_user

LAST_OF_A_LOG = 8_000


@pytest.fixture(name="user")
def fixture_user(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[User]:
    """A user in a home of their own; if the test fails, what the programs logged there is part of the report."""
    user = new_user(tmp_path / "home")
    yield user
    for name, text in user.logs().items():
        request.node.add_report_section("teardown", f"log {name}", text[-LAST_OF_A_LOG:])


@pytest.fixture(name="artefacts")
def fixture_artefacts(request: pytest.FixtureRequest) -> Path:
    """Where a test leaves pictures for a person to look at; they stay after the run."""
    folder = ARTEFACTS / request.path.parent.name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say where the pictures are."""
    if ARTEFACTS.is_dir() and any(ARTEFACTS.iterdir()):
        terminalreporter.write_line(f"Pictures of the editors: {ARTEFACTS}")
