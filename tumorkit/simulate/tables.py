"""The text files of a case: truth, panel, repeats, signatures, copy ratios, case file."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable

from tumorkit.genome.build import GRCH38
from tumorkit.genome.table import Column, TableSchema
from tumorkit.simulate.consequence import Annotator
from tumorkit.simulate.copy_number import SegmentIndex, expected_baf, expected_log2
from tumorkit.simulate.nouns import BASES, Case, Microsatellite, Panel, SomaticVariant
from tumorkit.simulate.params import SimulateParams
from tumorkit.simulate.result import SimulateResult
from tumorkit.simulate.sequencing import Bin, Observed, repeat_candidate
from tumorkit.simulate.signatures import CHANNELS, MEANINGS, NAMES, exposures, planted_signatures
from tumorkit.simulate.vcf_text import gene_id

VARIANTS = TableSchema(
    "simulate.variants",
    "Every somatic variant of the simulated tumour, called or not.",
    (
        Column("contig", str, "Contig.", optional=False),
        Column("pos", int, "1-based position, as in VCF.", optional=False),
        Column("ref", str, "Reference allele.", optional=False),
        Column("alt", str, "Alternative allele.", optional=False),
        Column("kind", str, "snv, insertion, deletion or microsatellite.", optional=False),
        Column("gene", str, "Gene, if any."),
        Column("consequence", str, "Terms of Sequence Ontology, worst first."),
        Column("coding", bool, "Whether coding sequence or a splice site changes."),
        Column("signature", str, "Planted signature that made it."),
        Column("driver", str, "Driver gene for which it was planted."),
        Column("haplotype", int, "Parental haplotype, 0 or 1."),
        Column("multiplicity", int, "Mutated copies per mutated cell."),
        Column("ccf", float, "Fraction of tumour cells that have it."),
        Column("major_cn", int, "Copies of the major haplotype there."),
        Column("minor_cn", int, "Copies of the minor haplotype there."),
        Column("expected_vaf", float, "Fraction of fragments expected to show it."),
        Column("tumor_depth", int, "Fragments counted in the tumour."),
        Column("tumor_alt_depth", int, "Fragments with the alternative allele in the tumour."),
        Column("normal_depth", int, "Fragments counted in the normal."),
        Column("normal_alt_depth", int, "Fragments with the alternative allele in the normal."),
    ),
)
SEGMENTS = TableSchema(
    "simulate.segments",
    "True allele-specific copy number of the whole genome.",
    (
        Column("contig", str, "Contig.", optional=False),
        Column("start", int, "0-based start.", optional=False),
        Column("end", int, "End, half-open.", optional=False),
        Column("major_cn", int, "Copies of the major haplotype.", optional=False),
        Column("minor_cn", int, "Copies of the minor haplotype.", optional=False),
        Column("copy_number", int, "Copies of both.", optional=False),
        Column("normal_cn", int, "Copies in normal cells.", optional=False),
        Column("major_haplotype", int, "Which haplotype has the major copies.", optional=False),
        Column("log2_ratio", float, "Expected log2 ratio, 0 at the tumour's mean genome."),
        Column("baf", float, "Expected major-allele fraction at heterozygous SNPs."),
        Column("targets", int, "Targets within."),
        Column("event", str, "Name of a planted event."),
    ),
)
MICROSATELLITES = TableSchema(
    "simulate.microsatellites",
    "Every repeat within the targets and whether it shifted.",
    (
        Column("contig", str, "Contig.", optional=False),
        Column("start", int, "0-based start of the repeat.", optional=False),
        Column("unit", str, "Repeated unit.", optional=False),
        Column("repeats", int, "Units in the reference.", optional=False),
        Column("unstable", bool, "Whether the tumour shifted.", optional=False),
        Column("shift", int, "Somatic change in units."),
        Column("haplotype", int, "Haplotype that shifted."),
        Column("ccf", float, "Fraction of tumour cells with the shift."),
        Column("germline_0", int, "Inherited change in units, haplotype 0."),
        Column("germline_1", int, "Inherited change in units, haplotype 1."),
        Column("stutter", float, "Share of reads with a wrong length."),
        Column("expected_fraction", float, "Share of tumour fragments from shifted copies."),
    ),
)
SIGNATURES = TableSchema(
    "simulate.signatures",
    "How much each planted signature contributed.",
    (
        Column("signature", str, "Name.", optional=False),
        Column("share", float, "Share from which substitutions were drawn.", optional=False),
        Column("snvs", int, "Substitutions it made.", optional=False),
        Column("meaning", str, "Its rule."),
    ),
)
CASE = TableSchema(
    "simulate.case",
    "The case in numbers.",
    (Column("name", str, "What.", optional=False), Column("value", str, "How much.")),
)
FLANK_BITS = 2


def expected_vaf(
    purity: float, segments: SegmentIndex, contig: str, start: int, multiplicity: float, ccf: float
) -> float:
    """Return p m ccf / (p nT + N (1-p)) at a 0-based position."""
    segment = segments.at(contig, start)
    total = purity * segment.copy_number + segment.normal_cn * (1 - purity)
    return purity * multiplicity * ccf / total if total > 0 else 0.0


def variants_text(case: Case, observed: list[Observed], params: SimulateParams) -> str:
    """Return the truth of somatic variants; shifted repeats are listed as variants too."""
    segments = SegmentIndex(case.segments)
    annotator = Annotator(case.sequence, case.panel.transcripts)
    rows = []
    for item in observed:
        variant = planted_variant(case, item.source, segments)
        if variant is None:
            continue
        start = variant.pos - 1
        segment = segments.at(variant.contig, start)
        effect = annotator.effect(variant.contig, variant.pos, variant.ref, variant.alt)
        rows.append(
            {
                **vars(variant),
                "gene": effect.transcript.gene if effect.transcript else "",
                "consequence": effect.terms,
                "coding": effect.coding,
                "major_cn": segment.major_cn,
                "minor_cn": segment.minor_cn,
                "expected_vaf": expected_vaf(
                    params.purity,
                    segments,
                    variant.contig,
                    start,
                    variant.multiplicity,
                    variant.ccf,
                ),
                "tumor_depth": item.tumor.depth,
                "tumor_alt_depth": item.tumor.alt,
                "normal_depth": item.normal.depth,
                "normal_alt_depth": item.normal.alt,
            }
        )
    order = {contig: n for n, contig in enumerate(GRCH38.lengths)}
    rows.sort(key=lambda row: (order[row["contig"]], row["pos"]))
    return VARIANTS.text_of(rows)


def planted_variant(case: Case, source: object, segments: SegmentIndex) -> SomaticVariant | None:
    """Return a planted somatic variant; a shifted repeat as the variant that it is."""
    if isinstance(source, SomaticVariant):
        return source
    candidate = repeat_candidate(case, source) if isinstance(source, Microsatellite) else None
    if candidate is None or not isinstance(source, Microsatellite):
        return None
    return SomaticVariant(
        contig=candidate.contig,
        pos=candidate.pos,
        ref=candidate.ref,
        alt=candidate.alt,
        haplotype=source.haplotype,
        multiplicity=segments.at(source.contig, source.start).copies(source.haplotype),
        ccf=source.ccf,
        kind="microsatellite",
    )


def segments_text(case: Case, params: SimulateParams) -> str:
    """Return the truth of copy number."""
    rows = []
    for s in case.segments:
        inside = sum(
            t.contig == s.contig and s.start <= (t.start + t.end) // 2 < s.end
            for t in case.panel.targets
        )
        log2 = expected_log2(s, purity=params.purity, ploidy=case.ploidy)
        rows.append(
            {
                **vars(s),
                "copy_number": s.copy_number,
                "log2_ratio": log2 if math.isfinite(log2) else None,
                "baf": expected_baf(s, purity=params.purity),
                "targets": inside,
            }
        )
    return SEGMENTS.text_of(rows)


def microsatellites_text(case: Case, params: SimulateParams) -> str:
    """Return the truth of repeats."""
    segments = SegmentIndex(case.segments)
    rows = []
    for m in case.microsatellites:
        copies = segments.at(m.contig, m.start).copies(m.haplotype)
        rows.append(
            {
                **vars(m),
                "unstable": m.shift != 0,
                "haplotype": m.haplotype if m.shift else None,
                "germline_0": m.germline[0],
                "germline_1": m.germline[1],
                "expected_fraction": expected_vaf(
                    params.purity, segments, m.contig, m.start, copies, m.ccf
                )
                if m.shift
                else 0.0,
            }
        )
    return MICROSATELLITES.text_of(rows)


def signature_truth_text(case: Case, params: SimulateParams) -> str:
    """Return the truth of signatures."""
    shares = exposures(deficient=params.msi)
    made = [v.signature for v in case.somatic]
    return SIGNATURES.text_of(
        {"signature": n, "share": float(s), "snvs": made.count(n), "meaning": MEANINGS[n]}
        for n, s in zip(NAMES, shares, strict=True)
    )


def signature_table_text() -> str:
    """Return the planted signatures: channels in rows, signatures in columns."""
    lines = ["\t".join(("Type", *NAMES))]
    for channel, row in zip(CHANNELS, planted_signatures(), strict=True):
        lines.append("\t".join((channel, *(f"{value:.9f}" for value in row))))
    return "\n".join(lines) + "\n"


def case_text(result: SimulateResult) -> str:
    """Return the case in numbers, one per line."""
    rows: list[dict[str, object]] = []
    for name in ("purity", "ploidy", "tmb", "tmb_nonsynonymous", "msi"):
        rows.append({"name": name, "value": getattr(result, name).value})
    rows.append({"name": "sex", "value": result.params.sex})
    rows.append({"name": "mismatch_repair", "value": "lost" if result.params.msi else "kept"})
    for name in (
        "targets", "genes", "coding_bases", "segments", "germline_variants", "somatic_snvs",
        "somatic_indels", "microsatellites", "shifted_microsatellites", "artefacts",
    ):  # fmt: skip
        rows.append({"name": name, "value": getattr(result, name)})
    return CASE.text_of(rows)


def targets_text(panel: Panel) -> str:
    """Return the panel as BED."""
    return "".join(f"{t.contig}\t{t.start}\t{t.end}\t{t.name}\n" for t in panel.targets)


def genes_text(panel: Panel) -> str:
    """Return the genes as BED, from first to last exon."""
    return "".join(
        f"{t.contig}\t{t.exons[0][0]}\t{t.exons[-1][1]}\t{t.gene}\t0\t{t.strand}\n"
        for t in panel.transcripts
    )


def exons_text(panel: Panel) -> str:
    """Return genes, transcripts, exons and coding sequence as GTF (1-based, stop codon apart)."""
    lines = ["#!genome-build GRCh38", "#!invented exons at the loci of real genes"]
    for t in panel.transcripts:
        names = f'gene_id "{gene_id(t.name)}"; gene_name "{t.gene}";'
        ids = f'{names} transcript_id "{t.name}";'
        tags = f'{ids} transcript_biotype "protein_coding"; tag "MANE_Select";'
        low, high = t.exons[0][0] + 1, t.exons[-1][1]
        lines.append(gtf(t.contig, "gene", low, high, t.strand, ".", names))
        lines.append(gtf(t.contig, "transcript", low, high, t.strand, ".", tags))
        done = 0
        for number, (start, end) in enumerate(t.exons if t.strand == "+" else reversed(t.exons), 1):
            mark = f"{ids} exon_number {number};"
            lines.append(gtf(t.contig, "exon", start + 1, end, t.strand, ".", mark))
            last = number == len(t.exons)
            first, final = start + 1, end
            if last and t.strand == "+":
                final -= 3
            elif last:
                first += 3
            frame = str((3 - done % 3) % 3)
            protein = f'{mark} protein_id "{t.protein}";'
            lines.append(gtf(t.contig, "CDS", first, final, t.strand, frame, protein))
            if last:
                stop = (end - 2, end) if t.strand == "+" else (start + 1, start + 3)
                lines.append(gtf(t.contig, "stop_codon", *stop, t.strand, "0", mark))
            done += end - start
    return "\n".join(lines) + "\n"


def gtf(contig: str, kind: str, start: int, end: int, strand: str, frame: str, more: str) -> str:
    """Return one GTF line."""
    return f"{contig}\ttumorkit\t{kind}\t{start}\t{end}\t.\t{strand}\t{frame}\t{more}"


def loci_text(repeats: Iterable[Microsatellite]) -> str:
    """Return the repeats as a list in msisensor-pro's columns (location 0-based)."""
    lines = [
        "chromosome\tlocation\trepeat_unit_length\trepeat_unit_binary\trepeat_times"
        "\tleft_flank_binary\tright_flank_binary\trepeat_unit_bases\tleft_flank_bases"
        "\tright_flank_bases"
    ]
    lines += [
        f"{m.contig}\t{m.start}\t{len(m.unit)}\t{binary(m.unit)}\t{m.repeats}"
        f"\t{binary(m.left_flank)}\t{binary(m.right_flank)}\t{m.unit}\t{m.left_flank}"
        f"\t{m.right_flank}"
        for m in repeats
    ]
    return "\n".join(lines) + "\n"


