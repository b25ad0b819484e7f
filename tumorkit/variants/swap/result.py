"""A lower bound of the false positives of a specification on one tumour-normal pair."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from tumorkit.contract.estimate import Estimate
from tumorkit.contract.result import Result
from tumorkit.contract.summary import Summary
from tumorkit.variants.filter.result import NotEvaluable
from tumorkit.variants.swap.params import SwapParams


@dataclass(frozen=True, kw_only=True)
class FilterPasses:
    """What one filter is worth against noise: alleles of the exchanged pair that it fails.

    ``only`` are those that no other filter fails: without it they would be false positives, too.
    """

    filter: str
    says: str
    failed: int
    only: int


@dataclass(frozen=True, kw_only=True)
class SwapResult(Result):
    """False positives of a specification, from below.

    ``alleles = swapped_failed + swapped_without_reads + swapped_lost_germline +
    false_positives.value``; ``passed`` is what the specification keeps the right way round.
    """

    schema_name: ClassVar[str] = "variants.swap"
    main: ClassVar[str] = "false_positives"

    false_positives: Estimate
    per_megabase: Estimate
    share_of_passed: Estimate
    preset: str
    specification_version: str
    specification_sha256: str
    tumor_sample: str
    normal_sample: str
    tumor_depth: float | None
    normal_depth: float | None
    alleles: int
    passed: int
    swapped_failed: int
    swapped_without_reads: int
    swapped_lost_germline: int
    filters: tuple[FilterPasses, ...]
    not_evaluable: tuple[NotEvaluable, ...]
    notes: tuple[str, ...] = ()
    params: SwapParams = field(default_factory=SwapParams)

    def summary(self) -> Summary:
        """Return the filters and what they keep out as a short table."""
        rows = tuple((f.filter, str(f.failed), str(f.only), f.says) for f in self.filters)
        return Summary(
            title=f"{self.preset} {self.specification_version}, tumour and normal exchanged",
            columns=("filter", "fails", "only", "meaning"),
            rows=rows,
            notes=(
                f"{self.alleles} alleles: {self.passed} pass the right way round",
                said("false positives, at least", self.false_positives),
                said("per megabase, at least", self.per_megabase),
                said("share of what passes, at least", self.share_of_passed),
                f"{self.swapped_lost_germline} germline variants that the tumour lost, not counted",
                *(f"not evaluable: {item.filter}: {item.reason}" for item in self.not_evaluable),
                *self.notes,
            ),
        )


def said(what: str, estimate: Estimate) -> str:
    """Return an estimate in words."""
    if estimate.value is None:
        return f"{what}: not evaluable: {estimate.reason}"
    if estimate.low is None or estimate.high is None:
        return f"{what}: {estimate.value:.3g}"
    return f"{what}: {estimate.value:.3g} ({estimate.low:.3g} to {estimate.high:.3g})"
