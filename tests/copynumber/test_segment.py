"""Segmentation finds events, keeps to arms, and is not fooled by outliers, waves and gaps."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.copynumber.models import breakpoints, easy, f1, hard, make_ratios, null
from tumorkit.contract.result import to_document
from tumorkit.copynumber.segment import SegmentParams, SegmentResult, segment
from tumorkit.copynumber.segment.run import run_segment
from tumorkit.errors import InputError, TumorkitError
from tumorkit.genome.build import GRCH37


def flat(size: int, *, seed: int = 1, sd: float = 0.15) -> NDArray[np.float64]:
    return np.random.default_rng(seed).normal(0, sd, size)


def spans(result: SegmentResult) -> list[tuple[str, int, int]]:
    return [(s.contig, s.start, s.end) for s in result.segments]


def test_breakpoints_of_an_aneuploid_genome_are_found() -> None:
    profile = easy(1, 20_000)
    found = breakpoints(segment(profile.ratios).segments, profile.ratios)
    assert f1(found, profile.points, 5) >= 0.95


def test_every_bin_is_in_one_segment_or_dropped_with_a_reason() -> None:
    values = flat(3000)
    values[[5, 77]] = np.nan
    ratios = make_ratios(values, np.repeat(["chr1", "chr2", "chrM"], [1500, 1400, 100]))
    ratios.weight[9] = 0
    result = segment(ratios)
    assert {d.reason: d.count for d in result.dropped} == {
        "log2 ratio unknown": 2,
        "weight is 0": 1,
        "mitochondrial": 100,
    }
    assert sum(s.bins for s in result.segments) == result.bins_used
    assert result.bins == result.bins_used + sum(d.count for d in result.dropped)


def test_a_four_bin_homozygous_deletion_without_reads_is_a_focal_segment() -> None:
    values = flat(11_000, sd=0.2)
    values[5100:5104] = -20
    ratios = make_ratios(values, np.repeat([f"chr{n}" for n in range(1, 23)], 500))
    [event] = [s for s in segment(ratios).segments if s.focal]
    assert (event.contig, event.start, event.bins) == ("chr11", 100_000, 4)
    assert event.log2_ratio < -2


def test_a_four_bin_deletion_at_half_purity_is_found_inside_an_arm() -> None:
    hits = 0
    for seed in range(10):
        values = flat(11_000, seed=seed, sd=0.2)
        values[5100:5104] -= 1.0
        ratios = make_ratios(values, np.repeat([f"chr{n}" for n in range(1, 23)], 500))
        found = [s for s in segment(ratios).segments if s.focal]
        hits += any(s.start <= 102_000 < s.end and s.contig == "chr11" for s in found)
    assert hits >= 9


def test_wild_bins_make_no_segment() -> None:
    values = flat(4000)
    values[np.random.default_rng(3).choice(4000, 40, replace=False)] += 2
    ratios = make_ratios(values, np.repeat(["chr1", "chr2"], 2000))
    assert len(segment(ratios).segments) == 2


def test_a_genome_without_events_stays_whole_despite_waves_and_tails() -> None:
    false = [len(segment(null(seed).ratios).segments) - 22 for seed in range(5)]
    assert sum(false) <= 4


def test_a_segment_ends_at_the_centromere_when_the_build_is_known() -> None:
    ratios = make_ratios(flat(249), np.full(249, "1"), bin_size=1_000_000)
    whole, parted = segment(ratios), segment(ratios, build=GRCH37)
    assert whole.build == "" or whole.arms
    assert spans(parted) == [("1", 0, 125_000_000), ("1", 125_000_000, 249_000_000)]


def test_the_build_follows_from_bins_that_only_one_can_hold() -> None:
    ratios = make_ratios(flat(2492), np.full(2492, "chr1"), bin_size=100_000)
    assert segment(ratios).build == "GRCh37"
    assert segment(make_ratios(flat(300), np.full(300, "demo"))).build == ""


def test_more_sensitivity_never_gives_fewer_segments_on_the_path() -> None:
    path = segment(hard(3).ratios).path
    counts = [point.segments for point in path]
    assert counts == sorted(counts)
    assert [point.sensitivity for point in path] == sorted(p.sensitivity for p in path)


def test_a_chromosome_gets_the_same_segments_alone_given_the_noise() -> None:
    ratios = easy(4, 20_000).ratios
    params = SegmentParams(focal_false_events=0)
    whole = segment(ratios, params)
    rows = ratios.contig == "chr5"
    alone = segment(ratios.taken(rows), params, noise=whole.noise)
    assert spans(alone) == [span for span in spans(whole) if span[0] == "chr5"]


def test_names_and_order_of_contigs_do_not_matter() -> None:
    ratios = easy(5, 10_000).ratios
    bare = replace(ratios, contig=np.char.replace(ratios.contig, "chr", ""))
    strip = [(c.removeprefix("chr"), s, e) for c, s, e in spans(segment(ratios))]
    assert spans(segment(bare)) == strip


def test_input_is_not_changed_and_two_runs_agree() -> None:
    ratios = hard(6, 5000).ratios
    ratios.log2_ratio[7] = -20
    before = ratios.log2_ratio.copy()
    assert to_document(segment(ratios)) == to_document(segment(ratios))
    assert (ratios.log2_ratio == before).all()


def test_intervals_bound_level_and_breakpoints() -> None:
    profile = easy(7, 20_000)
    inside = total = 0
    for item in segment(profile.ratios).segments:
        assert item.log2_low is not None
        assert item.log2_high is not None
        assert item.start_low is not None
        assert item.start_high is not None
        assert item.start_low <= item.start <= item.start_high
        rows = (profile.ratios.contig == item.contig) & (profile.ratios.start >= item.start)
        rows &= profile.ratios.end <= item.end
        truth = float(np.median(profile.truth[rows]))
        inside += item.log2_low <= truth <= item.log2_high
        total += 1
    assert inside / total > 0.85


def test_noise_of_off_target_bins_is_told_apart() -> None:
    rng = np.random.default_rng(8)
    target = np.arange(4000) % 2 == 0
    values = np.where(target, rng.normal(0, 0.1, 4000), rng.normal(0, 0.4, 4000))
    ratios = replace(make_ratios(values, np.full(4000, "chr1")), target=target)
    noise = segment(ratios).noise
    assert noise.sd_target == pytest.approx(0.1, rel=0.1)
    assert noise.sd_off_target == pytest.approx(0.4, rel=0.1)


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_a_handful_of_bins_is_one_segment(size: int) -> None:
    result = segment(make_ratios(flat(size), np.full(size, "chr1")))
    assert len(result.segments) == 1


def test_nothing_but_unknown_is_refused_in_words(tmp_path: Path) -> None:
    ratios = make_ratios(np.full(10, np.nan), np.full(10, "chr1"))
    with pytest.raises(TumorkitError, match="none of 10 bins has a log2 ratio"):
        segment(ratios)
    path = tmp_path / "t.cnr"
    path.write_text("chromosome\tstart\tend\tlog2\nchr1\t0\t9\tNaN\n")
    with pytest.raises(InputError, match=r"t\.cnr: none of 1 bins"):
        run_segment(path)


@pytest.mark.shared
def test_cdkn2a_deletion_of_hd832_is_a_segment(shared: Path) -> None:
    result = run_segment(shared / "gms560/HD832.clean.denoisedCR.tsv")
    assert (result.build, result.sample) == ("GRCh37", "HD832")
    near = [s for s in result.segments if s.contig == "chr9" and s.end > 21_900_000]
    [event] = [s for s in near if s.start < 22_009_222 and s.log2_ratio < -0.5]
    assert 5 <= event.bins <= 8
    assert event.end == 22_009_222


@pytest.mark.shared
def test_noisy_neighbours_do_not_hide_gains_of_megabases(shared: Path) -> None:
    result = run_segment(shared / "copynumber" / "cnvkit" / "wgs-chr17.cnr")
    levels = {
        megabase: next(s.log2_ratio for s in result.segments if s.start <= megabase * 1e6 < s.end)
        for megabase in (4, 15, 28, 33, 46, 65)
    }
    assert all(levels[gained] - levels[4] > 0.9 for gained in (28, 33, 46))
    assert all(abs(levels[at] - levels[4]) < 0.3 for at in (15, 65))
