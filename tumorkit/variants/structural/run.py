"""Read the files of other callers and write their events in one shape."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tumorkit.contract.progress import SILENT, Progress
from tumorkit.contract.result import to_document
from tumorkit.contract.summary import Summary
from tumorkit.errors import InputError, ReferenceMismatchError, TumorkitError
from tumorkit.genome.build import Build, detect_build
from tumorkit.genome.structural import StructuralEvent
from tumorkit.io.digest import input_file
from tumorkit.io.documents import read_document
from tumorkit.io.genes import read_genes
from tumorkit.io.outputs import Outputs
from tumorkit.io.structural.fusions import fusion_format, read_fusions
from tumorkit.io.structural.vcf import read_structural_vcf
from tumorkit.io.text import read_lines, require_file
from tumorkit.io.vcf import open_vcf
from tumorkit.variants.structural.analysis import joined, keep
from tumorkit.variants.structural.callers import looks_for
from tumorkit.variants.structural.document import read_import
from tumorkit.variants.structural.params import StructuralParams
from tumorkit.variants.structural.result import EVENTS, FailedFile, ReadFile, StructuralResult

HINT = "give a VCF (Manta, DRAGEN, GRIDSS, Delly, Pindel, ScanITD) or a table of fusions"
MOST_ROWS = 30
EARLIER = "earlier import"
ALL_EVENTS = StructuralParams(pass_only=False, min_length=1, min_reads=0)


def run_structural(
    calls: Sequence[Path],
    *,
    genes: Path | None = None,
    tumor: str | None = None,
    build: Build | None = None,
    called_for: str = "",
    params: StructuralParams | None = None,
    progress: Progress = SILENT,
) -> StructuralResult:
    """Read files of any of the callers; the format shows in each file.

    A result of an earlier import (JSON) is a file as well. ``called_for`` is the class of events
    that a caller answers which is not known (see ``callers``). ``genes`` names breakpoints that the
    caller left without a gene. The build is the one given, else the one that contig lengths of a
    VCF show. Raises :class:`InputError` for other files.
    """
    return run_given(
        {called_for: calls}, genes=genes, tumor=tumor, build=build, params=params, progress=progress
    )


def run_given(
    given: Mapping[str, Sequence[Path]],
    *,
    genes: Path | None = None,
    tumor: str | None = None,
    likely: Sequence[str] = (),
    build: Build | None = None,
    params: StructuralParams | None = None,
    tolerant: bool = False,
    progress: Progress = SILENT,
) -> StructuralResult:
    """Read files by the class of events that they were given for (see ``callers``).

    ``likely`` are names that the tumour may have in VCFs. A file that cannot be read raises, or
    stands among the failed ones where ``tolerant``.
    """
    params = params or StructuralParams()
    listed = read_genes(genes) if genes is not None else []
    paths = [(given_as, path) for given_as, files in given.items() for path in files]
    opened: list[tuple[ReadFile, tuple[StructuralEvent, ...], str]] = []
    failed: list[FailedFile] = []
    for given_as, path in paths:
        try:
            opened += read_calls(path, given_as, Named(tumor, tuple(likely)), params, failed)
        except TumorkitError as error:
            if not tolerant:
                raise
            said = f"{error.message} ({error.hint})" if error.hint else error.message
            reason = said.replace(str(path), path.name)
            failed.append(FailedFile(name=path.name, given_as=given_as, reason=reason))
            progress.log(f"error: {reason}")
    name = build.name if build else next((said for *_, said in opened if said), "")
    check_builds(opened, name)
    events: list[StructuralEvent] = []
    files = []
    for file, found, _ in opened:
        # Events of an earlier import passed the settings of that import.
        own = params if file.format != EARLIER else ALL_EVENTS
        kept = keep(found, own, genes=listed, build=name)
        events += kept.events
        left = Counter(file.left_out) + kept.left_out
        files.append(replace(file, kept=len(kept.events), left_out=dict(sorted(left.items()))))
        progress.log(f"{file.name}: {len(kept.events)} events of {file.caller}")
    result = joined(events, params, build=name, sample=tumor or "", files=files, failed=failed)
    inputs = [("calls", path) for _, path in paths] + ([("genes", genes)] if genes else [])
    return replace(result, inputs=tuple(input_file(role, path) for role, path in inputs))


@dataclass(frozen=True)
class Named:
    """How the tumour is called in VCFs: the one name, or names that it may have."""

    tumor: str | None
    likely: tuple[str, ...] = ()


def check_builds(
    opened: Sequence[tuple[ReadFile, tuple[StructuralEvent, ...], str]], build: str
) -> None:
    """Raise for a file whose contig lengths are those of another build."""
    for file, _, said in opened:
        if said and build and said != build:
            raise ReferenceMismatchError(
                file.name,
                f"is on {said}, the other files on {build}",
                hint="give files of one reference build",
            )


def read_calls(
    path: Path, given_as: str, named: Named, params: StructuralParams, failed: list[FailedFile]
) -> list[tuple[ReadFile, tuple[StructuralEvent, ...], str]]:
    """Return what a file holds, with its build where it says so; an earlier import holds several.

    What an earlier import could not read is added to ``failed``.
    """
    require_file(path)
    start = first_line(path)
    if start.startswith("{"):
        return read_earlier_import(path, failed)
    if is_vcf(path):
        found = read_structural_vcf(
            path, tumor=named.tumor, min_length=params.min_length, likely=named.likely
        )
        form, caller, material = "VCF", found.caller, str(found.material)
        events, read, left = found.events, found.read, dict(found.left_out)
    else:
        named_form = fusion_format(path)
        if not start:
            raise InputError(
                path,
                "is empty: without a header nobody knows that a caller ran",
                hint="give the caller's own file; where it found nothing, it has a header",
            )
        if named_form is None:
            raise InputError(
                path, "is neither a VCF nor a table of fusions that is known", hint=HINT
            )
        form = caller = named_form
        material, events = "RNA", read_fusions(path, form)
        read, left = len(events), {}
    file = ReadFile(
        name=path.name,
        format=form,
        caller=caller,
        read=read,
        kept=0,
        left_out=left,
        material=material,
        looks_for=looks_for(caller, given_as),
        given_as=given_as,
    )
    return [(file, tuple(replace(one, file=path.name) for one in events), build_of(path))]


def read_earlier_import(
    path: Path, failed: list[FailedFile]
) -> list[tuple[ReadFile, tuple[StructuralEvent, ...], str]]:
    """Return the files of an earlier import with their events."""
    document = read_document(path, hint="give a tumorkit result")
    earlier = read_import(document, str(path))
    failed += earlier.failed
    names = [file.name for file in earlier.files]
    rest = [one for one in earlier.single if one.file not in names]
    if rest:
        raise InputError(path, "events of another version of tumorkit", hint="import them again")
    return [
        (
            replace(file, format=EARLIER),
            tuple(one for one in earlier.single if one.file == file.name),
            earlier.build,
        )
        for file in earlier.files
    ]


def first_line(path: Path) -> str:
    """Return the first line with text, empty where there is none or the file is a BCF."""
    if path.name.endswith(".bcf"):
        return "##"
    return next((line for _, line in read_lines(path) if line.strip()), "")


def is_vcf(path: Path) -> bool:
    """Whether a file is a VCF or BCF."""
    return first_line(path).startswith(("##", "#CHROM"))


def build_of(path: Path) -> str:
    """Return the build that a VCF's contig lengths show, empty where they do not."""
    if not is_vcf(path):
        return ""
    with open_vcf(path) as source:
        found = detect_build(source.header.contig_lengths)
    return found.name if found else ""


