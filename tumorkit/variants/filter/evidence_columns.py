"""Computed quantities of a block's alleles: noise, bias, origin.

Each is computed when a specification first asks for it. A file that was filtered before holds
them in INFO; then they are read from there.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from tumorkit.genome.vcf import VcfRecord
from tumorkit.variants.calls import CallReader
from tumorkit.variants.evidence import (
    AlleleEvidence,
    Call,
    EvidenceParams,
    OriginPosterior,
    SampleFit,
    Scenario,
    Surroundings,
    combine_errors,
    fit_sample,
    in_normal_probability,
    normal_log_odds,
    orientation_bias_probability,
    origin_over,
    strand_bias_probability,
    tumor_log_odds,
)
from tumorkit.variants.evidence.case import CHIP_GENES, Case, contexts, substitutions
from tumorkit.variants.filter.evaluation import FALSE, UNKNOWN, Column
from tumorkit.variants.filter.evidence_names import EVIDENCE, ORIGIN_NAMES
from tumorkit.variants.filter.expression import Name, Node, walk

if TYPE_CHECKING:
    from tumorkit.variants.filter.quantities import AlleleColumns
    from tumorkit.variants.filter.specification import Specification

Values = NDArray[np.float64]
SAMPLE_COLUMNS = ("depth", "ref_depth", "alt_depth")
READ_COLUMNS = (
    "ref_forward", "ref_reverse", "alt_forward", "alt_reverse",
    "ref_f1r2", "ref_f2r1", "alt_f1r2", "alt_f2r1",
)  # fmt: skip
# Alleles that a fit of the sample looks at; of more, every second, fourth, ... is taken.
MOST_FITTED = 200_000


@dataclass(frozen=True, kw_only=True)
class FittedCase:
    """A case, and what a first pass over its alleles told.

    ``blind`` is a tumour without normal of which no allele has a known population frequency.
    ``fit`` is that of the heaviest solution, ``fits`` those of all.
    """

    case: Case
    fit: SampleFit
    params: EvidenceParams
    blind: bool = False
    fits: tuple[SampleFit, ...] = ()


class EvidenceColumns:
    """Computed quantities of the alleles of one block."""

    def __init__(self, columns: AlleleColumns, fitted: FittedCase) -> None:
        self.columns = columns
        self.fitted = fitted
        self._cache: dict[str, Column] = {}

    def column(self, name: str) -> Column:
        """Return the column of one computed quantity."""
        if name not in self._cache:
            kind = EVIDENCE[name].kind
            if name == "origin":
                self._cache[name] = Column(kind, self._origins())
            elif name in ORIGIN_NAMES:
                values = getattr(self.origin, name.removeprefix("p_"))
                self._cache[name] = Column(kind, as_written(values))
            else:
                self._cache[name] = Column(kind, as_written(COMPUTED[name](self)))
        return self._cache[name]

    @cached_property
    def alleles(self) -> AlleleEvidence:
        """What is known of the alleles."""
        return evidence_of(self.columns, self.fitted.case)

    @cached_property
    def surroundings(self) -> tuple[Surroundings, ...]:
        """Purity and copy numbers around the alleles, at each solution."""
        records = self.columns.records
        contigs, positions = [r.contig for r in records], [r.pos for r in records]
        return tuple(
            case.surroundings(contigs, positions) for _, case in self.fitted.case.scenarios()
        )

    @cached_property
    def origin(self) -> OriginPosterior:
        """Where the alleles come from."""
        fitted = self.fitted
        weights = [weight for weight, _ in fitted.case.scenarios()]
        fits = fitted.fits or (fitted.fit,) * len(weights)
        scenarios = [
            Scenario(weight=weight, surroundings=around, fit=fit)
            for weight, around, fit in zip(weights, self.surroundings, fits, strict=True)
        ]
        return origin_over(self.alleles, scenarios, fitted.params)

    def _origins(self) -> list[str | None]:
        names = [None if c is Call.NOT_EVALUABLE else c.name.lower() for c in Call]
        return [names[code] for code in self.origin.call.tolist()]

    def background(self) -> Values:
        """Return P of the counts from the background."""
        return self.alleles.background_p

    def strand_bias(self) -> Values:
        """Return P of a strand artefact."""
        return strand_bias_probability(self.alleles, self.fitted.params)

    def orientation_bias(self) -> Values:
        """Return P of an orientation artefact; NaN where no read orientation is known."""
        found, _ = orientation_bias_probability(self.alleles, self.fitted.fit, self.fitted.params)
        return found

    def tumor_lod(self) -> Values:
        """Return log10 odds of a variant in the tumour."""
        return tumor_log_odds(self.alleles, self.fitted.params)

    def normal_lod(self) -> Values:
        """Return log10 odds of no germline variant in the normal."""
        return normal_log_odds(self.alleles, self.fitted.params)

    def in_normal(self) -> Values:
        """Return P that the normal's reads are its own."""
        return in_normal_probability(self.alleles, self.fitted.fit, self.fitted.params)

    def posterior(self) -> Values:
        """Return P of a somatic variant: GATK's combination, the worst of each kind of error.

        Kinds are independent, errors of one kind are not. What could not be tested (no strands,
        say) speaks neither for nor against; an unknown origin leaves the posterior unknown.
        """
        origin = self.origin
        biases = [self._values("strand_bias"), self._values("orientation_bias")]
        other = origin.germline + origin.contamination + origin.clonal_hematopoiesis
        error = combine_errors({"artifact": [origin.artifact, *biases], "not somatic": [other]})
        return np.where(np.isnan(origin.somatic), np.nan, 1 - error)

    def _values(self, name: str) -> Values:
        return np.asarray(self.column(name).values, dtype=np.float64)


