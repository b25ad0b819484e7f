"""Settings of calls."""

from __future__ import annotations

from dataclasses import dataclass, field

from tumorkit.contract.settings import Settings, about


@dataclass(frozen=True, kw_only=True)
class CallParams(Settings):
    """From which copy ratio, or which copy number, a segment or gene has which state."""

    loss_log2: float = field(
        default=-0.25,
        metadata=about(
            "Highest log2 ratio of a loss, where the purity is not known.",
            unit="log2",
            maximum=0,
            source="CNVkit threshold calls",
        ),
    )
    gain_log2: float = field(
        default=0.2,
        metadata=about(
            "Lowest log2 ratio of a gain, where the purity is not known.",
            unit="log2",
            minimum=0,
            source="CNVkit threshold calls",
        ),
    )
    deep_loss_log2: float = field(
        default=-1.1,
        metadata=about(
            "Highest log2 ratio of a deep loss, where the purity is not known.",
            unit="log2",
            maximum=0,
            source="CNVkit threshold calls",
        ),
    )
    high_gain_log2: float = field(
        default=0.9,
        metadata=about(
            "Lowest log2 ratio of a high gain, where the purity is not known.",
            unit="log2",
            minimum=0,
            source="PureCN callAlterations without a fit",
        ),
    )
    focal_max_mb: float = field(
        default=3.0,
        metadata=about(
            "Largest focal event: the segment with neighbours that keep half of its change.",
            unit="Mb",
            minimum=0,
            source="PureCN focal amplification",
        ),
    )
    flank_bins: int = field(
        default=50,
        metadata=about("Bins on each side that a gene is compared with.", unit="bins", minimum=5),
    )
    max_q: float = field(
        default=0.05,
        metadata=about(
            "Highest q-value (Benjamini and Hochberg) at which a gene stands out from its flanks.",
            minimum=0,
            maximum=1,
        ),
    )
    min_difference: float = field(
        default=0.2,
        metadata=about(
            "Least distance from the flanks of a gene, or part of one, that stands out.",
            unit="log2",
            minimum=0,
        ),
    )
    min_purity: float = field(
        default=0.2,
        metadata=about(
            "Below this purity states follow from intervals only and copies are not classed.",
            minimum=0,
            maximum=1,
        ),
    )
    homozygous_deletion_copies: float = field(
        default=0.5,
        metadata=about("Copy number below which a deletion is homozygous.", minimum=0),
    )
    amplification_ploidy_factor: float = field(
        default=3.0,
        metadata=about(
            "An amplification has more copies than this times the ploidy ...",
            minimum=1,
            source="PURPLE",
        ),
    )
    amplification_focal_copies: float = field(
        default=6.0,
        metadata=about(
            "... or at least this many in a focal event.", minimum=2, source="Twist Solid"
        ),
    )
    loh_minor_copies: float = field(
        default=0.5,
        metadata=about(
            "Copies of the minor allele below which it is lost.", minimum=0, source="PURPLE"
        ),
    )
    whole_arm_fraction: float = field(
        default=0.9,
        metadata=about(
            "Share of an arm's evaluable length from which all of it is changed.",
            minimum=0,
            maximum=1,
            source="1p/19q codeletion asks for whole arms (WHO, 5th edition)",
        ),
    )
    partial_arm_fraction: float = field(
        default=0.3,
        metadata=about(
            "Share of an arm's evaluable length from which it is partly changed.",
            minimum=0,
            maximum=1,
            source="Twist Solid takes this much for all of it",
        ),
    )
    min_arm_covered: float = field(
        default=0.3,
        metadata=about("Share of an arm that callable segments must cover.", minimum=0, maximum=1),
    )
    karyotype_mb: float = field(
        default=10.0,
        metadata=about(
            "Shortest stretch of a del(5q) or del(7q): what a karyotype shows.",
            unit="Mb",
            minimum=0,
            source="resolution of banded chromosomes, 5 to 10 Mb",
        ),
    )
    haploid_x_reference: bool = field(
        default=False,
        metadata=about("Whether a male X was given log2 0 by a reference of males."),
    )
