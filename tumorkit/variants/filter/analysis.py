"""Filters blocks of records and counts what happened, so that the sums close."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tumorkit.genome.build import detect_build
from tumorkit.genome.vcf import VcfHeader, VcfRecord
from tumorkit.genome.vcf_block import RecordBlock
from tumorkit.variants.calls import CallReader
from tumorkit.variants.filter.block_columns import columns_of, severities
from tumorkit.variants.filter.evaluation import TRUE
from tumorkit.variants.filter.evidence_columns import FittedCase, names_written
from tumorkit.variants.filter.examples import check_examples
from tumorkit.variants.filter.explain import Explainer
from tumorkit.variants.filter.expression import Name
from tumorkit.variants.filter.judge import Judge, Judgement
from tumorkit.variants.filter.listed import filtered_variant, transcript_notes
from tumorkit.variants.filter.params import FilterParams, Preparation
from tumorkit.variants.filter.quantities import AlleleColumns
from tumorkit.variants.filter.ranking import ExpectedFalse
from tumorkit.variants.filter.render import Renderer
from tumorkit.variants.filter.result import (
    EvidenceSummary,
    FilteredVariant,
    FilterResult,
    NotEvaluable,
    Reason,
    WaterfallRow,
)
from tumorkit.variants.filter.specification import DEFAULT_TIER, Specification
from tumorkit.variants.roles import Roles
from tumorkit.variants.transcripts import NO_LIST, TranscriptList

Write = Callable[[list[str]], None]
WriteContent = Callable[[bytes], None]
Audit = Callable[[Sequence[VcfRecord], Judgement, Explainer], None]


@dataclass
class Tally:
    """Sums over blocks; one number per active filter where it is an array."""

    records: int = 0
    written: int = 0
    without_alt: int = 0
    alleles: int = 0
    failed: int = 0
    rescued: int = 0
    unknown: int = 0
    by_filter: dict[str, np.ndarray[tuple[int], np.dtype[np.int64]]] = field(default_factory=dict)
    expected_false: ExpectedFalse = field(default_factory=ExpectedFalse)

    def add(self, judgement: Judgement) -> None:
        """Count the alleles of a block."""
        fails, failed, rescued = judgement.fails, judgement.failed, judgement.rescued
        self.alleles += judgement.columns.size
        self.failed += int(failed.sum())
        self.rescued += int(rescued.sum())
        self.unknown += int((judgement.unjudged.any(axis=0) & ~failed & ~rescued).sum())
        hit = fails.any(axis=0)
        first = np.zeros_like(fails)
        if fails.size:
            first[np.argmax(fails, axis=0)[hit], np.nonzero(hit)[0]] = True
        self._add("failed", fails)
        self._add("only", fails & (fails.sum(axis=0) == 1))
        self._add("first", first)
        self._add("lifted", judgement.lifted)
        self._add("unknown", judgement.unknown)
        self._add("applied", judgement.applies)

    def _add(self, name: str, rows: np.ndarray[tuple[int, int], np.dtype[np.bool_]]) -> None:
        counted = rows.sum(axis=1, dtype=np.int64)
        self.by_filter[name] = self.by_filter[name] + counted if name in self.by_filter else counted

    def of(self, name: str, row: int) -> int:
        """Return one sum of one filter; 0 where no block came."""
        return int(self.by_filter[name][row]) if name in self.by_filter else 0


Key = tuple[int, int, float, int]


@dataclass(frozen=True)
class Listed:
    """An allele to list; the rest of its row is read at the end, when it is still there."""

    record: VcfRecord
    at: int
    verdict: str
    tier: str
    reasons: tuple[Reason, ...]
    origin: str | None
    p_somatic: float | None


class Listing:
    """Keeps the variants to list: by tier, then by impact, then by falling VAF, then file order.

    What ClinVar calls pathogenic comes before all impacts. The impact is the most severe that the
    record's annotation names, on any transcript.
    """

    def __init__(self, specification: Specification, limit: int) -> None:
        self.ranks = {tier.tier: rank for rank, tier in enumerate(specification.tiers)}
        self.ranks.setdefault(DEFAULT_TIER, len(self.ranks))
        self.limit = limit
        self.kept: list[tuple[Key, Listed]] = []
        self.seen = 0
        self.qualified = 0

    def add(
        self,
        columns: AlleleColumns,
        judgement: Judgement,
        explainer: Explainer,
        chosen: NDArray[np.intp],
    ) -> None:
        """Keep the best of the old and of a block's chosen alleles."""
        if columns.size == 0:
            return
        vaf = columns.column(Name("tumor.vaf")).values
        self.qualified += chosen.size
        rank = np.array([self.ranks[tier] for tier in judgement.tiers], dtype=np.int64)[chosen]
        falling = -np.nan_to_num(vaf[chosen], nan=-1.0)
        impact = severities(columns, chosen)
        order = np.lexsort((chosen, falling, impact, rank))[: self.limit]
        new: list[tuple[Key, Listed]] = []
        for at in order.tolist():
            allele = int(chosen[at])
            key = (int(rank[at]), int(impact[at]), float(falling[at]), self.seen + allele)
            if len(self.kept) == self.limit and key > self.kept[-1][0]:
                break
            new.append(
                (
                    key,
                    Listed(
                        columns.record(allele),
                        columns.at[allele],
                        judgement.verdict(allele),
                        judgement.tiers[allele],
                        explainer.reasons(allele),
                        *origin_of(columns, allele),
                    ),
                )
            )
        self.seen += columns.size
        if new:
            self.kept = sorted([*self.kept, *new], key=lambda item: item[0])[: self.limit]


