"""Join reading normals, learning their errors, and writing the background."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tumorkit import __version__
from tumorkit.contract.progress import SILENT, Progress
from tumorkit.contract.result import InputFile, plain, to_document
from tumorkit.contract.summary import Summary
from tumorkit.core.error_rates import RatePrior, priors_document
from tumorkit.errors import InputError, ParameterError, ReferenceMismatchError
from tumorkit.genome.contigs import match_names
from tumorkit.genome.interval import Interval
from tumorkit.io.alignment import (
    Alignment,
    check_reference,
    open_alignment,
    placed_on,
    renaming_note,
)
from tumorkit.io.background import BackgroundFile, write_background
from tumorkit.io.bed import read_intervals
from tumorkit.io.digest import input_file
from tumorkit.io.fasta import Fasta, open_fasta
from tumorkit.io.normal_vcf import is_vcf, open_normal_vcf
from tumorkit.io.outputs import STDOUT, Outputs
from tumorkit.io.pileup import Counted, Stretch, count_bases, stretches_of
from tumorkit.io.spool import Spool
from tumorkit.variants.background.analysis import (
    FLANK,
    Lesson,
    PanelBlock,
    error_rates,
    new_lesson,
)
from tumorkit.variants.background.learning import SAMPLE, learn
from tumorkit.variants.background.model import COLUMNS, Background, background_of
from tumorkit.variants.background.params import BackgroundParams
from tumorkit.variants.background.result import BackgroundResult
from tumorkit.variants.background.rows import block_rows

READS = (
    "primary, mapped, neither duplicate nor failing quality control nor supplementary; a fragment "
    "counts once, mates that disagree do not count"
)
FEW_NORMALS = 5


@dataclass
class Tally:
    """Sums over the blocks, taken while their rows are written."""

    numbers: Counter[str] = field(default_factory=Counter)


def run_background(
    normals: Sequence[Path],
    *,
    targets: Path,
    reference: Path,
    output: Path,
    params: BackgroundParams | None = None,
    threads: int = 1,
    progress: Progress = SILENT,
) -> BackgroundResult:
    """Write the background of normals (BAM, CRAM or VCF, indexed) over the targets.

    ``output`` is bgzipped and gets a tabix index beside it. Two passes: all alleles are counted and
    put aside, a sample of them teaches how often errors of each kind are made, then rows are
    written. Raises :class:`ParameterError` without normals or with one given twice,
    :class:`InputError` for what cannot be read, :class:`ReferenceMismatchError` where normals,
    targets and reference are not of one build.
    """
    params = params or BackgroundParams()
    if output == STDOUT:
        raise ParameterError(
            "the background needs a file: it is indexed", "give -o background.tsv.gz"
        )
    opened, inputs = open_normals(normals, reference, progress)
    listed = read_intervals(targets)
    placed = placed_on(opened[0], listed, source=targets, progress=progress)
    names = contig_names(opened, placed)
    stretches = stretches_of(placed)
    bases = sum(int((one.ends - one.starts).sum()) for one in stretches)
    if not bases:
        raise InputError(targets, "holds no base", hint="expected intervals with start < end")
    inputs += (input_file("targets", targets), input_file("reference", reference))
    tally = Tally()
    with Spool() as spool, open_fasta(reference) as fasta:
        quality = (params.min_mapping_quality, params.min_base_quality)
        counted = count_bases(
            opened, names, stretches, *quality, threads=threads, progress=progress
        )
        lesson = put_aside(spool, stretches, counted, fasta, params)
        if not lesson.substitutions.seen:
            raise nothing_covered(targets)
        progress.log("learning how often errors of each kind are made")
        priors = learn(lesson.substitutions, lesson.indels, lesson.typical_depths())
        header = header_of(opened, inputs, params, priors)
        texts = row_texts(spool, stretches, fasta, priors, params, tally)
        write_background(output, header, COLUMNS, texts)
    numbers = tally.numbers
    return BackgroundResult(
        sample=f"{len(opened)} normals",
        build=opened[0].build.name if opened[0].build else "",
        inputs=inputs,
        normals=tuple(one.sample for one in opened),
        bases=bases,
        covered=numbers["covered"],
        alleles=numbers["alleles"],
        insertions_deletions=numbers["insertions_deletions"],
        germline=numbers["germline"],
        rates=error_rates(priors),
        notes=notes_of(opened, renaming_note(opened[0], listed, targets)),
        params=params,
    )


def nothing_covered(targets: Path) -> InputError:
    """Say that targets and normals have nothing in common."""
    return InputError(
        targets,
        "no normal covers any target",
        hint="are targets and normals of one panel and build?",
    )


def put_aside(
    spool: Spool,
    stretches: Sequence[Stretch],
    counted: Iterable[list[Counted]],
    fasta: Fasta,
    params: BackgroundParams,
) -> Lesson:
    """Put the counts of all stretches aside, and collect what they teach."""
    lesson = new_lesson(SAMPLE)
    for number, (stretch, found) in enumerate(zip(stretches, counted, strict=True)):
        arrays: list[NDArray[Any]] = [np.stack([counts for counts, _ in found], axis=1)]
        arrays += [indels for _, indels in found]
        lesson.take(block_of(number, stretch, arrays, fasta), params)
        spool.add(arrays)
    return lesson


def open_normals(
    normals: Sequence[Path], reference: Path, progress: Progress
) -> tuple[tuple[Alignment, ...], tuple[InputFile, ...]]:
    """Open the normals; raise where there are none, or one stands twice in the list."""
    if not normals:
        raise ParameterError("no normals were given", "name one BAM or CRAM of each normal")
    opened = tuple(open_normal(one, reference, progress) for one in normals)
    inputs = tuple(input_file("normal", one) for one in normals)
    first: dict[str, str] = {}
    for item in inputs:
        if item.sha256 in first:
            raise ParameterError(
                f"{item.name} and {first[item.sha256]} are the same normal",
                "name every normal once; a normal that counts twice makes errors look certain",
            )
        first[item.sha256] = item.name
    for one in opened[1:]:
        if one.build is not None and opened[0].build is not None and one.build != opened[0].build:
            raise ReferenceMismatchError(
                one.path,
                f"is on {one.build.name}, but {opened[0].path.name} is on {opened[0].build.name}",
                hint="align all normals to one reference",
            )
    return opened, inputs


def open_normal(path: Path, reference: Path, progress: Progress) -> Alignment:
    """Open one normal, an alignment or a VCF, and compare it with the reference."""
    if not is_vcf(path):
        return open_alignment(path, reference=reference, progress=progress)
    opened = open_normal_vcf(path)
    check_reference(opened, reference, progress)
    return opened


def contig_names(opened: Sequence[Alignment], placed: Iterable[Interval]) -> list[dict[str, str]]:
    """Return the names of the targets' contigs in each normal; they must be of one length."""
    contigs = list(dict.fromkeys(item.contig for item in placed))
    names = []
    for one in opened:
        there = match_names(contigs, one.lengths)
        for contig in contigs:
            expected = opened[0].lengths[contig]
            if contig not in there:
                raise ReferenceMismatchError(
                    one.path,
                    f"has no contig {contig}, which {opened[0].path.name} has",
                    hint="align all normals to one reference",
                )
            found = one.lengths[there[contig]]
            if found != expected:
                raise ReferenceMismatchError(
                    one.path,
                    f"{there[contig]} has {found:,} bases, but {expected:,} in "
                    f"{opened[0].path.name}",
                    hint="align all normals to one reference",
                )
        names.append(there)
    return names


