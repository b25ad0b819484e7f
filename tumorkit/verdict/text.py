"""A verdict as tables."""

from __future__ import annotations

from tumorkit.contract.summary import Summary
from tumorkit.verdict.result import LINES, VerdictResult

TITLES = {"mmr": "mismatch repair", "hr": "homologous recombination"}


def line_text(result: VerdictResult) -> str:
    """Return the lines as a table."""
    return LINES.text_of(result.lines)


def conclusion_words(result: VerdictResult) -> str:
    """Return the conclusion with what it says."""
    return f"{result.conclusion}: {result.state}" if result.state else result.conclusion


def summary(result: VerdictResult) -> Summary:
    """Return the table of lines with the conclusion and its rules below."""
    shown = {"neither": "", "deficient": "deficient", "proficient": "proficient"}
    return Summary(
        title=f"{result.sample or 'sample'}: {TITLES[result.repair]}: {conclusion_words(result)}",
        columns=("line", "finding", "points to", "evaluable", "source", "why not"),
        rows=tuple(
            (
                line.name, line.finding, shown[line.direction], line.evaluable, line.source,
                line.reason,
            )
            for line in result.lines
        ),
        notes=(
            f"rule applied: {result.because}",
            *(f"conflict: {one}" for one in result.conflicts),
            *(f"rule: {rule}" for rule in result.rules if rule != result.because),
            *(f"limit: {limit}" for limit in result.limits),
            *result.notes,
        ),
    )  # fmt: skip
