"""How busy an engine is, from vLLM's Prometheus metrics."""

from __future__ import annotations

import re
from dataclasses import dataclass

# name, optional labels, value; the labels' text may hold anything but a closing brace outside its quotes
_SAMPLE = re.compile(r'^vllm:(\w+)(?:\{(?:[^"}]|"(?:[^"\\]|\\.)*")*\})? +(\S+)', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Load:
    """Requests that run and wait now, and the share of the KV cache in use (0 to 1).

    `prompt_tokens` and `cached_tokens` count since the engine's start: prompt tokens looked up in the prefix cache, and
    those of them that were found.
    """

    running: int = 0
    waiting: int = 0
    kv_cache: float = 0.0
    prompt_tokens: int = 0
    cached_tokens: int = 0


def parse_load(metrics: str) -> Load:
    """The load in a page of metrics; replicas behind one address are added up, their caches' fullest counts."""
    values: dict[str, list[float]] = {}
    for name, value in _SAMPLE.findall(metrics):
        values.setdefault(name, []).append(float(value))
    return Load(
        running=int(sum(values.get("num_requests_running", ()))),
        waiting=int(sum(values.get("num_requests_waiting", ()))),
        kv_cache=max(values.get("kv_cache_usage_perc", (0.0,))),
        prompt_tokens=int(sum(values.get("prefix_cache_queries_total", ()))),
        cached_tokens=int(sum(values.get("prefix_cache_hits_total", ()))),
    )
