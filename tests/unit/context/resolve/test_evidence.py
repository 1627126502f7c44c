"""What lines say of the types of variables."""

import pytest

from understudy.context.resolve.evidence import Evidence, evidence, said_by

ROWS = [
    ("python", "def f(order: list[Order] | None): ...", "order", "type", "Order"),
    ("python", "    cart = shop.Cart(1)", "cart", "call", "Cart"),
    ("python", "    line = self.cart.first", "line", "value", "first"),
    ("python", "    async with store.open(x) as session:", "session", "call", "open"),
    ("python", "    for line in cart.lines:", "line", "items", "lines"),
    ("typescript", "function f(order?: Order, x: Map<string, Line>) {", "x", "type", "Line"),
    ("typescript", "  const cart = new Cart<Line>(1);", "cart", "call", "Cart"),
    ("typescript", "  for (const line of this.lines) {", "line", "items", "lines"),
    ("typescript", "  const line = await store.load(1);", "line", "call", "load"),
    ("rust", "    let mut cart = Cart::new();", "cart", "call", "new"),
    ("rust", "    let line: &mut Line = x;", "line", "type", "Line"),
    ("go", "func Find(s *Store, key string) error {", "s", "type", "Store"),
    ("go", "\tcart := &shop.Cart{Lines: nil}", "cart", "call", "Cart"),
    ("java", "    private final List<Line> lines;", "lines", "type", "List"),
    ("java", "    Cart cart = new Cart();", "cart", "type", "Cart"),
    ("java", "    for (Line line : lines) {", "line", "type", "Line"),
    ("cpp", "    const Cart &cart = other;", "cart", "type", "Cart"),
    ("php", "function f(Cart $cart) {", "cart", "type", "Cart"),
    ("kotlin", "    val cart: Cart? = null", "cart", "type", "Cart"),
    ("swift", "    let cart: [Line] = []", "cart", "type", "Line"),
    ("ruby", "    cart = Shop::Cart.new(1)", "cart", "call", "new"),
]


@pytest.mark.parametrize(("language", "line", "name", "kind", "last"), ROWS)
def test_a_line_says_it(language: str, line: str, name: str, kind: str, last: str) -> None:
    found = evidence(line, language)[name]
    assert any(it.kind == kind and last in it.words for it in found), found


def test_the_last_line_comes_first() -> None:
    found = evidence("x = First()\nx = Second()\n", "python")["x"]
    assert found == [Evidence("call", ("Second",)), Evidence("call", ("First",))]


def test_what_only_looks_like_it() -> None:
    assert evidence("if x == Order():\nx => Order()\n", "python") == {}
    assert evidence("", "python") == {}


@pytest.mark.parametrize(
    ("language", "signature", "name", "expected"),
    [
        ("python", "@property\ndef cart(\n    self,\n) -> Cart | None:", "cart", ("Cart", "None")),
        ("typescript", "  cart(x: Line): Promise<Cart> {", "cart", ("Promise", "Cart")),
        ("go", "func (s *Shop) Cart(key string) (*Cart, error) {", "Cart", ("Cart", "error")),
        ("java", "    public Cart cart(Line line)", "cart", ("public", "Cart")),
        ("python", "    cart: Cart = field()", "cart", ("Cart", "field")),
        ("java", "    private Cart cart;", "cart", ("Cart",)),
        ("python", "        self.cart = Cart(1)", "cart", ("Cart",)),
    ],
)
def test_what_a_signature_says(language: str, signature: str, name: str, expected: tuple[str, ...]) -> None:
    assert said_by(signature, name, language) == expected
