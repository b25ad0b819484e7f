"""Settings of bins."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from tumorkit.contract.settings import Settings, about


@dataclass(frozen=True, kw_only=True)
class BinsParams(Settings):
    """How large bins are, and where they may lie."""

    method: Literal["hybrid", "amplicon", "wgs"] = field(
        default="hybrid",
        metadata=about(
            "hybrid: targets and off-target bins between them; amplicon: targets alone; "
            "wgs: windows over all accessible regions."
        ),
    )
    bin_size: int | None = field(
        default=None,
        metadata=about(
            "Average size of target bins (windows for wgs); by default 267, or chosen by depth "
            "where an alignment is given.",
            unit="bases",
            minimum=20,
            maximum=1_000_000,
            source="Talevich 2016 (CNVkit)",
        ),
    )
    off_target_size: int | None = field(
        default=None,
        metadata=about(
            "Average size of off-target bins; by default 150,000, or chosen by depth.",
            unit="bases",
            minimum=500,
            maximum=5_000_000,
            source="Talevich 2016 (CNVkit)",
        ),
    )
    off_target_gap: int = field(
        default=500,
        metadata=about(
            "Least distance of off-target bins from targets and from ends of accessible regions.",
            unit="bases",
            minimum=0,
            source="twice the insert size of 250, Talevich 2016 (CNVkit)",
        ),
    )
    bases_per_bin: int = field(
        default=100_000,
        metadata=about(
            "Sequenced bases that a bin should hold where the size is chosen by depth.",
            unit="bases",
            minimum=1000,
            source="CNVkit autobin",
        ),
    )
