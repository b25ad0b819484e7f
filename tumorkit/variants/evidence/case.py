"""What is known of a case beyond the records of its VCF."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tumorkit.genome.build import Build
from tumorkit.genome.contigs import standard
from tumorkit.genome.fitted_purity import FittedPurity, FittedSolution
from tumorkit.genome.segment import Segment
from tumorkit.variants.evidence.nouns import CONTEXTS, Codes, Flags, Substitution, Surroundings

# Genes in which blood clones of healthy people carry most of their mutations: Jaiswal et al. 2014
# (NEJM 371:2488) and Genovese et al. 2014 (NEJM 371:2477).
CHIP_GENES = frozenset(
    (
        "ASXL1", "BCORL1", "CBL", "DNMT3A", "GNAS", "GNB1", "IDH2", "JAK2", "PPM1D", "SF3B1",
        "SRSF2", "TET2", "TP53", "U2AF1",
    )
)  # fmt: skip
WINDOW = 1 << 16
LEAST_SOLUTION = 0.02  # weight below which a solution of a fit does not speak
MOST_PURITIES = 15
BASES = "ACGT"
COMPLEMENT = str.maketrans("ACGT", "TGCA")
CLASSES = {
    ("C", "A"): Substitution.C_TO_A,
    ("C", "G"): Substitution.C_TO_G,
    ("C", "T"): Substitution.C_TO_T,
    ("T", "A"): Substitution.T_TO_A,
    ("T", "C"): Substitution.T_TO_C,
    ("T", "G"): Substitution.T_TO_G,
}


class Background(Protocol):
    """Answers for alleles from a panel of normals; see ``tumorkit variants background``."""

    def p_value(
        self,
        contig: Sequence[str],
        pos: Sequence[int],
        ref: Sequence[str],
        alt: Sequence[str],
        alt_depth: Sequence[int | None],
        depth: Sequence[int | None],
    ) -> NDArray[np.float64]:
        """Return P of at least ``alt_depth`` of ``depth`` reads; NaN where nobody looked."""
        ...

    def check_sample(self, material: str, library: str) -> tuple[str, ...]:
        """Raise for a panel of another material than the sample's; return what to warn of."""
        ...


class Bases(Protocol):
    """Reference sequence."""

    def fetch(self, contig: str, start: int, end: int) -> str:
        """Return bases of a 0-based half-open interval in upper case."""
        ...


@dataclass(frozen=True, kw_only=True)
class Copies:
    """Copy numbers of the segments of one contig, sorted by start."""

    start: NDArray[np.int64]
    end: NDArray[np.int64]
    copy_number: NDArray[np.float64]
    minor_cn: NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class CaseSolution:
    """One solution of a fit: its weight, a grid of its purity, copies of segments by contig."""

    weight: float
    purity: tuple[float, ...]
    purity_weight: tuple[float, ...]
    copies: Mapping[str, Copies]


