"""Cuts a score where the expected share of false calls among what passes is the one asked for.

Hard filters stay apart: only alleles that they leave are ranked.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from tumorkit.contract.estimate import Estimate
from tumorkit.core.false_discovery import f_score_threshold, false_discovery_threshold
from tumorkit.errors import ParameterError
from tumorkit.genome.vcf import VcfHeader, VcfRecord
from tumorkit.variants.calls import CallReader
from tumorkit.variants.filter.block_columns import columns_of
from tumorkit.variants.filter.combine import FALSE_DISCOVERY, Combine
from tumorkit.variants.filter.evidence_columns import FittedCase
from tumorkit.variants.filter.expression import Name, parse
from tumorkit.variants.filter.judge import Judge
from tumorkit.variants.filter.params import Preparation
from tumorkit.variants.filter.result import Ranking
from tumorkit.variants.filter.specification import Filter, Limit, Specification
from tumorkit.variants.roles import Roles
from tumorkit.variants.transcripts import NO_LIST, TranscriptList

Values = NDArray[np.float64]


def rank(
    blocks: Iterable[Sequence[VcfRecord]],
    header: VcfHeader,
    roles: Roles,
    specification: Specification,
    fitted: FittedCase | None,
    preparation: Preparation | None = None,
    transcripts: TranscriptList = NO_LIST,
) -> tuple[Specification, Ranking]:
    """Return the specification with the cut as its last filter, and how the cut was found.

    Raises :class:`ParameterError` for a score that is no probability.
    """
    combine = specification.combine
    if combine is None:
        raise ValueError("the specification ranks nothing")
    reader = CallReader(header, roles, transcripts)
    judge = Judge(specification, reader, preparation, fitted)
    parts: list[Values] = [np.empty(0)]
    for records in blocks:
        columns = columns_of(records, reader, fitted)
        kept = ~judge.judge(columns).failed
        scores = np.asarray(columns.column(Name(combine.score)).values, dtype=np.float64)
        parts.append(scores[kept])
    scores = np.concatenate(parts)
    known = scores[~np.isnan(scores)]
    if known.size and (known.min() < 0 or known.max() > 1):
        raise ParameterError(
            f"{specification.where}:{combine.line}: combine: {combine.score} is no probability: "
            f"it runs from {known.min():g} to {known.max():g}",
            "rank by posterior, or by another probability",
        )
    limit = error_limit(combine, 1 - known)
    # The cut is the lowest score that passes: 1 - (1 - score) may lie a hair above it.
    passing = known[1 - known <= limit]
    threshold = float(passing.min()) if limit < 1 and passing.size else 1 - limit
    found = Ranking(
        score=combine.score,
        fdr=combine.fdr,
        f_beta=combine.f_beta,
        threshold=threshold,
        ranked=int(known.size),
        unscored=int(scores.size - known.size),
        accepted=int((known >= threshold).sum()),
    )
    return with_cut(specification, combine, threshold), found


def error_limit(combine: Combine, errors: Values) -> float:
    """Return the largest error probability that passes."""
    if combine.fdr is not None:
        return false_discovery_threshold(errors, combine.fdr)
    return f_score_threshold(errors, combine.f_beta or 1.0)


def with_cut(specification: Specification, combine: Combine, threshold: float) -> Specification:
    """Return the specification with the cut as its last filter."""
    asked = (
        f"an expected share of false calls of {combine.fdr:g}"
        if combine.fdr is not None
        else f"the best F score (beta {combine.f_beta:g})"
    )
    cut = Filter(
        id=FALSE_DISCOVERY,
        says=f"Too improbable for {asked}",
        fail_if=parse(f"{combine.score} < min"),
        limits=(Limit("min", threshold, {}),),
        line=combine.line,
    )
    return dataclasses.replace(specification, filters=(*specification.filters, cut), combine=None)


class ExpectedFalse:
    """Adds up how many of the passing alleles are expected to be false."""

    def __init__(self) -> None:
        self.mean = self.variance = 0.0
        self.known = self.unknown = 0

    def add(self, posterior: Values, kept: NDArray[np.bool_]) -> None:
        """Take the passing alleles of a block."""
        error = 1 - posterior[kept]
        sure = error[~np.isnan(error)]
        self.mean += float(sure.sum())
        self.variance += float((sure * (1 - sure)).sum())
        self.known += int(sure.size)
        self.unknown += int(error.size - sure.size)

    def estimate(self) -> Estimate:
        """Return the expected number with the 95 % range of the number itself."""
        if self.known == 0:
            return Estimate.not_evaluable("no passing allele has a posterior", unit="alleles")
        half = 1.959964 * self.variance**0.5
        return Estimate(
            value=self.mean,
            unit="alleles",
            low=max(0.0, self.mean - half),
            high=min(float(self.known), self.mean + half),
            level=0.95,
            evidence={"passing": self.known, "passing_without_posterior": self.unknown},
        )
