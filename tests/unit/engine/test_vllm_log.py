from __future__ import annotations

import pytest

from understudy.engine.vllm_log import failure_of, last_error, progress_of

# Lines as vLLM 0.32 prints them, in their order.
START = """\
(APIServer pid=6046) INFO 11-25 02:07:12 [api_utils.py:347]  ▄▄ ▄█ █     █     █ ▀▄▀ █  version 0.32.0
(APIServer pid=6046) INFO 11-25 02:07:20 [model.py:733] Resolved architecture: Qwen3ForCausalLM
(EngineCore pid=6238) INFO 11-25 02:07:26 [core.py:133] Initializing a V1 LLM engine (v0.32.0) with config: model='m'
(Worker pid=6274) INFO 11-25 02:07:35 [cpu_model_runner.py:68] Starting to load model /m...
Loading safetensors checkpoint shards:   0% Completed | 0/2 [00:00<?, ?it/s]
Loading safetensors checkpoint shards:  50% Completed | 1/2 [00:00<00:00, 238.98it/s]
Loading safetensors checkpoint shards: 100% Completed | 2/2 [00:00<00:00, 238.98it/s]
(Worker pid=6274) INFO 11-25 02:07:35 [default_loader.py:501] Loading weights took 0.01 seconds
(EngineCore pid=6238) INFO 11-25 02:07:36 [kv_cache_utils.py:2327] CPU KV cache size: 2,097,152 tokens
Capturing CUDA graphs (mixed prefill-decode, PIECEWISE):  50%|█████     | 2/4 [00:00<00:00, 5.0it/s]
(EngineCore pid=6238) INFO 11-25 02:07:39 [core.py:402] init engine (profile, create kv cache, warmup model) took 2.9 s
INFO:     Application startup complete.
""".splitlines()


def test_every_step_of_a_start_is_seen_and_leads_forward() -> None:
    steps = [progress_of(line) for line in START]
    percents = [step.percent or 0 for step in steps if step]
    assert len(percents) == len(START)
    assert percents == sorted(percents)
    assert percents[0] > 0
    assert percents[-1] < 100
    assert percents[5] == 76


def test_other_lines_say_nothing_about_progress() -> None:
    assert progress_of('INFO: "POST /v1/completions HTTP/1.1" 200 OK') is None


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB.", "too small for this model"),
        ("ValueError: No available memory for the cache blocks. Try increasing it", "too small for this model"),
        (
            "ValueError: Free memory on device cuda:0 (3.1/23.6 GiB) on startup is less than desired GPU memory "
            "utilization (0.85, 20.1 GiB).",
            "Other programs",
        ),
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("ValueError: Model architectures ['FooForCausalLM'] are not supported for now.", "architecture"),
        ("RuntimeError: Cannot find any model weights with `/m`", "weights are missing"),
        ("api_server.py: error: unrecognized arguments: --nonsense", "arguments"),
        ("OSError: We couldn't connect to the hub to load the files", "cannot be reached"),
    ],
)
def test_known_failures_are_told_with_a_remedy(line: str, words: str) -> None:
    failure = failure_of(["first", line, "RuntimeError: Engine core initialization failed."])
    assert failure
    assert words in failure.problem
    assert failure.remedy


def test_an_ordinary_log_holds_no_failure() -> None:
    assert failure_of(START) is None
    assert last_error(START) == ""


def test_the_last_error_is_found_behind_the_prefix() -> None:
    lines = [
        "(EngineCore pid=1) ERROR 11-25 [core.py:1] ValueError: first",
        "(APIServer pid=2) RuntimeError: last",
        "x",
    ]
    assert last_error(lines) == "RuntimeError: last"
