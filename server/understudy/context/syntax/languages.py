"""The languages that have a grammar, as one table: how each is named, parsed and laid out.

A language that is not in the table still gets completions; whatever needs a syntax tree then falls back to the text.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Literal
from urllib.parse import unquote, urlsplit

BlockStyle = Literal["indent", "braces", "words"]


@dataclass(frozen=True, slots=True)
class Language:
    """One row.

    `ids` are LSP's language ids. `module` and `factory` name the wheel's function that returns the parser; the queries
    are in the folder `queries` under `grammars/`, or else in the one called `name`. `openers` maps the last word or
    character of a line that opens a block to what closes it, empty where a dedent does; in languages of words it also
    holds the words that a header line begins with. `terminator` ends a statement where the language demands one.
    """

    name: str
    ids: tuple[str, ...]
    suffixes: tuple[str, ...]
    module: str
    factory: str = "language"
    comment: str = "//"
    blocks: BlockStyle = "braces"
    openers: dict[str, str] = field(default_factory=lambda: {"{": "}"}, hash=False)
    terminator: str = ""
    queries: str = ""

    @property
    def folder(self) -> str:
        """The folder under `grammars/`."""
        return self.queries or self.name


_RUBY = dict.fromkeys(("def", "class", "module", "if", "unless", "while", "until", "case", "begin", "for"), "end")
_RUBY |= dict.fromkeys(("do", "else", "elsif", "when", "in", "then", "rescue", "ensure"), "end")
_LUA = dict.fromkeys(("function", "if", "for", "while", "do", "then", "else"), "end") | {"repeat": "until true"}
_BASH = {"then": "fi", "else": "fi", "do": "done", "{": "}", "in": "esac"}

LANGUAGES = (
    Language(
        "python", ("python",), (".py", ".pyi"), "tree_sitter_python", comment="#", blocks="indent", openers={":": ""}
    ),
    Language(
        "javascript",
        ("javascript", "javascriptreact"),
        (".js", ".mjs", ".cjs", ".jsx"),
        "tree_sitter_javascript",
    ),
    Language(
        "typescript", ("typescript",), (".ts", ".mts", ".cts"), "tree_sitter_typescript", factory="language_typescript"
    ),
    Language(
        "tsx", ("typescriptreact",), (".tsx",), "tree_sitter_typescript", factory="language_tsx", queries="typescript"
    ),
    Language("go", ("go",), (".go",), "tree_sitter_go"),
    Language("rust", ("rust",), (".rs",), "tree_sitter_rust", terminator=";"),
    Language("java", ("java",), (".java",), "tree_sitter_java", terminator=";"),
    Language("c", ("c",), (".c", ".h"), "tree_sitter_c", terminator=";"),
    Language("cpp", ("cpp",), (".cpp", ".cc", ".cxx", ".hpp", ".hh", ".hxx"), "tree_sitter_cpp", terminator=";"),
    Language("csharp", ("csharp",), (".cs",), "tree_sitter_c_sharp", terminator=";"),
    Language("ruby", ("ruby",), (".rb", ".rake"), "tree_sitter_ruby", comment="#", blocks="words", openers=_RUBY),
    Language("php", ("php",), (".php",), "tree_sitter_php", factory="language_php", terminator=";"),
    Language(
        "bash",
        ("shellscript", "bash", "sh"),
        (".sh", ".bash"),
        "tree_sitter_bash",
        comment="#",
        blocks="words",
        openers=_BASH,
    ),
    Language("lua", ("lua",), (".lua",), "tree_sitter_lua", comment="--", blocks="words", openers=_LUA),
    Language("kotlin", ("kotlin",), (".kt", ".kts"), "tree_sitter_kotlin"),
    Language("swift", ("swift",), (".swift",), "tree_sitter_swift"),
)

FAMILIES = {
    "javascript": "ecmascript",
    "typescript": "ecmascript",
    "tsx": "ecmascript",
    "c": "c",
    "cpp": "c",
    "java": "jvm",
    "kotlin": "jvm",
}
"""The languages whose files use each other's definitions by name, as families; every other one is alone."""

_BY_ID = {name: language for language in LANGUAGES for name in language.ids}
_BY_SUFFIX = {suffix: language for language in LANGUAGES for suffix in language.suffixes}


def language_of(name: str) -> Language | None:
    """The row for an LSP language id, a URI or a path; None where there is no grammar."""
    known = _BY_ID.get(name)
    if known is not None:
        return known
    path = unquote(urlsplit(name).path) if "://" in name else name.replace("\\", "/")
    return _BY_SUFFIX.get(PurePosixPath(path).suffix.lower())


def family(language: str) -> str:
    """The family of a row's name: what is used in one of its files may be defined in another, and in no other file."""
    return FAMILIES.get(language, language)


EVERY_FAMILY = tuple(dict.fromkeys(family(language.name) for language in LANGUAGES))
