"""Two real vLLMs behind `engine.urls`, users at work, and one of the two killed: what it costs them.

`python -m bench.replicas` runs this part alone.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from pydantic import SecretStr

from bench.figures import Percentiles, row, say
from understudy.core.errors import EngineError
from understudy.core.settings import EngineSettings
from understudy.engine import process
from understudy.engine.base import Chunk, Engine, Health, TextRequest
from understudy.engine.connect import connect_http
from understudy.engine.launch import Launch, engine_environment, with_port
from understudy.engine.local import order_for
from understudy.engine.remote import ReplicaSource
from understudy.engine.rendezvous import ranked
from understudy.engine.state import EngineFolder

START_SECONDS = 300.0
USERS = 8
# Longer than a completion while typing, so that one is always under way when the replica is killed.
TOKENS = 48
THINKING_SECONDS = 0.1
LOAD_SECONDS = 6.0
BACK_SECONDS = 40.0  # a replica that was down is looked at ever more rarely, and has to be found well twice
# Two engines on a machine of two cores: neither may take a core for itself.
SHARED_CPU = {"VLLM_CPU_OMP_THREADS_BIND": "nobind", "OMP_NUM_THREADS": "1"}


@dataclass
class Server:
    """One vLLM, which the bench starts and kills itself: a keeper would start it again at once."""

    launch: Launch
    key: str
    log: Path
    port: int
    running: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def start(self) -> None:
        environment = engine_environment(os.environ, self.launch, self.key) | SHARED_CPU
        with self.log.open("ab") as log:
            self.running = subprocess.Popen(
                with_port(self.launch, self.port), env=environment, stdout=log, stderr=log, start_new_session=True
            )

    def kill(self) -> None:
        """SIGKILL to the whole group: the server, its engine core and its worker."""
        if self.running is not None:
            process.kill_group(self.running.pid)

    def wait(self) -> None:
        """Until it has ended."""
        if self.running is not None:
            self.running.wait()
            self.running = None

    async def ready(self) -> None:
        engine = connect_http(self.url, self.key, None)
        end = perf_counter() + START_SECONDS
        while await engine.health() is not Health.READY:
            assert self.running is not None
            assert self.running.poll() is None, self.log.read_text()[-3000:]
            assert perf_counter() < end, self.log.read_text()[-3000:]
            await asyncio.sleep(0.2)
        await engine.aclose()


@dataclass
class Tried:
    """A stream at one replica, as it went."""

    url: str
    began: float
    pieces: int = 0
    broke: bool = False


@dataclass
class Asked:
    """A user's request: the replicas that it was tried at, and its answer or the error."""

    workspace: str
    own: str
    prompt: str
    began: float
    tried: list[Tried] = field(default_factory=list)
    text: str = ""
    ended: float = 0.0
    error: str = ""

    @property
    def outcome(self) -> str:
        if self.error:
            return f"failed: {self.error}"
        broken = [each for each in self.tried if each.broke]
        if not broken:
            return "answered by its own replica" if self.tried[0].url == self.own else "answered by the other one"
        return "went on at the other one" if broken[0].pieces else "answered by the other one, after its own took none"


class Noting:
    """A connection that notes its streams under the request that is being made."""

    def __init__(self, engine: Engine, url: str, user: User) -> None:
        self._engine, self._url, self._user = engine, url, user

    def __getattr__(self, name: str) -> object:
        return getattr(self._engine, name)

    async def stream(self, request: TextRequest) -> AsyncGenerator[Chunk, None]:
        tried = Tried(self._url, perf_counter())
        self._user.now.tried.append(tried)
        try:
            async with aclosing(self._engine.stream(request)) as stream:
                async for chunk in stream:
                    tried.pieces += bool(chunk.text)
                    yield chunk
        except EngineError:
            tried.broke = True
            raise


