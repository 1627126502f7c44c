"""The environment of a checker: what programs need to find themselves, and nothing else; no keys, no tokens."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

KEPT = (
    *("HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "LC_MESSAGES", "TZ"),
    *("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_DATA_DIRS"),
    *("CARGO_HOME", "RUSTUP_HOME", "RUSTUP_TOOLCHAIN", "GOPATH", "GOROOT", "GOCACHE", "GOMODCACHE"),
    *("NVM_DIR", "VOLTA_HOME", "PYENV_ROOT", "ASDF_DATA_DIR"),
    # Without these nothing starts on Windows.
    *("SYSTEMROOT", "SYSTEMDRIVE", "PATHEXT", "COMSPEC", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "PROGRAMDATA"),
)
FIXED: Mapping[str, str] = {
    "NO_COLOR": "1",
    "PYTHONDONTWRITEBYTECODE": "1",  # no __pycache__ beside anybody's sources
    "PYTHONSAFEPATH": "1",  # no module of the folder it runs in takes the place of another
    "PYTHONUTF8": "1",
    "GOTOOLCHAIN": "local",  # no download of another Go that a go.mod asks for
    "GOPROXY": "off",
    "CARGO_NET_OFFLINE": "true",
    "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1",
    "NO_UPDATE_NOTIFIER": "1",
}


def allowed(caller: Mapping[str, str], path: Iterable[Path], temporary: Path) -> dict[str, str]:
    """What is handed on of the caller's environment. `path`: the folders of PATH; `temporary`: a folder that goes when
    the check is over."""
    return {
        **{name: caller[name] for name in KEPT if name in caller},
        **FIXED,
        "PATH": os.pathsep.join(map(str, path)),
        **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(temporary)),
    }
