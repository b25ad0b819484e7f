"""What a fit of signatures promises on average, on made-up signatures."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.signatures.simulated import MIXTURES, NAMES, catalogues, drawn, made_up
from tumorkit.signatures.fit import FitParams, SampleFit, fit_signatures
from tumorkit.signatures.fit.detect import Detection, clock_like
from tumorkit.signatures.fit.model import make_model

SEED = 8801
TABLE = made_up()


def runs(full: int, full_calibration: bool) -> int:
    return full if full_calibration else max(full // 20, 2)


def random_mixtures(count: int, total: int) -> tuple[list[dict[str, float]], list[SampleFit]]:
    """Tumours of the model's own kind: clock-like signatures, and none to four others."""
    rng = np.random.default_rng(SEED + total)
    # Tumours are drawn from the prior, and the table is exactly right.
    params = FitParams(mismatch=0.0, rare_weight=1.0, artefact_weight=1.0, partner_weight=1.0)
    others = [name for name in NAMES if name not in ("SBS1", "SBS5")]
    truths: list[dict[str, float]] = []
    rows: list[NDArray[np.float64]] = []
    while len(rows) < count:
        names = [name for name in ("SBS1", "SBS5") if rng.random() < params.background]
        names += [name for name in others if rng.random() < params.expected / len(others)]
        if not names:
            continue
        shares = rng.dirichlet(np.ones(len(names)))
        truths.append(dict(zip(names, shares.tolist(), strict=True)))
        rows.append(drawn(TABLE, truths[-1], total, rng))
    return truths, list(fit_signatures(catalogues(rows), TABLE, params=params).samples)


@pytest.mark.calibration
@pytest.mark.parametrize("total", [50, 300, 2000])
def test_probabilities_and_intervals_are_what_they_say(total: int, full_calibration: bool) -> None:
    truths, samples = random_mixtures(runs(600, full_calibration), total)
    said, there, covered, groups = [], [], [], []
    for truth, sample in zip(truths, samples, strict=True):
        for row in sample.signatures:
            said.append(row.probability)
            there.append(row.name in truth)
            share = truth.get(row.name, 0.0)
            covered.append(row.low - 1e-9 <= share <= row.high + 1e-9)
        for one in sample.processes:
            share = sum(truth.get(name, 0.0) for name in one.members)
            low, high = one.share.low or 0.0, one.share.high or 0.0
            groups.append(low - 1e-9 <= share <= high + 1e-9)
    print(
        f"\n{total}: covers {np.mean(covered):.3f} of {len(covered)}, groups {np.mean(groups):.3f}"
    )
    for low, high in ((0.05, 0.3), (0.3, 0.7), (0.7, 0.95), (0.95, 1.01)):
        rows = [k for k, p in enumerate(said) if low <= p < high]
        if len(rows) >= 20:
            claimed = np.mean([said[k] for k in rows])
            seen = np.mean([there[k] for k in rows])
            print(f"  said {claimed:.3f}, there {seen:.3f} ({len(rows)})")
            slack = 0.06 + 2.6 * np.sqrt(claimed * (1 - claimed) / len(rows))
            assert abs(claimed - seen) < slack
    assert np.mean(covered) > (0.91 if full_calibration else 0.85)
    assert np.mean(groups) > 0.95


@pytest.mark.calibration
def test_the_detectable_share_is_found_four_times_in_five(full_calibration: bool) -> None:
    model = make_model(TABLE, params=FitParams())
    detection = Detection(model)
    rng = np.random.default_rng(SEED)
    found = []
    for total in (50, 200, 1000):
        limits = detection.shares(total, [group.asked for group in model.groups])
        for group, limit in zip(model.groups, limits.tolist(), strict=True):
            if limit > 1:
                continue
            spectrum = limit * model.table[group.asked] + (1 - limit) * clock_like(model)
            rows = rng.multinomial(
                total, spectrum / spectrum.sum(), size=runs(200, full_calibration)
            )
            sets = model.explain(rows.astype(np.float64))
            found.append(float((sets.any_of(group.inside) > 0.5).mean()))
    print(f"\nfound {np.mean(found):.3f} ({min(found):.2f} to {max(found):.2f})")
    assert 0.7 <= np.mean(found) <= 0.97


@pytest.mark.calibration
@pytest.mark.parametrize("total", [20, 100, 1000])
def test_what_chance_leaves_is_not_called_unexplained(total: int, full_calibration: bool) -> None:
    _, samples = random_mixtures(runs(600, full_calibration), total)
    p = np.array([sample.unexplained_p for sample in samples])
    flagged = np.mean([any("no mixture" in flag for flag in one.flags) for one in samples])
    print(f"\n{total}: p < .05 in {(p < 0.05).mean():.3f}, flagged {flagged:.3f}")
    assert (p < 0.05).mean() <= (0.12 if full_calibration else 0.25)
    assert flagged <= (0.02 if full_calibration else 0.07)


@pytest.mark.calibration
def test_names_are_right_at_few_mutations(full_calibration: bool) -> None:
    rng = np.random.default_rng(SEED)
    for total, precision, recall in ((1000, 0.95, 0.95), (50, 0.85, 0.6), (20, 0.8, 0.5)):
        truths = [dict(one) for one in MIXTURES for _ in range(runs(100, full_calibration))]
        rows = [drawn(TABLE, truth, total, rng) for truth in truths]
        hits = named = real = 0
        for truth, sample in zip(
            truths, fit_signatures(catalogues(rows), TABLE).samples, strict=True
        ):
            found = {row.name for row in sample.signatures if row.named}
            hits += len(found & set(truth))
            named += len(found)
            real += len(truth)
        print(f"\n{total}: precision {hits / named:.3f}, recall {hits / real:.3f}")
        assert hits / named >= precision
        assert hits / real >= recall
