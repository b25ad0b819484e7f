"""Open a BAM or CRAM, or say in one line why it cannot be used."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pysam

from tumorkit.contract.progress import SILENT, Progress
from tumorkit.errors import (
    ContigMismatchError,
    InputError,
    MissingIndexError,
    ReferenceMismatchError,
    SampleNotFoundError,
)
from tumorkit.genome.build import Build, detect_build
from tumorkit.genome.contigs import match_names, renamed
from tumorkit.genome.interval import Interval
from tumorkit.io.fasta import open_fasta
from tumorkit.io.text import BGZF_END, is_bgzf, is_gzip, require_file

INDEX_SUFFIXES = {"BAM": (".bai", ".csi"), "CRAM": (".crai",)}
CRAM_MAGIC = b"CRAM"
# The end container of CRAM 2.1 and 3.x holds these bytes near the file's end (CRAM 3.1, section 9).
CRAM_END = b"EOF"
SHOWN = 5


@dataclass(frozen=True, kw_only=True)
class Alignment:
    """An alignment file that was looked at and found usable.

    ``lengths`` are the contigs of the header in its order; ``samples`` the distinct SM names of
    its read groups. ``reference`` is the FASTA that a CRAM is decoded with.
    """

    path: Path
    form: str
    lengths: Mapping[str, int]
    samples: tuple[str, ...]
    reference: Path | None = None

    @property
    def sample(self) -> str:
        """The one sample name; several are joined by a comma, without any it is the file's."""
        return ",".join(self.samples) or self.path.name.partition(".")[0]

    @property
    def build(self) -> Build | None:
        """The reference build that the contig lengths tell of."""
        return detect_build(self.lengths)

    def require_sample(self, name: str) -> None:
        """Raise :class:`SampleNotFoundError` unless a read group has this sample."""
        if name not in self.samples:
            raise SampleNotFoundError(self.path, name, self.samples)


def open_alignment(
    path: Path, *, reference: Path | None = None, progress: Progress = SILENT
) -> Alignment:
    """Check an alignment file: form, completeness, header, index, reference.

    Raises :class:`InputError` for a missing, truncated or foreign file,
    :class:`MissingIndexError` with the command that makes the index, and
    :class:`ReferenceMismatchError` where ``reference`` belongs to another build.
    """
    form = form_of(path)
    lengths, groups = read_header(path, reference)
    index = require_index(path, form)
    if index.stat().st_mtime < path.stat().st_mtime - 1:
        progress.log(f"{index.name} is older than {path.name}; if in doubt: samtools index {path}")
    alignment = Alignment(
        path=path,
        form=form,
        lengths=lengths,
        samples=tuple(dict.fromkeys(group["SM"] for group in groups if group.get("SM"))),
        reference=reference,
    )
    if reference is not None:
        check_reference(alignment, reference, progress)
    elif form == "CRAM":
        raise InputError(
            path,
            "a CRAM is read with the FASTA that it was made with, and none was given",
            hint="add --reference FASTA",
        )
    return alignment


def form_of(path: Path) -> str:
    """Return ``BAM`` or ``CRAM``; raise for anything else and for truncated files."""
    require_file(path)
    size = path.stat().st_size
    if size == 0:
        raise InputError(path, "is empty (0 bytes)", hint="copy or make the file again")
    with path.open("rb") as handle:
        head = handle.read(4)
        handle.seek(max(0, size - 38))
        tail = handle.read()
    if head == CRAM_MAGIC:
        if CRAM_END not in tail:
            raise truncated(path, "CRAM end container")
        return "CRAM"
    if not is_bgzf(path) or not starts_as_bam(path):
        raise InputError(
            path,
            f"expected BAM or CRAM, found {likely_form(path, head)}",
            hint=f"make a sorted BAM: samtools sort -o sorted.bam {path}",
        )
    if not tail.endswith(BGZF_END):
        raise truncated(path, "BGZF end marker")
    return "BAM"


def starts_as_bam(path: Path) -> bool:
    """Whether the first compressed block holds BAM's magic."""
    import gzip
    import zlib

    try:
        with gzip.open(path) as plain:
            return plain.read(4) == b"BAM\x01"
    except (OSError, EOFError, zlib.error):
        return False


def likely_form(path: Path, head: bytes) -> str:
    """Say what a file seems to be."""
    if head.startswith((b"@HD", b"@SQ", b"@RG", b"@PG")):
        return "SAM text"
    return "compressed data of another kind" if is_gzip(path) else "something else"


def truncated(path: Path, marker: str) -> InputError:
    """Say that the end of a file is missing."""
    return InputError(
        path,
        f"file is truncated: the {marker} is missing",
        hint="copy the file again, and compare its size with the original's",
    )


