"""How much of the long tables one page shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from tumorkit.contract.settings import Settings, about


@dataclass(frozen=True, kw_only=True)
class ReportParams(Settings):
    """Language, consent, and lengths of tables: what is left out is counted, its file named."""

    language: Literal["en", "sv"] = field(
        default="en", metadata=about("Language of the report: English or Swedish.")
    )
    germline_consent: bool = field(
        default=False,
        metadata=about("Whether the patient consented to see possible germline findings."),
    )

    page_one_variants: int = field(
        default=8,
        metadata=about("Most variants that page one lists.", minimum=1),
    )
    page_one_events: int = field(
        default=6,
        metadata=about(
            "Most copy-number events that page one describes; of others it names the genes.",
            minimum=1,
        ),
    )
    page_one_structural: int = field(
        default=6,
        metadata=about("Most structural events that page one lists.", minimum=1),
    )
    max_structural: int = field(
        default=100,
        metadata=about("Most structural events in the table, named ones first.", minimum=1),
    )
    max_variants: int = field(
        default=500, metadata=about("Most variants in the tables, passed ones first.", minimum=1)
    )
    max_genes: int = field(
        default=150, metadata=about("Most genes in the copy-number table.", minimum=1)
    )
    max_segments: int = field(
        default=200, metadata=about("Most segments in the copy-number table.", minimum=1)
    )
