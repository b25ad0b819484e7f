"""A verdict: its lines, its conclusion and the rules that led there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from tumorkit.contract.result import Result
from tumorkit.genome.table import Column, TableSchema
from tumorkit.verdict.params import HrTests, MmrTests

Direction = Literal["deficient", "proficient", "neither"]
Evaluable = Literal["yes", "no", "not given"]
Conclusion = Literal["concordant", "discordant", "insufficient"]


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of evidence.

    ``kind`` is what it looks at: lines of one kind see the same thing and count once. ``finding``
    is what was found, in words; ``direction`` where it points, ``neither`` for what is borderline
    or says nothing either way; ``reason`` why it is not evaluable or points nowhere. ``source``
    names the file or test.
    """

    name: str
    kind: str
    finding: str
    direction: Direction
    evaluable: Evaluable
    reason: str
    source: str


LINES = TableSchema(
    "verdict-lines",
    "Lines of evidence of a verdict.",
    (
        Column("name", str, "What was tested.", optional=False),
        Column("kind", str, "What it looks at; lines of one kind count once.", optional=False),
        Column("finding", str, "What was found."),
        Column("direction", str, "deficient, proficient or neither.", optional=False),
        Column("evaluable", str, "yes, no or not given.", optional=False),
        Column("reason", str, "Why it is not evaluable, or points nowhere."),
        Column("source", str, "File or test that it comes from."),
    ),
)


@dataclass(frozen=True, kw_only=True)
class VerdictResult(Result):
    """Whether the lines on one repair agree.

    ``conclusion`` is ``concordant``, ``discordant`` or ``insufficient``; ``state`` is what a
    concordant verdict says: ``deficient`` or ``proficient``. ``because`` is the rule that led
    there, ``rules`` are all of them. ``conflicts`` are contradictions with what to look at;
    ``limits`` what these tests cannot show. There is no probability.
    """

    schema_name: ClassVar[str] = "verdict"

    repair: Literal["mmr", "hr"]
    conclusion: Conclusion
    state: Literal["", "deficient", "proficient"]
    because: str
    lines: tuple[Line, ...]
    conflicts: tuple[str, ...]
    rules: tuple[str, ...]
    limits: tuple[str, ...]
    notes: tuple[str, ...]
    params: MmrTests | HrTests
