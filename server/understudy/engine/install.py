"""Makes the environment that vLLM lives in, step by step, in a way that can be interrupted and gone on with."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import json
import os
import shutil
import sys
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path

from understudy.core.errors import InstallFailed
from understudy.core.lock import try_lock
from understudy.engine import pip_output, process
from understudy.engine.base import Progress
from understudy.engine.environment import VLLM_VERSION, Environment, environment_for, has_nvidia_gpu

Report = Callable[[Progress], None]
NEEDED_GB = {True: 12, False: 6}  # by whether it is for a GPU: packages, and what pip keeps while it installs them
PIP = "pip>=24.1"  # the first whose `--progress-bar raw` can be read by a program
TORCH_CPU = "torch==2.13.0+cpu"
# CPU builds of these may not exist, and the wrong one breaks the import of everything; completions need none of them.
LEFT_OUT = ("torchvision", "torchaudio", "torchcodec")
NUMA = "libnuma.so.1"  # loaded by vLLM's CPU build, and not a part of a minimal Linux
KEPT_LINES = 400
POLL_SECONDS = 0.5
# Runs in the new environment, whose pip brings the parser: the requirements of its vLLM that apply to this machine.
READ_REQUIREMENTS = """
import json, sys
from importlib.metadata import requires
from pip._vendor.packaging.requirements import Requirement
found = [Requirement(line) for line in requires(sys.argv[1])]
kept = [each for each in found if each.marker is None or each.marker.evaluate({"extra": ""})]
for each in kept:
    each.marker = None
print(json.dumps([[each.name, str(each)] for each in kept]))
"""


async def install(report: Report, *, gpu: bool | None = None, again: bool = False) -> Environment:
    """Make the environment, unless it is there. `gpu`: for an NVIDIA GPU (None: if there is one).

    `again`: from scratch. Cancelling ends pip; the next call goes on where this one stopped. Raises `InstallFailed`.
    """
    environment = environment_for(gpu=has_nvidia_gpu() if gpu is None else gpu)
    if environment.complete and not again:
        return environment
    refuse_unsupported(sys.platform, gpu=environment.gpu)
    if sys.platform == "linux" and not environment.gpu:
        refuse_missing_library(NUMA)
    try:
        refuse_full_disk(environment.folder, NEEDED_GB[environment.gpu])
        lock = try_lock(environment.folder.parent / "install.lock")
        if lock is None:
            raise InstallFailed("Another `understudy engine install` is at work.", "Wait for it to end.")
        with lock:
            await _install(environment, report, again=again)
    except OSError as error:
        raise InstallFailed(
            f"The engine's environment cannot be written ({error.strerror or error}).",
            "Make room, or give write permission, and run it again.",
        ) from error
    return environment


async def _install(environment: Environment, report: Report, *, again: bool) -> None:
    environment.marker.unlink(missing_ok=True)
    report(Progress("Making an environment for vLLM", 0))
    await _make_venv(environment, again=again)
    report(Progress("Updating pip", 3))
    await _pip(environment, ["--upgrade", PIP], report, 3, 5)
    if environment.gpu:
        await _pip(environment, [f"vllm=={VLLM_VERSION}"], report, 5, 96)
    else:
        await _install_cpu(environment, report)
    report(Progress("Checking that vLLM can be imported", 97))
    await _run(
        [environment.python, "-c", "import torch, transformers, vllm"], "vLLM was installed but cannot be imported"
    )
    content = {"distribution": environment.distribution, "version": VLLM_VERSION, "python": sys.version.split()[0]}
    environment.marker.write_text(json.dumps(content), encoding="utf-8")
    report(Progress("Installed", 100))


async def _install_cpu(environment: Environment, report: Report) -> None:
    """The CPU wheel alone, then what it requires except `LEFT_OUT`, as its own metadata say."""
    await _pip(environment, ["--no-deps", f"{environment.distribution}=={VLLM_VERSION}"], report, 5, 12)
    read = [str(environment.python), "-c", READ_REQUIREMENTS, environment.distribution]
    found = json.loads(await _run(read, "The requirements of vLLM cannot be read"))
    requirements = environment.folder / "requirements.txt"
    requirements.write_text("\n".join(text for name, text in found if name.lower() not in LEFT_OUT), encoding="utf-8")
    constraints = environment.folder / "constraints.txt"
    # No version is below 0: a package that asks for one of them makes pip refuse, not the import fail later.
    limits = [f"{name}<0" for name in LEFT_OUT] + [TORCH_CPU] * (sys.platform == "linux")
    constraints.write_text("\n".join(limits), encoding="utf-8")
    await _pip(environment, ["-r", str(requirements), "-c", str(constraints)], report, 12, 96)


def refuse_unsupported(platform: str, *, gpu: bool) -> None:
    """Raise `InstallFailed` on a system that vLLM does not run on."""
    if platform == "win32":
        raise InstallFailed(
            "vLLM does not run on Windows itself.",
            "Install Understudy inside WSL, or run vLLM elsewhere and set `engine.url` to its address.",
        )
    if gpu and platform != "linux":
        raise InstallFailed("vLLM uses NVIDIA GPUs on Linux only.", "Run `understudy engine install --device cpu`.")


def refuse_missing_library(name: str) -> None:
    """Raise `InstallFailed` where a system library that vLLM's CPU build loads is not there."""
    try:
        ctypes.CDLL(name)
    except OSError as error:
        raise InstallFailed(
            f"vLLM for the CPU needs the system library {name}, which this machine lacks.",
            "Install it (Debian and Ubuntu: `apt-get install libnuma1`, Fedora: `dnf install numactl-libs`) and run "
            "this again.",
        ) from error


