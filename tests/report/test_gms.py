"""GMS's table of coverage and mutations: every hotspot, with or without a variant."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pysam
import pytest

from tests.report.exported import make_case, make_reported
from tumorkit.cli import run
from tumorkit.errors import InputError
from tumorkit.genome.contigs import standard
from tumorkit.genome.hotspot import Hotspot
from tumorkit.genome.interval import Interval
from tumorkit.io.hotspot_table import read_hotspot_table, read_point_depths
from tumorkit.report.export import ExportCase, export_case
from tumorkit.report.export.fhir_codes import refseq

HEAD = (
    "#Chr\tStart\tEnd\tGene\tCDS_mutation_syntax\tAA_mutation_syntax\tReport\tcomment\tExon\t"
    "Accession_number\n"
)
ROW = "NC_000017.11\t7675088\t7675088\tTP53\tc.G524\tp.R175\thotspot\t-\texon5\tNM_000546\n"
SPOT: dict[str, Any] = {
    "contig": "chr17", "start": 7_675_088, "end": 7_675_090, "report": "hotspot", "gene": "TP53",
    "protein": "p.R175", "exon": "exon5", "transcript": "NM_000546", "comment": "resistance",
}  # fmt: skip
DEPTHS = {("chr17", 7_675_088): 812.0, ("chr17", 7_675_089): 199.0, ("chr17", 7_675_090): 29.0}


def spot(**changes: Any) -> Hotspot:
    return Hotspot(**{**SPOT, **changes})


def case(
    *variants: Any, spots: tuple[Hotspot, ...] | None = (spot(),), **changes: Any
) -> ExportCase:
    known = {"variants": variants, "hotspots": spots, "depths": DEPTHS}
    return make_case(**{**known, **changes})


def told(given: ExportCase) -> list[dict[str, str]]:
    (text,) = export_case(given, ["gms-table"]).contents.values()
    head, *rows = [line.split("\t") for line in str(text).splitlines()]
    assert len(head) == 26
    return [dict(zip(head, row, strict=True)) for row in rows]


def short(given: ExportCase, *columns: str) -> list[tuple[str, ...]]:
    return [tuple(row[column] for column in columns) for row in told(given)]


def test_positions_without_a_variant_have_their_depth() -> None:
    rows = told(case())
    assert [(row["start"], row["gvcf_depth"], row["Min_read_depth200"]) for row in rows] == [
        ("7675088", "812", "ok"),
        ("7675089", "199", "low"),
        ("7675090", "29", "not analyzable"),
    ]
    first = rows[0]
    assert first["chr"] == "NC_000017.11"
    assert (first["Gene"], first["Exon"], first["AA_change"]) == ("TP53", "exon5", "R175")
    assert (first["report"], first["Comment"]) == ("1-hotspot", "resistance")
    assert {first[name] for name in ("ref", "alt", "DP", "AF", "Consequence")} == {"-"}


def test_a_variant_takes_the_row_of_its_position() -> None:
    rows = short(case(make_reported(1)), "start", "alt", "report", "gvcf_depth")
    assert rows == [
        ("7675088", "-", "1-hotspot", "812"),
        ("7675089", "T", "1-hotspot", "199"),
        ("7675090", "-", "1-hotspot", "29"),
    ]


def test_other_variants_come_last() -> None:
    rows = short(case(make_reported(50)), "start", "report", "gvcf_depth", "Min_read_depth200")
    assert rows[-1] == ("7675138", "4-other", "-", "ok")
    assert len(rows) == 4


def test_a_depth_that_nobody_measured_is_unknown_and_counted() -> None:
    given = case(depths={})
    assert {row["gvcf_depth"] for row in told(given)} == {"-"}
    assert {row["Min_read_depth200"] for row in told(given)} == {"-"}
    (file,) = export_case(given, ["gms-table"]).files
    assert file.left_out == {"positions of hotspots whose depth nobody measured": 3}


@pytest.mark.parametrize(
    ("report", "ref", "alt", "expected", "empty"),
    [
        ("hotspot", "C", "T", "1-hotspot", 2),
        ("hotspot", "CA", "C", "2-indel", 2),
        ("hotspot", "CA", "TG", "2-indel", 1),
        ("region_all", "C", "T", "3-check", 2),
        ("region", "C", "T", "3-check", 0),
        ("indel", "C", "T", "4-other", 0),
        ("indel", "CA", "C", "2-indel", 0),
    ],
)
def test_classes_are_those_of_hydra_genetics(
    report: str, ref: str, alt: str, expected: str, empty: int
) -> None:
    rows = told(case(make_reported(0, ref=ref, alt=alt), spots=(spot(report=report),)))
    assert [row["report"] for row in rows if row["alt"] != "-"] == [expected]
    assert sum(row["alt"] == "-" for row in rows) == empty


def test_all_alleles_of_a_position_have_a_row_and_none_is_empty() -> None:
    both = (make_reported(0), make_reported(0, alt="G"))
    rows = short(case(*both), "start", "alt")
    assert rows == [("7675088", "T"), ("7675088", "G"), ("7675089", "-"), ("7675090", "-")]


def test_a_position_in_two_lists_has_its_variant_once_and_no_row_without() -> None:
    spots = (spot(report="region_all", start=7_675_088, end=7_675_088), spot())
    rows = short(case(make_reported(0), spots=spots), "start", "alt", "report")
    assert rows == [
        ("7675088", "T", "1-hotspot"),
        ("7675089", "-", "1-hotspot"),
        ("7675090", "-", "1-hotspot"),
    ]


def test_a_variant_beside_a_hotspot_is_none_of_it() -> None:
    rows = short(case(make_reported(-1)), "start", "report")
    assert ("7675087", "4-other") in rows
    rows = short(case(make_reported(3)), "start", "report")
    assert ("7675091", "4-other") in rows


def test_without_a_list_the_annotation_says_the_class() -> None:
    item = make_reported(0, info={"Hotspot": "3-check"})
    assert short(case(item, spots=None), "report") == [("3-check",)]


def accessions(build: str = "GRCh38") -> dict[str, str]:
    return {f"chr{name}": refseq(f"chr{name}", build) for name in (1, 17)}


def test_tables_are_read_with_what_they_say(tmp_path: Path) -> None:
    path = tmp_path / "hotspots.csv"
    path.write_text(HEAD + ROW + ROW)
    (found,) = read_hotspot_table(path, accessions())
    assert (found.contig, found.start, found.coding) == ("chr17", 7_675_088, "c.G524")
    assert found.comment == ""


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (HEAD + ROW.replace("NC_000017.11", "NC_000017.10"), "of another build"),
        (HEAD + ROW.replace("hotspot", "spot"), "'spot' is not one of"),
        (HEAD + ROW.replace("7675088", "0"), "1-based"),
        (HEAD, "holds no hotspot"),
        (ROW, "no column 'chr'"),
    ],
)
def test_tables_that_cannot_be_meant_are_refused(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "hotspots.csv"
    path.write_text(text)
    with pytest.raises(InputError, match=says):
        read_hotspot_table(path, accessions())


PLACES = [Interval("chr17", 7_675_087, 7_675_090)]


def test_depths_come_from_per_base_beds_and_genomic_vcfs(tmp_path: Path) -> None:
    bed = tmp_path / "x.per-base.bed"
    bed.write_text("17\t7675000\t7675088\t812\n17\t7675088\t7675089\t199\n")
    assert read_point_depths(bed, PLACES) == {
        ("chr17", 7_675_088): 812.0, ("chr17", 7_675_089): 199.0}  # fmt: skip
    vcf = tmp_path / "x.g.vcf"
    vcf.write_text(
        "##fileformat=VCFv4.2\n"
        '##INFO=<ID=END,Number=1,Type=Integer,Description="x">\n'
        '##FORMAT=<ID=DP,Number=1,Type=Integer,Description="x">\n'
        "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tT1\n"
        "chr17\t7675080\t.\tC\t<*>\t.\t.\tEND=7675088\tDP\t812\n"
        "chr17\t7675089\t.\tA\t<*>\t.\t.\t.\tDP\t.\n"
    )
    assert read_point_depths(vcf, PLACES, sample="T1") == {("chr17", 7_675_088): 812.0}
    bed.write_text("17\t1\n")
    with pytest.raises(InputError, match="start, end and depth"):
        read_point_depths(bed, PLACES)


@pytest.mark.shared
def test_depths_of_reads_are_those_of_samtools(shared: Path) -> None:
    bam = shared / "gms560" / "HD832.HES45_T.bam"
    places = [Interval("chr1", 935_500, 935_560), Interval("chr1", 2_160_000, 2_160_003)]
    found = read_point_depths(bam, places)
    assert len(found) == 63
    # -s counts the bases of a pair that overlap once; where mates disagree the two part by a read.
    text = pysam.depth("-a", "-s", "-q", "0", "-Q", "20", "-r", "chr1:935501-935560", str(bam))
    for line in text.splitlines():
        contig, position, depth = line.split("\t")
        assert abs(found[contig, int(position)] - float(depth)) <= 1


@pytest.mark.shared
def test_the_laboratorys_own_list_is_read_whole(shared: Path) -> None:
    path = shared / "gms560" / "hotspots_combined_small.csv"
    grch37 = {standard(f"chr{n}"): refseq(f"chr{n}", "GRCh37") for n in range(1, 23)}
    found = read_hotspot_table(path, grch37)
    assert len(found) == 99
    assert {spot.report for spot in found} == {"hotspot", "region_all"}
    with pytest.raises(InputError, match="of another build"):
        read_hotspot_table(path, {standard("chr1"): refseq("chr1", "GRCh38")})


def test_the_command_writes_hotspots(tmp_path: Path) -> None:
    vcf = tmp_path / "in.vcf"
    vcf.write_text(
        "##fileformat=VCFv4.2\n##contig=<ID=chr17,length=83257441>\n"
        "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
        "chr17\t7675088\t.\tC\tT\t.\tPASS\t.\n"
    )
    table, bed, out = (tmp_path / name for name in ("hotspots.tsv", "d.bed", "out.tsv"))
    table.write_text(HEAD + ROW.replace("7675088\tTP53", "7675089\tTP53"))
    bed.write_text("chr17\t7675000\t7675088\t812\n")
    words = ["report", "export", str(vcf), "--to", "gms-table", "-o", str(out)]
    assert run([*words, "--hotspots", str(table), "--depth", str(bed)]) == 0
    rows = [line.split("\t") for line in out.read_text().splitlines()[1:]]
    assert [(row[1], row[12]) for row in rows] == [("7675088", "812"), ("7675089", "-")]
    assert run([*words, "--depth", str(bed)]) == 2
