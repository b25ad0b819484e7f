"""The trail of one variant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tumorkit.contract.result import Result
from tumorkit.contract.summary import Summary
from tumorkit.genome.table import cell
from tumorkit.variants.filter.result import NotEvaluable, Reason


@dataclass(frozen=True, kw_only=True)
class AlleleTrail:
    """One allele, and what every filter says of it.

    ``source`` is ``vcf`` or ``input``; ``match`` is ``asked``, ``same site`` or ``covers``.
    ``filter`` is FILTER as it stands, ``caller_filter`` what the caller wrote, ``written`` the
    verdict that an earlier run wrote (TK_FILTER). ``verdict`` is recomputed; None where there is
    no specification. ``reasons`` has one entry for every filter that took part.
    """

    source: str
    match: str
    line: int
    contig: str
    pos: int
    ref: str
    alt: str
    depth: int | None
    alt_depth: int | None
    vaf: float | None
    filter: tuple[str, ...]
    caller_filter: tuple[str, ...]
    written: str | None
    verdict: str | None
    tier: str | None
    rescued_by: tuple[str, ...]
    reasons: tuple[Reason, ...]
    not_evaluable: tuple[NotEvaluable, ...]
    not_applicable: tuple[NotEvaluable, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Neighbour:
    """The nearest record on one side (``before`` or ``after``); ``distance`` in bases."""

    side: str
    contig: str
    pos: int
    ref: str
    alt: str
    filter: str
    distance: int


@dataclass(frozen=True, kw_only=True)
class WhyResult(Result):
    """Why a variant is in or out.

    ``stage`` is ``present``, ``dropped`` (by the specification's last step), ``lost`` (in the
    input, not dropped by the specification, and yet not there), ``never_called`` (not in the
    input either) or ``absent`` (not there, and no input was given).
    """

    schema_name: ClassVar[str] = "variants.why"

    locus: str
    stage: str
    specification: str | None
    specification_sha256: str | None
    words: tuple[str, ...]
    alleles: tuple[AlleleTrail, ...]
    nearest: tuple[Neighbour, ...]
    notes: tuple[str, ...] = ()

    def summary(self) -> Summary:
        """Return what every filter says, with the trail in words below."""
        rows = [
            (
                f"{trail.ref}>{trail.alt}",
                reason.filter,
                reason.verdict,
                reason.quantity,
                cell(reason.value) if reason.value is not None else value_missing(reason),
                cell(reason.limit),
                reason.says,
            )
            for trail in self.alleles
            for reason in trail.reasons
        ]
        return Summary(
            title=f"{self.locus}: {self.stage.replace('_', ' ')}",
            columns=("allele", "filter", "verdict", "quantity", "value", "limit", "meaning"),
            rows=tuple(rows),
            notes=(*self.words, *self.notes),
        )


def value_missing(reason: Reason) -> str:
    """Return what stands in place of a value; nothing where nobody asked for one."""
    return "unknown" if reason.quantity else ""
