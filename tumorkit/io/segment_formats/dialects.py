"""What the columns of each program's segment table mean, and where its positions begin.

Sources: CNVkit documentation (file formats), GATK ModelSegments and CallCopyRatioSegments, the
SEG format of IGV, FACETS ``cncf``, ASCAT ``segments``, PURPLE ``purple.cnv.somatic.tsv``, Sequenza
``segments.txt``, PureCN ``loh.csv`` and ``dnacopy.seg``, scarHRD input.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

# Names that mean the same in every table, by the field that they fill, in lower case. The first
# that is present is taken.
COLUMNS: dict[str, tuple[str, ...]] = {
    "contig": ("chromosome", "contig", "chrom", "chr", "#contig"),
    "start": ("start", "loc.start", "startpos", "start.pos", "start_position"),
    "end": ("end", "loc.end", "endpos", "end.pos", "end_position"),
    "log2_ratio": (
        "log2",
        "log2_ratio",
        "seg.mean",
        "segment_mean",
        "mean",
        "mean_log2_copy_ratio",
        "log2_copy_ratio_posterior_50",
        "cnlr.median",
    ),
    "bins": (
        "probes", "num.mark", "num_probes", "nbrofloci", "num_points_copy_ratio",
        "depthwindowcount", "n.ratio",
    ),
    "gene": ("gene",),
    "depth": ("depth",),
    "weight": ("weight", "seg.weight"),
    "log2_low": ("log2_low", "ci_lo", "log2_copy_ratio_posterior_10"),
    "log2_high": ("log2_high", "ci_hi", "log2_copy_ratio_posterior_90"),
    "start_low": ("start_low",),
    "start_high": ("start_high",),
    "end_low": ("end_low",),
    "end_high": ("end_high",),
    "focal": ("focal",),
    "baf": ("baf", "bf", "minor_allele_fraction_posterior_50", "maf.observed"),
    "snps": (
        "nbaf", "snps", "num_points_allele_fraction", "bafcount", "nhet", "n.baf", "num.snps",
    ),
    "baf_low": ("baf_low", "minor_allele_fraction_posterior_10"),
    "baf_high": ("baf_high", "minor_allele_fraction_posterior_90"),
    "imbalance_p": ("imbalance_p",),
    "copy_number": (
        "copy_number", "cn", "copynumber", "tcn.em", "tcn", "cnt", "total_cn",
    ),
    "major_cn": ("cn1", "major_cn", "nmajor", "majorallelecopynumber", "a", "a_cn"),
    "minor_cn": (
        "cn2", "minor_cn", "nminor", "minorallelecopynumber", "lcn.em", "lcn", "b", "b_cn",
    ),
    "sample": (
        "id", "'id", "sample", "samplename", "sampleid", "sample_id", "tumor_sample_barcode",
    ),
    "ratio": ("depth.ratio",),
}  # fmt: skip
LEVELS = ("log2_ratio", "ratio", "copy_number", "major_cn")


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """A program's table: columns that tell it from others, and what is special about it.

    ``marks`` are column names (lower case) of which all must be present. ``extra`` maps further
    columns to fields. ``tenths`` marks intervals between the 10 and 90 % points, ``whole`` formats
    in which one of total, major and minor copies follows from the other two.
    """

    name: str
    marks: tuple[str, ...]
    one_based: bool = True
    tenths: bool = False
    whole: bool = False
    extra: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    note: str = ""


DIALECTS = (
    Dialect(
        name="GATK modelFinal.seg",
        marks=("contig", "start", "end", "log2_copy_ratio_posterior_50"),
        tenths=True,
    ),
    Dialect(name="GATK called.seg", marks=("contig", "start", "end", "mean_log2_copy_ratio")),
    Dialect(name="PURPLE", marks=("chromosome", "start", "end", "copynumber", "depthwindowcount")),
    Dialect(
        name="FACETS",
        whole=True,
        marks=("chrom", "start", "end", "cnlr.median", "nhet"),
        note="FACETS: log2 is cnlr.median, before dipLogR is taken off; mafR is no fraction, so "
        "allele fractions are unknown",
    ),
    Dialect(name="ASCAT", marks=("nmajor", "nminor"), whole=True),
    Dialect(name="Sequenza", marks=("start.pos", "end.pos", "depth.ratio")),
    Dialect(
        name="PureCN loh",
        whole=True,
        marks=("chr", "start", "end", "c", "m", "seg.mean"),
        extra={"copy_number": ("c",), "minor_cn": ("m",)},
    ),
    Dialect(
        name="PureCN dnacopy",
        marks=("loc.start", "loc.end", "seg.mean", "size", "c"),
        extra={"copy_number": ("c",)},
    ),
    Dialect(name="scarHRD", marks=("start_position", "end_position", "total_cn")),
    Dialect(name="SEG", marks=("loc.start",)),
    Dialect(name="SEG", marks=("num.mark",)),
    Dialect(name="SEG", marks=("seg.mean",)),
    Dialect(name="SEG", marks=("num_probes",)),
    Dialect(name="SEG", marks=("segment_mean",)),
    Dialect(name="SEG", marks=("nbrofloci",)),
    Dialect(name="BED", marks=("#contig", "start", "end"), one_based=False),
    Dialect(name="CNVkit", marks=("start", "end"), one_based=False),
)


def dialect_of(names: Sequence[str]) -> Dialect | None:
    """Return the dialect of a header (names in lower case), None if it is none.

    >>> dialect_of(["id", "chrom", "loc.start", "loc.end", "num.mark", "seg.mean"]).name
    'SEG'
    >>> dialect_of(["chromosome", "start", "end"]) is None
    True
    """
    there = set(names)
    if not {"contig", "start", "end"} <= places(names, {}).keys():
        return None
    for dialect in DIALECTS:
        if there.issuperset(dialect.marks):
            known = places(names, dialect.extra)
            return dialect if any(level in known for level in LEVELS) else None
    return None


def places(names: Sequence[str], extra: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    """Return where each field stands in a header (names in lower case)."""
    found = {}
    for meaning, known in COLUMNS.items():
        wanted = (*extra.get(meaning, ()), *known)
        at = next((names.index(name) for name in wanted if name in names), None)
        if at is not None:
            found[meaning] = at
    return found


def is_bins(names: Sequence[str]) -> bool:
    """Whether a header is that of bins (.cnr, .cnn, denoised copy ratios), not of segments."""
    there = set(names)
    cnvkit = {"log2", "weight", "depth"} <= there or {"log2", "spread"} <= there
    return ("log2_copy_ratio" in there) or (cnvkit and not there & {"probes", "nbrofloci"})


def major_fraction(value: float) -> float:
    """Return the major allele's fraction, whichever allele the file counts.

    >>> major_fraction(0.25), major_fraction(0.75)
    (0.75, 0.75)
    """
    return max(value, 1 - value)
