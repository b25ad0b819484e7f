"""The FHIR bundle against the rules of both guides, and every rule against a broken bundle."""

from __future__ import annotations

import copy
import dataclasses
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.report.exported import MISSING, make_biomarkers, make_case, make_events, make_reported
from tests.report.fhir_profiles import LOINC, PREFIX, TBD, faults, pairs
from tests.report.test_interpretation import classified
from tumorkit.copynumber.export.calls import calls_of
from tumorkit.genome.segment import Gene, Segment
from tumorkit.report.export import ExportCase, ReportExportParams, export_case
from tumorkit.report.export.fhir import written
from tumorkit.report.export.fhir_findings import UNMATCHED

Node = dict[str, Any]
Breaks = Callable[[Node], object]
GUIDES = ("3.0.0", "2.0.0")
NASTY = "<script>alert(1)</script>\u202e\"'&\x00 "


def full_case(**changes: Any) -> ExportCase:
    """A case with everything that a bundle may hold."""
    segments = [
        Segment(contig="chr7", start=0, end=60_000_000, log2_ratio=1.8, bins=90, copy_number=9.0),
        Segment(contig="chr9", start=999, end=90_000, log2_ratio=-2.0, bins=9, copy_number=0.0),
        Segment(contig="chr12", start=0, end=90_000_000, log2_ratio=0.0, bins=9, copy_number=2.0),
    ]
    genes = [
        Gene(name="EGFR", contig="chr7", start=55_019_016, end=55_211_628),
        Gene(name="CDKN2A", contig="chr9", start=2_000, end=4_000),
        Gene(name="KRAS", contig="chr12", start=25_205_245, end=25_250_936),
    ]
    kras = make_reported(contig="chr12", pos=25245351, ref="C", alt="A", ids=("rs121913530",))
    document = {
        "schema": "tumorkit/profile",
        "tumorkit_version": "0.1.0",
        "inputs": [{"role": "targets", "name": "panel.bed", "sha256": "0" * 64}],
        "board": {
            "interpretation": {"variants": [classified(), classified(gene="TERT", pos=1)]},
            "coverage": {
                "needed_depth": 59,
                "genes": [
                    {"gene": "KRAS", "share": 1.0, "median_depth": 300.0},
                    {"gene": "NRAS", "share": 0.0, "median_depth": 20.0},
                ],
            },
        },
    }
    known: dict[str, Any] = {
        "variants": (
            kras,
            make_reported(1, ref="CA", alt="C"),
            make_reported(3, ref="CA", alt="TG"),
        ),
        "calls": calls_of(segments, sample="T1", genes=genes),
        "events": make_events(),
        "document": document,
        "date": "2026-01-31",
    }
    return make_case(**{**known, **changes})


def settings(guide: str) -> ReportExportParams:
    return ReportExportParams(fhir_guide="2.0.0" if guide == "2.0.0" else "3.0.0")


def made(guide: str, **changes: Any) -> Node:
    result = export_case(full_case(**changes), ["fhir"], settings(guide))
    (text,) = result.contents.values()
    found: Node = json.loads(text)
    return found


def of(bundle: Node, profile: str) -> list[Node]:
    return [
        entry["resource"]
        for entry in bundle["entry"]
        if PREFIX + profile in entry["resource"].get("meta", {}).get("profile", [])
    ]


def parts(node: Node, code: str) -> list[Node]:
    return [p for p in node["component"] if code in {c for _, c in pairs(p["code"])}]


def first(bundle: Node, profile: str, code: str) -> Node:
    return next(p for node in of(bundle, profile) for p in parts(node, code))


@pytest.mark.parametrize("guide", GUIDES)
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"variants": ()},
        {"calls": None, "events": None},
        {"build": "T2T", "tumor_only": True, "date": ""},
        {"biomarkers": {}},
        {"sample": NASTY, "tumor_type": NASTY},
    ],
)
def test_a_bundle_keeps_the_rules_of_its_guide(guide: str, changes: dict[str, Any]) -> None:
    assert faults(made(guide, **changes), guide) == []


@pytest.mark.parametrize("guide", GUIDES)
def test_every_profile_of_the_guide_is_used(guide: str) -> None:
    bundle = made(guide)
    used = {
        name.removeprefix(PREFIX)
        for entry in bundle["entry"]
        for name in entry["resource"].get("meta", {}).get("profile", [])
    }
    shared = {"variant", "therapeutic-implication", "diagnostic-implication"}
    own = {
        "3.0.0": {"genomic-report", "genomic-study", "genomic-study-analysis",
                  "molecular-biomarker", "molecular-consequence"},
        "2.0.0": {"genomics-report", "tmb", "msi"},
    }  # fmt: skip
    assert used == shared | own[guide]
    other = GUIDES[1 - GUIDES.index(guide)]
    assert faults(bundle, other)


