"""Opens the callers' files, merges them, writes the merged file and what was done."""

from __future__ import annotations

import contextlib
import dataclasses
import gc
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from tumorkit.contract.progress import SILENT, Progress
from tumorkit.contract.result import to_document
from tumorkit.errors import ParameterError, ReferenceMismatchError, SampleNotFoundError, suggestion
from tumorkit.genome.build import detect_build
from tumorkit.genome.contigs import match_names
from tumorkit.genome.normalization import Allele, ReferenceBlocks
from tumorkit.io.digest import input_file
from tumorkit.io.fasta import Fasta, open_fasta
from tumorkit.io.outputs import Outputs
from tumorkit.io.vcf import VcfSink, VcfSource, open_vcf
from tumorkit.variants.calls import CallReader
from tumorkit.variants.merge.analysis import Merger
from tumorkit.variants.merge.calls import CallFile, missing_contig
from tumorkit.variants.merge.params import MergeParams
from tumorkit.variants.merge.result import MergeResult
from tumorkit.variants.roles import Roles, assign_roles

NAME = re.compile(r"[A-Za-z0-9_.+-]+")
_ROLE_WORDS = re.compile(
    r"(?:^|[^A-Za-z0-9])(?:tumou?r|tum|t\d{0,2}|normal|norm|n\d{0,2}|blood|germline)(?=$|[^A-Za-z0-9])",
    re.I,
)


def run_merge(
    vcfs: Sequence[Path],
    *,
    reference: Path,
    output: Path | None = None,
    named: Sequence[tuple[str, Path]] = (),
    hotspots: Path | None = None,
    tumor: str | None = None,
    normal: str | None = None,
    params: MergeParams | None = None,
    progress: Progress = SILENT,
) -> MergeResult:
    """Merge the calls of one tumour by several callers; ``output`` is a VCF, sorted.

    ``named`` are files whose caller the user names. Several files may be of one caller (SNVs and
    indels). Raises :class:`ParameterError` where nothing says which caller wrote a file,
    :class:`ReferenceMismatchError` for a REF that the reference does not hold or for another
    build, :class:`InputError` for a file that is not sorted in the order of the reference.
    """
    params = params or MergeParams()
    paths = [(None, path) for path in vcfs] + [(name, path) for name, path in named]
    if not paths:
        raise ParameterError("no calls were given", "give the VCF of each caller")
    _refuse_same(paths, output)
    inputs = [input_file("somatic", path) for _, path in paths]
    inputs += [input_file("hotspots", hotspots)] if hotspots else []
    notes: list[str] = []
    with contextlib.ExitStack() as stack:
        fasta = stack.enter_context(open_fasta(reference))
        sources = [stack.enter_context(open_vcf(path)) for _, path in paths]
        _require_build(sources, fasta, notes)
        files = [
            _call_file(source, name, tumor, normal, params)
            for (name, _), source in zip(paths, sources, strict=True)
        ]
        _require_sample(files, tumor, normal)
        callers = _callers(files, params)
        match = _matched(sources, fasta)
        listed = _hotspots(hotspots, fasta, params) if hotspots else None
        samples = _samples(files, tumor, normal, params, notes)
        merger = Merger(
            files,
            fasta.lengths,
            match,
            fasta.fetch,
            params,
            samples=samples,
            hotspots=listed,
        )
        blocks = {
            file: progress.track(source.packed(params.block_size), label=f"Merging {file.name}")
            for file, source in zip(files, sources, strict=True)
        }
        with rare_collection():
            notes += _write(merger, merger.lines(blocks), callers, output)
        result = merger.result(callers)
        build = detect_build(fasta.lengths)
    for note in notes:
        progress.log(note)
    return dataclasses.replace(
        result,
        build=build.name if build else "",
        inputs=tuple(inputs),
        notes=(*result.notes, *notes),
    )


