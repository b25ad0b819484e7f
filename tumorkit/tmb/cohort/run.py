"""From a MAF to the TMB of its samples, and from there to files."""

from __future__ import annotations

import contextlib
import dataclasses
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from tumorkit.contract.progress import SILENT, Progress
from tumorkit.contract.result import to_document
from tumorkit.errors import ParameterError
from tumorkit.io.atomic import atomic_path
from tumorkit.io.maf import MafSource
from tumorkit.io.outputs import STDOUT, Outputs
from tumorkit.tmb.analysis import with_rules
from tumorkit.tmb.calibrate.run import read_calibration
from tumorkit.tmb.cohort.analysis import cohort_row, estimate_cohort
from tumorkit.tmb.params import TmbParams
from tumorkit.tmb.result import COHORT_TABLE, COHORT_TRACE, TmbCohort, Verdict
from tumorkit.tmb.run import TmbFiles, chosen, inputs_of
from tumorkit.tmb.territory.run import by_scheme, territory_for
from tumorkit.tmb.text import cohort_summary, trace_row
from tumorkit.variants.evidence.run import CaseFiles

MAF_NOTE = "samples without any variant have no row in a MAF and are not listed unless named"


def run_tmb_cohort(
    maf: Path,
    *,
    targets: Path | None = None,
    exons: Path | None = None,
    masks: Sequence[Path] = (),
    megabases: float | None = None,
    calibration: Path | None = None,
    preset: str | Sequence[str] = (),
    params: TmbParams | None = None,
    changes: Mapping[str, object] | None = None,
    samples: Sequence[str] = (),
    trace: Path | None = None,
    progress: Progress = SILENT,
) -> TmbCohort:
    """Score every sample of a MAF under one scheme.

    ``samples`` names samples to score even if the MAF has no row of theirs. ``trace`` is a table
    of every row: counted or rejected, and why. Other arguments as in
    :func:`run_tmb`.
    """
    schemes = chosen(preset, params)
    if len(schemes) > 1:
        raise ParameterError("a cohort is scored under one scheme", "name one --preset")
    scheme = with_rules(schemes[0], changes or {})
    if scheme.weighs:
        raise ParameterError(
            f"{maf.name}: a MAF holds no P(somatic), so germline variants cannot be weighed",
            "score a VCF with --germline posterior, or the MAF by the scheme's rules",
        )
    built = territory_for(targets, exons, masks)
    territories, _ = by_scheme((scheme,), built, None)
    source = MafSource(maf)
    with tracing(trace) as heard:
        cohort = estimate_cohort(
            progress.track(source, label="variants"),
            None if territories is None else territories[scheme.scheme],
            scheme,
            megabases=megabases,
            calibration=read_calibration(calibration) if calibration else None,
            samples=samples,
            frequencies=source.frequencies or None,
            fields=(),
            trace=heard,
        )
    notes = (*(built.notes if built is not None else ()), MAF_NOTE)
    inputs = inputs_of(maf, targets, exons, None, masks, calibration=calibration)
    return dataclasses.replace(cohort, notes=notes, inputs=inputs)


@contextlib.contextmanager
def tracing(path: Path | None) -> Iterator[Callable[[str, Verdict], None] | None]:
    """Give what writes a row for each verdict; the file appears whole or not at all."""
    if path is None:
        yield None
        return
    with contextlib.ExitStack() as stack:
        table: IO[str] = sys.stdout
        if path != STDOUT:
            temporary = stack.enter_context(atomic_path(path))
            table = stack.enter_context(temporary.open("w", encoding="utf-8", newline=""))
        table.write(COHORT_TRACE.header() + "\n")

        def write(sample: str, verdict: Verdict) -> None:
            table.write(COHORT_TRACE.line({"sample": sample, **trace_row(verdict)}) + "\n")

        yield write


VCF_ONLY = {"case_files", "coverage", "tumor", "normal", "transcripts"}


def for_maf(files: TmbFiles, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the inputs that serve for a MAF; raise where an option needs a VCF."""
    used = {key: value for key, value in inputs.items() if value not in (None, (), CaseFiles())}
    others = dataclasses.replace(files, trace=None)
    if any(others.to_document().values()) or VCF_ONLY & used.keys():
        raise ParameterError(
            "a MAF gives one row per sample: --hydra, --balsamic-stat, --gene-table, --territory, "
            "--coverage, --tumor-sample, --normal-sample, --transcripts and what is known of a "
            "case need a VCF"
        )
    return {**used, "trace": files.trace}


def write_cohort(cohort: TmbCohort, outputs: Outputs, *, trace: Path | None = None) -> None:
    """Write a cohort as table and JSON; show it briefly, unless the trace took stdout."""
    outputs.write_output(COHORT_TABLE.text_of(cohort_row(score) for score in cohort.samples))
    outputs.write_json(to_document(cohort))
    if trace == STDOUT:
        return
    outputs.summarize(cohort_summary(cohort))
