"""Alleles counted at listed sites."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tumorkit.contract.estimate import Status
from tumorkit.contract.result import Result
from tumorkit.genome.table import Column, TableSchema
from tumorkit.variants.count.params import CountParams


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteCount:
    """Fragments by what they say of one allele; ``pos`` is 1-based, as in the list of sites.

    ``depth`` = ref + alt + other + deletion; discordant fragments (mates that disagree) are in
    none of them. ``vaf`` is alt over depth. Counts are None where the allele cannot be counted,
    and ``status`` is then ``not_evaluable``, as it is at depth 0.
    """

    contig: str
    pos: int
    ref: str
    alt: str
    depth: int | None = None
    ref_depth: int | None = None
    alt_depth: int | None = None
    other_depth: int | None = None
    deletion_depth: int | None = None
    discordant_depth: int | None = None
    ref_forward: int | None = None
    ref_reverse: int | None = None
    alt_forward: int | None = None
    alt_reverse: int | None = None
    vaf: float | None = None
    status: Status = "ok"
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class CountResult(Result):
    """Counts at every listed site, in the order of the list."""

    schema_name: ClassVar[str] = "variants.count"

    sites: tuple[SiteCount, ...]
    evaluable: int
    params: CountParams


COUNTS = TableSchema(
    "counts",
    "Fragments by allele at listed sites.",
    (
        Column("contig", str, "Contig, as in the list of sites.", optional=False),
        Column("pos", int, "Position, 1-based.", optional=False),
        Column("ref", str, "Reference allele.", optional=False),
        Column("alt", str, "Alternative allele.", optional=False),
        Column("depth", int, "Fragments that say anything: ref + alt + other + deletion."),
        Column("ref_depth", int, "Fragments with the reference allele."),
        Column("alt_depth", int, "Fragments with the alternative allele."),
        Column("other_depth", int, "Fragments with another allele."),
        Column("deletion_depth", int, "Fragments in which the site's base is deleted."),
        Column("discordant_depth", int, "Fragments whose mates disagree; not in depth."),
        Column("ref_forward", int, "Of ref_depth, on the forward strand."),
        Column("ref_reverse", int, "Of ref_depth, on the reverse strand."),
        Column("alt_forward", int, "Of alt_depth, on the forward strand."),
        Column("alt_reverse", int, "Of alt_depth, on the reverse strand."),
        Column("vaf", float, "alt_depth over depth."),
        Column("status", str, "ok or not_evaluable.", optional=False),
        Column("reason", str, "Why a site is not evaluable."),
    ),
)
