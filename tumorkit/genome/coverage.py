"""Depth of targets."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class TargetDepth:
    """Mean depth of one target, 0-based half-open.

    ``log2_ratio`` is the log2 of the depth, not centred, and -20 where the depth is 0 (CNVkit's
    ``.cnn``). ``gene`` is the target's name, ``-`` without one.
    """

    contig: str
    start: int
    end: int
    gene: str
    log2_ratio: float
    depth: float
