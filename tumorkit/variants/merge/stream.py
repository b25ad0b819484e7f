"""Reads several files side by side and gives their calls cluster by cluster, in sorted order.

Only what lies within the farthest move to the left of the reading place is held in memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import inf

from tumorkit.errors import InputError
from tumorkit.genome.alleles import Fetch
from tumorkit.genome.normalization import Allele, atoms_of, normalized
from tumorkit.genome.vcf import VcfRecord
from tumorkit.variants.merge.calls import Call, CallFile, missing_contig
from tumorkit.variants.merge.haplotypes import CODON_REACH
from tumorkit.variants.merge.params import MergeParams
from tumorkit.variants.merge.reads import Pair, reads_of_block

Blocks = Iterable[Sequence[VcfRecord]]
# Where an allele begins, the allele, what parts symbolic alleles of one place, a tie-breaker.
Item = tuple[int, Allele, str, int, Call]


class Contigs:
    """The reference's contigs in their order; files may spell their names in another way."""

    def __init__(self, names: Sequence[str], match: dict[str, str]) -> None:
        self.names = tuple(names)
        self.rank = {name: rank for rank, name in enumerate(names)}
        self.match = match

    def rank_of(self, contig: str) -> int | None:
        """Return the place of a contig, None if the reference lacks it."""
        return self.rank.get(self.match.get(contig, contig))


class Stream:
    """One file's calls; ``contig`` is where the next record lies, ``upto`` how far was read."""

    def __init__(
        self, file: CallFile, blocks: Blocks, contigs: Contigs, fetch: Fetch, params: MergeParams
    ) -> None:
        self.file = file
        self.blocks = iter(blocks)
        self.contigs = contigs
        self.fetch = fetch
        self.params = params
        self.block: list[VcfRecord] = []
        self.reads: list[Pair] = []
        self.at = 0
        self.contig: int | None = -1
        self.upto: float = 0
        self.last_text = ""
        self.made = 0
        self._peek()

    def _peek(self) -> None:
        """Load records until there is a next one; set its contig, None at the end of the file."""
        while self.at >= len(self.block):
            block = next(self.blocks, None)
            if block is None:
                self.contig, self.upto = None, inf
                return
            self.reads = reads_of_block(block, self.file.reader)
            self.block, self.at = list(block), 0
        record = self.block[self.at]
        if record.columns[0] != self.last_text:
            rank = self.contigs.rank_of(record.columns[0])
            if rank is None:
                raise missing_contig(self.file.path, record)
            if self.contig is not None and rank < self.contig:
                name, before = record.columns[0], self.last_text
                raise self.unsorted(record, f"{name} comes after {before}; the reference has it")
            if rank != self.contig:
                self.contig, self.upto = rank, 0
            self.last_text = record.columns[0]

    def unsorted(self, record: VcfRecord, what: str) -> InputError:
        """Say where a file is not in the order of the reference."""
        return InputError(
            self.file.path,
            f"not sorted: {what} before",
            line=record.number,
            hint=f"sort it in the order of the reference: bcftools sort {self.file.path}",
        )

    def take(self, contig: int) -> list[Item]:
        """Return the calls of the rest of the block, as far as it lies on the contig."""
        items: list[Item] = []
        name = self.contigs.names[contig]
        file, fetch, params, block = self.file, self.fetch, self.params, self.block
        text, at, upto = self.last_text, self.at, self.upto
        while at < len(block):
            record = block[at]
            if record.columns[0] != text:
                break
            if record.pos < upto:
                raise self.unsorted(
                    record, f"position {record.pos} comes after {int(upto)}; it should come"
                )
            upto = record.pos
            reads = self.reads[at]
            at += 1
            for call in file.calls(record, name, fetch, params.max_shift, reads):
                items.append(self.item(name, call))
        self.at, self.upto = at, upto
        self._peek()
        if self.contig != contig:
            self.upto = inf
        return items

    def item(self, contig: str, call: Call) -> Item:
        """Return a call with where its changes begin."""
        allele = call.allele
        start, kind = allele.pos, ""
        self.made += 1
        if call.symbolic:
            kind = "\t".join(call.record.info_text(key) or "" for key in ("END", "SVLEN", "MATEID"))
            kind = f"symbolic {kind}"
        elif allele.compound:
            self.file.counts["compound"] += 1
            start = min(
                normalized(contig, atom, self.fetch, self.params.max_shift).pos
                for atom in atoms_of(allele)
            )
            start = min(start, allele.pos)
        return start, allele, kind, self.made, call


def clusters(streams: Sequence[Stream], params: MergeParams) -> Iterator[tuple[int, list[Item]]]:
    """Yield contig and calls of alleles that overlap or lie within a codon's reach."""
    while True:
        left = [stream.contig for stream in streams if stream.contig is not None]
        if not left:
            return
        contig = min(left)
        active = [stream for stream in streams if stream.contig == contig]
        pending: list[Item] = []
        while True:
            slowest = min(active, key=lambda stream: stream.upto)
            if slowest.upto == inf:
                break
            pending += slowest.take(contig)
            horizon = min(stream.upto for stream in active) - params.max_shift
            pending.sort(key=_place)
            done, pending = _cut(pending, horizon)
            for cluster in done:
                yield contig, cluster
        done, _ = _cut(pending, inf)
        for cluster in done:
            yield contig, cluster
        for stream in active:
            if stream.contig is not None:
                stream.upto = 0


def _place(item: Item) -> tuple[int, Allele, str]:
    return item[:3]


def _cut(pending: list[Item], horizon: float) -> tuple[list[list[Item]], list[Item]]:
    """Return the clusters that nothing read later can touch, and what is left."""
    done: list[list[Item]] = []
    first, end = 0, -inf
    for at, (start, allele, kind, _, _) in enumerate(pending):
        if start > end + CODON_REACH and at > first:
            done.append(pending[first:at])
            first = at
        if start >= horizon - CODON_REACH:
            return done, pending[first:]
        # A symbolic allele takes the place of its anchor only.
        end = max(end, start if kind else allele.pos + len(allele.ref) - 1)
    if first < len(pending):
        if end + CODON_REACH < horizon:
            done.append(pending[first:])
            return done, []
        return done, pending[first:]
    return done, []