@dataclass(frozen=True, kw_only=True)
class Case:
    """A tumour as far as it is known: purity, copy numbers, sex, background, reference.

    ``purity`` and ``purity_weight`` are a grid, empty where nothing is known. ``solutions`` are
    those of a fit, the heaviest first: they stand in the place of purity and copies.
    """

    purity: tuple[float, ...] = ()
    purity_weight: tuple[float, ...] = ()
    contamination: float = 0.0
    sex: str = ""
    build: Build | None = None
    copies: Mapping[str, Copies] = field(default_factory=dict)
    background: Background | None = None
    bases: Bases | None = None
    solutions: tuple[CaseSolution, ...] = ()

    def scenarios(self) -> tuple[tuple[float, Case], ...]:
        """Return the case at each solution with its weight; as it is where there is none."""
        if not self.solutions:
            return ((1.0, self),)
        return tuple(
            (
                item.weight,
                replace(
                    self,
                    purity=item.purity,
                    purity_weight=item.purity_weight,
                    copies=item.copies,
                    solutions=(),
                ),
            )
            for item in self.solutions
        )

    def surroundings(self, contigs: Sequence[str], positions: Sequence[int]) -> Surroundings:
        """Return what surrounds alleles at these 1-based positions.

        Copies are unknown outside segments, and where a segment has none.
        """
        count = len(contigs)
        total, minor = np.full(count, np.nan), np.full(count, np.nan)
        normal = np.full(count, 2.0)
        names = np.array([standard(name) for name in contigs], dtype=object)
        at = np.asarray(positions, dtype=np.int64) - 1
        for name in dict.fromkeys(names.tolist()):
            rows = np.flatnonzero(names == name)
            known = self.copies.get(name)
            if known is not None:
                hit = np.searchsorted(known.start, at[rows], side="right") - 1
                inside = (hit >= 0) & (at[rows] < known.end[hit])
                total[rows[inside]] = known.copy_number[hit[inside]]
                minor[rows[inside]] = known.minor_cn[hit[inside]]
            if self.build is not None and name in ("chrX", "chrY"):
                normal[rows] = [
                    self.build.normal_copies(name, pos, self.sex) for pos in at[rows].tolist()
                ]
        return Surroundings.of(
            count,
            purity=self.purity,
            purity_weight=self.purity_weight or None,
            copy_number=total,
            minor_cn=minor,
            normal_copies=normal,
            contamination=self.contamination,
        )


def copies_of(segments: Sequence[Segment]) -> dict[str, Copies]:
    """Return segments by contig; the minor allele's copies are unknown where nobody measured them.

    >>> segments = [Segment(contig="1", start=0, end=9, log2_ratio=0, bins=1, copy_number=3)]
    >>> copies_of(segments)["chr1"].copy_number.tolist()
    [3.0]
    """
    grouped: dict[str, list[Segment]] = {}
    for item in segments:
        grouped.setdefault(standard(item.contig), []).append(item)
    found = {}
    for name, items in grouped.items():
        items.sort(key=lambda item: item.start)
        found[name] = Copies(
            start=np.array([item.start for item in items], dtype=np.int64),
            end=np.array([item.end for item in items], dtype=np.int64),
            copy_number=np.array([number(item.copy_number) for item in items]),
            minor_cn=np.array([number(item.minor_cn) for item in items]),
        )
    return found


def number(value: float | None) -> float:
    """Return NaN for None."""
    return np.nan if value is None else float(value)


def substitutions(refs: Sequence[str], alts: Sequence[str]) -> tuple[Codes, Flags]:
    """Return the class of each change, and whether it is read on the reverse strand.

    >>> codes, folded = substitutions(["G", "CT", "A"], ["A", "C", "T"])
    >>> [Substitution(code).name for code in codes], folded.tolist()
    (['C_TO_T', 'INDEL', 'T_TO_A'], [True, False, True])
    """
    known: dict[tuple[str, str], tuple[int, bool]] = {}
    codes = np.full(len(refs), -1, dtype=np.int8)
    folded = np.zeros(len(refs), dtype=np.bool_)
    for at, pair in enumerate(zip(refs, alts, strict=True)):
        if pair not in known:
            known[pair] = substitution(*pair)
        codes[at], folded[at] = known[pair]
    return codes, folded


def substitution(ref: str, alt: str) -> tuple[int, bool]:
    """Return the class of one change, and whether it is read on the reverse strand."""
    ref, alt = ref.upper(), alt.upper()
    if not set(ref + alt) <= set(BASES):
        return Substitution.UNKNOWN, False
    if len(ref) != len(alt):
        return Substitution.INDEL, False
    if len(ref) > 1:
        return Substitution.MULTIPLE, False
    folded = ref in "AG"
    if folded:
        ref, alt = ref.translate(COMPLEMENT), alt.translate(COMPLEMENT)
    return CLASSES.get((ref, alt), Substitution.UNKNOWN), folded


