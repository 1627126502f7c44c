"""The key of somebody else's engine: the settings go before the keyring, and no keyring is no error."""

from __future__ import annotations

from collections.abc import Iterator

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked
from pydantic import SecretStr

from understudy.core.settings import EngineSettings
from understudy.engine.keys import key_for

URL = "http://127.0.0.1:9/v1"


class InMemory(KeyringBackend):
    """A keyring that forgets."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}
        self.asked = 0
        self.locked = False

    def get_password(self, service: str, username: str) -> str | None:
        self.asked += 1
        if self.locked:
            raise KeyringLocked("the user did not unlock it")
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password


# keyring would also offer it to others as a backend that it found, which it says by a priority above 0.
InMemory.priority = -1


@pytest.fixture(name="ring")
def fixture_ring() -> Iterator[InMemory]:
    before, ring = keyring.get_keyring(), InMemory()
    keyring.set_keyring(ring)
    yield ring
    keyring.set_keyring(before)


def test_a_key_in_the_keyring_is_found_by_the_url(ring: InMemory) -> None:
    keyring.set_password("understudy", URL, "from the keyring")
    assert key_for(EngineSettings(url=URL)) == "from the keyring"
    assert key_for(EngineSettings(url="http://127.0.0.1:10/v1")) is None


def test_a_key_in_the_settings_goes_first_and_the_keyring_is_not_asked(ring: InMemory) -> None:
    keyring.set_password("understudy", URL, "from the keyring")
    assert key_for(EngineSettings(url=URL, api_key=SecretStr("from the settings"))) == "from the settings"
    assert key_for(EngineSettings(url=URL, api_key=SecretStr(""))) is None, "a key that is set to nothing is none"
    assert ring.asked == 0


def test_a_local_engine_has_its_own_key(ring: InMemory) -> None:
    assert key_for(EngineSettings()) is None
    assert ring.asked == 0


@pytest.mark.parametrize("locked", [True, False])
def test_without_a_key_the_server_is_asked_without_one(ring: InMemory, *, locked: bool) -> None:
    ring.locked = locked
    assert key_for(EngineSettings(url=URL)) is None
    assert ring.asked == 1
