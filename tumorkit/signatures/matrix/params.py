"""Settings of counting mutations by class."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from tumorkit.contract.settings import Settings, about


@dataclass(frozen=True, kw_only=True)
class MatrixParams(Settings):
    """Which variants are counted, and what makes a doublet."""

    filters: Literal["pass", "pass-or-missing", "all"] = field(
        default="pass",
        metadata=about("FILTER values that are counted: PASS, PASS and the missing one, or any."),
    )
    somatic_weights: bool = field(
        default=False,
        metadata=about(
            "Count each variant by its probability of being somatic (INFO TK_P_SOMATIC), for "
            "tumours without a normal."
        ),
    )
    min_weight: float = field(
        default=0.01,
        metadata=about(
            "Least probability of being somatic of a variant that is counted.", minimum=0, maximum=1
        ),
    )
    require_phase: bool = field(
        default=False,
        metadata=about(
            "Join neighbouring substitutions into a doublet only where reads phased them together."
        ),
    )
    max_mismatches: float = field(
        default=0.1,
        metadata=about(
            "Highest share of variants whose REF differs from the reference; above, the build is "
            "wrong.", minimum=0, maximum=1,
        ),
    )  # fmt: skip
