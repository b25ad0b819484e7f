"""The biomarker table: value, interval, class with its certainty, evidence, or the reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from tumorkit.report.document import STATUS_WORDS, Node
from tumorkit.report.language import localized, say, term
from tumorkit.report.text import UNKNOWN, interval, number, probability, scalar, words

BAR_WIDTH = 132.0


@dataclass(frozen=True, kw_only=True)
class CutoffRow:
    """A limit between two classes, in words."""

    name: str
    value: str
    probability: str
    certainty: str
    source: str


@dataclass(frozen=True, kw_only=True)
class RangeBar:
    """Where value, interval and cut-offs lie on one axis, in units of the small drawing."""

    value: float
    low: float
    high: float
    cutoffs: tuple[float, ...]
    width: float = BAR_WIDTH


@dataclass(frozen=True, kw_only=True)
class BiomarkerRow:
    """One row of the table; texts only, so that a template cannot print a number by mistake."""

    name: str
    title: str
    scheme: str
    part: str
    status: str
    status_words: str
    value: str
    interval: str
    level: str
    phrase: str
    certainty: str
    certainty_code: str
    clear_across: bool
    evidence: str
    reason: str
    cutoffs: tuple[CutoffRow, ...]
    bar: RangeBar | None

    @property
    def ok(self) -> bool:
        """Whether there is a value to show."""
        return self.status == "ok"


def biomarker_row(node: Node) -> BiomarkerRow:
    """Read one biomarker; an estimate that is not ``ok`` shows its reason and no number."""
    estimate = node.node("estimate")
    status = estimate.text("status")
    if status not in STATUS_WORDS:
        raise estimate.wrong("status", status, "ok, not_evaluable or failed")
    ok = status == "ok"
    value = estimate.maybe_number("value") if ok else None
    if ok and value is None:
        raise estimate.wrong("value", None, "a number, for its status is ok")
    low, high = estimate.maybe_number("low"), estimate.maybe_number("high")
    level = estimate.maybe_number("level")
    cutoffs = estimate.nodes("cutoffs") if ok else []
    main = main_cutoff(estimate, cutoffs)
    unit = estimate.maybe_text("unit") or ""
    return BiomarkerRow(
        name=node.text("name"),
        title=term(node.maybe_text("title") or ""),
        scheme=node.maybe_text("scheme") or "",
        part=node.maybe_text("part") or "",
        status=status,
        status_words=term(STATUS_WORDS[status]),
        value=f"{number(value)} {term(unit)}".strip() if ok else term(STATUS_WORDS[status]),
        interval=interval(low, high) if ok else UNKNOWN,
        level="" if level is None else localized(f"{level * 100:g}") + "\N{NO-BREAK SPACE}%",
        phrase=class_phrase(estimate, main) if ok else "",
        certainty=term((main.maybe_text("certainty") or "") if main else ""),
        certainty_code=(main.maybe_text("certainty") or "") if main else "",
        clear_across=ok and clear_across(main, low, high),
        evidence=evidence_text(estimate) if ok else "",
        reason=estimate.maybe_text("reason") or ("" if ok else say("no reason was given")),
        cutoffs=tuple(map(cutoff_row, cutoffs)),
        bar=None if value is None else range_bar(value, low, high, cutoffs),
    )


def clear_across(cutoff: Node | None, low: float | None, high: float | None) -> bool:
    """Whether a class counts as clear although the interval reaches across its cut-off.

    Certainty is of one side (.05), a 95 % interval of two.
    """
    limit = cutoff.maybe_number("value") if cutoff else None
    if cutoff is None or limit is None or low is None or high is None:
        return False
    return cutoff.maybe_text("certainty") == "clear" and low < limit <= high


def without_value(rows: Iterable[BiomarkerRow]) -> tuple[BiomarkerRow, ...]:
    """Return the rows without a value; those with one reason for all of them become one."""
    grouped: dict[tuple[str, str], list[BiomarkerRow]] = {}
    for row in rows:
        if not row.ok:
            grouped.setdefault((row.status, row.reason), []).append(row)
    return tuple(
        same[0]
        if len(same) == 1
        else replace(same[0], name=", ".join(term(row.name) for row in same), title="")
        for same in grouped.values()
    )


def main_cutoff(estimate: Node, cutoffs: list[Node]) -> Node | None:
    """Return the cut-off that the class is named after, else the first."""
    call = estimate.maybe_text("call")
    named = [cutoff for cutoff in cutoffs if call and cutoff.maybe_text("name") == call]
    return next(iter(named or cutoffs), None)


def class_phrase(estimate: Node, cutoff: Node | None, *, at_least: str = "≥") -> str:
    """Return class, cut-off, value and certainty as one phrase.

    >>> cutoff = {"name": "TMB-High", "value": 10, "source": "", "probability_above": 0.77,
    ...           "certainty": "borderline"}
    >>> estimate = Node({"value": 12.6, "call": "TMB-High"}, "", "profile.json")
    >>> class_phrase(estimate, Node(cutoff, "", "profile.json"))
    'TMB-High at ≥ 10 (12.6; borderline, P = .77)'
    """
    call, value = estimate.maybe_text("call"), estimate.maybe_number("value")
    if cutoff is None or value is None:
        return call or ""
    limit = cutoff.maybe_number("value")
    if limit is None:
        return call or ""
    above = value >= limit
    p = cutoff.maybe_number("probability_above")
    said = (
        []
        if p is None
        else [f"P{'' if above else f'({at_least} {number(limit)})'} {probability(p)}"]
    )
    certainty = term(cutoff.maybe_text("certainty") or "")
    inside = "; ".join(
        filter(None, (number(value), ", ".join([*filter(None, [certainty]), *said])))
    )
    side = f"{at_least if above else '<'} {number(limit)}"
    return say(
        "{call} at {side} ({inside})", call=call or say("no class;"), side=side, inside=inside
    )


def cutoff_row(cutoff: Node) -> CutoffRow:
    """Read one cut-off."""
    p = cutoff.maybe_number("probability_above")
    return CutoffRow(
        name=cutoff.maybe_text("name") or "",
        value=number(cutoff.maybe_number("value")),
        probability=UNKNOWN if p is None else probability(p).removeprefix("= "),
        certainty=term(cutoff.maybe_text("certainty") or UNKNOWN),
        source=term(cutoff.maybe_text("source") or ""),
    )


def evidence_text(estimate: Node) -> str:
    """Return the evidence as ``19 counted · 1.51 megabases``."""
    evidence = estimate.maybe_node("evidence")
    if evidence is None:
        return ""
    return " · ".join(evidence_item(key, value) for key, value in evidence.value.items())


def evidence_item(key: str, value: object) -> str:
    """Return one piece of evidence, numbers first.

    >>> evidence_item("usable_loci", 412), evidence_item("territory", "design")
    ('412 usable loci', 'territory: design')
    """
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return f"{number(value)} {words(key)}"
    return f"{words(key)}: {scalar(value)}"


def range_bar(
    value: float, low: float | None, high: float | None, cutoffs: list[Node]
) -> RangeBar | None:
    """Place value, interval and cut-offs on an axis from 0; None where that says nothing."""
    limits = [c for c in (cutoff.maybe_number("value") for cutoff in cutoffs) if c is not None]
    if low is None or high is None or min(value, low, *limits) < 0:
        return None
    top = 1.08 * max(value, high, *limits)
    if top <= 0:
        return None

    def place(x: float) -> float:
        return round(2 + (BAR_WIDTH - 4) * x / top, 1)

    return RangeBar(
        value=place(value), low=place(low), high=place(high), cutoffs=tuple(map(place, limits))
    )
