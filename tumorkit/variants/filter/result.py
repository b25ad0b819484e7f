"""What a filter run found: sums that close, and for each listed variant why it is in or out."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import log2
from typing import ClassVar

from tumorkit.contract.estimate import Estimate
from tumorkit.contract.result import Result
from tumorkit.contract.summary import Summary
from tumorkit.variants.filter.params import FilterParams, Preparation


@dataclass(frozen=True, kw_only=True)
class Reason:
    """What one filter says of one allele.

    ``verdict`` is ``pass``, ``fail``, ``unknown``, ``lifted`` (failed, but rescued from it) or
    ``not_applicable`` (the filter has no limit in the allele's tier). ``condition`` is the part
    of the filter that decided, with its limit filled in; ``limit`` is None where that part
    compares with no number.
    """

    filter: str
    says: str
    quantity: str
    value: float | str | None
    limit: float | str | None
    condition: str
    verdict: str

    @property
    def distance(self) -> float | None:
        """How far the value lies from the limit: log2(value / limit), positive above it.

        None where one of them is no positive number.
        """
        value, limit = self.value, self.limit
        if not isinstance(value, float) or not isinstance(limit, float):
            return None
        return log2(value / limit) if value > 0 and limit > 0 else None


@dataclass(frozen=True, kw_only=True)
class OtherTranscript:
    """What the annotation says on a MANE Plus Clinical transcript, beside the reported one."""

    gene: str | None
    consequence: str | None
    transcript: str | None
    hgvsc: str | None
    hgvsp: str | None


@dataclass(frozen=True, kw_only=True)
class FilteredVariant:
    """One alternative allele with its verdict: ``pass``, ``fail``, ``rescued`` or ``unknown``.

    ``unknown`` is a variant that no filter fails while at least one could not judge it.
    ``reasons`` are the filters that fail it, are lifted, or could not judge it; a variant without
    reasons passes them all. ``population_absent`` is whether a population was asked and has no
    such allele; where it is not and ``population_af`` is None, none was asked.
    ``transcript_choice`` says by what the transcript was chosen.
    """

    contig: str
    pos: int
    ref: str
    alt: str
    gene: str | None
    consequence: str | None
    transcript: str | None
    hgvsc: str | None
    hgvsp: str | None
    transcript_choice: str | None
    mane_plus_clinical: tuple[OtherTranscript, ...]
    depth: int | None
    alt_depth: int | None
    vaf: float | None
    normal_vaf: float | None
    population_af: float | None
    population_absent: bool
    hotspot: bool | None
    clinical_significance: str | None
    pathogenic: bool
    callers: tuple[str, ...]
    verdict: str
    reasons: tuple[Reason, ...]
    caller_filter: tuple[str, ...]
    tier: str
    origin: str | None = None
    p_somatic: float | None = None


@dataclass(frozen=True, kw_only=True)
class WaterfallRow:
    """What one filter did: ``failed`` alleles; ``only`` by it; ``first`` in the order of filters.

    The ``first`` of all filters add up to failed and rescued alleles. ``not_applicable`` alleles
    were not asked: their tier has no limit, or the sample's preparation switches the filter off.
    """

    filter: str
    says: str
    failed: int
    only: int
    first: int
    lifted: int
    unknown: int
    not_applicable: int = 0


@dataclass(frozen=True, kw_only=True)
class NotEvaluable:
    """A filter, tier or rescue that is not asked, and why."""

    filter: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class EvidenceSummary:
    """What a first pass told of the sample, where a specification asks for computed quantities.

    Rates are per possible allele; an excess is the share of low-fraction C>T (FFPE) or C>A (OxoG)
    alleles that is artefact.
    """

    alleles_fitted: int
    tumor_in_normal: Estimate
    expected_false_positives: Estimate
    somatic_rate: float
    private_rate: float
    artifact_rate: float
    ffpe_excess: float | None
    oxog_excess: float | None


@dataclass(frozen=True, kw_only=True)
class Ranking:
    """Where a score was cut: alleles at or above ``threshold`` pass.

    ``ranked`` alleles were left by the hard filters and have a score; ``unscored`` have none.
    """

    score: str
    fdr: float | None
    f_beta: float | None
    threshold: float
    ranked: int
    unscored: int
    accepted: int


@dataclass(frozen=True, kw_only=True)
class FilterResult(Result):
    """Summary of a filter run.

    ``alleles = passed + failed + rescued`` and ``records = records_written + records_dropped``.
    ``near_misses`` are the most telling of ``near_misses_of`` alleles that a single filter removes.
    ``unknown`` of the passed alleles could not be judged by every filter. ``not_evaluable`` are
    filters that the file cannot answer, ``not_applicable`` those that say nothing of a sample
    prepared like this.
    """

    schema_name: ClassVar[str] = "variants.filter"

    preset: str
    specification_version: str
    specification_sha256: str
    dialect: str
    tumor_sample: str | None
    normal_sample: str | None
    roles_from: str
    annotated: bool
    annotation: str
    records: int
    records_written: int
    records_dropped: int
    records_without_alt: int
    alleles: int
    passed: int
    unknown: int
    failed: int
    rescued: int
    waterfall: tuple[WaterfallRow, ...]
    not_evaluable: tuple[NotEvaluable, ...]
    listed_of: int
    variants: tuple[FilteredVariant, ...]
    near_misses_of: int = 0
    near_misses: tuple[FilteredVariant, ...] = ()
    evidence: EvidenceSummary | None = None
    ranking: Ranking | None = None
    not_applicable: tuple[NotEvaluable, ...] = ()
    preparation: Preparation = field(default_factory=Preparation)
    notes: tuple[str, ...] = ()
    params: FilterParams = field(default_factory=FilterParams)

    def summary(self) -> Summary:
        """Return the waterfall as a short table."""
        rows = [
            (row.filter, str(row.failed), str(row.only), str(row.first), row.says)
            for row in self.waterfall
        ]
        rows.append(("passed", str(self.passed), "", "", "Alleles that no filter fails"))
        if self.rescued:
            rows.append(("rescued", str(self.rescued), "", "", "Failed, but lifted by name"))
        notes = [
            f"{self.records} records, {self.alleles} alleles: {self.passed} passed, "
            f"{self.failed} failed, {self.rescued} rescued",
            f"tumor {self.tumor_sample or 'without sample column'}, "
            f"normal {self.normal_sample or 'none'} (by {self.roles_from}); "
            f"annotation {self.annotation or 'none'}; calls {self.dialect}",
        ]
        if self.unknown:
            notes.append(f"{self.unknown} passed alleles lack a value that some filter asks for")
        notes += evidence_notes(self.evidence, self.ranking)
        notes += [f"not evaluable: {item.filter}: {item.reason}" for item in self.not_evaluable]
        notes += [f"{item.filter}: {item.reason}" for item in self.not_applicable]
        return Summary(
            title=f"Variant filter {self.preset}",
            columns=("filter", "alleles", "only", "first", "meaning"),
            rows=tuple(rows),
            notes=(*notes, *self.notes),
        )


def evidence_notes(evidence: EvidenceSummary | None, ranking: Ranking | None) -> list[str]:
    """Return in words what the first pass told and where the score was cut."""
    notes = []
    if evidence is not None:
        for what, found in (
            ("expected false calls among what passes", evidence.expected_false_positives),
            ("tumour cells in the normal", evidence.tumor_in_normal),
        ):
            if found.value is not None and found.low is not None and found.high is not None:
                notes.append(f"{what}: {found.value:.3g} ({found.low:.3g} to {found.high:.3g})")
    if ranking is not None:
        notes.append(
            f"{ranking.score} cut at {ranking.threshold:.4g}: {ranking.accepted} of "
            f"{ranking.ranked} ranked alleles pass, {ranking.unscored} have no score"
        )
    return notes
