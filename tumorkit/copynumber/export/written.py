"""The text of a file while it is made, and what it could not say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tumorkit.contract.visible import visible
from tumorkit.copynumber.call.result import (
    AMPLIFICATION,
    DEEP_LOSS,
    GAIN,
    HIGH_GAIN,
    HOMOZYGOUS_DELETION,
    LOSS,
    NEUTRAL,
    NOT_CALLABLE,
    SegmentCall,
)

NO_LOG2 = "segments without a log2 ratio"
UNCALLED = "segments that are not callable"
NO_CHANGE = "segments without a change"
# By how much a state stands above or below the usual copies, in five steps.
STEPS = {
    HOMOZYGOUS_DELETION: -2, DEEP_LOSS: -2, LOSS: -1, NEUTRAL: 0, GAIN: 1, HIGH_GAIN: 2,
    AMPLIFICATION: 2,
}  # fmt: skip


@dataclass
class Written:
    """Lines of a file, the number of its records, and a count of what was left out by reason."""

    lines: list[str] = field(default_factory=list)
    records: int = 0
    left_out: Counter[str] = field(default_factory=Counter)

    def row(self, cells: Iterable[str]) -> None:
        """Add a record; a name with a tab or a line end inside stays in its cell."""
        self.lines.append("\t".join(visible(cell, keep="") for cell in cells))
        self.records += 1

    @property
    def text(self) -> str:
        """The whole file."""
        return "".join(f"{line}\n" for line in self.lines)


def named(sample: str) -> str:
    r"""Return a sample's name as a cell of a table.

    >>> named("T\t1"), named("")
    ('T\\u00091', 'sample')
    """
    return visible(sample, keep="") or "sample"


def shown(value: float | None, unknown: str, form: str = ".6g") -> str:
    """Return a number as text, or the word of a format for what is not known.

    >>> shown(-0.0, "NA"), shown(None, "."), shown(float("nan"), "NaN")
    ('0', '.', 'NaN')
    """
    if value is None or value != value:  # noqa: PLR0124
        return unknown
    text = format(value, form)
    # A rounded zero has no sign.
    return text.removeprefix("-") if float(text) == 0 else text


def step_of(item: SegmentCall) -> int | None:
    """Return a segment's step from -2 to 2, None where it is not callable."""
    return None if item.state == NOT_CALLABLE else STEPS[item.state]


def known_level(called: Sequence[SegmentCall], out: Written) -> list[SegmentCall]:
    """Return the segments that have a log2 ratio; count the others as left out."""
    kept = [item for item in called if item.segment.log2_ratio == item.segment.log2_ratio]
    if len(kept) < len(called):
        out.left_out[NO_LOG2] += len(called) - len(kept)
    return kept
