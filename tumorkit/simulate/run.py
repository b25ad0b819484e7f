"""Write a simulated case into a folder."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from tumorkit.contract.progress import SILENT, Progress
from tumorkit.contract.result import dumps, to_document
from tumorkit.contract.summary import Summary
from tumorkit.genome.build import GRCH38
from tumorkit.io.atomic import write_text
from tumorkit.io.bam_writer import BamWriter, bam_writer
from tumorkit.io.fasta_writer import write_fasta
from tumorkit.io.outputs import Outputs
from tumorkit.io.vcf import write_vcf
from tumorkit.simulate import tables, vcf_text
from tumorkit.simulate.analysis import plan_case, sequence_case, truth_of
from tumorkit.simulate.consequence import Annotator
from tumorkit.simulate.nouns import Case, GermlineVariant, letters
from tumorkit.simulate.params import SimulateParams
from tumorkit.simulate.result import SimulateResult
from tumorkit.simulate.sequencing import IslandData


def run_simulate(
    outdir: Path, *, params: SimulateParams | None = None, progress: Progress = SILENT
) -> SimulateResult:
    """Invent a case from the seed and write it: inputs, case file and truth.

    Two runs give equal bytes. Each file appears whole or not at all.
    """
    params = params or SimulateParams()
    progress.log("laying out panel, sequence and truth")
    case = plan_case(params)
    with writers(outdir, params) as (tumor, normal):
        islands: list[IslandData] = []
        count = 0
        for data in progress.track(
            sequence_case(case, params), label="sequencing", total=len(case.panel.islands)
        ):
            if data.reads is not None and tumor is not None and normal is not None:
                tumor.write(data.reads[0])
                normal.write(data.reads[1])
                count += len(data.reads[0]) + len(data.reads[1])
            islands.append(data.without_reads())
    progress.log("writing reference, calls and truth")
    result = truth_of(case, islands, params, reads=count)
    write_reference(outdir, case)
    write_calls(outdir, case, islands, params)
    write_tables(outdir, case, islands, result)
    return result


@contextlib.contextmanager
def writers(
    outdir: Path, params: SimulateParams
) -> Iterator[tuple[BamWriter | None, BamWriter | None]]:
    """Open both BAM files, or neither."""
    if not params.reads:
        yield None, None
        return
    lengths = GRCH38.lengths
    with (
        bam_writer(
            outdir / "tumor.bam", lengths=lengths, sample=params.tumor_name, index=params.index
        ) as tumor,
        bam_writer(
            outdir / "normal.bam", lengths=lengths, sample=params.normal_name, index=params.index
        ) as normal,
    ):
        yield tumor, normal


def write_reference(outdir: Path, case: Case) -> None:
    """Write the genome: invented sequence around the targets, N elsewhere."""
    stretches: dict[str, list[tuple[int, bytes]]] = {}
    for island, codes in zip(case.panel.islands, case.sequence.codes, strict=True):
        text = letters(codes).encode("ascii")
        stretches.setdefault(island.contig, []).append((island.start, text))
    write_fasta(outdir / "reference.fa.gz", GRCH38.lengths, stretches)


def write_calls(
    outdir: Path, case: Case, islands: list[IslandData], params: SimulateParams
) -> None:
    """Write somatic and germline calls, SNP sites and population frequencies."""
    calls = [call for data in islands for call in data.calls]
    annotator = Annotator(case.sequence, case.panel.transcripts)
    put_vcf(
        outdir / "somatic.vcf.gz",
        vcf_text.somatic_text(
            calls,
            annotator,
            tumor=params.tumor_name,
            normal=params.normal_name,
            fragment=round(params.fragment_length),
        ),
    )
    germline = [
        (item.source, item.normal)
        for data in islands
        for item in data.observed
        if isinstance(item.source, GermlineVariant)
    ]
    put_vcf(outdir / "germline.vcf.gz", vcf_text.germline_text(germline, params.normal_name))
    centres = {
        (t.contig, (t.start + t.end) // 2 + 1) for t in case.panel.targets if t.kind == "snp"
    }
    snps = [v for v in case.population if (v.contig, v.pos) in centres]
    put_vcf(outdir / "snps.vcf.gz", vcf_text.sites_text(snps))
    put_vcf(outdir / "population.vcf.gz", vcf_text.sites_text(case.population))


def put_vcf(path: Path, text: vcf_text.VcfText) -> None:
    """Write a VCF with its index."""
    write_vcf(path, text.header, text.lines)


def write_tables(
    outdir: Path, case: Case, islands: list[IslandData], result: SimulateResult
) -> None:
    """Write panel, copy ratios, repeats, signatures, the case file and the truth."""
    params = result.params
    observed = [item for data in islands for item in data.observed]
    bins = [b for data in islands for b in data.bins]
    texts = {
        "case.toml": tables.case_toml(params),
        "targets.bed": tables.targets_text(case.panel),
        "genes.bed": tables.genes_text(case.panel),
        "exons.gtf": tables.exons_text(case.panel),
        "tumor.cnr": tables.copy_ratios_text(bins, params),
        "msi_loci.tsv": tables.loci_text(case.microsatellites),
        "signatures.tsv": tables.signature_table_text(),
        "truth/variants.tsv": tables.variants_text(case, observed, params),
        "truth/segments.tsv": tables.segments_text(case, params),
        "truth/microsatellites.tsv": tables.microsatellites_text(case, params),
        "truth/signatures.tsv": tables.signature_truth_text(case, params),
        "truth/case.tsv": tables.case_text(result),
        "truth/simulate.json": dumps(to_document(result)),
    }
    for name, text in texts.items():
        write_text(outdir / name, text)


def write_simulate(result: SimulateResult, outputs: Outputs) -> None:
    """Write the JSON document and show the truth in short."""
    outputs.write_json(to_document(result))
    rows = [
        ("purity", number(result.purity.value)),
        ("ploidy", number(result.ploidy.value)),
        ("TMB, all coding [mut/Mb]", number(result.tmb.value)),
        ("shifted repeats [share]", number(result.msi.value)),
        ("somatic substitutions", str(result.somatic_snvs)),
        ("somatic indels", str(result.somatic_indels)),
        ("reads written", str(result.reads)),
    ]
    outputs.summarize(
        Summary(title=f"{result.sample}: simulated", columns=("truth", "value"), rows=tuple(rows))
    )


def number(value: float | None) -> str:
    """Return a planted number as text."""
    return "" if value is None else f"{value:.4g}"
