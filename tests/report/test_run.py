"""From a folder with a profile to a report on disk."""

from __future__ import annotations

import json
import sys
import types
from pathlib import Path

import pytest

from tests.report.builders import make_picture, make_profile
from tumorkit.cli import run as tumorkit
from tumorkit.errors import InputError
from tumorkit.report import summarize_report
from tumorkit.report.run import pdf_of, run_report


def write_profile(folder: Path) -> Path:
    path = folder / "profile.json"
    path.write_text(json.dumps(make_profile()))
    (folder / "copy_number.svg").write_text(make_picture(100))
    return path


def test_the_command_writes_one_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    profile, out = write_profile(tmp_path), tmp_path / "out" / "report.html"
    assert tumorkit(["report", "build", str(profile), "-o", str(out)]) == 0
    html = out.read_text(encoding="utf-8")
    assert html.startswith("<!doctype html>")
    assert 'class="picture"' in html
    assert [p.name for p in out.parent.iterdir()] == ["report.html"]
    shown = capsys.readouterr().out
    assert "TMB\t12.6 mut/Mb\t7.6–19.6\tTMB-High at >= 10 (12.6; borderline, P = .77)" in shown
    assert "Gene fusions: not assessed" in shown


def test_standard_output_holds_the_page_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert tumorkit(["report", "build", str(write_profile(tmp_path)), "-o", "-"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("<!doctype html>")
    assert shown.endswith("</html>\n")


def test_a_page_is_not_named_like_another_kind_of_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "report.pdf"
    assert tumorkit(["report", "build", str(write_profile(tmp_path)), "-o", str(out)]) == 2
    assert "the report is one HTML file" in capsys.readouterr().err
    assert not out.exists()


def test_the_report_does_not_depend_on_where_it_is_made(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    first.mkdir()
    second.mkdir()
    assert run_report(write_profile(first)).html == run_report(write_profile(second)).html


def test_a_picture_outside_the_folder_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret.svg").write_text(make_picture(10))
    folder = tmp_path / "case"
    folder.mkdir()
    path = folder / "profile.json"
    path.write_text(json.dumps(make_profile(pictures={"copy_number": "../secret.svg"})))
    assert 'class="picture"' not in run_report(path).html


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", r"profile\.json:1: not JSON"),
        ("[]", "expected a JSON object, found a list"),
        ("{}", "no key 'schema'"),
        ('{"schema": "tumorkit/tmb", "schema_version": "1.0"}', "expected schema"),
    ],
)
def test_a_file_that_is_no_profile_is_one_line(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "profile.json"
    path.write_text(content)
    with pytest.raises(InputError, match=said) as caught:
        run_report(path)
    assert caught.value.hint


def test_a_folder_of_a_case_names_the_file_that_is_meant(tmp_path: Path) -> None:
    profile = write_profile(tmp_path)
    with pytest.raises(InputError, match="is a folder, not a file") as error:
        run_report(tmp_path)
    assert error.value.hint == f"did you mean {str(profile)!r}?"


def test_a_missing_profile_leaves_nothing_behind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "report.html"
    assert tumorkit(["report", "build", str(tmp_path / "profle.json"), "-o", str(out)]) == 1
    assert "no such file" in capsys.readouterr().err
    assert not out.exists()


def test_the_summary_has_no_number_for_what_is_not_evaluable() -> None:
    summary = summarize_report(make_profile())
    rows = {row[0]: row for row in summary.rows}
    assert rows["MSI"] == ("MSI", "", "", "", "not evaluable: no tumour BAM was given")
    assert any(note.startswith("Germline findings: not assessed") for note in summary.notes)
    assert all(len(row) == len(summary.columns) for row in summary.rows)


def test_a_pdf_without_its_library_says_what_to_install(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    out = tmp_path / "report.html"
    options = ["--pdf", str(tmp_path / "one.pdf"), "-o", str(out)]
    assert tumorkit(["report", "build", str(write_profile(tmp_path)), *options]) == 2
    assert "tumorkit[pdf]" in capsys.readouterr().err
    assert not out.exists()


def test_page_one_alone_has_no_script_and_no_link_into_nothing(tmp_path: Path) -> None:
    sheet = run_report(write_profile(tmp_path), sheet=True).sheet
    assert "<script" not in sheet
    assert "href=" not in sheet
    assert "variants-full" not in sheet
    assert "Variants that passed" in sheet


def test_a_pdf_fetches_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, object] = {}

    class Page:
        def __init__(self, string: str, url_fetcher: object) -> None:
            asked["fetch"] = url_fetcher

        def write_pdf(self, pdf_variant: str) -> bytes:
            return pdf_variant.encode()

    fetchers = types.SimpleNamespace(URLFetcher=lambda allowed_protocols: allowed_protocols)
    made = types.SimpleNamespace(HTML=Page, urls=fetchers)
    monkeypatch.setitem(sys.modules, "weasyprint", made)
    assert pdf_of("<p>x</p>") == b"pdf/ua-1"
    assert asked["fetch"] == ("data",)
