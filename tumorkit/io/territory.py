"""The territory in which variants were sought: targets, coding exons, masks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf
from pathlib import Path

from tumorkit.errors import ContigMismatchError, InputError
from tumorkit.genome.contigs import match_names, renamed
from tumorkit.genome.interval import Interval, Territory
from tumorkit.genome.segment import Gene
from tumorkit.io.bed import BED_COLUMNS, read_intervals
from tumorkit.io.genes import read_genes
from tumorkit.io.text import read_lines

THRESHOLDS_FROM = 4  # contig, start, end, region, then a column for each depth
FEW_CODING = 0.1  # of the targets; about 0.01 of a genome is coding, most of a panel
WHOLE_REGION = 0.95  # of a region's bases that must be covered for it to count


@dataclass(frozen=True, kw_only=True)
class BuiltTerritory:
    """A territory, what each step of building it left, and what each gene contributes.

    ``whole`` is the territory before only its coding bases were kept. ``steps`` are pairs of words
    and megabases; ``exons`` are the genes that were asked, by their ``coding`` parts or all;
    ``masked`` holds the masks under the same contig names. ``notes`` say what was changed on the
    way, such as contig names.
    """

    territory: Territory
    whole: Territory
    exons: tuple[Gene, ...] = ()
    coding: bool = False
    masked: Territory | None = None
    steps: tuple[tuple[str, float], ...] = ()
    notes: tuple[str, ...] = ()

    def genes(self, territory: Territory) -> dict[str, float]:
        """Return each gene's megabases of a territory; a base in two genes counts in both."""
        return gene_shares(self.exons, territory, coding=self.coding)


def build_territory(
    targets: Path, exons: Path | None = None, masks: Sequence[Path] = ()
) -> BuiltTerritory:
    """Build a territory: targets, each base once, kept where coding, without the masks.

    ``exons`` is a GTF, GFF3, refFlat, BED12 or BED of coding exons; where the file says what is
    coding only that is kept. Contig names with and without ``chr`` are matched. Raises
    :class:`ContigMismatchError` where two files share no contig.
    """
    rows = read_intervals(targets)
    territory = Territory(rows)
    steps = [("targets, each base once", territory.megabases)]
    notes = []
    added_up = sum(len(row) for row in rows)
    if added_up != territory.bases:
        notes.append(
            f"rows of {targets.name} overlap: {added_up} bases when added up, "
            f"{territory.bases} when each counts once"
        )
    whole = territory
    models: list[Gene] = []
    coding = False
    if exons is not None:
        models = read_exons(exons)
        coding = any(gene.coding for gene in models)
        matched, said = under_names(
            Territory(parts(models, coding=coding)), territory, exons, targets
        )
        notes += said
        territory = territory.intersect(matched)
        steps.append(("coding parts of genes" if coding else "exons", territory.megabases))
        if territory.bases < FEW_CODING * whole.bases:
            share = territory.bases / whole.bases
            notes.append(
                f"only {share:.1%} of {targets.name} lies in the exons of {exons.name}: these are "
                "targets of a whole genome, or the files are of different builds"
            )
    masked = None
    for mask in masks:
        bases, said = under_names(
            Territory(read_intervals(mask)), territory, mask, targets, must_match=False
        )
        notes += said
        territory, whole = territory.subtract(bases), whole.subtract(bases)
        masked = bases if masked is None else Territory([*masked, *bases])
        steps.append((f"without {mask.name}", territory.megabases))
    return BuiltTerritory(
        territory=territory,
        whole=whole,
        masked=masked,
        steps=tuple(steps),
        exons=tuple(models),
        coding=coding,
        notes=tuple(notes),
    )


