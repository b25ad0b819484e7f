"""A TMB and its verdicts as text: short table, trace, other tools' formats."""

from __future__ import annotations

from collections.abc import Sequence

from tumorkit.contract.estimate import Estimate
from tumorkit.contract.summary import Summary
from tumorkit.genome.vcf import VcfRecord
from tumorkit.tmb.result import SchemeScore, TmbCohort, TmbResult, Verdict
from tumorkit.tmb.rules import blocks_of

TAG = "TK_TMB"
TAG_LINE = (
    f'##INFO=<ID={TAG},Number=A,Type=String,Description="TMB: counted, or the rules that rejected '
    'the allele, joined by |">'
)


def tagged(record: VcfRecord, verdicts: Sequence[str]) -> str:
    """Return a record's line with its verdicts in INFO."""
    if not verdicts:
        return record.line
    info = record.columns[7]
    text = f"{TAG}={','.join(verdicts)}"
    return record.with_columns(info=text if info in (".", "") else f"{info};{text}")


def trace_row(verdict: Verdict) -> dict[str, object]:
    """Return a verdict as a row of the trace."""
    variant = verdict.variant
    blocks = blocks_of(variant, "chosen") or ()
    return {
        "scheme": verdict.scheme,
        "contig": variant.contig,
        "pos": variant.pos,
        "ref": variant.ref,
        "alt": variant.alt,
        "gene": blocks[0].gene if blocks else None,
        "consequence": "&".join(blocks[0].terms) if blocks else None,
        "vaf": variant.tumor.vaf,
        "depth": variant.tumor.depth,
        "alt_depth": variant.tumor.alt_depth,
        "population_af": variant.population_af.value,
        "p_somatic": variant.p_somatic,
        "verdict": "counted" if verdict.counted else "rejected",
        "reasons": tuple(reason.code for reason in verdict.reasons),
        "details": "; ".join(str(reason) for reason in verdict.reasons),
    }


def single_number(result: TmbResult) -> str:
    """Return the value for a format that holds one number; NA where there is none."""
    value = result.tmb.value
    return "NA" if value is None else f"{value:.6g}"


def hydra_text(result: TmbResult, lines: Sequence[str]) -> str:
    """Return hydra-genetics' TMB.txt: value, number of variants, the counted VCF lines."""
    head = f"TMB:\t{single_number(result)}\nNumber of variants:\t{result.counted}\n"
    return head + "".join(f"{line}\n" for line in lines)


def summary_of(result: TmbResult) -> Summary:
    """Return the result as a short table, one row per scheme."""
    rows = [row_of(result)] + [row_of(score) for score in result.others]
    notes = list(result.notes)
    if result.differences:
        notes.append(f"the schemes differ on {len(result.differences)} variants (JSON, --trace)")
    for score in result.others:
        notes += [f"{score.scheme}: {note}" for note in score.notes]
    title = f"TMB of {result.sample}" if result.sample else "TMB"
    columns = ("scheme", "TMB", "95 % interval", "call", "counted", "of", "Mb")
    return Summary(title=title, columns=columns, rows=tuple(rows), notes=tuple(notes))


def cohort_summary(cohort: TmbCohort) -> Summary:
    """Return a cohort as a short table, one row per sample."""
    rows = []
    for score in cohort.samples:
        tmb = score.tmb
        if tmb.value is None:
            rows.append((score.sample, "not evaluable", str(tmb.reason), "", "", ""))
            continue
        interval = f"{shown(tmb.low)} to {shown(tmb.high)}"
        numbers = str(score.counted), str(score.seen)
        rows.append((score.sample, shown(tmb.value), interval, call_text(tmb), *numbers))
    return Summary(
        title=f"TMB, {cohort.params.title}",
        columns=("sample", "TMB", "95 % interval", "call", "counted", "of"),
        rows=tuple(rows),
        notes=cohort.notes,
    )


def row_of(score: TmbResult | SchemeScore) -> tuple[str, ...]:
    """Return one scheme's row."""
    tmb = score.tmb
    if tmb.status != "ok" or tmb.value is None:
        return score.params.title, "not evaluable", str(tmb.reason), "", "", "", ""
    return (
        score.params.title,
        shown(tmb.value),
        f"{shown(tmb.low)} to {shown(tmb.high)}",
        call_text(tmb),
        str(score.counted),
        str(score.seen),
        f"{tmb.evidence['megabases']:.4g}",
    )


def shown(value: float | None) -> str:
    """Return a TMB for a reader: two decimals, more where it is small.

    >>> shown(18.4615), shown(0.00118), shown(0.0), shown(None)
    ('18.46', '0.0012', '0', '')
    """
    if value is None:
        return ""
    return f"{value:.2f}" if value >= 0.095 else f"{value:.2g}"


def call_text(tmb: Estimate) -> str:
    """Return class, cut-off and certainty in words.

    >>> from tumorkit.contract import Cutoff
    >>> limit = Cutoff(name="TMB-High", value=10, source="", probability_above=0.77)
    >>> call_text(Estimate(value=12.6, call="TMB-High", cutoffs=(limit,)))
    'TMB-High, at least 10 (borderline, P(>= 10) = 0.77)'
    >>> low = Cutoff(name="TMB-High", value=10, source="", probability_above=0.0004)
    >>> call_text(Estimate(value=0.8, call="TMB-Low", cutoffs=(low,)))
    'TMB-Low, below 10 (clear, P(>= 10) < 0.01)'
    """
    if tmb.call is None or not tmb.cutoffs:
        return "no cut-off"
    cutoff = tmb.cutoffs[0]
    side = "below" if tmb.value is not None and tmb.value < cutoff.value else "at least"
    return (
        f"{tmb.call}, {side} {cutoff.value:g} "
        f"({cutoff.certainty}, P(>= {cutoff.value:g}) {probability(cutoff.probability_above)})"
    )


def probability(value: float | None) -> str:
    """Return a probability behind its sign; near the ends it is not said to be 0 or 1.

    >>> probability(0.77), probability(0.0004), probability(0.9998)
    ('= 0.77', '< 0.01', '> 0.99')
    """
    if value is None:
        return "unknown"
    if value < 0.01:
        return "< 0.01"
    return "> 0.99" if value > 0.99 else f"= {value:.2f}"
