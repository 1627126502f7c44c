"""What is to be checked, with all texts that are not as on disk, and the folders that a check needs for it."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from understudy.checking.base import Overlay, Report
from understudy.checking.find import Grounds, grounds_of
from understudy.checking.overlay import Mirror, mirror, remove, top_of
from understudy.checking.session import Session
from understudy.context.privacy.roots import innermost_first
from understudy.core.paths import uri_to_path
from understudy.core.settings import FixSettings
from understudy.core.text import Document

TREE = "tree"
# What an untitled text is called, so that tools know its language.
SUFFIXES = {
    "python": ".py",
    "javascript": ".js",
    "javascriptreact": ".jsx",
    "typescript": ".ts",
    "typescriptreact": ".tsx",
    "go": ".go",
    "rust": ".rs",
}


@dataclass(frozen=True, slots=True)
class Case:
    """A document and where it is checked. `texts`: what is not as on disk, the document among it. `top`: where an
    overlay begins. `scratch` is this check's own, and `mirror` makes the overlay in it."""

    document: Document
    path: Path
    texts: dict[Path, str]
    grounds: Grounds
    top: Path
    scratch: Path
    mirror: Callable[[], Mirror]

    @property
    def temporary(self) -> Path:
        """What tools take for the system's folder for temporary files."""
        return self.scratch / "temporary"

    def key(self) -> tuple[object, ...]:
        """Equal for cases about which a checker says the same, as long as nothing changes on disk."""
        texts = sorted((str(path), hash(text)) for path, text in self.texts.items() if path != self.path)
        return self.document.uri, self.document.language, hash(self.document.text), tuple(texts), self.grounds.trusted


@contextlib.contextmanager
def prepared(
    overlay: Overlay, roots: tuple[Path, ...], settings: FixSettings, opened: Iterable[Document], session: Session
) -> Iterator[Case]:
    """A case, as long as the block lasts. It looks at files, so it is for a thread. Raises `OSError`."""
    scratch = session.scratch()
    try:
        yield _case(overlay, roots, settings, opened, scratch)
    finally:
        remove(scratch)


@contextlib.asynccontextmanager
async def prepared_apart(
    overlay: Overlay, roots: tuple[Path, ...], settings: FixSettings, opened: Iterable[Document], session: Session
) -> AsyncIterator[Case | Report]:
    """The same from the event loop; a report where no folder for it can be made."""
    preparing = prepared(overlay, roots, settings, opened, session)
    making = asyncio.create_task(asyncio.to_thread(preparing.__enter__))
    try:
        # A thread cannot be cancelled: what it has made by then must be removed all the same.
        case: Case | Report = await asyncio.shield(making)
    except OSError as error:
        case = Report("", None, f"no folder for the check can be made ({error.strerror or error})")
    except asyncio.CancelledError:
        making.add_done_callback(lambda _: preparing.__exit__(None, None, None))
        raise
    try:
        yield case
    finally:
        if isinstance(case, Case):
            # In a thread of its own, which goes on when this is cancelled once more.
            await asyncio.shield(asyncio.to_thread(preparing.__exit__, None, None, None))


def _case(
    overlay: Overlay, roots: tuple[Path, ...], settings: FixSettings, opened: Iterable[Document], scratch: Path
) -> Case:
    document = overlay.document
    path = _path(document.uri, roots)
    if path is None:
        path = scratch / "untitled" / f"untitled{SUFFIXES.get(document.language, '')}"
        path.parent.mkdir()
    others = {**{each.uri: each.text for each in opened}, **overlay.others}
    texts = {other: text for uri, text in others.items() if (other := _path(uri, roots)) and not _is_saved(other, text)}
    texts[path] = document.text
    grounds = grounds_of(path, roots, settings.trusted_folders)
    top = grounds.root if path.is_relative_to(scratch) else top_of(grounds.root)
    (scratch / "temporary").mkdir()
    return Case(document, path, texts, grounds, top, scratch, _once(top, texts, scratch / TREE))


def _path(uri: str, roots: tuple[Path, ...]) -> Path | None:
    """The file of a URI, as it is called below its root when the URI goes by where a link leads."""
    path = uri_to_path(uri)
    if path is None or not path.is_absolute():
        return None
    inside = (root.within(path) for root in innermost_first(roots))
    return next((each for each in inside if each is not None), path)


def _is_saved(path: Path, text: str) -> bool:
    try:
        return path.read_bytes() == text.encode("utf-8", "replace")
    except OSError:
        return False


def _once(top: Path, texts: dict[Path, str], place: Path) -> Callable[[], Mirror]:
    """Makes the overlay when it is first asked for; checkers that run at once share it."""
    made: list[Mirror] = []
    making = threading.Lock()

    def make() -> Mirror:
        with making:
            if not made:
                made.append(mirror(top, texts, place))
            return made[0]

    return make
