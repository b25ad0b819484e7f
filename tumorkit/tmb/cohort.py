"""TMB of every sample of a cohort, from one pass over its variants."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from tumorkit.contract.estimate import Estimate
from tumorkit.contract.result import Result
from tumorkit.genome.interval import Territory
from tumorkit.genome.table import Column, TableSchema
from tumorkit.genome.variant import Variant
from tumorkit.tmb.analysis import cannot_count, check_fields, denominator
from tumorkit.tmb.params import TmbParams
from tumorkit.tmb.rules import rules_of
from tumorkit.tmb.tally import Tally


@dataclass(frozen=True, kw_only=True)
class SampleTmb:
    """One sample's TMB."""

    sample: str
    tmb: Estimate
    seen: int
    counted: int
    rejected: int


@dataclass(frozen=True, kw_only=True)
class TmbCohort(Result):
    """TMB of the samples of a cohort under one scheme, by name of the sample."""

    schema_name: ClassVar[str] = "tmb-cohort"

    scheme: str
    samples: tuple[SampleTmb, ...]
    notes: tuple[str, ...] = ()
    params: TmbParams = field(default_factory=TmbParams)


COHORT_TABLE = TableSchema(
    "tmb-cohort",
    "TMB of every sample of a cohort.",
    (
        Column("sample", str, "Sample.", optional=False),
        Column("tmb", float, "TMB; empty where it is not evaluable.", "mut/Mb"),
        Column("low", float, "Lower limit of the interval.", "mut/Mb"),
        Column("high", float, "Upper limit of the interval.", "mut/Mb"),
        Column("call", str, "TMB-High or TMB-Low; empty without a cut-off."),
        Column(
            "probability_above", float, "Probability that the truth is at or above the cut-off."
        ),
        Column("counted", int, "Variants that count.", optional=False),
        Column("seen", int, "Variants of the sample.", optional=False),
        Column("reason", str, "Why it is not evaluable."),
    ),
)


def estimate_cohort(
    rows: Iterable[tuple[str, Variant]],
    territory: Territory | None,
    params: TmbParams | None = None,
    *,
    megabases: float | None = None,
    samples: Sequence[str] = (),
    tumor_only: bool = False,
    frequencies: Collection[str] | None = None,
    fields: Collection[str] | None = None,
) -> TmbCohort:
    """Estimate the TMB of each sample of a cohort; rows may come in any order.

    ``samples`` names samples that have a TMB even if no row is theirs: a table of variants does
    not hold the samples without any. Variants carry their consequences. Other arguments as in
    :func:`tumorkit.tmb.estimate_tmb`.

    >>> hit = Variant(contig="1", pos=5, ref="A", alt="T")
    >>> cohort = estimate_cohort([("b", hit)], None, megabases=1.0, samples=["a", "b"])
    >>> [(row.sample, row.tmb.value) for row in cohort.samples]
    [('a', 0.0), ('b', 1.0)]
    """
    params = params or TmbParams()
    reason = cannot_count(params, True, tumor_only, frequencies)
    if not reason:
        check_fields(params, frequencies, fields)
    size, source = denominator(params, territory, megabases)
    rules = rules_of(params, territory, declared=fields)
    tallies = {name: Tally(params, rules, size, source, reason) for name in samples}
    for sample, variant in rows:
        tally = tallies.get(sample)
        if tally is None:
            tally = tallies[sample] = Tally(params, rules, size, source, reason)
        tally.judge(variant, None)
    return TmbCohort(
        scheme=params.scheme,
        samples=tuple(
            SampleTmb(
                sample=name,
                tmb=tallies[name].estimate(),
                seen=tallies[name].seen,
                counted=len(tallies[name].hits),
                rejected=tallies[name].seen - len(tallies[name].hits),
            )
            for name in sorted(tallies)
        ),
        params=params,
    )


def cohort_row(score: SampleTmb) -> dict[str, object]:
    """Return one sample as a row of the table."""
    tmb = score.tmb
    return {
        "sample": score.sample,
        "tmb": tmb.value,
        "low": tmb.low,
        "high": tmb.high,
        "call": tmb.call,
        "probability_above": tmb.cutoffs[0].probability_above if tmb.cutoffs else None,
        "counted": score.counted,
        "seen": score.seen,
        "reason": tmb.reason,
    }