def filter_variants(
    blocks: Iterable[Sequence[VcfRecord]],
    header: VcfHeader,
    roles: Roles,
    specification: Specification,
    params: FilterParams | None = None,
    *,
    transcripts: TranscriptList = NO_LIST,
    fitted: FittedCase | None = None,
    preparation: Preparation | None = None,
    write: Write | None = None,
    write_content: WriteContent | None = None,
    audit: Audit | None = None,
) -> FilterResult:
    """Judge every allele of every record by a specification.

    ``fitted`` is the case and what a first pass over the file told, for computed quantities.
    ``transcripts`` are those that the laboratory reports. ``write`` gets the lines of each block,
    with FILTER and INFO set, ``write_content`` those of blocks that are bytes, as bytes; ``audit``
    gets each block with its judgement. ``preparation`` switches filters off that say nothing of
    such a sample. Raises :class:`ParameterError` where the specification compares what cannot be
    compared, fails its own examples, or is made for other reads.
    """
    params = params or FilterParams()
    check_examples(specification)
    reader = CallReader(header, roles, transcripts)
    judge = Judge(specification, reader, preparation, fitted)
    computed = names_written(specification, fitted)
    renderer = Renderer(specification, judge.active, header, computed)
    tally, listing = Tally(), Listing(specification, params.max_listed)
    near = Listing(specification, params.max_near_misses)
    for records in blocks:
        columns = columns_of(records, reader, fitted)
        judgement = judge.judge(columns)
        if "posterior" in computed:
            posterior = np.asarray(columns.column(Name("posterior")).values, dtype=np.float64)
            tally.expected_false.add(posterior, ~judgement.failed)
        explainer = Explainer(judge.active, judgement)
        tally.add(judgement)
        tally.records += len(records)
        tally.without_alt += int((columns.alternatives == 0).sum())
        kept, missed = told_of(columns, judgement)
        listing.add(columns, judgement, explainer, kept)
        near.add(columns, judgement, explainer, missed)
        if write_content is not None and not computed and isinstance(records, RecordBlock):
            content, written = renderer.content(records, judgement)
            write_content(content)
            tally.written += written
        else:
            lines = renderer.lines(records, judgement)
            tally.written += len(lines)
            if write is not None:
                write(lines)
        if audit is not None:
            audit(records, judgement, explainer)
    return result_of(judge, tally, listing, near, params)


