"""Intervals of different levels around one value, as those of a normal distribution."""

from __future__ import annotations

# How far the 10 and 90 % points of a normal distribution lie out, against 2.5 and 97.5 %.
TENTH = 1.2815515655446004 / 1.959963984540054


def widened(middle: float, edge: float) -> float:
    """Return the end of the 95 % interval from a 10 or 90 % point; each side by itself.

    >>> round(widened(0.0, 1.2815515655446004), 6)
    1.959964
    """
    return middle + (edge - middle) / TENTH


def narrowed(middle: float, edge: float) -> float:
    """Return the 10 or 90 % point from an end of the 95 % interval; undoes :func:`widened`."""
    return middle + (edge - middle) * TENTH
