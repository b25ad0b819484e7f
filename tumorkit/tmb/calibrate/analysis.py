"""Fits a line between two counts that are both unsure."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tumorkit.core.late import special
from tumorkit.errors import ParameterError
from tumorkit.tmb.calibrate.params import CalibrateParams
from tumorkit.tmb.calibrate.result import PairedBurden, TmbCalibration

Values = NDArray[np.float64]
NODES = 32  # over the true burden of a sample
FLOOR = 1e-3  # mutations per megabase: a line may not go below
STEP = 1e-3
LEAST_SCATTER = 0.01
WIDE = 1.0  # panel burdens should differ by this factor, in natural logarithms


def calibrate_tmb(
    pairs: Sequence[PairedBurden], params: CalibrateParams | None = None
) -> TmbCalibration:
    """Fit exome TMB = intercept + slope x panel TMB where both are counts.

    The true burden of a sample at the panel's measure is log-normal among samples; the panel's
    count is Poisson around it, the exome's Poisson around the line times a gamma scatter of mean 1
    (negative binomial). All five parameters are found together by maximum likelihood, the true
    burdens integrated out (a structural errors-in-variables model: Carroll, Measurement Error in
    Nonlinear Models, 2006, chapter 8), so noise in the panel does not flatten the slope and
    every sample weighs as its counts allow. The errors come from the curvature at the maximum.

    Raises :class:`ParameterError` for too few samples or burdens that hardly differ.
    """
    params = params or CalibrateParams()
    if len(pairs) < params.min_samples:
        raise ParameterError(
            f"{len(pairs)} samples are too few for a calibration: {params.min_samples} are asked",
            "add samples measured by both, or lower --min-samples",
        )
    table = np.array(
        [(p.panel_count, p.panel_megabases, p.exome_count, p.exome_megabases) for p in pairs],
        dtype=np.float64,
    )
    panel, exome = table[:, 0] / table[:, 1], table[:, 2] / table[:, 3]
    if panel.sum() == 0 or exome.sum() == 0:
        raise ParameterError("no sample has a mutation in both", "check the columns of counts")
    logs = np.log((table[:, 0] + 0.5) / table[:, 1])
    start = np.array(
        [0.0, math.log(exome.sum() / panel.sum()), math.log(params.scatter), logs.mean(),
         math.log(max(0.2, float(logs.std())))]
    )  # fmt: skip
    found = minimum(start, table, params)
    covariance = curvature(found, table, params)
    slope = math.exp(found[1])
    line = found[0] + slope * panel
    plain = least_squares(panel, exome)
    return TmbCalibration(
        scheme=params.scheme,
        samples=len(pairs),
        slope=slope,
        intercept=float(found[0]),
        slope_sd=slope * float(covariance[1, 1]) ** 0.5,
        intercept_sd=float(covariance[0, 0]) ** 0.5,
        covariance=slope * float(covariance[0, 1]),
        scatter=math.exp(found[2]),
        lowest=float(panel.min()),
        highest=float(panel.max()),
        rmse_before=rms(panel - exome),
        rmse_after=rms(np.maximum(line, 0.0) - exome),
        plain_slope=plain.get("slope"),
        plain_intercept=plain.get("intercept"),
        r_squared=plain.get("r_squared"),
        notes=notes_of(panel),
        params=params,
    )


def loss(theta: Values, table: Values, params: CalibrateParams) -> float:
    """Return minus the log likelihood, with the prior of the scatter."""
    intercept, log_slope, log_scatter, middle, log_width = theta.tolist()
    if abs(log_slope) > 5 or abs(log_scatter) > 8 or abs(middle) > 15 or abs(log_width) > 4:
        return 1e12
    x, x_mb, y, y_mb = (column[:, None] for column in table.T)
    points, masses = np.polynomial.hermite_e.hermegauss(NODES)
    # The nodes are put where each sample's panel count says that its burden lies.
    width = math.exp(log_width)
    seen_sd = 1 / np.sqrt(x + 1 / width**2)
    weight = 1 / (1 + 1 / (width**2 * np.maximum(x, 0.25)))
    center = middle + weight * (np.log((x + 0.25) / x_mb) - middle)
    at = center + points * seen_sd * 1.2
    logs = np.log(masses / masses.sum()) + points**2 / 2 + np.log(seen_sd * 1.2)
    logs = logs - 0.5 * ((at - middle) / width) ** 2 - log_width
    rate = np.exp(at)
    logs = logs + x * np.log(rate * x_mb) - rate * x_mb
    mean = np.maximum(intercept + math.exp(log_slope) * rate, FLOOR) * y_mb
    shape = math.exp(-2 * log_scatter)
    logs = logs + special.gammaln(y + shape) - special.gammaln(shape)
    logs = logs - (y + shape) * np.log1p(mean / shape) + y * np.log(mean / shape)
    top = logs.max(axis=1, keepdims=True)
    total = float((top[:, 0] + np.log(np.exp(logs - top).sum(axis=1))).sum())
    stray = (log_scatter - math.log(params.scatter)) / params.scatter_log_sd
    return float(-total + 0.5 * stray**2)


def minimum(start: Values, table: Values, params: CalibrateParams) -> Values:
    """Return the parameters of the highest likelihood."""
    from scipy.optimize import minimize

    found = start
    for _ in range(2):  # A second start from the end frees a simplex that fell flat.
        done = minimize(
            loss,
            found,
            args=(table, params),
            method="Nelder-Mead",
            options={"xatol": 1e-4, "fatol": 1e-6, "maxfev": 2000},
        )
        found = np.asarray(done.x, dtype=np.float64)
    return found


def curvature(found: Values, table: Values, params: CalibrateParams) -> Values:
    """Return the covariance of the parameters: the inverse of the second derivatives."""
    size = len(found)
    steps = np.eye(size) * STEP
    second = np.empty((size, size))
    for i in range(size):
        for j in range(i, size):
            corners = [
                one * other * loss(found + one * steps[i] + other * steps[j], table, params)
                for one in (1, -1)
                for other in (1, -1)
            ]
            second[i, j] = second[j, i] = sum(corners) / (4 * STEP**2)
    covariance = np.asarray(np.linalg.pinv(second, hermitian=True), dtype=np.float64)
    if (np.diag(covariance)[:2] <= 0).any():
        raise ParameterError(
            "the table does not tell a line: its error cannot be computed",
            "add samples with other burdens",
        )
    return covariance


def least_squares(panel: Values, exome: Values) -> dict[str, float]:
    """Return the line of exome by panel that comparisons of assays publish.

    Vega 2021 (PMID 34606929) calibrates panels with such a line.

    >>> found = least_squares(np.array([1.0, 2.0, 3.0]), np.array([1.0, 3.0, 5.0]))
    >>> {name: round(value, 6) for name, value in found.items()}
    {'slope': 2.0, 'intercept': -1.0, 'r_squared': 1.0}
    """
    spread = panel - panel.mean()
    variance = float((spread**2).sum())
    other = exome - exome.mean()
    total = float((other**2).sum())
    if variance <= 0 or total <= 0:
        return {}
    both = float((spread * other).sum())
    slope = both / variance
    return {
        "slope": slope,
        "intercept": float(exome.mean()) - slope * float(panel.mean()),
        "r_squared": both**2 / (variance * total),
    }


def notes_of(panel: Values) -> tuple[str, ...]:
    """Return what a reader has to know."""
    positive = panel[panel > 0]
    if len(positive) and math.log(float(panel.max()) / float(positive.min())) < WIDE:
        return ("the panel's burdens hardly differ: slope and intercept cannot be told apart",)
    return ()


def rms(values: Values) -> float:
    """Return the root of the mean square."""
    return float(np.sqrt((values**2).mean()))
