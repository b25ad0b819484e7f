"""The rules of a scheme asked of many alleles at once; what is not certain, a variant is asked.

Each sieve answers as the rule of the same code in :mod:`tumorkit.tmb.rules`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

import numpy as np
from numpy.typing import NDArray

from tumorkit.genome.contigs import match_names
from tumorkit.genome.interval import Territory
from tumorkit.genome.vcf import split_missing
from tumorkit.tmb.params import TmbParams
from tumorkit.tmb.result import CountedVariant
from tumorkit.tmb.rules import CHIP_CODE, Rule
from tumorkit.variants.allele_block import UNSURE, AlleleBlock, Entries, Rows
from tumorkit.variants.evidence.case import CHIP_GENES
from tumorkit.variants.lazy import whole

ASK, PASSED, REJECTED, EMPTY = -1, 0, 1, 2
States = NDArray[np.int8]
Sieve = Callable[[AlleleBlock, Rows], States]
READ, ALT_READ, FRACTION = 0, 2, 3


def sieves_of(
    rules: Iterable[Rule],
    params: TmbParams,
    territory: Territory | None = None,
    masked: Territory | None = None,
    declared: Collection[str] | None = None,
) -> tuple[Sieve | None, ...]:
    """Return for each rule its sieve, None where only a variant can be asked."""
    fraction = params.vaf_source == "sample"
    known: dict[str, Sieve | None] = {
        "territory": None if territory is None else _inside(territory, wanted=True),
        "mask": None if masked is None else _inside(masked, wanted=False),
        "filter": _passed,
        "kind": _kind(params.kinds),
        "depth": _between(READ, params.min_depth, None),
        "alt-depth": _between(ALT_READ, params.min_alt_depth, None),
        "vaf": _between(FRACTION, params.min_vaf, None) if fraction else None,
        "vaf-high": _between(FRACTION, None, params.max_vaf) if fraction else None,
        "consequence": _consequence(params),
        "population": _population(params, declared),
        "hotspot": _hotspot,
        "suppressor": _genes(frozenset(params.suppressor_genes)),
        "gene": _genes(frozenset(params.exclude_genes)),
        CHIP_CODE: _genes(CHIP_GENES),
    }
    return tuple(known.get(rule.code) for rule in rules)


def _all(rows: Rows, state: int) -> States:
    return np.full(len(rows), state, dtype=np.int8)


def _of(rejected: NDArray[np.bool_], unsure: NDArray[np.bool_]) -> States:
    found = np.where(rejected, REJECTED, PASSED).astype(np.int8)
    found[unsure] = ASK
    return found


def _inside(territory: Territory, *, wanted: bool) -> Sieve:
    """Sieve substitutions of one base; others may touch several."""
    found: dict[str, list[tuple[int, int]]] = {}
    for item in territory:
        found.setdefault(item.contig, []).append((item.start, item.end))
    spans = {contig: np.array(rows, dtype=np.int64).T for contig, rows in found.items()}

    def sieve(block: AlleleBlock, rows: Rows) -> States:
        contigs, refs, alts = block.grouped(0), block.grouped(3), block.grouped(4)
        if contigs is None or refs is None or alts is None:
            return _all(rows, ASK)
        short = _flag(refs, lambda text: len(text) == 1) & _flag(alts, lambda text: len(text) == 1)
        states = _all(rows, REJECTED if wanted else PASSED)
        positions = block.positions[rows] - 1
        for code, contig in enumerate(contigs[1]):
            name = match_names([contig], territory.contigs).get(contig)
            here = contigs[0][rows] == code
            if name is None or not here.any():
                continue
            starts, ends = spans[name]
            at = np.searchsorted(starts, positions[here], side="right") - 1
            inside = (at >= 0) & (positions[here] < ends[np.maximum(at, 0)])
            states[here] = np.where(inside == wanted, PASSED, REJECTED)
        states[~(short & block.single)[rows]] = ASK
        return states

    return sieve


def _flag(
    grouped: tuple[NDArray[np.int64], list[str]], test: Callable[[str], bool]
) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = np.array([test(text) for text in grouped[1]], dtype=np.bool_)
    return found[grouped[0]]


def _passed(block: AlleleBlock, rows: Rows) -> States:
    grouped = block.grouped(6)
    if grouped is None or block.lazy.filters_by_allele:
        return _all(rows, ASK)
    passed = _flag(grouped, lambda text: split_missing(text, ";") in (("PASS",), ()))
    return _of(~passed[rows], np.zeros(len(rows), dtype=np.bool_))


def _kind(kinds: tuple[str, ...]) -> Sieve:
    def sieve(block: AlleleBlock, rows: Rows) -> States:
        grouped = block.kinds
        if grouped is None:
            return _all(rows, ASK)
        wanted = _flag(grouped, lambda kind: kind in kinds)
        return _of(~wanted[rows], ~block.single[rows])

    return sieve


def _between(part: int, least: float | None, most: float | None) -> Sieve:
    def sieve(block: AlleleBlock, rows: Rows) -> States:
        values = block.reads[part][rows]
        passed = np.ones(len(rows), dtype=np.bool_)
        if least is not None:
            passed &= values >= least
        if most is not None:
            passed &= values <= most
        states = np.where(passed, PASSED, REJECTED).astype(np.int8)
        states[np.isnan(values)] = EMPTY
        return states

    return sieve


def _wanted(entries: Entries, params: TmbParams) -> NDArray[np.bool_]:
    terms = frozenset(params.consequences)
    return entries.flags(
        "Consequence", [not terms.isdisjoint(text.split("&")) for text in entries.texts]
    )


def _consequence(params: TmbParams) -> Sieve:
    def sieve(block: AlleleBlock, rows: Rows) -> States:
        entries = block.entries
        if entries is None:
            return _all(rows, ASK)
        wanted = _wanted(entries, params)
        number = entries.number_of(wanted)
        if params.transcript == "any":
            rejected, unsure = number == 0, np.zeros(len(number), dtype=np.bool_)
        else:
            one = asked_entry(block, entries, params)
            rejected = (one < 0) | ~wanted[np.maximum(one, 0)] if len(wanted) else one < 0
            unsure = one < 0
            rejected[number == 0] = True
            unsure[(number == 0) | (number == entries.counts)] = False
            rejected[(number > 0) & (number == entries.counts)] = False
        owners = block.columns.owners[rows]
        return _of(rejected[owners], unsure[owners] | ~block.single[rows])

    return sieve


def asked_entry(block: AlleleBlock, entries: Entries, params: TmbParams) -> NDArray[np.int64]:
    """Return the entry that a scheme counts each record for; UNSURE where a variant is asked."""
    if params.transcript == "any":
        every = np.ones(len(entries.codes), dtype=np.bool_)
        return entries.first_of(_wanted(entries, params) if params.consequences else every)
    if params.transcript == "first":
        return np.where(entries.counts > 0, entries.starts, UNSURE)
    return block.chosen


def _population(params: TmbParams, declared: Collection[str] | None) -> Sieve:
    limit = params.max_population_af or 0.0
    asked = params.population_fields
    if declared is not None:
        asked = tuple(n for n in asked if not n.startswith("INFO/") or n in declared)

    def sieve(block: AlleleBlock, rows: Rows) -> States:
        annotations = block.lazy.annotations
        columns = dict(annotations.csq_frequencies)
        names = asked if params.population_fields else (*columns, *annotations.info_frequencies)
        info = [name for name in names if name not in columns]
        twice = not params.population_fields and not columns.keys().isdisjoint(
            annotations.info_frequencies
        )
        if any(name.startswith("INFO/") for name in info) or block.bytes is None or twice:
            return _all(rows, ASK)
        above = np.zeros(len(block), dtype=np.bool_)
        unsure = ~block.single
        if len(info) < len(names):
            entries = block.entries
            if entries is None:
                return _all(rows, ASK)
            places = [entries.fields[name] for name in names if name in columns]
            high = block.frequency_values > limit
            flags = np.any(high[entries.codes[:, places]], axis=1)
            above |= (entries.number_of(flags) > 0)[block.columns.owners]
        for key in info:
            if key in annotations.info_frequencies:
                higher, open_ = block.info_above(key, limit)
                above |= higher
                unsure |= open_
        return _of(above[rows], (unsure & ~above | ~block.single)[rows])

    return sieve


def _hotspot(block: AlleleBlock, rows: Rows) -> States:
    return _all(rows, ASK if block.lazy.reader.knows_hotspots else PASSED)


def _genes(genes: frozenset[str]) -> Sieve:
    """Sieve what is in none of the genes by any block; which block is asked, the variant knows."""

    def sieve(block: AlleleBlock, rows: Rows) -> States:
        entries = block.entries
        if entries is None:
            return _all(rows, ASK)
        listed = [text in genes for text in entries.texts]
        flags = entries.flags("SYMBOL", listed) | entries.flags("Gene", listed)
        touched = (entries.number_of(flags) > 0)[block.columns.owners] | ~block.single
        return np.where(touched[rows], ASK, PASSED).astype(np.int8)

    return sieve


class QuickHits:
    """What is written of a counted allele, without making a variant of it."""

    def __init__(self, block: AlleleBlock, params: TmbParams, frequent: float | None) -> None:
        self.block = block
        self.params = params
        entries = block.entries
        owners = block.columns.owners
        size = len(block)
        self.certain = block.single.copy()
        self.certain &= not block.lazy.filters_by_allele
        self.certain &= not block.lazy.reader.knows_hotspots
        self.certain &= not params.weighs or block.fitted
        if entries is None or not {"SYMBOL", "Gene"} & entries.fields.keys():
            self.certain[:] = False
            return
        self.entries: Entries = entries
        self.entry = asked_entry(block, entries, params)[owners]
        self.certain &= self.entry >= 0
        self.frequent = np.zeros(size, dtype=np.bool_)
        if frequent is not None:
            self._look_up(entries, frequent)

    def _look_up(self, entries: Entries, limit: float) -> None:
        """Find which alleles are frequent by the first entry or by INFO."""
        block = self.block
        annotations = block.lazy.annotations
        owners = block.columns.owners
        if annotations.csq_frequencies:
            places = [entries.fields[name] for name, _ in annotations.csq_frequencies]
            high = block.frequency_values > limit
            there = entries.counts > 0
            firsts = np.where(there, entries.starts, 0)
            if len(entries.codes):
                found = high[entries.codes[firsts][:, places]].any(axis=1) & there
                self.frequent |= found[owners]
        for key in annotations.info_frequencies:
            higher, unsure = block.info_above(key, limit)
            self.frequent |= higher
            self.certain &= ~unsure

    def of(self, rows: list[int]) -> Iterable[CountedVariant]:
        """Yield what is written of alleles that are certain."""
        block, entries = self.block, self.entries
        (contigs, names), (refs, bases) = block.grouped(0) or ([], []), block.grouped(3) or ([], [])
        alts, others = block.grouped(4) or ([], [])
        terms, gene = entries.column("Consequence"), _gene_of(block, entries, self.params)
        depth, _, alt_depth, vaf = block.reads
        for row in rows:
            entry = int(self.entry[row])
            text = entries.texts[terms[entry]]
            if text == "." and self.params.transcript != "any":
                text = ""
            fraction = float(vaf[row])
            origin = float(block.origins[row]) if self.params.weighs else None
            yield CountedVariant(
                contig=names[contigs[row]],
                pos=int(block.positions[row]),
                ref=bases[refs[row]],
                alt=others[alts[row]],
                gene=gene(entry),
                consequence=text,
                vaf=None if fraction != fraction else fraction,  # noqa: PLR0124 - NaN
                depth=whole(depth[row]),
                alt_depth=whole(alt_depth[row]),
                p_somatic=None if origin is None or origin != origin else origin,  # noqa: PLR0124
            )


def _gene_of(block: AlleleBlock, entries: Entries, params: TmbParams) -> Callable[[int], str]:
    raw = params.transcript == "any"  # the cached blocks of all transcripts keep a point

    def text(name: str, entry: int) -> str:
        if name not in entries.fields:
            return ""
        found = entries.texts[entries.codes[entry, entries.fields[name]]]
        return "" if found == "." and not raw else found

    return lambda entry: text("SYMBOL", entry) or text("Gene", entry)
