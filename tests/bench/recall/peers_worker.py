"""Answers questions about other systems, a line of JSON each, in the environment that holds them (see `peers`)."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from typing import Any


def main(root: str, vocabulary: str) -> None:
    """Read questions until the input ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what the systems print is no answer
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    systems: dict[str, Any] = {}
    for line in sys.stdin:
        question = json.loads(line)
        ask = question.pop("ask")
        if ask == "windows":
            systems["bm25"] = Bm25(question["texts"])
            answer: Any = None
        else:
            if ask == "aider" and ask not in systems:
                systems[ask] = Aider(root, vocabulary)
            answer = systems[ask].answer(**question)
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


class Bm25:
    """Windows by BM25. Words are split where no letter, digit or underscore is, and names also at their parts."""

    def __init__(self, texts: list[str]) -> None:
        import bm25s

        self._texts = texts
        self._index = bm25s.BM25()
        self._index.index([words(it) for it in texts], show_progress=False)

    def answer(self, query: str, most: int) -> list[int]:
        """The numbers of the best windows, the best first."""
        known = [it for it in words(query) if it in self._index.vocab_dict]
        if not known:
            return []
        scores = self._index.get_scores(known)
        return [int(it) for it in sorted(range(len(scores)), key=lambda it: (-scores[it], it))[:most] if scores[it] > 0]


def words(text: str) -> list[str]:
    """The names in a text and the parts of each."""
    found = []
    for name in re.findall(r"[A-Za-z_][A-Za-z0-9_]*", text):
        found.append(name.lower())
        parts = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+", name)
        found += [it.lower() for it in parts] if len(parts) > 1 else []
    return found


class Aider:
    """aider's map of a repository, with the case's file in the chat."""

    def __init__(self, root: str, vocabulary: str) -> None:
        from aider.io import InputOutput
        from aider.repomap import RepoMap
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(vocabulary)

        class Model:
            def token_count(self, text: str) -> int:
                return len(tokenizer.encode(text).ids)

        self._root = Path(root)
        self._files = sorted(str(it) for it in self._root.rglob("*") if it.is_file())
        self._map = RepoMap(root=root, main_model=Model(), io=InputOutput(pretty=False, yes=True, fancy_input=False))

    def answer(self, path: str, text: str, near: str, limit: int) -> str:
        """The map of at most about `limit` tokens; the file on disk is as it is in the editor meanwhile."""
        file = self._root / path
        whole = file.read_text("utf-8")
        file.write_text(text, "utf-8")
        try:
            mentioned = set(re.split(r"\W+", near))
            by_stem: dict[str, set[str]] = {}
            for it in self._files:
                by_stem.setdefault(Path(it).stem.lower(), set()).add(os.path.relpath(it, self._root))
            named = {it for word in mentioned if len(word) >= 5 for it in by_stem.get(word.lower(), ())}
            self._map.max_map_tokens = limit
            others = set(self._files) - {str(file)}
            return self._map.get_repo_map({str(file)}, others, named, mentioned) or ""
        finally:
            file.write_text(whole, "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
