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
from understudy.cli.demo.editor import Editor, Ghost, conversation
from understudy.cli.demo.mending import mend_scene
from understudy.cli.demo.scene import keystrokes, scene
from understudy.cli.demo.screen import Screen
from understudy.cli.progress import progress_bar
from understudy.core.errors import StartFailed
from understudy.core.paths import state_dir
from understudy.core.settings import Settings

KEY_SECONDS = 0.12  # between two keys: a quick typist
THINKING_SECONDS = 1.2  # before a word or a line, when somebody would look up
WORTH_ACCEPTING = 3  # characters
SETTINGS = tuple(f"UNDERSTUDY_{group.upper()}_" for group in Settings.model_fields)

NEXT = """
Connect your editor (the server is `understudy lsp`, on stdio):
  VS Code       make vsix, then install the file in dist/
  Neovim 0.12   vim.opt.rtp:prepend("<this folder>/extension/editors/neovim")
  Emacs 30      (use-package understudy :load-path "<this folder>/extension/editors/emacs"
                  :config (understudy-global-mode))
  Helix         extension/editors/helix/languages.toml; the README says how, and has the lines for others
What you saw is a small demonstration model. For real work serve a real one:
  understudy engine start --model Qwen/Qwen2.5-Coder-1.5B     or set engine.url to a server that you have
"""


@dataclass
class Tally:
    """What came of it."""

    keys: int = 0
    waits: list[float] = field(default_factory=list)  # milliseconds until ghost text was there
    accepted: int = 0  # characters
    fixed: int = 0  # problems


def add_demo_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `demo`; it sets `func`, which returns the exit status."""
    parser = commands.add_parser("demo", help="show the main job on a sample")
    parser.add_argument("--keep-engine", action="store_true", help="leave the demonstration's engine running")
    parser.add_argument("--speed", type=float, default=1.0, help="type so many times faster (%(default)s)")
    parser.set_defaults(func=run_demo)


def run_demo(arguments: argparse.Namespace) -> int:
    """Play the demonstration on an engine of its own, beside the one that the user may have."""
    home = state_dir() / "demo"
    # The user's own settings stay out of it; where their things are kept does not.
    environment = {name: value for name, value in os.environ.items() if not name.startswith(SETTINGS)}
    environment |= {"UNDERSTUDY_STATE_HOME": str(home), "UNDERSTUDY_CONFIG_HOME": str(home)}
    screen = Screen(sys.stdout)
    try:
        asyncio.run(play(screen, environment, max(arguments.speed, 0.1)))
    except StartFailed as error:
        raise StartFailed(
            error.problem, f"The log of the demonstration's engine is {home / 'engine' / 'engine.log'}."
        ) from error
    finally:
        if not arguments.keep_engine:
            stop = [sys.executable, "-m", "understudy", "engine", "stop"]
            subprocess.run(stop, env=environment, capture_output=True, check=False)
    return 0


async def play(screen: Screen, environment: Mapping[str, str], speed: float) -> None:
    """Start the server, wait for its engine, type, and say what came of it."""
    with tempfile.TemporaryDirectory(prefix="understudy-demo-") as folder:
        root = Path(folder)
        trace = Trace(root / "trace.jsonl")
        options: dict[str, Any] = {
            "engine": {"model": str(bundled.model_path()), "idleMinutes": 2},
            "statistics": {"enabled": False},
            "trace": {"file": str(trace.file)},
        }
        screen.say("Starting the language server, and through it vLLM on the bundled demonstration model.")
        with progress_bar() as show:
            async with conversation(root, options, environment, show) as server:
                await server.ready()
                screen.say(
                    "Ready. ▏ is the cursor; the text after it is what the model offers, before anything is typed.\n"
                )
                it = scene()
                editor = Editor(server.client, root / it.name, it.text)
                editor.open()
                tally = await type_scene(screen, editor, it.script, trace, speed)
                tally.fixed = await mend_scene(screen, server, root)
        trace.read()
        summary(screen, tally, trace.calls)


async def type_scene(screen: Screen, editor: Editor, script: str, trace: Trace, speed: float) -> Tally:
    """Type the script at the editor's cursor, accepting ghost text that says the same."""
    tally = Tally()
    done = 0
    shown = ""
    while done < len(script):
        key = keystrokes(script[done:])[0]
        if key.startswith("\n"):
            screen.say(editor.line)
        editor.insert(key)
        done += len(key)
        tally.keys += 1
        screen.typed(editor.line)
        ghost = await _look(editor, key, script[done:], speed)
        if ghost is None:
            continue
        screen.typed(editor.line, ghost.text)
        if not shown.endswith(ghost.text):
            tally.waits.append(ghost.ms)
            screen.ghost(editor.line, ghost.text, f"{ghost.ms:.0f} ms, {trace.cost()}")
        shown = ghost.text
        if len(ghost.text.strip()) >= WORTH_ACCEPTING and script[done:].startswith(ghost.text):
            await editor.accept(ghost)
            done += len(ghost.text)
            tally.accepted += len(ghost.text)
            screen.accepted(editor.line)
    screen.say(editor.line)
    return tally


