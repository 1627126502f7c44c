"""`understudy engine status`: how the engines stand, wherever they run: as facts, for programs, and as text."""

from __future__ import annotations

import asyncio
import textwrap
import time
from dataclasses import asdict, dataclass
from typing import Any

from understudy.core.errors import EngineError
from understudy.core.settings import EngineSettings, Settings
from understudy.engine import process
from understudy.engine.address import without_credentials
from understudy.engine.base import Health, ModelInfo
from understudy.engine.catalogue import load_catalogue
from understudy.engine.connect import connect_http
from understudy.engine.health import NOT_READY, Checkup, Speed, check, hit_rate, queue_seconds
from understudy.engine.keys import key_for
from understudy.engine.lanes import work_settings
from understudy.engine.remote import alone
from understudy.engine.rendezvous import addresses
from understudy.engine.state import EngineFolder, Status, engine_folder, engine_key, engine_root, read_status, users

COLUMNS = 80
Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Server:
    """Where an engine answers, and how it is asked; `fim` is None for one that is not asked for completions."""

    url: str
    key: str | None
    model: str | None = None
    fim: str | None = None


async def all_facts(settings: Settings) -> Facts:
    """How the engine for typing stands and, under `work`, that for fixes and the agent where it has one of its own.
    Seconds, bytes and shares of 1. Takes some seconds at most. Raises `EngineUnavailable` for a URL that is none."""
    work = work_settings(settings)
    lanes = [lane_facts(settings.engine, engine_folder(), settings.engine.fim)]
    if work is not None:
        lanes.append(lane_facts(work, EngineFolder(engine_root("work")), None))
    typing, *own = await asyncio.gather(*lanes)
    return {**typing, "work": own[0] if own else None}


async def lane_facts(settings: EngineSettings, folder: EngineFolder, fim: str | None) -> Facts:
    """How the engine stands that `settings` name; `folder`: where that of this machine keeps its state; `fim`: how it
    is asked for completions, if it is."""
    urls = addresses(settings)
    local = local_facts(folder, read_status(folder) or Status("stopped", "No engine has been started yet."))
    if urls:
        servers = [Server(url, key_for(alone(settings, url)), settings.model, fim) for url in urls]
        return remote_facts(await _check_all(servers), local)
    if local["phase"] == "ready":
        local["servers"] = await _check_all([Server(local["url"], engine_key(folder), None, fim)])
    return local


def local_facts(folder: EngineFolder, status: Status) -> Facts:
    """What the keeper says of the engine of this machine."""
    running = status.pid is not None and status.phase in ("starting", "ready", "stopping")
    return {
        "phase": status.phase,
        "message": status.message,
        "percent": status.percent,
        "model": status.model,
        "url": status.url,
        "pid": status.pid,
        "users": [asdict(user) for user in users(folder)],
        "uptime": round(time.time() - status.since, 1) if running else None,
        "memory": process.group_memory(status.pid) if running and status.pid else None,
        "restarts": status.restarts,
        "remedy": status.remedy,
        "log": str(folder.log),
        "servers": [],
    }


def remote_facts(servers: list[Facts], local: Facts) -> Facts:
    """As `local_facts`, for servers that somebody else runs. `local`: the engine of this machine, which may run too."""
    answering = sum(server["health"] == Health.READY.value for server in servers)
    first = servers[0]
    if len(servers) > 1:
        said = {"message": f"{answering} of {len(servers)} replicas answer."}
    else:
        said = {"message": first["problem"] or "Ready", "url": first["url"]}
    silent = all(server["problem"] == NOT_READY[Health.DOWN] for server in servers)
    remedy = "Start a server there, or correct the URL in the settings." if silent else ""
    other = {} if local["uptime"] is None else {"local": local["phase"]}
    return {
        **dict.fromkeys(local),
        **said,
        **other,
        "phase": "ready" if answering else "failed",
        "remedy": remedy,
        "users": [],
        "restarts": 0,
        "servers": servers,
    }


async def _check_all(servers: list[Server]) -> list[Facts]:
    return await asyncio.gather(*(_check(server) for server in servers))


async def _check(server: Server) -> Facts:
    try:
        engine = connect_http(server.url, server.key, server.model)
    except EngineError as error:
        return server_facts(server.url, Checkup(Health.DOWN, str(error)))
    try:
        return server_facts(server.url, await check(engine, server.fim))
    finally:
        await engine.aclose()


