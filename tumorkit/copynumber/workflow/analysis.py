"""What the steps of a run tell each other."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from tumorkit.copynumber.workflow.result import SettledSex
from tumorkit.errors import TumorkitError
from tumorkit.genome.bins import Bins
from tumorkit.genome.contigs import PRIMARY, standard
from tumorkit.genome.coverage import TargetDepth
from tumorkit.genome.segment import OFF_TARGET_NAMES

# Fewer sequenced bases than about 20 reads make a bin that says nothing (log2 sd above .3).
LEAST_BASES = 2_000
# A contig of this many targets without one read is not in the file.
LEAST_TARGETS = 5
# Targets without reads: more are said, most are refused.
MANY_EMPTY, MOST_EMPTY = 0.3, 0.8
NO_GENE = "-"


def settle_sex(by_coverage: str | None, by_alleles: str | None, reason: str) -> SettledSex:
    """Join what coverage of X and Y and the SNPs on X say; a contradiction is no answer.

    >>> settle_sex("male", "female", "one X").sex is None
    True
    """
    sex = by_coverage or by_alleles
    if by_coverage and by_alleles and by_coverage != by_alleles:
        sex = None
        reason = (
            f"coverage of X and Y says {by_coverage} ({reason}), heterozygous SNPs on X say "
            f"{by_alleles}: give --sex"
        )
    elif by_coverage and by_alleles:
        reason += "; SNPs on X agree"
    elif by_alleles:
        reason = f"by SNPs on X; coverage does not tell: {reason}"
    return SettledSex(sex=sex, by_coverage=by_coverage, by_alleles=by_alleles, reason=reason)


def off_target_note(depth: float | None, size: int | None) -> str:
    """Say why off-target bins of a size hold too few reads to be used; empty where they do not.

    >>> off_target_note(0.5, 150_000)
    ''
    """
    if depth is None or size is None or depth * size >= LEAST_BASES:
        return ""
    return (
        f"off-target bins are left out: at {depth:.2g}x between targets a bin of {size:,} bases "
        "holds too few reads"
    )


def without_off_target(bins: Bins) -> Bins:
    """Return the target bins alone."""
    return bins.taken(np.flatnonzero(bins.target))


def of_contigs(bins: Bins, present: Iterable[str], *, windows: bool) -> tuple[Bins, str]:
    """Leave out off-target bins, or ``windows``, on contigs that an alignment does not have.

    Returns the bins and what is to be said. Targets stay: that a panel's contig is missing is an
    error of its own.
    """
    there = {standard(name) for name in present}
    keep = np.array([standard(name) in there for name in bins.contig.tolist()], dtype=np.bool_)
    keep |= bins.target & (not windows)
    lost = int((~keep).sum())
    if not lost:
        return bins, ""
    contigs = ", ".join(dict.fromkeys(bins.contig[~keep].tolist()))
    note = f"{lost} bins lie on contigs that the alignment does not have: {contigs[:80]}"
    return bins.taken(np.flatnonzero(keep)), note


def silent_contigs(depths: Iterable[TargetDepth]) -> tuple[str, ...]:
    """Return autosomes, and X, without a single read on any of their bins.

    No cell lives without a whole autosome: the file was cut to a part of the genome.
    """
    rows: dict[str, list[float]] = {}
    for row in depths:
        rows.setdefault(row.contig, []).append(row.depth)
    judged = set(PRIMARY) - {"chrY"}
    return tuple(
        name
        for name, found in rows.items()
        if standard(name) in judged and len(found) >= LEAST_TARGETS and not any(found)
    )


def require_covered(depths: Iterable[TargetDepth], who: str) -> str:
    """Return what is to be said of targets without reads; raise where most have none.

    Contigs without any read do not count.
    """
    listed = [row for row in depths if row.gene not in OFF_TARGET_NAMES]
    if not any(row.depth > 0 for row in listed):
        raise TumorkitError(
            f"{who} has no read on any of {len(listed)} targets",
            hint="are alignment and targets of the same build and panel?",
        )
    silent = set(silent_contigs(listed))
    read = [row for row in listed if row.contig not in silent and standard(row.contig) != "chrY"]
    empty = sum(row.depth == 0 for row in read)
    if len(read) < LEAST_TARGETS or empty <= MANY_EMPTY * len(read):
        return ""
    said = f"{empty} of {len(read)} targets have no read in {who}"
    if empty > MOST_EMPTY * len(read):
        raise TumorkitError(
            said, hint="the targets are probably of another build or another panel than the reads"
        )
    return f"{said}: are the targets those of this panel and build?"


def spans_of_genes(bins: Bins) -> list[tuple[str, int, int, str]]:
    """Return contig, start, end and name of the genes that target bins are named after.

    A name on two contigs is two genes; several names of one bin each take it.
    """
    spans: dict[tuple[str, str], tuple[int, int]] = {}
    columns: tuple[NDArray[np.generic], ...] = (bins.contig, bins.start, bins.end, bins.gene)
    for contig, start, end, names in zip(*(one.tolist() for one in columns), strict=True):
        for name in names.split(","):
            if name in ("", NO_GENE, ".", "CGH", *OFF_TARGET_NAMES):
                continue
            first, last = spans.get((contig, name), (start, end))
            spans[contig, name] = (min(first, start), max(last, end))
    return [(contig, first, last, name) for (contig, name), (first, last) in spans.items()]
