"""Structural events on the page, in exports and in the difference of two reports."""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from tests.report.builders import make_profile, make_variant, make_variants
from tumorkit.contract.result import to_document
from tumorkit.errors import ParameterError
from tumorkit.genome.structural import Breakpoint, StructuralEvent
from tumorkit.profile.structural import class_part
from tumorkit.report import ReportParams, render_report, summarize_report
from tumorkit.report.diff import diff_profiles
from tumorkit.report.export.params import ReportExportParams
from tumorkit.report.export.run import run_report_export
from tumorkit.report.export.structural import bracketed
from tumorkit.variants.structural import StructuralParams
from tumorkit.variants.structural.analysis import joined
from tumorkit.variants.structural.callers import CLASSES, looks_for
from tumorkit.variants.structural.result import FailedFile, ReadFile

MATERIAL = {"arriba": "RNA", "star-fusion": "RNA"}
MOST_PAGE = 400_000


def event(
    five: str = "EML4", three: str = "ALK", at: int = 42_295_516, **changes: Any
) -> StructuralEvent:
    known: dict[str, Any] = {
        "kind": "fusion",
        "caller": "arriba",
        "file": "arriba.tsv",
        "material": "RNA",
        "name": f"{five}::{three}",
        "confidence": "high",
        "frame": "in-frame",
        "frame_source": "arriba",
        "split_reads": 15,
        "spanning_pairs": 7,
        "filters": ("PASS",),
        "evidence": {"type": "inversion"},
        "first": Breakpoint(contig="chr2", pos=at, gene=five),
        "second": Breakpoint(contig="chr2", pos=29_223_528, gene=three),
    }
    return StructuralEvent(**{**known, **changes})


def in_dna(left: str = "", right: str = "", at: int = 1_000, **changes: Any) -> StructuralEvent:
    known: dict[str, Any] = {
        "kind": "translocation",
        "caller": "manta",
        "file": "manta.vcf",
        "material": "DNA",
        "name": "",
        "confidence": "",
        "frame": None,
        "vaf": 0.25,
        "evidence": {"SVTYPE": "BND", "MATEID": "m1"},
        "first": Breakpoint(contig="chr1", pos=at, gene=left, keeps="before"),
        "second": Breakpoint(contig="chr9", pos=at, gene=right, keeps="before"),
    }
    return event(**{**known, **changes})


ITD = in_dna(
    kind="duplication", caller="scanitd", file="itd.vcf", name="FLT3-ITD", length=51,
    frame="in-frame", frame_source="length",
    first=Breakpoint(contig="chr13", pos=28_034_100, gene="FLT3", keeps="after"),
    second=Breakpoint(contig="chr13", pos=28_034_151, gene="FLT3", keeps="before"),
)  # fmt: skip


def profile(
    *events: StructuralEvent,
    callers: tuple[str, ...] = ("arriba",),
    failed: tuple[FailedFile, ...] = (),
    genes: tuple[str, ...] = ("ALK", "RET"),
    **changes: Any,
) -> dict[str, Any]:
    files = [
        ReadFile(
            name=f"{name}.txt", format="VCF", caller=name, read=9, kept=len(events),
            left_out={"failed by the caller's filters": 9 - len(events)},
            material=MATERIAL.get(name, "DNA"), looks_for=looks_for(name),
        )
        for name in callers
    ]  # fmt: skip
    result = joined(events, StructuralParams(), build="GRCh38", files=files, failed=failed)
    document = json.loads(json.dumps(to_document(result)))
    made = make_profile(**changes)
    head = {"name": "structural_events", "title": "Structural events", "status": "ok"}
    parts = [{**head, "reason": None, "files": ["structural.json"], "result": document}]
    for name in CLASSES:
        part = class_part(name, document)
        found = json.loads(json.dumps(part.result)) if part.result else None
        parts.append({"name": name, "title": part.title, "status": part.status,
                      "reason": part.reason, "files": [], "result": found})  # fmt: skip
    rows = [{"gene": gene, "kind": "fusion", "tumor_type": None, "note": None} for gene in genes]
    board = {"actionable": {"rows": rows, "known_type": True, "tumor_types": []}}
    others = [part for part in made["parts"] if part["name"] not in CLASSES]
    return {**made, "parts": [*others, *parts], "board": board}


