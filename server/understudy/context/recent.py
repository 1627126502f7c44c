"""What the user worked on lately: regions that were edited, and files that are open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from understudy.core.text import Document, Span, changed_span

MAX_REGIONS = 6
# Two edits this close are one piece of work, and what follows within a second of it belongs to the same event
# (Zed groups edits for its predictions by the same two figures).
NEAR_LINES = 8
SAME_EVENT_SECONDS = 1.0
# A longer replacement is a formatter's or a version control system's, not the user's.
MAX_CHANGED_LINES = 64
MAX_REGION_LINES = 32
MAX_FILES = 24


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch of a document that was edited, last at the time `at` (seconds of the caller's clock). `was` is what
    stood there before the first of the edits."""

    document: Document
    span: Span
    at: float
    was: str = ""

    def lines(self, around: int = 2) -> tuple[int, int]:
        """First line of the region and the one after its last, counted from 0, with `around` more on each side."""
        text = self.document.text
        first = text.count("\n", 0, self.span.start)
        last = first + text.count("\n", self.span.start, self.span.end) + 1
        return max(0, first - around), last + around


@dataclass(frozen=True, slots=True)
class EditLog:
    """The last edited regions of a workspace, in the order in which work on them began anew: the newest is last."""

    regions: tuple[Region, ...] = ()

    def after(self, before: Document, after: Document, now: float) -> EditLog:
        """The log once `before` has become `after` at `now`."""
        if before.text == after.text:
            return self
        change, text = changed_span(before.text, after.text)
        moved = [_moved(region, after, change, len(text)) for region in self.regions]
        was = before.text[change.start : change.end]
        here = Region(after, Span(change.start, change.start + len(text)), now, was)
        if _line_count(before.text, change) > MAX_CHANGED_LINES or text.count("\n") > MAX_CHANGED_LINES:
            return EditLog(tuple(region for region in moved if not _near(region, here)))
        merged = [region for region in moved if _near(region, here)]
        as_before = [region for region, later in zip(self.regions, moved, strict=True) if later in merged]
        newest = _merge(merged, here, _was(before.text, change, as_before))
        rest = [region for region in moved if region not in merged]
        if any(now - region.at <= SAME_EVENT_SECONDS for region in merged):
            # Typing on keeps a region's place in the order: what the model is shown moves as rarely as possible.
            kept = [newest if region is merged[-1] else region for region in moved if region not in merged[:-1]]
        else:
            kept = [*rest, newest]
        return EditLog(tuple(kept[-MAX_REGIONS:]))

    def without(self, uri: str) -> EditLog:
        """The log with nothing of a file that was closed."""
        return EditLog(tuple(region for region in self.regions if region.document.uri != uri))


def _moved(region: Region, after: Document, change: Span, length: int) -> Region:
    """The region in the changed document: shifted by what was added or taken above it, stretched by what was inside."""
    if region.document.uri != after.uri:
        return region
    delta = length - (change.end - change.start)
    start, end = region.span.start, region.span.end
    start = start if start <= change.start else max(change.start, start + delta)
    end = end if end <= change.start else max(change.start + length, end + delta)
    end = min(max(start, end), len(after.text))
    return replace(region, document=after, span=Span(min(start, end), end))


def _near(region: Region, other: Region) -> bool:
    if region.document.uri != other.document.uri:
        return False
    gap = Span(
        min(region.span.end, other.span.end),
        max(min(region.span.end, other.span.end), region.span.start, other.span.start),
    )
    return _line_count(other.document.text, gap) <= NEAR_LINES


def _merge(regions: list[Region], here: Region, was: str) -> Region:
    start = min([here.span.start, *(region.span.start for region in regions)])
    end = max([here.span.end, *(region.span.end for region in regions)])
    span = Span(start, end)
    short = _line_count(here.document.text, span) <= MAX_REGION_LINES
    return replace(here, span=span, was=was) if short else here


def _was(before: str, change: Span, regions: list[Region]) -> str:
    """What stood, before any edit, in the stretch of the text `before` that holds the change and the regions in it."""
    end = max([change.end, *(region.span.end for region in regions)])
    done = min([change.start, *(region.span.start for region in regions)])
    parts: list[str] = []
    for region in sorted(regions, key=lambda region: region.span.start):
        parts += [before[done : region.span.start], region.was]
        done = region.span.end
    return "".join([*parts, before[done:end]])


def _line_count(text: str, span: Span) -> int:
    return text.count("\n", span.start, span.end)


@dataclass(frozen=True, slots=True)
class OpenFile:
    """An open document, and where in it the user was last."""

    document: Document
    offset: int | None = None


class OpenFiles:
    """The open documents by URI, in the order in which they were opened; the one visited longest ago goes first."""

    def __init__(self, limit: int = MAX_FILES) -> None:
        self._limit = limit
        self._files: dict[str, OpenFile] = {}
        self._visited: dict[str, None] = {}  # the one visited last is at the end

    def put(self, document: Document, offset: int | None = None) -> list[str]:
        """A document was opened or changed; `offset` is where the cursor is, if that is known. Returns the URIs of
        those that are given up for it."""
        known = self._files.get(document.uri)
        if offset is None and known is not None and known.offset is not None:
            offset = min(known.offset, len(document.text))
        self._files[document.uri] = OpenFile(document, offset)
        self._visited.pop(document.uri, None)
        self._visited[document.uri] = None
        given_up = list(self._visited)[: max(0, len(self._files) - self._limit)]
        for uri in given_up:
            self.close(uri)
        return given_up

    def close(self, uri: str) -> None:
        """A document was closed."""
        self._files.pop(uri, None)
        self._visited.pop(uri, None)

    def get(self, uri: str) -> OpenFile | None:
        """The open file of a URI."""
        return self._files.get(uri)

    def visited(self, count: int) -> list[OpenFile]:
        """The `count` files visited last, in the order in which they were opened: a visit alone changes no order."""
        last = set(list(self._visited)[-count:]) if count > 0 else set()
        return [file for uri, file in self._files.items() if uri in last]

    def __iter__(self) -> Iterator[OpenFile]:
        return iter(self._files.values())
