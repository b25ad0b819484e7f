"""How filters act together: any failing one removes, or a score is cut at a stated error rate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tumorkit.errors import suggestion
from tumorkit.variants.filter.document import Document, line_of
from tumorkit.variants.filter.quantities import QUANTITIES

# The probability of a real somatic change, in whatever form the run can compute it.
POSTERIOR = "posterior"
# The cut of a run: its last filter.
FALSE_DISCOVERY = "false_discovery"
COMBINE_KEYS = ("score", "fdr", "f_beta")


@dataclass(frozen=True)
class Combine:
    """A score by which alleles are ranked, and where the ranking is cut.

    ``score`` is a quantity (a number, higher is more likely real). Exactly one of ``fdr`` (expected
    share of false calls among those that pass, 0 to 1) and ``f_beta`` (weight of recall against
    precision in the F score to be maximised; 1 weighs them equally) is given.
    """

    score: str
    fdr: float | None = None
    f_beta: float | None = None
    line: int = 0


def read_combine(document: Document) -> Combine | None:
    """Read ``combine``: ``any`` (or nothing) is None, else a score with ``fdr`` or ``f_beta``.

    Raises :class:`ParameterError` with the line for unknown keys and scores, for both or neither
    of the two cuts, and for rates outside 0 to 1.
    """
    value = document.content.get("combine")
    line = line_of(document.content, "combine")
    if value is None or value == "any":
        return None
    if not isinstance(value, dict):
        raise document.fail(
            line,
            f"combine: {value!r} is neither `any` nor a score with its rate",
            "write `combine: any` or `combine: {score: posterior, fdr: 0.05}`",
        )
    document.known_keys(value, COMBINE_KEYS, line)
    known = [POSTERIOR, *(name for name, q in QUANTITIES.items() if q.kind == "number")]
    score = document.needed(value, "score", line)
    if score not in known:
        kind = QUANTITIES[score].kind if score in QUANTITIES else ""
        said = f"is a {kind}, not a number" if kind else "is not known"
        raise document.fail(line, f"combine: score {score!r} {said}", suggestion(score, known))
    given = [key for key in ("fdr", "f_beta") if value.get(key) is not None]
    if len(given) != 1:
        said = "both fdr and f_beta are given" if given else "neither fdr nor f_beta is given"
        raise document.fail(line, f"combine: {said}", "give one: fdr: 0.05, or f_beta: 1")
    rate = positive(document, value[given[0]], line_of(value, given[0]) or line, given[0])
    if given == ["fdr"]:
        return Combine(score, fdr=rate, line=line)
    return Combine(score, f_beta=rate, line=line)


def positive(document: Document, value: Any, line: int, key: str) -> float:
    """Return a rate: above 0, and below 1 if it is ``fdr``."""
    number = document.number(value, line, f"combine.{key}")
    most = 1.0 if key == "fdr" else float("inf")
    if number is None or not 0 < number < most:
        wanted = "between 0 and 1" if key == "fdr" else "above 0"
        raise document.fail(line, f"combine: {key} must lie {wanted}, found {value!r}")
    return number
