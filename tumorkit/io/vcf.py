"""Read and write VCF: plain text, gzip, BGZF and BCF; text keeps every byte of a record."""

from __future__ import annotations

import contextlib
import itertools
import sys
from collections.abc import Generator, Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from tumorkit.errors import InputError, ParameterError
from tumorkit.genome.vcf import FIXED_COLUMNS, SAMPLE_COLUMN, VcfHeader, VcfRecord
from tumorkit.genome.vcf_block import first_block
from tumorkit.io import bcf, bgzf
from tumorkit.io.atomic import atomic_path, cannot_write
from tumorkit.io.outputs import STDOUT
from tumorkit.io.text import is_bgzf, open_binary, require_file

_CHUNK = 1 << 20
# The largest contig that a .tbi index can address; beyond it a .csi is written.
TBI_LIMIT = 2**29 - 1
_MAGIC_HINTS = {
    b"BAM\x01": ("is a BAM, not a VCF", "give the VCF of a variant caller"),
    b"CRAM": ("is a CRAM, not a VCF", "give the VCF of a variant caller"),
}


class VcfSource:
    """An open VCF: its header, and its records as an iterator that can be used once.

    Records carry their line number. Anything that is not VCF is an :class:`InputError` that
    names the line.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._text = _Text(path)
        self._lines = self._text.lines()
        self.header = self._read_header()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; records that were read stay usable."""
        self._lines.close()

    def __iter__(self) -> Iterator[VcfRecord]:
        for block in self.blocks():
            yield from block

    def blocks(self, size: int = 10_000) -> Iterator[list[VcfRecord]]:
        """Yield lists of at most ``size`` records in file order."""
        block: list[VcfRecord] = []
        for number, line in self._lines:
            if not line:
                continue
            block.append(self._record(line, number))
            if len(block) == size:
                yield block
                block = []
        if block:
            yield block

    def packed(self, size: int = 10_000) -> Iterator[Sequence[VcfRecord]]:
        """Yield the same records in blocks of at most ``size`` that keep them as bytes.

        What :class:`~tumorkit.genome.vcf_block.RecordBlock` does not take comes in a list.
        """
        for content, before in self._text.contents():
            at, number = 0, before
            while at < len(content):
                block, at, passed = first_block(content, at, self.header, size, number)
                number += passed
                if block:
                    yield block
                if at < len(content) and len(block) < size:
                    end = content.index(b"\n", at)
                    number += 1
                    yield [self._record(content[at:end].decode("utf-8"), number)]
                    at = end + 1

    def _record(self, line: str, number: int) -> VcfRecord:
        if line.count("\t") != len(self.header.columns) - 1:
            raise self._wrong_columns(line, number)
        try:
            return VcfRecord(line, self.header, number)
        except ValueError as error:
            found = line.split("\t")[1]
            raise InputError(
                self.path,
                f"POS must be a whole number, found {found!r}",
                line=number,
                hint="columns are separated by tabs: " + " ".join(FIXED_COLUMNS),
            ) from error

    def _read_header(self) -> VcfHeader:
        meta: list[str] = []
        for number, line in self._lines:
            if line.startswith("##"):
                meta.append(line)
            elif line.startswith("#CHROM"):
                return self._column_line(meta, line, number)
            else:
                what = "no header" if number == 1 else "no #CHROM line before the records"
                raise InputError(
                    self.path,
                    f"not a VCF: {what}, found {line[:40]!r}",
                    line=number,
                    hint="a VCF begins with ##fileformat=VCFv4.x and names its columns in #CHROM",
                )
        what = "has no #CHROM line" if meta else "is empty"
        raise InputError(
            self.path, f"not a VCF: {what}", hint="the file was cut off, or another tool failed"
        )

    def _column_line(self, meta: list[str], line: str, number: int) -> VcfHeader:
        columns = tuple(line.split("\t"))
        if columns[:8] != FIXED_COLUMNS or (len(columns) > 8 and columns[8] != "FORMAT"):
            raise InputError(
                self.path,
                f"the column line is not that of a VCF: {line[:60]!r}",
                line=number,
                hint="columns are separated by tabs: " + " ".join(FIXED_COLUMNS),
            )
        samples = columns[SAMPLE_COLUMN:]
        doubled = sorted({name for name in samples if samples.count(name) > 1})
        if doubled:
            raise InputError(
                self.path,
                f"sample named more than once: {', '.join(doubled)}",
                line=number,
                hint="rename the samples with bcftools reheader -s",
            )
        return VcfHeader(tuple(meta), samples, has_format=len(columns) > 8)

    def _wrong_columns(self, line: str, number: int) -> InputError:
        expected, found = len(self.header.columns), line.count("\t") + 1
        if found == 1 and len(line.split()) >= len(FIXED_COLUMNS):
            return InputError(
                self.path,
                f"expected {expected} columns separated by tabs, found spaces",
                line=number,
                hint="turn the spaces into tabs: sed -E '/^#/!s/ +/\\t/g'",
            )
        said = f"{len(self.header.samples)} samples" if self.header.samples else "no sample"
        return InputError(
            self.path,
            f"expected {expected} columns (the header names {said}), found {found}",
            line=number,
            hint="columns are separated by tabs"
            if found < len(FIXED_COLUMNS)
            else "every record needs a column for each sample of the header",
        )


