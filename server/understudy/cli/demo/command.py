"""`understudy demo`: a real editor's conversation, typed key by key, on a real engine with the bundled model."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pygls.exceptions import JsonRpcException

from understudy import bundled
from understudy.cli.demo.editor import Editor, Ghost, Server, conversation
from understudy.cli.demo.scene import keystrokes, scene
from understudy.cli.demo.screen import Screen
from understudy.cli.progress import progress_bar
from understudy.core.paths import data_dir, state_dir

KEY_SECONDS = 0.12  # between two keys: a quick typist
THINKING_SECONDS = 1.2  # before a word or a line, when somebody would look up
WORTH_ACCEPTING = 3  # characters

NEXT = """
Connect your editor (the server is `understudy lsp`, on stdio):
  Neovim 0.12   vim.lsp.config.understudy = { cmd = { "understudy", "lsp" } }
                vim.lsp.enable("understudy"); vim.lsp.inline_completion.enable()
  Emacs         (lsp-mode 10) register a client for "understudy lsp"; inline completion is on by itself
  VS Code       any LSP client extension that starts "understudy lsp"; Understudy's own one follows
What you saw is a small demonstration model. For real work serve a real one:
  understudy engine start --model Qwen/Qwen2.5-Coder-1.5B     or set engine.url to a server that you have
"""


@dataclass
class Tally:
    """What came of the typing."""

    keys: int = 0
    shown: list[Ghost] = field(default_factory=list)
    accepted: int = 0  # characters


def add_demo_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `demo`; it sets `func`, which returns the exit status."""
    parser = commands.add_parser("demo", help="show the main job on a sample")
    parser.add_argument("--keep-engine", action="store_true", help="leave the demonstration's engine running")
    parser.set_defaults(func=run_demo)


def run_demo(arguments: argparse.Namespace) -> int:
    """Play the demonstration on an engine of its own, beside the one that the user may have."""
    environment = dict(os.environ)
    environment["UNDERSTUDY_STATE_HOME"] = str(state_dir() / "demo")
    environment["UNDERSTUDY_CONFIG_HOME"] = str(data_dir() / "demo")
    screen = Screen(sys.stdout)
    try:
        asyncio.run(play(screen, environment))
    finally:
        if not arguments.keep_engine:
            stop = [sys.executable, "-m", "understudy", "engine", "stop"]
            subprocess.run(stop, env=environment, capture_output=True, check=False)
    return 0


async def play(screen: Screen, environment: Mapping[str, str]) -> None:
    """Start the server, wait for its engine, type, and say what came of it."""
    with tempfile.TemporaryDirectory(prefix="understudy-demo-") as folder:
        root = Path(folder)
        trace = root / "trace.jsonl"
        options: dict[str, Any] = {
            "engine": {"model": str(bundled.model_path()), "idleMinutes": 2},
            "statistics": {"enabled": False},
            "trace": {"file": str(trace)},
        }
        screen.say("Starting the language server, and through it vLLM on the bundled demonstration model.")
        with progress_bar() as show:
            async with conversation(root, options, environment, show) as server:
                await server.ready()
                tally = await type_scene(screen, root, server)
        summary(screen, tally, calls(trace))


async def type_scene(screen: Screen, root: Path, server: Server) -> Tally:
    """Type the script at the end of the sample, accepting ghost text that says the same."""
    it = scene()
    editor = Editor(server.client, root / it.name, it.text)
    (root / it.name).write_text(it.text, encoding="utf-8")
    editor.open()
    screen.say(f"Ready. Typing into {it.name}; ▏ is the cursor, the text after it is what the model offers.\n")
    tally = Tally()
    done = 0
    shown = ""
    while done < len(it.script):
        key = keystrokes(it.script[done:])[0]
        editor.insert(key)
        done += len(key)
        tally.keys += 1
        line = editor.text.rpartition("\n")[2]
        screen.typed(line)
        if key.startswith("\n") and line.strip() == "" and tally.keys > 1:
            screen.typed("")
        ghost = await _look(editor, key, it.script[done:])
        if ghost is None:
            continue
        screen.typed(line, ghost.text)
        if not shown.endswith(ghost.text):
            tally.shown.append(ghost)
            screen.ghost(line, ghost.text, f"{ghost.ms:.0f} ms")
        shown = ghost.text
        if len(ghost.text.strip()) >= WORTH_ACCEPTING and it.script[done:].startswith(ghost.text):
            await editor.accept(ghost)
            done += len(ghost.text)
            tally.accepted += len(ghost.text)
            screen.accepted(editor.text.rpartition("\n")[2])
    return tally


async def _look(editor: Editor, key: str, rest: str) -> Ghost | None:
    """Ask after a key. Inside a word nobody waits: the next key makes the server answer the older request itself."""
    pause = THINKING_SECONDS if not key.strip() or not rest[:1].isalnum() else KEY_SECONDS
    asking = asyncio.create_task(editor.ghost())
    await asyncio.wait([asking], timeout=pause)
    if not asking.done():
        asking.add_done_callback(lambda task: task.cancelled() or task.exception())
        return None
    await asyncio.sleep(0 if pause > KEY_SECONDS else KEY_SECONDS / 2)
    try:
        return asking.result()
    except JsonRpcException:
        return None


def calls(trace: Path) -> list[dict[str, Any]]:
    """The engine calls that the server traced."""
    if not trace.is_file():
        return []
    lines = (json.loads(line) for line in trace.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line["name"] == "engine.stream"]


def summary(screen: Screen, tally: Tally, streams: list[dict[str, Any]]) -> None:
    """What came of it, in figures, and what to do next."""
    waits = sorted(ghost.ms for ghost in tally.shown)
    middle = waits[len(waits) // 2] if waits else 0.0
    screen.say(
        f"\n{tally.keys} keys typed, {len(tally.shown)} suggestions shown (median wait {middle:.0f} ms), "
        f"{tally.accepted} characters accepted."
    )
    told = [line for line in streams if line.get("prompt_tokens")]
    prompt = sum(int(line["prompt_tokens"]) for line in told)
    cached = sum(int(line.get("cached_tokens") or 0) for line in told)
    written = sum(int(line.get("completion_tokens") or 0) for line in told)
    screen.say(
        f"The engine was asked {len(streams)} times: {prompt} prompt tokens, {cached} of them from its cache, "
        f"{written} tokens written."
    )
    screen.say(NEXT.rstrip("\n"))
