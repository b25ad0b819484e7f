"""Settings of a fit of signatures."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from tumorkit.contract.settings import Settings, about

TumorType = Literal[
    "", "bladder", "breast", "cervix", "colorectum", "endometrium", "head-and-neck", "kidney",
    "liver", "lung", "lymphoid", "melanoma", "oesophagus", "ovary", "pancreas", "prostate", "skin",
    "stomach", "urothelial",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class FitParams(Settings):
    """What is believed before the counts are seen, and when something is said."""

    tumor_type: TumorType = field(
        default="",
        metadata=about("Tumour type: raises the prior odds of its processes, lowers none."),
    )
    type_weight: float = field(
        default=4.0,
        metadata=about("Factor on the prior odds of the tumour type's processes.", minimum=1),
    )
    preparation: Literal["unknown", "ffpe", "fresh"] = field(
        default="unknown",
        metadata=about("How the tissue was kept: in FFPE some patterns may be formalin's."),
    )
    min_mutations: float = field(
        default=20.0,
        metadata=about("Fewest mutations; with fewer the sample is insufficient.", minimum=1),
    )
    expected: float = field(
        default=1.7,
        metadata=about(
            "Signatures expected beside the clock-like ones; shared by those of the table, it is "
            "the prior probability of each, at most 0.3.",
            minimum=0.01,
            maximum=20,
            source="one to three in most tumours: Alexandrov 2020, Nature 578:94",
        ),
    )
    background: float = field(
        default=0.85,
        metadata=about(
            "Prior probability of a clock-like signature (SBS1, SBS5, ID1, ID2).",
            minimum=0.01, maximum=0.999, source="Alexandrov 2015, Nature Genetics 47:1402",
        ),
    )  # fmt: skip
    noise: float = field(
        default=0.02,
        metadata=about(
            "Prior probability that some substitutions lie evenly over all classes, and that some "
            "lie evenly over all bases of the genome: noise, or what the table does not know.",
            minimum=1e-9,
            maximum=0.5,
        ),
    )
    artefact_weight: float = field(
        default=0.5,
        metadata=about(
            "Factor on the prior probability of a sequencing artefact.", minimum=1e-6, maximum=1
        ),
    )
    rare_weight: float = field(
        default=0.25,
        metadata=about(
            "Factor on the prior probability of a signature of a rare exposure, treatment, "
            "inherited defect or of one tissue.",
            minimum=1e-6,
            maximum=1,
        ),
    )
    partner_weight: float = field(
        default=7.4,
        metadata=about(
            "Factor on the prior odds of two partners together (SBS2 and SBS13, ...).", minimum=1
        ),
    )
    concentration: float = field(
        default=1.0,
        metadata=about(
            "Dirichlet concentration of the shares of the signatures that act.", minimum=0.1,
            maximum=10,
        ),
    )  # fmt: skip
    mismatch: float = field(
        default=0.0003,
        metadata=about(
            "How far true spectra are from the table's: at 0.0003 no number of mutations is "
            "worth more than 3333.", minimum=0, maximum=0.1,
            source="from tables of another version on synthetic genomes; see the methods page",
        ),
    )  # fmt: skip
    leak: float = field(
        default=0.001,
        metadata=about(
            "Share of each signature that may lie in any channel.", minimum=1e-9, maximum=0.1
        ),
    )
    level: float = field(
        default=0.95, metadata=about("Level of intervals.", minimum=0.5, maximum=0.999)
    )
    min_share: float = field(
        default=0.05,
        metadata=about(
            "Least share of a process that is called present: tables are no more exact.",
            minimum=0,
            maximum=1,
        ),
    )
    max_detectable: float = field(
        default=0.5,
        metadata=about(
            "Highest detectable share at which absence of a process is evaluable.", minimum=0.01,
            maximum=1,
        ),
    )  # fmt: skip
    bootstraps: int = field(
        default=0,
        metadata=about("Resampled catalogues per sample, each fitted anew.", minimum=0),
    )
    seed: int = field(default=1, metadata=about("Seed of random numbers.", minimum=0))
