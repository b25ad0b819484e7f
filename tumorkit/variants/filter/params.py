"""Settings of a filter run; what is filtered stands in the specification."""

from __future__ import annotations

from dataclasses import dataclass, field

from tumorkit.contract.settings import Settings, about


@dataclass(frozen=True, kw_only=True)
class FilterParams(Settings):
    """How many variants a result lists, and how much is read at a time."""

    max_listed: int = field(
        default=2000,
        metadata=about(
            "Most variants that the result lists; the VCF always holds all.",
            unit="variants",
            minimum=0,
        ),
    )
    block_size: int = field(
        default=10_000,
        metadata=about(
            "Records that are judged at a time.",
            unit="records",
            minimum=1,
            affects_results=False,
        ),
    )
