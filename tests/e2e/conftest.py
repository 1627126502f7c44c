"""What the conversations share: a server process, and its end, whatever the test does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest
import pytest_asyncio
from wire_client import Serve, Wire, server

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(name="serve")
def fixture_serve(tmp_path: Path) -> Serve:
    """Starts a server whose user has no settings of their own."""
    return partial(server, home=tmp_path / "home")


@pytest_asyncio.fixture(name="conversation", scope="module", loop_scope="module")
async def fixture_conversation(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Wire]:
    async with server(home=tmp_path_factory.mktemp("home")) as wire:
        await wire.start()
        yield wire
        assert await wire.leave() == 0


@pytest_asyncio.fixture(name="wire", loop_scope="module")
async def fixture_wire(conversation: Wire) -> Wire:
    """A conversation that goes on from test to test, with nothing open: so every test also shows that it can."""
    conversation.forget()
    return conversation
