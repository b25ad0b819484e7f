"""Interval files of every kind, and one clear line for a bad one."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tumorkit.errors import InputError
from tumorkit.genome import Interval
from tumorkit.io.bed import read_intervals


@pytest.mark.parametrize(
    "text",
    [
        "chr1\t10\t20\tA\n",
        "chr1 10 20 A\n",
        "track name=x\nbrowser y\n#c\nchr1\t10\t20\tA\t0\t+\n",
        "contig\tstart\tend\tname\nchr1\t10\t20\tA\n",
        "@HD\tVN:1.0\n@SQ\tSN:chr1\tLN:100\nchr1\t11\t20\t+\tA\n",
        "chr1:11-20 A\n",
        "chr1\t10\t20\tA\r\n",
    ],
)
def test_every_form_gives_the_same_interval(tmp_path: Path, text: str) -> None:
    path = tmp_path / "targets.bed"
    path.write_bytes(text.encode())
    assert read_intervals(path) == [Interval("chr1", 10, 20, "A")]


def test_gzip_is_read(tmp_path: Path) -> None:
    path = tmp_path / "targets.bed.gz"
    path.write_bytes(gzip.compress(b"chr1\t10\t20\n"))
    assert read_intervals(path) == [Interval("chr1", 10, 20)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("chr1\t10\t20\nchr1\t30\t20\n", "targets.bed:2: end 20 is before start 30"),
        ("chr1\t10\n", "targets.bed:1: expected at least 3 columns, found 2"),
        ("chr1\t1\t2\nchr1\ta\t20\n", "targets.bed:2: start and end must be whole numbers"),
        ("chr1\t-1\t20\n", "targets.bed:1: start -1 is below 0"),
        ("", "targets.bed: holds no interval"),
        ("# nothing\n", "targets.bed: holds no interval"),
    ],
)
def test_a_bad_row_is_named(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "targets.bed"
    path.write_text(text)
    with pytest.raises(InputError) as caught:
        read_intervals(path)
    assert str(caught.value).startswith(str(tmp_path / message.split(":", maxsplit=1)[0]))
    assert message in str(caught.value)


@pytest.mark.shared
def test_real_panels_are_read(shared: Path) -> None:
    folder = shared / "copynumber" / "cnvkit"
    assert len(read_intervals(folder / "amplicon.bed")) == len(
        read_intervals(folder / "amplicon.text")
    )
    assert len(read_intervals(folder / "nv2_baits.interval_list")) > 6000
