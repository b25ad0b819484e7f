"""Exports before the programs that read them: pytest -s -m benchmark this file.

The example case is profiled, exported in every format with events and an interpretation's worth of
findings, and each file is given to a reader that somebody else wrote. Versions are printed.
"""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path

import pysam
import pytest

from tests.benchmarks.export_peers import (
    FHIR,
    FHIR_JS,
    GENS,
    SCOUT,
    XLSX,
    asked,
    node_with,
    python_with,
)
from tests.benchmarks.hotspot_peer import APART, CALLS, compared
from tests.report.cbioportal_rules import faults, warnings
from tests.report.fhir_profiles import faults as fhir_faults
from tests.report.test_fhir import full_case
from tumorkit.cli import run
from tumorkit.report.export import ReportExportParams, export_case

pytestmark = pytest.mark.benchmark
EXAMPLE = Path(__file__).parents[2] / "example_data" / "case.toml"


@pytest.fixture(scope="module")
def peers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("peers")


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("example")
    assert run(["profile", str(EXAMPLE), "--outdir", str(folder), "-q"]) == 0
    start = time.perf_counter()
    words = ["report", "export", str(folder / "profile.json"), "--to", "all"]
    words += ["--ratios", str(EXAMPLE.parent / "tumor.cnr")]
    assert run([*words, "--outdir", str(folder / "out")]) == 0
    print(f"all formats: {time.perf_counter() - start:.2f} s")
    return folder


@pytest.fixture(scope="module")
def bundles(exported: Path) -> list[tuple[str, Path]]:
    """The example's bundle, and one with all that a bundle may hold, by both guides."""
    found = []
    for guide in ("3.0.0", "2.0.0"):
        out = exported / f"fhir-{guide}"
        words = ["report", "export", str(exported / "profile.json"), "--to", "fhir"]
        assert run([*words, "--fhir-guide", guide, "--outdir", str(out)]) == 0
        found += [(guide, path) for path in out.glob("*.fhir.json")]
        params = ReportExportParams(fhir_guide="2.0.0" if guide == "2.0.0" else "3.0.0")
        (text,) = export_case(full_case(), ["fhir"], params).contents.values()
        path = out / "full.fhir.json"
        path.write_text(str(text))
        found.append((guide, path))
    return found


def test_fhir_resources_accepts_both_guides(peers: Path, bundles: list[tuple[str, Path]]) -> None:
    paths = [path for _, path in bundles]
    print(asked(python_with(peers, "files"), "-c", FHIR, *paths).strip())


def test_npm_fhir_finds_no_error_and_would_find_one(
    peers: Path, bundles: list[tuple[str, Path]], tmp_path: Path
) -> None:
    root = node_with(peers, "fhir@4.12.0")
    (root / "validate.js").write_text(FHIR_JS)
    said = asked("node", "validate.js", *(path for _, path in bundles), cwd=root)
    print(said.strip())
    assert said.count(" 0 errors") == len(bundles)
    broken = json.loads(bundles[0][1].read_text())
    broken["entry"][0]["resource"]["status"] = "done"
    broken["entry"][1]["resource"]["colour"] = "red"
    path = tmp_path / "broken.json"
    path.write_text(json.dumps(broken))
    assert " 0 errors" not in asked("node", "validate.js", path, cwd=root)


def test_bundles_keep_the_rules_of_the_guides(bundles: list[tuple[str, Path]]) -> None:
    for guide, path in bundles:
        assert fhir_faults(json.loads(path.read_text()), guide) == []


def test_the_study_folder_keeps_the_importers_rules(exported: Path) -> None:
    root = exported / "out" / "cbioportal"
    files = {str(p.relative_to(root)): p.read_text() for p in root.rglob("*") if p.is_file()}
    assert faults(files) == []
    print("cBioPortal would remark:", warnings(files))


def test_multiqc_is_content_with_several_samples(peers: Path, exported: Path) -> None:
    python = python_with(peers, "files")
    second = exported / "second"
    shutil.copytree(exported / "out", second, dirs_exist_ok=True)
    for path in second.glob("*_mqc.json"):
        path.write_text(path.read_text().replace("EXAMPLE_T", "OTHER_T"))
        path.rename(path.with_name(path.name.replace("EXAMPLE_T", "OTHER_T")))
    out = exported / "multiqc"
    program = python.with_name("multiqc")
    asked(program, "--strict", "--quiet", "-o", out, exported / "out", second)
    print(asked(program, "--version").strip())
    table = (out / "multiqc_data" / "multiqc_general_stats.txt").read_text()
    assert "tumorkit_tmb" in table
    assert {line.split("\t")[0] for line in table.splitlines()[1:]} == {"EXAMPLE_T", "OTHER_T"}


def test_openpyxl_reads_the_workbook_without_a_warning(peers: Path, exported: Path) -> None:
    (path,) = (exported / "out").glob("*.xlsx")
    print(asked(python_with(peers, "files"), "-W", "error", "-c", XLSX, path).strip())


def test_scout_loads_case_and_variants(peers: Path, exported: Path) -> None:
    (path,) = (exported / "out" / "scout").glob("*.load.yaml")
    said = asked(python_with(peers, "scout"), "-c", SCOUT, path)
    print(said.strip())
    calls = path.with_name("EXAMPLE_T.vcf").read_text().splitlines()
    assert f"2 samples {sum(not line.startswith('#') for line in calls)} variants" in said


def test_gens_levels_are_those_of_its_own_tool(peers: Path, exported: Path, tmp_path: Path) -> None:
    path = exported / "out" / "gens" / "EXAMPLE_T.baf.bed.gz"
    table = pysam.TabixFile(str(path))
    contig = max((name[2:] for name in table.contigs if name.startswith("d_")),
                 key=lambda name: len(list(table.fetch(f"d_{name}"))))  # fmt: skip
    every = [row.split("\t") for row in table.fetch(f"d_{contig}")]
    listed = tmp_path / "baf.tmp"
    listed.write_text("".join(f"{contig}\t{row[2]}\t{row[3]}\n" for row in every))
    theirs = asked(python_with(peers, "gens"), "-c", GENS, listed).splitlines()
    ours = [row for letter in "oabcd" for row in table.fetch(f"{letter}_{contig}")]
    assert ours == theirs
    print(f"Gens: {len(ours)} points of chromosome {contig} equal in five levels")


def test_hotspots_are_reported_as_hydra_genetics_does(peers: Path, tmp_path: Path) -> None:
    python = str(python_with(peers, "hydra"))
    ours, theirs = compared(python, tmp_path)
    assert ours == theirs
    ours, theirs = compared(python, tmp_path, (*CALLS, *APART))
    # It names the base in front of a hotspot as one, and a base within a variant as without one.
    assert {row[:4] for row in set(theirs) - set(ours)} == {
        ("999", "C", "T", "1-hotspot"), ("1003", "-", "-", "1-hotspot")}  # fmt: skip
    assert {row[:4] for row in set(ours) - set(theirs)} == {("999", "C", "T", "4-other")}
    print(f"hydra-genetics: {len(CALLS)} variants and all hotspots equal")
