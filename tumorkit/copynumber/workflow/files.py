"""What a whole run is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from tumorkit.copynumber.call.analysis import Sex
from tumorkit.copynumber.workflow.params import RunParams
from tumorkit.errors import ParameterError
from tumorkit.genome.build import Build, build_named


@dataclass(frozen=True, kw_only=True)
class RunFiles:
    """Inputs of a whole run; the tumour's alignment and the reference are always needed.

    Hybrid capture and amplicons need ``targets``, or ``bins`` made of them before, or a
    ``panel_of_normals``, whose bins are then used. The tumour is held against the panel, else
    against its ``normal``, else against nothing. SNPs are those of ``germline`` (the normal's
    VCF), else of ``snps`` (population sites), else those that the reads show on targets.
    """

    tumor: Path
    reference: Path
    targets: Path | None = None
    bins: Path | None = None
    normal: Path | None = None
    panel_of_normals: Path | None = None
    germline: Path | None = None
    snps: Path | None = None
    genes: Path | None = None
    access: Path | None = None
    mappability: Path | None = None
    repeats: Path | None = None
    normal_sample: str | None = None

    def given(self) -> list[tuple[str, Path]]:
        """Return role and path of each file that was given."""
        return [(role, path) for role, path in vars(self).items() if isinstance(path, Path)]


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is known of the tumour beforehand; None is unknown."""

    sample: str = ""
    purity: float | None = None
    ploidy: float | None = None
    sex: Sex | None = None
    build: Build | None = None


def files_of(given: Mapping[str, Any]) -> RunFiles:
    """Return the inputs among what was given by name."""
    return RunFiles(**{one.name: given[one.name] for one in fields(RunFiles)})


def known_of(given: Mapping[str, Any]) -> Known:
    """Return what is known of the tumour among what was given by name; ``build`` is a name."""
    build = given["build"]
    names = ("sample", "purity", "ploidy", "sex")
    return Known(
        **{name: given[name] for name in names}, build=build_named(build) if build else None
    )


def check_files(files: RunFiles, params: RunParams) -> None:
    """Raise where what was given cannot make a run."""
    if files.normal is not None and files.normal.resolve() == files.tumor.resolve():
        raise ParameterError("tumour and normal are the same file", "give the normal's alignment")
    if files.bins is not None and files.panel_of_normals is not None:
        raise ParameterError("give --bins or --panel-of-normals, not both", "a panel has its bins")
    made = files.panel_of_normals or files.bins or files.targets
    if made is None and params.bins.method != "wgs":
        raise ParameterError(
            f"method {params.bins.method} needs targets", "add --targets BED, or --method wgs"
        )
    if files.germline is not None and files.snps is not None:
        raise ParameterError("give --snps or --germline, not both", "the normal's own VCF is best")