def told_of(
    columns: AlleleColumns, judgement: Judgement
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return passing, rescued and hotspot alleles, and others that a single filter removes."""
    hotspot = columns.column(Name("hotspot")).values == TRUE
    kept = np.asarray(~judgement.failed | hotspot, dtype=np.bool_)
    once = (judgement.fails & ~judgement.lifted).sum(axis=0) == 1
    return np.nonzero(kept)[0], np.nonzero(~kept & once)[0]


def origin_of(columns: AlleleColumns, allele: int) -> tuple[str | None, float | None]:
    """Return where an allele most probably comes from, and P of a somatic variant, if computed."""
    tags = columns.reader.header.info
    if columns.evidence is None and not {"TK_ORIGIN", "TK_P_SOMATIC"} <= tags.keys():
        return None, None
    p_somatic = float(columns.column(Name("p_somatic")).values[allele])
    origin = columns.column(Name("origin")).values[allele]
    return origin, None if np.isnan(p_somatic) else p_somatic


def rows_of(listing: Listing, reader: CallReader) -> tuple[FilteredVariant, ...]:
    """Return the rows of a list, in its order."""
    return tuple(
        filtered_variant(
            item.record,
            item.at,
            reader,
            verdict=item.verdict,
            tier=item.tier,
            reasons=item.reasons,
            origin=item.origin,
            p_somatic=item.p_somatic,
        )
        for _, item in listing.kept
    )


def result_of(
    judge: Judge, tally: Tally, listing: Listing, near: Listing, params: FilterParams
) -> FilterResult:
    """Put the sums together, and say what could not be judged."""
    specification, reader = judge.specification, judge.reader
    variants = rows_of(listing, reader)
    rows = [
        WaterfallRow(
            filter=item.id,
            says=item.says,
            failed=tally.of("failed", row),
            only=tally.of("only", row),
            first=tally.of("first", row),
            lifted=tally.of("lifted", row),
            unknown=tally.of("unknown", row),
            not_applicable=tally.alleles - tally.of("applied", row),
        )
        for row, item in enumerate(judge.active)
    ]
    build = detect_build(reader.header.contig_lengths)
    return FilterResult(
        sample=reader.roles.tumor or "",
        build=build.name if build else "",
        preset=specification.name,
        specification_version=specification.version,
        specification_sha256=specification.sha256,
        dialect=reader.dialect,
        tumor_sample=reader.roles.tumor,
        normal_sample=reader.roles.normal,
        roles_from=reader.roles.source,
        annotated=bool(reader.annotations.tool),
        annotation=reader.annotations.described,
        records=tally.records,
        records_written=tally.written,
        records_dropped=tally.records - tally.written,
        records_without_alt=tally.without_alt,
        alleles=tally.alleles,
        passed=tally.alleles - tally.failed - tally.rescued,
        unknown=tally.unknown,
        failed=tally.failed,
        rescued=tally.rescued,
        waterfall=tuple(rows),
        not_evaluable=not_evaluable(judge, tally),
        not_applicable=judge.not_applicable,
        preparation=judge.preparation,
        notes=(*judge.notes, *transcript_notes(variants, reader.annotations.transcripts)),
        listed_of=listing.qualified,
        variants=variants,
        near_misses_of=near.qualified,
        near_misses=rows_of(near, reader),
        evidence=evidence_summary(judge, tally),
        params=params,
    )


def evidence_summary(judge: Judge, tally: Tally) -> EvidenceSummary | None:
    """Return what the first pass told, and the false calls to be expected; None without a pass."""
    if judge.fitted is None:
        return None
    fit = judge.fitted.fit
    return EvidenceSummary(
        alleles_fitted=fit.alleles,
        tumor_in_normal=fit.tumor_in_normal,
        expected_false_positives=tally.expected_false.estimate(),
        somatic_rate=fit.somatic_rate,
        private_rate=fit.private_rate,
        artifact_rate=fit.artifact_rate,
        ffpe_excess=fit.ffpe.excess,
        oxog_excess=fit.oxog.excess,
    )


def not_evaluable(judge: Judge, tally: Tally) -> tuple[NotEvaluable, ...]:
    """Return what could not be judged: by the header, or because no record holds a value."""
    reasons = dict(judge.reasons)
    for row, item in enumerate(judge.active):
        unknown, applied = tally.of("unknown", row), tally.of("applied", row)
        if item.id in reasons:
            decided = applied - unknown
            if applied and not unknown:
                del reasons[item.id]  # its other terms decided every allele
            elif decided:
                reasons[item.id] += f"; {decided} of {applied} alleles decided by its other terms"
        elif applied and unknown == applied:
            reasons[item.id] = f"no record holds a value that it needs ({applied} alleles)"
    order = {item.id: at for at, item in enumerate(judge.specification.filters)}
    return tuple(
        NotEvaluable(filter=name, reason=reason)
        for name, reason in sorted(reasons.items(), key=lambda item: order.get(item[0], len(order)))
    )