def as_written(values: Values) -> Values:
    """Return values as INFO holds them, with four significant digits.

    So a filtered file that is read again holds the very numbers that were judged.

    >>> as_written(np.array([0.314798, 2.17e-8, 0.99996, 0.0, np.nan])).tolist()
    [0.3148, 2.17e-08, 1.0, 0.0, nan]
    """
    sized = np.abs(values)
    usual = np.isfinite(values) & (sized > 1e-18)
    digits = 3 - np.floor(np.log10(np.where(usual, sized, 1.0)))
    # Whole numbers and powers of ten up to 22 are exact: what is divided is rounded once.
    up, down = 10.0 ** np.maximum(digits, 0), 10.0 ** np.maximum(-digits, 0)
    rounded = np.round(values * up / down) * down / up
    found: Values = np.where(usual, rounded, values)
    return found


COMPUTED: dict[str, Callable[[EvidenceColumns], Values]] = {
    "background.p": EvidenceColumns.background,
    "strand_bias": EvidenceColumns.strand_bias,
    "orientation_bias": EvidenceColumns.orientation_bias,
    "tumor_lod": EvidenceColumns.tumor_lod,
    "normal_lod": EvidenceColumns.normal_lod,
    "in_normal": EvidenceColumns.in_normal,
    "posterior": EvidenceColumns.posterior,
}


def evidence_of(columns: AlleleColumns, case: Case) -> AlleleEvidence:
    """Return what a block's records and the case say of its alleles."""
    records, at = columns.records, columns.at
    contigs = [record.contig for record in records]
    positions = [record.pos for record in records]
    refs = [record.ref for record in records]
    alts = [record.alts[index] for record, index in zip(records, at, strict=True)]
    known: dict[str, Values] = {}
    for who in ("tumor", "normal"):
        for part in SAMPLE_COLUMNS:
            known[f"{who}_{part}"] = _numbers(columns, f"{who}.{part}")
    for part in READ_COLUMNS:
        known[f"tumor_{part}"] = _numbers(columns, f"tumor.{part}")
    codes, folded = substitutions(refs, alts)
    lengths = [len(alt) - len(ref) for ref, alt in zip(refs, alts, strict=True)]
    hotspot = np.asarray(columns.column(Name("hotspot")).values)
    flags = columns.column(Name("caller_filter")).values
    background = np.full(columns.size, np.nan)
    if case.background is not None:
        background = case.background.p_value(
            contigs,
            positions,
            refs,
            alts,
            _counts(known["tumor_alt_depth"]),
            _counts(known["tumor_depth"]),
        )
    return AlleleEvidence.of(
        columns.size,
        **known,
        population_af=_numbers(columns, "population_af"),
        background_p=background,
        indel_length=np.array(lengths, dtype=np.float64),
        hotspot=np.where(hotspot == UNKNOWN, -1, np.where(hotspot == FALSE, 0, 1)),
        substitution=codes,
        context=contexts(contigs, positions, folded, case.bases),
        folded=folded,
        chip_gene=_in_genes(columns),
        caller_pass=np.array([not names for names in flags], dtype=np.bool_),
    )


def _numbers(columns: AlleleColumns, name: str) -> Values:
    return np.asarray(columns.column(Name(name)).values, dtype=np.float64)


def _counts(values: Values) -> list[int | None]:
    return [None if np.isnan(value) else int(value) for value in values.tolist()]


def _in_genes(columns: AlleleColumns) -> NDArray[np.bool_]:
    if not columns.reader.annotations.tool:
        return np.zeros(columns.size, dtype=np.bool_)
    genes = columns.column(Name("gene")).values
    return np.array([gene in CHIP_GENES for gene in genes], dtype=np.bool_)


