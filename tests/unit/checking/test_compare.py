"""Reports before and after an edit, compared."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.checking.compare import compare, find
from understudy.checking.diagnostic import Diagnostic, Severity
from understudy.checking.texts import Texts
from understudy.core.text import Span

OLD = "a = foo\nb = bar\nc = foo\n"


def named(text: str, name: str, nth: int = 0, code: str = "F821", message: str = "Undefined name `{}`") -> Diagnostic:
    start = -1
    for _ in range(nth + 1):
        start = text.index(name, start + 1)
    return Diagnostic(Span(start, start + len(name)), message.format(name), "Ruff", code)


def test_a_problem_that_only_moves_is_not_gone() -> None:
    new = "# one\n# two\n" + OLD
    before, after = (named(OLD, "bar"),), (named(new, "bar"),)
    assert compare(Texts(OLD, new), before, after, before[0]).remaining == after
    swapped = "b = bar\na = foo\nc = foo\n"
    after = (named(swapped, "bar"),)
    assert compare(Texts(OLD, swapped), before, after, before[0]).remaining == after


def test_another_of_the_same_name_is_not_the_target() -> None:
    new = OLD.replace("a = foo", "a = 1")
    before = named(OLD, "foo"), named(OLD, "foo", 1)
    found = compare(Texts(OLD, new), before, (named(new, "foo"),), before[0])
    assert found.known
    assert not found.remaining
    assert not found.new
    assert not found.clean
    # The other one was mended: the target stands where it stood.
    other = OLD.replace("c = foo", "c = 1")
    assert compare(Texts(OLD, other), before, (named(other, "foo"),), before[0]).remaining


def test_two_on_one_line() -> None:
    old, new = "f(foo, bar)\n", "f(fooo, bar)\n"
    before = named(old, "foo"), named(old, "bar")
    assert not compare(Texts(old, new), before, (named(new, "bar"),), before[0]).remaining
    assert compare(Texts(old, new), before, (named(new, "fooo"), named(new, "bar")), before[0]).remaining
    # A name that is undefined as well takes the target's place.
    same = "f(bar, bar)\n"
    assert compare(Texts(old, same), before, (named(same, "bar"), named(same, "bar", 1)), before[0]).remaining


def test_one_more_of_the_same_is_new() -> None:
    new = OLD + "d = bar\n"
    before = (named(OLD, "bar"),)
    found = compare(Texts(OLD, new), before, (named(new, "bar"), named(new, "bar", 1)), None)
    assert len(found.new) == 1
    assert not compare(Texts(OLD, new), before, (named(new, "bar"),), None).new


def test_line_numbers_in_messages_do_not_make_a_problem_new() -> None:
    new = "\n" + OLD
    message = "Redefinition of `{}` from line 1"
    before = (named(OLD, "bar", message=message),)
    after = (named(new, "bar", message=message.replace("line 1", "line 2")),)
    assert not compare(Texts(OLD, new), before, after, None).new


@pytest.mark.parametrize(
    ("reported", "is_found"),
    [
        (("F821", "Undefined name `bar`", "bar"), True),
        (("f821", "another wording", "bar"), True),
        (("", "Undefined name `bar`", "b = bar"), True),
        (("", 'Undefined name "bar"', "bar"), True),
        (("F841", "Local variable never used", "bar"), False),
        (("F821", "Undefined name `foo`", "foo"), False),
    ],
)
def test_the_target_is_recognised_in_a_checkers_own_words(reported: tuple[str, str, str], is_found: bool) -> None:
    code, message, at = reported
    own = named(OLD, at, code=code, message=message)
    assert (find(Texts(OLD, OLD), [own], named(OLD, "bar")) is own) is is_found


def test_typescripts_numbers_with_and_without_letters() -> None:
    own, target = named(OLD, "bar", code="TS2304"), named(OLD, "bar", code="2304")
    assert find(Texts(OLD, OLD), [own], target) is own


def test_what_is_not_reported_on_the_text_before_is_not_known() -> None:
    assert not compare(Texts(OLD, OLD + "\n"), (), (), named(OLD, "bar")).known


lines = st.lists(st.sampled_from(["x = foo", "y = bar", "", "z = 1", "# note"]), max_size=8)


@given(lines, lines, lines)
def test_lines_around_change_nothing(above: list[str], middle: list[str], below: list[str]) -> None:
    """Whatever is put in front of and behind a text, its problems are the same, and none is new."""
    old = "\n".join(middle)
    new = "\n".join([*(f"# {line}" for line in above), *middle, *(f"# {line}" for line in below)])

    def reported(text: str) -> tuple[Diagnostic, ...]:
        starts = [0]
        for line in text.split("\n"):
            starts.append(starts[-1] + len(line) + 1)
        return tuple(
            Diagnostic(Span(start + 4, start + 7), f"Undefined name `{line[4:]}`", "Ruff", "F821")
            for start, line in zip(starts, text.split("\n"), strict=False)
            if line[4:] in ("foo", "bar")
        )

    before, after = reported(old), reported(new)
    assert not compare(Texts(old, new), before, after, None).new
    for target in before:
        assert compare(Texts(old, new), before, after, target).remaining


CALL = "def area(side):\n    width = scale(side, by=2)\n    return width\n"
MENDED = CALL.replace("by=2", "times=2")
NO_PARAMETER = Diagnostic(
    Span(CALL.index("by"), CALL.index("by") + 2), 'No parameter named "by"', "Pyright", "reportCallIssue"
)


def warned(name: str, code: str, severity: Severity = "warning") -> Diagnostic:
    """Said of a name in the mended text, where it stands last."""
    at = MENDED.rindex(name)
    return Diagnostic(Span(at, at + len(name)), "Something of types", "Pyright", code, severity)


@pytest.mark.parametrize(
    ("found", "counts"),
    [
        (warned("side", "reportUnknownArgumentType"), False),
        (warned("width", "reportUnknownVariableType"), False),
        (warned("times", "reportAny"), False),
        (warned("scale", "reportUnusedCallResult"), False),
        (warned("width", "reportUnnecessaryComparison"), False),
        # In the lines of the edit it may be the edit that is needless.
        (warned("times", "reportUnnecessaryComparison"), True),
        # A project that is strict has errors of them.
        (warned("side", "reportUnknownArgumentType", "error"), True),
        (warned("width", "reportUnusedVariable"), True),
        (warned("width", "reportPossiblyUnbound"), True),
    ],
    ids=lambda it: f"{it.code} {it.severity}" if isinstance(it, Diagnostic) else "",
)
def test_what_a_wrong_call_hid_is_not_the_edits_doing(found: Diagnostic, counts: bool) -> None:
    seen = compare(Texts(CALL, MENDED), (NO_PARAMETER,), (found,), NO_PARAMETER)
    assert bool(seen.new) is counts
    assert seen.revealed is not counts
    assert not seen.clean


def test_only_a_mended_error_brings_to_light() -> None:
    """Who mends a warning may not bring another."""
    unknown = warned("side", "reportUnknownArgumentType")
    mild = replace(NO_PARAMETER, severity="warning")
    assert compare(Texts(CALL, MENDED), (mild,), (unknown,), mild).new == (unknown,)
    assert compare(Texts(CALL, MENDED), (), (unknown,), NO_PARAMETER).new == (unknown,)
    assert compare(Texts(CALL, MENDED), (), (unknown,), None).new == (unknown,)
    # One who is asked besides the owner has had an error there as well.
    assert not compare(Texts(CALL, MENDED), (NO_PARAMETER,), (unknown,), None).new
