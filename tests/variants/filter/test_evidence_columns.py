"""Computed quantities in a specification: asked for by name, written down, ranked by."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import make_fasta
from tests.variants.filter.test_filter import META
from tumorkit.cli import run
from tumorkit.errors import ParameterError
from tumorkit.genome.segment import Segment
from tumorkit.genome.vcf import VcfHeader, VcfRecord
from tumorkit.io.vcf import open_vcf
from tumorkit.variants.calls import CallReader
from tumorkit.variants.diff.run import run_diff
from tumorkit.variants.evidence import (
    AlleleEvidence,
    EvidenceParams,
    SampleFit,
    Surroundings,
    fit_sample,
)
from tumorkit.variants.evidence.case import Case, contexts, copies_of, substitutions
from tumorkit.variants.evidence.run import CaseFiles
from tumorkit.variants.filter import evidence_columns as module
from tumorkit.variants.filter import load_specification
from tumorkit.variants.filter.block_columns import columns_of
from tumorkit.variants.filter.evidence_columns import fitted_case, names_asked
from tumorkit.variants.filter.presets import preset_names
from tumorkit.variants.filter.run import run_check, run_filter
from tumorkit.variants.roles import assign_roles
from tumorkit.variants.why.run import run_why

SPEC = """
tumorkit_filters: 1
name: posterior
filters:
  - {id: low, says: Too few reads, fail_if: tumor.alt_depth < min, min: 3}
  - {id: germline, says: Germline, fail_if: p_germline > max, max: 0.9}
"""
RANKED = """
tumorkit_filters: 1
name: ranked
filters:
  - {id: low, says: Too few reads, fail_if: tumor.alt_depth < min, min: 3}
combine: {score: posterior, fdr: 0.05}
"""
NOISE = """
tumorkit_filters: 1
name: noise
filters:
  - {id: noise, says: Background, fail_if: background.p > max, max: 1e-4}
