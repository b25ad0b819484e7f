"""Settings of the exchange of tumour and normal."""

from __future__ import annotations

from dataclasses import dataclass, field

from tumorkit.contract.settings import Settings, about
from tumorkit.genome.sample import Library, Material, Reads


@dataclass(frozen=True, kw_only=True)
class SwapParams(Settings):
    """When the exchange says something, and what a lost germline variant looks like."""

    max_depth_ratio: float = field(
        default=2.0,
        metadata=about(
            "Largest ratio of the two median depths; beyond it the noise of one sample says "
            "nothing about the other.",
            unit="fold",
            minimum=1,
        ),
    )
    min_lost_vaf: float = field(
        default=0.25,
        metadata=about(
            "Normal VAF from which a variant that passes is a germline variant which the tumour "
            "lost, not noise (FACETS: heterozygous above .25 in the normal).",
            unit="fraction",
            minimum=0,
            maximum=1,
        ),
    )
    material: Material = field(default="unknown", metadata=about("Material of the tumour."))
    normal_material: Material = field(default="unknown", metadata=about("Material of the normal."))
    library: Library = field(
        default="unknown",
        metadata=about("Library; amplicons switch strand and read-position filters off."),
    )
    reads: Reads = field(
        default="unknown", metadata=about("Reads: raw, or consensus of UMI families.")
    )
    level: float = field(
        default=0.95,
        metadata=about("Level of the intervals.", unit="probability", minimum=0.5, maximum=0.999),
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
