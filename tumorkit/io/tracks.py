"""Tracks over the genome: how much of each bin they cover, or their mean value there."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tumorkit.errors import InputError
from tumorkit.genome.contigs import standard
from tumorkit.genome.interval import merge
from tumorkit.io.text import read_lines

Values = NDArray[np.float64]


def read_track(path: Path) -> dict[str, tuple[NDArray[np.int64], NDArray[np.int64], Values]]:
    """Read a BED or bedGraph: per contig (UCSC name) sorted starts, ends and values.

    The value is the fourth column where all rows hold a number there (bedGraph), else 1. Stretches
    must not overlap where they carry values.
    """
    spans: dict[str, list[tuple[int, int, float]]] = {}
    valued = True
    for number, line in read_lines(path):
        if not line.strip() or line.startswith(("#", "track", "browser")):
            continue
        fields = line.split("\t") if "\t" in line else line.split()
        if len(fields) < 3 or not (fields[1].isdigit() and fields[2].isdigit()):
            raise InputError(path, "expected contig, start, end and perhaps a value", line=number)
        value = 1.0
        if valued:
            try:
                value = float(fields[3])
            except (IndexError, ValueError):
                valued = False
        spans.setdefault(standard(fields[0]), []).append((int(fields[1]), int(fields[2]), value))
    if not spans:
        raise InputError(path, "holds no interval", hint="expected rows of contig, start, end")
    found = {}
    for name, listed in spans.items():
        joined = merge((first, last) for first, last, _ in listed)
        table = np.array(sorted(listed) if valued else [(*span, 1.0) for span in joined])
        start, end = table[:, 0].astype(np.int64), table[:, 1].astype(np.int64)
        if valued and (end[:-1] > start[1:]).any():
            at = int(np.flatnonzero(end[:-1] > start[1:])[0])
            raise InputError(path, f"stretches overlap at {name}:{start[at + 1]}-{end[at]}")
        found[name] = start, end, table[:, 2]
    return found


def track_means(
    path: Path,
    contig: NDArray[np.str_],
    start: NDArray[np.int64],
    end: NDArray[np.int64],
) -> Values:
    """Return the mean of a track over each bin, bases without a value as 0.

    Contigs that the track lacks are NaN: nobody measured them.
    """
    track = read_track(path)
    means = np.full(len(start), np.nan)
    names = contig.tolist()
    for name in dict.fromkeys(names):
        if standard(name) not in track:
            continue
        rows = np.flatnonzero(contig == name)
        first, last, value = track[standard(name)]
        ends = _mass_before(first, last, value, end[rows])
        means[rows] = (ends - _mass_before(first, last, value, start[rows])) / (
            end[rows] - start[rows]
        )
    return means


def _mass_before(
    first: NDArray[np.int64], last: NDArray[np.int64], value: Values, at: NDArray[np.int64]
) -> Values:
    """Return the sum of the track's values over all bases before each position."""
    mass = np.concatenate(([0.0], np.cumsum((last - first) * value)))
    number = np.searchsorted(first, at, side="right")
    inside = np.maximum(number - 1, 0)
    over = np.where(number > 0, np.maximum(last[inside] - at, 0), 0)
    found: Values = mass[number] - over * value[inside]
    return found
