"""Joins records with sources, block by block, and counts what happened."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from tumorkit.errors import ReferenceMismatchError
from tumorkit.genome.alleles import Fetch
from tumorkit.genome.build import detect_build
from tumorkit.genome.vcf import VcfHeader
from tumorkit.genome.vcf_block import RecordBlock
from tumorkit.variants.annotate.params import AnnotateParams
from tumorkit.variants.annotate.places import Key, Places, places_of, speller
from tumorkit.variants.annotate.population import Entry, Found, Population
from tumorkit.variants.annotate.regions import Hotspots, Regions
from tumorkit.variants.annotate.render import Renderer
from tumorkit.variants.annotate.result import (
    AnnotateResult,
    HotspotsRow,
    PopulationRow,
    RegionsRow,
)
from tumorkit.variants.asked import UNCOVERED

Tags = dict[int, list[str]]
PARTS = (("AF", "frequency"), ("AC", "count"), ("POPMAX", "popmax"))
AMBIGUOUS = frozenset("NRYSWKMBDHV")


@dataclass(frozen=True, kw_only=True)
class Sources:
    """All that a VCF is annotated from."""

    populations: tuple[Population, ...] = ()
    regions: tuple[Regions, ...] = ()
    hotspots: Hotspots | None = None
    fetch: Fetch | None = None
    reference: str = ""


@dataclass
class Tally:
    """Sums over blocks."""

    records: int = 0
    annotated: int = 0
    alleles: int = 0
    symbolic: int = 0
    contigs: set[str] = field(default_factory=set)


def annotate_variants(
    blocks: Iterable[RecordBlock],
    header: VcfHeader,
    sources: Sources,
    params: AnnotateParams | None = None,
    *,
    write: Callable[[bytes], None] | None = None,
    path: str = "",
) -> AnnotateResult:
    """Annotate blocks of records and return what each source gave.

    ``write`` gets the lines of each block; ``path`` names the file in errors. Raises
    :class:`ReferenceMismatchError` where REF is not what the reference has, or where a source has
    other reference bases at most of the positions that it shares with the records.
    """
    params = params or AnnotateParams()
    spell = speller(sources.fetch)
    for source in sources.populations:
        source.spell, source.aligned = spell, sources.fetch is not None
    renderer = Renderer(header, sources.populations, sources.regions, sources.hotspots)
    tally = Tally()
    for block in blocks:
        tags: Tags = {}
        for places in places_of(block, spell):
            if sources.fetch is not None:
                check_reference(block, places, sources.fetch, path, sources.reference)
            tally.contigs.add(places.contig)
            tally.alleles += len(places.keys)
            tally.symbolic += sum(key is None for key in places.keys)
            for source in sources.populations:
                add_population(source, places, tags)
            add_regions(sources.regions, places, tags)
            if sources.hotspots is not None:
                add_hotspots(sources.hotspots, places, tags)
        tally.records += len(block)
        tally.annotated += len(tags)
        if write is not None:
            write(renderer.content(block, tags))
    for source in sources.populations:
        if source.shared >= params.min_shared and (
            source.conflicts > params.max_conflicts * source.shared
        ):
            raise ReferenceMismatchError(
                source.file,
                f"population {source.name} has another reference base than the VCF at "
                f"{source.conflicts} of {source.shared} shared positions",
                hint="give the source of the build that the calls were made on",
            )
    return result_of(tally, header, sources, params)


def check_reference(
    block: RecordBlock, places: Places, fetch: Fetch, path: str, reference: str
) -> None:
    """Raise where the bases of REF are not those of the reference; N and its like match all."""
    for row, pos, ref in zip(places.rows, places.positions, places.bases, strict=True):
        said = ref.decode().upper()
        there = fetch(places.contig, pos - 1, pos - 1 + len(said))
        if said == there or (
            len(said) == len(there)
            and all(
                a == b or a in AMBIGUOUS or b in AMBIGUOUS for a, b in zip(said, there, strict=True)
            )
        ):
            continue
        raise ReferenceMismatchError(
            path,
            f"REF of {places.contig}:{pos} is {said[:20]}, the reference {reference} has "
            f"{there[:20] or 'no base there'}",
            line=block[row].number or None,
            hint="give the FASTA that the calls were made on",
        )


def add_population(source: Population, places: Places, tags: Tags) -> None:
    """Add what one population source says of the alleles of one contig."""
    if not any(places.keys):
        return
    found = source.lookup(places)
    known = source.source.name_of(places.contig)
    if known is None:
        source.without.add(places.contig)
    elif known != places.contig:
        source.renamed[places.contig] = known
    count_conflicts(source, places, found)
    if source.covered is not None:
        covered = source.covered.touches(places.contig, *places.intervals).tolist()
    else:
        covered = [known is not None] * len(places.keys)
    entries = list(map(found.entries.get, places.keys))  # type: ignore[arg-type]
    some = spoken_of(places, found, entries, covered)
    groups: dict[int, list[int]] = {}
    for at, owner in enumerate(places.owners):
        if owner in some:
            groups.setdefault(owner, []).append(at)
        elif places.keys[at] is not None:
            source.absent += 1
    for owner, alleles in groups.items():
        items, unseen = population_tags(
            source, places, found, [(at, places.keys[at], entries[at]) for at in alleles], covered
        )
        row = places.rows[owner]
        if items:
            tags.setdefault(row, []).extend(items)
        if unseen:
            join(tags.setdefault(row, []), UNCOVERED, source.name)


def spoken_of(
    places: Places, found: Found, entries: Sequence[Entry | None], covered: Sequence[bool]
) -> set[int]:
    """Return the records that a source says something of; most records are in no source."""
    owners, numbers = places.owners, found.numbers
    some = {owner for owner, entry in zip(owners, entries, strict=True) if entry is not None}
    if not all(covered):
        some |= {owner for owner, inside in zip(owners, covered, strict=True) if not inside}
    if numbers:
        some |= {owner for owner, pos in enumerate(places.positions) if pos in numbers}
        some |= {
            owner
            for owner, key in zip(owners, places.keys, strict=True)
            if key is not None and key[0] in numbers
        }
    return some


def population_tags(
    source: Population,
    places: Places,
    found: Found,
    alleles: list[tuple[int, Key | None, Entry | None]],
    covered: list[bool],
) -> tuple[list[str], bool]:
    """Return one record's tags of a source, and whether the source did not look at an allele."""
    if all(key is None for _, key, _ in alleles):
        return [], False
    items: list[str] = []
    entries = [entry for _, _, entry in alleles]
    if any(entries):
        for name, part in PARTS:
            texts = [getattr(entry, part) if entry else "" for entry in entries]
            if any(texts):
                items.append(f"TK_{name}_{source.name}={','.join([t or '.' for t in texts])}")
    here = places.positions[places.owners[alleles[0][0]]]
    positions = (here, *(key[0] for _, key, _ in alleles if key is not None))
    number = next((found.numbers[pos] for pos in positions if pos in found.numbers), "")
    if number:
        items.append(f"TK_AN_{source.name}={number}")
    missed = [at for at, key, entry in alleles if key is not None and entry is None]
    outside = sum(not covered[at] for at in missed)
    source.found += sum(entry is not None for entry in entries)
    source.absent += len(missed) - outside
    source.uncovered += outside
    return items, outside > 0


