"""Tumour fractions of cells and of DNA: their 95 % intervals hold the truth, by any source."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest

from tests.purity.simulated import ASSAYS, sequenced, tumor
from tumorkit.purity import fit_purity

CLASSES = ("quiet", "some", "many")
# Mutations of a panel's tumour, so that they can speak; an exome's come with the assay.
PANEL_MUTATIONS = 30


@pytest.mark.calibration
@pytest.mark.parametrize("assay", ["panel", "exome"])
def test_intervals_of_tumour_fractions_hold_the_truth(assay: str, full_calibration: bool) -> None:
    """From copy number, from mutations and from both; seeds and table in docs/methods/purity.md."""
    held: dict[tuple[str, str], list[tuple[bool, float]]] = defaultdict(list)
    for seed in range(100, 150 if full_calibration else 103):
        rng = np.random.default_rng(seed * 7 + len(assay))
        kind = str(rng.choice(CLASSES, p=[0.25, 0.25, 0.5]))
        made = tumor(rng, kind, purity=float(rng.uniform(0.05, 0.95)))
        mutations = PANEL_MUTATIONS if assay == "panel" else None
        sample = sequenced(made, ASSAYS[assay], rng, mutations=mutations)
        found = fit_purity(sample.segments, sample.mutations, curves=sample.curves)
        p = made.purity
        truth = {"cells": p, "dna": p * made.ploidy / (p * made.ploidy + 2 * (1 - p))}
        for share in found.fractions:
            for name, value in truth.items():
                own = getattr(share, name)
                if own.value is not None:
                    hit = (own.low or 0.0) <= value <= (own.high or 0.0)
                    held[share.source, name].append((hit, (own.high or 0.0) - (own.low or 0.0)))
    for (source, name), rows in sorted(held.items()):
        hits, widths = np.array(rows).T
        print(f"\n{assay} {source} {name}: {len(rows)}, holds {hits.mean():.2f}, ", end="")
        print(f"width {np.median(widths):.2f}")
        if full_calibration:
            # Of 50, three standard deviations below .95.
            assert hits.mean() >= 0.86
