"""A panel's burden against an exome's."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import jsonschema
import numpy as np
import pytest

from tests.tmb.builders import make_variant, record, write_vcf
from tumorkit.cli import run as tumorkit
from tumorkit.contract import to_document
from tumorkit.contract.schema import result_schema
from tumorkit.errors import InputError, ParameterError
from tumorkit.tmb import TmbParams, estimate_tmb
from tumorkit.tmb.calibrate import (
    CalibrateParams,
    PairedBurden,
    TmbCalibration,
    calibrate_tmb,
)
from tumorkit.tmb.calibrate.run import read_calibration, run_calibrate
from tumorkit.tmb.run import run_tmb

LINE = TmbCalibration(
    scheme="", samples=50, slope=1.0, intercept=0.0, slope_sd=0.0, intercept_sd=0.0,
    covariance=0.0, scatter=0.0, lowest=0.0, highest=50.0, rmse_before=1.0, rmse_after=1.0,
)  # fmt: skip


def make_pairs(
    seed: int, count: int = 60, *, slope: float = 0.8, intercept: float = 0.3, scatter: float = 0.15
) -> list[PairedBurden]:
    rng = np.random.default_rng(seed)
    burden = np.exp(rng.normal(1.6, 1.0, count))
    exome = intercept + slope * burden
    if scatter:
        exome = exome * rng.gamma(1 / scatter**2, scatter**2, count)
    return [
        PairedBurden(
            sample=f"S{at}",
            panel_count=int(rng.poisson(burden[at] * 1.2)),
            panel_megabases=1.2,
            exome_count=int(rng.poisson(exome[at] * 33)),
            exome_megabases=33.0,
        )
        for at in range(count)
    ]


@pytest.fixture
def table(tmp_path: Path) -> Path:
    rows = ["sample\tpanel_count\tpanel_megabases\texome_count\texome_megabases"]
    for one in make_pairs(1, 30):
        rows.append("\t".join(str(value) for value in dataclasses.astuple(one)))
    path = tmp_path / "pairs.tsv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_noise_in_the_panel_does_not_flatten_the_slope() -> None:
    slopes, flat = [], []
    for seed in range(2):
        pairs = make_pairs(seed, 120)
        slopes.append(calibrate_tmb(pairs).slope)
        x = [one.panel_count / one.panel_megabases for one in pairs]
        y = [one.exome_count / one.exome_megabases for one in pairs]
        flat.append(np.polyfit(x, y, 1)[0])
    assert np.mean(slopes) == pytest.approx(0.8, abs=0.08)
    assert np.mean(flat) < np.mean(slopes)


def test_calibrated_burdens_are_nearer_to_the_exome() -> None:
    found = calibrate_tmb(make_pairs(3, slope=0.5))
    assert found.rmse_after < found.rmse_before
    assert found.scatter < 0.5


def test_the_published_kind_of_line_stands_beside_and_changes_nothing() -> None:
    pairs = make_pairs(4, 40)
    found = calibrate_tmb(pairs)
    x = [one.panel_count / one.panel_megabases for one in pairs]
    y = [one.exome_count / one.exome_megabases for one in pairs]
    line = np.polyfit(x, y, 1)
    assert (found.plain_slope, found.plain_intercept) == pytest.approx(tuple(line))
    assert found.r_squared == pytest.approx(np.corrcoef(x, y)[0, 1] ** 2)
    assert dataclasses.replace(found, plain_slope=9.0).exome(10.0) == found.exome(10.0)


@pytest.mark.calibration
def test_the_error_of_the_line_is_its_spread(full_calibration: bool) -> None:
    runs = 60 if full_calibration else 2
    inside = []
    for seed in range(100, 100 + runs):
        found = calibrate_tmb(make_pairs(seed, 80))
        inside.append(abs(found.slope - 0.8) <= 1.96 * found.slope_sd)
        inside.append(abs(found.intercept - 0.3) <= 1.96 * found.intercept_sd)
    print(f"line inside its 95 % interval: {np.mean(inside):.3f} of {len(inside)}")
    assert np.mean(inside) >= (0.88 if full_calibration else 0.6)


def test_a_perfect_line_changes_nothing_and_an_unsure_one_widens() -> None:
    hits = [make_variant(100 + at) for at in range(12)]

    def score(line: TmbCalibration | None) -> tuple[float, float, float]:
        params = TmbParams(cutoff=10.0)
        found = estimate_tmb(hits, None, params, annotated=True, megabases=1.2, calibration=line)
        tmb = found.tmb
        return float(tmb.value or 0), float(tmb.low or 0), float(tmb.high or 0)

    plain, same = score(None), score(LINE)
    assert same == pytest.approx(plain, rel=5e-3)
    for unsure in (
        dataclasses.replace(LINE, scatter=0.3),
        dataclasses.replace(LINE, slope_sd=0.3),
        dataclasses.replace(LINE, intercept_sd=3.0),
    ):
        _, low, high = score(unsure)
        assert low < plain[1]
        assert high > plain[2]
    half = score(dataclasses.replace(LINE, slope=0.5, intercept=1.0))
    assert half[0] == pytest.approx(0.5 * plain[0] + 1.0)


def test_twelve_variants_stay_zero_safe() -> None:
    found = estimate_tmb(
        [], None, TmbParams(), annotated=True, megabases=1.2,
        calibration=dataclasses.replace(LINE, intercept=-2.0, scatter=0.2),
    )  # fmt: skip
    assert found.tmb.value == 0
    assert found.tmb.low == 0
    assert found.tmb.high is not None
    assert 0 < found.tmb.high < 3.689


def test_burdens_outside_the_table_are_said() -> None:
    hits = [make_variant(100 + at) for at in range(80)]
    found = estimate_tmb(hits, None, TmbParams(), annotated=True, megabases=1.0, calibration=LINE)
    assert any("outside the burdens of the calibration" in note for note in found.notes)


def test_a_calibration_belongs_to_its_scheme() -> None:
    line = dataclasses.replace(LINE, scheme="tso500")
    with pytest.raises(ParameterError, match="of scheme tso500"):
        estimate_tmb([], None, TmbParams(), annotated=True, calibration=line)


def test_command_makes_what_score_takes(table: Path, tmp_path: Path) -> None:
    saved, scored = tmp_path / "line.json", tmp_path / "tmb.json"
    vcf = write_vcf(tmp_path / "t.vcf", [record(1000 * at) for at in range(1, 13)])
    assert tumorkit(["tmb", "calibrate", str(table), "--json", str(saved), "-q"]) == 0
    line = read_calibration(saved)
    assert line.slope == pytest.approx(run_calibrate(table).slope, rel=1e-5)
    jsonschema.validate(to_document(run_calibrate(table)), result_schema(TmbCalibration))
    assert tumorkit(
        ["tmb", "score", str(vcf), "--preset", "pcgr-coding", "--megabases", "1.2",
         "--calibration", str(saved), "--json", str(scored), "-q"]
    ) == 0  # fmt: skip
    found = run_tmb(vcf, preset="pcgr-coding", megabases=1.2, calibration=saved)
    assert found.tmb.value == pytest.approx(line.exome(10.0))
    assert found.tmb.evidence["uncalibrated"] == 10.0
    assert [one.role for one in found.inputs] == ["somatic", "calibration"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "has no rows"),
        ("sample\tpanel_count\n", "no column panel_megabases"),
        ("{head}\nA\tx\t1.2\t30\t33\n", "expected a whole number"),
        ("{head}\nA\t2.5\t1.2\t30\t33\n", "expected a whole number"),
        ("{head}\nA\t2\t0\t30\t33\n", "megabases above 0"),
        ("{head}\nA\t2\t1.2\t30\t33\nA\t2\t1.2\t30\t33\n", "stands in line 2 already"),
    ],
)
def test_tables_that_cannot_be_read(tmp_path: Path, text: str, message: str) -> None:
    head = "sample\tpanel_count\tpanel_megabases\texome_count\texome_megabases"
    path = tmp_path / "pairs.tsv"
    path.write_text(text.format(head=head), encoding="utf-8")
    with pytest.raises(InputError, match=message):
        run_calibrate(path)


def test_too_few_samples_are_refused() -> None:
    with pytest.raises(ParameterError, match="too few"):
        calibrate_tmb(make_pairs(1, 9))
    assert calibrate_tmb(make_pairs(1, 9), CalibrateParams(min_samples=5)).samples == 9


def test_what_is_no_calibration_is_said(tmp_path: Path) -> None:
    path = tmp_path / "line.json"
    path.write_text('{"schema": "tumorkit/tmb"}', encoding="utf-8")
    with pytest.raises(InputError, match="not a calibration"):
        read_calibration(path)
