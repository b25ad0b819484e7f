"""Origins averaged over solutions of purity and copies."""

from __future__ import annotations

import numpy as np
import pytest

from tests.variants.evidence.simulated import make_sample
from tumorkit.variants.evidence import (
    Call,
    EvidenceParams,
    Scenario,
    Surroundings,
    fit_sample,
    origin_over,
    origin_posterior,
)
from tumorkit.variants.evidence.case import Case, CaseSolution, Copies, purities_of

PARAMS = EvidenceParams()


@pytest.fixture(scope="module")
def two() -> tuple[Scenario, Scenario]:
    """The truth of a sample, and the same with twice the copies at a lower purity."""
    sample = make_sample(5, purity=0.6, size=0.4)
    true = sample.surroundings()
    other = Surroundings.of(
        len(sample.evidence),
        purity=0.4,
        copy_number=2 * sample.copy_number,
        minor_cn=2 * sample.minor_cn,
    )
    first, second = (fit_sample(sample.evidence, PARAMS, one) for one in (true, other))
    return (
        Scenario(weight=0.75, surroundings=true, fit=first),
        Scenario(weight=0.25, surroundings=other, fit=second),
    )


EVIDENCE = make_sample(5, purity=0.6, size=0.4).evidence


def test_one_solution_is_the_posterior_itself(two: tuple[Scenario, Scenario]) -> None:
    one = two[0]
    plain = origin_posterior(EVIDENCE, one.surroundings, one.fit, PARAMS)
    found = origin_over(EVIDENCE, [one], PARAMS)
    np.testing.assert_array_equal(found.germline, plain.germline)
    np.testing.assert_array_equal(found.call, plain.call)


def test_probabilities_are_the_weighted_mean(two: tuple[Scenario, Scenario]) -> None:
    each = [origin_posterior(EVIDENCE, one.surroundings, one.fit, PARAMS) for one in two]
    found = origin_over(EVIDENCE, list(two), PARAMS)
    for name in ("germline", "somatic", "artifact", "clonal_hematopoiesis"):
        first, second = (getattr(one, name) for one in each)
        np.testing.assert_allclose(getattr(found, name), 0.75 * first + 0.25 * second, atol=1e-12)
    total = found.germline + found.somatic + found.clonal_hematopoiesis + found.artifact
    np.testing.assert_allclose(total + found.contamination, 1)


def test_neither_order_nor_scale_of_weights_matters(two: tuple[Scenario, Scenario]) -> None:
    found = origin_over(EVIDENCE, list(two), PARAMS)
    scaled = [
        Scenario(weight=3 * one.weight, surroundings=one.surroundings, fit=one.fit)
        for one in reversed(two)
    ]
    other = origin_over(EVIDENCE, scaled, PARAMS)
    np.testing.assert_allclose(found.germline, other.germline, atol=1e-12)
    np.testing.assert_array_equal(found.call, other.call)


def test_what_solutions_disagree_on_is_not_called(two: tuple[Scenario, Scenario]) -> None:
    each = [origin_posterior(EVIDENCE, one.surroundings, one.fit, PARAMS) for one in two]
    found = origin_over(EVIDENCE, list(two), PARAMS)
    apart = (each[0].germline > 0.97) & (each[1].germline < 0.05)
    apart |= (each[1].germline > 0.97) & (each[0].germline < 0.05)
    assert (found.call[apart] == Call.CANNOT_TELL).all()


def test_a_case_is_asked_at_each_of_its_solutions() -> None:
    def at(copies: float) -> dict[str, Copies]:
        return {
            "chr1": Copies(
                start=np.array([0]), end=np.array([100]), copy_number=np.array([copies]),
                minor_cn=np.array([1.0]),
            )
        }  # fmt: skip

    case = Case(
        solutions=(
            CaseSolution(weight=0.7, purity=(0.6,), purity_weight=(1.0,), copies=at(3)),
            CaseSolution(weight=0.3, purity=(0.4,), purity_weight=(1.0,), copies=at(6)),
        )
    )
    found = [(w, one.surroundings(["1"], [50])) for w, one in case.scenarios()]
    assert [(w, a.purity.tolist(), a.copy_number.tolist()) for w, a in found] == [
        (0.7, [0.6], [3.0]),
        (0.3, [0.4], [6.0]),
    ]
    assert Case().scenarios()[0][0] == 1.0


def test_a_posterior_becomes_a_handful_of_purities() -> None:
    grid = np.linspace(0.2, 0.9, 300)
    points = np.column_stack([grid, np.full(300, 2.0), np.full(300, 1 / 300)])
    purity, weight = purities_of(points)
    assert len(purity) <= 17
    assert sum(weight) == pytest.approx(1)
    assert np.dot(purity, weight) == pytest.approx(0.55, abs=0.01)
