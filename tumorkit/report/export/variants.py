"""The reported variants as VCF, with every byte that their source had."""

from __future__ import annotations

from tumorkit.report.export.case import ExportCase, File, file_stem
from tumorkit.report.export.params import ReportExportParams
from tumorkit.variants.reported import ReportedVariant

COLUMNS = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO"
META = (
    "##fileformat=VCFv4.3",
    '##INFO=<ID=GENE,Number=1,Type=String,Description="Gene">',
    '##INFO=<ID=DP,Number=1,Type=Integer,Description="Depth of the tumour">',
    '##INFO=<ID=AF,Number=A,Type=Float,Description="Variant allele fraction of the tumour">',
)


def vcf(case: ExportCase, params: ReportExportParams) -> File:
    """Return the records of the reported variants; from the list of a profile, sites only."""
    del params
    name = f"{file_stem(case.sample)}.reported.vcf"
    if case.vcf:
        head = sum(line.startswith("#") for line in case.vcf)
        return File(name=name, content="\n".join(case.vcf) + "\n", records=len(case.vcf) - head)
    rows = [site(item) for item in case.variants]
    lines = [*META, COLUMNS, *rows]
    return File(name=name, content="\n".join(lines) + "\n", records=len(rows))


def site(item: ReportedVariant) -> str:
    """Return one variant as a record without samples."""
    own = item.variant
    known = {
        "GENE": item.gene.replace(";", "_").replace(" ", "_") or None,
        "DP": own.tumor.depth,
        "AF": None if own.tumor.vaf is None else f"{own.tumor.vaf:.6g}",
    }
    info = ";".join(f"{key}={value}" for key, value in known.items() if value is not None)
    filters = ";".join(own.filters) or "."
    return "\t".join((own.contig, str(own.pos), ".", own.ref, own.alt, ".", filters, info or "."))
