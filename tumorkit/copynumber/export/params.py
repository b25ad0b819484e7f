"""Settings of export."""

from __future__ import annotations

from dataclasses import dataclass, field

from tumorkit.contract.settings import Settings, about


@dataclass(frozen=True, kw_only=True)
class ExportParams(Settings):
    """What goes into files for other programs."""

    caller: str = field(
        default="tumorkit",
        metadata=about("Name of the caller in formats that have one, where the input names none."),
    )
    neutral: bool = field(
        default=False,
        metadata=about("Whether the VCF lists segments without a change, too (as <CNV>)."),
    )
    min_arm_fraction: float = field(
        default=0.3,
        metadata=about(
            "Least share of an arm's covered length for a row in the table of arms.",
            minimum=0,
            maximum=1,
            source="Twist Solid",
        ),
    )
    min_baseline_fraction: float = field(
        default=0.2,
        metadata=about(
            "Below this share of the covered autosomes at 1.7 to 2.25 copies the table of arms "
            "warns of a shifted baseline.",
            minimum=0,
            maximum=1,
            source="Twist Solid",
        ),
    )
    flank_bins: int = field(
        default=50,
        metadata=about(
            "Bins on each side that a small event is held against.", unit="bins", minimum=5
        ),
    )
