"""A language's parser and queries, loaded on first use: tree-sitter is never imported before a file needs it."""

from __future__ import annotations

import importlib
import logging
from dataclasses import dataclass
from functools import cache, cached_property
from threading import local
from time import thread_time
from typing import TYPE_CHECKING

from understudy.context.syntax.grammar_files import query_source
from understudy.context.syntax.languages import Language, language_of

if TYPE_CHECKING:
    import tree_sitter

log = logging.getLogger(__name__)

CHUNK_BYTES = 1 << 13


class TooSlow(Exception):
    """A parse took longer than it may."""


@dataclass(frozen=True)
class Grammar:
    """One loaded grammar. Queries are compiled when they are first asked for."""

    language: Language
    binding: tree_sitter.Language

    def parse(self, data: bytes, old: tree_sitter.Tree | None = None, within: float | None = None) -> tree_sitter.Tree:
        """The tree of UTF-8 `data`; `old` is an earlier tree that has been told of every edit since.

        Raises `TooSlow` when it takes more than `within` seconds of this thread's time.
        """
        parser = self._parser
        if within is None:
            return parser.parse(data, old) if old is not None else parser.parse(data)
        end = thread_time() + within

        def read(byte: int, _point: tree_sitter.Point) -> bytes:
            # Bytes and not a view of them: the tree keeps this function and asks it for the text that a query's
            # predicate compares, and there py-tree-sitter 0.26 crashes on anything else.
            return data[byte : byte + CHUNK_BYTES]

        def late(_byte: int, _error: object) -> bool:
            return thread_time() > end

        # Only a text that is read in pieces can be stopped in the middle.
        try:
            if old is not None:
                return parser.parse(read, old, progress_callback=late)
            return parser.parse(read, progress_callback=late)
        except ValueError as stopped:
            parser.reset()  # or else the next text would be taken for the rest of this one
            raise TooSlow from stopped

    @property
    def _parser(self) -> tree_sitter.Parser:
        """This thread's parser: one that is at work must not be asked by another."""
        import tree_sitter

        if not hasattr(self._parsers, "parser"):
            self._parsers.parser = tree_sitter.Parser(self.binding)
        parser: tree_sitter.Parser = self._parsers.parser
        return parser

    @cached_property
    def _parsers(self) -> local:
        return local()

    @cached_property
    def scope(self) -> tree_sitter.Query | None:
        """`scope.scm`: definitions with their names and bodies, blocks, comments and strings."""
        return self._query("scope")

    @cached_property
    def imports(self) -> tree_sitter.Query | None:
        """`imports.scm`: what a file takes from others."""
        return self._query("imports")

    @cached_property
    def tags(self) -> tree_sitter.Query | None:
        """`tags.scm`: definitions and references."""
        return self._query("tags")

    @cached_property
    def record(self) -> tree_sitter.Query | None:
        """`tags.scm` and `imports.scm` as one query: a file's record is made in one walk over its tree."""
        return self._query("tags", "imports")

    def _query(self, *names: str) -> tree_sitter.Query | None:
        import tree_sitter

        try:
            text = "\n".join(query_source(self.language.folder, name) for name in names)
            return tree_sitter.Query(self.binding, text)
        except (OSError, tree_sitter.QueryError) as failure:
            log.warning("grammars/%s/%s.scm is not used: %s", self.language.folder, "+".join(names), failure)
            return None


def grammar_for(language_id: str) -> Grammar | None:
    """The grammar for an LSP language id (or a URI, or a path); None where there is none or it does not load."""
    language = language_of(language_id)
    return None if language is None else _load(language)


@cache  # also remembers a failure, so that it is logged once
def _load(language: Language) -> Grammar | None:
    try:
        import tree_sitter

        module = importlib.import_module(language.module)
        return Grammar(language, tree_sitter.Language(getattr(module, language.factory)()))
    except (ImportError, AttributeError, ValueError, TypeError) as failure:
        log.warning("No syntax for %s: %s", language.name, failure)
        return None
