"""Settings of a merge of several callers' calls."""

from __future__ import annotations

from dataclasses import dataclass, field

from tumorkit.contract.settings import Settings, about


@dataclass(frozen=True, kw_only=True)
class MergeParams(Settings):
    """How many callers a variant needs, who speaks first, and what lies on one haplotype."""

    min_callers: int = field(
        default=2,
        metadata=about(
            "Callers that a variant needs; with fewer it gets FILTER few_callers. A hotspot "
            "needs one.",
            unit="callers",
            minimum=1,
            source="GMS and PCAWG consensus sets ask for two",
        ),
    )
    pass_only: bool = field(
        default=True,
        metadata=about("Whether a caller counts only where its own filters pass the variant."),
    )
    somatic_only: bool = field(
        default=True,
        metadata=about(
            "Whether a call that its caller names germline, LOH or reference (such as VarDict's "
            "STATUS, VarScan's SS, Strelka's NT) is taken as failed by that caller."
        ),
    )
    priority: str = field(
        default="",
        metadata=about(
            "Callers, comma-separated, whose counts and INFO are taken first; the others follow "
            "by name."
        ),
    )
    max_shift: int = field(
        default=10_000,
        metadata=about(
            "Most bases that an insertion or deletion is moved to the left.",
            unit="bases",
            minimum=0,
        ),
    )
    max_vaf_difference: float = field(
        default=1.96,
        metadata=about(
            "Most standard errors by which the allele fractions of two substitutions differ that "
            "are taken for equal.",
            unit="standard errors",
            minimum=0,
            source="two-sided test of two proportions at 5 %",
        ),
    )
    max_listed: int = field(
        default=1000,
        metadata=about(
            "Most merged haplotypes and most conflicting duplicates that the result lists.",
            unit="records",
            minimum=0,
        ),
    )
    block_size: int = field(
        default=2_000,
        metadata=about(
            "Records of a file that are read at a time.",
            unit="records",
            minimum=1,
            affects_results=False,
        ),
    )

    @property
    def order(self) -> tuple[str, ...]:
        """Callers by priority."""
        return tuple(name.strip() for name in self.priority.split(",") if name.strip())
