"""The report in a browser: accessibility by axe-core, requests, time to load, widths, paper."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from tests.report.builders import (
    make_case,
    make_copy_number,
    make_picture,
    make_variants,
)
from tumorkit.profile.run import load_case, run_profile
from tumorkit.report import ReportParams, render_report
from tumorkit.report.board.run import BoardFiles
from tumorkit.report.run import run_report

EXAMPLE = Path(__file__).parents[2] / "example_data"
PACKAGES = ("axe-core@4", "puppeteer-core@24")
CHECK = """
import puppeteer from "puppeteer-core";
import fs from "fs";
const axe = fs.readFileSync("node_modules/axe-core/axe.min.js", "utf8");
const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM, headless: true, args: ["--no-sandbox", "--disable-gpu"],
});
const rows = [];
for (const file of process.argv.slice(2)) {
  for (const width of [1280, 390]) {
    const page = await browser.newPage();
    await page.setBypassCSP(true);
    await page.setViewport({ width, height: 900 });
    let requests = 0;
    const errors = [];
    page.on("request", (asked) => { if (!asked.url().startsWith("data:")) { requests += 1; } });
    page.on("pageerror", (error) => errors.push(String(error)));
    const begin = Date.now();
    await page.goto("file://" + file, { waitUntil: "load" });
    const load = Date.now() - begin;
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    await page.evaluate(() => {
      document.querySelectorAll("details").forEach((d) => { d.open = true; });
    });
    await page.evaluate(axe);
    const found = await page.evaluate(() => axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"],
    }));
    const violations = found.violations.map((v) => v.id + " " + v.nodes[0].html.slice(0, 160));
    rows.push({ file, width, requests, load, wider, violations, errors });
    await page.close();
  }
  const page = await browser.newPage();
  await page.setViewport({ width: 703, height: 1062 });
  await page.emulateMediaType("print");
  await page.goto("file://" + file);
  const sheet = await page.evaluate(
    () => document.querySelector(".sheet").getBoundingClientRect().bottom + scrollY);
  rows.push({ file, sheet });
  await page.close();
}
await browser.close();
console.log(JSON.stringify(rows));
"""
# A4 less margins of 7 mm, in CSS pixels.
SHEET = (297 - 14) / 25.4 * 96


def browser_rows(folder: Path, files: list[Path]) -> list[dict[str, object]]:
    """Open files in headless Chromium and return what was seen."""
    node, npm = shutil.which("node"), shutil.which("npm")
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if not (node and npm and chromium):
        pytest.skip("needs node, npm and chromium")
    environment = {**os.environ, "CHROMIUM": chromium, "PUPPETEER_SKIP_DOWNLOAD": "1"}
    subprocess.run(
        [npm, "install", "--silent", "--no-audit", "--prefix", str(folder), *PACKAGES],
        check=True, env=environment, capture_output=True,
    )  # fmt: skip
    (folder / "check.mjs").write_text(CHECK)
    done = subprocess.run(
        [node, "check.mjs", *map(str, files)],
        cwd=folder, check=True, env=environment, capture_output=True, text=True,
    )  # fmt: skip
    rows: list[dict[str, object]] = json.loads(done.stdout)
    return rows


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


@pytest.mark.benchmark
@pytest.mark.shared
@pytest.mark.timeout(1200)
def test_reports_are_accessible_offline_and_fit(
    tmp_path: Path, shared: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with capsys.disabled():
        files = [
            example(tmp_path / "en", "en"),
            example(tmp_path / "sv", "sv"),
            gms560(tmp_path / "hd", shared),
            invented(tmp_path, 0, "sv"),
            invented(tmp_path, 5, "en"),
            invented(tmp_path, 300, "en"),
        ]
        rows = browser_rows(tmp_path, files)
        for row in rows:
            print(row)
    for row in rows:
        if "sheet" in row:
            assert float(str(row["sheet"])) <= SHEET, row
            continue
        assert row["violations"] == [], row
        assert row["requests"] == 1, row
        assert row["errors"] == [], row
        assert row["wider"] == 0, row
