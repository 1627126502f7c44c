"""Where the checkout is. These tests read it; none of them needs the engine."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(name="root")
def fixture_root() -> Path:
    return ROOT
