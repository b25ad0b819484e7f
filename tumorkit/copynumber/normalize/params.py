"""Settings of normalisation."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from tumorkit.contract.settings import Settings, about


@dataclass(frozen=True, kw_only=True)
class NormalizeParams(Settings):
    """Which bins are used, what is corrected and what counts as zero."""

    center: Literal["median", "mode"] = field(
        default="median",
        metadata=about("What of the autosomes is taken as log2 0: their median or their mode."),
    )
    correct_bias: bool = field(
        default=True, metadata=about("Remove GC, repeat and edge effects that the reference lacks.")
    )
    max_components: int = field(
        default=50,
        metadata=about(
            "Most of the panel's components to remove; 0 removes none.", minimum=0, maximum=50
        ),
    )
    max_spread: float = field(
        default=1.0,
        metadata=about(
            "Most spread among normals of a bin that is used.",
            unit="log2",
            minimum=0,
            source="Talevich 2016 (CNVkit)",
        ),
    )
    min_reference_log2: float = field(
        default=-5.0,
        metadata=about(
            "Least usual log2 of a bin that is used; below it was not captured in normals.",
            unit="log2",
            source="Talevich 2016 (CNVkit)",
        ),
    )
    min_gc: float = field(
        default=0.1,
        metadata=about(
            "Least GC share of a bin that is used.", minimum=0, maximum=1, source="GATK"
        ),
    )
    max_gc: float = field(
        default=0.9,
        metadata=about("Most GC share of a bin that is used.", minimum=0, maximum=1, source="GATK"),
    )
    min_mappability: float = field(
        default=0.5,
        metadata=about(
            "Least mappability of a bin that is used, where it is known.", minimum=0, maximum=1
        ),
    )
    min_shared: float = field(
        default=0.5,
        metadata=about(
            "Least share of the tumour's bins that the reference must have.", minimum=0, maximum=1
        ),
    )
