"""The packages that are measured, by name and version, as the registries' own clients fetch them.

They are unpacked into a cache folder and never run. Rules and weights may be tuned on the packages of the split `tune`;
the figures that are reported come from the split `test`, which nobody looks into.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import platformdirs

from bench.recall.case import Project

Split = Literal["tune", "test"]
LONGEST = 400_000  # characters of a file: longer ones are generated
# Tests and copies of other packages are no part of what a package's own code leans on.
_UNWANTED = re.compile(
    r"(^|/)(_?tests?|testing|spec|specs|__tests__|examples?|docs|_?vendor(ed)?|third_party|node_modules|benches)/"
    r"|(^|/)(test_[^/]*|[^/]*_test\.(py|go)|conftest\.py|[^/]*\.(test|spec|test-d|bench)\.tsx?|[^/]*\.d\.[cm]?ts)$"
)


@dataclass(frozen=True, slots=True)
class Package:
    """One package of a registry; `within` is the folder of it that holds its sources, all of it where empty."""

    name: str
    version: str
    language: str
    split: Split
    within: str = ""


PACKAGES = (
    Package("graphql-core", "3.3.2", "python", "tune"),
    Package("httpie", "3.2.4", "python", "tune"),
    Package("mkdocs", "1.6.1", "python", "tune"),
    Package("prompt-toolkit", "3.0.53", "python", "tune"),
    Package("pylint", "4.1.4", "python", "tune"),
    Package("trio", "0.35.0", "python", "tune"),
    Package("luigi", "3.8.1", "python", "test"),
    Package("mitmproxy", "11.0.2", "python", "test"),
    Package("paramiko", "5.1.0", "python", "test"),
    Package("pydantic", "2.14.4", "python", "test"),
    Package("pyramid", "2.1", "python", "test"),
    Package("strawberry-graphql", "0.341.2", "python", "test"),
    Package("ethers", "6.17.0", "typescript", "tune", "src.ts/"),
    Package("mobx", "7.1.3", "typescript", "tune", "src/"),
    Package("msw", "2.15.0", "typescript", "tune", "src/"),
    Package("rxjs", "7.8.2", "typescript", "tune", "src/"),
    Package("@reduxjs/toolkit", "2.15.0", "typescript", "test", "src/"),
    Package("@tiptap/core", "3.35.0", "typescript", "test", "src/"),
    Package("@trpc/server", "11.25.2", "typescript", "test", "src/"),
    Package("puppeteer-core", "24.43.1", "typescript", "test", "src/"),
    Package("zod", "4.6.7", "typescript", "test", "src/"),
    Package("golang-github-gin-gonic-gin-dev", "1.8.1-1", "go", "tune"),
    Package("golang-github-yuin-goldmark-dev", "1.5.4-1", "go", "tune"),
    Package("golang-github-alecthomas-chroma-v2-dev", "2.5.0-1", "go", "test"),
    Package("golang-github-go-git-go-git-dev", "5.4.2-3", "go", "test"),
    Package("golang-github-hashicorp-memberlist-dev", "0.2.2-2", "go", "test"),
    Package("@capacitor/android", "8.5.2", "java", "tune"),
    Package("cordova-android", "15.1.0", "java", "tune"),
    Package("react-native", "0.72.17", "java", "test"),
    Package("react-native-maps", "1.7.1", "java", "test"),
    Package("react-native-svg", "13.14.1", "java", "test"),
    Package("librust-h2-dev", "0.3.13-2", "rust", "tune"),
    Package("librust-petgraph-dev", "0.6.2-1", "rust", "tune"),
    Package("librust-hyper-dev", "0.14.19-1", "rust", "test"),
    Package("librust-quinn-proto-dev", "0.9.2-2", "rust", "test"),
    Package("librust-rustls-dev", "0.20.8-4", "rust", "test"),
)


class NotFetched(Exception):
    """A package's registry or its client is not to be had here, or does not have this version."""


