"""What is shown of a score: its clearest sites with their lengths, and how far all sites moved."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from tests.msi.simulated import Panel, draw_panel
from tumorkit.msi.score import MsiResult, score_lengths
from tumorkit.msi.score.shown import CLEAREST, counts_of, mean_units


@pytest.fixture(scope="module")
def paired() -> MsiResult:
    drawn = draw_panel(Panel(sites=150, normal_depth=400, purity=0.6), 3)
    return score_lengths(drawn.tumor, drawn.normal)


def test_the_clearest_sites_are_those_most_likely_to_be_unstable(paired: MsiResult) -> None:
    best = sorted((s.probability for s in paired.sites if s.probability is not None), reverse=True)
    assert [s.probability for s in paired.clearest] == best[:CLEAREST]
    assert all(site.call == "unstable" for site in paired.clearest)


def test_shown_lengths_are_all_fragments_of_the_site(paired: MsiResult) -> None:
    for site in paired.clearest:
        assert sum(row.tumor for row in site.lengths) == site.depth
        assert sum(row.normal or 0 for row in site.lengths) == site.normal_depth
        assert sum(row.stutter for row in site.lengths) == pytest.approx(1, abs=0.05)


def test_every_judged_site_is_in_one_step(paired: MsiResult) -> None:
    steps = paired.moved
    for call in ("stable", "undetermined", "unstable"):
        assert sum(getattr(row, call) for row in steps) == sum(
            site.call == call for site in paired.sites
        )
    assert steps[0].low is None
    assert steps[-1].high is None
    assert all(one.high == two.low for one, two in itertools.pairwise(steps))
    assert any(row.low == -0.05 and row.high == 0.05 for row in steps)


def test_a_step_holds_the_sites_that_moved_by_as_much(paired: MsiResult) -> None:
    moved = [
        mean_units(site.lengths) - mean_units(site.normal_lengths)
        for site in paired.sites
        if site.call is not None
    ]
    for row in paired.moved:
        low = -np.inf if row.low is None else row.low
        high = np.inf if row.high is None else row.high
        assert row.stable + row.undetermined + row.unstable == sum(
            low <= round(value, 9) < high for value in moved
        )


def test_a_tumour_alone_has_no_normal_lengths() -> None:
    result = score_lengths(draw_panel(Panel(sites=80), 4).tumor)
    assert all(row.normal is None for site in result.clearest for row in site.lengths)
    assert sum(row.stable + row.undetermined + row.unstable for row in result.moved) > 0
    assert result.normal_median_depth is None


def test_a_purity_shows_twice_the_share_of_one_allele(paired: MsiResult) -> None:
    assert paired.detectable_purity == pytest.approx(2 * (paired.detectable_fraction or 0))


def test_a_sample_without_a_score_shows_no_sites() -> None:
    result = score_lengths(draw_panel(Panel(sites=5), 1).tumor)
    assert result.clearest == ()
    assert result.moved == ()
    assert result.detectable_purity is None


def test_lengths_without_fragments_have_no_mean() -> None:
    assert counts_of("") == {}
    assert np.isnan(mean_units(""))
