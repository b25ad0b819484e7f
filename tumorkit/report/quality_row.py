"""One line of the chapter on quality: what was found, what was asked for, and the answer."""

from __future__ import annotations

from dataclasses import dataclass

from tumorkit.report.document import Node
from tumorkit.report.language import say
from tumorkit.report.text import number

OK, ATTENTION, UNSURE, NOTED = "ok", "attention", "unknown", "noted"
SIGNS = {OK: "✓", ATTENTION: "▲", UNSURE: "?", NOTED: "·"}


@dataclass(frozen=True, kw_only=True)
class QualityRow:
    """One line: what was found, what was asked for where there is a limit, and the answer."""

    what: str
    found: str
    asked: str = ""
    answer: str = NOTED
    source: str = ""

    @property
    def words(self) -> str:
        """The answer as a word; its sign never stands alone."""
        return {
            OK: say("ok"),
            ATTENTION: say("attention"),
            UNSURE: say("unknown"),
            NOTED: say("no limit set"),
        }[self.answer]

    @property
    def sign(self) -> str:
        """The sign beside the word."""
        return SIGNS[self.answer]


def judged(found: float | None, least: float | None) -> str:
    """Return the answer for a number that shall not be below a limit.

    >>> judged(3, 5), judged(None, 5), judged(3, None)
    ('attention', 'unknown', 'noted')
    """
    if found is None:
        return UNSURE
    if least is None:
        return NOTED
    return OK if found >= least else ATTENTION


def at_least(limit: float | None, unit: str = "") -> str:
    """Return a lower limit in words; empty where there is none.

    >>> at_least(20, "×")
    'at least 20×'
    """
    return "" if limit is None else say("at least {value}", value=number(limit) + unit)


def account(
    what: str, result: Node, total: str, parts: tuple[tuple[str, str], ...], source: str
) -> QualityRow:
    """Return an account of a result's own fields; a part that it does not hold is none."""
    held = [(result.maybe_number(key), words) for key, words in parts if key in result.value]
    return balance(what, result.maybe_number(total), tuple(held), source)


def balance(
    what: str, total: float | None, parts: tuple[tuple[float | None, str], ...], source: str
) -> QualityRow:
    """Return whether a total is the sum of its parts."""
    values = [value for value, _ in parts]
    if total is None or not parts or None in values:
        return QualityRow(what=what, found=say("unknown"), answer=UNSURE, source=source)
    agrees = total == sum(value or 0 for value in values)
    said = " + ".join(f"{number(value)} {words}" for value, words in parts)
    return QualityRow(
        what=what,
        found=f"{number(total)} {'=' if agrees else '≠'} {said}",
        asked=say("equal"),
        answer=OK if agrees else ATTENTION,
        source=source,
    )
