"""Germline variants weighed by their posterior instead of cut by a band of fractions."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tmb.builders import make_variant, record, write_vcf
from tumorkit.core.uncertain_counts import (
    events_of,
    sum_of_events,
    uncertain_rate_interval,
)
from tumorkit.errors import ParameterError
from tumorkit.genome.variant import AlleleCounts
from tumorkit.io.vcf import VcfSink, open_vcf
from tumorkit.tmb import TmbParams, estimate_tmb, scheme_named
from tumorkit.tmb.analysis import with_rules
from tumorkit.tmb.detection import depth_needed
from tumorkit.tmb.result import TmbResult
from tumorkit.tmb.run import TmbFiles, run_tmb
from tumorkit.variants.calls import CallReader
from tumorkit.variants.evidence.run import CaseFiles
from tumorkit.variants.filter.block_columns import columns_of
from tumorkit.variants.filter.expression import Name
from tumorkit.variants.filter.quantities import READS
from tumorkit.variants.lazy import LazyReader
from tumorkit.variants.roles import assign_roles

WEIGHED = TmbParams(scheme="weighed", germline="posterior")


def weigh(*p_somatic: float | None, params: TmbParams = WEIGHED, **more: Any) -> TmbResult:
    hits = [make_variant(100 + at, p_somatic=p) for at, p in enumerate(p_somatic)]
    return estimate_tmb(hits, None, params, annotated=True, megabases=1.0, **more)


def test_sure_variants_have_garwoods_interval() -> None:
    plain = estimate_tmb(
        [make_variant(100 + at) for at in range(8)], None, annotated=True, megabases=1.0
    )
    found = weigh(*[1.0] * 8)
    assert found.tmb.value == plain.tmb.value == 8
    assert (found.tmb.low, found.tmb.high) == pytest.approx((plain.tmb.low, plain.tmb.high))


def test_doubt_widens_the_interval_and_lowers_the_value() -> None:
    sure, doubted = weigh(*[1.0] * 10), weigh(*[1.0] * 5, *[0.5] * 10)
    assert doubted.tmb.value == sure.tmb.value == 10
    assert doubted.tmb.low is not None
    assert sure.tmb.low is not None
    assert doubted.tmb.high is not None
    assert sure.tmb.high is not None
    assert doubted.tmb.low < sure.tmb.low
    assert doubted.tmb.high > sure.tmb.high
    assert doubted.tmb.evidence["expected_somatic"] == 10
    assert float(doubted.tmb.evidence["expected_somatic_sd"]) > 10**0.5 / 2


def test_what_is_surely_germline_is_rejected_and_said() -> None:
    found = weigh(0.9, 1e-6)
    assert (found.seen, found.counted, found.rejected) == (2, 1, 1)
    assert [step.code for step in found.waterfall if step.rejected] == ["germline"]


def test_an_unknown_posterior_is_no_zero() -> None:
    assert weigh(None, None).tmb.status == "not_evaluable"
    one = weigh(0.9, None)
    assert one.counted == 1
    assert any("field was empty" in note for note in one.notes)


def test_nothing_weighed_is_zero_with_an_upper_limit() -> None:
    found = weigh()
    assert (found.tmb.value, found.tmb.low) == (0, 0)
    assert found.tmb.high == pytest.approx(3.689, abs=1e-3)


def test_tumor_only_without_a_source_is_not_evaluable_even_if_weighed() -> None:
    found = weigh(0.9, tumor_only=True, frequencies=())
    assert found.tmb.status == "not_evaluable"
    assert "population" in str(found.tmb.reason)


def test_the_band_and_the_average_give_way_to_the_posterior() -> None:
    band = scheme_named("twist-gms560")
    weighed = with_rules(band, {"germline": "posterior"})
    half = [make_variant(100 + at, vaf=0.5, alt_depth=250, p_somatic=0.97) for at in range(6)]
    cut = estimate_tmb(half, None, band, annotated=True)
    kept = estimate_tmb(half, None, weighed, annotated=True)
    assert cut.tmb.value == 0
    assert cut.counted == 0
    assert kept.tmb.value == pytest.approx(6 * 0.97 * 0.84)
    assert "germline" in weighed.title


def test_clonal_haematopoiesis_can_be_left_out() -> None:
    rules = TmbParams(exclude_clonal_hematopoiesis=True)
    hits = [make_variant(1, gene="DNMT3A"), make_variant(2, gene="EGFR")]
    found = estimate_tmb(hits, None, rules, annotated=True, megabases=1.0)
    assert found.counted == 1
    assert [s.code for s in found.waterfall if s.rejected] == ["clonal-haematopoiesis"]


@given(st.lists(st.floats(0, 1), max_size=9))
@settings(max_examples=40, deadline=None)
def test_the_number_of_events_equals_the_sum_over_all_outcomes(p: list[float]) -> None:
    found = sum_of_events(p)
    slow = np.zeros(len(p) + 1)
    for outcome in itertools.product((0, 1), repeat=len(p)):
        chance = np.prod([a if b else 1 - a for a, b in zip(p, outcome, strict=True)])
        slow[sum(outcome)] += chance
    fast = np.zeros(len(p) + 1)
    fast[found.counts] = found.weights
    assert fast == pytest.approx(slow, abs=1e-8)


@given(st.lists(st.floats(0, 1), max_size=60))
@settings(max_examples=40, deadline=None)
def test_an_interval_of_weights_holds_their_sum(p: list[float]) -> None:
    low, high = uncertain_rate_interval(events_of(p), 1.0)
    assert low <= sum(p) <= high


def test_long_sums_agree_with_the_exact_ones() -> None:
    p = np.random.default_rng(1).random(900)
    exact = np.ones(1)
    for one in p:
        exact = np.convolve(exact, [1 - one, one])
    found = sum_of_events(p)
    assert found.weights == pytest.approx(exact[found.counts], abs=2e-4)


@pytest.mark.parametrize("purity", [0.15, 0.3, 0.8])
def test_depth_needed_is_the_last_that_falls_short_and_one(purity: float) -> None:
    from scipy import stats

    rules = TmbParams(min_vaf=0.05, min_alt_depth=5, min_depth=20)
    needed = depth_needed(purity, rules)
    assert needed is not None
    for depth in [needed - 1, *range(needed, needed + 400)]:
        reads = max(5, int(np.ceil(0.05 * depth - 1e-9)))
        seen = stats.binom.sf(reads - 1, depth, purity / 2)
        assert bool(seen >= 0.95) == (depth >= needed)


def test_a_purity_at_which_clonal_variants_do_not_count_is_not_evaluable() -> None:
    found = estimate_tmb(
        [], None, TmbParams(min_vaf=0.05), annotated=True, megabases=1.0, purity=0.08
    )
    assert found.tmb.status == "not_evaluable"
    assert "0.04" in str(found.tmb.reason)


@pytest.fixture
def tumor(tmp_path: Path) -> Path:
    """A tumour of which half is germline at 0.5, half somatic at 0.2, all unknown to sources."""
    lines = [
        record(1000 * at, sample=f"0/1:{500 - alt},{alt}:500:{alt / 500}", max_af=af)
        for at, (alt, af) in enumerate(
            [(250, ""), (100, ""), (248, "0.2"), (102, ""), (252, "0.3"), (98, "")] * 4, start=1
        )
    ]
    return write_vcf(tmp_path / "tumor.vcf", lines)


RULES = TmbParams(scheme="mine", germline="posterior", max_population_af=1e-4)


def test_posteriors_are_computed_from_the_case(tumor: Path) -> None:
    case = CaseFiles(purity=0.4)
    weighed = run_tmb(tumor, params=RULES, megabases=1.0, case_files=case)
    plain = run_tmb(tumor, params=with_rules(RULES, {"germline": "rules"}), megabases=1.0)
    assert plain.tmb.value == 16
    assert weighed.tmb.value is not None
    assert 11 < weighed.tmb.value < 13
    faint = [hit.p_somatic for hit in weighed.variants if hit.vaf is not None and hit.vaf < 0.3]
    assert len(faint) == 12
    assert min(p or 0 for p in faint) > 0.9
    assert not any("purity" in note for note in weighed.notes[:-1])
    blind = run_tmb(tumor, params=RULES, megabases=1.0)
    assert "without a purity" in blind.notes[-1]
    pure = run_tmb(tumor, params=RULES, megabases=1.0, case_files=CaseFiles(purity=0.9))
    assert "nearly the same fraction" in pure.notes[-1]


def test_posteriors_of_an_earlier_filtering_are_read(tmp_path: Path) -> None:
    tags = '##INFO=<ID=TK_P_SOMATIC,Number=A,Type=Float,Description="P">'
    lines = [
        record(1000, info="AF=0.2;TK_P_SOMATIC=0.25"),
        record(2000, alt="T,G", info="AF=0.2,0.1;TK_P_SOMATIC=0.5,1",
               sample="0/1/2:300,100,100:500:0.2,0.2"),
    ]  # fmt: skip
    path = write_vcf(tmp_path / "tagged.vcf", lines)
    path.write_text(path.read_text().replace("#CHROM", f"{tags}\n#CHROM"), encoding="utf-8")
    trace = tmp_path / "trace.tsv"
    found = run_tmb(path, params=WEIGHED, megabases=1.0, files=TmbFiles(trace=trace))
    assert [hit.p_somatic for hit in found.variants] == [0.25, 0.5, 1.0]
    assert found.tmb.value == 1.75
    assert "\t0.25\t" in trace.read_text()


def test_what_no_scheme_asks_of_the_case_is_a_usage_error(tumor: Path) -> None:
    with pytest.raises(ParameterError, match="no scheme does"):
        run_tmb(tumor, preset="pcgr-coding", case_files=CaseFiles(sex="female"))


def test_bcf_equals_vcf(tumor: Path, tmp_path: Path) -> None:
    with open_vcf(tumor) as source:
        header, lines = source.header, [item.line for item in source]
    with VcfSink(tmp_path / "tumor.bcf", header) as sink:
        sink.write(lines)
    text, binary = (
        run_tmb(path, preset="pcgr-coding", megabases=1.0)
        for path in (tumor, tmp_path / "tumor.bcf")
    )
    assert (text.tmb, text.counted, text.variants) == (binary.tmb, binary.counted, binary.variants)


@pytest.mark.shared
@pytest.mark.parametrize(
    "name",
    ["gms560/HD832.ensembled.vep_annotated.vcf", "gms560/HD832.background_annotation.vcf.gz"],
)
def test_reads_of_a_block_equal_those_of_each_record(shared: Path, name: str) -> None:
    with open_vcf(shared / name) as source:
        reader = CallReader(source.header, assign_roles(source.header))
        lazy = LazyReader(reader)
        for block in source.packed():
            columns = columns_of(block, reader)
            reads = [columns.column(Name(f"tumor.{part}")).values.tolist() for part in READS]
            row = 0
            for one in block:
                for slow, quick in zip(lazy(one), lazy(one), strict=True):
                    quick.know(reads, row)
                    row += 1
                    assert isinstance(quick.tumor, AlleleCounts)
                    assert quick.tumor == slow.tumor
