"""Variants and small files for tests of TMB."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tumorkit.genome.variant import AlleleCounts, Consequence, PopulationFrequency, Variant

CSQ = "Allele|Consequence|IMPACT|SYMBOL|Existing_variation|AF|gnomAD_AF|MAX_AF"


def make_variant(
    pos: int = 100,
    *,
    contig: str = "chr1",
    ref: str = "A",
    alt: str = "T",
    vaf: float | None = 0.2,
    depth: int | None = 500,
    alt_depth: int | None = 100,
    terms: str | None = "missense_variant",
    gene: str = "GENE",
    population: float | None = None,
    **changes: Any,
) -> Variant:
    """Make a variant that every scheme counts, unless something is changed.

    ``terms`` may hold several annotation blocks joined by commas, each with terms joined by ``&``.
    """
    blocks = None
    if terms is not None:
        blocks = tuple(
            Consequence(terms=tuple(block.split("&")), gene=gene) for block in terms.split(",")
        )
    asked = PopulationFrequency(declared=True, value=population)
    values: dict[str, Any] = {
        "tumor": AlleleCounts(depth=depth, alt_depth=alt_depth, vaf=vaf),
        "filters": ("PASS",),
        "frequencies": {"MAX_AF": asked, "AF": PopulationFrequency(declared=True)},
        "consequences": blocks,
        "callers": ("vardict", "mutect2"),
        "info": {"AF": "" if vaf is None else str(vaf), "TYPE": "SNV"},
    }
    return Variant(contig=contig, pos=pos, ref=ref, alt=alt, **(values | changes))


def record(
    pos: int = 100,
    *,
    contig: str = "chr1",
    ref: str = "A",
    alt: str = "T",
    filters: str = "PASS",
    terms: str = "missense_variant",
    gene: str = "GENE",
    ids: str = "",
    max_af: str = "",
    info: str = "",
    sample: str = "0/1:400,100:500:0.2",
) -> str:
    """Return a VCF line."""
    fields = info or "CALLERS=vardict,mutect2;AF=0.2"
    blocks = ",".join(
        f"{allele}|{block}|MODERATE|{gene}|{ids}||{max_af}|{max_af}"
        for allele in alt.split(",")
        for block in terms.split(",")
    )
    columns = (contig, pos, ".", ref, alt, ".", filters, f"{fields};CSQ={blocks}",
               "GT:AD:DP:AF", sample)  # fmt: skip
    return "\t".join(map(str, columns))


def write_vcf(
    path: Path,
    lines: list[str],
    *,
    csq: str | None = CSQ,
    callers: bool = True,
    contig: str = "chr1",
) -> Path:
    """Write a VCF of one tumour."""
    head = ["##fileformat=VCFv4.2", f"##contig=<ID={contig},length=249250621>"]
    head += ['##INFO=<ID=AF,Number=A,Type=Float,Description="Fraction">']
    if callers:
        head += ['##INFO=<ID=CALLERS,Number=.,Type=String,Description="Callers">']
    if csq is not None:
        text = f"Consequence annotations from Ensembl VEP. Format: {csq}"
        head += [f'##INFO=<ID=CSQ,Number=.,Type=String,Description="{text}">']
    for name, number in (("GT", "1"), ("AD", "R"), ("DP", "1"), ("AF", "A")):
        head += [f'##FORMAT=<ID={name},Number={number},Type=String,Description="{name}">']
    head += [
        "\t".join(("#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT", "T"))
    ]
    path.write_text("\n".join([*head, *lines]) + "\n", encoding="utf-8")
    return path


def write_bed(path: Path, rows: list[tuple[str, int, int]]) -> Path:
    """Write a BED of three columns."""
    path.write_text("".join(f"{c}\t{s}\t{e}\n" for c, s, e in rows), encoding="utf-8")
    return path
