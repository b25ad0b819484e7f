"""What is known of alleles and where they stand, as columns; what is said of them, as codes."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from tumorkit.contract.estimate import Estimate

Values = NDArray[np.float64]
Codes = NDArray[np.int8]
Places = NDArray[np.int64]
Flags = NDArray[np.bool_]

CONTEXTS = 16  # neighbours of a base: 4 * five_prime + three_prime, A C G T


class Substitution(IntEnum):
    """The change, read on the strand where the reference base is a pyrimidine."""

    UNKNOWN = -1
    C_TO_A = 0
    C_TO_G = 1
    C_TO_T = 2
    T_TO_A = 3
    T_TO_C = 4
    T_TO_G = 5
    INDEL = 6
    MULTIPLE = 7  # MNV or complex


class Call(IntEnum):
    """Where an allele comes from, as said to a reader."""

    GERMLINE = 0
    SOMATIC = 1
    CLONAL_HEMATOPOIESIS = 2
    ARTIFACT = 3
    CONTAMINATION = 4
    CANNOT_TELL = 5
    NOT_EVALUABLE = 6

    @property
    def words(self) -> str:
        """The call in words."""
        return self.name.lower().replace("_", " ")


class Reason(IntEnum):
    """Why a call is what it is."""

    CLEAR = 0
    SAME_FRACTION = 1
    PURITY_UNKNOWN = 2
    NO_POPULATION_SOURCE = 3
    CLOSE = 4
    NO_READS = 5

    @property
    def words(self) -> str:
        """The reason in words."""
        return REASON_WORDS[self]


REASON_WORDS = {
    Reason.CLEAR: "one origin is likely enough",
    Reason.SAME_FRACTION: "germline and somatic alleles are expected at allele fractions within "
    "2 sd of each other at this depth",
    Reason.PURITY_UNKNOWN: "the purity is not known",
    Reason.NO_POPULATION_SOURCE: "no population frequencies and no matched normal were given",
    Reason.CLOSE: "no origin is likely enough",
    Reason.NO_READS: "the reads of the tumour are not known",
}


class BiasSource(IntEnum):
    """Which reads an orientation bias was judged by."""

    UNKNOWN = 0
    ORIENTATION = 1  # F1R2 and F2R1 counts
    STRAND = 2  # forward and reverse counts only: an orientation bias may go unseen


def _unknown() -> Values:
    return np.empty(0)


@dataclass(frozen=True, kw_only=True)
class AlleleEvidence:
    """Counts and annotation of alternative alleles, one entry each; NaN is unknown.

    ``population_af`` 0 says that a source was asked and does not have the allele, NaN that none
    was asked. ``hotspot``: -1 unknown, 0, 1. ``context``: 4 * five_prime + three_prime with A C G T
    as 0 to 3 on the strand where the reference base is a pyrimidine, -1 unknown; ``folded``: that
    strand is the reverse one. ``indel_length``: 0 for substitutions, bases gained (> 0) or lost.
    ``background_p``: P of such a count from the background of normals, NaN unknown.
    Made by :meth:`of`, which fills what is not given with unknown.

    >>> evidence = AlleleEvidence.of(2, tumor_depth=[100, 80], tumor_alt_depth=[20, 40])
    >>> len(evidence), evidence.tumor_ref_depth.tolist(), evidence.paired.tolist()
    (2, [80.0, 40.0], [False, False])
    """

    tumor_depth: Values
    tumor_ref_depth: Values
    tumor_alt_depth: Values
    normal_depth: Values
    normal_ref_depth: Values
    normal_alt_depth: Values
    tumor_ref_forward: Values
    tumor_ref_reverse: Values
    tumor_alt_forward: Values
    tumor_alt_reverse: Values
    tumor_ref_f1r2: Values
    tumor_ref_f2r1: Values
    tumor_alt_f1r2: Values
    tumor_alt_f2r1: Values
    population_af: Values
    population_an: Values
    background_p: Values
    indel_length: Values
    hotspot: Codes
    substitution: Codes
    context: Codes
    folded: Flags
    chip_gene: Flags
    caller_pass: Flags

    def __post_init__(self) -> None:
        shapes = {getattr(self, item.name).shape for item in dataclasses.fields(self)}
        if len(shapes) != 1 or len(shapes.pop()) != 1:
            raise ValueError("the columns of alleles differ in length")

    def __len__(self) -> int:
        return len(self.tumor_depth)

    @classmethod
    def of(cls, count: int, **known: Any) -> Self:
        """Return evidence on ``count`` alleles; each column may be an array or one value.

        Of depth and reference depth each is completed from the other where it is not given: the
        reads that are not alternative. Raises ValueError for unknown names or other lengths.
        """
        columns: dict[str, Any] = {}
        for item in dataclasses.fields(cls):
            default, kind = DEFAULTS.get(item.name, (np.nan, np.float64))
            given = np.asarray(known.pop(item.name, default), dtype=kind)
            columns[item.name] = np.broadcast_to(given, (count,)) if given.ndim == 0 else given
        if known:
            raise ValueError(f"no such columns: {', '.join(sorted(known))}")
        for who in ("tumor", "normal"):
            depth, ref = columns[f"{who}_depth"], columns[f"{who}_ref_depth"]
            alt = columns[f"{who}_alt_depth"]
            columns[f"{who}_ref_depth"] = np.where(np.isnan(ref), depth - alt, ref)
            columns[f"{who}_depth"] = np.where(np.isnan(depth), ref + alt, depth)
        return cls(**columns)

    def take(self, rows: Any) -> Self:
        """Return the alleles at ``rows`` (indices, a mask or a slice)."""
        return type(self)(
            **{item.name: getattr(self, item.name)[rows] for item in dataclasses.fields(self)}
        )

    @property
    def judged(self) -> Flags:
        """Whether the tumour's depth and alternative reads are known and there are any reads."""
        known: Flags = (self.tumor_alt_depth >= 0) & (self.tumor_depth >= self.tumor_alt_depth)
        return known & (self.tumor_depth > 0)

    @property
    def paired(self) -> Flags:
        """Whether reads of the matched normal are known."""
        known: Flags = (self.normal_alt_depth >= 0) & (self.normal_depth >= self.normal_alt_depth)
        return known & (self.normal_depth > 0)


