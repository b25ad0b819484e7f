"""Labelled regions and hotspots: which of them an allele touches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tumorkit.genome.alleles import Fetch
from tumorkit.genome.contigs import standard
from tumorkit.genome.interval import Interval, merge
from tumorkit.variants.annotate.places import Key, Places, Spell

MEGABASE = 1_000_000
POINT_LIST = 1000
HOTSPOT, INDEL, CHECK = "1-hotspot", "2-indel", "3-check"
CLASSES = (HOTSPOT, INDEL, CHECK)
Mask = NDArray[np.bool_]


class Bed:
    """Intervals of a file, by contig however it is spelled; overlapping rows count once.

    >>> bed = Bed([Interval("1", 10, 20), Interval("1", 15, 30)])
    >>> bed.touches("chr1", np.array([29, 30]), np.array([30, 31])).tolist()
    [True, False]
    """

    def __init__(self, intervals: Iterable[Interval]) -> None:
        spans: dict[str, list[tuple[int, int]]] = {}
        self.names: dict[str, str] = {}
        for item in intervals:
            name = standard(item.contig)
            self.names.setdefault(name, item.contig)
            if item.end > item.start:
                spans.setdefault(name, []).append((item.start, item.end))
        self._bounds = {
            name: np.array(merge(rows), dtype=np.int64).reshape(-1, 2).T
            for name, rows in spans.items()
        }

    @property
    def bases(self) -> int:
        """Number of bases."""
        return int(sum((ends - starts).sum() for starts, ends in self._bounds.values()))

    def touches(
        self, contig: str, starts: NDArray[np.int64], ends: NDArray[np.int64]
    ) -> NDArray[np.bool_]:
        """Whether each of the intervals has a base inside."""
        bounds = self._bounds.get(standard(contig))
        if bounds is None:
            return np.zeros(starts.shape, dtype=np.bool_)
        first = np.searchsorted(bounds[1], starts, side="right")
        inside = first < bounds.shape[1]
        inside[inside] = bounds[0][first[inside]] < ends[inside]
        return np.asarray(inside)


@dataclass
class Regions:
    """A label and its regions, and how many records and alleles were found inside."""

    label: str
    file: str
    bed: Bed
    rows: int
    sha256: str = ""
    records: int = 0
    alleles: int = 0
    contigs: set[str] = field(default_factory=set)

    def touches(self, places: Places) -> Mask:
        """Whether each allele touches one of the regions."""
        if standard(places.contig) in self.bed.names:
            self.contigs.add(places.contig)
        return self.bed.touches(places.contig, *places.intervals)


def lint(label: str, intervals: Sequence[Interval]) -> list[str]:
    """Return what looks wrong about a list of regions, in words.

    A list of points (half of its rows below a kilobase) with a row beyond a megabase most likely
    has a slip of a digit in that row.

    >>> rows = [Interval("chr2", 5, 6), Interval("chr2", 9, 10), Interval("chr2", 10, 20_000_010)]
    >>> lint("blacklist", rows)[0]
    'blacklist: chr2:11-20000010 spans 20.0 Mb in a list whose middle row has 1 base(s)'
    """
    said = []
    sizes = sorted(len(item) for item in intervals)
    middle = sizes[(len(sizes) - 1) // 2]
    if middle < POINT_LIST:
        said += [
            f"{label}: {item} spans {len(item) / 1e6:.1f} Mb in a list whose middle row has "
            f"{middle:,} base(s)"
            for item in intervals
            if len(item) > MEGABASE
        ]
    empty = sum(1 for item in intervals if len(item) == 0)
    if empty:
        said.append(f"{label}: {empty} row(s) without a base (start = end) were left out")
    return said


def bare(key: Key) -> Key:
    """Return an insertion or deletion without the base before it.

    >>> bare((100, b"AGG", b"A")), bare((100, b"A", b"T"))
    ((101, b'GG', b''), (100, b'A', b'T'))
    """
    pos, ref, alt = key
    if len(ref) != len(alt) and ref[:1] == alt[:1]:
        return pos + 1, ref[1:], alt[1:]
    return key


@dataclass
class Hotspots:
    """Listed alleles, and listed places by class.

    A substitution on a ``hotspot`` place and a listed allele are :data:`HOTSPOT`; an insertion or
    deletion on a ``hotspot`` or ``indel`` place is :data:`INDEL`; anything else on any place but
    those for indels is :data:`CHECK`, as in hydra-genetics.
    """

    file: str
    alleles: dict[str, set[Key]] = field(default_factory=dict)
    beds: dict[str, Bed] = field(default_factory=dict)
    rows: int = 0
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(CLASSES, 0))

    def add_alleles(
        self, rows: Iterable[tuple[str, int, str, str]], spell: Spell, fetch: Fetch | None
    ) -> None:
        """Add alleles: contig, position (1-based), reference and alternative.

        One of the two may be empty, as in MAF.
        """
        for contig, pos, ref, alt in rows:
            key = pos, ref.upper().encode(), alt.upper().encode()
            if not (ref and alt) and fetch is not None:
                before = fetch(contig, pos - 2, pos - 1).encode()
                key = pos - 1, before + key[1], before + key[2]
            if key[1] and key[2]:
                key = spell(contig, *key)
            self.alleles.setdefault(standard(contig), set()).add(bare(key))
            self.rows += 1

    def add_places(self, rows: Iterable[tuple[str, Interval]]) -> None:
        """Add places: the class of each (``hotspot``, ``indel``, ``region``, ``region_all``)."""
        by_class: dict[str, list[Interval]] = {}
        for report, item in rows:
            by_class.setdefault("region" if report == "region_all" else report, []).append(item)
            self.rows += 1
        self.beds = {name: Bed(items) for name, items in by_class.items()}

    @property
    def contigs(self) -> set[str]:
        """Contigs of the list, in the spelling of :func:`tumorkit.genome.contigs.standard`."""
        return self.alleles.keys() | {name for bed in self.beds.values() for name in bed.names}

    def classes(self, places: Places) -> list[str]:
        """Return the class of each allele, empty where it is not listed."""
        found = [""] * len(places.keys)
        listed = self.alleles.get(standard(places.contig), set())
        starts, ends = places.intervals
        inside = {name: bed.touches(places.contig, starts, ends) for name, bed in self.beds.items()}
        hit = np.zeros(len(found), dtype=np.bool_)
        for mask in inside.values():
            hit |= mask
        if listed:
            for at, key in enumerate(places.keys):
                if key is not None and bare(key) in listed:
                    found[at] = HOTSPOT
        for at in np.nonzero(hit)[0].tolist():
            key = places.keys[at]
            if found[at] or key is None:
                continue
            on = {name for name, mask in inside.items() if mask[at]}
            if len(key[1]) == len(key[2]):
                found[at] = HOTSPOT if "hotspot" in on else CHECK if "region" in on else ""
            else:
                found[at] = INDEL if on & {"hotspot", "indel"} else CHECK
        for name in found:
            if name:
                self.counts[name] += 1
        return found
