"""Copy number as VCF: symbolic alleles of VCF 4.4, and the dialect of hydra-genetics pipelines.

Sources: VCF specification 4.4 (sections 1.4.5, 3, 5.4: POS is the base before the event, SVCLAIM D
is a claim from depth alone, CN may be fractional); hydra-genetics cnv_sv.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from tumorkit.copynumber.call.result import HOMOZYGOUS_DELETION, NOT_CALLABLE, SegmentCall
from tumorkit.copynumber.export.calls import Calls
from tumorkit.copynumber.export.params import ExportParams
from tumorkit.copynumber.export.tables import contigs_of
from tumorkit.copynumber.export.written import (
    NO_CHANGE,
    UNCALLED,
    Written,
    known_level,
    named,
    shown,
    step_of,
)
from tumorkit.genome.segment import Segment

VCF_LINES = (
    '##ALT=<ID=DEL,Description="Fewer copies than usual">',
    '##ALT=<ID=DUP,Description="More copies than usual">',
    '##ALT=<ID=CNV,Description="Usual number of copies; LOH tells of a lost allele">',
    '##INFO=<ID=END,Number=1,Type=Integer,Description="Last base of the segment">',
    '##INFO=<ID=SVTYPE,Number=1,Type=String,Description="DEL, DUP or CNV">',
    '##INFO=<ID=SVLEN,Number=A,Type=Integer,Description="Length of the segment">',
    '##INFO=<ID=SVCLAIM,Number=A,Type=String,Description="D: claimed from depth alone">',
    '##INFO=<ID=IMPRECISE,Number=0,Type=Flag,Description="Breakpoints are not exact">',
    '##INFO=<ID=CIPOS,Number=.,Type=Integer,Description="Interval of the start around POS">',
    '##INFO=<ID=CIEND,Number=.,Type=Integer,Description="Interval of the end around END">',
    '##INFO=<ID=STATE,Number=1,Type=String,Description="State of the segment">',
    '##INFO=<ID=FOLD_CHANGE_LOG,Number=1,Type=Float,Description="log2 copy ratio">',
    '##INFO=<ID=PROBES,Number=1,Type=Integer,Description="Bins of the segment">',
    '##INFO=<ID=BAF,Number=1,Type=Float,Description="Major-allele fraction">',
    '##INFO=<ID=BAFN,Number=1,Type=Integer,Description="Heterozygous SNPs of the segment">',
    '##INFO=<ID=LOH,Number=0,Type=Flag,Description="One allele is lost">',
    '##INFO=<ID=Genes,Number=.,Type=String,Description="Genes">',
    '##FORMAT=<ID=CN,Number=1,Type=Float,Description="Copies, given the purity">',
    '##FORMAT=<ID=CN1,Number=1,Type=Integer,Description="Copies of the major allele">',
    '##FORMAT=<ID=CN2,Number=1,Type=Integer,Description="Copies of the minor allele">',
)
HYDRA_LINES = (
    '##ALT=<ID=DEL,Description="Deletion">',
    '##ALT=<ID=DUP,Description="Duplication">',
    '##ALT=<ID=COPY_NORMAL,Description="Normal copy number">',
    '##INFO=<ID=END,Number=1,Type=Integer,Description="Last base of the segment">',
    '##INFO=<ID=SVLEN,Number=1,Type=Integer,Description="Length of the segment">',
    '##INFO=<ID=SVTYPE,Number=1,Type=String,Description="Type of structural variant">',
    '##INFO=<ID=CALLER,Number=1,Type=String,Description="Caller">',
    '##INFO=<ID=CN,Number=1,Type=Float,Description="Twice the copy ratio">',
    '##INFO=<ID=CORR_CN,Number=1,Type=Float,Description="Copies, given the purity">',
    '##INFO=<ID=LOG_ODDS_RATIO,Number=1,Type=Float,Description="log2 copy ratio">',
    '##INFO=<ID=PROBES,Number=1,Type=Integer,Description="Bins of the segment">',
    '##INFO=<ID=BAF,Number=1,Type=Float,Description="Minor-allele fraction">',
    '##INFO=<ID=BAF_PROBES,Number=1,Type=Integer,Description="Heterozygous SNPs">',
    '##INFO=<ID=Genes,Number=.,Type=String,Description="Genes">',
    '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
    '##FORMAT=<ID=CN,Number=1,Type=Float,Description="Twice the copy ratio">',
    '##FORMAT=<ID=CCN,Number=1,Type=Float,Description="Copies, given the purity">',
    '##FORMAT=<ID=CNQ,Number=1,Type=Integer,Description="Bins of the segment">',
    '##FORMAT=<ID=DP,Number=1,Type=Float,Description="Mean depth">',
    '##FORMAT=<ID=BAF,Number=1,Type=Float,Description="Minor-allele fraction">',
)
COLUMNS = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT"


def header(
    calls: Calls, version: str, lines: tuple[str, ...], contigs: Mapping[str, int | None]
) -> list[str]:
    """Return a VCF header with contigs, and the build where it is known."""
    listed = [
        f"##contig=<ID={name}{f',length={length}' if length else ''}>"
        for name, length in contigs.items()
    ]
    build = [f"##reference={calls.build.name}"] if calls.build else []
    sample = named(calls.sample)
    return [
        f"##fileformat={version}", "##source=tumorkit", *build, *listed, *lines,
        f"{COLUMNS}\t{sample}",
    ]  # fmt: skip


def vcf(calls: Calls, params: ExportParams) -> Written:
    """Return VCF 4.4: an event a record, the base before it as POS, unknown values as dots.

    Segments without a change and without LOH are left out, unless ``neutral`` asks for them.
    """
    out = Written()
    rows: list[Segment] = []
    for item in calls.segments:
        own, kind = item.segment, kind_of(item)
        if kind is None and item.state == NOT_CALLABLE:
            out.left_out[UNCALLED] += 1
            continue
        if kind is None:
            if not params.neutral:
                out.left_out[NO_CHANGE] += 1
                continue
            kind = "CNV"
        # At a contig's first base there is none before it: SVLEN tells.
        pos = str(max(1, own.start))
        copies = [own.copy_number, own.major_cn, own.minor_cn]
        values = ":".join(shown(value, ".") for value in copies)
        place = (own.contig, pos, ".", "N", f"<{kind}>", ".", "PASS")
        out.row((*place, info(item, kind), "CN:CN1:CN2", values))
        rows.append(own)
    out.lines = [*header(calls, "VCFv4.4", VCF_LINES, contigs_of(calls, rows)), *out.lines]
    return out


def kind_of(item: SegmentCall) -> str | None:
    """Return the symbolic allele of a segment, None where nothing happened or nobody can tell."""
    step = step_of(item)
    if step is None:
        return None
    if step == 0:
        return "CNV" if item.loh else None
    return "DUP" if step > 0 else "DEL"


def info(item: SegmentCall, kind: str) -> str:
    """Return INFO of a record."""
    own = item.segment
    length = own.end - own.start
    cells = [f"END={own.end}", f"SVTYPE={kind}", f"SVLEN={length}", "SVCLAIM=D"]
    bounds = (
        ("CIPOS", own.start, own.start_low, own.start_high),
        ("CIEND", own.end, own.end_low, own.end_high),
    )
    intervals = [
        f"{key}={low - at},{high - at}"
        for key, at, low, high in bounds
        if low is not None and high is not None
    ]
    cells += ["IMPRECISE", *intervals]
    cells.append(f"STATE={item.state.replace(' ', '_')}")
    known = (
        ("FOLD_CHANGE_LOG", shown(own.log2_ratio, "")),
        ("PROBES", shown(own.bins or None, "")),
        ("BAF", shown(own.baf, "")),
        ("BAFN", shown(own.snps, "")),
        ("Genes", genes_of(own.gene)),
    )
    cells += [f"{key}={value}" for key, value in known if value]
    return ";".join([*cells, *(["LOH"] if item.loh else [])])


def genes_of(text: str) -> str:
    """Return names of genes as INFO may hold them: other signs percent-encoded."""
    return quote(text, safe=",._-()/@+*|'")


def hydra(calls: Calls, params: ExportParams) -> Written:
    """Return the CNV VCF of hydra pipelines: POS is the first base, contigs begin with chr.

    Copies that no purity supports are dots in CORR_CN, as are unmeasured allele fractions.
    """
    out = Written()
    rows: list[Segment] = []
    for item in known_level(calls.segments, out):
        own, step = item.segment, step_of(item)
        if step is None:
            out.left_out[UNCALLED] += 1
            continue
        kind = "COPY_NORMAL" if step == 0 else "DUP" if step > 0 else "DEL"
        genotype = "0/0" if step == 0 else "0/1"
        if item.state == HOMOZYGOUS_DELETION:
            genotype = "1/1"
        level = shown(own.log2_ratio, ".")
        twice = shown(2 * 2.0 ** float(level), ".", ".2f")
        copies = shown(own.copy_number, ".")
        bins = shown(own.bins or None, ".")
        baf = shown(minor_fraction(own), ".")
        cells = [
            f"SVTYPE={kind}", f"END={own.end}", f"SVLEN={own.end - own.start}",
            f"LOG_ODDS_RATIO={level}", f"CALLER={calls.caller or params.caller}",
            f"CN={twice}", f"CORR_CN={copies}", f"PROBES={bins}", f"BAF={baf}",
            f"BAF_PROBES={shown(own.snps, '.')}",
        ]  # fmt: skip
        genes = genes_of(own.gene)
        place = (prefixed(own.contig), str(own.start + 1), ".", "N", f"<{kind}>", ".", ".")
        values = (genotype, twice, copies, bins, shown(own.depth, "."), baf)
        said = ";".join([*cells, *([f"Genes={genes}"] if genes else [])])
        out.row((*place, said, "GT:CN:CCN:CNQ:DP:BAF", ":".join(values)))
        rows.append(own)
    contigs = {prefixed(name): length for name, length in contigs_of(calls, rows).items()}
    out.lines = [*header(calls, "VCFv4.2", HYDRA_LINES, contigs), *out.lines]
    return out


def minor_fraction(segment: Segment) -> float | None:
    """Return the minor allele's fraction; None for a 0 of no known SNP, which means missing here.

    Readers of this dialect meet 0 where nothing was measured.
    """
    if segment.baf is None or (segment.baf == 1 and not segment.snps):
        return None
    return 1 - segment.baf


def prefixed(contig: str) -> str:
    """Return a contig's name as hydra pipelines write it."""
    return contig if contig.startswith("chr") else f"chr{contig}"
