"""Whose chromosomes these are, by the coverage of X and Y."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]

# Half-way between one and two copies of X, in log2.
X_LIMIT = -0.5
# X alone cannot tell so near the limit: panels differ by as much in how well X is captured.
X_DOUBT = 0.15
# A quarter of one copy of Y; reads of X that are placed on Y give less.
Y_LIMIT = -2.0
# Fewer bins do not tell.
MIN_BINS = 3


@dataclass(frozen=True, kw_only=True)
class Sex:
    """Sex as the coverage of X and Y shows it.

    ``sex`` is ``male``, ``female`` or None (not known; ``reason`` says why). ``x_log2`` is the
    median of X relative to two copies, ``y_log2`` of Y relative to one; None without bins.
    """

    sex: str | None
    x_log2: float | None
    y_log2: float | None
    reason: str


def median_of(values: Values, rows: NDArray[np.bool_]) -> float | None:
    """Return the median of known values, None where there are fewer than three."""
    chosen = values[rows & np.isfinite(values)]
    return float(np.median(chosen)) if len(chosen) >= MIN_BINS else None


def infer_sex(x_log2: float | None, y_log2: float | None) -> Sex:
    """Judge the sex by both; X alone decides where no bin lies on Y.

    >>> infer_sex(-1.0, 0.1).sex, infer_sex(0.0, -4.0).sex, infer_sex(0.0, None).sex
    ('male', 'female', 'female')
    >>> infer_sex(-1.0, -5.0).sex is None
    True
    """
    sex: str | None
    if x_log2 is None and y_log2 is None:
        sex, reason = None, "no bins on X or Y"
    elif y_log2 is None:
        sex = "male" if x_log2 is not None and x_log2 < X_LIMIT else "female"
        reason = "X alone, no bins on Y: a woman's tumour that lost an X would look the same"
        if sex == "female":
            reason = "X alone, no bins on Y"
        if x_log2 is not None and abs(x_log2 - X_LIMIT) < X_DOUBT:
            sex, reason = None, "X lies between one and two copies, and there are no bins on Y"
    elif y_log2 >= Y_LIMIT:
        sex, reason = "male", "Y is there"
        if x_log2 is not None and x_log2 >= X_LIMIT:
            reason = "Y is there, and more than one X"
    elif x_log2 is not None and x_log2 < X_LIMIT:
        sex = None
        reason = "one X and no Y: a man who lost Y or a woman who lost an X"
    else:
        sex, reason = "female", "no Y" if x_log2 is None else "two X and no Y"
    return Sex(sex=sex, x_log2=x_log2, y_log2=y_log2, reason=reason)


def infer_sexes(x_log2: list[float | None], y_log2: list[float | None]) -> list[Sex]:
    """Judge the sexes of a panel of normals, whose X and Y capture is not yet known.

    Where X falls into two clear groups they are the sexes, and both scales are shifted so that
    women have X and men have Y at zero; else the values are taken as they are.

    >>> panel = infer_sexes([0.4, 0.45, -0.6, -0.55], [-4.0, -4.0, 0.0, 0.0])
    >>> [one.sex for one in panel], round(panel[0].x_log2, 1)
    (['female', 'female', 'male', 'male'], -0.0)
    """
    shift_x = shift_y = 0.0
    known = sorted(x for x in x_log2 if x is not None)
    gaps = np.diff(known)
    if len(known) > 1 and gaps.max() > -X_LIMIT:
        split = known[int(gaps.argmax())] - X_LIMIT / 2
        shift_x = float(np.median([x for x in known if x > split]))
        men = [
            y
            for x, y in zip(x_log2, y_log2, strict=True)
            if x is not None and y is not None and x <= split
        ]
        shift_y = float(np.median(men)) if men else 0.0
        # No Y in half of those with one X: their Y says nothing of how well Y is captured.
        shift_y = shift_y if shift_y > 2 * Y_LIMIT else 0.0
    else:
        # One sex only: Y as captured is about one copy below the autosomes.
        shift_y = -1.0
    return [
        infer_sex(
            None if x is None else x - shift_x,
            None if y is None else y - shift_y,
        )
        for x, y in zip(x_log2, y_log2, strict=True)
    ]
