"""What the report promises in every language: nothing untranslated, numbers as they are written."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

import tumorkit.report
from tests.report.builders import (
    make_biomarker,
    make_estimate,
    make_picture,
    make_profile,
    make_variant,
    make_variants,
)
from tumorkit.report import ReportParams, render_report
from tumorkit.report.language import LANGUAGES, Language, language_named, say, speaking, term, told
from tumorkit.report.text import (
    fixed,
    interval,
    number,
    percent,
    plural,
    probability,
    scalar,
)

ROOM = Path(tumorkit.report.__file__).parent
OTHERS = [code for code in LANGUAGES if code != "en"]
GAP = re.compile(r"\{(\w+)\}")
SPOKEN = {"say", "sentence"}


def sentences_of_code() -> Iterator[str]:
    """Yield every sentence that the code says, and every noun that it counts."""
    for path in ROOM.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                said = [n for n in node.args[:1] if isinstance(n, ast.Constant)]
                if node.func.id == "say":
                    yield from (str(n.value) for n in said)
                if node.func.id in ("plural", "rows_shown", "shown_of") and len(node.args) > 1:
                    at = 2 if node.func.id != "plural" else 1
                    noun = node.args[at]
                    if isinstance(noun, ast.Constant):
                        yield from (str(noun.value), str(noun.value) + "s")


def sentences_of_templates() -> Iterator[str]:
    for path in (ROOM / "templates").glob("*.html"):
        text = path.read_text()
        yield from re.findall(r'\b_\("([^"]+)"', text)
        for noun in re.findall(r'\|plural\("([^"]+)"\)', text):
            yield from (noun, f"{noun}s")


def catalogue(code: str) -> dict[str, dict[str, str]]:
    content: dict[str, dict[str, str]] = json.loads(
        (ROOM / "languages" / f"{code}.json").read_text()
    )
    return content


@pytest.mark.parametrize("code", OTHERS)
def test_every_sentence_is_in_the_catalogue(code: str) -> None:
    known = catalogue(code)["sentences"]
    asked = {*sentences_of_code(), *sentences_of_templates()}
    assert len(asked) > 150
    assert sorted(asked - set(known)) == []


@pytest.mark.parametrize("code", OTHERS)
def test_translations_have_the_same_gaps(code: str) -> None:
    for english, other in catalogue(code)["sentences"].items():
        assert sorted(GAP.findall(english)) == sorted(GAP.findall(other)), english
    for pattern, other in catalogue(code)["patterns"].items():
        groups = re.compile(pattern).groups
        assert all(int(n) <= groups for n in re.findall(r"\\(\d)", other)), pattern


def reasons_of_profiles() -> Iterator[str]:
    """Yield every whole sentence with which a part of a profile says that it has no answer."""
    for path in (ROOM.parent / "profile").glob("*.py"):
        tree = ast.parse(path.read_text())
        names = {
            target.id: node.value.value
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "unknown":
                for said in node.args[1:2]:
                    if isinstance(said, ast.Constant):
                        yield str(said.value)
                    elif isinstance(said, ast.Name) and said.id in names:
                        yield str(names[said.id])


@pytest.mark.parametrize("code", OTHERS)
def test_reasons_of_a_profile_are_translated(code: str) -> None:
    reasons = set(reasons_of_profiles())
    assert len(reasons) > 8
    assert sorted(one for one in reasons if language_named(code).find(one) is None) == []


@pytest.mark.parametrize("code", OTHERS)
def test_what_is_translated_is_not_marked_as_english(code: str) -> None:
    """A screen reader would say a Swedish sentence with an English voice."""
    document = make_profile()
    rows = [{"gene": "PMS2", "kind": "snv_indel", "tumor_type": None, "note": None}]
    verdict = {
        "repair": "mmr", "conclusion": "discordant", "state": "", "conflicts": [], "limits": [],
        "because": "discordant: one line points to deficiency and another to proficiency",
        "lines": [{"name": "microsatellites", "kind": "phenotype", "finding": "MSI-H, 36% unstable",
                   "direction": "deficient", "evaluable": "yes", "reason": "", "source": ""}],
        "notes": [],
    }  # fmt: skip
    document["board"] = {"actionable": {"rows": rows}, "verdicts": [verdict]}
    html = render_report(document, params=ReportParams.from_mapping({"language": code}))
    marked = re.findall(r'<span lang="en">(.*?)</span>', html, re.DOTALL)
    known = set(catalogue(code)["sentences"].values())
    assert "en pseudogen drar till sig läsningar från flera exoner" in html
    assert [text for text in marked if text in known] == []


class Words(HTMLParser):
    """The visible texts of a page and the labels that a screen reader says."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.found += [v for k, v in attrs if k in ("aria-label", "data-filter", "title") and v]

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not {"script", "style"} & set(self.open) and data.strip():
            self.found.append(" ".join(data.split()))


class Marked(dict[str, str]):
    """A catalogue that knows every sentence and puts brackets around it."""

    def get(self, key: str, default: str | None = None) -> str:  # type: ignore[override]
        return f"⟦{key}⟧"


