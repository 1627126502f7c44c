"""JavaScript and TypeScript: relative paths, index files, aliases such as `@/`, and packages of the same workspace."""

from __future__ import annotations

from collections.abc import Iterator

from understudy.context.index.record import FileRecord, Import
from understudy.context.resolve.files import Files, first_ending, first_of, folder_of, joined

_SUFFIXES = (".ts", ".tsx", ".d.ts", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs")
# What TypeScript calls by the name of what it compiles to ("moduleResolution": "node16").
_WRITTEN = {".js": (".ts", ".tsx", ".d.ts"), ".jsx": (".tsx",), ".mjs": (".mts",), ".cjs": (".cts",)}
# What a `paths` setting or a bundler's alias most often puts before a path from the source's root.
_ALIASES = ("@/", "~/", "#/", "@@/", "$lib/", "$/")
_ROOTS = ("src", "lib", "source")


def targets(imported: Import, record: FileRecord, files: Files) -> tuple[str, ...]:
    """The one file that a specifier leads to."""
    module = imported.module.partition("?")[0]
    if module.startswith("."):
        base = joined(folder_of(record.path), module)
        return first_of(files, _spelled(base, "/index"))
    alias = next((alias for alias in _ALIASES if module.startswith(alias)), "")
    tails = _below(module.removeprefix(alias)) if alias else _packaged(module)
    return first_ending(files, tails, record.path)


def _spelled(base: str, index: str) -> Iterator[str]:
    """Every file that `base` may be short for, the likeliest first."""
    for suffix, sources in _WRITTEN.items():
        if base.endswith(suffix):
            yield from (base.removesuffix(suffix) + source for source in sources)
    if base.endswith(_SUFFIXES):
        yield base
    yield from (base + suffix for suffix in _SUFFIXES)
    yield from (base.rstrip("/") + index + suffix for suffix in _SUFFIXES)


def _below(path: str) -> Iterator[str]:
    for root in _ROOTS:
        yield from _spelled(f"{root}/{path}", "/index")
    yield from _spelled(path, "/index")


def _packaged(module: str) -> Iterator[str]:
    """A path from `baseUrl`, or a package of the workspace: `@scope/name` is most often in a folder `name`."""
    path = module.partition("/")[2] if module.startswith("@") else module
    if not path or module.startswith("node:"):
        return
    name, _, rest = path.partition("/")
    if rest:
        yield from _spelled(path, "/index")
    for root in _ROOTS:
        yield from _spelled(f"{name}/{root}/{rest or 'index'}", "/index")
    if not rest:
        yield from (f"{name}/index{suffix}" for suffix in _SUFFIXES)
