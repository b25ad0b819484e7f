"""With which certainty a variant has to be seen."""

from __future__ import annotations

from dataclasses import dataclass, field

from tumorkit.contract.settings import Settings, about


@dataclass(frozen=True, kw_only=True)
class DetectionParams(Settings):
    """The promise behind a limit of detection."""

    probability: float = field(
        default=0.95,
        metadata=about(
            "Probability with which a variant at the limit passes all filters.",
            minimum=0.5,
            maximum=0.9999,
            source="CLSI EP17-A2",
        ),
    )
