"""`understudy plan` over the whole range of machines, and what `engine start` makes of a plan.

Golden files: `tests/cases/plan/`; `pytest tests/unit/cli/test_plan.py --update` writes them anew.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest
from typed_command import Run

from understudy.cli.engine import add_engine_command, settings_to_start
from understudy.cli.eval import settings_for
from understudy.cli.plan import plan_json
from understudy.cli.plan_text import WIDTH, plan_text
from understudy.cli.planned import is_here, refuse_full_disk, settled
from understudy.cli.services import build_services
from understudy.core.errors import EngineUnavailable, StartFailed
from understudy.core.settings import EngineSettings, Settings
from understudy.engine.checkpoint import BUNDLED_NAME
from understudy.engine.environment import environment_for
from understudy.engine.plan.choose import make_plan
from understudy.engine.plan.hardware import described
from understudy.engine.plan.saved import SavedPlan, save_plan, saved_plan
from unit.engine.plan.machines import MACHINES, catalogue

CASES = Path(__file__).parents[2] / "cases" / "plan"
LAPTOP = described("none", 1, None, 16)
BIG = described("H100", 1, None, 64)


@pytest.mark.parametrize("name", MACHINES)
def test_the_plan_is_the_one_that_was_agreed(name: str, *, update: bool) -> None:
    made = make_plan(MACHINES[name], catalogue())
    for ending, text in ((".txt", plan_text(made)), (".json", json.dumps(plan_json(made), indent=2))):
        file = CASES / f"{name}{ending}"
        if update:
            file.write_text(text + "\n", encoding="utf-8")
        assert file.read_text(encoding="utf-8") == text + "\n", "see the diff, then run with --update"


def test_no_golden_file_is_left_over() -> None:
    assert {file.stem for file in CASES.iterdir()} == set(MACHINES)


@pytest.mark.parametrize("name", MACHINES)
def test_it_fits_the_terminal_and_ends_with_the_next_command(name: str) -> None:
    lines = plan_text(make_plan(MACHINES[name], catalogue())).splitlines()
    assert max(map(len, lines)) <= WIDTH
    assert lines[-1].strip().startswith("understudy ")


def test_a_described_machine_is_planned_for(run: Run) -> None:
    answer = run("plan", "--gpu", "RTX 4090", "--vram", "24", "--ram", "64")
    assert (answer.returncode, answer.stderr) == (0, "")
    assert "1 x RTX 4090: 24 GB" in answer.stdout
    made = json.loads(run("plan", "--gpu", "H100", "--gpus", "2", "--json").stdout)
    assert [engine["gpus"] for engine in made["engines"]] == [[0], [1]]


def test_this_machine_is_planned_for(run: Run) -> None:
    answer = run("plan", "--json")
    assert answer.returncode == 0
    assert json.loads(answer.stdout)["hardware"]["described"] is False


def test_the_users_own_row_replaces_one_of_the_catalogues(run: Run, home: dict[str, str]) -> None:
    row = next(row for row in catalogue().models if row.name == "Qwen2.5-Coder-0.5B")
    mine = row.checkpoints[0].model_copy(update={"model": "me/mine"})
    values = row.model_copy(update={"checkpoints": (mine,)}).model_dump(mode="json", by_alias=True, exclude_unset=True)
    file = Path(home["UNDERSTUDY_CONFIG_HOME"]) / "models.toml"
    file.parent.mkdir()
    file.write_text(f"[[model]]\n{toml(values)}")
    answer = run("plan", "--gpu", "none", "--ram", "16")
    assert "me/mine" in answer.stdout


def toml(values: dict[str, object]) -> str:
    return "".join(f"{key} = {inline(value)}\n" for key, value in values.items())


def inline(value: object) -> str:
    """JSON is TOML, but for the equals sign in a table."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {inline(each)}" for key, each in value.items() if each is not None) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(inline, value)) + "]"
    return json.dumps(value)


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("--ram", "64"), "No GPU is named. Say which with --gpu"),
        (("--gpus", "2"), "No GPU is named."),
        (("--gpu", "Mystery 9"), "Say how much memory it has with --vram"),
        (("--gpu", "H100", "--gpus", "0"), "Say a number from 1 to 64."),
        (("--vram", "-3"), "--vram -3 is no size of memory."),
        (("--ram", "nan"), "--ram nan is no size of memory."),
        (("--ram", "much"), "invalid float value: 'much'"),
    ],
)
def test_words_that_are_off(run: Run, words: tuple[str, ...], part: str) -> None:
    answer = run("plan", *words)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert part in answer.stderr
    assert answer.stderr.count("\n") == 1


