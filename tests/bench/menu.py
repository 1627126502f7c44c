"""The menu of code actions on the wire: a key, then the light bulb, then its first entry resolved, in a long file."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any

from bench.figures import Percentiles, row
from e2e.wire_client import insertion, server

CLIENT = Path(__file__).parents[1] / "e2e" / "clients" / "vscode.json"
URI = "file:///project/long.py"
FUNCTION = "def function_{0}(argument):\n    value = argument\n    return value + undefined_{0}\n\n\n"
FUNCTIONS, ROWS, PLACE = 1000, 5, 500
ROUNDS = 60
GOAL_MS = 20.0
OPENED, AUTOMATIC = 1, 2


def problem(number: int) -> dict[str, Any]:
    """What Ruff says of the function with this number."""
    line, name = number * ROWS + 2, f"undefined_{number}"
    return {
        "range": {"start": {"line": line, "character": 19}, "end": {"line": line, "character": 19 + len(name)}},
        "message": f"Undefined name `{name}`",
        "source": "Ruff",
        "code": "F821",
        "severity": 1,
    }


async def measure() -> None:
    """Print how long the answers take; no model is asked."""
    with tempfile.TemporaryDirectory(prefix="understudy-menu-") as folder:
        script = Path(folder) / "script"
        script.write_text('!always\n"x"\n')
        environment = {"UNDERSTUDY_SCRIPT": str(script), "UNDERSTUDY_CONTEXT_INDEX": "false"}
        async with server("-m", "understudy", "lsp", home=Path(folder), environment=environment) as wire:
            wire.answers["workspace/configuration"] = [None]
            said = json.loads(CLIENT.read_text()) | {"rootUri": None, "workspaceFolders": None}
            said["initializationOptions"] = {"completion": {"enabled": False}, "fix": {"speculate": False}}
            await wire.ask("initialize", said)
            wire.notify("initialized", {})
            while (await wire.ask("workspace/executeCommand", {"command": "understudy.status"}))["state"] != "off":
                pass
            wire.open("".join(FUNCTION.format(number) for number in range(FUNCTIONS)), uri=URI)
            many = [problem(number) for number in range(PLACE - 50, PLACE + 50)]
            version = 1
            for what, problems, trigger in (
                ("with 100 problems", many, OPENED),
                ("by itself, with one", many[50:51], AUTOMATIC),
                ("with none", [], OPENED),
            ):
                menus, resolved = [], []
                for _ in range(ROUNDS):
                    version += 1
                    wire.change(version, insertion(PLACE * ROWS, 0, " " if version % 2 else "#"), uri=URI)
                    menu, seconds = await _timed(wire, "textDocument/codeAction", _asked(problems, trigger))
                    menus.append(1000 * seconds)
                    if menu:
                        _, seconds = await _timed(wire, "codeAction/resolve", menu[0])
                        resolved.append(1000 * seconds)
                for name, figures in (("the menu", menus), ("its first entry resolved", resolved)):
                    if figures:
                        found = Percentiles.of(figures)
                        row(f"{name}, {what}, ms", found, f"p95 ≤ {GOAL_MS:.0f}", met=found.p95 <= GOAL_MS)
            await wire.leave()


def _asked(problems: list[dict[str, Any]], trigger: int) -> dict[str, Any]:
    place = {"line": PLACE * ROWS + 2, "character": 20}
    context = {"diagnostics": problems, "triggerKind": trigger}
    return {"textDocument": {"uri": URI}, "range": {"start": place, "end": place}, "context": context}


async def _timed(wire: Any, method: str, params: Any) -> tuple[Any, float]:
    began = perf_counter()
    return await wire.ask(method, params), perf_counter() - began
