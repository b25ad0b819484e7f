"""Repeats of the targets, how polymerases stutter on them, and which ones have shifted."""

from __future__ import annotations

import math
import re

import numpy as np

from tumorkit.simulate.copy_number import SegmentIndex
from tumorkit.simulate.nouns import Microsatellite, Panel, Sequence, Target
from tumorkit.simulate.params import SimulateParams
from tumorkit.simulate.randomness import part_rng

# msisensor-pro's limits: homopolymers from 8 bases, units of 2 to 6 from 5 copies, flanks of 5.
REPEAT = re.compile(r"([ACGT])\1{7,}|([ACGT]{2,6}?)\2{4,}")
FLANK = 5
# Share of stutter: one unit less, one more, two less (facts of published simulations).
STUTTER_STEPS = np.array([-1, 1, -2])
STUTTER_SHARES = np.array([0.7, 0.2, 0.1])
STABLE_RATE = 0.01  # shifted repeats of a tumour whose mismatch repair works
GERMLINE_SHIFT = 0.04  # repeats at which a person is heterozygous in length


def stutter_rate(repeats: int, unit: str) -> float:
    """Return the share of reads with a wrong length.

    Homopolymers: min(.4, .004 (n-6)^1.5); longer units stutter at a third of the rate of a
    homopolymer of the same number of units.

    >>> round(stutter_rate(10, "A"), 3), stutter_rate(6, "A")
    (0.032, 0.004)
    """
    rate = min(0.4, 0.004 * math.pow(max(1, repeats - 6), 1.5))
    return rate if len(unit) == 1 else rate / 3


def find_repeats(sequence: Sequence, target: Target) -> list[Microsatellite]:
    """Return the repeats that lie within a target, flanks included."""
    text = sequence.text(target.contig, target.start, target.end)
    found = []
    for match in REPEAT.finditer(text):
        unit = match.group(1) or match.group(2)
        repeats = len(match.group(0)) // len(unit)
        start = match.start()
        end = start + repeats * len(unit)
        if start < FLANK or end + FLANK > len(text):
            continue
        found.append(
            Microsatellite(
                contig=target.contig,
                start=target.start + start,
                unit=unit,
                repeats=repeats,
                left_flank=text[start - FLANK : start],
                right_flank=text[end : end + FLANK],
                stutter=stutter_rate(repeats, unit),
            )
        )
    return found


def draw_microsatellites(
    params: SimulateParams, panel: Panel, sequence: Sequence, segments: SegmentIndex
) -> tuple[Microsatellite, ...]:
    """Return all repeats of the targets with their germline lengths and somatic shifts.

    Deficient tumours lose units (nine shifts in ten are contractions); long repeats lose more.
    """
    rng = part_rng(params.seed, "microsatellites")
    chance = params.unstable_fraction if params.msi else STABLE_RATE
    drawn = []
    for target in panel.targets:
        if target.low_mappability:
            continue
        for locus in find_repeats(sequence, target):
            numbers = rng.random(6)
            germline = [0, 0]
            coding = target.kind == "exon"
            if numbers[0] < GERMLINE_SHIFT and not coding:
                germline[int(numbers[1] < 0.5)] = -1 if numbers[2] < 0.5 else 1
            segment = segments.at(locus.contig, locus.start)
            haplotype = int(numbers[1] < 0.5)
            if segment.copies(haplotype) == 0:
                haplotype = 1 - haplotype
            # Short repeats seldom shift, even without mismatch repair.
            likely = chance if locus.repeats * len(locus.unit) >= 10 else chance / 3
            shifted = numbers[3] < likely and segment.copies(haplotype) > 0
            longest = max(1, min(6, (locus.repeats - 5) // 2))
            step = 1 + int(rng.integers(longest))
            shift = (-step if numbers[4] < 0.9 else 1) if shifted else 0
            drawn.append(
                Microsatellite(
                    **{
                        **vars(locus),
                        "germline": (germline[0], germline[1]),
                        "shift": shift,
                        "haplotype": haplotype,
                        "ccf": round(0.6 + 0.4 * float(numbers[5]), 3) if shifted else 0.0,
                    }
                )
            )
    return tuple(drawn)