def read_callable(path: Path, depth: int) -> Territory:
    """Return the bases that are covered at least ``depth`` times.

    Reads mosdepth's per-base BED and quantized BED (labels ``low:high``), BEDs of the same form,
    target coverage with a header (``.cnn``), whose targets count whole by their mean depth, and
    mosdepth's thresholds BED, whose regions count whole where .95 of their bases are covered.
    Raises :class:`InputError` where the bins of a quantized BED cannot answer.
    """
    spans: dict[str, list[tuple[int, int]]] = {}
    column = 3
    if names := threshold_columns(path):
        return covered_regions(path, names, depth)
    for number, line in read_lines(path):
        if not line.strip() or line.startswith(("#", "track", "browser")):
            continue
        fields = line.split("\t")
        if number == 1 and "depth" in fields and not fields[1].isdigit():
            column = fields.index("depth")
            continue
        if len(fields) <= column or not (fields[1].isdigit() and fields[2].isdigit()):
            raise InputError(
                path, f"expected contig, start, end, depth; found {line[:60]!r}", line=number,
                hint="give mosdepth's per-base.bed.gz or quantized.bed.gz, or a .cnn",
            )  # fmt: skip
        if covered(path, number, fields[column], depth):
            found = spans.setdefault(fields[0], [])
            start, end = int(fields[1]), int(fields[2])
            if found and found[-1][1] == start:
                found[-1] = (found[-1][0], end)
            else:
                found.append((start, end))
    return Territory(
        Interval(contig, start, end) for contig, found in spans.items() for start, end in found
    )


def threshold_columns(path: Path) -> dict[int, int]:
    """Return the columns of a thresholds BED by their depth; empty for another file."""
    first = next((line for _, line in read_lines(path)), "")
    fields = first.rstrip().split("\t")
    if not first.startswith("#chrom") or len(fields) < THRESHOLDS_FROM + 1:
        return {}
    depths = [name.removesuffix("X") for name in fields[THRESHOLDS_FROM:]]
    if not all(name.isdigit() for name in depths):
        return {}
    return {int(name): THRESHOLDS_FROM + at for at, name in enumerate(depths)}


def covered_regions(path: Path, names: dict[int, int], depth: int) -> Territory:
    """Return the regions of a thresholds BED of which nearly all bases reach a depth.

    The file does not say which bases of a region are covered, so that a region counts whole or
    not at all. Of the file's thresholds the lowest that is enough is asked.
    """
    enough = [known for known in names if known >= depth]
    if not enough:
        raise InputError(
            path,
            f"no threshold is as high as {depth}: {', '.join(f'{n}X' for n in names)}",
            hint=f"mosdepth --thresholds ...,{depth}, or use --callable-depth {max(names)}",
        )
    column = names[min(enough)]
    kept = []
    for number, line in read_lines(path):
        if not line.strip() or line.startswith("#"):
            continue
        fields = line.split("\t")
        numbers = [fields[at] for at in (1, 2, column) if at < len(fields)]
        if len(numbers) < 3 or not all(text.isdigit() for text in numbers):
            raise InputError(
                path, f"expected contig, start, end, region, bases; found {line[:60]!r}",
                line=number, hint="give mosdepth's thresholds.bed.gz as it is",
            )  # fmt: skip
        start, end, bases = map(int, numbers)
        if end > start and bases >= WHOLE_REGION * (end - start):
            kept.append(Interval(fields[0], start, end))
    return Territory(kept)


def covered(path: Path, line: int, text: str, depth: int) -> bool:
    """Whether a depth, or a bin of depths, is at least ``depth``.

    >>> path = Path("q.bed")
    >>> [covered(path, 1, text, 20) for text in ("19", "20", "5:20", "20:inf")]
    [False, True, False, True]
    """
    low, mark, high = text.partition(":")
    try:
        if not mark:
            return float(text) >= depth
        start, end = int(low), inf if high in ("", "inf") else int(high)
    except ValueError as error:
        raise InputError(
            path,
            f"expected a depth, found {text!r}",
            line=line,
            hint="quantize without names: mosdepth --quantize 0:1:50:100:",
        ) from error
    if start < depth < end:
        raise InputError(
            path,
            f"the bin {text} does not say which bases are covered {depth} times",
            line=line,
            hint=f"make bins that begin at {depth}, or use --callable-depth {start}",
        )
    return start >= depth


