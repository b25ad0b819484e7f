"""Alleles counted at listed sites."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from tumorkit.contract.estimate import Status
from tumorkit.contract.result import Result
from tumorkit.genome.table import Column, TableSchema
from tumorkit.variants.count.params import CountParams

Detection = Literal["present", "absent", "not_evaluable"]


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteCount:
    """Fragments by what they say of one allele; ``pos`` is 1-based, as in the list of sites.

    ``depth`` = ref + alt + other + deletion; discordant fragments (mates that disagree) are in
    none of them. ``vaf`` is alt over depth. Counts are None where the allele cannot be counted,
    and ``status`` is then ``not_evaluable``, as it is at depth 0.

    With a background of normals ``background_p`` is the probability that so many reads are errors,
    and ``detection`` says whether the variant is there: ``absent`` only where it would have been
    found, else ``not_evaluable``; the reason is in ``detection_reason``.
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
    background_p: float | None = None
    detection: Detection | None = None
    detection_reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class CountResult(Result):
    """Counts at every listed site, in the order of the list."""

    schema_name: ClassVar[str] = "variants.count"

    sites: tuple[SiteCount, ...]
    evaluable: int
    notes: tuple[str, ...] = ()
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
        Column("background_p", float, "Probability that the reads are errors, by a background."),
        Column("detection", str, "With a background: present, absent or not_evaluable."),
        Column("detection_reason", str, "Why it is absent or not evaluable."),
    ),
)
