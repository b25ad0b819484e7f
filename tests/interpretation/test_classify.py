"""Tiers and oncogenicity: every point has its row, and nothing is said without one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.interpretation.builders import (
    DUMP,
    TIERS,
    make_alteration,
    make_item,
    make_rule,
    write_dump,
)
from tumorkit.cli import run
from tumorkit.errors import InputError, ParameterError
from tumorkit.interpretation.classify import Classified, ClassifyParams, ClassifyResult, classify
from tumorkit.interpretation.classify.oncogenicity import GIVES_WAY, POINTS
from tumorkit.interpretation.classify.run import TableFiles, run_classify
from tumorkit.interpretation.nouns import (
    Alteration,
    AssertedRow,
    DomainRow,
    HotspotRow,
    LaboratoryRow,
    Tables,
)

STATES = ("met", "not met", None)
CSQ = "Allele|Consequence|SYMBOL|Feature|EXON|HGVSc|HGVSp|gnomADe_AF|REVEL"
VCF = f"""##fileformat=VCFv4.2
##contig=<ID=chr7,length=159345973>
##INFO=<ID=CSQ,Number=.,Type=String,Description="VEP. Format: {CSQ}">
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tTUMOR
chr7\t100\t.\tA\tT\t.\tPASS\tCSQ=T|missense_variant|BRAF|NM_004333.6|15/18|NM_004333.6:c.1799T>A|\
NP_004324.2:p.Val600Glu||0.93\tGT:AD:DP\t0/1:60,40:100
chr7\t200\t.\tC\tG,T\t.\tPASS\tCSQ=G|stop_gained|TP53|NM_000546.6|5/11|NM_000546.6:c.500C>G|\
NP_000537.3:p.Ser167Ter||,T|synonymous_variant|TP53|NM_000546.6|5/11|NM_000546.6:c.500C>T|\
NP_000537.3:p.Ser167%3D|0.2|\tGT:AD:DP\t0/1:60,40,2:102
chr7\t300\t.\tA\tT\t.\tweak\tCSQ=T|missense_variant|KRAS|NM_1.1|2/5|NM_1.1:c.1A>T|NP_1.1:p.Gly12Asp\
||\tGT:AD:DP\t0/1:60,4:64
"""


def only(found: Alteration, tables: Tables, **params: Any) -> Classified:
    (item,) = classify([found], tables, ClassifyParams(**params)).variants
    return item


def met(item: Classified) -> set[str]:
    return {c.code for c in item.criteria if c.counted}


def asserted(code: str, state: str = "met") -> AssertedRow:
    return AssertedRow(
        gene="BRAF",
        change="p.V600E",
        code=code,
        state=state,
        source="review",
        author="AB",
        date="2026-01-01",
    )


def spot(residue: int, change: int) -> HotspotRow:
    return HotspotRow(
        gene="BRAF", residue="V600", residue_count=residue, change="V600E", change_count=change
    )


def own(**changes: str) -> LaboratoryRow:
    known = {
        "gene": "BRAF",
        "change": "p.V600E",
        "tumor_type": "",
        "oncogenicity": "Oncogenic",
        "tier": "I",
        "author": "AB",
        "date": "2026-01-01",
        "expiry": "",
        "comment": "",
    }
    return LaboratoryRow(**{**known, **changes})


def test_every_criterion_is_shown_with_its_state_and_reason() -> None:
    item = only(make_alteration(), Tables())
    assert [c.code for c in item.criteria] == list(POINTS)
    assert len(POINTS) == 17
    assert all(c.why for c in item.criteria)
    assert {c.state for c in item.criteria} == {"met", "not met", "not assessable"}


def test_without_evidence_there_is_neither_tier_nor_class() -> None:
    bare = only(make_alteration(population_asked=False), Tables())
    assert (bare.tier, bare.oncogenicity, bare.points) == (None, None, 0)
    tables = Tables(evidence=(make_item(gene="ALK"),), tiers=(make_rule(),))
    assert only(make_alteration(), tables).tier is None


@settings(deadline=None)
@given(st.integers(0, 3**17 - 1))
def test_points_are_the_sum_of_what_counts_and_lie_in_their_range(number: int) -> None:
    states = [STATES[number // 3**at % 3] for at in range(17)]
    rows = tuple(asserted(code, state) for code, state in zip(POINTS, states, strict=True) if state)
    item = only(make_alteration(population_asked=False, terms=()), Tables(asserted=rows))
    counted = met(item)
    assert item.points == sum(POINTS[code] for code in counted)
    assert item.points_low <= item.points <= item.points_high
    said = {row.code for row in rows if row.state == "met"}
    assert counted <= said
    for code in said - counted:
        assert set(GIVES_WAY[code]) & counted
    assert (item.oncogenicity is None) == (not counted)


@pytest.mark.parametrize(
    ("codes", "named"),
    [
        (("OVS1", "OM1"), "Oncogenic"),
        (("OVS1", "OP1"), "Likely oncogenic"),
        (("OS1", "OM2"), "Likely oncogenic"),
        (("OS2", "OP1"), "VUS"),
        (("OP4", "SBP1"), "VUS"),
        (("SBP1",), "Likely benign"),
        (("SBVS1",), "Benign"),
        (("SBS1", "SBP1", "SBP2"), "Likely benign"),
    ],
)
def test_published_cut_offs(codes: tuple[str, ...], named: str) -> None:
    tables = Tables(asserted=tuple(map(asserted, codes)))
    plain = make_alteration(population_asked=False, terms=())
    assert only(plain, tables).oncogenicity == named


def test_other_cut_offs_give_other_classes() -> None:
    tables = Tables(asserted=(asserted("OVS1"), asserted("OP1")))
    plain = make_alteration(population_asked=False, terms=())
    assert only(plain, tables, min_oncogenic=9).oncogenicity == "Oncogenic"


@pytest.mark.parametrize(
    ("residue", "change", "code"), [(60, 12, "OS3"), (40, 12, "OM3"), (60, 5, "OP3"), (60, 0, "")]
)
def test_hotspots_by_counts(residue: int, change: int, code: str) -> None:
    item = only(make_alteration(population_asked=False), Tables(hotspots=(spot(residue, change),)))
    assert met(item) == ({code} if code else set())


def test_null_variants_need_a_suppressor() -> None:
    null = make_alteration(gene="TP53", protein="S167*", terms=("stop_gained",))
    assert "OVS1" in met(only(null, Tables(roles={"TP53": "tumor suppressor"})))
    assert "OVS1" not in met(only(null, Tables(roles={"TP53": "oncogene"})))
    (state,) = [c.state for c in only(null, Tables()).criteria if c.code == "OVS1"]
    assert state == "not assessable"


def test_unknown_frequency_is_not_an_absent_one() -> None:
    states = {
        asked: {c.code: c.state for c in only(make_alteration(population_asked=asked),
                                              Tables()).criteria}
        for asked in (True, False)
    }  # fmt: skip
    assert states[True]["OP4"] == "met"
    assert {states[False][c] for c in ("OP4", "SBVS1", "SBS1")} == {"not assessable"}


@pytest.mark.parametrize(("value", "codes"), [(0.2, {"SBVS1"}), (0.02, {"SBS1"}), (0.002, set())])
def test_frequent_variants(value: float, codes: set[str]) -> None:
    assert met(only(make_alteration(population_af=value), Tables())) == codes


def test_domains_and_established_residues() -> None:
    other = make_alteration(protein="V600K", coding="", population_asked=False)
    domain = DomainRow(gene="BRAF", first=457, last=717, name="kinase")
    assert met(only(other, Tables(domains=(domain,)))) == {"OM1"}
    # Lysine is nearer to valine than glutamate is: 97 and 121 of Grantham's distance.
    assert met(only(other, Tables(laboratory=(own(),)))) == set()
    assert met(only(other, Tables(laboratory=(own(),)), min_distance_share=0.75)) == {"OM4"}
    far = make_alteration(protein="V600D", coding="", population_asked=False)
    assert met(only(far, Tables(laboratory=(own(),)))) == {"OM4"}
    same = make_alteration(coding="", population_asked=False)
    assert met(only(same, Tables(laboratory=(own(),)))) == {"OS1"}


def test_predictors_only_with_limits_of_the_laboratory() -> None:
    found = make_alteration(score=0.93, population_asked=False)
    assert met(only(found, Tables())) == set()
    assert met(only(found, Tables(), predictor="REVEL", min_predictor=0.7)) == {"OP1"}
    low = make_alteration(score=0.1, population_asked=False)
    assert met(only(low, Tables(), predictor="REVEL", max_predictor=0.2)) == {"SBP1"}


def test_a_tier_needs_the_site_that_its_row_asks_for() -> None:
    tables = Tables(evidence=(make_item(),), evidence_name="KB", tiers=(make_rule(),))
    assert only(make_alteration(), tables, tumor_type="melanoma").tier == "I"
    assert only(make_alteration(), tables, tumor_type="lung adenocarcinoma").tier is None
    assert only(make_alteration(), tables).tier is None
    listed = Tables(
        evidence=(make_item(),),
        tiers=(make_rule(),),
        synonyms={"skin cancer": frozenset(["melanoma"])},
    )
    assert only(make_alteration(), listed, tumor_type="Skin cancer").tier == "I"


def test_statements_are_defining_or_additional() -> None:
    items = (make_item(), make_item(id="EID2", level="C"))
    tables = Tables(evidence=items, tiers=(make_rule(),))
    evidence = only(make_alteration(), tables, tumor_type="Melanoma").evidence
    assert [(e.id, e.use) for e in evidence] == [("EID1", "tier-defining"), ("EID2", "additional")]


@pytest.mark.parametrize(
    ("changes", "params", "expected"),
    [
        ({}, {}, ("I", "Oncogenic", "applied")),
        ({"expiry": "2026-06-30"}, {"date": "2026-06-30"}, ("I", "Oncogenic", "applied")),
        ({"expiry": "2026-06-30"}, {"date": "2026-07-01"}, (None, None, "expired")),
        ({"expiry": "2026-06-30"}, {}, (None, None, "expiry not judged")),
    ],
)
def test_the_laboratory_comes_first_until_it_expires(
    changes: dict[str, str], params: dict[str, str], expected: tuple[str | None, ...]
) -> None:
    found = make_alteration(population_asked=False)
    item = only(found, Tables(laboratory=(own(**changes),)), **params)
    assert (item.tier, item.oncogenicity, item.laboratory[0].state) == expected


def test_copy_number_needs_copies() -> None:
    tables = Tables(evidence=(make_item(alteration="AMPLIFICATION"),), tiers=(make_rule(),))
    for state, tier in (("amplification", "I"), ("high gain (log2)", None)):
        found = Alteration(kind="copy number", gene="BRAF", state=state)
        item = only(found, tables, tumor_type="Melanoma")
        assert (item.tier, item.criteria, item.oncogenicity) == (tier, (), None)


def test_old_knowledge_is_said_to_be_old(tmp_path: Path) -> None:
    knowledge = imported(tmp_path)
    vcf = tmp_path / "in.vcf"
    vcf.write_text(VCF)
    result = run_classify(
        vcf, TableFiles(evidence=knowledge), params=ClassifyParams(date="2028-01-01")
    )
    assert any("730 days old" in note for note in result.notes)
    assert result.knowledge[0].date == "2026-01-01"
    assert len(result.knowledge[0].sha256) == 64


def imported(folder: Path) -> Path:
    dump = write_dump(folder / "01-Jan-2026-ClinicalEvidenceSummaries.tsv")
    out = folder / "civic.json"
    assert run(["interpretation", "import", "civic", str(dump), "-o", str(out)]) == 0
    return out


def test_command_from_a_vcf_to_table_tags_and_document(tmp_path: Path) -> None:
    (tmp_path / "in.vcf").write_text(VCF)
    (tmp_path / "tiers.tsv").write_text(TIERS)
    (tmp_path / "roles.tsv").write_text("gene\trole\nTP53\ttumor_suppressor\nBRAF\toncogene\n")
    (tmp_path / "escat.tsv").write_text(
        "gene\talteration\ttumor_type\ttier\tsource\tauthor\tdate\n"
        "BRAF\tV600E\tMelanoma\tI-A\tinvented\tAB\t2026-01-01\n"
    )
    words = ["interpretation", "classify", str(tmp_path / "in.vcf"), "--evidence",
             str(imported(tmp_path)), "--tiers", str(tmp_path / "tiers.tsv"), "--roles",
             str(tmp_path / "roles.tsv"), "--escat", str(tmp_path / "escat.tsv"), "--tumor-type",
             "melanoma", "--json", str(tmp_path / "out.json")]  # fmt: skip
    assert run([*words, "-o", str(tmp_path / "out.tsv")]) == 0
    head, *rows = (tmp_path / "out.tsv").read_text().splitlines()
    told = [dict(zip(head.split("\t"), row.split("\t"), strict=True)) for row in rows]
    assert [(r["gene"], r["tier"], r["level"], r["met"]) for r in told] == [
        ("BRAF", "I", "A", "OP4"),
        ("TP53", "", "", "OVS1,OP4"),
        ("TP53", "", "", "SBVS1,(SBS1)"),
    ]
    assert told[0]["escat"] == "I-A (invented)"
    document = json.loads((tmp_path / "out.json").read_text())
    assert document["params"]["min_oncogenic"] == 10
    assert run([*words, "-o", str(tmp_path / "out.vcf")]) == 0
    lines = [x for x in (tmp_path / "out.vcf").read_text().splitlines() if x[0] != "#"]
    assert "TK_TIER=I;TK_TIER_LEVEL=A;TK_ESCAT=I-A" in lines[0]
    assert "TK_ONCOGENICITY=Likely_oncogenic,Benign" in lines[1]
    assert lines[2] == VCF.splitlines()[-1]
    again = tmp_path / "again.vcf"
    words[2] = str(tmp_path / "out.vcf")
    assert run([*words, "-o", str(again)]) == 0
    assert again.read_text() == (tmp_path / "out.vcf").read_text()


def test_a_profile_is_classed_with_its_tumour_type(tmp_path: Path) -> None:
    row = {"contig": "chr7", "pos": 100, "ref": "A", "alt": "T", "gene": "BRAF",
           "consequence": "missense_variant", "hgvsp": "NP_1.1:p.Val600Glu"}  # fmt: skip
    gene = {"gene": "BRAF", "contig": "chr7", "state": "amplification"}
    document = {
        "schema": "tumorkit/profile",
        "sample": "T1",
        "case": {"tumor_type": "Melanoma"},
        "parts": [
            {"name": "variants", "result": {"variants": [row, {**row, "verdict": "fail"}]}},
            {"name": "copy_number", "result": {"genes": [gene, {**gene, "state": "gain"}]}},
        ],
    }
    (tmp_path / "profile.json").write_text(json.dumps(document))
    (tmp_path / "tiers.tsv").write_text(TIERS)
    files = TableFiles(evidence=imported(tmp_path), tiers=tmp_path / "tiers.tsv")
    result = run_classify(tmp_path / "profile.json", files)
    assert [(v.kind, v.tier) for v in result.variants] == [("variant", "I"), ("copy number", None)]


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        ("roles", "gene\trole\nTP53\tguardian\n", "role: expected oncogene"),
        ("roles", "gene\nTP53\n", "no column role"),
        ("roles", "gene\trole\trolle\nTP53\tboth\tx\n", "unknown column 'rolle'"),
        ("escat", "gene\talteration\ttumor_type\ttier\tsource\tauthor\tdate\nA\tB\tC\tI\tD\tE\tF\n",
         "tier: expected I-A"),
        ("laboratory", "gene\tchange\tauthor\tdate\nA\tp.V1E\tB\t2026-01-01\n", "an oncogenicity"),
        ("laboratory", "gene\tchange\ttier\tauthor\tdate\nA\tV1E\tI\tB\t1.1.2026\n",
         "expected YYYY-MM-DD"),
        ("criteria",
         "gene\tchange\tcode\tstate\tsource\tauthor\tdate\nA\tV1E\tOS9\tmet\tx\ty\t2026-01-01\n",
         "code: expected OVS1"),
        ("hotspots", "gene\tresidue\tresidue_count\tchange\tchange_count\nA\tV1\tmany\tV1E\t2\n",
         "residue_count"),
        ("domains", "gene\tfirst\tlast\tname\nA\t9\t3\tx\n", "is after last"),
        ("evidence", "{}", "expected a tumorkit/interpretation.knowledge"),
    ],
)  # fmt: skip
def test_tables_are_checked_line_by_line(kind: str, text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "table.tsv"
    path.write_text(text)
    (tmp_path / "in.vcf").write_text(VCF)
    with pytest.raises(InputError, match=said):
        run_classify(tmp_path / "in.vcf", TableFiles(**{kind: path}))


def test_no_table_and_no_annotation_are_refused(tmp_path: Path) -> None:
    (tmp_path / "in.vcf").write_text(VCF)
    with pytest.raises(ParameterError, match="no table"):
        run_classify(tmp_path / "in.vcf", TableFiles())
    bare = "\n".join(x for x in VCF.splitlines() if "ID=CSQ" not in x) + "\n"
    (tmp_path / "bare.vcf").write_text(bare)
    (tmp_path / "roles.tsv").write_text("gene\trole\nA\tboth\n")
    with pytest.raises(InputError, match="not annotated"):
        run_classify(tmp_path / "bare.vcf", TableFiles(roles=tmp_path / "roles.tsv"))


def test_a_profile_knows_which_populations_were_asked_with_its_vcf_or_without(
    tmp_path: Path,
) -> None:
    golden = Path(__file__).parents[1] / "golden" / "profile"
    case = next(golden.glob("*/case.toml"))
    assert run(["profile", str(case), "--outdir", str(tmp_path), "-q"]) in (0, 1)
    (tmp_path / "roles.tsv").write_text("gene\trole\nAPC\ttumor suppressor\n")
    files = TableFiles(roles=tmp_path / "roles.tsv")
    whole = run_classify(tmp_path / "profile.json", files)
    (tmp_path / "variants.vcf.gz").unlink()
    listed = run_classify(tmp_path / "profile.json", files)

    def names(result: ClassifyResult) -> list[tuple[str, str]]:
        return [(item.gene, item.alteration) for item in result.variants]

    assert sorted(names(whole)) == sorted(names(listed))
    states = [
        {c.state for item in result.variants for c in item.criteria if c.code == "OP4"}
        for result in (whole, listed)
    ]
    assert "met" in states[0]
    assert states[1] == states[0]


def test_introns_and_promoters_are_known_from_a_vcf(tmp_path: Path) -> None:
    rows = [
        {**DUMP[0], "molecular_profile": "MET Exon 14 Skipping Mutation", "evidence_id": "11"},
        {**DUMP[0], "molecular_profile": "TERT Promoter Mutation", "evidence_id": "12"},
    ]
    dump = write_dump(tmp_path / "01-Jan-2026-ClinicalEvidenceSummaries.tsv", rows)
    knowledge = tmp_path / "civic.json"
    assert run(["interpretation", "import", "civic", str(dump), "-o", str(knowledge)]) == 0
    (tmp_path / "tiers.tsv").write_text(TIERS)
    csq = "Allele|Consequence|SYMBOL|Feature|EXON|INTRON|HGVSc|HGVSp|MANE_SELECT"
    (tmp_path / "in.vcf").write_text(
        "##fileformat=VCFv4.2\n##contig=<ID=chr5,length=181538259>\n"
        "##contig=<ID=chr7,length=159345973>\n"
        f'##INFO=<ID=CSQ,Number=.,Type=String,Description="VEP. Format: {csq}">\n'
        "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tT\n"
        "chr5\t1295113\t.\tG\tA\t.\tPASS\tCSQ=A|upstream_gene_variant|TERT|NM_198253.3|||||\t"
        "GT:AD:DP\t0/1:60,40:100\n"
        "chr7\t116771990\t.\tG\tA\t.\tPASS\tCSQ=A|splice_donor_variant|MET|ENST00000397752.8||14/20|"
        "ENST00000397752.8:c.3028+1G>A||NM_000245.4\tGT:AD:DP\t0/1:60,40:100\n"
    )
    files = TableFiles(evidence=knowledge, tiers=tmp_path / "tiers.tsv")
    result = run_classify(tmp_path / "in.vcf", files, params=ClassifyParams(tumor_type="Melanoma"))
    assert [(v.gene, v.alteration, v.tier) for v in result.variants] == [
        ("TERT", "C228T", "I"),
        ("MET", "c.3028+1G>A", "I"),
    ]
    assert result.variants[1].evidence[0].match == (
        "splice site of exon 14 of ENST00000397752.8; skipping is expected, not shown"
    )


@pytest.mark.shared
def test_null_variants_of_hd832_count_by_their_exons(shared: Path, tmp_path: Path) -> None:
    (tmp_path / "roles.tsv").write_text("gene\trole\nARID1A\ttumor suppressor\n")
    result = run_classify(
        shared / "gms560" / "HD832.ensembled.vep_annotated.vcf",
        TableFiles(roles=tmp_path / "roles.tsv"),
    )
    told = {
        item.alteration: (c.points, c.steps[1])
        for item in result.variants
        for c in item.criteria
        if item.gene == "ARID1A" and c.code == "OVS1" and c.state == "met"
    }
    assert told["p.M1564*"] == (8, "exon 18 of 20: decay")
    assert told["p.A339Lfs*24"] == (8, "exon 1 of 20: decay")
    # Frequencies of Ashkenazi and Finns alone do not make a variant benign.
    frequent = [c for v in result.variants for c in v.criteria if c.code == "SBVS1" and c.counted]
    assert frequent
    assert not any("ASJ" in c.why or "FIN" in c.why or "MAX" in c.why for c in frequent)
