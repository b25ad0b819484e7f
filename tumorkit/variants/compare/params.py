"""Settings of a comparison with the truth."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from tumorkit.contract.settings import Settings, about
from tumorkit.errors import ParameterError


@dataclass(frozen=True, kw_only=True)
class CompareParams(Settings):
    """What counts as the same variant, and which calls take part."""

    match: Literal["record", "allele"] = field(
        default="record",
        metadata=about(
            "What is compared: whole records (same contig, position, REF and set of ALT), or each "
            "alternative allele in its shortest spelling, left-aligned where a reference is given.",
            source="record: som.py of hap.py, whose published counts it gives",
        ),
    )
    pass_only: bool = field(
        default=False,
        metadata=about("Compare only calls of QUERY that fail no filter (FILTER is PASS or .)."),
    )
    vaf_limits: tuple[float, ...] = field(
        default=(0.05, 0.1, 0.2, 0.5),
        metadata=about("Limits between the bins of variant allele fraction.", minimum=0, maximum=1),
    )
    level: float = field(
        default=0.95,
        metadata=about("Level of the intervals.", minimum=0.5, maximum=0.9999),
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if list(self.vaf_limits) != sorted(set(self.vaf_limits)):
            raise ParameterError("vaf_limits: limits must rise", "for instance 0.05, 0.1, 0.2")
