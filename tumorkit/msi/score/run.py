"""Join reading loci and alignments, scoring and writing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from tumorkit.contract.progress import SILENT, Progress
from tumorkit.contract.result import to_document
from tumorkit.contract.summary import Summary
from tumorkit.errors import ReferenceMismatchError, TumorkitError
from tumorkit.genome.contigs import standard
from tumorkit.genome.repeat import Repeat
from tumorkit.io.alignment import open_alignment
from tumorkit.io.atomic import write_bytes
from tumorkit.io.digest import digest_beside, input_file, require_two_files
from tumorkit.io.fitted_purity import read_fitted_purity
from tumorkit.io.loci import LociFile, Normals, read_loci
from tumorkit.io.outputs import STDOUT, Outputs, write_to
from tumorkit.msi.baseline.analysis import known_of
from tumorkit.msi.run import Counted, count_sample, load_loci
from tumorkit.msi.score.analysis import SiteNormals, score_lengths
from tumorkit.msi.score.params import MsiParams
from tumorkit.msi.score.result import SITES, MsiResult

# msisensor-pro advises twenty normals; with fewer its threshold (mean + 3 sd) is hardly known.
FEW_NORMALS = 20


def run_msi(
    tumor: Path,
    *,
    loci: Path,
    normal: Path | None = None,
    baseline: Path | None = None,
    reference: Path | None = None,
    params: MsiParams | None = None,
    purity_fit: Path | None = None,
    threads: int = 1,
    progress: Progress = SILENT,
) -> MsiResult:
    """Score the microsatellite instability of a tumour BAM or CRAM, alone or beside its normal.

    ``loci`` is a list (ours, msisensor's or msisensor-pro's, old or new), a baseline, or a BED, for
    which ``reference`` or ``baseline`` tells what is repeated. ``baseline`` is ours
    (:func:`run_baseline`) or msisensor-pro's. ``purity_fit`` is the JSON of a purity's fit, taken
    where ``params`` has no purity.
    """
    if normal is not None:
        require_two_files(tumor, normal)
    params, said = with_purity(params or MsiParams(), purity_fit)
    table = None if baseline is None else read_loci(baseline)
    if table is not None and table.normals is None:
        table = None if baseline is None else no_baseline(baseline)
    sites, notes = load_loci(loci, baseline=table, reference=reference)
    opened = open_alignment(tumor, reference=reference, progress=progress)
    inputs = {
        "tumor": tumor,
        "loci": loci,
        "purity_fit": purity_fit,
        "normal": normal,
        "baseline": baseline,
    }
    digest_beside(inputs.values())
    notes += said
    found = count_sample(
        opened, sites, source=loci, params=params, threads=threads, progress=progress
    )
    own: Counted | None = None
    if normal is not None:
        beside = open_alignment(normal, reference=reference, progress=progress)
        own = count_sample(
            beside, sites, source=loci, params=params, threads=threads, progress=progress
        )
    normals = None
    if table is not None and baseline is not None:
        normals, more = matched(sites, table, loci)
        notes += more
    result = score_lengths(
        found.counts,
        None if own is None else own.counts,
        baseline=normals,
        absent={**(own.absent if own else {}), **found.absent},
        params=params,
    )
    notes += [*found.notes, *(note for note in (own.notes if own else ()))]
    return replace(
        result,
        sample=opened.sample,
        build=opened.build.name if opened.build else "",
        inputs=tuple(input_file(role, path) for role, path in inputs.items() if path is not None),
        notes=(*dict.fromkeys(notes), *result.notes),
    )


def with_purity(params: MsiParams, fit: Path | None) -> tuple[MsiParams, tuple[str, ...]]:
    """Return the settings with a fitted purity, unless one was given, and which one is used."""
    if fit is None:
        return params, ()
    fitted = read_fitted_purity(fit)
    known = params.purity if params.purity is not None else fitted.used
    return replace(params, purity=known), fitted.notes(params.purity)


def no_baseline(path: Path) -> LociFile:
    """Raise: a list without normals was given as baseline."""
    raise TumorkitError(
        f"{path}: is a list of sites, not a baseline: it knows no normals",
        "make one with `tumorkit msi baseline`, or leave --baseline out",
    )


def matched(sites: Sequence[Repeat], table: LociFile, loci: Path) -> tuple[SiteNormals, list[str]]:
    """Return what a baseline says of sites, matched by place and unit, and what is odd about it."""
    rows = {
        (standard(locus.contig), locus.start, locus.unit): normals
        for locus, normals in zip(table.loci, table.normals or (), strict=True)
    }
    found: list[Normals | None] = [
        rows.get((standard(locus.contig), locus.start, locus.unit)) for locus in sites
    ]
    hits = sum(item is not None for item in found)
    if 10 * hits < len(sites):
        raise ReferenceMismatchError(
            table.path,
            f"knows {hits} of the {len(sites)} sites of {loci.name}",
            hint="the baseline is probably of another reference build or another list",
        )
    notes = []
    if hits < len(sites):
        notes.append(f"{table.path.name} does not know {len(sites) - hits} of {len(sites)} sites")
    counts = [item.count for item in found if item is not None and item.count is not None]
    if counts and min(counts) < FEW_NORMALS:
        notes.append(
            f"{table.path.name} has {min(counts)} to {max(counts)} normals a site; its thresholds "
            f"(mean + 3 sd) ask for {FEW_NORMALS}"
        )
    if all(item is None or item.steps is None for item in found):
        notes.append(
            f"{table.path.name} keeps thresholds only: they serve msisensor-pro's score, the model "
            "learns stutter from this sample"
        )
    limits = [item.threshold if item is not None else None for item in found]
    return (
        SiteNormals(
            known=known_of(sites, [None if item is None else item.steps for item in found]),
            thresholds=np.array([np.nan if value is None else value for value in limits]),
        ),
        notes,
    )


def write_msi(
    result: MsiResult, outputs: Outputs, *, msisensor: Path | None = None, plot: Path | None = None
) -> None:
    """Write the table of sites, JSON, msisensor-pro's file and the picture where asked for."""
    outputs.write_output(SITES.text_of(result.sites))
    outputs.write_json(to_document(result))
    if msisensor is not None:
        write_to(msisensor, msisensor_text(result))
    if plot is not None:
        from tumorkit.msi.score.figure import figure_bytes, format_of, msi_figure

        write_bytes(plot, figure_bytes(msi_figure(result), format_of(plot)))
    if msisensor != STDOUT:
        outputs.summarize(summary_of(result))


