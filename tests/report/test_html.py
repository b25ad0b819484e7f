"""What the page promises whoever opens it."""

from __future__ import annotations

import contextlib
import copy
import itertools
import re
import time
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.report.builders import (
    TITLES,
    make_biomarker,
    make_copy_number,
    make_estimate,
    make_gene,
    make_missing,
    make_part,
    make_picture,
    make_profile,
    make_tmb,
    make_variant,
    make_variants,
)
from tumorkit.errors import InputError
from tumorkit.report import ReportParams, render_report, summarize_report
from tumorkit.report.document import Node, Part
from tumorkit.report.page_one import purity_contradicted, quality
from tumorkit.report.two_hits import two_hit_genes

FETCHING = {"src", "srcset", "poster", "data", "action", "formaction", "background"}
VOID = {"meta", "br", "input", "link", "img", "hr", "path", "circle", "rect", "use"}


class Page(HTMLParser):
    """The tags and visible words of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag, f"</{tag}> closes another element"

    def handle_data(self, data: str) -> None:
        if "script" not in self.open and "style" not in self.open:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def named(self, *tags: str) -> Iterator[tuple[str, dict[str, str | None]]]:
        return ((tag, attrs) for tag, attrs in self.tags if tag in tags)


def page(document: dict[str, Any] | None = None, **options: Any) -> Page:
    options.setdefault("pictures", {"copy_number": make_picture(200)})
    return Page(render_report(document or make_profile(), **options))


def test_the_page_fetches_nothing() -> None:
    html = render_report(make_profile(), pictures={"copy_number": make_picture(200)})
    for tag, attrs in Page(html).tags:
        for name, value in attrs.items():
            if name in FETCHING or (name in ("href", "xlink:href") and tag != "a"):
                assert (value or "").startswith(("#", "data:image/png;base64,")), (tag, name, value)
    assert "@import" not in html
    assert not re.search(r"url\((?!#)", html)
    assert "https://" not in html
    assert "http://" not in html
    assert "default-src 'none'" in html


def test_equal_documents_give_equal_bytes() -> None:
    first = render_report(make_profile(), pictures={"copy_number": make_picture(200)})
    again = render_report(make_profile(), pictures={"copy_number": make_picture(200)})
    assert first == again


def test_the_document_is_not_changed() -> None:
    document = make_profile()
    before = copy.deepcopy(document)
    render_report(document)
    assert document == before


def test_mane_plus_clinical_stands_beside_the_reported_transcript() -> None:
    other = {
        "gene": "BRAF",
        "consequence": "missense_variant",
        "transcript": "ENST00000644969.2",
        "hgvsc": "ENST00000644969.2:c.1919T>A",
        "hgvsp": "ENSP00000496776.1:p.Val640Glu",
    }
    variant = make_variant(hgvsc="ENST00000646891.2:c.1799T>A", mane_plus_clinical=[other])
    document = make_profile(results={"variants": make_variants(variants=[variant])})
    words = " ".join(" ".join(Page(render_report(document)).words).split())
    assert "ENST00000646891.2: c.1799T>A" in words.replace(":c.", ": c.")
    assert "MANE Plus Clinical: ENST00000644969.2:c.1919T>A, p.Val640Glu, missense" in words


EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


def test_names_cannot_become_markup() -> None:
    variant = make_variant(gene=EVIL, consequence=EVIL, hgvsc=EVIL, hgvsp=EVIL, tier=EVIL, ref=EVIL)
    variant["reasons"][0]["says"] = EVIL
    variant["reasons"][0]["filter"] = EVIL
    results = {
        "variants": make_variants(variants=[variant], preset=EVIL),
        "copy_number": make_copy_number(
            genes=[{**make_gene("EGFR"), "gene": EVIL, "state": EVIL, "contig": EVIL}],
            noise={EVIL: EVIL},
        ),
        "tmb": {**make_tmb(), EVIL: EVIL, "waterfall": [{EVIL: EVIL}]},
    }
    document = make_profile(results=results, sample=EVIL, build=EVIL, hints=[f"{EVIL}\n{EVIL}"])
    document["case"].update(tumor_type=EVIL, material=EVIL, library=EVIL, assay=EVIL, date=EVIL)
    document["biomarkers"][0].update(name=EVIL, title=EVIL, scheme=EVIL)
    document["biomarkers"][0]["estimate"].update(unit=EVIL, call=EVIL, evidence={EVIL: EVIL})
    document["parts"][-1].update(title=EVIL, reason=EVIL, files=[EVIL])
    document["inputs"][0].update(name=EVIL, role=EVIL)
    document["params"] = {EVIL: {EVIL: EVIL}}
    made = page(document)
    assert len(list(made.named("script"))) == 1
    assert not list(made.named("img"))
    assert not any(name.startswith("on") for _, attrs in made.tags for name in attrs)
    assert EVIL in made.text


TEXTS = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=30)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS, TEXTS, TEXTS)
def test_any_name_leaves_the_page_well_formed(sample: str, gene: str, reason: str) -> None:
    results = {"variants": make_variants(variants=[make_variant(gene=gene)])}
    document = make_profile(results=results, sample=sample)
    document["parts"][-1]["reason"] = reason
    made = page(document)
    assert made.open == []
    assert len(list(made.named("script"))) == 1


def test_a_name_that_would_read_backwards_is_written_out() -> None:
    made = page(make_profile(sample="T1\u202egnp.exe\x07"))
    assert "T1\\u202egnp.exe\\u0007" in made.text


def test_a_script_in_a_picture_is_left_out() -> None:
    evil = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" onload="alert(1)">'
        "<script>alert(1)</script><style>*{color:red}</style><foreignObject/>"
        '<image href="https://example.org/a.png"/><rect id="a" onclick="alert(1)" width="3"/>'
        '<path d="M0 0" style="fill:url(https://example.org/b)"/><text>&lt;b&gt;</text>'
        '<path d="M1 0" style="fill:u\\72l(//example.org/c)"/>'
        '<path style="a:ur/**/l(example.org)"/>'
        "</svg>"
    )
    made = page(pictures={"copy_number": evil})
    assert len(list(made.named("script"))) == 1
    assert len(list(made.named("style"))) == 1
    assert not any("example.org" in (v or "") for _, attrs in made.tags for v in attrs.values())
    assert not any(name.startswith("on") for _, attrs in made.tags for name in attrs)
    assert "<b>" in made.text


def test_ids_are_unique_and_links_inside_the_page_lead_somewhere() -> None:
    made = page()
    ids = [attrs["id"] for _, attrs in made.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    targets = {
        (value or "")[1:]
        for _, attrs in made.tags
        for name, value in attrs.items()
        if name == "href"
    }
    named = {
        one
        for _, attrs in made.tags
        for name in ("aria-labelledby", "for")
        for one in (attrs.get(name) or "").split()
    }
    assert targets <= set(ids)
    assert named <= set(ids)


def test_language_title_headings_and_scopes_are_there() -> None:
    html = render_report(make_profile())
    made = Page(html)
    assert ("html", {"lang": "en"}) in made.tags
    assert "<title>T1 – tumour report</title>" in html
    viewport = next(a for _, a in made.named("meta") if a.get("name") == "viewport")
    assert "maximum-scale" not in (viewport["content"] or "")
    levels = [int(tag[1]) for tag, _ in made.named("h1", "h2", "h3", "h4")]
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    assert all(attrs.get("scope") in ("col", "row", "rowgroup") for _, attrs in made.named("th"))
    assert made.open == []


def test_every_part_is_named_with_its_reason() -> None:
    text = page().text
    for title in TITLES.values():
        assert title in text
    assert "no input for gene fusions was given" in text


@pytest.mark.parametrize(
    "title",
    ["Gene fusions", "Structural variants", "Internal tandem duplications", "Germline findings"],
)
def test_what_was_never_given_is_said_not_to_be_assessed(title: str) -> None:
    text = page(make_profile(parts=[])).text
    assert re.search(rf"{title} not assessed", text)


def test_a_class_comes_with_value_certainty_and_probability() -> None:
    assert "TMB-High at ≥ 10 (12.6; borderline, P = .77)" in page().text


def test_a_value_below_the_cutoff_says_so() -> None:
    cutoff = {
        "name": "TMB-High", "value": 10, "source": "", "probability_above": 0.0004,
        "certainty": "clear",
    }  # fmt: skip
    estimate = make_estimate(4.2, call="TMB-Low", low=1.1, high=7.9, cutoffs=[cutoff])
    text = page(make_profile(biomarkers=[make_biomarker(estimate=estimate)])).text
    assert "TMB-Low at < 10 (4.2; clear, P(≥ 10) < .001)" in text


@pytest.mark.parametrize("status", ["not_evaluable", "failed"])
def test_what_is_not_evaluable_is_never_a_number(status: str) -> None:
    estimate = make_missing(
        "too little was covered", status=status, value=7.77123, low=6.66123, high=8.88123
    )
    biomarker = make_biomarker("MSI", estimate, part="msi", scheme=None)
    text = page(make_profile(biomarkers=[biomarker])).text
    assert "too little was covered" in text
    assert status.replace("_", " ") in text
    for digits in ("7.77", "6.66", "8.88"):
        assert digits not in text


def test_without_a_purity_no_absolute_copy_number_is_shown() -> None:
    genes = [make_gene("ERBB2", 1.9, state="amplification", focal=True, copy_number=17.25)]
    results = {"copy_number": make_copy_number(genes=genes)}
    text = page(make_profile(results=results)).text
    assert "17.2" not in text
    assert "Copies" not in text
    assert "No purity is known" in text


def test_a_pathologists_purity_is_no_measurement() -> None:
    genes = [make_gene("ERBB2", 1.9, state="amplification", focal=True, copy_number=17.25)]
    document = make_profile(results={"copy_number": make_copy_number(genes=genes)})
    document["case"]["pathology_purity"] = 0.4
    text = page(document).text
    assert "0.4 (pathology)" in text
    assert "The pathologist's purity is a prior of the fit, not a measurement" in text
    assert "17.2" not in text


def test_with_a_purity_copy_numbers_have_an_interval() -> None:
    gene = make_gene(
        "ERBB2", 1.9, state="amplification", focal=True, copy_number=17.25,
        copy_number_low=15.1, copy_number_high=19.9,
    )  # fmt: skip
    document = make_profile(results={"copy_number": make_copy_number(genes=[gene])})
    document["case"].update(purity=0.62, purity_source="case file")
    text = page(document).text
    assert "17.2 (15.1–19.9)" in text
    assert "0.62 (case file)" in text
    assert "No purity is known" not in text


def test_without_annotation_genes_read_not_annotated() -> None:
    rows = [make_variant(i, gene=None, consequence=None, hgvsc=None, hgvsp=None) for i in range(3)]
    results = {"variants": make_variants(variants=rows, annotated=False)}
    hint = "Annotate with VEP:\nvep --input_file T1.vcf.gz --vcf"
    text = page(make_profile(results=results, hints=[hint])).text
    assert text.count("not annotated") >= 6
    assert "vep --input_file T1.vcf.gz --vcf" in text


def test_failed_variants_show_the_rule_value_and_limit() -> None:
    text = page().text
    assert "vaf Variant allele fraction below 5 % (found 0.02" in text
    assert "What each filter removed" in text


def test_an_empty_vcf_is_said_to_be_empty() -> None:
    results = {"variants": make_variants(0, 0)}
    assert "The VCF holds no variant." in page(make_profile(results=results)).text


def test_none_passed_is_told_from_none_there() -> None:
    results = {"variants": make_variants(0, 3)}
    assert "None of 3 variants passed" in page(make_profile(results=results)).text


def test_a_failed_part_stands_on_top() -> None:
    parts = [make_part("variants", status="failed", reason="T1.vcf.gz:12: expected 8 columns")]
    text = page(make_profile(parts=parts)).text
    assert "Read with caution" in text
    assert text.index("Small variants failed.") < text.index("Status")


def test_a_picture_that_is_missing_is_said_to_be() -> None:
    assert "The picture copy_number.svg was not beside the profile" in page(pictures={}).text


def test_two_thousand_variants_are_quick_small_and_counted() -> None:
    results = {"variants": make_variants(60, 1940), "copy_number": make_copy_number()}
    document = make_profile(results=results)
    render_report(make_profile())
    begin = time.perf_counter()
    html = render_report(document, pictures={"copy_number": make_picture(5000)})
    assert time.perf_counter() - begin < 1.5
    assert len(html.encode()) < 1_500_000
    text = Page(html).text
    assert "1,500 variants of 2,000 are not shown here" in text
    assert "variants.vcf.gz" in text
    assert "8 of 60 variants, what ClinVar calls pathogenic first (hotspots are" in text


def test_rows_beyond_the_first_stand_in_a_closed_part_of_their_own() -> None:
    document = make_profile(results={"variants": make_variants(260, 205)})
    made = page(document, params=ReportParams(max_variants=1000))
    tables = {attrs["id"] for _, attrs in made.named("table") if "id" in attrs}
    assert {"kept-variants", "kept-variants-more", "other-variants-more"} <= tables
    parts = [attrs for _, attrs in made.named("details")]
    assert parts.count({"class": "long more"}) == 2
    assert "Further rows: 60" in made.text
    assert "Further rows: 5" in made.text
    assert "260 passed or rescued variants" in made.text
    assert page(document).text.count("Further rows") == 2
    assert "Further rows" not in page().text


def test_passed_variants_are_the_last_to_be_left_out() -> None:
    results = {"variants": make_variants(30, 30)}
    html = render_report(make_profile(results=results), params=ReportParams(max_variants=30))
    assert "30 passed or rescued variants" in Page(html).text
    assert html.count('class="mark fail"') == 0


def test_hotspots_then_protein_changing_variants_come_first() -> None:
    rows = [
        make_variant(0, gene="SILENT", consequence="synonymous_variant"),
        make_variant(1, gene="CHANGED", consequence="missense_variant&splice_region_variant"),
        make_variant(2, gene="BROKEN", consequence="stop_gained"),
        make_variant(3, gene="HOTTEST", consequence="missense_variant", hotspot=True),
    ]
    text = page(make_profile(results={"variants": make_variants(variants=rows)})).text
    assert text.index("HOTTEST") < text.index("BROKEN")
    assert text.index("BROKEN") < text.index("CHANGED") < text.index("SILENT")


def test_the_target_of_a_wide_event_is_named_on_page_one() -> None:
    wide: dict[str, Any] = {"state": "homozygous deletion", "focal": True}
    place: dict[str, Any] = {"event_start": 21_000_000, "event_end": 22_800_000, "contig": "chr9"}
    names = [f"IFNA{n}" for n in range(1, 9)]
    genes = [make_gene("CDKN2A", -4.0, **wide, **place) | {"gene": name} for name in names]
    genes.append(make_gene("CDKN2A", -4.0, **wide, **place))
    found = {**make_copy_number(), "genes": genes}
    text = page(make_profile(results={"copy_number": found})).text
    assert "CDKN2A, IFNA1, IFNA2, IFNA3 and 5 more" in text
    # "chr9 1.8 Mb" would be read as a position.
    assert "1.8 Mb on chr9" in " ".join(text.split())


def test_unknown_hotspots_are_not_said_to_come_first() -> None:
    rows = [make_variant(n, hotspot=None) for n in range(2)]
    text = page(make_profile(results={"variants": make_variants(variants=rows)})).text
    assert "hotspots first" not in text
    assert "pathogenic first (hotspots are not annotated), then by impact" in text
    assert "a known driver can stand below variants of higher impact" in text


def test_paper_leaves_broad_changes_to_the_chapter() -> None:
    """On A4 they would push the signatures of page one onto a second sheet."""
    html = render_report(make_profile())
    assert re.search(r'<li class="wide( quiet)? broad">', html)
    on_paper = html[html.index("@media print") : html.index("</style>")]
    assert re.search(r"\.sheet li\.wide\.broad\s*{\s*display:\s*none", on_paper)


def test_copies_are_said_to_a_tenth() -> None:
    deep = make_gene("CDKN2A", -1.5, state="homozygous deletion", focal=True)
    deep |= {"copy_number": 0.2009, "copy_number_low": 0.0, "copy_number_high": 0.4831}
    case = make_profile(results={"copy_number": {**make_copy_number(), "genes": [deep]}})
    case["case"]["purity"] = 0.6
    assert "0.2 (0–0.5) copies" in page(case).text


def test_events_come_before_quiet_genes() -> None:
    text = page().text
    table = text[text.index("12 genes, 7 with an event") :]
    assert table.index("ERBB2") < table.index("CDKN2A") < table.index("PTEN") < table.index("TP53")


@pytest.mark.parametrize(
    "key", ["schema", "schema_version", "sample", "case", "parts", "biomarkers"]
)
def test_a_missing_key_is_named_with_its_file(key: str) -> None:
    document = make_profile()
    del document[key]
    with pytest.raises(InputError, match=f"T1/profile.json: no key '{key}'"):
        render_report(document, source="T1/profile.json")


def test_a_missing_key_inside_is_named_with_its_place() -> None:
    document = make_profile()
    del document["parts"][0]["result"]["variants"][3]["pos"]
    place = re.escape("profile.json: no key 'pos' in parts[0].result.variants[3]")
    with pytest.raises(InputError, match=place):
        render_report(document)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("parts",), {}),
        (("parts", 0), "variants"),
        (("parts", 0, "status"), "fine"),
        (("case",), []),
        (("case", "tumor_only"), "no"),
        (("case", "purity"), "0.6"),
        (("biomarkers", 0, "estimate", "value"), None),
        (("biomarkers", 0, "estimate", "low"), "1"),
        (("parts", 0, "result", "variants"), 7),
        (("parts", 0, "result", "variants", 0, "pos"), "12"),
        (("parts", 0, "result", "variants", 0, "verdict"), "maybe"),
        (("parts", 1, "result", "genes", 0, "log2_ratio"), "low"),
        (("parts", 1, "result", "genes", 0, "focal"), "yes"),
        (("schema",), "tumorkit/tmb"),
        (("schema_version",), "2.0"),
        (("inputs",), "T1.vcf.gz"),
        (("hints",), "text"),
    ],
)
def test_a_value_of_another_kind_is_an_input_error(path: tuple[Any, ...], value: Any) -> None:
    document: Any = make_profile()
    inner = document
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    with pytest.raises(InputError, match=r"profile\.json"):
        render_report(document)


def test_only_the_needed_keys_are_enough() -> None:
    document = {
        "schema": "tumorkit/profile", "schema_version": "1.0", "sample": "T1",
        "case": {"tumor_only": False}, "parts": [], "biomarkers": [],
    }  # fmt: skip
    text = page(document, pictures={}).text
    assert "tumour with matched normal" in text
    assert not re.search(r"\b(None(?!\.)|nan|NaN)\b", text)


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.1."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_every_text_colour_has_contrast_on_white() -> None:
    html = render_report(make_profile())
    palette = dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6})", html))
    used = set(re.findall(r"[ {]color: (?:var\(--([a-z]+)\)|(#[0-9a-f]{6}))", html))
    assert len(used) >= 6
    for name, colour in used:
        assert 1.05 / (luminance(palette.get(name, colour)) + 0.05) >= 4.5, name or colour


def test_what_a_reader_must_know_of_a_biomarker_stands_on_page_one() -> None:
    results = {"tmb": {**make_tmb(), "notes": ["0.56 Mb is a small territory"]}}
    text = page(make_profile(results=results)).text
    first, _, _ = text.partition("For research use only")
    assert "TMB: 0.56 Mb is a small territory." in " ".join(first.split())


def test_other_schemes_stand_beside_the_main_one() -> None:
    other = {
        "scheme": "tso500",
        "tmb": make_estimate(9.1, call="TMB-Low"),
        "seen": 49,
        "counted": 14,
        "rejected": 35,
        "waterfall": [],
        "notes": [],
        "params": {"x": 1},
    }
    missing = {**other, "scheme": "wes", "tmb": make_missing("not annotated", value=9.87654)}
    results = {"tmb": {**make_tmb(), "others": [other, missing], "notes": ["design territory"]}}
    text = page(make_profile(results=results)).text
    assert "tso500 9.1 mut/Mb 7.6–19.6 TMB-Low at < 10" in text
    assert "wes not evaluable – not annotated – 49 –" in text
    assert "design territory" in text
    assert "9.87" not in text


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a document, the root left out."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in items:
        yield (*path, key)
        if isinstance(inner, (dict, list)):
            yield from places(inner, (*path, key))


SMALL = make_profile(
    results={
        "variants": make_variants(1, 1),
        "copy_number": make_copy_number(genes=[make_gene("EGFR")], segments=[]),
        "tmb": make_tmb(),
    }
)
JUNK: st.SearchStrategy[Any] = st.sampled_from(
    [None, 0, -1, 1e300, float("nan"), True, "", "x", [], {}, [1], [[]], {"a": 1}]
)


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(list(places(SMALL))), JUNK)
def test_a_damaged_document_is_a_report_or_one_line(path: tuple[Any, ...], junk: Any) -> None:
    document: Any = copy.deepcopy(SMALL)
    inner = document
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = junk
    with contextlib.suppress(InputError):
        render_report(document)
    with contextlib.suppress(InputError):
        summarize_report(document)


def test_a_variant_that_no_filter_fails_is_kept_though_not_fully_judged() -> None:
    row = make_variant(0, verdict="pass", gene="ONLYONE")
    row["verdict"] = "unknown"
    row["reasons"][3].update(verdict="unknown", value=None)
    text = page(make_profile(results={"variants": make_variants(variants=[row], failed=0)})).text
    first = text[text.index("Variants that passed") : text.index("Copy number", 900)]
    assert "ONLYONE" in first
    assert "passed in part" in first
    assert "not judged by population" in first


def test_counts_are_those_of_the_file_where_the_document_lists_fewer() -> None:
    found = {**make_variants(2, 3), "alleles": 43192, "passed": 40, "failed": 43150, "rescued": 2}
    text = page(make_profile(results={"variants": found})).text
    assert "40 passed, 2 rescued, 43,150 failed" in text
    assert "43,187 variants of 43,192 are not shown here" in text
    assert "2 of 42 variants, what ClinVar calls pathogenic first (hotspots are" in text
    assert "then by impact; chosen among the 2" in text


def test_a_called_segment_holds_its_segment_inside() -> None:
    call = {
        "segment": {"contig": "chr3", "start": 0, "end": 9_000_000, "log2_ratio": -0.51,
                    "bins": 71, "focal": False, "copy_number": None},
        "state": "loss", "focal": True,
    }  # fmt: skip
    text = page(make_profile(results={"copy_number": make_copy_number(segments=[call])})).text
    assert "chr3:1–9,000,000" in text
    assert "1 segment." in text


def test_a_command_in_a_hint_stands_by_itself() -> None:
    html = render_report(make_profile(hints=["Not annotated. Annotate it with: vep --vcf a.vcf"]))
    assert "<code>vep --vcf a.vcf</code></pre>" in html


def test_biomarkers_that_lack_a_value_for_one_reason_share_a_row() -> None:
    rows = [
        make_biomarker(name, make_missing("no purity was given"), part="purity", scheme=None)
        for name in ("Purity", "Ploidy")
    ]
    text = page(make_profile(biomarkers=rows)).text
    assert "Purity, Ploidy no purity was given not evaluable" in text


def test_an_origin_that_cannot_be_told_is_said() -> None:
    rows = [
        make_variant(0, origin="cannot_tell", p_somatic=0.412),
        make_variant(1, origin="somatic", p_somatic=0.9999),
    ]
    report = render_report(make_profile(results={"variants": make_variants(variants=rows)}))
    words = " ".join(Page(report).words)
    assert "Origin" in words
    assert "cannot tell" in words
    assert ".41" in words
    assert "> .99" in words
    results = {"variants": make_variants(variants=[make_variant(0)])}
    plain = render_report(make_profile(results=results))
    assert "P(somatic)" not in plain


def test_near_misses_can_be_reached_with_their_reason() -> None:
    near = [make_variant(70 + i, verdict="fail", gene=f"NEAR{i}") for i in range(3)]
    results = {"variants": {**make_variants(2, 0), "failed": 900, "alleles": 902}}
    results["variants"] |= {"near_misses": near, "near_misses_of": 120}
    text = page(make_profile(results=results)).text
    assert "NEAR2" in text
    assert (
        "3 of 900 failed variants: hotspots, and the most telling of 120 that a single filter "
        "removed" in text
    )


def test_where_nobody_said_whether_there_was_a_normal_nothing_is_claimed() -> None:
    document = make_profile()
    document["case"]["tumor_only"] = None
    text = page(document).text
    assert "not known whether there was a matched normal" in text
    assert "Tumour-only" not in text


def test_two_hits_of_a_fit_that_the_given_purity_contradicts_are_not_on_page_one() -> None:
    hits = [
        {"gene": "CDKN2A", "status": "two hits", "hits": ["homozygous deletion"]},
        {"gene": "APC", "status": "two hits", "hits": ["somatic APC p.A", "somatic APC p.B"]},
    ]
    fitted = make_estimate(0.24, low=0.17, high=0.29, genes=hits)
    for purity, told in ((0.5, False), (0.27, True)):
        result = {"given": {"purity": purity, "ploidy": None}, "fitted": fitted}
        part = Part("purity", "Purity", "ok", "evaluated", "", (), Node(result, "", "p.json"))
        rows, _ = two_hit_genes(part)
        assert [gene for gene, _ in rows] == (["CDKN2A", "APC"] if told else ["APC"])


def test_two_mutations_of_an_oncogene_are_no_loss() -> None:
    genes = [
        {"gene": gene, "status": "two hits", "hits": hits}
        for gene, hits in (
            ("PIK3CA", ["somatic PIK3CA p.His1047Arg", "somatic PIK3CA p.Glu545Lys"]),
            ("MSH6", ["somatic MSH6 p.Gln528Ter", "somatic MSH6 p.His398Pro"]),
            ("DNMT3A", ["LOH", "somatic DNMT3A p.Ala607Val"]),
        )
    ]
    result = {"fitted": {"genes": genes}}
    part = Part("purity", "Purity", "ok", "evaluated", "", (), Node(result, "", "p.json"))
    assert [gene for gene, _ in two_hit_genes(part)[0]] == ["MSH6", "DNMT3A"]


def test_genes_with_two_hits_stand_on_page_one() -> None:
    hits = [
        {"gene": "TP53", "status": "two hits", "hits": ["mutation", "loss"]},
        {"gene": "RB1", "status": "one hit", "hits": ["loss"]},
    ]
    purity = {"status": "ok", "value": 0.6, "genes": hits}
    results = {"copy_number": make_copy_number(), "purity": purity}
    text = page(make_profile(results=results)).text
    assert "two hits TP53 mutation + loss" in text
    assert "RB1" not in text[text.index("two hits TP53") : text.index("Not assessed or not")]


def test_of_many_genes_with_two_hits_suppressors_are_described() -> None:
    names = ["ALK", "MYC", "NRG1", "PIK3CA", "TP53", "MSH2", "EP300"]
    hits = [
        {"gene": name, "status": "two hits", "hits": ["LOH", f"somatic {name} p.Ala{at}Val"]}
        for at, name in enumerate(names)
    ]
    hits[5]["hits"] = ["LOH", "somatic MSH2 p.Trp318Ter"]
    purity = {"status": "ok", "value": 0.6, "genes": hits}
    results = {"copy_number": make_copy_number(), "purity": purity}
    text = page(make_profile(results=results)).text
    said = text[text.index("two hits") : text.index("Not assessed or not")]
    assert "two hits MSH2 LOH + p.Trp318Ter ; TP53 LOH + p.Ala4Val ; EP300" in said
    assert "further: ALK, MYC, NRG1, PIK3CA" in said


def test_a_fit_that_is_not_used_reports_no_losses_and_no_shares_of_cells() -> None:
    """Levels alone can fit a purity of .24; its homozygous deletions are no findings.

    Nor are they where somebody gave a purity of .5, on which all copies of the report rest.
    """
    hits = [
        {"gene": "JAK2", "status": "two hits", "hits": ["homozygous deletion"], "total_cn": 0},
        {"gene": "EGFR", "status": "two hits", "hits": ["somatic EGFR p.L858R"], "total_cn": 3},
    ]
    mutation = {"gene": "EGFR", "contig": "chr7", "pos": 55_191_822, "ref": "T", "alt": "G"}
    mutation |= {"ccf": 0.7, "depth": 90, "vaf": 0.1, "ccf_low": 0.6, "ccf_high": 0.8}
    fitted = make_estimate(0.24, genes=hits, mutations=[mutation], state="solved")
    fitted |= {"ploidy": make_estimate(2.4), "used": {"aberrant": 0.6, "subclonal": 0.0}}
    document = make_profile(results={"purity": {"value": None, "fitted": fitted}})
    texts = [page(document).text]
    for part in document["parts"]:
        if part["name"] == "purity":
            part.update(status="not_evaluable", reason="levels alone fit a purity of 0.24")
    texts.append(page(document).text)
    document = make_profile(results={"purity": {
        "value": 0.5, "given": {"purity": 0.5, "ploidy": None}, "fitted": {
            **fitted, "value": 0.24, "low": 0.17, "high": 0.29}}})  # fmt: skip
    texts.append(page(document).text)
    for used, text in zip((True, False, False), texts, strict=True):
        assert ("JAK2 homozygous deletion 0" in text) is used
        assert ("EGFR somatic EGFR p.L858R 3" in text) is used
        assert ("of the autosomes are changed" in text) is used
        assert ("1 somatic variant" in text) is used
        assert ("The fit is not used: losses" in text) is not used
    assert "EGFR somatic EGFR p.L858R –" in texts[1]


def test_a_part_that_answers_nothing_shows_its_reason_and_no_counts() -> None:
    scars = {"counts": {"loh": 11.5, "sum": 41.5}, "notes": ["few SNPs"]}
    row = make_biomarker("HRD sum", make_missing("no arm is evaluable"), part="hrd", scheme=None)
    text = page(make_profile(results={"hrd": scars}, biomarkers=[row])).text
    assert "Homologous recombination deficiency not evaluable no arm is evaluable" in text
    assert "41.5" not in text


@pytest.mark.parametrize(
    ("given_purity", "caution"),
    [(0.45, True), (0.8, True), (0.58, False), (0.7, False)],
)
def test_a_given_purity_that_the_reads_contradict_is_no_green_light(
    given_purity: float, caution: bool
) -> None:
    result = {
        "given": {"purity": given_purity, "ploidy": None},
        "fitted": {"value": 0.6, "low": 0.57, "high": 0.62},
    }
    part = Part("purity", "Purity", "ok", "evaluated", "", (), Node(result, "", "profile.json"))
    said = purity_contradicted({"purity": part})
    assert bool(said) == caution
    light = quality({"purity": part}, [])
    assert light.word == ("Read with caution" if caution else "No failure")


def test_the_laboratorys_genes_lead_and_absent_is_not_unknown() -> None:
    rows = [
        make_variant(0, gene="RAC1", consequence="stop_gained", population_af=None,
                     population_absent=True),
        make_variant(1, gene="APC", consequence="missense_variant", population_af=None),
    ]  # fmt: skip
    document = make_profile(results={"variants": make_variants(variants=rows)})
    asked = {"gene": "APC", "kind": "snv_indel", "tumor_type": None, "note": None}
    text = page(document).text
    assert text.index("RAC1") < text.index("APC")
    board = {"actionable": {"rows": [asked], "tumor_types": [], "known_type": False}}
    text = page({**document, "board": board}).text
    assert "then the genes asked for, then by impact" in text
    assert 0 < text.index("APC") < text.index("RAC1")
    assert "absent" in text[text.index("RAC1") :][:300]
    assert "absent" not in text[text.index("APC") : text.index("RAC1")]


@pytest.mark.parametrize(
    ("low", "high", "certainty", "said"),
    [(0.8, 11.7, "clear", True), (0.8, 9.0, "clear", False), (0.8, 11.7, "borderline", False)],
)
def test_a_clear_class_with_an_interval_across_its_cut_off_is_pointed_out(
    low: float, high: float, certainty: str, said: bool
) -> None:
    cutoff = {"name": "TMB-High", "value": 10, "source": "", "probability_above": 0.049,
              "certainty": certainty}  # fmt: skip
    estimate = make_estimate(5.04, low=low, high=high, call="TMB-Low", cutoffs=[cutoff])
    document = make_profile(biomarkers=[make_biomarker(estimate=estimate)])
    text = Page(render_report(document)).text
    assert ("TMB: the interval reaches across a cut-off" in text) is said


def test_numbers_of_residues_by_no_standard_transcript_are_pointed_out() -> None:
    def told(choice: str) -> bool:
        rows = [make_variant(0, transcript_choice=choice)]
        document = make_profile(results={"variants": make_variants(variants=rows)})
        return "BRAF p.Val600Glu may read" in page(document).text

    assert told("canonical")
    assert told("most severe")
    assert not told("MANE Select")
    assert not told("list")


def test_a_pathogenic_variant_beside_a_gene_does_not_lead() -> None:
    rows = [
        make_variant(0, gene="SKIV2L", consequence="downstream_gene_variant", pathogenic=True),
        make_variant(1, gene="TP53", consequence="missense_variant", pathogenic=True),
        make_variant(2, gene="APC", consequence="stop_gained"),
    ]
    found = page(make_profile(results={"variants": make_variants(variants=rows)})).text
    assert found.index("TP53") < found.index("APC") < found.index("SKIV2L")
