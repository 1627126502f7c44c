"""Canaries: secrets in a workspace, and the whole server on it with an engine that keeps what it is sent. What it is
sent, what is kept on disk and what is logged hold none of them, whatever is asked."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import sys
import zlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fake_openai import DONE, FakeServer, answer, fake_server, json_answer, stream_answer, text_event
from wire_client import Wire, insertion, server

from understudy.features.completion.warm import PAUSE_SECONDS

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="making a link takes a right that tests do not have there"
)

INLINE = {"textDocument": {"inlineCompletion": {}}}
STATUS = {"command": "understudy.status"}
MODELS = {"data": [{"id": "qwen2.5-coder", "root": "Qwen/Qwen2.5-Coder-7B", "max_model_len": 8192, "owned_by": "vllm"}]}
SECONDS = 60.0

# Names of secrets. Those that end in `.py` would be read by the index if it were not for the folder or name.
NAMES = (
    *(".env", ".env.local", ".envrc", "prod.env", "deploy/.env.production", ".ENV.PY", ".env.bak", ".env~"),
    *("secrets.py", "secrets/prod.py", "credentials.py", "credentials/db.py", ".aws/helper.py", ".ssh/known.py"),
    *(".kube/config", ".docker/config.json", ".config/gh/hosts.yml", ".azure/tokens.py", ".gnupg/keys.py", "id_rsa"),
    *("id_ed25519.py", "server.pem", "tls/server.key", "store.jks", "vault.kdbx", ".netrc", ".pgpass", ".npmrc"),
    *(".pypirc", ".git-credentials", ".vault-token", ".databrickscfg", "rclone.conf", "terraform.tfstate"),
    *("main.tfvars", "gha-creds-0a1b2c3d.json", "service-account-prod.json", "wallet.dat", "kubeconfig"),
)
# Files that rules keep out, beside the rule file that does so.
RULED = {
    "private/plans.py": (".understudyignore", "/private/\n"),
    "sub/quiet.py": ("sub/.cursorignore", "quiet.py\n"),
    "sub/deep/silent.py": ("sub/.aiignore", "deep/\n"),
    "other/mute.py": ("other/.copilotignore", "/mute.py\n"),
    "user_says_no.py": ("", ""),
}
CONNECT = "def connect_service"
TOKENS = (
    "ghp_" + "q7Rz2LmPw9XvNb4TyKc8Jd5HsGf3Ae6UoQ1Z",
    "AKIA" + "QZ7XW3LMN5P2RT4V",
    "sk_live_" + "8fK2mQ9xZr4Lw7Tn3Vb6Yp1D",
    "hf_" + "KdYtRwQmZxNvBpLsJhGfCkUaEoTiWrVyXq",
    "Xk9#mQ2$vL7pZ4",
)
KEY = "\n".join(
    (
        "-----BEGIN PRIVATE KEY-----",
        "MIIEvwIBADANBgkqhkiG9w0BAQEFAASCBKkwggSlAgEAAoIBAQDZ8sK3mVq7xWzT",
        "p4NfYhRuJ0dLcXbE6iGtOaSyPnQw1vKzMjU5rHlBgCqFsD2eIoTxVkWm9uNzRyAp",
        "3hJcLdXbE8iGtOaSyPnQw1==",
        "-----END PRIVATE KEY-----",
    )
)
ORDINARY = f'''"""Clients."""

API_TOKEN = "{TOKENS[0]}"


def connect_service(user, key="{TOKENS[1]}", password="{TOKENS[4]}"):
    """Connect with a key."""
    secret = "{TOKENS[2]}"
    return (user, key, secret)


PRIVATE = """{KEY}
"""


class ServiceClient:
    """A client."""

    token = "{TOKENS[3]}"

    def call_service(self, name):
        return name
'''
MAIN = f'''"""Main."""
from ordinary import API_TOKEN, ServiceClient, connect_service
from local_settings import local_value
from sub.quiet import canary_function

OWN = "{TOKENS[2]}"
PEM = """{KEY}
"""


def main(user):
    client = ServiceClient()
    value = connect_service('''


END = MAIN.count("\n"), len(MAIN.rsplit("\n", 1)[1])


@dataclass(frozen=True, slots=True)
class Trap:
    """A workspace full of secrets, and the words of which none may be seen anywhere; `bait` holds some of them each."""

    root: Path
    home: Path
    canaries: tuple[str, ...]
    bait: tuple[Path, ...]

    def uri(self, name: str) -> str:
        return (self.root / name).as_uri()


@pytest.fixture(name="trap")
def fixture_trap(tmp_path: Path) -> Trap:
    root, home = tmp_path / "project", tmp_path / "home"
    canaries, bait = [], []

    def lay(path: Path) -> None:
        canary = f"canary{len(canaries):02d}zq"
        canaries.append(canary)
        bait.append(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{canary} = 1\n\n\ndef canary_function(value='{canary}'):\n    return {canary}\n")

    for name in (*NAMES, *RULED, "local_settings.py"):
        lay(root / name)
    for file, patterns in RULED.values():
        if file:
            (root / file).write_text(patterns)
    (root / ".gitignore").write_text("local_settings.py\n")
    lay(tmp_path / "outside" / ".aws" / "config.py")
    (root / "linked.py").symlink_to(root / ".env")
    (root / "linked_too.py").symlink_to(root / "linked.py")
    (root / "folder").symlink_to(tmp_path / "outside" / ".aws")
    bait += [root / "linked.py", root / "linked_too.py", root / "folder" / "config.py"]
    (root / "ordinary.py").write_text(ORDINARY)
    (root / "main.py").write_text(MAIN)
    pieces = [text[at : at + 8] for text in (*TOKENS, *KEY.splitlines()[1:-1]) for at in range(len(text) - 7)]
    known = {piece for piece in pieces if piece in "sk_live_"}
    return Trap(root, home, (*canaries, *sorted(set(pieces) - known)), tuple(bait))


@asynccontextmanager
async def conversation(trap: Trap, fake: FakeServer) -> AsyncIterator[Wire]:
    """The server on the workspace, its engine ready, and whatever it says answered."""
    homes = {f"UNDERSTUDY_{name}_HOME": str(trap.home / name.lower()) for name in ("DATA", "STATE")}
    async with server("-m", "understudy", "lsp", home=trap.home, environment=homes) as wire:
        options = {
            "engine": {"url": fake.url, "fim": "qwen"},
            "completion": {"debounceMs": 0, "alternatives": 2, "ignore": ["user_says_no.py"]},
            "trace": {"file": str(trap.home / "trace.jsonl")},
        }
        folders = [{"uri": trap.root.as_uri(), "name": "project"}]
        params = {"processId": None, "rootUri": None, "capabilities": INLINE, "workspaceFolders": folders}
        await wire.ask("initialize", {**params, "initializationOptions": options})
        wire.notify("initialized", {})
        while (await wire.ask("workspace/executeCommand", STATUS))["state"] != "ready":
            pass
        yield wire
        assert await wire.leave() == 0
        trap_log = "\n".join(wire.log)
        assert not [canary for canary in trap.canaries if canary in trap_log]


def engine() -> Any:
    """An engine that has nothing to do, so that the next prompt is read ahead."""
    return fake_server(
        models=json_answer(MODELS),
        completions=stream_answer(text_event(" user)", "stop") + DONE),
        tokenize=json_answer({"tokens": [1]}),
        metrics=answer("vllm:num_requests_running 0\nvllm:num_requests_waiting 0\n", "text/plain"),
    )


async def asked_ahead(fake: FakeServer) -> None:
    """Wait until the engine was asked for the one token of a prompt that is read ahead."""
    while not any(body["max_tokens"] == 1 for body in fake.bodies("/v1/completions")):
        fake.reached["/v1/completions"].clear()
        await fake.reached["/v1/completions"].wait()


def sent(fake: FakeServer) -> str:
    """Everything that the engine was sent, as it reads it."""
    return json.dumps([asked.body for asked in fake.asked], ensure_ascii=False).replace("\\n", "\n").replace('\\"', '"')


async def ask(wire: Wire, trap: Trap, name: str, line: int, character: int, kind: int) -> list[Any]:
    reply = await wire.reply(wire.complete(line, character, trap.uri(name), triggerKind=kind), SECONDS)
    items: list[Any] = reply["result"]["items"] if reply["result"] else []
    return items


async def shown(wire: Wire, trap: Trap, fake: FakeServer) -> None:
    """Ask until a definition of another file is shown: what else is not shown is left out on purpose."""
    async with asyncio.timeout(SECONDS):
        while not fake.bodies("/v1/completions") or CONNECT not in fake.bodies("/v1/completions")[-1]["prompt"]:
            await ask(wire, trap, "main.py", *END, 1)
            await asyncio.sleep(0.1)  # the index is read meanwhile, by another process


async def test_no_secret_is_sent_kept_or_logged(trap: Trap) -> None:
    async with engine() as fake, conversation(trap, fake) as wire:
        for path in trap.bait:
            wire.open(path.read_text(), uri=path.as_uri())
            wire.change(2, insertion(1, 0, "changed = 2\n"), uri=path.as_uri())
        wire.open(MAIN, uri=trap.uri("main.py"))
        await shown(wire, trap, fake)
        line, character = END
        for version, key in enumerate("user", 2):
            wire.change(version, insertion(line, character + version - 2, key), uri=trap.uri("main.py"))
            await ask(wire, trap, "main.py", line, character + version - 1, 2)
        rows = range(0, MAIN.count("\n"), 2)
        for row in rows:  # in the key, in the token, above them and below
            await ask(wire, trap, "main.py", row, min(20, len(MAIN.split("\n")[row])), 1)
        wire.open(ORDINARY, uri=trap.uri("ordinary.py"))
        for row in range(0, ORDINARY.count("\n"), 3):
            await ask(wire, trap, "ordinary.py", row, len(ORDINARY.split("\n")[row]) // 2, 1)
        assert len(fake.bodies("/v1/completions")) > len(rows)
        # A text that the engine has not seen is read ahead while the user pauses in it.
        wire.open(f"{ORDINARY}\n{MAIN}", uri=trap.uri("fresh.py"))
        wire.change(2, insertion(ORDINARY.count("\n") + 1 + END[0], END[1], "u"), uri=trap.uri("fresh.py"))
        await asyncio.wait_for(asked_ahead(fake), SECONDS)
    assert "MASKED_SECRET" in sent(fake)
    assert "MASKED_KEY_LINE" in sent(fake)
    assert [canary for canary in trap.canaries if canary in sent(fake)] == []
    kept = [text for path in sorted(trap.home.rglob("*")) if path.is_file() for text in contents(path)]
    assert any("connect_service" in text for text in kept), "the index was kept"
    assert [canary for canary in trap.canaries if any(canary in text for text in kept)] == []


async def test_nothing_is_asked_in_a_file_of_secrets(trap: Trap) -> None:
    async with engine() as fake, conversation(trap, fake) as wire:
        for path in trap.bait:
            if path.name == "local_settings.py":
                continue
            wire.open(path.read_text(), uri=path.as_uri())
            name = path.relative_to(trap.root).as_posix() if path.is_relative_to(trap.root) else f"../{path}"
            reply = await wire.reply(wire.complete(4, 11, path.as_uri(), triggerKind=1))
            assert not reply["result"] or not reply["result"]["items"], name
            wire.change(2, insertion(1, 0, "changed = 2\n"), uri=path.as_uri())
        await asyncio.sleep(2 * PAUSE_SECONDS)
        assert not fake.bodies("/v1/completions")
        assert not fake.bodies("/tokenize")
        # What git ignores is the user's own: there it is asked.
        wire.open((trap.root / "local_settings.py").read_text(), uri=trap.uri("local_settings.py"))
        await ask(wire, trap, "local_settings.py", 4, 4, 1)
        assert fake.bodies("/v1/completions")


async def test_rules_that_come_later_hold_at_once(trap: Trap) -> None:
    async with engine() as fake, conversation(trap, fake) as wire:
        wire.open(MAIN, uri=trap.uri("main.py"))
        await shown(wire, trap, fake)
        (trap.root / ".aiignore").write_text("ordinary.py\n")
        before = len(fake.asked)
        await ask(wire, trap, "main.py", *END, 1)
        later = json.dumps([asked.body for asked in fake.asked[before:] if asked.path == "/v1/completions"])
        assert "connect_service(" in later
        assert CONNECT not in later
        (trap.root / ".aiignore").write_text("main.py\n")
        before = len(fake.asked)
        assert await ask(wire, trap, "main.py", *END, 1) == []
        assert not [asked for asked in fake.asked[before:] if asked.path == "/v1/completions"]


def contents(path: Path) -> Iterator[str]:
    """What a file says: as it is, and of a database each value and each word that is looked up in it."""
    data = path.read_bytes()
    yield data.decode("utf-8", "replace")
    if not data.startswith(b"SQLite format 3"):
        return
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            if table == "words":
                database.execute("CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, words, row)")
                yield " ".join(term for (term,) in database.execute("SELECT term FROM temp.vocabulary"))
                continue
            for row in database.execute(f'SELECT * FROM "{table}"'):
                yield from (_said(value) for value in row)


def _said(value: Any) -> str:
    if isinstance(value, bytes):
        try:
            return zlib.decompress(value).decode("utf-8", "replace")
        except zlib.error:
            return value.decode("utf-8", "replace")
    return str(value)
