"""Sequence is fetched under any contig name, and an unusable FASTA says why."""

from __future__ import annotations

import gzip
from pathlib import Path

import pysam
import pytest

from tests.builders import make_fasta
from tumorkit.errors import ContigMismatchError, InputError, MissingIndexError
from tumorkit.io.fasta import open_fasta


@pytest.fixture
def fasta(tmp_path: Path) -> Path:
    return make_fasta(tmp_path / "ref.fa", {"chr1": "acgtACGTNN", "chrM": "GATTACA"})


def test_either_style_of_names(fasta: Path) -> None:
    with open_fasta(fasta) as opened:
        assert opened.fetch("1", 0, 4) == opened.fetch("chr1", 0, 4) == "ACGT"
        assert opened.fetch("MT", 5, 100) == "CA"
        assert opened.fetch("chr1", 20, 30) == ""
        assert opened.lengths == {"chr1": 10, "chrM": 7}
        with pytest.raises(ContigMismatchError, match="no contig 'chr7'"):
            opened.fetch("chr7", 0, 1)


def test_bgzipped(fasta: Path) -> None:
    packed = Path(f"{fasta}.gz")
    pysam.tabix_compress(str(fasta), str(packed))
    with pytest.raises(MissingIndexError) as caught:
        open_fasta(packed)
    assert caught.value.hint == f"samtools faidx {packed}"
    pysam.faidx(str(packed))
    with open_fasta(packed) as opened:
        assert opened.fetch("1", 4, 8) == "ACGT"


def test_plain_gzip_says_bgzip(fasta: Path) -> None:
    packed = Path(f"{fasta}.gz")
    packed.write_bytes(gzip.compress(fasta.read_bytes()))
    with pytest.raises(InputError, match="plain gzip") as caught:
        open_fasta(packed)
    assert f"bgzip {fasta}" in caught.value.hint


def test_missing_index_offers_the_command(tmp_path: Path) -> None:
    fasta = make_fasta(tmp_path / "ref.fa", {"chr1": "ACGT"}, index=False)
    with pytest.raises(MissingIndexError) as caught:
        open_fasta(fasta)
    assert caught.value.hint == f"samtools faidx {fasta}"
    assert list(tmp_path.iterdir()) == [fasta]


@pytest.mark.parametrize(("content", "said"), [("", "is empty"), ("chr1\t5\n", "is no FASTA")])
def test_not_a_fasta(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "ref.fa"
    path.write_text(content)
    with pytest.raises(InputError, match=said):
        open_fasta(path)


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        open_fasta(tmp_path / "ref.fa")
