"""Inherited variants: common SNPs of the backbone, common, rare and private ones in exons."""

from __future__ import annotations

import numpy as np

from tumorkit.simulate.nouns import BASES, GermlineVariant, Panel, Sequence
from tumorkit.simulate.params import SimulateParams
from tumorkit.simulate.randomness import part_rng

SNP_RATE = 1 / 400  # population SNPs per exon base, most of them rare
PRIVATE = 8  # inherited variants that no population resource knows
TRANSITION = 2 / 3


def draw_germline(
    params: SimulateParams, panel: Panel, sequence: Sequence
) -> tuple[tuple[GermlineVariant, ...], tuple[GermlineVariant, ...]]:
    """Return the population's known variants, and those that this person has.

    Genotypes follow Hardy-Weinberg; a man's X has haplotype 0 only.
    """
    rng = part_rng(params.seed, "germline")
    population: list[GermlineVariant] = []
    private: list[GermlineVariant] = []
    for target in panel.targets:
        if target.kind == "snp":
            places = [(target.start + target.end) // 2]
            frequencies = rng.uniform(0.25, 0.5, size=1)
        elif target.kind == "exon":
            size = target.end - target.start
            places = np.flatnonzero(rng.random(size) < SNP_RATE).tolist()
            places = [target.start + place for place in places]
            # Most variants are rare: log-uniform from 1 in 100,000 to one half.
            frequencies = 10 ** rng.uniform(-5, np.log10(0.5), size=len(places))
        else:
            continue
        for place, frequency in zip(places, frequencies.tolist(), strict=True):
            ref, alt = alleles(sequence, target.contig, place, rng)
            male_x = params.sex == "male" and target.contig == "chrX"
            draw = rng.random(2) < frequency
            population.append(
                GermlineVariant(
                    contig=target.contig,
                    pos=place + 1,
                    ref=ref,
                    alt=alt,
                    genotype=(int(draw[0]), 0 if male_x else int(draw[1])),
                    population_af=round(frequency, 6),
                    name=f"tks{len(population) + 1:06d}",
                )
            )
    taken = {(v.contig, v.pos) for v in population}
    private = draw_private(panel, sequence, taken, rng)
    carried = [v for v in population if any(v.genotype)] + private
    return tuple(population), tuple(sorted(carried, key=lambda v: place_of(v, sequence)))


def alleles(
    sequence: Sequence, contig: str, position: int, rng: np.random.Generator
) -> tuple[str, str]:
    """Return the base at a position and another one, transitions twice as often as the rest."""
    code = int(sequence.slice(contig, position, position + 1)[0])
    transition = code ^ 2  # A-G and C-T differ in this bit
    others = [base for base in range(4) if base not in (code, transition)]
    alt = transition if rng.random() < TRANSITION else others[int(rng.integers(2))]
    return BASES[code], BASES[alt]


def draw_private(
    panel: Panel, sequence: Sequence, taken: set[tuple[str, int]], rng: np.random.Generator
) -> list[GermlineVariant]:
    """Draw heterozygous variants that no population resource has seen, on autosomes."""
    exons = [t for t in panel.targets if t.kind == "exon" and t.contig != "chrX"]
    made: list[GermlineVariant] = []
    while len(made) < PRIVATE:
        target = exons[int(rng.integers(len(exons)))]
        place = int(rng.integers(target.start, target.end))
        ref, alt = alleles(sequence, target.contig, place, rng)
        side = int(rng.integers(2))
        if (target.contig, place + 1) in taken:
            continue
        taken.add((target.contig, place + 1))
        made.append(
            GermlineVariant(
                contig=target.contig,
                pos=place + 1,
                ref=ref,
                alt=alt,
                genotype=(1 - side, side),
                population_af=None,
            )
        )
    return made


def place_of(variant: GermlineVariant, sequence: Sequence) -> tuple[int, int]:
    """Return a sort key in genome order."""
    return sequence.island_at(variant.contig, variant.pos - 1), variant.pos
