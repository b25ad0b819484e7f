"""Where log2 0 stands: copy ratios are set by their median, a ploidy is the mean of the genome."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite, log2

from tumorkit.copynumber.call.doubling import AUTOSOMES
from tumorkit.genome.build import Build
from tumorkit.genome.contigs import standard
from tumorkit.genome.segment import Segment

# Fewer autosomes, or less of their length, cannot speak for the mean of a genome.
MIN_AUTOSOMES = 15
MIN_SHARE = 0.5
# A shift that nobody would see in a picture is not worth a word.
WORTH_SAYING = 0.02


def baseline_of(segments: Sequence[Segment], build: Build | None) -> float:
    """Return the mean copy ratio of the autosomes by length; 1 where too little is covered.

    Of ``purity * copies + 2 * (1 - purity)`` the mean over the genome is ``purity * ploidy +
    2 * (1 - purity)`` by the definition of ploidy, so the mean ratio is 1, whatever value the
    median has.

    >>> baseline_of([Segment(contig="1", start=0, end=9, log2_ratio=1.0, bins=1)], None)
    1.0
    """
    known = [
        (item.end - item.start, 2.0**item.log2_ratio, standard(item.contig))
        for item in segments
        if standard(item.contig) in AUTOSOMES and isfinite(item.log2_ratio)
    ]
    length = sum(size for size, _, _ in known)
    if len({name for _, _, name in known}) < MIN_AUTOSOMES or build is None:
        return 1.0
    if length < MIN_SHARE * sum(build.lengths[name] for name in AUTOSOMES):
        return 1.0
    return float(sum(size * ratio for size, ratio, _ in known) / length)


def baseline_note(baseline: float) -> tuple[str, ...]:
    """Return in words how far log2 0 lies from the mean of the genome."""
    shift = log2(baseline)
    if abs(shift) < WORTH_SAYING:
        return ()
    return (
        f"the mean of the autosomes lies at log2 {shift:+.2f}: copies are given on the scale on "
        "which it is the ploidy",
    )
