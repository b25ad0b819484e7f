"""What a reader has to know beside a burden."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from tumorkit.genome.contigs import standard
from tumorkit.tmb.result import CountedVariant

if TYPE_CHECKING:
    from tumorkit.tmb.tally import Tally

# Friends of Cancer Research TMB phase II (PMID 34606929): smaller panels scatter too much.
SMALL_PANEL_MB = 0.667
FREQUENT = 0.001
CONSTANT = "constant of the scheme"
# Calls of a panel, unfiltered ones too, are fewer; those of a genome by a panel's size are not.
CROWDED_PER_MB = 5000
MITOCHONDRIAL = "chrM"
ADJACENT = 2  # bases; two substitutions of one codon lie no further apart
SAME_FRACTION = 0.05


PURE = 0.85


def origin_notes(computed: bool, purity: float | None) -> list[str]:
    """Return how far P(somatic) can be trusted, where it was computed.

    >>> origin_notes(True, 0.5), len(origin_notes(True, 0.9)), len(origin_notes(True, None))
    ([], 1, 1)
    """
    if computed and purity is None:
        return [
            "germline variants were weighed without a purity: how far the burden is off is not "
            "known; give --purity, better with --segments"
        ]
    if computed and purity is not None and purity >= PURE:
        return [
            f"at a purity of {purity:g} germline and clonal somatic variants have nearly the same "
            "fraction: weighed burdens of panels were found 0.5 to 1.2 / Mb off on average"
        ]
    return []


def notes_of(tally: Tally) -> Iterator[str]:
    """Yield what one scheme's account leaves open, the weightiest first."""
    if not tally.seen:
        yield "the file holds no variant at all: none was called, or calling failed"
    yield from size_notes(tally)
    outside = sum(
        count.rejected
        for rule, count in zip(tally.rules, tally.counts, strict=True)
        if rule.code == "territory"
    )
    if tally.seen and outside == tally.seen:
        yield (
            f"all {tally.seen} variants lie outside the territory: are targets, exons and variants "
            "of the same build?"
        )
    yield from variant_notes(tally)
    line = tally.calibration
    if line is not None and tally.size:
        raw = tally.burden(tally.size).raw
        if not line.lowest <= raw <= line.highest:
            yield (
                f"{raw:.4g} / Mb lies outside the burdens of the calibration "
                f"({line.lowest:.4g} to {line.highest:.4g}): the line is drawn out beyond its table"
            )
    unknown = sum(count.unknown for count in tally.counts)
    if unknown:
        yield f"rejected because a field was empty: {unknown}"


def size_notes(tally: Tally) -> Iterator[str]:
    """Yield what is to be said of the size that the count was divided by."""
    size, params = tally.size, tally.params
    if not size:
        return
    if tally.size_source == CONSTANT:
        yield f"divided by the scheme's own {size:.6g} Mb, since no targets were given"
        if params.coding_territory and tally.seen / size > CROWDED_PER_MB:
            yield (
                f"{tally.seen} variants are too many for {size:.6g} Mb: the calls seem to be of a "
                "larger territory; give it with --targets (and --exons), or --megabases"
            )
    if params.min_megabases <= size < SMALL_PANEL_MB:
        yield f"{size:.3g} Mb is a small territory for a TMB (< {SMALL_PANEL_MB} Mb)"


def variant_notes(tally: Tally) -> Iterator[str]:
    """Yield what is to be said of the counted variants."""
    params, counted = tally.params, len(tally.hits)
    if params.pass_only and tally.unfiltered:
        yield f"never filtered (FILTER is .): {tally.unfiltered} of {counted} counted variants"
    if params.exclude_hotspots and tally.hotspot_unknown:
        yield (
            f"hotspots and drivers are not excluded: not known for {tally.hotspot_unknown} of "
            f"{counted} counted variants (tumorkit variants annotate --hotspots tells them)"
        )
    if tally.frequent:
        yield (
            f"more frequent than {FREQUENT} in a population that the scheme does not ask: "
            f"{tally.frequent} of {counted} counted variants"
        )
    together = adjacent(tally.hits)
    if together:
        yield (
            f"counted one by one though {ADJACENT} bases or less apart at a like fraction: "
            f"{together} substitutions; one event that was called as several counts too often"
        )
    mitochondrial = sum(standard(hit.contig) == MITOCHONDRIAL for hit in tally.hits)
    if mitochondrial:
        yield f"on the mitochondrial genome: {mitochondrial} of {counted} counted variants"


def adjacent(hits: Sequence[CountedVariant]) -> int:
    """Return how many substitutions stand beside another one of a like allele fraction.

    >>> def hit(pos: int, vaf: float) -> CountedVariant:
    ...     return CountedVariant(
    ...         contig="1", pos=pos, ref="C", alt="T", gene="", consequence="", vaf=vaf,
    ...         depth=None, alt_depth=None)
    >>> adjacent([hit(8, 0.2), hit(10, 0.21), hit(11, 0.2), hit(12, 0.4), hit(20, 0.4)])
    3
    """
    short = [(at, hit) for at, hit in enumerate(hits) if len(hit.ref) == len(hit.alt) == 1]
    found: set[int] = set()
    for (one, before), (two, after) in pairwise(short):
        if before.contig != after.contig or not 0 < after.pos - before.pos <= ADJACENT:
            continue
        if before.vaf is None or after.vaf is None:
            continue
        if abs(before.vaf - after.vaf) <= SAME_FRACTION:
            found |= {one, two}
    return len(found)
