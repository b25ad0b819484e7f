"""Reads the JSON result of ``purity fit`` for the steps that build on it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from tumorkit.errors import InputError
from tumorkit.genome.contigs import standard
from tumorkit.genome.fitted_purity import FittedPurity, FittedSolution, nearest_solution
from tumorkit.io.text import require_file

SCHEMA = "tumorkit/purity"
MADE = "give what tumorkit purity fit --json wrote"


def read_fitted_purity(path: Path) -> FittedPurity:
    """Read a fit with its solutions, their points of the posterior and copies of segments.

    Raises :class:`InputError` for what is no JSON, another result, or a fit without the copies of
    its solutions.
    """
    require_file(path)
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, UnicodeDecodeError) as error:
        raise InputError(path, f"not JSON: {error}", hint=MADE) from error
    found = document.get("schema") if isinstance(document, dict) else None
    if found != SCHEMA:
        raise InputError(path, f"expected a {SCHEMA} result, found {found!r}", hint=MADE)
    try:
        return fitted_purity(document)
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise InputError(
            path, f"damaged result: {type(error).__name__} {error}", hint="fit the purity again"
        ) from error


def fitted_purity(document: Mapping[str, Any]) -> FittedPurity:
    """Return the fit that a document holds."""
    listed = document["solutions"]
    rows = document["alternatives"]
    weights = np.array([item["weight"] for item in listed], dtype=np.float64)
    places = np.array([[item["purity"], item["ploidy"]] for item in listed], dtype=np.float64)
    grid = np.array(
        [[p["purity"], p["ploidy"], p["weight"]] for p in document["grid"]], dtype=np.float64
    ).reshape(-1, 3)
    near = nearest_solution(grid, places) if len(grid) and len(listed) else np.zeros(0)
    solutions = []
    for at, item in enumerate(listed):
        own = grid[near == at] if len(grid) else grid
        if len(own) == 0:
            own = np.array([[item["purity"], item["ploidy"], 1.0]])
        own[:, 2] /= own[:, 2].sum()
        solutions.append(
            FittedSolution(
                purity=float(item["purity"]),
                ploidy=float(item["ploidy"]),
                weight=float(weights[at] / weights.sum()),
                points=own,
                copies=column(rows, "copies", at),
                minor_copies=column(rows, "minor_copies", at),
                probability=column(rows, "probability", at),
            )
        )
    return FittedPurity(
        sample=str(document.get("sample", "")),
        state=str(document["state"]),
        reason=str(document["reason_of_state"]),
        purity=document["value"],
        purity_low=document["low"],
        purity_high=document["high"],
        ploidy=document["ploidy"]["value"],
        solutions=tuple(solutions),
        contig=tuple(standard(row["contig"]) for row in rows),
        start=np.array([row["start"] for row in rows], dtype=np.int64),
        end=np.array([row["end"] for row in rows], dtype=np.int64),
    )


def column(rows: list[Mapping[str, Any]], name: str, at: int) -> np.ndarray[Any, Any]:
    """Return a solution's numbers of all segments; null is NaN."""
    values = [row[name][at] for row in rows]
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
