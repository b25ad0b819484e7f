"""Count what a scheme counts, divide by what was sought, and say how sure that is."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from tumorkit.contract.estimate import Cutoff, Estimate
from tumorkit.core.rates import probability_rate_above, rate_interval
from tumorkit.errors import ParameterError
from tumorkit.genome.interval import Territory
from tumorkit.genome.variant import Variant
from tumorkit.tmb.params import TmbParams
from tumorkit.tmb.result import (
    UNIT,
    CountedVariant,
    Difference,
    Reason,
    SchemeScore,
    Step,
    TmbResult,
    Verdict,
)
from tumorkit.tmb.rules import UNKNOWN, Rule, blocks_of, rules_of

# Friends of Cancer Research TMB phase II (PMID 34606929): smaller panels scatter too much.
SMALL_PANEL_MB = 0.667
NOT_ANNOTATED = "the VCF has no annotation of consequences (CSQ, ANN or BCSQ)"
NO_POPULATION = (
    "tumour-only and the VCF declares no population frequency, so germline variants would count"
)
NO_TERRITORY = "the size of the territory is not known: give targets or megabases"

Trace = Callable[[Verdict], None]


def estimate_tmb(
    variants: Iterable[Variant],
    territory: Territory | None,
    params: TmbParams | None = None,
    *,
    annotated: bool,
    megabases: float | None = None,
    masked: Territory | None = None,
    tumor_only: bool = False,
    frequencies: Collection[str] | None = None,
    fields: Collection[str] | None = None,
    trace: Trace | None = None,
) -> TmbResult:
    """Count eligible variants per megabase under one scheme.

    ``variants`` are read once, so a generator serves. ``territory`` filters them and, unless the
    scheme has a fitted size or ``megabases`` is given, is also what the count is divided by.
    ``masked`` bases are left out of the count; the caller has already taken them out of the
    territory. ``annotated`` says whether consequences are there to be asked. ``frequencies`` and
    ``fields`` are the population sources and INFO fields that the header declares; None does not
    check them. ``trace`` is called with the verdict on every variant.

    Raises :class:`ParameterError` where a rule of the scheme asks for a field that is not declared.

    >>> from tumorkit.genome.variant import AlleleCounts
    >>> counts = AlleleCounts(depth=100, alt_depth=20, vaf=0.2)
    >>> hits = [Variant(contig="chr1", pos=i, ref="A", alt="T", tumor=counts) for i in range(1, 13)]
    >>> result = estimate_tmb(hits, None, annotated=False, megabases=1.2)
    >>> result.tmb.value, round(result.tmb.low, 3), round(result.tmb.high, 3)
    (10.0, 5.167, 17.468)
    """
    return compare_tmb(
        variants,
        territory,
        (params or TmbParams(),),
        annotated=annotated,
        megabases=megabases,
        masked=masked,
        tumor_only=tumor_only,
        frequencies=frequencies,
        fields=fields,
        trace=trace,
    )


def compare_tmb(
    variants: Iterable[Variant],
    territory: Territory | None,
    schemes: Sequence[TmbParams],
    *,
    annotated: bool,
    megabases: float | None = None,
    masked: Territory | None = None,
    tumor_only: bool = False,
    frequencies: Collection[str] | None = None,
    fields: Collection[str] | None = None,
    trace: Trace | None = None,
) -> TmbResult:
    """Score several schemes in one pass over the variants; the first one leads.

    The others and the variants on which the schemes differ are in ``others`` and ``differences``.
    Arguments as in :func:`estimate_tmb`.
    """
    tallies = []
    for params in schemes:
        reason = cannot_count(params, annotated, tumor_only, frequencies)
        if not reason:
            check_fields(params, frequencies, fields)
        size, source = denominator(params, territory, megabases)
        tallies.append(Tally(params, rules_of(params, territory, masked), size, source, reason))
    asked = [tally for tally in tallies if not tally.reason]
    differences: list[Difference] = []
    for variant in variants:
        verdicts = [tally.judge(variant, trace) for tally in asked]
        if len({reason is None for reason in verdicts}) > 1:
            differences.append(difference(variant, asked, verdicts))
    lead, *rest = tallies
    return TmbResult(
        tmb=lead.estimate(),
        scheme=lead.params.scheme,
        seen=lead.seen,
        counted=len(lead.hits),
        rejected=lead.seen - len(lead.hits),
        waterfall=lead.waterfall(),
        variants=tuple(lead.hits),
        notes=lead.notes(),
        others=tuple(tally.score() for tally in rest),
        differences=tuple(differences),
        params=lead.params,
    )


def cannot_count(
    params: TmbParams, annotated: bool, tumor_only: bool, frequencies: Collection[str] | None
) -> str:
    """Return why a scheme cannot be applied to such a VCF at all; empty if it can."""
    if (params.consequences or params.suppressor_genes or params.exclude_known_ids) and (
        not annotated
    ):
        return NOT_ANNOTATED
    # A rule against known identifiers stands in for frequencies.
    if tumor_only and frequencies is not None and not frequencies and not params.exclude_known_ids:
        return NO_POPULATION
    return ""


def check_fields(
    params: TmbParams, frequencies: Collection[str] | None, fields: Collection[str] | None
) -> None:
    """Raise where a rule asks for a field that the header does not declare."""
    if fields is not None:
        for name, remedy in needed_fields(params):
            if name not in fields:
                raise ParameterError(
                    f"{params.scheme}: a rule asks for {name}, which the header does not declare",
                    remedy,
                )
    if frequencies is None or params.max_population_af is None or not params.population_required:
        return
    missing = [name for name in params.population_fields if name not in frequencies]
    if missing:
        present = ", ".join(sorted(frequencies)) or "none"
        raise ParameterError(
            f"{params.scheme}: a rule asks for the population frequency {missing[0]}, which the "
            f"header does not declare; declared: {present}",
            "annotate with VEP --af --max_af, or name declared sources with --population-fields",
        )


def needed_fields(params: TmbParams) -> Iterator[tuple[str, str]]:
    """Yield the fields that the rules ask for, each with what to do where it is missing."""
    if params.vaf_source == "info":
        yield "INFO/AF", "read the fraction from the tumour's column: --vaf-source sample"
    if params.min_callers:
        yield "INFO/CALLERS", "give an ensembled VCF, or count one caller's: --min-callers 0"
    if params.max_panel_observations is not None:
        yield "INFO/Artifact", "annotate the VCF with the panel of normals (hydra-genetics)"
    if params.exclude_known_ids:
        yield "CSQ/Existing_variation", "annotate with VEP --check_existing"


def denominator(
    params: TmbParams, territory: Territory | None, megabases: float | None
) -> tuple[float | None, str]:
    """Return the size in Mb that the count is divided by, and where it comes from."""
    if megabases is not None:
        return megabases, "given"
    if params.fitted_size and params.megabases is not None:
        return params.megabases, "fitted by the scheme"
    if territory is not None:
        return territory.megabases, "targets, by design; not by coverage"
    if params.megabases is not None:
        return params.megabases, "constant of the scheme"
    return None, ""


@dataclass
class RuleCount:
    """How many variants came to a rule, and how many it rejected."""

    entered: int = 0
    rejected: int = 0
    unknown: int = 0


class Tally:
    """One scheme's account of the variants that went by."""

    def __init__(
        self,
        params: TmbParams,
        rules: tuple[Rule, ...],
        size: float | None,
        size_source: str,
        reason: str,
    ) -> None:
        self.params = params
        self.rules = rules
        self.size = size
        self.size_source = size_source
        self.reason = reason
        self.seen = 0
        self.hits: list[CountedVariant] = []
        self.counts = [RuleCount() for _ in rules]
        self.hotspot_unknown = 0
        self.unfiltered = 0
        self.frequent = 0

    def judge(self, variant: Variant, trace: Trace | None) -> Reason | None:
        """Count or reject a variant; return the first reason against it."""
        self.seen += 1
        first = None
        for at, rule in enumerate(self.rules):
            first = rule.check(variant)
            if first is not None:
                self.counts[at].rejected += 1
                self.counts[at].unknown += first.found == UNKNOWN
                break
        if first is None:
            self.count(variant)
        if trace is not None:
            reasons = []
            if first is not None:
                later = (rule.check(variant) for rule in self.rules[at + 1 :])
                reasons = [first, *(reason for reason in later if reason is not None)]
            trace(Verdict(variant=variant, scheme=self.params.scheme, reasons=tuple(reasons)))
        return first

    def count(self, variant: Variant) -> None:
        """Add a variant that counts."""
        block = next(iter(blocks_of(variant, self.params.transcript)), None)
        self.hotspot_unknown += variant.hotspot is None
        self.unfiltered += not variant.filters
        known = variant.population_af.value
        self.frequent += known is not None and known > 0.001
        self.hits.append(
            CountedVariant(
                contig=variant.contig,
                pos=variant.pos,
                ref=variant.ref,
                alt=variant.alt,
                gene=block.gene if block else "",
                consequence="&".join(block.terms) if block else "",
                vaf=variant.tumor.vaf,
                depth=variant.tumor.depth,
                alt_depth=variant.tumor.alt_depth,
            )
        )

    def waterfall(self) -> tuple[Step, ...]:
        """Return one row per rule; each begins with what the rule before it left."""
        steps = []
        entered = self.seen
        for rule, count in zip(self.rules, self.counts, strict=True):
            steps.append(
                Step(
                    code=rule.code,
                    text=rule.text,
                    entered=entered,
                    rejected=count.rejected,
                    unknown=count.unknown,
                    remaining=entered - count.rejected,
                )
            )
            entered -= count.rejected
        return () if self.reason else tuple(steps)

    def estimate(self) -> Estimate:
        """Return the TMB with its interval and cut-off, or why there is none."""
        reason = self.reason or self.size_problem()
        if reason:
            return Estimate.not_evaluable(reason, unit=UNIT)
        size = self.size or 0.0
        params, counted = self.params, len(self.hits)
        background, spread = params.expected_germline, params.expected_germline_sd
        low, high = rate_interval(
            counted,
            size,
            background=background,
            background_sd=spread,
            exposure_cv=params.size_cv,
            level=params.level,
        )
        value = max(0.0, counted - background) / size
        evidence: dict[str, float | int | str] = {
            "counted": counted,
            "megabases": size,
            "megabases_source": self.size_source,
        }
        if background:
            evidence["expected_germline"] = background
        return Estimate(
            value=value,
            unit=UNIT,
            low=low,
            high=high,
            level=params.level,
            evidence=evidence,
            call=tmb_class(value, params.cutoff),
            cutoffs=self.cutoffs(size),
        )

    def size_problem(self) -> str:
        """Return why the territory cannot carry a TMB; empty if it can."""
        if self.size is None:
            return NO_TERRITORY
        if self.size <= 0:
            return "the territory is empty: targets, exons and masks leave no base"
        if self.size < self.params.min_megabases:
            return f"the territory of {self.size:.6g} Mb is below {self.params.min_megabases:g} Mb"
        return ""

    def cutoffs(self, size: float) -> tuple[Cutoff, ...]:
        """Return the scheme's cut-off with the probability that the truth is at or above it."""
        params = self.params
        if params.cutoff is None:
            return ()
        probability = probability_rate_above(
            len(self.hits),
            size,
            params.cutoff,
            background=params.expected_germline,
            background_sd=params.expected_germline_sd,
            exposure_cv=params.size_cv,
        )
        return (
            Cutoff(
                name="TMB-High",
                value=params.cutoff,
                source=params.cutoff_source or params.scheme,
                probability_above=probability,
            ),
        )

    def notes(self) -> tuple[str, ...]:
        """Return what a reader has to know beside the number."""
        if self.reason:
            return ()
        said = []
        if self.size_source == "constant of the scheme":
            said.append(
                f"divided by the scheme's own {self.size:.6g} Mb, since no targets were given"
            )
        if self.size is not None and self.params.min_megabases <= self.size < SMALL_PANEL_MB:
            said.append(
                f"{self.size:.6g} Mb is a small territory for a TMB (< {SMALL_PANEL_MB} Mb)"
            )
        if self.params.pass_only and self.unfiltered:
            said.append(
                f"{self.unfiltered} of {len(self.hits)} counted variants were never filtered "
                "(FILTER is .)"
            )
        if self.params.exclude_hotspots and self.hotspot_unknown:
            said.append(
                f"hotspots and drivers are not excluded: not known for {self.hotspot_unknown} of "
                f"{len(self.hits)} counted variants"
            )
        if self.frequent:
            said.append(
                f"{self.frequent} of {len(self.hits)} counted variants are more frequent than "
                "0.001 in a population: the scheme does not ask these sources"
            )
        unknown = sum(count.unknown for count in self.counts)
        if unknown:
            said.append(f"{unknown} variants were rejected because a field was empty")
        return tuple(said)

    def score(self) -> SchemeScore:
        """Return the account as one of several."""
        return SchemeScore(
            scheme=self.params.scheme,
            tmb=self.estimate(),
            seen=self.seen,
            counted=len(self.hits),
            rejected=self.seen - len(self.hits),
            waterfall=self.waterfall(),
            notes=self.notes(),
        )


