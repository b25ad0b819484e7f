"""Settings of a baseline."""

from __future__ import annotations

from dataclasses import dataclass, field

from tumorkit.contract.settings import about
from tumorkit.msi.score.params import LengthParams


@dataclass(frozen=True, kw_only=True)
class BaselineParams(LengthParams):
    """Which reads and normals count."""

    min_depth: int = field(
        default=20,
        metadata=about("Least fragments of a normal at a site that it tells of.", minimum=1),
    )
    max_second: float = field(
        default=0.25,
        metadata=about(
            "Highest share of a second length; above, the normal is heterozygous and left out.",
            minimum=0,
            maximum=1,
        ),
    )
    threshold_sd: float = field(
        default=3.0,
        metadata=about(
            "Standard deviations above the mean of msisensor-pro's threshold.",
            minimum=0,
            source="msisensor-pro baseline: 3",
        ),
    )