"""


def line(pos: int, tumor: str, *, af: float | None = None, alt: str = "T") -> str:
    info = "." if af is None else f"gnomAD_AF={af}"
    return "\t".join(["chr1", str(pos), ".", "C", alt, ".", "PASS", info, "AD:DP", tumor])


def tumor_only(folder: Path, lines: list[str], name: str = "tumor.vcf") -> Path:
    columns = ["#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT", "TUMOR"]
    path = folder / name
    path.write_text("\n".join([*META, "\t".join(columns), *lines]) + "\n")
    return path


def case_file(folder: Path) -> Path:
    """Heterozygous germline variants at .48, common ones with a frequency; somatic ones at .28."""
    rng = np.random.default_rng(5)
    lines = []
    for at in range(60):
        depth = 400
        alt = int(rng.binomial(depth, 0.485 if at % 2 else 0.3))
        lines.append(line(1000 + at * 10, f"{depth - alt},{alt}:{depth}", af=0.01 * (at % 2)))
    return tumor_only(folder, lines)


def spec_file(folder: Path, text: str) -> Path:
    path = folder / "spec.yaml"
    path.write_text(text)
    return path


def test_common_variants_at_a_half_are_germline_and_others_are_not(tmp_path: Path) -> None:
    result = run_filter(
        case_file(tmp_path), spec=spec_file(tmp_path, SPEC), files=CaseFiles(purity=0.6)
    )
    assert (result.alleles, result.failed) == (60, 30)
    assert {v.origin for v in result.variants} == {"somatic"}
    assert result.evidence is not None
    assert result.evidence.alleles_fitted == 60
    assert result.evidence.expected_false_positives.status == "not_evaluable"


def test_computed_quantities_are_written_and_read_again(tmp_path: Path) -> None:
    spec, out = spec_file(tmp_path, SPEC), tmp_path / "out.vcf"
    vcf = case_file(tmp_path)
    first = run_filter(vcf, output=out, spec=spec, files=CaseFiles(purity=0.6))
    with open_vcf(out) as source:
        assert source.header.info["TK_P_GERMLINE"].number == "A"
        records = [record for block in source.blocks(100) for record in block]
    assert {record.info_text("TK_ORIGIN") for record in records} == {"germline", "somatic"}
    total = [
        sum(
            float(record.info_text(f"TK_P_{name}") or "nan")
            for name in ("GERMLINE", "SOMATIC", "CLONAL_HEMATOPOIESIS", "ARTIFACT", "CONTAMINATION")
        )
        for record in records
    ]
    assert total == pytest.approx([1.0] * 60, abs=1e-3)
    again = run_filter(out, spec=spec)
    assert (again.failed, again.passed) == (first.failed, first.passed)
    assert again.evidence is None
    twice = tmp_path / "twice.vcf"
    run_filter(out, output=twice, spec=spec, files=CaseFiles(purity=0.6))
    assert twice.read_bytes() == out.read_bytes()


def test_a_file_and_its_split_twin_are_judged_alike(tmp_path: Path) -> None:
    spec = spec_file(tmp_path, SPEC)
    joint = tumor_only(tmp_path, [line(9, "200,100,100:400", alt="A,T")], "joint.vcf")
    split = tumor_only(
        tmp_path, [line(9, "200,100:400", alt="A"), line(9, "200,100:400", alt="T")], "split.vcf"
    )
    files = CaseFiles(purity=0.6)
    one, two = (run_filter(vcf, spec=spec, files=files) for vcf in (joint, split))
    assert [v.origin for v in one.variants] == [v.origin for v in two.variants]
    assert [v.p_somatic for v in one.variants] == pytest.approx(
        [v.p_somatic for v in two.variants], rel=1e-6
    )


def test_a_score_is_cut_at_the_rate_that_was_asked_for(tmp_path: Path) -> None:
    out = tmp_path / "out.vcf"
    result = run_filter(
        case_file(tmp_path),
        output=out,
        spec=spec_file(tmp_path, RANKED),
        files=CaseFiles(purity=0.6),
    )
    ranking, evidence = result.ranking, result.evidence
    assert ranking is not None
    assert evidence is not None
    assert (ranking.ranked, ranking.accepted) == (60, result.passed)
    expected = evidence.expected_false_positives
    assert expected.value is not None
    assert 0 <= expected.value <= 0.05 * result.passed
    assert result.waterfall[-1].filter == "false_discovery"
    assert result.waterfall[-1].failed == 60 - result.passed
    assert '##FILTER=<ID=false_discovery,Description="' in out.read_text()


def test_only_a_probability_can_be_ranked(tmp_path: Path) -> None:
    spec = spec_file(tmp_path, RANKED.replace("posterior, fdr", "tumor.depth, fdr"))
    with pytest.raises(ParameterError, match=r"tumor\.depth is no probability"):
        run_filter(case_file(tmp_path), spec=spec)


def test_a_missing_background_is_said_and_not_held_against_anybody(tmp_path: Path) -> None:
    spec, vcf = spec_file(tmp_path, NOISE), case_file(tmp_path)
    result = run_filter(vcf, spec=spec)
    (item,) = result.not_evaluable
    assert item.reason == "no background of normals was given (--background)"
    assert result.failed == 0
    _, missing = run_check(vcf, spec=spec)
    assert missing == result.not_evaluable


def test_a_case_that_changes_nothing_is_said(tmp_path: Path) -> None:
    spec = spec_file(tmp_path, SPEC.replace("p_germline > max, max: 0.9", "population_af > 0.001"))
    result = run_filter(case_file(tmp_path), spec=spec, files=CaseFiles(purity=0.6))
    assert "asks for nothing" in result.notes[0]


class Known:
    """A background that knows one position."""

    def p_value(self, contig, pos, ref, alt, alt_depth, depth):  # type: ignore[no-untyped-def]
        return np.where(np.asarray(pos) == 1000, 1e-9, np.nan)

    def check_sample(self, material: str, library: str) -> tuple[str, ...]:
        return ()


def test_evidence_is_gathered_from_records_and_case(tmp_path: Path) -> None:
    fasta = make_fasta(tmp_path / "r.fa", {"chr1": "ACGT" * 600})
    head = VcfHeader(META, ("TUMOR",))
    records = [VcfRecord(line(1002, "90,10:100"), head), VcfRecord(line(1000, "9,1:10"), head)]
    from tumorkit.io.fasta import open_fasta

    with open_fasta(fasta) as bases:
        columns = columns_of(records, CallReader(head, assign_roles(head)))
        found = module.evidence_of(columns, Case(background=Known(), bases=bases))
    assert found.tumor_alt_depth.tolist() == [10, 1]
    assert np.isnan(found.normal_depth).all()
    assert found.background_p[1] == 1e-9
    assert np.isnan(found.background_p[0])
    assert found.context.tolist() == [2, 8]  # A.G around the one, G.A around the other


def test_a_large_file_is_thinned_evenly_and_the_same_whatever_the_blocks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "MOST_FITTED", 100)
    head = VcfHeader(META, ("TUMOR",))
    reader = CallReader(head, assign_roles(head))
    records = [VcfRecord(line(at + 1, f"{at},7:{at + 7}"), head) for at in range(1000)]
    seen: list[AlleleEvidence] = []

    def fit(evidence: AlleleEvidence, params: EvidenceParams, *more: Surroundings) -> SampleFit:
        if more:
            assert len(more[0]) == len(evidence)
            seen.append(evidence)
        return fit_sample(AlleleEvidence.of(0), params)

    monkeypatch.setattr(module, "fit_sample", fit)
    for size in (1000, 7, 64):
        blocks = [records[at : at + size] for at in range(0, 1000, size)]
        fitted_case(blocks, reader, Case(), columns_of=columns_of)
    assert all(50 <= len(part) <= 100 for part in seen)
    assert seen[0].tumor_ref_depth.tolist() == list(range(0, 1000, 16))
    assert all(
        part.tumor_ref_depth.tolist() == seen[0].tumor_ref_depth.tolist() for part in seen[1:]
    )


def test_copies_are_looked_up_by_position_whatever_the_spelling() -> None:
    segments = [
        Segment(contig="1", start=100, end=200, log2_ratio=0, bins=1, copy_number=4, minor_cn=1),
        Segment(contig="1", start=0, end=100, log2_ratio=0, bins=1, copy_number=2),
    ]
    case = Case(copies=copies_of(segments), purity=(0.5,), purity_weight=(1.0,))
    around = case.surroundings(["chr1", "chr1", "chr1", "chr2"], [100, 101, 201, 5])
    assert around.copy_number.tolist()[:2] == [2, 4]
    assert np.isnan(around.copy_number[2:]).all()
    assert np.isnan(around.minor_cn[[0, 2, 3]]).all()
    assert around.minor_cn[1] == 1


def test_substitutions_and_contexts_are_read_on_the_pyrimidine_strand() -> None:
    class Text:
        def fetch(self, contig: str, start: int, end: int) -> str:
            return "AACGTTN"[start:end]

    codes, folded = substitutions(["C", "G", "g", "CA", "C", "AC"], ["T", "A", "T", "C", "N", "GT"])
    assert codes.tolist() == [2, 2, 0, 6, -1, 7]
    assert folded.tolist() == [False, True, True, False, False, False]
    found = contexts(["1"] * 6, [3, 4, 4, 6, 1, 2], folded, Text())
    assert found.tolist()[:3] == [2, 2, 2]  # A.G on the one strand, C.T on the other
    assert found.tolist()[3:5] == [-1, -1]


def test_names_are_asked_for_anywhere_in_a_specification() -> None:
    assert names_asked(load_specification(SPEC, "s")) == ("p_germline",)
    assert names_asked(load_specification(RANKED, "s")) == ("posterior",)
    tiered = SPEC.replace(
        "\nfilters:", '\ntiers: [{tier: soma, when: origin == "somatic"}]\nfilters:'
    )
    assert names_asked(load_specification(tiered, "s")) == ("p_germline", "origin")


def test_the_command_takes_the_case(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    vcf, spec = case_file(tmp_path), spec_file(tmp_path, SPEC)
    code = run(
        ["variants", "filter", str(vcf), "--spec", str(spec), "--purity", "0.6", "--json", "-"]
    )
    assert code == 0
    document = json.loads(capsys.readouterr().out)
    assert document["evidence"]["alleles_fitted"] == 60
    assert document["variants"][0]["origin"] == "somatic"


def test_the_cut_can_be_dropped_by_and_lifted_and_answers_why(tmp_path: Path) -> None:
    text = RANKED + "output: {drop: [false_discovery]}\n"
    spec, out, vcf = spec_file(tmp_path, text), tmp_path / "out.vcf", case_file(tmp_path)
    result = run_filter(vcf, output=out, spec=spec, files=CaseFiles(purity=0.6))
    assert result.records_dropped == 60 - result.passed > 0
    kept = {variant.pos for variant in result.variants}
    lost = next(pos for pos in range(1000, 1600, 10) if pos not in kept)
    soft = run_filter(
        vcf,
        output=tmp_path / "soft.vcf",
        spec=spec_file(tmp_path, RANKED),
        files=CaseFiles(purity=0.6),
    )
    assert soft.ranking == result.ranking
    (trail,) = run_why(f"chr1:{lost}", tmp_path / "soft.vcf").alleles
    (reason,) = (reason for reason in trail.reasons if reason.filter == "false_discovery")
    assert (reason.verdict, reason.quantity) == ("fail", "posterior")
    assert reason.limit == pytest.approx(result.ranking.threshold if result.ranking else None)
    assert trail.written == "false_discovery"
    gone = run_why(f"chr1:{lost}", out, earlier=vcf, files=CaseFiles(purity=0.6))
    assert (gone.specification, gone.stage) == ("ranked", "dropped")
    everything = RANKED + "rescue: [{id: all, when: tumor.depth > 0, lifts: [false_discovery]}]\n"
    lifted = run_filter(vcf, spec=spec_file(tmp_path, everything), files=CaseFiles(purity=0.6))
    assert (lifted.failed, lifted.rescued) == (0, result.records_dropped)


def test_a_ranked_file_filtered_again_is_the_same_file(tmp_path: Path) -> None:
    spec, once, twice = spec_file(tmp_path, RANKED), tmp_path / "once.vcf", tmp_path / "twice.vcf"
    run_filter(case_file(tmp_path), output=once, spec=spec, files=CaseFiles(purity=0.6))
    run_filter(once, output=twice, spec=spec)
    assert twice.read_bytes() == once.read_bytes()


def test_every_preset_answers_why_with_and_without_the_case(tmp_path: Path) -> None:
    vcf, out = case_file(tmp_path), tmp_path / "out.vcf"
    for name in preset_names():
        result = run_filter(vcf, output=out, preset=name)
        for variant in result.variants[:3]:
            (trail,) = run_why(f"chr1:{variant.pos}", out).alleles
            assert trail.verdict == variant.verdict, name
            asked = run_why(f"chr1:{variant.pos}", vcf, preset=name, files=CaseFiles(purity=0.6))
            assert {item.filter for item in asked.alleles[0].not_evaluable} <= {
                item.filter for item in trail.not_evaluable
            }


def test_a_background_that_was_not_given_is_not_declared(tmp_path: Path) -> None:
    out = tmp_path / "out.vcf"
    run_filter(case_file(tmp_path), output=out, preset="tumor-only-strict")
    assert "TK_BACKGROUND_P" not in out.read_text()
    again = run_filter(out, preset="tumor-only-strict")
    assert again.evidence is None  # what is computed without a background is there already


@given(st.lists(st.floats(1e-17, 1e6), min_size=1))
def test_computed_quantities_are_judged_as_they_are_written(values: list[float]) -> None:
    found = module.as_written(np.array(values))
    assert found.tolist() == [float(f"{value:.4g}") for value in found]
    assert found == pytest.approx(np.array(values), rel=6e-4)


def test_a_tumour_without_normal_and_frequencies_is_said_to_be_judged_blindly(
    tmp_path: Path,
) -> None:
    vcf = tumor_only(tmp_path, [line(1000 + at, "50,50:100") for at in range(20)])
    asked = [text for text in vcf.read_text().splitlines() if "ID=gnomAD_AF" not in text]
    vcf.write_text("\n".join(asked) + "\n")
    result = run_filter(vcf, preset="tumor-only-strict")
    assert any("by allele fraction alone" in note for note in result.notes)
    known = run_filter(case_file(tmp_path), preset="tumor-only-strict")
    assert not any("by allele fraction alone" in note for note in known.notes)


def test_the_audit_says_how_far_a_value_lies_from_its_limit(tmp_path: Path) -> None:
    audit = tmp_path / "audit.tsv"
    vcf = tumor_only(tmp_path, [line(1000, "99,1:100", af=0.004), line(2000, "50,50:100", af=0)])
    run_filter(vcf, preset="tumor-only-strict", audit=audit)
    header, *rows = (row.split("\t") for row in audit.read_text().splitlines())
    found = {(row[1], row[4]): dict(zip(header, row, strict=True)) for row in rows}
    population = found["1000", "population"]
    assert (population["value"], population["limit"]) == ("0.004", "0.0005")
    assert (population["distance"], population["verdict"]) == ("3", "fail")
    assert found["1000", "low_alt_reads"]["distance"] == "-1.58496"


def test_two_specifications_are_compared_with_the_case(tmp_path: Path) -> None:
    vcf, files = case_file(tmp_path), CaseFiles(purity=0.6)
    text = RANKED.replace("combine: {score: posterior, fdr: 0.05}\n", "").replace("ranked", "plain")
    names = []
    for name, said in (("ranked", RANKED), ("plain", text), ("posterior", SPEC)):
        (tmp_path / f"{name}.yaml").write_text(said)
        names.append(str(tmp_path / f"{name}.yaml"))
    for one, other in ((0, 1), (1, 2), (2, 0)):
        pair = [run_filter(vcf, spec=Path(names[at]), files=files) for at in (one, other)]
        result = run_diff(names[one], names[other], vcf, files=files)
        assert result.kept_by_both + result.failed_by_b == pair[0].passed
        assert result.kept_by_both + result.failed_by_a == pair[1].passed
