"""How frequent alleles are in a population source, joined by allele and not by position."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tumorkit.errors import ParameterError, suggestion
from tumorkit.genome.vcf import VcfHeader
from tumorkit.genome.vcf_block import RecordBlock
from tumorkit.variants.annotate.places import BASES, Key, Places, Spell, is_symbolic
from tumorkit.variants.annotate.regions import Bed

# gnomAD 2 and 3 say popmax, gnomAD 4 says grpmax.
POPMAX = ("AF_grpmax", "AF_popmax", "popmax_AF", "AF_POPMAX", "POPMAX_AF")
# Alleles are looked for this far from where their record stands.
REACH = 1000
Positions = NDArray[np.int64]


class Pieces(Protocol):
    """Where the records of a source come from."""

    def pieces(self, contig: str, positions: Positions) -> Iterator[RecordBlock]:
        """Yield records of one contig, at least all that may touch the sorted positions."""
        ...

    def name_of(self, contig: str) -> str | None:
        """Return the source's name of a contig that was asked for; None if it has no record."""
        ...

    @property
    def known(self) -> list[str]:
        """Contigs with records, as far as they are known."""
        ...


@dataclass(frozen=True, kw_only=True)
class Fields:
    """The INFO fields of a source: frequency, counts and the highest of its populations."""

    frequency: str
    count: str = ""
    number: str = ""
    popmax: str = ""


@dataclass
class Entry:
    """What a source says of one allele, as it is written there; empty is not said."""

    frequency: str
    count: str
    popmax: str
    value: float


@dataclass
class Found:
    """What a source says of the alleles near some records."""

    entries: dict[Key, Entry] = field(default_factory=dict)
    numbers: dict[int, str] = field(default_factory=dict)
    bases: dict[int, int] = field(default_factory=dict)


@dataclass
class Population:
    """A population source: its name, where its records come from, and what was counted.

    ``covered`` are the regions that the source looked at; None: all contigs that it has.
    """

    name: str
    file: str
    fields: Fields
    source: Pieces
    covered: Bed | None = None
    spell: Spell | None = None
    aligned: bool = False
    found: int = 0
    absent: int = 0
    uncovered: int = 0
    duplicates: int = 0
    shared: int = 0
    conflicts: int = 0
    renamed: dict[str, str] = field(default_factory=dict)
    without: set[str] = field(default_factory=set)
    allele_number: int | None = None

    def lookup(self, places: Places) -> Found:
        """Return what the source says of one contig's alleles."""
        keys = [key for key in places.keys if key is not None]
        answer = Found()
        if not keys:
            return answer
        written = np.array(places.positions, dtype=np.int64)
        wanted = np.unique(np.array([key[0] for key in keys], dtype=np.int64))
        near = np.union1d(wanted, written)
        near = near[(near >= written.min() - REACH) & (near <= written.max() + REACH)]
        # With a reference any insertion or deletion may be the same as one further left.
        shifted = self.aligned and any(len(key[1]) != len(key[2]) for key in keys)
        for piece in self.source.pieces(places.contig, near):
            self._take(piece, places.contig, set(wanted.tolist()), near, answer, shifted=shifted)
        return answer

    def _take(
        self,
        piece: RecordBlock,
        contig: str,
        wanted: set[int],
        near: Positions,
        answer: Found,
        *,
        shifted: bool,
    ) -> None:
        """Add the records of a piece that may be an allele in question."""
        assert self.spell is not None
        content, offsets = piece.content, piece.offsets
        positions = piece.numbers(1)[0].astype(np.int64)
        chosen = _among(positions, near)
        long_ref = offsets[:, 4] - offsets[:, 3] > 2
        long_alt = offsets[:, 5] - offsets[:, 4] > 2
        # Bases that both sides share in front may hide an allele of a later position.
        chosen |= (long_ref | long_alt) if shifted else (long_ref & long_alt)
        picked = np.nonzero(chosen)[0]
        rows = offsets[picked][:, [3, 4, 5, 7, 8]].tolist()
        for pos, (start, middle, end, info, behind) in zip(
            positions[picked].tolist(), rows, strict=True
        ):
            ref, text = content[start : middle - 1], content[middle : end - 1]
            said = content[info : behind - 1]
            answer.bases.setdefault(pos, ref[0] & 0xDF)
            number = tag(said, self.fields.number)
            if number and int(number or 0) >= int(answer.numbers.get(pos, "0")):
                answer.numbers[pos] = number
            if ref in BASES and text in BASES:
                if pos in wanted:
                    self._keep((pos, ref, text), said, 0, 1, answer)
                continue
            alts = text.split(b",")
            for at, alt in enumerate(alts):
                if not is_symbolic(alt):
                    key = self.spell(contig, pos, ref.upper(), alt.upper())
                    if key[0] in wanted:
                        self._keep(key, said, at, len(alts), answer)

    def _keep(self, key: Key, info: bytes, at: int, alts: int, answer: Found) -> None:
        """Keep what a record says of an allele; of two records that with the higher frequency."""
        frequency = of_allele(tag(info, self.fields.frequency), at, alts)
        count = of_allele(tag(info, self.fields.count), at, alts)
        if not frequency and count:
            frequency = ratio(count, tag(info, self.fields.number))
        popmax = of_allele(tag(info, self.fields.popmax), at, alts)
        entry = Entry(frequency, count, popmax, to_number(frequency))
        old = answer.entries.get(key)
        if old is not None:
            self.duplicates += 1
            if old.value >= entry.value:
                return
        answer.entries[key] = entry


