"""Judges the same alleles by two specifications and says what makes the difference."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from tumorkit.genome.build import detect_build
from tumorkit.genome.vcf import VcfHeader, VcfRecord
from tumorkit.variants.calls import CallReader
from tumorkit.variants.diff.params import DiffParams
from tumorkit.variants.diff.result import (
    DiffResult,
    FilterFlips,
    Flip,
    FlipFilter,
    Judged,
    VerdictPair,
)
from tumorkit.variants.filter.block_columns import columns_of
from tumorkit.variants.filter.evidence_columns import FittedCase
from tumorkit.variants.filter.examples import check_examples
from tumorkit.variants.filter.explain import Explainer
from tumorkit.variants.filter.judge import Judge
from tumorkit.variants.filter.params import Preparation
from tumorkit.variants.filter.quantities import AlleleColumns
from tumorkit.variants.filter.specification import Specification
from tumorkit.variants.roles import Roles

SIDES = ("a", "b")
VERDICTS = ("pass", "unknown", "rescued", "fail")
NOT_THERE = "not there"
Write = Callable[[Flip], None]


class Side:
    """One specification bound to the file; ``judge_block`` makes it speak of a block."""

    def __init__(
        self,
        name: str,
        specification: Specification,
        reader: CallReader,
        preparation: Preparation | None = None,
        fitted: FittedCase | None = None,
    ) -> None:
        check_examples(specification)
        self.name = name
        self.judge = Judge(specification, reader, preparation, fitted)
        self.rows = {item.id: row for row, item in enumerate(self.judge.active)}
        self.columns: AlleleColumns
        self.explainer: Explainer

    def judge_block(self, records: Sequence[VcfRecord]) -> None:
        """Judge all alleles of a block; columns are the side's own, because tiers differ."""
        self.columns = columns_of(records, self.judge.reader, self.judge.fitted)
        self.explainer = Explainer(self.judge.active, self.judge.judge(self.columns))

    def standing(self, at: int) -> list[int]:
        """Return the rows of filters that fail an allele and are not lifted."""
        judged = self.explainer.judgement
        rows: list[int] = np.nonzero(judged.fails[:, at] & ~judged.lifted[:, at])[0].tolist()
        return rows

    def described(self) -> Judged:
        """Return what the side was."""
        specification = self.judge.specification
        return Judged(
            side=self.name,
            name=specification.name,
            version=specification.version,
            sha256=specification.sha256,
            not_evaluable=self.judge.not_evaluable,
            not_applicable=self.judge.not_applicable,
        )


def diff_specifications(
    blocks: Iterable[Sequence[VcfRecord]],
    header: VcfHeader,
    roles: Roles,
    specifications: tuple[Specification, Specification],
    params: DiffParams | None = None,
    *,
    preparation: Preparation | None = None,
    fitted: FittedCase | None = None,
    write: Write | None = None,
) -> DiffResult:
    """Judge every allele by two specifications, A and B; ``write`` gets every flip.

    Raises :class:`ParameterError` where a specification compares what cannot be compared or fails
    its own examples.
    """
    params = params or DiffParams()
    reader = CallReader(header, roles)
    sides = zip(SIDES, specifications, strict=True)
    a, b = (Side(name, item, reader, preparation, fitted) for name, item in sides)
    pairs: Counter[tuple[str, str]] = Counter()
    counted: dict[str, Counter[tuple[str, str]]] = {"flips": Counter(), "only": Counter()}
    listed: list[Flip] = []
    records = 0
    for block in blocks:
        records += len(block)
        a.judge_block(block)
        b.judge_block(block)
        verdicts = [verdicts_of(side) for side in (a, b)]
        pairs.update(zip(*verdicts, strict=True))
        failed = [side.explainer.judgement.failed for side in (a, b)]
        for at in np.nonzero(failed[0] != failed[1])[0].tolist():
            flip = flip_of(a, b, at)
            names = [(flip.failed_by, item.reason.filter) for item in flip.filters]
            counted["flips"].update(names)
            if len(names) == 1:
                counted["only"].update(names)
            if len(listed) < params.max_listed:
                listed.append(flip)
            if write is not None:
                write(flip)
    by_class: Counter[tuple[bool, bool]] = Counter()
    for (left, right), count in pairs.items():
        by_class[left == "fail", right == "fail"] += count
    return DiffResult(
        sample=roles.tumor or "",
        build=build.name if (build := detect_build(header.contig_lengths)) else "",
        specifications=(a.described(), b.described()),
        records=records,
        alleles=pairs.total(),
        kept_by_both=by_class[False, False],
        failed_by_both=by_class[True, True],
        failed_by_a=by_class[True, False],
        failed_by_b=by_class[False, True],
        verdicts=tuple(
            VerdictPair(a=left, b=right, alleles=pairs[left, right])
            for left in VERDICTS
            for right in VERDICTS
            if pairs[left, right]
        ),
        filters=filters_of(a, b, counted),
        flips=tuple(listed),
        notes=notes_of(a, b),
        params=params,
    )