class User:
    """An editor with one workspace, which has a source of its own as every editor has."""

    now: Asked

    def __init__(self, number: int, servers: list[Server], own: Server, workspace: str) -> None:
        self.own = own
        self.workspace = workspace
        self.done: list[Asked] = []
        self._prompt = PROMPTS[number % len(PROMPTS)]
        urls = tuple(server.url for server in servers)
        settings = EngineSettings(urls=urls, api_key=SecretStr(own.key))
        self.source = ReplicaSource(
            settings,
            urls,
            workspace,
            connect=lambda url, key, model: Noting(connect_http(url, key, model), url, self),
        )

    async def work(self, stop: asyncio.Event) -> None:
        engine = await self.source.ensure(lambda _: None)
        while not stop.is_set():
            await self.ask(engine)
            await asyncio.sleep(THINKING_SECONDS)

    async def ask(self, engine: Engine) -> None:
        self.now = asked = Asked(self.workspace, self.own.url, self._prompt, perf_counter())
        try:
            async with aclosing(engine.stream(TextRequest(self._prompt, max_tokens=TOKENS))) as stream:
                async for chunk in stream:
                    asked.text += chunk.text
        except EngineError as error:
            asked.error = str(error)
        asked.ended = perf_counter()
        self.done.append(asked)


PROMPTS = (
    "<|fim_prefix|><|fim_suffix|>\n\n    return total\n<|fim_middle|>def add(values):\n    total = 0\n    for value in",
    "<|fim_prefix|><|fim_suffix|>\n<|fim_middle|>class Stack:\n    def __init__(self):\n        self.items =",
    "<|fim_prefix|><|fim_suffix|>\n    main()\n<|fim_middle|>import sys\n\n\ndef main():\n    for argument in",
    "<|fim_prefix|><|fim_suffix|>\n    return result\n<|fim_middle|>def read(path):\n    with open(path) as",
)


@dataclass
class Report:
    """What the users met. Times are those of `perf_counter`, in seconds."""

    asked: list[Asked]
    killed: float
    gone: float
    killed_url: str
    back: float | None = None

    @property
    def failed(self) -> list[Asked]:
        return [each for each in self.asked if each.error]

    @property
    def under_way(self) -> list[Asked]:
        """Those that the kill broke off."""
        return [each for each in self.asked for tried in each.tried if tried.broke and tried.began < self.killed]

    @property
    def while_it_died(self) -> list[Asked]:
        """Those that the system still let connect, before the last process of the group was gone."""
        died = [(each, tried.began) for each in self.asked for tried in each.tried if tried.broke]
        return [each for each, began in died if self.killed <= began < self.gone]

    @property
    def turned_away(self) -> list[Asked]:
        """Those that nobody took at the killed one, and that so were asked for once, at the other."""
        return [each for each in self.asked for tried in each.tried if tried.broke and tried.began >= self.gone]

    def outcomes(self) -> Counter[str]:
        return Counter(each.outcome for each in self.asked)

    def undisturbed(self) -> dict[str, set[str]]:
        """The answers to each prompt that one replica gave whole. There may be some: what a CPU computes for several
        requests at a time differs in the last digit, and with it sometimes a token."""
        texts: dict[str, set[str]] = {}
        for each in self.asked:
            if len(each.tried) == 1 and not each.error:
                texts.setdefault(each.prompt, set()).add(each.text)
        return texts

    def until_next_answer(self) -> list[float]:
        """For each user of the killed one, the milliseconds from the kill until a request had its whole answer."""
        firsts: dict[str, float] = {}
        for each in sorted(self.asked, key=lambda each: each.ended):
            if each.own == self.killed_url and each.ended > self.killed and not each.error:
                firsts.setdefault(each.workspace, (each.ended - self.killed) * 1000)
        return list(firsts.values())

    def until_asked_again(self) -> float | None:
        """Seconds from when the killed one answered again until a request went to it."""
        if self.back is None:
            return None
        later = [t.began for each in self.asked for t in each.tried if t.url == self.killed_url and t.began > self.back]
        return min(later) - self.back if later else None


@asynccontextmanager
async def two_servers() -> AsyncIterator[list[Server]]:
    """Two vLLMs on the bundled model, with one key."""
    key = secrets.token_hex(16)
    with tempfile.TemporaryDirectory(prefix="understudy-bench-") as home:
        folder = EngineFolder(Path(home) / "engine")
        launch = order_for(EngineSettings(), folder).launch
        servers = [Server(launch, key, Path(home) / f"vllm-{port}.log", port) for port in _free_ports(2)]
        try:
            for server in servers:
                server.start()
            await asyncio.gather(*(server.ready() for server in servers))
            yield servers
        finally:
            for server in servers:
                server.kill()
            for server in servers:
                server.wait()


