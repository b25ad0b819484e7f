"""Allele counts as a table and in short."""

from __future__ import annotations

from tumorkit.contract.summary import Summary
from tumorkit.copynumber.alleles.result import AllelesResult
from tumorkit.genome.table import Column, TableSchema

SNPS = TableSchema(
    "snps",
    "Reads of both alleles at SNPs; positions are 1-based.",
    (
        Column("contig", str, "Contig.", optional=False),
        Column("position", int, "Position, 1-based.", optional=False),
        Column("ref", str, "Base of the reference.", optional=False),
        Column("alt", str, "The other base.", optional=False),
        Column("ref_count", int, "Fragments of the tumour with the reference.", optional=False),
        Column("alt_count", int, "Fragments of the tumour with the other.", optional=False),
        Column("normal_ref_count", int, "Fragments of the normal with the reference."),
        Column("normal_alt_count", int, "Fragments of the normal with the other."),
    ),
)
WORDS = {
    "germline": "the germline VCF",
    "sites": "a list of sites",
    "reads": "the normal's reads",
}


def alleles_text(result: AllelesResult) -> str:
    """Return the table of SNPs that ``tumorkit cnv segment --snps`` reads."""
    counts = result.counts
    columns = [
        counts.contig.tolist(),
        (counts.position + 1).tolist(),
        result.reference_bases.tolist(),
        result.other_bases.tolist(),
        counts.ref.tolist(),
        counts.alt.tolist(),
    ]
    names = [column.name for column in SNPS.columns]
    if counts.normal_ref is None or counts.normal_alt is None:
        names = names[: len(columns)]
    else:
        columns += [counts.normal_ref.tolist(), counts.normal_alt.tolist()]
    lines = ["\t".join(names)]
    lines += ["\t".join(map(str, row)) for row in zip(*columns, strict=True)]
    return "\n".join(lines) + "\n"


def summary(result: AllelesResult) -> Summary:
    """Return the short table."""
    source = WORDS[result.source]
    if result.source == "reads" and not result.matched:
        source = "the tumour's reads"
    rows = [
        ("SNPs from", source),
        ("listed", str(result.listed)),
        ("  far from targets", str(result.outside)),
        ("  no plain SNP, or twice", str(result.not_snps)),
        ("  homozygous in the normal", str(result.homozygous)),
        ("SNPs counted", str(result.snps)),
        ("heterozygous by their reads", str(result.heterozygous)),
        ("median depth", "unknown" if result.median_depth is None else f"{result.median_depth:g}x"),
    ]
    if result.x_sites is not None:
        rows.append(("on X, heterozygous", f"{result.x_heterozygous} of {result.x_sites}"))
    return Summary(
        title=f"{result.sample}: alleles at SNPs",
        columns=("what", "value"),
        rows=tuple(rows),
        notes=result.notes,
    )
