"""Laws of the fit: what must not matter does not, and strange samples get words, not numbers."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import betabinom

from tests.purity.simulated import ASSAYS, Sample, diploid, normal, sequenced, tumor
from tests.purity.test_fit import MIXED, arms, fitted
from tumorkit.errors import TumorkitError
from tumorkit.genome.build import GRCH38
from tumorkit.genome.segment import Segment
from tumorkit.genome.snps import SnpCounts
from tumorkit.purity import Mutation, PurityParams, fit_purity
from tumorkit.purity.alleles import segment_alleles
from tumorkit.purity.evidence import fewest, gather, shown
from tumorkit.purity.likelihood import Likelihood
from tumorkit.purity.spectrum import ALIEN, SUBCLONAL

LEVELS = [(-0.51, 0.65), (0.0, 0.5), (0.38, 0.61), (0.0, 0.5), (-0.51, 0.65), (0.0, 0.8)]


def rows(shift: float = 0.0) -> list[Segment]:
    """Segments whose alleles stand in intervals."""
    return [
        Segment(
            contig=f"chr{at}", start=0, end=90_000_000, log2_ratio=level + shift, bins=900,
            log2_low=level + shift - 0.01, log2_high=level + shift + 0.01, baf=baf, snps=500,
            baf_low=max(0.5, baf - 0.005), baf_high=baf + 0.005,
        )
        for at, (level, baf) in enumerate(LEVELS, start=1)
    ]  # fmt: skip


FIRST = fit_purity(rows(), fractions=False)


@settings(max_examples=4, deadline=None)
@given(st.permutations(range(len(LEVELS))))
def test_the_order_of_segments_does_not_matter(order: list[int]) -> None:
    listed = rows()
    found = fit_purity([listed[at] for at in order], fractions=False)
    assert found.purity.value == pytest.approx(FIRST.purity.value, abs=1e-9)
    assert found.ploidy.low == pytest.approx(FIRST.ploidy.low, abs=1e-9)
    assert [item.total_cn for item in found.segments] == [
        FIRST.segments[at].total_cn for at in order
    ]


@settings(max_examples=4, deadline=None)
@given(st.floats(-1.5, 1.5))
def test_where_log2_zero_lies_does_not_matter(shift: float) -> None:
    found = fit_purity(rows(shift), fractions=False)
    assert found.purity.value == pytest.approx(FIRST.purity.value, abs=1e-5)
    assert found.ploidy.value == pytest.approx(FIRST.ploidy.value, abs=1e-4)


@settings(max_examples=4, deadline=None)
@given(st.lists(st.booleans(), min_size=len(LEVELS), max_size=len(LEVELS)))
def test_which_allele_is_called_b_does_not_matter(swapped: list[bool]) -> None:
    listed = [
        replace(
            item,
            baf=1 - (item.baf or 0.0),
            baf_low=1 - (item.baf_high or 0.0),
            baf_high=1 - (item.baf_low or 0.0),
        )
        if swap
        else item
        for item, swap in zip(rows(), swapped, strict=True)
    ]
    found = fit_purity(listed, fractions=False)
    assert found.purity.value == pytest.approx(FIRST.purity.value, abs=0.01)
    assert [item.minor_cn for item in found.segments] == [item.minor_cn for item in FIRST.segments]


def test_a_segment_without_a_level_says_nothing() -> None:
    lost = Segment(contig="chr9", start=0, end=90_000_000, log2_ratio=float("nan"), bins=0)
    found = fit_purity([*rows(), lost], fractions=False)
    assert found.purity == FIRST.purity
    assert len(found.segments) == len(LEVELS)
    assert (found.used.segments, found.used.segments_used) == (len(LEVELS) + 1, len(LEVELS))


def test_nothing_at_all_is_an_error_in_words() -> None:
    with pytest.raises(TumorkitError, match="no segment of an autosome"):
        fit_purity([])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_answers_stay_in_bounds(seed: int) -> None:
    rng = np.random.default_rng([20, seed])
    found = fitted(sequenced(tumor(rng, "many"), ASSAYS["panel"], rng))
    params = PurityParams()
    for item in found.grid:
        # A point stands for its cell, which is .02 wide at the lowest purity.
        assert params.min_purity - 0.011 <= item.purity <= 1
        assert params.min_ploidy * 0.98 <= item.ploidy <= params.max_ploidy * 1.02
    assert found.purity.value is not None
    assert 0 <= (found.purity.low or 0.0) <= found.purity.value <= (found.purity.high or 0.0) <= 1
    for segment in found.segments:
        assert segment.total_cn >= 0
        if segment.minor_cn is not None and segment.major_cn is not None:
            assert 0 <= segment.minor_cn <= segment.major_cn
    for called in found.mutations:
        if called.ccf is not None:
            assert 0 <= (called.ccf_low or 0.0) <= called.ccf <= (called.ccf_high or 0.0) + 1e-9


def test_two_hundred_segments_of_a_panel_take_less_than_a_second() -> None:
    rng = np.random.default_rng(21)
    listed = [
        Segment(
            contig=f"chr{1 + at % 22}", start=at // 22 * 10_000_000,
            end=at // 22 * 10_000_000 + 9_000_000, log2_ratio=level + rng.normal(0, 0.02), bins=25,
            log2_low=level - 0.04, log2_high=level + 0.04, baf=baf, snps=5,
            baf_low=max(0.5, baf - 0.03), baf_high=baf + 0.03,
        )
        for at, (level, baf) in enumerate(LEVELS * 34)
    ]  # fmt: skip
    mutations = [
        Mutation(contig=f"chr{at}", pos=10**6, alt_depth=60 + at, depth=300) for at in range(1, 9)
    ]
    fit_purity(rows(), mutations)
    begin = time.process_time()
    found = fit_purity(listed, mutations)
    assert time.process_time() - begin < 1
    assert len(found.segments) == 204


def test_callers_thresholds_follow_the_beta_binomial() -> None:
    share = np.array([0.02, 0.1, 0.4])
    exact = np.asarray(betabinom.sf([[3], [5]], [[40], [300]], 400 * share, 400 * (1 - share)))
    found = fewest(np.array([[40.0], [300.0]]), np.array([[4.0], [6.0]]), share)
    assert found == pytest.approx(exact, abs=1e-9)
    deep = fewest(np.array([[9000.0]]), np.array([[450.0]]), share)
    exact = np.asarray(betabinom.sf([[449]], 9000, 400 * share, 400 * (1 - share)))
    assert deep == pytest.approx(exact, abs=0.01)


def test_a_list_of_calls_tells_its_own_thresholds() -> None:
    calls = [Mutation(contig="chr1", pos=1, alt_depth=alt, depth=40) for alt in (3, 9, 20)]
    level = np.array([0.05, 0.5])
    own = shown(calls, level)
    assert own[0] == pytest.approx(fewest(np.array([[40.0]]), np.array([[3.0]]), level)[0])
    # Nobody leaves out what half of the reads have.
    clear = [Mutation(contig="chr1", pos=1, alt_depth=200, depth=400)]
    assert shown(clear, level)[0, 1] == pytest.approx(1)


def test_mutations_agree_with_a_plain_sum_over_kinds() -> None:
    """The slow twin: one state, one mutation, one share of subclonal ones after the other."""
    rng = np.random.default_rng(22)
    sample = sequenced(arms(*MIXED), ASSAYS["panel"], rng)
    evidence = gather(
        sample.segments, sample.mutations, PurityParams(), sex=None, build=None, curves=None
    )
    likelihood = Likelihood(evidence, PurityParams())
    purity = 0.55
    found, _ = likelihood.spectrum.at(purity)
    share = evidence.vaf_levels
    read, seen = np.exp(evidence.vaf_curve), evidence.vaf_shown
    spacing = np.gradient(share)
    angle = np.arcsin(np.sqrt(share))

    def at(table: np.ndarray, vaf: float) -> float:
        return float(np.interp(np.arcsin(np.sqrt(vaf)), angle, table))

    for state, (major, minor) in enumerate(likelihood.states.pairs()):
        plain = np.zeros((len(SUBCLONAL), len(evidence)))
        total = major + minor
        for row, place in enumerate(evidence.place.tolist()):
            below = [np.cumsum(t[row] * spacing) / np.cumsum(spacing) for t in (read, seen)]
            alien = ALIEN * below[0][-1] / below[1][-1]
            for number, some in enumerate(SUBCLONAL):
                chance = alien
                if total:
                    unit = purity / (purity * total + 2 * (1 - purity))
                    copies = sorted({1, major, minor} - {0})
                    up, down = (sum(at(t[row], unit * m) for m in copies) for t in (read, seen))
                    part = at(below[0], unit) / at(below[1], unit)
                    chance += (1 - ALIEN - some) * up / down + some * part
                plain[number, place] += np.log(chance)
        assert found[:, state] == pytest.approx(plain, rel=1e-6, abs=1e-9)


def test_shallow_calls_do_not_raise_the_purity() -> None:
    """At depth 40 and purity .15 callers see only the mutations with chance on their side."""
    rng = np.random.default_rng(23)
    made = arms(*MIXED, purity=0.15)
    sample = sequenced(made, ASSAYS["genome"], rng)
    assert np.median([item.vaf for item in sample.mutations]) > 0.09
    assert fitted(sample).purity.value == pytest.approx(0.15, abs=0.03)


def test_no_heterozygous_snp_gives_an_answer_from_levels_wider_and_said() -> None:
    rng = np.random.default_rng(24)
    sample = sequenced(arms(*MIXED), ASSAYS["exome"], rng)
    both = fitted(sample)
    alone = fitted(Sample([replace(i, snps=None) for i in sample.segments], {}, sample.mutations))
    assert any("no allele fractions" in note for note in alone.notes)
    assert alone.purity.value is not None
    widths = [(e.high or 1.0) - (e.low or 0.0) for e in (both.purity, alone.purity)]
    assert widths[1] > widths[0]


def test_a_flat_genome_has_no_number_and_a_reason() -> None:
    flat = [
        replace(item, log2_ratio=0.0, log2_low=-0.01, log2_high=0.01, baf=0.5, baf_low=0.5,
                baf_high=0.505)
        for item in rows()
    ]  # fmt: skip
    found = fit_purity(flat)
    assert (found.state, found.purity.value) == ("no_tumor_signal", None)
    assert "no segment leaves the neutral level" in (found.purity.reason or "")
    some = [Mutation(contig=f"chr{at}", pos=9, alt_depth=60 + at, depth=300) for at in range(1, 6)]
    quiet = fit_purity(flat, some)
    assert quiet.state == "highly_diploid"
    assert quiet.purity.value == pytest.approx(0.42, abs=0.05)


def test_a_normal_as_tumour_gets_no_number_or_a_warning() -> None:
    rng = np.random.default_rng(25)
    sample = normal(ASSAYS["exome"], rng)
    assert fitted(sample).state == "no_tumor_signal"
    inherited = [
        Mutation(contig=f"chr{at}", pos=10**7, alt_depth=int(rng.binomial(100, 0.5)), depth=100)
        for at in range(1, 20)
    ]
    found = fit_purity(sample.segments, inherited, curves=sample.curves)
    assert found.state != "no_tumor_signal"
    assert any("a normal's variants look the same" in note for note in found.notes)
    _, quiet = diploid(ASSAYS["exome"], np.random.default_rng(26))
    low = [replace(item, alt_depth=item.depth // 5) for item in quiet.mutations]
    other = fit_purity(quiet.segments, low, curves=quiet.curves)
    assert not any("look the same" in note for note in other.notes)


def counts(alt: np.ndarray, normal_alt: np.ndarray) -> SnpCounts:
    size = len(alt)
    return SnpCounts(
        contig=np.repeat("chr1", size), position=np.arange(size) * 1000, ref=100 - alt, alt=alt,
        normal_ref=100 - normal_alt, normal_alt=normal_alt,
    )  # fmt: skip


def test_a_pair_of_two_persons_gets_no_number_and_a_contaminated_one_a_note() -> None:
    rng = np.random.default_rng(27)
    size = 3000
    kinds = rng.choice([0.0, 0.5, 1.0], size=size, p=[0.5, 0.33, 0.17])
    other = rng.choice([0.0, 0.5, 1.0], size=size, p=[0.5, 0.33, 0.17])

    def reads(share: np.ndarray) -> np.ndarray:
        return np.asarray(rng.binomial(100, np.clip(share, 0.001, 0.999)))

    own = [Segment(contig="chr1", start=0, end=size * 1000, log2_ratio=0.0, bins=900)]
    matched = segment_alleles(counts(reads(kinds), reads(kinds)), own)
    assert (matched.doubt, len(matched.notes)) == ("", 1)
    assert (matched.pair.other or 0.0) < 0.01 < matched.pair.other_limit
    mixed = segment_alleles(counts(reads(0.9 * kinds + 0.1 * other), reads(kinds)), own)
    assert mixed.doubt == ""
    assert any("DNA of another person" in note for note in mixed.notes)
    wrong = segment_alleles(counts(reads(other), reads(kinds)), own)
    assert "two persons" in wrong.doubt
    assert (wrong.pair.other or 0.0) > wrong.pair.other_limit
    found = fit_purity(rows(), doubt=wrong.doubt)
    assert (found.state, found.purity.value) == ("not_identifiable", None)
    assert "two persons" in (found.purity.reason or "")


def test_a_tumour_given_as_the_normal_is_seen() -> None:
    rng = np.random.default_rng(28)
    size = 1000
    lost = rng.binomial(100, np.where(rng.random(size) < 0.5, 0.7, 0.3))
    even = rng.binomial(100, 0.5, size)
    own = [Segment(contig="chr1", start=0, end=size * 1000, log2_ratio=0.0, bins=900)]
    assert "swapped" in segment_alleles(counts(even, lost), own).doubt
    assert segment_alleles(counts(lost, even), own).doubt == ""


def test_a_male_x_counts_from_one_copy_whatever_its_reference() -> None:
    def with_x(level: float) -> list[Segment]:
        x = Segment(contig="chrX", start=3_000_000, end=150_000_000, log2_ratio=level, bins=900,
                    log2_low=level - 0.01, log2_high=level + 0.01)  # fmt: skip
        return [*rows(), x]

    # One copy of two, and of one where the reference was of males: the same unchanged X.
    mean = FIRST.ploidy.value or 2.0
    p = FIRST.purity.value or 0.6
    level = float(np.log2(1 / (p * mean + 2 * (1 - p))))
    base = fit_purity(with_x(level), sex="male", build=GRCH38, fractions=False)
    other = fit_purity(
        with_x(level + 1),
        params=PurityParams(haploid_x_reference=True),
        sex="male",
        build=GRCH38,
        fractions=False,
    )
    for found in (base, other):
        assert found.segments[-1].normal_copies == 1
        assert found.purity.value == pytest.approx(p, abs=0.03)
    assert base.segments[-1].total_cn == other.segments[-1].total_cn
