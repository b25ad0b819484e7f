"""One case in, one folder out: whole, repeatable, honest about what it could not know."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tumorkit.cli import run
from tumorkit.contract.progress import SILENT
from tumorkit.contract.schema import result_schema
from tumorkit.errors import InputError
from tumorkit.genome import GRCH37
from tumorkit.profile import ProfileResult, assay_named
from tumorkit.profile.prepare import load_case, prepare

GMS560 = ("HD832.ensembled.vcf.gz", "HD832.clean.denoisedCR.tsv")


def profile(*options: object, outdir: Path) -> int:
    return run(["profile", *map(str, options), "--outdir", str(outdir), "-q"])


def document(outdir: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((outdir / "profile.json").read_text())
    return found


def parts(outdir: Path) -> dict[str, dict[str, Any]]:
    return {part["name"]: part for part in document(outdir)["parts"]}


def content(outdir: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(outdir.iterdir())}


@pytest.fixture(scope="module")
def finished(small_case: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    outdir = tmp_path_factory.mktemp("profile") / "out"
    assert profile(small_case / "case.toml", outdir=outdir) == 0
    return outdir


def test_the_folder_holds_what_was_promised(finished: Path) -> None:
    names = set(content(finished))
    assert names >= {
        "profile.json",
        "manifest.json",
        "report.html",
        "variants.vcf.gz",
        "segments.cns",
        "genes.tsv",
        "copy_number.svg",
    }
    assert not [name for name in names if name.startswith(".")]


def test_the_document_is_valid_and_the_manifest_knows_every_file(finished: Path) -> None:
    jsonschema.validate(document(finished), result_schema(ProfileResult))
    manifest = json.loads((finished / "manifest.json").read_text())
    listed = {item["name"] for item in manifest["outputs"]} | {"manifest.json"}
    assert listed == set(content(finished))


def test_two_folders_and_more_threads_give_equal_bytes(
    small_case: Path, finished: Path, tmp_path: Path
) -> None:
    assert profile(small_case / "case.toml", "--threads", 2, outdir=tmp_path / "other") == 0
    assert content(tmp_path / "other") == content(finished)


def test_a_second_run_uses_finished_parts_and_gives_equal_bytes(
    small_case: Path, finished: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    again = tmp_path / "again"
    shutil.copytree(finished, again)
    (again / "tmb.json").write_text("{}")
    assert run(["profile", str(small_case / "case.toml"), "--outdir", str(again), "-v"]) == 0
    said = capsys.readouterr().err
    assert "Small variants: used again" in said
    assert "Tumour mutational burden ..." in said
    assert content(again) == content(finished)


def test_another_parameter_is_not_answered_with_an_old_part(
    small_case: Path, finished: Path, tmp_path: Path
) -> None:
    again = tmp_path / "again"
    shutil.copytree(finished, again)
    assert profile(small_case / "case.toml", "--purity", 0.6, "--ploidy", 2.8, outdir=again) == 0
    called = parts(again)["copy_number"]["result"]
    assert any(row["copy_number"] is not None for row in called["genes"])
    assert parts(again)["variants"] == parts(finished)["variants"]


def test_the_case_names_its_microsatellites_and_the_assay_their_preset(finished: Path) -> None:
    found = parts(finished)["msi"]
    assert found["files"] == ["msi.json", "msi.sites.tsv"]
    assert found["result"]["paired"]
    assert found["result"]["listed"] > 0
    assert document(finished)["presets"]["msi"] == "tumorkit"
    assert (assay_named("gms560-ffpe").msi, assay_named("gms560-ffpe").msi_loci) == (
        "gms560-unfiltered", "gms560-filtered",
    )  # fmt: skip


def test_what_was_not_given_is_said(finished: Path) -> None:
    found = parts(finished)
    for name in ("hrd", "signatures", "fusions", "structural_variants"):
        assert found[name]["status"] == "not_evaluable"
        assert found[name]["reason"]
    for name in ("signatures", "fusions", "structural_variants"):
        assert found[name]["result"] is None
    assert found["hrd"]["result"]["sum"]["value"] is None
    page = (finished / "report.html").read_text()
    for words in ("Fusions", "Structural variants", "Internal tandem duplications", "Germline"):
        assert words in page


def test_a_report_that_amends_another_says_what_changed(
    small_case: Path, finished: Path, tmp_path: Path
) -> None:
    again = tmp_path / "again"
    shutil.copytree(finished, again)
    options = ["--previous", finished / "profile.json", "--purity", 0.6, "--ploidy", 2.8]
    assert profile(small_case / "case.toml", *options, outdir=again) == 0
    found = document(again)["board"]["amendment"]
    changed = {row["name"]: row["cause"] for row in found["biomarkers"]}
    assert changed["Purity"] == "purity"
    assert "Amended report" in (again / "report.html").read_text()


def test_tiers_by_the_laboratorys_tables_are_part_of_the_profile(
    small_case: Path, finished: Path, tmp_path: Path
) -> None:
    again, tables = tmp_path / "again", tmp_path / "tables.toml"
    shutil.copytree(finished, again)
    gene = next(row["gene"] for row in parts(finished)["variants"]["result"]["variants"]
                if row["consequence"] == "missense_variant")  # fmt: skip
    (tmp_path / "roles.tsv").write_text(f"gene\trole\n{gene}\toncogene\n")
    tables.write_text('roles = "roles.tsv"\nmin_oncogenic = 12\n')
    options = ["--interpretation", tables, "--date", "2026-05-01"]
    assert profile(small_case / "case.toml", *options, outdir=again) == 0
    found = document(again)["board"]["interpretation"]
    assert found["params"]["min_oncogenic"] == 12
    assert found["params"]["date"] == "2026-05-01"
    assert [row["kind"] for row in found["knowledge"]] == ["roles"]
    assert any(row["gene"] == gene for row in found["variants"])
    listed = {row["name"] for row in json.loads((again / "manifest.json").read_text())["outputs"]}
    assert {"interpretation.json", "interpretation.tsv"} <= listed
    assert "Tiers I and II" in (again / "report.html").read_text()


@pytest.mark.parametrize(
    ("option", "text", "message"),
    [
        ("--actionable", "gene\tclass\nKRAS\tsnw\n", "class: expected snv_indel"),
        ("--external", "biomarker\tmethod\n", "no column 'value'"),
        ("--previous", '{"schema": "tumorkit/tmb"}', "no key 'schema_version'"),
        ("--interpretation", 'rolls = "roles.tsv"', "unknown key 'rolls'"),
        ("--interpretation", 'roles = "roles.tsv"', "no such file"),
    ],
)
def test_a_bad_table_for_the_report_is_said_before_any_work(
    small_case: Path, tmp_path: Path, option: str, text: str, message: str,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    bad, outdir = tmp_path / "bad.txt", tmp_path / "out"
    bad.write_text(text)
    assert profile(small_case / "case.toml", option, bad, outdir=outdir) in (1, 2)
    assert message in capsys.readouterr().err
    assert not outdir.exists()


def test_copy_ratios_are_made_from_a_pair_of_alignments(small_case: Path, tmp_path: Path) -> None:
    outdir = tmp_path / "pair"
    options: list[object] = ["--sample", "SIM_T", "--tumor", small_case / "tumor.bam"]
    options += ["--normal", small_case / "normal.bam", "--targets", small_case / "targets.bed"]
    # Forty SNPs and no calls leave several solutions open: the purity is said here.
    options += ["--purity", 0.6, "--ploidy", 2.8]
    assert profile(*options, "--genes", small_case / "genes.bed", outdir=outdir) == 0
    called = parts(outdir)["copy_number"]["result"]
    states = {gene["gene"]: gene["state"] for gene in called["genes"]}
    assert states["ERBB2"] == "amplification"
    assert states["CDKN2A"] == "homozygous deletion"
    assert (outdir / "copy_ratios.cnr").exists()


@pytest.mark.parametrize("sex", ["male", "female"])
def test_against_his_own_normal_one_x_is_neutral(tmp_path: Path, sex: str) -> None:
    share = {"chr1": 1.0, "chrX": 0.5 if sex == "male" else 1.0, "chrY": 0.5}
    contigs = ("chr1", "chrX", "chrY") if sex == "male" else ("chr1", "chrX")
    for role, depth in (("tumor", 200), ("normal", 100)):
        rows = [
            f"{contig}\t{at}\t{at + 200}\t-\t0\t{depth * share[contig] + at // 50_000 % 5:g}\n"
            for contig in contigs
            for at in range(5_000_000, 11_000_000, 50_000)
        ]
        header = "chromosome\tstart\tend\tgene\tlog2\tdepth\n"
        (tmp_path / f"{role}.cnn").write_text(header + "".join(rows))
    options = ["--sample", "T", "--coverage", tmp_path / "tumor.cnn", "--purity", 0.6]
    options += ["--normal-coverage", tmp_path / "normal.cnn", "--sex", sex, "--build", "GRCh38"]
    assert profile(*options, outdir=tmp_path / "out") == 0
    segments = parts(tmp_path / "out")["copy_number"]["result"]["segments"]
    found = {row["segment"]["contig"]: row for row in segments}
    assert {row["state"] for row in segments} == {"neutral"}
    copies = {name: row["segment"]["copy_number"] for name, row in found.items()}
    assert copies == pytest.approx({name: 2 * share[name] for name in contigs}, abs=0.1)


def test_a_panel_of_normals_of_the_case_is_used(tmp_path: Path) -> None:
    golden = Path(__file__).parents[1] / "golden" / "cnv-normalize" / "deletion-without-reads"
    options = ["--sample", "T", "--coverage", golden / "T.cnn", "--build", "GRCh38"]
    options += ["--panel-of-normals", golden / "pon.cnn", "--outdir", tmp_path / "out", "-q"]
    assert run(["profile", *map(str, options)]) == 0
    expected = (golden / "expected" / "dropped.tsv").read_text()
    assert (tmp_path / "out" / "dropped_bins.tsv").read_text() == expected
    ratios = (tmp_path / "out" / "copy_ratios.cnr").read_text()
    assert ratios.count("no_reads") == 3
    document = json.loads((tmp_path / "out" / "profile.json").read_text())
    part = next(one for one in document["parts"] if one["name"] == "copy_number")
    assert part["status"] == "ok"


def test_a_panel_without_a_tumour_says_so(tmp_path: Path) -> None:
    golden = Path(__file__).parents[1] / "golden" / "cnv-normalize" / "deletion-without-reads"
    options = ["--sample", "T", "--panel-of-normals", golden / "pon.cnn", "-q"]
    assert run(["profile", *map(str, options), "--outdir", str(tmp_path / "out")]) == 0
    document = json.loads((tmp_path / "out" / "profile.json").read_text())
    part = next(one for one in document["parts"] if one["name"] == "copy_number")
    assert part["status"] == "not_evaluable"
    assert "nothing of the tumour to hold against it" in part["reason"]


def test_a_tumor_alone_has_nothing_to_be_held_against(
    small_case: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options: list[object] = ["--sample", "SIM_T", "--tumor", small_case / "tumor.bam"]
    options += ["--targets", small_case / "targets.bed"]
    assert profile(*options, outdir=tmp_path / "o") == 0
    assert "no normal" in parts(tmp_path / "o")["copy_number"]["reason"]
    capsys.readouterr()
    assert profile(*options, "--require-evaluable", outdir=tmp_path / "o") == 1
    assert "error: not evaluable: Purity, " in capsys.readouterr().err


def test_a_damaged_input_fails_its_part_and_leaves_the_others(
    small_case: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ratios = tmp_path / "bad.cnr"
    ratios.write_text("chromosome\tstart\tend\tgene\tlog2\nchr1\t10\tx\t-\t0\n")
    options: list[object] = ["--sample", "SIM_T", "--somatic", small_case / "somatic.vcf.gz"]
    assert profile(*options, "--copy-ratios", ratios, outdir=tmp_path / "o") == 1
    said = capsys.readouterr().err.splitlines()
    assert [line for line in said if line.startswith("error: Copy number: ")]
    found = parts(tmp_path / "o")
    assert found["copy_number"]["status"] == "failed"
    assert found["copy_number"]["reason"].startswith("bad.cnr:2: ")
    assert str(tmp_path) not in (tmp_path / "o" / "report.html").read_text()
    assert found["variants"]["status"] == "ok"


def earlier(small_case: Path, tmp_path: Path, **changes: Any) -> Path:
    result = {
        "schema": "tumorkit/msi", "schema_version": "1.0", "sample": "SIM_T", "build": "GRCh38",
        "value": 0.31, "unit": "", "low": 0.2, "high": 0.4, "level": 0.95, "evidence": {},
        "status": "ok", "reason": None, "call": "MSI-H", "cutoffs": [], "inputs": [],
    }  # fmt: skip
    path = tmp_path / "msi.json"
    path.write_text(json.dumps(result | changes))
    return path


def test_a_result_of_an_earlier_step_is_taken(small_case: Path, tmp_path: Path) -> None:
    path = earlier(small_case, tmp_path)
    outdir = tmp_path / "o"
    assert profile(small_case / "case.toml", "--msi-result", path, outdir=outdir) == 0
    rows = {row["name"]: row["estimate"] for row in document(outdir)["biomarkers"]}
    assert (rows["MSI"]["value"], rows["MSI"]["call"]) == (0.31, "MSI-H")


def test_a_result_of_another_sample_is_refused(small_case: Path, tmp_path: Path) -> None:
    path = earlier(small_case, tmp_path, sample="OTHER")
    outdir = tmp_path / "o"
    assert profile(small_case / "case.toml", "--msi-result", path, outdir=outdir) == 1
    assert "sample is 'OTHER'" in parts(outdir)["msi"]["reason"]


BAD_CASES: tuple[tuple[Sequence[str], int, str, str], ...] = (
    (["--somatic", "{case}/none.vcf"], 1, "none.vcf: no such file", "check the path"),
    (["--somatic", "{case}/truncated.vcf.gz"], 1, "truncated", "again"),
    (["--somatic", "{case}/empty.vcf"], 1, "not a VCF: is empty", "cut off"),
    (["--somatic", "{case}/tumor.bam"], 1, "is a BAM, not a VCF", "VCF of a variant caller"),
    (["--tumor", "{case}/truncated.bam"], 1, "truncated", ""),
    (["--tumor", "{case}/unindexed.bam"], 1, "index", "samtools index"),
    (["--somatic", "{case}/somatic.vcf.gz", "--build", "GRCh37"], 1, "is on GRCh38", "one ref"),
    (["--tumor", "{case}/tumor.bam", "--reference", "{case}/hg19.fa"], 1, "is GRCh37", "GRCh38"),
    (["--somatic", "{case}/somatic.vcf.gz", "--tumor-sample", "X"], 1, "no sample 'X'", "SIM_T"),
    (["--somatic", "{case}/somatic.vcf.gz", "--assay", "gms560"], 2, "gms560", ""),
    (["--somatic", "{case}/somatic.vcf.gz", "--purity", "1.4"], 2, "1.4 is above 1", ""),
    (["--somatic", "{case}/somatic.vcf.gz", "--tmb-presets", "tso50"], 2, "tso50", "tso500"),
    (["--somatic", "{case}/somatic.vcf.gz", "--filter-preset", "x"], 2, "preset 'x'", "known"),
    (["--somatic", "{case}/somatic.vcf.gz", "--date", "soon"], 2, "YYYY-MM-DD", ""),
    ([], 2, "names no input", "--somatic"),
    (["{case}/none.toml"], 1, "none.toml: no such file", ""),
    (
        ["--tumor", "{case}/tumor.bam", "--normal", "{case}/tumor.bam"],
        2,
        "the normal is the tumour's own file",
        "give the alignment of the normal",
    ),
)


@pytest.mark.parametrize(
    ("options", "code", "message", "hint"), BAD_CASES, ids=[str(row[0][-1:]) for row in BAD_CASES]
)
def test_a_bad_case_gets_one_line_and_writes_nothing(
    small_case: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    options: Sequence[str],
    code: int,
    message: str,
    hint: str,
) -> None:
    damaged = tmp_path / "case"
    damaged.mkdir()
    for name in ("somatic.vcf.gz", "tumor.bam"):
        shutil.copy(small_case / name, damaged / name)
        whole = (small_case / name).read_bytes()
        (damaged / name.replace("somatic", "truncated").replace("tumor", "truncated")).write_bytes(
            whole[: len(whole) * 2 // 3]
        )
    shutil.copy(small_case / "tumor.bam", damaged / "unindexed.bam")
    shutil.copy(small_case / "tumor.bam.bai", damaged / "tumor.bam.bai")
    (damaged / "empty.vcf").write_text("")
    (damaged / "hg19.fa").write_text(">chr1\nACGT\n")
    (damaged / "hg19.fa.fai").write_text(f"chr1\t{GRCH37.lengths['chr1']}\t6\t4\t5\n")
    outdir = tmp_path / "out"
    given = [option.format(case=damaged) for option in options]
    found = run(["profile", *given, "--sample", "SIM_T", "--outdir", str(outdir)])
    said = capsys.readouterr().err
    assert (found, message in said, hint in said) == (code, True, True), said
    assert said.count("error: ") == 1
    assert not outdir.exists()


def test_a_folder_that_cannot_be_written_is_said(
    small_case: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    options = ["--sample", "S", "--somatic", str(small_case / "somatic.vcf.gz")]
    assert run(["profile", *options, "--outdir", str(tmp_path / "file" / "out")]) == 1
    assert "cannot write" in capsys.readouterr().err


@pytest.mark.shared
def test_hd832_gives_a_full_report(shared: Path, tmp_path: Path) -> None:
    somatic, ratios = (shared / "gms560" / name for name in GMS560)
    genes = shared / "reference" / "hg19_genes.bed.gz"
    outdir = tmp_path / "hd832"
    options: list[object] = ["--sample", "HD832", "--assay", "gms560-ffpe", "--somatic", somatic]
    assert profile(*options, "--copy-ratios", ratios, "--genes", genes, outdir=outdir) == 0
    found = parts(outdir)
    assert document(outdir)["build"] == "GRCh37"
    assert found["variants"]["result"]["records"] == 15_461
    rows = {row["gene"]: row for row in found["copy_number"]["result"]["genes"]}
    for gene in ("CDKN2A", "CDKN2B"):
        assert rows[gene]["focal"]
        assert "loss" in rows[gene]["state"]
    assert rows["NF1"]["bins"] == 63
    assert "loss" not in rows["NF1"]["state"]
    purity = found["purity"]["result"]["fitted"]
    # Levels alone, and variants of which nobody knows which are inherited: a wide range.
    assert purity["used"]["segments_with_alleles"] == purity["used"]["mutations_used"] == 0
    assert purity["high"] - purity["low"] > 0.1
    assert purity["ploidy"]["low"] < 3.5 < purity["ploidy"]["high"]
    assert found["purity"]["result"]["value"] is None
    assert all(row["copy_number"] is None for row in rows.values())
    assert any("without a normal" in note for note in purity["notes"])
    assert found["tmb"]["status"] == "ok"


def test_a_file_that_changes_under_the_analysis_is_said(small_case: Path, tmp_path: Path) -> None:
    shutil.copytree(small_case, tmp_path / "case")
    case, inputs = load_case(tmp_path / "case" / "case.toml", settings={}, files={})
    prepared = prepare(case, inputs, progress=SILENT)
    assert prepared.file("actionable_genes") is None
    first = prepared.file("genes")
    assert first is not None
    assert inputs.genes is not None
    with inputs.genes.open("a") as handle:
        handle.write("chr1\t1\t2\tNEW\n")
    with pytest.raises(InputError, match="changed while it was analysed"):
        prepared.file("genes")
