"""Filtering: verdicts per allele, sums that close, bytes that stay."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tumorkit.contract.result import to_document
from tumorkit.errors import ParameterError
from tumorkit.genome.vcf import VcfHeader, VcfRecord
from tumorkit.io.outputs import Outputs
from tumorkit.io.vcf import open_vcf, write_vcf
from tumorkit.variants.filter import (
    FilterParams,
    FilterResult,
    filter_variants,
    load_specification,
    preset,
)
from tumorkit.variants.filter.run import run_check, run_filter, write_filter
from tumorkit.variants.roles import Roles, assign_roles

META = (
    "##fileformat=VCFv4.2",
    '##INFO=<ID=Hotspot,Number=1,Type=String,Description="Hotspot classification">',
    '##INFO=<ID=Q,Number=A,Type=Float,Description="A number">',
    '##INFO=<ID=gnomAD_AF,Number=A,Type=Float,Description="Frequency">',
    '##INFO=<ID=AS_FilterStatus,Number=A,Type=String,Description="Status">',
    '##FILTER=<ID=weak_evidence,Description="Weak">',
    '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
    '##FORMAT=<ID=AD,Number=R,Type=Integer,Description="Depths">',
    '##FORMAT=<ID=DP,Number=1,Type=Integer,Description="Depth">',
    "##contig=<ID=chr1,length=248956422>",
)
SPEC = """
tumorkit_filters: 1
name: demo
tiers: [{tier: hotspot, when: hotspot}]
filters:
  - {id: low, says: Too few reads, fail_if: tumor.alt_depth < min, min: {default: 5, hotspot: 2}}
  - {id: germline, says: Frequent in gnomAD, fail_if: population_af > max, max: 0.01}
  - {id: in_normal, says: In the normal, fail_if: normal.vaf > max, max: 0.05, needs: normal}
  - {id: flagged, says: Flagged, fail_if: count(caller_filter) > max, max: 0}
rescue:
  - {id: strong, when: hotspot and tumor.alt_depth >= 8, lifts: [flagged]}
"""


def header(
    samples: tuple[str, ...] = ("NORMAL", "TUMOR"), meta: tuple[str, ...] = META
) -> VcfHeader:
    return VcfHeader(meta, samples)


def line(
    pos: int,
    tumor: str = "90,10:100",
    normal: str | None = "50,0:50",
    *,
    alt: str = "C",
    filters: str = "PASS",
    info: str = ".",
) -> str:
    columns = ["chr1", str(pos), ".", "A", alt, ".", filters, info, "AD:DP"]
    return "\t".join([*columns, *([normal] if normal else []), tumor])


def judged(
    lines: list[str],
    spec: str = SPEC,
    head: VcfHeader | None = None,
    params: FilterParams | None = None,
) -> tuple[FilterResult, list[str]]:
    head = head or header()
    written: list[str] = []
    records = [VcfRecord(text, head, at) for at, text in enumerate(lines)]
    result = filter_variants(
        [records],
        head,
        assign_roles(head),
        load_specification(spec, "spec.yaml"),
        params,
        write=written.extend,
    )
    return result, written


def filters_of(text: str) -> tuple[str, dict[str, str]]:
    columns = text.split("\t")
    info = dict(item.partition("=")[::2] for item in columns[7].split(";"))
    return columns[6], info


def test_each_allele_has_its_own_verdict_and_filter_is_set_only_if_all_fail() -> None:
    result, written = judged([line(5, "90,10,1:101", "50,0,0:50", alt="C,G")])
    filters, info = filters_of(written[0])
    assert filters == "PASS"
    assert info["TK_FILTER"] == "PASS,low"
    assert (result.passed, result.failed) == (1, 1)
    _, written = judged([line(5, "90,1,10:101", "50,0,10:60", alt="C,G")])
    filters, info = filters_of(written[0])
    assert filters == "low;in_normal"
    assert info["TK_FILTER"] == "low,in_normal"
    assert info["TK_CALLER_FILTER"] == "PASS"


KINDS = """
tumorkit_filters: 1
name: kinds
filters:
  - {id: changed, says: An SNV, fail_if: kind == "snv"}
  - {id: lost, says: A deletion, fail_if: kind == "deletion"}