async def _look(editor: Editor, key: str, rest: str, speed: float) -> Ghost | None:
    """Ask after a key. Inside a word nobody waits: the next key makes the server answer the older request itself."""
    inside = bool(key.strip()) and rest[:1].isalnum()
    pause = KEY_SECONDS / speed if inside else THINKING_SECONDS
    asking = asyncio.create_task(editor.ghost())
    # An answer that nobody waits for any more may be an error, at Ctrl-C too.
    asking.add_done_callback(lambda task: task.cancelled() or task.exception())
    await asyncio.wait([asking], timeout=pause)
    if not asking.done():
        return None
    await asyncio.sleep(KEY_SECONDS / 2 / speed)
    try:
        return asking.result()
    except JsonRpcException:
        return None


@dataclass
class Trace:
    """The engine calls that the server writes down."""

    file: Path
    calls: list[dict[str, Any]] = field(default_factory=list)

    def read(self) -> list[dict[str, Any]]:
        """The calls that have ended since it was last read."""
        lines = self.file.read_text(encoding="utf-8").splitlines() if self.file.is_file() else []
        calls = [line for line in map(json.loads, lines) if line["name"] == "engine.stream"]
        new = calls[len(self.calls) :]
        self.calls = calls
        return new

    def cost(self) -> str:
        """What the ghost text just shown cost the engine, in words."""
        told = [call for call in self.read() if call.get("prompt_tokens")]
        if not told:
            return "from memory"
        cached = told[-1].get("cached_tokens")
        known = "" if cached is None else f" ({cached} cached)"
        return f"{told[-1]['prompt_tokens']} tokens in{known}, {told[-1]['completion_tokens']} out"


def summary(screen: Screen, tally: Tally, calls: list[dict[str, Any]]) -> None:
    """What came of it, in figures, and what to do next."""
    waits = sorted(tally.waits)
    middle = f" (median wait {waits[len(waits) // 2]:.0f} ms)" if waits else ""
    said = (
        f"{tally.keys} keys typed, {len(waits)} suggestions shown{middle}, {tally.accepted} characters accepted, "
        f"{tally.fixed} problems fixed."
    )
    screen.say(f"\n{said}")
    asked, written = (sum(call.get(name) or 0 for call in calls) for name in ("prompt_tokens", "completion_tokens"))
    whole = [call for call in calls if call.get("cached_tokens") is not None]
    cached = sum(call["cached_tokens"] for call in whole)
    share = cached / max(1, sum(call["prompt_tokens"] for call in whole))
    screen.say(f"The engine was asked {len(calls)} times: {asked} prompt tokens, {written} tokens written.")
    screen.say(f"Where vLLM says how much of a prompt it had in its cache, that was {share:.0%}.")
    screen.say(NEXT.rstrip("\n"))
