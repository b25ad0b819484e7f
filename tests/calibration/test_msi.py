"""What the MSI score promises on average, beside msisensor-pro's formulas on the same counts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.msi.simulated import Panel, draw_panel
from tumorkit.msi.calibrate.analysis import area_under
from tumorkit.msi.score import MsiParams, MsiResult, score_lengths

SEED = 7101
YARDSTICK = Panel(depth=800, purity=0.2, unstable=0.3)


def runs(full: int, full_calibration: bool) -> int:
    return full if full_calibration else max(full // 20, 2)


def scored(panel: Panel, seed: int, params: MsiParams | None = None) -> tuple[MsiResult, float]:
    drawn = draw_panel(panel, seed)
    result = score_lengths(drawn.tumor, drawn.normal, params=params)
    usable = np.array([site.status == "ok" for site in result.sites])
    return result, float(drawn.unstable[usable].mean())


@pytest.mark.calibration
def test_sites_are_told_apart_without_a_baseline(full_calibration: bool) -> None:
    found = [0, 0, 0, 0]
    for seed in range(runs(40, full_calibration)):
        drawn = draw_panel(YARDSTICK, SEED + seed)
        result = score_lengths(drawn.tumor)
        called = np.array([site.call == "unstable" for site in result.sites])
        found[0] += int((called & drawn.unstable).sum())
        found[1] += int(drawn.unstable.sum())
        found[2] += int((called & ~drawn.unstable).sum())
        found[3] += int((~drawn.unstable).sum())
    sensitivity, false_rate = found[0] / found[1], found[2] / found[3]
    print(f"\nsensitivity {sensitivity:.4f} of {found[1]}, false {false_rate:.4f} of {found[3]}")
    assert sensitivity >= 0.95
    assert false_rate <= 0.02


@pytest.mark.calibration
def test_the_interval_covers_the_truth(full_calibration: bool) -> None:
    rng = np.random.default_rng(SEED)
    covered, errors = [], []
    for seed in range(runs(200, full_calibration)):
        panel = Panel(
            sites=int(rng.choice([120, 400])),
            depth=float(rng.choice([100, 300, 800])),
            purity=float(rng.choice([0.2, 0.4, 0.7])),
            unstable=float(rng.choice([0.0, 0.01, 0.05, 0.15, 0.3, 0.6, 0.8])),
            one_allele=bool(rng.random() < 0.5),
            ccf=(0.6, 1.0),
            normal_depth=float(rng.choice([0, 0, 100])),
            scale=float(np.exp(rng.normal(0, 0.4))),
            spread=float(rng.choice([0.1, 0.3])),
        )
        result, truth = scored(panel, SEED + 1000 + seed)
        if result.msi.value is None or result.msi.low is None or result.msi.high is None:
            continue
        covered.append(result.msi.low <= truth <= result.msi.high)
        errors.append(result.msi.value - truth)
    bias, spread = np.mean(errors), np.std(errors)
    print(f"\ncovered {np.mean(covered):.3f} of {len(covered)}; bias {bias:+.4f}, sd {spread:.4f}")
    assert np.mean(covered) >= 0.9
    assert abs(bias) < 0.02


@pytest.mark.calibration
def test_stable_tumors_are_never_called_unstable(full_calibration: bool) -> None:
    rng = np.random.default_rng(SEED + 1)
    highest = 0.0
    count = runs(500, full_calibration)
    for seed in range(count):
        panel = Panel(
            sites=150,
            depth=float(rng.choice([60, 200, 800])),
            unstable=float(rng.choice([0.0, 0.01])),
            purity=float(rng.choice([0.3, 0.7])),
            scale=float(np.exp(rng.normal(0, 0.5))),
            power=float(rng.normal(1.5, 0.15)),
            spread=float(rng.choice([0.1, 0.3])),
            heterozygous=float(rng.choice([0.03, 0.08])),
        )
        result, _ = scored(panel, SEED + 5000 + seed)
        highest = max(highest, result.msi.value or 0.0)
        assert result.msi.call != "MSI-H", (panel, result.msi)
    print(f"\n0 of {count} called MSI-H; highest score {highest:.3f}")


@pytest.mark.calibration
@pytest.mark.parametrize("one_allele", [False, True])
@pytest.mark.parametrize("share", [0.6, 0.8])
def test_mostly_unstable_tumors_are_never_called_stable(
    share: float, one_allele: bool, full_calibration: bool
) -> None:
    lowest, errors = 1.0, []
    for seed in range(runs(40, full_calibration)):
        purity = (0.6, 0.75, 0.9)[seed % 3]
        panel = Panel(unstable=share, purity=purity, one_allele=one_allele, depth=300, sites=200)
        result, truth = scored(panel, SEED + 8000 + seed)
        assert result.msi.call == "MSI-H", (panel, result.msi)
        lowest = min(lowest, result.msi.value or 0.0)
        errors.append((result.msi.value or 0.0) - truth)
    print(
        f"\nshare {share}, one allele {one_allele}: "
        f"lowest {lowest:.3f}, bias {np.mean(errors):+.4f}"
    )


@pytest.mark.calibration
@pytest.mark.parametrize("one_allele", [False, True])
@pytest.mark.parametrize("purity", [None, 0.1])
def test_faint_instability_is_found_or_not_evaluable(
    purity: float | None, one_allele: bool, full_calibration: bool
) -> None:
    called = []
    for seed in range(runs(40, full_calibration)):
        panel = Panel(unstable=0.4, purity=0.1, depth=1000, one_allele=one_allele, sites=200)
        result, _ = scored(panel, SEED + 9000 + seed, MsiParams(purity=purity))
        called.append(result.msi.call or result.msi.status)
        assert result.msi.call != "MSS", (panel, result.msi)
    print(
        f"\npurity {purity}, one allele {one_allele}: { {c: called.count(c) for c in {*called}} }"
    )


@pytest.mark.calibration
def test_the_score_parts_cases_better_than_peers(full_calibration: bool) -> None:
    """Areas under the curve of ours, ``pro`` (hard .1) and, with a normal, ``msi``."""
    faint = Panel(sites=150, depth=300, purity=0.25, one_allele=True, ccf=(0.6, 1.0))
    for normal in (0.0, 100.0):
        truth, scores = [], []
        for seed in range(runs(120, full_calibration)):
            unstable = seed % 2 == 0
            rng = np.random.default_rng(SEED + seed)
            panel = replace(
                faint,
                unstable=0.15 if unstable else 0.01,
                normal_depth=normal,
                scale=float(np.exp(rng.normal(0, 0.4))),
            )
            result, _ = scored(panel, SEED + 12000 + seed)
            truth.append(unstable)
            scores.append([result.msi.value or 0.0, *(p.score.value or 0.0 for p in result.peers)])
        table = np.array(scores)
        areas = [area_under(np.array(truth), table[:, k]) for k in range(table.shape[1])]
        names = ["tumorkit", "pro", "msi"][: len(areas)]
        print("\n" + ", ".join(f"{n} {a:.3f}" for n, a in zip(names, areas, strict=True)))
        assert areas[0] >= max(areas[1:])
