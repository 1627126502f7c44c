"""What an answer is held against."""

from __future__ import annotations

from pathlib import Path

from checking_words import Words
from understudy.checking.diagnostic import Diagnostic
from understudy.context.workspace import Workspace
from understudy.core.settings import FixSettings
from understudy.core.text import Document, Span
from understudy.engine.script import say
from understudy.engine.scripted import ScriptedEngine, ScriptedSource
from understudy.features.codeaction.fixer import Fixer
from understudy.features.codeaction.outcome import Job, Outcome, Proposal, Withheld

WRONG, RIGHT = "from .prices import rate\n", "from .prices import rate_of as rate\n"
TEXT = f"{WRONG}\n\ndef total(count):\n    return rate() * count\n"
AT = "import rate\n"
MESSAGE = '"rate" is unknown import symbol'


async def mended(folder: Path, unsaved: str) -> Outcome:
    """What comes of the right answer, while another file holds `unsaved`."""
    (folder / "prices.py").write_text("def rate():\n    return 1\n")
    (folder / "cart.py").write_text(TEXT)
    document = Document((folder / "cart.py").as_uri(), 1, "python", TEXT)
    workspace = Workspace((folder,))
    workspace.changed(None, document)
    workspace.changed(None, Document((folder / "prices.py").as_uri(), 2, "python", unsaved))
    engine = ScriptedEngine([say(f"<<<<<<< SEARCH\n{WRONG}=======\n{RIGHT}>>>>>>> REPLACE\n")] * 2)
    fixer = Fixer(FixSettings(speculate=False), ScriptedSource(engine), workspace, Words({AT: MESSAGE}))
    span = Span(TEXT.index(AT), TEXT.index(AT) + len(AT))
    try:
        return await fixer.run(Job("fix", document, span, (Diagnostic(span, MESSAGE, "Words", "W1"),)), lambda _: None)
    finally:
        await fixer.aclose()
        workspace.close()


async def test_an_import_may_be_of_what_is_open_and_not_saved(tmp_path: Path) -> None:
    outcome = await mended(tmp_path, "def rate_of():\n    return 1\n")
    assert isinstance(outcome, Proposal), outcome
    outcome = await mended(tmp_path, "def rate():\n    return 1\n")
    assert isinstance(outcome, Withheld)
    assert "imports what is not there" in outcome.message