def broken(bundle: Node, guide: str) -> Iterator[tuple[str, Breaks]]:
    """Yield ways to break a bundle, each against one rule."""
    for name in ("variant", "therapeutic-implication", "diagnostic-implication"):
        yield from broken_observation(name)
    for name in ("therapeutic-implication", "diagnostic-implication"):
        yield from broken_implication(name)
    for node in of(bundle, "variant")[:1]:
        for at, part in enumerate(node["component"]):
            for coded in pairs(part["code"]):
                yield from broken_component(at, coded[1], part)
    yield (
        "present",
        lambda b: of(b, "variant")[0]["valueCodeableConcept"]["coding"][0].update(code="LA6684-0"),
    )
    yield "no value", lambda b: of(b, "variant")[0].pop("valueCodeableConcept")
    yield "two values", lambda b: of(b, "variant")[0].update(valueString="x")
    yield (
        "copies in cells",
        lambda b: first(b, "variant", "82155-3")["valueQuantity"].update(code="{copies}"),
    )
    yield (
        "unknown chromosome",
        lambda b: first(b, "variant", "48000-4")["valueCodeableConcept"].update(
            coding=[{"system": LOINC, "code": "LA21999-0"}]
        ),
    )
    yield (
        "range backwards",
        lambda b: first(b, "variant", "81301-4")["valueRange"]["low"].update(value=10**9),
    )
    yield (
        "dangling",
        lambda b: b["entry"][0]["resource"]["result"].append(
            {"reference": "urn:uuid:00000000-0000-0000-0000-000000000000"}
        ),
    )
    yield "an address twice", lambda b: b["entry"].append(copy.deepcopy(b["entry"][1]))
    yield "no id", lambda b: b["entry"][1]["resource"].pop("id")
    yield "another id", lambda b: b["entry"][1]["resource"].update(id="x")
    yield "markup", lambda b: b["entry"][0]["resource"]["text"].update(div="<div>a & b</div>")
    yield (
        "script",
        lambda b: b["entry"][0]["resource"]["text"].update(
            div='<div xmlns="http://www.w3.org/1999/xhtml"><script>x</script>y</div>'
        ),
    )
    yield "no narrative", lambda b: b["entry"][0]["resource"]["text"].pop("status")
    yield "report code", lambda b: b["entry"][0]["resource"].pop("code")
    yield "report category", lambda b: b["entry"][0]["resource"].pop("category")
    yield "report status", lambda b: b["entry"][0]["resource"].update(status="done")
    yield "report profile", lambda b: b["entry"][0]["resource"]["meta"].update(profile=["x"])
    yield "a transaction", lambda b: b.update(type="batch")
    yield "control character", lambda b: b["entry"][0]["resource"].update(conclusion="a\x00b")
    yield "an empty string", lambda b: b["entry"][0]["resource"].update(conclusion="")
    yield (
        "a typing error in LOINC",
        lambda b: of(b, "variant")[0]["code"]["coding"][0].update(code="69548-7"),
    )
    burden = "molecular-biomarker" if guide == "3.0.0" else "tmb"
    yield "unit of TMB", lambda b: of(b, burden)[0]["valueQuantity"].update(code="{m}")
    yield "words of TMB", lambda b: of(b, burden)[0]["valueQuantity"].update(unit="mut/Mb")
    yield "value and absence", lambda b: of(b, burden)[0].update(dataAbsentReason={"text": "x"})
    yield from broken_newest() if guide == "3.0.0" else broken_older()


def broken_observation(name: str) -> Iterator[tuple[str, Breaks]]:
    other = {"coding": [{"system": LOINC, "code": "51969-4"}]}
    yield f"{name}: no laboratory", lambda b: of(b, name)[0]["category"].pop(0)
    yield f"{name}: another code", lambda b: of(b, name)[0].update(code=other)
    yield f"{name}: no status", lambda b: of(b, name)[0].pop("status")
    yield f"{name}: bogus status", lambda b: of(b, name)[0].update(status="done")


