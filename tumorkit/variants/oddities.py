"""What is odd about the records of a VCF without being wrong: counted, and said with its line.

Each of these is a legal file or a common defect that changes no verdict by itself, but that a
person wants to know of: repeated alleles, missing declarations, unsorted records. A REF that is
not the reference's is another matter: many of them mean another genome.
Source: the VCF specification, version 4.4, sections 1.4 and 1.6.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tumorkit.genome.vcf import VcfHeader, VcfRecord
from tumorkit.genome.vcf_block import RecordBlock

Fetch = Callable[[str, int, int], str]
SHOWN = 5
FEW = 100
WINDOW = 1 << 20
# A FASTA of another build differs at three of four bases; single slips stay far below.
MOST_WRONG_REFERENCES = 0.01
BASES = frozenset("ACGT")


class Oddities:
    """Counts what is odd in the records of one file, block by block.

    ``fetch`` gives bases of the reference, in upper case, of a 0-based half-open interval; with
    it the REF of every record is compared.

    >>> header = VcfHeader((), ())
    >>> odd = Oddities(header)
    >>> line = "1\\t8\\t.\\tA\\tC\\t.\\t.\\tDP=9"
    >>> odd.add([VcfRecord(line, header, 2), VcfRecord(line, header, 3)])
    >>> odd.notes()[-1]
    '1 record repeats an allele of an earlier record at the same position (first in line 3)'
    """

    def __init__(self, header: VcfHeader, fetch: Fetch | None = None) -> None:
        self.header = header
        self.fetch = fetch
        self.counts: dict[str, int] = {}
        self.firsts: dict[str, int] = {}
        self.contigs: dict[str, None] = {}
        self.filters: dict[str, None] = {}
        self.compared = 0
        self.wrong_reference = ""
        self._finished: set[str] = set()
        self._last: tuple[str, float] = ("", 0.0)
        self._alleles: set[tuple[str, str]] = set()
        self._window: tuple[str, int, str] = ("", -1, "")

    def add(self, records: Sequence[VcfRecord]) -> None:
        """Count the records that come next in the file."""
        if not records:
            return
        codes, names = grouped(records, 0)
        positions = positions_of(records)
        lines = lines_of(records)
        self._order(codes, names, positions, lines)
        self._repeats(records, codes, names, positions, lines)
        self._count("zero", positions == 0, lines)
        self._alternatives(records, lines)
        self._count("info", repeated_keys(records), lines)
        self._declared(records, codes, names, lines)
        if self.fetch is not None:
            self._references(records, codes, names, positions, lines)

    def _count(self, what: str, found: NDArray[np.bool_], lines: NDArray[np.int64]) -> None:
        number = int(np.count_nonzero(found))
        if number:
            self.counts[what] = self.counts.get(what, 0) + number
            self.firsts.setdefault(what, int(lines[int(np.argmax(found))]))

    def _order(
        self,
        codes: NDArray[np.int64],
        names: list[str],
        positions: NDArray[np.float64],
        lines: NDArray[np.int64],
    ) -> None:
        """Count records that lie before the one above them, or on a contig that was left."""
        new = np.ones(codes.size, dtype=np.bool_)
        new[1:] = codes[1:] != codes[:-1]
        new[0] = names[int(codes[0])] != self._last[0]
        before = np.empty_like(positions)
        before[0], before[1:] = self._last[1], positions[:-1]
        odd = ~new & (positions < before)
        previous = self._last[0]
        for at in np.nonzero(new)[0].tolist():
            name = names[int(codes[at])]
            if previous:
                self._finished.add(previous)
            odd[at] = name in self._finished
            previous = name
        self._count("order", odd, lines)

    def _repeats(
        self,
        records: Sequence[VcfRecord],
        codes: NDArray[np.int64],
        names: list[str],
        positions: NDArray[np.float64],
        lines: NDArray[np.int64],
    ) -> None:
        """Count records with an allele that a record before them at the position has."""
        same = np.zeros(codes.size, dtype=np.bool_)
        same[1:] = (codes[1:] == codes[:-1]) & (positions[1:] == positions[:-1])
        same[0] = (names[int(codes[0])], float(positions[0])) == self._last
        found = np.zeros(codes.size, dtype=np.bool_)
        alleles = self._alleles
        for at in np.nonzero(same)[0].tolist():
            if at and not same[at - 1]:
                alleles = set(alleles_of(records, at - 1))
            own = alleles_of(records, at)
            found[at] = not alleles.isdisjoint(own)
            alleles.update(own)
        self._alleles = alleles if same[-1] else set(alleles_of(records, codes.size - 1))
        self._last = (names[int(codes[-1])], float(positions[-1]))
        self._count("repeat", found, lines)

    def _alternatives(self, records: Sequence[VcfRecord], lines: NDArray[np.int64]) -> None:
        """Count records with the allele ``*``: the base is lost in another record's deletion."""
        if not isinstance(records, RecordBlock) or b"*" in records.content:
            texts = (text_of(records, at, 4) for at in range(len(records)))
            stars = np.array(["*" in text.split(",") for text in texts], dtype=np.bool_)
            self._count("star", stars, lines)

    def _declared(
        self,
        records: Sequence[VcfRecord],
        codes: NDArray[np.int64],
        names: list[str],
        lines: NDArray[np.int64],
    ) -> None:
        """Note contigs and filters that the header does not declare, though it declares others."""
        known = self.header.contigs
        unknown = [bool(known) and name not in known for name in names]
        if any(unknown):
            self.contigs.update(dict.fromkeys(np.array(names)[unknown].tolist()))
            self._count("contig", np.array(unknown, dtype=np.bool_)[codes], lines)
        declared = self.header.filters
        codes, texts = grouped(records, 6)
        missing = [
            [name for name in text.split(";") if name not in ("PASS", ".", "", *declared)]
            for text in texts
        ]
        if any(missing):
            self.filters.update(dict.fromkeys(name for row in missing for name in row))
            odd = np.array([bool(row) for row in missing], dtype=np.bool_)
            self._count("filter", odd[codes], lines)

    def _references(
        self,
        records: Sequence[VcfRecord],
        codes: NDArray[np.int64],
        names: list[str],
        positions: NDArray[np.float64],
        lines: NDArray[np.int64],
    ) -> None:
        """Count records whose REF is not what the reference has there."""
        wrong = np.zeros(codes.size, dtype=np.bool_)
        ref_codes, refs = grouped(records, 3)
        places = np.stack([codes, positions.astype(np.int64) // WINDOW])
        edges = np.nonzero((places[:, 1:] != places[:, :-1]).any(axis=0))[0] + 1
        for run in np.split(np.arange(codes.size), edges):
            contig = names[int(codes[run[0]])]
            for at in run.tolist():
                pos, ref = int(positions[at]), refs[int(ref_codes[at])].upper()
                found = self._bases(contig, pos, len(ref), few=run.size < FEW)
                self.compared += not found or not BASES.isdisjoint(found)
                if found != ref and pos > 0 and (len(found) != len(ref) or differs(found, ref)):
                    wrong[at] = True
                    shown = found[:20] or "no such position"
                    self.wrong_reference = self.wrong_reference or (
                        f"{contig}:{pos} has {ref[:20]}, the reference {shown}"
                    )
        self._count("reference", wrong, lines)

    def _bases(self, contig: str, pos: int, size: int, *, few: bool) -> str:
        assert self.fetch is not None
        if few:
            return self.fetch(contig, max(pos - 1, 0), pos - 1 + size)
        window = max(pos - 1, 0) // WINDOW
        if self._window[:2] != (contig, window):
            start = window * WINDOW
            self._window = (contig, window, self.fetch(contig, start, start + 2 * WINDOW))
        at = pos - 1 - window * WINDOW
        return self._window[2][at : at + size]

    @property
    def other_genome(self) -> bool:
        """Whether so many REF differ from the reference that the genome must be another."""
        return self.counts.get("reference", 0) > MOST_WRONG_REFERENCES * self.compared

    def notes(self) -> list[str]:
        """Return what was odd, one line each."""
        notes = []
        meta = self.header.meta
        if not meta or not meta[0].startswith("##fileformat="):
            notes.append("the first line is not ##fileformat=VCFv4.x: other tools may refuse it")
        contigs, filters = shown(self.contigs), shown(self.filters)
        for what, is_are, said in (
            ("order", "is are", "not sorted by position"),
            ("repeat", "repeats repeat", "an allele of an earlier record at the same position"),
            ("zero", "has have", "POS 0, before the first base"),
            ("star", "has have", "the allele *, which is no change of its own"),
            ("info", "has have", "an INFO key twice, of which the first counts"),
            ("contig", "is are", f"on contigs that the header does not declare: {contigs}"),
            ("filter", "has have", f"filters that the header does not declare: {filters}"),
            ("reference", "has have", f"another REF than the reference: {self.wrong_reference}"),
        ):
            number = self.counts.get(what, 0)
            if number:
                one, many = is_are.split()
                verb = f"record {one}" if number == 1 else f"records {many}"
                notes.append(f"{number} {verb} {said} (first in line {self.firsts[what]})")
        return notes


def shown(names: dict[str, None]) -> str:
    """Return the first few of some names."""
    listed = list(names)
    rest = f" and {len(listed) - SHOWN} more" if len(listed) > SHOWN else ""
    return ", ".join(listed[:SHOWN]) + rest


def differs(found: str, ref: str) -> bool:
    """Whether two sequences of one length differ where both are one of the four bases.

    >>> differs("ACN", "ACG"), differs("ACT", "ACG"), differs("RCT", "ACT")
    (False, True, False)
    """
    return any(a != b and a in BASES and b in BASES for a, b in zip(found, ref, strict=True))


def grouped(records: Sequence[VcfRecord], column: int) -> tuple[NDArray[np.int64], list[str]]:
    """Return the different texts of a column, and which of them each record has."""
    if isinstance(records, RecordBlock):
        return records.grouped(column)
    known: dict[str, int] = {}
    codes = [known.setdefault(record.columns[column], len(known)) for record in records]
    return np.array(codes, dtype=np.int64), list(known)


def positions_of(records: Sequence[VcfRecord]) -> NDArray[np.float64]:
    """Return POS of each record."""
    if isinstance(records, RecordBlock):
        return records.numbers(1)[0]
    return np.array([record.pos for record in records], dtype=np.float64)


def lines_of(records: Sequence[VcfRecord]) -> NDArray[np.int64]:
    """Return the number of each record's line."""
    if isinstance(records, RecordBlock):
        return records.line_numbers
    return np.array([record.number for record in records], dtype=np.int64)


def text_of(records: Sequence[VcfRecord], at: int, column: int) -> str:
    """Return one column of one record."""
    if isinstance(records, RecordBlock):
        return records.text(at, column)
    return records[at].columns[column]


def alleles_of(records: Sequence[VcfRecord], at: int) -> list[tuple[str, str]]:
    """Return reference and alternative of each allele of a record."""
    ref = text_of(records, at, 3).upper()
    return [(ref, alt.upper()) for alt in text_of(records, at, 4).split(",")]


def repeated_keys(records: Sequence[VcfRecord]) -> Any:
    """Return which records have an INFO key more than once."""
    if isinstance(records, RecordBlock):
        return records.repeated_keys()
    return np.array([has_repeats(record.columns[7]) for record in records], dtype=np.bool_)


def has_repeats(info: str) -> bool:
    """Whether a key stands twice in INFO.

    >>> has_repeats("DP=9;AF=1"), has_repeats("DP=9;DP=10"), has_repeats("DB;DB")
    (False, True, True)
    """
    keys = [item.partition("=")[0] for item in info.split(";") if item]
    return len(set(keys)) < len(keys)
