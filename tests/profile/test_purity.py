"""A purity as given and as fitted: both are shown, one is used, and the rule is stated."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.profile.test_run import parts, profile
from tumorkit.genome.build import GRCH38
from tumorkit.profile.purity import ploidy_source, purity_document


@pytest.fixture(scope="module")
def fitted(small_case: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    outdir = tmp_path_factory.mktemp("fitted") / "out"
    assert profile(small_case / "case.toml", outdir=outdir) == 0
    return outdir


def purity_of(outdir: Path) -> dict[str, Any]:
    found: dict[str, Any] = parts(outdir)["purity"]["result"]
    return found


def flat_ratios(path: Path, noise: float = 0.15) -> Path:
    """Write copy ratios of a genome without any change."""
    rng = np.random.default_rng(8)
    rows = ["chromosome\tstart\tend\tgene\tdepth\tlog2\tweight\n"]
    for number in range(1, 23):
        name = f"chr{number}"
        for start in range(1_000_000, GRCH38.lengths[name] - 1_000_000, 4_000_000):
            value = rng.normal(0, noise)
            rows.append(f"{name}\t{start}\t{start + 200}\t-\t100\t{value:.4f}\t1\n")
    path.write_text("".join(rows))
    return path


def test_a_fitted_purity_gives_absolute_copies(fitted: Path) -> None:
    found = purity_of(fitted)
    assert found["source"] == "fitted"
    assert found["given"] is None
    assert found["value"] == found["fitted"]["value"]
    assert "as fitted is used" in found["used"]
    called = parts(fitted)["copy_number"]["result"]
    assert called["purity"] == pytest.approx(found["value"])
    assert any(row["copy_number"] is not None for row in called["genes"])
    assert any("as fitted is used" in note for note in called["notes"])
    page = (fitted / "report.html").read_text()
    for words in ("Solutions of the fit", "as fitted is used", "Share of tumour cells"):
        assert words in page
    for name in ("purity.json", "purity.svg", "purity.solutions.tsv"):
        assert (fitted / name).stat().st_size > 0


def test_a_given_purity_is_used_and_the_fitted_one_stands_beside_it(
    small_case: Path, fitted: Path, tmp_path: Path
) -> None:
    outdir = tmp_path / "given"
    options = (small_case / "case.toml", "--purity", 0.31, "--ploidy", 2.2)
    assert profile(*options, outdir=outdir) == 0
    found = purity_of(outdir)
    assert (found["value"], found["ploidy"]["value"], found["source"]) == (0.31, 2.2, "given")
    assert found["given"] == {"purity": 0.31, "ploidy": 2.2}
    assert found["fitted"]["value"] == purity_of(fitted)["value"]
    assert found["used"].startswith("0.31 as given is used; the fit finds")
    assert parts(outdir)["copy_number"]["result"]["purity"] == 0.31
    case = json.loads((outdir / "profile.json").read_text())["case"]
    assert (case["purity"], case["purity_source"]) == (0.31, "given")
    assert found["used"] in (outdir / "report.html").read_text()


def test_a_pathologists_estimate_is_a_prior_and_no_value(small_case: Path, tmp_path: Path) -> None:
    outdir = tmp_path / "prior"
    options = ("--pathology-purity", 0.3, "--pathology-sd", 0.1)
    assert profile(small_case / "case.toml", *options, outdir=outdir) == 0
    found = purity_of(outdir)
    assert found["source"] == "fitted"
    assert found["fitted"]["pathology_purity"] == 0.3
    document = json.loads((outdir / "purity.json").read_text())
    assert document["params"]["pathology_sd"] == 0.1
    assert "a prior of the fit, never its value" in (outdir / "report.html").read_text()


def test_a_normal_as_tumour_has_no_purity_and_no_absolute_copies(tmp_path: Path) -> None:
    ratios = flat_ratios(tmp_path / "N.cnr")
    outdir = tmp_path / "out"
    options = ("--sample", "N", "--copy-ratios", ratios, "--build", "GRCh38")
    assert profile(*options, outdir=outdir) == 0
    part = parts(outdir)["purity"]
    assert part["status"] == "not_evaluable"
    assert part["result"]["fitted"]["state"] == "no_tumor_signal"
    assert part["result"]["source"] == "none"
    called = parts(outdir)["copy_number"]["result"]
    rows = [item["segment"] for item in called["segments"]]
    assert rows
    assert all(row["copy_number"] is None for row in rows)
    page = (outdir / "report.html").read_text()
    assert "No purity is known" in page
    assert "no tumour signal" in page


def test_without_segments_only_the_given_purity_is_there(small_case: Path, tmp_path: Path) -> None:
    options = ("--somatic", small_case / "somatic.vcf.gz", "--purity", 0.5)
    assert profile(*options, outdir=tmp_path / "out") == 0
    found = purity_of(tmp_path / "out")
    assert found["fitted"] is None
    assert found["used"] == "0.5 as given is used; none was fitted"


def test_a_panel_without_autosomes_has_no_purity_and_fails_nothing(tmp_path: Path) -> None:
    path = tmp_path / "X.cns"
    path.write_text(
        "chromosome\tstart\tend\tgene\tlog2\tprobes\n"
        "chrX\t1000000\t50000000\t-\t0.02\t400\nchrX\t70000000\t150000000\t-\t-0.6\t500\n"
    )
    options = ("--sample", "X", "--segments", path, "--build", "GRCh38")
    assert profile(*options, outdir=tmp_path / "out") == 0
    part = parts(tmp_path / "out")["purity"]
    assert part["status"] == "not_evaluable"
    assert part["reason"] == "X.cns: no segment of an autosome has a log2 ratio"


def test_the_rule_of_what_is_used() -> None:
    document: dict[str, Any] = {
        "value": None, "unit": "", "low": None, "high": None, "level": None, "evidence": {},
        "status": "not_evaluable", "reason": "noise", "call": None, "cutoffs": [],
        "ploidy": {"value": None}, "solutions": [], "state": "no_tumor_signal",
        "reason_of_state": "noise",
    }  # fmt: skip
    none = purity_document(None, None, document)
    assert (none["source"], none["value"]) == ("none", None)
    assert "none is used" in none["used"]
    given = purity_document(0.4, None, document)
    assert (given["source"], given["value"]) == ("given", 0.4)
    assert given["ploidy"]["value"] is None
    assert "the fit has no answer: noise" in given["used"]


def test_a_given_purity_takes_the_ploidy_that_the_fit_finds_there() -> None:
    """A tumour of ploidy 3 that is read as one of 2 has all its copies wrong."""
    grid = [
        {"purity": 0.78, "ploidy": 3.9, "weight": 0.7, "doubled": 1.0},
        {"purity": 0.58, "ploidy": 2.8, "weight": 0.2, "doubled": 0.0},
        {"purity": 0.60, "ploidy": 2.9, "weight": 0.1, "doubled": 0.0},
    ]
    document: dict[str, Any] = {
        "value": 0.78, "low": 0.5, "high": 0.9, "state": "solved", "grid": grid,
        "solutions": [{"weight": 0.7}], "ploidy": {"value": 3.9},
    }  # fmt: skip
    found = purity_document(0.6, None, document)
    assert found["ploidy"]["value"] == pytest.approx(2.833, abs=0.01)
    assert ploidy_source(found) == "fitted"
    assert found["source"] == "given"
    told = purity_document(0.6, 2.0, document)
    assert (told["ploidy"]["value"], ploidy_source(told)) == (2.0, "given")
    far = purity_document(0.2, None, document)
    assert (far["ploidy"]["value"], ploidy_source(far)) == (None, None)
    assert far["ploidy"]["reason"] == "no ploidy was given; 2 is assumed"
    held = document | {"grid": [{"purity": 0.2, "ploidy": 4.4, "weight": 1.0, "doubled": 1.0}]}
    held_to = purity_document(0.2, None, document, held=held)
    assert held_to["ploidy"]["value"] == 4.4
    assert held_to["fitted"]["value"] == 0.78
    blind = purity_document(0.6, None, document | {"state": "no_tumor_signal"} | {
        "reason_of_state": "noise"})  # fmt: skip
    assert blind["ploidy"]["value"] is None


def test_a_purity_far_from_the_fitted_one_has_a_ploidy_too(
    small_case: Path, fitted: Path, tmp_path: Path
) -> None:
    """Two copies assumed where the reads say otherwise make single losses homozygous deletions."""
    own = purity_of(fitted)["value"]
    far = own - 0.2 if own > 0.5 else own + 0.2
    outdir = tmp_path / "out"
    assert profile(small_case / "case.toml", "--purity", far, outdir=outdir) == 0
    found = purity_of(outdir)
    assert found["ploidy"]["status"] == "ok"
    assert found["fitted"]["value"] == own


def test_copies_follow_the_fitted_ploidy_beside_a_given_purity(
    small_case: Path, fitted: Path, tmp_path: Path
) -> None:
    outdir, own = tmp_path / "out", purity_of(fitted)
    assert profile(small_case / "case.toml", "--purity", own["value"], outdir=outdir) == 0
    called = parts(outdir)["copy_number"]["result"]
    assert called["ploidy"] == pytest.approx(own["ploidy"]["value"], abs=0.2)
    case = json.loads((outdir / "profile.json").read_text())["case"]
    assert (case["purity_source"], case["ploidy_source"]) == ("given", "fitted")
