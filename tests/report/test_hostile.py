"""No text of an input can become more than text: on the page, in files, on a terminal."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from ruamel.yaml import YAML

from tests.report.hostile import MARKUP, SAMPLE, hostile_case
from tests.report.test_html import Page
from tumorkit.cli.progress import plain_text, print_summary
from tumorkit.contract.summary import Summary
from tumorkit.contract.visible import visible

# What our templates and pictures are made of.
TAGS = """
html head meta title style body a header div p h1 h2 h3 b i span dl dt dd nav ul li main section
table
caption thead tbody tr th td small br svg path g defs use text clippath rect circle figure code pre
details summary footer script label select option button input desc image tspan
"""
ATTRIBUTES = """
lang charset name content http-equiv id class href for type role tabindex hidden colspan scope style
d
x y x1 x2 y1 y2 r cx cy width height viewbox transform fill stroke focusable preserveaspectratio
clip-path text-anchor value autocomplete
spellcheck
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case of attacks through every command, with what each said."""
    return hostile_case(tmp_path_factory.mktemp("hostile"))


def hidden(text: str, keep: str = "\n\t") -> set[str]:
    """Signs that steer a terminal, turn the direction of writing or cannot be seen."""
    found = {c for c in set(text) if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp")}
    return found - set(keep)


@pytest.mark.parametrize("name", ["en.html", "sv.html", "out/report.html"])
def test_the_page_holds_only_what_templates_make(folder: Path, name: str) -> None:
    html = (folder / name).read_text(encoding="utf-8")
    page = Page(html)
    scripts = [attrs for _, attrs in page.named("script")]
    assert [attrs.get("type") for attrs in scripts] == ["application/json", None]
    names = ATTRIBUTES.split()
    assert {tag for tag, _ in page.tags} <= set(TAGS.split())
    for tag, attrs in page.tags:
        for key, value in attrs.items():
            assert key in names or key.startswith(("aria-", "data-", "stroke-", "fill-")), key
            if key == "href":
                start = "data:image/png;base64," if tag == "image" else "#"
                assert (value or "").startswith(start), (tag, value)
            if key in ("class", "id", "for"):
                assert "window" not in (value or ""), (tag, value)
    assert hidden(html) == set()
    assert page.text.count(MARKUP) > 50
    assert page.open == []


def test_the_tracks_of_the_page_are_json_without_a_tag(folder: Path) -> None:
    html = (folder / "en.html").read_text(encoding="utf-8")
    text = html.partition('type="application/json"')[2].partition(">")[2].partition("</script>")[0]
    assert "<" not in text
    genes = {row[0] for row in json.loads(text)["genes"]}
    assert any(MARKUP in gene for gene in genes)


def test_pictures_are_xml_without_a_script(folder: Path) -> None:
    pictures = list((folder / "out").glob("*.svg"))
    assert pictures
    for path in pictures:
        root = ElementTree.fromstring(path.read_text(encoding="utf-8"))
        assert not [e for e in root.iter() if e.tag.endswith(("script", "foreignObject", "}img"))]
        assert hidden("".join(root.itertext())) == set()


def test_a_terminal_sees_letters_only(folder: Path) -> None:
    said = (folder / "said.txt").read_text(encoding="utf-8")
    assert said.count(MARKUP) > 20
    assert hidden(said) == set()


def test_a_drawn_table_takes_names_as_they_are(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    summary = Summary(title=f"[/b]{SAMPLE}", columns=("a", "b"), rows=(("[red]x", SAMPLE),),
                      notes=(f"[/i]{SAMPLE}",))  # fmt: skip
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "4000")
    print_summary(summary)
    drawn = re.sub(r"\x1b\[[0-9;]*m", "", capsys.readouterr().out)
    assert "u001b[31m" in drawn
    assert hidden(drawn) == set()
    assert "[/b]" in drawn
    assert "[red]x" in drawn


def test_rows_of_a_table_stay_rows(capsys: pytest.CaptureFixture[str]) -> None:
    print_summary(Summary(title="t", columns=("a", "b"), rows=((SAMPLE, SAMPLE),)))
    out = capsys.readouterr().out
    assert out == plain_text(
        Summary(title="t", columns=("a", "b"), rows=((visible(SAMPLE, keep=""),) * 2,))
    )
    assert [line.count("\t") for line in out.splitlines()] == [0, 1, 1]


def tables(folder: Path) -> Iterator[tuple[str, list[str]]]:
    for path in sorted((folder / "files").rglob("*")):
        if path.suffix in (".maf", ".seg", ".tsv", ".txt"):
            text = path.read_text(encoding="utf-8")
            yield (
                path.name,
                [line for line in text.split("\n")[:-1] if line[:2] not in ("#v", "##")],
            )


def test_tables_keep_their_columns(folder: Path) -> None:
    names = []
    for name, lines in tables(folder):
        names.append(name)
        assert len({line.count("\t") for line in lines}) == 1, name
        assert hidden("".join(lines), keep="\t") == set(), name
        rows = list(csv.reader(io.StringIO("\n".join(lines)), "excel-tab", quoting=csv.QUOTE_NONE))
        assert len(rows) == len(lines), name
    assert len(names) >= 7


def test_a_workbook_has_texts_and_numbers_only(folder: Path) -> None:
    texts = []
    with zipfile.ZipFile(next((folder / "files").glob("*.xlsx"))) as package:
        for name in package.namelist():
            root = ElementTree.fromstring(package.read(name))
            assert not [e for e in root.iter() if e.tag.endswith(("}f", "}hyperlink", "}script"))]
            cells = [e for e in root.iter() if e.tag.endswith("}c")]
            assert {cell.get("t") for cell in cells} <= {"inlineStr", None}
            texts += ["".join(cell.itertext()) for cell in cells if cell.get("t")]
    assert hidden("".join(texts)) == set()
    assert any(text.startswith(f"={MARKUP}") for text in texts)
    assert {text[:1] for text in texts} >= set("=+-@")


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


def test_a_table_of_multiqc_gets_no_markup(folder: Path) -> None:
    found = list((folder / "files").glob("*_mqc.json"))
    assert len(found) == 2
    for path in found:
        texts = list(strings(json.loads(path.read_text(encoding="utf-8"))))
        assert not [text for text in texts if set(text) & set("<>\"'") or hidden(text)]


def test_a_bundle_has_no_markup_but_its_narrative(folder: Path) -> None:
    text = next((folder / "files").glob("*.fhir.json")).read_text(encoding="utf-8")
    assert hidden("".join(strings(json.loads(text)))) == set()
    for entry in json.loads(text)["entry"]:
        told = entry["resource"].get("text")
        if told:
            tags = {e.tag.rpartition("}")[2] for e in ElementTree.fromstring(told["div"]).iter()}
            assert tags <= {"div", "p", "b", "table", "tbody", "tr", "td", "th", "ul", "li", "br"}


def test_names_of_files_stay_in_their_folder(folder: Path) -> None:
    for path in (folder / "files").rglob("*"):
        assert path.name.isascii()
        assert not set(path.name) & set("<>\"'&;|$`*?[]{}() \\")
        assert len(path.name) < 200


def test_a_load_file_names_the_sample_as_text(folder: Path) -> None:
    text = next((folder / "files" / "scout").glob("*.yaml")).read_text(encoding="utf-8")
    assert MARKUP in json.dumps(YAML(typ="safe").load(text), ensure_ascii=False).replace('\\"', '"')
