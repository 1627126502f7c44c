"""Where Understudy keeps things, and how a URI names a file: the one place that knows the platform's folders."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

import platformdirs

APP = "understudy"
HERE = ("localhost", "127.0.0.1", "[::1]")  # hosts in the URI of a file of this machine (RFC 8089, appendix B)


def config_file() -> Path:
    """The user's own settings (TOML)."""
    return _override("UNDERSTUDY_CONFIG_HOME", platformdirs.user_config_path(APP, appauthor=False)) / "config.toml"


def data_dir() -> Path:
    """Things worth keeping: the engine's environment, statistics."""
    return _override("UNDERSTUDY_DATA_HOME", platformdirs.user_data_path(APP, appauthor=False))


def state_dir() -> Path:
    """Things of the moment: the engine's lock, address, key and logs."""
    return _override("UNDERSTUDY_STATE_HOME", platformdirs.user_state_path(APP, appauthor=False))


def _override(variable: str, default: Path) -> Path:
    """Tests and several installations side by side move a folder with an environment variable."""
    return Path(os.environ[variable]) if os.environ.get(variable) else default


def uri_to_path(uri: str) -> Path | None:
    """The file that a `file:` URI names; None for any other scheme (an unsaved buffer, a notebook cell), and for what
    names none."""
    try:
        parts = urlsplit(uri)
    except ValueError:
        return None
    path = unquote(parts.path)
    if parts.scheme != "file" or "\0" in path:
        return None
    host = f"//{parts.netloc}" if parts.netloc and parts.netloc.lower() not in HERE else ""
    # Windows spells drive letters as /c:/…, which url2pathname undoes; elsewhere it changes nothing.
    return Path(url2pathname(host + path) if os.name == "nt" else host + path)


def path_in_uri(uri: str) -> Path:
    """The path that a URI of any scheme speaks of: `git:/a/b.py?HEAD` and `vscode-notebook-cell:/a/b.py#X` are made of
    /a/b.py; VS Code's git adds an ending of its own (`git:/a/b.py.git`), and Java puts one URI into another
    (`jar:file:///a/b.jar!/c.java`). What is no URI at all is taken as a path, so that rules about names hold for
    whatever a client sends."""
    if (file := uri_to_path(uri)) is not None:
        return file
    try:
        parts = urlsplit(uri)
        path = unquote(parts.path or parts.netloc)
        if parts.scheme == "git":
            path = path.removesuffix(".git")
    except ValueError:
        path = unquote(uri)
    if path != uri and path.startswith("file:/"):
        return path_in_uri(path)
    path = path.replace("\\", "/")  # unsaved buffers on Windows are named with the system's own separator
    return Path(re.sub(r"^/(?=[A-Za-z]:)", "", path) if os.name == "nt" else path)
