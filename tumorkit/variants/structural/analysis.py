"""Keep, name and place events that readers give."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from tumorkit.genome.contigs import standard
from tumorkit.genome.segment import Gene
from tumorkit.genome.structural import Breakpoint, StructuralEvent
from tumorkit.variants.structural.merge import merged
from tumorkit.variants.structural.named import NAMED, OFFSETS, named
from tumorkit.variants.structural.params import StructuralParams
from tumorkit.variants.structural.result import FailedFile, ReadFile, StructuralResult

FAILED = "failed by the caller's filters"
FEW = "fewer reads than asked for"
NONE = "no read of the tumour shows it"


@dataclass(frozen=True, kw_only=True)
class Kept:
    """Events of one file that are kept, and the others by reason."""

    events: tuple[StructuralEvent, ...]
    left_out: Counter[str]


def keep(
    events: Iterable[StructuralEvent],
    params: StructuralParams,
    *,
    genes: Sequence[Gene] = (),
    build: str = "",
) -> Kept:
    """Return the events that pass the settings, with genes and names."""
    by_contig: dict[str, list[Gene]] = {}
    for gene in genes:
        by_contig.setdefault(standard(gene.contig), []).append(gene)
    kept = []
    left: Counter[str] = Counter()
    for event in events:
        if params.pass_only and not event.passed:
            left[FAILED] += 1
            continue
        # Reads that nobody counted do not speak against an event.
        if event.reads is not None and event.reads < params.min_reads:
            left[FEW] += 1
            continue
        # A file of tumour and normal lists what is in the normal alone as well.
        if event.reads == 0 and not event.vaf:
            left[NONE] += 1
            continue
        placed = replace(
            event,
            first=with_gene(event.first, by_contig),
            second=with_gene(event.second, by_contig),
        )
        kept += named_again([placed], build)
    return Kept(events=tuple(kept), left_out=left)


def named_again(events: Iterable[StructuralEvent], build: str) -> list[StructuralEvent]:
    """Return events that were kept before with the names that they have on this build."""
    return [
        known if known.name else replace(known, name=partners(known))
        for known in (named(event, build) for event in events)
    ]


def with_gene(end: Breakpoint, by_contig: dict[str, list[Gene]]) -> Breakpoint:
    """Return a breakpoint with the genes that it lies in, where the caller named none."""
    if end.gene or end.pos is None:
        return end
    here = by_contig.get(standard(end.contig), ())
    names = dict.fromkeys(gene.name for gene in here if gene.start < end.pos <= gene.end)
    return replace(end, gene=",".join(names))


def partners(event: StructuralEvent) -> str:
    """Return the partners of a fusion of two genes (HGNC's notation), empty for the rest."""
    first, second = event.first.gene, event.second.gene
    return f"{first}::{second}" if event.kind == "fusion" and first and second else ""


def gather(
    events: Iterable[StructuralEvent],
    params: StructuralParams | None = None,
    *,
    genes: Sequence[Gene] = (),
    build: str = "",
    sample: str = "",
    files: Sequence[ReadFile] = (),
) -> StructuralResult:
    """Return the result of events that are one file's, or were kept before."""
    params = params or StructuralParams()
    kept = keep(events, params, genes=genes, build=build)
    return joined(kept.events, params, build=build, sample=sample, files=files)


def joined(
    kept: Sequence[StructuralEvent],
    params: StructuralParams,
    *,
    build: str,
    sample: str = "",
    files: Sequence[ReadFile] = (),
    failed: Sequence[FailedFile] = (),
) -> StructuralResult:
    """Return the result of events that are kept and named: those of several callers become one."""
    notes = []
    if build not in OFFSETS:
        listed = ", ".join(known.name for known in NAMED)
        notes.append(f"the build is not known as GRCh37 or GRCh38: {listed} were not looked for")
    return StructuralResult(
        sample=sample,
        build=build,
        files=tuple(files),
        events=merged(kept, params),
        notes=tuple(notes),
        params=params,
        failed=tuple(failed),
    )
