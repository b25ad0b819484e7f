"""A baseline: stutter of every site in normals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from tumorkit.contract.result import Result
from tumorkit.genome.repeat import Repeat
from tumorkit.msi.baseline.params import BaselineParams


@dataclass(frozen=True, kw_only=True)
class BaselineSite:
    """One site: reads by units gained or lost against the normals' own lengths.

    ``threshold`` is msisensor-pro's limit for contractions over ``covered`` normals, None from
    fewer than two.
    """

    locus: Repeat
    normals: int
    heterozygous: int
    covered: int
    steps: Mapping[int, int]
    threshold: float | None


@dataclass(frozen=True, kw_only=True)
class BaselineResult(Result):
    """Stutter of every site of a list, pooled over normals."""

    schema_name: ClassVar[str] = "msi.baseline"

    samples: tuple[str, ...] = ()
    listed: int = 0
    known: int = 0
    fewest_normals: int = 0
    most_normals: int = 0
    notes: tuple[str, ...] = ()
    sites: tuple[BaselineSite, ...] = field(default=(), metadata={"document": False})
    params: BaselineParams = field(default_factory=BaselineParams)
