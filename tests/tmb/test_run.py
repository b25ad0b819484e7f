"""From files to a TMB: real anchors, traces, formats, bad input."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.tmb.builders import record, write_bed, write_vcf
from tumorkit.cli import run
from tumorkit.contract.result import to_document
from tumorkit.contract.schema import result_schema
from tumorkit.errors import ContigMismatchError, InputError, ParameterError, SampleNotFoundError
from tumorkit.tmb import TmbResult
from tumorkit.tmb.result import SchemeScore
from tumorkit.tmb.run import TmbFiles, run_tmb
from tumorkit.variants.evidence.run import CaseFiles

MEGABASE = [("chr1", 0, 1_000_000)]


@pytest.fixture
def somatic(tmp_path: Path) -> Path:
    lines = [record(pos) for pos in (100, 200, 300)]
    lines.append(record(400, terms="synonymous_variant"))
    lines.append(
        record(500, alt="T,C", terms="missense_variant", sample="0/1:400,90,10:500:.18,.02")
    )
    return write_vcf(tmp_path / "somatic.vcf", lines)


def invoke(*arguments: str | Path) -> int:
    return run([str(argument) for argument in arguments])


@pytest.mark.shared
def test_gms560_unit_case_gives_the_upstream_number(shared: Path) -> None:
    vcf = shared / "gms560/HD832.background_annotation.vcf.gz"
    settings = {"min_depth": 201, "min_alt_depth": 21, "exclude_genes": ("PBRM1",)}
    for changes in ({}, settings):
        result = run_tmb(vcf, preset="twist-gms560", changes=changes)
        assert result.tmb.value == pytest.approx(0.84, abs=1e-9)
        assert (result.seen, result.counted) == (7, 3)
    assert [step.rejected for step in result.waterfall if step.rejected] == [1, 3]


@pytest.mark.shared
def test_balsamic_on_the_unit_case_is_zero_with_an_upper_limit(shared: Path) -> None:
    vcf = shared / "gms560/HD832.background_annotation.vcf.gz"
    result = run_tmb(vcf, preset="balsamic", megabases=1.94)
    assert result.tmb.value == 0.0
    assert result.tmb.high == pytest.approx(3.68888 / 1.94, abs=1e-4)
    assert result.waterfall[-1].code == "known-id"


@pytest.mark.shared
@pytest.mark.parametrize("name", ["HD832.ensembled.vep_annotated.vcf", "HD832.germline.vcf"])
def test_vep_case_counts_24_and_never_51(shared: Path, name: str) -> None:
    result = run_tmb(shared / "gms560" / name, preset="pytmb-wes", megabases=1.3)
    assert result.tmb.value == pytest.approx(18.4615, abs=1e-4)
    assert (result.seen, result.counted) == (171, 24)
    rejected = {step.code: step.rejected for step in result.waterfall if step.rejected}
    assert rejected == {"filter": 120, "consequence": 27}


@pytest.mark.shared
def test_frequencies_inside_csq_can_be_asked(shared: Path) -> None:
    vcf = shared / "gms560/HD832.ensembled.vep_annotated.vcf"
    changes: dict[str, object] = {"population_fields": ("gnomAD_AF",)}
    assert run_tmb(vcf, preset="pytmb-wes", megabases=1.3, changes=changes).counted == 19


def test_unannotated_calls_are_not_evaluable(tmp_path: Path) -> None:
    vcf = write_vcf(tmp_path / "bare.vcf", [record()], csq=None)
    result = run_tmb(vcf, preset="twist-gms560")
    assert result.tmb.status == "not_evaluable"
    assert "no annotation" in str(result.tmb.reason)


@pytest.mark.shared
def test_whole_genome_calls_of_a_melanoma_add_up(shared: Path) -> None:
    vcf = shared / "truth/colo829-nygc-v6.vcf.gz"
    result = run_tmb(vcf, preset=("pcgr-coding", "msk-impact", "pytmb-wes"))
    assert result.seen == 43_192
    assert result.sample == "COLO-829-NovaSeq"
    assert result.build == "GRCh38"
    scores: tuple[TmbResult | SchemeScore, ...] = (result, *result.others)
    for score in scores:
        assert score.seen == score.counted + score.rejected
        assert score.tmb.value is not None
        assert score.tmb.value > 5


def test_multi_allelic_sites_are_judged_by_allele(somatic: Path) -> None:
    result = run_tmb(somatic, preset="msk-impact", megabases=1.0)
    assert (result.seen, result.counted) == (6, 5)


def test_document_is_valid_and_the_same_twice(somatic: Path, tmp_path: Path) -> None:
    targets = write_bed(tmp_path / "targets.bed", MEGABASE)
    first, second = (
        run_tmb(somatic, preset=("tso500", "pcgr-coding"), targets=targets) for _ in range(2)
    )
    document = to_document(first)
    jsonschema.validate(document, result_schema(TmbResult))
    assert json.dumps(document) == json.dumps(to_document(second))
    assert document["value"] == first.tmb.value
    assert [item["role"] for item in document["inputs"]] == ["somatic", "targets"]


def test_trace_lists_every_allele_of_every_scheme(somatic: Path, tmp_path: Path) -> None:
    trace = tmp_path / "trace.tsv"
    presets = ("msk-impact", "pcgr-coding")
    run_tmb(somatic, preset=presets, megabases=1.0, files=TmbFiles(trace=trace))
    header, *rows = (line.split("\t") for line in trace.read_text().splitlines())
    table = [dict(zip(header, row, strict=True)) for row in rows]
    assert len(table) == 12
    synonymous = [row for row in table if row["pos"] == "400"]
    assert [row["verdict"] for row in synonymous] == ["rejected", "counted"]
    assert synonymous[0]["details"] == (
        "consequence: synonymous_variant, asked a counted consequence"
    )


def test_tagged_vcf_keeps_every_record(somatic: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.vcf.gz"
    run_tmb(somatic, preset="msk-impact", megabases=1.0, files=TmbFiles(tagged=out))
    lines = gzip.decompress(out.read_bytes()).decode().splitlines()
    records = [line for line in lines if not line.startswith("#")]
    tags = [line.split("TK_TMB=")[1].split("\t")[0] for line in records]
    assert tags == ["counted", "counted", "counted", "consequence", "counted,counted"]
    assert any(line.startswith("##INFO=<ID=TK_TMB,Number=A") for line in lines)


def test_formats_of_other_pipelines(somatic: Path, tmp_path: Path) -> None:
    files = TmbFiles(hydra=tmp_path / "T.TMB.txt", balsamic_stat=tmp_path / "T.balsamic_stat")
    run_tmb(somatic, preset="twist-gms560", files=files)
    lines = (tmp_path / "T.TMB.txt").read_text().splitlines()
    assert lines[:2] == ["TMB:\t1.68", "Number of variants:\t4"]
    assert len(lines) == 2 + 4
    assert lines[2].startswith("chr1\t100\t")
    assert (tmp_path / "T.balsamic_stat").read_text() == "1.68\n"


def test_territory_from_targets_and_exons(somatic: Path, tmp_path: Path) -> None:
    rows = [("1", 0, 600_000), ("1", 300_000, 1_000_000)]
    targets = write_bed(tmp_path / "targets.bed", rows)
    exons = tmp_path / "exons.gtf"
    cds = 'chr1\tx\tCDS\t151\t900000\t.\t+\t0\tgene_id "G1"; gene_name "GENE";\n'
    exons.write_text(cds)
    table, saved = tmp_path / "genes.tsv", tmp_path / "territory.bed"
    files = TmbFiles(gene_table=table, territory=saved)
    result = run_tmb(somatic, preset="msk-impact", targets=targets, exons=exons, files=files)
    again = run_tmb(somatic, preset="msk-impact", targets=saved)
    assert (again.tmb, again.counted) == (result.tmb, result.counted)
    assert result.counted == 4
    assert result.tmb.value == pytest.approx(4 / 0.89985)
    assert [round(step.megabases, 5) for step in result.territory] == [1.0, 0.89985]
    assert any("overlap" in note for note in result.notes)
    assert any("chr1 is 1" in note for note in result.notes)
    assert table.read_text().splitlines() == ["gene\tmegabases\tcounted", "GENE\t0.899850\t4"]


def test_masks_leave_numerator_and_denominator(somatic: Path, tmp_path: Path) -> None:
    targets = write_bed(tmp_path / "targets.bed", MEGABASE)
    mask = write_bed(tmp_path / "mask.bed", [("1", 0, 250)])
    result = run_tmb(somatic, preset="msk-impact", targets=targets, masks=[mask])
    assert result.counted == 3
    assert result.tmb.value == pytest.approx(3 / 0.99975)
    fitted = run_tmb(somatic, preset="twist-gms560", masks=[mask])
    assert fitted.counted == 2
    assert fitted.tmb.evidence["megabases"] == pytest.approx(1 / 0.84)


def test_targets_of_another_genome_are_refused(somatic: Path, tmp_path: Path) -> None:
    targets = write_bed(tmp_path / "targets.bed", [("contig7", 0, 1_000_000)])
    with pytest.raises(ContigMismatchError, match="shares no contig"):
        run_tmb(somatic, preset="tso500", targets=targets)


def test_user_scheme_builds_on_a_preset(somatic: Path, tmp_path: Path) -> None:
    own = tmp_path / "ours.yaml"
    own.write_text("base: msk-impact\nmin_depth: 600\nconsequences:\n  - missense_variant\n")
    result = run_tmb(somatic, preset=str(own), megabases=1.0)
    assert result.scheme == "ours"
    assert result.counted == 0
    own.write_text("base: msk-impact\nmin_dept: 600\n")
    with pytest.raises(ParameterError, match=r"ours\.yaml:2: unknown.*'min_dept'") as problem:
        run_tmb(somatic, preset=str(own))
    assert "min_depth" in problem.value.hint
    for text, said in (
        ("min_vaf: 0.05\nbase: pcgr-codin\n", "yaml:2: unknown TMB preset"),
        ("base: pcgr-coding\nmin_depth: low\n", "yaml:2: min_depth: expected int"),
        ("base: pcgr-coding\n\nmin_vaf: 5\n", "yaml:3: min_vaf: 5 is above 1"),
        ("consequences:\n  - missense\n", "yaml:1: consequences: 'missense' is no consequence"),
    ):
        own.write_text(text)
        with pytest.raises(ParameterError, match=said):
            run_tmb(somatic, preset=str(own))
    own.write_text("min_depth: 6\nmin_depth: 7\n")
    with pytest.raises(InputError, match=r"ours\.yaml:2"):
        run_tmb(somatic, preset=str(own))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"preset": ()}, "no TMB scheme was named"),
        ({"preset": "twist"}, "unknown TMB preset"),
        ({"preset": ("tso500", "tso500")}, "named twice"),
        ({"preset": "tso500", "tumor": "X"}, "no sample 'X'"),
        ({"preset": "tso500", "exons": Path("exons.gtf")}, "exons without targets"),
    ],
)
def test_questions_that_cannot_be_answered(
    somatic: Path, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises((ParameterError, SampleNotFoundError), match=message):
        run_tmb(somatic, **changes)


def test_undeclared_callers_are_a_usage_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    vcf = write_vcf(tmp_path / "one.vcf", [record()], callers=False)
    assert invoke("tmb", "score", vcf, "--preset", "twist-gms560") == 2
    said = capsys.readouterr().err
    assert "INFO/CALLERS" in said
    assert "--min-callers 0" in said
    assert invoke("tmb", "score", vcf, "--preset", "twist-gms560", "--min-callers", "0") == 0


def test_failure_leaves_no_file(tmp_path: Path) -> None:
    vcf = write_vcf(tmp_path / "bad.vcf", [record(), "chr1\tx\t."])
    out = tmp_path / "out"
    files = TmbFiles(trace=out / "t.tsv", tagged=out / "t.vcf", hydra=out / "h.txt")
    with pytest.raises(InputError, match=r"bad\.vcf"):
        run_tmb(vcf, preset="msk-impact", megabases=1.0, files=files)
    assert list(out.iterdir()) == []


def test_header_only_vcf_is_zero(tmp_path: Path) -> None:
    vcf = write_vcf(tmp_path / "none.vcf", [])
    result = run_tmb(vcf, preset="msk-impact", megabases=1.0)
    assert result.tmb.value == 0.0
    assert result.tmb.high == pytest.approx(3.689, abs=1e-3)
    assert "holds no variant at all" in result.notes[0]


def test_what_a_design_leaves_open_is_said(somatic: Path, tmp_path: Path) -> None:
    targets = write_bed(tmp_path / "t.bed", [("chr1", 0, 2_000_000)])
    result = run_tmb(somatic, preset="msk-impact", targets=targets)
    assert "is that of the design" in result.notes[-1]
    faint = run_tmb(somatic, preset="fda-f1cdx", targets=targets, case_files=CaseFiles(purity=0.2))
    assert "at a purity of 0.2" in faint.notes[-1]
    assert "--coverage" in faint.notes[-1]
    depth = tmp_path / "depth.bed"
    depth.write_text("chr1\t0\t2000000\t500\n")
    covered = run_tmb(somatic, preset="msk-impact", targets=targets, coverage=depth)
    assert not any("design" in note for note in covered.notes)


def test_calls_of_a_genome_are_not_divided_by_a_panel_unsaid(tmp_path: Path) -> None:
    vcf = write_vcf(tmp_path / "many.vcf", [record(pos) for pos in range(1, 5001)])
    said = " ".join(run_tmb(vcf, preset="fda-f1cdx").notes)
    assert "5000 variants are too many for 0.8 Mb" in said
    assert "too many" not in " ".join(run_tmb(vcf, preset="pcgr-coding").notes)


def test_targets_of_another_build_are_said(somatic: Path, tmp_path: Path) -> None:
    targets = write_bed(tmp_path / "t.bed", [("chr1", 5_000_000, 7_000_000)])
    exons = write_bed(tmp_path / "exons.bed", [("chr1", 6_990_000, 7_500_000)])
    result = run_tmb(
        somatic, preset="msk-impact", targets=targets, exons=exons, changes={"min_megabases": 0.0}
    )
    assert "lie outside the territory: are targets, exons and variants" in result.notes[1]
    assert any("only 0.5% of t.bed lies in the exons" in note for note in result.notes)


def test_neighbouring_substitutions_and_mitochondrial_ones_are_said(tmp_path: Path) -> None:
    lines = [record(100), record(101), record(103), record(200), record(201, sample="./.")]
    vcf = write_vcf(tmp_path / "near.vcf", lines)
    notes = " ".join(run_tmb(vcf, preset="msk-impact").notes)
    assert "2 bases or less apart at a like fraction: 3 substitutions" in notes
    vcf = write_vcf(tmp_path / "m.vcf", [record(100, contig="chrM")], contig="chrM")
    assert "mitochondrial genome: 1 of 1" in " ".join(run_tmb(vcf, preset="msk-impact").notes)


def test_command_shows_schemes_side_by_side(
    somatic: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    presets = ("--preset", "tso500", "--preset", "pcgr-coding")
    assert invoke("tmb", "score", somatic, *presets, "--megabases", "1.3") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("\t")[0] for line in lines[2:4]] == ["tso500", "pcgr-coding"]
    assert "borderline" in lines[2] or "clear" in lines[2]


def test_command_writes_json_to_stdout(somatic: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ("tmb", "score", somatic, "--preset", "twist-gms560", "--json", "-")
    assert invoke(*arguments) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == "tumorkit/tmb"
    assert document["value"] == pytest.approx(1.68)
    assert document["cutoffs"][0]["certainty"] in ("clear", "borderline")


def test_require_evaluable_makes_it_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    vcf = write_vcf(tmp_path / "bare.vcf", [], csq=None)
    arguments = ("tmb", "score", vcf, "--preset", "tso500")
    assert invoke(*arguments) == 0
    assert "not evaluable" in capsys.readouterr().out
    assert invoke(*arguments, "--require-evaluable") == 1


def test_only_covered_bases_are_territory(somatic: Path, tmp_path: Path) -> None:
    targets = write_bed(tmp_path / "targets.bed", MEGABASE)
    depths = tmp_path / "per-base.bed"
    depths.write_text("1\t0\t150\t49\n1\t150\t250\t50\n1\t250\t800000\t900\n")
    result = run_tmb(somatic, preset=("tso500", "msk-impact"), targets=targets, coverage=depths)
    assert result.counted == 4  # 200, 300, the synonymous 400 and one allele of 500
    assert result.tmb.value == pytest.approx(4 / 0.79985)
    assert [step.text for step in result.territory][-1] == "covered at least 50 times"
    assert result.others[0].tmb.evidence["megabases"] == pytest.approx(0.8)


def test_bins_of_depth_that_cannot_answer_are_refused(somatic: Path, tmp_path: Path) -> None:
    targets = write_bed(tmp_path / "targets.bed", MEGABASE)
    bins = tmp_path / "quantized.bed"
    bins.write_text("chr1\t0\t500000\t10:100\nchr1\t500000\t1000000\t100:inf\n")
    with pytest.raises(InputError, match="does not say which bases are covered 50 times"):
        run_tmb(somatic, preset="tso500", targets=targets, coverage=bins)
    changes: dict[str, object] = {"callable_depth": 10}
    result = run_tmb(somatic, preset="tso500", targets=targets, coverage=bins, changes=changes)
    assert result.tmb.evidence["megabases"] == pytest.approx(1.0)


def test_target_coverage_counts_targets_whole(somatic: Path, tmp_path: Path) -> None:
    targets = write_bed(tmp_path / "t.bed", [("chr1", 0, 600_000), ("chr1", 600_000, 1_200_000)])
    cnn = tmp_path / "t.cnn"
    cnn.write_text(
        "chromosome\tstart\tend\tgene\tlog2\tdepth\n"
        "chr1\t0\t600000\tA\t0\t55.5\nchr1\t600000\t1200000\tB\t-9\t3.2\n"
    )
    result = run_tmb(somatic, preset="tso500", targets=targets, coverage=cnn)
    assert result.tmb.evidence["megabases"] == pytest.approx(0.6)


def test_trace_goes_to_stdout_alone(somatic: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ("tmb", "score", somatic, "--preset", "msk-impact", "--megabases", "1")
    assert invoke(*arguments, "--trace", "-") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("scheme\tcontig\tpos")
    assert len(lines) == 1 + 6


@pytest.mark.parametrize(
    ("tag", "value", "kind"),
    [
        ("ANN", "T|missense_variant|MODERATE|TP53|E|transcript|N|protein_coding|1/2|c|p", "ANN"),
        ("BCSQ", "missense|TP53|ENST1|protein_coding|+|1A>1T|100A>T", "BCSQ"),
    ],
)
def test_other_annotators_are_read(tmp_path: Path, tag: str, value: str, kind: str) -> None:
    vcf = tmp_path / "annotated.vcf"
    vcf.write_text(
        f'##fileformat=VCFv4.2\n##INFO=<ID={tag},Number=.,Type=String,Description="{kind}">\n'
        '##FORMAT=<ID=AD,Number=R,Type=Integer,Description="x">\n'
        "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tNORMAL\tTUMOR\n"
        f"1\t100\t.\tA\tT\t.\tPASS\t{tag}={value}\tAD\t50,0\t40,30\n"
    )
    result = run_tmb(vcf, preset=("msk-impact", "pytmb-wes"), megabases=1.0)
    assert [result.counted, result.others[0].counted] == [1, 1]
    assert result.variants[0].gene == "TP53"


def test_a_size_of_nothing_is_a_usage_error(
    somatic: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["tmb", "score", str(somatic), "--preset", "msk-impact", "--megabases", "0"]
    assert run(arguments) == 2
    assert "--megabases" in capsys.readouterr().err
