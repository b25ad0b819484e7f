"""How a panel is compared with an exome."""

from __future__ import annotations

from dataclasses import dataclass, field

from tumorkit.contract.settings import Settings, about


@dataclass(frozen=True, kw_only=True)
class CalibrateParams(Settings):
    """Which scheme the table was made with, and how much it has to hold."""

    scheme: str = field(
        default="",
        metadata=about("TMB scheme of the panel's counts; no other scheme may use the result."),
    )
    min_samples: int = field(
        default=10, metadata=about("Fewest samples.", unit="samples", minimum=5)
    )
    scatter: float = field(
        default=0.15,
        metadata=about(
            "Relative scatter of samples about the line that is expected before the table is "
            "looked at.",
            minimum=0.01,
            maximum=1,
        ),
    )
    scatter_log_sd: float = field(
        default=1.0,
        metadata=about(
            "How far the scatter may stray from that, in natural logarithms.",
            minimum=0.05,
            maximum=5,
        ),
    )
