"""Settings of a classification."""

from __future__ import annotations

from dataclasses import dataclass, field

from tumorkit.contract.settings import Settings, about

HORAK = "ClinGen/CGC/VICC, Horak 2022"


@dataclass(frozen=True, kw_only=True)
class ClassifyParams(Settings):
    """Cut-offs of the oncogenicity points, and what the tables are held against."""

    tumor_type: str = field(
        default="", metadata=about("Tumour type as tables name it; the profile's if none.")
    )
    date: str = field(
        default="",
        metadata=about("Date of the report (YYYY-MM-DD), against which expiry dates are held."),
    )
    min_oncogenic: int = field(
        default=10, metadata=about("Least points of an oncogenic variant.", source=HORAK)
    )
    min_likely_oncogenic: int = field(
        default=6, metadata=about("Least points of a likely oncogenic variant.", source=HORAK)
    )
    max_likely_benign: int = field(
        default=-1, metadata=about("Most points of a likely benign variant.", source=HORAK)
    )
    max_benign: int = field(
        default=-7, metadata=about("Most points of a benign variant.", source=HORAK)
    )
    common_af: float = field(
        default=0.05,
        metadata=about(
            "Population frequency above which SBVS1 is met.", minimum=0, maximum=1, source=HORAK
        ),
    )
    frequent_af: float = field(
        default=0.01,
        metadata=about(
            "Population frequency above which SBS1 is met.", minimum=0, maximum=1, source=HORAK
        ),
    )
    absent_af: float = field(
        default=1e-5,
        metadata=about(
            "Highest population frequency that counts as absent (OP4).",
            minimum=0,
            maximum=1,
            source="Horak 2022: absent or at an extremely low frequency, without a number; one "
            "allele of a quarter of a million is 4e-6",
        ),
    )
    hotspot_residue: int = field(
        default=50,
        metadata=about("Samples at a residue that make it a strong hotspot (OS3).", source=HORAK),
    )
    hotspot_change: int = field(
        default=10,
        metadata=about("Samples with the same change, for OS3 and OM3.", source=HORAK),
    )
    min_distance_share: float = field(
        default=0.9,
        metadata=about(
            "Least Grantham distance of a missense, as a share of that of the established one at "
            "its residue (OM4).",
            minimum=0,
            source="Horak 2022: greater or approximately the same",
        ),
    )
    tier_uncertain: bool = field(
        default=False,
        metadata=about(
            "Whether statements about any mutation of a gene give a tier to a variant that is not "
            "(likely) oncogenic.",
            source="Li 2017: what is of unknown significance is tier III",
        ),
    )
    predictor: str = field(
        default="",
        metadata=about("Annotation field with a predictor's score (OP1, SBP1); none by default."),
    )
    min_predictor: float | None = field(
        default=None, metadata=about("Least score that supports an oncogenic effect (OP1).")
    )
    max_predictor: float | None = field(
        default=None, metadata=about("Most score that supports no effect (SBP1).")
    )
    max_knowledge_days: int = field(
        default=365,
        metadata=about(
            "Age of a knowledge table above which the result says so.", unit="days", minimum=0
        ),
    )
