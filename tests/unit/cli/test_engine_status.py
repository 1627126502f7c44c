"""`understudy engine status` for engines that answer, here and elsewhere; how one is started is for another test."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from understudy.cli.engine_status import COLUMNS, all_facts, server_facts, status_text
from understudy.core.lock import acquire
from understudy.core.settings import EngineSettings, Settings, WorkSettings
from understudy.engine.base import Health, Load, ModelInfo
from understudy.engine.fim_formats import FORMATS
from understudy.engine.health import Checkup, Speed
from understudy.engine.served import Served
from understudy.engine.state import EngineFolder, Status, write_status
from unit.engine.fake_openai import answer, fake_server, json_answer

NOBODY = "http://127.0.0.1:9/v1"
METRICS = """vllm:num_requests_running{engine="0"} 1.0
vllm:num_requests_waiting{engine="0"} 2.0
vllm:kv_cache_usage_perc{engine="0"} 0.25
vllm:prefix_cache_queries_total 1000.0
vllm:prefix_cache_hits_total 830.0
vllm:request_queue_time_seconds_sum 0.5
vllm:request_queue_time_seconds_count 10.0
"""


@pytest.fixture(name="folder")
def fixture_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> EngineFolder:
    for name in ("STATE", "DATA", "CONFIG"):
        monkeypatch.setenv(f"UNDERSTUDY_{name}_HOME", str(tmp_path / name.lower()))
    return EngineFolder(tmp_path / "state" / "engine")


def serving(model: str, root: str = "") -> dict[str, Any]:
    models = json_answer({"data": [{"id": model, "root": root, "max_model_len": 4096, "owned_by": "vllm"}]})
    return {"models": models, "health": answer("ok", "text/plain"), "metrics": answer(METRICS, "text/plain")}


def fits(text: str) -> bool:
    return max(len(line) for line in text.splitlines()) <= COLUMNS


async def test_the_engine_of_this_machine(folder: EngineFolder) -> None:
    async with fake_server(**serving("understudy-demo")) as server:
        status = Status("ready", "Ready", 100, server.url, "/m/understudy-demo", "m", pid=os.getpid(), since=1.0)
        lock = acquire(folder.keeper, 1)
        assert lock
        with lock:
            write_status(folder, status)
            facts = await all_facts(Settings())
    (found,) = facts["servers"]
    assert (facts["phase"], facts["pid"], facts["work"]) == ("ready", os.getpid(), None)
    assert (found["model"], found["context"], found["precision"]) == ("understudy-demo", 4096, "bf16")
    assert found["fim"]["evidence"] == "vendor"
    assert found["load"]["cache_hits"] == 0.83
    assert json.loads(json.dumps(facts)) == facts
    said = status_text(facts)
    for line in (
        "serves:  understudy-demo, 4,096 tokens of context, bf16",
        f"asked:   in the format {found['fim']['format']}, as its maker says",
        "load:    1 running, 2 waiting, KV cache 25% full",
        "cache:   83% of all prompt tokens were found in the prefix cache",
        "speed:   0 tokens/s written, 0 read, within the last second",
        "queue:   50 ms on average before a request is begun",
        "users:   none",
    ):
        assert f"\n{line}\n" in said


async def test_a_key_is_sent_to_the_engine_of_this_machine(folder: EngineFolder) -> None:
    async with fake_server(**serving("m")) as server:
        lock = acquire(folder.keeper, 1)
        assert lock
        with lock:
            write_status(folder, Status("ready", url=server.url))
            await all_facts(Settings())
        key = folder.key.read_text()
        assert {asked.headers["authorization"] for asked in server.asked} == {f"Bearer {key}"}


async def test_somebody_elses_server(folder: EngineFolder) -> None:
    async with fake_server(**serving("Qwen/Qwen3.6-35B-A3B-FP8")) as server:
        url = server.url.replace("//", "//me:hush@")
        facts = await all_facts(Settings(engine=EngineSettings(url=url)))
    said = status_text(facts)
    assert said.startswith(f"ready: Ready\nurl:     {server.url}\nserves:  Qwen/Qwen3.6-35B-A3B-FP8, 4,096 tokens of")
    assert ", fp8\n" in said
    assert "hush" not in json.dumps(facts) + said
    assert "log:" not in said


async def test_nobody_answers(folder: EngineFolder) -> None:
    facts = await all_facts(Settings(engine=EngineSettings(url=NOBODY)))
    assert facts["phase"] == "failed"
    assert status_text(facts) == (
        "failed: Nobody answers at this address. Start a server there, or correct the URL in the settings.\n"
        f"url:     {NOBODY}"
    )


async def test_every_replica_is_said(folder: EngineFolder) -> None:
    async with fake_server(**serving("starcoder2-3b")) as one, fake_server(**serving("starcoder2-3b")) as other:
        facts = await all_facts(Settings(engine=EngineSettings(urls=(one.url, NOBODY, other.url))))
    assert (facts["phase"], facts["message"]) == ("ready", "2 of 3 replicas answer.")
    assert [server["health"] for server in facts["servers"]] == ["ready", "down", "ready"]
    said = status_text(facts)
    assert said.count("serves:  starcoder2-3b") == 2
    assert f"\n{NOBODY}\nNobody answers at this address.\n" in said
    assert fits(said)


async def test_work_has_a_lane_of_its_own(folder: EngineFolder) -> None:
    async with fake_server(**serving("small-coder")) as small, fake_server(**serving("big-chat")) as big:
        settings = Settings(engine=EngineSettings(url=small.url), work=WorkSettings(url=big.url))
        facts = await all_facts(settings)
    assert facts["servers"][0]["model"] == "small-coder"
    (big,) = facts["work"]["servers"]
    assert (big["model"], big["fim"], big["completes"]) == ("big-chat", None, None), "work is not asked to complete"
    assert "asked:" not in status_text(facts["work"])
    alone = await all_facts(Settings(work=WorkSettings(model="big")))
    assert (alone["phase"], alone["work"]["phase"]) == ("stopped", "stopped")
    assert alone["work"]["log"] != alone["log"]


@pytest.mark.parametrize("evidence", ["vendor", "experimental", "chat"])
def test_the_text_fits_a_terminal(evidence: Any) -> None:
    fim = replace(max(FORMATS, key=lambda row: len(row.name)), evidence=evidence)
    info = ModelInfo("maker/model-30b", 262_144)
    load = Load(1000, 1000, 1.0, 10**9, 10**9, 10**9, 10**9, 1e6, 10)
    checkup = Checkup(Health.READY, "", info, Served(info, fim), load, Speed(123_456.0, 123_456.0))
    facts = {"phase": "ready", "message": "Ready", "remedy": "", "url": NOBODY, "users": [], "log": "/l"}
    facts |= dict.fromkeys(("percent", "model", "pid", "uptime", "memory"))
    assert fits(status_text({**facts, "servers": [server_facts(NOBODY, checkup)]}))


def test_a_model_that_completes_nothing() -> None:
    info = ModelInfo("chat-only", 4096)
    facts = server_facts(NOBODY, Checkup(Health.READY, "", info, Served(info, None)))
    assert (facts["fim"], facts["completes"], facts["load"]) == (None, False, None)
    unknown = server_facts(NOBODY, Checkup(Health.READY, "", info))
    assert unknown["completes"] is None, "it did not say in time"
