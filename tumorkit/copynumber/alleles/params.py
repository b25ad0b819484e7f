"""Settings of allele counts at SNPs."""

from __future__ import annotations

from dataclasses import dataclass, field

from tumorkit.contract.settings import Settings, about


@dataclass(frozen=True, kw_only=True)
class AllelesParams(Settings):
    """Which reads count, where SNPs are looked at, and what makes one."""

    min_mapping_quality: int = field(
        default=20,
        metadata=about(
            "Least mapping quality of a read whose alleles count.",
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
    snp_margin: int = field(
        default=150,
        metadata=about(
            "Bases around targets in which listed SNPs are counted.",
            unit="bases",
            minimum=0,
            source="the flank that fragments of a captured target reach",
        ),
    )
    snp_least_depth: int = field(
        default=20,
        metadata=about(
            "Least reads at a SNP that the reads themselves are to show.", unit="reads", minimum=5
        ),
    )
    snp_least_share: float = field(
        default=0.25,
        metadata=about(
            "Share of the normal's reads that both alleles of a SNP exceed; without a normal "
            "two fifths of it, of the tumour's reads.",
            minimum=0.01,
            maximum=0.5,
            source="FACETS: .25 in the normal, .1 in the tumour",
        ),
    )
