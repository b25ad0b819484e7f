"""Callers' files in code."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tests.builders import make_fasta
from tumorkit.io.vcf import open_vcf
from tumorkit.variants.merge import MergeParams, MergeResult
from tumorkit.variants.merge.run import run_merge

SEQUENCE = "GATTACAGGCTTTTTTTACGCACACACATGGCCATTAGACCATGCAATTGGCCAAATTTGGGCCC"
FORMATS = (
    '##FORMAT=<ID=AD,Number=R,Type=Integer,Description="Depths">',
    '##FORMAT=<ID=DP,Number=1,Type=Integer,Description="Depth">',
    '##FORMAT=<ID=AF,Number=A,Type=Float,Description="Fraction">',
    '##FORMAT=<ID=PID,Number=1,Type=String,Description="Phase">',
    '##FORMAT=<ID=PGT,Number=1,Type=String,Description="Phase">',
)
CSQ_FIELDS = (
    "Allele|Consequence|IMPACT|SYMBOL|Gene|Feature|HGVSp|Protein_position|Amino_acids|Codons|"
    "CANONICAL|gnomAD_AF"
)
CSQ = f'##INFO=<ID=CSQ,Number=.,Type=String,Description="VEP. Format: {CSQ_FIELDS}">'
SOURCES = {
    "mutect2": "##source=Mutect2",
    "vardict": "##source=VarDict",
    "lofreq": "##source=lofreq",
}


def call(
    pos: int,
    ref: str,
    alt: str,
    *,
    filters: str = "PASS",
    info: str = ".",
    depths: str = "",
    phase: str = "",
    contig: str = "chr1",
) -> str:
    """Return a record of tumour and normal; ``phase`` is PID and PGT."""
    alts = alt.count(",") + 1
    depths = depths or ",".join(["60"] + ["30"] * alts)
    deep = sum(int(one) for one in depths.split(","))
    keys, normal, tumor = "AD:DP", f"40{',0' * alts}:40", f"{depths}:{deep}"
    if phase:
        keys, normal, tumor = f"{keys}:PID:PGT", f"{normal}:.:.", f"{tumor}:{phase}"
    columns = (contig, str(pos), ".", ref, alt, ".", filters, info, keys, normal, tumor)
    return "\t".join(columns)


def calls_file(
    folder: Path,
    caller: str,
    records: Iterable[str],
    *,
    meta: Iterable[str] = (),
    samples: str = "NORMAL\tTUMOR",
    name: str = "",
) -> Path:
    """Write a caller's file as it is, sorted or not."""
    columns = f"#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t{samples}"
    filters = ('##FILTER=<ID=weak,Description="Weak">', '##FILTER=<ID=p8,Description="Position">')
    lines = ["##fileformat=VCFv4.2", SOURCES[caller], *filters, *FORMATS, *meta, columns, *records]
    path = folder / (name or f"{caller}.vcf")
    path.write_text("\n".join(lines) + "\n")
    return path


def reference(folder: Path, sequence: str = SEQUENCE, contig: str = "chr1") -> Path:
    return make_fasta(folder / "reference.fa", {contig: sequence})


def merged(
    folder: Path,
    files: Iterable[Path],
    *,
    sequence: str = SEQUENCE,
    contig: str = "chr1",
    hotspots: Path | None = None,
    **settings: object,
) -> tuple[MergeResult, dict[str, dict[str, str]]]:
    """Merge files; return the result, and of each record FILTER and INFO by pos:REF>ALT."""
    output = folder / "merged.vcf"
    result = run_merge(
        list(files),
        reference=reference(folder, sequence, contig),
        output=output,
        hotspots=hotspots,
        params=MergeParams(**settings),  # type: ignore[arg-type]
    )
    with open_vcf(output) as source:
        records = {
            f"{record.pos}:{record.ref}>{record.columns[4]}": {
                "FILTER": record.columns[6],
                "TUMOR": record.columns[-1],
                **record.info,
            }
            for record in source
        }
    return result, records


def csq(alt: str, codons: str, position: int, protein: str, transcript: str = "ENST1") -> str:
    """Return VEP's entry of a substitution."""
    acids = "P/S"
    return (
        f"CSQ={alt}|missense_variant|MODERATE|GENE|ENSG1|{transcript}|ENSP1:{protein}|{position}|"
        f"{acids}|{codons}|YES|"
    )
