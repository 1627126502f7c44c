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


# What vLLM 0.32 and torch print, then words of the problem and of the remedy that a user is to read.
FAILURES = [
    (
        "WARNING Failed to import from vllm._C: ImportError('libnuma.so.1: cannot open shared object file: No such')",
        "libnuma",
        "apt-get install libnuma1",
    ),
    ("torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB.", "GPU's memory", "smaller"),
    ("torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB.", "GPU's memory", "smaller"),
    ("RuntimeError: CUDA error: out of memory", "GPU's memory", "smaller"),
    (
        "RuntimeError: CUDA out of memory occurred when warming up sampler with 1024 dummy requests. Please try "
        "lowering `max_num_seqs` or `gpu_memory_utilization` when initializing the engine.",
        "GPU's memory",
        "smaller",
    ),
    (
        "ValueError: No available memory for the cache blocks. Try increasing `gpu_memory_utilization` when "
        "initializing the engine (this flag also controls CPU memory reservation on the CPU backend).",
        "no memory free",
        "smaller",
    ),
    (
        "ValueError: To serve at least one request with the model's max seq len (16384), (2.25 GiB KV cache is needed, "
        "which is larger than the available KV cache memory (1.02 GiB). Based on the available memory, the estimated "
        "maximum model length is 7424.",
        "this model's context",
        '"--max-model-len"',
    ),
    (
        "ValueError: The model's max seq len (16384) is larger than the maximum number of tokens that can be stored "
        "in KV cache (7424).",
        "this model's context",
        '"--max-model-len"',
    ),
    (
        "  Value error, User-specified max_model_len (65536) is greater than the derived max_model_len "
        "(max_position_embeddings=32768 or model_max_length=None in model's config.json).",
        "longer context",
        "`--max-model-len`",
    ),
    (
        "ValueError: Free memory on device cuda:0 (3.1/23.6 GiB) on startup is less than desired GPU memory "
        "utilization (0.85, 20.1 GiB).",
        "Other programs",
        '"--gpu-memory-utilization"',
    ),
    (
        "ValueError: Available memory on node 0 (3.1/23.6 GiB) on startup is less than desired CPU memory utilization "
        "(0.85, 20.1 GiB).",
        "Other programs",
        '"--gpu-memory-utilization"',
    ),
    (
        "RuntimeError: [enforce fail at alloc_cpu.cpp:121] err == 0. DefaultCPUAllocator: can't allocate memory: you "
        "tried to allocate 17179869184 bytes.",
        "This machine's memory",
        "smaller",
    ),
    (
        "ValueError: Bfloat16 is only supported on GPUs with compute capability of at least 8.0. Your Tesla T4 GPU has "
        "compute capability 7.5.",
        "bfloat16",
        '["--dtype", "half"]',
    ),
    (
        "RuntimeError: The NVIDIA driver on your system is too old (found version 11040).",
        "driver",
        "Update the driver",
    ),
    ("OSError: [Errno 28] No space left on device", "disk is full", "Make room"),
    ("ValueError: Model architectures ['FooForCausalLM'] are not supported for now.", "architecture", "`engine.model`"),
    ("RuntimeError: Cannot find any model weights with `/m`", "weights are missing", "Download"),
    ("api_server.py: error: unrecognized arguments: --nonsense", "arguments", "`engine.arguments`"),
    ("OSError: We couldn't connect to the hub to load the files", "cannot be reached", "network"),
]


@pytest.mark.parametrize(("line", "problem", "remedy"), FAILURES)
def test_known_failures_are_one_sentence_with_a_remedy(line: str, problem: str, remedy: str) -> None:
    lines = [
        "(EngineCore pid=1) INFO 11-25 02:07:35 [core.py:1] first",
        f"(EngineCore pid=1) ERROR 11-25 02:07:36 [core.py:1230] {line}",
        "(APIServer pid=2) RuntimeError: Engine core initialization failed. See root cause above.",
    ]
    failure = failure_of(lines)
    assert failure
    assert problem in failure.problem
    assert remedy in failure.remedy
    for words in (failure.problem, failure.remedy):
        assert words.endswith(".")
        assert words.count(". ") == 0


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
