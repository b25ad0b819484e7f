"""Settings of an annotation; what is annotated comes as files."""

from __future__ import annotations

from dataclasses import dataclass, field

from tumorkit.contract.settings import Settings, about


@dataclass(frozen=True, kw_only=True)
class AnnotateParams(Settings):
    """When a source is taken for one of another reference, and how much is read at a time."""

    max_conflicts: float = field(
        default=0.5,
        metadata=about(
            "Largest share of positions, of those that a source and the VCF have in common, at "
            "which their reference bases differ.",
            unit="fraction",
            minimum=0,
            maximum=1,
        ),
    )
    min_shared: int = field(
        default=10,
        metadata=about("Fewest positions in common for that check.", unit="positions", minimum=1),
    )
    block_size: int = field(
        default=10_000,
        metadata=about(
            "Records that are annotated at a time.",
            unit="records",
            minimum=1,
            affects_results=False,
        ),
    )
