"""What the document imports from the workspace."""

from __future__ import annotations

from collections.abc import Iterator

from understudy.context.cursor import Cursor
from understudy.context.index.record import Definition, FileRecord
from understudy.context.pieces import Piece
from understudy.context.resolve.files import folder_of
from understudy.context.resolve.forms import piece_of
from understudy.context.resolve.names import reachable
from understudy.context.resolve.scene import Binding, Scene, scene_at

UNUSED = 0.9  # imported and not used yet: it was imported for something
USED = 0.45  # used somewhere in the file; the rest comes with nearness
MODULE_USED = 0.4
MODULE = 0.15  # a public definition of a module that the file has not used
ALIKE = 0.3  # more for a name that is made of words near the cursor
MAX_PASSED_ON = 16  # names that a module takes from others and offers as its own
MAX_MODULES = 12  # whole modules that are read
MAX_OF_MODULE = 30
MAX_USED = 60  # names that are looked for in the package


def imported(cursor: Cursor) -> Iterator[Piece]:
    """The definitions behind the imports: of names themselves; of whole modules what the file uses, then the rest. The
    package of a file is imported as a whole where the language does so."""
    scene = scene_at(cursor)
    modules = 0
    seen: set[tuple[str, int]] = set()
    for binding in scene.bindings:
        named = () if binding.whole else scene.resolved(binding.alias or binding.name)
        if named:
            score = _worth(binding, scene)
            yield from _pieces([(score, it) for it in named], scene, seen)
        elif modules < MAX_MODULES:
            modules += 1
            yield from _pieces(_of_module(binding.files, scene), scene, seen)
    yield from _pieces(_used_of_package(scene), scene, seen)
    yield from _pieces(_of_module(scene.package, scene), scene, seen)


def _worth(binding: Binding, scene: Scene) -> float:
    alias = binding.alias or binding.name
    if scene.begun(alias) and not scene.typed.receiver:
        return 1.0
    used = scene.near_uses(alias)
    return max(USED + (1 - USED) * used, USED + ALIKE * scene.affinity(alias)) if used else UNUSED


def _used_of_package(scene: Scene) -> list[tuple[float, Definition]]:
    """What the file uses of its package, wherever in the file."""
    if not scene.package:
        return []
    own = {it.name for it in scene.record.definitions}
    names = [name for name in scene.record.references if name not in own and name not in scene.imported_names]
    nearest = sorted(names, key=lambda name: (-scene.near_uses(name), name))[:MAX_USED]
    known = ((name, it) for name in nearest for it in scene.names.defined(name) if folder_of(it.path) == scene.folder)
    return [(USED + (1 - USED) * scene.near_uses(name), it) for name, it in known if reachable(it)]


def _of_module(files: tuple[str, ...], scene: Scene) -> list[tuple[float, Definition]]:
    """What a module offers, by itself or from others that it passes on."""
    found = []
    for path in files:
        record = scene.names.read(path)
        if record is None:
            continue
        own = [it for it in record.definitions if _offered(it, record)]
        found += [(_worth_in_module(it.name, scene), it) for it in own]
        passed = {it.alias for it in record.imports if it.alias and not it.alias.startswith("_")}
        for name in sorted(passed, key=lambda name: (-_worth_in_module(name, scene), name))[:MAX_PASSED_ON]:
            found += [(_worth_in_module(name, scene), it) for it in scene.names.exported(name, (path,))]
    found.sort(key=lambda it: -it[0])
    return found[:MAX_OF_MODULE]


def _offered(it: Definition, record: FileRecord) -> bool:
    """Whether a module offers a definition: in Lua its functions are members of the table that it returns."""
    return not it.name.startswith("_") and (reachable(it) or (record.language == "lua" and it.kind == "method"))


def _worth_in_module(name: str, scene: Scene) -> float:
    used = scene.near_uses(name)
    return max(MODULE_USED + (1 - MODULE_USED) * used if used else 0.0, MODULE + ALIKE * scene.affinity(name))


def _pieces(found: list[tuple[float, Definition]], scene: Scene, seen: set[tuple[str, int]]) -> Iterator[Piece]:
    for score, it in found:
        if (it.path, it.first) not in seen and not scene.shown(it):
            seen.add((it.path, it.first))
            yield piece_of(it, score, "imported")
