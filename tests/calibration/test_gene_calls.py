"""How many exon- and gene-sized events of a panel are called, and how many are made up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.copynumber.models import chromosomes, make_ratios, tails_and_wave
from tumorkit.copynumber.call import call
from tumorkit.copynumber.call.result import GAINS, LOSSES
from tumorkit.copynumber.segment import segment
from tumorkit.genome.segment import CopyRatios, Gene

FIRST_SEED = 12_000
SIZE = 11_000
EACH = 1


@dataclass(frozen=True)
class Event:
    """A kind of event: bins changed (None: the whole gene), its log2, bins a gene must have."""

    name: str
    bins: int | None
    log2_ratio: float
    least: int
    most: int
    asked: float


# Exons hold two bins each. Copies and purity in the names give the log2 ratios.
EVENTS = (
    Event("2 exons lost, one of two copies, purity .8", 4, float(np.log2(0.6)), 10, 99, 0.5),
    Event("2 exons lost, both copies, purity .5", 4, -1.0, 10, 99, 0.85),
    Event("2 exons lost, both copies, pure: no reads", 4, -20.0, 10, 99, 0.99),
    Event("gene of 4 bins lost, both copies, purity .5", None, -1.0, 4, 4, 0.95),
    Event("gene of 6 to 12 bins, 8 copies, purity .2", None, float(np.log2(1.6)), 6, 12, 0.9),
    Event("gene of 6 to 12 bins, 8 copies, purity .3", None, float(np.log2(1.9)), 6, 12, 0.97),
)


@dataclass(frozen=True)
class Panel:
    """Copy ratios of a gene panel, its genes, and for each planted gene the event's number."""

    ratios: CopyRatios
    genes: list[Gene]
    rows: list[slice]
    planted: dict[str, int]


def panel(seed: int, *, events: bool = True) -> Panel:
    """Genes of 4 to 80 bins side by side; t noise with 4 df (sd .2), outliers, a wave of .05."""
    rng = np.random.default_rng(seed)
    contig = chromosomes(SIZE)
    values = 0.8 * tails_and_wave(rng, SIZE, wave_sd=0.0625)
    genes: list[str] = []
    rows: list[slice] = []
    at = 0
    while at < SIZE - 4:
        size = 4 if rng.random() < 0.15 else int(np.clip(rng.lognormal(2.8, 0.7), 4, 80))
        if at + size > SIZE:
            break
        if contig[at] == contig[at + size - 1]:
            genes.append(f"G{len(genes)}")
            rows.append(slice(at, at + size))
        at += size
    planted: dict[str, int] = {}
    if events:
        free = list(rng.permutation(len(rows)))
        for number, event in enumerate(EVENTS):
            count = 0
            for one in list(free):
                length = rows[one].stop - rows[one].start
                if not event.least <= length <= event.most or count == EACH:
                    continue
                free.remove(one)
                count += 1
                planted[genes[one]] = number
                width = event.bins or length
                first = rows[one].start + int(rng.integers(0, length - width + 1))
                if event.log2_ratio < -10:
                    values[first : first + width] = -20.0
                else:
                    values[first : first + width] += event.log2_ratio
    ratios = make_ratios(values, contig)
    loci = [
        Gene(
            name=name,
            contig=str(contig[own.start]),
            start=int(ratios.start[own.start]),
            end=int(ratios.end[own.stop - 1]),
        )
        for name, own in zip(genes, rows, strict=True)
    ]
    return Panel(ratios, loci, rows, planted)


Rule = Callable[[Panel], set[str]]


def ours(panel: Panel) -> set[str]:
    """Genes whose state is a loss or a gain."""
    found = call(panel.ratios, segment(panel.ratios).segments, panel.genes).genes
    return {gene.gene for gene in found if gene.state in (*LOSSES, *GAINS)}


def by_segments(panel: Panel) -> set[str]:
    """The same without the genes' own test."""
    found = call(None, segment(panel.ratios).segments, panel.genes).genes
    return {gene.gene for gene in found if gene.state in (*LOSSES, *GAINS)}


def by_mean(limit: float) -> Rule:
    """Genes whose mean log2 lies beyond a limit: CNVkit's genemetrics .2, PureCN's .9."""

    def rule(panel: Panel) -> set[str]:
        values = np.maximum(panel.ratios.log2_ratio, -5)
        return {
            gene.name
            for gene, own in zip(panel.genes, panel.rows, strict=True)
            if abs(float(values[own].mean())) >= limit
        }

    return rule


def by_windows(panel: Panel) -> set[str]:
    """Twist Solid's small events: 4 bins .3 and 2.5 SD below, or 3 bins .4 and 8 SD above."""
    values = np.maximum(panel.ratios.log2_ratio, -5)
    found = set()
    for gene, own in zip(panel.genes, panel.rows, strict=True):
        around = np.r_[values[max(0, own.start - 50) : own.start], values[own.stop : own.stop + 50]]
        level, sd = float(np.median(around)), float(np.std(around))
        low = lowest(values[own], 4, 1)
        high = lowest(values[own], 3, -1)
        if low < 0 and level - low >= max(0.3, 2.5 * sd):
            found.add(gene.name)
        if high - level >= max(0.4, 8 * sd):
            found.add(gene.name)
    return found


def lowest(values: NDArray[np.float64], width: int, sign: int) -> float:
    """Return the lowest median of a window (highest for a sign of -1)."""
    windows = np.lib.stride_tricks.sliding_window_view(sign * values, min(width, len(values)))
    return sign * float(np.median(windows, axis=1).min())


RULES: dict[str, Rule] = {
    "segments and test": ours,
    "segments alone": by_segments,
    "mean beyond .2 (genemetrics)": by_mean(0.2),
    "mean beyond .9 (PureCN unfitted)": by_mean(0.9),
    "windows (Twist Solid)": by_windows,
}


@pytest.mark.calibration
def test_small_events_of_a_panel_are_called_and_few_are_made_up(full_calibration: bool) -> None:
    count = 30 if full_calibration else 2
    hits = {name: np.zeros(len(EVENTS)) for name in RULES}
    false = dict.fromkeys(RULES, 0.0)
    flat = dict.fromkeys(RULES, 0.0)
    total = np.zeros(len(EVENTS))
    for seed in range(FIRST_SEED, FIRST_SEED + count):
        planted, empty = panel(seed), panel(seed + 5000, events=False)
        for number in planted.planted.values():
            total[number] += 1
        for name, rule in RULES.items():
            found = rule(planted)
            for gene, number in planted.planted.items():
                hits[name][number] += gene in found
            false[name] += len(found - set(planted.planted)) / count
            flat[name] += len(rule(empty)) / count
    for number, event in enumerate(EVENTS):
        shown = "  ".join(f"{hits[name][number] / total[number]:.3f}" for name in RULES)
        print(f"{event.name:48} {shown}  ({int(total[number])})")
    print(f"{'false genes per sample':48} " + "  ".join(f"{false[n]:.2f}" for n in RULES))
    shown = "  ".join(f"{value:.2f}" for value in flat.values())
    print(f"{'called genes of a sample without events':48} {shown}")
    recall = hits["segments and test"] / total
    if full_calibration:
        assert all(recall[at] >= event.asked for at, event in enumerate(EVENTS))
        assert false["segments and test"] <= 1.0
        assert flat["segments and test"] <= 0.5
    else:
        assert recall[1:].min() >= 0.6
        assert flat["segments and test"] <= 2
