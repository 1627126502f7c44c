"""What `understudy doctor` says of the checkers."""

from __future__ import annotations

from pathlib import Path

from understudy.cli.checker_checkup import checker_findings
from understudy.cli.checkup import Level
from understudy.core.settings import FixSettings, Settings


def test_what_is_there_and_what_needs_trust(tmp_path: Path) -> None:
    there, *others = checker_findings(Settings(), tmp_path)
    assert there.level is Level.OK
    assert {"ruff", "mypy", "compile"} <= set(there.found.partition(",")[0].split() + there.found.split(", "))
    (untrusted,) = (it.found for it in others if "not trusted" in it.found)
    assert "eslint" in untrusted
    assert not any(name in "".join(it.found for it in others) for name in ("ruff", "mypy"))


def test_a_trusted_folder_has_more(tmp_path: Path) -> None:
    settings = Settings(fix=FixSettings(trusted_folders=(str(tmp_path),)))
    assert not any("not trusted" in it.found for it in checker_findings(settings, tmp_path))


def test_fixes_that_are_off_need_no_checkers(tmp_path: Path) -> None:
    (finding,) = checker_findings(Settings(fix=FixSettings(enabled=False)), tmp_path)
    assert finding.level is Level.NOTE
    assert "fix.enabled" in finding.found
