"""The commands when all is well."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from typed_command import Run

from understudy import __version__


def test_version(run: Run) -> None:
    assert run("--version").stdout == f"understudy {__version__}\n"


def test_help_names_every_command(run: Run) -> None:
    said = run("--help").stdout
    for name in ("lsp", "complete", "doctor", "engine", "stats", "demo"):
        assert f"\n    {name} " in said


def test_complete_prints_the_text_and_nothing_else(run: Run, source: Path) -> None:
    answer = run("complete", f"{source}:2:12")
    assert (answer.returncode, answer.stdout) == (0, "a + b\n")
    assert " ms" in answer.stderr


def test_complete_for_programs(run: Run, source: Path) -> None:
    answer = run("complete", "--json", f"{source}:2:12")
    found = json.loads(answer.stdout)
    assert (found["text"], found["source"]) == ("a + b", "engine")
    assert found["total_ms"] > 0


def test_complete_says_why_there_is_nothing(run: Run, source: Path) -> None:
    environment = {"UNDERSTUDY_COMPLETION_DISABLED_LANGUAGES": "python"}
    answer = run("complete", f"{source}:2:12", **environment)
    assert (answer.returncode, answer.stdout) == (1, "")
    assert "Nothing to offer: this language is switched off." in answer.stderr


def test_complete_keeps_to_the_rules_of_the_folders_above(run: Run, source: Path) -> None:
    deep = source.parent / "package" / "deep"
    deep.mkdir(parents=True)
    (deep / "a.py").write_bytes(source.read_bytes())
    assert run("complete", f"{deep / 'a.py'}:2:12").returncode == 0
    (source.parent / ".understudyignore").write_text("package/deep/\n")
    answer = run("complete", f"{deep / 'a.py'}:2:12")
    assert (answer.returncode, answer.stdout) == (1, "")
    assert "Nothing to offer: the file is ignored or holds secrets." in answer.stderr


def test_complete_counts_nothing(run: Run, home: dict[str, str], source: Path) -> None:
    run("complete", f"{source}:2:12")
    assert not Path(home["UNDERSTUDY_DATA_HOME"]).exists()


def test_doctor_is_content(run: Run) -> None:
    answer = run("doctor")
    assert answer.returncode == 0, answer.stdout
    assert "Everything that completions need is here." in answer.stdout
    assert "a completion" in answer.stdout


def test_doctor_makes_nothing(run: Run, home: dict[str, str]) -> None:
    run("doctor")
    assert not any(Path(home[f"UNDERSTUDY_{name}_HOME"]).exists() for name in ("CONFIG", "DATA", "STATE"))


def test_doctor_says_what_to_type_next(run: Run) -> None:
    answer = run("doctor", UNDERSTUDY_SCRIPT="")
    assert answer.returncode == 1
    assert answer.stdout.splitlines()[-1].endswith("Next: Run `understudy engine install`.")


def test_doctor_finds_an_engine_that_nobody_runs(run: Run) -> None:
    answer = run("doctor", UNDERSTUDY_SCRIPT="", UNDERSTUDY_ENGINE_URL="http://127.0.0.1:9/v1")
    assert answer.returncode == 1
    assert "Nobody answers at http://127.0.0.1:9/v1." in answer.stdout


def test_doctor_shows_no_password_of_a_url(run: Run) -> None:
    answer = run("doctor", UNDERSTUDY_SCRIPT="", UNDERSTUDY_ENGINE_URL="http://me:hush@127.0.0.1:9/v1")
    assert "Nobody answers at http://127.0.0.1:9/v1." in answer.stdout
    assert "hush" not in answer.stdout + answer.stderr


def test_doctor_says_where_settings_come_from_and_keeps_the_key(run: Run, home: dict[str, str]) -> None:
    config = Path(home["UNDERSTUDY_CONFIG_HOME"]) / "config.toml"
    config.parent.mkdir()
    config.write_text('[completion]\nmultiline = "never"\ndebounceMs = "soon"\nunheard_of = 1\n')
    answer = run("doctor", "--json", UNDERSTUDY_ENGINE_API_KEY="s3cret")
    findings = {finding["what"]: finding for finding in json.loads(answer.stdout)["findings"]}
    assert findings["setting completion.multiline"]["found"] == f"never, from {config}"
    assert findings["setting engine.apiKey"]["found"].endswith(", from the environment")
    assert "setting completion.debounceMs" not in findings
    assert "s3cret" not in answer.stdout
    assert "debounceMs" in answer.stdout
    assert "unheard_of" in answer.stdout


def test_doctor_sees_a_folder_that_cannot_be_written(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    answer = run("doctor", UNDERSTUDY_DATA_HOME=str(tmp_path / "file" / "data"))
    assert answer.returncode == 1
    assert "cannot be written" in answer.stdout


def test_the_server_loads_little_before_it_answers() -> None:
    code = """
import sys
from understudy.cli.main import parse
parse([])
import understudy.lsp.server
print(*sorted({name.split(".")[0] for name in sys.modules}))
"""
    loaded = set(
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    )
    assert "pygls" in loaded
    assert not loaded & {"httpx", "httpcore", "sqlite3", "tree_sitter", "pydantic", "torch", "vllm"}
