"""Settings of a comparison of reports."""

from __future__ import annotations

from dataclasses import dataclass, field

from tumorkit.contract.settings import Settings, about


@dataclass(frozen=True, kw_only=True)
class ReportDiffParams(Settings):
    """What counts as a change."""

    min_vaf_change: float = field(
        default=0.0,
        metadata=about(
            "Least change of a variant's allele fraction that is listed; 0 lists every one.",
            minimum=0,
            maximum=1,
        ),
    )
    any_sample: bool = field(
        default=False,
        metadata=about("Whether profiles of two samples may be compared, as of one patient."),
    )
