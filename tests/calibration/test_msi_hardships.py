"""MSI on reads and panels that are not drawn by the model's rules, and what normals add."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.calibration.test_msi import YARDSTICK, runs
from tests.msi.rough import Rough, draw_rough
from tests.msi.simulated import Drawn, draw_panel
from tests.msi.simulated_reads import write_case
from tumorkit.msi.baseline import pool_lengths
from tumorkit.msi.baseline.analysis import known_of
from tumorkit.msi.calibrate import calibrate
from tumorkit.msi.score import MsiResult, score_lengths
from tumorkit.msi.score.analysis import SiteNormals
from tumorkit.msi.score.run import run_msi

SEED = 7301
# What one thing is changed, the most false sites, and the highest share of a stable tumour.
HARDSHIPS: dict[str, tuple[dict[str, float], float, float]] = {
    "as drawn": ({}, 0.02, 0.1),
    "half the stutter": ({"stutter": 0.5}, 0.02, 0.1),
    "twice the stutter": ({"stutter": 2.0}, 0.02, 0.1),
    "thrice the stutter": ({"stutter": 3.0}, 0.04, 0.1),
    "19 of 20 stutters are losses": ({"down": 0.95}, 0.02, 0.1),
    "as many gains as losses": ({"down": 0.5}, 0.02, 0.1),
    "stutter differs by .8 (log) between sites": ({"wobble": 0.8}, 0.02, 0.1),
    "depth differs by .8 (log) between sites": ({"depth_wobble": 0.8}, 0.02, 0.1),
    "read shares as of 200 molecules": ({"jackpot": 0.005}, 0.02, 0.1),
    "read shares as of 50 molecules": ({"jackpot": 0.02}, 0.04, 0.1),
    "15 % heterozygous": ({"heterozygous": 0.15}, 0.02, 0.1),
    "15 % of another length": ({"other": 0.15}, 0.02, 0.1),
    "three in ten sites of 20 to 40 units": ({"long": 0.3}, 0.02, 0.1),
    "shifts of 1 to 8 units by 1 to 4 clones": ({"longest": 8, "clones": 4}, 0.02, 0.1),
    "one allele": ({"one_allele": True}, 0.02, 0.1),
    "2 % of another person": ({"foreign": 0.02}, 0.04, 0.1),
    # Where tumour-only scores break: said in docs/methods/msi.md.
    "5 % of another person": ({"foreign": 0.05}, 1.0, 1.0),
    "30 % heterozygous": ({"heterozygous": 0.3}, 0.04, 1.0),
}
QUICK = ("twice the stutter", "read shares as of 200 molecules")


def counted(result: MsiResult, drawn: Drawn) -> tuple[float, float]:
    """Sensitivity and false-positive rate of the sites of one case."""
    called = np.array([site.call == "unstable" for site in result.sites])
    hit = float(called[drawn.unstable].mean()) if drawn.unstable.any() else float("nan")
    return hit, float(called[~drawn.unstable].mean())


@pytest.mark.calibration
def test_marked_artefacts_do_not_count_and_unmarked_ones_would(
    tmp_path: Path, full_calibration: bool
) -> None:
    """The yardstick: 800x, purity .2, a fifth of depth as duplicates and misplaced reads."""
    rows = []
    for seed in range(3 if full_calibration else 1):
        sites = 400 if full_calibration else 50
        for name, drawn in (
            ("model's rules", draw_panel(replace(YARDSTICK, sites=sites), SEED + seed)),
            ("other rules", draw_rough(Rough(sites=sites), SEED + seed)),
        ):
            for marked in (True, False):
                folder = tmp_path / f"{name}{seed}{marked}"
                folder.mkdir()
                made = write_case(folder, drawn, marked=marked, seed=seed)
                result = run_msi(made.bam, loci=made.loci)
                share = float(drawn.unstable.mean())
                rows.append((name, marked, *counted(result, drawn), result.msi.value, share))
                made.bam.unlink()
                if marked:
                    gone = result.lost_reads
                    assert gone["duplicate"] + gone["low_mapping_quality"] == made.artefacts
                    assert result.votes + sum(gone.values()) == made.reads
            if not full_calibration:
                break
    for name, marked, hit, false, value, share in rows:
        told = "marked" if marked else "unmarked"
        print(f"\n{name}, {told}: sensitivity {hit:.4f}, false {false:.4f}, {value:.3f} ({share})")
    kept = np.array([(hit, false) for _, marked, hit, false, _, _ in rows if marked])
    assert kept[:, 0].mean() >= 0.95
    assert kept[:, 1].mean() <= 0.02
    assert min(false for _, marked, _, false, _, _ in rows if not marked) > 0.9


@pytest.mark.calibration
@pytest.mark.parametrize("name", HARDSHIPS)
def test_the_score_holds_where_panels_are_not_the_model(name: str, full_calibration: bool) -> None:
    if not full_calibration and name not in QUICK:
        return
    change, most_false, highest = HARDSHIPS[name]
    case = replace(Rough(), **change)  # type: ignore[arg-type]
    sites, errors, covered, stable, called = [], [], [], [], 0
    for seed in range(runs(20, full_calibration) // (1 if full_calibration else 2)):
        drawn = draw_rough(case, SEED + seed)
        result = score_lengths(drawn.tumor)
        sites.append(counted(result, drawn))
        usable = np.array([site.status == "ok" for site in result.sites])
        truth = float(drawn.unstable[usable].mean())
        errors.append((result.msi.value or 0.0) - truth)
        covered.append((result.msi.low or 0.0) <= truth <= (result.msi.high or 1.0))
        calm = replace(case, unstable=0.0, sites=150, purity=0.5, depth=(100, 300, 800)[seed % 3])
        quiet = score_lengths(draw_rough(calm, SEED + 500 + seed).tumor)
        stable.append(quiet.msi.value or 0.0)
        called += quiet.msi.call == "MSI-H"
    hit, false = np.mean(sites, axis=0)
    print(
        f"\n{name}: sensitivity {hit:.3f}, false {false:.4f}, covered {np.mean(covered):.2f}, "
        f"bias {np.mean(errors):+.3f}; stable at most {max(stable):.3f}, {called} MSI-H"
    )
    assert false <= most_false
    assert max(stable) <= highest
    if highest < 1:
        assert hit >= 0.9
        assert called == 0


@pytest.mark.calibration
def test_normals_of_the_laboratory_sharpen_the_sites(full_calibration: bool) -> None:
    """A baseline of 1, 3 or 10 normals, and the matched normal, where stutter differs widely."""
    rows: dict[str, list[tuple[float, float]]] = {}
    for seed in range(runs(20, full_calibration) // (1 if full_calibration else 2)):
        case = Rough(wobble=0.8, sites=200, depth=300, purity=0.2, normal_depth=200)
        drawn = draw_rough(case, SEED + 900 + seed)
        assert drawn.normal is not None
        kinds: dict[str, SiteNormals | None] = {"none": None}
        for count in (1, 3, 10):
            # Other people's normals through the same sequencer: the same sites, new alleles.
            normals = [
                draw_rough(case, SEED + 900 + seed, person=k).normal for k in range(1, count + 1)
            ]
            pooled = pool_lengths([one for one in normals if one is not None])
            kinds[f"{count} normals"] = SiteNormals(
                known=known_of(drawn.tumor.loci, [site.steps for site in pooled.sites]),
                thresholds=np.array([site.threshold or np.nan for site in pooled.sites]),
            )
        for name, baseline in kinds.items():
            result = score_lengths(drawn.tumor, baseline=baseline)
            rows.setdefault(name, []).append(counted(result, drawn))
        rows.setdefault("matched", []).append(
            counted(score_lengths(drawn.tumor, drawn.normal), drawn)
        )
    found = {name: np.mean(values, axis=0) for name, values in rows.items()}
    for name, (hit, false) in found.items():
        print(f"\n{name}: sensitivity {hit:.4f}, false {false:.4f}")
        assert false <= (0.02 if full_calibration else 0.05)
    assert found["10 normals"][0] >= found["none"][0] - 0.01
    assert found["matched"][0] >= 0.9


@pytest.mark.calibration
def test_a_cutoff_from_labelled_cases_parts_new_ones(full_calibration: bool) -> None:
    """Cases of 2 % and of 20 to 50 % unstable sites set a cut-off; others are judged by it."""
    cases: list[tuple[str, float]] = []
    for seed in range(runs(120, full_calibration)):
        high = seed % 2 == 0
        rng = np.random.default_rng(SEED + seed)
        case = Rough(
            sites=120,
            depth=300,
            unstable=float(rng.uniform(0.2, 0.5)) if high else 0.02,
            purity=float(rng.uniform(0.2, 0.7)),
            stutter=float(np.exp(rng.normal(0, 0.4))),
        )
        value = score_lengths(draw_rough(case, SEED + 2000 + seed).tumor).msi.value
        assert value is not None
        cases.append(("MSI-H" if high else "MSS", value))
    half = len(cases) // 2 if full_calibration else len(cases)
    if min([status for status, _ in cases[:half]].count(s) for s in ("MSI-H", "MSS")) < 5:
        return
    found = calibrate(cases[:half])
    assert found.cutoff.value is not None
    right = np.mean([(s >= found.cutoff.value) == (t == "MSI-H") for t, s in cases[half:]])
    print(
        f"\ncut-off {found.cutoff.value:.3f}; sensitivity {found.sensitivity.value:.3f}, "
        f"specificity {found.specificity.value:.3f}; {right:.3f} of {len(cases) - half} new cases"
    )
    assert right >= 0.95
