"""Bins, and how they came about."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from tumorkit.contract.result import Result
from tumorkit.copynumber.bins.params import BinsParams
from tumorkit.genome.bins import Bins


@dataclass(frozen=True, kw_only=True)
class BinsResult(Result):
    """Bins in genome order.

    ``intervals`` were given, ``merged`` of them overlapped another and were joined to it.
    ``target_size`` and ``off_target_size`` are the average sizes asked for or chosen by
    ``target_depth`` and ``off_target_depth`` (None unless measured). ``target_bases`` and
    ``off_target_bases`` sum up the bins.
    """

    schema_name: ClassVar[str] = "copynumber.bins"

    bins: Bins = field(metadata={"document": False})
    method: str
    intervals: int
    merged: int
    target_bins: int
    off_target_bins: int
    target_bases: int
    off_target_bases: int
    target_size: int
    off_target_size: int | None
    target_depth: float | None = None
    off_target_depth: float | None = None
    notes: tuple[str, ...] = ()
    params: BinsParams