# What stands in a document rather than in the code: names, digests, classes, units, changes.
DATA = re.compile(
    r"[\d\s.,;:·–−/()×≥<>=%+*✓✕↺?▲▼■|…§⁻⁰¹²³⁴⁵⁶⁷⁸⁹-]*|[\d.]+ Mb|T1.*|lung adenocarcinoma|"
    r"gms560-ffpe|:? ?twist-\w+|([A-Z\d]+, )+[A-Z\d]+|[a-z_]+\.?\w*|[\w.-]+:\d.*|"
    r"c\.\S+|p\.\S+|ENST\S+|"
    r"[A-Z0-9]{2,}|[ACGT]+>[ACGT]+|TMB-High.*|tumorkit .*|.*\.(svg|gz|json|tsv|cns)|"
    r"[0-9a-f]{12,}|P|"
    r"SHA-256|log2.*|chr\w+|mut/Mb|HRD sum|Purity, Ploidy|LOH|Purity|VAF|GRCh38.*"
)


def test_no_sentence_stands_outside_a_catalogue() -> None:
    document = make_profile()
    document["board"] = make_board()
    with speaking(Language("sv", Marked())):
        from tumorkit.report.html import rendered

        pictures = {"copy_number": make_picture(20)}
        html = rendered(document, pictures, ReportParams(), "profile.json")
    loose = []
    for text in Words(html).found:
        rest = text
        while (bare := re.sub(r"⟦[^⟦⟧]*⟧", "", rest)) != rest:
            rest = bare
        rest = re.sub(r"^\d+ \d+|\b(c\.\S+|p\.\S+)", "", rest).strip()
        if not DATA.fullmatch(rest) and not DATA.fullmatch(rest.strip(" ;:,.()")):
            loose.append(text)
    assert sorted(set(loose)) == []


def make_board() -> dict[str, object]:
    limit = {"depth": 500, "vaf": 0.055, "reads": 20, "failing": []}
    gene = {
        "gene": "KRAS", "size": 570, "share": 0.9, "median_depth": 600.0, "lowest_depth": 80.0,
        "gaps": [{"contig": "chr12", "start": 10, "end": 40, "depth": 80.0}], "gaps_left_out": 2,
    }  # fmt: skip
    rows = [
        {"gene": name, "kind": kind, "tumor_type": None, "note": None}
        for name in ("EGFR", "KRAS", "PMS2", "ERBB2", "ALK")
        for kind in ("snv_indel", "amplification", "deletion", "fusion")
    ]
    return {
        "actionable": {"rows": rows, "tumor_types": ["melanoma"], "known_type": False},
        "coverage": {
            "source": "tumor.bam", "unit": "bases", "needed_depth": 554, "needed_vaf": 0.05,
            "genes": [gene],
        },
        "negative_share": 0.95,
        "external": [
            {"biomarker": "MSI", "method": "IHC", "value": "MSS", "date": None, "source": None}
        ],
        "detection": {
            "probability": 0.95, "depths_from": "coverage",
            "rows": [{"site": "snv", "at": at, **limit} for at in ("median", "low")],
            "genes": [{"gene": "KRAS", **limit, "hotspot": limit}],
            "not_modelled": ["Artifact_gt_3"], "reason": None,
        },
    }  # fmt: skip


def test_swedish_numbers_have_decimal_commas_and_thin_thousands() -> None:
    with speaking(language_named("sv")):
        assert number(12.5781) == "12,6"
        assert number(43192) == "43\u202f192"
        assert percent(0.1234) == "12,3\xa0%"
        assert fixed(-0.6412) == "−0,64"
        assert interval(7.581, 19.64) == "7,6–19,6"
        assert probability(0.7712) == "= 0,77"
        assert plural(1204, "variant") == "1\u202f204 varianter"
    assert number(12.5781) == "12.6"


def test_a_swedish_report_reads_swedish_and_keeps_iso_dates_and_names() -> None:
    document = make_profile(results={"variants": make_variants(variants=[make_variant(0)])})
    document["biomarkers"] = [make_biomarker(estimate=make_estimate())]
    html = render_report(document, params=ReportParams(language="sv"))
    assert '<html lang="sv">' in html
    text = " ".join(Words(html).found)
    assert "TMB-High vid ≥ 10 (12,6; gränsfall, P = 0,77)" in text
    assert "2026-03-02" in text
    assert "Ej undersökt" in text
    for english in ("Biomarkers", "Not assessed", "Variants that passed", "found ", "Evidence"):
        assert english not in text


def test_what_no_catalogue_knows_is_marked_as_english() -> None:
    with speaking(language_named("sv")):
        assert str(told("the moon was full")) == '<span lang="en">the moon was full</span>'
        assert str(told("<b>")) == '<span lang="en">&lt;b&gt;</span>'
        assert term("the moon was full") == "the moon was full"
    assert told("the moon was full") == "the moon was full"


def test_a_language_does_not_leak_into_the_next_report() -> None:
    before = render_report(make_profile())
    render_report(make_profile(), params=ReportParams(language="sv"))
    assert render_report(make_profile()) == before
    assert say("Copy number") == "Copy number"


def test_reasons_of_scars_and_rounded_numbers_are_swedish() -> None:
    reason = "0% of the autosomes are evaluable, 70% are needed; chr2q: 20 heterozygous SNPs, 37 are needed"  # noqa: E501 - as the room says it
    with speaking(language_named("sv")):
        assert told(reason) == (
            "0 % av autosomerna är bedömbara, 70 % krävs; chr2q: 20 heterozygota SNP:er, 37 krävs"
        )
        assert scalar("0.97") == "0,97"
        assert scalar("1.2.3") == "1.2.3"


def test_what_is_translated_already_is_not_marked_as_english() -> None:
    with speaking(language_named("sv")):
        swedish = term("gain")
        assert swedish != "gain"
        assert told(swedish) == swedish
        assert "lang" in str(told("nobody translated this"))
