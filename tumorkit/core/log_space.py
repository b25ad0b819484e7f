"""Probabilities of counts as natural logarithms, element by element."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tumorkit.core.late import special

Values = NDArray[np.float64]


def log_choose(total: Any, count: Any) -> Values:
    """Return log C(``total``, ``count``); counts need not be whole.

    >>> round(float(np.exp(log_choose(5, 2))), 9)
    10.0
    """
    total, count = np.asarray(total, dtype=float), np.asarray(count, dtype=float)
    found: Values = (
        special.gammaln(total + 1) - special.gammaln(count + 1) - special.gammaln(total - count + 1)
    )
    return found


def log_binomial(count: Any, total: Any, share: Any) -> Values:
    """Return the log probability of ``count`` of ``total`` at a success ``share``.

    Shares of 0 and 1 are exact: 0 or minus infinity.

    >>> round(float(np.exp(log_binomial(1, 4, 0.5))), 9), float(log_binomial(0, 4, 0.0))
    (0.25, 0.0)
    """
    count, total = np.asarray(count, dtype=float), np.asarray(total, dtype=float)
    found: Values = (
        log_choose(total, count)
        + special.xlogy(count, share)
        + special.xlog1py(total - count, -np.asarray(share, dtype=float))
    )
    return found


def log_sum(*terms: Values) -> Values:
    """Return log(exp(a) + exp(b) + ...), element by element; NaN in any term gives NaN.

    >>> round(float(np.exp(log_sum(np.log(1.0), np.log(2.0)))), 9)
    3.0
    """
    total = terms[0]
    with np.errstate(invalid="ignore"):
        for term in terms[1:]:
            total = np.logaddexp(total, term)
    return total
