"""Settings of an import of structural events."""

from __future__ import annotations

from dataclasses import dataclass, field

from tumorkit.contract.settings import Settings, about


@dataclass(frozen=True, kw_only=True)
class StructuralParams(Settings):
    """Which events are taken over."""

    pass_only: bool = field(
        default=True,
        metadata=about("Whether events that the caller's own filters fail are left out."),
    )
    min_length: int = field(
        default=10,
        metadata=about(
            "Least length of an event on one contig; what is shorter is a small variant.",
            unit="bases",
            minimum=1,
        ),
    )
    min_reads: int = field(
        default=0,
        metadata=about("Least split reads and spanning pairs together.", unit="reads", minimum=0),
    )
    merge: bool = field(
        default=True,
        metadata=about("Whether events that several callers saw are joined, with all evidence."),
    )
    max_distance: int = field(
        default=100,
        metadata=about(
            "Most distance of each breakpoint between two callers' records of one event.",
            unit="bases",
            minimum=0,
        ),
    )
    max_imprecise_distance: int = field(
        default=500,
        metadata=about(
            "The same, where a caller says that its breakpoints are imprecise.",
            unit="bases",
            minimum=0,
        ),
    )