def block_of(number: int, stretch: Stretch, arrays: Sequence[Any], fasta: Fasta) -> PanelBlock:
    """Join counts with the reference around them."""
    origin = max(0, int(stretch.starts[0]) - FLANK)
    end = int(stretch.ends[-1]) + FLANK
    sequence = fasta.fetch(stretch.contig, origin, end)
    # A reference may be cut short; what it does not have is unknown.
    return PanelBlock(
        contig=stretch.contig,
        number=number,
        positions=stretch.positions,
        counts=arrays[0],
        indels=tuple(arrays[1:]),
        sequence=sequence.ljust(end - origin, "N"),
        origin=origin,
    )


def row_texts(
    spool: Spool,
    stretches: Sequence[Stretch],
    fasta: Fasta,
    priors: Mapping[str, RatePrior],
    params: BackgroundParams,
    tally: Tally,
) -> Iterator[str]:
    """Yield the rows of stretch after stretch, and count them."""
    for number, (stretch, arrays) in enumerate(zip(stretches, spool, strict=True)):
        rows = block_rows(block_of(number, stretch, arrays, fasta), priors, params)
        tally.numbers.update(
            covered=rows.covered,
            alleles=rows.alleles,
            insertions_deletions=rows.insertions_deletions,
            germline=rows.germline,
        )
        yield rows.text


