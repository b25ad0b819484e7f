"""Time, CPU and memory of programs, measured alike for ours and for peers."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

# A small process in between: a child's peak memory begins with that of the process it came from.
LAUNCHER = """
import os, sys, time
start = time.perf_counter()
quiet = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
child = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ, file_actions=quiet)
_, status, used = os.wait4(child, 0)
print(time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss)
sys.exit(os.waitstatus_to_exitcode(status))
"""


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
        done = subprocess.run(
            [sys.executable, "-S", "-c", LAUNCHER, *command],
            capture_output=True,
            text=True,
            env={**os.environ, **(env or {})},
            check=False,
        )
        if done.returncode != 0:
            raise RuntimeError(f"{name}: {done.stderr[-500:]}")
        wall, cpu, memory = map(float, done.stdout.split()[-3:])
        runs.append(Measured(name, wall, cpu, memory / 1024))
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
