from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from checkable import Place


@pytest.fixture(name="place")
def fixture_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    place = Place(tmp_path, monkeypatch)
    yield place
    place.close()