def open_vcf(path: Path) -> VcfSource:
    """Open a VCF (plain, gzip, BGZF or BCF) and read its header.

    Headers without ``##contig``, files without records and FORMAT without samples are accepted.
    """
    return VcfSource(path)


class _Text:
    """The lines of a file: one by one, and from any of them on as bytes of many."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._pieces = _pieces(path)
        self._piece = b""
        self._before = 0
        self._number = 0

    def lines(self) -> Generator[tuple[int, str]]:
        """Yield line numbers and lines without their ends."""
        for piece in self._pieces:
            self._piece, self._before = piece, self._number
            for line in _decode(self.path, piece, self._before):
                self._number += 1
                yield self._number, line

    def contents(self) -> Iterator[tuple[bytes, int]]:
        """Yield what follows the last line, as whole lines, and how many lines came before."""
        used = self._number - self._before
        rest = self._piece.split(b"\n", used)[used:]
        before = self._number
        for piece in itertools.chain(rest, self._pieces):
            content = _checked(self.path, piece, before)
            yield content, before
            before += content.count(b"\n")


def _pieces(path: Path) -> Iterator[bytes]:
    """Yield pieces of whole lines, without the last line end."""
    rest = b""
    first = True
    for chunk in _chunks(path):
        if first and not rest:
            _refuse_binary(path, chunk)
        body, mark, tail = chunk.rpartition(b"\n")
        if not mark:
            rest += chunk
            continue
        first = False
        yield rest + body
        rest = tail
    if rest:
        yield rest


def _checked(path: Path, piece: bytes, before: int) -> bytes:
    """Return whole lines that are UTF-8 and end with a newline alone."""
    if not piece.isascii():
        _decode(path, piece, before)
    if b"\r" in piece:
        piece = b"\n".join([line.removesuffix(b"\r") for line in piece.split(b"\n")])
    return piece + b"\n"


def _decode(path: Path, content: bytes, before: int) -> list[str]:
    """Decode whole lines; ``before`` lines came earlier."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = before + 1 + content.count(b"\n", 0, error.start)
        raise InputError(
            path,
            f"text is not UTF-8 (byte 0x{content[error.start]:02x})",
            line=line,
            hint="convert it: iconv -f LATIN1 -t UTF-8",
        ) from error
    if "\r" in text:
        return [line.removesuffix("\r") for line in text.split("\n")]
    return text.split("\n")


def _chunks(path: Path) -> Iterator[bytes]:
    require_file(path)
    chunks = bgzf.read_chunks(path) if is_bgzf(path) else _plain_chunks(path)
    first = next(chunks, b"")
    if first.startswith(bcf.MAGIC):
        yield from bcf.text_chunks(path)
        return
    yield first
    yield from chunks


def _plain_chunks(path: Path) -> Iterator[bytes]:
    with open_binary(path) as handle:
        while chunk := handle.read(_CHUNK):
            yield chunk


def _refuse_binary(path: Path, chunk: bytes) -> None:
    for magic, (what, hint) in _MAGIC_HINTS.items():
        if chunk.startswith(magic):
            stem = path.name.split(".")[0]
            raise InputError(path, what, hint=hint.format(stem=stem, name=path.name))
    if b"\0" in chunk[:1024]:
        raise InputError(path, "not a VCF: binary data", hint="give the VCF of a variant caller")


