"""Settings of the scan for microsatellites."""

from __future__ import annotations

from dataclasses import dataclass, field

from tumorkit.contract.settings import Settings, about

PRO = "msisensor-pro scan"


@dataclass(frozen=True, kw_only=True)
class ScanParams(Settings):
    """What is called a microsatellite."""

    min_homopolymer: int = field(
        default=8,
        metadata=about(
            "Fewest bases of a homopolymer.", unit="bases", minimum=4, source=f"{PRO} -l 8"
        ),
    )
    min_repeats: int = field(
        default=5,
        metadata=about(
            "Fewest repeats of a unit of two or more bases.", minimum=3, source=f"{PRO} -r 5"
        ),
    )
    max_unit: int = field(
        default=6,
        metadata=about("Longest unit.", unit="bases", minimum=1, maximum=12, source=f"{PRO} -s 6"),
    )
    max_bases: int = field(
        default=100,
        metadata=about(
            "Longest tract; a read has to span it with its flanks.", unit="bases", minimum=8
        ),
    )
    flank: int = field(
        default=5,
        metadata=about(
            "Bases beside the tract that a read must show.",
            unit="bases",
            minimum=1,
            maximum=30,
            source=f"{PRO} -c 5",
        ),
    )
