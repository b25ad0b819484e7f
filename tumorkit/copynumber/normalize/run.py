"""Join reading, normalisation and writing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from tumorkit.contract.progress import SILENT, Progress
from tumorkit.contract.result import to_document
from tumorkit.contract.summary import Summary
from tumorkit.copynumber.normalize.analysis import normalize, normalize_pair
from tumorkit.copynumber.normalize.params import NormalizeParams
from tumorkit.copynumber.normalize.result import DroppedBin, NormalizeResult
from tumorkit.copynumber.reference.analysis import flat_reference, without
from tumorkit.errors import InputError, ParameterError, TumorkitError
from tumorkit.genome.bins import Bins, ReferenceBins
from tumorkit.genome.build import BUILDS, Build, detect_build
from tumorkit.genome.segment import CopyRatios
from tumorkit.genome.table import Column, TableSchema
from tumorkit.io.bins import read_reference
from tumorkit.io.content import bins_of_coverage, with_content
from tumorkit.io.copy_ratios import copy_ratios_text
from tumorkit.io.coverage import read_depths, sample_of
from tumorkit.io.digest import input_file
from tumorkit.io.fasta import open_fasta
from tumorkit.io.outputs import Outputs, write_to

DROPPED = TableSchema(
    "dropped_bins",
    "Bins that are left out of copy ratios, each with its reason; 0-based half-open.",
    (
        Column("contig", str, "Contig.", optional=False),
        Column("start", int, "First base, 0-based.", optional=False),
        Column("end", int, "Base after the last.", optional=False),
        Column("gene", str, "Name of the bin.", optional=False),
        Column("reason", str, "Why it is left out.", optional=False),
        Column("value", float, "The value that decided."),
        Column("limit", float, "The limit that it broke."),
    ),
)


@dataclass(frozen=True, kw_only=True)
class Against:
    """What a sample is held against: exactly one of a panel, a normal's coverage, or nothing.

    ``reference`` (FASTA) and ``bins`` give GC and repeats where the panel does not.
    """

    panel_of_normals: Path | None = None
    normal: Path | None = None
    flat: bool = False
    reference: Path | None = None
    bins: Path | None = None

    def checked(self) -> None:
        """Raise :class:`ParameterError` unless exactly one was given."""
        given = (self.panel_of_normals is not None, self.normal is not None, self.flat)
        if sum(given) != 1:
            raise ParameterError(
                "give exactly one of --panel-of-normals, --normal and --flat",
                "a panel of ten or more normals is best: tumorkit cnv reference",
            )


def run_normalize(
    coverage: Sequence[Path],
    against: Against,
    *,
    params: NormalizeParams | None = None,
    build: Build | None = None,
    sex: str | None = None,
    progress: Progress = SILENT,
) -> NormalizeResult:
    """Read a sample's coverage (one file, or targets and off-target bins) and normalise it.

    A sample that is itself a normal of the panel is held against the others (leave-self-out).
    """
    against.checked()
    sample = read_depths(*coverage)
    build = build or build_of(against.reference, sample)
    progress.log(f"{coverage[0].name}: {len(sample)} bins")
    try:
        if against.normal is not None:
            normal = read_depths(against.normal)
            content = content_of(bins_of_coverage(normal), against, progress)
            result = normalize_pair(sample, normal, params, content=content, build=build)
        else:
            result = against_reference(sample, coverage[0], against, params, build, sex, progress)
    except (InputError, ParameterError):
        raise
    except TumorkitError as error:
        raise InputError(coverage[0], error.message, hint=error.hint) from error
    files = [("coverage", path) for path in coverage]
    files += [(role, path) for role, path in vars(against).items() if isinstance(path, Path)]
    return replace(
        result,
        sample=sample_of(coverage[0]),
        inputs=tuple(input_file(role, path) for role, path in files),
    )


def against_reference(
    sample: CopyRatios,
    path: Path,
    against: Against,
    params: NormalizeParams | None,
    build: Build | None,
    sex: str | None,
    progress: Progress,
) -> NormalizeResult:
    """Normalise against a panel, without the sample itself, or against a flat reference."""
    member, notes = "", []
    if against.panel_of_normals is None:
        bins = content_of(bins_of_coverage(sample), against, progress)
        reference, name = flat_reference(bins).reference, "a flat reference"
        notes.append("flat: differences in capture are still in these ratios")
    else:
        reference, normals = read_reference(against.panel_of_normals)
        name = against.panel_of_normals.name
        if not np.isfinite(reference.gc).any():
            reference = taken_over(reference, content_of(reference, against, progress))
        names = [normal.lower() for normal in normals]
        if sample_of(path).lower() in names:
            at = names.index(sample_of(path).lower())
            member = normals[at]
            reference = without(reference, at)
            notes.append(f"{member} is a normal of this panel and was left out of it")
    result = normalize(sample, reference, params, build=build, sex=sex, against=name)
    return replace(result, left_out_normal=member, notes=(*result.notes, *notes))


def content_of(bins: Bins, against: Against, progress: Progress) -> Bins:
    """Return bins with what FASTA and table say of them."""
    return with_content(bins, reference=against.reference, listed=against.bins, progress=progress)


def taken_over(reference: ReferenceBins, content: Bins) -> ReferenceBins:
    """Return a reference with the GC, repeats and mappability of the same bins."""
    return replace(reference, gc=content.gc, repeat=content.repeat, mappability=content.mappability)


def build_of(reference: Path | None, sample: CopyRatios) -> Build | None:
    """Return the build of the FASTA, else the only one whose contigs can hold all bins."""
    if reference is not None:
        with open_fasta(reference) as fasta:
            return detect_build(fasta.lengths)
    ends: dict[str, int] = {}
    for name, first, last in sample.runs():
        ends[name] = max(ends.get(name, 0), int(sample.end[first:last].max()))
    fitting = [
        build
        for build in BUILDS.values()
        if any(build.length(name) for name in ends)
        and all(end <= (build.length(name) or end) for name, end in ends.items())
    ]
    return fitting[0] if len(fitting) == 1 else None


def write_normalize(
    result: NormalizeResult, outputs: Outputs, *, dropped: Path | None = None
) -> None:
    """Write the ``.cnr``, dropped bins, JSON and the short table where they were asked for."""
    outputs.claim(dropped)
    outputs.write_output(copy_ratios_text(result.ratios, result.empty))
    if dropped is not None:
        write_to(dropped, dropped_text(result.dropped))
    outputs.write_json(to_document(result))
    outputs.summarize(summary(result))


def dropped_text(dropped: Sequence[DroppedBin]) -> str:
    """Return dropped bins as a table."""
    return DROPPED.text_of(vars(item) for item in dropped)


def summary(result: NormalizeResult) -> Summary:
    """Return the short table: what was used, what was lost and why, how noisy it is."""

    def log2(value: float | None) -> str:
        return "unknown" if value is None else f"{value:.3f}"

    lost = result.bins - result.bins_used
    sex = result.sex
    rows = [
        ("held against", result.against),
        ("bins used", f"{result.bins_used} of {result.bins}"),
        ("bins left out", str(lost)),
    ]
    rows += [
        (f"  {item.reason}", f"{item.targets} targets, {item.off_targets} off-target")
        for item in result.drop_reasons
    ]
    rows += [
        ("bins without reads, kept", str(result.no_reads)),
        ("sex", f"{sex.sex or 'unknown'} ({sex.reason})"),
        ("X, Y (log2)", f"{log2(sex.x_log2)}, {log2(sex.y_log2)}"),
        ("noise of targets (sd, log2)", log2(result.noise)),
        ("the same before correction", log2(result.noise_before)),
        ("noise of off-target bins", log2(result.noise_off_target)),
    ]
    rows += [
        (f"{effect.covariate} effect, {effect.group}", f"{effect.range:.3f} log2")
        for effect in result.effects
    ]
    if result.coefficients:
        shown = ", ".join(f"{value:.2f}" for value in result.coefficients)
        rows.append(("components removed", shown))
    if result.offset is not None:
        rows.append(("off-target moved by (log2)", f"{result.offset:.3f}"))
    rows.append((f"centre ({result.params.center} of autosomes)", f"{result.center:.3f}"))
    return Summary(
        title=f"{result.sample}: copy ratios",
        columns=("what", "value"),
        rows=tuple(rows),
        notes=result.notes,
    )
