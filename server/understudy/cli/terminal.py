"""The commands' way to the terminal: results on standard output, everything about them on standard error."""

from __future__ import annotations

import json
import sys
from typing import Any


def say(text: str) -> None:
    """A result, as a line of its own."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def say_json(value: Any) -> None:
    """A result for programs."""
    say(json.dumps(value, indent=2, ensure_ascii=False))


def note(text: str) -> None:
    """Something about the result, as a line of its own."""
    sys.stderr.write(text + "\n")
