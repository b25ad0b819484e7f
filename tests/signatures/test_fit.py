"""Explaining catalogues: names with probabilities, processes before names, and what is not said."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from tests.signatures.simulated import MIXTURES, NAMES, catalogues, drawn, made_up
from tumorkit.contract import to_document
from tumorkit.errors import ParameterError
from tumorkit.genome.build import GRCH38
from tumorkit.genome.channels import DBS78, SBS96
from tumorkit.genome.contexts import genome_contexts
from tumorkit.genome.profiles import Profiles
from tumorkit.signatures.fit import FitParams, FitResult, SampleFit, fit_signatures
from tumorkit.signatures.fit.words import process_call
from tumorkit.signatures.processes import BY_NAME

TABLE = made_up()


def fitted(rows: list[np.ndarray], params: FitParams | None = None, **more: object) -> FitResult:
    return fit_signatures(catalogues(rows), TABLE, params=params, **more)  # type: ignore[arg-type]


def named(sample: SampleFit) -> dict[str, float]:
    return {row.name: row.share for row in sample.signatures if row.named}


def process(sample: SampleFit, name: str) -> object:
    return next(one for one in sample.processes if one.name == name)


def drawn_rows(total: int, seed: int = 1) -> list[np.ndarray]:
    rng = np.random.default_rng(seed)
    return [drawn(TABLE, mixture, total, rng) for mixture in MIXTURES]


def test_many_mutations_give_back_the_mixture() -> None:
    for sample, mixture in zip(fitted(drawn_rows(3000)).samples, MIXTURES, strict=True):
        found = named(sample)
        assert set(found) == set(mixture)
        for name, share in mixture.items():
            assert found[name] == pytest.approx(share, abs=0.06)
        assert sample.others == pytest.approx(0, abs=0.02)
        assert sample.unexplained_p is not None
        assert sample.unexplained_p > 0.001


def test_shares_and_others_add_up_to_one() -> None:
    for total in (25, 60, 400):
        for sample in fitted(drawn_rows(total)).samples:
            assert sample.others is not None
            assert sum(row.share for row in sample.signatures) + sample.others == pytest.approx(1)
            assert sum(sample.fitted) == pytest.approx(total)
            for row in sample.signatures:
                assert 0 <= row.low <= row.high <= 1


def test_a_sample_does_not_depend_on_others_nor_on_the_order_of_signatures() -> None:
    rows = drawn_rows(80)
    whole = fitted(rows)
    turned = fit_signatures(
        Profiles(kind="SBS96", names=("s6", "s0"), values=np.array([rows[6], rows[0]])),
        TABLE.chosen(NAMES[::-1]),
    )
    assert turned.samples == (whole.samples[6], whole.samples[0])


def test_scaling_the_signatures_changes_nothing() -> None:
    rows = drawn_rows(80)
    scaled = Profiles(kind="SBS96", names=NAMES, values=TABLE.values * 7)
    one, two = fitted(rows), fit_signatures(catalogues(rows), scaled)
    for left, right in zip(one.samples, two.samples, strict=True):
        assert named(left) == pytest.approx(named(right), abs=1e-6)


def test_more_of_the_same_makes_surer() -> None:
    expected = [100 * drawn(TABLE, MIXTURES[3], 10**6, np.random.default_rng(1)) / 10**6]
    few = process(fitted(expected).samples[0], "hr")
    many = process(fitted([20 * expected[0]]).samples[0], "hr")
    assert many.probability > few.probability  # type: ignore[attr-defined]
    shares = [one.detectable_share or 2.0 for one in (few, many)]  # type: ignore[attr-defined]
    assert shares[1] < shares[0]
    width = [one.share.high - one.share.low for one in (few, many)]  # type: ignore[attr-defined]
    assert width[1] < width[0]


def test_too_few_mutations_are_insufficient_not_a_list() -> None:
    result = fitted([drawn(TABLE, MIXTURES[0], 19, np.random.default_rng(1)), np.zeros(96)])
    for sample in result.samples:
        assert sample.status == "insufficient"
        assert not sample.signatures
        assert {one.call for one in sample.processes} == {"not_evaluable"}
        assert all(one.share.value is None for one in sample.processes)
    assert result.samples[1].reason == "0 mutations, 20 are needed"
    to_document(result)


def test_an_even_process_is_no_evidence_below_its_detectable_share() -> None:
    rng = np.random.default_rng(5)
    mixture = {"SBS3": 0.3, "SBS5": 0.5, "SBS1": 0.2}
    calls = set()
    for sample in fitted([drawn(TABLE, mixture, 100, rng) for _ in range(30)]).samples:
        one = process(sample, "hr")
        limit = one.detectable_share  # type: ignore[attr-defined]
        if one.call == "present":  # type: ignore[attr-defined]
            assert one.share.value >= limit  # type: ignore[attr-defined]
        calls.add(one.call)  # type: ignore[attr-defined]
    assert "possible" in calls


def test_absence_is_not_evaluable_where_nothing_would_be_seen() -> None:
    sample = fitted([drawn(TABLE, {"SBS5": 0.5, "SBS1": 0.5}, 20, np.random.default_rng(2))])
    for one in sample.samples[0].processes:
        if one.call == "not_seen":
            assert one.evaluable
        if one.detectable_share is None or one.detectable_share > 0.5:
            assert not one.evaluable
            assert one.call != "not_seen"


def test_a_tumour_type_raises_its_processes_and_rules_out_none() -> None:
    rng = np.random.default_rng(8)
    rows = [drawn(TABLE, {"SBS4": 0.25, "SBS5": 0.5, "SBS1": 0.25}, 30, rng) for _ in range(8)]
    plain, lung = fitted(rows), fitted(rows, FitParams(tumor_type="lung"))
    skin = fitted(rows, FitParams(tumor_type="skin"))
    raised = [
        (process(a, "tobacco").probability, process(b, "tobacco").probability)  # type: ignore[attr-defined]
        for a, b in zip(plain.samples, lung.samples, strict=True)
    ]
    assert all(two >= one - 1e-9 for one, two in raised)
    assert sum(two - one for one, two in raised) > 0.05
    assert any(process(one, "tobacco").probability > 0.5 for one in skin.samples)  # type: ignore[attr-defined]


def test_priors_of_the_user_are_taken() -> None:
    result = fitted(drawn_rows(60)[:1], priors={"SBS4": 0.001})
    row = next(row for row in result.samples[0].signatures if row.name == "SBS4")
    assert row.prior == 0.001
    with pytest.raises(ParameterError, match="no such signature"):
        fitted(drawn_rows(60)[:1], priors={"SBS99": 0.1})
    with pytest.raises(ParameterError, match="between 0 and 1"):
        fitted(drawn_rows(60)[:1], priors={"SBS4": 1.0})


def test_a_process_that_the_table_lacks_is_left_unexplained() -> None:
    rng = np.random.default_rng(4)
    strange = rng.dirichlet(np.full(96, 0.05))
    spectrum = 0.5 * strange + 0.3 * TABLE.of("SBS5") + 0.2 * TABLE.of("SBS1")
    sample = fitted([rng.multinomial(1000, spectrum).astype(float)]).samples[0]
    assert sample.unexplained.value is not None
    assert sample.unexplained.value > 0.1
    assert sample.unexplained_p is not None
    assert sample.unexplained_p < 1e-6
    assert any("no mixture of the table" in flag for flag in sample.flags)


def test_formalin_patterns_are_flagged_where_tissue_is_fixed() -> None:
    rng = np.random.default_rng(6)
    row = [drawn(TABLE, {"SBS30": 0.5, "SBS1": 0.3, "SBS5": 0.2}, 400, rng)]
    fixed = fitted(row, FitParams(preparation="ffpe")).samples[0].flags
    assert sum("formalin" in flag for flag in fixed) == 2
    fresh = fitted(row, FitParams(preparation="fresh")).samples[0].flags
    assert not any("formalin" in flag for flag in fresh)
    assert any("preparation not said" in flag for flag in fitted(row).samples[0].flags)


def test_opportunities_turn_genome_signatures_into_those_of_a_panel() -> None:
    rng = np.random.default_rng(9)
    factor = rng.uniform(0.2, 3.0, 96)
    mixture = {"SBS4": 0.5, "SBS5": 0.3, "SBS1": 0.2}
    seen = Profiles(
        kind="SBS96",
        names=NAMES,
        values=TABLE.values * factor / (TABLE.values * factor).sum(axis=1, keepdims=True),
    )
    row = [drawn(seen, mixture, 3000, rng)]
    corrected = fitted(row, opportunities=factor).samples[0]
    assert named(corrected) == pytest.approx(mixture, abs=0.06)
    assert (corrected.unexplained_p or 0) > 0.001
    assert (fitted(row).samples[0].unexplained_p or 0) < 0.001


def test_fractions_are_counts_too() -> None:
    row = drawn(TABLE, MIXTURES[0], 800, np.random.default_rng(3))
    sample = fitted([0.31 * row]).samples[0]
    assert sample.mutations == pytest.approx(248)
    assert "SBS4" in named(sample)


def test_bootstraps_name_what_the_fit_names() -> None:
    sample = fitted(drawn_rows(500)[:1], FitParams(bootstraps=40)).samples[0]
    for row in sample.signatures:
        if row.named and row.share > 0.1:
            assert row.bootstrap is not None
            assert row.bootstrap > 0.8
            assert row.bootstrap_low is not None
            assert row.bootstrap_high is not None
            assert row.bootstrap_low <= row.share <= row.bootstrap_high


def test_kinds_must_agree_and_empty_signatures_are_refused() -> None:
    doublets = Profiles(kind="DBS78", names=("DBS1",), values=np.ones((1, len(DBS78))))
    with pytest.raises(ParameterError, match="SBS96"):
        fit_signatures(catalogues(drawn_rows(50)), doublets)
    hollow = Profiles(kind="SBS96", names=("SBS1",), values=np.zeros((1, len(SBS96))))
    with pytest.raises(ParameterError, match="without any mutation: SBS1"):
        fit_signatures(catalogues(drawn_rows(50)), hollow)


@pytest.mark.parametrize("bad", [-1.0, float("nan"), float("inf")])
def test_spectra_are_finite_and_not_negative(bad: float) -> None:
    values = np.ones((1, 96))
    values[0, 3] = bad
    with pytest.raises(ValueError, match="finite"):
        Profiles(kind="SBS96", names=("a",), values=values)


def noise_rows(total: int, share: float, *, by_base: bool) -> list[np.ndarray]:
    """Clock-like mutations and ones that lie evenly over all classes, or over all bases."""
    noise = np.full(96, 1 / 96)
    if by_base:
        counts = genome_contexts(GRCH38) or {}
        noise = np.array([counts[name[0] + name[2] + name[6]] for name in SBS96], dtype=float)
        noise /= noise.sum()
    clock = TABLE.of("SBS5") / TABLE.of("SBS5").sum()
    rng = np.random.default_rng(9)
    return [rng.multinomial(total, share * noise + (1 - share) * clock) * 1.0 for _ in range(30)]


@pytest.mark.parametrize("by_base", [False, True])
@pytest.mark.parametrize(("total", "share"), [(200, 1.0), (1000, 1.0), (5000, 0.3)])
def test_noise_is_no_failed_repair(total: int, share: float, *, by_base: bool) -> None:
    """With COSMIC's SBS3 half of 200 even mutations were called failed recombination before."""
    samples = fitted(noise_rows(total, share, by_base=by_base)).samples
    calls = [process(sample, "hr").call for sample in samples]  # type: ignore[attr-defined]
    assert calls.count("present") <= 1
    found = [sum(r.share for r in one.signatures if r.role == "noise") for one in samples]
    assert np.mean(found) == pytest.approx(share, abs=0.25)
    assert any("evenly" in flag for flag in samples[0].flags)


def test_noise_is_looked_for_on_the_territory() -> None:
    factor = np.linspace(0.2, 5, 96)
    rows = [np.full(96, 20.0)]
    sample = fitted(rows, opportunities=factor).samples[0]
    assert set(named(sample)) == {"even_by_class"}


def test_a_rare_signature_needs_more_than_a_small_share() -> None:
    call = partial(process_call, BY_NAME["pol"], 0.99, 0.02, limit=0.05, params=FitParams())
    assert call(share=0.1)[0] == "present"
    assert call(share=0.1, rare=True)[0] == "possible"
    assert call(share=0.2, rare=True)[0] == "present"


def test_weights_that_add_up_to_the_limit_are_enough() -> None:
    """20 less a rounding was insufficient for want of 20."""
    row = np.full(96, 20 / 96) * (1 - 1e-15)
    row[0] -= row.sum() - np.nextafter(20.0, 0)
    assert fitted([row]).samples[0].status == "ok"
    assert fitted([row * 0.99]).samples[0].status == "insufficient"
