"""A disk that fills up, a folder that is read-only: one line, and nothing half-written."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
RATIOS = REPOSITORY / "example_data" / "tumor.cnr"
SOMATIC = REPOSITORY / "example_data" / "somatic.vcf.gz"
ROOM = 2048


def run_with_little_room(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command line where no file may grow beyond two kilobytes."""
    return subprocess.run(
        [sys.executable, "-B", "-W", "ignore", "-m", "tumorkit", *arguments],
        capture_output=True,
        text=True,
        cwd=REPOSITORY,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, ROOM)),
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ("cnv", "segment", str(RATIOS), "-o", "{out}/tumor.cns"),
        ("cnv", "segment", str(RATIOS), "--json", "{out}/tumor.json"),
        ("variants", "filter", str(SOMATIC), "--preset", "caller-pass", "-o", "{out}/x.vcf.gz"),
        ("variants", "filter", str(SOMATIC), "--preset", "caller-pass", "-o", "{out}/x.vcf"),
        ("variants", "filter", str(SOMATIC), "--preset", "caller-pass", "--audit", "{out}/a.tsv"),
        ("profile", "--sample", "S", "--somatic", str(SOMATIC), "--outdir", "{out}/profile"),
        ("simulate", "--no-reads", "--genes", "12", "--coding-kb", "20", "--outdir", "{out}/sim"),
    ],
    ids=lambda arguments: " ".join(arguments[:2]) + arguments[-1][-6:],
)
def test_a_full_disk_leaves_no_half_file(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = run_with_little_room(*(word.format(out=tmp_path) for word in arguments))
    assert done.returncode == 1, done.stderr
    assert done.stderr.count("error: ") == 1
    assert "Traceback" not in done.stderr
    left = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert all(path.stat().st_size < ROOM and not path.name.startswith(".") for path in left)
    assert not {path.suffix for path in left} & {".cns", ".json", ".gz", ".svg", ".tbi"}


@pytest.mark.parametrize("folder", ["/proc/tumorkit", "/proc/tumorkit/deeper"])
def test_a_read_only_folder_is_said(folder: str) -> None:
    if not os.path.isdir("/proc/self"):
        pytest.skip("no /proc here")
    done = subprocess.run(
        [sys.executable, "-m", "tumorkit", "cnv", "segment", str(RATIOS), "-o", f"{folder}/x.cns"],
        capture_output=True, text=True, cwd=REPOSITORY, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith(f"error: {folder}/x.cns: cannot write: ")
