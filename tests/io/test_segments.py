"""Segments survive a round trip, and peers' files are read in any order of columns."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumorkit.errors import InputError
from tumorkit.genome.segment import Segment
from tumorkit.io.segments import read_segments, segments_text

FLOATS = st.floats(-5, 5).map(lambda value: float(f"{value:.6g}"))


@st.composite
def segment_lists(draw: st.DrawFn) -> list[Segment]:
    found, at = [], 0
    for _ in range(draw(st.integers(1, 5))):
        start = at + draw(st.integers(0, 100))
        at = start + draw(st.integers(1, 1000))
        found.append(
            Segment(
                contig="chr7",
                start=start,
                end=at,
                log2_ratio=draw(FLOATS),
                bins=draw(st.integers(1, 99)),
                weight=1.5,
                gene=draw(st.sampled_from(["", "EGFR", "EGFR,BRAF"])),
                log2_low=draw(st.none() | FLOATS),
                end_high=draw(st.none() | st.integers(0, 2000)),
                focal=draw(st.booleans()),
                copy_number=draw(st.none() | st.floats(0, 9).map(lambda v: float(f"{v:.6g}"))),
                minor_cn=draw(st.none() | st.integers(0, 3)),
            )
        )
    return found


@given(segment_lists())
def test_own_files_come_back_as_they_were(
    tmp_path_factory: pytest.TempPathFactory, segments: list[Segment]
) -> None:
    path = tmp_path_factory.mktemp("cns") / "t.cns"
    path.write_text(segments_text(segments))
    again = read_segments(path)
    assert again == segments
    assert segments_text(again) == path.read_text()


def test_empty_cells_are_unknown(tmp_path: Path) -> None:
    path = tmp_path / "t.cns"
    path.write_text("end\tlog2\tcn\tstart\tchromosome\tbaf\n90\t\t\t5\tchr1\t\n")
    [segment] = read_segments(path)
    assert math.isnan(segment.log2_ratio)
    assert (segment.copy_number, segment.baf, segment.start) == (None, None, 5)


def test_seg_positions_are_one_based(tmp_path: Path) -> None:
    path = tmp_path / "t.seg"
    path.write_text(
        '"ID"\t"chrom"\t"loc.start"\t"loc.end"\t"num.mark"\t"seg.mean"\nS\t7\t1\t9\t3\t.5'
    )
    [segment] = read_segments(path)
    assert (segment.start, segment.end, segment.bins) == (0, 9, 3)


@pytest.mark.parametrize(
    "columns",
    [
        "ID\tchrom\tloc.start\tloc.end\tnum.mark\tseg.mean",
        "ID\tchrom\tstart\tend\tnum.mark\tseg.mean",
        "Sample\tChromosome\tStart\tEnd\tNum_Probes\tSegment_Mean",
    ],
)
def test_every_spelling_of_seg_is_one_based(tmp_path: Path, columns: str) -> None:
    path = tmp_path / "t.seg"
    path.write_text(f"{columns}\nS\t1\t1001\t2000\t5\t-0.5\n")
    [segment] = read_segments(path)
    assert (segment.start, segment.end, segment.bins, segment.log2_ratio) == (1000, 2000, 5, -0.5)


@pytest.mark.parametrize("row", ["chr1\t0\t9\tinf\t5", "chr1\t0\t9\t0.1\tNAN"])
def test_numbers_that_cannot_be_are_named(tmp_path: Path, row: str) -> None:
    path = tmp_path / "t.cns"
    path.write_text(f"chromosome\tstart\tend\tlog2\tprobes\n{row}\n")
    with pytest.raises(InputError, match=r"t\.cns:2: \w+ must be a number"):
        read_segments(path)


def test_one_shared_base_is_parted_with_a_warning_and_more_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.cns"
    head = "chromosome\tstart\tend\tgene\tlog2\n"
    path.write_text(head + "chr1\t0\t11\t-\t0\nchr1\t10\t20\t-\t1\n")
    with pytest.warns(UserWarning, match="1 segments overlapped the next by one base"):
        assert [(s.start, s.end) for s in read_segments(path)] == [(0, 10), (10, 20)]
    path.write_text(head + "chr1\t0\t15\t-\t0\nchr1\t10\t20\t-\t1\n")
    with pytest.raises(InputError, match="overlap by 5 bases"):
        read_segments(path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "holds no segment"),
        ("chromosome\tstart\tend\n", "no columns chromosome, start, end, log2"),
        ("chromosome\tstart\tend\tlog2\nchr1\t\t\t0\n", ":2: missing coordinates: start, end"),
        ("chromosome\tstart\tend\tlog2\nchr1\t9\t2\t0\n", ":2: end 2 is not after start 9"),
        ("chromosome\tstart\tend\tlog2\nchr1\t0\t2\tx\n", ":2: log2 must be a number"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_line(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "t.cns"
    path.write_text(text)
    with pytest.raises(InputError, match=said):
        read_segments(path)


@pytest.mark.shared
def test_real_files(shared: Path) -> None:
    folder = shared / "copynumber"
    assert len(read_segments(folder / "cnvkit/cl_seq.cns")) == 78
    with pytest.warns(UserWarning, match="54 segments overlapped"):
        tr95t = read_segments(folder / "cnvkit/tr95t.segmetrics.cns")
    assert (len(tr95t), tr95t[0].log2_low) == (124, 0.09266)
    assert len(read_segments(folder / "purecn/example_gatk4_modelfinal.seg.gz")) == 23
    seg = read_segments(folder / "purecn/example_seg.txt")
    assert {round(s.log2_ratio, 5) for s in seg} >= {0.13338, -0.6394}
    with pytest.warns(UserWarning, match="10 segments overlapped"):
        assert len(read_segments(folder / "cnvkit/warning.seg")) == 11
    with pytest.raises(InputError, match="missing coordinates"):
        read_segments(folder / "purecn/buggy_cnvkit.seg.gz")
    loh = read_segments(shared / "gms560/HD832.pathology.loh.cns")
    assert len(loh) == 58
    assert any(s.copy_number is not None and s.major_cn is None for s in loh)
