"""The layout: what was shown stays where it was, what is new is added, and all is moved only for a good reason."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.context.arrange import FILLED, MISSING, Budget, Layout, Wanted, arrange
from understudy.context.budget import SEPARATOR_TOKENS
from understudy.context.pieces import Origin, Piece

SIZE = 40  # tokens (code points) of each piece, with its line end


def piece(name: str, score: float = 0.5, *, path: str = "", origin: Origin = "named", row: int = 0) -> Piece:
    text = f"def {name}():".ljust(SIZE - 1, "#")
    return Piece(path or f"{name}.py", row, f"{path or name}#{name}", (text,), score, origin)


def some(names: str, score: float = 0.5) -> tuple[Piece, ...]:
    return tuple(piece(name, score) for name in names)


def member(name: str, score: float) -> Piece:
    """One of a few files, some of them in classes."""
    path, row = f"{'xyz'[ord(name) % 3]}.py", ord(name)
    within = ("", "class One:", "class Two:")[ord(name) // 3 % 3]
    return replace(piece(name, score, path=path, row=row), within=within)


def names(layout: Layout) -> str:
    return "".join(it.piece.key.partition("#")[2] for it in layout.placed)


def text(layout: Layout) -> str:
    return "".join(f"{file.path}\n{file.text}" for file in layout.files)


EACH = SIZE + len("a.py") + SEPARATOR_TOKENS  # with its path
TEN = Budget(int(EACH * 10 / FILLED) + 1, len)
"""Ten pieces fit the part for what must be shown, and one more the rest."""


def test_the_same_again_is_the_same_layout() -> None:
    wanted = Wanted(some("abc"), 1)
    first = arrange(wanted, Layout(), TEN)
    assert names(first) == "abc"
    assert arrange(wanted, first, TEN) is first
    assert arrange(replace(wanted, revision=2), first, TEN).files == first.files


def test_what_is_new_is_added_at_the_end() -> None:
    first = arrange(Wanted(some("bcd")), Layout(), TEN)
    second = arrange(Wanted(some("abcd")), first, TEN)
    assert names(second) == "bcda"
    assert text(second).startswith(text(first))


def test_what_is_no_candidate_any_more_stays_while_the_index_is_the_same() -> None:
    first = arrange(Wanted(some("abcd"), 1), Layout(), TEN)
    assert names(arrange(Wanted(some("acd"), 1), first, TEN)) == "abcd"
    assert names(arrange(Wanted(some("acd"), 2), first, TEN)) == "acd"


def test_a_changed_text_is_not_shown_any_more() -> None:
    first = arrange(Wanted(some("abcd")), Layout(), TEN)
    a, b, c, d = some("abcd")
    changed = replace(b, forms=(b.forms[0].replace("()", "(x)"),))
    second = arrange(Wanted((a, changed, c, d)), first, TEN)
    assert "def b(x)" in text(second)
    assert "def b()" not in text(second)
    assert text(second).startswith(f"{first.files[0].path}\n{first.files[0].text}"), "what stands before it stays"


def test_all_is_arranged_anew_when_too_much_is_missing() -> None:
    first = arrange(Wanted(some("abcdefghij")), Layout(), TEN)
    assert names(first) == "abcdefghij"
    better = int(10 * MISSING) - 1
    few = Wanted((*some("vwxyz"[:better], 0.6), *some("abcdefghij")))
    kept = arrange(few, first, TEN)
    assert names(kept).startswith("abcdefghij")
    many = Wanted((*some("vwxyz", 0.9), *some("abcdefghij", 0.3)))
    moved = arrange(many, first, TEN)
    assert set("vwxyz") < set(names(moved))
    assert names(moved).startswith("abcde"), "what is still wanted at the beginning stays there"


def test_the_room_is_filled_and_its_end_gives_way() -> None:
    first = arrange(Wanted(some("abcdefghijklm")), Layout(), TEN)
    assert names(first) == "abcdefghijk", "one more than must be shown"
    second = arrange(Wanted((*some("x", 0.6), *some("abcdefghijklm"))), first, TEN)
    assert names(second) == "abcdefghixj", "behind the nine that must be shown with it"


def test_for_a_trifle_nothing_moves() -> None:
    first = arrange(Wanted((*some("a", 1.0), *some("bcdefghijk", 0.4))), Layout(), TEN)
    unsure = Wanted((*some("a", 1.0), *some("x", 0.45), *some("bcdefghijk", 0.4)))
    assert names(arrange(unsure, first, TEN)) == names(first)
    sure = Wanted((*some("a", 1.0), *some("x", 0.51), *some("bcdefghijk", 0.4)))
    assert "x" in names(arrange(sure, first, TEN)), "it scores half as much as the best"


def test_what_comes_under_a_path_or_a_header_again_is_paid_for() -> None:
    def put(name: str, score: float, row: int) -> Piece:
        text = f"    def {name}(self):"
        return Piece("shelf.py", row, f"shelf.py#Shelf.{name}", (text,), score, "member", "class Shelf:")

    free = piece("f", 0.5, path="tail.py", origin="edited")
    layout = arrange(Wanted((put("a", 0.9, 1), free)), Layout(), Budget(200, len))
    layout = arrange(Wanted((put("b", 0.9, 2), put("a", 0.9, 1), free)), layout, Budget(200, len))
    assert [file.path for file in layout.files] == ["shelf.py", "tail.py", "shelf.py"]
    assert sum(it.tokens for it in layout.chosen) == paid(layout)
    assert layout.files[2].text.startswith("class Shelf:")


def paid(layout: Layout) -> int:
    return sum(len(file.text) + len(file.path) + SEPARATOR_TOKENS for file in layout.files)


def test_a_smaller_budget_drops_the_least() -> None:
    first = arrange(Wanted(some("abcdefghij")), Layout(), TEN)
    small = replace(TEN, limit=int(EACH * 3 / FILLED) + 1)
    second = arrange(Wanted((*some("abcdefgh"), *some("ij", 0.9))), first, small)
    assert len(second.placed) == 3
    assert {"i", "j"} < set(names(second))


def test_what_the_window_has_come_to_show_is_dropped() -> None:
    first = arrange(Wanted(some("abc")), Layout(), TEN)
    assert names(arrange(Wanted(some("abc")), first, replace(TEN, shown=(("b.py", 0, 5),)))) == "ac"


def test_a_new_arrangement_is_file_by_file_with_the_lasting_first() -> None:
    wanted = Wanted(
        (
            piece("edit", path="z.py", origin="edited"),
            piece("two", path="m.py", row=9),
            piece("own", path="own.py", origin="central"),
            piece("one", path="m.py", row=1),
            piece("base", path="x.py", origin="imported"),
        )
    )
    layout = arrange(wanted, Layout(), replace(TEN, last="own.py"))
    assert [file.path for file in layout.files] == ["x.py", "m.py", "z.py", "own.py"]
    assert layout.files[1].text.index("one") < layout.files[1].text.index("two")
    assert arrange(Wanted(wanted.pieces[::-1]), Layout(), replace(TEN, last="own.py")).files == layout.files


def test_members_stand_below_their_class_once() -> None:
    own = Piece("a.py", 3, "a.py#Shelf", ("class Shelf:",), 0.2, "named")
    put, get = (
        Piece("a.py", row, f"a.py#Shelf.{name}", (f"    def {name}(self):",), 0.5, "member", "class Shelf:")
        for row, name in ((9, "put"), (5, "get"))
    )
    free = Piece("a.py", 7, "a.py#free", ("def free():",), 0.4, "named")
    members = "class Shelf:\n    def get(self):\n    def put(self):\n"
    assert arrange(Wanted((put, get)), Layout(), TEN).files[0].text == members
    assert arrange(Wanted((put, get, free, own)), Layout(), TEN).files[0].text == f"{members}def free():\n"


def test_the_account_says_why() -> None:
    tight = Budget(int(EACH * 2 / FILLED) + 1, len, name=str.upper, shown=(("d.py", 0, 3),))
    layout = arrange(Wanted((*some("ab", 0.9), *some("d", 0.5), *some("c", 0.4))), Layout(), tight)
    assert [(it.key, it.path, it.origin, it.form, it.tokens) for it in layout.chosen] == [
        ("a#a", "A.PY", "named", 0, EACH),
        ("b#b", "B.PY", "named", 0, EACH),
    ]
    assert [(it.key, it.reason) for it in layout.dropped] == [("d#d", "shown already"), ("c#c", "no room")]


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.lists(st.sampled_from("abcdefghijklmno"), unique=True), st.integers(100, 900), st.booleans()),
        max_size=6,
    )
)
def test_never_over_the_budget_and_nothing_twice(requests: list[tuple[list[str], int, bool]]) -> None:
    layout = Layout()
    for revision, (wanted, limit, same) in enumerate(requests):
        pieces = tuple(member(name, (16 - at) / 16) for at, name in enumerate(wanted))
        layout = arrange(Wanted(pieces, 0 if same else revision), layout, Budget(limit, len))
        assert paid(layout) <= limit
        assert len(set(names(layout))) == len(names(layout)) == len(layout.chosen)
        assert same or set(names(layout)) <= set(wanted)