def broken_implication(name: str) -> Iterator[tuple[str, Breaks]]:
    yield f"{name}: of nothing", lambda b: of(b, name)[0].pop("derivedFrom")
    yield f"{name}: a value", lambda b: of(b, name)[0].update(valueString="x")
    yield (
        f"{name}: of the report",
        lambda b: of(b, name)[0].update(derivedFrom=[{"reference": b["entry"][0]["fullUrl"]}]),
    )


def broken_component(at: int, code: str, part: Node) -> Iterator[tuple[str, Breaks]]:
    def nodes(bundle: Node) -> list[Node]:
        found: list[Node] = of(bundle, "variant")[0]["component"]
        return found

    yield (
        f"{code} without a value",
        lambda b: [nodes(b)[at].pop(key) for key in list(nodes(b)[at]) if key != "code"],
    )
    yield (
        f"{code} as a boolean",
        lambda b: nodes(b).__setitem__(at, {"code": part["code"], "valueBoolean": True}),
    )
    if code not in ("48018-6", "62374-4", "48000-4", "81252-9"):
        yield f"{code} twice", lambda b: nodes(b).append(copy.deepcopy(nodes(b)[at]))
    if code in ("48004-6", "48005-3", "48018-6", "48019-4", "62374-4", "92822-6", "48002-0"):
        yield (
            f"{code} of another system",
            lambda b: nodes(b)[at]["valueCodeableConcept"].update(
                coding=[{"system": "http://example.org", "code": "x"}]
            ),
        )
    if code in ("48004-6", "48005-3", "48000-4"):
        yield f"{code} in words", lambda b: nodes(b)[at].update(valueCodeableConcept={"text": "x"})


def broken_newest() -> Iterator[tuple[str, Breaks]]:
    yield "no GE", lambda b: of(b, "variant")[0]["category"].pop(1)
    yield "no biomarker category", lambda b: of(b, "molecular-biomarker")[0]["category"].pop(2)
    yield "the older component", lambda b: of(b, "variant")[0]["component"].append(
        {"code": {"coding": [{"system": TBD, "code": "molecular-consequence"}]},
         "valueCodeableConcept": {"text": "x"}}
    )  # fmt: skip
    yield "consequence of nothing", lambda b: of(b, "molecular-consequence")[0].pop("derivedFrom")
    yield "no study", lambda b: b["entry"][0]["resource"].pop("extension")
    yield "no analysis", lambda b: of(b, "genomic-study")[0].pop("extension")
    yield "study status", lambda b: of(b, "genomic-study-analysis")[0].update(status="unknown")
    yield "study category", lambda b: of(b, "genomic-study")[0].pop("category")
    yield "a code", lambda b: of(b, "genomic-study-analysis")[0].update(code={"text": "x"})
    yield "two builds", lambda b: of(b, "genomic-study-analysis")[0]["extension"].extend(
        item for item in list(of(b, "genomic-study-analysis")[0]["extension"])
        if item["url"].endswith("genome-build")
    )  # fmt: skip
    yield "targeted", lambda b: next(
        item for item in of(b, "genomic-study-analysis")[0]["extension"]
        if item["url"].endswith("regions")
    )["extension"].append({"url": "targeted", "valueString": "x"})  # fmt: skip


def broken_older() -> Iterator[tuple[str, Breaks]]:
    yield (
        "the newer report",
        lambda b: b["entry"][0]["resource"]["meta"].update(profile=[PREFIX + "genomic-report"]),
    )
    yield (
        "a profile that came later",
        lambda b: of(b, "tmb")[0]["meta"].update(profile=[PREFIX + "molecular-biomarker"]),
    )
    yield (
        "copies as a range",
        lambda b: (
            first(b, "variant", "82155-3").update(valueRange={"low": {"value": 1}})
            or first(b, "variant", "82155-3").pop("valueQuantity")
        ),
    )
    yield (
        "answer of MSI",
        lambda b: of(b, "msi")[0]["valueCodeableConcept"].update(
            coding=[{"system": LOINC, "code": "LA6684-0"}]
        ),
    )


@pytest.mark.parametrize("guide", GUIDES)
def test_every_rule_can_fail(guide: str) -> None:
    bundle = made(guide)
    ways = list(broken(bundle, guide))
    assert len(ways) > 60
    unseen = []
    for name, breaks in ways:
        changed = copy.deepcopy(bundle)
        breaks(changed)
        assert changed != bundle, name
        if not faults(changed, guide):
            unseen.append(name)
    assert unseen == []


@pytest.mark.parametrize("guide", GUIDES)
def test_two_runs_give_equal_bytes(guide: str) -> None:
    one, two = (export_case(full_case(), ["fhir"], settings(guide)).contents for _ in range(2))
    assert one == two


