"""Sets of components: the compiled search and its twin, and the evidence of a set."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import betaln

from tumorkit.core.kernels import load_kernel, mixture_python
from tumorkit.core.mixture import Effort, posterior_shares, search_sets

KERNEL = "tumorkit.core.kernels.mixture"


def case(seed: int, components: int = 8, channels: int = 30, total: int = 60):  # type: ignore[no-untyped-def]
    rng = np.random.default_rng(seed)
    table = rng.dirichlet(np.full(channels, 0.3), components) * 0.99 + 0.01 / channels
    mixed = rng.dirichlet(np.ones(3)) @ table[:3]
    counts = rng.multinomial(total, mixed / mixed.sum(), size=2).astype(float)
    odds = np.tile(rng.normal(-1.5, 1.0, components), (2, 1))
    bonds = np.zeros((components, components))
    bonds[0, 1] = bonds[1, 0] = 1.0
    return counts, table, odds, bonds


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([(), (0,), (0, 2)]), st.integers(1, 200))
def test_the_kernel_agrees_with_its_twin(seed: int, start: tuple[int, ...], total: int) -> None:
    counts, table, odds, bonds = case(seed, total=total)
    arguments = (
        counts, table, odds, bonds, np.array(start, dtype=np.int64), 1.0, 5, 40, 4, 3.0, 5, 3,
    )  # fmt: skip
    fast = load_kernel(KERNEL).search_mixtures(*arguments)
    slow = mixture_python.search_mixtures(*arguments)
    there = np.isfinite(slow[2])
    assert (np.isfinite(fast[2]) == there).all()
    np.testing.assert_allclose(fast[2][there], slow[2][there], rtol=1e-9, atol=1e-7)
    # Sets of equal scores may change places.
    best = slow[2][:, 0] - slow[2][:, 1] > 1e-6
    assert (fast[0][best, 0] == slow[0][best, 0]).all()
    np.testing.assert_allclose(fast[1][best, 0], slow[1][best, 0], atol=1e-6)


def test_the_evidence_of_two_components_is_that_of_the_integral() -> None:
    """Components that share no channel: the shares' integral is a Beta function."""
    table = np.array([[0.5, 0.5, 1e-12, 1e-12], [1e-12, 1e-12, 0.5, 0.5]])
    for counts in ([3.0, 4.0, 2.0, 1.0], [30.0, 20.0, 1.0, 0.0], [5.0, 5.0, 0.0, 0.0]):
        x = np.array([counts])
        members, _, scores = mixture_python.search_mixtures(
            x, table, np.zeros((1, 2)), np.zeros((2, 2)), np.array([0, 1]), 1.0, 2, 4, 0, 0.0, 0, 0
        )
        one, two = x[0, :2].sum(), x[0, 2:].sum()
        exact = (one + two) * np.log(0.5) + betaln(one + 1, two + 1)
        both = (members[0] >= 0).all(axis=1)
        assert scores[0, both] == pytest.approx([exact], abs=0.12)


def test_the_search_finds_the_best_of_all_sets() -> None:
    for seed in range(6):
        counts, table, odds, bonds = case(seed, components=6)
        found = search_sets(counts, table, odds, bonds, effort=Effort(most=6))
        search = mixture_python.Search(counts[0], table, odds[0], bonds, 1.0, 6)
        for size in range(1, 7):
            for members in itertools.combinations(range(6), size):
                search.place(members, np.full(size, 1 / size))
        best = max(search.found, key=lambda who: search.found[who][0])
        assert tuple(k for k in found.members[0, 0].tolist() if k >= 0) == best
        weights = np.array([score for score, _ in search.found.values()])
        weights = np.exp(weights - weights.max())
        weights /= weights.sum()
        exact = np.array(
            [sum(w for who, w in zip(search.found, weights, strict=True) if k in who)
             for k in range(6)]
        )  # fmt: skip
        np.testing.assert_allclose(found.inclusion()[0], exact, atol=0.03)


def test_draws_have_the_mean_of_the_posterior() -> None:
    counts, table, odds, bonds = case(11, total=300)
    sets = search_sets(counts, table, odds, bonds)
    for n, (at, shares) in enumerate(
        posterior_shares(sets, counts, table, alpha=1.0, draws=2000, seed=4)
    ):
        np.testing.assert_allclose(shares.sum(axis=1), 1)
        np.testing.assert_allclose(
            shares.mean(axis=0), sets.mean_shares()[n, at] / sets.mean_shares()[n, at].sum(),
            atol=0.03,
        )  # fmt: skip


def test_nothing_is_explained_where_nothing_was_counted() -> None:
    counts, table, odds, bonds = case(2)
    sets = search_sets(np.zeros_like(counts), table, odds, bonds)
    assert not sets.inclusion().any()
    assert not sets.mean_shares().any()
    assert [len(at) for at, _ in posterior_shares(
        sets, np.zeros_like(counts), table, alpha=1.0, draws=10, seed=1
    )] == [0, 0]  # fmt: skip
    assert len(search_sets(counts[:0], table, odds[:0], bonds)) == 0


def test_a_component_that_is_ruled_out_is_never_in_a_set() -> None:
    counts, table, odds, bonds = case(5)
    odds[:, 0] = -1e300
    assert not search_sets(counts, table, odds, bonds).inclusion()[:, 0].any()
