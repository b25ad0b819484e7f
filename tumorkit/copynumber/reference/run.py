"""Join reading, pooling and writing of a reference."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tumorkit.contract.progress import SILENT, Progress
from tumorkit.contract.result import to_document
from tumorkit.contract.summary import Summary
from tumorkit.copynumber.normalize.matching import Place, places_of
from tumorkit.copynumber.reference.analysis import flat_reference, pool_normals
from tumorkit.copynumber.reference.params import ReferenceParams
from tumorkit.copynumber.reference.result import ReferenceResult
from tumorkit.errors import InputError, ParameterError, TumorkitError
from tumorkit.genome.bins import Bins
from tumorkit.genome.build import Build, detect_build
from tumorkit.genome.segment import CopyRatios
from tumorkit.io.bed import read_intervals
from tumorkit.io.bins import read_bins, reference_text
from tumorkit.io.content import bins_of_coverage, with_content
from tumorkit.io.coverage import read_depths, sample_of
from tumorkit.io.digest import input_file
from tumorkit.io.fasta import open_fasta
from tumorkit.io.outputs import Outputs
from tumorkit.io.text import read_lines

# A bin that fewer than half of the normals have is no part of the panel.
LEAST_NORMALS = 0.5
LEAST_SHARED = 0.5


def run_reference(
    normals: Sequence[Path],
    *,
    reference: Path | None = None,
    bins: Path | None = None,
    params: ReferenceParams | None = None,
    build: Build | None = None,
    progress: Progress = SILENT,
) -> ReferenceResult:
    """Pool coverages of normals; a file of targets and one of off-target bins may make a normal.

    GC and repeats come from ``bins`` (``tumorkit cnv bins``) or the FASTA ``reference``; without
    either they are not corrected. Normals whose bins are not those of the others are refused.
    """
    samples: dict[str, list[Path]] = {}
    for path in normals:
        samples.setdefault(sample_of(path), []).append(path)
    if not samples:
        raise ParameterError("no normal was given", "give coverages of normals, or --flat")
    for name, paths in samples.items():
        if len(paths) > 2:
            raise ParameterError(f"{len(paths)} files are named after normal {name}")
    read = [read_depths(*paths) for paths in samples.values()]
    progress.log(f"{len(read)} normals, {len(read[0])} bins")
    panel, depth, left_out = on_common_bins(read, [paths[0] for paths in samples.values()])
    panel = with_content(panel, reference=reference, listed=bins, progress=progress)
    build = build or build_of(reference)
    try:
        result = pool_normals(panel, depth, tuple(samples), params, build=build)
    except ParameterError:
        raise
    except TumorkitError as error:
        raise InputError(normals[0], error.message, hint=error.hint) from error
    notes = list(result.notes)
    if not np.isfinite(panel.gc).any():
        notes.append("GC of bins is not known, so it was not corrected; give --reference")
    inputs = [input_file("normal", path) for path in normals]
    inputs += [
        input_file(role, path)
        for role, path in (("reference", reference), ("bins", bins))
        if path is not None
    ]
    return replace(
        result, left_out=left_out, notes=tuple(notes), inputs=tuple(inputs), sample="panel"
    )


def run_flat(
    targets: Path, *, reference: Path | None = None, progress: Progress = SILENT
) -> ReferenceResult:
    """Make a reference without normals for bins (``tumorkit cnv bins``) or a BED of targets."""
    result = flat_reference(with_content(bins_in(targets), reference=reference, progress=progress))
    inputs = [input_file("targets", targets)]
    if reference is not None:
        inputs.append(input_file("reference", reference))
    return replace(result, inputs=tuple(inputs), sample="flat")


def bins_in(path: Path) -> Bins:
    """Read bins from our table, or from any list of intervals."""
    from tumorkit.copynumber.bins.analysis import as_columns

    first = next((line for _, line in read_lines(path)), "")
    if "\t" in first and {"start", "end"} <= set(first.lstrip("#").split("\t")):
        return read_bins(path)
    return as_columns(read_intervals(path))


def build_of(reference: Path | None) -> Build | None:
    """Return the build that the FASTA's contig lengths tell of."""
    if reference is None:
        return None
    with open_fasta(reference) as fasta:
        return detect_build(fasta.lengths)