def test_copy_numbers_are_variants_with_copies() -> None:
    for guide in GUIDES:
        found = [n for n in of(made(guide), "variant") if parts(n, "82155-3")]
        genes = [parts(n, "48018-6")[0]["valueCodeableConcept"]["text"] for n in found]
        assert genes == ["EGFR", "CDKN2A"]
        copies = [parts(n, "82155-3")[0]["valueQuantity"]["value"] for n in found]
        assert copies == [9, 0]
        change = parts(found[0], "48019-4")[0]["valueCodeableConcept"]["coding"][0]["code"]
        assert change == "SO:0001742"


def test_copies_that_nobody_knows_are_absent_and_not_zero() -> None:
    segments = [Segment(contig="chr9", start=999, end=9_000, log2_ratio=-3.0, bins=9)]
    genes = [Gene(name="CDKN2A", contig="chr9", start=2_000, end=4_000)]
    case = full_case(calls=calls_of(segments, sample="T1", genes=genes))
    result = export_case(case, ["fhir"])
    (part,) = (p for n in of(json.loads(str(next(iter(result.contents.values())))), "variant")
               for p in parts(n, "82155-3"))  # fmt: skip
    assert "valueQuantity" not in part
    assert part["dataAbsentReason"]["coding"][0]["code"] == "unknown"
    assert result.files[0].left_out["genes far from the usual level whose copies are unknown "
                                    "(no purity)"] == 1  # fmt: skip


def test_purity_and_ploidy_are_plain_observations_with_their_interval() -> None:
    known = {**MISSING, "value": 0.6, "low": 0.5, "high": 0.7, "level": 0.95, "status": "ok"}
    bundle = made("3.0.0", biomarkers=make_biomarkers(Purity=known))
    named = {e["resource"].get("code", {}).get("text"): e["resource"] for e in bundle["entry"]}
    purity, ploidy = named["tumour purity"], named["tumour ploidy"]
    assert "meta" not in purity
    assert purity["valueQuantity"] == {
        "value": 0.6, "system": "http://unitsofmeasure.org", "code": "1"}  # fmt: skip
    assert [p["valueQuantity"]["value"] for p in purity["component"]] == [0.5, 0.7]
    assert ploidy["dataAbsentReason"]["text"] == "too few sites"
    assert "component" not in ploidy


def test_a_biomarker_has_class_interval_and_reason() -> None:
    by_code = {c: n for n in of(made("3.0.0"), "molecular-biomarker") for _, c in pairs(n["code"])}
    assert by_code["C120465"]["dataAbsentReason"]["text"] == "too few sites"
    assert "valueQuantity" not in by_code["C120465"]
    burden = by_code["94076-7"]
    assert burden["interpretation"][0]["coding"][0]["code"] == "H"
    ends = [p["valueQuantity"]["value"] for p in burden["component"] if "valueQuantity" in p]
    assert ends == [7.58, 19.6]
    assert by_code["81695-9"]["valueCodeableConcept"]["coding"][0]["code"] == "LA26203-2"


def test_a_variant_has_place_alleles_and_reads() -> None:
    variant = of(made("3.0.0"), "variant")[0]
    told = {code: p for p in variant["component"] for _, code in pairs(p["code"])}
    assert told["81254-5"]["valueRange"] == {"low": {"value": 25245351}}
    assert told["48013-7"]["valueCodeableConcept"]["coding"][0]["code"] == "NC_000012.12"
    assert told["48018-6"]["valueCodeableConcept"]["coding"][0]["code"] == "HGNC:11998"
    assert told["81258-6"]["valueQuantity"]["value"] == 0.3
    assert told["81252-9"]["valueCodeableConcept"]["coding"][0]["code"] == "rs121913530"
    assert told["48002-0"]["valueCodeableConcept"]["coding"][0]["code"] == "LA6684-0"
    alone = of(made("3.0.0", tumor_only=True), "variant")[0]
    assert not parts(alone, "48002-0")


def test_the_report_names_every_finding_and_what_was_not_assessed() -> None:
    bundle = made("3.0.0")
    report = bundle["entry"][0]["resource"]
    seen = [e for e in bundle["entry"] if e["resource"]["resourceType"] == "Observation"]
    assert [r["reference"] for r in report["result"]] == [e["fullUrl"] for e in seen]
    assert "Fusions: not assessed" in report["conclusion"]


