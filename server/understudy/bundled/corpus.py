"""What the demonstration model is trained on: the standard library and a table of permissively licensed packages.

pip fetches the packages. Files are cleaned, filtered and split into a training and a held-out part by a stable hash.
"""

from __future__ import annotations

import ast
import hashlib
import re
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Package:
    """A pinned package, the licence its metadata states, and whether no file of it may be trained on."""

    name: str
    version: str
    licence: str
    held_out: bool = False


PACKAGES = (
    Package("alembic", "1.20.1", "MIT"),
    Package("algorithms", "1.0.1", "MIT"),
    Package("arrow", "1.4.0", "Apache-2.0"),
    Package("attrs", "26.1.0", "MIT"),
    Package("beautifulsoup4", "4.15.0", "MIT"),
    Package("boltons", "26.2.0", "BSD-3-Clause"),
    Package("bottle", "0.13.4", "MIT"),
    Package("cachetools", "8.0.2", "MIT"),
    Package("celery", "5.7.0", "BSD-3-Clause"),
    Package("click", "8.5.1", "BSD-3-Clause"),
    Package("django", "5.2.19", "BSD-3-Clause"),
    Package("fastapi", "0.165.0", "MIT"),
    Package("flask", "3.1.3", "BSD-3-Clause"),
    Package("h11", "0.16.0", "MIT"),
    Package("hatchling", "1.33.0", "MIT"),
    Package("httpcore", "1.0.9", "BSD-3-Clause"),
    Package("httpx", "0.28.1", "BSD-3-Clause"),
    Package("humanize", "4.17.0", "MIT"),
    Package("invoke", "3.0.3", "BSD-2-Clause"),
    Package("itsdangerous", "2.2.0", "BSD-3-Clause"),
    Package("jedi", "0.20.1", "MIT"),
    Package("jinja2", "3.1.6", "BSD-3-Clause"),
    Package("jsonschema", "4.26.0", "MIT"),
    Package("kombu", "5.7.0", "BSD-3-Clause"),
    Package("markdown", "3.11.3", "BSD-3-Clause"),
    Package("marshmallow", "4.4.0", "MIT", held_out=True),
    Package("mistune", "3.4.0", "BSD-3-Clause"),
    Package("more-itertools", "11.2.1", "MIT"),
    Package("networkx", "3.6.1", "BSD-3-Clause"),
    Package("nox", "2026.10.20", "Apache-2.0"),
    Package("packaging", "26.3", "Apache-2.0 OR BSD-2-Clause"),
    Package("parso", "0.8.7", "MIT"),
    Package("pluggy", "1.7.0", "MIT"),
    Package("poetry-core", "2.5.0", "MIT"),
    Package("pytest", "9.2.0", "MIT"),
    Package("requests", "2.34.2", "Apache-2.0"),
    Package("rich", "15.0.0", "MIT"),
    Package("scrapy", "2.19.0", "BSD-3-Clause"),
    Package("sortedcontainers", "2.4.0", "Apache-2.0"),
    Package("sphinx", "9.0.4", "BSD-2-Clause"),
    Package("starlette", "1.10.0", "BSD-3-Clause"),
    Package("tenacity", "9.2.1", "Apache-2.0"),
    Package("textual", "8.2.8", "MIT"),
    Package("tinydb", "4.9.0", "MIT", held_out=True),
    Package("toolz", "1.2.0", "BSD-3-Clause"),
    Package("tox", "4.67.15", "MIT"),
    Package("typer", "0.29.2", "MIT"),
    Package("uvicorn", "0.54.0", "BSD-3-Clause"),
    Package("werkzeug", "3.1.9", "BSD-3-Clause"),
    Package("wtforms", "3.3.2", "BSD-3-Clause"),
)
"""All are pure-Python wheels; the licence is the one in the wheel's own metadata, as an SPDX expression."""

STANDARD_LIBRARY = "stdlib"
HELD_OUT_PERCENT = 5

# Vendored code has licences of its own; tests, locales, migrations and tables of data are poor examples to write like.
_UNWANTED = re.compile(
    r"(^|/)(tests?|testing/data|idlelib|encodings|pydoc_data|site-packages|dist-packages|ensurepip|locale|migrations"
    r"|_?vendor(ed)?|third_party|node_modules|__pycache__|config-[^/]*|_sysconfigdata[^/]*|_unicode_data|entities?\.py"
    r"|_emoji_codes\.py|_cell_widths\.py|_spinners\.py|stopwordfilter\.py)(/|$)"
)


@dataclass(frozen=True)
class Document:
    """One source file: the package it is from, its path in that package, and its cleaned text."""

    package: str
    path: str
    text: str

    @property
    def held_out(self) -> bool:
        """True when the model must never see it: its package is held out, or its name falls in the held-out share."""
        if any(package.held_out and package.name == self.package for package in PACKAGES):
            return True
        digest = hashlib.sha256(f"{self.package}/{self.path}".encode()).digest()
        return int.from_bytes(digest[:4], "big") % 100 < HELD_OUT_PERCENT


