"""Join the steps of a run to one result, and say it in short."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from tumorkit.contract.result import InputFile, Result
from tumorkit.contract.summary import Summary
from tumorkit.copynumber.alleles.result import AllelesResult
from tumorkit.copynumber.bins.result import BinsResult
from tumorkit.copynumber.call.result import CallResult
from tumorkit.copynumber.coverage.result import CoverageResult
from tumorkit.copynumber.normalize.result import NormalizeResult
from tumorkit.copynumber.segment.result import SegmentResult
from tumorkit.copynumber.workflow.params import RunParams
from tumorkit.copynumber.workflow.result import RunQuality, RunResult, SettledSex, StepReport

# Chance below which a segment's alleles are said to be out of balance.
UNBALANCED_P = 0.001


def step_of(
    name: str, result: Result, files: Sequence[str], *, notes: tuple[str, ...] | None = None
) -> StepReport:
    """Return the report of a step; its notes are those of its result unless given."""
    return StepReport(
        name=name,
        inputs=result.inputs,
        files=tuple(files),
        counted=counted(result),
        notes=tuple(getattr(result, "notes", ())) if notes is None else notes,
    )


def counted(result: Result) -> dict[str, float | None]:
    """Return the numbers of a step that tell whether it went well."""
    names: tuple[str, ...] = ()
    if isinstance(result, BinsResult):
        names = (
            "intervals", "merged", "target_bins", "off_target_bins", "target_size",
            "off_target_size", "target_depth", "off_target_depth",
        )  # fmt: skip
    elif isinstance(result, CoverageResult):
        names = ("targets", "without_reads", "off_targets", "off_targets_without_reads")
    elif isinstance(result, AllelesResult):
        names = ("listed", "snps", "heterozygous", "median_depth", "x_sites", "x_heterozygous")
    elif isinstance(result, NormalizeResult):
        names = ("bins", "bins_used", "only_reference", "no_reads", "center", "offset")
    elif isinstance(result, SegmentResult):
        names = ("bins", "bins_used", "floor_bins", "steps_rejected")
    elif isinstance(result, CallResult):
        names = ("purity", "ploidy", "genes_without_bins")
    return {name: getattr(result, name) for name in names}


def assemble(
    *,
    sample: str,
    params: RunParams,
    inputs: tuple[InputFile, ...],
    sex: SettledSex,
    tumor: CoverageResult,
    normal: CoverageResult | None,
    alleles: AllelesResult | None,
    ratios: NormalizeResult,
    segments: SegmentResult,
    calls: CallResult,
    steps: Sequence[StepReport],
) -> RunResult:
    """Join the results of all steps."""
    noise = segments.noise
    unbalanced = None
    if segments.snps is not None:
        found = [item.imbalance_p for item in segments.segments if item.imbalance_p is not None]
        unbalanced = sum(p < UNBALANCED_P for p in found)
    said = [note for step in steps for note in step.notes]
    return RunResult(
        sample=sample,
        build=calls.build or ratios.build,
        inputs=inputs,
        method=params.bins.method,
        against=ratios.against,
        sex=sex,
        quality=RunQuality(
            tumor_depth=tumor.median_depth.value,
            normal_depth=None if normal is None else normal.median_depth.value,
            bins=ratios.bins,
            bins_used=ratios.bins_used,
            no_reads=ratios.no_reads,
            noise=ratios.noise,
            noise_before=ratios.noise_before,
            noise_off_target=ratios.noise_off_target,
            lag50_ratio=noise.lag50_ratio,
            wave_sd=noise.wave_sd,
            snps_used=None if segments.snps is None else segments.snps.used,
        ),
        segments=len(segments.segments),
        focal=sum(item.focal for item in segments.segments),
        unbalanced=unbalanced,
        states=dict(sorted(Counter(item.state for item in calls.segments).items())),
        genes=len(calls.genes),
        events=tuple(item for item in calls.events if item.status in ("present", "partial")),
        genome=calls.genome,
        dropped=ratios.drop_reasons,
        steps=tuple(steps),
        notes=tuple(dict.fromkeys(said)),
        params=params,
    )


def summary(result: RunResult, outdir: str = "") -> Summary:
    """Return the short table: how good the data are, and what was found."""

    def said(value: float | None, form: str = ".3f") -> str:
        return "unknown" if value is None else format(value, form)

    quality = result.quality
    depth = f"{said(quality.tumor_depth, '.0f')}x"
    if quality.normal_depth is not None:
        depth += f", normal {quality.normal_depth:.0f}x"
    alleles = "unknown"
    if result.unbalanced is not None:
        alleles = f"{result.unbalanced} segments out of balance, by {quality.snps_used} SNPs"
    rows = [
        ("held against", result.against),
        ("median depth of targets", depth),
        ("bins used", f"{quality.bins_used} of {quality.bins}"),
        ("noise of targets (sd, log2)", said(quality.noise)),
        ("slow wave (sd, log2)", said(quality.wave_sd)),
        ("sex", f"{result.sex.sex or 'unknown'} ({result.sex.reason})"),
        ("segments", f"{result.segments}, of them {result.focal} focal"),
        ("states", ", ".join(f"{count} {name}" for name, count in result.states.items())),
        ("alleles", alleles),
        ("genes", str(result.genes)),
        ("whole-genome doubling", f"{result.genome.doubling} ({result.genome.doubling_reason})"),
    ]
    rows += [(item.event, f"{item.status}: {item.reason}") for item in result.events]
    notes = (*result.notes, f"files: {outdir}") if outdir else result.notes
    return Summary(
        title=f"{result.sample}: copy number",
        columns=("what", "value"),
        rows=tuple(rows),
        notes=notes,
    )
