"""Judges every allele twice: as it is, and with tumour and normal exchanged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from tumorkit.contract.estimate import Estimate
from tumorkit.core.poisson import garwood_interval
from tumorkit.errors import ParameterError
from tumorkit.genome.build import detect_build
from tumorkit.genome.vcf import VcfHeader, VcfRecord
from tumorkit.variants.calls import CallReader
from tumorkit.variants.filter.block_columns import columns_of
from tumorkit.variants.filter.examples import check_examples
from tumorkit.variants.filter.expression import Name
from tumorkit.variants.filter.judge import Judge
from tumorkit.variants.filter.params import Preparation
from tumorkit.variants.filter.quantities import AlleleColumns
from tumorkit.variants.filter.specification import Specification
from tumorkit.variants.roles import Roles
from tumorkit.variants.swap.params import SwapParams
from tumorkit.variants.swap.result import FilterPasses, SwapResult

Depths = NDArray[np.float64]


class Exchange:
    """A specification bound to a pair both ways round, and the classes of the alleles so far."""

    def __init__(
        self, specification: Specification, header: VcfHeader, roles: Roles, params: SwapParams
    ) -> None:
        exchanged = Roles(tumor=roles.normal, normal=roles.tumor, source="exchanged")
        prepared = Preparation(material=params.material, library=params.library, reads=params.reads)
        self.straight = Judge(specification, CallReader(header, roles), prepared)
        self.judge = Judge(specification, CallReader(header, exchanged), prepared)
        self.min_lost_vaf = params.min_lost_vaf
        count = len(self.judge.active)
        self.fails, self.only = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
        self.alleles = self.passed = self.without_reads = self.lost = self.false = 0
        self.depths: tuple[list[Depths], list[Depths]] = ([], [])

    @property
    def failed(self) -> int:
        """Alleles that fail when exchanged."""
        return self.alleles - self.without_reads - self.lost - self.false

    def add(self, records: Sequence[VcfRecord]) -> None:
        """Judge a block both ways round."""
        columns = columns_of(records, self.straight.reader)
        for side, who in zip(self.depths, ("tumor", "normal"), strict=True):
            side.append(numbers(columns, f"{who}.depth"))
        self.passed += int((~self.straight.judge(columns).failed).sum())
        swapped = columns_of(records, self.judge.reader)
        judgement = self.judge.judge(swapped)
        fails = judgement.fails
        self.fails += fails.sum(axis=1)
        self.only += (fails & (fails.sum(axis=0) == 1)).sum(axis=1)
        kept = ~judgement.failed
        unseen = kept & ~(numbers(swapped, "tumor.alt_depth") > 0)
        lost = kept & ~unseen & (numbers(swapped, "tumor.vaf") >= self.min_lost_vaf)
        self.alleles += swapped.size
        self.without_reads += int(unseen.sum())
        self.lost += int(lost.sum())
        self.false += int((kept & ~unseen & ~lost).sum())

    def rows(self) -> tuple[FilterPasses, ...]:
        """Return what each filter keeps out."""
        return tuple(
            FilterPasses(
                filter=item.id,
                says=item.says,
                failed=int(self.fails[row]),
                only=int(self.only[row]),
            )
            for row, item in enumerate(self.judge.active)
        )


def numbers(columns: AlleleColumns, name: str) -> Depths:
    """Return a quantity's numbers."""
    return np.asarray(columns.column(Name(name)).values, dtype=np.float64)