def notes_of(a: Side, b: Side) -> tuple[str, ...]:
    """Return what holds of both specifications, and what each says of the sample."""
    judges = (a.judge, b.judge)
    same = len({judge.specification.sha256 for judge in judges}) == 1
    said = [note for judge in judges for note in judge.notes]
    return (*(("A and B mean the same",) if same else ()), *dict.fromkeys(said))


def verdicts_of(side: Side) -> list[str]:
    """Return the verdict of every allele of a block."""
    judged = side.explainer.judgement
    codes = np.where(judged.unjudged.any(axis=0), 1, 0)
    codes = np.where(judged.rescued, 2, codes)
    codes = np.where(judged.failed, 3, codes)
    return [VERDICTS[code] for code in codes.tolist()]


def flip_of(a: Side, b: Side, at: int) -> Flip:
    """Return an allele that one side fails, with the filters that make the difference."""
    failing, keeping = (a, b) if a.explainer.judgement.failed[at] else (b, a)
    record = a.columns.record(at)
    which = a.columns.at[at]
    reads = a.judge.reader.tumor_reads(record)[which]
    judged = [side.explainer.judgement for side in (a, b)]
    filters = []
    for row in failing.standing(at):
        reason = failing.explainer.reason(row, at)
        other = keeping.rows.get(reason.filter)
        answer = keeping.explainer.reason(other, at) if other is not None else None
        filters.append(
            FlipFilter(
                reason=reason,
                other=answer.verdict if answer else NOT_THERE,
                other_limit=answer.limit if answer else None,
            )
        )
    return Flip(
        contig=record.contig,
        pos=record.pos,
        ref=record.ref,
        alt=record.alts[which],
        depth=reads.depth,
        alt_depth=reads.alt_depth,
        vaf=reads.vaf,
        failed_by=failing.name,
        verdict_a=judged[0].verdict(at),
        verdict_b=judged[1].verdict(at),
        tier_a=judged[0].tiers[at],
        tier_b=judged[1].tiers[at],
        filters=tuple(filters),
    )


def filters_of(
    a: Side, b: Side, counted: dict[str, Counter[tuple[str, str]]]
) -> tuple[FilterFlips, ...]:
    """Return the filters that fail a flip, in the order of their specifications."""
    rows = []
    for side, other in ((a, b), (b, a)):
        for item in side.judge.active:
            flips = counted["flips"][side.name, item.id]
            if flips:
                rows.append(
                    FilterFlips(
                        side=side.name,
                        filter=item.id,
                        says=item.says,
                        flips=flips,
                        only=counted["only"][side.name, item.id],
                        other="there" if item.id in other.rows else NOT_THERE,
                    )
                )
    return tuple(rows)
