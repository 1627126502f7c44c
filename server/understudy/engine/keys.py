"""The API key of somebody else's engine: from the settings, else from the system's keyring; never from a workspace."""

from __future__ import annotations

from understudy.core.settings import EngineSettings

SERVICE = "understudy"


def key_for(settings: EngineSettings) -> str | None:
    """The key for `settings.url`. The environment is already folded into the settings. May wait for the keyring."""
    if settings.api_key is not None:
        return settings.api_key.get_secret_value() or None
    return _from_keyring(settings.url) if settings.url else None


def _from_keyring(url: str) -> str | None:
    """The password of the user `url` in the service `understudy`; None without the optional `keyring` package."""
    try:
        import keyring
        import keyring.errors
    except ImportError:
        return None
    try:
        key = keyring.get_password(SERVICE, url)
    except keyring.errors.KeyringError:
        # No keyring is set up, or the user would not unlock it: then the server is asked without a key.
        return None
    return str(key) if key else None
