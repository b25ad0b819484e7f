"""When a gene counts as examined."""

from __future__ import annotations

from dataclasses import dataclass, field

from tumorkit.contract.settings import Settings, about


@dataclass(frozen=True, kw_only=True)
class BoardParams(Settings):
    """How deep a gene must be read before nothing found means something."""

    negative_vaf: float = field(
        default=0.05,
        metadata=about(
            "Variant allele fraction that must be detectable where a gene is called negative.",
            unit="fraction",
            minimum=0.0001,
            maximum=1,
        ),
    )
    negative_share: float = field(
        default=0.95,
        metadata=about(
            "Least share of a gene at the depth that this needs; below it the gene has gaps.",
            unit="fraction",
            minimum=0,
            maximum=1,
        ),
    )
    min_mapping_quality: int = field(
        default=20,
        metadata=about("Least mapping quality of a read that counts as depth.", minimum=0),
    )
