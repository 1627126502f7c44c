"""The second scene: a checker reports a problem, and the light bulb has a fix for it that was checked."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from time import perf_counter

from lsprotocol import types as lsp

from understudy.checking.base import Overlay
from understudy.checking.diagnostic import Diagnostic
from understudy.checking.local import LocalChecking
from understudy.cli.demo.editor import Editor, Server
from understudy.cli.demo.scene import Broken, broken
from understudy.cli.demo.screen import Screen
from understudy.core.settings import FixSettings
from understudy.core.text import Document, line_start

CHECKERS = ("ruff", "compile()")
PREPARED_SECONDS = 12.0  # until the fix is prepared; with the demonstration model it takes one or two
ANSWER_SECONDS = 30.0
LOOK_SECONDS = 0.25
SEVERITIES = {
    "error": lsp.DiagnosticSeverity.Error,
    "warning": lsp.DiagnosticSeverity.Warning,
    "information": lsp.DiagnosticSeverity.Information,
    "hint": lsp.DiagnosticSeverity.Hint,
}


async def mend_scene(screen: Screen, server: Server, root: Path) -> int:
    """Show each fault that a checker here reports, and its fix; how many were fixed."""
    screen.say(
        "\nNow a file with a fault, the problem as a checker reports it, and what the light bulb (💡) has for it."
    )
    checking = LocalChecking((root,), FixSettings(checkers=CHECKERS))
    fixed = 0
    try:
        for number, it in enumerate(broken()):
            # A name of its own for each, so that the server takes none for another one's continuation.
            path = root / f"{number}_{it.name}"
            document = Document(path.as_uri(), 1, "python", it.text)
            reports = await checking.check(Overlay(document), None)
            found = next((report.diagnostics for report in reports if report.diagnostics), ())
            if found:
                fixed += await _mend(screen, server, it, path, found)
            else:
                screen.say(f"\nOf {it.what} nothing here knows: install Ruff (pip install ruff) to see that fixed.")
    finally:
        checking.close()
    return fixed


async def _mend(screen: Screen, server: Server, it: Broken, path: Path, found: Sequence[Diagnostic]) -> bool:
    editor = Editor(server.client, path, it.text)
    heard = asyncio.Event()

    def said(message: str) -> None:
        screen.say(f"  {message}")
        heard.set()

    server.listen(editor, said)
    editor.open()
    problem = found[0]
    row = it.text.count("\n", 0, problem.span.start)
    by = " ".join(word for word in (problem.source, problem.code) if word)
    screen.say(f"\n{it.name}:{row + 1}: {problem.message} ({by})")
    began = perf_counter()
    action = await _prepared(editor, [_as_sent(it.text, each) for each in found])
    if action is not None and action.edit is not None:
        screen.say(f"  💡 {action.title}   · prepared in {perf_counter() - began:.1f} s, before the menu was opened")
        editor.apply(action.edit)
        screen.changed(it.text, editor.text)
    elif action is not None and action.command is not None:
        screen.say(f"  💡 {action.title}")
        await editor.run(action.command)
        with suppress(TimeoutError):  # it says why nothing comes of it
            await asyncio.wait_for(heard.wait(), ANSWER_SECONDS)
    editor.close()
    return editor.text != it.text


async def _prepared(editor: Editor, diagnostics: Sequence[lsp.Diagnostic]) -> lsp.CodeAction | None:
    """The first entry of the menu, as soon as it carries an edit; at last without one."""
    end = perf_counter() + PREPARED_SECONDS
    while True:
        menu = await editor.light_bulb(diagnostics)
        if not menu or menu[0].edit is not None or perf_counter() > end:
            return menu[0] if menu else None
        await asyncio.sleep(LOOK_SECONDS)


def _as_sent(text: str, diagnostic: Diagnostic) -> lsp.Diagnostic:
    """As a checker's language server sends it to the editor. ASCII text only, so that columns are characters."""
    ends = (diagnostic.span.start, diagnostic.span.end)
    start, end = (lsp.Position(text.count("\n", 0, at), at - line_start(text, at)) for at in ends)
    return lsp.Diagnostic(
        range=lsp.Range(start, end),
        message=diagnostic.message,
        severity=SEVERITIES[diagnostic.severity],
        source=diagnostic.source,
        code=diagnostic.code or None,
    )
