"""`understudy doctor` and the user's own models."""

from __future__ import annotations

from pathlib import Path

from typed_command import Run


def test_doctor_says_which_of_the_users_models_is_wrong(run: Run, home: dict[str, str]) -> None:
    file = Path(home["UNDERSTUDY_CONFIG_HOME"]) / "models.toml"
    file.parent.mkdir()
    file.write_text('[[model]]\nname = "Acme-Coder"\nservedBy = "magic"\n', encoding="utf-8")
    answer = run("doctor")
    assert answer.returncode == 0, "a wrong row costs that row alone"
    assert f"Acme-Coder in {file} is passed over: servedBy: Input should be 'vllm' or 'api'." in answer.stdout
    assert f"yours go into {file}" in answer.stdout
