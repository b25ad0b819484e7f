"""Reads specifications and perhaps a VCF; says what they mean, what can run, and the traps."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tumorkit.contract.progress import SILENT, Progress
from tumorkit.contract.summary import Summary
from tumorkit.errors import ParameterError
from tumorkit.io.atomic import atomic_path
from tumorkit.io.text import require_file
from tumorkit.io.vcf import open_vcf
from tumorkit.variants.calls import CallReader
from tumorkit.variants.check.words import sentences
from tumorkit.variants.evidence.run import CaseFiles
from tumorkit.variants.filter.document import parse_yaml
from tumorkit.variants.filter.hydra import HydraFile, Trap, is_hydra, read_hydra
from tumorkit.variants.filter.lint import lint_beside_vcf, lint_twins
from tumorkit.variants.filter.params import Preparation
from tumorkit.variants.filter.presets import preset_names
from tumorkit.variants.filter.run import (
    CHECKED_RECORDS,
    check_summary,
    first_oddities,
    read_specification,
    run_check,
)
from tumorkit.variants.filter.written import written
from tumorkit.variants.roles import assign_roles


def run_review(
    names: Sequence[str],
    *,
    preset: str | None = None,
    words: bool = False,
    write_spec: Path | None = None,
    tumor: str | None = None,
    normal: str | None = None,
    files: CaseFiles | None = None,
    preparation: Preparation | None = None,
    progress: Progress = SILENT,
) -> tuple[Summary, ...]:
    """Review specifications: YAML files and presets by name, and perhaps one VCF among ``names``.

    With a VCF: which filters it can answer with what ``files`` say of the case, and what is odd
    about its first records; with a reference their REF is compared. Without, or with ``words``:
    every filter in a sentence. Files of hydra-genetics are read with their traps; two of them are
    compared as twins.
    ``write_spec`` gets the first specification as YAML, flattened. Raises
    :class:`ParameterError` for what is wrong with a specification, or names that do not fit.
    """
    specs, vcf = sorted_names(names, preset)
    if not specs:
        raise ParameterError(
            "give a specification or a preset", f"presets: {', '.join(preset_names())}"
        )
    found = [read_specification(*_source(name)) for name in specs]
    hydras = [hydra for name in specs if (hydra := hydra_file(name))]
    if len(specs) > 1 and len(hydras) != len(specs):
        raise ParameterError(
            "only filter files of hydra-genetics are checked as twins",
            "what two specifications judge differently says: tumorkit variants diff A B VCF",
        )
    shown = []
    for name, specification in zip(specs, found, strict=True):
        progress.log(f"checking {name}" + (f" against {vcf.name}" if vcf else ""))
        if words or vcf is None:
            said = sentences(specification)
            rows = tuple((line,) for line in said[1:])
            shown.append(Summary(title=said[0], columns=("in words",), rows=rows))
        if vcf is not None:
            path, preset_name = _source(name)
            answered = run_check(
                vcf,
                preset=preset_name,
                spec=path,
                tumor=tumor,
                normal=normal,
                files=files,
                preparation=preparation,
            )
            oddities = first_oddities(vcf, files.reference if files else None)
            shown.append(check_summary(*answered, preparation, oddities))
    for hydra in hydras:
        shown.append(traps_of(hydra, vcf, tumor, normal))
    for at, hydra in enumerate(hydras[1:], start=1):
        shown.append(trap_table(hydras[at - 1], lint_twins(hydras[at - 1], hydra), "as twins"))
    if write_spec is not None:
        comments = hydras[0].comments() if hydras else None
        with atomic_path(write_spec) as temporary:
            temporary.write_text(written(found[0], comments), encoding="utf-8")
    return tuple(shown)


def sorted_names(names: Sequence[str], preset: str | None) -> tuple[list[str], Path | None]:
    """Tell specifications from the VCF: YAML by its ending, presets by their name."""
    specs = [preset] if preset else []
    vcfs: list[str] = []
    for name in names:
        by_name = name in preset_names() and not Path(name).exists()
        (specs if by_name or name.endswith((".yaml", ".yml")) else vcfs).append(name)
    if len(vcfs) > 1:
        raise ParameterError(f"expected one VCF, found {len(vcfs)}: {', '.join(vcfs)}")
    return specs, Path(vcfs[0]) if vcfs else None


def _source(name: str) -> tuple[Path | None, str | None]:
    """Return a specification's file, or its preset."""
    return (Path(name), None) if name.endswith((".yaml", ".yml")) else (None, name)


def hydra_file(name: str) -> HydraFile | None:
    """Return a file of hydra-genetics; None for specifications of ours."""
    path, _ = _source(name)
    if path is None:
        return None
    require_file(path)
    text = path.read_text(encoding="utf-8")
    return read_hydra(text, name) if is_hydra(parse_yaml(text, name)) else None


def traps_of(hydra: HydraFile, vcf: Path | None, tumor: str | None, normal: str | None) -> Summary:
    """Return the traps of a file, also those that show beside the first records of a VCF."""
    traps = hydra.traps
    if vcf is not None:
        with open_vcf(vcf) as source:
            roles = assign_roles(source.header, tumor=tumor, normal=normal, path=vcf)
            first = next(source.blocks(CHECKED_RECORDS), [])
            traps += lint_beside_vcf(hydra, CallReader(source.header, roles), first)
    return trap_table(hydra, traps, "where hydra does otherwise")


def trap_table(hydra: HydraFile, traps: Sequence[Trap], what: str) -> Summary:
    """Return traps as a table, each with its line."""
    grouped: dict[str, list[Trap]] = {}
    for trap in sorted(traps, key=lambda trap: trap.line):
        grouped.setdefault(trap.says, []).append(trap)
    rows = [
        (
            ", ".join(dict.fromkeys(str(trap.line) for trap in same if trap.line)),
            ", ".join(dict.fromkeys(trap.filter for trap in same if trap.filter)),
            f"LINT: {says}",
        )
        for says, same in grouped.items()
    ]
    return Summary(
        title=f"LINT: {hydra.where} {what}: {len(rows) or 'no'} findings",
        columns=("line", "filter", "finding"),
        rows=tuple(rows),
    )