def cache() -> Path:
    """Where packages and other systems' environments are kept; `UNDERSTUDY_BENCH_CACHE` says another folder."""
    given = os.environ.get("UNDERSTUDY_BENCH_CACHE")
    folder = Path(given) if given else Path(platformdirs.user_cache_dir("understudy-bench"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def projects(language: str, split: Split, wanted: str | None = None) -> Iterator[Project]:
    """The packages of a language and split, fetched and unpacked where they are not there yet."""
    for package in PACKAGES:
        if package.language == language and package.split == split and wanted in (None, package.name):
            yield load(package)


def load(package: Package) -> Project:
    """One package, unpacked below `cache()`. Raises `NotFetched`."""
    folder = cache() / "packages" / f"{re.sub(r'[^a-zA-Z0-9.-]+', '_', package.name).strip('_')}-{package.version}"
    if not folder.exists():
        try:
            _unpack(package, folder)
        except (OSError, subprocess.CalledProcessError, StopIteration) as error:
            raise NotFetched(f"{package.name} {package.version} cannot be fetched: {error}") from error
    files = {
        file.relative_to(folder).as_posix(): file.read_text("utf-8")
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }
    return Project(package.name, package.language, folder, files)


def _unpack(package: Package, folder: Path) -> None:
    """Put the sources into a new folder."""
    registry = REGISTRIES[package.language]
    folder.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".fresh-") as place:
        fresh, archive = Path(place) / "tree", Path(place) / "archive"
        archive.mkdir()
        for path, text in sorted(registry.fetch(package, archive)):
            if path.endswith(registry.ends) and not _UNWANTED.search(path) and len(text) <= LONGEST:
                file = fresh / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, "utf-8", newline="\n")
        with suppress(OSError):  # another run was faster
            fresh.rename(folder)


def _pypi(package: Package, into: Path) -> Iterator[tuple[str, str]]:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
    _run([*command, "--dest", str(into), f"{package.name}=={package.version}"])
    with zipfile.ZipFile(next(into.glob("*.whl"))) as archive:
        for path in archive.namelist():
            yield path, _text(archive.read(path))


def _npm(package: Package, into: Path) -> Iterator[tuple[str, str]]:
    _run(["npm", "pack", "--silent", "--pack-destination", str(into), f"{package.name}@{package.version}"])
    with tarfile.open(next(into.glob("*.tgz"))) as archive:
        for member in archive:
            path = member.name.partition("/")[2]
            if member.isfile() and path.startswith(package.within):
                content = archive.extractfile(member)
                assert content is not None
                yield path, _text(content.read())


def _debian(package: Package, into: Path) -> Iterator[tuple[str, str]]:
    _run(["apt-get", "download", "-qq", f"{package.name}={package.version}"], into)
    _run(["dpkg-deb", "--extract", str(next(into.glob("*.deb"))), str(into / "tree")])
    for file in (into / "tree").rglob("*"):
        path = file.relative_to(into / "tree").as_posix()
        if file.is_file() and not file.is_symlink():
            yield re.sub(r"^usr/share/(gocode/src|cargo/registry)/", "", path), _text(file.read_bytes())


def fetched(command: list[str]) -> None:
    """Run what fetches something. Raises `NotFetched`."""
    try:
        _run(command)
    except (OSError, subprocess.CalledProcessError) as error:
        raise NotFetched(f"{' '.join(command)}: {error}") from error


def _run(command: list[str], folder: Path | None = None) -> None:
    subprocess.run(command, check=True, stdout=sys.stderr, cwd=folder)


def _text(content: bytes) -> str:
    return content.decode("utf-8", "replace").replace("\r\n", "\n")


@dataclass(frozen=True, slots=True)
class Registry:
    """How the packages of a language are fetched, and what its sources' names end in."""

    fetch: Callable[[Package, Path], Iterator[tuple[str, str]]]
    ends: tuple[str, ...]


REGISTRIES = {
    "python": Registry(_pypi, (".py",)),
    "typescript": Registry(_npm, (".ts", ".tsx", ".mts")),
    "go": Registry(_debian, (".go",)),
    "rust": Registry(_debian, (".rs",)),
    "java": Registry(_npm, (".java",)),
}
