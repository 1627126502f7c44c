"""What a verdict says: evidence for a title, or a reason with what the model needs for its next try."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from tables import TableChecking

from understudy.checking.base import Overlay, Report
from understudy.checking.diagnostic import Diagnostic, Related
from understudy.checking.verdict import Candidate, Failure, Verdict
from understudy.checking.verify import verify
from understudy.core.text import Document, Span

OLD = "def area(width, height):\n    return widht * height\n\n\ndef other():\n    return 1\n"
NEW = OLD.replace("widht", "width")
SCOPE = Span(0, OLD.index("\n\n\ndef other"))


def problem(text: str, at: str, message: str, code: str = "F821", source: str = "Ruff", **more: object) -> Diagnostic:
    start = text.index(at)
    return Diagnostic(Span(start, start + len(at)), message, source, code, **more)  # type: ignore[arg-type]


TARGET = problem(OLD, "widht", "Undefined name `widht`")
OTHER = problem(OLD, "other", "Missing docstring", "D103", severity="warning")
UNKNOWN = problem(NEW, "height", "Argument type is unknown", "reportUnknownArgumentType", severity="warning")


def candidate(new: str = NEW, old: str = OLD, target: Diagnostic | None = TARGET, **more: object) -> Candidate:
    document = Document("file:///a/shapes.py", 3, "python", old)
    scope = more.pop("scope", SCOPE if old == OLD else None)
    return Candidate(Overlay(document), Overlay(document.with_text(new)), target, scope)  # type: ignore[arg-type]


async def judge(
    said: dict[str, dict[str, tuple[Diagnostic, ...]]],
    checkers: tuple[str, ...] = ("ruff",),
    unable: dict[str, str] | None = None,
    edit: Candidate | None = None,
) -> Verdict:
    return await verify(edit or candidate(), TableChecking(said, checkers, unable))


EVIDENCE = [
    ({OLD: {"ruff": (TARGET,)}}, ("ruff",), {}, "parses, ruff clean", True),
    ({OLD: {"ruff": (TARGET,)}}, ("ruff", "compile"), {}, "parses, ruff clean", True),
    ({OLD: {"ruff": (TARGET,)}}, ("ruff", "mypy"), {}, "parses, ruff and mypy clean", True),
    ({OLD: {"ruff": (TARGET,)}}, ("ruff", "mypy", "pyright"), {}, "parses, ruff, mypy and pyright clean", True),
    ({OLD: {"ruff": (TARGET, OTHER)}, NEW: {"ruff": (OTHER,)}}, ("ruff",), {}, "parses, nothing new from ruff", True),
    (
        {OLD: {"ruff": (TARGET, OTHER)}, NEW: {"ruff": (OTHER,)}},
        ("ruff", "mypy"),
        {},
        "parses, mypy clean, nothing new from ruff",
        True,
    ),
    (
        {OLD: {"basedpyright": (TARGET,)}, NEW: {"basedpyright": (UNKNOWN,)}},
        ("basedpyright", "ruff"),
        {},
        "parses, ruff clean, no new error from basedpyright",
        True,
    ),
    (
        {},
        ("pyright", "ruff"),
        {"pyright": "pyright is not installed"},
        "parses, ruff clean; not re-checked: pyright is not installed",
        False,
    ),
    (
        {},
        ("pyright",),
        {"pyright": "pyright took longer than 20 s"},
        "parses; not re-checked: pyright took longer than 20 s",
        False,
    ),
    ({}, ("ruff",), {}, "parses; not re-checked: ruff does not report it", False),
    ({OLD: {"ruff": (TARGET,)}}, ("ruff", "mypy"), {"mypy": "mypy failed"}, "parses, ruff clean", True),
    ({}, (), {}, "parses; not re-checked: no checker was found", False),
]


@pytest.mark.parametrize(("said", "checkers", "unable", "evidence", "vouched"), EVIDENCE)
async def test_evidence(said, checkers, unable, evidence: str, vouched: bool) -> None:
    assert await judge(said, checkers, unable) == Verdict(None, evidence=evidence, vouched=vouched)


async def test_nothing_changed() -> None:
    verdict = await judge({}, edit=candidate(OLD))
    assert verdict.failure is Failure.NOTHING


async def test_still_there_where_it_was_with_another_wording_and_elsewhere() -> None:
    for new in (OLD.replace("widht", "wdith"), OLD.replace("widht * height", "height * widht")):
        name = "wdith" if "wdith" in new else "widht"
        said = {OLD: {"ruff": (TARGET,)}, new: {"ruff": (problem(new, name, f"Undefined name `{name}`"),)}}
        verdict = await judge(said, edit=candidate(new))
        assert verdict.failure is Failure.STILL_THERE
        assert verdict.detail.startswith(f"Line 2: Undefined name `{name}` (F821)\n    return ")


async def test_new_problems_of_any_checker_with_their_lines() -> None:
    new = OLD.replace("widht", "(width)")
    for checker in ("ruff", "mypy"):
        extra = problem(new, "(width)", "Needless brackets", "X1", severity="warning")
        said = {OLD: {"ruff": (TARGET,)}, new: {checker: (extra,)}}
        verdict = await judge(said, ("ruff", "mypy"), edit=candidate(new))
        assert verdict.failure is Failure.NEW_PROBLEMS
        assert verdict.detail == "Line 2: Needless brackets (X1)\n    return (width) * height"


async def test_hints_are_no_new_problems() -> None:
    for severity in ("hint", "information"):
        said = {OLD: {"ruff": (TARGET,)}, NEW: {"ruff": (problem(NEW, "height)", "Unclear", "X2", severity=severity),)}}
        assert (await judge(said)).vouched


async def test_a_broken_edit_shows_its_line_and_asks_no_checker() -> None:
    class Asked(TableChecking):
        async def check(self, overlay: Overlay, target: Diagnostic | None) -> tuple[Report, ...]:
            raise AssertionError

    verdict = await verify(candidate(OLD.replace("widht", "(width")), Asked({}))
    assert verdict.failure is Failure.SYNTAX
    assert verdict.detail.startswith("Line 2: ")
    assert "    return (width * height" in verdict.detail


async def test_another_file_only_where_the_target_speaks_of_it() -> None:
    document = Document("file:///a/shapes.py", 3, "python", OLD)
    after = Overlay(document.with_text(NEW), {"file:///a/lib/units.py": "x = 2\n"})
    for others in ({}, {"file:///a/lib/units.py": "x = 1\n"}):
        edit = Candidate(Overlay(document, others), after, TARGET, SCOPE)
        verdict = await judge({OLD: {"ruff": (TARGET,)}}, edit=edit)
        assert verdict.failure is Failure.ELSEWHERE
        assert "units.py" in verdict.detail
    spoken = Diagnostic(TARGET.span, TARGET.message, "Ruff", "F821", related=(Related("lib/units.py", 0, "here"),))
    edit = Candidate(Overlay(document), after, spoken, SCOPE)
    assert (await judge({OLD: {"ruff": (spoken,)}}, edit=edit)).vouched
    same = Candidate(Overlay(document, after.others), after, TARGET, SCOPE)
    assert (await judge({OLD: {"ruff": (TARGET,)}}, edit=same)).vouched


async def test_no_grammar_is_said_and_nothing_is_vouched_for() -> None:
    document = Document("file:///a/b.toml", 1, "toml", "a = 1\nb = \n")
    target = Diagnostic(Span(6, 9), "no value", "taplo", "x")
    for new, failure in (
        ("a = 1\nb = 2\n", None),
        ("a = 1\nb = 2  # noqa\n", Failure.SUPPRESSED),
        ("a = 1\n", Failure.DELETED),
        ("a = 3\nb = 2\n", Failure.ELSEWHERE),
    ):
        edit = Candidate(Overlay(document), Overlay(document.with_text(new)), target, Span(6, 11))
        verdict = await judge({document.text: {"taplo": (target,)}}, ("taplo",), edit=edit)
        assert verdict.failure is failure
        assert not verdict.vouched
        if failure is None:
            assert verdict.evidence == "taplo clean; not parsed: no grammar for toml"


async def test_without_a_target_only_what_is_new_counts() -> None:
    shorter = OLD.replace("def other():\n    return 1", "def other():\n    one = 1\n    return one")
    edit = candidate(OLD, old=shorter, target=None)
    assert await judge({}, edit=edit) == Verdict(None, evidence="parses, ruff clean")
    gone = candidate(shorter[: shorter.index("def other")].rstrip() + "\n", old=shorter, target=None)
    assert (await judge({}, edit=gone)).failure is Failure.DELETED
    hollow = candidate(OLD.replace("return widht * height", "pass"), target=None)
    assert (await judge({}, edit=hollow)).failure is Failure.DELETED


UNVOUCHED = [
    (NEW, None),
    (OLD.replace("widht", "wdith"), Failure.NEW_PROBLEMS),
    (OLD.replace("(width, height)", "(width, height, *, scale)"), Failure.ELSEWHERE),
    (OLD.replace("widht * height", "width"), Failure.DELETED),
]


@pytest.mark.parametrize(("new", "failure"), UNVOUCHED)
async def test_what_no_checker_vouches_for_has_to_hold_to_more(new: str, failure: Failure | None) -> None:
    verdict = await judge({}, ("pyright",), {"pyright": "pyright is not installed"}, candidate(new))
    assert verdict.failure is failure, verdict


async def test_an_edit_beside_the_problem_is_not_believed_without_a_checker() -> None:
    target = problem(OLD, "widht * height", "Unsupported operand types", "operator", "mypy")
    edit = candidate(OLD.replace("(width, height)", "(width, height, *, scale)"), target=target)
    verdict = await judge({}, ("mypy",), {"mypy": "mypy is not installed"}, edit)
    assert verdict.failure is Failure.STILL_THERE


async def test_only_the_name_is_mended() -> None:
    for new in (NEW.replace("height\n", "height or None\n"), NEW.replace("(width, height)", "(width, height, *more)")):
        verdict = await judge({OLD: {"ruff": (TARGET,)}}, edit=candidate(new))
        assert verdict.failure is (None if "or None" in new else Failure.ELSEWHERE)
    for new in (NEW.replace("\n", "\r\n"), NEW.replace("    return 1", "     return 1")):
        assert (await judge({OLD: {"ruff": (TARGET,)}}, edit=candidate(new))).failure is Failure.ELSEWHERE


async def test_an_error_that_hid_others_brings_them_to_light() -> None:
    old = "import os\n\n\ndef area(width, height)\n    unused = 1\n    return width * height\n"
    new = old.replace("height)\n    unused", "height):\n    unused")
    target = problem(old, "\n    unused", "Expected `:`, found newline", "invalid-syntax")
    late = (
        problem(new, "os", "`os` imported but unused", "F401"),
        problem(new, "unused", "`unused` never used", "F841"),
    )
    said = {old: {"ruff": (target,)}, new: {"ruff": late}}
    edit = candidate(new, old=old, target=target)
    assert await judge(said, edit=edit) == Verdict(None, evidence="parses, nothing new from ruff", vouched=True)
    # What the edit itself brings about is new also there.
    wrong = old.replace("area(width, height)\n", "area(width, hight):\n")
    undefined = problem(wrong, "height", "Undefined name `height`")
    verdict = await judge(
        {old: {"ruff": (target,)}, wrong: {"ruff": (undefined,)}}, edit=candidate(wrong, old=old, target=target)
    )
    assert verdict.failure is Failure.NEW_PROBLEMS


async def test_the_loop_goes_on_while_a_long_text_is_looked_at() -> None:
    lines = "".join(f"def f{n}(a, b):\n    return a + b * {n}\n\n\n" for n in range(6000))
    old, new = lines + OLD, lines + NEW
    target = Diagnostic(
        Span(len(lines) + TARGET.span.start, len(lines) + TARGET.span.end), TARGET.message, "Ruff", "F821"
    )
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    counting = asyncio.create_task(count())
    verdict = await judge({old: {"ruff": (target,)}}, edit=candidate(new, old=old, target=target))
    counting.cancel()
    assert verdict.vouched
    assert turns > 10


@pytest.mark.parametrize(("owner", "failure"), [("pyright", None), ("ruff", Failure.NEW_PROBLEMS)])
async def test_who_told_of_an_import_knows_best_what_is_there(
    tmp_path: Path, owner: str, failure: Failure | None
) -> None:
    (tmp_path / "beside.py").write_text("def laod():\n    return 1\n")
    old = "from .beside import lod\n\nlod()\n"
    new = old.replace("import lod", "import load as lod")
    target = problem(old, "lod", '"lod" is unknown import symbol', "reportAttributeAccessIssue")
    document = Document((tmp_path / "a.py").as_uri(), 1, "python", old)
    edit = Candidate(Overlay(document), Overlay(document.with_text(new)), target)
    assert (await judge({old: {owner: (target,)}}, (owner,), edit=edit)).failure is failure


@pytest.mark.parametrize(
    ("line", "failure"),
    [
        ("from typing import cast as typing_cast", None),
        ("from typing import Type as typing_cast", Failure.SUPPRESSED),
        ("from json import dumps as typing_cast", Failure.SUPPRESSED),
    ],
)
async def test_an_alias_may_name_the_module_too(line: str, failure: Failure | None) -> None:
    old = "from typing import Any\n\n\ndef number(x: Any) -> int:\n    return typing_cast(int, x)\n"
    target = problem(old, "typing_cast", "Undefined name `typing_cast`")
    edit = candidate(f"{line}\n{old}", old, target, scope=None)
    verdict = await judge({old: {"ruff": (target,)}}, edit=edit)
    assert verdict.failure is failure, verdict
