"""Bins, and panels of normals whose biases are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tumorkit.copynumber.bias import edge_density
from tumorkit.genome.bins import OFF_TARGET, Bins
from tumorkit.genome.contigs import AUTOSOMES, order
from tumorkit.genome.segment import CopyRatios

Values = NDArray[np.float64]


def bins_at(spans: Sequence[tuple[int, int]], contig: str = "chr1") -> Bins:
    """Make targets of one contig at these places."""
    size = len(spans)
    unknown = np.full(size, np.nan)
    return Bins(
        contig=np.full(size, contig),
        start=np.array([start for start, _ in spans], dtype=np.int64),
        end=np.array([end for _, end in spans], dtype=np.int64),
        gene=np.full(size, "-", dtype=object),
        target=np.ones(size, dtype=np.bool_),
        gc=unknown,
        repeat=unknown,
        mappability=unknown,
    )


@dataclass(frozen=True, kw_only=True)
class Assay:
    """A made-up panel: bins, how well each is captured, shapes that samples share."""

    bins: Bins
    capture: Values
    shapes: Values
    edges: Values


def make_assay(
    seed: int = 1, *, per_contig: int = 150, off_per_contig: int = 40, shapes: int = 2
) -> Assay:
    """Exon-like targets of 100 to 400 bases in genes, off-target bins between, on all contigs."""
    rng = np.random.default_rng(seed)
    rows: list[tuple[str, int, int, str]] = []
    for contig in (*AUTOSOMES, "chrX", "chrY"):
        at = 1_000_000
        few = contig == "chrY"
        for number in range(per_contig // (5 if few else 1)):
            size = int(rng.integers(100, 400))
            rows.append((contig, at, at + size, f"G{contig}_{number // 10}"))
            at += size + int(rng.choice([60, 150, 800, 5_000, 40_000]))
        for number in range(off_per_contig // (5 if few else 1)):
            rows.append((contig, at + number * 100_000, at + (number + 1) * 100_000, OFF_TARGET))
    rows.sort(key=lambda row: (order(row[0]), row[1], row[2]))
    size = len(rows)
    target = np.array([row[3] != OFF_TARGET for row in rows])
    smooth = np.convolve(rng.normal(size=size + 20), np.ones(21) / 21**0.5, mode="valid")
    gc = np.clip(0.46 + 0.08 * (0.6 * smooth + 0.8 * rng.normal(size=size)), 0.22, 0.78)
    bins = Bins(
        contig=np.array([row[0] for row in rows]),
        start=np.array([row[1] for row in rows], dtype=np.int64),
        end=np.array([row[2] for row in rows], dtype=np.int64),
        gene=np.array([row[3] for row in rows], dtype=object),
        target=target,
        gc=np.where(target, gc, 0.42 + (gc - 0.46) / 2),
        repeat=np.where(target, rng.beta(1, 20, size), rng.beta(10, 10, size)),
        mappability=np.ones(size),
    )
    wave = np.convolve(rng.normal(size=size + 60), np.hanning(61), mode="valid")
    table = np.column_stack([wave / wave.std(), *(rng.normal(size=size) for _ in range(shapes))])
    return Assay(
        bins=bins,
        capture=np.where(target, rng.normal(0, 0.4, size), rng.normal(0, 0.15, size)),
        shapes=0.1 * table[:, :shapes],
        edges=np.nan_to_num(edge_density(bins)),
    )


def sequenced(
    assay: Assay,
    rng: np.random.Generator,
    *,
    sex: str = "female",
    copies: Values | None = None,
    purity: float = 1.0,
    depth: float = 300.0,
    off_depth: float = 0.3,
    degree: float = 1.0,
) -> Values:
    """Return the mean depths of one sample: capture, GC, edges, shared shapes, counts.

    ``copies`` are the tumour's (2 everywhere by default, before sex); ``degree`` scales how much
    this sample's biases differ from the usual.
    """
    bins = assay.bins
    normal = np.full(len(bins), 2.0)
    normal[bins.contig == "chrX"] = 1 if sex == "male" else 2
    normal[bins.contig == "chrY"] = 1 if sex == "male" else 0
    own = normal if copies is None else np.where(normal == 2, copies, normal * copies / 2)
    amount = (purity * own + (1 - purity) * normal) / 2
    gc = bins.gc - 0.45
    curve = degree * (rng.normal(0, 1.2) * gc - abs(rng.normal(12, 4)) * gc**2)
    edge = degree * rng.normal(0.4, 0.15) * assay.edges
    masked = degree * rng.normal(-0.5, 0.2) * np.where(bins.target, 0, bins.repeat - 0.5)
    scores = degree * rng.normal(size=assay.shapes.shape[1])
    bias = assay.capture + curve + edge + masked + assay.shapes @ scores
    mean = np.where(bins.target, depth, off_depth) * amount * np.exp2(bias)
    reads = np.maximum(mean * bins.size / 150, 1e-9)
    # Counts are a little wider than Poisson.
    reads = rng.poisson(reads * rng.gamma(200, 1 / 200, len(bins)))
    return reads * 150 / bins.size


def as_coverage(bins: Bins, depth: Values) -> CopyRatios:
    """Return depths as a coverage that was read from a file."""
    return CopyRatios(
        contig=bins.contig,
        start=bins.start,
        end=bins.end,
        log2_ratio=np.log2(np.maximum(depth, 2.0**-20)),
        weight=np.ones(len(bins)),
        gene=bins.gene,
        depth=depth,
        target=bins.target,
    )


def panel_of(
    assay: Assay, seed: int, normals: int, *, depth: float = 300.0
) -> tuple[Values, list[str], list[str]]:
    """Return depths (bins x normals), names and sexes of a panel, every other one a man."""
    rng = np.random.default_rng(seed)
    sexes = ["male" if number % 2 else "female" for number in range(normals)]
    table = np.column_stack([sequenced(assay, rng, sex=sex, depth=depth) for sex in sexes])
    return table, [f"N{number + 1}" for number in range(normals)], sexes
