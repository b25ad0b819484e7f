"""The burden of a tumour whose normal is withheld: unbiased, and inside its interval.

A pool many times as large as the territory is made; of it the eligible somatic variants are the
true rate. What is scored is a share of the pool, so that its number of variants is a Poisson
number around the truth. The rules of the simulation are not those of the model (see
:mod:`tests.variants.evidence.simulated`).
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.variants.evidence.simulated import SOMATIC, Sample, make_sample
from tumorkit.genome.variant import AlleleCounts, PopulationFrequency, Variant
from tumorkit.tmb import TmbParams, estimate_tmb
from tumorkit.variants.evidence import (
    EvidenceParams,
    Surroundings,
    fit_sample,
    origin_posterior,
)

EXOME = 33.0
RULES = TmbParams(
    scheme="weighed", germline="posterior", min_vaf=0.05, min_depth=20, max_population_af=1e-4
)
BAND = TmbParams(
    scheme="band", min_vaf=0.05, min_depth=20, max_population_af=1e-4, germline_vaf=(0.47, 0.53)
)
PRIVATE = {"low": 15.0, "high": 250.0}
PURITIES = (0.2, 0.3, 0.45, 0.6, 0.75, 0.9)
MODES = ("known", "uncertain", "unknown")


@dataclass(frozen=True)
class Score:
    """One tumour's burden by weights and by a band; the true rate, and what a pair would count."""

    truth: float
    paired: float
    value: float
    low: float
    high: float
    band: float
    band_low: float
    band_high: float


def eligible(sample: Sample) -> NDArray[np.bool_]:
    known = sample.evidence
    vaf = known.tumor_alt_depth / known.tumor_depth
    return (vaf >= 0.05) & (known.tumor_depth >= 20) & (known.population_af <= 1e-4)


def score(seed: int, *, purity: float, private: float, megabases: float, mode: str) -> Score:
    rng = np.random.default_rng(seed + 7)
    times = 15.0
    size = times * megabases / EXOME
    burden = float(np.exp(rng.uniform(np.log(1), np.log(30))))
    pool = make_sample(
        seed, purity=purity, private=private, depth=150 * 4 ** rng.random(),
        burden=burden * EXOME, size=size,
    )  # fmt: skip
    truth = float((eligible(pool) & (pool.origin == SOMATIC)).sum()) / (times * megabases)
    chosen = rng.random(len(pool.evidence)) < 1 / times
    sample = Sample(
        pool.evidence.take(chosen), pool.origin[chosen], pool.homozygous[chosen], pool.purity,
        pool.copy_number[chosen], pool.minor_cn[chosen], 0.0,
    )  # fmt: skip
    around = surroundings(sample, mode, rng)
    fit = fit_sample(sample.evidence, EvidenceParams(), around)
    p_somatic = origin_posterior(sample.evidence, around, fit, EvidenceParams()).somatic
    weighed, band = (
        estimate_tmb(
            variants(sample, p_somatic), None, rules, annotated=False, megabases=megabases
        ).tmb
        for rules in (RULES, BAND)
    )
    numbers = [weighed.value, weighed.low, weighed.high, band.value, band.low, band.high]
    there = (eligible(sample) & (sample.origin == SOMATIC)).sum()
    return Score(truth, float(there) / megabases, *(float(number or 0.0) for number in numbers))


def surroundings(sample: Sample, mode: str, rng: np.random.Generator) -> Surroundings:
    if mode == "known":
        return sample.surroundings()
    if mode == "uncertain":
        return sample.uncertain(rng)
    return Surroundings.of(len(sample.evidence))


def variants(sample: Sample, p_somatic: NDArray[np.float64]) -> list[Variant]:
    known = sample.evidence
    return [
        Variant(
            contig="chr1",
            pos=1 + at,
            ref="A",
            alt="T",
            tumor=AlleleCounts(
                depth=int(known.tumor_depth[at]), alt_depth=int(known.tumor_alt_depth[at])
            ),
            filters=("PASS",),
            frequencies={"AF": PopulationFrequency(declared=True, value=known.population_af[at])},
            p_somatic=float(p_somatic[at]),
        )
        for at in range(len(known))
        if known.population_af[at] <= 1e-3
    ]


@pytest.mark.calibration
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("megabases", [1.2, EXOME])
@pytest.mark.parametrize("mode", MODES)
def test_burden_without_a_normal(mode: str, megabases: float, full_calibration: bool) -> None:
    if not full_calibration and (mode != "known" or megabases == EXOME):
        return  # only at full size
    purities = PURITIES if full_calibration else (0.3, 0.6, 0.75, 0.9)
    runs = (200 if megabases < EXOME else 60) if full_calibration else 10
    rows = []
    for (rate, private), purity in itertools.product(PRIVATE.items(), purities):
        found = [
            score(5000 + seed, purity=purity, private=private, megabases=megabases, mode=mode)
            for seed in range(runs)
        ]
        table = np.array([list(vars(one).values()) for one in found])
        truth, paired, value, low, high, band, band_low, band_high = table.T
        bias, other = (value - paired).mean(), (band - paired).mean()
        inside = ((low <= truth) & (truth <= high)).mean()
        within = ((band_low <= truth) & (truth <= band_high)).mean()
        error = (value - paired).std() / runs**0.5
        rows.append((bias, error, inside, other, within))
        print(
            f"{mode} {megabases:g} Mb, {rate} private, purity {purity}: bias {bias:+.2f} "
            f"(se {error:.2f}) inside {inside:.3f}; band {other:+.2f} {within:.3f}",
            flush=True,
        )
    bias, _, inside, other, within = np.mean(rows, axis=0)
    print(
        f"{mode} {megabases:g} Mb: bias {bias:+.3f}, inside {inside:.3f}; band {other:+.2f} "
        f"{within:.3f}",
        flush=True,
    )
    if mode == "unknown":
        return  # Without a purity the promise is none; the table says what was found.
    # Two standard errors of a share of so few tumours; none to speak of at full size.
    assert inside >= 0.93 - 2 * (0.93 * 0.07 / (runs * len(rows))) ** 0.5
    assert abs(bias) <= 0.5
    for one in rows:
        assert abs(one[0]) <= 0.5 + 2 * max(one[1], 0.5 / runs**0.5)
        assert one[2] >= 0.93 - 2 * (0.93 * 0.07 / runs) ** 0.5
