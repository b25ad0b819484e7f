"""Whose X and Y a call is about: the sex given, or what the segments of X and Y show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np

from tumorkit.copynumber.sex import MIN_BINS, X_LIMIT, Y_LIMIT, infer_sex
from tumorkit.genome.build import Build
from tumorkit.genome.contigs import standard
from tumorkit.genome.segment import Segment

GIVEN, INFERRED, UNKNOWN = "given", "inferred", "unknown"


@dataclass(frozen=True, kw_only=True)
class SexEvidence:
    """The sex that a call uses, where it comes from, and what X and Y show.

    ``source`` is ``given``, ``inferred`` or ``unknown``. ``x_log2`` and ``y_log2`` are the medians
    of bins outside the pseudo-autosomal regions, as the copy ratios have them, None with fewer
    than three bins. ``haploid_x`` says whether one X stands at log2 0.
    """

    sex: str | None
    source: str
    x_log2: float | None
    y_log2: float | None
    haploid_x: bool
    reason: str
    notes: tuple[str, ...] = ()


def level_of(segments: Sequence[Segment], name: str, build: Build | None) -> float | None:
    """Return the median log2 ratio of a contig by bins, outside the pseudo-autosomal regions."""
    levels: list[float] = []
    counts: list[int] = []
    for item in segments:
        if standard(item.contig) != name or not isfinite(item.log2_ratio):
            continue
        middle = (item.start + item.end) // 2
        if build is not None and build.normal_copies(name, middle, "male") != 1:
            continue
        levels.append(item.log2_ratio)
        counts.append(max(item.bins, 1))
    if sum(counts) < MIN_BINS:
        return None
    return float(np.median(np.repeat(levels, counts)))


def sex_evidence(
    segments: Sequence[Segment],
    build: Build | None,
    *,
    given: str | None,
    haploid_x: bool,
    matched: bool = False,
) -> SexEvidence:
    """Return the sex: the one given, else the one that X and Y show together.

    Y stands at log2 0 in a man. A man's X stands at -1 against a reference of two X and at 0
    against men, a woman's at 0 and 1. X alone is not trusted: without bins on Y a woman who lost
    an X, and a man against men, would look like someone else.
    """
    x, y = (level_of(segments, name, build) for name in ("chrX", "chrY"))
    sex, haploid, reason = shown_by(x, y, haploid_x=haploid_x)
    if matched:
        # In either sex X and Y stand at 0; only the bins of Y tell, that a woman's normal lacks.
        present = y is not None and y >= Y_LIMIT
        sex, haploid = "male" if present else None, haploid_x
        reason = "Y is there" if present else "held against the same person's X and Y"
    notes = []
    if given is not None:
        if sex is not None and sex != given:
            notes.append(f"sex is given as {given}, but X and Y look {sex} ({reason})")
        elif haploid and not haploid_x:
            notes.append(f"{reason}: use --haploid-x-reference if the normals were men")
        return SexEvidence(
            sex=given, source=GIVEN, x_log2=x, y_log2=y, haploid_x=haploid_x, reason="given",
            notes=tuple(notes),
        )  # fmt: skip
    if sex is None:
        notes.append(
            f"sex not given and not to be seen ({reason}): Y is not called, "
            "X is judged as two copies"
        )
    else:
        shown = ", ".join(
            f"{name} {level:.2f}" for name, level in (("X", x), ("Y", y)) if level is not None
        )
        notes.append(f"sex not given: {sex} by {shown} ({reason})")
    return SexEvidence(
        sex=sex, source=INFERRED if sex else UNKNOWN, x_log2=x, y_log2=y, haploid_x=haploid,
        reason=reason, notes=tuple(notes),
    )  # fmt: skip


def shown_by(x: float | None, y: float | None, *, haploid_x: bool) -> tuple[str | None, bool, str]:
    """Return the sex, whether one X stands at log2 0, and why.

    >>> [shown_by(x, y, haploid_x=False)[:2] for x, y in ((0, -4), (1, -4), (-1, 0), (0, 0))]
    [('female', False), ('female', True), ('male', False), ('male', True)]
    """
    if x is None or y is None:
        missing = " and ".join(name for name, level in (("X", x), ("Y", y)) if level is None)
        return None, haploid_x, f"no bins on {missing}"
    if haploid_x:
        found = infer_sex(x - 1, y)
        return found.sex, True, found.reason
    if y < Y_LIMIT and x >= -X_LIMIT:
        return "female", True, "two X where the reference has one, and no Y"
    if y >= Y_LIMIT and x >= X_LIMIT:
        # One X more than a man should have is far rarer than a reference of men.
        return "male", True, "Y is there and X is not lower than the reference's, which has one X"
    found = infer_sex(x, y)
    return found.sex, False, found.reason