def binary(text: str) -> int:
    """Return bases as a number, two bits each.

    >>> binary("CA"), binary("T")
    (4, 3)
    """
    number = 0
    for base in text:
        number = (number << FLANK_BITS) | BASES.index(base)
    return number


def copy_ratios_text(bins: list[Bin], params: SimulateParams) -> str:
    """Return the tumour's copy ratios against the normal, as CNVkit's .cnr.

    Both depths are divided by the depth that was asked for, so that 0 is the tumour's mean
    genome. Weights are inverse variances of the counted fragments, 1 for the best bin.
    """
    lines = ["chromosome\tstart\tend\tgene\tdepth\tlog2\tweight"]
    precision = [bin_precision(b, params.fragment_length) for b in bins]
    best = max(precision, default=1.0) or 1.0
    for b, p in zip(bins, precision, strict=True):
        ratio = 0.0
        if b.normal_depth > 0:
            ratio = (b.tumor_depth / params.depth) / (b.normal_depth / params.normal_depth)
        # CNVkit's own sign of a bin without reads.
        log2 = math.log2(ratio) if ratio > 0 else -20.0
        lines.append(
            f"{b.contig}\t{b.start}\t{b.end}\t{b.gene}\t{b.tumor_depth:.4f}\t{log2:.5f}"
            f"\t{max(p / best, 0.0001):.4f}"
        )
    return "\n".join(lines) + "\n"


def bin_precision(b: Bin, fragment: float) -> float:
    """Return the inverse variance of a bin's log ratio from its number of fragments."""
    share = (b.end - b.start + fragment) / fragment
    tumor, normal = b.tumor_depth * share, b.normal_depth * share
    return tumor * normal / (tumor + normal) if tumor > 0 and normal > 0 else 0.0


def case_toml(params: SimulateParams) -> str:
    """Return the case file for ``tumorkit profile``; paths are relative to it."""
    quoted = json.dumps  # TOML's basic strings are JSON's
    reads = 'tumor = "tumor.bam"\nnormal = "normal.bam"\n' if params.reads else ""
    return f"""[case]
sample = {quoted(params.tumor_name)}
normal_sample = {quoted(params.normal_name)}
build = "GRCh38"
assay = "wes"
tumor_type = "colorectal adenocarcinoma"
material = "frozen"
library = "capture"

[inputs]
{reads}somatic = "somatic.vcf.gz"
germline = "germline.vcf.gz"
copy_ratios = "tumor.cnr"
targets = "targets.bed"
genes = "genes.bed"
exons = "exons.gtf"
reference = "reference.fa.gz"
loci = "msi_loci.tsv"
"""
