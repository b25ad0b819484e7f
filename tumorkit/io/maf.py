"""Mutation Annotation Format: a table of somatic variants of one sample or of a cohort."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tumorkit.errors import InputError
from tumorkit.genome.variant import (
    AlleleCounts,
    Consequence,
    PopulationFrequency,
    Variant,
)
from tumorkit.genome.vcf import to_float, to_int
from tumorkit.io.text import read_lines

MAF_SUFFIXES = (".maf", ".maf.gz", ".maf.txt", ".maf.txt.gz")
NEEDED = (
    "Chromosome", "Start_Position", "Variant_Classification", "Reference_Allele",
    "Tumor_Seq_Allele2", "Tumor_Sample_Barcode",
)  # fmt: skip
# GDC's classes of variants, as the Sequence Ontology terms that VEP writes.
TERMS = {
    "Missense_Mutation": "missense_variant",
    "Nonsense_Mutation": "stop_gained",
    "Nonstop_Mutation": "stop_lost",
    "Translation_Start_Site": "start_lost",
    "Silent": "synonymous_variant",
    "Frame_Shift_Del": "frameshift_variant",
    "Frame_Shift_Ins": "frameshift_variant",
    "In_Frame_Del": "inframe_deletion",
    "In_Frame_Ins": "inframe_insertion",
    # Which of the two sites it is, the class does not say; no scheme counts one without the other.
    "Splice_Site": "splice_donor_variant",
    "Splice_Region": "splice_region_variant",
    "Intron": "intron_variant",
    "3'UTR": "3_prime_UTR_variant",
    "5'UTR": "5_prime_UTR_variant",
    "3'Flank": "downstream_gene_variant",
    "5'Flank": "upstream_gene_variant",
    "IGR": "intergenic_variant",
    "RNA": "non_coding_transcript_exon_variant",
    "Targeted_Region": "sequence_variant",
}
FREQUENCIES = ("gnomAD_AF", "gnomADe_AF", "gnomADg_AF", "ExAC_AF", "MAX_AF", "AF")


class MafSource:
    """The rows of a MAF as pairs of sample and variant, in the order of the file.

    ``frequencies`` are the population sources that have a column. Column names are compared
    without case, since ``End_position`` and ``End_Position`` both occur. Anything that is not MAF
    is an :class:`InputError` that names the line.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lines = (
            (number, line)
            for number, line in read_lines(path)
            if line.strip() and not line.startswith("#")
        )
        number, header = next(self._lines, (1, ""))
        names = {name.lower(): at for at, name in enumerate(header.split("\t"))}
        missing = [name for name in NEEDED if name.lower() not in names]
        if missing:
            raise InputError(
                path,
                f"not a MAF: no column {missing[0]}",
                line=number,
                hint=f"columns needed: {', '.join(NEEDED)}",
            )
        self._at = names
        self._width = max(names[name.lower()] for name in NEEDED) + 1
        self.frequencies = tuple(name for name in FREQUENCIES if name.lower() in names)

    def __iter__(self) -> Iterator[tuple[str, Variant]]:
        at = self._at
        sample = at["tumor_sample_barcode"]
        for number, line in self._lines:
            fields = line.split("\t")
            if len(fields) < self._width:
                raise InputError(
                    self.path,
                    f"expected at least {self._width} columns, found {len(fields)}",
                    line=number,
                    hint="separate columns with tabs",
                )
            start = to_int(fields[at["start_position"]])
            if start is None:
                found = fields[at["start_position"]]
                raise InputError(
                    self.path, f"Start_Position must be a number, found {found!r}", line=number
                )
            yield fields[sample], self._variant(fields, start)

    def _get(self, fields: list[str], name: str) -> str:
        at = self._at.get(name)
        return "" if at is None or at >= len(fields) else fields[at]

    def _variant(self, fields: list[str], start: int) -> Variant:
        get = self._get
        ref, alt = get(fields, "reference_allele"), get(fields, "tumor_seq_allele2")
        if ref == "-":  # between Start and the next base
            ref, alt = "N", f"N{alt}"
        elif alt == "-":
            start, ref, alt = start - 1, f"N{ref}", "N"
        kind = get(fields, "variant_classification")
        status = get(fields, "filter")
        return Variant(
            contig=get(fields, "chromosome"),
            pos=start,
            ref=ref,
            alt=alt,
            tumor=self._counts(fields),
            # A column that is not there says that the rows were filtered before.
            filters=tuple(status.split(";")) if status not in ("", ".") else ("PASS",),
            frequencies={
                name: PopulationFrequency(declared=True, value=to_float(get(fields, name.lower())))
                for name in self.frequencies
            },
            consequences=(
                Consequence(
                    terms=(TERMS.get(kind, kind),),
                    gene=get(fields, "hugo_symbol"),
                    transcript=get(fields, "transcript_id"),
                ),
            ),
        )

    def _counts(self, fields: list[str]) -> AlleleCounts:
        alt = to_int(self._get(fields, "t_alt_count"))
        ref = to_int(self._get(fields, "t_ref_count"))
        depth = to_int(self._get(fields, "t_depth"))
        if depth is None and alt is not None and ref is not None:
            depth = alt + ref
        return AlleleCounts(
            depth=depth,
            ref_depth=ref,
            alt_depth=alt,
            vaf=alt / depth if alt is not None and depth else None,
        )


def is_maf(path: Path) -> bool:
    """Whether a path is named like a MAF."""
    return path.name.endswith(MAF_SUFFIXES)
