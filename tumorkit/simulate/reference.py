"""The invented sequence: GC by island, few CpG, open reading frames, planted repeats."""

from __future__ import annotations

import numpy as np

from tumorkit.simulate.nouns import Codes, Panel, Sequence, Target, Transcript, codes_of
from tumorkit.simulate.params import SimulateParams
from tumorkit.simulate.randomness import part_rng

CPG_KEPT = 0.25  # CpG stand at about a fifth to a quarter of what GC alone would give
STOPS = ("TAA", "TAG", "TGA")
# Genes in which mismatch-repair-deficient tumours mutate coding repeats; the repeat is invented.
CODING_REPEATS = {
    "TGFBR2": "AAAAAAAAAA",
    "MSH3": "AAAAAAAA",
    "MSH6": "CCCCCCCC",
    "ARID1A": "GGGGGGG",
    "ATR": "AAAAAAAAAA",
    "RAD50": "AAAAAAAAA",
    "B2M": "TTTTTTTT",
    "CASP8": "AAAAAAAA",
    "APC": "AAAAAAAA",
    "PRKDC": "AAAAAAAAAA",
    "BRCA2": "AAAAAAAA",
    "JAK1": "CCCCCCCC",
}


def invent_sequence(params: SimulateParams, panel: Panel) -> Sequence:
    """Return the sequence of all islands."""
    rng = part_rng(params.seed, "sequence")
    sequence = Sequence(panel.islands, tuple(background(panel, rng)))
    for transcript in panel.transcripts:
        open_frame(sequence, transcript, rng)
    plant = part_rng(params.seed, "repeats")
    for target in panel.targets:
        if target.kind == "msi":
            plant_repeat(sequence, target, plant)
    return sequence


def background(panel: Panel, rng: np.random.Generator) -> list[Codes]:
    """Draw independent bases at an island's own GC, then take away most CpG."""
    made = []
    for island in panel.islands:
        gc = float(np.clip(rng.normal(0.46, 0.07), 0.32, 0.66))
        size = island.end - island.start
        strong = rng.random(size) < gc
        second = rng.integers(0, 2, size=size, dtype=np.uint8)
        codes = np.where(strong, 1 + second, 3 * second).astype(np.uint8)
        cpg = np.flatnonzero((codes[:-1] == 1) & (codes[1:] == 2))
        lost = cpg[rng.random(cpg.size) > CPG_KEPT]
        side = rng.random(lost.size) < 0.5
        codes[lost[side]] = 3  # CG becomes TG on one strand ...
        codes[lost[~side] + 1] = 0  # ... or CA by deamination of the other
        made.append(codes)
    return made


def coding_positions(transcript: Transcript) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return the 0-based genome positions of the coding sequence, first base first."""
    forward = np.concatenate([np.arange(start, end) for start, end in transcript.exons])
    return forward if transcript.strand == "+" else forward[::-1]


def coding_codes(sequence: Sequence, transcript: Transcript) -> Codes:
    """Return the coding sequence in the gene's direction."""
    parts = [sequence.slice(transcript.contig, start, end) for start, end in transcript.exons]
    joined = np.concatenate(parts)
    return joined if transcript.strand == "+" else (3 - joined[::-1]).astype(np.uint8)


def put_coding(sequence: Sequence, transcript: Transcript, codes: Codes) -> None:
    """Write a coding sequence back (only while the sequence is being invented)."""
    forward = codes if transcript.strand == "+" else (3 - codes[::-1]).astype(np.uint8)
    at = 0
    for start, end in transcript.exons:
        sequence.slice(transcript.contig, start, end)[:] = forward[at : at + end - start]
        at += end - start


def open_frame(sequence: Sequence, transcript: Transcript, rng: np.random.Generator) -> None:
    """Give a transcript a start, a stop, no stop between, splice sites, perhaps a repeat."""
    codes = coding_codes(sequence, transcript).copy()
    codes[:3] = codes_of("ATG")
    repeat = CODING_REPEATS.get(transcript.gene)
    if repeat is not None:
        at = 3 * (codes.size // 9)
        unit = codes_of(repeat)
        other = codes_of("C" if repeat[0] != "C" else "T")
        codes[at - 1] = codes[at + unit.size] = other[0]
        codes[at : at + unit.size] = unit
    codons = codes[: codes.size // 3 * 3].reshape(-1, 3)
    for stop in STOPS:
        hits = np.flatnonzero((codons == codes_of(stop)).all(axis=1))
        codons[hits, 0] = 1
    codons[-1] = codes_of(STOPS[int(rng.integers(3))])
    put_coding(sequence, transcript, codes)
    splice_sites(sequence, transcript)


def splice_sites(sequence: Sequence, transcript: Transcript) -> None:
    """Put GT and AG at the ends of introns, on the gene's strand."""
    left_end, right_start = (
        ("AG", "GT") if transcript.strand == "+" else ("AC", "CT")
    )  # what stands left of an exon and right of it, read on the forward strand
    for index, (start, end) in enumerate(transcript.exons):
        if index > 0:
            sequence.slice(transcript.contig, start - 2, start)[:] = codes_of(left_end)
        if index < len(transcript.exons) - 1:
            sequence.slice(transcript.contig, end, end + 2)[:] = codes_of(right_start)


def plant_repeat(sequence: Sequence, target: Target, rng: np.random.Generator) -> None:
    """Put one microsatellite into the middle of its target, with flanks that end it."""
    if rng.random() < 0.75:
        unit = "A" if rng.random() < 0.5 else "T"
        repeats = int(rng.integers(10, 17))
    else:
        unit = ("CA", "GT", "AT", "GA", "AAT", "AAAG")[int(rng.integers(6))]
        repeats = int(rng.integers(6, 12))
    tract = codes_of(unit * repeats)
    middle = (target.start + target.end) // 2
    start = middle - tract.size // 2
    view = sequence.slice(target.contig, start - 5, start + tract.size + 5)
    view[5:-5] = tract
    view[:5] = codes_of("GCTCG" if "C" not in unit else "GTAAG")
    view[-5:] = codes_of("CGTCG" if "C" not in unit else "GTTAG")