@contextlib.contextmanager
def rare_collection() -> Iterator[None]:
    """Look for cycles of dead objects a hundred times less often.

    Calls and entries live briefly and hold no cycles but those of haplotypes; looking through all
    that are held costs a sixth of the time.
    """
    before = gc.get_threshold()
    gc.set_threshold(100 * before[0] if before[0] else 0, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _write(
    merger: Merger, lines: Iterable[list[str]], callers: Sequence[str], output: Path | None
) -> list[str]:
    """Write the merged file, or only merge where there is none; return what is to be noted."""
    if output is None:
        for _ in lines:
            pass
        return []
    with VcfSink(output, merger.header(callers)) as sink:
        for some in lines:
            sink.write(some)
    return sink.notes


def write_merge(result: MergeResult, outputs: Outputs) -> None:
    """Write the JSON document and show what became of each file's alleles."""
    outputs.write_json(to_document(result))
    outputs.summarize(result.summary())


def caller_file(text: str) -> tuple[str, Path]:
    """Return caller and file of ``NAME=FILE`` or ``NAME:FILE``.

    >>> caller_file("vardict=calls/vardict.vcf.gz")
    ('vardict', PosixPath('calls/vardict.vcf.gz'))
    """
    found = re.match(r"([^=:/]+)[=:](.+)$", text)
    if not found or not NAME.fullmatch(found[1]):
        raise ParameterError(
            f"expected NAME=FILE, found {text!r}",
            "letters, digits and _ . + - make a name: --caller vardict=vardict.vcf.gz",
        )
    return found[1], Path(found[2])


def _refuse_same(paths: Sequence[tuple[str | None, Path]], output: Path | None) -> None:
    seen: set[Path] = set()
    for _, path in paths:
        place = path.resolve()
        if place in seen:
            raise ParameterError(f"{path}: was given twice", "give each file once")
        seen.add(place)
    if output is not None and output.resolve() in seen:
        raise ParameterError(f"{output}: the output is an input", "choose another output")


def _call_file(
    source: VcfSource,
    name: str | None,
    tumor: str | None,
    normal: str | None,
    params: MergeParams,
) -> CallFile:
    header = source.header
    present = set(header.samples)
    roles = assign_roles(
        header,
        tumor=tumor if tumor in present else None,
        normal=normal if normal in present else None,
        path=source.path,
    )
    reader = CallReader(header, roles)
    if name is None:
        name = "" if reader.caller_field else reader.dialect
    if name in ("unknown", "ensemble"):
        raise ParameterError(
            f"{source.path}: nothing in the header says which caller wrote it",
            f"name the caller: --caller NAME={source.path}",
        )
    return CallFile(
        path=str(source.path),
        name=name,
        header=header,
        reader=reader,
        somatic_only=params.somatic_only,
    )


def _require_sample(files: Sequence[CallFile], tumor: str | None, normal: str | None) -> None:
    present = list(dict.fromkeys(name for file in files for name in file.header.samples))
    for name in (tumor, normal):
        if name is not None and name not in present:
            raise SampleNotFoundError(files[0].path, name, present)


def _require_build(sources: Sequence[VcfSource], fasta: Fasta, notes: list[str]) -> None:
    wanted = detect_build(fasta.lengths)
    others = 0
    for source in sources:
        lengths = source.header.contig_lengths
        found = detect_build(lengths)
        if found and wanted and found.name != wanted.name:
            raise ReferenceMismatchError(
                source.path,
                f"was made on {found.name}, {fasta.path.name} is {wanted.name} (by the contig "
                "lengths)",
                hint="give the FASTA that the calls were made on, or lift the calls over",
            )
        names = match_names(lengths, fasta.lengths)
        others += any(lengths[name] != fasta.lengths[there] for name, there in names.items())
    if others:
        notes.append(f"{others} headers give other contig lengths than {fasta.path.name}")


def _callers(files: Sequence[CallFile], params: MergeParams) -> list[str]:
    """Return the callers by priority and name; those of ensembles are in INFO, record by record."""
    names = sorted({file.name for file in files if file.name})
    for name in params.order:
        if name not in names and all(file.name for file in files):
            raise ParameterError(
                f"priority: no caller {name!r}; callers: {', '.join(names)}",
                suggestion(name, names),
            )
    merged = {
        name
        for file in files
        if file.again
        for line in file.header.values("tumorkit_merge")
        for found in re.findall(r'Callers="([^"]*)"', line)
        for name in found.split()
    }
    ranks = {name: rank for rank, name in enumerate(params.order)}
    return sorted({*names, *merged}, key=lambda name: (ranks.get(name, len(ranks)), name))


def _matched(sources: Sequence[VcfSource], fasta: Fasta) -> dict[str, str]:
    names = dict.fromkeys(name for source in sources for name in source.header.contigs)
    return _Matched(fasta, match_names(names, fasta.lengths))


class _Matched(dict[str, str]):
    """Names of contigs as the reference has them; asks it for those that no header declares."""

    def __init__(self, fasta: Fasta, known: Mapping[str, str]) -> None:
        super().__init__(known)
        self._fasta = fasta

    def get(self, key: str, default: str | None = None) -> str | None:  # type: ignore[override]
        if key not in self:
            found = self._fasta.name_of(key)
            self[key] = found if found is not None else key
        return self[key]


def _hotspots(path: Path, fasta: Fasta, params: MergeParams) -> dict[str, Collection[Allele]]:
    """Return listed alleles, normalised, by contig of the reference; the others are ignored."""
    found: dict[str, set[Allele]] = {}
    with open_vcf(path) as source:
        file = CallFile(
            path=str(path),
            name="hotspots",
            header=source.header,
            reader=CallReader(source.header, Roles(tumor=None)),
        )
        fetch = ReferenceBlocks(fasta.fetch)
        for record in source:
            contig = fasta.name_of(record.contig)
            if contig is None:
                raise missing_contig(str(path), record)
            for call in file.calls(record, contig, fetch, params.max_shift):
                if not call.symbolic:
                    found.setdefault(contig, set()).add(call.allele)
    return {contig: frozenset(alleles) for contig, alleles in found.items()}


def _samples(
    files: Sequence[CallFile],
    tumor: str | None,
    normal: str | None,
    params: MergeParams,
    notes: list[str],
) -> tuple[str, str | None]:
    """Return the names of tumour and normal in the merged file: those of the first caller."""
    ranks = {name: rank for rank, name in enumerate(params.order)}
    ordered = sorted(files, key=lambda file: (ranks.get(file.name, len(ranks)), file.name))
    roles = [file.reader.roles for file in ordered]
    tumors = list(dict.fromkeys(role.tumor for role in roles if role.tumor))
    normals = list(dict.fromkeys(role.normal for role in roles if role.normal))
    for what, names in (("tumour", tumors), ("normal", normals)):
        patients = {_patient(name) for name in names} - {""}
        if len(patients) > 1:
            notes.append(
                f"the {what} has names of different patients: {', '.join(names)}; are these "
                "calls of one tumour?"
            )
        elif len(names) > 1:
            notes.append(f"the {what} is called {', '.join(names)}; taken as one sample")
    chosen = tumor or (tumors[0] if tumors else "TUMOR")
    other = normal or (normals[0] if normals else None)
    if other == chosen:
        other = f"{chosen}_NORMAL"
    return chosen, other


def _patient(sample: str) -> str:
    """Return a sample's name without the words that say its role.

    >>> [_patient(name) for name in ("P1_T", "P1-N2", "TUMOR")]
    ['p1', 'p1', '']
    """
    return re.sub(r"[^A-Za-z0-9]+", "_", _ROLE_WORDS.sub("_", sample)).strip("_").lower()
