"""One scheme's account of the variants that went by, and the number that comes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tumorkit.contract.estimate import Cutoff, Estimate
from tumorkit.genome.variant import Consequence, Variant
from tumorkit.genome.vcf import split_missing
from tumorkit.tmb.burden import Burden
from tumorkit.tmb.calibrate.result import TmbCalibration
from tumorkit.tmb.notes import FREQUENT, notes_of
from tumorkit.tmb.params import TmbParams
from tumorkit.tmb.result import UNIT, CountedVariant, Reason, SchemeScore, Step, Verdict
from tumorkit.tmb.rules import UNKNOWN, Rule, blocks_of, highest_frequency
from tumorkit.tmb.sieve import ASK, EMPTY, PASSED, REJECTED, QuickHits, Sieve
from tumorkit.variants.allele_block import AlleleBlock

NO_TERRITORY = "the size of the territory is not known: give targets or megabases"

Trace = Callable[[Verdict], None]


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
        calibration: TmbCalibration | None = None,
        sieves: tuple[Sieve | None, ...] = (),
    ) -> None:
        self.params = params
        self.rules = rules
        self.sieves = sieves or (None,) * len(rules)
        self.size = size
        self.size_source = size_source
        self.reason = reason
        self.calibration = calibration
        self.seen = 0
        self.hits: list[CountedVariant] = []
        self.counts = [RuleCount() for _ in rules]
        self.hotspot_unknown = 0
        self.unfiltered = 0
        self.wanted = frozenset(params.consequences)
        # A scheme that asks every source about rarer alleles cannot count a frequent one.
        self.watches_frequency = (
            params.max_population_af is None
            or bool(params.population_fields)
            or params.max_population_af > FREQUENT
        )
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

    def judge_block(self, block: AlleleBlock) -> list[str]:
        """Count or reject the alleles of a block; return the code against each, or nothing."""
        self.seen += len(block)
        fate = np.full(len(block), -1, dtype=np.int64)
        left = np.arange(len(block))
        for at, (rule, sieve) in enumerate(zip(self.rules, self.sieves, strict=True)):
            states = np.full(len(left), ASK, dtype=np.int8) if sieve is None else sieve(block, left)
            for place in np.flatnonzero(states == ASK).tolist():
                reason = rule.check(block.variant(int(left[place])))
                found = PASSED if reason is None else REJECTED
                states[place] = EMPTY if reason and reason.found == UNKNOWN else found
            gone = states != PASSED
            self.counts[at].rejected += int(gone.sum())
            self.counts[at].unknown += int((states == EMPTY).sum())
            fate[left[gone]] = at
            left = left[~gone]
        self.count_block(block, left.tolist())
        codes = [*(rule.code for rule in self.rules), ""]
        return [codes[at] for at in fate.tolist()]

    def count_block(self, block: AlleleBlock, rows: list[int]) -> None:
        """Add the alleles of a block that count."""
        quick = QuickHits(block, self.params, FREQUENT if self.watches_frequency else None)
        sure = [row for row in rows if quick.certain[row]]
        if not sure:
            for row in rows:
                self.count(block.variant(row))
            return
        self.hotspot_unknown += len(sure)
        grouped = block.grouped(6)
        if grouped is not None:
            empty = [not split_missing(text, ";") for text in grouped[1]]
            self.unfiltered += sum(empty[code] for code in grouped[0][sure].tolist())
        if self.watches_frequency:
            self.frequent += int(quick.frequent[sure].sum())
        hits = iter(quick.of(sure))
        for row in rows:
            if quick.certain[row]:
                self.hits.append(next(hits))
            else:
                self.count(block.variant(row))

    def count(self, variant: Variant) -> None:
        """Add a variant that counts."""
        block = self.counted_block(variant)
        self.hotspot_unknown += variant.hotspot is None
        self.unfiltered += not variant.filters
        if self.watches_frequency:
            known = highest_frequency(variant)
            self.frequent += known is not None and known > FREQUENT
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
                p_somatic=variant.p_somatic if self.params.weighs else None,
            )
        )

    def counted_block(self, variant: Variant) -> Consequence | None:
        """Return the annotation block for which a variant counts; the first where any would do."""
        blocks = blocks_of(variant, self.params.transcript) or ()
        if self.wanted and len(blocks) > 1:
            return next(block for block in blocks if not self.wanted.isdisjoint(block.terms))
        return blocks[0] if blocks else None

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
        reason = self.reason or self.size_problem() or self.unknown_problem()
        if reason:
            return Estimate.not_evaluable(reason, unit=UNIT)
        burden = self.burden(self.size or 0.0)
        value, (low, high) = burden.value, burden.interval()
        params = self.params
        return Estimate(
            value=value,
            unit=UNIT,
            low=low,
            high=high,
            level=params.level,
            evidence={**burden.evidence(), "megabases_source": self.size_source},
            call=tmb_class(value, params.cutoff),
            cutoffs=self.cutoffs(burden),
        )

    def burden(self, size: float) -> Burden:
        """Return what was counted in how much territory."""
        weights = None
        if self.params.weighs:
            weights = tuple(hit.p_somatic or 0.0 for hit in self.hits)
        return Burden(
            params=self.params,
            counted=len(self.hits),
            size=size,
            weights=weights,
            calibration=self.calibration,
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

    def unknown_problem(self) -> str:
        """Return which field nobody filled in; empty where every rule could judge something.

        A rule that finds its field empty in all variants has not found them wanting: the count
        below it is unknown, not zero.
        """
        entered = self.seen
        for rule, count in zip(self.rules, self.counts, strict=True):
            if entered and count.unknown == entered:
                return (
                    f"the rule {rule.code} ({rule.text}) cannot be judged: the field is empty in "
                    f"all {entered} variants that it asks"
                )
            entered -= count.rejected
        return ""

    def cutoffs(self, burden: Burden) -> tuple[Cutoff, ...]:
        """Return the scheme's cut-off with the probability that the truth is at or above it."""
        params = self.params
        if params.cutoff is None:
            return ()
        return (
            Cutoff(
                name="TMB-High",
                value=params.cutoff,
                source=params.cutoff_source or params.scheme,
                probability_above=burden.probability_above(params.cutoff),
            ),
        )

    def notes(self) -> tuple[str, ...]:
        """Return what a reader has to know beside the number."""
        return () if self.reason else tuple(notes_of(self))

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
            params=self.params,
        )


def tmb_class(value: float, cutoff: float | None) -> str | None:
    """Return the class of a value; the interval has no say in it.

    >>> tmb_class(10.0, 10.0), tmb_class(9.9, 10.0), tmb_class(5.0, None)
    ('TMB-High', 'TMB-Low', None)
    """
    if cutoff is None:
        return None
    return "TMB-High" if value >= cutoff else "TMB-Low"
