"""The records of a large VCF or BCF near given positions, in pieces: by index or in one pass.

With an index only the needed parts of the file are read. Without one, and where the file is small
beside what asks, it is read once from front to back along with the questions.
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pysam
from numpy.typing import NDArray

from tumorkit.errors import InputError
from tumorkit.genome.contigs import match_names, standard
from tumorkit.genome.vcf import VcfHeader
from tumorkit.genome.vcf_block import RecordBlock, first_block
from tumorkit.io import bgzf
from tumorkit.io.regions import grouped
from tumorkit.io.text import is_bgzf, require_file
from tumorkit.io.vcf import open_vcf

# How far the spelling of an allele may lie from where it is looked for: a long reference allele
# before it, a repeat behind it.
REACH = 1000
# What lies this close is read in one go: a seek costs as much as some thousand records.
MAX_GAP = 5000
MAX_SPAN = 1_000_000
LINES = 10_000
# A source up to this many times the size of what asks is read in one pass.
ONE_PASS = 4
SORT = "sort it: bcftools sort -Oz -o sorted.vcf.gz {name} && bcftools index -t sorted.vcf.gz"
Positions = NDArray[np.int64]


class VcfPieces:
    """Gives the records near positions; contigs may be asked for in any spelling."""

    def __init__(self, path: Path, *, beside: int = 0) -> None:
        """Open a file; ``beside`` is the size of the file that asks, in bytes."""
        require_file(path)
        self.path = path
        self.is_bcf = _is_bcf(path)
        self.index = next((p for p in _indices(path) if p.exists()), None)
        if is_bgzf(path) and not bgzf.has_end(path):
            raise InputError(
                path,
                "truncated: the BGZF end-of-file block is missing",
                hint="copy or make the file again; it was cut off",
            )
        self.header = _bcf_header(path) if self.is_bcf else _text_header(path)
        small = path.stat().st_size <= ONE_PASS * beside
        self._indexed = _Indexed(self) if self.index and not small else None
        self._pass = None if self._indexed else _OnePass(self)

    def pieces(self, contig: str, positions: Positions) -> Iterator[RecordBlock]:
        """Yield records of one contig: at least all within reach of the sorted positions."""
        if self._pass is not None:
            if not self._pass.is_behind(contig, positions):
                yield from self._pass.pieces(contig, positions)
                return
            if self.index is None:
                raise InputError(
                    self.path,
                    f"has no index, and what asks is not sorted by position (back to {contig}:"
                    f"{int(positions[0])})",
                    hint=f"sort what is annotated, or: bcftools index -t {self.path.name}",
                )
            self._pass, self._indexed = None, _Indexed(self)
        assert self._indexed is not None
        yield from self._indexed.pieces(contig, positions)

    def name_of(self, contig: str) -> str | None:
        """Return the file's name of a contig that was asked for; None if it has no record."""
        reader = self._pass or self._indexed
        assert reader is not None
        return reader.name_of(contig)

    @property
    def known(self) -> list[str]:
        """Contigs with records that are known so far: all where there is an index."""
        reader = self._pass or self._indexed
        assert reader is not None
        return list(reader.contigs)

    def first(self, count: int = 1000) -> list[str]:
        """Return the INFO of the first records."""
        lines = itertools.islice(_blocks(self), 1)
        return [block.text(at, 7) for block in lines for at in range(min(count, len(block)))]


