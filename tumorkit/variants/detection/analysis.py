"""The limit of detection of a filter specification, by enumeration of read counts.

Reads with the change are binomial in depth and allele fraction. Every count is judged by the
filters; where they look at strands, the reads of each strand are enumerated as well.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from tumorkit.errors import ParameterError
from tumorkit.variants.detection.params import DetectionParams
from tumorkit.variants.filter.document import names_in
from tumorkit.variants.filter.evaluation import TRUE, UNKNOWN, Column
from tumorkit.variants.filter.expression import Field, Name
from tumorkit.variants.filter.judge import judge_columns
from tumorkit.variants.filter.quantities import QUANTITIES
from tumorkit.variants.filter.specification import Specification

Numbers = NDArray[np.float64]
STRANDED = frozenset(
    f"tumor.{allele}_{strand}" for allele in ("alt", "ref") for strand in ("forward", "reverse")
)
FIRST_COUNTS = 64
NEGLIGIBLE = 1e-6
# Counts of one strand beyond six standard deviations are left out: two in a billion.
STRAND_WIDTH = 3.0
DEEPEST = 200_000


@dataclass(frozen=True, kw_only=True)
class Site:
    """What is asked: a kind of change, at a listed hotspot or not, in a gene or in any."""

    kind: str = "snv"
    hotspot: bool = False
    gene: str | None = None
    paired: bool = False


@dataclass(frozen=True, kw_only=True)
class DetectionLimit:
    """The smallest allele fraction that passes with the probability asked for.

    ``vaf`` is None where no fraction passes so often, and where the filters ask for no number of
    reads, so that the caller alone decides (``reads`` is then 1). ``reads`` is the fewest reads
    with the change that can pass.
    ``not_modelled`` names filters that look at what no count tells (noise of the place, strand
    tests of a caller, computed quantities): they are taken to let the variant through.
    """

    depth: int
    vaf: float | None
    reads: int | None
    probability: float
    not_modelled: tuple[str, ...]
    failing: tuple[str, ...] = ()


class SiteColumns:
    """Columns of one site at many read counts; what no count tells is unknown."""

    def __init__(self, site: Site, depth: int, alt: Numbers, forward: Numbers) -> None:
        self.size = alt.size
        self._site, self._put = site, dict[str, Column]()
        reference = depth - alt
        self._numbers: dict[str, Numbers] = {
            "tumor.depth": np.full(alt.size, float(depth)),
            "tumor.alt_depth": alt,
            "tumor.ref_depth": reference,
            "tumor.vaf": alt / depth,
            "tumor.alt_forward": forward,
            "tumor.alt_reverse": alt - forward,
            "tumor.ref_forward": np.floor(reference / 2),
            "tumor.ref_reverse": reference - np.floor(reference / 2),
        }
        # Asked of the populations and not there; a normal as deep, without the change.
        for name in ("population_af", "gnomad_af", "gnomad_popmax"):
            self._numbers[name] = np.zeros(alt.size)
        if site.paired:
            for name in ("depth", "ref_depth"):
                self._numbers[f"normal.{name}"] = np.full(alt.size, float(depth))
            for name in ("alt_depth", "vaf", "alt_forward", "alt_reverse"):
                self._numbers[f"normal.{name}"] = np.zeros(alt.size)
        self._texts = {
            "gene": site.gene,
            "impact": "MODERATE",
            "biotype": "protein_coding",
            "kind": site.kind,
        }
        change = {"snv": "missense_variant", "mnv": "missense_variant"}
        self._sets: dict[str, tuple[str, ...]] = {
            "consequence": (change.get(site.kind, "frameshift_variant"),),
            "caller_filter": (),
            "ids": (),
            "regions": (),
        }

    def put(self, name: str, column: Column) -> None:
        """Take tier and preparation."""
        self._put[name] = column

    def column(self, node: Name | Field) -> Column:
        """Return a quantity; a raw field of a file is unknown."""
        if isinstance(node, Field):
            return Column("text", [None] * self.size, declared=True)
        if node.name in self._put:
            return self._put[node.name]
        kind = QUANTITIES[node.name].kind
        if kind == "number":
            return Column(kind, self._numbers.get(node.name, np.full(self.size, math.nan)))
        if kind == "logic":
            known = {"hotspot": self._site.hotspot, "tumor_only": not self._site.paired}
            truth = known.get(node.name)
            code = UNKNOWN if truth is None else TRUE * truth
            return Column(kind, np.full(self.size, code, dtype=np.int8))
        values: Any = self._texts.get(node.name) if kind == "text" else self._sets.get(node.name)
        return Column(kind, [values] * self.size)


@dataclass
class Passing:
    """Which counts pass, found as far up as they are asked for."""

    specification: Specification
    site: Site
    depth: int
    skipped: Mapping[str, str]
    said: Mapping[str, str]

    def __post_init__(self) -> None:
        names = {
            name.name
            for item in self.specification.filters
            if item.id not in self.skipped
            for name in names_in(item.fail_if)
            if isinstance(name, Name)
        }
        self.stranded = bool(names & STRANDED)
        self.share = np.empty(0)
        self.not_modelled: tuple[str, ...] = ()
        self.failing: tuple[str, ...] = ()

    def upto(self, most: int) -> Numbers:
        """Return, for 0 to ``most`` reads with the change, the share of strand counts that pass."""
        if self.share.size <= most:
            start = self.share.size
            self.share = np.concatenate([self.share, self.judged(start, most)])
        return self.share

    def judged(self, start: int, most: int) -> Numbers:
        """Return the share of strand counts that pass, for ``start`` to ``most`` reads."""
        counts = np.arange(start, most + 1, dtype=np.float64)
        if self.stranded:
            reach = np.ceil(STRAND_WIDTH * np.sqrt(counts)).astype(np.int64) + 1
            low = np.maximum(0, counts.astype(np.int64) // 2 - reach)
            high = np.minimum(counts.astype(np.int64), (counts.astype(np.int64) + 1) // 2 + reach)
            width = high - low + 1
            owner = np.repeat(np.arange(counts.size), width)
            offset = np.arange(owner.size) - np.repeat(np.cumsum(width) - width, width)
            alt, forward = counts[owner], (low[owner] + offset).astype(np.float64)
            weight = np.exp(log_binomial(forward, alt, 0.5))
        else:
            owner = np.arange(counts.size)
            alt, forward, weight = counts, np.floor(counts / 2), np.ones(counts.size)
        passed = ~self.failed(alt, forward)
        total = np.bincount(owner, weights=weight, minlength=counts.size)
        kept = np.bincount(owner, weights=weight * passed, minlength=counts.size)
        return np.asarray(kept / total, dtype=np.float64)

    def probability(self, vaf: float, most: int) -> float:
        """Return the probability that a variant of this fraction passes, counting to ``most``."""
        counts = np.arange(most + 1, dtype=np.float64)
        weights = np.exp(log_binomial(counts, np.full(most + 1, float(self.depth)), vaf))
        return float(weights @ self.upto(most)[: most + 1])

    def ever(self) -> bool:
        """Whether any count passes that could hold enough of the probability.

        Counts are looked at in steps of two standard deviations, with both strands alike: a band
        of counts that holds 95 % of a binomial is wider than that.
        """
        counts, at = [], 1
        while at <= self.depth:
            counts.append(float(at))
            at += max(1, math.floor(math.sqrt(at)))
        alt = np.array(counts)
        return bool((~self.failed(alt, np.floor(alt / 2))).any())

    def failed(self, alt: Numbers, forward: Numbers) -> NDArray[np.bool_]:
        """Return which counts fail, and note the filters that fail all or judge none."""
        judgement = judge_columns(
            self.specification,
            self.specification.filters,
            SiteColumns(self.site, self.depth, alt, forward),
            said=self.said,
            skipped=self.skipped,
        )
        fails = judgement.fails & ~judgement.lifted
        ids = [item.id for item in self.specification.filters]
        blind = np.asarray(judgement.unknown.all(axis=1)).tolist()
        bad = np.asarray(fails.all(axis=1)).tolist()
        self.not_modelled = tuple(name for name, row in zip(ids, blind, strict=True) if row)
        self.failing = tuple(name for name, row in zip(ids, bad, strict=True) if row)
        # A change that no read shows is no call, whatever the filters say.
        return np.asarray(fails.any(axis=0) | (alt == 0), dtype=np.bool_)


def likely_counts(depth: int, vaf: float) -> tuple[int, int]:
    """Return the counts between which all but a millionth of the probability lies.

    >>> likely_counts(1000, 0.05)
    (0, 123)
    """
    middle, width = depth * vaf, 8 * math.sqrt(depth * vaf) + 16
    return max(0, math.floor(middle - width)), min(depth, math.ceil(middle + width))


def log_binomial(counts: Numbers, total: Numbers, share: float) -> Numbers:
    """Return the log of the binomial probability of counts; ``share`` may be 0 or 1."""
    choose = gammaln(total + 1) - gammaln(counts + 1) - gammaln(total - counts + 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        hit = np.where(counts > 0, counts * np.log(share), 0.0)
        miss = np.where(total > counts, (total - counts) * np.log1p(-share), 0.0)
    return np.asarray(choose + hit + miss, dtype=np.float64)


def passing_of(
    specification: Specification,
    depth: int,
    site: Site | None,
    skipped: Mapping[str, str] | None,
    said: Mapping[str, str] | None,
) -> Passing:
    """Return the counts that pass at a site, ready to be asked."""
    if depth < 1:
        raise ParameterError(f"depth: {depth} is below 1")
    return Passing(specification, site or Site(), depth, skipped or {}, said or {})


def pass_probability(
    specification: Specification,
    *,
    depth: int,
    vaf: float,
    site: Site | None = None,
    skipped: Mapping[str, str] | None = None,
    said: Mapping[str, str] | None = None,
) -> float:
    """Return the probability that a true variant of fraction ``vaf`` passes all filters.

    ``skipped`` are filters that the sample's preparation switches off, ``said`` is what is known
    of it (material, library, reads).

    >>> from tumorkit.variants.filter import preset
    >>> round(pass_probability(preset("twist-solid"), depth=200, vaf=0.1), 3)
    0.534
    """
    found = passing_of(specification, depth, site, skipped, said)
    low, high = likely_counts(depth, vaf)
    counts = np.arange(low, high + 1, dtype=np.float64)
    weights = np.exp(log_binomial(counts, np.full(counts.size, float(depth)), vaf))
    return float(weights @ found.judged(low, high))


def detection_limit(
    specification: Specification,
    *,
    depth: int,
    site: Site | None = None,
    skipped: Mapping[str, str] | None = None,
    said: Mapping[str, str] | None = None,
    params: DetectionParams | None = None,
) -> DetectionLimit:
    """Return the smallest allele fraction that passes with the probability asked for.

    Fractions are walked upwards in steps of one read, then halved to 1e-5 inside the step, so that
    an upper limit of a filter (fractions near 1 taken for germline) does not hide the lower one.
    Source of the definition: CLSI EP17-A2.
    """
    wanted = (params or DetectionParams()).probability
    found = passing_of(specification, depth, site, skipped, said)
    vaf = first_crossing(found, wanted) if found.ever() else None
    passes = np.nonzero(found.share > 0)[0]
    reads = int(passes[0]) if passes.size else None
    return DetectionLimit(
        depth=depth,
        vaf=None if reads == 1 else vaf,
        reads=reads,
        probability=wanted,
        not_modelled=found.not_modelled,
        failing=found.failing if vaf is None else (),
    )


def first_crossing(found: Passing, wanted: float) -> float | None:
    """Return the first fraction at which the probability of passing reaches ``wanted``."""
    depth, step = found.depth, 0
    most = min(FIRST_COUNTS, depth)
    while step < depth:
        # Counts above the reach of this fraction weigh less than a millionth.
        step += 1
        reach = step + 8 * math.sqrt(step) + 16
        while most < min(depth, reach):
            most = min(depth, 2 * most)
        at = step / depth
        if found.upto(most)[: most + 1].max() == 0 and most < depth:
            # Nothing passes so far: go where something may.
            step = max(step, most // 2)
            continue
        if found.probability(at, most) >= wanted:
            return bisected(partial(found.probability, most=most), step, depth, wanted)
    return None


def bisected(probability: Callable[[float], float], step: int, depth: int, wanted: float) -> float:
    """Halve the last step of one read until the limit is known to 1e-5."""
    low, high = (step - 1) / depth, step / depth
    while high - low > 1e-5:
        middle = (low + high) / 2
        low, high = (low, middle) if probability(middle) >= wanted else (middle, high)
    return high


def depth_needed(
    specification: Specification,
    *,
    vaf: float,
    site: Site | None = None,
    skipped: Mapping[str, str] | None = None,
    said: Mapping[str, str] | None = None,
    params: DetectionParams | None = None,
) -> int | None:
    """Return the least depth at which a variant of fraction ``vaf`` passes often enough.

    None where no depth is enough, for a filter removes such a fraction however deep it is.

    >>> from tumorkit.variants.filter import preset
    >>> depth_needed(preset("twist-solid"), vaf=0.05)
    554
    """
    wanted = (params or DetectionParams()).probability

    @cache
    def enough(depth: int) -> bool:
        found = passing_of(specification, depth, site, skipped, said)
        if not found.ever():
            return False
        low, most = likely_counts(depth, vaf)
        counts = np.arange(low, most + 1, dtype=np.float64)
        weights = np.exp(log_binomial(counts, np.full(counts.size, float(depth)), vaf))
        return float(weights @ found.judged(low, most)) >= wanted

    high = 8
    while not enough(high):
        high *= 2
        if high > DEEPEST:
            return None
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high