def covered_part(
    territory: Territory, path: Path, depth: int
) -> tuple[Territory, tuple[str, float]]:
    """Return the covered part of a territory, and that step with its megabases."""
    bases, _ = under_names(read_callable(path, depth), territory, path, path, must_match=False)
    left = territory.intersect(bases)
    return left, (f"covered at least {depth} times", left.megabases)


def read_exons(path: Path) -> list[Gene]:
    """Read genes with exons; rows of a BED without names are exons of one nameless gene each."""
    for _, line in read_lines(path):
        if line.strip() and not line.startswith(("#", "track", "browser", "@")):
            if len(line.split()) > BED_COLUMNS:
                return read_genes(path)
            break
    return [
        Gene(
            name="", contig=row.contig, start=row.start, end=row.end, exons=((row.start, row.end),)
        )
        for row in read_intervals(path)
    ]


def read_masks(masks: Sequence[Path]) -> Territory | None:
    """Return the bases of all masks, None where none was given."""
    if not masks:
        return None
    return Territory(row for mask in masks for row in read_intervals(mask))


def parts(genes: Iterable[Gene], *, coding: bool) -> Iterable[Interval]:
    """Yield the coding parts, or the exons, of genes."""
    for gene in genes:
        for start, end in gene.coding if coding else gene.exons:
            yield Interval(gene.contig, start, end, gene.name)


def gene_shares(genes: Sequence[Gene], targets: Territory, *, coding: bool) -> dict[str, float]:
    """Return the megabases that each gene has inside the targets, most first.

    >>> gene = Gene(name="TP53", contig="17", start=0, end=900, exons=((0, 400), (500, 900)))
    >>> gene_shares([gene], Territory([Interval("chr17", 300, 600)]), coding=False)
    {'TP53': 0.0002}
    """
    names = match_names(dict.fromkeys(gene.contig for gene in genes), targets.contigs)
    shares: dict[str, int] = {}
    for gene in genes:
        contig = names.get(gene.contig)
        if contig is None:
            continue
        inside = sum(
            targets.overlap(contig, start, end)
            for start, end in (gene.coding if coding else gene.exons)
        )
        if inside and gene.name:
            shares[gene.name] = shares.get(gene.name, 0) + inside
    ordered = sorted(shares.items(), key=lambda item: (-item[1], item[0]))
    return {name: bases / 1e6 for name, bases in ordered}


def under_names(
    territory: Territory,
    wanted: Territory,
    path: Path,
    wanted_path: Path,
    *,
    must_match: bool = True,
) -> tuple[Territory, list[str]]:
    """Return a territory under the contig names of another, and what was changed, in words."""
    names = match_names(territory.contigs, wanted.contigs)
    if not names:
        if not must_match:
            return territory, []
        raise ContigMismatchError(
            path,
            f"shares no contig with {wanted_path.name}, with or without chr: found "
            f"{', '.join(territory.contigs[:3])}, expected {', '.join(wanted.contigs[:3])}",
            hint="both files must be of the same build",
        )
    if not renamed(names):
        return territory, []
    first, other = next((a, b) for a, b in names.items() if a != b)
    return territory.renamed(names), [f"contigs of {path.name} were renamed: {first} is {other}"]


def check_contigs(
    built: Territory, path: Path, present: Iterable[str], present_path: Path
) -> list[str]:
    """Raise where a territory shares no contig with a VCF; say where names had to be matched."""
    there = list(present)
    if not there:
        return []
    names = match_names(built.contigs, there)
    if not names:
        raise ContigMismatchError(
            path,
            f"shares no contig with {present_path.name}, with or without chr: found "
            f"{', '.join(built.contigs[:3])}, expected {', '.join(there[:3])}",
            hint="targets and variants must be of the same build",
        )
    if not renamed(names):
        return []
    first, other = next((a, b) for a, b in names.items() if a != b)
    return [f"contigs of {path.name} were matched to {present_path.name}: {first} is {other}"]
