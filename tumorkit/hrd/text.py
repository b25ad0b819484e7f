"""The HRD sum as tables and words."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from tumorkit.contract.estimate import Estimate
from tumorkit.contract.summary import Summary
from tumorkit.hrd.arms import closed_arms, is_counted
from tumorkit.hrd.result import SCAR_SCHEMA, HrdResult

# What a count of scars cannot show, whatever it is.
LIMITS = (
    "scars stay when repair comes back (reversion), and do not say how it failed; methylation of "
    "BRCA1 and RAD51C is not tested"
)
NAMES = {
    "sum": "HRD sum",
    "loh": "LOH",
    "tai": "telomeric imbalance",
    "lst": "large transitions",
    "genomic_loh": "genome in LOH",
    "normalized_lst": "LST less 3.5 per doubling",
    "adjusted_lst": "LST less 15.5 x ploidy",
}


def scar_text(result: HrdResult) -> str:
    """Return every scar as a table."""
    closed = closed_arms(result.arms)
    return SCAR_SCHEMA.text_of(
        {**dataclasses.asdict(scar), "counted": is_counted(scar, closed)} for scar in result.scars
    )


def bed_text(result: HrdResult) -> str:
    """Return every scar as a line of BED: kind, state and arm in the name."""
    ordered = sorted(
        enumerate(result.scars), key=lambda pair: (order_of(pair[1].contig), pair[1].start, pair[0])
    )
    return "".join(
        f"{scar.contig}\t{scar.start}\t{scar.end}\t{scar.kind};{scar.state};{scar.arm}\n"
        for _, scar in ordered
    )


def order_of(contig: str) -> int:
    """Return the number of an autosome."""
    return int(contig.removeprefix("chr"))


def said(estimate: Estimate) -> str:
    """Return a value with its interval and class, or that there is none.

    >>> said(Estimate(value=41, low=38.2, high=44, level=0.95))
    '41 (38.2 to 44)'
    """
    if estimate.value is None:
        return "not evaluable"
    unit = "%" if estimate.unit == "%" else ""
    words = f"{short(estimate.value)}{unit}"
    if estimate.low is not None and estimate.high is not None:
        words += f" ({short(estimate.low)} to {short(estimate.high)})"
    for cut in estimate.cutoffs:
        chance = cut.probability_above
        sure = "" if chance is None else f", {cut.certainty}, P = {chance:.2f}"
        words += (
            f"; at or above {cut.value:g} ({cut.name}{sure})"
            if (estimate.value >= cut.value)
            else f"; below {cut.value:g} ({cut.name}{sure})"
        )
    return words


def short(value: float) -> str:
    """Return a number with one digit behind the point, none where it is whole."""
    return f"{value:.1f}".removesuffix(".0")


def rows_of(result: HrdResult) -> Iterator[tuple[str, str]]:
    """Yield the lines of the short table."""
    rule = f", counted as {result.scarhrd.rule} does" if result.compat and result.scarhrd else ""
    yield "build", result.build + rule
    for name, words in NAMES.items():
        # What is missing is said once, not for every number.
        if name == "sum" or result.sum.value is not None:
            yield words, said(getattr(result, name))
    if result.sum.call is not None:
        yield "class", result.sum.call
    seen = sum(item.evaluable for item in result.arms)
    yield "evaluable", f"{result.evaluable:.0%} of the autosomes, {seen} of {len(result.arms)} arms"
    if result.ploidy is not None:
        doubled = {None: "", True: ", genome doubled", False: ", genome not doubled"}
        yield "mean copies", f"{result.ploidy:.2f}{doubled[result.doubled]}"
    told = any(item.known for item in result.arms)
    counts = [result.counts, *([result.scarhrd] if result.scarhrd else [])]
    for one in counts if told else ():
        yield (
            f"all arms, {one.rule}",
            f"LOH {one.loh}, TAI {one.tai}, LST {one.lst}, sum {one.sum}",
        )
    for rank, fit in enumerate(result.solutions, start=1):
        if len(result.solutions) > 1:
            yield (
                f"solution {rank}",
                f"sum {fit.sum} (LOH {fit.loh}, TAI {fit.tai}, LST {fit.lst}) at purity "
                f"{fit.purity:.2f}, ploidy {fit.ploidy:.2f}, weight {fit.weight:.2f}",
            )


def summary(result: HrdResult) -> Summary:
    """Return the short table: the answer, what it rests on, what it cannot show."""
    closed = [item for item in result.arms if not item.evaluable]
    notes = [] if result.sum.reason is None else [result.sum.reason]
    if closed:
        listed = ", ".join(f"{a.contig.removeprefix('chr')}{a.arm}" for a in closed[:12])
        more = f" and {len(closed) - 12} more" if len(closed) > 12 else ""
        notes.append(f"arms not evaluable: {listed}{more} ({closed[0].reason})")
    return Summary(
        title=f"{result.sample}: scars of failed homologous recombination",
        columns=("what", "value"),
        rows=tuple(rows_of(result)),
        notes=(*notes, *result.notes, LIMITS),
    )
