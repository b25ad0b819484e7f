"""Every unusable alignment is answered in one line, with what to do."""

from __future__ import annotations

import gzip
import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from tests.builders import Read, make_bam, make_fasta
from tumorkit.errors import (
    ContigMismatchError,
    InputError,
    MissingIndexError,
    ReferenceMismatchError,
    SampleNotFoundError,
)
from tumorkit.genome import GRCH37, GRCH38, Interval
from tumorkit.io.alignment import open_alignment, placed_on
from tumorkit.io.depth import mean_depths

READS = [Read(name="a", pos=100), Read(name="b", pos=5000)]


Item = TypeVar("Item")


class Said:
    """A progress that remembers what was said."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def track(
        self, items: Iterable[Item], *, label: str = "", total: int | None = None
    ) -> Iterator[Item]:
        yield from items

    def log(self, message: str) -> None:
        self.lines.append(message)


@pytest.fixture
def bam(tmp_path: Path) -> Path:
    return make_bam(tmp_path / "t.bam", READS)


def refused(
    path: Path, kind: type[InputError] = InputError, *, reference: Path | None = None
) -> InputError:
    with pytest.raises(kind) as caught:
        open_alignment(path, reference=reference)
    assert caught.type is kind
    assert "\n" not in str(caught.value)
    assert caught.value.hint
    assert str(path) in str(caught.value) or reference is not None
    return caught.value


def test_a_good_bam_tells_contigs_and_sample(bam: Path) -> None:
    opened = open_alignment(bam)
    assert dict(opened.lengths) == {"chr1": 10_000, "chr2": 5_000}
    assert (opened.sample, opened.form, opened.build) == ("T", "BAM", None)


def test_missing_file(tmp_path: Path, bam: Path) -> None:
    error = refused(tmp_path / "tt.bam")
    assert "no such file" in str(error)
    assert "t.bam" in error.hint


def test_truncated_bam(bam: Path) -> None:
    bam.write_bytes(bam.read_bytes()[:-28])
    assert "truncated: the BGZF end marker is missing" in str(refused(bam))


def test_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "t.bam"
    path.touch()
    assert "is empty (0 bytes)" in str(refused(path))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"chr1\t1\t2\n" * 20, "something else"),
        (b"@HD\tVN:1.6\n", "SAM text"),
        (gzip.compress(b"text", mtime=0), "compressed data of another kind"),
    ],
)
def test_not_an_alignment(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "t.bam"
    path.write_bytes(content)
    error = refused(path)
    assert f"expected BAM or CRAM, found {said}" in str(error)
    assert "samtools sort" in error.hint


def test_unindexed_bam_offers_the_command(tmp_path: Path) -> None:
    path = make_bam(tmp_path / "t.bam", READS, index=False)
    assert refused(path, MissingIndexError).hint == f"samtools index {path}"


def test_an_index_named_without_bam_is_found(tmp_path: Path, bam: Path) -> None:
    shutil.move(f"{bam}.bai", tmp_path / "t.bai")
    target = [Interval("chr1", 100, 200)]
    assert mean_depths(open_alignment(bam), target, min_mapping_quality=0).tolist() == [1.0]


def test_an_old_index_is_said(bam: Path) -> None:
    os.utime(f"{bam}.bai", (0, 0))
    said = Said()
    open_alignment(bam, progress=said)
    assert "t.bam.bai is older than t.bam" in said.lines[0]


def test_unaligned_reads(tmp_path: Path) -> None:
    path = make_bam(tmp_path / "t.bam", contigs={}, index=False)
    assert "names no contigs" in str(refused(path))


def test_sample_names_come_from_read_groups(tmp_path: Path) -> None:
    both = open_alignment(make_bam(tmp_path / "two.bam", samples=("A", "B", "A")))
    assert both.samples == ("A", "B")
    assert both.sample == "A,B"
    nameless = open_alignment(make_bam(tmp_path / "case7.tumor.bam", samples=()))
    assert nameless.sample == "case7"
    with pytest.raises(SampleNotFoundError, match="samples present: A, B"):
        both.require_sample("C")


def test_build_is_found_from_lengths(tmp_path: Path) -> None:
    lengths = {"1": GRCH37.lengths["chr1"], "2": GRCH37.lengths["chr2"]}
    assert open_alignment(make_bam(tmp_path / "t.bam", contigs=lengths)).build is GRCH37


SEQUENCE = {"chr1": "ACGT" * 2_500, "chr2": "GATTA" * 1_000}


def test_cram_needs_its_reference(tmp_path: Path) -> None:
    fasta = make_fasta(tmp_path / "ref.fa", SEQUENCE)
    cram = make_bam(tmp_path / "t.cram", READS, reference=fasta)
    assert refused(cram).hint == "add --reference FASTA"
    assert open_alignment(cram, reference=fasta).form == "CRAM"
    cram.write_bytes(cram.read_bytes()[:-30])
    assert "truncated" in str(refused(cram, reference=fasta))


def test_reference_of_another_build(tmp_path: Path) -> None:
    bam = make_bam(tmp_path / "t.bam", contigs={"chr21": GRCH38.lengths["chr21"]})
    fasta = make_fasta(tmp_path / "ref.fa", {"chr21": "N"}, index=False)
    length = GRCH37.lengths["chr21"]
    Path(f"{fasta}.fai").write_text(f"chr21\t{length}\t7\t{length}\t{length + 1}\n")
    error = refused(bam, ReferenceMismatchError, reference=fasta)
    assert "is GRCh37, but t.bam was aligned to GRCh38" in str(error)


def test_reference_with_other_contigs(tmp_path: Path, bam: Path) -> None:
    fasta = make_fasta(tmp_path / "ref.fa", {"scaffold1": "ACGT"})
    assert "has none of the contigs" in str(refused(bam, ContigMismatchError, reference=fasta))


def test_longer_reference_contig_is_refused_shorter_is_said(tmp_path: Path, bam: Path) -> None:
    longer = make_fasta(tmp_path / "long.fa", {"chr1": "A" * 10_001})
    assert "10,001 bases, but 10,000" in str(refused(bam, ReferenceMismatchError, reference=longer))
    said = Said()
    open_alignment(bam, reference=make_fasta(tmp_path / "s.fa", {"1": "A" * 900}), progress=said)
    assert "1 has 900 bases, fewer than the 10,000" in said.lines[0]


def test_other_contig_style_is_matched_and_said(bam: Path) -> None:
    said = Said()
    placed = placed_on(
        open_alignment(bam),
        [Interval("1", 5, 9, "A"), Interval("2", 0, 3)],
        source=Path("panel.bed"),
        progress=said,
    )
    assert placed == [Interval("chr1", 5, 9, "A"), Interval("chr2", 0, 3)]
    assert len(said.lines) == 1
    assert "1 is read as chr1" in said.lines[0]


def test_targets_on_absent_contigs_are_refused(bam: Path) -> None:
    with pytest.raises(ContigMismatchError, match=r"1 of 2 intervals .* under no spelling: chr9"):
        placed_on(
            open_alignment(bam),
            [Interval("chr1", 0, 5), Interval("chr9", 0, 5)],
            source=Path("panel.bed"),
        )


def test_targets_beyond_a_contig_are_refused(bam: Path) -> None:
    with pytest.raises(ReferenceMismatchError, match=r"2:4991-5001 lies beyond the end of chr2"):
        placed_on(open_alignment(bam), [Interval("2", 4990, 5001)], source=Path("panel.bed"))
