"""Reads truth and query, compares them, writes what was asked for."""

from __future__ import annotations

import contextlib
import dataclasses
import sys
from collections.abc import Iterator
from pathlib import Path

from tumorkit.contract.progress import SILENT, Progress
from tumorkit.contract.result import to_document
from tumorkit.errors import ContigMismatchError, ParameterError, ReferenceMismatchError
from tumorkit.genome.alleles import Fetch
from tumorkit.genome.build import detect_build
from tumorkit.genome.contigs import standard
from tumorkit.genome.interval import Interval, Territory
from tumorkit.io.atomic import atomic_path
from tumorkit.io.bed import read_intervals
from tumorkit.io.digest import input_file
from tumorkit.io.fasta import open_fasta
from tumorkit.io.outputs import STDOUT, Outputs
from tumorkit.io.vcf import VcfSource, open_vcf
from tumorkit.variants.calls import CallReader
from tumorkit.variants.compare.analysis import WRONG_REF, Call, Write, calls_of, compare_calls
from tumorkit.variants.compare.params import CompareParams
from tumorkit.variants.compare.result import COMPARED, CompareResult
from tumorkit.variants.roles import Roles, assign_roles


def run_compare(
    truth: Path,
    query: Path,
    *,
    output: Path | None = None,
    confident: Path | None = None,
    false_positive: Path | None = None,
    reference: Path | None = None,
    tumor: str | None = None,
    params: CompareParams | None = None,
    progress: Progress = SILENT,
) -> CompareResult:
    """Compare the calls of a VCF with a truth VCF; ``output`` is a table of all records.

    ``confident`` and ``false_positive`` are BED files as :func:`compare_calls` takes regions;
    ``tumor`` names the query's sample whose allele fractions are used. Raises
    :class:`ContigMismatchError` for files without a common contig and
    :class:`ReferenceMismatchError` for headers of different builds.
    """
    params = params or CompareParams()
    if reference is not None and params.match == "record":
        raise ParameterError(
            "a reference has no use when whole records are compared", "add --match allele"
        )
    roles = {"truth": truth, "query": query}
    more = {"confident": confident, "false_positive": false_positive}
    roles |= {role: path for role, path in more.items() if path is not None}
    inputs = tuple(input_file(role, path) for role, path in roles.items())
    regions = [_territory(path) for path in (confident, false_positive)]
    notes: list[str] = []
    contigs: dict[str, set[str]] = {"truth": set(), "query": set()}
    with contextlib.ExitStack() as stack:
        fetch = stack.enter_context(open_fasta(reference)).fetch if reference else None
        sources = [stack.enter_context(open_vcf(path)) for path in (truth, query)]
        _require_one_build(truth, query, sources)
        wide = dataclasses.replace(params, pass_only=False)
        told = _reader(sources[0], None, "truth", notes)
        known = _calls(sources[0], told, wide, fetch, contigs["truth"])
        reader = _reader(sources[1], tumor, "query", notes)
        tracked = progress.track(sources[1].blocks(), label="Comparing")
        blocks = (record for block in tracked for record in block)
        called = (
            call for record in blocks for call in calls_of(record, reader, params, fetch=fetch)
        )
        write = stack.enter_context(_open_table(output)) if output is not None else None
        result = compare_calls(
            known,
            _watched(called, contigs["query"]),
            confident=regions[0],
            false_positive=regions[1],
            params=params,
            write=write,
        )
        _require_common(truth, query, contigs)
        _require_reference(reference, result)
        _require_regions(contigs["query"] | contigs["truth"], (confident, false_positive), regions)
        build = detect_build(sources[1].header.contig_lengths)
    return dataclasses.replace(
        result,
        sample=(reader.roles.tumor or "") if reader else "",
        build=build.name if build else "",
        inputs=inputs,
        notes=(*result.notes, *notes),
    )


def write_compare(result: CompareResult, outputs: Outputs) -> None:
    """Write the JSON document and show the counts."""
    outputs.write_json(to_document(result))
    outputs.summarize(result.summary())


def _territory(path: Path | None) -> Territory | None:
    if path is None:
        return None
    return Territory(
        Interval(standard(item.contig), item.start, item.end) for item in read_intervals(path)
    )


def _reader(source: VcfSource, tumor: str | None, what: str, notes: list[str]) -> CallReader | None:
    """Return the reader of allele fractions; a file whose tumour nobody can tell has none."""
    try:
        roles = assign_roles(source.header, tumor=tumor, path=source.path)
    except ParameterError:
        if tumor is not None:
            raise
        notes.append(
            f"allele fractions of the {what} are unknown: nothing says which is the tumour"
        )
        return CallReader(source.header, Roles(tumor=None)) if source.header.samples else None
    return CallReader(source.header, roles)


def _calls(
    source: VcfSource,
    reader: CallReader | None,
    params: CompareParams,
    fetch: Fetch | None,
    contigs: set[str],
) -> Iterator[Call]:
    for record in source:
        yield from _watched(calls_of(record, reader, params, fetch=fetch), contigs)


def _watched(calls: Iterator[Call], contigs: set[str]) -> Iterator[Call]:
    """Yield calls and note their contigs."""
    for call in calls:
        contigs.add(standard(call.contig))
        yield call


def _require_one_build(truth: Path, query: Path, sources: list[VcfSource]) -> None:
    known, called = (detect_build(source.header.contig_lengths) for source in sources)
    if known and called and known.name != called.name:
        raise ReferenceMismatchError(
            query,
            f"was made on {called.name}, {truth.name} on {known.name} (by the contig lengths)",
            hint="give calls and truth of the same build, or lift one over",
        )


def _require_common(truth: Path, query: Path, contigs: dict[str, set[str]]) -> None:
    known, called = contigs["truth"], contigs["query"]
    if known and called and not known & called:
        raise ContigMismatchError(
            query,
            f"has no contig in common with {truth.name}: {_some(called)} against {_some(known)}",
            hint="give calls and truth of the same genome",
        )


def _require_reference(reference: Path | None, result: CompareResult) -> None:
    wrong = sum(item.count for item in result.left_out if item.reason == WRONG_REF)
    read = result.truth_read + result.query_read
    if reference is not None and 2 * wrong > read:
        raise ReferenceMismatchError(
            reference,
            f"{wrong} of {read} alleles have a REF that it does not have",
            hint="give the FASTA that the calls were made on",
        )


def _require_regions(
    contigs: set[str], paths: tuple[Path | None, ...], regions: list[Territory | None]
) -> None:
    for path, territory in zip(paths, regions, strict=True):
        if path is not None and territory is not None and not contigs & set(territory.contigs):
            raise ContigMismatchError(
                path,
                f"has no contig in common with the calls: {_some(set(territory.contigs))} "
                f"against {_some(contigs)}",
                hint="give regions of the same genome",
            )


def _some(contigs: set[str]) -> str:
    names = sorted(contigs)
    return ", ".join(names[:3]) + (", ..." if len(names) > 3 else "")


@contextlib.contextmanager
def _open_table(path: Path) -> Iterator[Write]:
    if path == STDOUT:
        sys.stdout.write(COMPARED.header() + "\n")
        yield lambda row: print(COMPARED.line(row))
        return
    with atomic_path(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as out:
        out.write(COMPARED.header() + "\n")
        yield lambda row: print(COMPARED.line(row), file=out)
