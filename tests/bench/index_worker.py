"""aider's repository map, timed: runs in the environment that holds it (see `index`)."""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from pathlib import Path

TOKENS = 1024


def main(root: str) -> None:
    """Print the seconds of a first map and of a second around another file, and the memory taken, as JSON."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    began = time.perf_counter()
    from aider.io import InputOutput
    from aider.repomap import RepoMap

    class Model:
        def token_count(self, text: str) -> float:
            return len(text) / 4

    files = sorted(str(it) for it in Path(root).rglob("*.py") if it.is_file())
    it = RepoMap(TOKENS, root, Model(), InputOutput(pretty=False, yes=True, fancy_input=False))
    times, processor = [], []
    for chat in (files[len(files) // 3], files[len(files) // 2]):
        assert it.get_repo_map({chat}, set(files) - {chat})
        times.append(time.perf_counter() - began)
        processor.append(time.process_time())
        began = time.perf_counter()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figures = {"first": times[0], "second": times[1], "processor": processor[0], "memory": memory}
    answers.write(json.dumps(figures) + "\n")
    answers.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
