"""What the recall bench takes for true, on files small enough to be read."""

from __future__ import annotations

import pytest

from bench.recall.sample import TRUTHS

PYTHON = {
    "shop/__init__.py": "from .stock import Crate as Box\n",
    "shop/stock.py": (
        "LIMIT = 3\n\n"
        "class Crate:\n"
        "    def weigh_all(self):\n"
        "        self.tare = 1\n"
        "        return LIMIT\n\n"
        "def order_more():\n"
        "    return Crate()\n"
    ),
    "shop/till.py": (
        "import os\n"
        "from shop import Box, stock\n"
        "from shop.stock import LIMIT, order_more\n\n"
        "class Till(Box):\n"
        "    def total(self):\n"
        "        return self.weigh_all() + self.total()\n\n"
        "def pay(crate, LIMIT):\n"
        "    crate.tare.append(os.sep)\n"
        "    return stock.Crate, LIMIT\n\n"
        'TEXT = """\n'
        "order_more\n"
        '"""\n'
        "print(order_more)\n"
    ),
}
TYPESCRIPT = {
    "src/index.ts": "export * from './stock'\nexport { pay as settle } from './till'\n",
    "src/stock.ts": "export class Crate {\n  static empty = 1\n  weighAll() {}\n}\nexport const limit = 3\n",
    "src/till.ts": (
        "import { Crate as Box, limit } from './index'\n"
        "import * as all from './stock'\n"
        "export class Till extends Box {\n"
        "  total() { return this.weighAll() + this.total() }\n"
        "}\n"
        "export function pay(box: Box) { return box.weighAll() + Box.empty }\n"
        "const f = all.limit\n"
        "function g(limit: number) { return limit }\n"
    ),
}
GO = {
    "example.org/shop/stock.go": "package shop\n\nconst Limit = 3\n\ntype Crate struct {\n\tWeightInTons int\n}\n",
    "example.org/shop/till/till.go": (
        'package till\n\nimport "example.org/shop"\n\n'
        "func Pay(crate *shop.Crate) int {\n\treturn shop.Limit + crate.WeightInTons + limit()\n}\n"
    ),
    "example.org/shop/till/more.go": "package till\n\nfunc limit() int {\n\treturn 1\n}\n",
}
RUST = {
    "shop/src/stock.rs": "pub struct Crate;\n\nimpl Crate {\n    pub fn weigh_all(&self) -> u8 { 1 }\n}\n",
    "shop/src/till.rs": (
        "use crate::stock::Crate;\n\npub fn pay(it: &Crate) -> u8 {\n    it.weigh_all()\n}\npub fn hide(Crate: u8) {}\n"
    ),
    "shop/src/lib.rs": "mod stock;\nmod till;\npub fn other(it: &crate::stock::Nothing) {}\n",
}
JAVA = {
    "src/shop/Crate.java": "package shop;\npublic class Crate {\n  int weighAll() { return 1; }\n}\n",
    "src/shop/Box.java": (
        "package shop;\nclass Box extends Crate {\n  int twice() { return weighAll() + twice(); }\n}\n"
    ),
    "src/till/Till.java": (
        "package till;\nimport shop.Crate;\n"
        "class Till {\n  int pay(Crate crate) {\n    return crate.weighAll();\n  }\n}\n"
    ),
}


@pytest.mark.parametrize(
    ("language", "files", "expected"),
    [
        (
            "python",
            PYTHON,
            {
                ("shop/till.py", 5, "Box", "import", "class Crate:"),  # by another name, through the package
                ("shop/till.py", 7, "weigh_all", "member", "def weigh_all(self):"),
                ("shop/till.py", 10, "tare", "unique", "self.tare = 1"),
                ("shop/till.py", 11, "Crate", "module", "class Crate:"),
                ("shop/till.py", 16, "order_more", "import", "def order_more():"),
            },
        ),
        (
            "typescript",
            TYPESCRIPT,
            {
                ("src/till.ts", 3, "Box", "import", "export class Crate {"),
                ("src/till.ts", 4, "weighAll", "member", "weighAll() {}"),
                ("src/till.ts", 6, "Box", "import", "export class Crate {"),
                ("src/till.ts", 6, "weighAll", "unique", "weighAll() {}"),
                ("src/till.ts", 6, "empty", "member", "static empty = 1"),
                ("src/till.ts", 7, "limit", "module", "export const limit = 3"),
            },
        ),
        (
            "go",
            GO,
            {
                ("example.org/shop/till/till.go", 5, "Crate", "module", "type Crate struct {"),
                ("example.org/shop/till/till.go", 6, "Limit", "module", "const Limit = 3"),
                ("example.org/shop/till/till.go", 6, "WeightInTons", "unique", "WeightInTons int"),
                ("example.org/shop/till/till.go", 6, "limit", "import", "func limit() int {"),
            },
        ),
        (
            "rust",
            RUST,
            {("shop/src/till.rs", 4, "weigh_all", "unique", "pub fn weigh_all(&self) -> u8 { 1 }")},
        ),
        (
            "java",
            JAVA,
            {
                ("src/shop/Box.java", 2, "Crate", "import", "public class Crate {"),
                ("src/shop/Box.java", 3, "weighAll", "member", "int weighAll() { return 1; }"),
                ("src/till/Till.java", 4, "Crate", "import", "public class Crate {"),
                ("src/till/Till.java", 5, "weighAll", "unique", "int weighAll() { return 1; }"),
            },
        ),
    ],
)
def test_what_lines_name_in_other_files(
    language: str, files: dict[str, str], expected: set[tuple[str, int, str, str, str]]
) -> None:
    found = {
        (path, row + 1, target.name, target.kind, line)
        for path, row, targets in TRUTHS[language](files)
        for target in targets
        for _, line in target.places
    }
    assert found == expected


def test_rust_names_that_nothing_hides() -> None:
    files = RUST | {"shop/src/till.rs": RUST["shop/src/till.rs"].rpartition("pub fn hide")[0]}
    names = [(row + 1, it.name) for _, row, targets in TRUTHS["rust"](files) for it in targets]
    assert names == [(3, "Crate"), (4, "weigh_all")]
