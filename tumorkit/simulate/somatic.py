"""Somatic variants: from planted signatures, on a haplotype, in some copies and some cells."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tumorkit.errors import ParameterError
from tumorkit.simulate.consequence import Annotator
from tumorkit.simulate.copy_number import SegmentIndex
from tumorkit.simulate.nouns import (
    BASES,
    Artefact,
    Panel,
    Sequence,
    SomaticVariant,
    letters,
)
from tumorkit.simulate.params import SimulateParams
from tumorkit.simulate.randomness import part_rng
from tumorkit.simulate.signatures import (
    CHANNELS,
    NAMES,
    channel_context,
    context_index,
    exposures,
    planted_signatures,
)

EARLY = 0.4  # share of clonal variants on gained alleles that precede the gain
# What every simulated tumour has, if the gene is on its panel.
DRIVERS = (
    ("MSH2", "stop_gained"),
    ("KRAS", "missense_variant"),
    ("TP53", "missense_variant"),
    ("PIK3CA", "missense_variant"),
    ("APC", "stop_gained"),
)


class Places:
    """Where a base may still be mutated: exons of the panel, each position once."""

    def __init__(self, panel: Panel, sequence: Sequence, taken: set[tuple[str, int]]) -> None:
        rows: list[tuple[int, int]] = []
        contexts = []
        self.targets = panel.targets
        for number, target in enumerate(panel.targets):
            if target.kind != "exon" or target.low_mappability:
                continue
            around = sequence.slice(target.contig, target.start - 1, target.end + 1)
            contexts.append(context_index(around))
            rows += [(number, at) for at in range(target.start, target.end)]
        self.rows = np.array(rows, dtype=np.int64)
        self.context = np.concatenate(contexts)
        self.taken = taken

    def free(self, row: int) -> bool:
        """Whether nothing has been planted within 12 bases of a place."""
        number, at = self.rows[row].tolist()
        contig = self.targets[number].contig
        return not any((contig, at + step) in self.taken for step in range(-11, 14))

    def take(self, row: int) -> tuple[str, int]:
        """Take a place and return contig and 0-based position."""
        number, at = self.rows[row].tolist()
        contig = self.targets[number].contig
        self.taken.add((contig, at + 1))
        return contig, at


def draw_somatic(
    params: SimulateParams,
    panel: Panel,
    sequence: Sequence,
    segments: SegmentIndex,
    taken: set[tuple[str, int]],
) -> tuple[SomaticVariant, ...]:
    """Return drivers, substitutions and indels in genome order.

    ``taken`` holds (contig, 1-based position) of germline variants and repeats; nothing is planted
    near them. Each signature's channel is drawn from its profile, then a place with that context.
    """
    places = Places(panel, sequence, taken)
    annotator = Annotator(sequence, panel.transcripts)
    planted = list(drivers(params, panel, sequence, annotator, segments, places))[: params.snvs]
    rng = part_rng(params.seed, "substitutions")
    table, shares = planted_signatures(), exposures(deficient=params.msi)
    by_context = [np.flatnonzero(places.context == c) for c in range(32)]
    attempt = Tries("snvs", params.snvs)
    while sum(v.kind == "snv" for v in planted) < params.snvs:
        attempt(len(planted))
        which = int(rng.choice(len(NAMES), p=shares))
        channel = int(rng.choice(len(CHANNELS), p=table[:, which]))
        rows = by_context[channel_context(channel)]
        if rows.size == 0:
            continue
        row = int(rows[int(rng.integers(rows.size))])
        if not places.free(row):
            continue
        found = place_on_genome(params, segments, rng, places, row)
        if found is None:
            continue
        contig, at, carried = found
        ref, alt = substitution(sequence, contig, at, channel)
        planted.append(
            SomaticVariant(
                contig=contig,
                pos=at + 1,
                ref=ref,
                alt=alt,
                kind="snv",
                signature=NAMES[which],
                haplotype=carried[0],
                multiplicity=carried[1],
                ccf=carried[2],
            )
        )
    planted += draw_indels(params, sequence, segments, places)
    return tuple(sorted(planted, key=lambda v: (sequence.island_at(v.contig, v.pos - 1), v.pos)))


class Tries:
    """Counts attempts to place something; raises where the panel has evidently no room for it.

    >>> from tumorkit.simulate.somatic import Tries
    >>> attempt = Tries("snvs", 10)
    >>> attempt(0)
    """

    # Of a panel with a hundredth of its places free, one attempt in a hundred finds one.
    MOST_IN_VAIN = 4000

    def __init__(self, what: str, wanted: int) -> None:
        self.what, self.wanted = what, wanted
        self.placed = self.in_vain = 0

    def __call__(self, placed: int) -> None:
        """Say that another attempt begins, after ``placed`` were placed."""
        self.in_vain = 0 if placed > self.placed else self.in_vain + 1
        self.placed = placed
        if self.in_vain > self.MOST_IN_VAIN:
            raise ParameterError(
                f"{self.what}: the panel has no room for {self.wanted}",
                "ask for fewer, or for a larger panel (--genes, --coding-kb)",
            )


def substitution(sequence: Sequence, contig: str, at: int, channel: int) -> tuple[str, str]:
    """Return REF and ALT of a channel at a place, on the forward strand."""
    code = int(sequence.slice(contig, at, at + 1)[0])
    alt = BASES.index(CHANNELS[channel][4])
    if code in (0, 2):  # the pyrimidine stands on the other strand
        alt = 3 - alt
    return BASES[code], BASES[alt]


Carried = tuple[int, int, float]


def place_on_genome(
    params: SimulateParams,
    segments: SegmentIndex,
    rng: np.random.Generator,
    places: Places,
    row: int,
    *,
    clonal: bool = False,
) -> tuple[str, int, Carried] | None:
    """Take a place and draw haplotype, multiplicity and cell fraction; None if no copy is left."""
    number, at = places.rows[row].tolist()
    segment = segments.at(places.targets[number].contig, at)
    copies = np.array([segment.copies(0), segment.copies(1)], dtype=np.float64)
    draws = rng.random(3)
    if copies.sum() == 0:
        return None
    haplotype = int(draws[0] < copies[1] / copies.sum())
    subclonal = not clonal and draws[1] < params.subclonal_fraction
    multiplicity = 1
    if not subclonal and draws[2] < (1.0 if clonal else EARLY):
        # Before the gain: all copies of the haplotype carry it.
        multiplicity = int(copies[haplotype])
    contig, at = places.take(row)
    return contig, at, (haplotype, multiplicity, params.subclone_ccf if subclonal else 1.0)


def drivers(
    params: SimulateParams,
    panel: Panel,
    sequence: Sequence,
    annotator: Annotator,
    segments: SegmentIndex,
    places: Places,
) -> Iterator[SomaticVariant]:
    """Plant one clonal variant of the wanted effect into each driver gene on the panel."""
    rng = part_rng(params.seed, "drivers")
    for gene, term in DRIVERS if params.msi else DRIVERS[1:]:
        numbers = [i for i, t in enumerate(panel.targets) if t.gene == gene]
        rows = np.flatnonzero(np.isin(places.rows[:, 0], numbers))
        for row in rng.permutation(rows).tolist():
            contig, at = panel.targets[places.rows[row][0]].contig, int(places.rows[row][1])
            ref = sequence.text(contig, at, at + 1)
            alt = BASES[BASES.index(ref) ^ 2]  # a transition
            effect = annotator.effect(contig, at + 1, ref, alt)
            if effect.terms[0] != term or not places.free(row):
                continue
            found = place_on_genome(params, segments, rng, places, row, clonal=True)
            if found is not None:
                haplotype, multiplicity, ccf = found[2]
                yield SomaticVariant(
                    contig=contig,
                    pos=at + 1,
                    ref=ref,
                    alt=alt,
                    kind="snv",
                    driver=gene,
                    haplotype=haplotype,
                    multiplicity=multiplicity,
                    ccf=ccf,
                )
            break


def draw_indels(
    params: SimulateParams, sequence: Sequence, segments: SegmentIndex, places: Places
) -> list[SomaticVariant]:
    """Draw short insertions and deletions away from exon edges, left-aligned as VCF asks."""
    rng = part_rng(params.seed, "indels")
    made: list[SomaticVariant] = []
    attempt = Tries("indels", params.indels)
    while len(made) < params.indels:
        attempt(len(made))
        row = int(rng.integers(len(places.rows)))
        number, at = places.rows[row].tolist()
        target = places.targets[number]
        size = int(min(rng.geometric(0.35), 12))
        inserted = letters(rng.integers(0, 4, size=size).astype(np.uint8))
        deletion = bool(rng.random() < 0.6)
        if at < target.start + 30 or at + size > target.end - 30 or not places.free(row):
            continue
        anchor = sequence.text(target.contig, at, at + 1)
        after = sequence.text(target.contig, at + 1, at + 1 + size)
        # Left-aligned where the anchor differs from the last base of what comes or goes.
        moved = after if deletion else inserted
        if anchor == moved[-1] or (not deletion and after.startswith(inserted[0])):
            continue
        found = place_on_genome(params, segments, rng, places, row)
        if found is None:
            continue
        haplotype, multiplicity, ccf = found[2]
        made.append(
            SomaticVariant(
                contig=target.contig,
                pos=at + 1,
                ref=anchor + after if deletion else anchor,
                alt=anchor if deletion else anchor + inserted,
                kind="deletion" if deletion else "insertion",
                haplotype=haplotype,
                multiplicity=multiplicity,
                ccf=ccf,
            )
        )
    return made


def draw_artefacts(
    params: SimulateParams, panel: Panel, sequence: Sequence, taken: set[tuple[str, int]]
) -> tuple[Artefact, ...]:
    """Draw sites where an allele comes from chemistry: one strand, or one read orientation."""
    places = Places(panel, sequence, taken)
    rng = part_rng(params.seed, "artefacts")
    made: list[Artefact] = []
    wanted = ["strand"] * params.strand_artefacts + ["ffpe"] * params.ffpe_artefacts
    attempt = Tries("artefacts", len(wanted))
    while len(made) < len(wanted):
        attempt(len(made))
        ffpe = wanted[len(made)] == "ffpe"
        row = int(rng.integers(len(places.rows)))
        number, at = places.rows[row].tolist()
        code = int(sequence.slice(places.targets[number].contig, at, at + 1)[0])
        draws = rng.random(2)
        step = 1 + int(rng.integers(3))
        if not places.free(row) or (ffpe and code not in (1, 2)):
            continue
        contig, at = places.take(row)
        # Deaminated cytosine reads C>T, or G>A where the other strand was damaged.
        alt = code ^ 2 if ffpe else (code + step) % 4
        made.append(
            Artefact(
                contig=contig,
                pos=at + 1,
                ref=BASES[code],
                alt=BASES[alt],
                kind="ffpe" if ffpe else "strand",
                forward=code == 1 if ffpe else bool(draws[0] < 0.5),
                fraction=round(0.08 + 0.17 * float(draws[1]), 3),
            )
        )
    return tuple(made)
