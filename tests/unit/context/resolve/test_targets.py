"""Imports to files, one table per language: a layout, and what each import in it leads to."""

import random

import pytest

from understudy.context.index.memory import MemoryIndex
from understudy.context.index.record import EVERYTHING, WHOLE_MODULE, FileRecord, Import
from understudy.context.resolve.targets import RULES, targets

Row = tuple[str, str, str, tuple[str, ...]]  # the importing file, the module, the name, the files


def layout(*paths: str) -> MemoryIndex:
    return MemoryIndex([FileRecord(f"/w/{path}", "") for path in paths])


def leads_to(index: MemoryIndex, language: str, origin: str, module: str, name: str) -> tuple[str, ...]:
    found = targets(Import(module, name, name, 0), FileRecord(f"/w/{origin}", language), index)
    return tuple(path.removeprefix("/w/") for path in found)


LAYOUTS: dict[str, tuple[tuple[str, ...], tuple[Row, ...]]] = {
    "python": (
        (
            "src/shop/__init__.py",
            "src/shop/models.py",
            "src/shop/orders/__init__.py",
            "src/shop/orders/line.py",
            "src/shop/orders/view.py",
            "src/shop/json.py",
            "src/shop/fast.pyi",
            "tests/conftest.py",
            "tests/test_models.py",
            "scripts/queue.py",
            "scripts/run.py",
        ),
        (
            ("tests/test_models.py", "shop.models", "User", ("src/shop/models.py",)),
            ("tests/test_models.py", "shop.models", WHOLE_MODULE, ("src/shop/models.py",)),
            ("tests/test_models.py", "shop.models", EVERYTHING, ("src/shop/models.py",)),
            ("tests/test_models.py", "shop", "models", ("src/shop/models.py",)),
            ("tests/test_models.py", "shop", "version", ("src/shop/__init__.py",)),
            ("tests/test_models.py", "shop.orders", "Order", ("src/shop/orders/__init__.py",)),
            ("tests/test_models.py", "conftest", "shop", ("tests/conftest.py",)),
            ("tests/test_models.py", "models", "User", ()),  # inside a package: not importable by this name
            ("src/shop/orders/view.py", ".line", "Line", ("src/shop/orders/line.py",)),
            ("src/shop/orders/view.py", ".", "line", ("src/shop/orders/line.py",)),
            ("src/shop/orders/view.py", ".", "Order", ("src/shop/orders/__init__.py",)),
            ("src/shop/orders/view.py", "..models", "User", ("src/shop/models.py",)),
            ("src/shop/orders/view.py", "..", "models", ("src/shop/models.py",)),
            ("src/shop/orders/__init__.py", ".line", "Line", ("src/shop/orders/line.py",)),
            ("src/shop/models.py", ".fast", "add", ("src/shop/fast.pyi",)),
            ("src/shop/models.py", "json", WHOLE_MODULE, ()),  # the standard library's
            ("scripts/run.py", "queue", WHOLE_MODULE, ("scripts/queue.py",)),  # hidden by the script's neighbour
            ("src/shop/models.py", "queue", WHOLE_MODULE, ()),
            ("src/shop/models.py", "......far", "x", ()),
            ("src/shop/models.py", "numpy", "array", ()),
        ),
    ),
    "typescript": (
        (
            "app/src/view.ts",
            "app/src/model.ts",
            "app/src/legacy.js",
            "app/src/theme.module.ts",
            "app/src/widgets/index.tsx",
            "app/src/widgets/button.tsx",
            "app/types/api.d.ts",
            "packages/core/src/index.ts",
            "packages/core/src/net.ts",
        ),
        (
            ("app/src/view.ts", "./model", "Model", ("app/src/model.ts",)),
            ("app/src/view.ts", "./model.js", "Model", ("app/src/model.ts",)),
            ("app/src/view.ts", "./legacy.js", "old", ("app/src/legacy.js",)),
            ("app/src/view.ts", "./legacy", "old", ("app/src/legacy.js",)),
            ("app/src/view.ts", "./theme.module", "css", ("app/src/theme.module.ts",)),
            ("app/src/view.ts", "./widgets", "Button", ("app/src/widgets/index.tsx",)),
            ("app/src/view.ts", "./widgets/button.js", "Button", ("app/src/widgets/button.tsx",)),
            ("app/src/view.ts", "../types/api", "Api", ("app/types/api.d.ts",)),
            ("app/src/widgets/button.tsx", ".", "x", ("app/src/widgets/index.tsx",)),
            ("app/src/widgets/button.tsx", "..", "x", ()),
            ("app/src/widgets/button.tsx", "@/model", "Model", ("app/src/model.ts",)),
            ("app/src/widgets/button.tsx", "~/widgets", "x", ("app/src/widgets/index.tsx",)),
            ("app/src/widgets/button.tsx", "src/model", "Model", ("app/src/model.ts",)),
            ("app/src/view.ts", "@acme/core", "Core", ("packages/core/src/index.ts",)),
            ("app/src/view.ts", "@acme/core/net", "get", ("packages/core/src/net.ts",)),
            ("app/src/view.ts", "react", "useState", ()),
            ("app/src/view.ts", "node:fs", "readFile", ()),
            ("app/src/view.ts", "./model?raw", "text", ("app/src/model.ts",)),
            ("app/src/view.ts", "./gone", "x", ()),
        ),
    ),
    "go": (
        (
            "shop/main.go",
            "shop/errors/errors.go",
            "shop/store/store.go",
            "shop/store/query.go",
            "shop/store/store_test.go",
            "shop/store/README.md",
            "shop/store/cache/cache.go",
            "shop/http/server.go",
        ),
        (
            (
                "shop/main.go",
                "example.com/acme/shop/store",
                WHOLE_MODULE,
                ("shop/store/query.go", "shop/store/store.go"),
            ),
            ("shop/main.go", "github.com/acme/renamed/store/cache", WHOLE_MODULE, ("shop/store/cache/cache.go",)),
            ("shop/main.go", "shop/store/cache", WHOLE_MODULE, ("shop/store/cache/cache.go",)),
            ("shop/store/store.go", "github.com/acme/shop/v2", WHOLE_MODULE, ("shop/main.go",)),
            ("shop/main.go", "github.com/pkg/errors", WHOLE_MODULE, ()),  # another repository of the folder's name
            ("shop/main.go", "net/http", WHOLE_MODULE, ()),
            ("shop/main.go", "C", WHOLE_MODULE, ()),
        ),
    ),
    "rust": (
        (
            "core/src/lib.rs",
            "core/src/engine/mod.rs",
            "core/src/engine/base.rs",
            "core/src/text.rs",
            "core/src/text/line.rs",
            "cli-tool/src/main.rs",
            "cli-tool/src/args.rs",
        ),
        (
            ("core/src/lib.rs", "text", WHOLE_MODULE, ("core/src/text.rs",)),
            ("core/src/lib.rs", "engine", WHOLE_MODULE, ("core/src/engine/mod.rs",)),
            ("core/src/text.rs", "line", WHOLE_MODULE, ("core/src/text/line.rs",)),
            ("core/src/text/line.rs", "crate::engine::base", "Engine", ("core/src/engine/base.rs",)),
            ("core/src/text/line.rs", "crate::engine", "base", ("core/src/engine/base.rs",)),
            ("core/src/text/line.rs", "crate::engine", "Kind", ("core/src/engine/mod.rs",)),
            ("core/src/text/line.rs", "crate", "Top", ("core/src/lib.rs",)),
            ("core/src/text/line.rs", "super", "Text", ("core/src/text.rs",)),
            ("core/src/text/line.rs", "super::super::engine", EVERYTHING, ("core/src/engine/mod.rs",)),
            ("core/src/engine/mod.rs", "self::base", "Engine", ("core/src/engine/base.rs",)),
            ("core/src/engine/base.rs", "crate::text::line::Line", "new", ("core/src/text/line.rs",)),
            ("core/src/lib.rs", "cli_tool::args", "Args", ()),  # no library
            ("cli-tool/src/main.rs", "core::engine", "Engine", ("core/src/engine/mod.rs",)),
            ("cli-tool/src/main.rs", "std::collections", "HashMap", ()),
        ),
    ),
    "java": (
        (
            "app/src/main/java/com/acme/Order.java",
            "app/src/main/java/com/acme/util/Text.java",
            "app/src/main/java/com/acme/util/Money.java",
            "app/src/test/java/com/acme/OrderTest.java",
        ),
        (
            (
                "app/src/test/java/com/acme/OrderTest.java",
                "com.acme",
                "Order",
                ("app/src/main/java/com/acme/Order.java",),
            ),
            (
                "app/src/main/java/com/acme/Order.java",
                "com.acme.util",
                EVERYTHING,
                ("app/src/main/java/com/acme/util/Money.java", "app/src/main/java/com/acme/util/Text.java"),
            ),
            (
                "app/src/main/java/com/acme/Order.java",
                "com.acme.util.Text",
                "trim",  # a static import
                ("app/src/main/java/com/acme/util/Text.java",),
            ),
            ("app/src/main/java/com/acme/Order.java", "java.util", "List", ()),
            ("app/src/main/java/com/acme/Order.java", "java.util", EVERYTHING, ()),
        ),
    ),
    "kotlin": (
        ("app/src/main/kotlin/util/Text.kt", "app/src/main/kotlin/Main.kt", "app/src/main/kotlin/model/User.kt"),
        (
            ("app/src/main/kotlin/Main.kt", "com.acme.model", "User", ("app/src/main/kotlin/model/User.kt",)),
            ("app/src/main/kotlin/Main.kt", "com.acme.util", "trimmed", ("app/src/main/kotlin/util/Text.kt",)),
            ("app/src/main/kotlin/Main.kt", "kotlinx.coroutines", "launch", ()),
        ),
    ),
    "c": (
        ("src/main.c", "src/point.c", "src/point.h", "include/geo/shape.h", "src/shape.c", "lib/stdio.h"),
        (
            ("src/main.c", "point.h", WHOLE_MODULE, ("src/point.h", "src/point.c")),
            ("src/main.c", "geo/shape.h", WHOLE_MODULE, ("include/geo/shape.h", "src/shape.c")),
            ("src/point.c", "point.h", WHOLE_MODULE, ("src/point.h",)),  # not itself
            ("src/main.c", "../include/geo/shape.h", WHOLE_MODULE, ("include/geo/shape.h", "src/shape.c")),
            ("src/main.c", "math.h", WHOLE_MODULE, ()),
        ),
    ),
    "cpp": (
        ("src/a.cpp", "src/b.hpp", "src/b.cc", "other/b.c"),
        (("src/a.cpp", "b.hpp", WHOLE_MODULE, ("src/b.hpp", "src/b.cc")), ("src/a.cpp", "vector", WHOLE_MODULE, ())),
    ),
    "csharp": (
        ("Shop.Core/Models/User.cs", "Shop.Core/Models/Order.cs", "Shop.Core/Program.cs", "Shop.Web/Views/Page.cs"),
        (
            (
                "Shop.Web/Views/Page.cs",
                "Shop.Core.Models",
                WHOLE_MODULE,
                ("Shop.Core/Models/Order.cs", "Shop.Core/Models/User.cs"),
            ),
            ("Shop.Web/Views/Page.cs", "Shop.Core.Models", "User", ("Shop.Core/Models/User.cs",)),
            ("Shop.Web/Views/Page.cs", "System.Linq", WHOLE_MODULE, ()),
        ),
    ),
    "ruby": (
        ("lib/shop.rb", "lib/shop/order.rb", "spec/shop/order.rb", "app/order.rb"),
        (
            ("lib/shop.rb", "shop/order", EVERYTHING, ("lib/shop/order.rb",)),
            ("spec/spec_helper.rb", "shop/order", EVERYTHING, ("lib/shop/order.rb",)),
            ("lib/shop.rb", "./shop/order", EVERYTHING, ("lib/shop/order.rb",)),
            ("app/main.rb", "order", EVERYTHING, ("app/order.rb",)),
            ("lib/shop.rb", "json", EVERYTHING, ()),
        ),
    ),
    "php": (
        ("src/Models/User.php", "src/Http/Controller.php", "src/helpers.php", "tests/Models/User.php"),
        (
            ("src/Http/Controller.php", "App\\Models", "User", ("src/Models/User.php",)),
            ("tests/UserTest.php", "\\App\\Models", "User", ("tests/Models/User.php",)),
            ("src/Http/Controller.php", "../helpers.php", EVERYTHING, ("src/helpers.php",)),
            ("src/Http/Controller.php", "/../helpers.php", EVERYTHING, ("src/helpers.php",)),  # __DIR__ . '/…'
            ("src/Http/Controller.php", "Psr\\Log", "LoggerInterface", ()),
        ),
    ),
    "lua": (
        ("lua/shop/order.lua", "lua/shop/init.lua", "main.lua"),
        (
            ("main.lua", "shop.order", WHOLE_MODULE, ("lua/shop/order.lua",)),
            ("main.lua", "shop", WHOLE_MODULE, ("lua/shop/init.lua",)),
            ("main.lua", "socket", WHOLE_MODULE, ()),
        ),
    ),
    "bash": (
        ("bin/run.sh", "bin/common.sh", "lib/log.sh"),
        (
            ("bin/run.sh", "./common.sh", EVERYTHING, ("bin/common.sh",)),
            ("bin/run.sh", '$(dirname "$0")/common.sh', EVERYTHING, ("bin/common.sh",)),
            ("bin/run.sh", "${ROOT}/lib/log.sh", EVERYTHING, ("lib/log.sh",)),
            ("bin/run.sh", "/etc/profile", EVERYTHING, ()),
        ),
    ),
}


