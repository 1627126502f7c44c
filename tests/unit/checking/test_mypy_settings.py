"""What of a project's mypy settings is kept."""

from __future__ import annotations

import configparser
from pathlib import Path

import pytest

from understudy.checking.checkers.mypy_settings import harmless

INI = """
[mypy]
strict = True
plugins = ./evil.py
python_executable = .venv/bin/python
python-executable = .venv/bin/python
junit_xml = report.xml
cache_dir = /x
mypy_path = $MYPY_CONFIG_FILE_DIR/src:%(a)s
files = a, b

[mypy-lib.*]
ignore_missing_imports = True

[other]
x = 1
"""
TOML = """
[tool.mypy]
strict = true
plugins = ["./evil.py"]
mypy_path = ["src", "${MYPY_CONFIG_FILE_DIR}/stubs"]
enable_error_code = ["ignore-without-code"]
html_report = "out"

[[tool.mypy.overrides]]
module = ["lib.*", "other"]
ignore_missing_imports = true

[[tool.mypy.overrides]]
module = "other"
disallow_untyped_defs = false
"""


def kept(tmp_path: Path, name: str, text: str, *, trusted: bool = False) -> dict[str, dict[str, str]]:
    file = tmp_path / name
    file.write_text(text)
    read = configparser.RawConfigParser()
    read.read_string(harmless(file, Path("/overlay"), trusted=trusted))
    return {section: dict(read[section]) for section in read.sections()}


def test_an_ini_file(tmp_path: Path) -> None:
    assert kept(tmp_path, "mypy.ini", INI) == {
        "mypy": {"strict": "True", "mypy_path": "/overlay/src:%(a)s"},
        "mypy-lib.*": {"ignore_missing_imports": "True"},
    }


def test_a_toml_file(tmp_path: Path) -> None:
    assert kept(tmp_path, "pyproject.toml", TOML) == {
        "mypy": {"strict": "True", "mypy_path": "src, /overlay/stubs", "enable_error_code": "ignore-without-code"},
        "mypy-lib.*": {"ignore_missing_imports": "True"},
        "mypy-other": {"ignore_missing_imports": "True", "disallow_untyped_defs": "False"},
    }


def test_trust_keeps_plugins_and_writes_no_report_all_the_same(tmp_path: Path) -> None:
    settings = kept(tmp_path, "mypy.ini", INI, trusted=True)["mypy"]
    assert settings["plugins"] == "./evil.py"
    assert "junit_xml" not in settings


@pytest.mark.parametrize(
    ("name", "text"),
    [("mypy.ini", "no section"), ("pyproject.toml", "= broken"), ("pyproject.toml", "[tool]\nmypy = 3")],
)
def test_settings_that_cannot_be_read(tmp_path: Path, name: str, text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        kept(tmp_path, name, text)