def fitted_case(
    blocks: Iterable[Sequence[VcfRecord]],
    reader: CallReader,
    case: Case,
    params: EvidenceParams | None = None,
    *,
    columns_of: Callable[[Sequence[VcfRecord], CallReader], AlleleColumns],
) -> FittedCase:
    """Learn from a first pass over a file what its sample is like.

    Of more than 200,000 alleles an even, fixed share is looked at.
    """
    params = params or EvidenceParams()
    held = Held()
    for records in blocks:
        held.add(EvidenceColumns(columns_of(records, reader), unfitted(case, params)))
    evidence, surroundings = held.joined()
    blind = bool((np.isnan(evidence.population_af) & ~evidence.paired).all()) and len(evidence) > 0
    fits = tuple(fit_sample(evidence, params, around) for around in surroundings)
    fits = fits or (fit_sample(evidence, params),) * len(case.scenarios())
    return FittedCase(case=case, fit=fits[0], params=params, blind=blind, fits=fits)


def unfitted(case: Case, params: EvidenceParams) -> FittedCase:
    """Return a case of which no allele was looked at yet."""
    return FittedCase(case=case, fit=fit_sample(AlleleEvidence.of(0), params), params=params)


class Held:
    """Alleles that a fit looks at: all, or evenly every second, fourth, ... of very many.

    Which are held depends on their order alone, not on how they came in blocks.
    """

    def __init__(self) -> None:
        self.evidence: list[AlleleEvidence] = []
        self.surroundings: list[tuple[Surroundings, ...]] = []
        self.stride, self.seen = 1, 0

    def add(self, found: EvidenceColumns) -> None:
        """Take the alleles of a block."""
        rows = slice(-self.seen % self.stride, None, self.stride)
        self.evidence.append(found.alleles.take(rows))
        self.surroundings.append(tuple(taken(part, rows) for part in found.surroundings))
        self.seen += len(found.alleles)
        while sum(map(len, self.evidence)) > MOST_FITTED:
            evidence, surroundings = self.joined()
            rows = slice(0, None, 2)
            self.evidence = [evidence.take(rows)]
            self.surroundings = [tuple(taken(part, rows) for part in surroundings)]
            self.stride *= 2

    def joined(self) -> tuple[AlleleEvidence, tuple[Surroundings, ...]]:
        """Return all that are held, with their surroundings at each solution."""
        if not self.evidence:
            return AlleleEvidence.of(0), ()
        each = zip(*self.surroundings, strict=True)
        return joined(self.evidence), tuple(joined(parts) for parts in each)


Rows = TypeVar("Rows", AlleleEvidence, Surroundings)
SHARED_FIELDS = ("purity", "purity_weight", "contamination")  # of a sample, not of an allele


def taken(part: Rows, rows: slice) -> Rows:
    """Return some alleles' rows."""
    return with_columns(part, lambda name: getattr(part, name)[rows])


def with_columns(part: Rows, column: Callable[[str], Any]) -> Rows:
    """Return the same with other columns of alleles."""
    names = [item.name for item in dataclasses.fields(part) if item.name not in SHARED_FIELDS]
    changes: dict[str, Any] = {name: column(name) for name in names}
    return dataclasses.replace(part, **changes)


def joined(parts: Sequence[Rows]) -> Rows:
    """Return the alleles of all parts, at least one, in their order."""
    return with_columns(
        parts[0], lambda name: np.concatenate([getattr(part, name) for part in parts])
    )


def names_asked(specification: Specification) -> tuple[str, ...]:
    """Return the computed quantities that a specification asks for."""
    nodes = [item.fail_if for item in specification.filters]
    nodes += [tier.when for tier in specification.tiers]
    nodes += [rescue.when for rescue in specification.rescues]
    if specification.combine is not None:
        nodes.append(Name(specification.combine.score))
    return names_in(nodes)


def names_in(nodes: Iterable[Node]) -> tuple[str, ...]:
    """Return the computed quantities in some expressions."""
    asked = {name.name for node in nodes for name in walk(node) if isinstance(name, Name)}
    return tuple(name for name in EVIDENCE if name in asked)


def names_written(specification: Specification, fitted: FittedCase | None) -> tuple[str, ...]:
    """Return the computed quantities that go into INFO: those asked for, and what they rest on."""
    if fitted is None:
        return ()
    asked = set(names_asked(specification))
    if "posterior" in asked:
        asked |= {"strand_bias", "orientation_bias", "origin"}
    if asked & set(ORIGIN_NAMES):
        asked |= set(ORIGIN_NAMES)
    if fitted.case.background is not None:
        asked.add("background.p")
    else:
        # A tag that holds nothing would tell the next reader that it was asked.
        asked.discard("background.p")
    return tuple(name for name in EVIDENCE if name in asked)
