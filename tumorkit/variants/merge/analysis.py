"""Merges the calls of several callers into one list of alleles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

from tumorkit.genome.alleles import Fetch
from tumorkit.genome.normalization import Allele, ReferenceBlocks
from tumorkit.genome.vcf import MISSING, VcfHeader
from tumorkit.variants.merge.calls import Call, CallFile
from tumorkit.variants.merge.consensus import FEW_CALLERS, IN_HAPLOTYPE, IN_PARTS, PASS, Consensus
from tumorkit.variants.merge.haplotypes import Cluster, Entry
from tumorkit.variants.merge.header import info_names, merged_header
from tumorkit.variants.merge.params import MergeParams
from tumorkit.variants.merge.protein import ProteinChange, codons_of, protein_change, rows_of
from tumorkit.variants.merge.render import Renderer
from tumorkit.variants.merge.result import (
    CallerCounts,
    Conflict,
    MergedHaplotype,
    MergeResult,
    Support,
    Written,
)
from tumorkit.variants.merge.stream import Blocks, Contigs, Item, Stream, clusters

WRITTEN_AT_ONCE = 1000


class Merger:
    """Merges files; :meth:`header` is known before the first record is read.

    ``lengths`` are the reference's contigs in their order, ``match`` the names by which files
    know them. ``hotspots`` are normalised alleles by contig of the reference.
    """

    def __init__(
        self,
        files: Sequence[CallFile],
        lengths: dict[str, int],
        match: dict[str, str],
        fetch: Fetch,
        params: MergeParams | None = None,
        *,
        samples: tuple[str | None, str | None] = ("TUMOR", None),
        hotspots: dict[str, Collection[Allele]] | None = None,
    ) -> None:
        self.params = params or MergeParams()
        ranks = {name: rank for rank, name in enumerate(self.params.order)}
        # The order of the files changes nothing.
        self.files = sorted(
            files, key=lambda file: (ranks.get(file.name, len(ranks)), file.name, file.path)
        )
        self.lengths = lengths
        self.contigs = Contigs(tuple(lengths), match)
        self.fetch = ReferenceBlocks(fetch)
        self.samples = samples
        self.lists_hotspots = hotspots is not None
        self.consensus = Consensus(self.params, ranks, hotspots)
        names, self.declared = info_names(self.files, lists_hotspots=self.lists_hotspots)
        for file, own in zip(self.files, names, strict=True):
            file.annotation_key = own.get(file.reader.annotations.tool, "")
        self.renderer = Renderer(
            self.consensus,
            self.files,
            names,
            paired=samples[1] is not None,
            lists_hotspots=self.lists_hotspots,
        )
        self.declared_filters = {PASS, MISSING} | {
            name for file in self.files for name in file.header.filters
        }
        self.counts: Counter[str] = Counter()
        self.support: Counter[int] = Counter()
        self.callers: set[str] = set()
        self.conflicts: list[Conflict] = []
        self.haplotypes: list[MergedHaplotype] = []

    def header(self, callers: Sequence[str]) -> VcfHeader:
        """Return the header of the merged file."""
        return merged_header(
            self.files,
            self.declared,
            self.lengths,
            callers,
            self.samples,
            self.params,
            lists_hotspots=self.lists_hotspots,
        )

    def lines(self, blocks: Mapping[CallFile, Blocks]) -> Iterator[list[str]]:
        """Yield the lines of the merged file, sorted, some at a time."""
        streams = [
            Stream(file, blocks[file], self.contigs, self.fetch, self.params) for file in self.files
        ]
        waiting: list[str] = []
        for rank, items in clusters(streams, self.params):
            contig = self.contigs.names[rank]
            waiting += self.cluster_lines(contig, items)
            if len(waiting) >= WRITTEN_AT_ONCE:
                yield waiting
                waiting = []
        if waiting:
            yield waiting

    def cluster_lines(self, contig: str, items: list[Item]) -> list[str]:
        """Return the lines of alleles that lie together."""
        entries = self.entries(contig, items)
        added: list[Entry] = []
        plain = [entry for entry in entries if not entry.symbolic]
        if len(plain) > 1 or (plain and plain[0].allele.compound):
            cluster = Cluster(contig, plain, self.fetch, self.params)
            cluster.link(self.codons)
            added = cluster.added
        every = entries + added
        for entry in every:
            if entry.parts:
                self.translate(contig, entry)
        self.consensus.judge(contig, [entry for entry in every if not entry.symbolic])
        for entry in entries:
            self.account(entry)
        for entry in added:
            self.counts["merged_added" if entry.parts else "parts_added"] += 1
        if len(every) > 1:
            every.sort(key=lambda entry: entry.allele)
        return [self.written(contig, entry) for entry in every]

    def entries(self, contig: str, items: list[Item]) -> list[Entry]:
        """Return the alleles of a cluster, each with every caller's call; duplicates once."""
        found: dict[tuple[Allele, str], Entry] = {}
        for start, allele, kind, _, call in items:
            entry = found.get((allele, kind))
            if entry is None:
                entry = found[allele, kind] = Entry(allele, start)
                entry.symbolic = bool(kind)
            before = entry.calls.get(call.caller)
            entry.calls[call.caller] = call if before is None else self.kept(contig, before, call)
            self.callers.add(call.caller)
        return list(found.values())

    def kept(self, contig: str, a: Call, b: Call) -> Call:
        """Return the better of two calls of one allele by one caller, and count the other."""
        better, other = (a, b) if _goodness(a) >= _goodness(b) else (b, a)
        if not other.symbolic:
            other.file.counts["duplicates"] += 1
        if _said(better) != _said(other):
            self.counts["conflicts"] += 1
            if len(self.conflicts) < self.params.max_listed:
                pos, ref, alt = a.allele
                self.conflicts.append(
                    Conflict(
                        contig=contig,
                        pos=pos,
                        ref=ref,
                        alt=alt,
                        caller=a.caller,
                        kept=_said(better),
                        left_out=_said(other),
                    )
                )
        return better

    def codons(self, entry: Entry) -> set[tuple[str, str]] | None:
        """Return the codons of a substitution by any annotated call; None where there is none."""
        for name in self.consensus.ordered(entry):
            if name in entry.calls:
                found = codons_of(entry.calls[name])
                if found is not None:
                    return found
        return None

    def translate(self, contig: str, entry: Entry) -> None:
        """Recompute the protein change of a haplotype that no annotation speaks of."""
        if any(
            call.file.reader.annotations.tool and _annotated(call) for call in entry.calls.values()
        ):
            return
        calls: list[Call] = []
        for part in entry.parts:
            named = [part.calls[n] for n in self.consensus.ordered(part) if n in part.calls]
            known = [call for call in named if rows_of(call)]
            if not known:
                return
            calls.append(known[0])
        entry.protein = protein_change(calls, contig, entry.allele.alt)

    def account(self, entry: Entry) -> None:
        """Count what became of the calls of an entry."""
        shared = len(entry.calls) > 1
        others = bool(entry.derived) or any(
            set(whole.callers) - set(entry.calls) for whole in entry.part_of
        )
        for call in entry.calls.values():
            if call.symbolic:
                continue
            counts = call.file.counts
            counts["shared" if shared else "by_haplotype" if others else "own"] += 1
            counts["passed"] += call.passes
        if not entry.symbolic:
            self.counts["called"] += 1

    def written(self, contig: str, entry: Entry) -> str:
        """Count a record and return its line."""
        counts = self.counts
        counts["records"] += 1
        if entry.symbolic:
            counts["symbolic"] += 1
            filters = self.consensus.chosen(entry).record.columns[6]
            known = set(filters.split(";")) <= self.declared_filters
            entry.filter = filters if known else MISSING
        else:
            self.support[len(entry.calls) + len(entry.derived)] += 1
            counts[_KINDS.get(entry.filter, "phase_unproven")] += 1
            if self.lists_hotspots and entry.filter == PASS:
                few = self.consensus.supporting(entry) < self.params.min_callers
                counts["hotspots_of_one_caller"] += few
        line = self.renderer.line(contig, entry)
        again = "TK_REANNOTATE" in line
        counts["needs_reannotation"] += again
        if entry.parts and len(self.haplotypes) < self.params.max_listed:
            self.haplotypes.append(self.described(contig, entry, again))
        return line

    def described(self, contig: str, entry: Entry, again: bool) -> MergedHaplotype:
        """Return a haplotype as the result lists it."""
        pos, ref, alt = entry.allele
        change = entry.protein if isinstance(entry.protein, ProteinChange) else None
        return MergedHaplotype(
            contig=contig,
            pos=pos,
            ref=ref,
            alt=alt,
            parts=tuple(str(part.allele) for part in entry.parts),
            evidence=entry.evidence,
            contradicted=entry.contradicted,
            callers=tuple(self.consensus.ordered(entry)),
            counted=entry.counted,
            transcript=change.transcript if change else None,
            protein=change.name if change else None,
            needs_reannotation=again,
        )

    def result(self, callers: Sequence[str]) -> MergeResult:
        """Return what was done; call it when all lines are written."""
        counts = self.counts
        names = [name for name in Written.__dataclass_fields__ if name != "called"]
        written = {name: counts[name] for name in names}
        # An ensemble's records name callers that no header does.
        named = [*callers, *sorted(self.callers - set(callers))]
        return MergeResult(
            sample=self.samples[0] or "",
            callers=tuple(named),
            files=tuple(
                CallerCounts(
                    caller=file.name or "ensemble",
                    file=file.path.rpartition("/")[2],
                    dialect=file.reader.dialect,
                    tumor=file.reader.roles.tumor,
                    normal=file.reader.roles.normal,
                    **{
                        name: file.counts[name]
                        for name in list(CallerCounts.__dataclass_fields__)[5:]
                    },
                )
                for file in self.files
            ),
            written=Written(called=counts["called"] + counts["symbolic"], **written),
            support=tuple(
                Support(callers=number, alleles=self.support[number])
                for number in sorted(self.support)
            ),
            conflicting_duplicates=counts["conflicts"],
            conflicts=tuple(self.conflicts),
            haplotypes=tuple(self.haplotypes),
            params=self.params,
        )


_KINDS = {
    PASS: "passed",
    FEW_CALLERS: "few_callers",
    IN_HAPLOTYPE: "counted_otherwise",
    IN_PARTS: "counted_otherwise",
}


def _annotated(call: Call) -> bool:
    notes = call.file.reader.annotations
    return bool(call.record.info_text(notes.tool)) and not call.record.info_text("TK_PROTEIN")


def _goodness(call: Call) -> tuple[bool, int, str]:
    return call.passes, call.tumor.alt_depth or 0, call.record.line


def _said(call: Call) -> str:
    reads = call.tumor
    return f"{'&'.join(call.filters) or MISSING} {reads.alt_depth}/{reads.depth}"
