"""Join reading, segmentation and writing."""

from __future__ import annotations

from math import log
from pathlib import Path

from tumorkit.contract.progress import SILENT, Progress
from tumorkit.contract.result import to_document
from tumorkit.contract.summary import Summary
from tumorkit.copynumber.segment.analysis import LONG_PATH, PATH, segment
from tumorkit.copynumber.segment.params import SegmentParams
from tumorkit.copynumber.segment.pileup import pileup_ratios
from tumorkit.copynumber.segment.result import SegmentResult
from tumorkit.errors import InputError, ParameterError, TumorkitError
from tumorkit.genome.build import Build, detect_build
from tumorkit.genome.table import Column, TableSchema
from tumorkit.io.copy_ratios import read_contig_lengths, read_copy_ratios
from tumorkit.io.digest import input_file
from tumorkit.io.outputs import Outputs, write_to
from tumorkit.io.segments import segments_text
from tumorkit.io.snps import is_pileup, read_snp_counts


def run_segment(
    path: Path,
    *,
    params: SegmentParams | None = None,
    build: Build | None = None,
    sample: str = "",
    snps: Path | None = None,
    snp_sites: Path | None = None,
    tumor_sample: str | None = None,
    normal_sample: str | None = None,
    long_path: bool = False,
    progress: Progress = SILENT,
) -> SegmentResult:
    """Read copy ratios, and allele counts of SNPs where there are any, and segment them.

    The build is the one given, else the one of the file's header (GATK), else the only one whose
    contigs can hold the bins. ``sample`` is by default the file's name up to the first dot.
    ``snps`` is a VCF (``tumor_sample`` and ``normal_sample`` name its columns), snp-pileup's CSV
    or a table of counts; ``snp_sites`` keeps only the places of a population list. With
    ``long_path`` the result tells of 15 sensitivities instead of three. snp-pileup's CSV in place
    of copy ratios is both: depths of tumour over normal, and alleles.
    """
    counts = None
    if snps is not None:
        counts = read_snp_counts(snps, tumor=tumor_sample, normal=normal_sample, sites=snp_sites)
        progress.log(f"{snps.name}: {len(counts)} SNPs")
    lengths: dict[str, int] = {}
    try:
        if is_pileup(path):
            pileup = read_snp_counts(path)
            ratios = pileup_ratios(pileup)
            counts = pileup if counts is None else counts
        else:
            ratios = read_copy_ratios(path)
            lengths = read_contig_lengths(path)
        build = build or detect_build(lengths)
        progress.log(f"{path.name}: {len(ratios)} bins on {len(ratios.contigs)} contigs")
        found = segment(
            ratios, params, build=build, snps=counts, path=LONG_PATH if long_path else PATH
        )
    except (ParameterError, InputError):
        raise
    except TumorkitError as error:
        raise InputError(path, error.message, hint=error.hint) from error
    named = {"copy_ratios": path, "snps": snps, "snp_sites": snp_sites}
    described = tuple(input_file(name, file) for name, file in named.items() if file is not None)
    return found.labelled(sample or path.name.partition(".")[0], described)


def write_segment(
    result: SegmentResult, outputs: Outputs, *, path_table: Path | None = None
) -> None:
    """Write segments, JSON, the solution path and the short table where they were asked for."""
    outputs.claim(path_table)
    outputs.write_output(segments_text(result.segments))
    if path_table is not None:
        write_to(path_table, path_text(result))
    outputs.write_json(to_document(result))
    outputs.summarize(summary(result))


PATH_TABLE = TableSchema(
    "solution_path",
    "How many segments other sensitivities give.",
    (
        Column("sensitivity", float, "The setting.", optional=False),
        Column("penalty", float, "Penalty per breakpoint, squared log2.", optional=False),
        Column("candidates", int, "Segments of the exact fit.", optional=False),
        Column("segments", int, "Segments left after the check for waves.", optional=False),
    ),
)


def path_text(result: SegmentResult) -> str:
    """Return the solution path as a table, a row a sensitivity."""
    unit = 2 * result.noise.sd**2 * log(max(result.noise.bins, 3))
    return PATH_TABLE.text_of(
        {
            "sensitivity": point.sensitivity,
            "penalty": unit / point.sensitivity,
            "candidates": point.candidates,
            "segments": point.segments,
        }
        for point in result.path
    )


def summary(result: SegmentResult) -> Summary:
    """Return the short table: what was found, in how much noise."""
    noise = result.noise
    focal = sum(segment.focal for segment in result.segments)
    dropped = ", ".join(f"{item.count} {item.reason}" for item in result.dropped) or "none"
    rows = (
        ("segments", str(len(result.segments))),
        ("of them focal", str(focal)),
        ("bins used", f"{result.bins_used} of {result.bins}"),
        ("bins left out", dropped),
        ("bins (almost) without reads", str(result.floor_bins)),
        ("noise (sd of a bin, log2)", f"{noise.sd:.3f}"),
        ("noise at lag 20, 50 over lag 1", f"{noise.lag20_ratio:.2f}, {noise.lag50_ratio:.2f}"),
        ("slow wave (sd, log2)", f"{noise.wave_sd:.3f}"),
        ("steps taken for waves", str(result.steps_rejected)),
        *snp_rows(result),
    )
    notes: tuple[str, ...] = ()
    if not result.arms:
        notes += ("build unknown: segments may cross a centromere; use --build",)
    if result.snps is not None and result.snps.swapped:
        notes += ("alleles are out of balance in the normal, not in the tumour: swapped?",)
    return Summary(
        title=f"{result.sample}: copy-number segments",
        columns=("what", "value"),
        rows=rows,
        notes=notes,
    )


def snp_rows(result: SegmentResult) -> tuple[tuple[str, str], ...]:
    """Return what is said of SNPs, nothing where there were none."""
    snps, alleles = result.snps, result.noise.alleles
    if snps is None or alleles is None:
        return ()
    dropped = ", ".join(f"{item.count} {item.reason}" for item in snps.dropped) or "none"
    unbalanced = sum((item.imbalance_p or 1.0) < 0.001 for item in result.segments)
    return (
        ("heterozygous SNPs", f"{snps.used} of {snps.given}"),
        ("SNPs left out", dropped),
        ("rule", snps.rule),
        ("reference share of reads", f"{alleles.reference_share:.3f}"),
        ("segments out of balance (p < .001)", str(unbalanced)),
    )
