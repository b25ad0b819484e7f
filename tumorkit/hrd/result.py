"""The HRD sum with what it is made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from tumorkit.contract.estimate import Estimate
from tumorkit.contract.result import Result
from tumorkit.genome.segment import Segment
from tumorkit.genome.table import Column, TableSchema
from tumorkit.hrd.params import HrdParams
from tumorkit.hrd.presets import HrdPreset
from tumorkit.hrd.scars import Scar


@dataclass(frozen=True, kw_only=True)
class ScarCounts:
    """Scars by kind, on all arms, as counted; ``rule`` says by whose rule."""

    rule: str
    loh: int
    tai: int
    lst: int
    sum: int


@dataclass(frozen=True, kw_only=True)
class ArmEvidence:
    """What is known of a chromosome arm; ``snps`` and ``bins`` are None where not counted.

    ``start`` and ``length`` are the arm's, ``covered`` the bases in segments, ``known`` those whose
    alleles' copies are known. ``reason`` says why an arm is not evaluable.
    """

    contig: str
    arm: str
    start: int
    length: int
    covered: int
    known: int
    snps: float | None
    bins: float | None
    evaluable: bool
    reason: str


@dataclass(frozen=True, kw_only=True)
class SolutionScore:
    """Scars if a solution of purity and ploidy holds, on all arms."""

    purity: float
    ploidy: float
    weight: float
    loh: int
    tai: int
    lst: int
    sum: int


SCAR_SCHEMA = TableSchema(
    "hrd_scars",
    "Scars of failed repair; 0-based half-open.",
    (
        Column("contig", str, "Contig.", optional=False),
        Column("start", int, "First base.", optional=False),
        Column("end", int, "Base after the last.", optional=False),
        Column("kind", str, "LOH, TAI or LST.", optional=False),
        Column("arm", str, "p, q, or pq over the centromere.", optional=False),
        Column("state", str, "Copies major+minor within; on both sides of an LST.", optional=False),
        Column("counted", bool, "Whether its arm is evaluable.", optional=False),
    ),
)


@dataclass(frozen=True, kw_only=True)
class HrdResult(Result):
    """HRD sum, its three counts, the share of the genome in LOH, and every scar.

    Values are counts on evaluable arms, scaled to the whole autosomes where some are not
    evaluable; ``counts`` has the plain numbers of all arms, ``scarhrd`` those of scarHRD's text
    mode on the same rows. ``genomic_loh`` is in percent. ``normalized_lst`` is LST less 3.5 per
    doubling of the genome, ``adjusted_lst`` LST less 15.5 times the ploidy. ``ploidy`` is the mean
    copies of the autosomes as given. ``compat`` names the rule that the estimates follow,
    ``presets`` are the cut-offs that were asked for, with their grey zones.
    """

    schema_name: ClassVar[str] = "hrd"

    sum: Estimate
    loh: Estimate
    tai: Estimate
    lst: Estimate
    genomic_loh: Estimate
    normalized_lst: Estimate
    adjusted_lst: Estimate
    compat: str
    counts: ScarCounts
    scarhrd: ScarCounts | None
    ploidy: float | None
    doubled: bool | None
    evaluable: float
    arms: tuple[ArmEvidence, ...]
    scars: tuple[Scar, ...]
    solutions: tuple[SolutionScore, ...]
    notes: tuple[str, ...]
    params: HrdParams
    presets: tuple[HrdPreset, ...] = ()
    segments: tuple[Segment, ...] = field(
        default=(), repr=False, compare=False, metadata={"document": False}
    )