def write_structural(result: StructuralResult, outputs: Outputs) -> None:
    """Write the table of events, the JSON, and show the events."""
    outputs.write_output(EVENTS.text_of(row_of(event) for event in result.events))
    outputs.write_json(to_document(result))
    outputs.summarize(summary(result))


def row_of(event: StructuralEvent) -> dict[str, object]:
    """Return one event as a row."""
    row: dict[str, object] = {
        name: getattr(event, name)
        for name in ("name", "kind", "length", "frame", "split_reads", "spanning_pairs", "vaf",
                     "normal_vaf", "confidence", "filters", "material")
    }  # fmt: skip
    row |= {"caller": ",".join(event.callers), "observations": len(event.also) + 1}
    for at, end in (("1", event.first), ("2", event.second)):
        row |= {f"gene{at}": end.gene, f"contig{at}": end.contig or None, f"pos{at}": end.pos}
        row[f"keeps{at}"] = None if end.keeps == "unknown" else end.keeps
    return {key: clean(value) if isinstance(value, str) else value for key, value in row.items()}


def clean(text: str) -> str:
    """Return a text in which control characters are blanks."""
    return "".join(c if c.isprintable() else " " for c in text)


def summary(result: StructuralResult) -> Summary:
    """Return the short table: named events and fusions first."""
    ordered = sorted(result.events, key=lambda event: not event.name)
    names = ("name", "kind", "contig1", "pos1", "contig2", "pos2", "length", "frame",
             "split_reads", "spanning_pairs", "caller")  # fmt: skip
    rows = [row_of(event) for event in ordered[:MOST_ROWS]]
    notes = []
    for file in result.files:
        left = "; ".join(f"{count} {reason}" for reason, count in file.left_out.items())
        notes.append(f"{file.name} ({file.caller}): {file.read} read, {file.kept} kept"
                     + (f", left out: {left}" if left else ""))  # fmt: skip
    notes += [file.reason for file in result.failed]
    if result.merged:
        notes.append(f"records joined to the event of another one: {result.merged}")
    if len(ordered) > MOST_ROWS:
        notes.append(f"{len(ordered) - MOST_ROWS} more events")
    return Summary(
        title=f"{len(result.events)} structural events",
        columns=names,
        rows=tuple(
            tuple("" if row[name] is None else str(row[name]) for name in names) for row in rows
        ),
        notes=(*map(clean, notes), *result.notes),
    )