def download(cache: Path, packages: tuple[Package, ...] = PACKAGES) -> list[Path]:
    """Wheels of the packages, fetched by pip into `cache` where they are not there yet.

    Raises `subprocess.CalledProcessError` when pip cannot fetch one, `FileNotFoundError` when it left no wheel.
    """
    cache.mkdir(parents=True, exist_ok=True)
    missing = [f"{package.name}=={package.version}" for package in packages if _wheel(cache, package) is None]
    if missing:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
        subprocess.run([*command, "--dest", str(cache), *missing], check=True, stdout=sys.stderr)
    wheels = []
    for package in packages:
        wheel = _wheel(cache, package)
        if wheel is None:
            raise FileNotFoundError(f"pip left no wheel of {package.name} {package.version} in the cache")
        wheels.append(wheel)
    return wheels


def _wheel(cache: Path, package: Package) -> Path | None:
    name = re.sub(r"[-_.]+", "_", package.name)
    return next(iter(cache.glob(f"{name}-{package.version}-*.whl")), None)


def stated_licence(wheel: Path) -> str:
    """The licence lines of a wheel's metadata, joined by "; "; empty when it states none."""
    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        head = archive.read(name).decode("utf-8", "replace").split("\n\n", 1)[0]
    lines = re.findall(r"^(?:License(?:-Expression)?|Classifier): ?(.*)$", head, re.MULTILINE)
    return "; ".join(line for line in lines if " :: " not in line or line.startswith("License ::"))


def read(cache: Path, packages: tuple[Package, ...] = PACKAGES) -> list[Document]:
    """Every document that passes the filters, each text once, in a stable order."""
    seen: set[str] = set()
    kept: list[Document] = []
    for package, path, source in _sources(cache, packages):
        text = clean(source)
        if text is None:
            continue
        digest = hashlib.sha256(" ".join(text.split()).encode()).hexdigest()
        if digest not in seen:
            seen.add(digest)
            kept.append(Document(package, path, text))
    return kept


def _sources(cache: Path, packages: tuple[Package, ...]) -> Iterator[tuple[str, str, str]]:
    library = Path(sysconfig.get_paths()["stdlib"])
    for file in sorted(library.rglob("*.py")):
        path = file.relative_to(library).as_posix()
        if not _UNWANTED.search(path):
            yield STANDARD_LIBRARY, path, file.read_text("utf-8", "replace")
    for package, wheel in zip(packages, download(cache, packages), strict=True):
        with zipfile.ZipFile(wheel) as archive:
            for path in sorted(archive.namelist()):
                if path.endswith(".py") and not _UNWANTED.search(path):
                    yield package.name, path, archive.read(path).decode("utf-8", "replace")


def clean(source: str) -> str | None:
    """The text to learn from, or None when the file is no good example of written code.

    Long docstrings are cut to their first paragraph: a model this small should spend its capacity on code.
    """
    text = source.replace("\r\n", "\n").expandtabs(4)
    if not 200 <= len(text) <= 200_000 or "\ufffd" in text or not _looks_written(text):
        return None
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return None
    lines = text.split("\n")
    for first, last in sorted(_docstring_tails(tree, lines), reverse=True):
        del lines[first:last]
    text = re.sub(r"[ ]+\n", "\n", "\n".join(lines)).strip("\n") + "\n"
    return re.sub(r"\n{4,}", "\n\n\n", text) if len(text) >= 200 else None


def _looks_written(text: str) -> bool:
    lines = [line for line in text.split("\n") if line.strip()]
    letters = sum(character.isalpha() for character in text)
    digits = sum(character.isdigit() for character in text)
    longest = max(map(len, lines))
    average = sum(map(len, lines)) / len(lines)
    plain = sum(character < "\x7f" for character in text) / len(text)
    return longest <= 240 and average <= 70 and digits <= 0.12 * (letters + 1) and plain >= 0.99


def _docstring_tails(tree: ast.Module, lines: list[str]) -> Iterator[tuple[int, int]]:
    """Half-open line ranges (from 0) to delete; a long docstring keeps its first paragraph and its closing quotes."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) or not node.body:
            continue
        head = node.body[0]
        if not (
            isinstance(head, ast.Expr) and isinstance(head.value, ast.Constant) and isinstance(head.value.value, str)
        ):
            continue
        first, last = head.lineno - 1, (head.end_lineno or head.lineno) - 1
        # Closing quotes that share a line with text cannot be kept alone.
        if last - first < 4 or lines[last].strip() not in ('"""', "'''"):
            continue
        blank = next((row for row in range(first + 1, last) if not lines[row].strip()), first + 4)
        cut = min(blank, first + 4)
        if cut < last and not lines[cut - 1].endswith("\\"):
            yield cut, last
