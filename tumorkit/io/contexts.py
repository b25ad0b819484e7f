"""How often each base triplet and pair occurs in a territory and in the whole reference.

Counting a genome takes a minute, so the counts may be kept in a file that knows what they were
counted on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tumorkit.contract.progress import SILENT, Progress
from tumorkit.errors import InputError, ParameterError
from tumorkit.genome.channels import BASES, CHANNELS, Kind, reverse_complement
from tumorkit.genome.interval import Interval, Territory
from tumorkit.io.atomic import write_text
from tumorkit.io.bed import read_intervals
from tumorkit.io.fasta import Fasta, open_fasta
from tumorkit.io.text import read_lines

Integers = NDArray[np.int64]
Values = NDArray[np.float64]

BLOCK = 8_000_000
HEADER = "context\tterritory\tgenome"
CODES = np.full(256, 4, dtype=np.uint8)
for _at, _base in enumerate(BASES):
    CODES[[ord(_base), ord(_base.lower())]] = _at


@dataclass(frozen=True, kw_only=True, eq=False)
class Contexts:
    """Counts of triplets (by their middle's pyrimidine strand) and of pairs (either strand)."""

    territory: dict[str, int]
    genome: dict[str, int]

    def opportunities(self, kind: Kind) -> Values | None:
        """Return for each channel how common its context is in the territory, beside the genome.

        Both are taken as shares of all contexts; None for insertions and deletions, whose
        contexts are no triplets. A context that the territory lacks has opportunity 0.
        """
        if kind == "ID83":
            return None
        size = 3 if kind == "SBS96" else 2
        names = [context_of(channel) for channel in CHANNELS[kind]]
        totals = [
            max(sum(count for name, count in one.items() if len(name) == size), 1)
            for one in (self.territory, self.genome)
        ]
        here = np.array([self.territory.get(name, 0) / totals[0] for name in names])
        there = np.array([self.genome.get(name, 0) / totals[1] for name in names])
        ratio: Values = np.divide(here, there, out=np.zeros_like(here), where=there > 0)
        return ratio


def context_of(channel: str) -> str:
    """Return the context of a substitution or doublet.

    >>> context_of("A[C>T]G"), context_of("TT>GG"), folded("TT")
    ('ACG', 'AA', 'AA')
    """
    if "[" in channel:
        return channel[0] + channel[2] + channel[6]
    return folded(channel[:2])


def folded(context: str) -> str:
    """Return a context on the strand by which it is counted."""
    other = reverse_complement(context)
    if len(context) == 2:
        return min(context, other)
    return context if context[1] in "CT" else other


def count_contexts(
    fasta: Fasta, territory: Iterable[Interval], *, progress: Progress = SILENT
) -> dict[str, int]:
    """Count contexts whose middle (first, for pairs) base lies in merged intervals."""
    triplets = np.zeros(125, dtype=np.int64)
    pairs = np.zeros(25, dtype=np.int64)
    listed = list(territory)
    for item in progress.track(listed, label="contexts", total=len(listed)):
        if fasta.name_of(item.contig) is None:
            continue
        for start in range(item.start, item.end, BLOCK):
            end = min(start + BLOCK, item.end)
            low = max(start - 1, 0)
            text = fasta.fetch(item.contig, low, end + 1)
            codes = CODES[np.frombuffer(text.encode("ascii"), dtype=np.uint8)].astype(np.int64)
            if len(codes) >= 3:
                three = 25 * codes[:-2] + 5 * codes[1:-1] + codes[2:]
                triplets += np.bincount(three, minlength=125)
            inner = codes[start - low :]
            if len(inner) >= 2:
                pairs += np.bincount(5 * inner[:-1] + inner[1:], minlength=25)
    found: dict[str, int] = {}
    for number, count in enumerate(triplets.tolist()):
        _add(found, (number // 25, number // 5 % 5, number % 5), count)
    for number, count in enumerate(pairs.tolist()):
        _add(found, (number // 5, number % 5), count)
    return dict(sorted(found.items(), key=lambda item: (-len(item[0]), item[0])))


def _add(found: dict[str, int], codes: tuple[int, ...], count: int) -> None:
    if max(codes) < 4:
        name = folded("".join(BASES[code] for code in codes))
        found[name] = found.get(name, 0) + count


def read_contexts(
    targets: Path, reference: Path, *, kept: Path | None = None, progress: Progress = SILENT
) -> Contexts:
    """Count the contexts of targets and of their reference, or read them from where they are kept.

    ``kept`` is written where it does not exist; where it was counted on other targets or another
    reference, that is a :class:`ParameterError`.
    """
    intervals = read_intervals(targets)
    key = _key(targets, reference)
    if kept is not None and kept.exists():
        return _read_kept(kept, key, targets)
    with open_fasta(reference) as fasta:
        known = [item for item in intervals if fasta.name_of(item.contig) is not None]
        if not known:
            raise InputError(
                targets, f"none of its contigs is in {reference.name}",
                hint="targets and reference are of different builds",
            )  # fmt: skip
        whole = [Interval(name, 0, size) for name, size in fasta.lengths.items()]
        found = Contexts(
            territory=count_contexts(fasta, Territory(known)),
            genome=count_contexts(fasta, whole, progress=progress),
        )
    if kept is not None:
        rows = [f"{name}\t{found.territory.get(name, 0)}\t{n}" for name, n in found.genome.items()]
        write_text(kept, "\n".join([f"# {key}", HEADER, *rows]) + "\n")
    return found


def _key(targets: Path, reference: Path) -> str:
    """Return what counts depend on: the intervals, and the contigs of the reference."""
    digest = hashlib.sha256()
    for path in (targets, Path(f"{reference}.fai")):
        for _, line in read_lines(path):
            digest.update(line.encode() + b"\n")
    return digest.hexdigest()


def _read_kept(path: Path, key: str, targets: Path) -> Contexts:
    territory: dict[str, int] = {}
    genome: dict[str, int] = {}
    for number, line in read_lines(path):
        if number == 1 and line != f"# {key}":
            raise ParameterError(
                f"{path}: was not counted on {targets.name} and this reference",
                "remove the file, or name another",
            )
        if number < 3:
            continue
        fields = line.split("\t")
        if len(fields) != 3 or not (fields[1].isdigit() and fields[2].isdigit()):
            raise InputError(path, "expected context and two counts", line=number)
        territory[fields[0]], genome[fields[0]] = int(fields[1]), int(fields[2])
    return Contexts(territory=territory, genome=genome)
