"""Judges blocks of records by a specification: per allele, in three-valued logic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tumorkit.errors import ParameterError
from tumorkit.variants.calls import CallReader
from tumorkit.variants.filter.availability import unavailable
from tumorkit.variants.filter.conditions import settled
from tumorkit.variants.filter.document import names_in
from tumorkit.variants.filter.evaluation import (
    FALSE,
    TRUE,
    UNKNOWN,
    Column,
    Columns,
    Evaluator,
    Logical,
    Numbers,
)
from tumorkit.variants.filter.evidence_columns import FittedCase
from tumorkit.variants.filter.expression import Node
from tumorkit.variants.filter.params import Preparation
from tumorkit.variants.filter.quantities import AlleleColumns
from tumorkit.variants.filter.result import NotEvaluable
from tumorkit.variants.filter.specification import (
    DEFAULT_TIER,
    Filter,
    Specification,
)

Mask = NDArray[np.bool_]
Codes = NDArray[np.int64]


@dataclass
class Judgement:
    """Verdicts on the alleles of a block; one row per filter.

    ``fails``, ``unknown``, ``lifted`` and ``applies`` are what follows from the expressions after
    limits by tier, missing policy and rescue. ``evaluable`` is False for filters that the whole
    file cannot answer: they are reported once, not held against every allele. ``skipped`` are
    filters that the sample's preparation switches off, with the reasons.
    """

    columns: Columns
    evaluators: tuple[Evaluator, ...]
    tiers: list[str]
    fails: NDArray[np.bool_]
    unknown: NDArray[np.bool_]
    lifted: NDArray[np.bool_]
    applies: NDArray[np.bool_]
    rescues: NDArray[np.bool_]
    evaluable: Mask
    skipped: Mapping[str, str]

    @cached_property
    def unjudged(self) -> NDArray[np.bool_]:
        """Where a filter that the file can answer lacks a value of the allele."""
        return np.asarray(self.unknown & self.evaluable[:, np.newaxis])

    @cached_property
    def failed(self) -> Mask:
        """Alleles that fail by a filter that nothing lifts."""
        return np.asarray((self.fails & ~self.lifted).any(axis=0))

    @cached_property
    def rescued(self) -> Mask:
        """Alleles that fail only by filters that are lifted."""
        return np.asarray(self.fails.any(axis=0) & ~self.failed)

    def verdict(self, at: int) -> str:
        """Return an allele's verdict: fail, rescued, unknown or pass."""
        fails = self.fails[:, at]
        if fails.any():
            return "fail" if (fails & ~self.lifted[:, at]).any() else "rescued"
        return "unknown" if self.unjudged[:, at].any() else "pass"


class Judge:
    """A specification bound to one file.

    ``active`` are the filters that take part; those that need a normal or an annotation which
    the file lacks do not, and stand in ``not_evaluable``. Those that the sample's preparation
    switches off stand in ``skipped``, each with its reason: no allele is held against them.
    """

    def __init__(
        self,
        specification: Specification,
        reader: CallReader,
        preparation: Preparation | None = None,
        fitted: FittedCase | None = None,
    ) -> None:
        self.specification = specification
        self.reader = reader
        self.fitted = fitted
        self.said, self.notes = settled(
            preparation or Preparation(), specification.made_for, specification.name
        )
        self.reasons: dict[str, str] = {}
        self.skipped: dict[str, str] = {}
        self.active: list[Filter] = []
        for item in specification.filters:
            off = item.conditions.not_applicable(self.said)
            if off:
                self.skipped[item.id] = off
                self.active.append(item)
                continue
            reason, runs = self._evaluable(item)
            if reason:
                self.reasons[item.id] = reason
            if runs:
                self.active.append(item)
        for tier in specification.tiers:
            self._note(f"tier {tier.tier}", tier.when)
        for rescue in specification.rescues:
            self._note(f"rescue {rescue.id}", rescue.when)
        self._check_types()

    @property
    def not_evaluable(self) -> tuple[NotEvaluable, ...]:
        """What the file cannot answer by its header, and why."""
        return tuple(NotEvaluable(filter=k, reason=v) for k, v in self.reasons.items())

    @property
    def preparation(self) -> Preparation:
        """What holds of the sample: what was said, and what the specification is made for."""
        said: dict[str, Any] = dict(self.said)
        return Preparation(**said)

    @property
    def not_applicable(self) -> tuple[NotEvaluable, ...]:
        """Filters that the sample's preparation switches off, and why."""
        return tuple(NotEvaluable(filter=k, reason=v) for k, v in self.skipped.items())

    def _evaluable(self, item: Filter) -> tuple[str, bool]:
        unsettled = item.conditions.unsettled(self.said)
        if unsettled:
            return unsettled, False
        if "normal" in item.needs and self.reader.roles.normal is None:
            return "there is no matched normal", False
        if "annotation" in item.needs and not self.reader.annotations.tool:
            return "the VCF has no CSQ, ANN or BCSQ annotation", False
        reasons = [unavailable(name, self.reader, self.fitted) for name in item.names]
        said = "; ".join(dict.fromkeys(reason for reason in reasons if reason))
        return said, any(not reason for reason in reasons)

    def _note(self, what: str, node: Node) -> None:
        reasons = [unavailable(name, self.reader, self.fitted) for name in names_in(node)]
        if any(reasons):
            self.reasons[what] = "; ".join(dict.fromkeys(reason for reason in reasons if reason))

    def _check_types(self) -> None:
        """Evaluate everything on no alleles at all: a number is not a set, whatever the data."""
        columns = AlleleColumns([], self.reader, self.fitted)
        nothing = np.empty(0)
        checked: list[tuple[int, str, Node, dict[str, Numbers]]] = [
            (f.line, f"filter {f.id}", f.fail_if, {limit.name: nothing for limit in f.limits})
            for f in self.active
        ]
        checked += [(t.line, f"tier {t.tier}", t.when, {}) for t in self.specification.tiers]
        checked += [(r.line, f"rescue {r.id}", r.when, {}) for r in self.specification.rescues]
        for line, what, node, limits in checked:
            try:
                Evaluator(columns, limits).logic(node)
            except ParameterError as error:
                where = f"{self.specification.where}:{line}"
                raise ParameterError(f"{where}: {what}: {error.message}", error.hint) from error

    def judge(self, columns: AlleleColumns) -> Judgement:
        """Judge all alleles of a block."""
        return judge_columns(
            self.specification,
            self.active,
            columns,
            set(self.reasons),
            said=self.said,
            skipped=self.skipped,
        )


