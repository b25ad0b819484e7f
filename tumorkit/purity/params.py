"""Settings of the fit of purity and ploidy."""

from __future__ import annotations

from dataclasses import dataclass, field

from tumorkit.contract.settings import Settings, about


@dataclass(frozen=True, kw_only=True)
class PurityParams(Settings):
    """What is believed before the data are seen, and how noisy the data may be."""

    min_purity: float = field(
        default=0.05,
        metadata=about("Lowest purity that is tried.", minimum=0.02, maximum=0.5),
    )
    min_ploidy: float = field(
        default=1.2, metadata=about("Lowest ploidy that is tried.", minimum=0.5, maximum=2)
    )
    max_ploidy: float = field(
        default=6.5, metadata=about("Highest ploidy that is tried.", minimum=2, maximum=8)
    )
    pathology_purity: float | None = field(
        default=None,
        metadata=about(
            "A pathologist's estimate of the purity; it weighs, it does not decide.",
            minimum=0,
            maximum=1,
        ),
    )
    pathology_sd: float = field(
        default=0.15,
        metadata=about(
            "Standard deviation of that estimate.",
            minimum=0.01,
            maximum=1,
            source="two pathologists differ by .1 to .2 (Smits 2014, Modern Pathology 27:168)",
        ),
    )
    doubled_share: float = field(
        default=0.3,
        metadata=about(
            "Share of tumours with a doubled genome, before the data are seen.",
            minimum=0,
            maximum=1,
            source="Zack 2013 (37 %), Bielski 2018 (28 %)",
        ),
    )
    event_cost: float = field(
        default=1.2,
        metadata=about(
            "Log-odds against one more event in the history of a segment.",
            minimum=0,
            source="calibrated on simulated tumours; PURPLE's event penalty has this role",
        ),
    )
    subclonal_share: float = field(
        default=0.08,
        metadata=about(
            "Share of segments whose change is not in all tumour cells.", minimum=0, maximum=0.5
        ),
    )
    log2_floor: float = field(
        default=0.02,
        metadata=about(
            "Error of a segment's level that no number of bins lowers.", unit="log2", minimum=0.001
        ),
    )
    baf_floor: float = field(
        default=0.02,
        metadata=about(
            "Error of a segment's allele fraction that no number of SNPs lowers.",
            minimum=0.0005,
            maximum=0.2,
        ),
    )
    min_evidence: float = field(
        default=5.0,
        metadata=about("Log-odds of tumour over none from which a tumour is seen.", minimum=0),
    )
    min_aberrant: float = field(
        default=0.01,
        metadata=about(
            "Share of the autosomes that must be changed if mutations say nothing; less may be "
            "a variant that the patient was born with.",
            minimum=0,
            maximum=1,
        ),
    )
    max_range: float = field(
        default=0.45,
        metadata=about(
            "Widest 95 % range of the purity that still is an answer.", minimum=0, maximum=1
        ),
    )
    min_weight: float = field(
        default=0.5,
        metadata=about(
            "Least weight of the best solution that still is an answer.", minimum=0, maximum=1
        ),
    )
    max_variants: int = field(
        default=400,
        metadata=about("Most somatic variants that speak; the deepest do.", minimum=0),
    )
    haploid_x_reference: bool = field(
        default=False,
        metadata=about("Whether a male X was given log2 0 by a reference of males."),
    )
