"""The cut-off that parts known cases best."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tumorkit.contract.estimate import Estimate
from tumorkit.core.binomial import clopper_pearson
from tumorkit.msi.calibrate.params import CalibrateParams
from tumorkit.msi.calibrate.result import CalibrateResult

HIGH, STABLE = "MSI-H", "MSS"


def calibrate(
    cases: Sequence[tuple[str, float]], params: CalibrateParams | None = None
) -> CalibrateResult:
    """Set a cut-off from pairs of status (``MSI-H`` or ``MSS``) and score.

    The cut-off is the middle of the range where Youden's index is highest (1950, Cancer 3:32).
    Sensitivity and specificity are counted by leaving each case out, with exact intervals.
    """
    params = params or CalibrateParams()
    truth = np.array([status == HIGH for status, _ in cases], dtype=bool)
    scores = np.array([score for _, score in cases], dtype=float)
    high, calm = int(truth.sum()), int((~truth).sum())
    common = {"unstable_cases": high, "stable_cases": calm, "params": params}
    if min(high, calm) < params.min_cases:
        nothing = Estimate.not_evaluable(
            f"{high} {HIGH} and {calm} {STABLE} cases; {params.min_cases} of each are needed"
        )
        return CalibrateResult(
            cutoff=nothing,
            sensitivity=nothing,
            specificity=nothing,
            area=None,
            **common,  # type: ignore[arg-type]
        )
    low, top = best_range(truth, scores)
    others = np.arange(scores.size)
    called = np.array(
        [
            scores[one] >= np.mean(best_range(truth[others != one], scores[others != one]))
            for one in others
        ]
    )
    return CalibrateResult(
        cutoff=Estimate(
            value=(low + top) / 2, low=low, high=top,
            evidence={"cases": scores.size},
        ),
        sensitivity=counted(int((called & truth).sum()), high, params.level),
        specificity=counted(int((~called & ~truth).sum()), calm, params.level),
        area=area_under(truth, scores),
        **common,  # type: ignore[arg-type]
    )  # fmt: skip


def best_range(truth: NDArray[np.bool_], scores: NDArray[np.float64]) -> tuple[float, float]:
    """Return the two scores between which the best cut-off lies.

    >>> best_range(np.array([False, False, True]), np.array([0.1, 0.2, 0.4]))
    (0.2, 0.4)
    """
    values = np.unique(scores)
    index = [(scores[truth] >= value).mean() + (scores[~truth] < value).mean() for value in values]
    at = int(np.argmax(index))
    return float(values[max(at - 1, 0)]), float(values[at])


def counted(right: int, total: int, level: float) -> Estimate:
    """Return a share with its exact interval."""
    low, high = clopper_pearson(right, total, level)
    return Estimate(
        value=right / total, low=low, high=high, level=level, evidence={"right": right, "of": total}
    )


def area_under(truth: NDArray[np.bool_], scores: NDArray[np.float64]) -> float:
    """Return the chance that an unstable case scores above a stable one, ties counted half.

    >>> area_under(np.array([True, False, False]), np.array([0.5, 0.5, 0.1]))
    0.75
    """
    above = scores[truth][:, None] - scores[~truth][None, :]
    return float((above > 0).mean() + 0.5 * (above == 0).mean())
