"""`make bench`: every figure that the README gives, from one run on this machine."""

from __future__ import annotations

import asyncio
import sys

from bench import aborts, lanes, prefix_cache, replicas, startup, sync
from bench.figures import row, say
from bench.overhead import LINES, overhead
from bench.real import measure

OWN_TIME_MS = 10.0


async def main() -> int:
    say("The server itself")
    new, along = await overhead()
    row(f"own time per completion in {LINES} lines, ms", new, f"p95 ≤ {OWN_TIME_MS:.0f}", met=new.p95 <= OWN_TIME_MS)
    row("typed along, from memory, ms", along)
    startup.report()
    sync.report()
    say("On the real engine, with the bundled demonstration model, typing real commits")
    await measure()
    say("On the real engine, typing in a workspace: what of a prompt each key has computed")
    await prefix_cache.measure()
    say("On the real engine, with a tiny model that takes long prompts, typing while work runs")
    async with lanes.tiny_engine() as it:
        await lanes.measure(it)
        await aborts.measure(it)
    say("One of two replicas killed under load")
    await replicas.measure()
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
