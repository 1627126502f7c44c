"""Who proposes pieces for a cursor by what the code says; those that go by what the user did are elsewhere."""

from __future__ import annotations

from understudy.context.cursor import Producer
from understudy.context.pieces import Origin
from understudy.context.resolve.caller import caller
from understudy.context.resolve.counterpart import counterpart
from understudy.context.resolve.imported import imported
from understudy.context.resolve.member import member
from understudy.context.resolve.named import named
from understudy.context.resolve.sibling import sibling

PRODUCERS: tuple[tuple[Origin, Producer], ...] = (
    ("named", named),
    ("imported", imported),
    ("member", member),
    ("caller", caller),
    ("sibling", sibling),
    ("test", counterpart),
)
