"""Time, CPU and memory of programs, measured alike for ours and for peers."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Measured:
    """Wall and CPU seconds and peak memory (MB) of one run."""

    name: str
    wall: float
    cpu: float
    memory: float


def measure(
    name: str, command: Sequence[str], *, env: Mapping[str, str] | None = None, best_of: int = 2
) -> Measured:
    """Run a command in a process of its own; the run with the least CPU counts."""
    runs = []
    for _ in range(best_of):
        with tempfile.TemporaryFile() as said:
            start = time.perf_counter()
            process = subprocess.Popen(
                list(command),
                stdout=subprocess.DEVNULL,
                stderr=said,
                env={**os.environ, **(env or {})},
            )
            _, status, used = os.wait4(process.pid, 0)
            wall = time.perf_counter() - start
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode != 0:
                said.seek(0)
                raise RuntimeError(f"{name}: {said.read().decode()[-500:]}")
        runs.append(Measured(name, wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024))
    return min(runs, key=lambda run: run.cpu)


def show(rows: Sequence[Measured], *, base: str) -> None:
    """Print a table with the ratio of CPU time to the row named ``base``."""
    reference = next((row.cpu for row in rows if row.name == base), None)
    print(f"\n{'':42} {'wall s':>8} {'CPU s':>8} {'peak MB':>8} {'CPU / ' + base:>20}")
    for row in rows:
        ratio = f"{row.cpu / reference:.2f}" if reference else "-"
        print(f"{row.name:42} {row.wall:8.2f} {row.cpu:8.2f} {row.memory:8.0f} {ratio:>20}")


def python(code: str, *arguments: object) -> list[str]:
    """Return the command that runs a piece of Python."""
    return [sys.executable, "-W", "ignore", "-c", code, *map(str, arguments)]


def mosdepth_environment(folder: Path) -> dict[str, str] | None:
    """Return the environment in which mosdepth runs, None if it is not installed.

    Debian's mosdepth asks for ``libhts.so``, of which only ``libhts.so.3`` is installed with it.
    """
    if shutil.which("mosdepth") is None:
        return None
    if subprocess.run(["mosdepth", "--help"], capture_output=True, check=False).returncode == 0:
        return {}
    listed = subprocess.run(["ldconfig", "-p"], capture_output=True, text=True, check=False).stdout
    found = [line.split("=>")[1].strip() for line in listed.splitlines() if "libhts.so.3" in line]
    if not found:
        return None
    link = folder / "libhts.so"
    if not link.exists():
        link.symlink_to(found[0])
    return {"LD_LIBRARY_PATH": str(folder)}