def text(html: str) -> str:
    body = re.sub(r"<(style|script)\b.*?</\1>", " ", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def section(html: str, heading: str) -> str:
    start = html.index(f'<section aria-labelledby="{heading}"')
    return text(html[start : html.index("</section>", start)])


def test_page_one_leads_with_names_then_asked_genes_then_fusions() -> None:
    events = [
        in_dna(),
        event("TMPRSS2", "ERG"),
        in_dna("PTEN", "", at=5_000),
        event("EML4", "ALK"),
        ITD,
    ]
    said = section(render_report(profile(*events)), "structural")
    order = ["FLT3-ITD", "EML4::ALK", "PTEN / no gene", "TMPRSS2::ERG", "no gene named"]
    assert [said.index(word) for word in order] == sorted(said.index(word) for word in order)
    assert "5 events, 2 with a name or a gene that was looked for" in said
    assert "in-frame (by its length)" in said


def test_of_many_events_page_one_counts_the_rest_and_the_table_where_all_are() -> None:
    events = [in_dna(at=1_000 * at) for at in range(1, 61)]
    html = render_report(profile(*events), params=ReportParams(max_structural=40))
    assert "54 events more in their own chapter" in section(html, "structural")
    assert "40 of 60 events (all in structural.tsv)" in section(html, "structural-full")
    assert "60 records make 60 events" in section(html, "structural-full")


def test_the_chapter_holds_what_every_caller_wrote() -> None:
    star = event(caller="star-fusion", file="star.tsv", evidence={"FFPM": "0.9"})
    found = joined([event(), star], StructuralParams(), build="GRCh38").events
    said = section(render_report(profile(*found)), "structural-full")
    assert "type=inversion" in said
    assert "FFPM=0.9" in said
    assert "9 failed" not in said
    assert "8 failed by the caller's filters" in said


def test_none_found_is_said_with_the_callers_that_looked() -> None:
    html = render_report(profile(callers=("arriba", "manta")))
    said = section(html, "structural")
    assert "No event was found." in said
    assert "fusions by Arriba (RNA), Manta (DNA); structural variants by Manta (DNA)" in said
    assert "not found ALK , RET (Arriba (RNA), Manta (DNA))" in section(html, "negatives")
    assert "Fusions not assessed" not in section(html, "not-assessed")
    assert "Internal tandem duplications not assessed" in section(html, "not-assessed")


def test_dna_alone_is_a_weaker_negative_and_the_limits_say_why() -> None:
    html = render_report(profile(callers=("manta",)))
    assert "not found in DNA alone ALK , RET (Manta (DNA))" in section(html, "negatives")
    said = section(html, "limits")
    assert "Fusions were looked for in DNA alone (Manta (DNA))" in said
    assert "outside the targets, as in most introns, are not seen" in said
    assert "include inherited ones" in said
    rna = section(render_report(profile(callers=("arriba",))), "limits")
    assert "in DNA alone" not in rna


def test_without_files_genes_are_not_assessed() -> None:
    board = profile()["board"]
    html = render_report({**make_profile(), "board": board})
    assert "not assessed ALK , RET" in section(html, "negatives")
    assert 'id="structural"' not in html


def test_a_failed_file_is_no_negative_and_the_others_still_count() -> None:
    broken = FailedFile(name="b.tsv", given_as="fusions", reason="b.tsv: is empty")
    html = render_report(profile(event(), failed=(broken,)))
    said = section(html, "negatives")
    assert "found ALK EML4::ALK" in said
    assert "not evaluable RET (its file could not be read)" in said
    assert "Fusions failed" in text(html)


@pytest.mark.parametrize(
    ("found", "hit"),
    [
        (event("EML4", "ALK"), True),
        (in_dna("", "ALK"), True),
        (in_dna("ALK", "ALK", kind="deletion"), False),
        (event("EML4", "ALK(1200),CLIP4(30)"), False),
        (in_dna("EML4", "ALK", normal_vaf=0.24), False),
        (event("EML4", "ALKBH5"), False),
    ],
    ids=["fusion", "junction", "inside", "beside", "in the normal", "another gene"],
)
def test_what_counts_as_a_rearranged_gene(found: StructuralEvent, hit: bool) -> None:
    said = section(render_report(profile(found)), "negatives")
    assert ("found ALK" in said.replace("not found ALK", "")) is hit


def test_junctions_without_any_gene_are_no_negative_answer() -> None:
    bare = profile(in_dna(), in_dna(at=9_000), ITD, callers=("manta",))
    said = section(render_report(bare), "negatives")
    assert (
        "not evaluable ALK , RET (breakpoints have no genes: no table of genes (--genes))" in said
    )
    assert "not found" not in said
    events = bare["parts"][-4]["result"]
    events["inputs"] = [{"role": "genes", "name": "genes.bed", "sha256": "0" * 64}]
    assert "not found in DNA alone ALK , RET" in section(render_report(bare), "negatives")
    one = profile(in_dna(), in_dna("EML4", "", at=9_000), callers=("manta",))
    assert "not found in DNA alone ALK , RET" in section(render_report(one), "negatives")


def test_what_the_normal_shows_as_well_stands_last() -> None:
    inherited = in_dna("EML4", "ALK", normal_vaf=0.24)
    said = section(render_report(profile(inherited, in_dna(at=9_000))), "structural")
    assert said.index("no gene named") < said.index("EML4 / ALK")
    assert "normal 24.0 %" in said.replace("\N{NO-BREAK SPACE}", " ")


def test_a_variant_at_a_splice_site_of_met_exon_14_stands_among_the_events() -> None:
    rows = [
        make_variant(1, contig="chr7", pos=116_771_990, ref="G", alt="A"),
        make_variant(2, contig="chr7", pos=116_771_990, ref="G", alt="T", verdict="fail"),
    ]
    results = {"variants": {**make_variants(), "variants": rows}}
    html = render_report(make_profile(results=results))
    said = section(html, "structural")
    assert said.count("MET exon 14 splice variant (by position)") == 1
    assert "chr7:116771990 G>A" in said
    assert 'id="structural"' not in render_report(make_profile(results=results, build="hg99"))


def test_another_frame_of_another_record_is_told() -> None:
    other = event(at=42_299_516, frame="out-of-frame", confidence="low")
    said = section(render_report(profile(event(), other)), "structural")
    assert "in-frame, also out-of-frame" in said


EVIL = '<script>alert(1)</script>"\N{RIGHT-TO-LEFT OVERRIDE}=1+1'


def test_what_callers_write_cannot_leave_its_cell() -> None:
    made = event(EVIL, "ALK", caller=EVIL, file=EVIL, evidence={EVIL: EVIL}, confidence=EVIL,
                 filters=(EVIL,))  # fmt: skip
    html = render_report(profile(made))
    assert "<script>alert" not in html
    assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in html


def test_swedish_has_a_word_for_everything_but_the_callers_own() -> None:
    html = render_report(profile(event(), ITD), params=ReportParams(language="sv"))
    said = section(html, "structural")
    assert "i läsram (enligt längden)" in said
    assert "2 händelser, 2 med ett namn eller en gen som eftersöktes" in said
    assert "5 underkända" not in said
    assert "7 underkända av anroparens filter" in section(html, "structural-full")


def test_a_thousand_events_stay_a_small_page() -> None:
    many = [in_dna("LEFT", "RIGHT", at=1_000 * at) for at in range(1, 1_001)]
    assert len(render_report(profile(*many))) < MOST_PAGE


def test_the_terminal_names_the_events() -> None:
    notes = summarize_report(profile(event(), ITD)).notes
    assert (
        "Structural events: 2 events: FLT3-ITD in-frame (by its length), EML4::ALK in-frame "
        "(fusions by Arriba (RNA))"
    ) in notes


def exported(folder: Path, document: dict[str, Any], *formats: str) -> dict[str, Any]:
    path = folder / "profile.json"
    path.write_text(json.dumps(document))
    return dict(run_report_export(path, formats, params=ReportExportParams()).contents)


def test_a_profile_takes_its_events_into_every_export(tmp_path: Path) -> None:
    made = exported(
        tmp_path,
        profile(event(), ITD, in_dna("A", "B", normal_vaf=0.3), in_dna("BCR", "ABL1", at=7_000)),
        "oncokb", "cbioportal", "sv-vcf", "xlsx", "multiqc",
    )  # fmt: skip
    assert made["oncokb_sv.txt"].splitlines()[1:] == [
        "T1\tEML4\tALK\tFUSION", "T1\tBCR\tABL1\tTRANSLOCATION"]  # fmt: skip
    assert "FLT3\tT1\tITD" in made["oncokb_atypical.txt"]
    head, *rows = [line.split("\t") for line in made["cbioportal/data_sv.txt"].splitlines()]
    told = [dict(zip(head, row, strict=True)) for row in rows]
    assert [(row["DNA_Support"], row["RNA_Support"]) for row in told] == [
        ("No", "Yes"), ("Yes", "No"), ("Yes", "No")]  # fmt: skip
    general = json.loads(made["tumorkit_T1_mqc.json"])["data"]["T1"]
    assert general["tumorkit_fusions"] == 3
    assert "tumorkit_itd" not in general
    with zipfile.ZipFile(io.BytesIO(made["T1.xlsx"])) as book:
        sheets = "".join(book.read(name).decode() for name in book.namelist())
    assert "Structural events" in sheets
    assert "SVTYPE=BND; MATEID=m1" in sheets


def test_the_vcf_of_events_has_pairs_of_breakends_and_counts_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "profile.json"
    path.write_text(json.dumps(profile(event(), ITD, in_dna(at=7_000))))
    result = run_report_export(path, ["sv-vcf"])
    lines = str(result.contents["T1.structural.vcf"]).splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    assert [row[4] for row in rows] == ["<DUP>", "N]chr9:7000]", "N]chr1:7000]"]
    assert "MATEID=event3_2" in rows[1][7]
    assert result.files[0].left_out == {"structural events whose kept sides nobody says": 1}
    path.write_text(json.dumps(make_profile()))
    with pytest.raises(ParameterError, match="sv-vcf needs structural events"):
        run_report_export(path, ["sv-vcf"])


@pytest.mark.parametrize("own", ["before", "after"])
@pytest.mark.parametrize("mate", ["before", "after"])
def test_breakends_are_written_as_they_are_read(own: Any, mate: Any, tmp_path: Path) -> None:
    from tumorkit.variants.structural.run import run_structural

    ends = (
        Breakpoint(contig="chr1", pos=100, keeps=own),
        Breakpoint(contig="chr9", pos=200, keeps=mate),
    )
    path = tmp_path / "x.vcf"
    head = "##fileformat=VCFv4.3\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
    path.write_text(f"{head}chr1\t100\ta\tN\t{bracketed(*ends)}\t.\tPASS\tSVTYPE=BND\n")
    (found,) = run_structural([path]).events
    assert (found.first, found.second) == ends


def test_a_difference_tells_events_that_came_and_went() -> None:
    moved = replace(event(), split_reads=30)
    old = profile(event(), in_dna(at=7_000))
    new = profile(moved, ITD)
    found = diff_profiles(old, new)
    assert [(item.change, item.name.split(" ")[0]) for item in found.events] == [
        ("evidence", "EML4::ALK"), ("added", "FLT3-ITD"), ("lost", "no")]  # fmt: skip
    assert found.clinical
    assert any("FLT3-ITD" in line for line in found.amendment)
    assert diff_profiles(old, old).events == ()
    assert len(diff_profiles(make_profile(), new).events) == 2