def server_facts(url: str, found: Checkup) -> Facts:
    """What one server said; None for what it did not."""
    fim = found.served.fim if found.served else None
    return {
        "url": without_credentials(url),
        "health": found.health.value,
        "problem": found.problem,
        "model": found.info.id if found.info else None,
        "context": found.info.context if found.info else None,
        "precision": precision_of(found.info) if found.info else None,
        "fim": {"format": fim.name, "evidence": fim.evidence} if fim else None,
        "completes": fim is not None if found.served else None,
        "load": load_facts(found),
    }


def load_facts(found: Checkup) -> Facts | None:
    """How busy a server is; rates per second, `cache_hits` and `kv_cache` shares of 1. None where it has no metrics."""
    if (load := found.load) is None:
        return None
    rates = asdict(found.speed) if found.speed else dict.fromkeys(Speed.__slots__)
    return {
        "running": load.running,
        "waiting": load.waiting,
        "kv_cache": load.kv_cache,
        "cache_hits": hit_rate(load),
        "queue_seconds": queue_seconds(load),
        "computed_per_second": rates["computed"],
        "generated_per_second": rates["generated"],
        "computed_tokens": load.computed_tokens,
        "generated_tokens": load.generated_tokens,
    }


def precision_of(info: ModelInfo) -> str | None:
    """The precision of the served checkpoint, where the catalogue lists it."""
    catalogue = load_catalogue()
    found = catalogue.checkpoint(info.root) or catalogue.checkpoint(info.id)
    return found[1].precision if found else None


EVIDENCE = {
    "vendor": "as its maker says",
    "experimental": "experimental: its maker does not say so",
    "chat": "in words, since it has no tokens for it",
}


def status_text(facts: Facts) -> str:
    """The facts as lines, leaving out what does not apply."""
    percent = f", {facts['percent']} %" if facts["phase"] == "starting" else ""
    lines = [f"{facts['phase']}: {facts['message']}{percent} {facts['remedy']}".rstrip()]
    lines += [_line(name, facts[name]) for name in ("model", "url", "pid") if facts[name]]
    if isinstance(facts["uptime"], float):
        minutes, seconds = divmod(round(facts["uptime"]), 60)
        lines.append(_line("uptime", f"{minutes} min {seconds} s, {facts['restarts']} restarts"))
    if isinstance(facts["memory"], int):
        lines.append(_line("memory", f"{facts['memory'] / 1e9:.1f} GB"))
    for server in facts["servers"]:
        if len(facts["servers"]) > 1:
            lines.append(f"\n{server['url']}")
        if server["problem"] != facts["message"]:
            lines += server_lines(server)
    if isinstance(facts["users"], list) and facts["uptime"] is not None:
        named = ", ".join(f"{user['who']} ({user['pid']})" for user in facts["users"])
        lines.append(_line("users", named or "none"))
    if facts.get("local"):
        lines.append(_line("local", f"an engine of this machine is {facts['local']}, and not asked"))
    return "\n".join([*lines, *([_line("log", facts["log"])] if facts["log"] else [])])


def server_lines(server: Facts) -> list[str]:
    """How one server is, within 80 columns as far as its names allow."""
    if server["problem"]:
        return textwrap.wrap(server["problem"], COLUMNS)
    lines = []
    if server["model"]:
        precision = f", {server['precision']}" if server["precision"] else ""
        context = f", {server['context']:,} tokens of context" if server["context"] else ""
        lines.append(_line("serves", f"{server['model']}{context}{precision}"))
    if server["fim"]:
        lines.append(_line("asked", f"in the format {server['fim']['format']}, {EVIDENCE[server['fim']['evidence']]}"))
    elif server["completes"] is False:
        lines.append(_line("asked", "not for completions: it has no fill-in-the-middle format"))
    return lines + (load_lines(server["load"]) if server["load"] else [])


def load_lines(load: Facts) -> list[str]:
    """How busy a server is."""
    state = f"{load['running']} running, {load['waiting']} waiting, KV cache {load['kv_cache']:.0%} full"
    lines = [_line("load", state)]
    if load["cache_hits"] is not None:
        lines.append(_line("cache", f"{load['cache_hits']:.0%} of all prompt tokens were found in the prefix cache"))
    if load["generated_per_second"] is not None:
        rates = f"{load['generated_per_second']:,.0f} tokens/s written, {load['computed_per_second']:,.0f} read"
        lines.append(_line("speed", f"{rates}, within the last second"))
    if load["queue_seconds"] is not None:
        lines.append(_line("queue", f"{1000 * load['queue_seconds']:,.0f} ms on average before a request is begun"))
    return lines


def _line(name: str, value: object) -> str:
    return f"{name + ':':<9}{value}"
