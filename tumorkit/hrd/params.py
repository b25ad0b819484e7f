"""Settings of the count of scars."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from tumorkit.contract.settings import Settings, about

Compat = Literal["", "scarhrd"]


@dataclass(frozen=True, kw_only=True)
class HrdParams(Settings):
    """By whose rule scars are counted, and what an arm needs to be evaluable.

    The lengths that make a scar are its definition, no settings.
    """

    compat: Compat = field(
        default="",
        metadata=about(
            "Count as another program does: scarhrd takes allele A's copies where its rule of "
            "imbalanced ends means the total, and judges every arm.",
            source="sztup/scarHRD, text mode",
        ),
    )
    min_arm_snps: int = field(
        default=10,
        metadata=about(
            "Fewest heterozygous SNPs of an evaluable arm, where the file counts them.", minimum=0
        ),
    )
    max_snp_spacing: float = field(
        default=4.0,
        metadata=about(
            "Largest mean distance of heterozygous SNPs on an evaluable arm, where the file counts "
            "them.",
            unit="Mb",
            minimum=0.01,
            source="simulated panels: 3 Mb apart 1 to 2 scars are missed, 8 Mb apart 8 of 40",
        ),
    )
    min_arm_bins: int = field(
        default=20,
        metadata=about("Fewest bins of an evaluable arm, where the file counts them.", minimum=0),
    )
    max_unknown: float = field(
        default=0.3,
        metadata=about(
            "Largest share of an evaluable arm whose allele copies are unknown.",
            minimum=0,
            maximum=1,
        ),
    )
    min_evaluable: float = field(
        default=0.7,
        metadata=about(
            "Least share of the autosomes in evaluable arms to report a score.",
            minimum=0,
            maximum=1,
        ),
    )
    min_purity: float = field(
        default=0.25,
        metadata=about(
            "Least fitted purity to report a score.",
            minimum=0,
            maximum=1,
            source="simulated panels: at .2 a tenth to a quarter of the scars is missed, below .15 "
            "a half",
        ),
    )
    arm_wide: float = field(
        default=0.9,
        metadata=about(
            "Share of an arm or chromosome from which a loss of an allele counts as arm- or "
            "chromosome-wide and is left out of the share of the genome.",
            minimum=0,
            maximum=1,
            source="Swisher 2017 (ARIEL2), Lancet Oncology 18:75",
        ),
    )
    level: float = field(
        default=0.95, metadata=about("Level of intervals.", minimum=0.5, maximum=0.999)
    )
    draws: int = field(
        default=200,
        metadata=about("Genomes drawn from what is uncertain, for intervals.", minimum=20),
    )
    seed: int = field(default=1, metadata=about("Seed of these draws.", minimum=0))