def contexts(
    contigs: Sequence[str], positions: Sequence[int], folded: Flags, bases: Bases | None
) -> Codes:
    """Return the neighbours of each 1-based position, on the strand of the pyrimidine; -1 unknown.

    Sequence is fetched window by window, so sorted alleles cost few reads.
    """
    found = np.full(len(contigs), -1, dtype=np.int8)
    if bases is None:
        return found
    held, low, text = "", 0, ""
    for at, (contig, pos) in enumerate(zip(contigs, positions, strict=True)):
        first = pos - 2
        if first < 0:
            continue
        if contig != held or not low <= first <= low + len(text) - 3:
            held, low = contig, first
            text = bases.fetch(contig, first, first + WINDOW)
        around = text[first - low : first - low + 3]
        if len(around) == 3:
            found[at] = context(around, reverse=bool(folded[at]))
    return found


def context(around: str, *, reverse: bool = False) -> int:
    """Return 4 * five_prime + three_prime of three bases, -1 where one is not known.

    >>> context("ACG"), context("CGT", reverse=True), context("NCG")
    (2, 2, -1)
    """
    before, after = around[0], around[2]
    if reverse:
        before, after = after.translate(COMPLEMENT), before.translate(COMPLEMENT)
    if before not in BASES or after not in BASES:
        return -1
    code = 4 * BASES.index(before) + BASES.index(after)
    assert code < CONTEXTS
    return code


def purity_grid(
    purity: float | None, sd: float = 0.0, points: int = 15
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return purities and their weights: a normal distribution cut to 0.01 .. 1.

    >>> purity_grid(0.6), purity_grid(None)
    (((0.6,), (1.0,)), ((), ()))
    """
    if purity is None:
        return (), ()
    if sd <= 0:
        return (purity,), (1.0,)
    grid = np.linspace(max(0.01, purity - 3 * sd), min(1.0, purity + 3 * sd), points)
    weights = np.exp(-0.5 * ((grid - purity) / sd) ** 2)
    return tuple(grid.tolist()), tuple((weights / weights.sum()).tolist())


def solutions_of(fitted: FittedPurity) -> tuple[CaseSolution, ...]:
    """Return the solutions of a fit, the heaviest first; none where the fit has no answer.

    Solutions with less than a fiftieth of the weight are left out.
    """
    if not fitted.answered:
        return ()
    kept = sorted(
        (item for item in fitted.solutions if item.weight >= LEAST_SOLUTION),
        key=lambda item: -item.weight,
    )
    whole = sum(item.weight for item in kept)
    return tuple(
        CaseSolution(
            weight=item.weight / whole,
            **dict(zip(("purity", "purity_weight"), purities_of(item.points), strict=True)),
            copies=copies_at(fitted, item),
        )
        for item in kept
    )


def purities_of(points: NDArray[np.float64]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return the purities of a posterior's points with their weights, a handful of them.

    Steps of .01, of .02 or more where the posterior is so wide that there would be many.
    """
    width = float(np.ptp(points[:, 0]))
    step = 0.01 * max(1, int(np.ceil(width / 0.01 / MOST_PURITIES)))
    cell = np.round(points[:, 0] / step).astype(np.int64)
    _, row = np.unique(cell, return_inverse=True)
    row = row.reshape(-1)
    weight = np.bincount(row, points[:, 2])
    purity = np.bincount(row, points[:, 2] * points[:, 0]) / np.maximum(weight, 1e-300)
    heavy = weight > 1e-3 * weight.max()
    weight, purity = weight[heavy] / weight[heavy].sum(), purity[heavy]
    return tuple(np.clip(purity, 0.0, 1.0).tolist()), tuple(weight.tolist())


def copies_at(fitted: FittedPurity, solution: FittedSolution) -> dict[str, Copies]:
    """Return the copies of all segments at one solution, by contig."""
    names = np.array(fitted.contig, dtype=object)
    found = {}
    for name in dict.fromkeys(fitted.contig):
        rows = np.flatnonzero(names == name)
        rows = rows[np.argsort(fitted.start[rows], kind="stable")]
        found[name] = Copies(
            start=fitted.start[rows],
            end=fitted.end[rows],
            copy_number=solution.copies[rows],
            minor_cn=solution.minor_copies[rows],
        )
    return found
