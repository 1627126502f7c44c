"""What was suggested lately, so that typing along, deleting or accepting a word is answered without the engine."""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass

from understudy.core.text import Document
from understudy.features.completion.anchor import Anchor
from understudy.features.completion.outcome import Reason

DOCUMENTS = 64
SUGGESTIONS = 24  # for each document


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Alternatives for one cursor, best first; none at all, where there is nothing to offer, and the `reason`."""

    anchor: Anchor
    texts: tuple[str, ...]
    reason: Reason = Reason.EMPTY


@dataclass(frozen=True, slots=True)
class Recalled:
    """What an earlier suggestion says here: `texts`, or the `reason` for none. `closers`: see `anchor.Drift`."""

    texts: tuple[str, ...]
    closers: str = ""
    reason: Reason = Reason.EMPTY


class Memory:
    """The latest suggestions of the latest documents."""

    def __init__(self) -> None:
        self._documents: OrderedDict[str, deque[Suggestion]] = OrderedDict()

    def add(self, suggestion: Suggestion) -> None:
        """Remember a suggestion; the oldest give way."""
        kept = self._documents.setdefault(suggestion.anchor.uri, deque(maxlen=SUGGESTIONS))
        self._documents.move_to_end(suggestion.anchor.uri)
        kept.appendleft(suggestion)
        while len(self._documents) > DOCUMENTS:
            self._documents.popitem(last=False)

    def recall(self, document: Document, offset: int) -> Recalled | None:
        """The newest suggestion that the text at the cursor still agrees with, less what has been typed of it.

        One that was made further on, for text that has been deleted since, comes after all others: it would bring a
        deleted slip of the keys back.
        """
        drifts = ((it, it.anchor.drift(document, offset)) for it in self._documents.get(document.uri, ()))
        found = [(suggestion, drift) for suggestion, drift in drifts if drift is not None]
        for suggestion, drift in sorted(found, key=lambda pair: bool(pair[1].gone)):
            if not suggestion.texts:
                if drift.typed or drift.gone or drift.closers:
                    continue  # "nothing to offer" holds for this very cursor only
                return Recalled((), reason=suggestion.reason)
            rests = tuple(rest for text in suggestion.texts if (rest := remaining(text, drift.typed, drift.gone)))
            if rests:
                return Recalled(rests, drift.closers)
        return None

    def forget(self, uri: str) -> None:
        """Drop what is known of a document, for example when it is closed."""
        self._documents.pop(uri, None)


def remaining(text: str, typed: str, gone: str = "") -> str:
    """What is left of `text` to suggest after the user typed or deleted; empty where they disagree."""
    if gone:
        return gone + text
    return text[len(typed) :] if text.startswith(typed) else ""
