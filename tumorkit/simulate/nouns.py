"""What a simulated case is made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

BASES = "ACGT"
Codes = NDArray[np.uint8]


@dataclass(frozen=True, kw_only=True)
class Transcript:
    """An invented transcript at a real gene's locus; all of its exons are coding.

    ``exons`` are 0-based half-open in genome order; they join to whole codons from start to stop.
    """

    gene: str
    name: str
    protein: str
    contig: str
    strand: Literal["+", "-"]
    exons: tuple[tuple[int, int], ...]

    @property
    def coding_bases(self) -> int:
        """Length of the coding sequence, with its stop codon."""
        return sum(end - start for start, end in self.exons)


@dataclass(frozen=True, kw_only=True)
class Target:
    """A stretch that the panel captures."""

    contig: str
    start: int
    end: int
    kind: Literal["exon", "snp", "msi"]
    name: str
    gene: str = "-"
    low_mappability: bool = False


@dataclass(frozen=True, kw_only=True)
class Island:
    """Targets whose surroundings overlap; sequence is known here and N elsewhere."""

    contig: str
    start: int
    end: int
    targets: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Panel:
    """Targets in genome order, the islands around them, the transcripts."""

    targets: tuple[Target, ...]
    islands: tuple[Island, ...]
    transcripts: tuple[Transcript, ...]


@dataclass(frozen=True, kw_only=True)
class TrueSegment:
    """Allele-specific copy number of a stretch of the tumour genome.

    ``major_haplotype`` (0 or 1) says which parental haplotype has the major copies.
    """

    contig: str
    start: int
    end: int
    major_cn: int
    minor_cn: int
    normal_cn: int
    major_haplotype: int
    event: str = ""

    @property
    def copy_number(self) -> int:
        """Copies of both haplotypes."""
        return self.major_cn + self.minor_cn

    def copies(self, haplotype: int) -> int:
        """Copies of one haplotype."""
        return self.major_cn if haplotype == self.major_haplotype else self.minor_cn


@dataclass(frozen=True, kw_only=True)
class GermlineVariant:
    """An inherited variant, with the genotype of each haplotype (0 or 1)."""

    contig: str
    pos: int
    ref: str
    alt: str
    genotype: tuple[int, int]
    population_af: float | None
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class SomaticVariant:
    """A somatic variant: where it is, on which haplotype, in how many copies and cells."""

    contig: str
    pos: int
    ref: str
    alt: str
    haplotype: int
    multiplicity: int
    ccf: float
    kind: str
    signature: str = ""
    driver: str = ""


@dataclass(frozen=True, kw_only=True)
class Artefact:
    """An alternative allele that is seen in one strand or one read orientation only."""

    contig: str
    pos: int
    ref: str
    alt: str
    kind: Literal["strand", "ffpe"]
    forward: bool
    fraction: float


@dataclass(frozen=True, kw_only=True)
class Microsatellite:
    """A repeat: 0-based start, unit and number of units in the reference.

    ``germline`` is the change in units of either haplotype; ``shift`` the somatic change in units
    (0 is stable) on ``haplotype`` in ``ccf`` of the tumour cells.
    """

    contig: str
    start: int
    unit: str
    repeats: int
    left_flank: str
    right_flank: str
    germline: tuple[int, int] = (0, 0)
    shift: int = 0
    haplotype: int = 0
    ccf: float = 0.0
    stutter: float = 0.0

    @property
    def end(self) -> int:
        """End of the repeat in the reference, 0-based half-open."""
        return self.start + len(self.unit) * self.repeats


@dataclass(frozen=True, kw_only=True)
class Counts:
    """Fragments at one allele in one sample after removal of duplicates and doubtful reads.

    ``strands`` counts ref forward, ref reverse, alt forward, alt reverse; ``orientations`` counts
    ref F1R2, alt F1R2, ref F2R1, alt F2R1.
    """

    ref: int
    alt: int
    strands: tuple[int, int, int, int]
    orientations: tuple[int, int, int, int]
    mapping_quality: float = 60.0
    base_quality: float = 37.0
    read_position: float = 30.0

    @property
    def depth(self) -> int:
        """Fragments with either allele."""
        return self.ref + self.alt

    @property
    def vaf(self) -> float:
        """Share of the alternative allele; 0 without depth, as callers print it."""
        return self.alt / self.depth if self.depth else 0.0


@dataclass(frozen=True, kw_only=True)
class Case:
    """A whole invented case: panel, sequence, what is planted where."""

    panel: Panel
    sequence: Sequence
    segments: tuple[TrueSegment, ...]
    ploidy: float
    germline: tuple[GermlineVariant, ...]
    population: tuple[GermlineVariant, ...]
    somatic: tuple[SomaticVariant, ...]
    microsatellites: tuple[Microsatellite, ...]
    artefacts: tuple[Artefact, ...]
    efficiency: NDArray[np.float64]


@dataclass(frozen=True)
class Sequence:
    """The known sequence of islands, as base codes 0 to 3 for A, C, G, T."""

    islands: tuple[Island, ...]
    codes: tuple[Codes, ...]
    _index: dict[str, tuple[NDArray[np.int64], list[int]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        grouped: dict[str, list[int]] = {}
        for number, island in enumerate(self.islands):
            grouped.setdefault(island.contig, []).append(number)
        for contig, numbers in grouped.items():
            starts = np.array([self.islands[n].start for n in numbers], dtype=np.int64)
            self._index[contig] = (starts, numbers)

    def island_at(self, contig: str, position: int) -> int:
        """Return the number of the island that holds a 0-based position."""
        starts, numbers = self._index[contig]
        number = numbers[int(np.searchsorted(starts, position, side="right")) - 1]
        island = self.islands[number]
        if not island.start <= position < island.end:
            raise ValueError(f"{contig}:{position + 1} has no sequence")
        return number

    def slice(self, contig: str, start: int, end: int) -> Codes:
        """Return the codes of a stretch that lies within one island."""
        number = self.island_at(contig, start)
        offset = self.islands[number].start
        return self.codes[number][start - offset : end - offset]

    def text(self, contig: str, start: int, end: int) -> str:
        """Return the letters of a stretch that lies within one island."""
        return letters(self.slice(contig, start, end))


_LETTERS = np.frombuffer(b"ACGTN", dtype=np.uint8)


def letters(codes: Codes) -> str:
    """Return base codes as text.

    >>> letters(np.array([0, 3, 2], dtype=np.uint8))
    'ATG'
    """
    return _LETTERS[codes].tobytes().decode("ascii")


def codes_of(text: str) -> Codes:
    """Return text as base codes.

    >>> codes_of("GATC").tolist()
    [2, 0, 3, 1]
    """
    return np.array([BASES.index(letter) for letter in text], dtype=np.uint8)


def reverse_complement(text: str) -> str:
    """Return the other strand.

    >>> reverse_complement("AACG")
    'CGTT'
    """
    return text[::-1].translate(str.maketrans("ACGT", "TGCA"))
