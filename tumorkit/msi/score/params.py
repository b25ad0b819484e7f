"""Settings of counting lengths and of scoring them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from tumorkit.contract.settings import Settings, about

MsiPreset = Literal["tumorkit", "gms560-unfiltered", "gms560-filtered", "msk-impact"]
NOT_VALIDATED = "tumorkit default, from simulations; not clinically validated"


@dataclass(frozen=True, kw_only=True)
class LengthParams(Settings):
    """Which reads tell the length of a microsatellite."""

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
        metadata=about("Least mean base quality of the tract in a read.", minimum=0, maximum=93),
    )
    max_mismatches: int = field(
        default=1,
        metadata=about("Most bases of a flank that may differ from the list's.", minimum=0),
    )


@dataclass(frozen=True, kw_only=True)
class MsiParams(LengthParams):
    """Which sites are judged, how surely, and against which cut-off."""

    min_depth: int = field(
        default=20,
        metadata=about(
            "Least fragments at a usable site, in the tumour and in its normal.",
            minimum=1,
            source="hartwigmedical/hmftools Redux: 20",
        ),
    )
    max_interrupted: float = field(
        default=0.3,
        metadata=about(
            "Highest share of a site's spanning reads whose tract is interrupted.",
            minimum=0,
            maximum=1,
        ),
    )
    min_sites: int = field(
        default=40,
        metadata=about(
            "Fewest usable sites; below, instability is not evaluable.",
            minimum=1,
            source="Illumina TSO500: 40",
        ),
    )
    purity: float | None = field(
        default=None,
        metadata=about(
            "Known tumour purity: bounds the share of reads that may be shifted.",
            minimum=0.01,
            maximum=1,
        ),
    )
    max_q: float = field(
        default=0.05,
        metadata=about("Highest q-value of a site called unstable.", minimum=0, maximum=1),
    )
    overdispersion: float = field(
        default=0.001,
        metadata=about(
            "How much more than chance read shares differ; at 0.001 no depth is worth more than "
            "1000 independent reads.",
            minimum=0,
            maximum=0.1,
        ),
    )
    cutoff: float = field(
        default=0.1,
        metadata=about(
            "Share of unstable sites from which a tumour is MSI-H.", minimum=0, maximum=1
        ),
    )
    cutoff_source: str = field(
        default=NOT_VALIDATED, metadata=about("Where the cut-off comes from.")
    )
    level: float = field(
        default=0.95, metadata=about("Level of the interval.", minimum=0.5, maximum=0.999)
    )
    preset: MsiPreset = field(
        default="tumorkit",
        metadata=about(
            "Which cut-offs hold: tumorkit is our score's own only, which is not clinically "
            "validated; the others add those published for msisensor-pro's score on one panel and "
            "its loci."
        ),
    )
    pro_threshold: float = field(
        default=0.1,
        metadata=about(
            "Peer score: limit of a site without a baseline's own.",
            minimum=0,
            maximum=1,
            source="msisensor-pro pro -i 0.1",
        ),
    )
    scale_pair: bool = field(
        default=False,
        metadata=about("Peer score: bring tumour and normal to one depth (msisensor-pro -z 1)."),
    )
