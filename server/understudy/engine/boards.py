"""What the NVIDIA driver says of the energy of this machine's GPUs: `python -m understudy.engine.boards` prints it.

A process of its own, which ends at once. The driver's bindings take 17 MB of memory, as much as the whole keeper, which
wants to know this once a minute; and a driver that hangs or crashes takes nobody along.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass

TIMEOUT_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Board:
    """A GPU: its UUID, the millijoules that it has drawn since the driver was loaded, and the processes that compute on
    it, where the driver says so. In a container their ids are those outside of it."""

    uuid: str
    millijoules: int
    pids: tuple[int, ...] = ()


def ask_driver() -> tuple[Board, ...]:
    """The GPUs that count their energy (Volta and newer). Empty without any, or where the driver fails."""
    try:
        answer = subprocess.run(
            [sys.executable, "-m", "understudy.engine.boards"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=TIMEOUT_SECONDS,
            check=True,
        )
        return tuple(Board(row["uuid"], row["millijoules"], tuple(row["pids"])) for row in json.loads(answer.stdout))
    except (OSError, subprocess.SubprocessError, ValueError, TypeError, KeyError):
        return ()


def main() -> None:
    """Print the boards as JSON."""
    json.dump([asdict(board) for board in read_boards()], sys.stdout)


def read_boards() -> Iterable[Board]:
    """Ask NVML. Nothing without a driver."""
    import pynvml as nvml

    try:
        nvml.nvmlInit()
    except nvml.NVMLError:
        return
    for index in range(nvml.nvmlDeviceGetCount()):
        try:
            device = nvml.nvmlDeviceGetHandleByIndex(index)
            uuid, drawn = nvml.nvmlDeviceGetUUID(device), nvml.nvmlDeviceGetTotalEnergyConsumption(device)
        except nvml.NVMLError:
            continue  # one that is lost, or too old to count
        try:
            pids = tuple(process.pid for process in nvml.nvmlDeviceGetComputeRunningProcesses(device))
        except nvml.NVMLError:
            pids = ()
        yield Board(uuid, drawn, pids)


if __name__ == "__main__":
    main()
