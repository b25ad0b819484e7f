"""The fit finds what was put in, says when it cannot know, and never turns noise into a tumour."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.purity.simulated import ASSAYS, Piece, Sample, Tumor, diploid, normal, sequenced, tumor
from tumorkit.errors import TumorkitError
from tumorkit.genome.build import GRCH38
from tumorkit.genome.segment import Gene, Segment
from tumorkit.purity import Mutation, PurityParams, PurityResult, fit_purity
from tumorkit.purity.alleles import SWAPPED
from tumorkit.purity.evidence import gather
from tumorkit.purity.likelihood import Likelihood
from tumorkit.purity.states import allele_states, doubled_events, undoubled_events


def fitted(sample: Sample, params: PurityParams | None = None) -> PurityResult:
    return fit_purity(sample.segments, sample.mutations, params, curves=sample.curves or None)


def arms(*states: tuple[int, int], purity: float = 0.6) -> Tumor:
    """A tumour whose chromosomes have these states in turn."""
    made = Tumor(purity, False)
    names = [f"chr{number}" for number in range(1, 23)]
    made.pieces = [
        Piece(name, 0, GRCH38.lengths[name], states[at % len(states)])
        for at, name in enumerate(names)
    ]
    return made


MIXED = ((1, 1), (1, 0), (2, 1), (1, 1), (2, 0), (1, 1))


def test_purity_ploidy_and_alleles_come_back() -> None:
    made = arms(*MIXED)
    found = fitted(sequenced(made, ASSAYS["exome"], np.random.default_rng(1)))
    assert found.state == "solved"
    assert found.purity.value == pytest.approx(0.6, abs=0.03)
    assert found.ploidy.value == pytest.approx(made.ploidy, abs=0.1)
    assert found.doubling == "no"
    truth = [piece.clone for piece in made.pieces]
    assert [(item.major_cn, item.minor_cn) for item in found.segments] == truth
    assert [item.loh for item in found.segments] == [min(state) == 0 for state in truth]


def test_a_doubled_genome_is_called_doubled() -> None:
    made = arms((2, 2), (2, 1), (3, 2), (2, 2), (2, 0), (4, 2), purity=0.7)
    found = fitted(sequenced(made, ASSAYS["exome"], np.random.default_rng(2)))
    assert found.doubling == "yes"
    assert found.ploidy.value == pytest.approx(made.ploidy, abs=0.2)


def test_the_level_of_log2_zero_does_not_matter() -> None:
    sample = sequenced(arms(*MIXED), ASSAYS["exome"], np.random.default_rng(3))
    moved = [
        replace(
            item,
            log2_ratio=item.log2_ratio + 0.3,
            log2_low=(item.log2_low or 0.0) + 0.3,
            log2_high=(item.log2_high or 0.0) + 0.3,
        )
        for item in sample.segments
    ]
    first, second = fitted(sample), fitted(Sample(moved, sample.curves, sample.mutations))
    assert first.purity.value == pytest.approx(second.purity.value, abs=1e-6)
    assert first.ploidy.value == pytest.approx(second.ploidy.value, abs=1e-6)


def test_the_order_of_segments_and_a_second_run_change_nothing() -> None:
    sample = sequenced(arms(*MIXED), ASSAYS["panel"], np.random.default_rng(4))
    first = fitted(sample)
    assert fitted(sample) == first
    turned = list(range(len(sample.segments)))[::-1]
    curves = {new: sample.curves[old] for new, old in enumerate(turned) if old in sample.curves}
    other = fitted(Sample([sample.segments[at] for at in turned], curves, sample.mutations))
    assert other.purity.value == pytest.approx(first.purity.value, abs=1e-6)


def test_weights_sum_to_one_and_ranges_hold_values() -> None:
    found = fitted(sequenced(tumor(np.random.default_rng(5)), ASSAYS["panel"],
                             np.random.default_rng(5)))  # fmt: skip
    assert sum(point.weight for point in found.grid) == pytest.approx(1)
    assert sum(item.weight for item in found.solutions) <= 1 + 1e-9
    assert len(found.solutions) <= 6
    for item in found.solutions:
        assert item.purity_low <= item.purity <= item.purity_high
        assert item.ploidy_low <= item.ploidy <= item.ploidy_high


def test_a_normal_has_no_tumour_signal() -> None:
    found = fitted(normal(ASSAYS["exome"], np.random.default_rng(6)))
    assert found.state == "no_tumor_signal"
    assert found.purity.value is None
    assert found.purity.reason
    assert found.segments == ()


def test_a_small_inherited_deletion_is_no_tumour() -> None:
    sample = normal(ASSAYS["exome"], np.random.default_rng(7))
    lost = Segment(contig="chr22", start=0, end=400_000, log2_ratio=-1.0, bins=60,
                   log2_low=-1.05, log2_high=-0.95)  # fmt: skip
    found = fit_purity([*sample.segments, lost], curves=sample.curves)
    assert found.state == "no_tumor_signal"


def test_mutations_keep_a_quiet_tumour_from_being_called_a_normal() -> None:
    _, sample = diploid(ASSAYS["panel"], np.random.default_rng(8))
    found = fitted(sample)
    assert found.state in ("highly_diploid", "not_identifiable")
    hotspot = Mutation(contig="chr7", pos=140_753_335, alt_depth=12, depth=600, hotspot=True)
    only = fit_purity(sample.segments, [hotspot], curves=sample.curves)
    assert only.state != "no_tumor_signal"


def test_pure_copy_neutral_loss_counts() -> None:
    made = arms((1, 1), (2, 0), (1, 1), purity=0.44)
    sample = sequenced(made, ASSAYS["exome"], np.random.default_rng(9), mutations=0)
    assert fitted(sample).purity.value == pytest.approx(0.44, abs=0.05)


def test_levels_alone_answer_with_wider_ranges_and_say_so() -> None:
    made = arms((1, 1), (1, 0), (2, 1), (0, 0), (3, 1), (1, 1))
    rng = np.random.default_rng(10)
    with_alleles = sequenced(made, ASSAYS["exome"], rng, mutations=0)
    alone = fit_purity(
        [replace(item, snps=None) for item in with_alleles.segments], params=PurityParams()
    )
    both = fitted(with_alleles)
    assert any("no allele fractions" in note for note in alone.notes)
    points = [len({point.ploidy for point in found.grid}) for found in (both, alone)]
    assert points[1] >= points[0]
    assert all(item.minor_cn is None for item in alone.segments)
    assert all(item.loh is None for item in alone.segments if item.total_cn >= 2)


def test_a_pathologist_weighs_and_stands_beside() -> None:
    sample = sequenced(arms((1, 1), (1, 0)), ASSAYS["panel"], np.random.default_rng(11))
    params = PurityParams(pathology_purity=0.3, pathology_sd=0.05)
    found = fitted(sample, params)
    assert found.pathology_purity == 0.3
    assert found.source == "fitted"
    free = {point.purity: point.weight for point in fitted(sample).grid}
    held = {point.purity: point.weight for point in found.grid}
    mean = [sum(p * w for p, w in grid.items()) / sum(grid.values()) for grid in (held, free)]
    assert mean[0] <= mean[1] + 1e-9


def test_a_male_x_is_judged_from_one_copy() -> None:
    made = arms(*MIXED)
    sample = sequenced(made, ASSAYS["exome"], np.random.default_rng(12))
    average = 0.6 * made.ploidy + 2 * 0.4
    level = float(np.log2(1 / average)) + sample.segments[0].log2_ratio
    level -= float(np.log2(2 / average))
    x = Segment(contig="chrX", start=3_000_000, end=150_000_000, log2_ratio=level, bins=900,
                log2_low=level - 0.01, log2_high=level + 0.01)  # fmt: skip
    segments = [*sample.segments, x]
    man = fit_purity(segments, sample.mutations, sex="male", build=GRCH38, curves=sample.curves)
    assert man.segments[-1].normal_copies == 1
    assert man.segments[-1].total_cn == 1
    assert man.segments[-1].loh is None
    unknown = fit_purity(segments, sample.mutations, curves=sample.curves)
    assert len(unknown.segments) == len(man.segments) - 1
    assert any("sex not given" in note for note in unknown.notes)


def test_a_swapped_pair_gets_no_number() -> None:
    sample = sequenced(arms(*MIXED), ASSAYS["exome"], np.random.default_rng(13))
    found = fit_purity(sample.segments, curves=sample.curves, doubt=SWAPPED)
    assert (found.state, found.purity.value) == ("not_identifiable", None)
    assert "swapped" in (found.purity.reason or "")


def test_subclonal_segments_do_not_break_the_fit_and_are_found() -> None:
    made = arms(*MIXED)
    made.pieces[3].part, made.pieces[3].share = (2, 1), 0.5
    found = fitted(sequenced(made, ASSAYS["exome"], np.random.default_rng(14)))
    assert found.purity.value == pytest.approx(0.6, abs=0.03)
    split = found.segments[3]
    assert split.subclonal
    assert split.part_low is not None
    assert split.part_high is not None
    assert split.part_low - 0.05 <= 0.5 <= split.part_high + 0.05


def test_nothing_to_fit_is_an_error_in_words() -> None:
    with pytest.raises(TumorkitError, match="no segment of an autosome"):
        fit_purity([Segment(contig="chrY", start=0, end=9, log2_ratio=0.0, bins=3)])


def test_genes_lose_both_alleles_in_each_of_the_ways() -> None:
    made = arms(*MIXED)
    sample = sequenced(made, ASSAYS["exome"], np.random.default_rng(15), mutations=0)

    def hit(contig: str, pos: int, name: str) -> Mutation:
        return Mutation(contig=contig, pos=pos, alt_depth=40, depth=100, name=name)

    genes = [
        Gene(name=f"G{at}", contig=f"chr{at}", start=9_000_000, end=9_050_000) for at in range(1, 6)
    ]
    silent = replace(hit("chr4", 9_000_500, "silent"), altering=False)
    somatic = [
        hit("chr2", 9_000_500, "a"),
        hit("chr1", 9_000_500, "b"),
        hit("chr1", 9_001_000, "c"),
        silent,
    ]
    germline = [hit("chr5", 9_000_500, "d")]
    found = fit_purity(
        sample.segments, somatic, curves=sample.curves, genes=genes, germline=germline
    )
    status = {item.gene: item.status for item in found.genes}
    assert status == {
        "G1": "two hits",
        "G2": "two hits",
        "G3": "no hit",
        "G4": "no hit",
        "G5": "two hits",
    }
    lost = [item.gene for item in found.genes if item.loh or item.total_cn == 0]
    for item in found.genes:
        unsaid = item.status != "two hits" or item.gene in lost
        assert ("phase unknown" not in item.hits) == unsaid
    nobody = fit_purity(sample.segments, somatic, curves=sample.curves, genes=genes)
    assert {item.germline for item in nobody.genes} == {"germline not assessed"}
    assert nobody.genes[4].status == "one hit"


def test_mutations_get_their_share_of_cells() -> None:
    made = arms(*MIXED)
    sample = sequenced(made, ASSAYS["exome"], np.random.default_rng(16), mutations=0)
    share = 0.6 / 2
    some = [
        Mutation(contig="chr1", pos=9_000_000 + at, alt_depth=round(1000 * vaf), depth=1000)
        for at, vaf in enumerate((share, share, share, share / 2))
    ]
    found = fit_purity(sample.segments, some, curves=sample.curves).mutations
    assert [item.multiplicity for item in found] == [1, 1, 1, 1]
    assert (found[0].ccf or 0.0) > 0.9
    assert found[3].ccf == pytest.approx(0.5, abs=0.08)
    assert (found[3].ccf_low or 0.0) < 0.5 < (found[3].ccf_high or 0.0)


def test_the_likelihood_agrees_with_a_plain_sum_over_states() -> None:
    """The slow twin: one point, one segment after the other, one state after the other."""
    sample = sequenced(arms(*MIXED), ASSAYS["panel"], np.random.default_rng(17), mutations=0)
    params = PurityParams()
    evidence = gather(sample.segments, [], params, sex=None, build=None, curves=sample.curves)
    likelihood = Likelihood(evidence, params)
    purity, ploidy = 0.55, 2.1
    density = likelihood.levels(purity, np.array([ploidy]))[0]
    balance = likelihood.balance(purity)
    mean = purity * ploidy + 2 * (1 - purity)
    for at in range(len(evidence)):
        for state in range(len(likelihood.states)):
            major = int(likelihood.states.major[state])
            total = int(likelihood.states.total[state])
            mixture = max(purity * total + 2 * (1 - purity), 0.03)
            expected = np.log2(mixture * evidence.mean_ratio / mean)
            z = (evidence.log2_ratio[at] - expected) / evidence.sd[at]
            plain = 0.3796066898 / evidence.sd[at] * (1 + z * z / 5) ** -3
            assert density[total, at] == pytest.approx(plain, rel=1e-3, abs=1e-12)
            fraction = (purity * major + 1 - purity) / mixture
            read = np.interp(
                np.arcsin(np.sqrt(fraction)),
                np.arcsin(np.sqrt(evidence.levels)),
                evidence.curve[at],
            )
            if fraction < evidence.levels[-1]:
                assert balance[state, at] == pytest.approx(np.exp(read), rel=1e-3, abs=1e-9)


def test_states_cost_the_events_that_lead_to_them() -> None:
    states = allele_states(1.2)
    assert len(states) == 25
    assert np.exp(states.log_prior).sum(axis=1) == pytest.approx([1, 1])
    assert undoubled_events(1, 1) == doubled_events(2, 2) == 0
    assert doubled_events(1, 1) == 2


def test_levels_alone_hold_the_other_ploidy_in_their_range() -> None:
    """Small misfits of levels once gave the wrong ploidy most of the weight."""
    rng = np.random.default_rng(95_014)
    made = tumor(rng, "many", purity=float(rng.uniform(0.2, 1)))
    bare = sequenced(made, ASSAYS["panel"], rng, snps=False)
    found = fit_purity(bare.segments, bare.mutations)
    assert any(abs(one.ploidy - made.ploidy) < 0.3 for one in found.solutions)
    if found.purity.value is not None:
        assert (found.ploidy.low or 0) <= made.ploidy <= (found.ploidy.high or 0)