def _among(values: Positions, sorted_unique: Positions) -> NDArray[np.bool_]:
    at = np.searchsorted(sorted_unique, values)
    at[at == sorted_unique.size] = 0
    return np.asarray(sorted_unique[at] == values)


def tag(info: bytes, key: str) -> str:
    """Return the text of ``key=value`` in INFO; empty where there is none or it is ``.``.

    >>> tag(b"AC=2;AF=0.1;AF_nfe=0.2", "AF"), tag(b"DB", "AF")
    ('0.1', '')
    """
    if not key:
        return ""
    first, later = _marks(key)
    if info.startswith(first):
        start = len(first)
    else:
        start = info.find(later) + len(later)
        if start < len(later):
            return ""
    end = info.find(b";", start)
    text = info[start:] if end < 0 else info[start:end]
    return "" if text == b"." else text.decode()


@lru_cache(maxsize=64)
def _marks(key: str) -> tuple[bytes, bytes]:
    return f"{key}=".encode(), f";{key}=".encode()


def of_allele(text: str, at: int, alts: int) -> str:
    """Return an allele's part of a list that has one value an allele, or one with the reference.

    >>> of_allele("0.1,0.2", 1, 2), of_allele("0.7,0.1,0.2", 1, 2), of_allele("0.1", 0, 2)
    ('0.2', '0.2', '')
    """
    if alts == 1 and "," not in text:
        return text
    parts = text.split(",") if text else []
    if len(parts) == alts + 1:
        parts = parts[1:]
    if len(parts) != alts or parts[at] == ".":
        return ""
    return parts[at]


def ratio(count: str, number: str) -> str:
    """Return AC/AN as text, empty where one of them is no number or nobody was looked at."""
    top, bottom = to_number(count), to_number(number)
    return f"{top / bottom:.6g}" if top >= 0 and bottom > 0 else ""


def to_number(text: str) -> float:
    """Return a number, -1 for what is none."""
    try:
        value = float(text)
    except ValueError:
        return -1.0
    return value if value >= 0 else -1.0


def fields_of(header: VcfHeader, wanted: str, where: str) -> Fields:
    """Return the fields that answer for a source.

    Without ``wanted`` these are AF, or AC and AN, and the highest frequency of its populations.
    Raises :class:`ParameterError` that names the fields which exist.
    """
    known = header.info
    numeric = [name for name, said in known.items() if said.type in ("Float", "Integer")]
    if wanted:
        if wanted not in known:
            raise ParameterError(
                f"{where}: no INFO field {wanted!r}",
                suggestion(wanted, known) or listed(numeric),
            )
        count, number = (
            wanted.replace("AF", short, 1) if "AF" in wanted else "" for short in ("AC", "AN")
        )
        return Fields(
            frequency=wanted,
            count=count if count in known else "",
            number=number if number in known else "AN" if wanted == "AF" and "AN" in known else "",
        )
    if "AF" not in known and not {"AC", "AN"} <= known.keys():
        raise ParameterError(
            f"{where}: has neither AF nor AC and AN",
            f"name a field as NAME=FILE:FIELD; {listed(numeric)}",
        )
    return Fields(
        frequency="AF" if "AF" in known else "",
        count="AC" if "AC" in known else "",
        number="AN" if "AN" in known else "",
        popmax=next((name for name in POPMAX if name in known), ""),
    )


def listed(names: Sequence[str]) -> str:
    """Say which fields there are, the first twelve by name."""
    if not names:
        return "its header declares no numeric INFO field"
    more = f" and {len(names) - 12} more" if len(names) > 12 else ""
    return "numeric INFO fields: " + ", ".join(names[:12]) + more
