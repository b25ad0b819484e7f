"""Segments as tables of other programs: SEG, GATK, BED, input of scarHRD.

Sources: SEG format of IGV; GATK ModelSegments and CallCopyRatioSegments; BED (GA4GH); README of
scarHRD.
"""

from __future__ import annotations

from collections.abc import Sequence

from tumorkit.copynumber.call.result import NOT_CALLABLE
from tumorkit.copynumber.export.calls import Calls
from tumorkit.copynumber.export.params import ExportParams
from tumorkit.copynumber.export.written import UNCALLED, Written, known_level, named, shown, step_of
from tumorkit.core.intervals import narrowed
from tumorkit.genome.contigs import PRIMARY, order, standard
from tumorkit.genome.segment import Segment

SEG = ("ID", "chrom", "loc.start", "loc.end", "num.mark", "seg.mean")
CALLED = (
    "CONTIG", "START", "END", "NUM_POINTS_COPY_RATIO", "MEAN_LOG2_COPY_RATIO", "CALL",
)  # fmt: skip
MODEL = (
    "CONTIG", "START", "END", "NUM_POINTS_COPY_RATIO", "NUM_POINTS_ALLELE_FRACTION",
    "LOG2_COPY_RATIO_POSTERIOR_10", "LOG2_COPY_RATIO_POSTERIOR_50", "LOG2_COPY_RATIO_POSTERIOR_90",
    "MINOR_ALLELE_FRACTION_POSTERIOR_10", "MINOR_ALLELE_FRACTION_POSTERIOR_50",
    "MINOR_ALLELE_FRACTION_POSTERIOR_90",
)  # fmt: skip
SCARHRD = (
    "SampleID", "Chromosome", "Start_position", "End_position", "total_cn", "A_cn", "B_cn",
    "ploidy",
)  # fmt: skip
BED = ("#contig", "start", "end", "name", "log2_ratio", "copy_number")
NO_BINS = "segments without a number of bins"


def seg(calls: Calls, params: ExportParams) -> Written:
    """Return SEG: 1-based, one row a segment; what is unknown is NA."""
    del params
    out = Written(["\t".join(SEG)])
    for item in known_level(calls.segments, out):
        own = item.segment
        mean = shown(own.log2_ratio, "NA")
        place = (own.contig, str(own.start + 1), str(own.end))
        out.row((named(calls.sample), *place, shown(own.bins or None, "NA"), mean))
    return out


def bed(calls: Calls, params: ExportParams) -> Written:
    """Return BED: 0-based half-open, the state as name, then log2 ratio and copies."""
    del params
    out = Written(["\t".join(BED)])
    for item in calls.segments:
        own = item.segment
        place = (own.contig, str(own.start), str(own.end))
        values = (shown(own.log2_ratio, "."), shown(own.copy_number, "."))
        out.row((*place, item.state, *values))
    return out


def gatk_header(calls: Calls, rows: Sequence[Segment]) -> list[str]:
    """Return the SAM header of a GATK table; contigs without a known length are not in it."""
    known = [f"@SQ\tSN:{n}\tLN:{length}" for n, length in contigs_of(calls, rows).items() if length]
    return ["@HD\tVN:1.6", *known, f"@RG\tID:GATKCopyNumber\tSM:{named(calls.sample)}"]


def contigs_of(calls: Calls, rows: Sequence[Segment]) -> dict[str, int | None]:
    """Return contigs of a header with their lengths, in genome order.

    They are all that the file read or the build has, and those of the segments that are written.
    """
    prefix = "" if rows and not rows[0].contig.startswith("chr") else "chr"
    lengths: dict[str, int | None] = dict(calls.lengths)
    if not lengths and calls.build:
        names = [name for name in PRIMARY if name in calls.build.lengths]
        lengths = {prefix + name.removeprefix("chr"): calls.build.length(name) for name in names}
    for segment in rows:
        length = calls.build.length(segment.contig) if calls.build else None
        lengths.setdefault(segment.contig, length)
    return dict(sorted(lengths.items(), key=lambda item: order(item[0])))


def gatk_called(calls: Calls, params: ExportParams) -> Written:
    """Return called.seg: + is more than usual, - less, 0 usual; the uncalled are left out."""
    del params
    out = Written()
    rows: list[Segment] = []
    for item in known_level(calls.segments, out):
        own, step = item.segment, step_of(item)
        if step is None or item.state == NOT_CALLABLE:
            out.left_out[UNCALLED] += 1
        elif not own.bins:
            out.left_out[NO_BINS] += 1
        else:
            sign = "0" if step == 0 else "+" if step > 0 else "-"
            place = (own.contig, str(own.start + 1), str(own.end), str(own.bins))
            out.row((*place, shown(own.log2_ratio, "NaN", ".6f"), sign))
            rows.append(own)
    out.lines = [*gatk_header(calls, rows), "\t".join(CALLED), *out.lines]
    return out


def gatk_model(calls: Calls, params: ExportParams) -> Written:
    """Return modelFinal.seg: our 95 % intervals narrowed to 10 and 90 % points.

    A segment without SNPs has no points of allele fraction and NaN, as GATK writes it.
    """
    del params
    out = Written()
    rows: list[Segment] = []
    for item in known_level(calls.segments, out):
        own = item.segment
        if not own.bins:
            out.left_out[NO_BINS] += 1
            continue
        place = (own.contig, str(own.start + 1), str(own.end), str(own.bins))
        level = points(own.log2_ratio, own.log2_low, own.log2_high)
        alleles, snps = ("NaN",) * 3, "0"
        if own.baf is not None and own.snps:
            low = None if own.baf_high is None else 1 - own.baf_high
            high = None if own.baf_low is None else 1 - own.baf_low
            alleles, snps = points(1 - own.baf, low, high), str(own.snps)
        elif own.baf is not None:
            out.left_out["allele fractions without a number of SNPs"] += 1
        out.row((*place, snps, *level, *alleles))
        rows.append(own)
    out.lines = [*gatk_header(calls, rows), "\t".join(MODEL), *out.lines]
    return out


def points(middle: float, low: float | None, high: float | None) -> tuple[str, str, str]:
    """Return the 10, 50 and 90 % points of a 95 % interval; unknown ends are NaN."""
    rounded = round(middle, 6)
    tenth = None if low is None else narrowed(rounded, low)
    ninetieth = None if high is None else narrowed(rounded, high)
    first, last = shown(tenth, "NaN", ".6f"), shown(ninetieth, "NaN", ".6f")
    return first, shown(rounded, "NaN", ".6f"), last


def scarhrd(calls: Calls, params: ExportParams) -> Written:
    """Return the input of scarHRD; a segment without both alleles' copies has no place in it."""
    del params
    out = Written(["\t".join(SCARHRD)])
    for item in calls.segments:
        own = item.segment
        if own.major_cn is None or own.minor_cn is None:
            out.left_out["segments without copies of both alleles"] += 1
            continue
        place = (standard(own.contig), str(own.start + 1), str(own.end))
        copies = (own.major_cn + own.minor_cn, own.major_cn, own.minor_cn)
        out.row((named(calls.sample), *place, *map(str, copies), "NA"))
    return out