def join(items: list[str], key: str, name: str) -> None:
    """Add a name to a list tag."""
    at = next((i for i, item in enumerate(items) if item.startswith(f"{key}=")), None)
    if at is None:
        items.append(f"{key}={name}")
    else:
        items[at] += f",{name}"


def count_conflicts(source: Population, places: Places, found: Found) -> None:
    """Count positions that both have, and those where the reference base differs."""
    if not found.bases:
        return
    told = found.bases
    shared = {
        pos: ref for pos, ref in zip(places.positions, places.bases, strict=True) if pos in told
    }
    for pos, ref in shared.items():
        base = told[pos]
        if ref[:1].isalpha():
            source.shared += 1
            source.conflicts += base != ref[0] & 0xDF


def add_regions(regions: Sequence[Regions], places: Places, tags: Tags) -> None:
    """Add the labels of the regions that the alleles of one contig touch."""
    owners = np.array(places.owners, dtype=np.int64)
    labels: dict[int, list[str]] = {}
    for item in regions:
        inside = item.touches(places)
        hit = np.unique(owners[inside])
        item.alleles += int(inside.sum())
        item.records += int(hit.size)
        for owner in hit.tolist():
            labels.setdefault(places.rows[owner], []).append(item.label)
    for row, names in labels.items():
        tags.setdefault(row, []).append(f"TK_REGIONS={','.join(names)}")


