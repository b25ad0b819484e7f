"""Reads a tumour-normal VCF and exchanges the two samples."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from tumorkit.contract.progress import SILENT, Progress
from tumorkit.contract.result import to_document
from tumorkit.genome.interval import Territory
from tumorkit.io.bed import read_intervals
from tumorkit.io.digest import input_file
from tumorkit.io.outputs import Outputs
from tumorkit.io.vcf import open_vcf
from tumorkit.variants.filter.run import read_specification
from tumorkit.variants.roles import assign_roles
from tumorkit.variants.swap.analysis import swap_roles
from tumorkit.variants.swap.params import SwapParams
from tumorkit.variants.swap.result import SwapResult


def run_swap(
    vcf: Path,
    *,
    preset: str | None = None,
    spec: Path | None = None,
    targets: Path | None = None,
    tumor: str | None = None,
    normal: str | None = None,
    params: SwapParams | None = None,
    progress: Progress = SILENT,
) -> SwapResult:
    """Say how many false positives a specification lets through at least, on one pair.

    ``targets`` is the BED of what was called, for a number per megabase. Raises
    :class:`ParameterError` for a VCF without a normal and for samples too unlike.
    """
    params = params or SwapParams()
    specification = read_specification(spec, preset)
    inputs = [input_file("somatic", vcf)]
    inputs += [
        input_file(role, path)
        for role, path in (("specification", spec), ("targets", targets))
        if path is not None
    ]
    territory = Territory(read_intervals(targets)) if targets else None
    with open_vcf(vcf) as source:
        roles = assign_roles(source.header, tumor=tumor, normal=normal, path=vcf)
        result = swap_roles(
            progress.track(source.packed(params.block_size), label="Judging twice"),
            source.header,
            roles,
            specification,
            params,
            megabases=territory.megabases if territory else None,
        )
    return dataclasses.replace(result, inputs=tuple(inputs))


def write_swap(result: SwapResult, outputs: Outputs) -> None:
    """Write the JSON document and show the short table."""
    outputs.write_json(to_document(result))
    outputs.summarize(result.summary())
