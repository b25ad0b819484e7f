"""Labelled regions and hotspots: which alleles touch them, and what is said of the lists."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import make_bed, make_fasta
from tests.variants.annotate.builders import META, info_of, make_vcf
from tests.variants.annotate.test_population import read
from tumorkit.errors import ContigMismatchError, InputError, ParameterError
from tumorkit.io.hotspots import read_hotspots
from tumorkit.io.vcf import open_vcf
from tumorkit.variants import CallReader, Roles
from tumorkit.variants.annotate import AnnotateResult
from tumorkit.variants.annotate.places import touched
from tumorkit.variants.annotate.run import run_annotate
from tumorkit.variants.filter.run import run_check, run_filter

SPEC = """
tumorkit_filters: 1
name: lists
filters:
  - {id: black, says: On the blacklist, fail_if: '"blacklist" in regions'}
  - {id: off_panel, says: Off the panel, fail_if: 'not "panel" in regions'}
"""


def labelled(
    folder: Path, calls: list[str], rows: Sequence[tuple[object, ...]], label: str = "panel"
) -> tuple[list[str], AnnotateResult]:
    vcf = make_vcf(folder / "calls.vcf.gz", calls)
    bed = make_bed(folder / f"{label}.bed", rows)
    result = run_annotate(vcf, output=folder / "out.vcf.gz", regions=[f"{label}={bed}"])
    return info_of(folder / "out.vcf.gz"), result


@pytest.mark.parametrize(
    ("call", "inside"),
    [
        ("chr1 100 A C", False),  # the base before
        ("chr1 101 A C", True),  # the first base
        ("chr1 110 A C", True),  # the last base
        ("chr1 111 A C", False),
        ("chr1 98 AGG A", False),  # takes 99 and 100 away
        ("chr1 98 AGGG A", True),  # takes 101 away, too
        ("chr1 110 AGG A", False),  # its anchor is inside, what it takes away is not
        ("chr1 109 AGG A", True),
        ("chr1 99 A AGG", False),  # between 99 and 100
        ("chr1 100 A AGG", True),  # between 100 and 101
        ("chr1 110 A AGG", True),  # between 110 and 111
        ("chr1 111 A AGG", False),
        ("chr1 99 AG CT", False),
        ("chr1 100 AG CT", True),
        ("chr1 98 AGT AGC", False),  # padded: only 100 changes
        ("chr1 50 N <DEL> END=101", True),
        ("chr1 50 N <DEL> END=100", False),
        ("chr1 101 N N]chr2:5]", True),
        ("chr1 101 A .", True),
    ],
)
def test_what_an_allele_touches(tmp_path: Path, call: str, inside: bool) -> None:
    info, result = labelled(tmp_path, [call], [("chr1", 100, 110)])
    assert ("TK_REGIONS=panel" in info[0]) is inside
    assert result.regions[0].records == inside


@given(st.integers(2, 30), st.sampled_from(["A", "AC", "ACG", "CCG", "C"]), st.data())
def test_touched_bases_are_those_that_differ(pos: int, ref: str, data: st.DataObject) -> None:
    alt = data.draw(st.sampled_from(["A", "AC", "ACG", "G", "GT"]).filter(lambda one: one != ref))
    start, end = touched(pos, ref, alt)
    padded = touched(pos - 1, "T" + ref, "T" + alt)
    assert padded == (start, end)
    assert max(0, pos - 2) <= start < end <= pos + len(ref)


def test_labels_are_counted_and_overlapping_unsorted_rows_count_once(tmp_path: Path) -> None:
    rows = [("1", 190, 300), ("1", 0, 100), ("1", 50, 200), ("chr2", 5, 5)]
    info, result = labelled(tmp_path, ["chr1 60 A C", "chr1 195 A C", "chr1 301 A C"], rows)
    assert info == ["TK_REGIONS=panel", "TK_REGIONS=panel", "."]
    (told,) = result.regions
    assert (told.rows, told.bases, told.records, told.alleles) == (4, 300, 2, 2)
    notes = " ".join(result.notes)
    assert "1 row(s) without a base" in notes
    assert "1 contig(s) read under another name (chr1)" in notes


def test_a_long_row_in_a_list_of_points_is_said(tmp_path: Path) -> None:
    meta = ("##fileformat=VCFv4.2", "##contig=<ID=chr2,length=243199373>")
    vcf = make_vcf(tmp_path / "calls.vcf.gz", ["chr2 120000000 A C"], meta=meta)
    rows = [("chr2", 5, 6), ("chr2", 100, 600), ("chr2", 113_993_500, 133_994_000, "PAX8-AS1")]
    bed = make_bed(tmp_path / "b.bed", rows)
    result = run_annotate(vcf, regions=[f"blacklist={bed}"])
    assert "blacklist: chr2:113993501-133994000 spans 20.0 Mb" in result.notes[0]


def test_regions_of_another_genome_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(ContigMismatchError, match="no contig in common with the VCF"):
        labelled(tmp_path, ["chr1 60 A C"], [("scaffold_9", 0, 100)])


def test_a_filter_knows_asked_and_not_in_from_never_asked(tmp_path: Path) -> None:
    calls = ["chr1 60 A C", "chr1 500 A C"]
    _, _ = labelled(tmp_path, calls, [("chr1", 0, 100)], label="blacklist")
    spec = tmp_path / "s.yaml"
    spec.write_text(SPEC)
    result = run_filter(tmp_path / "out.vcf.gz", spec=spec)
    black, panel = result.waterfall
    assert (black.failed, black.unknown) == (1, 0)
    assert (panel.failed, panel.unknown) == (0, 2)
    _, missing = run_check(tmp_path / "calls.vcf.gz", spec=spec)
    assert [item.filter for item in missing] == ["black", "off_panel"]
    assert "were not compared with regions" in missing[0].reason


def test_labels_of_two_runs_are_joined(tmp_path: Path) -> None:
    labelled(tmp_path, ["chr1 60 A C DP=1", "chr1 500 A C"], [("chr1", 0, 100)], label="blacklist")
    bed = make_bed(tmp_path / "panel.bed", [("chr1", 50, 600)])
    again = tmp_path / "again.vcf.gz"
    run_annotate(tmp_path / "out.vcf.gz", output=again, regions=[f"panel={bed}"])
    assert info_of(again) == ["DP=1;TK_REGIONS=blacklist,panel", "TK_REGIONS=panel"]
    with open_vcf(again) as source:
        reader = CallReader(source.header, Roles(tumor=None))
        assert reader.asked_regions == {"blacklist", "panel"}
        assert "blacklist, panel" in source.header.info["TK_REGIONS"].description


HYDRA = (
    "#Chr\tStart\tEnd\tGene\tCDS_mutation_syntax\tAA_mutation_syntax\tReport\tcomment\tExon\t"
    "Accession_number"
)


def hydra(folder: Path, *rows: str) -> Path:
    path = folder / "hotspots.csv"
    lines = ["\t".join((*row.split()[:3], "G", "-", "-", row.split()[3], "-")) for row in rows]
    path.write_text("\n".join([HYDRA, *lines]) + "\n")
    return path


def hotspots_of(folder: Path, calls: list[str], listed: Path, **more: object) -> list[str]:
    vcf = make_vcf(folder / "calls.vcf.gz", calls)
    run_annotate(vcf, output=folder / "out.vcf.gz", hotspots=listed, **more)  # type: ignore[arg-type]
    return [text.removeprefix("TK_HOTSPOT=") for text in info_of(folder / "out.vcf.gz")]


def test_places_give_classes(tmp_path: Path) -> None:
    listed = hydra(
        tmp_path,
        "NC_000001.10 100 101 hotspot",
        "NC_000001.10 200 210 indel",
        "NC_000001.10 300 310 region_all",
    )
    calls = {
        "chr1 100 A C": "1-hotspot",
        "chr1 99 AG TC": "1-hotspot",
        "chr1 100 AG A": "2-indel",
        "chr1 102 A C": ".",
        "chr1 205 A C": ".",
        "chr1 205 A AC": "2-indel",
        "chr1 305 A C": "3-check",
        "chr1 305 A AC,C": "3-check,3-check",
        "chr1 310 A C,<DEL>": "3-check,.",
    }
    assert hotspots_of(tmp_path, list(calls), listed) == list(calls.values())
    assert [variant.hotspot for variant in read(tmp_path / "out.vcf.gz")][:4] == [
        True,
        True,
        False,
        False,
    ]


def test_listed_alleles_are_compared_by_allele(tmp_path: Path) -> None:
    listed = make_vcf(tmp_path / "list.vcf", ["chr1 100 A C,G", "chr1 200 AGG A"])
    calls = ["chr1 100 A C", "chr1 100 A T", "chr1 200 AGGT AT", "chr1 100 AT GT,CT"]
    assert hotspots_of(tmp_path, calls, listed) == [
        "1-hotspot",
        ".",
        "1-hotspot",
        "1-hotspot,1-hotspot",
    ]
    assert [v.hotspot for v in read(tmp_path / "out.vcf.gz")] == [True, False, True, True, True]


def test_alleles_without_a_base_before_them_are_found_too(tmp_path: Path) -> None:
    listed = tmp_path / "list.tsv"
    listed.write_text("1\t101\tGG\t-\tX\tDEL\n1\t200\t-\tTT\tX\tINS\n1\t9\tA\tC\n")
    calls = ["chr1 9 A C", "chr1 100 AGG A", "chr1 200 A ATT", "chr1 200 A AT"]
    expected = ["1-hotspot", "1-hotspot", "1-hotspot", "."]
    assert hotspots_of(tmp_path, calls, listed) == expected
    bases = "C" * 8 + "A" + "C" * 90 + "AGG" + "C" * 97 + "A" + "C" * 100
    fasta = make_fasta(tmp_path / "r.fa", {"chr1": bases})
    assert hotspots_of(tmp_path, calls, listed, reference=fasta) == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        ("chr1\tx\tA\tC\n", "expected a position and two alleles"),
        ("chr1\t5\n", "expected at least 4 columns, found 2"),
        ("Chr\tStart\tEnd\tReport\n1\t5\t4\thotspot\n", "expected 1-based start <= end"),
        ("Chr\tStart\tEnd\tReport\n1\t5\t6\thot\n", "class 'hot' is not one of"),
    ],
)
def test_bad_hotspot_lists_are_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "list.tsv"
    path.write_text(text)
    with pytest.raises(InputError, match=said):
        read_hotspots(path)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({}, "nothing to annotate from"),
        ({"regions": ["panel"]}, "expected NAME=FILE, found 'panel'"),
        ({"regions": ["a b=x.bed"]}, "expected NAME=FILE"),
        ({"populations": ["x=a", "x=b"]}, "x is given twice"),
        ({"populations": ["x=a"], "population_regions": ["y=b"]}, "no population is named y"),
    ],
)
def test_arguments_that_cannot_be(tmp_path: Path, arguments: dict[str, object], said: str) -> None:
    vcf = make_vcf(tmp_path / "calls.vcf.gz", ["chr1 60 A C"], meta=META)
    with pytest.raises(ParameterError, match=said):
        run_annotate(vcf, **arguments)  # type: ignore[arg-type]


@pytest.mark.shared
def test_hotspots_of_gms560_and_of_cancerhotspots_are_read(shared: Path) -> None:
    rows = read_hotspots(shared / "gms560/hotspots_combined_small.csv")
    assert (len(rows.places), len(rows.alleles)) == (99, 0)
    rows = read_hotspots(shared / "maf/cancerhotspots_v2_GRCh38.tsv")
    assert len(rows.alleles) == 3181


@pytest.mark.shared
def test_hd832_against_local_lists(shared: Path, tmp_path: Path) -> None:
    vcf = shared / "gms560/HD832.ensembled.vcf.gz"
    out = tmp_path / "out.vcf.gz"
    result = run_annotate(
        vcf,
        output=out,
        hotspots=shared / "maf/cancerhotspots_v2_GRCh37.tsv",
        regions=[f"genes={shared / 'reference/hg19_genes.bed.gz'}"],
    )
    assert result.records == 15_461 == len(info_of(out))
    assert result.hotspots is not None
    assert result.hotspots.hotspot > 0
    assert 0 < result.regions[0].records < 15_461
