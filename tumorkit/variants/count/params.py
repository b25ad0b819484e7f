"""Settings of allele counting."""

from __future__ import annotations

from dataclasses import dataclass, field

from tumorkit.contract.settings import Settings, about
from tumorkit.genome.sample import Material, Reads


@dataclass(frozen=True, kw_only=True)
class CountParams(Settings):
    """Which reads and bases count."""

    min_mapping_quality: int = field(
        default=20,
        metadata=about(
            "Least mapping quality of a read that counts.",
            minimum=0,
            maximum=254,
            source="below 20 the place is wrong more often than 1 in 100 (SAM specification)",
        ),
    )
    min_base_quality: int = field(
        default=20,
        metadata=about(
            "Least base quality of a base that counts.",
            minimum=0,
            maximum=93,
            source="GATK CollectAllelicCounts: 20",
        ),
    )
    max_background_p: float = field(
        default=1e-4,
        metadata=about(
            "With a background: highest probability that the reads are errors for a variant to be "
            "present.",
            minimum=0,
            maximum=1,
        ),
    )
    min_alt_depth: int = field(
        default=2,
        metadata=about(
            "With a background: least fragments of a variant that is present.", minimum=1
        ),
    )
    min_vaf: float = field(
        default=0.01,
        metadata=about(
            "With a background: fraction at which a variant would have to be found for it to be "
            "absent.",
            minimum=0,
            maximum=1,
        ),
    )
    min_power: float = field(
        default=0.95,
        metadata=about(
            "With a background: least chance to find a variant at min_vaf for it to be absent; "
            "below, the site is not evaluable.",
            minimum=0,
            maximum=1,
        ),
    )
    material: Material = field(
        default="unknown",
        metadata=about("Material of the sample; a background of another one is refused."),
    )
    reads: Reads = field(
        default="unknown",
        metadata=about("Raw or consensus reads of the sample; a background of others is refused."),
    )