# Columns whose unknown is not NaN: default and kind.
DEFAULTS: dict[str, tuple[Any, Any]] = {
    "indel_length": (0.0, np.float64),
    "hotspot": (-1, np.int8),
    "substitution": (-1, np.int8),
    "context": (-1, np.int8),
    "folded": (False, np.bool_),
    "chip_gene": (False, np.bool_),
    "caller_pass": (True, np.bool_),
}


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """The tumour around the alleles: purity for the sample, copies for each allele.

    ``purity`` and ``purity_weight`` are a grid; empty means unknown, which is integrated over a
    flat prior. ``copy_number``, ``minor_cn``: copies per tumour cell, NaN unknown (a prior over
    states). ``normal_copies``: 2; 1 on male X and Y outside the pseudo-autosomal regions; 0 where
    the person has none. ``mapping_bias``: allele fraction expected of a heterozygous site over .5,
    NaN unknown. ``contamination``: share of another person's reads.
    """

    purity: Values = field(default_factory=_unknown)
    purity_weight: Values = field(default_factory=_unknown)
    copy_number: Values
    minor_cn: Values
    normal_copies: Values
    mapping_bias: Values
    contamination: float = 0.0

    @classmethod
    def of(
        cls,
        count: int,
        *,
        purity: Any = (),
        purity_weight: Any = None,
        copy_number: Any = np.nan,
        minor_cn: Any = np.nan,
        normal_copies: Any = 2.0,
        mapping_bias: Any = np.nan,
        contamination: float = 0.0,
    ) -> Self:
        """Return the surroundings of ``count`` alleles; each column may be one value.

        >>> around = Surroundings.of(3, purity=0.6)
        >>> around.purity.tolist(), around.normal_copies.tolist()
        ([0.6], [2.0, 2.0, 2.0])
        """
        grid = np.atleast_1d(np.asarray(purity, dtype=np.float64))
        weight = np.ones(len(grid)) if purity_weight is None else np.asarray(purity_weight, float)
        if weight.shape != grid.shape or (len(grid) and not weight.sum() > 0):
            raise ValueError("purity values and weights do not match")
        if not ((grid >= 0) & (grid <= 1)).all():
            raise ValueError("a purity lies between 0 and 1")

        def column(given: Any) -> Values:
            values = np.asarray(given, dtype=np.float64)
            return np.broadcast_to(values, (count,)) if values.ndim == 0 else values

        return cls(
            purity=grid,
            purity_weight=weight / weight.sum() if len(grid) else weight,
            copy_number=column(copy_number),
            minor_cn=column(minor_cn),
            normal_copies=column(normal_copies),
            mapping_bias=column(mapping_bias),
            contamination=contamination,
        )

    def __len__(self) -> int:
        return len(self.copy_number)

    def take(self, rows: Any) -> Self:
        """Return the surroundings of the alleles at ``rows`` (indices, a mask or a slice)."""
        columns = ("copy_number", "minor_cn", "normal_copies", "mapping_bias")
        return dataclasses.replace(self, **{name: getattr(self, name)[rows] for name in columns})

    @property
    def purity_known(self) -> bool:
        """Whether a purity was given."""
        return len(self.purity) > 0


