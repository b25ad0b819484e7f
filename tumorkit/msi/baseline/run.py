"""Join reading normals, pooling and writing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tumorkit.contract.progress import SILENT, Progress
from tumorkit.contract.result import to_document
from tumorkit.contract.summary import Summary
from tumorkit.errors import ParameterError
from tumorkit.io.alignment import open_alignment
from tumorkit.io.digest import input_file
from tumorkit.io.loci import loci_text
from tumorkit.io.outputs import Outputs
from tumorkit.msi.baseline.analysis import pool_lengths
from tumorkit.msi.baseline.params import BaselineParams
from tumorkit.msi.baseline.result import BaselineResult
from tumorkit.msi.run import count_sample, load_loci


def run_baseline(
    normals: Sequence[Path],
    *,
    loci: Path,
    reference: Path | None = None,
    params: BaselineParams | None = None,
    threads: int = 1,
    progress: Progress = SILENT,
) -> BaselineResult:
    """Learn the stutter of listed sites from one or more normal BAMs or CRAMs."""
    params = params or BaselineParams()
    if not normals:
        raise ParameterError("a baseline needs at least one normal", "name their BAMs")
    refuse_twice(normals)
    sites, notes = load_loci(loci, reference=reference)
    counted, samples, builds = [], [], []
    for path in progress.track(normals, label="normals", total=len(normals)):
        opened = open_alignment(path, reference=reference, progress=progress)
        found = count_sample(opened, sites, source=loci, params=params, threads=threads)
        counted.append(found.counts)
        samples.append(opened.sample)
        builds.append(opened.build.name if opened.build else "")
        notes += found.notes
    if len({*builds}) > 1:
        raise ParameterError(
            f"normals of different builds: {', '.join(sorted({*builds}))}", "give one build"
        )
    result = pool_lengths(counted, params)
    inputs = [input_file("loci", loci), *(input_file("normal", path) for path in normals)]
    return replace(
        result,
        samples=tuple(samples),
        build=builds[0],
        inputs=tuple(inputs),
        notes=tuple(dict.fromkeys(notes)),
    )


def refuse_twice(normals: Sequence[Path]) -> None:
    """Raise where one file is given as two normals: it would count for more than it knows."""
    seen: dict[str, Path] = {}
    for path in normals:
        digest = input_file("normal", path).sha256
        if digest in seen:
            raise ParameterError(
                f"{path}: the same file as {seen[digest]}: one normal would count as two",
                "name every normal once",
            )
        seen[digest] = path


def write_baseline(result: BaselineResult, outputs: Outputs) -> None:
    """Write the baseline (msisensor-pro's old form and our column), JSON and the short table."""
    more: dict[str, Sequence[object]] = {
        "threshold": ["-1" if s.threshold is None else f"{s.threshold:.6g}" for s in result.sites],
        "supportSamples": [site.covered for site in result.sites],
        "lengths": [
            ",".join(f"{step}:{reads}" for step, reads in site.steps.items())
            for site in result.sites
        ],
    }
    outputs.write_output(loci_text((site.locus for site in result.sites), more))
    outputs.write_json(to_document(result))
    outputs.summarize(
        Summary(
            title="microsatellites of normals",
            columns=("what", "value"),
            rows=(
                ("normals", str(len(result.samples))),
                ("sites", f"{result.listed:,}"),
                ("sites that a normal tells of", f"{result.known:,}"),
                ("normals a site", f"{result.fewest_normals} to {result.most_normals}"),
            ),
            notes=result.notes,
        )
    )
