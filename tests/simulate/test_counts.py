from __future__ import annotations

import math

import numpy as np
import pytest

from tumorkit.simulate import SimulateParams, simulate_counts
from tumorkit.simulate.copy_number import expected_baf, expected_log2

PARAMS = SimulateParams(depth=200, normal_depth=100, purity=0.7, ploidy=3.1)


def test_bins_scatter_around_their_segments_truth() -> None:
    case = simulate_counts(PARAMS, np.random.default_rng(5))
    truth = [expected_log2(s, purity=0.7, ploidy=case.ploidy) for s in case.segments]
    residual = case.ratios.log2_ratio - np.array(truth)[case.bin_segment]
    assert abs(np.nanmedian(residual)) < 0.02
    assert 0.12 < np.nanstd(residual) < 0.3


def test_snp_counts_fold_to_the_expected_baf() -> None:
    seen, wanted = [], []
    for seed in range(20):
        case = simulate_counts(PARAMS, np.random.default_rng(seed))
        snps = case.snps
        score = (snps.alt_depth - snps.depth * snps.expected) / np.sqrt(
            np.maximum(snps.depth * snps.expected * (1 - snps.expected), 1)
        )
        seen.append(float(np.mean(score)))
        wanted.append(float(np.std(score)))
        states = {(s.major_cn, s.minor_cn): expected_baf(s, purity=0.7) for s in case.segments}
        folded = np.maximum(snps.expected, 1 - snps.expected)
        for major, minor, baf in zip(
            snps.major_cn.tolist(), snps.minor_cn.tolist(), folded.tolist(), strict=True
        ):
            assert states[major, minor] == pytest.approx(baf)
    assert abs(np.mean(seen)) < 4 / math.sqrt(20 * 300)
    # Beta-binomial: rho .002 at depth 200 adds four tenths to the variance.
    assert np.mean(wanted) == pytest.approx(math.sqrt(1.4), rel=0.1)


def test_mutations_follow_multiplicity_and_cell_fraction() -> None:
    case = simulate_counts(SimulateParams(snvs=2000, indels=0, depth=300), np.random.default_rng(2))
    table = case.somatic
    copies = table.major_cn + table.minor_cn
    expected = 0.6 * table.multiplicity * table.ccf / (0.6 * copies + 0.8)
    assert table.expected == pytest.approx(expected)
    assert (table.alt_depth <= table.depth).all()
    assert table.alt_depth.sum() / (table.depth * expected).sum() == pytest.approx(1, rel=0.02)
    assert np.mean(table.ccf < 1) == pytest.approx(0.25, abs=0.04)


def test_the_same_generator_gives_the_same_case() -> None:
    one = simulate_counts(PARAMS, np.random.default_rng(9))
    other = simulate_counts(PARAMS, np.random.default_rng(9))
    assert one.segments == other.segments
    np.testing.assert_array_equal(one.ratios.log2_ratio, other.ratios.log2_ratio)
    np.testing.assert_array_equal(one.somatic.alt_depth, other.somatic.alt_depth)


def test_a_mans_x_has_no_heterozygous_sites() -> None:
    case = simulate_counts(SimulateParams(sex="male"), np.random.default_rng(1))
    assert "chrX" not in set(case.snps.contig.tolist())
    assert "chrX" in set(case.ratios.contig.tolist())


def test_a_pure_tumour_has_no_reads_where_both_copies_are_lost() -> None:
    case = simulate_counts(SimulateParams(purity=1.0), np.random.default_rng(1))
    gone = [i for i, s in enumerate(case.segments) if s.copy_number == 0]
    inside = np.isin(case.bin_segment, gone)
    assert inside.any()
    assert (case.ratios.depth[inside] == 0).all()
    assert np.isnan(case.ratios.log2_ratio[inside]).all()
