"""Germline or somatic: formulas, laws, a slow twin, and the cases that decide."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from tests.variants.evidence.simulated import make_sample
from tumorkit.core.log_space import log_choose
from tumorkit.variants.evidence import (
    AlleleEvidence,
    Call,
    EvidenceParams,
    OriginPosterior,
    Reason,
    SampleFit,
    Substitution,
    Surroundings,
    fit_sample,
    germline_fraction,
    origin_posterior,
    somatic_fraction,
)
from tumorkit.variants.evidence.artifacts import substitution_excess
from tumorkit.variants.evidence.fit import mean_rates
from tumorkit.variants.evidence.states import (
    EDGES,
    FRACTIONS,
    HET,
    ORIGINS,
    Sampling,
    copy_states,
    expected,
    likelihood_rows,
    spread_matrix,
    unsure_states,
)

PARAMS = EvidenceParams()
PARTS = ("germline", "somatic", "clonal_hematopoiesis", "artifact", "contamination")


def default_fit() -> SampleFit:
    return fit_sample(AlleleEvidence.of(0), PARAMS)


def judge(
    around: Surroundings | None = None, fit: SampleFit | None = None, **columns: Any
) -> OriginPosterior:
    evidence = AlleleEvidence.of(1, **columns)
    return origin_posterior(evidence, around or Surroundings.of(1), fit or default_fit(), PARAMS)


def test_fractions() -> None:
    assert float(germline_fraction(0.6, 2, 1)) == pytest.approx(0.5)
    assert float(somatic_fraction(0.6, 2, 1)) == pytest.approx(0.3)
    # A pure tumour: nobody can tell.
    assert float(germline_fraction(1, 2, 1)) == float(somatic_fraction(1, 2, 1)) == 0.5
    # Copy-neutral loss: a somatic mutation on both copies looks germline.
    assert float(germline_fraction(0.5, 2, 1)) == float(somatic_fraction(0.5, 2, 2)) == 0.5
    # Lost germline allele; male X: one copy everywhere.
    assert float(germline_fraction(0.6, 1, 0)) == pytest.approx(0.4 / 1.4)
    assert float(germline_fraction(0.6, 1, 1, 1.0)) == 1.0
    assert float(somatic_fraction(0.6, 1, 1, 1.0, 1.0)) == pytest.approx(0.6)
    assert np.isnan(float(somatic_fraction(1.0, 0, 0)))


def test_the_grid_equals_the_beta_binomial() -> None:
    """The slow twin: a beta-binomial by gamma functions at the same mean."""
    sampling = Sampling(np.array([0.6]), np.ones(1), 0.0, PARAMS)
    exact = dataclasses.replace(PARAMS, copy_number_doubt=0.0)
    sampling = dataclasses.replace(sampling, params=exact)
    one = expected(sampling, 2.0, 1.0, 2, 1.0, unsure_states(sampling, 2, 1.0))
    error = PARAMS.error_rate
    mean = 0.5 * (1 - error) + 0.5 * error / 3
    size = 1 / PARAMS.overdispersion - 1
    for depth in (10, 60, 500, 4000):
        k = np.arange(0.0, depth + 1, max(depth // 50, 1))
        n = np.full(len(k), float(depth))
        peak = np.log(FRACTIONS) * k[:, None] + np.log1p(-FRACTIONS) * (n - k)[:, None]
        grid = np.log(likelihood_rows(k, n) @ one.density[HET] + 1e-300) + peak.max(axis=1)
        twin = special.betaln(k + mean * size, n - k + (1 - mean) * size) - special.betaln(
            mean * size, (1 - mean) * size
        )
        pmf = twin + log_choose(n, k)
        # Cells of the grid blur far tails a little.
        for reach, tolerance in ((5, 0.05), (20, 0.3)):
            likely = pmf > pmf.max() - reach
            np.testing.assert_allclose(grid[likely], twin[likely], atol=tolerance)


def test_spreading_keeps_the_mean_and_the_weight() -> None:
    spread = spread_matrix(2e-3)
    np.testing.assert_allclose(spread.sum(axis=1), 1, atol=1e-9)
    np.testing.assert_allclose(spread @ FRACTIONS, FRACTIONS, atol=2e-5)


def test_a_common_variant_at_one_half_is_germline() -> None:
    around = Surroundings.of(1, purity=0.6, copy_number=2, minor_cn=1)
    found = judge(around, tumor_depth=200, tumor_alt_depth=98, population_af=0.2)
    assert found.germline[0] > 0.99
    assert found.call[0] == Call.GERMLINE


def test_a_new_variant_at_the_clonal_fraction_is_somatic() -> None:
    around = Surroundings.of(1, purity=0.6, copy_number=2, minor_cn=1)
    found = judge(around, tumor_depth=400, tumor_alt_depth=118, population_af=0.0)
    assert found.call[0] == Call.SOMATIC
    assert found.germline_fraction[0] == pytest.approx(0.49, abs=0.04)
    assert found.somatic_fraction[0] == pytest.approx(0.29, abs=0.02)


def test_nobody_can_tell_in_a_pure_tumour() -> None:
    around = Surroundings.of(1, purity=0.99, copy_number=2, minor_cn=1)
    fit = dataclasses.replace(default_fit(), private_rate=3e-6, somatic_rate=3e-6)
    found = judge(around, fit, tumor_depth=100, tumor_alt_depth=48, population_af=0.0)
    assert found.call[0] == Call.CANNOT_TELL
    assert found.reason[0] == Reason.SAME_FRACTION
    assert abs(found.germline_fraction[0] - found.somatic_fraction[0]) < 0.02


def test_the_normal_decides_where_the_tumour_cannot() -> None:
    around = Surroundings.of(1, purity=0.99, copy_number=2, minor_cn=1)
    reads: dict[str, Any] = {"tumor_depth": 100, "tumor_alt_depth": 48, "population_af": 0.0}
    without = judge(around, **reads, normal_depth=60, normal_alt_depth=0)
    with_it = judge(around, **reads, normal_depth=60, normal_alt_depth=28)
    assert without.call[0] == Call.SOMATIC
    assert with_it.call[0] == Call.GERMLINE


def test_absent_is_not_unknown() -> None:
    around = Surroundings.of(1, purity=0.6, copy_number=2, minor_cn=1)
    reads: dict[str, Any] = {"tumor_depth": 100, "tumor_alt_depth": 40}
    absent = judge(around, **reads, population_af=0.0)
    unknown = judge(around, **reads)
    assert unknown.germline[0] > absent.germline[0]
    # Between both expectations, and nothing known of the population: that is the reason.
    low = judge(around, **reads | {"tumor_alt_depth": 36})
    assert low.call[0] in (Call.CANNOT_TELL, Call.GERMLINE, Call.SOMATIC)


def test_male_x_has_no_heterozygous_germline() -> None:
    single = Surroundings.of(1, purity=0.6, copy_number=1, normal_copies=1)
    reads: dict[str, Any] = {"tumor_depth": 200, "population_af": 0.01}
    assert judge(single, **reads, tumor_alt_depth=199).call[0] == Call.GERMLINE
    # .6 is what a clonal somatic mutation shows there; a germline one would be at 1.
    half = judge(single, **reads, tumor_alt_depth=118)
    assert half.germline[0] < 1e-6
    assert half.call[0] == Call.SOMATIC


def test_no_copies_in_the_person_means_no_germline() -> None:
    none = Surroundings.of(1, purity=0.6, copy_number=1, normal_copies=0)
    assert judge(none, tumor_depth=90, tumor_alt_depth=45, population_af=0.1).germline[0] == 0.0


def test_clonal_haematopoiesis_needs_its_genes() -> None:
    around = Surroundings.of(1, purity=0.3, copy_number=2, minor_cn=1)
    reads: dict[str, Any] = {"tumor_depth": 500, "tumor_alt_depth": 20, "population_af": 0.0}
    in_gene, elsewhere = judge(around, **reads, chip_gene=True), judge(around, **reads)
    assert in_gene.clonal_hematopoiesis[0] > 20 * elsewhere.clonal_hematopoiesis[0]
    blood = judge(around, **reads, chip_gene=True, normal_depth=200, normal_alt_depth=16)
    assert blood.clonal_hematopoiesis[0] > 0.8
    assert blood.call[0] == Call.CLONAL_HEMATOPOIESIS


def test_contamination_is_possible_only_where_there_is_some() -> None:
    reads: dict[str, Any] = {"tumor_depth": 1000, "tumor_alt_depth": 25, "population_af": 0.3}
    clean = judge(Surroundings.of(1, purity=0.6, copy_number=2, minor_cn=1), **reads)
    mixed = judge(
        Surroundings.of(1, purity=0.6, copy_number=2, minor_cn=1, contamination=0.05), **reads
    )
    assert clean.contamination[0] == 0.0
    assert mixed.call[0] == Call.CONTAMINATION


def test_one_strand_or_a_noisy_site_speaks_for_an_artefact() -> None:
    around = Surroundings.of(1, purity=0.6, copy_number=2, minor_cn=1)
    reads: dict[str, Any] = {"tumor_depth": 300, "tumor_alt_depth": 12, "population_af": 0.0}
    plain = judge(around, **reads).artifact[0]
    one_strand = judge(
        around, **reads, tumor_alt_forward=12, tumor_alt_reverse=0,
        tumor_ref_forward=144, tumor_ref_reverse=144,
    ).artifact[0]  # fmt: skip
    noisy = judge(around, **reads, background_p=0.3).artifact[0]
    clean = judge(around, **reads, background_p=1e-8).artifact[0]
    failed = judge(around, **reads, caller_pass=False).artifact[0]
    assert clean < plain < min(one_strand, noisy, failed)


def test_a_hotspot_is_somatic_more_readily() -> None:
    around = Surroundings.of(1, purity=0.9, copy_number=2, minor_cn=1)
    reads: dict[str, Any] = {"tumor_depth": 100, "tumor_alt_depth": 45, "population_af": 0.0}
    hot, cold, unknown = (judge(around, **reads, hotspot=h).somatic[0] for h in (1, 0, -1))
    assert hot > 0.99 > cold == unknown


def check_laws(found: OriginPosterior, evidence: AlleleEvidence) -> None:
    table = np.column_stack([getattr(found, part) for part in PARTS])
    judged = evidence.judged
    np.testing.assert_allclose(table[judged].sum(axis=1), 1, atol=1e-9)
    assert ((table[judged] >= 0) & (table[judged] <= 1)).all()
    assert np.isnan(table[~judged]).all()
    assert (found.call[~judged] == Call.NOT_EVALUABLE).all()
    assert (found.reason[~judged] == Reason.NO_READS).all()
    called = judged & (found.call != Call.CANNOT_TELL)
    assert (table[called].max(axis=1) >= PARAMS.call_at).all()
    assert (table[judged & ~called].max(axis=1) < PARAMS.call_at).all()


NUMBER = st.one_of(st.just(float("nan")), st.integers(0, 5000).map(float))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_laws_hold_for_any_input(data: st.DataObject) -> None:
    n = data.draw(st.integers(0, 6))

    def column(kind: st.SearchStrategy[float]) -> list[float]:
        return data.draw(st.lists(kind, min_size=n, max_size=n))

    share = st.one_of(st.just(float("nan")), st.floats(0, 1))
    evidence = AlleleEvidence.of(
        n,
        tumor_depth=column(NUMBER), tumor_alt_depth=column(NUMBER),
        normal_depth=column(NUMBER), normal_alt_depth=column(NUMBER),
        population_af=column(share), background_p=column(share),
        tumor_alt_forward=column(NUMBER), tumor_alt_reverse=column(NUMBER),
    )  # fmt: skip
    around = Surroundings.of(
        n,
        purity=data.draw(st.sampled_from([(), 0.0, 0.5, 1.0, (0.2, 0.6)])),
        copy_number=column(st.one_of(st.just(float("nan")), st.floats(0, 12))),
        minor_cn=column(st.one_of(st.just(float("nan")), st.floats(0, 4))),
        normal_copies=column(st.sampled_from([0.0, 1.0, 2.0])),
        contamination=data.draw(st.sampled_from([0.0, 0.03])),
    )
    fit = fit_sample(evidence, PARAMS, around)
    check_laws(origin_posterior(evidence, around, fit, PARAMS), evidence)


def test_order_and_company_do_not_matter() -> None:
    sample = make_sample(5)
    evidence, around = sample.evidence, sample.surroundings()
    fit = fit_sample(evidence, PARAMS, around)
    whole = origin_posterior(evidence, around, fit, PARAMS)
    check_laws(whole, evidence)
    turn = np.random.default_rng(0).permutation(len(evidence))[:200]
    part = origin_posterior(evidence.take(turn), around.take(turn), fit, PARAMS)
    np.testing.assert_allclose(part.germline, whole.germline[turn], atol=1e-9)
    assert (part.call == whole.call[turn]).all()


def test_swapping_strands_changes_nothing() -> None:
    sample = make_sample(6)
    evidence, around = sample.evidence, sample.surroundings()
    swapped = dataclasses.replace(
        evidence,
        tumor_ref_forward=evidence.tumor_ref_reverse, tumor_ref_reverse=evidence.tumor_ref_forward,
        tumor_alt_forward=evidence.tumor_alt_reverse, tumor_alt_reverse=evidence.tumor_alt_forward,
    )  # fmt: skip
    fits = [fit_sample(one, PARAMS, around) for one in (evidence, swapped)]
    first, second = (
        origin_posterior(one, around, fit, PARAMS)
        for one, fit in zip((evidence, swapped), fits, strict=True)
    )
    np.testing.assert_allclose(first.artifact, second.artifact, atol=1e-6)


def test_blocks_give_what_one_pass_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    sample = make_sample(7)
    fit = fit_sample(sample.evidence, PARAMS)
    around = sample.surroundings()
    whole = origin_posterior(sample.evidence, around, fit, PARAMS)
    monkeypatch.setattr("tumorkit.variants.evidence.origin.BLOCK", 97)
    parts = origin_posterior(sample.evidence, around, fit, PARAMS)
    np.testing.assert_allclose(whole.somatic, parts.somatic, atol=1e-9)


def test_the_sample_teaches_bias_purity_and_rates() -> None:
    sample = make_sample(11, purity=0.5, depth=300, private=30)
    fit = fit_sample(sample.evidence, PARAMS, sample.uncertain(np.random.default_rng(1)))
    assert fit.mapping_bias == pytest.approx(0.95, abs=0.01)
    assert 1e-3 < fit.overdispersion < 6e-3
    assert (fit.purity * fit.purity_weight).sum() == pytest.approx(0.5, abs=0.03)
    new = sample.evidence.population_af == 0
    somatic, private = (float(((sample.origin == o) & new).sum()) for o in (1, 0))
    assert fit.somatic_rate / fit.private_rate == pytest.approx(somatic / private, rel=0.6)


def test_a_spread_by_densities_equals_the_incomplete_beta_function() -> None:
    """The slow twin of every row of the matrix, from hardly any overdispersion to much."""
    for overdispersion in (2e-4, 6e-4, 2e-3, 2e-2):
        size = 1 / overdispersion - 1
        below = special.betainc(
            (FRACTIONS * size)[:, None], ((1 - FRACTIONS) * size)[:, None], EDGES[None, :]
        )
        slow = np.diff(below, axis=1)
        np.testing.assert_allclose(spread_matrix(overdispersion), slow, atol=2e-4)


def test_rates_are_averaged_over_what_is_known_of_them() -> None:
    rates = np.array([6e-7, 2e-6, 3e-7, 1e-6])
    sure = mean_rates(rates, np.zeros(4), np.eye(4) * 1e-9)
    np.testing.assert_allclose(sure, rates, rtol=1e-6)
    unsure = mean_rates(rates, np.zeros(4), np.eye(4) * 1.5**2)
    assert unsure.sum() == pytest.approx(rates.sum())
    # The rarest is the one that is likelier to be commoner than thought.
    assert unsure[2] > rates[2]


@pytest.mark.parametrize(("seed", "purity"), [(27, 0.45), (29, 0.7)])
def test_a_tumour_of_unknown_purity_shows_it(seed: int, purity: float) -> None:
    """Lost and gained copies tell purity, and how often each state occurs, without segments."""
    sample = make_sample(seed, purity=purity, depth=400, private=30)
    fit = fit_sample(sample.evidence, PARAMS)
    assert fit.copy_weight.shape == (len(fit.purity), len(copy_states(2)))
    np.testing.assert_allclose(fit.copy_weight.sum(axis=1), 1, atol=1e-9)
    assert (fit.purity * fit.purity_weight).sum() == pytest.approx(purity, abs=0.08)
    assert fit.mapping_bias == pytest.approx(0.95, abs=0.015)


def test_a_quiet_pure_tumour_is_not_taken_for_private_variants() -> None:
    """Mutations near one half, few private variants, purity unknown: lost copies tell."""
    sample = make_sample(1032, private=15.0)
    fit = fit_sample(sample.evidence, PARAMS)
    assert sample.purity > 0.8
    assert (fit.purity * fit.purity_weight).sum() > 0.6
    assert fit.somatic_rate > fit.private_rate


def test_an_excess_of_low_c_to_t_is_damage() -> None:
    rng = np.random.default_rng(3)
    low = np.repeat([True, False], [400, 200])
    clean = rng.integers(0, 6, 600)
    damaged = np.where(low & (rng.random(600) < 0.5), int(Substitution.C_TO_T), clean)
    for substitution, least, most in ((damaged, 0.7, 1.0), (clean, 0.0, 0.25)):
        evidence = AlleleEvidence.of(
            600, tumor_depth=200, tumor_alt_depth=np.where(low, 8, 60), substitution=substitution
        )
        excess = substitution_excess(evidence, Substitution.C_TO_T, PARAMS)
        assert least <= excess.excess <= most
    few = evidence.take(slice(390, 410))
    assert np.isnan(substitution_excess(few, Substitution.C_TO_T, PARAMS).excess)


def test_wrong_lengths_are_refused() -> None:
    evidence = AlleleEvidence.of(2)
    with pytest.raises(ValueError, match="2 alleles"):
        origin_posterior(evidence, Surroundings.of(3), default_fit(), PARAMS)
    with pytest.raises(ValueError, match="no such columns"):
        AlleleEvidence.of(1, depth=3)
    with pytest.raises(ValueError, match="purity"):
        Surroundings.of(1, purity=60)
    assert len(ORIGINS) == 8
