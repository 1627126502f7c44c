"""The settings of a project's mypy without those that run code or write files: as a file of its own."""

from __future__ import annotations

import configparser
import io
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from understudy.checking.checkers.row import Site, text_of

# These write reports, choose files, or install packages.
DROPPED = (
    *("files", "packages", "modules", "cache_dir", "sqlite_cache", "incremental", "skip_cache_mtime_checks"),
    *("junit_xml", "junit_format", "any_exprs_report", "cobertura_xml_report", "html_report", "xslt_html_report"),
    *("linecount_report", "linecoverage_report", "lineprecision_report", "txt_report", "xml_report", "xslt_txt_report"),
    *(
        "install_types",
        "non_interactive",
        "pdb",
        "show_traceback",
        "raise_exceptions",
        "shadow_file",
        "output",
        "pretty",
    ),
    *("dump_type_stats", "dump_inference_stats", "dump_graph", "verbosity", "timing_stats", "line_checking_stats"),
)
# These run code: a plugin is imported, an interpreter is started.
CODE = ("plugins", "python_executable")
FOLDER = ("$MYPY_CONFIG_FILE_DIR", "${MYPY_CONFIG_FILE_DIR}")


def settings_file(site: Site) -> Path | None:
    """The file with the project's settings."""
    for folder in site.grounds.chain:
        for name, holds in (
            ("mypy.ini", ""),
            (".mypy.ini", ""),
            ("pyproject.toml", "tool.mypy"),
            ("setup.cfg", "[mypy"),
        ):
            file = folder / name
            if file.is_file() and (not holds or holds in text_of(file)):
                return file
    return None


def harmless(file: Path, folder: Path, *, trusted: bool) -> str:
    """The settings of `file` in mypy's own format. `folder`: where its folder is in the overlay. Raises `ValueError`:
    the file cannot be read."""
    dropped = DROPPED if trusted else (*DROPPED, *CODE)
    written = configparser.RawConfigParser()
    for section, options in _sections(file):
        kept = {name: _text(value, folder) for name, value in options.items() if name.replace("-", "_") not in dropped}
        if written.has_section(section):
            written[section].update(kept)
        else:
            written[section] = kept
    text = io.StringIO()
    written.write(text)
    return text.getvalue()


def _sections(file: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if file.suffix == ".toml":
        try:
            table = dict(tomllib.loads(text_of(file))["tool"]["mypy"])
        except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
            raise ValueError(str(error)) from None
        overrides = table.pop("overrides", [])
        yield "mypy", table
        for override in overrides:
            modules = override.get("module", [])
            options = {name: value for name, value in override.items() if name != "module"}
            for module in [modules] if isinstance(modules, str) else modules:
                yield f"mypy-{module}", options
        return
    read = configparser.RawConfigParser(strict=False)
    try:
        read.read_string(text_of(file))
    except configparser.Error as error:
        raise ValueError(str(error).partition("\n")[0]) from None
    for section in read.sections():
        if section == "mypy" or section.startswith("mypy-"):
            yield section, dict(read[section])


def _text(value: object, folder: Path) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    for name in FOLDER:
        text = text.replace(name, str(folder))
    return text
