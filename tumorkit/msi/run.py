"""What scoring and pooling share: reading loci, placing them on an alignment, counting."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from tumorkit.contract.progress import SILENT, Progress
from tumorkit.errors import ParameterError, ReferenceMismatchError
from tumorkit.genome.contigs import match_names, standard
from tumorkit.genome.interval import Interval
from tumorkit.genome.repeat import Repeat
from tumorkit.io.alignment import Alignment
from tumorkit.io.bed import read_intervals
from tumorkit.io.fasta import open_fasta
from tumorkit.io.lengths import count_lengths, rooms_of
from tumorkit.io.loci import LociFile, is_list, read_loci
from tumorkit.msi.scan.analysis import scan_sequence
from tumorkit.msi.scan.params import ScanParams
from tumorkit.msi.score.params import LengthParams
from tumorkit.msi.sites import LOST, SiteLengths

# Around an interval of a BED, so that flanks and the start of a tract are seen.
MARGIN = 200
NO_CONTIG, BEYOND = "contig not in the alignment", "beyond the contig's end"
FLANK_DIFFERS = LOST.index("flank_differs")
ENOUGH = 200


@dataclass(frozen=True, kw_only=True)
class Counted:
    """Counts of one sample, and why sites could not be counted at all, by site."""

    counts: SiteLengths
    absent: dict[int, str]
    notes: tuple[str, ...]


def load_loci(
    path: Path, *, baseline: LociFile | None = None, reference: Path | None = None
) -> tuple[list[Repeat], list[str]]:
    """Return the microsatellites of a list, or those of a BED.

    The tracts of a BED are those of the ``baseline`` whose location lies in an interval, end
    included (the rule of hydra-genetics/biomarker: msisensor_pro_filter_sites.py), else what a
    scan of the ``reference`` finds in them.
    """
    if is_list(path):
        return list(read_loci(path).loci), []
    intervals = read_intervals(path)
    if baseline is not None:
        kept, missed = inside(baseline.loci, intervals)
        origin = baseline.path.name
    elif reference is not None:
        kept, missed = scanned(intervals, reference)
        origin = reference.name
    else:
        raise ParameterError(
            f"{path.name} is a BED: it does not say what is repeated there",
            "add --reference FASTA to find the repeats, or --baseline to take them from it",
        )
    if not kept:
        raise ReferenceMismatchError(
            path,
            f"none of its {len(intervals)} intervals holds a microsatellite of {origin}",
            hint="the two are probably of different reference builds",
        )
    note = f"{path.name}: {len(kept)} microsatellites of {origin} lie in {len(intervals)} intervals"
    return kept, [note + (f"; {missed} hold none" if missed else "")]


def inside(loci: Sequence[Repeat], intervals: Sequence[Interval]) -> tuple[list[Repeat], int]:
    """Return sites that start in an interval, end included, and the intervals without any."""
    rows: dict[str, list[tuple[int, int, int]]] = {}
    for number, item in enumerate(intervals):
        rows.setdefault(standard(item.contig), []).append((item.start, item.end, number))
    for listed in rows.values():
        listed.sort()
    widest = max((item.end - item.start for item in intervals), default=0)
    kept, hit = [], set()
    for locus in loci:
        listed = rows.get(standard(locus.contig), [])
        at = bisect_right(listed, (locus.start, 2**62, 0))
        found = False
        while at > 0 and listed[at - 1][0] >= locus.start - widest:
            at -= 1
            if locus.start <= listed[at][1]:
                hit.add(listed[at][2])
                found = True
        if found:
            kept.append(locus)
    return kept, len(intervals) - len(hit)


def scanned(intervals: Sequence[Interval], reference: Path) -> tuple[list[Repeat], int]:
    """Return the repeats that touch intervals, each once, and the intervals without any."""
    found: dict[tuple[str, int, str], Repeat] = {}
    missed = 0
    params = ScanParams()
    with open_fasta(reference) as fasta:
        for item in intervals:
            contig = fasta.name_of(item.contig)
            if contig is None:
                missed += 1
                continue
            start = max(item.start - MARGIN, 0)
            text = fasta.fetch(contig, start, item.end + MARGIN)
            hits = [
                replace(locus, start=locus.start + start, contig=item.contig, name=item.name)
                for locus in scan_sequence(contig, [text], params)
            ]
            hits = [one for one in hits if one.start < item.end and one.end > item.start]
            missed += not hits
            for locus in hits:
                found.setdefault((contig, locus.start, locus.unit), locus)
    return list(found.values()), missed


def count_sample(
    opened: Alignment,
    loci: Sequence[Repeat],
    *,
    source: Path,
    params: LengthParams,
    threads: int = 1,
    progress: Progress = SILENT,
) -> Counted:
    """Count the lengths of sites in an alignment; sites that it cannot have are said, not counted.

    Raises :class:`ReferenceMismatchError` where most reads differ from the list's flanks, or most
    sites lie beyond the ends of their contigs: the list is then of another build.
    """
    names = match_names(dict.fromkeys(locus.contig for locus in loci), opened.lengths)
    absent: dict[int, str] = {}
    for number, locus in enumerate(loci):
        if locus.contig not in names:
            absent[number] = NO_CONTIG
        elif locus.end + len(locus.right_flank) > opened.lengths[names[locus.contig]]:
            absent[number] = BEYOND
    notes = absence_notes(opened, loci, absent, source)
    here = [number for number in range(len(loci)) if number not in absent]
    votes, lost = count_lengths(
        opened,
        [replace(loci[number], contig=names[loci[number].contig]) for number in here],
        min_mapping_quality=params.min_mapping_quality,
        min_base_quality=params.min_base_quality,
        max_mismatches=params.max_mismatches,
        threads=threads,
        progress=progress,
    )
    told = int(votes.sum())
    differing = int(lost[:, FLANK_DIFFERS].sum())
    if differing > told and differing >= ENOUGH:
        raise ReferenceMismatchError(
            source,
            f"{differing:,} reads of {opened.path.name} differ from the list's flanks, only "
            f"{told:,} fit",
            hint="the list is probably of another reference build than the reads",
        )
    rooms = rooms_of(loci)
    edges = np.concatenate([[0], np.cumsum(rooms)])
    everything = np.zeros(edges[-1], dtype=np.int32)
    rows = np.zeros((len(loci), len(LOST)), dtype=np.int32)
    at = 0
    for place, number in enumerate(here):
        size = int(rooms[number])
        everything[edges[number] : edges[number + 1]] = votes[at : at + size]
        rows[number] = lost[place]
        at += size
    counts = SiteLengths(loci=tuple(loci), votes=everything, rooms=rooms, lost=rows)
    return Counted(counts=counts, absent=absent, notes=tuple(notes))


def absence_notes(
    opened: Alignment, loci: Sequence[Repeat], absent: dict[int, str], source: Path
) -> list[str]:
    """Name the contigs that the alignment lacks; raise where most sites are beyond the ends."""
    by_reason = Counter(absent.values())
    beyond = by_reason.get(BEYOND, 0)
    if 2 * beyond > len(loci):
        raise ReferenceMismatchError(
            source,
            f"{beyond} of {len(loci)} sites lie beyond the ends of contigs of {opened.path.name}",
            hint="the list is probably of another reference build than the reads",
        )
    notes = []
    if by_reason.get(NO_CONTIG):
        missing = list(
            dict.fromkeys(loci[n].contig for n, why in absent.items() if why == NO_CONTIG)
        )
        notes.append(
            f"{by_reason[NO_CONTIG]} sites lie on contigs that {opened.path.name} does not have: "
            + ", ".join(missing[:10])
            + (f" and {len(missing) - 10} more" if len(missing) > 10 else "")
        )
    if beyond:
        notes.append(f"{beyond} sites lie beyond the ends of contigs of {opened.path.name}")
    return notes
