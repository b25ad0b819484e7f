"""Copy ratios and allele fractions for the small viewer: compact, thinned where they are many."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from tumorkit.contract.visible import visible, visible_strings
from tumorkit.errors import InputError
from tumorkit.genome.segment import CopyRatios
from tumorkit.genome.snps import SnpCounts
from tumorkit.report.document import Node, Part
from tumorkit.report.region import direction_of, most_changed
from tumorkit.report.text import words

SUFFIX = ".tracks.json"
# More points than this tell the eye nothing on a screen, and cost megabytes.
MOST_BINS = 16_000
MOST_SNPS = 8_000
LOWEST = -5.0
LEAST_READS = 10


def thinned(
    positions: NDArray[np.int64], values: NDArray[np.float64], step: int
) -> tuple[list[int], list[int]]:
    """Return positions as differences and values in hundredths, ``step`` neighbours as their mean.

    >>> thinned(np.array([10, 20, 50]), np.array([0.5, 0.7, -1.0]), 2)
    ([15, 35], [60, -100])
    """
    known = np.isfinite(values)
    positions, values = positions[known], values[known]
    if step > 1 and positions.size:
        edges = np.arange(0, positions.size, step)
        sizes = np.diff([*edges, positions.size])
        positions = np.add.reduceat(positions, edges) // sizes
        values = np.add.reduceat(values, edges) / sizes
    steps = np.diff(positions, prepend=0)
    return steps.tolist(), np.round(values * 100).astype(np.int64).tolist()


def tracks_of(
    bins: Mapping[str, tuple[NDArray[np.int64], NDArray[np.float64]]],
    snps: Mapping[str, tuple[NDArray[np.int64], NDArray[np.float64]]],
    lengths: Mapping[str, int],
) -> dict[str, Any]:
    """Return log2 ratios and allele fractions by contig, ready for JSON.

    ``bins`` and ``snps`` give positions and values by contig, in genome order; ``lengths`` are the
    contigs' lengths (0 is not known: the last bin ends it). Values are in hundredths, positions
    differences to the one before; ``every`` says how many neighbours one point stands for.
    """
    every = max(1, -(-sum(p.size for p, _ in bins.values()) // MOST_BINS))
    every_snp = max(1, -(-sum(p.size for p, _ in snps.values()) // MOST_SNPS))
    none = np.empty(0, dtype=np.int64), np.empty(0)
    contigs = []
    for name, (positions, values) in bins.items():
        # Allele fractions are thinned by leaving out, for the mean of two bands is no band.
        at, fractions = snps.get(name, none)
        steps, levels = thinned(positions, values, every)
        snp_steps, bafs = thinned(at[::every_snp], fractions[::every_snp], 1)
        last = int(positions[-1]) if positions.size else 0
        contigs.append(
            {
                "name": name,
                "length": max(lengths.get(name, 0), last),
                "at": steps,
                "log2": levels,
                "snp_at": snp_steps,
                "baf": bafs,
            }
        )
    return {"tracks": 1, "every": every, "every_snp": every_snp, "contigs": contigs}


def tracks_from(
    ratios: CopyRatios, snps: SnpCounts | None, lengths: Mapping[str, int]
) -> dict[str, Any]:
    """Return the tracks of a sample: middles of bins, and fractions of heterozygous SNPs.

    Heterozygous are SNPs whose normal has both alleles; without a normal, those whose tumour has.
    """
    bins = {
        name: (
            (ratios.start[a:b] + ratios.end[a:b]) // 2,
            np.maximum(ratios.log2_ratio[a:b], LOWEST),
        )
        for name, a, b in ratios.runs()
    }
    held: dict[str, tuple[NDArray[np.int64], NDArray[np.float64]]] = {}
    if snps is not None and len(snps):
        total = np.maximum(snps.ref + snps.alt, 1)
        baf = snps.alt / total
        judged, least = baf, 0.03
        if snps.normal_ref is not None and snps.normal_alt is not None:
            judged = snps.normal_alt / np.maximum(snps.normal_ref + snps.normal_alt, 1)
            least = 0.2
        kept = (judged > least) & (judged < 1 - least) & (snps.ref + snps.alt >= LEAST_READS)
        for name in dict.fromkeys(snps.contig.tolist()):
            rows = kept & (snps.contig == name)
            held[str(name)] = snps.position[rows], baf[rows]
    return tracks_of(bins, held, lengths)


def viewer_data(part: Part, text: str | None, source: str) -> Markup | None:
    """Return tracks, segments and genes as the text of a JSON script; None without tracks.

    ``<`` is written as an escape, so that no name can end the script.
    """
    if text is None or part.result is None:
        return None
    try:
        tracks = json.loads(text)
        if tracks["tracks"] != 1:
            raise ValueError("another version")
        known = {row["name"] for row in tracks["contigs"]}
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(source, f"is no track file of a profile: {error}") from error
    segments = [segment_row(node) for node in part.result.nodes("segments")]
    genes = [gene_row(node) for node in part.result.nodes("genes")]
    tracks["segments"] = visible_strings([list(row) for row in segments if row[0] in known])
    tracks["genes"] = visible_strings([list(row) for row in genes if row[1] in known])
    for row in tracks["contigs"]:
        row["name"] = visible(str(row["name"]))
    shown = json.dumps(tracks, separators=(",", ":"), ensure_ascii=False)
    for sign in "<>&\u2028\u2029":
        shown = shown.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(shown)  # noqa: S704 - escaped above


def segment_row(node: Node) -> Sequence[Any]:
    """Return contig, start, end, log2 ratio, major allele's fraction and state of a segment."""
    inner = node.maybe_node("segment") or node
    return (
        inner.text("contig"),
        inner.count("start"),
        inner.count("end"),
        inner.maybe_number("log2_ratio"),
        inner.maybe_number("baf"),
        node.maybe_text("state") or "",
    )


def gene_row(node: Node) -> Sequence[Any]:
    """Return name, contig, start, end, level of its most changed part, and state in words."""
    state = node.maybe_text("state") or ""
    return (
        node.maybe_text("gene") or "",
        node.text("contig"),
        node.count("start"),
        node.count("end"),
        most_changed(node, direction_of(state))[0],
        words(state),
    )
