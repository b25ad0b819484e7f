"""TMB of a cohort from a MAF: every sample's count is the one made by hand."""

from __future__ import annotations

import gzip
from collections import Counter
from pathlib import Path

import jsonschema
import pytest

from tumorkit.cli import run
from tumorkit.contract.result import to_document
from tumorkit.contract.schema import result_schema
from tumorkit.errors import InputError, ParameterError
from tumorkit.tmb import TmbCohort
from tumorkit.tmb.cohort.run import run_tmb_cohort

HEADER = "Hugo_Symbol\tChromosome\tStart_Position\tVariant_Classification\tReference_Allele"
HEADER += "\tTumor_Seq_Allele2\tTumor_Sample_Barcode"
ROWS = [
    "TP53\t17\t100\tMissense_Mutation\tA\tT\tS2",
    "TP53\t17\t200\tSilent\tA\tT\tS1",
    "KRAS\t12\t300\tFrame_Shift_Del\tAC\t-\tS2",
    "KRAS\t12\t400\tFrame_Shift_Ins\t-\tAC\tS1",
    "IDH1\t2\t500\tIntron\tA\tT\tS3",
]
NONSYNONYMOUS = {
    "Missense_Mutation", "Nonsense_Mutation", "Nonstop_Mutation", "Translation_Start_Site",
    "Frame_Shift_Del", "Frame_Shift_Ins", "In_Frame_Del", "In_Frame_Ins", "Splice_Site",
}  # fmt: skip


@pytest.fixture
def maf(tmp_path: Path) -> Path:
    path = tmp_path / "cohort.maf"
    path.write_text("\n".join(["#version 2.4", HEADER, *ROWS]) + "\n")
    return path


def counted(cohort: TmbCohort) -> dict[str, int]:
    return {score.sample: score.counted for score in cohort.samples}


def test_samples_are_scored_in_any_order_of_rows(maf: Path) -> None:
    cohort = run_tmb_cohort(maf, preset="msk-impact", megabases=1.0)
    assert counted(cohort) == {"S1": 1, "S2": 2, "S3": 0}
    assert all(score.seen == score.counted + score.rejected for score in cohort.samples)
    assert cohort.samples[2].tmb.value == 0.0
    assert cohort.samples[2].tmb.high == pytest.approx(3.689, abs=1e-3)


def test_samples_without_a_row_are_zero_if_they_are_named(maf: Path) -> None:
    cohort = run_tmb_cohort(maf, preset="pcgr-coding", samples=["S4"])
    assert counted(cohort)["S4"] == 0
    assert cohort.samples[-1].tmb.value == 0.0


def test_territory_filters_a_cohort(maf: Path, tmp_path: Path) -> None:
    targets = tmp_path / "t.bed"
    targets.write_text("chr17\t0\t1000000\n")
    cohort = run_tmb_cohort(maf, preset="msk-impact", targets=targets)
    assert counted(cohort) == {"S1": 0, "S2": 1, "S3": 0}


@pytest.mark.shared
def test_laml_counts_are_those_made_by_hand(shared: Path) -> None:
    path = shared / "maf/tcga_laml.maf.gz"
    text = gzip.decompress(path.read_bytes()).decode()
    header, *rows = (line.split("\t") for line in text.splitlines())
    kind, sample = header.index("Variant_Classification"), header.index("Tumor_Sample_Barcode")
    by_hand = Counter(row[sample] for row in rows if row[kind] in NONSYNONYMOUS)
    cohort = run_tmb_cohort(path, preset="msk-impact", megabases=50.0)
    assert len(cohort.samples) == 193
    assert counted(cohort) == {name: by_hand[name] for name in counted(cohort)}
    assert sum(score.seen for score in cohort.samples) == len(rows) == 2207
    plain = run_tmb_cohort(path, preset="maftools")
    assert counted(plain) == counted(cohort)
    assert [row.tmb.value for row in plain.samples] == [row.tmb.value for row in cohort.samples]


@pytest.mark.shared
def test_a_maf_without_read_counts_has_no_burden_under_rules_on_reads(shared: Path) -> None:
    cohort = run_tmb_cohort(shared / "maf/tcga_laml.maf.gz", preset="tso500", megabases=35.0)
    assert {score.tmb.value for score in cohort.samples} == {None}
    assert "the field is empty" in str(cohort.samples[0].tmb.reason)


def test_germline_variants_of_a_maf_cannot_be_weighed(maf: Path) -> None:
    with pytest.raises(ParameterError, match="holds no P"):
        run_tmb_cohort(maf, preset="msk-impact", changes={"germline": "posterior"})


def test_document_is_valid(maf: Path) -> None:
    cohort = run_tmb_cohort(maf, preset="tso500", changes={"min_depth": 0, "min_vaf": 0.0})
    jsonschema.validate(to_document(cohort), result_schema(TmbCohort))


def test_command_writes_the_table(maf: Path, tmp_path: Path) -> None:
    out = tmp_path / "tmb.tsv"
    arguments = ["tmb", "score", str(maf), "--preset", "msk-impact", "-o", str(out)]
    assert run(arguments) == 0
    lines = out.read_text().splitlines()
    assert lines[0].startswith("sample\ttmb\tlow\thigh")
    assert lines[2].startswith("S2\t1.63934\t")
    assert run([*arguments, "--hydra", "x.txt"]) == 2


def test_every_row_of_a_cohort_is_traced(maf: Path, tmp_path: Path) -> None:
    trace = tmp_path / "trace.tsv"
    cohort = run_tmb_cohort(maf, preset="msk-impact", trace=trace)
    header, *rows = (line.split("\t") for line in trace.read_text().splitlines())
    verdicts = Counter((row[0], row[header.index("verdict")]) for row in rows)
    for score in cohort.samples:
        assert verdicts[score.sample, "counted"] == score.counted
        assert verdicts[score.sample, "rejected"] == score.rejected
    assert sum(verdicts.values()) == sum(score.seen for score in cohort.samples)
    assert cohort == run_tmb_cohort(maf, preset="msk-impact")


def test_scheme_that_needs_vcf_fields_is_refused(maf: Path) -> None:
    with pytest.raises(ParameterError, match="INFO/AF"):
        run_tmb_cohort(maf, preset="twist-gms560")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a\tb\n", "no column Chromosome"),
        (f"{HEADER}\nTP53\t17\n", r"bad\.maf:2: expected at least 7 columns, found 2"),
        (f"{HEADER}\nTP53\t17\tx\tSilent\tA\tT\tS\n", "must be a number"),
        ("", "no column"),
    ],
)
def test_what_is_no_maf_is_said(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "bad.maf"
    path.write_text(text)
    with pytest.raises(InputError, match=message):
        run_tmb_cohort(path, preset="msk-impact")
