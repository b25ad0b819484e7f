"""The report in a browser: accessibility by axe-core, requests, time to load, widths, paper."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from tests.report.builders import (
    make_case,
    make_copy_number,
    make_gene,
    make_picture,
    make_profile,
    make_tmb,
    make_variant,
    make_variants,
)
from tests.report.hostile import hostile_case
from tests.report.test_interpretation import classified, written
from tumorkit.profile.run import load_case, run_profile
from tumorkit.report import ReportParams, render_report
from tumorkit.report.board.run import BoardFiles, with_board
from tumorkit.report.run import run_report

EXAMPLE = Path(__file__).parents[2] / "example_data"
PACKAGES = ("axe-core@4", "puppeteer-core@24", "html-validate@10")


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the programs that open and judge a page."""
    node, npm = shutil.which("node"), shutil.which("npm")
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if not (node and npm and chromium):
        pytest.skip("needs node, npm and chromium")
    folder = tmp_path_factory.mktemp("browser")
    environment = {**os.environ, "PUPPETEER_SKIP_DOWNLOAD": "1"}
    subprocess.run(
        [npm, "install", "--silent", "--no-audit", "--prefix", str(folder), *PACKAGES],
        check=True, env=environment, capture_output=True,
    )  # fmt: skip
    for script in ("browser_check.mjs", "browser_use.mjs"):
        shutil.copy(Path(__file__).with_name(script), folder)
    (folder / ".htmlvalidate.json").write_text(json.dumps(VALIDATE))
    return folder


# What html-validate calls a matter of taste is off: capital letters, line ends, long titles, style
# attributes of pictures; a region that scrolls must take the focus (WCAG 2.1.1).
VALIDATE = {
    "extends": ["html-validate:recommended", "html-validate:a11y"],
    "rules": {
        "doctype-style": "off",
        "no-inline-style": "off",
        "no-trailing-whitespace": "off",
        "long-title": "off",
        "prefer-native-element": "off",
        "svg-focusable": "off",
        "void-style": "off",
        "attribute-boolean-style": "off",
    },
}


