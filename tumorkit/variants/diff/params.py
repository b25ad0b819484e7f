"""Settings of a comparison of two specifications."""

from __future__ import annotations

from dataclasses import dataclass, field

from tumorkit.contract.settings import Settings, about


@dataclass(frozen=True, kw_only=True)
class DiffParams(Settings):
    """How many flips a result lists, and how much is read at a time."""

    max_listed: int = field(
        default=2000,
        metadata=about(
            "Most flips that the result lists, in file order; the table always holds all.",
            unit="alleles",
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
