"""Scanning a reference: stated minima, any cutting, targets."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import make_bed, make_fasta
from tests.core.test_repeats import SEQUENCE
from tumorkit.errors import ContigMismatchError
from tumorkit.genome.interval import Interval
from tumorkit.genome.repeat import Repeat
from tumorkit.io.loci import loci_text, read_loci
from tumorkit.msi.scan import ScanParams, scan_sequence
from tumorkit.msi.scan import stretches as stretches_module
from tumorkit.msi.scan.run import run_scan, touching, within
from tumorkit.msi.scan.stretches import stretches


@given(SEQUENCE, st.lists(st.integers(0, 60), max_size=8))
def test_sites_do_not_depend_on_how_the_sequence_is_cut(text: str, cuts: list[int]) -> None:
    edges = [0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]
    pieces = [text[a:b] for a, b in pairwise(edges)]
    assert list(scan_sequence("1", pieces)) == list(scan_sequence("1", [text]))


@pytest.mark.parametrize(
    ("tract", "expected"),
    [("A" * 7, None), ("A" * 8, "(A)8"), ("CA" * 4, None), ("CA" * 5, "(CA)5"),
     ("GATCC" * 5, "(GATCC)5"), ("acacacacac", "(AC)5"), ("A" * 101, None)],
)  # fmt: skip
def test_the_minima_are_as_stated(tract: str, expected: str | None) -> None:
    found = [str(site).split()[1] for site in scan_sequence("1", ["GGCTT" + tract + "GTCGG"])]
    assert found == ([expected] if expected else [])


@pytest.mark.parametrize(("left", "right"), [("GGTC", "GTCGG"), ("TGGTC", "GTNGG")])
def test_a_flank_must_be_known(left: str, right: str) -> None:
    assert not list(scan_sequence("1", [left + "A" * 9 + right]))


def test_a_shorter_minimum_finds_more() -> None:
    text = "TGGTC" + "A" * 6 + "GTCGG"
    assert len(list(scan_sequence("1", [text], ScanParams(min_homopolymer=6)))) == 1


def test_targets_leave_sites_as_they_are(tmp_path: Path) -> None:
    text = "GGTCAGTCAG" + "T" * 9 + "CAGCTGGCTA" + "CA" * 6 + "GTCGGATCGA"
    fasta = make_fasta(tmp_path / "r.fa", {"chr1": text, "chr2": text})
    whole = run_scan(fasta)
    bed = make_bed(tmp_path / "t.bed", [("1", 5, 25), ("1", 30, 35), ("GL1", 1, 2)])
    some = run_scan(fasta, targets=bed)
    assert [str(site) for site in some.loci] == ["chr1:11 (T)9"]
    assert whole.loci[0] == some.loci[0]
    assert (whole.found, some.cut_by_targets) == (4, 1)
    assert "GL1" in some.notes[0]
    with pytest.raises(ContigMismatchError, match="no target lies on a contig"):
        run_scan(fasta, targets=make_bed(tmp_path / "o.bed", [("chrUn", 0, 9)]))
    with pytest.raises(ContigMismatchError, match="chr1:901-950 lies behind the end of chr1"):
        run_scan(fasta, targets=make_bed(tmp_path / "b.bed", [("chr1", 900, 950)]))
    none = run_scan(fasta, targets=make_bed(tmp_path / "n.bed", [("chr1", 0, 9)]))
    assert none.found == 0
    assert "of one build?" in none.notes[0]


@given(
    st.text("AAAACCGTNa", max_size=900) | st.lists(SEQUENCE, max_size=30).map("".join),
    st.lists(st.integers(0, 900), max_size=8, unique=True),
    st.sampled_from([0, 40]),
)
def test_reading_beside_targets_gives_the_sites_of_the_contig(
    text: str, edges: list[int], gap: int
) -> None:
    ordered = sorted(edge for edge in edges if edge <= len(text))
    spans = [Interval("1", a, b) for a, b in zip(ordered[::2], ordered[1::2], strict=False)]
    params = ScanParams(min_homopolymer=4, min_repeats=3, max_unit=4)
    whole = list(scan_sequence("1", [text], params))
    found: list[Repeat] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stretches_module, "WINDOW", 16)
        for begin, end, listed in stretches(
            spans, lambda a, b: text[a:b], len(text), params, gap=gap
        ):
            start = max(begin - params.flank, 0)
            piece = text[start : end + params.flank]
            sites = list(scan_sequence("1", [piece], params, start=start, lead=begin - start))
            assert touching(sites, listed) == touching(whole, listed)
            found += within(sites, listed)
    assert found == within(whole, spans)


def test_a_written_list_is_read_back(tmp_path: Path) -> None:
    sites = list(scan_sequence("chr1", ["GGTCA" + "T" * 9 + "CAGCTGGCTA" + "CA" * 6 + "GTCGG"]))
    path = tmp_path / "loci.tsv"
    path.write_text(loci_text(sites))
    assert list(read_loci(path).loci) == sites
