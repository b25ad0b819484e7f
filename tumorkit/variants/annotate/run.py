"""Opens a VCF and its local sources, annotates block by block, writes and reports."""

from __future__ import annotations

import contextlib
import dataclasses
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from tumorkit.contract.progress import SILENT, Progress
from tumorkit.contract.result import InputFile, to_document
from tumorkit.errors import (
    ContigMismatchError,
    InputError,
    ParameterError,
    ReferenceMismatchError,
)
from tumorkit.genome.alleles import Fetch
from tumorkit.genome.build import detect_build
from tumorkit.genome.contigs import standard
from tumorkit.genome.vcf import VcfHeader
from tumorkit.genome.vcf_block import RecordBlock
from tumorkit.io.bed import read_intervals
from tumorkit.io.digest import input_file
from tumorkit.io.fasta import Fasta, open_fasta
from tumorkit.io.hotspots import read_hotspots
from tumorkit.io.outputs import Outputs
from tumorkit.io.text import require_file
from tumorkit.io.vcf import VcfSink, VcfSource, open_vcf
from tumorkit.io.vcf_pieces import VcfPieces
from tumorkit.variants.annotate.analysis import Sources, annotate_variants
from tumorkit.variants.annotate.params import AnnotateParams
from tumorkit.variants.annotate.places import speller
from tumorkit.variants.annotate.population import Population, fields_of, tag
from tumorkit.variants.annotate.regions import Bed, Hotspots, Regions, lint
from tumorkit.variants.annotate.render import annotated_header
from tumorkit.variants.annotate.result import AnnotateResult

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.]*")
CHUNK = 1 << 18


def run_annotate(
    vcf: Path,
    *,
    output: Path | None = None,
    populations: Sequence[str] = (),
    population_regions: Sequence[str] = (),
    regions: Sequence[str] = (),
    hotspots: Path | None = None,
    reference: Path | None = None,
    params: AnnotateParams | None = None,
    progress: Progress = SILENT,
) -> AnnotateResult:
    """Annotate a VCF from local files: population frequencies, labelled regions, hotspots.

    ``populations`` are texts ``NAME=FILE`` or ``NAME=FILE:FIELD``; ``population_regions`` are
    ``NAME=FILE.bed``, where that source looked; ``regions`` are ``LABEL=FILE.bed``; ``hotspots`` is
    a VCF or a table (:func:`tumorkit.io.hotspots.read_hotspots`). With ``reference`` insertions and
    deletions are compared in their leftmost spelling, and REF is checked. ``output`` (.vcf, .vcf.gz
    or .bcf with index, or ``-``) holds every record of the input. Raises :class:`ParameterError`
    where an argument cannot be, :class:`InputError` for damaged files,
    :class:`ContigMismatchError` and :class:`ReferenceMismatchError` where files do not belong
    together.
    """
    params = params or AnnotateParams()
    if not (populations or regions or hotspots):
        raise ParameterError(
            "nothing to annotate from", "give --population, --regions or --hotspots"
        )
    if output is not None and output.exists() and output.samefile(vcf):
        raise ParameterError(f"{output}: the output is the input", "choose another output")
    inputs, warnings = [input_file("somatic", vcf)], list[str]()
    with contextlib.ExitStack() as stack:
        source = stack.enter_context(open_vcf(vcf))
        fetch: Fetch | None = None
        if reference is not None:
            fetch = Window(stack.enter_context(open_fasta(reference))).fetch
            inputs.append(input_file("reference index", Path(f"{reference}.fai")))
        sources = Sources(
            populations=tuple(
                open_populations(populations, population_regions, vcf, source.header, inputs)
            ),
            regions=tuple(open_regions(regions, source.header, inputs, warnings)),
            hotspots=open_hotspots(hotspots, fetch, inputs) if hotspots else None,
            fetch=fetch,
            reference=reference.name if reference else "",
        )
        for line in warnings:
            progress.log(f"warning: {line}")
        sink: VcfSink | None = None
        if output is not None:
            header = annotated_header(
                source.header, sources.populations, sources.regions, sources.hotspots
            )
            sink = stack.enter_context(VcfSink(output, header))
        seen: set[str] = set()
        result = annotate_variants(
            _blocks(source, params.block_size, seen, progress),
            source.header,
            sources,
            params,
            write=sink.write_content if sink else None,
            path=str(vcf),
        )
        check_contigs(sources, seen, source.header)
    notes = (*warnings, *result.notes, *(sink.notes if sink else ()))
    return dataclasses.replace(result, inputs=tuple(inputs), notes=notes)


def write_annotate(result: AnnotateResult, outputs: Outputs) -> None:
    """Write the JSON document and show what each source gave."""
    outputs.write_json(to_document(result))
    outputs.summarize(result.summary())


def named(text: str, option: str, example: str) -> tuple[str, str]:
    """Return the two sides of ``NAME=FILE``; the name can stand in a VCF header."""
    name, mark, rest = text.partition("=")
    if not mark or not rest or not NAME.fullmatch(name):
        raise ParameterError(
            f"{option}: expected NAME=FILE, found {text!r}",
            f"a name is of letters, digits, _ and . such as {example}",
        )
    return name, rest


def distinct(pairs: Iterable[tuple[str, str]], option: str) -> dict[str, str]:
    """Return pairs by name; a name that is given twice is an error."""
    found: dict[str, str] = {}
    for name, rest in pairs:
        if name in found:
            raise ParameterError(f"{option}: {name} is given twice", "give each file its own name")
        found[name] = rest
    return found