"""


def test_kinds_are_those_of_the_alleles_not_of_the_record() -> None:
    texts = [line(5, "9,3,3:15", None, alt="TT,C").replace("\tA\t", "\tCT\t")]
    texts.append(line(9, "9,3:12", None, alt="*"))
    _, written = judged(texts, KINDS, header(("TUMOR",)))
    assert [filters_of(text)[1].get("TK_FILTER") for text in written] == ["changed,lost", "PASS"]


def test_a_caller_filter_of_one_allele_fails_that_allele_only() -> None:
    info = "AS_FilterStatus=SITE|weak_evidence"
    _, written = judged([line(5, "50,20,20:90", "50,0,0:50", alt="C,G", info=info)])
    assert filters_of(written[0])[1]["TK_FILTER"] == "PASS,flagged"


def test_pass_and_dot_stay_distinct_and_the_caller_keeps_its_filters() -> None:
    lines = [
        line(5, filters="."),
        line(6, "90,1:91", filters="."),
        line(7, filters="weak_evidence"),
    ]
    _, written = judged(lines)
    assert [filters_of(text)[0] for text in written] == [".", "low", "weak_evidence;flagged"]
    assert filters_of(written[2])[1]["TK_CALLER_FILTER"] == "weak_evidence"


def test_a_specification_that_judges_caller_filters_may_overrule_them() -> None:
    spec = (
        "tumorkit_filters: 1\nname: demo\nfilters:\n"
        "  - {id: flagged, says: F, fail_if: count(caller_filter) > 0, ignore: [weak_evidence]}\n"
    )
    _, written = judged([line(5, filters="weak_evidence")], spec)
    filters, info = filters_of(written[0])
    assert (filters, info["TK_CALLER_FILTER"]) == ("PASS", "weak_evidence")
    blind = spec.replace("count(caller_filter) > 0, ignore: [weak_evidence]", "tumor.depth < 3")
    _, written = judged([line(5, filters="weak_evidence")], blind)
    assert filters_of(written[0])[0] == "weak_evidence"


def test_tiers_have_their_own_limits() -> None:
    lines = [line(5, "97,3:100"), line(6, "97,3:100", info="Hotspot=1-hotspot")]
    _, written = judged(lines)
    assert [filters_of(text)[0] for text in written] == ["low", "PASS"]


def test_rescue_lifts_what_it_names_and_nothing_else() -> None:
    hot = {"filters": "weak_evidence", "info": "Hotspot=1-hotspot"}
    result, written = judged([line(5, "90,10:100", **hot), line(6, "90,10:100", "50,9:59", **hot)])
    filters, info = filters_of(written[0])
    assert (filters, info["TK_RESCUED"]) == ("PASS", "strong")
    assert info["TK_CALLER_FILTER"] == "weak_evidence"
    assert filters_of(written[1])[0] == "weak_evidence;in_normal"
    assert (result.rescued, result.failed) == (1, 1)
    assert [row.lifted for row in result.waterfall] == [0, 0, 0, 2]
    by_pos = {variant.pos: variant for variant in result.variants}
    assert by_pos[5].verdict == "rescued"
    assert [(r.filter, r.verdict) for r in by_pos[6].reasons] == [
        ("in_normal", "fail"),
        ("flagged", "lifted"),
    ]


def test_unknown_is_neither_pass_nor_fail() -> None:
    result, written = judged([line(5, ".:100"), line(6)])
    assert filters_of(written[0])[1]["TK_UNKNOWN"] == "low"
    assert (result.passed, result.unknown) == (2, 1)
    assert next(v for v in result.variants if v.pos == 5).verdict == "unknown"


@pytest.mark.parametrize(
    ("policy", "expected"), [("pass", "PASS"), ("fail", "q"), ("unknown", "PASS")]
)
def test_missing_policy_of_a_declared_field(policy: str, expected: str) -> None:
    spec = (
        "tumorkit_filters: 1\nname: demo\nfilters:\n"
        f"  - {{id: q, says: Q, fail_if: 'INFO[\"Q\"] < 3', missing: {policy}}}\n"
    )
    result, written = judged([line(5)], spec)
    assert filters_of(written[0])[0] == expected
    assert result.unknown == (1 if policy == "unknown" else 0)


def test_a_field_that_is_not_declared_never_passes_in_silence() -> None:
    spec = (
        "tumorkit_filters: 1\nname: demo\nfilters:\n"
        "  - {id: q, says: Q, fail_if: 'INFO[\"QQ\"] < 3', missing: pass}\n"
        '  - {id: h, says: H, fail_if: \'INFO["Hotspt"] == "x"\'}\n'
    )
    result, _ = judged([line(5)], spec)
    assert [(item.filter, item.reason) for item in result.not_evaluable] == [
        ("q", "INFO/QQ is not declared in the header"),
        ("h", "INFO/Hotspt is not declared in the header; did you mean 'Hotspot'?"),
    ]


def test_absent_from_a_population_source_is_not_unknown() -> None:
    result, written = judged([line(5), line(6, info="gnomAD_AF=0.2")])
    assert [filters_of(text)[0] for text in written] == ["PASS", "germline"]
    assert not result.not_evaluable
    bare = header(meta=tuple(m for m in META if "gnomAD" not in m))
    result, _ = judged([line(5)], head=bare)
    assert result.not_evaluable[0].reason == "no population frequency is declared in the header"


@pytest.mark.parametrize(
    ("info", "verdict"),
    [
        ("GNOMADAF_popmax=0.001;SWEGENAF=0.008", "PASS"),
        ("GNOMADAF_popmax=0.006;SWEGENAF=0.001", "population"),
        ("GNOMADAF_popmax=0.001;SWEGENAF=0.011", "swegen"),
        (".", "PASS"),
    ],
)
def test_balsamic_has_a_limit_for_gnomad_and_another_for_swegen(info: str, verdict: str) -> None:
    declared = (
        f'##INFO=<ID={key},Number=1,Type=Float,Description="Frequency">'
        for key in ("GNOMADAF_popmax", "SWEGENAF")
    )
    head = VcfHeader((*(m for m in META if "gnomAD" not in m), *declared), ("TUMOR",))
    written: list[str] = []
    filter_variants(
        [[VcfRecord(line(5, "90,20:110", None, info=info), head)]],
        head,
        assign_roles(head),
        preset("balsamic-tga-tumor-only"),
        write=written.extend,
    )
    assert filters_of(written[0])[1]["TK_FILTER"] == verdict


def test_without_a_normal_its_filters_are_not_evaluable() -> None:
    result, _ = judged([line(5, normal=None)], head=header(("TUMOR",)))
    assert ("in_normal", "there is no matched normal") in [
        (item.filter, item.reason) for item in result.not_evaluable
    ]
    assert "in_normal" not in [row.filter for row in result.waterfall]


def test_a_filter_for_which_no_record_holds_a_value_is_said() -> None:
    spec = (
        "tumorkit_filters: 1\nname: demo\nfilters:\n"
        "  - {id: strand, says: Strand, fail_if: tumor.alt_forward < 1}\n"
    )
    result, _ = judged([line(5), line(6)], spec)
    assert result.not_evaluable[0].reason == "no record holds a value that it needs (2 alleles)"


def test_a_filter_that_other_terms_decide_for_all_alleles_is_evaluable() -> None:
    spec = (
        "tumorkit_filters: 1\nname: demo\nfilters:\n"
        "  - {id: a, says: A, fail_if: 'tumor.depth < 5 and INFO[\"QQ\"] > 1'}\n"
        "  - {id: b, says: B, fail_if: 'tumor.depth < 100 and INFO[\"QQ\"] > 1'}\n"
    )
    result, _ = judged([line(5), line(6, "90,1:91")], spec)
    assert [(item.filter, item.reason) for item in result.not_evaluable] == [
        (
            "b",
            "INFO/QQ is not declared in the header; 1 of 2 alleles decided by its other terms",
        )
    ]


def test_reasons_show_quantity_value_and_limit() -> None:
    result, _ = judged([line(5, "90,1:91", info="Hotspot=1-hotspot")])
    (reason,) = result.variants[0].reasons
    assert (reason.filter, reason.quantity, reason.value, reason.limit, reason.verdict) == (
        "low",
        "tumor.alt_depth",
        1.0,
        2.0,
        "fail",
    )
    assert reason.condition == "tumor.alt_depth < 2"


def test_listing_prefers_tier_then_vaf_and_says_of_how_many() -> None:
    lines = [line(pos, f"90,{10 + pos}:{100 + pos}") for pos in range(1, 9)]
    lines.append(line(20, "90,10:100", info="Hotspot=1-hotspot"))
    result, _ = judged(lines, params=FilterParams(max_listed=3))
    assert [variant.pos for variant in result.variants] == [20, 8, 7]
    assert result.listed_of == 9


def test_dropping_is_a_separate_last_step_and_is_counted() -> None:
    spec = SPEC + "output: {drop: [germline]}\n"
    lines = [line(5, info="gnomAD_AF=0.2"), line(6, "90,1:91"), line(7)]
    result, written = judged(lines, spec)
    assert (result.records, result.records_written, result.records_dropped) == (3, 2, 1)
    assert [text.split("\t")[1] for text in written] == ["6", "7"]


def test_sites_without_an_alternative_are_kept_and_counted() -> None:
    result, written = judged([line(5, "90:90", "50:50", alt=".")])
    assert written == [line(5, "90:90", "50:50", alt=".")]
    assert (result.records, result.records_without_alt, result.alleles) == (1, 1, 0)


def test_a_type_mistake_is_found_before_any_record_is_read() -> None:
    spec = "tumorkit_filters: 1\nname: demo\nfilters:\n  - {id: x, says: X, fail_if: gene > 3}\n"
    spec = spec.replace("gene > 3", "callers > 3")
    meta = (*META, '##INFO=<ID=CALLERS,Number=.,Type=String,Description="Callers">')
    with pytest.raises(ParameterError, match=r"spec\.yaml:4: filter x: .*compares a set"):
        judged([], spec, header(meta=meta))


COUNTS = st.tuples(st.integers(0, 30), st.integers(0, 9))
ALLELES = st.lists(COUNTS, min_size=1, max_size=3)
RECORDS = st.lists(
    st.tuples(ALLELES, st.sampled_from(["PASS", ".", "weak_evidence"]), st.booleans()),
    max_size=12,
)
SPEC_TWO = load_specification(SPEC, "spec.yaml")


def run_lines(lines: list[str], head: VcfHeader) -> tuple[FilterResult, list[str]]:
    written: list[str] = []
    records = [VcfRecord(text, head) for text in lines]
    roles = Roles(tumor="TUMOR", normal="NORMAL")
    return filter_variants([records], head, roles, SPEC_TWO, write=written.extend), written


def verdicts(written: list[str]) -> list[str]:
    return [v for text in written for v in filters_of(text)[1]["TK_FILTER"].split(",")]


@settings(max_examples=40, deadline=None)
@given(RECORDS)
def test_verdicts_do_not_depend_on_column_order_nor_on_splitting(
    drawn: list[tuple[list[tuple[int, int]], str, bool]],
) -> None:
    joined, swapped, split = [], [], []
    for at, (alleles, filters, hot) in enumerate(drawn):
        info = "Hotspot=1-hotspot" if hot else "Hotspot=4-other"
        alts = ["C", "G", "T"][: len(alleles)]

        def text(which: list[int], at: int = at, alleles: list[tuple[int, int]] = alleles) -> str:
            return ",".join(str(alleles[i][at]) for i in which)

        def columns(which: list[int], alleles: list[tuple[int, int]] = alleles) -> list[str]:
            return [f"40,{','.join(str(alleles[i][who]) for i in which)}:200" for who in (1, 0)]

        every = list(range(len(alleles)))
        fixed = ["chr1", str(at + 1), ".", "A"]
        rest = [".", filters, info, "AD:DP"]
        joined.append("\t".join([*fixed, ",".join(alts), *rest, *columns(every)]))
        swapped.append("\t".join([*fixed, ",".join(alts), *rest, *columns(every)[::-1]]))
        split += ["\t".join([*fixed, alts[i], *rest, *columns([i])]) for i in every]
    result, written = run_lines(joined, header())
    _, other = run_lines(swapped, header(("TUMOR", "NORMAL")))
    alone, apart = run_lines(split, header())
    assert verdicts(written) == verdicts(other) == verdicts(apart)
    assert result.records == result.records_written + result.records_dropped == len(joined)
    assert result.alleles == result.passed + result.failed + result.rescued == alone.alleles
    assert sum(row.first for row in result.waterfall) == result.failed + result.rescued
    for before, after in zip(joined, written, strict=True):
        old, new = before.split("\t"), after.split("\t")
        assert old[:6] + old[8:] == new[:6] + new[8:]
        assert new[7].startswith(old[7])


def write_input(path: Path, lines: list[str]) -> Path:
    write_vcf(path, header(), lines)
    return path


LINES = [
    line(5, "90,10:100", info="Hotspot=1-hotspot"),
    line(6, "90,10,1:101", "50,0,0:50", alt="C,G", filters="weak_evidence"),
    line(7, "90,1:91", info="gnomAD_AF=0.2"),
]


def spec_file(folder: Path, text: str = SPEC) -> Path:
    path = folder / "demo.yaml"
    path.write_text(text)
    return path


def test_files_are_whole_indexed_and_equal_in_two_runs(tmp_path: Path) -> None:
    vcf, spec = write_input(tmp_path / "in.vcf.gz", LINES), spec_file(tmp_path)
    made = []
    for folder in (tmp_path / "a", tmp_path / "b"):
        result = run_filter(
            vcf, output=folder / "out.vcf.gz", audit=folder / "audit.tsv", spec=spec
        )
        write_filter(result, Outputs(json=folder / "result.json"))
        made.append({path.name: path.read_bytes() for path in sorted(folder.iterdir())})
    assert list(made[0]) == ["audit.tsv", "out.vcf.gz", "out.vcf.gz.tbi", "result.json"]
    assert made[0] == made[1]
    assert json.loads(made[0]["result.json"])["inputs"][0]["name"] == "in.vcf.gz"


def test_block_size_changes_nothing(tmp_path: Path) -> None:
    vcf, spec = write_input(tmp_path / "in.vcf.gz", LINES * 3), spec_file(tmp_path)
    documents = []
    for size in (1, 2, 100):
        result = run_filter(
            vcf,
            output=tmp_path / f"{size}.vcf",
            spec=spec,
            params=FilterParams(block_size=size),
        )
        documents.append((to_document(result), (tmp_path / f"{size}.vcf").read_text()))
    assert documents[0] == documents[1] == documents[2]


def test_filtering_twice_is_filtering_once(tmp_path: Path) -> None:
    vcf, spec = write_input(tmp_path / "in.vcf.gz", LINES), spec_file(tmp_path)
    run_filter(vcf, output=tmp_path / "1.vcf", spec=spec)
    run_filter(tmp_path / "1.vcf", output=tmp_path / "2.vcf", spec=spec)
    assert (tmp_path / "1.vcf").read_text() == (tmp_path / "2.vcf").read_text()


def test_the_audit_has_a_row_for_every_allele(tmp_path: Path) -> None:
    vcf, spec = write_input(tmp_path / "in.vcf.gz", LINES), spec_file(tmp_path)
    run_filter(vcf, audit=tmp_path / "audit.tsv", spec=spec)
    rows = [text.split("\t") for text in (tmp_path / "audit.tsv").read_text().splitlines()[1:]]
    assert [(row[1], row[3], row[4], row[10]) for row in rows] == [
        ("5", "C", "", "pass"),
        ("6", "C", "flagged", "fail"),
        ("6", "G", "low", "fail"),
        ("6", "G", "flagged", "fail"),
        ("7", "C", "low", "fail"),
        ("7", "C", "germline", "fail"),
    ]
    assert rows[2][11] == "Too few reads: tumor.alt_depth is 1 (fails if tumor.alt_depth < 5)"


def test_the_header_says_what_judged(tmp_path: Path) -> None:
    vcf, spec = write_input(tmp_path / "in.vcf.gz", LINES), spec_file(tmp_path)
    result = run_filter(vcf, output=tmp_path / "out.vcf", spec=spec)
    with open_vcf(tmp_path / "out.vcf") as source:
        assert source.header.filters["low"].description == "Too few reads"
        assert source.header.info["TK_FILTER"].number == "A"
        said = source.header.values("tumorkit_filter")
    assert said == [f'<ID=demo,Version="1",SHA256="{result.specification_sha256}">']


@pytest.mark.skipif(shutil.which("bcftools") is None, reason="bcftools is not installed")
def test_bcftools_reads_and_splits_the_output_without_a_word(tmp_path: Path) -> None:
    vcf, spec = write_input(tmp_path / "in.vcf.gz", LINES), spec_file(tmp_path)
    run_filter(vcf, output=tmp_path / "out.vcf.gz", spec=spec)
    for arguments in (["view"], ["norm", "-m-"]):
        done = subprocess.run(
            ["bcftools", *arguments, tmp_path / "out.vcf.gz"],
            capture_output=True,
            text=True,
            check=True,
        )
        warnings = [text for text in done.stderr.splitlines() if not text.startswith("Lines ")]
        assert warnings == []
    split = [text for text in done.stdout.splitlines() if text.startswith("chr1\t6\t")]
    assert [filters_of(text)[1]["TK_FILTER"] for text in split] == ["flagged", "low&flagged"]


def test_input_and_output_must_differ(tmp_path: Path) -> None:
    vcf = write_input(tmp_path / "in.vcf.gz", LINES)
    with pytest.raises(ParameterError, match="the output is the input"):
        run_filter(vcf, output=vcf, preset="caller-pass")


def test_check_says_before_a_run_what_can_be_answered(tmp_path: Path) -> None:
    vcf = write_input(tmp_path / "in.vcf.gz", [])
    specification, cannot = run_check(vcf, preset="twist-solid")
    assert specification.name == "twist-solid"
    assert {item.filter: item.reason for item in cannot} == {
        "Intronic": "the VCF has no CSQ, ANN or BCSQ annotation",
        "Artifact_gt_3": "INFO/Artifact is not declared in the header; "
        "INFO/ArtifactNrSD is not declared in the header",
        "Background_lt_4": "INFO/PositionNrSD is not declared in the header",
        "tier tert_hotspot": "the VCF has no CSQ, ANN or BCSQ annotation",
        "tier tert": "the VCF has no CSQ, ANN or BCSQ annotation",
    }


def test_check_looks_at_the_first_records_too(tmp_path: Path) -> None:
    vcf = write_input(tmp_path / "in.vcf.gz", LINES)
    text = "tumorkit_filters: 1\nname: demo\nfilters:\n"
    text += "  - {id: strand, says: S, fail_if: tumor.alt_forward < 1}\n"
    _, cannot = run_check(vcf, spec=spec_file(tmp_path, text))
    assert cannot[0].reason == "no record holds a value that it needs (4 alleles)"


def test_intron_rule_fires_without_a_gene_name() -> None:
    # hydra: a missing SYMBOL makes `SYMBOL != MET` false, and the filter silent.
    csq = '##INFO=<ID=CSQ,Number=.,Type=String,Description="Format: Allele|Consequence|SYMBOL">'
    head = header(("TUMOR",), (*META, csq))
    text = line(5, "60,40:100", normal=None, info="CSQ=C|intron_variant|")
    written: list[str] = []
    filter_variants(
        [[VcfRecord(text, head)]],
        head,
        assign_roles(head),
        preset("twist-solid"),
        write=written.extend,
    )
    assert filters_of(written[0])[0] == "Intronic"


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "chosen", "records"),
    [
        ("truth/colo829-nygc-v6.vcf.gz", "balsamic-wgs-paired", 43_192),
        ("gms560/HD832.ensembled.vcf.gz", "twist-solid", 15_461),
        ("gms560/HD832.ensembled.vep_annotated.vcf", "twist-solid", 171),
        ("alignments/strelka_demo/somatic.indels.vcf.gz", "caller-pass", 2),
        ("copynumber/cnvkit/nosample.vcf", "caller-pass", 0),
        ("copynumber/cnvkit/gatk-emptyalt.vcf", "caller-pass", 1),
        ("copynumber/cnvkit/blank.vcf", "caller-pass", 0),
    ],
)
def test_every_real_record_is_accounted_for(
    shared: Path, tmp_path: Path, name: str, chosen: str, records: int
) -> None:
    result = run_filter(shared / name, output=tmp_path / "out.vcf.gz", preset=chosen)
    assert result.records == records == result.records_written
    assert result.alleles == result.passed + result.failed + result.rescued
    assert sum(row.first for row in result.waterfall) == result.failed + result.rescued
    with open_vcf(shared / name) as before, open_vcf(tmp_path / "out.vcf.gz") as after:
        for old, new in zip(before, after, strict=True):
            assert old.columns[:6] + old.columns[8:] == new.columns[:6] + new.columns[8:]


@pytest.mark.shared
@pytest.mark.parametrize("folder", ["calls/vcf2maf", "calls/somaticseq"])
def test_every_caller_goes_through_the_filter(shared: Path, tmp_path: Path, folder: str) -> None:
    bcftools = shutil.which("bcftools")
    for path in sorted((shared / folder).rglob("*.vcf*")):
        if path.suffix == ".tbi":
            continue
        out = tmp_path / "out.vcf"
        result = run_filter(path, output=out, preset="tumor-only-strict")
        assert result.records == result.records_written
        assert result.alleles == result.passed + result.failed + result.rescued
        if bcftools:
            said = [
                subprocess.run([bcftools, "view", file], capture_output=True, check=False).stderr
                for file in (path, out)
            ]
            new = set(said[1].splitlines()) - set(said[0].splitlines())
            # A tabix index knows the contigs that a header does not declare.
            new = {text for text in new if b"is not defined in the header" not in text}
            assert not new, (path, new)


@pytest.mark.shared
def test_known_verdicts_of_the_gms560_reference_standard(shared: Path) -> None:
    result = run_filter(shared / "gms560/HD832.ensembled.vcf.gz", preset="twist-solid")
    failed = {row.filter: row.failed for row in result.waterfall}
    # Counted apart with grep and awk: FORMAT/AF below .01, FORMAT/AD alternative below 20.
    assert failed["AF_lt_0.01"] == 95
    assert failed["AD_lt_20"] == 2001
    kras = [v for v in result.variants if v.gene == "KRAS" and v.hotspot]
    egfr = [v for v in result.variants if v.gene == "EGFR" and v.hgvsp and "Gly719Ser" in v.hgvsp]
    assert egfr[0].verdict == "pass"
    assert all(v.tier == "hotspot" for v in kras)


def twist_flags(columns: list[str]) -> list[str]:
    """The rules of Twist_Solid's soft filter, written out for one line of its ensemble VCF."""
    info = dict(item.partition("=")[::2] for item in columns[7].split(";"))
    sample = dict(zip(columns[8].split(":"), columns[9].split(":"), strict=True))
    csq = info["CSQ"].split(",")[0].split("|")
    hot = info["Hotspot"].startswith("1-")
    reads = int(sample["AD"].split(",")[1])
    seen = [int(x) for x in info["Artifact"].split(",")[:2]]
    deviations = [float(x) for x in info["ArtifactNrSD"].split(",")]
    gnomad = float(csq[49] or 0)
    depth_rule = "AD_HS_lt_10" if hot else "AD_lt_20"
    least = 10 if hot else 20
    if csq[3] == "TERT":
        depth_rule, least = "AD_TERT_lt_4", 4 if hot else 0
    rules = {
        "Intronic": "intron_variant" in csq[1]
        and "splice" not in csq[1]
        and csq[3] not in ("MET", "TERT")
        and "COSV" not in csq[17],
        "AF_lt_0.01": float(sample["AF"]) < 0.01,
        "Artifact_gt_3": any(n > 3 and sd < 5 for n, sd in zip(seen, deviations, strict=True)),
        "Background_lt_4": float(info.get("PositionNrSD", 1000)) < 4 and not hot,
        "Germline": gnomad > 0.005,
        depth_rule: reads < least,
    }
    return [name for name, fails in rules.items() if fails]


