"""A TMB with its interval, its denominator and the account of every variant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from tumorkit.contract.estimate import Estimate
from tumorkit.contract.result import Result
from tumorkit.genome.table import Column, TableSchema
from tumorkit.genome.variant import Variant
from tumorkit.tmb.params import TmbParams

UNIT = "mut/Mb"


@dataclass(frozen=True, kw_only=True, slots=True)
class Reason:
    """Why a variant does not count: the rule's code, what was found, what was asked for."""

    code: str
    found: str
    limit: str

    def __str__(self) -> str:
        return f"{self.code}: {self.found}, asked {self.limit}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What one scheme says of one variant; no reason means that it counts."""

    variant: Variant
    scheme: str
    reasons: tuple[Reason, ...] = ()

    @property
    def counted(self) -> bool:
        """Whether the variant counts."""
        return not self.reasons


@dataclass(frozen=True, kw_only=True)
class Step:
    """A row of the waterfall: what one rule took away from what came to it.

    ``unknown`` of the ``rejected`` were rejected because the field was empty.
    """

    code: str
    text: str
    entered: int
    rejected: int
    unknown: int
    remaining: int


@dataclass(frozen=True, kw_only=True, slots=True)
class CountedVariant:
    """A variant that counts; under a scheme that weighs, it counts as ``p_somatic``."""

    contig: str
    pos: int
    ref: str
    alt: str
    gene: str
    consequence: str
    vaf: float | None
    depth: int | None
    alt_depth: int | None
    p_somatic: float | None = None


@dataclass(frozen=True, kw_only=True)
class TerritoryStep:
    """How much territory was left after one step of building it."""

    text: str
    megabases: float


@dataclass(frozen=True, kw_only=True)
class SchemeScore:
    """Another scheme on the same variants."""

    scheme: str
    tmb: Estimate
    seen: int
    counted: int
    rejected: int
    waterfall: tuple[Step, ...]
    notes: tuple[str, ...]
    params: TmbParams


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A variant on which schemes differ; by scheme: counted, or the first reason's code."""

    contig: str
    pos: int
    ref: str
    alt: str
    gene: str
    verdicts: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class TmbResult(Result):
    """Tumour mutational burden under one scheme.

    ``seen`` alleles are ``counted`` plus ``rejected``; the waterfall begins with ``seen`` and
    ends with ``counted``. Of ``hotspots_unknown`` counted ones the file does not tell whether they
    are known hotspots or drivers.
    """

    schema_name: ClassVar[str] = "tmb"
    main: ClassVar[str] = "tmb"

    tmb: Estimate
    scheme: str
    seen: int = 0
    counted: int = 0
    rejected: int = 0
    hotspots_unknown: int = 0
    waterfall: tuple[Step, ...] = ()
    variants: tuple[CountedVariant, ...] = ()
    territory: tuple[TerritoryStep, ...] = ()
    notes: tuple[str, ...] = ()
    others: tuple[SchemeScore, ...] = ()
    differences: tuple[Difference, ...] = ()
    params: TmbParams = field(default_factory=TmbParams)


@dataclass(frozen=True, kw_only=True)
class SampleTmb:
    """One sample's TMB."""

    sample: str
    tmb: Estimate
    seen: int
    counted: int
    rejected: int


@dataclass(frozen=True, kw_only=True)
class TmbCohort(Result):
    """TMB of the samples of a cohort under one scheme, by name of the sample."""

    schema_name: ClassVar[str] = "tmb.cohort"

    scheme: str
    samples: tuple[SampleTmb, ...]
    notes: tuple[str, ...] = ()
    params: TmbParams = field(default_factory=TmbParams)


TRACE = TableSchema(
    "tmb-trace",
    "Every variant and scheme: counted or rejected, with all reasons in the order of the rules.",
    (
        Column("scheme", str, "TMB scheme.", optional=False),
        Column("contig", str, "Contig.", optional=False),
        Column("pos", int, "Position, 1-based.", optional=False),
        Column("ref", str, "Reference allele.", optional=False),
        Column("alt", str, "Alternative allele.", optional=False),
        Column("gene", str, "Gene of the annotation that was asked."),
        Column("consequence", str, "Its consequences, joined by &."),
        Column("vaf", float, "Variant allele fraction in the tumour."),
        Column("depth", int, "Depth in the tumour.", "reads"),
        Column("alt_depth", int, "Reads with the variant in the tumour.", "reads"),
        Column("population_af", float, "Highest population frequency."),
        Column("p_somatic", float, "P of a somatic variant, where it was computed."),
        Column("verdict", str, "counted or rejected.", optional=False),
        Column("reasons", str, "Codes of the rules that rejected it, in their order."),
        Column("details", str, "For each reason what was found and what was asked."),
    ),
)

COHORT_TRACE = TableSchema(
    "tmb.cohort-trace",
    "Every row of a cohort: counted or rejected, with all reasons in the order of the rules.",
    (Column("sample", str, "Sample.", optional=False), *TRACE.columns),
)

COHORT_TABLE = TableSchema(
    "tmb.cohort",
    "TMB of every sample of a cohort.",
    (
        Column("sample", str, "Sample.", optional=False),
        Column("tmb", float, "TMB; empty where it is not evaluable.", "mut/Mb"),
        Column("low", float, "Lower limit of the interval.", "mut/Mb"),
        Column("high", float, "Upper limit of the interval.", "mut/Mb"),
        Column("call", str, "TMB-High or TMB-Low; empty without a cut-off."),
        Column(
            "probability_above", float, "Probability that the truth is at or above the cut-off."
        ),
        Column("counted", int, "Variants that count.", optional=False),
        Column("seen", int, "Variants of the sample.", optional=False),
        Column("reason", str, "Why it is not evaluable."),
    ),
)