class _Indexed:
    """Reads by an index."""

    def __init__(self, owner: VcfPieces) -> None:
        self.owner = owner
        saved = pysam.set_verbosity(0)
        try:
            self.file: Any = (
                pysam.VariantFile(str(owner.path), drop_samples=True)
                if owner.is_bcf
                else pysam.TabixFile(str(owner.path), encoding="utf-8")
            )
        except (OSError, ValueError) as error:
            raise InputError(
                owner.path,
                "its index cannot be read",
                hint=f"bcftools index -f {owner.path.name}",
            ) from error
        finally:
            pysam.set_verbosity(saved)
        self.contigs = list(
            self.file.index if owner.is_bcf else self.file.contigs  # those with records
        )
        self.names: dict[str, str | None] = {}

    def name_of(self, contig: str) -> str | None:
        if contig not in self.names:
            name = match_names([contig], self.contigs).get(contig)
            # A BCF's index lists the contigs of its header, also those without records.
            if name and self.owner.is_bcf and next(self.file.fetch(name), None) is None:
                name = None
            self.names[contig] = name
        return self.names[contig]

    def pieces(self, contig: str, positions: Positions) -> Iterator[RecordBlock]:
        name = self.name_of(contig)
        if name is None:
            return
        places: list[int] = positions.tolist()
        for first, last in grouped(places, places, max_gap=MAX_GAP, max_span=MAX_SPAN):
            start, end = max(0, places[first] - 1 - REACH), places[last - 1] + REACH
            yield from self._fetch(name, start, end)

    def _fetch(self, name: str, start: int, end: int) -> Iterator[RecordBlock]:
        path = self.owner.path
        try:
            rows = self.file.fetch(name, start, end)
            while lines := list(itertools.islice(rows, LINES)):
                text = (
                    "".join(map(str, lines)) if self.owner.is_bcf else "\n".join(lines) + "\n"
                ).encode("utf-8")
                yield from _whole_blocks(path, text, self.owner.header)
        except UnicodeDecodeError as error:
            raise InputError(
                path,
                f"text near {name}:{start + 1} is not UTF-8",
                hint="convert it: iconv -f LATIN1",
            ) from error
        except (OSError, ValueError) as error:
            raise InputError(
                path,
                f"cannot read {name}:{start + 1}-{end}",
                hint=f"damaged, or the index is of another file: bcftools index -f {path.name}",
            ) from error


class _OnePass:
    """Reads from front to back; contigs in another order than asked for cost another pass."""

    def __init__(self, owner: VcfPieces) -> None:
        self.owner = owner
        self.names: dict[str, str] = {}
        self.complete = False
        self.asked: dict[str, int] = {}
        self._restart()

    def _restart(self) -> None:
        self.left: set[str] = set()
        self.contig = ""
        self.last = 0
        self.kept: deque[RecordBlock] = deque()
        self.ahead: tuple[str, RecordBlock] | None = None
        self.stream = self._runs()

    @property
    def contigs(self) -> list[str]:
        return list(self.names.values())

    def name_of(self, contig: str) -> str | None:
        return self.names.get(standard(contig))

    def is_behind(self, contig: str, positions: Positions) -> bool:
        """Whether records were let go that these positions would need."""
        name = standard(contig)
        highest = self.asked.get(name)
        if highest is None or (self.complete and name not in self.names):
            return False
        return name != self.contig or int(positions[0]) < highest - REACH

    def pieces(self, contig: str, positions: Positions) -> Iterator[RecordBlock]:
        name, low, high = standard(contig), int(positions[0]), int(positions[-1])
        self.asked[name] = high
        if not self._at(name):
            return
        keep = self.kept
        while keep and _last(keep[0]) < low - REACH:
            keep.popleft()
        yield from list(keep)
        while not keep or _last(keep[-1]) <= high + REACH:
            if self.ahead is None:
                self.ahead = next(self.stream, None)
            if self.ahead is None or self.ahead[0] != name:
                break
            piece, self.ahead = self.ahead[1], None
            if _last(piece) < low - REACH:
                continue
            keep.append(piece)
            # The next question may begin a little before the end of this one.
            while len(keep) > 1 and _last(keep[0]) < high - 2 * REACH:
                keep.popleft()
            yield piece

    def _at(self, name: str) -> bool:
        """Go to the records of a contig; False if there are none."""
        if self.contig == name:
            return True
        if self.complete and name not in self.names:
            return False
        self.kept.clear()
        for _ in range(2):
            if self.ahead is None:
                self.ahead = next(self.stream, None)
            while self.ahead is not None:
                if self.ahead[0] == name:
                    self.contig = name
                    return True
                self.ahead = next(self.stream, None)
            self.complete = True
            if name not in self.names:
                break
            self._restart()
        return False

    def _runs(self) -> Iterator[tuple[str, RecordBlock]]:
        """Yield pieces of one contig each, and raise where the file is not sorted."""
        current, last = "", 0
        for block in _blocks(self.owner):
            codes, names = block.grouped(0)
            positions = block.numbers(1)[0]
            cuts = [0, *(np.nonzero(np.diff(codes))[0] + 1).tolist(), len(block)]
            for start, end in itertools.pairwise(cuts):
                name = standard(names[int(codes[start])])
                if name != current:
                    if name in self.left:
                        raise self._unsorted(block, start, f"{name} stands in two places")
                    self.left.add(current)
                    current, last = name, 0
                    self.names.setdefault(name, names[int(codes[start])])
                own = positions[start:end]
                back = np.nonzero(np.diff(own, prepend=last) < 0)[0]
                if back.size:
                    raise self._unsorted(block, start + int(back[0]), "its position falls back")
                last = int(own[-1])
                yield (
                    name,
                    RecordBlock(
                        block.content,
                        block.offsets[start:end],
                        block._numbers[start:end],
                        block.header,
                    ),
                )

    def _unsorted(self, block: RecordBlock, at: int, what: str) -> InputError:
        path = self.owner.path
        return InputError(
            path,
            f"is not sorted by position: {what}",
            line=block[at].number or None,
            hint=SORT.format(name=path.name),
        )


