"""Lines, their directions, and conclusions by the printed rules."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumorkit.cli import run
from tumorkit.errors import InputError, ParameterError
from tumorkit.verdict import Document, HrTests, Line, MmrTests, judge_hr, judge_mmr
from tumorkit.verdict.analysis import concluded, printed
from tumorkit.verdict.mmr import exonuclease


def estimate(value: float, call: str | None, *, clear: bool = True, **more: Any) -> dict[str, Any]:
    certainty = "clear" if clear else "borderline"
    cut = {"name": "cut", "value": more.pop("cut", 0.2), "certainty": certainty}
    return {
        "status": "ok", "value": value, "call": call, "reason": None, "unit": "mut/Mb",
        "low": None, "high": None, "cutoffs": [cut] if call else [], **more,
    }  # fmt: skip


def document(schema: str, **fields: Any) -> Document:
    return Document(f"{schema}.json", {"schema": f"tumorkit/{schema}", "sample": "T1", **fields})


def msi(call: str | None, *, clear: bool = True) -> Document:
    return document("msi", **estimate(0.4 if call == "MSI-H" else 0.01, call, clear=clear))


def tmb(call: str, indels: int, others: int) -> Document:
    rows = [{"ref": "AT", "alt": "A"}] * indels + [{"ref": "A", "alt": "T"}] * others
    high = call == "TMB-High"
    return document(
        "tmb", **estimate(40.0 if high else 2.0, call, cut=10.0), variants=rows,
        params={"kinds": ["snv", "insertion", "deletion"]},
    )  # fmt: skip


def genes(**statuses: str) -> Document:
    rows = [
        {
            "gene": gene, "status": status, "germline": "0 germline",
            "hits": ["LOH", f"somatic {gene} p.Arg1Ter"] if status == "two hits" else [],
        }
        for gene, status in statuses.items()
    ]  # fmt: skip
    return document("purity", genes=rows)


def fit(kind: str, process: str, call: str, *, evaluable: bool = True) -> Document:
    row = {
        "name": process, "call": call, "evaluable": evaluable, "detectable_share": 0.1,
        "share": {"value": 0.4 if call == "present" else None},
        "reason": None if evaluable else "12 mutations, 50 are needed",
    }  # fmt: skip
    return document("signatures", kind=kind, samples=[{"processes": [row]}])


def hrd(value: float, cut: float | None = 42.0, *, grey: bool = False) -> Document:
    call = None if cut is None else "grey zone (sum-42)" if grey else "high (sum-42)"
    total = estimate(value, call, cut=cut)
    return document("hrd", sum=total, doubled=False)


MMR_OK = {"MLH1": "no hit", "MSH2": "no hit", "MSH6": "no hit", "PMS2": "no hit"}
HR_OK = {"BRCA1": "no hit", "BRCA2": "no hit", "PALB2": "one hit"}


def test_instability_with_a_lost_gene_is_concordant() -> None:
    found = judge_mmr([msi("MSI-H"), genes(**{**MMR_OK, "MSH2": "two hits"})])
    assert (found.conclusion, found.state, found.conflicts) == ("concordant", "deficient", ())
    assert found.because == found.rules[1]


def test_a_substitution_as_second_hit_is_no_proof() -> None:
    one = genes(MSH2="two hits")
    one.content["genes"][0]["hits"] = ["LOH", "somatic MSH2 p.Ala98Thr"]
    found = judge_mmr([msi("MSI-H"), one])
    line = next(line for line in found.lines if line.name.startswith("two hits"))
    assert (line.direction, found.conclusion) == ("neither", "insufficient")
    assert "bystander" in line.reason


def test_slippage_seen_four_times_is_seen_once() -> None:
    seen = [msi("MSI-H"), fit("ID83", "mmr", "present"), tmb("TMB-High", 30, 30)]
    found = judge_mmr(seen, MmrTests(pcr="MSI-H"))
    assert found.conclusion == "insufficient"
    assert sum(line.direction == "deficient" for line in found.lines) == 4


def test_stable_and_low_is_proficient() -> None:
    found = judge_mmr([msi("MSS"), tmb("TMB-Low", 0, 3), fit("SBS96", "mmr", "not_seen")])
    assert (found.conclusion, found.state) == ("concordant", "proficient")


def test_a_low_burden_alone_does_not_carry_proficiency() -> None:
    found = judge_mmr([tmb("TMB-Low", 0, 3), fit("SBS96", "mmr", "not_seen")])
    assert found.conclusion == "insufficient"


def test_borderline_and_unnamed_classes_point_nowhere() -> None:
    for one in (msi("MSI-H", clear=False), msi(None)):
        line = judge_mmr([one], MmrTests(pcr="MSS")).lines[0]
        assert (line.direction, line.evaluable) == ("neither", "yes")
        assert line.reason


def test_what_is_not_evaluable_says_why_and_points_nowhere() -> None:
    silent = document("msi", status="not_evaluable", reason="3 usable sites", value=None, call=None)
    short = fit("SBS96", "mmr", "not_evaluable", evaluable=False)
    found = judge_mmr([silent, short])
    said = {line.name: line for line in found.lines}
    assert said["microsatellites"].reason == "3 usable sites"
    assert said["substitution signatures of mismatch repair"].evaluable == "no"
    assert found.conclusion == "insufficient"


@pytest.mark.parametrize(
    ("documents", "tests", "words"),
    [
        ([msi("MSI-H"), genes(**MMR_OK)], MmrTests(), "test MLH1 methylation"),
        ([msi("MSI-H"), fit("SBS96", "mmr", "not_seen")], MmrTests(), "contamination"),
        ([msi("MSS"), genes(MSH6="two hits")], MmrTests(), "loss of MSH6 or PMS2"),
        ([msi("MSS")], MmrTests(ihc_lost=("MSH6",)), "loss of MSH6 or PMS2"),
        ([msi("MSS"), tmb("TMB-High", 1, 60)], MmrTests(), "look at POLE"),
        ([msi("MSS"), tmb("TMB-High", 1, 60)], MmrTests(pole="p.Pro286Arg"), "is explained"),
        ([msi("MSS"), tmb("TMB-High", 30, 30)], MmrTests(), "deficient by burden"),
        ([msi("MSS")], MmrTests(pcr="MSI-H"), "deficient by microsatellite PCR"),
    ],
)
def test_every_conflict_of_mismatch_repair_is_said(
    documents: list[Document], tests: MmrTests, words: str
) -> None:
    found = judge_mmr(documents, tests)
    assert any(words in one for one in found.conflicts), found.conflicts


@pytest.mark.parametrize(
    ("documents", "tests", "words"),
    [
        ([hrd(12), genes(BRCA1="two hits")], HrTests(), "reversion"),
        ([hrd(12)], HrTests(brca1_methylation="methylated"), "methylated with few scars"),
        ([hrd(60), fit("SBS96", "hr", "not_seen")], HrTests(), "other solutions of purity"),
        ([hrd(60)], HrTests(rad51_foci="present"), "repair may have come back"),
        ([genes(BRCA2="two hits"), fit("SBS96", "hr", "not_seen")], HrTests(), "by SBS3"),
    ],
)  # fmt: skip
def test_every_conflict_of_recombination_is_said(
    documents: list[Document], tests: HrTests, words: str
) -> None:
    found = judge_hr(documents, tests)
    assert found.conclusion == "discordant"
    assert any(words in one for one in found.conflicts), found.conflicts


def test_scars_and_a_lost_gene_are_concordant_and_say_what_scars_cannot_show() -> None:
    found = judge_hr([hrd(60), genes(**{**HR_OK, "BRCA1": "two hits"})])
    assert (found.conclusion, found.state) == ("concordant", "deficient")
    assert any("reversion" in one for one in found.limits)
    assert any("methylation" in one for one in found.limits)


def test_a_sum_without_a_named_cut_off_or_in_the_grey_zone_points_nowhere() -> None:
    for one, words in ((hrd(60, None), "no validated cut-off"), (hrd(43, grey=True), "borderline")):
        line = judge_hr([one]).lines[0]
        assert line.direction == "neither"
        assert words in line.reason


def test_few_scars_and_no_signature_are_proficient() -> None:
    found = judge_hr([hrd(5), fit("SBS96", "hr", "not_seen"), genes(**HR_OK)])
    assert (found.conclusion, found.state) == ("concordant", "proficient")


def test_unstable_microsatellites_make_signatures_of_recombination_unreadable() -> None:
    found = judge_hr([msi("MSI-H"), hrd(5), fit("ID83", "hr", "present")])
    line = next(one for one in found.lines if one.name == "ID6")
    assert (line.evaluable, line.direction) == ("no", "neither")
    assert "slippage" in line.reason


def test_genes_without_germline_or_with_one_hit_are_no_proof_of_health() -> None:
    one = genes(**HR_OK)
    one.content["genes"][0]["germline"] = "germline not assessed"
    line = next(line for line in judge_hr([one]).lines if line.name.startswith("two hits"))
    assert line.direction == "neither"
    assert line.finding == "one hit in PALB2"
    for words in ("methylation", "germline", "RAD51C"):
        assert words in line.reason


def test_a_profile_gives_the_results_of_its_parts() -> None:
    parts = [{"name": "msi", "result": msi("MSI-H").content}, {"name": "tmb", "result": None}]
    profile = document("profile", parts=parts)
    found = judge_mmr([profile], MmrTests(ihc_lost=("MLH1", "PMS2")))
    assert found.conclusion == "concordant"
    assert found.lines[0].source == "profile.json"


def test_a_fit_without_the_process_is_not_evaluable() -> None:
    line = judge_mmr([fit("SBS96", "hr", "present"), msi("MSS")]).lines[2]
    assert (line.evaluable, line.reason) == ("no", "its table has no signature of this process")


def test_genes_are_found_below_a_purity_that_was_given() -> None:
    fitted = genes(MSH2="two hits").content
    part = {"name": "purity", "status": "ok", "result": {"value": 0.4, "fitted": fitted}}
    found = judge_mmr([document("profile", parts=[part])], MmrTests(pcr="MSI-H"))
    assert (found.conclusion, found.state) == ("concordant", "deficient")


def test_a_part_that_failed_is_not_evaluable_and_says_why() -> None:
    names = ("msi", "tmb", "purity", "hrd", "signatures")
    parts = [{"name": n, "status": "failed", "reason": f"{n} broke", "result": None} for n in names]
    profile = document("profile", parts=[*parts, {"name": "variants", "status": "ok"}])
    for found in (judge_mmr([profile]), judge_hr([profile])):
        broken = [line for line in found.lines if line.evaluable == "no"]
        assert len(broken) == 5
        assert all("broke" in line.reason for line in broken)
        assert found.conclusion == "insufficient"


def test_two_results_of_one_kind_and_strange_ones_are_refused() -> None:
    with pytest.raises(InputError, match="a second result of msi"):
        judge_mmr([msi("MSS"), msi("MSI-H")])
    with pytest.raises(InputError, match="no result that a verdict uses"):
        judge_mmr([document("variants.filter")])
    with pytest.raises(ParameterError, match="nothing to judge"):
        judge_hr([])


def test_results_of_different_samples_are_noticed() -> None:
    other = Document("tmb.json", {**tmb("TMB-Low", 0, 3).content, "sample": "T2"})
    found = judge_mmr([msi("MSS"), other])
    assert "different samples: T1, T2" in found.notes[0]
    assert found.sample == ""


def test_proteins_are_named_right_and_once() -> None:
    with pytest.raises(ParameterError, match="MLH3"):
        MmrTests(ihc_lost=("MLH3",))
    with pytest.raises(ParameterError, match="lost and retained"):
        MmrTests(ihc_lost=("MLH1",), ihc_retained=("MLH1",))


def test_protein_changes_are_read_in_both_codes() -> None:
    assert "known" in exonuclease("POLE", "POLE p.V411L")
    assert "in the exonuclease domain" in exonuclease("POLD1", "p.Ala400Thr")
    assert exonuclease("POLE", "chr12:1 A>T") == ""


LINE = st.builds(
    Line,
    name=st.sampled_from(["microsatellites", "immunohistochemistry", "POLE, POLD1", "x"]),
    kind=st.sampled_from(["slippage", "cause", "protein"]),
    finding=st.just(""),
    direction=st.sampled_from(["deficient", "proficient", "neither"]),
    evaluable=st.just("yes"),
    reason=st.just(""),
    source=st.just(""),
)


@given(st.lists(LINE, min_size=1, max_size=6))
def test_conclusions_follow_the_printed_rules_whatever_the_order(lines: list[Line]) -> None:
    outcome = concluded(lines, "mmr")
    assert all(concluded(list(turn), "mmr") == outcome for turn in itertools.islice(
        itertools.permutations(lines), 24
    ))  # fmt: skip
    conclusion, state, because = outcome
    assert because in printed("mmr")
    ways = {line.direction for line in lines} - {"neither"}
    assert (conclusion == "discordant") == (len(ways) == 2)
    assert (conclusion == "concordant") == (state != "")
    assert not state or ways == {state}


def test_the_command_writes_table_and_document_without_a_probability(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = tmp_path / "msi.json"
    given.write_text(json.dumps(msi("MSI-H").content))
    table, result = tmp_path / "lines.tsv", tmp_path / "v.json"
    flags = ["--ihc-lost", "MLH1", "--ihc-lost", "PMS2", "-o", str(table), "--json", str(result)]
    assert run(["verdict", "mmr", str(given), *flags]) == 0
    assert "concordant: deficient" in capsys.readouterr().out
    document = json.loads(result.read_text())
    assert document["conclusion"] == "concordant"
    assert not [key for key in document if "prob" in key]
    assert table.read_text().splitlines()[0].split("\t")[:3] == ["name", "kind", "finding"]
    assert run(["verdict", "hr", str(given), "--require-evaluable"]) == 1
    assert run(["verdict", "mmr"]) == 2


@pytest.mark.parametrize(
    "hit",
    ["somatic BRCA1 splice_donor_variant", "somatic BRCA1 frameshift_variant",
     "somatic BRCA1 start_lost", "somatic BRCA1 p.Glu23ValfsTer17"],
)  # fmt: skip
def test_a_broken_splice_site_is_a_truncation(hit: str) -> None:
    one = genes(BRCA1="two hits")
    one.content["genes"][0]["hits"] = ["LOH", hit]
    line = next(line for line in judge_hr([one]).lines if line.kind == "cause")
    assert line.direction == "deficient"


def test_a_protein_that_ends_late_is_no_truncation() -> None:
    one = genes(BRCA1="two hits")
    one.content["genes"][0]["hits"] = ["LOH", "somatic BRCA1 p.Ter1864GlnextTer17"]
    line = next(line for line in judge_hr([one]).lines if line.kind == "cause")
    assert line.direction == "neither"


def test_which_allele_of_an_inherited_variant_was_lost_is_not_told() -> None:
    one = genes(BRCA1="two hits")
    one.content["genes"][0]["hits"] = ["LOH", "germline BRCA1 p.Cys61Gly"]
    line = next(line for line in judge_hr([one]).lines if line.kind == "cause")
    assert (line.direction, "may have gone" in line.reason) == ("deficient", True)


@pytest.mark.parametrize(
    ("call", "evaluable", "state", "finding"),
    [("not_evaluable", False, "no", ""), ("not_seen", True, "yes", "nothing found in SBS96"),
     ("possible", True, "yes", "nothing found in SBS96")],
)  # fmt: skip
def test_polymerase_signatures_that_could_not_be_seen_are_no_absence(
    call: str, evaluable: bool, state: str, finding: str
) -> None:
    found = judge_mmr([fit("SBS96", "pol", call, evaluable=evaluable)])
    line = next(line for line in found.lines if line.name == "POLE, POLD1")
    assert (line.evaluable, line.finding.startswith(finding)) == (state, True)
    assert ("not sure" in line.reason) == (call != "not_seen")


def test_genes_without_somatic_variants_say_so() -> None:
    one = genes(**HR_OK)
    bare = Document(one.source, {**one.content, "used": {"mutations": 0}})
    line = next(line for line in judge_hr([bare]).lines if line.kind == "cause")
    assert "no somatic variant was given" in line.reason


@pytest.mark.parametrize(("share", "direction"), [(0.2, "proficient"), (0.45, "neither")])
def test_a_signature_that_only_a_large_share_would_show_is_no_absence(
    share: float, direction: str
) -> None:
    """130 mutations without SBS3 spoke against many scars before."""
    one = fit("SBS96", "hr", "not_seen")
    one.content["samples"][0]["processes"][0]["detectable_share"] = share
    found = judge_hr([hrd(60.0), one])
    line = next(line for line in found.lines if line.name == "SBS3")
    assert line.direction == direction
    assert found.conclusion == ("discordant" if direction == "proficient" else "insufficient")


def test_a_file_without_json_is_refused_with_what_to_give(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = tmp_path / "e.json"
    empty.write_text("")
    assert run(["verdict", "mmr", str(empty)]) == 1
    assert "hint: give what --json wrote, or a profile.json" in capsys.readouterr().err
