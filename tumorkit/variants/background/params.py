"""Settings of the background of normals."""

from __future__ import annotations

from dataclasses import dataclass, field

from tumorkit.contract.settings import Settings, about
from tumorkit.genome.sample import Material, Reads


@dataclass(frozen=True, kw_only=True)
class BackgroundParams(Settings):
    """Which reads count, which normals carry the allele, and what the panel was made of."""

    min_mapping_quality: int = field(
        default=20,
        metadata=about(
            "Least mapping quality of a read that counts.",
            minimum=0,
            maximum=254,
            source="as variants count: a background holds for counts made alike",
        ),
    )
    min_base_quality: int = field(
        default=20,
        metadata=about(
            "Least base quality of a base that counts.",
            minimum=0,
            maximum=93,
            source="as variants count",
        ),
    )
    germline_vaf: float = field(
        default=0.1,
        metadata=about(
            "A normal with the allele above this fraction, in min_germline_reads or more, carries "
            "it: it says nothing of the allele's errors.",
            minimum=0,
            maximum=1,
        ),
    )
    min_germline_reads: int = field(
        default=3,
        metadata=about(
            "Least alternative reads of a normal that carries the allele; at low depth one error "
            "is above any fraction.",
            minimum=1,
        ),
    )
    material: Material = field(
        default="unknown",
        metadata=about(
            "Material of all normals; errors of FFPE, plasma and fresh material are not alike."
        ),
    )
    reads: Reads = field(
        default="unknown",
        metadata=about("Raw reads, or consensus reads of molecular barcodes."),
    )