def judge_columns(
    specification: Specification,
    active: Sequence[Filter],
    columns: Columns,
    partly: set[str] | None = None,
    *,
    said: Mapping[str, str] | None = None,
    skipped: Mapping[str, str] | None = None,
) -> Judgement:
    """Judge alleles given as columns.

    ``said`` is what is known of material, library and reads; ``skipped`` are filters that it
    switches off, with the reasons.

    ``partly`` names filters whose fields the file does not declare: for them the missing policy
    does not turn unknown into pass or fail.
    """
    size = columns.size
    put = getattr(columns, "put", None)
    for name, value in (said or {}).items():
        if put is not None:
            put(name, Column("text", [value] * size))
    codes, names = tier_codes(specification, columns)
    tiers = [names[code] for code in codes]
    if put is not None:
        put("tier", Column("text", tiers))
    shape = (len(active), size)
    fails, unknown = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)
    applies, evaluators = np.ones(shape, dtype=bool), []
    for row, item in enumerate(active):
        limits: dict[str, Numbers] = {}
        for limit in item.limits:
            by_tier = [limit.of(name) for name in names]
            applies[row] &= np.array([value is not None for value in by_tier])[codes]
            limits[limit.name] = np.array(
                [np.nan if value is None else value for value in by_tier]
            )[codes]
        evaluator = Evaluator(columns, limits, item.ignore)
        evaluators.append(evaluator)
        if item.id in (skipped or {}):
            applies[row] = False
            continue
        verdict = np.where(applies[row], evaluator.logic(item.fail_if), FALSE)
        fails[row], unknown[row] = verdict == TRUE, verdict == UNKNOWN
        if item.missing != "unknown" and item.id not in (partly or ()):
            if item.missing == "fail":
                fails[row] |= unknown[row]
            unknown[row] = False
    lifted, rescues = lifted_by(specification, active, columns, fails)
    return Judgement(
        columns=columns,
        evaluators=tuple(evaluators),
        tiers=tiers,
        fails=fails,
        unknown=unknown,
        lifted=lifted,
        applies=applies,
        rescues=rescues,
        skipped=skipped or {},
        evaluable=np.array([item.id not in (partly or ()) for item in active], dtype=bool),
    )


def lifted_by(
    specification: Specification,
    active: Sequence[Filter],
    columns: Columns,
    fails: NDArray[np.bool_],
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which failures are lifted, and which rescues lift any, for each allele."""
    lifted = np.zeros(fails.shape, dtype=bool)
    rescues = np.zeros((len(specification.rescues), columns.size), dtype=bool)
    if fails.any():
        for at, rescue in enumerate(specification.rescues):
            when = Evaluator(columns).logic(rescue.when) == TRUE
            may = np.array([item.id in rescue.lifts for item in active])
            saved = fails & may[:, np.newaxis] & when
            lifted |= saved
            rescues[at] = saved.any(axis=0)
    return lifted, rescues


def tier_codes(
    specification: Specification, columns: Columns
) -> tuple[NDArray[np.intp], list[str]]:
    """Return the tier of each allele as an index into the names; the first that matches wins."""
    names = [*(tier.tier for tier in specification.tiers), DEFAULT_TIER]
    codes = np.full(columns.size, len(names) - 1, dtype=np.intp)
    unset = np.ones(columns.size, dtype=bool)
    for at, tier in enumerate(specification.tiers):
        matches: Logical = Evaluator(columns).logic(tier.when)
        hit = unset & (matches == TRUE)
        codes[hit] = at
        unset &= ~hit
    return codes, names


def bit_codes(rows: NDArray[np.bool_]) -> Codes:
    """Return for each allele one number with a bit for each row that is true."""
    weights = np.int64(1) << np.arange(rows.shape[0], dtype=np.int64)
    return np.asarray(weights @ rows.astype(np.int64), dtype=np.int64)