# `engine start`, before anything starts.


@pytest.fixture(name="cache")
def fixture_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user who has installed vLLM for the CPU, and the folder of the hub's cache."""
    for name in ("DATA", "STATE", "CONFIG"):
        monkeypatch.setenv(f"UNDERSTUDY_{name}_HOME", str(tmp_path / name.lower()))
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    install(gpu=False)
    return tmp_path / "hub"


def install(*, gpu: bool) -> None:
    made = environment_for(gpu=gpu)
    made.python.parent.mkdir(parents=True)
    made.python.touch()
    made.marker.touch()


def downloaded(cache: Path, model: str, *, whole: bool = True) -> None:
    folder = cache / f"models--{model.replace('/', '--')}"
    (folder / "snapshots" / "1").mkdir(parents=True)
    (folder / "snapshots" / "1" / "model.safetensors").touch()
    if not whole:
        (folder / "blobs").mkdir()
        (folder / "blobs" / "abc.incomplete").touch()


def test_without_a_terminal_the_bundled_model_stays(cache: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert settled(Settings(), yes=False, hardware=LAPTOP) == Settings()
    said = capsys.readouterr()
    assert said.out == ""
    assert "Qwen/Qwen2.5-Coder-0.5B for typing" in said.err
    assert f"1.0 GB to {cache}" in said.err
    assert "engine start --yes" in said.err
    assert saved_plan() == SavedPlan()


def test_yes_carries_it_out_and_it_holds_from_then_on(cache: Path, capsys: pytest.CaptureFixture[str]) -> None:
    began = settled(Settings(), yes=True, hardware=LAPTOP)
    assert began.engine.model == "Qwen/Qwen2.5-Coder-0.5B"
    assert began.engine.start_seconds > Settings().engine.start_seconds, "a download counts as a part of the start"
    assert capsys.readouterr().err == ""
    assert settled(Settings(), yes=False, hardware=LAPTOP).engine.model == "Qwen/Qwen2.5-Coder-0.5B"
    assert capsys.readouterr().err == ""


def test_an_interrupted_download_has_as_long_again(cache: Path) -> None:
    began = settled(Settings(), yes=True, hardware=LAPTOP)
    again = settled(Settings(), yes=False, hardware=LAPTOP)
    assert again.engine.start_seconds == began.engine.start_seconds > Settings().engine.start_seconds
    downloaded(cache, "Qwen/Qwen2.5-Coder-0.5B")
    assert settled(Settings(), yes=False, hardware=LAPTOP).engine.start_seconds == Settings().engine.start_seconds


def test_another_gpu_makes_another_plan(cache: Path) -> None:
    settled(Settings(), yes=True, hardware=LAPTOP)
    save_plan(make_plan(described("RTX 3060", 1, None, 64), catalogue()))
    began = settled(Settings(), yes=True, hardware=LAPTOP)
    assert began.engine.model == "Qwen/Qwen2.5-Coder-0.5B"
    assert saved_plan().gpus == ()


def test_what_is_here_needs_no_question(cache: Path, capsys: pytest.CaptureFixture[str]) -> None:
    downloaded(cache, "Qwen/Qwen2.5-Coder-0.5B")
    assert settled(Settings(), yes=False, hardware=LAPTOP).engine.model == "Qwen/Qwen2.5-Coder-0.5B"
    assert capsys.readouterr().err == ""


def test_half_a_download_is_not_here(cache: Path) -> None:
    assert not is_here("a/b", cache)
    downloaded(cache, "a/b", whole=False)
    assert not is_here("a/b", cache)
    downloaded(cache, "a/c")
    assert is_here("a/c", cache)


@pytest.mark.parametrize(
    ("typed", "model"), [("y\n", "Qwen/Qwen2.5-Coder-0.5B"), ("\n", None), ("n\n", None), ("", None)]
)
def test_on_a_terminal_it_asks(cache: Path, capsys: pytest.CaptureFixture[str], typed: str, model: str | None) -> None:
    assert settled(Settings(), yes=False, hardware=LAPTOP, answer=lambda: typed).engine.model == model
    said = capsys.readouterr().err
    assert "Go on? [y/N]" in said
    assert ("Starting the bundled" in said) is (model is None)


def test_a_plan_for_a_gpu_is_not_carried_out_on_the_cpu(cache: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert settled(Settings(), yes=True, hardware=BIG) == Settings()
    assert "engine install --device gpu" in capsys.readouterr().err


def test_a_kept_plan_for_a_gpu_ends_with_the_installation_for_one(
    cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save_plan(make_plan(BIG, catalogue()))
    assert settled(Settings(), yes=True, hardware=BIG) == Settings()
    assert "engine install --device gpu" in capsys.readouterr().err
    assert saved_plan() == SavedPlan()


def test_a_machine_for_which_there_is_nothing_gets_the_bundled_model(
    cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert settled(Settings(), yes=True, hardware=described("none", 1, None, 4)) == Settings()
    assert "Starting the bundled demonstration model." in capsys.readouterr().err


def test_without_an_installation_nothing_is_asked(cache: Path, capsys: pytest.CaptureFixture[str]) -> None:
    environment_for(gpu=False).marker.unlink()
    with pytest.raises(EngineUnavailable, match="engine install"):
        settled(Settings(), yes=False, hardware=LAPTOP)
    assert capsys.readouterr().err == ""


def test_a_download_that_the_disk_cannot_hold_is_refused(cache: Path) -> None:
    with pytest.raises(StartFailed, match="Make room"):
        refuse_full_disk(1e9, cache)


def to_start(*words: str) -> Settings:
    parser = argparse.ArgumentParser()
    add_engine_command(parser.add_subparsers())
    return settings_to_start(parser.parse_args(["engine", "start", *words]))


def test_the_bundled_model_is_started_on_request_and_the_plan_forgotten(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_plan(make_plan(LAPTOP, catalogue()))
    monkeypatch.setenv("UNDERSTUDY_ENGINE_MODEL", "owner/name")
    assert to_start("--bundled").engine.model == BUNDLED_NAME
    assert saved_plan() == SavedPlan()


def test_a_model_that_is_named_wins_over_the_plan(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_plan(make_plan(LAPTOP, catalogue()))
    assert to_start("--model", "owner/name").engine.model == "owner/name"
    monkeypatch.setenv("UNDERSTUDY_ENGINE_MODEL", "owner/other")
    assert to_start().engine == EngineSettings(model="owner/other")


def test_a_server_elsewhere_keeps_its_models_name(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNDERSTUDY_ENGINE_URLS", "http://127.0.0.1:1/v1,http://127.0.0.1:2/v1")
    monkeypatch.setenv("UNDERSTUDY_ENGINE_MODEL", "a name there")
    assert to_start().engine == EngineSettings()


def test_the_server_and_doctor_follow_the_plan(run: Run, home: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNDERSTUDY_CONFIG_HOME", home["UNDERSTUDY_CONFIG_HOME"])
    save_plan(make_plan(LAPTOP, catalogue()))
    assert "Qwen/Qwen2.5-Coder-0.5B" in run("doctor", UNDERSTUDY_SCRIPT="").stdout
    assert build_services(Settings(), ()).settings.engine.model == "Qwen/Qwen2.5-Coder-0.5B"


@pytest.mark.parametrize(
    ("url", "model", "measured"),
    [
        (None, None, "Qwen/Qwen2.5-Coder-0.5B"),
        (None, "owner/name", "owner/name"),
        ("http://127.0.0.1:9/v1", None, None),
    ],
)
def test_an_evaluation_measures_the_model_of_the_plan(
    cache: Path, url: str | None, model: str | None, measured: str | None
) -> None:
    save_plan(make_plan(LAPTOP, catalogue()))
    engine = settings_for(argparse.Namespace(url=url, model=model)).engine
    assert (engine.url, engine.model) == (url, measured)
    assert bool(engine.arguments) is (url is None and model is None), "the plan's are for its own model"
