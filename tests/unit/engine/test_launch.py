from __future__ import annotations

from pathlib import Path

import pytest

from understudy.core.errors import StartFailed
from understudy.engine.checkpoint import Checkpoint, find_checkpoint
from understudy.engine.chunks import leaves_room
from understudy.engine.launch import PORT, Launch, engine_environment, vllm_launch, with_port

PYTHON = Path("/env/bin/python")
FOLDER = Checkpoint("/models/qwen", "qwen", 262144)


def launch(checkpoint: Checkpoint = FOLDER, *, gpu: bool = False, extra: tuple[str, ...] = ()) -> Launch:
    return vllm_launch(PYTHON, checkpoint, gpu=gpu, extra=extra, inside=Path("/inside"))


def value(command: tuple[str, ...], option: str) -> str:
    return command[len(command) - 1 - command[::-1].index(option) + 1]


@pytest.mark.parametrize("gpu", [False, True])
def test_listens_on_loopback_only_and_hides_the_key(gpu: bool) -> None:
    made = launch(gpu=gpu)
    environment = engine_environment({}, made, "secret")
    assert value(made.command, "--host") == environment["VLLM_HOST_IP"] == "127.0.0.1"
    assert "secret" not in " ".join(made.command)
    assert environment["VLLM_API_KEY"] == "secret"
    assert value(made.command, "--middleware") == "understudy_gate.RequireKey"


def test_sends_no_usage_and_loads_a_folder_offline() -> None:
    assert launch().environment["VLLM_NO_USAGE_STATS"] == "1"
    assert launch().environment["HF_HUB_OFFLINE"] == "1"
    assert "HF_HUB_OFFLINE" not in launch(Checkpoint("Qwen/Qwen3", "Qwen/Qwen3")).environment


def test_limits_the_context_to_what_completions_need() -> None:
    assert value(launch().command, "--max-model-len") == "16384"
    assert value(launch(Checkpoint("/m", "m", 2048)).command, "--max-model-len") == "2048"
    assert value(launch(Checkpoint("a/b", "a/b"), gpu=True).command, "--max-model-len") == "auto"


def test_a_gpus_steps_leave_room_for_a_completion_beside_long_prompts() -> None:
    command = launch(gpu=True).command
    batch, piece = (
        int(value(command, f"--{name}")) for name in ("max-num-batched-tokens", "long-prefill-token-threshold")
    )
    assert leaves_room(batch, piece)
    assert "--long-prefill-token-threshold" not in launch(Checkpoint("/m", "m", 1024), gpu=True).command, "vLLM refuses"


def test_the_users_arguments_win() -> None:
    made = launch(gpu=True, extra=("--gpu-memory-utilization", "0.3"))
    assert value(made.command, "--gpu-memory-utilization") == "0.3"
    assert made.command[-2:] == ("--gpu-memory-utilization", "0.3")


def test_the_callers_python_does_not_reach_the_engine() -> None:
    inherited = {"PYTHONPATH": "/mine", "VIRTUAL_ENV": "/mine", "PATH": "/bin", "CUDA_VISIBLE_DEVICES": "1"}
    environment = engine_environment(inherited, launch(), "k")
    assert environment["PYTHONPATH"] == "/inside"
    assert "VIRTUAL_ENV" not in environment
    assert (environment["PATH"], environment["CUDA_VISIBLE_DEVICES"]) == ("/bin", "1")


def test_the_callers_keys_do_not_reach_the_engine() -> None:
    assert "UNDERSTUDY_ENGINE_API_KEY" not in engine_environment({"UNDERSTUDY_ENGINE_API_KEY": "x"}, launch(), "k")


def test_the_port_is_put_in() -> None:
    assert PORT not in with_port(launch(), 8123)
    assert value(with_port(launch(), 8123), "--port") == "8123"


def model_folder(folder: Path, config: str = '{"max_position_embeddings": 2048}') -> Path:
    folder.mkdir(exist_ok=True, parents=True)
    (folder / "config.json").write_text(config)
    (folder / "model.safetensors").write_bytes(bytes(4096))
    return folder


def test_a_folder_is_served_from_its_absolute_path(tmp_path: Path) -> None:
    folder = model_folder(tmp_path / "tiny")
    assert find_checkpoint(str(folder)) == Checkpoint(str(folder), "tiny", 2048)


def test_a_multimodal_config_hides_the_context_one_level_deeper(tmp_path: Path) -> None:
    folder = model_folder(tmp_path / "m", '{"text_config": {"max_position_embeddings": 4096}}')
    assert find_checkpoint(str(folder)).context == 4096


def test_a_folder_of_the_workspace_does_not_stand_in_for_a_hub_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model_folder(tmp_path / "owner" / "name")
    monkeypatch.chdir(tmp_path)
    assert find_checkpoint("owner/name") == Checkpoint("owner/name", "owner/name")


def test_a_hub_name_is_left_to_vllm() -> None:
    assert find_checkpoint("Qwen/Qwen2.5-Coder-1.5B") == Checkpoint(*["Qwen/Qwen2.5-Coder-1.5B"] * 2)


def test_a_model_of_the_catalogue_is_known_by_its_name() -> None:
    assert find_checkpoint("Qwen2.5-Coder-1.5B").model == "Qwen/Qwen2.5-Coder-1.5B"
    with pytest.raises(StartFailed, match=r"several precisions.*Qwen/Qwen3\.6-35B-A3B-FP8"):
        find_checkpoint("qwen3.6-35b-a3b")
    with pytest.raises(StartFailed, match=r"Qwen3\.6-Plus is served by others only"):
        find_checkpoint("Qwen3.6-Plus")


def test_a_folder_of_a_known_name_does_not_stand_in_for_the_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "Qwen2.5-Coder-1.5B").mkdir()
    monkeypatch.chdir(tmp_path)
    assert find_checkpoint("Qwen2.5-Coder-1.5B").model == "Qwen/Qwen2.5-Coder-1.5B"


def test_the_bundled_model_is_the_default() -> None:
    assert find_checkpoint(None).name == "understudy-demo"


def test_what_cannot_be_served_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(StartFailed, match="No such folder"):
        find_checkpoint(str(tmp_path / "none"))
    (tmp_path / "empty").mkdir()
    with pytest.raises(StartFailed, match=r"config\.json is missing"):
        find_checkpoint(str(tmp_path / "empty"))
    pointer = model_folder(tmp_path / "pointer")
    (pointer / "model.safetensors").write_text("version https://git-lfs.github.com/spec/v1")
    with pytest.raises(StartFailed, match="no weights"):
        find_checkpoint(str(pointer))
    with pytest.raises(StartFailed, match="not readable as JSON"):
        find_checkpoint(str(model_folder(tmp_path / "broken", "{")))