def swap_roles(
    blocks: Iterable[Sequence[VcfRecord]],
    header: VcfHeader,
    roles: Roles,
    specification: Specification,
    params: SwapParams | None = None,
    *,
    megabases: float | None = None,
) -> SwapResult:
    """Judge a pair's alleles with tumour and normal exchanged; what passes is a false positive.

    ``megabases`` is the size of the territory that was called. Raises :class:`ParameterError`
    without a matched normal, and where the two samples are too unlike to speak for each other:
    other material, or median depths further apart than ``params.max_depth_ratio``.
    """
    params = params or SwapParams()
    if roles.tumor is None or roles.normal is None:
        raise ParameterError(
            "tumour and normal cannot be exchanged: the VCF has no matched normal",
            "give the VCF of a tumour-normal pair; --normal-sample names the normal",
        )
    require_same_material(params)
    check_examples(specification)
    exchange = Exchange(specification, header, roles, params)
    for records in blocks:
        exchange.add(records)
    tumor_depth, normal_depth = (median_of(side) for side in exchange.depths)
    require_like_depth(tumor_depth, normal_depth, params.max_depth_ratio)
    build = detect_build(header.contig_lengths)
    low, high = garwood_interval(exchange.false, params.level)
    return SwapResult(
        sample=roles.tumor,
        build=build.name if build else "",
        false_positives=Estimate(
            value=float(exchange.false), unit="alleles", low=low, high=high, level=params.level
        ),
        per_megabase=per_megabase(exchange.false, megabases, params.level),
        share_of_passed=share(exchange.false, exchange.passed, params.level),
        preset=specification.name,
        specification_version=specification.version,
        specification_sha256=specification.sha256,
        tumor_sample=roles.tumor,
        normal_sample=roles.normal,
        tumor_depth=tumor_depth,
        normal_depth=normal_depth,
        alleles=exchange.alleles,
        passed=exchange.passed,
        swapped_failed=exchange.failed,
        swapped_without_reads=exchange.without_reads,
        swapped_lost_germline=exchange.lost,
        filters=exchange.rows(),
        not_evaluable=exchange.judge.not_evaluable,
        notes=notes_of(params, exchange.judge),
        params=params,
    )


def require_same_material(params: SwapParams) -> None:
    """Refuse an exchange between materials: formalin's noise is not that of blood."""
    ours, theirs = params.material, params.normal_material
    if ours != theirs and "unknown" not in (ours, theirs):
        raise ParameterError(
            f"tumour ({ours}) and normal ({theirs}) are of different material: the noise of one "
            "says nothing about the other",
            "compare with a normal of the same material, or with a panel of normals "
            "(tumorkit variants background)",
        )


def require_like_depth(tumor: float | None, normal: float | None, limit: float) -> None:
    """Refuse an exchange between samples whose depths differ by more than ``limit``."""
    if not tumor or not normal:
        return
    ratio = max(tumor, normal) / min(tumor, normal)
    if ratio > limit:
        raise ParameterError(
            f"median depths of tumour ({tumor:g}) and normal ({normal:g}) differ {ratio:.1f}-fold, "
            f"more than {limit:g}-fold: the noise of one says nothing about the other",
            "sample the deeper one down, or use a panel of normals (tumorkit variants background)",
        )


def median_of(parts: Sequence[Depths]) -> float | None:
    """Return the median of what is known, None where nothing is."""
    known = np.concatenate(parts) if parts else np.empty(0)
    known = known[~np.isnan(known)]
    return float(np.median(known)) if known.size else None


def per_megabase(count: int, megabases: float | None, level: float) -> Estimate:
    """Return a count per megabase with its exact interval."""
    unit = "alleles/Mb"
    if not megabases:
        return Estimate.not_evaluable("the size of the called territory is not known", unit=unit)
    low, high = garwood_interval(count, level)
    return Estimate(
        value=count / megabases,
        unit=unit,
        low=low / megabases,
        high=high / megabases,
        level=level,
        evidence={"megabases": megabases},
    )


def share(count: int, passed: int, level: float) -> Estimate:
    """Return false positives as a share of what passes; never more than all of it."""
    if passed == 0:
        return Estimate.not_evaluable("nothing passes", unit="fraction")
    low, high = garwood_interval(count, level)
    return Estimate(
        value=min(1.0, count / passed),
        unit="fraction",
        low=min(1.0, low / passed),
        high=min(1.0, high / passed),
        level=level,
    )


def notes_of(params: SwapParams, judge: Judge) -> tuple[str, ...]:
    """Return what limits the answer."""
    notes = [
        "a lower bound: the caller wrote only what it saw in the tumour; a run of the caller with "
        "the BAMs exchanged shows the rest"
    ]
    if "unknown" in (params.material, params.normal_material):
        notes.append("material of tumour and normal not stated: taken to be the same")
    if any(Name("caller_filter") in item.names for item in judge.active):
        notes.append("the caller's own filters judged the pair the right way round")
    return (*notes, *judge.notes)
