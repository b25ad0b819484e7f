"""Settings of a calibration."""

from __future__ import annotations

from dataclasses import dataclass, field

from tumorkit.contract.settings import Settings, about


@dataclass(frozen=True, kw_only=True)
class CalibrateParams(Settings):
    """How many cases are needed, and how sure limits are."""

    min_cases: int = field(default=5, metadata=about("Fewest cases of either class.", minimum=2))
    level: float = field(
        default=0.95, metadata=about("Level of the intervals.", minimum=0.5, maximum=0.999)
    )