def told(folder: Path, script: str, *words: object) -> Any:
    """Run a script of the browser and return what it saw."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome") or ""
    done = subprocess.run(
        ["node", script, *map(str, words)],
        cwd=folder, check=True, env={**os.environ, "CHROMIUM": chromium}, capture_output=True,
        text=True,
    )  # fmt: skip
    return json.loads(done.stdout)


def example(folder: Path, language: str) -> Path:
    case, inputs = load_case(
        EXAMPLE / "case.toml", settings={"language": language, "sample": "EXAMPLE_T"}, files={}
    )
    run_profile(case, inputs, outdir=folder)
    return folder / "report.html"


def gms560(folder: Path, shared: Path) -> Path:
    data = shared / "gms560"
    case, inputs = load_case(
        None,
        settings={"sample": "HD832", "assay": "gms560-ffpe", "tumor_type": "colorectal carcinoma"},
        files={
            "somatic": data / "HD832.ensembled.vcf.gz",
            "copy_ratios": data / "HD832.clean.denoisedCR.tsv",
            "genes": shared / "reference" / "hg19_genes.bed.gz",
            "actionable": EXAMPLE / "actionable.tsv",
            "external": EXAMPLE / "external.tsv",
        },
    )
    run_profile(case, inputs, outdir=folder)
    begin = time.perf_counter()
    made = run_report(
        folder / "profile.json", params=ReportParams(language="sv"), board=BoardFiles()
    )
    print(f"report of HD832: {time.perf_counter() - begin:.2f} s, {len(made.html) / 1e3:.0f} kB")
    (folder / "sv.html").write_text(made.html)
    return folder / "sv.html"


def invented(folder: Path, count: int, language: str) -> Path:
    results = {
        "variants": make_variants(count, min(count, 40)),
        "copy_number": make_copy_number(),
    }
    begin = time.perf_counter()
    html = render_report(
        make_case(**results),
        pictures={"copy_number": make_picture(3000)},
        params=ReportParams.from_mapping({"language": language, "max_variants": 5000}),
    )
    took = time.perf_counter() - begin
    print(f"{count} variants: {took:.2f} s, {len(html.encode()) / 1e3:.0f} kB")
    assert took < 6
    assert len(html.encode()) < 3_000_000
    path = folder / f"v{count}.html"
    path.write_text(html)
    return path


def stressed(folder: Path) -> Path:
    """A page of long names: sample, changes, 40 alterations with a tier, 100 amplified genes."""
    rng = random.Random(1)
    genes = []
    for at in range(120):
        state = "amplification" if at < 100 else "homozygous deletion"
        start = rng.randint(1, 9) * 10_000_000
        place = {"contig": f"chr{rng.randint(1, 22)}", "start": start, "end": start + 90_000}
        genes.append(
            {**make_gene("EGFR", 2.4, state=state, focal=True), "gene": f"GENE{at}", **place}
        )
    changes: dict[str, Any] = {
        "hgvsc": "NM_000123456.12:c.2236_2250delGGAATTAAGAGAAGCinsACGTACGTACGTACGTACGTACGT",
        "hgvsp": "NP_000123.4:p.Glu746_Thr751delinsValProLeuSerAlaThrValGluArg",
        "consequence": "inframe_deletion&splice_region_variant&coding_sequence_variant",
        "ref": "ACGT" * 30, "normal_vaf": 0.01, "origin": "somatic", "p_somatic": 0.98,
    }  # fmt: skip
    results = {
        "variants": make_variants(variants=[make_variant(at, **changes) for at in range(40)]),
        "copy_number": make_copy_number(genes=genes),
        "tmb": make_tmb(),
    }
    sample = "LAB-2026-000123_TUMOR-FFPE-BLOCK-7B_" * 4
    rows = [classified(gene=f"GENE{at}", tier="I" if at < 15 else "II") for at in range(40)]
    table = written(folder, *rows, sample=sample)
    document = with_board(
        make_profile(results=results, sample=sample), BoardFiles(interpretation=table)
    )
    path = folder / "stressed.html"
    path.write_text(render_report(document, pictures={"copy_number": make_picture(3000)}))
    return path


@pytest.mark.benchmark
@pytest.mark.shared
@pytest.mark.timeout(1200)
def test_reports_are_accessible_offline_and_fit(
    tmp_path: Path, shared: Path, browser: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with capsys.disabled():
        files = [
            example(tmp_path / "en", "en"),
            example(tmp_path / "sv", "sv"),
            gms560(tmp_path / "hd", shared),
            invented(tmp_path, 0, "sv"),
            invented(tmp_path, 5, "en"),
            invented(tmp_path, 300, "en"),
            invented(tmp_path, 5000, "en"),
            stressed(tmp_path),
        ]
        rows = told(browser, "browser_check.mjs", *files)
        for row in rows:
            name = "/".join(Path(row["file"]).parts[-2:])
            size = Path(row["file"]).stat().st_size / 1e3
            if "pages" in row:
                print(f"{name}: page one on {row['pages']} sheet(s)")
            else:
                print(f"{name}: {row['width']} px, {size:.0f} kB, loaded in {row['load']} ms")
    for row in rows:
        if "pages" in row:
            assert row["pages"] == 1 or "stressed" in row["file"], row
            continue
        assert row["violations"] == [], row
        assert (row["requests"], row["errors"], row["dialogs"]) == (1, [], 0), row
        assert row["wider"] == 0, row
        if row["width"] == 1280 and "stressed" not in row["file"]:
            # Who, the light, the biomarkers and the first finding (tier or variant): no scrolling.
            assert row["first"] >= (4 if "v0" not in row["file"] else 3), row


@pytest.mark.benchmark
@pytest.mark.timeout(600)
def test_no_script_of_a_hostile_case_runs(tmp_path: Path, browser: Path) -> None:
    folder = hostile_case(tmp_path)
    files = [folder / "en.html", folder / "sv.html"]
    for row in told(browser, "browser_check.mjs", *files):
        if "width" in row:
            assert (row["hit"], row["dialogs"], row["requests"]) == ("undefined", 0, 1), row
            assert (row["errors"], row["violations"]) == ([], []), row


@pytest.mark.benchmark
@pytest.mark.timeout(600)
def test_five_thousand_rows_are_sorted_and_found(
    tmp_path: Path, browser: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = invented(tmp_path, 5000, "en")
    column = 4
    seen = told(browser, "browser_use.mjs", path, column, "KRAS")
    with capsys.disabled():
        print(f"5,000 rows: sorted in {seen['sort']} ms, {seen['filter']:.0f} ms a letter")
    before, falling, rising, found, after = (
        seen[name] for name in ("before", "falling", "rising", "found", "after")
    )
    total = len(before["keys"])
    values = [float(key) for key in before["keys"]]
    assert total == 5000
    assert [float(key) for key in falling["keys"]] == sorted(values, reverse=True)
    assert [float(key) for key in rising["keys"]] == sorted(values)
    assert (falling["sorted"][column], rising["sorted"][column]) == ("descending", "ascending")
    assert sum(1 for one in rising["sorted"] if one) == 1
    assert falling["focus"] == "VAF"
    assert (falling["shown"], falling["further"]) == (200, "Further rows: 4,800")
    matching = path.read_text().count('<span class="gene">KRAS</span></th>')
    assert found["said"] == f"{found['matching']} of 5,000 rows"
    assert 0 < found["matching"] <= matching
    assert (found["shown"], after["shown"], after["said"]) == (200, 200, "")
    assert after["keys"] == rising["keys"]


@pytest.mark.benchmark
@pytest.mark.timeout(600)
def test_pages_are_valid_html(tmp_path: Path, browser: Path) -> None:
    files = [example(tmp_path / "en", "en"), invented(tmp_path, 300, "sv"), stressed(tmp_path)]
    done = subprocess.run(
        ["node_modules/.bin/html-validate", "--config", ".htmlvalidate.json", "-f", "text",
         *map(str, files)],
        cwd=browser, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[:4000]