@dataclass(frozen=True, kw_only=True)
class Excess:
    """How much commoner one substitution is among alleles of low fraction than among others."""

    excess: float  # share of the low-fraction alleles of this class that is artefact; NaN unknown
    low_count: int
    low_share: float
    high_share: float


@dataclass(frozen=True, kw_only=True)
class SampleFit:
    """What a first pass over all alleles of a sample tells about it.

    ``somatic_rate``, ``private_rate``, ``artifact_rate``: somatic mutations, germline variants
    unknown to the population source, and artefacts, each per possible allele;
    ``subclonal_share`` of the somatic ones.
    ``purity`` and ``purity_weight``: the purities that the surroundings leave open, weighed by
    what all alleles say together. ``mapping_bias`` and ``overdispersion``: as common germline
    variants show them. ``copy_weight``: the shares of copy states at each purity, as alleles of
    unknown copies show them, empty where nothing could be learned.
    ``orientation_prior``: share of F1R2 and of F2R1 artefacts, shape (7, 17, 2): substitution
    (6 for all else), context (16 for unknown), on the strand of the pyrimidine.
    """

    alleles: int
    tumor_in_normal: Estimate
    tumor_in_normal_values: Values  # grid of the fraction and its posterior weights
    tumor_in_normal_weights: Values
    somatic_rate: float
    subclonal_share: float
    private_rate: float
    artifact_rate: float
    mapping_bias: float
    overdispersion: float
    purity: Values
    purity_weight: Values
    copy_weight: Values
    ffpe: Excess
    oxog: Excess
    orientation_prior: Values


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """One solution of purity and copies: its weight, what it says of each allele, and its fit."""

    weight: float
    surroundings: Surroundings
    fit: SampleFit


@dataclass(frozen=True, kw_only=True)
class OriginPosterior:
    """Probabilities of origin, one entry per allele; NaN where not evaluable.

    ``germline`` + ``somatic`` + ``clonal_hematopoiesis`` + ``artifact`` + ``contamination`` = 1.
    ``call`` and ``reason`` hold :class:`Call` and :class:`Reason`.
    ``germline_fraction`` and ``somatic_fraction`` are the allele fractions that the best state of
    either origin expects.
    """

    germline: Values
    germline_homozygous: Values  # the part of germline
    somatic: Values
    somatic_subclonal: Values  # the part of somatic
    clonal_hematopoiesis: Values
    artifact: Values
    contamination: Values
    call: Codes
    reason: Codes
    germline_fraction: Values
    somatic_fraction: Values

    def __len__(self) -> int:
        return len(self.germline)
