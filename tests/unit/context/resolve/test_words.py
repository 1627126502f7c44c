"""The names near a cursor, from the text alone."""

import pytest

from understudy.context.resolve.words import ABOVE, HEADER, Typed, headers, near, subwords, typed


def test_the_nearer_the_more_and_what_stands_above_more_than_what_stands_below() -> None:
    lines = ["far", *[""] * 8, "above", "here", "below", *[""] * 8]
    found = near(lines, 10).bare
    assert found["here"] == 1 > found["above"] > found["below"] > found["far"] > 0


def test_names_after_a_dot_and_before_one_are_told_apart() -> None:
    found = near(["self.cart.add(Line, pkg::run, shop->open, x?.y)"], 0)
    assert set(found.bare) == {"self", "Line", "pkg", "shop", "x"}
    assert set(found.dotted) == {"cart", "add", "run", "open", "y"}
    assert set(found.owners) == {"self", "cart", "pkg", "shop", "x"}


def test_rows_that_are_told_say_nothing() -> None:
    assert near(["import Order", "x"], 1, {0}).bare == {"x": 1.0}


def test_headers_count_however_far_they_are() -> None:
    lines = [
        "class Shop(Base):",
        "    def far(self): ...",
        "    def total(",
        "        self,",
        "        wares: Ware,",
        "    ) -> Money:",
        *["        x = 1"] * (ABOVE + 20),
        "        ",
    ]
    row = len(lines) - 1
    assert headers(lines, row)[0] == 2
    found = near(lines, row).bare
    assert {found[name] for name in ("Base", "Ware", "Money", "total")} == {HEADER}
    assert "far" not in found


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("    return order.customer.na", Typed("customer", "order", "na")),
        ("    return order.", Typed("order", "", "")),
        ("    this?.cart!.", Typed("cart", "this", "")),
        ("    shop->ope", Typed("shop", "", "ope")),
        ("    Size::", Typed("Size", "", "")),
        ("    x = Ord", Typed("", "", "Ord")),
        ("    x = 1.", Typed("", "", "")),
        ("", Typed("", "", "")),
    ],
)
def test_what_stands_before_the_cursor(before: str, expected: Typed) -> None:
    assert typed(before) == expected


def test_the_words_of_a_name() -> None:
    assert subwords("getHTTPClientById_of") == ["get", "http", "client"]
    assert subwords("_build_time2") == ["build", "time"]


def test_a_long_line_and_a_long_file_take_no_time() -> None:
    lines = ["x." * 500_000, *["  y = z.a"] * 200_000]
    assert "y" in near(lines, 100_000).bare
    assert typed("(" * 100_000) == Typed("", "", "")
    assert typed("a." * 500_000 + "(") == Typed("", "", "")