def test_what_the_laboratorys_tables_say_becomes_implications() -> None:
    result = export_case(full_case(), ["fhir"])
    bundle = json.loads(str(next(iter(result.contents.values()))))
    (told,) = of(bundle, "therapeutic-implication")
    assert parts(told, "51963-7")[0]["valueCodeableConcept"] == {"text": "sotorasib"}
    answer = parts(told, "therapeutic-implication")[0]["valueCodeableConcept"]
    assert answer["coding"][0]["code"] == "LA6677-4"
    (tier,) = of(bundle, "diagnostic-implication")
    said = parts(tier, "93044-6")[0]["valueCodeableConcept"]["text"]
    assert said == "AMP/ASCO/CAP tier IA (tiers.tsv)"
    (about,) = {n["derivedFrom"][0]["reference"] for n in (told, tier)}
    kras = next(e["resource"] for e in bundle["entry"] if e["fullUrl"] == about)
    assert parts(kras, "81254-5")[0]["valueRange"]["low"]["value"] == 25245351
    left = result.files[0].left_out
    assert left["interpretations of alterations that are not in the bundle"] == 1


@pytest.mark.parametrize(("guide", "left"), [("3.0.0", 0), ("2.0.0", 1)])
def test_a_tier_of_a_biomarker_rests_on_the_biomarker(guide: Any, left: int) -> None:
    row = classified(kind="biomarker", gene="TMB", alteration="High", contig=None, pos=None,
                     ref=None, alt=None, evidence=[], oncogenicity=None)  # fmt: skip
    document = {"schema": "tumorkit/profile", "board": {"interpretation": {"variants": [row]}}}
    params = ReportExportParams(fhir_guide=guide)
    result = export_case(full_case(document=document), ["fhir"], params)
    assert result.files[0].left_out.get(UNMATCHED, 0) == left
    bundle = json.loads(str(next(iter(result.contents.values()))))
    tiers = of(bundle, "diagnostic-implication")
    assert len(tiers) == 1 - left
    for tier in tiers:
        (about,) = (item["reference"] for item in tier["derivedFrom"])
        node = next(e["resource"] for e in bundle["entry"] if e["fullUrl"] == about)
        assert node["code"]["coding"][0]["code"] == "94076-7"


def test_a_statement_that_does_not_support_is_no_implication() -> None:
    against = {**classified()["evidence"][0], "direction": "Does Not Support"}
    document = {"board": {"interpretation": {"variants": [classified(evidence=[against])]}}}
    case = full_case(document={"schema": "tumorkit/profile", **document})
    bundle = json.loads(str(next(iter(export_case(case, ["fhir"]).contents.values()))))
    assert of(bundle, "therapeutic-implication") == []


def test_no_interpretation_invents_no_implication() -> None:
    bundle = made("3.0.0", document={"schema": "tumorkit/profile"})
    assert not of(bundle, "therapeutic-implication") + of(bundle, "diagnostic-implication")


def test_a_fusion_is_a_variant_of_both_genes() -> None:
    events = [n for n in of(made("3.0.0"), "variant") if len(parts(n, "48018-6")) == 2]
    named = [{p["valueCodeableConcept"]["text"] for p in parts(n, "48018-6")} for n in events]
    assert {"EML4", "ALK"} in named


def test_failed_and_germline_events_stay_out_and_are_counted() -> None:
    events = make_events()
    marked = (dataclasses.replace(events[0], filters=("LowQual",)),
              dataclasses.replace(events[1], somatic=False), *events[2:])  # fmt: skip
    result = export_case(full_case(events=marked), ["fhir", "oncokb", "cbioportal"])
    for name in ("T1.fhir.json", "oncokb_sv.txt", "cbioportal/data_sv.txt"):
        left = next(dict(file.left_out) for file in result.files if file.name == name)
        assert left["structural events that a filter of their caller fails"] == 1
        assert left["structural events of the germline"] == 1


def test_the_narrative_cannot_be_markup() -> None:
    bundle = made("3.0.0", sample=NASTY)
    told = bundle["entry"][0]["resource"]["text"]["div"]
    assert "<script" not in told
    assert "&lt;script&gt;" in told


@pytest.mark.parametrize("sign", ["\x07", "\x1b", "\x08", "\x0c", "\u202e", "\ud800"])
def test_no_text_holds_a_sign_that_fhir_cannot(sign: str) -> None:
    """A control sign alone too, which JSON would write as an escape."""
    line = written({"a": f"T{sign}1", "b": sign})
    assert json.loads(line) == {"a": f"T\\u{ord(sign):04x}1", "b": f"\\u{ord(sign):04x}"}