def header_of(
    opened: Sequence[Alignment],
    inputs: Sequence[InputFile],
    params: BackgroundParams,
    priors: Mapping[str, RatePrior],
) -> dict[str, Any]:
    """Return what the file says of itself."""
    return {
        "tumorkit_version": __version__,
        "build": opened[0].build.name if opened[0].build else "",
        "normals": [one.sample for one in opened],
        "reads": READS,
        "params": plain(params),
        "inputs": plain(inputs),
        "priors_columns": ["log_mean", "log_mean_sd", "log_rho", "log_rho_sd", "alleles"],
        "priors": priors_document(priors),
    }


def notes_of(opened: Sequence[Alignment], renaming: str) -> tuple[str, ...]:
    """Say what a reader of the result should know."""
    notes = [renaming] if renaming else []
    if len(opened) < FEW_NORMALS:
        few = "one normal" if len(opened) == 1 else f"only {len(opened)} normals"
        notes.append(
            f"{few}: how much normals differ is known from the kind of error more than from the "
            "site; from 20 normals on the site speaks for itself"
        )
    calls = sum(one.form == "VCF" for one in opened)
    if calls:
        notes.append(
            f"VCFs among the normals: {calls}; depths are those of the program that wrote them, "
            "and a base without a record says nothing; a VCF of calls only, without all other "
            "bases, makes errors look frequent"
        )
    twice = [name for name, n in Counter(one.sample for one in opened).items() if n > 1]
    if twice:
        notes.append(f"several files are of one sample: {', '.join(twice)}")
    return tuple(notes)


def open_background(path: Path, *, reference: Path | None = None) -> Background:
    """Open a background for :meth:`Background.p_value`.

    With a ``reference`` insertions and deletions that no normal shows are judged by their repeat;
    without one, by what all insertions or deletions share.
    """
    file = BackgroundFile(path)
    if tuple(file.columns) != COLUMNS or not {"params", "normals", "priors"} <= set(file.header):
        raise InputError(
            path,
            "is a background with other columns or without its header",
            hint="make it again with tumorkit variants background",
        )
    fetch = open_fasta(reference).fetch if reference is not None else None
    return background_of(file.header, file.at, fetch)


def write_background_summary(result: BackgroundResult, outputs: Outputs) -> None:
    """Write JSON and the short table where they were asked for."""
    outputs.write_json(to_document(result))
    outputs.summarize(summary(result))


def summary(result: BackgroundResult) -> Summary:
    """Return the short table: what was counted, and the commonest errors."""
    kinds = [rate for rate in result.rates if "[" in rate.kind]
    worst = sorted(kinds, key=lambda rate: -rate.rate)[:3]
    rows = [
        ("normals", str(len(result.normals))),
        ("bases of targets", f"{result.bases:,}"),
        ("covered by a normal", f"{result.covered:,}"),
        ("alleles seen", f"{result.alleles:,}"),
        ("of them insertions and deletions", f"{result.insertions_deletions:,}"),
        ("left out as carried by the normal", f"{result.germline:,}"),
    ]
    rows += [(f"errors at {rate.kind}", f"{rate.rate:.2g} a fragment") for rate in worst]
    return Summary(
        title="background of normals",
        columns=("what", "value"),
        rows=tuple(rows),
        notes=result.notes,
    )