def on_common_bins(
    samples: Sequence[CopyRatios], paths: Sequence[Path]
) -> tuple[Bins, NDArray[np.float64], int]:
    """Return the bins that half of the normals have, the depth of each, and how many were left out.

    A normal that has fewer than half of these bins is of another panel: raises
    :class:`InputError` that names it.
    """
    places = [places_of(sample) for sample in samples]
    votes = Counter(place for listed in places for place in listed)
    common = {place for place, count in votes.items() if count >= LEAST_NORMALS * len(samples)}
    if not common:
        raise InputError(
            paths[0],
            "the normals share no bin",
            hint="measure all on the same bins: tumorkit cnv coverage --targets",
        )
    for path, listed in zip(paths, places, strict=True):
        shared = sum(place in common for place in listed)
        if shared < LEAST_SHARED * max(len(common), len(listed)):
            raise InputError(
                path,
                f"shares {shared} of {len(listed)} bins with the other normals' {len(common)}: "
                "it is of another panel or bin set",
                hint="measure all on the same bins: tumorkit cnv coverage --targets",
            )
    rows: dict[Place, int] = {}
    source: list[tuple[int, int]] = []
    for number, listed in enumerate(places):
        for at, place in enumerate(listed):
            if place in common and place not in rows:
                rows[place] = len(source)
                source.append((number, at))
    pieces = []
    for number, sample in enumerate(samples):
        own = [at for owner, at in source if owner == number]
        if own:
            pieces.append(bins_of_coverage(sample.taken(np.array(own, dtype=np.int64))))
    first = merged_bins(pieces)
    row_of = {place: row for row, place in enumerate(places_of(first))}
    depth = np.full((len(first), len(samples)), np.nan)
    for number, (sample, listed) in enumerate(zip(samples, places, strict=True)):
        there = [(row_of[place], row) for row, place in enumerate(listed) if place in row_of]
        rows_there = np.array(there, dtype=np.int64)
        depth[rows_there[:, 0], number] = sample.depth[rows_there[:, 1]]
    return first, depth, len(votes) - len(common)


def merged_bins(pieces: Sequence[Bins]) -> Bins:
    """Put bins of several samples together in genome order."""
    from tumorkit.genome.contigs import order

    columns = {
        name: np.concatenate([getattr(piece, name) for piece in pieces])
        for name in Bins.__dataclass_fields__
    }
    names = columns["contig"].tolist()
    ranks = {name: rank for rank, name in enumerate(sorted(set(names), key=order))}
    rank = np.array([ranks[name] for name in names], dtype=np.int64)
    rows = np.lexsort((columns["end"], columns["start"], rank))
    return Bins(**{name: column[rows] for name, column in columns.items()})


def write_reference(result: ReferenceResult, outputs: Outputs) -> None:
    """Write the ``.cnn``, JSON and the short table where they were asked for."""
    keep = result.params.keep_normals
    names = tuple(normal.sample for normal in result.normals if normal.pooled) if keep else ()
    outputs.write_output(reference_text(result.reference, names))
    outputs.write_json(to_document(result))
    outputs.summarize(summary(result))


def summary(result: ReferenceResult) -> Summary:
    """Return the short table: normals, spread, components, outliers."""

    def log2(value: float | None) -> str:
        return "unknown" if value is None else f"{value:.3f} log2"

    sexes = Counter(normal.sex.sex or "unknown" for normal in result.normals)
    rows = [
        ("bins", f"{result.bins}, {result.targets} of them targets"),
        ("bins of too few normals, left out", str(result.left_out)),
        ("normals pooled", f"{sum(n.pooled for n in result.normals)} of {len(result.normals)}"),
        ("sexes", ", ".join(f"{count} {name}" for name, count in sorted(sexes.items())) or "-"),
        ("spread of targets", log2(result.spread)),
        ("after components", log2(result.rest)),
        ("components", str(result.components)),
    ]
    rows += [
        (
            f"variance left by {fit.components}",
            f"{fit.variance_left:.3f} +- {fit.standard_error:.3f}",
        )
        for fit in result.component_fits
    ]
    rows += [
        (f"{effect.covariate} effect, {effect.group}", f"{effect.range:.3f} log2")
        for effect in result.effects
    ]
    rows += [
        (f"outlier {normal.sample}", normal.outlier) for normal in result.normals if normal.outlier
    ]
    return Summary(
        title="reference: flat" if result.flat else "reference: panel of normals",
        columns=("what", "value"),
        rows=tuple(rows),
        notes=result.notes,
    )
