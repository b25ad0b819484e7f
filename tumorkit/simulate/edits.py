"""What differs from the reference within one island, and who carries it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tumorkit.simulate.copy_number import SegmentIndex
from tumorkit.simulate.fragments import Fragments
from tumorkit.simulate.microsatellites import STUTTER_SHARES, STUTTER_STEPS
from tumorkit.simulate.nouns import (
    BASES,
    Artefact,
    Case,
    Codes,
    GermlineVariant,
    Microsatellite,
    SomaticVariant,
    codes_of,
)

PARALOGUE_STEP = 90  # a paralogue differs from its target at every so many bases


@dataclass(frozen=True, kw_only=True)
class Substitution:
    """A base change; ``carriers`` is the chance by cell (normal, tumour) and haplotype."""

    position: int
    alt: int
    carriers: NDArray[np.float64]
    source: GermlineVariant | SomaticVariant


@dataclass(frozen=True, kw_only=True)
class LengthChange:
    """An indel or a repeat.

    ``position`` is the 0-based first base after the anchor. ``tract`` is the reference stretch
    that a read has to cross to show the change: the deleted bases or the whole repeat.
    """

    position: int
    tract: int
    delta: int
    inserted: Codes
    carriers: NDArray[np.float64]
    source: GermlineVariant | SomaticVariant | None = None
    repeat: Microsatellite | None = None


@dataclass(frozen=True, kw_only=True)
class IslandPlan:
    """All that is planted in one island."""

    substitutions: tuple[Substitution, ...]
    lengths: tuple[LengthChange, ...]
    artefacts: tuple[Artefact, ...]
    paralogue: tuple[tuple[int, int], ...]
    """Positions and bases of a paralogue's differences."""


def plan_islands(case: Case, segments: SegmentIndex) -> list[IslandPlan]:
    """Sort everything that is planted into islands."""
    count = len(case.panel.islands)
    subs: list[list[Substitution]] = [[] for _ in range(count)]
    lengths: list[list[LengthChange]] = [[] for _ in range(count)]
    artefacts: list[list[Artefact]] = [[] for _ in range(count)]
    variants: list[GermlineVariant | SomaticVariant] = [*case.germline, *case.somatic]
    for variant in variants:
        number = case.sequence.island_at(variant.contig, variant.pos - 1)
        chance = carriers_of(variant, segments)
        if len(variant.ref) == len(variant.alt):
            subs[number].append(
                Substitution(
                    position=variant.pos - 1,
                    alt=BASES.index(variant.alt),
                    carriers=chance,
                    source=variant,
                )
            )
        else:
            delta = len(variant.alt) - len(variant.ref)
            lengths[number].append(
                LengthChange(
                    position=variant.pos,
                    tract=max(0, -delta),
                    delta=delta,
                    inserted=codes_of(variant.alt[1:]),
                    carriers=chance,
                    source=variant,
                )
            )
    for artefact in case.artefacts:
        artefacts[case.sequence.island_at(artefact.contig, artefact.pos - 1)].append(artefact)
    for repeat in case.microsatellites:
        number = case.sequence.island_at(repeat.contig, repeat.start)
        lengths[number].append(
            LengthChange(
                position=repeat.start,
                tract=repeat.end - repeat.start,
                delta=0,
                inserted=codes_of(repeat.unit),
                carriers=np.zeros((2, 2)),
                repeat=repeat,
            )
        )
    return [
        IslandPlan(
            substitutions=tuple(subs[n]),
            lengths=tuple(lengths[n]),
            artefacts=tuple(artefacts[n]),
            paralogue=paralogue_of(case, n),
        )
        for n in range(count)
    ]


def carriers_of(
    variant: GermlineVariant | SomaticVariant, segments: SegmentIndex
) -> NDArray[np.float64]:
    """Return the chance that a fragment of a cell and haplotype carries a variant."""
    chance = np.zeros((2, 2))
    if isinstance(variant, GermlineVariant):
        chance[:] = np.array(variant.genotype)[None, :]
    else:
        copies = segments.at(variant.contig, variant.pos - 1).copies(variant.haplotype)
        chance[1, variant.haplotype] = variant.multiplicity / copies * variant.ccf
    return chance


def paralogue_of(case: Case, number: int) -> tuple[tuple[int, int], ...]:
    """Return where and how the paralogue of targets of low mappability differs."""
    island = case.panel.islands[number]
    found = []
    for index in island.targets:
        target = case.panel.targets[index]
        if target.low_mappability:
            for position in range(target.start + 15, target.end - 15, PARALOGUE_STEP):
                code = int(case.sequence.codes[number][position - island.start])
                found.append((position, (code + 1) % 4))
    return tuple(found)


def draw_lengths(
    change: LengthChange, fragments: Fragments, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Return the change in bases that each fragment carries at an indel or a repeat.

    A duplicate has what its source has: stutter is taken to arise before amplification.
    """
    count = len(fragments)
    cell, side = fragments.tumor.astype(np.int64), fragments.haplotype
    draws = rng.random((3, count))[:, fragments.source]
    if change.repeat is None:
        return np.where(draws[0] < change.carriers[cell, side], change.delta, 0)
    repeat = change.repeat
    units = np.array(repeat.germline)[side]
    shifted = (cell == 1) & (side == repeat.haplotype) & (draws[0] < repeat.ccf)
    units = units + np.where(shifted, repeat.shift, 0)
    steps = STUTTER_STEPS[np.searchsorted(np.cumsum(STUTTER_SHARES)[:-1], draws[2], side="right")]
    units = units + np.where(draws[1] < repeat.stutter, steps, 0)
    return np.asarray(np.maximum(units, 1 - repeat.repeats) * len(repeat.unit), dtype=np.int64)
