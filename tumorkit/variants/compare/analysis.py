"""Gives every record of truth and query its class, and counts."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import Any, NamedTuple

from tumorkit.contract.estimate import Estimate
from tumorkit.core.binomial import clopper_pearson
from tumorkit.genome.alleles import Fetch, left_aligned, trimmed
from tumorkit.genome.contigs import standard
from tumorkit.genome.interval import Territory
from tumorkit.genome.variant import Variant
from tumorkit.genome.vcf import VcfRecord
from tumorkit.variants.calls import CallReader
from tumorkit.variants.compare.params import CompareParams
from tumorkit.variants.compare.result import CompareResult, LeftOut, Stratum

KINDS = ("snv", "mnv", "insertion", "deletion", "complex")
WITHOUT_ALT = "no alternative allele"
SYMBOLIC = "symbolic alleles are not compared"
FLAGGED = "FILTER names what the call fails"
NO_FAILURE = frozenset({"PASS", "Tier1", "Tier2", "Tier3", "Tier4", "Tier5"})
DOUBLED = "the same variant stands further up"
WRONG_REF = "REF is not what the reference holds"
OUTSIDE = "outside the confident regions"
NOT_FALSE = "not in the truth, and outside the false-positive regions"
UNKNOWN_VAF = "VAF unknown"
Write = Callable[[dict[str, Any]], None]


class Call(NamedTuple):
    """One record, or one allele, as it is compared; ``pos`` is 1-based.

    ``out`` says why it takes no part; empty where it does. ``vaf`` is the highest of its alleles.
    """

    contig: str
    pos: int
    ref: str
    alts: tuple[str, ...]
    kind: str
    vaf: float | None = None
    filters: tuple[str, ...] = ()
    out: str = ""

    @property
    def key(self) -> tuple[str, int, str, tuple[str, ...]]:
        """What makes two calls the same: contig under any name, position, REF, set of ALT."""
        return standard(self.contig), self.pos, self.ref, self.alts


def kind_of(ref: str, alts: Iterable[str]) -> str:
    """Return the type of a record; ``complex`` where its alleles differ in type.

    >>> kind_of("A", ["T"]), kind_of("GAA", ["GA"]), kind_of("A", ["T", "AT"])
    ('snv', 'deletion', 'complex')
    """
    kinds = set()
    for alt in alts:
        if len(ref) == len(alt) == 1 and alt != "*":
            kinds.add("snv")
            continue
        kind = Variant(contig="", pos=1, ref=ref, alt=alt).kind
        if kind not in ("symbolic", "snv"):
            pos, short, other = trimmed(1, ref, alt)
            kind = Variant(contig="", pos=pos, ref=short, alt=other).kind
        kinds.add(kind)
    real = kinds - {"symbolic"}
    return real.pop() if len(real) == 1 else "complex" if real else "symbolic"


def calls_of(
    record: VcfRecord,
    reader: CallReader | None = None,
    params: CompareParams | None = None,
    *,
    fetch: Fetch | None = None,
) -> Iterator[Call]:
    """Yield a record as it is compared: once, or once per allele.

    ``reader`` gives the variant allele fraction, which is unknown without it. ``fetch`` gives the
    reference by which alleles are left-aligned; without it they are only trimmed.
    """
    params = params or CompareParams()
    ref, alts = record.ref.upper(), tuple(alt.upper() for alt in record.alts)
    if not alts:
        yield Call(record.contig, record.pos, ref, (), "", None, record.filters, WITHOUT_ALT)
        return
    vafs = [reads.vaf for reads in reader.tumor_reads(record)] if reader else [None] * len(alts)
    filters = reader.allele_filters(record) if reader else [record.filters] * len(alts)
    if params.match == "record":
        known = [vaf for vaf in vafs if vaf is not None]
        kind = kind_of(ref, alts)
        passes = any(passed(names) for names in filters)
        out = reason_out(kind, passes=passes, params=params)
        alts, vaf = tuple(sorted(alts)), max(known, default=None)
        yield Call(record.contig, record.pos, ref, alts, kind, vaf, record.filters, out)
        return
    start = record.pos - 1
    wrong = fetch is not None and fetch(record.contig, start, start + len(ref)) != ref
    for alt, vaf, names in zip(alts, vafs, filters, strict=True):
        kind = kind_of(ref, [alt])
        out = WRONG_REF if wrong else reason_out(kind, passes=passed(names), params=params)
        pos, short, other = record.pos, ref, alt
        if kind == "symbolic":
            pass
        elif fetch is not None and not wrong and len(ref) != len(alt):
            pos, short, other = left_aligned(record.contig, pos, ref, alt, fetch)
        else:
            pos, short, other = trimmed(pos, ref, alt)
        yield Call(record.contig, pos, short, (other,), kind, vaf, names, out)


def reason_out(kind: str, *, passes: bool, params: CompareParams) -> str:
    """Return why a call takes no part; empty where it does."""
    if kind == "symbolic":
        return SYMBOLIC
    return FLAGGED if params.pass_only and not passes else ""


def passed(filters: tuple[str, ...]) -> bool:
    """Whether nothing fails a call: PASS, ``.`` (SomaticSniper has no filters), a tier of MuSE."""
    return all(name in NO_FAILURE for name in filters)


class Tally:
    """Counts by class, by type and by bin of variant allele fraction."""

    def __init__(self, limits: tuple[float, ...]) -> None:
        self.limits = limits
        edges = ["0", *(f"{limit:g}" for limit in limits), "1"]
        self.bins = [f"VAF {a}-{b}" for a, b in pairwise(edges)]
        self.total: Counter[str] = Counter()
        self.strata: Counter[tuple[str, str]] = Counter()
        self.out: Counter[tuple[str, str]] = Counter()
        self.contigs: dict[str, set[str]] = {"truth": set(), "query": set()}

    def bin_of(self, vaf: float | None) -> str:
        """Return the bin of a fraction; a limit belongs to the bin above it."""
        return UNKNOWN_VAF if vaf is None else self.bins[bisect_right(self.limits, vaf)]

    def add(self, call: Call, what: str) -> None:
        """Count a call as ``found``, ``fn``, ``tp``, ``fp`` or ``unk``."""
        self.total[what] += 1
        self.strata[call.kind, what] += 1
        self.strata[self.bin_of(call.vaf), what] += 1

    def stratum(self, name: str, level: float) -> Stratum:
        """Return the counts of one type or bin."""
        found, fn, tp, fp, unk = (
            self.strata[name, what] for what in ("found", "fn", "tp", "fp", "unk")
        )
        return Stratum(
            name=name,
            found=found,
            fn=fn,
            tp=tp,
            fp=fp,
            unk=unk,
            recall=proportion(found, found + fn, level, "the truth has none"),
            precision=proportion(tp, tp + fp, level, "the query has none"),
        )


def compare_calls(
    truth: Iterable[Call],
    query: Iterable[Call],
    *,
    confident: Territory | None = None,
    false_positive: Territory | None = None,
    params: CompareParams | None = None,
    write: Write | None = None,
) -> CompareResult:
    """Compare a query with the truth; the truth is held in memory, the query is streamed.

    Outside ``confident`` nothing is judged: calls are UNK, records of the truth take no part. With
    ``false_positive`` only calls inside count as FP, the other ones that are not in the truth are
    UNK. A call lies inside where all bases of its REF do. Regions have the contig names of
    :func:`tumorkit.genome.contigs.standard`. ``write`` gets a row for every call of both sides.
    """
    params = params or CompareParams()
    tally = Tally(params.vaf_limits)
    kept: dict[tuple[str, int, str, tuple[str, ...]], Call] = {}
    missed: set[tuple[str, int, str, tuple[str, ...]]] = set()
    set_aside: list[tuple[Call, str]] = []
    read: Counter[str] = Counter()
    for call in truth:
        read["truth"] += 1
        tally.contigs["truth"].add(standard(call.contig))
        out = call.out or (DOUBLED if call.key in kept else "")
        out = out or (OUTSIDE if not inside(call, confident) else "")
        if out:
            tally.out["truth", out] += 1
            set_aside.append((call, out))
        else:
            kept[call.key] = call
            missed.add(call.key)
    seen: set[tuple[str, int, str, tuple[str, ...]]] = set()
    for call in query:
        read["query"] += 1
        tally.contigs["query"].add(standard(call.contig))
        key = call.key
        out = call.out or (DOUBLED if key in seen else "")
        if out:
            tally.out["query", out] += 1
            emit(write, call, "out", "query", out)
            continue
        seen.add(key)
        what, why = classed(call, key in kept, confident, false_positive)
        tally.add(call, what)
        if what == "tp":
            missed.discard(key)
            tally.add(kept[key], "found")
        emit(write, call, what.upper(), "query", why)
    for key, call in kept.items():
        if key in missed:
            tally.add(call, "fn")
            emit(write, call, "FN", "truth", "")
    for call, out in set_aside:
        emit(write, call, "UNK" if out == OUTSIDE else "out", "truth", out)
    return tabulated(tally, read, params)


def classed(
    call: Call, known: bool, confident: Territory | None, false_positive: Territory | None
) -> tuple[str, str]:
    """Return the class of a call of the query, and why it is unknown."""
    if not inside(call, confident):
        return "unk", OUTSIDE
    if known:
        return "tp", ""
    return ("fp", "") if inside(call, false_positive) else ("unk", NOT_FALSE)


def inside(call: Call, regions: Territory | None) -> bool:
    """Whether all bases of REF lie in the regions; everything does where there are none."""
    if regions is None:
        return True
    start = call.pos - 1
    contig = standard(call.contig)
    if len(call.ref) == 1:
        return regions.contains(contig, start)
    return regions.overlap(contig, start, start + len(call.ref)) == len(call.ref)


def emit(write: Write | None, call: Call, what: str, source: str, why: str) -> None:
    """Write the row of one call, where rows were asked for."""
    if write is not None:
        write(
            {
                "contig": call.contig,
                "pos": call.pos,
                "ref": call.ref,
                "alt": call.alts,
                "type": call.kind,
                "class": what,
                "source": source,
                "vaf": call.vaf,
                "filter": ";".join(call.filters) or ".",
                "reason": why,
            }
        )


def tabulated(tally: Tally, read: Counter[str], params: CompareParams) -> CompareResult:
    """Turn the counts into a result."""
    total, level = tally.total, params.level
    tp, fp, fn, unk = total["tp"], total["fp"], total["fn"], total["unk"]
    notes = []
    alone = sorted(tally.contigs["query"] - tally.contigs["truth"])
    if alone and tally.contigs["truth"] and fp:
        notes.append(f"the truth has no record on {', '.join(alone[:5])}: calls there are no TP")
    if params.pass_only and not tp + fp + unk and tally.out["query", FLAGGED]:
        notes.append("every call of the query fails a filter")
    bins = [*tally.bins, UNKNOWN_VAF]
    return CompareResult(
        unit=params.match,
        truth_read=read["truth"],
        query_read=read["query"],
        truth=tp + fn,
        query=tp + fp + unk,
        tp=tp,
        fp=fp,
        fn=fn,
        unk=unk,
        recall=proportion(tp, tp + fn, level, "the truth has no variant that can be compared"),
        precision=proportion(tp, tp + fp, level, "the query has no call that can be judged"),
        f1=f1_of(tp, tp + fp + fn, level),
        types=tuple(tally.stratum(name, level) for name in KINDS),
        vaf_bins=tuple(tally.stratum(name, level) for name in bins),
        left_out=tuple(
            LeftOut(source=source, reason=reason, count=count)
            for (source, reason), count in sorted(tally.out.items())
        ),
        notes=tuple(notes),
        params=params,
    )


def proportion(count: int, total: int, level: float, why_not: str) -> Estimate:
    """Return a proportion with its exact interval; not evaluable of nothing.

    >>> proportion(0, 0, 0.95, "the truth has none").reason
    'the truth has none'
    """
    if not total:
        return Estimate.not_evaluable(why_not)
    low, high = clopper_pearson(count, total, level)
    evidence = {"count": count, "total": total}
    return Estimate(value=count / total, low=low, high=high, level=level, evidence=evidence)


def f1_of(tp: int, union: int, level: float) -> Estimate:
    """Return F1 = 2 TP / (2 TP + FP + FN), ``union`` being TP + FP + FN.

    F1 rises with TP over the union, a proportion, whose exact interval is carried over.

    >>> f1_of(8, 10, 0.95).value
    0.8888888888888888
    """
    if not union:
        return Estimate.not_evaluable("neither truth nor query has anything to compare")
    low, high = clopper_pearson(tp, union, level)
    return Estimate(
        value=2 * tp / (tp + union),
        low=2 * low / (1 + low),
        high=2 * high / (1 + high),
        level=level,
        evidence={"count": tp, "union": union},
    )
