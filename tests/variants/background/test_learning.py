"""What the panel teaches does not depend on the order in which it is read."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from tumorkit.core.error_rates import RatePrior
from tumorkit.variants.background.analysis import runs, shrunk_rates
from tumorkit.variants.background.learning import IndelTally, Sample, learn, ranks, shorter


def offered(size: int, seed: int) -> tuple[NDArray[np.int64], ...]:
    rng = np.random.default_rng(seed)
    kind = rng.integers(0, 3, size)
    rank = ranks(1, np.arange(size), kind)
    k = rng.binomial(1000, 2e-4 * (1 + 9 * kind[:, None]), (size, 6))
    return kind, rank, k, np.full((size, 6), 1000)


@pytest.mark.parametrize("pieces", [1, 7, 40])
def test_the_sample_is_the_same_however_it_was_offered(pieces: int) -> None:
    columns = offered(6_000, 3)
    whole, parts = Sample(50), Sample(50)
    whole.add(*columns)
    for part in np.array_split(np.random.default_rng(1).permutation(6_000), pieces):
        parts.add(*(column[part] for column in columns))
    for one, two in zip(whole.rows(), parts.rows(), strict=True):
        assert one[0] == two[0]
        order, other = (np.lexsort(item[1].T) for item in (one, two))
        np.testing.assert_array_equal(one[1][order], two[1][other])
        assert one[3].sum() == pytest.approx(two[3].sum())
    assert sum(item[3].sum() for item in whole.rows()) == pytest.approx(6_000)


def test_each_kind_learns_its_own_rate() -> None:
    kind, rank, k, n = offered(6_000, 4)
    sample = Sample(600)
    sample.add(kind, rank, k, n)
    priors = learn(sample, IndelTally(), n[:5])
    names = ["A[C>A]A", "A[C>A]C", "A[C>A]G"]
    rates = [float(np.exp(priors[name].log_mean)) for name in names]
    np.testing.assert_allclose(rates, [2e-4, 2e-3, 3.8e-3], rtol=0.15)
    assert priors["substitution"].alleles == pytest.approx(6_000)
    assert {"insertion", "deletion"} < set(priors)


def test_ranks_are_spread_and_repeatable() -> None:
    positions = np.arange(20_000)
    one = ranks(3, positions, positions % 4)
    assert len(np.unique(one)) == len(one)
    assert (one >= 0).all()
    assert abs(np.corrcoef(positions, one)[0, 1]) < 0.03
    assert shorter("insertion:2:x0:1") == ""


def test_shrunk_rates_lie_between_the_allele_and_its_kind_and_are_never_zero() -> None:
    prior = RatePrior(log_mean=-8.0, log_mean_sd=1.0, log_rho=-7.0, log_rho_sd=0.7)
    mean = float(np.exp(-7.5))
    k = np.array([[0, 0], [0, 0], [30, 30], [0, 0]])
    n = np.array([[0, 0], [100, 100], [1000, 1000], [9000, 9000]])
    rate = shrunk_rates(k, n, [prior] * 4)
    assert rate[0] == pytest.approx(mean)
    assert mean > rate[1] > rate[3] > 0
    assert mean < rate[2] < 0.03


def test_runs_of_nothing_are_none() -> None:
    assert list(runs(np.empty(0, dtype=np.int64))) == []