def msisensor_text(result: MsiResult) -> str:
    """Return msisensor-pro's three columns, by its formula: ``msi`` for a pair, ``pro`` alone.

    Where too few sites were covered the percentage is ``NA``, not 0.
    """
    peer = result.peers[-1]
    value = "NA" if peer.score.value is None else f"{peer.score.value:.2f}"
    named = "Number_of_Somatic_Sites" if result.paired else "Number_of_Unstable_Sites"
    return f"Total_Number_of_Sites\t{named}\t%\n{peer.sites}\t{peer.unstable}\t{value}\n"


def summary_of(result: MsiResult) -> Summary:
    """Return the short table: the score, then what was left out and why."""
    msi = result.msi
    rows: list[tuple[str, str]] = []
    if (
        msi.status == "ok"
        and msi.value is not None
        and msi.low is not None
        and msi.high is not None
    ):
        limit = msi.cutoffs[0]
        rows += [
            ("unstable share", f"{msi.value:.1%} ({msi.low:.1%} to {msi.high:.1%})"),
            (
                f"against {limit.value:.3g} ({limit.source})",
                f"{msi.call}; {limit.certainty}, P(at or above) = {limit.probability_above:.3g}",
            ),
            ("unstable sites", f"{result.unstable}, {result.undetermined} cannot be told"),
        ]
    else:
        rows.append(("not evaluable", msi.reason or ""))
    rows.append(("usable sites", f"{result.usable:,} of {result.listed:,}"))
    rows += [(f"  {reason}", f"{count:,}") for reason, count in result.lost_sites.items()]
    rows.append(("fragments that vote", f"{result.votes:,}"))
    gone = {"tumour": result.lost_reads, "normal": result.normal_lost_reads or {}}
    for who, reasons in gone.items():
        rows += [
            (f"  {who}, not counted: {name.replace('_', ' ')}", f"{count:,}")
            for name, count in reasons.items()
            if count
        ]
    if result.detectable_fraction is not None and np.isfinite(result.detectable_fraction):
        rows.append(("seen from", f"{result.detectable_fraction:g} of the reads shifted"))
    for peer in result.peers:
        told = (
            f"{peer.score.value:.2f} % of {peer.sites:,} sites"
            if peer.score.value is not None
            else f"not evaluable: {peer.score.reason}"
        )
        call = f", {peer.score.call}" if peer.score.call else ""
        rows.append((f"{peer.name} on these counts", told + call))
    return Summary(
        title=f"{result.sample}: microsatellite instability",
        columns=("what", "value"),
        rows=tuple(rows),
        notes=result.notes,
    )


def check_evaluable(result: MsiResult) -> None:
    """Raise where there is no score."""
    if result.msi.status != "ok":
        raise TumorkitError(f"MSI is not evaluable: {result.msi.reason}")
