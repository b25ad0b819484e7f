"""Put variants into classes: substitutions and doublets in arrays, insertions and deletions singly.

Neighbouring substitutions of one sample are one event: two are a doublet, three and more are in no
matrix (Alexandrov 2020 counts them apart), and what is left alone is a single substitution.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tumorkit.genome.channels import BASES, CHANNELS, DBS78, SBS96, channel_named
from tumorkit.genome.variant import trimmed
from tumorkit.signatures.matrix.indels import MOST, indel_class
from tumorkit.signatures.matrix.params import MatrixParams
from tumorkit.signatures.matrix.result import Rejected, SampleCounts

Integers = NDArray[np.int64]
Values = NDArray[np.float64]

SYMBOLIC = "symbolic or no alternative"
AMBIGUOUS = "allele with other letters than ACGT"
SAME = "alternative equals reference"
TWICE = "listed twice"
NO_CONTIG = "contig not in the reference"
MISMATCH = "REF differs from the reference"
EDGE = "at the end of the contig"
UNKNOWN = "unknown base (N) in the reference"
CHAIN = "run of three or more substitutions"
COMPLEX = "complex: bases lost and gained"
# Sequence around events this near to each other is fetched at once.
NEAR, SPAN = 2_000, 4_000_000
CODES = np.full(256, 4, dtype=np.int64)
for _at, _base in enumerate(BASES):
    CODES[[ord(_base), ord(_base.lower())]] = _at


class Reference(Protocol):
    """What is asked of a reference sequence."""

    lengths: dict[str, int]

    def name_of(self, contig: str) -> str | None:
        """Return its own name of a contig, None if it does not have it."""
        ...

    def fetch(self, contig: str, start: int, end: int) -> str:
        """Return bases of a 0-based half-open interval in upper case."""
        ...


@dataclass(kw_only=True)
class Calls:
    """Alleles of one sample that passed its filters, in the order of the file.

    ``pos`` is 1-based; ``phase`` says of each allele its phase set and haplotype, empty where that
    is not known. ``refused`` are alleles that were turned away before.
    """

    sample: str
    contig: list[str] = field(default_factory=list)
    pos: list[int] = field(default_factory=list)
    ref: list[str] = field(default_factory=list)
    alt: list[str] = field(default_factory=list)
    weight: list[float] = field(default_factory=list)
    phase: list[str] = field(default_factory=list)
    refused: list[Rejected] = field(default_factory=list)

    def add(
        self, contig: str, pos: int, ref: str, alt: str, *, weight: float = 1.0, phase: str = ""
    ) -> None:
        """Add an allele."""
        self.contig.append(contig)
        self.pos.append(pos)
        self.ref.append(ref)
        self.alt.append(alt)
        self.weight.append(weight)
        self.phase.append(phase)

    def refuse(
        self, contig: str, pos: int, ref: str, alt: str, reason: str, detail: str = ""
    ) -> None:
        """Add an allele that is not to be counted."""
        self.refused.append(
            Rejected(sample=self.sample, contig=contig, pos=pos, ref=ref, alt=alt, reason=reason,
                     detail=detail)
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True, eq=False)
class Classified:
    """The three spectra of a sample, the tally of its variants, and those that were left out."""

    spectra: dict[str, Values]
    counts: SampleCounts
    left_out: tuple[Rejected, ...]


@dataclass(kw_only=True)
class Work:
    """Alleles on their way into classes: ``why`` and ``kind`` say what became of each."""

    calls: Calls
    weight: Values
    why: list[str]
    detail: dict[int, str]
    kind: list[str]
    spectra: dict[str, Values]
    joined: int = 0

    def reject(self, row: int, reason: str, detail: str = "") -> None:
        """Leave an allele out."""
        if not self.why[row]:
            self.why[row] = reason
            if detail:
                self.detail[row] = detail


@dataclass(frozen=True, kw_only=True, eq=False)
class Units:
    """Substituted bases: the allele each belongs to, contig (a number), place (0-based), bases."""

    row: Integers
    contig: Integers
    at: Integers
    ref: Integers
    alt: Integers

    def taken(self, keep: NDArray[np.bool_] | Integers) -> Units:
        """Return some of them."""
        return Units(
            row=self.row[keep], contig=self.contig[keep], at=self.at[keep], ref=self.ref[keep],
            alt=self.alt[keep],
        )  # fmt: skip


def _tables() -> tuple[Integers, Integers]:
    """Return the number of each substitution (left, ref, alt, right) and doublet (ref, alt)."""
    single = np.full((4, 4, 4, 4), -1, dtype=np.int64)
    double = np.full((4, 4, 4, 4), -1, dtype=np.int64)
    places = {name: at for names in (SBS96, DBS78) for at, name in enumerate(names)}
    for a, b, c, d in itertools.product(range(4), repeat=4):
        one, two, three, four = BASES[a], BASES[b], BASES[c], BASES[d]
        known = channel_named(f"{one}[{two}>{three}]{four}")
        single[a, b, c, d] = -1 if known is None else places[known[1]]
        known = channel_named(f"{one}{two}>{three}{four}")
        double[a, b, c, d] = -1 if known is None else places[known[1]]
    return single, double


SINGLE, DOUBLE = _tables()


def classify(calls: Calls, reference: Reference, params: MatrixParams | None = None) -> Classified:
    """Count the alleles of a sample by class; every allele is counted or left out with a reason."""
    params = params or MatrixParams()
    size = len(calls.pos)
    work = Work(
        calls=calls,
        weight=np.array(calls.weight, dtype=np.float64),
        why=[""] * size,
        detail={},
        kind=[""] * size,
        spectra={kind: np.zeros(len(names)) for kind, names in CHANNELS.items()},
    )
    contigs = {name: at for at, name in enumerate(dict.fromkeys(calls.contig))}
    names = {at: reference.name_of(name) for name, at in contigs.items()}
    rows: list[tuple[int, int, int, int, int]] = []
    indels: list[tuple[int, int, str, str]] = []
    seen: set[tuple[str, int, str, str]] = set()
    for row in range(size):
        sort_allele(row, work, contigs, names, seen, rows, indels)
    if rows:
        table = np.array(rows, dtype=np.int64)
        units = Units(
            row=table[:, 0], contig=table[:, 1], at=table[:, 2], ref=table[:, 3], alt=table[:, 4]
        )
        count_substitutions(units, work, names, reference, params)
    for row, at, ref, alt in indels:
        count_indel(row, at, ref, alt, work, reference)
    return Classified(
        spectra=work.spectra,
        counts=tally(work),
        left_out=(*calls.refused, *left_out(work)),
    )


def sort_allele(
    row: int,
    work: Work,
    contigs: dict[str, int],
    names: dict[int, str | None],
    seen: set[tuple[str, int, str, str]],
    units: list[tuple[int, int, int, int, int]],
    indels: list[tuple[int, int, str, str]],
) -> None:
    """Send one allele to the substitutions, to the insertions and deletions, or away."""
    calls = work.calls
    contig, pos, ref, alt = calls.contig[row], calls.pos[row], calls.ref[row], calls.alt[row]
    key = (contig, pos, ref, alt)
    reason = ""
    if key in seen:
        reason = TWICE
    elif alt in ("", ".", "*") or "<" in alt or "[" in alt or "]" in alt or not ref:
        reason = SYMBOLIC
    elif names[contigs[contig]] is None:
        reason = NO_CONTIG
    elif ref == alt:
        reason = SAME
    seen.add(key)
    # MAF has no anchor base; N stands for it, on both sides.
    anchored = ref[:1] == alt[:1] == "N" and len(ref) != len(alt)
    letters = (ref[1:] + alt[1:]) if anchored else ref + alt
    if not reason and letters.strip("ACGT"):
        reason = AMBIGUOUS
    if reason:
        work.reject(row, reason)
        return
    at = pos - 1
    if len(ref) == len(alt):
        number = contigs[contig]
        for k, (one, two) in enumerate(zip(ref, alt, strict=True)):
            if one != two:
                units.append((row, number, at + k, BASES.index(one), BASES.index(two)))
        return
    front, ref, alt = trimmed(ref, alt)
    if (len(ref) == 1 and alt[0] == ref) or (len(alt) == 1 and ref[0] == alt):
        indels.append((row, at + front, ref, alt))
    else:
        work.reject(row, COMPLEX)


def count_substitutions(
    units: Units,
    work: Work,
    names: dict[int, str | None],
    reference: Reference,
    params: MatrixParams,
) -> None:
    """Join neighbours, then count doublets and single substitutions."""
    order = np.lexsort((units.row, units.at, units.contig))
    units = units.taken(order)
    left, here, right = contexts(units, names, reference)
    wrong = here != units.ref
    for k in np.flatnonzero(wrong).tolist():
        row = int(units.row[k])
        if here[k] == 4:
            work.reject(row, UNKNOWN)
            continue
        found = "ended" if here[k] > 4 else BASES[here[k]]
        work.reject(row, MISMATCH, f"{BASES[units.ref[k]]}, the reference has {found}")
    keep = without_rejected(units, work)
    units, left, right = units.taken(keep), left[keep], right[keep]
    run = runs(units, work.calls.phase, params)
    length = np.bincount(run, minlength=1)[run] if run.size else run
    for row in np.unique(units.row[length > 2]).tolist():
        work.reject(row, CHAIN)
    alone = length == 1
    for k in np.flatnonzero(alone & ((left > 3) | (right > 3))).tolist():
        edge = left[k] > 4 or right[k] > 4
        work.reject(int(units.row[k]), EDGE if edge else UNKNOWN)
    keep = without_rejected(units, work)
    single = np.flatnonzero(alone & keep)
    channel = SINGLE[left[single], units.ref[single], units.alt[single], right[single]]
    np.add.at(work.spectra["SBS96"], channel, work.weight[units.row[single]])
    for row in units.row[single].tolist():
        work.kind[row] = "SBS96"
    first = np.flatnonzero((length == 2) & np.append(run[1:] == run[:-1], False) & keep)
    first = first[keep[np.minimum(first + 1, len(keep) - 1)]]
    second = first + 1
    channel = DOUBLE[units.ref[first], units.ref[second], units.alt[first], units.alt[second]]
    one, two = units.row[first], units.row[second]
    np.add.at(work.spectra["DBS78"], channel, np.minimum(work.weight[one], work.weight[two]))
    for row in np.concatenate([one, two]).tolist():
        work.kind[row] = "DBS78"
    work.joined = int((one != two).sum())


def without_rejected(units: Units, work: Work) -> NDArray[np.bool_]:
    """Return which substituted bases belong to alleles that are still in."""
    return np.array([not work.why[row] for row in units.row.tolist()], dtype=np.bool_)


def contexts(
    units: Units, names: dict[int, str | None], reference: Reference
) -> tuple[Integers, Integers, Integers]:
    """Return the bases before, at and after each place: 0 to 3, 4 for N, 5 beyond the contig."""
    found = np.full((3, len(units.at)), 5, dtype=np.int64)
    for low, high in spans(units):
        name = names[int(units.contig[low])]
        if name is None:
            continue
        start = int(units.at[low]) - 1
        text = reference.fetch(name, max(start, 0), int(units.at[high - 1]) + 2)
        codes = np.full(int(units.at[high - 1]) + 2 - start, 5, dtype=np.int64)
        known = CODES[np.frombuffer(text.encode("ascii"), dtype=np.uint8)]
        shift = max(-start, 0)
        codes[shift : shift + len(known)] = known
        place = units.at[low:high] - start
        for k in range(3):
            found[k, low:high] = codes[place + k - 1]
    return found[0], found[1], found[2]


def spans(units: Units) -> Iterator[tuple[int, int]]:
    """Yield ranges of neighbouring places whose sequence is fetched at once."""
    apart = (np.diff(units.contig) != 0) | (np.diff(units.at) > NEAR)
    edges = [0, *(np.flatnonzero(apart) + 1).tolist(), len(units.at)]
    for low, high in itertools.pairwise(edges):
        first = low
        while first < high:
            limit = int(np.searchsorted(units.at[first:high], units.at[first] + SPAN)) + first
            yield first, max(limit, first + 1)
            first = max(limit, first + 1)


def runs(units: Units, phase: Sequence[str], params: MatrixParams) -> Integers:
    """Return for each base the number of its run of neighbours on one haplotype.

    Where two alternatives were called at a place, which of them a neighbour goes with is unknown,
    and none is joined.
    """
    if not len(units.at):
        return np.zeros(0, dtype=np.int64)
    step = np.diff(units.at)
    same = np.diff(units.contig) == 0
    doubled = np.zeros(len(units.at), dtype=np.bool_)
    twice = same & (step == 0)
    doubled[1:] |= twice
    doubled[:-1] |= twice
    joined = same & (step == 1) & ~doubled[1:] & ~doubled[:-1]
    for k in np.flatnonzero(joined).tolist():
        one, two = int(units.row[k]), int(units.row[k + 1])
        if one != two and not together(phase[one], phase[two], required=params.require_phase):
            joined[k] = False
    return np.concatenate([[0], np.cumsum(~joined)]).astype(np.int64)


def together(one: str, two: str, *, required: bool) -> bool:
    """Whether two neighbours lie on one haplotype as far as phasing knows.

    >>> together("7:1", "7:2", required=False), together("", "7:1", required=False)
    (False, True)
    >>> together("", "7:1", required=True), together("7:1", "7:1", required=True)
    (False, True)
    """
    if one and two and one.partition(":")[0] == two.partition(":")[0]:
        return one == two
    return not required


def count_indel(row: int, at: int, ref: str, alt: str, work: Work, reference: Reference) -> None:
    """Count a pure insertion or deletion whose anchor base lies at ``at`` (0-based)."""
    name = reference.name_of(work.calls.contig[row])
    if name is None:
        return
    unit, deletion = (ref[1:], True) if len(ref) > len(alt) else (alt[1:], False)
    reach = (MOST + 1) * len(unit) + 1
    low, end = max(at + 1 - reach, 0), at + len(ref)
    text = reference.fetch(name, low, end + reach)
    place = at - low
    if at < 0:
        work.reject(row, EDGE)
        return
    found = text[place : place + len(ref)]
    if "N" in found:
        work.reject(row, UNKNOWN)
        return
    if found[1:] != ref[1:] or (ref[0] not in ("N", found[:1])):
        work.reject(row, MISMATCH, f"{ref[:20]}, the reference has {found[:20] or 'its end'}")
        return
    left, right = text[: place + 1], text[place + len(ref) :]
    if not right:
        work.reject(row, EDGE)
        return
    near = text[max(place - len(unit), 0) : place + len(ref) + len(unit)]
    if "N" in near:
        work.reject(row, UNKNOWN)
        return
    channel = indel_class(unit, left, right, deletion=deletion)
    work.spectra["ID83"][CHANNELS["ID83"].index(channel)] += work.weight[row]
    work.kind[row] = "ID83"


def left_out(work: Work) -> Iterator[Rejected]:
    """Yield the alleles that were left out, in the order of the file."""
    calls = work.calls
    for row, reason in enumerate(work.why):
        if reason:
            yield Rejected(
                sample=calls.sample,
                contig=calls.contig[row],
                pos=calls.pos[row],
                ref=calls.ref[row],
                alt=calls.alt[row],
                reason=reason,
                detail=work.detail.get(row, ""),
            )


def tally(work: Work) -> SampleCounts:
    """Say what became of all alleles."""
    calls = work.calls
    reasons = Counter(item.reason for item in calls.refused)
    reasons.update(reason for reason in work.why if reason)
    kinds = Counter(
        kind for kind, reason in zip(work.kind, work.why, strict=True) if kind and not reason
    )
    wrong = [row for row, reason in enumerate(work.why) if reason == MISMATCH]
    return SampleCounts(
        sample=calls.sample,
        variants=len(calls.pos) + len(calls.refused),
        counted={kind: kinds[kind] for kind in CHANNELS},
        mutations={kind: float(work.spectra[kind].sum()) for kind in CHANNELS},
        rejected=dict(sorted(reasons.items())),
        joined_doublets=work.joined,
        mismatches=tuple(
            f"{calls.contig[row]}:{calls.pos[row]} {work.detail[row]}" for row in wrong[:5]
        ),
    )
