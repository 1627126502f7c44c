"""From a cursor to what it names: imports to files, names to definitions, and who may want to be shown for it."""

from understudy.context.resolve.producers import PRODUCERS

__all__ = ["PRODUCERS"]
