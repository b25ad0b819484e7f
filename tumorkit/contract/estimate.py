"""A number that carries its uncertainty, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, Self

Status = Literal["ok", "not_evaluable", "failed"]
Certainty = Literal["clear", "borderline"]

NOTHING: Mapping[str, float | int | str] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class Cutoff:
    """A limit between two classes, with the probability that the truth lies at or above it."""

    name: str
    value: float
    source: str
    probability_above: float | None = None

    @property
    def certainty(self) -> Certainty | None:
        """``clear`` when the probability lies outside .05 to .95, else ``borderline``."""
        if self.probability_above is None:
            return None
        return "borderline" if 0.05 <= self.probability_above <= 0.95 else "clear"


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A measured value with its interval, evidence, class and cut-offs.

    ``value`` is None exactly when ``status`` is not ``ok``; ``reason`` then says why.
    ``call`` is the class of the point value; the interval is shown, never used for the call.

    >>> Estimate.not_evaluable("no tumour BAM was given", unit="mut/Mb").status
    'not_evaluable'
    """

    value: float | None
    unit: str = ""
    low: float | None = None
    high: float | None = None
    level: float | None = None
    evidence: Mapping[str, float | int | str] = field(default_factory=lambda: NOTHING)
    status: Status = "ok"
    reason: str | None = None
    call: str | None = None
    cutoffs: tuple[Cutoff, ...] = ()

    def __post_init__(self) -> None:
        if self.status == "ok" and (self.value is None or self.value != self.value):
            raise ValueError("an estimate that is ok has a value")
        if self.status != "ok" and (self.value is not None or not self.reason):
            raise ValueError(f"an estimate that is {self.status} has a reason and no value")

    @classmethod
    def not_evaluable(cls, reason: str, *, unit: str = "") -> Self:
        """Say that the value cannot be known from what was given."""
        return cls(value=None, unit=unit, status="not_evaluable", reason=reason)

    @classmethod
    def failed(cls, reason: str, *, unit: str = "") -> Self:
        """Say that an input was damaged."""
        return cls(value=None, unit=unit, status="failed", reason=reason)
