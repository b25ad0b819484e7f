"""Statements against a whole case: several alterations, sites, directions, contradictions."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.interpretation.builders import TIERS, make_alteration, make_item, make_rule, write_dump
from tumorkit.cli import run
from tumorkit.errors import InputError
from tumorkit.interpretation import statements
from tumorkit.interpretation.alterations import biomarker_alterations, event_alterations
from tumorkit.interpretation.classify import ClassifyParams, ClassifyResult, classify
from tumorkit.interpretation.classify.run import TableFiles, run_classify
from tumorkit.interpretation.diseases import TumorType
from tumorkit.interpretation.matching import BARE
from tumorkit.interpretation.nouns import Alteration, EvidenceItem, LaboratoryRow, Tables
from tumorkit.interpretation.profiles import parse_profile
from tumorkit.interpretation.statements import Case, match_statements


def missense(gene: str, protein: str) -> Alteration:
    return make_alteration(gene=gene, protein=protein, coding="")


CASE = (
    missense("BRAF", "V600E"),
    missense("EGFR", "L858R"),
    missense("EGFR", "T790M"),
    missense("ABL1", "T315I"),
    Alteration(kind="fusion", gene="BCR", genes=("BCR", "ABL1"), ordered=True, state="fusion"),
)


@pytest.mark.parametrize(
    ("profile", "state", "who"),
    [
        ("EGFR L858R AND EGFR T790M", "yes", (1, 2)),
        ("EGFR T790M AND L858R", "yes", (1, 2)),
        ("EGFR L858R and T790M", "yes", (1, 2)),
        ("EGFR L858R AND EGFR C797S", "no", ()),
        ("EGFR L858R OR EGFR C797S", "yes", (1,)),
        ("KRAS G12D OR KRAS G13D", "no", ()),
        ("BRAF V600E AND NOT EGFR T790M", "no", ()),
        ("BRAF V600E AND NOT BRAF V600K", "unknown", ()),
        ("NOT BRAF V600E", "no", ()),
        ("NOT KRAS G12D", "unknown", ()),
        ("BRAF V600E AND (EGFR L858R OR KRAS G12D)", "yes", (0, 1)),
        ("BRAF V600E AND NOT BRAF V600K AND ( VHL W88* OR VHL V87E (c.260T>A) )", "no", ()),
        ("BRAF V600E AND EGFR Overexpression", "unknown", ()),
        ("KRAS G12D AND EGFR Overexpression", "no", ()),
        ("EGFR L858R OR EGFR Overexpression", "yes", (1,)),
        ("BCR::ABL1 Fusion AND ABL1 T315I", "yes", (3, 4)),
        ("BCR::ABL1 T315I", "yes", (3, 4)),
        ("BCR::ABL1 E255K", "no", ()),
        ("BRAF V600E AND MSI Low", "unknown", ()),
        ("KRAS Wildtype", "unknown", ()),
        ("EGFR Wildtype", "no", ()),
        ("EGFR Amplification AND KRAS Wildtype", "no", ()),
    ],
)
def test_profiles_of_several_alterations(profile: str, state: str, who: tuple[int, ...]) -> None:
    node = parse_profile(profile)
    assert node is not None
    verdict = Case(CASE, BARE).judge(node)
    assert verdict.state == state
    assert tuple(sorted({hit.index for hit in verdict.hits})) == who


@pytest.mark.parametrize("text", ["", "BRAF", "BRAF V600E AND", "AND BRAF V600E", "( BRAF V600E"])
def test_broken_profiles_fit_nothing_and_are_counted(text: str) -> None:
    assert parse_profile(text) is None
    found = match_statements([make_item(gene="", alteration=text)], CASE, BARE)
    assert dict(found.counts) == {statements.BROKEN: 1}


def test_every_statement_is_counted_once() -> None:
    items = [
        make_item(id="a"),
        make_item(id="b", alteration="V600K"),
        make_item(id="c", gene="KRAS", alteration="G12D"),
        make_item(id="d", alteration="Overexpression"),
        make_item(id="e", gene="KRAS", alteration="Wildtype"),
        make_item(id="f", gene="", alteration="EGFR L858R AND EGFR T790M"),
    ]
    result = classify(CASE, Tables(evidence=tuple(items)))
    assert sum(result.statements.values()) == len(items)
    assert result.statements["matched"] == 2
    assert result.statements["no alteration of the gene was found"] == 1
    assert [(open_.id, open_.why) for open_ in result.open_statements] == [
        ("d", "expression, methylation or a state of the protein: not measured")
    ]
    both = [v for v in result.variants if any(e.id == "f" for e in v.evidence)]
    assert [v.alteration for v in both] == ["p.L858R", "p.T790M"]
    assert both[0].evidence[0].match == "protein change; beside EGFR T790M"


def tumor(name: str, parents: dict[str, Sequence[str]] | None = None) -> TumorType:
    return TumorType(name, {}, {k: frozenset(v) for k, v in (parents or {}).items()})


LUNG = {
    "lung adenocarcinoma": ["lung non-small cell carcinoma"],
    "lung non-small cell carcinoma": ["lung cancer"],
    "lung cancer": ["cancer"],
    "cancer": ["lung cancer"],
}


@pytest.mark.parametrize(
    ("case", "disease", "doid", "site"),
    [
        ("Lung Adenocarcinoma", "lung  adenocarcinoma", "", "same"),
        ("DOID:3910", "Lung Adenocarcinoma", "3910", "same"),
        ("lung adenocarcinoma", "Lung Non-small Cell Carcinoma", "", "parent"),
        ("lung adenocarcinoma", "Lung Cancer", "", "parent"),
        ("lung non-small cell carcinoma", "Lung Adenocarcinoma", "", "other"),
        ("lung adenocarcinoma", "Cancer", "162", "pan-cancer"),
        ("lung adenocarcinoma", "Solid Tumor", "", "pan-cancer"),
        ("acute myeloid leukemia", "Solid Tumor", "", "other"),
        ("acute myeloid leukemia", "Cancer", "", "pan-cancer"),
        ("lung adenocarcinoma", "Melanoma", "", "other"),
        ("", "Melanoma", "", "unknown"),
        ("", "Solid Tumor", "", "unknown"),
        ("", "Cancer", "", "pan-cancer"),
    ],
)
def test_sites(case: str, disease: str, doid: str, site: str) -> None:
    assert tumor(case, dict(LUNG)).site_of(disease, doid) == site


def evaluated(*items: EvidenceItem, **rule: Any) -> ClassifyResult:
    tables = Tables(evidence=items, evidence_name="KB", tiers=(make_rule(**rule),))
    return classify([CASE[0]], tables, ClassifyParams(tumor_type="melanoma"))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"direction": "Does Not Support"}, "it does not support what it speaks of"),
        ({"direction": "Does Not Support", "significance": "Resistance"},
         "it does not support what it speaks of"),
        ({"origin": "Rare Germline"}, "it speaks of germline variants"),
        ({"status": "submitted"}, "no editor has accepted it"),
    ],
)  # fmt: skip
def test_some_statements_never_define_a_tier(changes: dict[str, str], why: str) -> None:
    (item,) = evaluated(make_item(**changes), directions=(), levels=(), types=()).variants
    assert item.tier is None
    assert [(e.use, e.why_additional) for e in item.evidence] == [("additional", why)]


def test_statements_that_contradict_each_other_are_shown_together() -> None:
    (item,) = evaluated(
        make_item(id="EID1"),
        make_item(id="EID2", significance="Resistance", level="C"),
        make_item(id="EID3", therapies=("Drugtwo",), significance="Resistance"),
        make_item(id="EID4", disease="Thyroid Cancer", direction="Does Not Support"),
    ).variants
    (conflict,) = item.conflicts
    assert (conflict.about, conflict.disease) == ("Drugone", "Melanoma")
    assert conflict.statements == (
        "EID1: Supports Sensitivity/Response (A)",
        "EID2: Supports Resistance (C)",
    )
    assert len(item.evidence) == 4


def test_a_tier_row_may_list_several_sites() -> None:
    cancer = make_item(disease="Cancer", doid="162")
    assert evaluated(cancer).variants[0].tier is None
    assert evaluated(cancer, sites=("same", "pan-cancer")).variants[0].tier == "I"


@pytest.mark.parametrize(
    ("estimate", "found"),
    [
        ({"call": "MSI-H", "status": "ok", "cutoffs": [{"certainty": "clear"}]}, ["MSI"]),
        ({"call": "MSI-H", "status": "ok", "cutoffs": [{"certainty": "borderline"}]}, []),
        ({"call": "MSI-H", "status": "ok", "cutoffs": [{"certainty": None}]}, []),
        ({"call": "MSI-H", "status": "not_evaluable", "cutoffs": [{"certainty": "clear"}]}, []),
        ({"call": "MSI-H", "status": "ok", "cutoffs": []}, []),
        ({"call": "MSS", "status": "ok", "cutoffs": [{"certainty": "clear"}]}, []),
    ],
)
def test_only_a_sure_class_of_a_biomarker_counts(
    estimate: dict[str, Any], found: list[str]
) -> None:
    assert [item.gene for item in biomarker_alterations({"msi": estimate})] == found


def test_hrd_counts_where_every_preset_says_high() -> None:
    limits = [{"certainty": "clear"}]
    for call, found in (("high (sum-42)", 1), ("grey zone (sum-42)", 0),
                        ("high (sum-33); low (sum-42)", 0), (None, 0)):  # fmt: skip
        scars = {"call": call, "status": "ok", "cutoffs": limits}
        assert len(biomarker_alterations({"hrd": {"sum": scars}})) == found


def end(gene: str, pos: int) -> dict[str, Any]:
    return {"contig": "chr2", "pos": pos, "keeps": "before", "gene": gene, "exon": ""}


EVENTS = {
    "schema": "tumorkit/variants.structural",
    "sample": "TUMOR",
    "build": "GRCh38",
    "events": [
        {"kind": "fusion", "name": "EML4::ALK", "first": end("EML4", 42), "second": end("ALK", 29),
         "frame": "in-frame", "vaf": None},
        {"kind": "duplication", "name": "FLT3-ITD", "first": end("FLT3", 9),
         "second": end("FLT3", 60), "frame": "in-frame", "vaf": 0.2},
        {"kind": "translocation", "name": "", "first": end("A,B", 9), "second": end("MYC", 60)},
    ],
}  # fmt: skip


def test_events_become_alterations_of_their_genes() -> None:
    fusion, itd, other = event_alterations(EVENTS["events"])  # type: ignore[arg-type]
    assert (fusion.kind, fusion.genes, fusion.ordered) == ("fusion", ("EML4", "ALK"), True)
    assert (itd.state, itd.vaf, itd.ordered) == ("FLT3-ITD", 0.2, False)
    # A breakpoint in two genes names none of them.
    assert (other.gene, other.genes) == ("MYC", ("", "MYC"))


def written(folder: Path, *rows: dict[str, str]) -> TableFiles:
    dump = write_dump(folder / "01-Jan-2026-ClinicalEvidenceSummaries.tsv", rows)
    knowledge = folder / "civic.json"
    assert run(["interpretation", "import", "civic", str(dump), "-o", str(knowledge)]) == 0
    (folder / "tiers.tsv").write_text(TIERS)
    return TableFiles(evidence=knowledge, tiers=folder / "tiers.tsv")


ROW = {
    "disease": "Melanoma",
    "therapies": "Drugone",
    "evidence_type": "Predictive",
    "evidence_direction": "Supports",
    "evidence_level": "A",
    "rating": "5",
    "significance": "Sensitivity/Response",
    "citation": "One",
    "evidence_status": "accepted",
}


def test_events_and_biomarkers_of_a_profile_get_tiers(tmp_path: Path) -> None:
    files = written(
        tmp_path,
        {**ROW, "molecular_profile": "v::ALK Fusion", "evidence_id": "1"},
        {**ROW, "molecular_profile": "FLT3 ITD", "evidence_id": "2"},
        {**ROW, "molecular_profile": "MSI High", "evidence_id": "3"},
    )
    msi = {"call": "MSI-H", "status": "ok", "cutoffs": [{"certainty": "clear"}]}
    document = {
        "schema": "tumorkit/profile",
        "sample": "T1",
        "case": {"tumor_type": "Melanoma"},
        "parts": [
            {"name": "structural_events", "result": {"events": EVENTS["events"]}},
            {"name": "msi", "result": msi},
        ],
    }
    (tmp_path / "profile.json").write_text(json.dumps(document))
    result = run_classify(tmp_path / "profile.json", files)
    assert [(v.kind, v.gene, v.alteration, v.tier) for v in result.variants] == [
        ("fusion", "EML4::ALK", "fusion", "I"),
        ("structural", "FLT3", "FLT3-ITD", "I"),
        ("structural", "MYC", "rearrangement", None),
        ("biomarker", "MSI", "High", "I"),
    ]
    assert all(v.criteria == () and v.oncogenicity is None for v in result.variants)


def test_an_import_of_events_is_an_input_alone_and_beside_variants(tmp_path: Path) -> None:
    files = written(tmp_path, {**ROW, "molecular_profile": "EML4::ALK Fusion", "evidence_id": "1"})
    path = tmp_path / "events.json"
    path.write_text(json.dumps(EVENTS))
    params = ClassifyParams(tumor_type="melanoma")
    alone = run_classify(path, files, params=params)
    assert [v.tier for v in alone.variants] == ["I", None, None]
    rows = {"schema": "tumorkit/variants.filter", "sample": "TUMOR", "build": "GRCh38",
            "variants": []}  # fmt: skip
    (tmp_path / "v.json").write_text(json.dumps(rows))
    beside = run_classify(tmp_path / "v.json", files, structural=path, params=params)
    assert beside.variants == alone.variants
    assert [item.role for item in beside.inputs][:2] == ["variants", "structural"]
    (tmp_path / "v.json").write_text(json.dumps({**rows, "sample": "ANOTHER"}))
    with pytest.raises(InputError, match="its sample is 'TUMOR'"):
        run_classify(tmp_path / "v.json", files, structural=path, params=params)


def expiring(expiry: str) -> LaboratoryRow:
    return LaboratoryRow(
        gene="BRAF", change="p.V600E", tumor_type="", oncogenicity="Oncogenic", tier="",
        author="AB", date="2025-01-01", expiry=expiry, comment="",
    )  # fmt: skip


def test_what_is_old_expired_or_undated_is_said() -> None:
    from tumorkit.interpretation.nouns import Knowledge

    known = Knowledge(kind="evidence", name="KB", date="2025-01-01", sha256="0" * 64, rows=1)
    tables = Tables(laboratory=(expiring("2025-06-01"),), knowledge=(known,))

    def notes(date: str) -> str:
        return "; ".join(classify([CASE[0]], tables, ClassifyParams(date=date)).notes)

    assert "the age of the tables is not judged" in notes("")
    assert "entries with an expiry are not applied" in notes("")
    assert "KB is 516 days old (date 2025-01-01)" in notes("2026-06-01")
    assert "1 entries of the laboratory table have expired" in notes("2026-06-01")
    assert "KB is dated after the report" in notes("2024-06-01")


def test_a_benign_variant_gets_no_tier_by_statements_about_any_mutation() -> None:
    common = make_alteration(protein="D22N", coding="", population_af=0.08)
    items = (make_item(alteration="Mutation"),)
    tables = Tables(evidence=items, tiers=(make_rule(),))
    (item,) = classify([common], tables, ClassifyParams(tumor_type="melanoma")).variants
    assert (item.oncogenicity, item.tier) == ("Benign", None)
    assert item.evidence[0].why_additional == (
        "it speaks of any mutation of the gene, and this one is benign"
    )


@pytest.mark.parametrize(
    ("named", "tier_uncertain", "tier"),
    [("Likely oncogenic", False, "I"), ("VUS", False, None), ("VUS", True, "I")],
)
def test_statements_about_any_mutation_need_an_oncogenic_one(
    named: str, tier_uncertain: bool, tier: str | None
) -> None:
    row = LaboratoryRow(gene="BRAF", change="p.D22N", tumor_type="", oncogenicity=named, tier="",
                        author="AB", date="2026-01-01", expiry="", comment="")  # fmt: skip
    tables = Tables(
        evidence=(make_item(alteration="Mutation"),), tiers=(make_rule(),), laboratory=(row,)
    )
    params = ClassifyParams(tumor_type="melanoma", tier_uncertain=tier_uncertain)
    found = make_alteration(protein="D22N", coding="")
    (item,) = classify([found], tables, params).variants
    assert (item.tier, item.evidence[0].broad) == (tier, True)
    assert bool(item.evidence[0].why_additional) == (tier is None)


def test_variants_outside_of_coding_parts_are_counted_only() -> None:
    intron = make_alteration(protein="", coding="c.5+900A>T", terms=("intron_variant",))
    promoter = make_alteration(
        gene="TERT", protein="", coding="", terms=("upstream_gene_variant",), promoter="C228T"
    )
    result = classify([intron, promoter], Tables())
    assert [item.alteration for item in result.variants] == ["C228T"]
    assert result.not_listed == 1
    assert any("1 variants outside of coding parts" in note for note in result.notes)
