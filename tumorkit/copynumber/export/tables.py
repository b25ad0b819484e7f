"""Segments as tables of other programs: SEG, GATK, BED, input of scarHRD.

Sources: SEG format of IGV; GATK ModelSegments and CallCopyRatioSegments; BED (GA4GH); README of
scarHRD.
"""

from __future__ import annotations

from tumorkit.copynumber.call.result import NOT_CALLABLE
from tumorkit.copynumber.export.calls import Calls
from tumorkit.copynumber.export.params import ExportParams
from tumorkit.copynumber.export.written import UNCALLED, Written, known_level, shown, step_of
from tumorkit.core.intervals import narrowed
from tumorkit.genome.contigs import standard

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
        out.row((calls.sample or "sample", *place, shown(own.bins or None, "NA"), mean))
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


def gatk_header(calls: Calls) -> list[str]:
    """Return the SAM header of a GATK table; contigs without a known length are not in it."""
    names = dict.fromkeys(item.segment.contig for item in calls.segments)
    lengths = {name: length_of(calls, name) for name in names}
    known = [f"@SQ\tSN:{name}\tLN:{length}" for name, length in lengths.items() if length]
    sample = calls.sample or "sample"
    return ["@HD\tVN:1.6", *known, f"@RG\tID:GATKCopyNumber\tSM:{sample}"]


def length_of(calls: Calls, contig: str) -> int | None:
    """Return a contig's length from the file that was read, else from the build."""
    if contig in calls.lengths:
        return calls.lengths[contig]
    return calls.build.length(contig) if calls.build else None


def gatk_called(calls: Calls, params: ExportParams) -> Written:
    """Return called.seg: + is more than usual, - less, 0 usual; the uncalled are left out."""
    del params
    out = Written([*gatk_header(calls), "\t".join(CALLED)])
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
    return out


def gatk_model(calls: Calls, params: ExportParams) -> Written:
    """Return modelFinal.seg: our 95 % intervals narrowed to 10 and 90 % points.

    A segment without SNPs has no points of allele fraction and NaN, as GATK writes it.
    """
    del params
    out = Written([*gatk_header(calls), "\t".join(MODEL)])
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
        out.row((calls.sample or "sample", *place, *map(str, copies), "NA"))
    return out
