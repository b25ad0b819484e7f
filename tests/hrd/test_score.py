"""From segments to the HRD sum: what is evaluable, what is uncertain, what is said."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.hrd.simulated import CHROMOSOMES, PANELS, genome, measured, sequenced
from tumorkit.errors import ParameterError
from tumorkit.genome.build import GRCH38
from tumorkit.genome.segment import Segment
from tumorkit.hrd import HrdParams, preset_named, score_hrd
from tumorkit.hrd.arms import arm_evidence, loh_share
from tumorkit.hrd.scars import stretches_of
from tumorkit.hrd.states import FittedPurity


def whole(contig: str, major: int | None = 1, minor: int | None = 1, **more: Any) -> Segment:
    values: dict[str, Any] = {
        "start": 0, "end": GRCH38.lengths[contig], "bins": 500, "snps": 200, "copy_number": 2.0,
        **more,
    }  # fmt: skip
    return Segment(contig=contig, log2_ratio=0.0, major_cn=major, minor_cn=minor, **values)


def healthy() -> list[Segment]:
    return [whole(name) for name in CHROMOSOMES]


def part(contig: str, start: float, end: float, major: int, minor: int) -> Segment:
    return whole(
        contig, major, minor, start=round(start * 1e6), end=round(end * 1e6),
        copy_number=float(major + minor),
    )  # fmt: skip


def with_loss() -> list[Segment]:
    rest = healthy()[1:]
    return [part("chr1", 0, 30, 1, 0), part("chr1", 30, 248.95, 1, 1), *rest]


def test_a_genome_without_change_has_no_scar_and_is_evaluable() -> None:
    found = score_hrd(healthy(), GRCH38)
    assert found.sum.value == 0
    assert found.genomic_loh.value == 0
    assert found.evaluable == 1
    assert found.sum.call == "no validated cut-off for this assay"
    assert found.sum.cutoffs == ()


def test_calls_alone_have_no_interval_and_say_so() -> None:
    found = score_hrd(with_loss(), GRCH38)
    assert (found.sum.value, found.sum.low) == (3, None)
    assert any("nothing of their uncertainty" in note for note in found.notes)


def test_missing_arms_scale_the_count_and_widen_it() -> None:
    rows = [item for item in with_loss() if item.contig not in ("chr4", "chr5")]
    found = score_hrd(rows, GRCH38)
    assert 0.85 < found.evaluable < 0.9
    assert found.sum.value == pytest.approx(3 / found.evaluable)
    assert (found.sum.low or 0) <= 3.5
    assert (found.sum.high or 0) > 3.5
    assert found.counts.sum == 3


def test_too_few_evaluable_arms_give_no_number() -> None:
    rows = [item for item in with_loss() if item.contig in CHROMOSOMES[:8]]
    found = score_hrd(rows, GRCH38)
    assert found.sum.value is None
    assert "70% are needed" in (found.sum.reason or "")
    assert found.counts.sum == 3  # what was seen is still told


def test_few_snps_few_bins_and_unknown_alleles_close_an_arm() -> None:
    rows = [
        whole("chr1", snps=15), whole("chr2", bins=30), whole("chr3", None, None), whole("chr4")
    ]  # fmt: skip
    arms = {f"{a.contig}{a.arm}": a for a in arm_evidence(rows, GRCH38, HrdParams())}
    assert arms["chr1p"].start == 0
    assert arms["chr1q"].start == GRCH38.centromeres["chr1"][1]
    assert not arms["chr1p"].evaluable
    assert "heterozygous SNPs" in arms["chr1p"].reason
    assert "bins" in arms["chr2p"].reason
    assert "alleles known in 0%" in arms["chr3q"].reason
    assert arms["chr4q"].evaluable
    assert "chr13p" not in arms


def test_markers_that_no_file_counts_are_not_asked_for() -> None:
    rows = [replace(item, snps=None, bins=0) for item in healthy()]
    assert score_hrd(rows, GRCH38).evaluable == 1


def test_totals_without_alleles_are_not_evaluable() -> None:
    rows = [whole(name, None, None) for name in CHROMOSOMES]
    found = score_hrd(rows, GRCH38)
    assert found.sum.value is None
    assert "both alleles are unknown" in (found.sum.reason or "")


def test_losses_of_arms_and_chromosomes_are_left_out_of_the_share() -> None:
    rows = [
        whole("chr1", 1, 0), part("chr2", 0, 93.9, 2, 0), part("chr2", 93.9, 242, 1, 1),
        part("chr3", 0, 20, 1, 0), part("chr3", 20, 198, 1, 1),
    ]  # fmt: skip
    share, wide = loh_share(stretches_of(rows), GRCH38, 0.9)
    total = (GRCH38.lengths["chr1"] / 1e6 + 242 + 198) / 100
    assert share == pytest.approx(20 / total)
    assert wide == pytest.approx((GRCH38.lengths["chr1"] / 1e6 + 93.9) / total)


def test_cut_offs_come_only_by_name_and_with_their_source() -> None:
    found = score_hrd(with_loss(), GRCH38, presets=[preset_named("sum-42")])
    assert [preset.name for preset in found.presets] == ["sum-42"]
    assert found.sum.call == "low (sum-42)"
    assert "Telli" in found.sum.cutoffs[0].source
    assert found.loh.cutoffs == ()
    with pytest.raises(ParameterError) as error:
        preset_named("sum-43")
    assert "sum-42" in error.value.hint


def test_every_preset_says_where_it_comes_from() -> None:
    from tumorkit.hrd.presets import PRESETS

    assert all(preset.source for preset in PRESETS.values())


def test_doubling_takes_its_transitions_off() -> None:
    rows = [
        part("chr1", 0, 30, 2, 0), part("chr1", 30, 248.95, 2, 2),
        *(whole(name, 2, 2, copy_number=4.0) for name in CHROMOSOMES[1:]),
    ]  # fmt: skip
    found = score_hrd(rows, GRCH38)
    assert found.doubled is True
    assert found.lst.value is not None
    assert found.normalized_lst.value == found.lst.value - 3.5


def test_a_fit_gives_copies_an_interval_and_the_scars_of_every_solution() -> None:
    rng = np.random.default_rng(5)
    made = genome(rng, "high")
    segments, fit = measured(*sequenced(made, PANELS["backbone"], 0.6, rng))
    found = score_hrd(segments, GRCH38, HrdParams(draws=40), purity=fit)
    truth = made.scars()["sum"]
    assert found.sum.value is not None
    assert found.sum.low is not None
    assert found.sum.high is not None
    assert found.sum.low < found.sum.value <= found.sum.high
    assert abs(found.sum.value - truth) <= 8
    assert len(found.solutions) == len(fit.solutions)
    again = score_hrd(segments, GRCH38, HrdParams(draws=40), purity=fit)
    assert again == found


def test_a_fit_without_an_answer_gives_no_score_but_tells_its_solutions() -> None:
    rng = np.random.default_rng(5)
    segments, fit = measured(*sequenced(genome(rng, "low"), PANELS["backbone"], 0.6, rng))
    silent = FittedPurity(
        answered=False, reason="several solutions fit", solutions=fit.solutions, grid=fit.grid,
        params=fit.params,
    )  # fmt: skip
    found = score_hrd(segments, GRCH38, HrdParams(draws=20), purity=silent)
    assert found.sum.reason == "no purity: several solutions fit"
    assert found.solutions


def test_calls_without_intervals_stay_as_called_beside_a_fit() -> None:
    rng = np.random.default_rng(5)
    _, fit = measured(*sequenced(genome(rng, "low"), PANELS["backbone"], 0.6, rng))
    found = score_hrd(with_loss(), GRCH38, purity=fit)
    assert found.sum.value == 3
    assert any("the purity fit cannot be asked" in note for note in found.notes)


def test_a_low_purity_gives_no_score_and_the_counts_as_a_lower_bound() -> None:
    rng = np.random.default_rng(6)
    segments, fit = measured(*sequenced(genome(rng, "high"), PANELS["backbone"], 0.18, rng))
    assert fit.solutions[0].purity < 0.25
    found = score_hrd(segments, GRCH38, HrdParams(draws=20), purity=fit)
    assert found.sum.value is None
    assert "lower bound" in (found.sum.reason or "")
    assert found.counts.sum > 0
    assert score_hrd(segments, GRCH38, HrdParams(draws=20, min_purity=0), purity=fit).sum.value