def read_header(path: Path, reference: Path | None) -> tuple[dict[str, int], list[dict[str, Any]]]:
    """Return contig lengths and read groups."""
    try:
        with (
            quiet(),
            pysam.AlignmentFile(
                str(path), check_sq=False, reference_filename=str(reference) if reference else None
            ) as handle,
        ):
            lengths = dict(zip(handle.references, handle.lengths, strict=True))
            groups = handle.header.to_dict().get("RG", [])
    except (OSError, ValueError) as error:
        raise InputError(
            path, "the header cannot be read: damaged file", hint="copy or make the file again"
        ) from error
    if not lengths:
        raise InputError(
            path, "the header names no contigs: reads are not aligned", hint="align the reads first"
        )
    return lengths, groups


def require_index(path: Path, form: str) -> Path:
    """Return the index beside a file; raise :class:`MissingIndexError` without one."""
    for suffix in INDEX_SUFFIXES[form]:
        for index in (Path(f"{path}{suffix}"), path.with_suffix(suffix)):
            if index.exists():
                return index
    raise MissingIndexError(path, "no index beside the file", hint=f"samtools index {path}")


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Keep htslib from writing its own messages; ours say the same with a hint."""
    before = pysam.set_verbosity(0)
    try:
        yield
    finally:
        pysam.set_verbosity(before)


def check_reference(alignment: Alignment, reference: Path, progress: Progress = SILENT) -> None:
    """Raise if a FASTA is of another build than an alignment; a shorter contig is only said.

    A FASTA may hold a part of a contig from its start, as cut-down test references do.
    """
    with open_fasta(reference) as fasta:
        there = fasta.lengths
    theirs, ours = detect_build(there), alignment.build
    if theirs is not None and ours is not None and theirs is not ours:
        raise ReferenceMismatchError(
            reference,
            f"is {theirs.name}, but {alignment.path.name} was aligned to {ours.name}",
            hint=f"give the {ours.name} FASTA that the reads were aligned to",
        )
    names = match_names(alignment.lengths, there)
    if not names:
        raise ContigMismatchError(
            reference,
            f"has none of the contigs of {alignment.path.name}: "
            f"{shown(there)} against {shown(alignment.lengths)}",
            hint="give the FASTA that the reads were aligned to",
        )
    for contig, name in names.items():
        expected, found = alignment.lengths[contig], there[name]
        if found > expected:
            raise ReferenceMismatchError(
                reference,
                f"{name} has {found:,} bases, but {expected:,} in {alignment.path.name}",
                hint="give the FASTA that the reads were aligned to",
            )
        if found < expected:
            progress.log(
                f"{reference}: {name} has {found:,} bases, fewer than the {expected:,} in "
                f"{alignment.path.name}; what lies beyond is read as unknown"
            )


def shown(names: Iterable[str]) -> str:
    """Return the first few names."""
    listed = list(names)
    more = f" and {len(listed) - SHOWN} more" if len(listed) > SHOWN else ""
    return ", ".join(listed[:SHOWN]) + more


def placed_on(
    alignment: Alignment,
    intervals: Iterable[Interval],
    *,
    source: Path,
    progress: Progress = SILENT,
) -> list[Interval]:
    """Return intervals under the contig names of an alignment, in the same order.

    ``chr1``, ``1`` and ``NC_000001.11`` are the same contig; that names were changed is said
    once. Raises :class:`ContigMismatchError` for contigs that the alignment does not have and
    :class:`ReferenceMismatchError` for intervals beyond the end of a contig.
    """
    listed = list(intervals)
    names = match_names(dict.fromkeys(item.contig for item in listed), alignment.lengths)
    absent = [item for item in listed if item.contig not in names]
    if absent:
        contigs = list(dict.fromkeys(item.contig for item in absent))
        raise ContigMismatchError(
            source,
            f"{len(absent)} of {len(listed)} intervals lie on contigs that "
            f"{alignment.path.name} does not have, under no spelling: {shown(contigs)}",
            hint=f"contigs there: {shown(alignment.lengths)}; "
            f"leave the others out of {source.name}",
        )
    if renamed(names):
        before, after = next((k, v) for k, v in names.items() if k != v)
        progress.log(
            f"{source.name}: contigs are named otherwise than in {alignment.path.name}; "
            f"{before} is read as {after}, and so on"
        )
    for item in listed:
        length = alignment.lengths[names[item.contig]]
        if item.end > length:
            raise ReferenceMismatchError(
                source,
                f"{item} lies beyond the end of {names[item.contig]} ({length:,} bases) "
                f"in {alignment.path.name}",
                hint="the two were probably made on different reference builds",
            )
    return [Interval(names[i.contig], i.start, i.end, i.name) for i in listed]
