"""Settings of target coverage."""

from __future__ import annotations

from dataclasses import dataclass, field

from tumorkit.contract.settings import Settings, about


@dataclass(frozen=True, kw_only=True)
class CoverageParams(Settings):
    """Which reads count towards a target's depth."""

    min_mapping_quality: int = field(
        default=20,
        metadata=about(
            "Least mapping quality of a read that counts.",
            minimum=0,
            maximum=254,
            source="below 20 the place is wrong more often than 1 in 100 (SAM specification)",
        ),
    )
