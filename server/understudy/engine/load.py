"""How busy an engine is, from vLLM's Prometheus metrics."""

from __future__ import annotations

import re

from understudy.engine.base import Load

# name, optional labels, value; the labels' text may hold anything but a closing brace outside its quotes
_SAMPLE = re.compile(r'^vllm:(\w+)(?:\{(?:[^"}]|"(?:[^"\\]|\\.)*")*\})? +(\S+)', re.MULTILINE)

FULL = 0.9  # of the engine's cache: what is read now would push out what is needed


def idle(load: Load) -> bool:
    """Whether an engine has nothing to do, and room for what it reads."""
    return not load.running and not load.waiting and load.kv_cache < FULL


def parse_load(metrics: str) -> Load:
    """The load in a page of metrics; replicas behind one address are added up, their caches' fullest counts."""
    values: dict[str, list[float]] = {}
    for name, value in _SAMPLE.findall(metrics):
        values.setdefault(name, []).append(float(value))
    # vLLM's count of prompt tokens holds those that were cached. An older one says these as hits only.
    cached = values.get("prompt_tokens_cached_total", values.get("prefix_cache_hits_total", ()))
    return Load(
        running=int(sum(values.get("num_requests_running", ()))),
        waiting=int(sum(values.get("num_requests_waiting", ()))),
        kv_cache=max(values.get("kv_cache_usage_perc", (0.0,))),
        prompt_tokens=int(sum(values.get("prefix_cache_queries_total", ()))),
        cached_tokens=int(sum(values.get("prefix_cache_hits_total", ()))),
        computed_tokens=max(int(sum(values.get("prompt_tokens_total", ())) - sum(cached)), 0),
        generated_tokens=int(sum(values.get("generation_tokens_total", ()))),
        queue_seconds=sum(values.get("request_queue_time_seconds_sum", ())),
        queued=int(sum(values.get("request_queue_time_seconds_count", ()))),
    )
