"""Log odds of tumour and normal, combined errors, GATK's germline form."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumorkit.variants.evidence import (
    AlleleEvidence,
    EvidenceParams,
    combine_errors,
    gatk_germline_posterior,
    normal_log_odds,
    tumor_log_odds,
)

PARAMS = EvidenceParams()
P = st.floats(0, 1)


def log_beta(a: float, b: float) -> float:
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)


@given(st.integers(1, 2000), st.data())
def test_tumor_log_odds_equal_their_slow_twin(depth: int, data: st.DataObject) -> None:
    alt = data.draw(st.integers(0, depth))

    def log_bb(a: float, b: float) -> float:
        return log_beta(alt + a, depth - alt + b) - log_beta(a, b)

    rho = PARAMS.error_rate / (1 + PARAMS.error_rate)
    size = 1 / rho - 1
    noise = log_beta(alt + PARAMS.error_rate * size, depth - alt + (1 - PARAMS.error_rate) * size)
    noise -= log_beta(PARAMS.error_rate * size, (1 - PARAMS.error_rate) * size)
    parts = [math.log(0.495) + log_bb(1, 9), math.log(0.495) + log_bb(1, 1)]
    parts.append(math.log(0.01) + log_bb(10, 1))
    most = max(parts)
    variant = most + math.log(sum(math.exp(part - most) for part in parts))
    evidence = AlleleEvidence.of(1, tumor_depth=depth, tumor_alt_depth=alt)
    expected = (variant - noise) / math.log(10)
    assert tumor_log_odds(evidence, PARAMS)[0] == pytest.approx(expected, rel=1e-6, abs=1e-6)


def test_more_alternative_reads_are_better_evidence() -> None:
    evidence = AlleleEvidence.of(40, tumor_depth=200, tumor_alt_depth=np.arange(40))
    assert (np.diff(tumor_log_odds(evidence, PARAMS))[1:] > 0).all()
    noisy = tumor_log_odds(evidence, PARAMS, np.full(40, 0.02))
    assert (noisy[2:] < tumor_log_odds(evidence, PARAMS)[2:]).all()


def test_normal_log_odds_fall_with_reads_in_the_normal() -> None:
    evidence = AlleleEvidence.of(
        20, tumor_depth=50, tumor_alt_depth=10, normal_depth=60, normal_alt_depth=np.arange(20)
    )
    found = normal_log_odds(evidence, PARAMS)
    assert (np.diff(found) < 0).all()
    assert found[0] > 2.2
    assert found[-1] < -10


def test_unknown_gives_unknown() -> None:
    evidence = AlleleEvidence.of(
        3, tumor_depth=[np.nan, 10, 0], tumor_alt_depth=[3, np.nan, 0], normal_depth=[0, 9, 9]
    )
    assert np.isnan(tumor_log_odds(evidence, PARAMS)).all()
    assert np.isnan(normal_log_odds(evidence, PARAMS)).all()
    assert tumor_log_odds(AlleleEvidence.of(0), PARAMS).shape == (0,)


@pytest.mark.parametrize(
    ("values", "posterior"),
    [
        ((0, 0, 0, 0.5, -1), -0.0157942672),
        ((20, 0, 0, 1e-8, -3), 0.0),
        ((0, 0, 0, 1e-10, -6), -3.6990572887),
        ((0, -5, -5, 1.0, -3), 0.0),
        ((-100, 0, -10, 0.5, -6), -93.6989704386),
    ],
)
def test_germline_vectors_of_gatk(values: tuple[float, ...], posterior: float) -> None:
    n, het, hom, f, s = (np.array([value], dtype=float) for value in values)
    assert gatk_germline_posterior(n, het, hom, f, s)[0] == pytest.approx(posterior, abs=1e-6)


def test_germline_form_at_its_ends() -> None:
    one, zero = np.ones(1), np.zeros(1)
    # Nobody carries it: not germline. Somatic for certain: not germline.
    assert gatk_germline_posterior(zero, zero, zero, zero, -3 * one)[0] == -math.inf
    assert gatk_germline_posterior(zero, zero, zero, one / 2, zero)[0] == -math.inf


@given(st.lists(st.lists(P, min_size=1, max_size=3), min_size=1, max_size=3))
def test_errors_combine_by_largest_and_product(table: list[list[float]]) -> None:
    by_type = {str(at): [np.array([p]) for p in row] for at, row in enumerate(table)}
    expected = 1 - math.prod(1 - max(row) for row in table)
    assert combine_errors(by_type)[0] == pytest.approx(expected, abs=1e-12)


def test_unknown_errors_have_no_say_unless_all_are() -> None:
    nan = np.nan
    found = combine_errors({"a": [np.array([nan, 0.5, nan])], "b": [np.array([0.5, 0.5, nan])]})
    assert found[:2].tolist() == [0.5, 0.75]
    assert np.isnan(found[2])
    assert combine_errors({}).shape == (0,)
