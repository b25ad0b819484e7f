"""A laboratory's tables: genes looked for, coverage, values from elsewhere."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.builders import Read, make_bam, make_bed
from tests.report.builders import (
    make_copy_number,
    make_gene,
    make_missing,
    make_profile,
    make_variant,
    make_variants,
)
from tests.report.test_html import Page
from tumorkit.cli import run as tumorkit
from tumorkit.errors import InputError
from tumorkit.report import ReportParams, render_report
from tumorkit.report.board import BoardParams, gene_coverage
from tumorkit.report.board.run import BoardFiles, read_actionable, with_board
from tumorkit.variants.filter import preset

GENES = """gene\tclass\ttumor_type\tnote
KRAS\tsnv_indel\tlung adenocarcinoma\t
EGFR\tSNV/indel, amplification\tany\tTKI
MET\tsnv\tmelanoma\t
CDKN2A\tdeletion\t\t
ALK\tfusion\t\t
"""


def table(folder: Path, text: str = GENES, name: str = "genes.tsv") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def profile(**changes: Any) -> dict[str, Any]:
    digest = preset("twist-solid").sha256
    rows = [make_variant(0, gene="TP53", consequence="missense_variant")]
    variants = make_variants(variants=rows, specification_sha256=digest, alleles=1, passed=1)
    results = {"variants": variants, "copy_number": make_copy_number()}
    return make_profile(results=results, **changes)


def text_of(document: dict[str, Any], **options: Any) -> str:
    return Page(render_report(document, **options)).text


def coverage_table(folder: Path, **depths: float) -> Path:
    lines = ["chromosome\tstart\tend\tgene\tlog2\tdepth"]
    for at, (gene, depth) in enumerate(depths.items()):
        name, log2 = gene.split("_")[0], float(np.log2(max(depth, 1e-6)))
        lines.append(f"chr1\t{1000 * at + 100}\t{1000 * at + 200}\t{name}\t{log2:.4f}\t{depth}")
    path = folder / "tumor.cnn"
    path.write_text("\n".join(lines) + "\n")
    return path


def test_only_genes_of_the_tumour_type_are_asked(tmp_path: Path) -> None:
    found = with_board(profile(), BoardFiles(actionable=table(tmp_path)))
    asked = [(row["gene"], row["kind"]) for row in found["board"]["actionable"]["rows"]]
    assert ("KRAS", "snv_indel") in asked
    assert ("MET", "snv_indel") not in asked
    assert [kind for gene, kind in asked if gene == "EGFR"] == ["snv_indel", "amplification"]


def test_without_coverage_nothing_is_called_negative(tmp_path: Path) -> None:
    found = with_board(profile(), BoardFiles(actionable=table(tmp_path)))
    text = text_of(found)
    assert "none listed, coverage unknown EGFR" in text
    assert "No coverage was given (--coverage)" in text


def test_a_gene_is_negative_where_it_was_read_deeply_enough(tmp_path: Path) -> None:
    path = coverage_table(tmp_path, KRAS_1=900, KRAS_2=700, EGFR_1=900, EGFR_2=100)
    found = with_board(profile(), BoardFiles(actionable=table(tmp_path), coverage=path))
    assert found["board"]["coverage"]["needed_depth"] == 554
    text = text_of(found)
    assert "SNV and indel not found KRAS" in text
    assert "not found, with gaps EGFR 50.0 %" in text
    assert "chr1:3101–3200 (100×)" in text


def test_a_gene_outside_the_coverage_is_not_evaluable(tmp_path: Path) -> None:
    path = coverage_table(tmp_path, KRAS_1=900)
    found = with_board(profile(), BoardFiles(actionable=table(tmp_path), coverage=path))
    assert "not evaluable EGFR (not in the coverage table)" in text_of(found)


@pytest.mark.parametrize(
    ("gene", "build", "readable"),
    [
        ("U2AF1", "GRCh38", False), ("U2AF1", "GRCh37", True), ("CBS", "GRCh38", False),
        ("PMS2", "GRCh37", False), ("CHEK2", "GRCh38", False), ("KMT2C", "GRCh38", False),
        ("HLA-A", "GRCh37", False), ("KRAS", "GRCh38", True),
    ],
)  # fmt: skip
def test_loci_that_cannot_be_read_are_never_negative(
    tmp_path: Path, gene: str, build: str, readable: bool
) -> None:
    genes = table(tmp_path, f"gene\tclass\n{gene}\tsnv\n")
    path = coverage_table(tmp_path, **{f"{gene}_1": 900})
    found = with_board(profile(build=build), BoardFiles(actionable=genes, coverage=path))
    text = text_of(found)
    assert (f"not found {gene}" in text) == readable
    assert (f"not evaluable {gene}" in text) == (not readable)


def test_what_passed_and_changes_the_protein_is_found(tmp_path: Path) -> None:
    document = profile()
    rows = document["parts"][0]["result"]["variants"]
    rows += [make_variant(1, gene="KRAS", consequence="missense_variant", hgvsp="NP:p.Gly12Asp")]
    rows += [make_variant(2, gene="EGFR", consequence="synonymous_variant")]
    text = text_of(with_board(document, BoardFiles(actionable=table(tmp_path))))
    assert "found KRAS p.Gly12Asp" in text
    assert "none listed, coverage unknown EGFR" in text


def test_a_shortened_list_of_variants_says_nothing_of_a_gene(tmp_path: Path) -> None:
    document = profile()
    document["parts"][0]["result"]["listed_of"] = 9000
    text = text_of(with_board(document, BoardFiles(actionable=table(tmp_path))))
    assert re.search(r"not evaluable EGFR ?, KRAS \(the profile lists only some", text)


@pytest.mark.parametrize("where", ["variants", "near_misses"])
def test_a_hotspot_that_a_filter_removed_stands_beside_the_negative_answer(
    tmp_path: Path, where: str
) -> None:
    document = profile()
    failed = make_variant(5, verdict="fail", gene="KRAS", hotspot=True, hgvsp="NP:p.Gly12Asp",
                          consequence="missense_variant")  # fmt: skip
    document["parts"][0]["result"].setdefault(where, []).append(failed)
    path = coverage_table(tmp_path, KRAS_1=900, EGFR_1=900)
    found = with_board(document, BoardFiles(actionable=table(tmp_path), coverage=path))
    text = text_of(found)
    assert "KRAS p.Gly12Asp filtered out" in text
    assert re.search(r"not found EGFR ?, KRAS p", text)


def test_where_one_read_passes_the_filters_a_negative_says_that_the_caller_decides(
    tmp_path: Path,
) -> None:
    path, genes = coverage_table(tmp_path, KRAS_1=900, EGFR_1=900), table(tmp_path)
    files = BoardFiles(actionable=genes, coverage=path)
    caution = "one read counts here; what the caller needs is not known"
    assert caution not in text_of(with_board(profile(), files))
    plain = profile()
    plain["parts"][0]["result"].update(
        preset="caller-pass", specification_sha256=preset("caller-pass").sha256
    )
    found = with_board(plain, files)
    assert found["board"]["coverage"]["needed_depth"] == 59
    text = text_of(found)
    assert "set by the caller" in text
    assert caution in text


def test_copy_number_answers_by_state(tmp_path: Path) -> None:
    genes = [
        make_gene("EGFR", 2.1, state="amplification", focal=True),
        make_gene("CDKN2A", -0.6, state="loss", focal=True),
    ]
    document = make_profile(results={"copy_number": make_copy_number(genes=genes)})
    text = text_of(with_board(document, BoardFiles(actionable=table(tmp_path))))
    assert "Amplification found EGFR amplification, log2 2.10" in text
    assert "Deletion found CDKN2A focal loss, log2 −0.60" in text
    assert "Fusion not assessed ALK" in text


@pytest.mark.parametrize("purity", [0.6, None])
def test_without_a_purity_a_gain_does_not_exclude_an_amplification(
    tmp_path: Path, purity: float | None
) -> None:
    genes = [
        make_gene("EGFR", 0.5, state="gain", focal=False),
        make_gene("CDKN2A", -0.5, state="loss", focal=False),
    ]
    result = {**make_copy_number(genes=genes), "purity": purity}
    text = text_of(with_board(make_profile(results={"copy_number": result}),
                              BoardFiles(actionable=table(tmp_path))))  # fmt: skip
    outcome = "not found EGFR gain" if purity else "not evaluable EGFR (gain; copies unknown)"
    assert f"Amplification {outcome}" in text
    outcome = "not found CDKN2A loss" if purity else "not evaluable CDKN2A (loss; copies unknown)"
    assert f"Deletion {outcome}" in text


def test_page_one_gives_a_gene_one_level(tmp_path: Path) -> None:
    lost = make_gene("CDKN2A", -0.3, state="loss", focal=True)
    lost.update(lowest_log2=-0.76, lowest_bins=5, highest_log2=0.0, highest_bins=9)
    document = make_profile(results={"copy_number": make_copy_number(genes=[lost])})
    measured = tmp_path / "external.tsv"
    measured.write_text("biomarker\tmethod\tvalue\nCDKN2A\tFISH\tlost\n")
    files = BoardFiles(actionable=table(tmp_path), external=measured)
    text = text_of(with_board(document, files))
    first = text[: text.index("Method.")]
    assert first.count("log2 −0.76") == 3
    assert "−0.30" not in first


def test_a_gene_without_bins_is_not_evaluable(tmp_path: Path) -> None:
    document = make_profile(results={"copy_number": make_copy_number(genes=[])})
    text = text_of(with_board(document, BoardFiles(actionable=table(tmp_path))))
    assert "Amplification not evaluable EGFR (no copy-number bins in the gene)" in text


def test_limits_of_detection_stand_on_page_one(tmp_path: Path) -> None:
    path = coverage_table(tmp_path, KRAS_1=900, EGFR_1=500)
    found = with_board(profile(), BoardFiles(actionable=table(tmp_path), coverage=path))
    limits = found["board"]["detection"]
    assert limits["depths_from"] == "coverage"
    assert [row["gene"] for row in limits["genes"]] == ["KRAS", "EGFR"]
    assert limits["genes"][1]["vaf"] == pytest.approx(0.0551, abs=1e-3)
    text = text_of(found)
    assert "Limit of detection: smallest VAF" in text
    assert "SNV at a listed hotspot" in text


def test_depths_of_calls_serve_where_no_coverage_was_given() -> None:
    limits = with_board(profile(), BoardFiles())["board"]["detection"]
    assert limits["depths_from"] == "calls"


def test_a_specification_that_is_not_at_hand_is_said() -> None:
    document = profile()
    document["parts"][0]["result"]["preset"] = "ours"
    found = with_board(document, BoardFiles())
    assert found["board"]["detection"]["rows"] == []
    assert "the filter specification ours is not at hand (--specification)" in text_of(found)


def test_values_from_elsewhere_stand_beside_ours(tmp_path: Path) -> None:
    external = table(
        tmp_path,
        "biomarker\tmethod\tvalue\tdate\tsource\n"
        "TMB\tother panel\t14\t2026-01-02\tLab X\nERBB2\tISH\tratio 1.1\t\t\nMSI\tPCR\tMSS\t\t\n",
    )
    found = with_board(profile(), BoardFiles(external=external))
    text = text_of(found)
    assert "TMB other panel 14 TMB-High at ≥ 10 (12.6; borderline, P = .77) 2026-01-02" in text
    assert "ERBB2 ISH ratio 1.1 amplification, log2 1.92" in text
    assert "MSI PCR MSS not evaluable" in text


def test_beside_a_staining_stand_the_variants_of_the_gene(tmp_path: Path) -> None:
    """A lost MSH2 beside *loss, log2 -1.03* alone hides the stop codon of the other copy."""
    rows = [
        make_variant(0, gene="MSH2", consequence="stop_gained", hgvsp="NP_000242.1:p.Trp318Ter"),
        make_variant(1, gene="MSH2", consequence="synonymous_variant", hgvsp="NP_000242.1:p.Leu2="),
        make_variant(2, gene="MSH2", verdict="fail", hgvsp="NP_000242.1:p.Ala9Val"),
    ]
    found = {"variants": make_variants(variants=rows), "copy_number": make_copy_number()}
    found["copy_number"]["genes"].append(make_gene("TP53", -1.03, state="loss") | {"gene": "MSH2"})
    external = table(tmp_path, "biomarker\tmethod\tvalue\nMSH2\tIHC\tlost\nMSH2\tFISH\tx\n")
    text = text_of(with_board(make_profile(results=found), BoardFiles(external=external)))
    assert "MSH2 IHC lost p.Trp318Ter; loss, log2 −1.03" in text
    assert "MSH2 FISH x loss, log2 −1.03" in text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("gene\tclass\nKRAS\tmethylation\n", r"genes\.tsv:2: class: expected snv_indel"),
        ("gene\tclas\nKRAS\tsnv\n", r"genes\.tsv:1: unknown column 'clas'"),
        ("gene\nKRAS\n", "no column 'class'"),
        ("gene\tclass\n\tsnv\n", r"genes\.tsv:2: gene is empty"),
        ("gene\tclass\nKRAS\tsnv\tx\ty\n", "expected 2 columns, found 4"),
        ("", "is empty"),
    ],
)
def test_a_bad_table_names_its_line(tmp_path: Path, content: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_actionable(table(tmp_path, content))


def test_depth_from_reads_counts_every_coding_base(tmp_path: Path) -> None:
    bam = make_bam(
        tmp_path / "t.bam", [Read(name=f"r{i}", pos=100, cigar="50M") for i in range(30)]
    )
    exons = make_bed(
        tmp_path / "exons.bed", [("chr1", 100, 200, "KRAS"), ("chr1", 900, 950, "ALK")]
    )
    found = with_board(
        profile(),
        BoardFiles(actionable=table(tmp_path), coverage=bam, exons=exons),
        params=BoardParams(negative_vaf=0.9),
    )
    rows = {row["gene"]: row for row in found["board"]["coverage"]["genes"]}
    assert rows["KRAS"]["share"] == 0.5
    assert rows["KRAS"]["gaps"] == [{"contig": "chr1", "start": 150, "end": 200, "depth": 0.0}]
    assert rows["ALK"]["share"] == 0.0


def test_depth_from_reads_needs_exons(tmp_path: Path) -> None:
    bam = make_bam(tmp_path / "t.bam", [Read(name="r", pos=100)])
    with pytest.raises(InputError, match="exons"):
        with_board(profile(), BoardFiles(actionable=table(tmp_path), coverage=bam))


def test_gaps_equal_the_bases_below_the_depth() -> None:
    rng = np.random.default_rng(3)
    depth = rng.integers(0, 12, 400).astype(float)
    found = gene_coverage("X", [("chr1", 0, depth)], 6)
    low = np.zeros(400, dtype=bool)
    for gap in gene_coverage("X", [("chr1", 0, depth)], 6).gaps:
        assert gap.depth == depth[gap.start : gap.end].min()
        low[gap.start : gap.end] = True
    assert found.share == pytest.approx(1 - (depth < 6).mean())
    assert found.gaps_left_out > 0
    assert not (low & (depth >= 6)).any()


def test_germline_findings_need_consent() -> None:
    document = profile()
    rows = document["parts"][0]["result"]["variants"]
    rows.append(make_variant(3, gene="BRCA2", origin="germline", p_somatic=0.01))
    hidden = text_of(document)
    assert "BRCA2" not in hidden
    assert "no consent to show them was recorded" in hidden
    assert "BRCA2" in text_of(document, params=ReportParams(germline_consent=True))


def test_the_command_takes_the_tables(tmp_path: Path) -> None:
    import json

    path, out = tmp_path / "profile.json", tmp_path / "report.html"
    path.write_text(json.dumps(profile()))
    genes = table(tmp_path)
    options = ["--actionable", str(genes), "--language", "sv", "-q", "-o", str(out)]
    assert tumorkit(["report", "build", str(path), *options]) == 0
    assert "Efterfrågat" in out.read_text()


def test_injection_through_the_tables_is_impossible(tmp_path: Path) -> None:
    evil = "<script>alert(1)</script>\"'"
    genes = table(tmp_path, f"gene\tclass\tnote\n{evil}\tsnv\t{evil}\n")
    external = table(tmp_path, f"biomarker\tmethod\tvalue\n{evil}\t{evil}\t{evil}\n", "e.tsv")
    found = with_board(profile(), BoardFiles(actionable=genes, external=external))
    page = Page(render_report(found))
    assert len(list(page.named("script"))) == 1
    assert evil in page.text


def test_missing_biomarkers_beside_external_ones_show_no_number(tmp_path: Path) -> None:
    external = table(tmp_path, "biomarker\tmethod\tvalue\nMSI\tPCR\tMSS\n")
    document = profile()
    document["biomarkers"][2]["estimate"] = make_missing("x", value=7.77)
    assert "7.77" not in text_of(with_board(document, BoardFiles(external=external)))
