"""Tumour cells in the normal: found, not mistaken, not made up."""

from __future__ import annotations

import numpy as np
import pytest

from tumorkit.variants.evidence import (
    AlleleEvidence,
    EvidenceParams,
    fit_sample,
    in_normal_probability,
)
from tumorkit.variants.evidence.tumor_in_normal import few_points, fit_tumor_in_normal

PARAMS = EvidenceParams()


def pair(seed: int, t: float, somatic: int, germline: int, depth: int = 150) -> AlleleEvidence:
    """Somatic candidates leaking into the normal; germline ones with lost and won copies."""
    rng = np.random.default_rng(seed)
    f = np.concatenate(
        (rng.beta(2, 5, somatic) * 0.9 + 0.02, rng.choice([0.3, 0.5, 0.8, 0.95], germline))
    )
    in_normal = np.where(np.arange(len(f)) < somatic, t * f, 0.475)
    n = rng.poisson(depth, len(f)) + 5
    size = 1 / rng.uniform(5e-4, 4e-3, len(f))
    nn = rng.poisson(depth / 2, len(f)) + 5
    mean = np.clip(in_normal + 5e-4, 1e-6, 1)
    return AlleleEvidence.of(
        len(f),
        tumor_depth=n,
        tumor_alt_depth=rng.binomial(n, f),
        normal_depth=nn,
        normal_alt_depth=rng.binomial(nn, rng.beta(mean * size, (1 - mean) * size)),
        population_af=0.0,
    )


@pytest.mark.calibration
def test_the_interval_covers(full_calibration: bool) -> None:
    seeds = 400 if full_calibration else 40
    covered, bias = [], []
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        t = float(rng.choice([0.0, 0.01, 0.03, 0.1, 0.25]))
        found = fit_tumor_in_normal(
            pair(seed, t, int(rng.integers(15, 200)), int(rng.integers(0, 60))), PARAMS
        )[0]
        if found.value is None or found.low is None or found.high is None:
            continue
        covered.append(found.low <= t <= found.high)
        bias.append(found.value - t)
    print(f"covered {np.mean(covered):.3f} of {len(covered)}, mean error {np.mean(bias):+.4f}")
    assert len(covered) > 0.9 * seeds
    assert np.mean(covered) >= (0.9 if full_calibration else 0.85)


def test_germline_and_lost_copies_are_not_tumour_in_normal() -> None:
    # 60 heterozygous sites in the normal, at .8 and .95 in the tumour, would fit t of .5.
    found = fit_tumor_in_normal(pair(3, 0.0, 40, 60), PARAMS)[0]
    assert found.value is not None
    assert found.high is not None
    assert found.high < 0.02


def test_few_candidates_are_not_enough() -> None:
    found, values, weights = fit_tumor_in_normal(pair(4, 0.1, 8, 0), PARAMS)
    assert found.status == "not_evaluable"
    assert "10 are needed" in (found.reason or "")
    assert weights.sum() == pytest.approx(1)
    assert (values * weights).sum() < 0.03
    only_germline = fit_tumor_in_normal(pair(5, 0.0, 2, 80), PARAMS)[0]
    assert only_germline.status == "not_evaluable"
    assert fit_tumor_in_normal(AlleleEvidence.of(0), PARAMS)[0].status == "not_evaluable"


def test_order_of_alleles_does_not_matter() -> None:
    evidence = pair(6, 0.1, 60, 20)
    turned = evidence.take(np.random.default_rng(0).permutation(len(evidence)))
    first, second = (fit_tumor_in_normal(one, PARAMS)[0] for one in (evidence, turned))
    assert first.value == second.value
    assert first.low == pytest.approx(second.low, abs=1e-9)


def test_reads_that_the_tumour_explains_are_forgiven() -> None:
    clean, leaky = pair(7, 0.0, 80, 0), pair(7, 0.2, 80, 0)
    asked = AlleleEvidence.of(
        3, tumor_depth=200, tumor_alt_depth=80, normal_depth=100, normal_alt_depth=[0, 8, 48]
    )
    strict = in_normal_probability(asked, fit_sample(clean, PARAMS), PARAMS)
    lenient = in_normal_probability(asked, fit_sample(leaky, PARAMS), PARAMS)
    assert strict[0] < 0.05
    assert strict[1] > 0.9
    assert lenient[1] < 0.1
    assert min(strict[2], lenient[2]) > 0.99


def test_without_a_normal_it_is_unknown() -> None:
    evidence = AlleleEvidence.of(2, tumor_depth=50, tumor_alt_depth=10)
    assert np.isnan(in_normal_probability(evidence, fit_sample(evidence, PARAMS), PARAMS)).all()


def test_few_points_keep_the_mean() -> None:
    grid = np.linspace(0, 1, 201)
    weights = np.exp(-0.5 * ((grid - 0.3) / 0.05) ** 2)
    values, shares = few_points(grid, weights / weights.sum())
    assert (values * shares).sum() == pytest.approx(0.3, abs=0.002)