def _last(block: RecordBlock) -> int:
    return int(block.text(len(block) - 1, 1))


def _blocks(owner: VcfPieces) -> Iterator[RecordBlock]:
    if owner.is_bcf:
        yield from _bcf_blocks(owner.path, owner.header)
        return
    with open_vcf(owner.path) as source:
        for block in source.packed(LINES):
            if not isinstance(block, RecordBlock):
                raise InputError(
                    owner.path,
                    f"POS must be a whole number, found {block[0].columns[1]!r}",
                    line=block[0].number,
                )
            yield block


def _bcf_blocks(path: Path, header: VcfHeader) -> Iterator[RecordBlock]:
    try:
        with pysam.VariantFile(str(path), drop_samples=True) as handle:
            rows = iter(handle)
            while lines := list(itertools.islice(rows, LINES)):
                text = "".join(map(str, lines)).encode("utf-8")
                yield from _whole_blocks(path, text, header)
    except (OSError, ValueError) as error:
        raise InputError(path, "is damaged or no BCF", hint="make the file again") from error


def _whole_blocks(path: Path, content: bytes, header: VcfHeader) -> Iterator[RecordBlock]:
    at = 0
    while at < len(content):
        block, end, _ = first_block(content, at, header, LINES)
        if end == at:
            line = content[at : content.index(b"\n", at)].decode("utf-8", "replace")
            raise InputError(
                path,
                f"a record is no VCF line: {line[:60]!r}",
                hint=f"expected {len(header.columns)} columns separated by tabs",
            )
        if block:
            yield block
        at = end


def _indices(path: Path) -> tuple[Path, Path]:
    return Path(f"{path}.tbi"), Path(f"{path}.csi")


def _is_bcf(path: Path) -> bool:
    if not is_bgzf(path):
        return False
    return next(bgzf.read_chunks(path), b"").startswith(b"BCF\x02") if bgzf.has_end(path) else False


def _bcf_header(path: Path) -> VcfHeader:
    try:
        with pysam.VariantFile(str(path), drop_samples=True) as handle:
            lines = str(handle.header).splitlines()
    except (OSError, ValueError) as error:
        raise InputError(path, "is damaged or no BCF", hint="make the file again") from error
    return VcfHeader(tuple(line for line in lines if line.startswith("##")), ())


def _text_header(path: Path) -> VcfHeader:
    with open_vcf(path) as source:
        return source.header