def tmb_class(value: float, cutoff: float | None) -> str | None:
    """Return the class of a value; the interval has no say in it.

    >>> tmb_class(10.0, 10.0), tmb_class(9.9, 10.0), tmb_class(5.0, None)
    ('TMB-High', 'TMB-Low', None)
    """
    if cutoff is None:
        return None
    return "TMB-High" if value >= cutoff else "TMB-Low"


def difference(
    variant: Variant, tallies: Sequence[Tally], verdicts: Sequence[Reason | None]
) -> Difference:
    """Describe a variant that some schemes count and others do not."""
    block = next(iter(variant.consequences or ()), None)
    return Difference(
        contig=variant.contig,
        pos=variant.pos,
        ref=variant.ref,
        alt=variant.alt,
        gene=block.gene if block else "",
        verdicts={
            tally.params.scheme: reason.code if reason else "counted"
            for tally, reason in zip(tallies, verdicts, strict=True)
        },
    )


def with_rules(params: TmbParams, changes: dict[str, object]) -> TmbParams:
    """Return a scheme with some rules changed; its name says so.

    >>> with_rules(TmbParams(scheme="x"), {"min_depth": 50}).scheme
    'x (changed: min_depth)'
    """
    if not changes:
        return params
    name = f"{params.scheme} (changed: {', '.join(sorted(changes))})"
    return dataclasses.replace(params, **{"scheme": name, **changes})  # type: ignore[arg-type]