def add_hotspots(hotspots: Hotspots, places: Places, tags: Tags) -> None:
    """Add the hotspot classes of the alleles of one contig."""
    classes = hotspots.classes(places)
    if not any(classes):
        return
    by_record: dict[int, list[str]] = {}
    for owner, name in zip(places.owners, classes, strict=True):
        by_record.setdefault(owner, []).append(name or ".")
    for owner, names in by_record.items():
        if any(name != "." for name in names):
            tags.setdefault(places.rows[owner], []).append(f"TK_HOTSPOT={','.join(names)}")


def result_of(
    tally: Tally, header: VcfHeader, sources: Sources, params: AnnotateParams
) -> AnnotateResult:
    """Put the sums together."""
    build = detect_build(header.contig_lengths)
    hotspots = sources.hotspots
    return AnnotateResult(
        build=build.name if build else "",
        records=tally.records,
        records_annotated=tally.annotated,
        alleles=tally.alleles - tally.symbolic,
        alleles_symbolic=tally.symbolic,
        populations=tuple(
            PopulationRow(
                name=item.name,
                file=item.file,
                field=item.fields.frequency or "AC/AN",
                popmax=item.fields.popmax,
                allele_number=item.allele_number,
                found=item.found,
                absent=item.absent,
                uncovered=item.uncovered,
                duplicates=item.duplicates,
                shared=item.shared,
                conflicts=item.conflicts,
            )
            for item in sources.populations
        ),
        regions=tuple(
            RegionsRow(
                label=item.label,
                file=item.file,
                rows=item.rows,
                bases=item.bed.bases,
                records=item.records,
                alleles=item.alleles,
            )
            for item in sources.regions
        ),
        hotspots=None
        if hotspots is None
        else HotspotsRow(
            file=hotspots.file,
            rows=hotspots.rows,
            hotspot=hotspots.counts["1-hotspot"],
            indel=hotspots.counts["2-indel"],
            check=hotspots.counts["3-check"],
        ),
        notes=notes_of(sources),
        params=params,
    )


def notes_of(sources: Sources) -> tuple[str, ...]:
    """Return what the reader should know of the sources."""
    said = []
    for item in sources.populations:
        if item.renamed:
            mine, theirs = next(iter(item.renamed.items()))
            said.append(
                f"population {item.name}: {len(item.renamed)} contig(s) read under another name "
                f"({mine} as {theirs})"
            )
        if item.without:
            names = ", ".join(sorted(item.without)[:5]) + (", ..." if len(item.without) > 5 else "")
            said.append(
                f"population {item.name}: no record on {len(item.without)} contig(s) of the VCF "
                f"({names})" + ("" if item.covered else "; frequencies there are unknown")
            )
        if item.duplicates:
            said.append(
                f"population {item.name}: {item.duplicates} record(s) repeat an allele; the "
                "highest frequency was taken"
            )
        if item.conflicts:
            said.append(
                f"population {item.name}: at {item.conflicts} of {item.shared} shared positions "
                "the reference base differs"
            )
    for part in sources.regions:
        renamed = [n for n in sorted(part.contigs) if n not in part.bed.names.values()]
        if renamed:
            said.append(
                f"regions {part.label}: {len(renamed)} contig(s) read under another name "
                f"({renamed[0]})"
            )
    return tuple(said)