@pytest.mark.parametrize(
    ("language", "row"), [(language, row) for language, (_, rows) in LAYOUTS.items() for row in rows], ids=str
)
def test_an_import_leads_to_its_files(language: str, row: Row) -> None:
    origin, module, name, expected = row
    assert leads_to(layout(*LAYOUTS[language][0]), language, origin, module, name) == expected


def test_every_language_with_imports_has_a_table() -> None:
    assert set(LAYOUTS) | {"javascript", "tsx"} == set(RULES)


def test_of_several_the_nearest_is_taken() -> None:
    index = layout("a/pkg/models.py", "b/pkg/models.py", "b/deep/er/pkg/models.py", "b/tests/test_it.py")
    assert leads_to(index, "python", "b/tests/test_it.py", "pkg.models", "User") == ("b/pkg/models.py",)
    assert leads_to(index, "python", "a/x.py", "pkg.models", "User") == ("a/pkg/models.py",)


def test_the_order_in_which_files_were_found_makes_no_difference() -> None:
    paths = [f"{folder}/pkg/{name}.go" for folder in "cab" for name in ("z", "y", "x")]
    expected = leads_to(layout(*paths), "go", "main.go", "example.com/o/r/pkg", WHOLE_MODULE)
    assert expected == ("a/pkg/x.go", "a/pkg/y.go", "a/pkg/z.go")
    for seed in range(5):
        random.Random(seed).shuffle(paths)
        assert leads_to(layout(*paths), "go", "main.go", "example.com/o/r/pkg", WHOLE_MODULE) == expected


@pytest.mark.parametrize("language", [*RULES, "swift", "unheard of"])
@pytest.mark.parametrize("module", ["", ".", "..", "...", "/", "::", "\\", "a" * 5000, "../" * 50, "@", "@/", "$x/"])
def test_odd_modules_lead_nowhere_and_break_nothing(language: str, module: str) -> None:
    index = layout("a/b.x")
    for name in ("", EVERYTHING, "name"):
        assert leads_to(index, language, "a/c.x", module, name) == ()


def test_a_folder_stands_for_few_of_its_files() -> None:
    index = layout(*(f"p/f{number:03}.go" for number in range(200)))
    assert len(leads_to(index, "go", "main.go", "example.com/o/r/p", WHOLE_MODULE)) == 32