def open_populations(
    texts: Sequence[str],
    covered: Sequence[str],
    vcf: Path,
    header: VcfHeader,
    inputs: list[InputFile],
) -> Iterator[Population]:
    """Open the population sources, and check that they belong to the VCF."""
    given = distinct(
        (named(t, "--population", "gnomAD=gnomad.vcf.gz") for t in texts), "--population"
    )
    looked = distinct(
        (named(t, "--population-regions", "gnomAD=exome.bed") for t in covered),
        "--population-regions",
    )
    for name in looked.keys() - given.keys():
        raise ParameterError(
            f"--population-regions: no population is named {name}", f"named: {', '.join(given)}"
        )
    for name, rest in given.items():
        path, wanted = Path(rest), ""
        if not path.exists() and ":" in rest:
            path, wanted = Path(rest.rpartition(":")[0]), rest.rpartition(":")[2]
        require_file(path)
        source = VcfPieces(path, beside=vcf.stat().st_size)
        check_build(path, header, source.header)
        fields = fields_of(source.header, wanted, str(path))
        # A source may be hundreds of gigabytes; its index knows where each of its blocks lies.
        inputs.append(input_file(f"population {name}", source.index or path))
        bed = None
        if name in looked:
            bed = Bed(read_intervals(Path(looked[name])))
            inputs.append(input_file(f"regions of population {name}", Path(looked[name])))
        numbers = [tag(text.encode(), fields.number) for text in source.first()]
        yield Population(
            name=name,
            file=path.name,
            fields=fields,
            source=source,
            covered=bed,
            allele_number=max((int(n) for n in numbers if n.isdigit()), default=None),
        )


def check_build(path: Path, header: VcfHeader, other: VcfHeader) -> None:
    """Raise where both headers tell their build and it is not the same."""
    mine, theirs = (detect_build(h.contig_lengths) for h in (header, other))
    if mine is not None and theirs is not None and mine.name != theirs.name:
        raise ReferenceMismatchError(
            path,
            f"was made on {theirs.name}, the VCF on {mine.name}",
            hint="give the source of the same build",
        )


def open_regions(
    texts: Sequence[str], header: VcfHeader, inputs: list[InputFile], warnings: list[str]
) -> Iterator[Regions]:
    """Read the labelled regions, and say what looks wrong about them."""
    given = distinct((named(t, "--regions", "blacklist=black.bed") for t in texts), "--regions")
    known = {standard(name) for name in header.contigs}
    for label, rest in given.items():
        path = Path(rest)
        intervals = read_intervals(path)
        warnings += lint(label, intervals)
        about = input_file(f"regions {label}", path)
        inputs.append(about)
        bed = Bed(intervals)
        if known and not known & bed.names.keys():
            raise no_common_contig(path, next(iter(bed.names.values())), next(iter(header.contigs)))
        yield Regions(
            label=label, file=path.name, bed=bed, rows=len(intervals), sha256=about.sha256
        )


def no_common_contig(path: Path, mine: str, theirs: str) -> ContigMismatchError:
    """Say that a list and the VCF have no contig in common, however it is spelled."""
    return ContigMismatchError(
        path,
        f"no contig in common with the VCF, with or without chr (here {mine!r}, there {theirs!r})",
        hint="give the file of the same build and species",
    )


def open_hotspots(path: Path, fetch: Fetch | None, inputs: list[InputFile]) -> Hotspots:
    """Read the hotspot list."""
    rows = read_hotspots(path)
    inputs.append(input_file("hotspots", path))
    hotspots = Hotspots(file=path.name)
    hotspots.add_alleles(rows.alleles, speller(fetch), fetch)
    hotspots.add_places(rows.places)
    if not hotspots.rows:
        raise InputError(path, "holds no hotspot", hint="is it the right file?")
    return hotspots


def check_contigs(sources: Sources, seen: set[str], header: VcfHeader) -> None:
    """Raise where a source and the records have no contig in common."""
    if not seen:
        return
    here = next(iter(seen))
    known = {standard(name) for name in (*seen, *header.contigs)}
    for item in sources.populations:
        theirs = item.source.known
        if item.without and not theirs and item.covered is None:
            raise InputError(item.file, "holds no record", hint="is it the right file?")
        names = {standard(name) for name in theirs}
        names |= item.covered.names.keys() if item.covered is not None else set()
        if item.without and not known & names:
            raise no_common_contig(Path(item.file), next(iter(theirs), ""), here)
    for part in sources.regions:
        if not known & part.bed.names.keys():
            raise no_common_contig(Path(part.file), next(iter(part.bed.names.values()), ""), here)
    if sources.hotspots is not None and not known & sources.hotspots.contigs:
        listed = next(iter(sources.hotspots.contigs), "")
        raise no_common_contig(Path(sources.hotspots.file), listed, here)


class Window:
    """Reads a FASTA in stretches, because neighbouring records ask for neighbouring bases."""

    def __init__(self, fasta: Fasta) -> None:
        self._read: Callable[[str, int, int], str] = fasta.fetch
        self._contig = ""
        self._start = 0
        self._text = ""

    def fetch(self, contig: str, start: int, end: int) -> str:
        """Return the bases of a 0-based half-open interval, as far as there are any."""
        start = max(0, start)
        behind = self._start + len(self._text)
        if contig != self._contig or start < self._start or end > behind:
            self._start = max(0, start - CHUNK // 8)
            self._contig = contig
            self._text = self._read(contig, self._start, max(end, self._start + CHUNK))
        return self._text[start - self._start : end - self._start]


def _blocks(
    source: VcfSource, size: int, seen: set[str], progress: Progress
) -> Iterator[RecordBlock]:
    for block in progress.track(source.packed(size), label="Annotating"):
        if not isinstance(block, RecordBlock):
            raise InputError(
                source.path,
                f"POS must be a number of 1 to 15 digits, found {block[0].columns[1]!r}",
                line=block[0].number,
            )
        seen.update(block.grouped(0)[1])
        yield block
