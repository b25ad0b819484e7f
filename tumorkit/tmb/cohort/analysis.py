"""TMB of every sample of a cohort, from one pass over its variants."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import partial

from tumorkit.genome.interval import Territory
from tumorkit.genome.variant import Variant
from tumorkit.tmb.analysis import cannot_count, check_calibration, check_fields, denominator
from tumorkit.tmb.calibrate.result import TmbCalibration
from tumorkit.tmb.params import TmbParams
from tumorkit.tmb.result import SampleTmb, TmbCohort, Verdict
from tumorkit.tmb.rules import rules_of
from tumorkit.tmb.tally import Tally


def estimate_cohort(
    rows: Iterable[tuple[str, Variant]],
    territory: Territory | None,
    params: TmbParams | None = None,
    *,
    megabases: float | None = None,
    calibration: TmbCalibration | None = None,
    samples: Sequence[str] = (),
    tumor_only: bool = False,
    frequencies: Collection[str] | None = None,
    fields: Collection[str] | None = None,
    trace: Callable[[str, Verdict], None] | None = None,
) -> TmbCohort:
    """Estimate the TMB of each sample of a cohort; rows may come in any order.

    ``samples`` names samples that have a TMB even if no row is theirs: a table of variants does
    not hold the samples without any. Variants carry their consequences. ``trace`` hears each
    sample's verdicts, one a row. Other arguments as in :func:`tumorkit.tmb.estimate_tmb`.

    >>> hit = Variant(contig="1", pos=5, ref="A", alt="T")
    >>> cohort = estimate_cohort([("b", hit)], None, megabases=1.0, samples=["a", "b"])
    >>> [(row.sample, row.tmb.value) for row in cohort.samples]
    [('a', 0.0), ('b', 1.0)]
    """
    params = params or TmbParams()
    reason = cannot_count(params, True, tumor_only, frequencies)
    check_calibration(params, calibration)
    if not reason:
        check_fields(params, frequencies, fields)
    size, source = denominator(params, territory, megabases)
    rules = rules_of(params, territory, declared=fields)
    tallies = {name: Tally(params, rules, size, source, reason, calibration) for name in samples}
    for sample, variant in rows:
        tally = tallies.get(sample)
        if tally is None:
            tally = tallies[sample] = Tally(params, rules, size, source, reason, calibration)
        tally.judge(variant, None if trace is None else partial(trace, sample))
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