@pytest.mark.shared
def test_twist_solid_equals_its_rules_written_out(shared: Path, tmp_path: Path) -> None:
    run_filter(
        shared / "gms560/HD832.ensembled.vcf.gz", output=tmp_path / "out.vcf", preset="twist-solid"
    )
    with open_vcf(tmp_path / "out.vcf") as source:
        fields = source.header.info["CSQ"].description.partition("Format: ")[2].split("|")
        assert (fields[3], fields[17], fields[49]) == ("SYMBOL", "Existing_variation", "gnomAD_AF")
        for record in source:
            assert record.info["TK_FILTER"] == ("&".join(twist_flags(record.columns)) or "PASS")


def test_what_a_single_filter_removes_is_listed_with_its_reason() -> None:
    lines = [
        line(10, "90,10:100"),
        line(20, "97,3:100"),
        line(30, "97,3:100", filters="weak_evidence"),
        line(40, "98,2:100"),
    ]
    result, _ = judged(lines)
    assert [item.pos for item in result.variants] == [10]
    assert result.near_misses_of == 2
    assert [item.pos for item in result.near_misses] == [20, 40]
    assert [
        reason.filter for reason in result.near_misses[0].reasons if reason.verdict == "fail"
    ] == ["low"]
    fewer, _ = judged(lines, params=FilterParams(max_near_misses=1))
    assert (len(fewer.near_misses), fewer.near_misses_of) == (1, 2)
