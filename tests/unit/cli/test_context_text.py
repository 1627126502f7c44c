"""The account of a prompt: what is in it, in lines that fit a terminal and as JSON."""

from __future__ import annotations

from typing import get_args

import pytest

from understudy.cli.context_text import MOST_DROPPED, WHY, WIDTH, Account, as_json, as_lines
from understudy.context.arrange import Chosen, Dropped, Shown
from understudy.context.gather import Context
from understudy.context.pieces import Origin, Piece
from understudy.core.text import Document

PREFIX, SUFFIX = "def total(cart):\n    return cart.", "\n\n\ndef other():\n    pass\n"
TEXT = "import shop\n\n\n\n" + PREFIX + SUFFIX
LONG = "very/" * 30 + "long.py"
CHOSEN = (
    Chosen(f"/w/{LONG}#Cart.total_of_everything_in_it_with_{'x' * 9}", LONG, "member", 0.9, 1, 40),
    Chosen("/w/shop/cart.py#Cart", "shop/cart.py", "named", 1.0, 0, 1200),
    Chosen("/w/shop/cart.py#17", "shop/cart.py", "similar", 0.25, 0, 30),
)
CANDIDATES = {
    it.key: Piece(it.path, 0, it.key, ("body", "signature", "name"), it.score, it.origin, usual=usual)
    for it, usual in zip(CHOSEN, (0, 1, 0), strict=True)
}
DROPPED = tuple(
    Dropped(f"/w/{LONG}#n{number}", LONG, "test", 0.5, "there was no room left for it") for number in range(50)
)


@pytest.fixture(name="account")
def fixture_account() -> Account:
    files = (Shown(LONG, "class Cart:\n"), Shown("shop/cart.py", "class Cart:\n    pass\n"))
    context = Context(PREFIX, SUFFIX, "import shop\n", "app.py", files, 0, CHOSEN, DROPPED)
    sizes = {"files": 1270, "head": 3, "before": 11, "after": 9}
    document = Document("file:///w/app.py", 1, "python", TEXT)
    return Account(
        document,
        TEXT.index(SUFFIX),
        context,
        1536,
        sizes,
        CANDIDATES,
        "acme/coder",
        1310,
        "Only some.",
        "too late",
    )


def test_every_line_fits_a_terminal(account: Account) -> None:
    lines = list(as_lines(account, everything=True))
    assert max(map(len, lines)) <= WIDTH
    assert not any(line != line.rstrip() for line in lines)


def test_the_pieces_stand_in_the_order_of_the_prompt_below_their_files(account: Account) -> None:
    lines = list(as_lines(account))
    places = [
        next(at for at, line in enumerate(lines) if words in line) for words in ("long.py ", "of_everything", "shop/")
    ]
    assert places == sorted(places)
    cart = next(line for line in lines if " Cart " in line)
    assert cart.split() == ["1,200", "1.00", "Cart", "with", "body", "named", "near", "the", "cursor"]
    assert any("line 18 " in line and WHY["similar"] in line for line in lines), "rows are counted from 1 for people"
    assert any("shortened" in line and WHY["member"] in line for line in lines)
    assert any("lines" in line and WHY["similar"] in line for line in lines)
    heading = next(line for line in lines if line.startswith("shop/cart.py"))
    assert heading.endswith(" 1,230 tokens")


def test_the_cursors_file_comes_last_with_its_lines(account: Account) -> None:
    text = "\n".join(as_lines(account))
    assert text.index("app.py") > text.index("shop/cart.py")
    assert "\napp.py, around the cursor " in text
    assert "before the cursor, lines 5 to 6\n" in text
    assert "after the cursor, lines 6 to 10\n" in text


def test_the_total_says_of_how_much_and_who_counted(account: Account) -> None:
    *_, last = as_lines(account)
    assert last == "1,293 of 1,536 tokens; the whole prompt takes 1,310. Counted by acme/coder."


def test_what_is_left_out_is_short_unless_all_is_asked_for(account: Account) -> None:
    def left_out(*, everything: bool) -> int:
        return sum(WHY["test"] in line for line in as_lines(account, everything=everything))

    assert left_out(everything=False) == MOST_DROPPED
    assert left_out(everything=True) == len(DROPPED)
    assert any("40 more" in line for line in as_lines(account))


def test_why_something_is_unknown_or_not_asked_for_is_said(account: Account) -> None:
    lines = list(as_lines(account))
    assert "Only some." in lines
    assert "While typing, nothing would be asked for here: too late." in lines


def test_every_origin_has_words() -> None:
    assert set(WHY) == set(get_args(Origin))


def test_for_programs(account: Account) -> None:
    said = as_json(account, "the prompt")
    assert [piece["name"] for piece in said["pieces"][1:]] == ["Cart", "line 18"]
    assert (
        said["pieces"][1] | {"tokens": 1200, "score": 1.0, "origin": "named", "form": "with body"} == said["pieces"][1]
    )
    assert (said["tokens"], said["limit"], said["prompt_tokens"]) == (1293, 1536, 1310)
    assert len(said["left_out"]) == len(DROPPED)
    assert said["before"]["text"] + said["after"]["text"] == PREFIX + SUFFIX
    assert said["before"]["lines"] == (5, 6)
    assert said["prompt"] == "the prompt"
