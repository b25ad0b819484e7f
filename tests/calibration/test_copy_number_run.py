"""What a whole copy-number run promises of planted events, read by read."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.copynumber.planted import Found, judge, run_case, simulate_case

FOCAL = ("ERBB2 amplification", "CDKN2A homozygous deletion")


def found_in(folder: Path, *, purity: float, seed: int, doubled: bool, size: float) -> Found:
    """Simulate a case and run it."""
    params = simulate_case(folder, purity=purity, seed=seed, doubled=doubled, size=size)
    result = run_case(folder, folder / "out", params)
    return judge(folder, folder / "out", result, doubled=doubled)


@pytest.mark.calibration
def test_planted_events_are_found_from_reads(tmp_path: Path, full_calibration: bool) -> None:
    size = 1.0 if full_calibration else 0.2
    seeds = range(1, 6) if full_calibration else range(2, 3)
    for seed in seeds:
        for doubled in (False, True) if full_calibration else (False,):
            folder = tmp_path / f"{seed}{doubled}"
            found = found_in(folder, purity=0.6, seed=seed, doubled=doubled, size=size)
            print(seed, doubled, found)
            assert all(found.events[name] for name in FOCAL)
            assert found.false_focal == 0
            assert found.false_breaks <= 2
            assert found.false_unbalanced <= 1
            assert found.copies_right > 0.9
