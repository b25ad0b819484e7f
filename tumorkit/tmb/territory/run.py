"""Builds the territory of each scheme from files, and writes it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tumorkit.errors import ParameterError
from tumorkit.genome.interval import Territory
from tumorkit.genome.vcf import VcfHeader
from tumorkit.io.atomic import write_text
from tumorkit.io.territory import (
    BuiltTerritory,
    build_territory,
    check_contigs,
    covered_part,
)
from tumorkit.tmb.detection import depth_needed
from tumorkit.tmb.params import TmbParams
from tumorkit.tmb.result import TerritoryStep, TmbResult


def territory_notes(
    built: BuiltTerritory | None,
    targets: Path | None,
    header: VcfHeader,
    vcf: Path,
    coverage: Path | None,
    purity: float | None,
    params: TmbParams,
) -> list[str]:
    """Return what was changed to build a territory and what it leaves open.

    Raises where it shares no contig with the VCF.
    """
    open_ends = design_notes(params, targets, coverage, purity)
    if built is None or targets is None:
        return open_ends
    if not built.territory.bases:
        return [*built.notes, *open_ends]
    checked = check_contigs(built.territory, targets, header.contigs, vcf)
    return [*built.notes, *checked, *open_ends]


def design_notes(
    params: TmbParams, targets: Path | None, coverage: Path | None, purity: float | None
) -> list[str]:
    """Return what a territory leaves open that is the design's, not what was really covered."""
    if coverage is not None or (targets is None and purity is None):
        return []
    needed = None if purity is None else depth_needed(purity, params)
    if needed is None:
        return ["the territory is that of the design: bases that were not covered are in it"]
    return [
        f"the territory is that of the design: at a purity of {purity:.2g} a base shows a clonal "
        f"variant from {needed} reads on, and shallower ones are in it; --coverage leaves them out"
    ]


def territory_for(
    targets: Path | None, exons: Path | None, masks: Sequence[Path]
) -> BuiltTerritory | None:
    """Build the territory that the schemes of one pass share, None without targets."""
    if targets is None:
        if exons is not None:
            raise ParameterError(
                "exons without targets say nothing about what was sequenced",
                "give the panel with --targets as well",
            )
        return None
    return build_territory(targets, exons, masks)


def by_scheme(
    schemes: Sequence[TmbParams],
    built: BuiltTerritory | None,
    coverage: Path | None,
    purity: float | None = None,
) -> tuple[dict[str, Territory] | None, tuple[TerritoryStep, ...]]:
    """Return each scheme's territory, and the steps that led to the first scheme's."""
    if built is None:
        if coverage is not None:
            raise ParameterError(
                "coverage without targets says nothing about what was sought",
                "give the panel with --targets as well",
            )
        return None, ()
    steps = [TerritoryStep(text=text, megabases=size) for text, size in built.steps]
    found: dict[str, Territory] = {}
    for at, params in enumerate(schemes):
        territory = built.territory if params.coding_territory else built.whole
        if coverage is not None:
            depth = params.callable_depth
            if purity is not None:
                depth = max(depth, depth_needed(purity, params) or depth)
            territory, step = covered_part(territory, coverage, depth)
            steps += [TerritoryStep(text=step[0], megabases=step[1])] if at == 0 else []
        found[params.scheme] = territory
    return found, tuple(steps)


def write_beside(
    gene_table: Path | None,
    saved: Path | None,
    built: BuiltTerritory | None,
    territories: dict[str, Territory] | None,
    result: TmbResult,
) -> TmbResult:
    """Write the files about the first scheme's territory; return the result as it is."""
    territory = (territories or {}).get(result.scheme)
    if gene_table is not None:
        write_genes(gene_table, built, territory, result)
    if saved is not None:
        write_territory(saved, territory)
    return result


def write_territory(path: Path, territory: Territory | None) -> None:
    """Write a territory as BED."""
    if territory is None:
        raise ParameterError("there is no territory to write", "give the panel with --targets")
    rows = "".join(f"{row.contig}\t{row.start}\t{row.end}\n" for row in territory)
    write_text(path, rows)


def write_genes(
    path: Path, built: BuiltTerritory | None, territory: Territory | None, result: TmbResult
) -> None:
    """Write what each gene contributes: its megabases of the territory, its counted variants."""
    if built is None or territory is None or not built.exons:
        raise ParameterError(
            "the table of genes needs targets and exons", "give --targets and --exons"
        )
    sizes = built.genes(territory)
    counted = dict.fromkeys(sizes, 0)
    for hit in result.variants:
        counted[hit.gene] = counted.get(hit.gene, 0) + 1
    rows = "".join(
        f"{name or '.'}\t{sizes.get(name, 0.0):.6f}\t{hits}\n" for name, hits in counted.items()
    )
    write_text(path, "gene\tmegabases\tcounted\n" + rows)
