"""Settings of calls."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from tumorkit.contract.settings import Settings, about

ArmRule = Literal["whole", "twist"]

# The arm rule of Twist Solid: share of the arm, copies of a loss and of a gain, copies and
# major-allele fraction of copy-neutral loss of heterozygosity.
TWIST_FRACTION = 0.3
TWIST_LOSS, TWIST_GAIN = 1.4, 2.6
TWIST_NEUTRAL, TWIST_BAF = (1.7, 2.25), 0.7


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
    same_gene_mb: float = field(
        default=1.5,
        metadata=about(
            "Loci of one name on one contig that lie at most so far apart are one gene.",
            unit="Mb",
            minimum=0,
            source="the longest human introns, about 1.2 Mb",
        ),
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
    arm_rule: ArmRule = field(
        default="whole",
        metadata=about(
            "When an arm is lost or gained: whole arms by their states, or, as Twist Solid has it, "
            "more than 30 % of it below 1.4 or above 2.6 copies.",
            source="WHO, 5th edition; Twist Solid",
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
        metadata=about("Whether one X stands at log2 0, as against a reference of men."),
    )
    matched_normal: bool = field(
        default=False,
        metadata=about(
            "Whether the copy ratios are held against the patient's own normal: X and Y then stand "
            "at log2 0 in either sex.",
        ),
    )

    @property
    def arm_fraction(self) -> float:
        """Share of an arm from which all of it counts as changed, by the chosen rule."""
        return TWIST_FRACTION if self.arm_rule == "twist" else self.whole_arm_fraction
