"""Settings of segmentation."""

from __future__ import annotations

from dataclasses import dataclass, field

from tumorkit.contract.settings import Settings, about


@dataclass(frozen=True, kw_only=True)
class SegmentParams(Settings):
    """How readily a step in the copy ratios becomes a breakpoint."""

    sensitivity: float = field(
        default=1.0,
        metadata=about(
            "How readily steps become breakpoints; the penalty per breakpoint is "
            "2 * sd^2 * ln(bins) / sensitivity. Below 1 fewer, above 1 more segments.",
            minimum=0.05,
            maximum=5,
            source="Killick 2012 (penalty); default calibrated on synthetic and real profiles",
        ),
    )
    outlier_sd: float = field(
        default=3.0,
        metadata=about(
            "Distance from its segment at which a bin's loss stops growing.",
            unit="sd",
            minimum=1.5,
            source="Fearnhead and Rigaill 2019",
        ),
    )
    focal_false_events: float = field(
        default=0.1,
        metadata=about(
            "Focal events expected by chance in a genome without any; 0 turns the focal pass off.",
            minimum=0,
            maximum=10,
        ),
    )
    focal_min_log2: float = field(
        default=0.2,
        metadata=about(
            "Least distance of a focal event's median from its segment.", unit="log2", minimum=0
        ),
    )
    focal_max_bins: int = field(
        default=30, metadata=about("Most bins of a focal event.", unit="bins", minimum=2)
    )
    level: float = field(
        default=0.95,
        metadata=about(
            "Level of the interval around a segment's log2.", minimum=0.5, maximum=0.999
        ),
    )
    snp_normal_depth: int = field(
        default=20,
        metadata=about(
            "Least reads of the normal at a SNP.",
            unit="reads",
            minimum=1,
            source="FACETS asks for 35, GATK for 30, of deeper libraries",
        ),
    )
    snp_normal_fraction: float = field(
        default=0.25,
        metadata=about(
            "Share of the normal's reads that both alleles of a heterozygous SNP exceed.",
            minimum=0,
            maximum=0.5,
            source="FACETS",
        ),
    )
    snp_tumor_depth: int = field(
        default=30,
        metadata=about(
            "Least reads of the tumour at a SNP where there is no normal.", unit="reads", minimum=1
        ),
    )
    snp_tumor_fraction: float = field(
        default=0.1,
        metadata=about(
            "Share of the tumour's reads that both alleles of a SNP exceed where there is no "
            "normal.",
            minimum=0,
            maximum=0.5,
            source="FACETS",
        ),
    )
    snp_distance: int = field(
        default=100,
        metadata=about(
            "Least distance between SNPs: closer ones share reads and say the same twice.",
            unit="bases",
            minimum=1,
        ),
    )
