"""What a scan found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from tumorkit.contract.result import Result
from tumorkit.genome.repeat import Repeat
from tumorkit.msi.scan.params import ScanParams


@dataclass(frozen=True, kw_only=True)
class ScanResult(Result):
    """Microsatellites by contig and start; ``by_unit`` counts them by the length of their unit.

    ``bases`` were read; ``cut_by_targets`` are sites that only a part of lies in a target.
    """

    schema_name: ClassVar[str] = "msi.scan"

    loci: tuple[Repeat, ...] = field(metadata={"document": False})
    bases: int
    found: int
    by_unit: Mapping[str, int]
    cut_by_targets: int
    notes: tuple[str, ...] = ()
    params: ScanParams