def refuse_full_disk(target: Path, needed: float) -> None:
    """Raise `InstallFailed` where `needed` GB would not fit into `target`; what is there already counts."""
    folder = target
    while not folder.exists():
        folder = folder.parent
    have, free = _size(target), shutil.disk_usage(folder).free
    if free + have < needed * 1e9:
        raise InstallFailed(
            f"The engine needs {needed:.0f} GB, and {folder} has {free / 1e9:.1f} GB free.",
            "Make room, or set UNDERSTUDY_DATA_HOME to a folder on a larger disk.",
        )


def _size(folder: Path) -> int:
    total = 0
    for root, _, files in os.walk(folder):
        for name in files:
            with contextlib.suppress(OSError):
                total += os.lstat(os.path.join(root, name)).st_size  # noqa: PTH118  (100,000 files: Path is slow here)
    return total


async def _make_venv(environment: Environment, *, again: bool) -> None:
    """A new virtual environment, or the half-made one of an interrupted installation if its pip works."""
    if not again and environment.python.exists() and await _succeeds([environment.python, "-m", "pip", "--version"]):
        return
    environment.folder.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "venv", "--clear", str(environment.folder)]
    try:
        await _run(command, "A virtual environment cannot be made")
    except InstallFailed as error:
        if "ensurepip" in error.problem:
            raise InstallFailed(
                "This Python cannot make virtual environments.", "Install its `venv` package (Debian: `python3-venv`)."
            ) from error
        raise


async def _pip(environment: Environment, what: Sequence[str], report: Report, begin: int, end: int) -> None:
    command: list[str | Path] = [environment.python, "-u", "-m", "pip", "install", "--no-input"]
    command += ["--disable-pip-version-check", *what]
    if PIP not in what:
        command += ["--progress-bar", "raw"]
    lines: deque[str] = deque(maxlen=KEPT_LINES)
    state, shown = pip_output.PipState(), Progress("")
    site_packages = next(environment.folder.glob("lib/python*/site-packages"), environment.folder)
    before = _distributions(site_packages)

    def show() -> None:
        nonlocal shown
        installed = _distributions(site_packages) - before if state.installing else 0
        progress = pip_output.progress_of(state, installed, begin, end)
        if progress != shown:
            report(shown := progress)

    async def read(stream: asyncio.StreamReader) -> None:
        nonlocal state
        async for raw in stream:
            line = raw.decode("utf-8", "replace").rstrip()
            lines.append(line)
            state = pip_output.after_line(state, line)
            show()

    async def tick() -> None:
        while True:
            await asyncio.sleep(POLL_SECONDS)
            show()

    ticking = asyncio.create_task(tick())
    try:
        code = await _watched(command, read)
    finally:
        ticking.cancel()
    if code:
        failure = pip_output.failure_of(lines)
        raise InstallFailed(failure.problem, failure.remedy)


def _distributions(site_packages: Path) -> int:
    return sum(1 for _ in site_packages.glob("*.dist-info"))


async def _run(command: Sequence[str | Path], problem: str) -> str:
    """The output of `command`. Raises `InstallFailed` with `problem` and its last words if it fails."""
    output: list[str] = []

    async def read(stream: asyncio.StreamReader) -> None:
        output.append((await stream.read()).decode("utf-8", "replace"))

    if await _watched(command, read):
        text = "".join(output).strip()
        last = "ensurepip is not available" if "ensurepip" in text else text.rpartition("\n")[2][:300]
        raise InstallFailed(f"{problem}: {last}", "Run `understudy engine install --again`.")
    return "".join(output)


async def _succeeds(command: Sequence[str | Path]) -> bool:
    try:
        await _run(command, "")
    except InstallFailed:
        return False
    return True


async def _watched(command: Sequence[str | Path], read: Callable[[asyncio.StreamReader], object]) -> int:
    """Run `command` while `read` takes its output; its exit status. Cancelling kills it and what it started."""
    child = await asyncio.create_subprocess_exec(
        *map(str, command),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        **process.group_options(),
    )
    assert child.stdout is not None
    try:
        await read(child.stdout)  # type: ignore[misc]
        return await child.wait()
    finally:
        if child.returncode is None:
            process.kill_group(child.pid)
            await child.wait()