async def kill_one(servers: list[Server], *, load_seconds: float = LOAD_SECONDS, restart: bool = True) -> Report:
    """Let users work, kill one replica in the middle, and, if `restart`, start it again and wait until it is used."""
    users = _users(servers)
    victim = servers[0]
    await _warm_up(users)
    stop = asyncio.Event()
    tasks = [asyncio.create_task(user.work(stop)) for user in users]
    back: float | None = None
    try:
        await asyncio.sleep(load_seconds)
        killed, gone = await _kill(victim, users)
        await asyncio.sleep(load_seconds)
        if restart:
            victim.start()
            await victim.ready()
            back = perf_counter()
            while perf_counter() < back + BACK_SECONDS and not _asked(users, victim, back):  # noqa: ASYNC110
                await asyncio.sleep(0.1)
    finally:
        stop.set()
        await asyncio.gather(*tasks)
        for user in users:
            await user.source.aclose()
    asked = [each for user in users for each in user.done]
    return Report(asked, killed, gone, victim.url, back)


async def _kill(victim: Server, users: list[User]) -> tuple[float, float]:
    """Kill it while something is under way there; when that was, and when its last process was gone."""
    while not any(_under_way(user) for user in users if user.own is victim):  # noqa: ASYNC110
        await asyncio.sleep(0)
    killed = perf_counter()
    victim.kill()
    await asyncio.to_thread(victim.wait)
    return killed, perf_counter()


def _asked(users: list[User], server: Server, since: float) -> bool:
    """Whether anybody has asked the server since then."""
    done = [each for user in users for each in user.done]
    return any(tried.url == server.url and tried.began > since for each in done for tried in each.tried)


def _under_way(user: User) -> bool:
    return not user.now.ended and bool(user.now.tried) and user.now.tried[-1].url == user.own.url


async def _warm_up(users: list[User]) -> None:
    """The first request of an engine on a CPU takes seconds."""
    for user in users:
        engine = await user.source.ensure(lambda _: None)
        await user.ask(engine)
        user.done.clear()


def _users(servers: list[Server]) -> list[User]:
    """As many for whom the first is their own as for the second."""
    urls = [server.url for server in servers]
    users: list[User] = []
    number = 0
    while len(users) < USERS:
        workspace = f"file:///home/user{number}/project"
        own = next(server for server in servers if server.url == ranked(workspace, urls)[0])
        number += 1
        if sum(user.own is own for user in users) < USERS // len(servers):
            users.append(User(len(users), servers, own, workspace))
    return users


def _free_ports(count: int) -> list[int]:
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [it.getsockname()[1] for it in held]
    for it in held:
        it.close()
    return ports


async def measure() -> None:
    """Run it and print what it took."""
    began = perf_counter()
    async with two_servers() as servers:
        say(f"  two vLLMs ready after {perf_counter() - began:.0f} s")
        report = await kill_one(servers)
    row(f"requests of {USERS} users", len(report.asked))
    for outcome, count in report.outcomes().most_common():
        row(f"    {outcome}", count)
    row("requests that failed", len(report.failed), "0", met=not report.failed)
    most = max(len(each.tried) for each in report.asked)
    row("most often that one request was asked for", most, "≤ 2", met=most <= 2)
    broken = report.under_way
    row("broken off by the kill, and asked for once more", len(broken))
    same = sum(each.text in report.undisturbed()[each.prompt] for each in broken)
    row("… with the very text of an undisturbed answer", f"{same} of {len(broken)}")
    row("begun there while it died, and asked for once more", len(report.while_it_died))
    row("turned away there, and asked for elsewhere", len(report.turned_away))
    row("from the kill to the next whole answer, ms", Percentiles.of(report.until_next_answer()))
    for name, from_, to in (("before", 0.0, report.killed), ("after", report.killed, float("inf"))):
        times = [(it.ended - it.began) * 1000 for it in report.asked if from_ <= it.began and it.ended < to]
        row(f"whole answer {name} the kill, ms", Percentiles.of(times))
    again = report.until_asked_again()
    row(
        "it answers again: until its users are back, s",
        "never" if again is None else f"{again:.1f}",
        "",
        met=bool(again),
    )


if __name__ == "__main__":
    say("One of two replicas killed under load")
    sys.exit(asyncio.run(measure()))