class VcfSink:
    """Writes a VCF: ``.vcf`` is text, ``.vcf.gz`` and ``.bcf`` are indexed, ``-`` is stdout.

    Use as a context manager; the file appears whole when the block ends without an error.
    ``index`` is the path of the index, or None; ``notes`` say why there is none, and what BCF
    could not hold.
    """

    def __init__(self, path: Path, header: VcfHeader) -> None:
        if path != STDOUT and not path.name.endswith((".vcf", ".vcf.gz", ".vcf.bgz", ".bcf")):
            raise ParameterError(
                f"{path}: the output's name must end in .vcf, .vcf.gz or .bcf",
                "for instance calls.vcf.gz",
            )
        self.path = path
        self.header = header
        self.index: Path | None = None
        self.notes: list[str] = []
        self.compressed = path.name.endswith("gz")
        self.binary = path.name.endswith(".bcf")
        self._stack = contextlib.ExitStack()
        self._temporary = path
        self._handle: BinaryIO
        self._writer: BinaryIO | bgzf.BgzfWriter

    def __enter__(self) -> Self:
        if self.path == STDOUT:
            self._handle = sys.stdout.buffer
        else:
            self._temporary = self._stack.enter_context(atomic_path(self.path))
            self._text = self._temporary
            if self.binary:
                self._text = self._temporary.with_suffix(".vcf")
                self._stack.callback(self._text.unlink, missing_ok=True)
            self._handle = self._text.open("wb")
        self._writer = bgzf.BgzfWriter(self._handle) if self.compressed else self._handle
        self._put(self.header.text().encode("utf-8"))
        return self

    def write(self, lines: Iterable[str]) -> None:
        """Write record lines, given without their line ends."""
        text = "\n".join(lines)
        if text:
            self._put((text + "\n").encode("utf-8"))

    def write_content(self, content: bytes) -> None:
        """Write whole lines as they are."""
        if content:
            self._put(content)

    def _put(self, content: bytes) -> None:
        try:
            self._writer.write(content)
        except OSError as error:
            raise self._failure(error) from error

    def _failure(self, error: OSError) -> Exception:
        if isinstance(error, BrokenPipeError):
            return error
        return cannot_write(self.path, error)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.path == STDOUT:
            self._handle.flush()
            return
        failure = error
        try:
            if error is None and isinstance(self._writer, bgzf.BgzfWriter):
                self._writer.close()
            self._handle.close()
            if error is None and self.binary:
                self.notes += bcf.write_bcf(self._text, self._temporary, self.header)
        except OSError as problem:
            failure = self._failure(problem)
        except InputError as problem:
            failure = problem
        if failure is not None:
            self._stack.__exit__(type(failure), failure, failure.__traceback__)
            if failure is not error:
                raise failure
        elif self.compressed or self.binary:
            with self._made_index() as made:
                self._stack.__exit__(None, None, None)
                if made is not None:
                    self.index = self.path.with_name(self.path.name + made.suffix)
                    made.replace(self.index)
        else:
            self._stack.__exit__(None, None, None)

    @contextlib.contextmanager
    def _made_index(self) -> Iterator[Path | None]:
        """Index the temporary file; an unsorted file has no index, and that is said."""
        longest = max(self.header.contig_lengths.values(), default=0)
        suffix = ".csi" if self.binary or longest > TBI_LIMIT else ".tbi"
        made = self._temporary.with_name(self._temporary.name + suffix)
        import pysam

        saved = pysam.set_verbosity(0)
        try:
            pysam.tabix_index(
                str(self._temporary),
                preset="bcf" if self.binary else "vcf",
                force=True,
                keep_original=True,
                csi=suffix == ".csi",
            )
        except (OSError, ValueError):
            self.notes.append(
                "not indexed: records are not sorted by position: sort with bcftools sort"
            )
            made.unlink(missing_ok=True)
        finally:
            pysam.set_verbosity(saved)
        try:
            yield made if made.exists() else None
        finally:
            made.unlink(missing_ok=True)


def write_vcf(path: Path, header: VcfHeader, lines: Iterable[str]) -> None:
    """Write a whole VCF from record lines."""
    with VcfSink(path, header) as sink:
        sink.write(lines)
