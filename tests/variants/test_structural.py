"""Events of other callers: one shape, one event a junction, nothing lost without a word."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tumorkit.cli import run
from tumorkit.errors import InputError, SampleNotFoundError
from tumorkit.genome.build import build_named
from tumorkit.genome.structural import Breakpoint, StructuralEvent
from tumorkit.variants.structural import StructuralParams, StructuralResult, gather
from tumorkit.variants.structural.named import DISTANCE, NAMED
from tumorkit.variants.structural.run import run_structural

COLUMNS = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO"
ARRIBA = "\t".join((
    "#gene1", "gene2", "strand1(gene/fusion)", "strand2(gene/fusion)", "breakpoint1",
    "breakpoint2", "site1", "site2", "type", "split_reads1", "split_reads2", "discordant_mates",
    "coverage1", "coverage2", "confidence", "reading_frame", "filters", "fusion_transcript",
))  # fmt: skip
STAR = "\t".join((
    "#FusionName", "JunctionReadCount", "SpanningFragCount", "SpliceType", "LeftGene",
    "LeftBreakpoint", "RightGene", "RightBreakpoint", "FFPM", "PROT_FUSION_TYPE",
))  # fmt: skip
GMS = "\t".join((
    "callers", "gene1", "gene2", "exon1", "exon2", "confidence", "FC-callers", "predicted_effect",
    "breakpoint1", "breakpoint2", "dedup_coverage", "A_split_reads", "A_spanning_pairs",
    "A_total_supporting_reads", "SF_split_reads", "SF_spanning_pairs",
    "SF_total_supporting_reads", "FC_split_reads", "FC_spanning_pairs",
    "FC_total_supporting_reads", "All_total_supporting_reads",
))  # fmt: skip


def vcf(path: Path, *records: str, source: str = "", samples: str = "\tFORMAT\tN1\tT1") -> Path:
    path.write_text("\n".join(["##fileformat=VCFv4.2", f"##source={source}", COLUMNS + samples,
                               *records]) + "\n")  # fmt: skip
    return path


def read(path: Path, **params: int | bool) -> StructuralResult:
    return run_structural(
        [path],
        build=build_named("GRCh38"),
        params=StructuralParams(**params),  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("here", "there", "kind", "length"),
    [
        (("chr1", 100, "A[chr1:201["), ("chr1", 201, "]chr1:100]A"), "deletion", 100),
        (("chr1", 100, "]chr1:200]A"), ("chr1", 200, "A[chr1:100["), "duplication", 101),
        (("chr1", 100, "A]chr1:200]"), ("chr1", 200, "A]chr1:100]"), "inversion", 100),
        (("chr1", 100, "A[chr9:200["), ("chr9", 200, "]chr1:100]A"), "translocation", None),
        (("chr1", 100, "ACCCCCCCCCC[chr1:101["), ("chr1", 101, "]chr1:100]CCCCCCCCCCA"),
         "insertion", 10),
    ],
)  # fmt: skip
@pytest.mark.parametrize("mated", [True, False])
def test_both_records_of_a_junction_are_one_event(
    here: tuple[str, int, str],
    there: tuple[str, int, str],
    kind: str,
    length: int | None,
    mated: bool,
    tmp_path: Path,
) -> None:
    rows = []
    for (contig, pos, alt), own, mate in ((here, "a", "b"), (there, "b", "a")):
        info = f"SVTYPE=BND;MATEID={mate}" if mated else "SVTYPE=BND"
        rows.append(f"{contig}\t{pos}\t{own}\tA\t{alt}\t.\tPASS\t{info}\tPR:SR\t9,0\t8,2:6,4")
    result = read(vcf(tmp_path / "m.vcf", *rows, source="GenerateSVCandidates 1.6"))
    (event,) = result.events
    assert (event.kind, event.length) == (kind, length)
    assert (event.split_reads, event.spanning_pairs, event.depth, event.vaf) == (4, 2, 20, 0.3)
    (file,) = result.files
    assert file.read == file.kept + sum(file.left_out.values()) == 2
    assert file.caller == "manta"


def test_gridss_delly_pindel_and_scanitd_count_their_own_reads(tmp_path: Path) -> None:
    gridss = vcf(
        tmp_path / "g.vcf",
        "chr1\t100\ta\tA\tA[chr1:301[\t.\tPASS\tMATEID=b\tVF:REF:REFPAIR:SR:RP\t0:9:9:0:0\t"
        "5:10:5:3:4",
        source="gridss",
    )
    pindel = vcf(
        tmp_path / "p.vcf",
        "chr13\t28034100\t.\tA\tACCCCCCCCCCCC\t.\tPASS\tSVTYPE=INS;SVLEN=12\tGT:AD\t0/0:9,0\t"
        "0/1:30,10",
        source="pindel",
    )
    delly = vcf(
        tmp_path / "d.vcf",
        "chr2\t100\tx\tA\t<DUP>\t.\tPASS\tSVMETHOD=EMBL.DELLYv1;END=600;SVTYPE=DUP\tDR:DV:RR:RV\t"
        "9:0:9:0\t10:5:3:2",
    )
    itd = vcf(
        tmp_path / "i.vcf",
        "chr13\t28034100\t.\tN\t<TDUP>\t.\tPASS\tSVTYPE=TDUP;END=28034151;SVLEN=51;AO=12;DP=100;"
        "AB=0.12",
        source="ScanITD",
        samples="",
    )
    found = [read(path).events[0] for path in (gridss, pindel, delly, itd)]
    assert [e.caller for e in found] == ["gridss", "pindel", "delly", "scanitd"]
    assert [(e.split_reads, e.spanning_pairs) for e in found] == [
        (3, 4), (10, None), (2, 5), (12, None)]  # fmt: skip
    assert [e.vaf for e in found] == [0.25, 0.25, 0.35, 0.12]
    assert [e.name for e in found] == ["", "FLT3-ITD", "", "FLT3-ITD"]
    assert found[3].frame == "in-frame"


@pytest.mark.parametrize(
    ("alt", "info", "kind", "keeps"),
    [
        ("<INV>", "CHR2=chr1;END=900;CT=3to3", "inversion", ("before", "before")),
        ("<INV>", "CHR2=chr1;END=900;CT=5to5", "inversion", ("after", "after")),
        ("<INV>", "END=900", "inversion", ("unknown", "unknown")),
        ("<TRA>", "CHR2=chr9;END=900;CT=5to3", "translocation", ("after", "before")),
        ("<BND>", "CHR2=chr9;POS2=900;CT=3to5", "translocation", ("before", "after")),
    ],
)
def test_delly_says_the_sides_of_symbolic_junctions(
    alt: str, info: str, kind: str, keeps: tuple[str, str], tmp_path: Path
) -> None:
    row = f"chr1\t100\tx\tA\t{alt}\t.\tPASS\tSVMETHOD=EMBL.DELLYv1;{info}\tGT\t.\t."
    (event,) = read(vcf(tmp_path / "d.vcf", row)).events
    assert (event.kind, event.first.keeps, event.second.keeps) == (kind, *keeps)
    assert event.second.pos == 900


def test_what_is_left_out_is_counted(tmp_path: Path) -> None:
    path = vcf(
        tmp_path / "x.vcf",
        "chr1\t100\t.\tA\tAC\t.\tPASS\tSVTYPE=INS\tGT\t.\t.",
        "chr1\t200\t.\tA\t<CNV>\t.\tPASS\tEND=900\tGT\t.\t.",
        "chr1\t300\t.\tA\tC\t.\tPASS\t.\tGT\t.\t.",
        "chr1\t400\t.\tA\t<DEL>\t.\tMinQUAL\tEND=900\tGT\t.\t.",
        "chr1\t500\t.\tA\t<DEL>\t.\tPASS\tEND=900\tPR\t9,0\t9,1",
        "chr1\t600\t.\tA\tA.\t.\tPASS\t.\tGT\t.\t.",
    )
    (file,) = read(path, min_reads=5).files
    assert file.read == 6
    assert file.kept == 1
    assert sum(file.left_out.values()) == 5
    assert read(path, pass_only=False).files[0].kept == 3


def test_a_single_breakend_has_one_end(tmp_path: Path) -> None:
    path = vcf(tmp_path / "x.vcf", "chr1\t600\t.\tA\tACC.\t.\tPASS\t.\tGT\t.\t.")
    (event,) = read(path).events
    assert event.kind == "breakend"
    assert event.second == Breakpoint(contig="", pos=None)


def test_arriba(tmp_path: Path) -> None:
    row = ("EML4\tALK\t+/+\t-/-\t2:42295516\t2:29223528\tCDS/splice-site\tCDS/splice-site\t"
           "inversion\t10\t5\t7\t200\t150\thigh\tin-frame\tduplicates(3)\tACGT")  # fmt: skip
    skip = ("MET\tMET\t+/+\t+/+\t7:116771654\t7:116774881\tCDS\tCDS\tdeletion/read-through\t9\t9\t"
            "1\t50\t50\thigh\t.\t.\tACGT")  # fmt: skip
    path = tmp_path / "fusions.tsv"
    path.write_text(f"{ARRIBA}\n{row}\n{skip}\n")
    fusion, met = read(path).events
    assert (fusion.name, fusion.frame, fusion.frame_source) == ("EML4::ALK", "in-frame", "arriba")
    assert (fusion.split_reads, fusion.spanning_pairs, fusion.confidence) == (15, 7, "high")
    assert "fusion_transcript" not in fusion.evidence
    assert (met.name, met.kind, met.frame) == ("MET exon 14 skipping", "deletion", None)


def test_star_fusion(tmp_path: Path) -> None:
    path = tmp_path / "star.tsv"
    path.write_text(
        f"{STAR}\nEML4--ALK\t12\t3\tONLY_REF_SPLICE\tEML4^ENSG1\tchr2:42295516:+\tALK^ENSG2\t"
        "chr2:29223528:-\t0.9\tINFRAME\n"
    )
    (event,) = read(path).events
    assert (event.name, event.frame, event.split_reads, event.spanning_pairs) == (
        "EML4::ALK", "in-frame", 12, 3)  # fmt: skip


def test_gms_report_with_several_callers(tmp_path: Path) -> None:
    path = tmp_path / "gms.tsv"
    path.write_text(
        f"{GMS}\nArriba, StarFusion\tEML4\tALK\tEML4_exon_6\tALK_exon_20\thigh, \t\t"
        "in-frame, INFRAME\tchr2:42295516\tchr2:29223528\t80\t15\t7\t22\t12\t3\t15\t\t\t\t37\n"
    )
    (event,) = read(path).events
    assert (event.caller, event.frame, event.split_reads) == ("Arriba+StarFusion", "in-frame", 15)
    assert (event.first.exon, event.second.exon) == ("EML4_exon_6", "ALK_exon_20")


@pytest.mark.parametrize("build", ["GRCh38", "GRCh37"])
@pytest.mark.parametrize("known", NAMED, ids=[known.name for known in NAMED])
def test_named_events_on_both_builds(known: object, build: str) -> None:
    item = next(one for one in NAMED if one is known)
    shift = DISTANCE[item.gene] if build == "GRCh37" else 0
    inside = item.name == "FLT3-ITD"

    def event(first: int, second: int) -> StructuralEvent:
        ends = [
            Breakpoint(contig=item.contig.removeprefix("chr"), pos=at - shift)
            for at in (first, second)
        ]
        return StructuralEvent(
            kind=item.kinds[0], caller="x", length=second - first, first=ends[0], second=ends[1]
        )

    first = item.first[0]
    last = first + 60 if inside else item.second[1]
    names = [
        gather([event(*ends)], build=build).events[0].name
        for ends in ((first, last), (first - 1, last), (first, item.second[1] + 1))
    ]
    assert names == [item.name, "", ""]
    other = "GRCh37" if build == "GRCh38" else "GRCh38"
    assert gather([event(first, last)], build=other).events[0].name == ""


def test_without_a_build_no_name_is_given() -> None:
    result = gather([], build="")
    assert "were not looked for" in result.notes[0]


def test_genes_fill_what_the_caller_left_empty(tmp_path: Path) -> None:
    genes = tmp_path / "genes.bed"
    genes.write_text("chr1\t50\t150\tLEFT\nchr9\t150\t250\tRIGHT\n")
    path = vcf(tmp_path / "x.vcf", "1\t100\ta\tA\tA[9:200[\t.\tPASS\tMATEID=b\tGT\t.\t.")
    (event,) = run_structural([path], genes=genes).events
    assert (event.first.gene, event.second.gene, event.name) == ("LEFT", "RIGHT", "")


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    other = tmp_path / "x.tsv"
    other.write_text("a\tb\n1\t2\n")
    with pytest.raises(InputError, match="neither a VCF"):
        read(other)
    other.write_text(f"{STAR}\nEML4--ALK\tmany\t3\tx\tx\tchr2:1:+\tx\tchr2:2:-\t0\tx\n")
    with pytest.raises(InputError, match=r":2: JunctionReadCount: expected a number"):
        read(other)
    other.write_text(STAR.replace("SpanningFragCount", "Spanning") + "\n")
    with pytest.raises(InputError, match="no column SpanningFragCount"):
        read(other)
    with pytest.raises(SampleNotFoundError):
        run_structural([vcf(tmp_path / "x.vcf")], tumor="T9")


def test_command_writes_table_and_document(tmp_path: Path) -> None:
    path = vcf(tmp_path / "x.vcf", "chr1\t100\ta\tA\tA[chr9:200[\t.\tPASS\tMATEID=b\tGT\t.\t.")
    table, document = tmp_path / "e.tsv", tmp_path / "e.json"
    assert run(["variants", "import", str(path), "-o", str(table), "--json", str(document)]) == 0
    assert len(table.read_text().splitlines()) == 2
    assert json.loads(document.read_text())["schema"] == "tumorkit/variants.structural"


@pytest.mark.shared
@pytest.mark.parametrize(
    ("path", "read_", "kept"),
    [
        ("alignments/manta_hcc1954/somaticSV.vcf.gz", 6, 3),
        ("truth/colo829-sv-truth.vcf", 134, 68),
    ],
)
def test_events_are_counted_not_records(path: str, read_: int, kept: int, shared: Path) -> None:
    (file,) = run_structural([shared / path]).files
    assert (file.read, file.kept) == (read_, kept)
