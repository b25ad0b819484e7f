"""A fitted purity in filters, burden and microsatellites: taken, said, and after a given one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.builders_purity import write_fit
from tumorkit.cli import run
from tumorkit.msi.score import MsiParams
from tumorkit.msi.score.run import with_purity
from tumorkit.variants.evidence.run import CaseFiles, open_case

HEADER = """##fileformat=VCFv4.2
##INFO=<ID=gnomAD_AF,Number=A,Type=Float,Description="Population allele frequency">
##FORMAT=<ID=AD,Number=R,Type=Integer,Description="Reads">
##contig=<ID=chr1,length=248956422>
##contig=<ID=chr5,length=181538259>
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tT
"""
PRESET = ("--preset", "tumor-only-strict")


@pytest.fixture
def calls(tmp_path: Path) -> Path:
    """Reads at a third in an unchanged chromosome and where one allele was lost."""
    rng = np.random.default_rng(2)
    rows = []
    for contig, share in (("chr1", 0.3), ("chr5", 0.2)):
        for at in range(20):
            alt = int(rng.binomial(300, share))
            spot = f"{contig}\t{1_000_000 * (at + 1)}\t.\tA\tT\t50\tPASS\tgnomAD_AF=0"
            rows.append(f"{spot}\tAD\t{300 - alt},{alt}\n")
    path = tmp_path / "calls.vcf"
    path.write_text(HEADER + "".join(rows))
    return path


def filtered(tmp_path: Path, calls: Path, *options: object) -> dict[str, Any]:
    out = tmp_path / "out.json"
    words = ["variants", "filter", calls, *PRESET, *options, "--json", out, "-q"]
    assert run([str(word) for word in words]) == 0
    found: dict[str, Any] = json.loads(out.read_text())
    return found


def test_a_filter_says_that_it_took_the_fit(tmp_path: Path, calls: Path) -> None:
    fit = write_fit(tmp_path / "fit.json")
    found = filtered(tmp_path, calls, "--purity-fit", fit)
    assert any("as fitted is used" in note for note in found["notes"])
    assert "purity_fit" in {item["role"] for item in found["inputs"]}
    given = filtered(tmp_path, calls, "--purity-fit", fit, "--purity", 0.9)
    assert any(note.startswith("purity 0.9 as given is used") for note in given["notes"])
    none = filtered(tmp_path, calls, "--purity-fit", write_fit(tmp_path / "n.json", flat=True))
    assert any(note.startswith("no purity is used") for note in none["notes"])


def test_segments_beside_a_fit_are_refused(
    tmp_path: Path, calls: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fit = write_fit(tmp_path / "fit.json")
    segments = tmp_path / "T.cns"
    segments.write_text("chromosome\tstart\tend\tgene\tlog2\tcopy_number\nchr1\t0\t9\t-\t0\t2\n")
    words = ["variants", "filter", calls, *PRESET, "--purity-fit", fit, "-q"]
    assert run([*map(str, words), "--segments", str(segments)]) == 2
    assert "leave --segments out" in capsys.readouterr().err


def test_a_case_has_the_fits_solutions_unless_a_purity_is_given(tmp_path: Path) -> None:
    fit = write_fit(tmp_path / "fit.json")
    with open_case(CaseFiles(purity_fit=fit), None) as case:
        assert len(case.solutions) >= 1
        (weight, first), *_ = case.scenarios()
        assert weight > 0.5
        around = first.surroundings(["chr5", "chr3"], [5_000_000, 5_000_000])
        assert around.copy_number.tolist() == [2.0, 1.0]
        assert around.minor_cn.tolist() == [0.0, 0.0]
    with open_case(CaseFiles(purity_fit=fit, purity=0.3), None) as case:
        assert case.solutions == ()
        assert case.purity == (0.3,)
    assert CaseFiles(purity_fit=fit).used_purity == pytest.approx(0.6, abs=0.03)
    assert CaseFiles(purity_fit=fit, purity=0.3).used_purity == 0.3


def test_microsatellites_take_the_fit_unless_a_purity_is_given(tmp_path: Path) -> None:
    fit = write_fit(tmp_path / "fit.json")
    params, said = with_purity(MsiParams(), fit)
    assert params.purity == pytest.approx(0.6, abs=0.03)
    assert "as fitted is used" in said[0]
    params, said = with_purity(MsiParams(purity=0.25), fit)
    assert params.purity == 0.25
    assert "0.25 as given is used" in said[0]
    assert with_purity(MsiParams(), None) == (MsiParams(), ())


def test_a_burden_knows_the_fitted_purity(tmp_path: Path, calls: Path) -> None:
    fit, out = write_fit(tmp_path / "fit.json"), tmp_path / "tmb.json"
    words = [
        "tmb",
        "score",
        calls,
        "--preset",
        "purple-panel",
        "--megabases",
        1,
        "--purity-fit",
        fit,
    ]
    assert run([*map(str, words), "--json", str(out), "-q"]) == 0
    found = json.loads(out.read_text())
    assert any("as fitted is used" in note for note in found["notes"])
