"""What counts, what it is divided by, and that every variant is accounted for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tmb.builders import make_variant
from tumorkit.core.rates import rate_interval
from tumorkit.errors import ParameterError
from tumorkit.genome.interval import Interval, Territory
from tumorkit.genome.variant import PopulationFrequency, Variant
from tumorkit.tmb import SCHEMES, TmbParams, TmbResult, compare_tmb, estimate_tmb, scheme_named
from tumorkit.tmb.result import Verdict
from tumorkit.tmb.rules import affected

ONE_MEGABASE = Territory([Interval("chr1", 0, 1_000_000)])
TWIST = scheme_named("twist-gms560")


def score(variants: list[Variant], params: TmbParams | None = None, **more: Any) -> TmbResult:
    given_more = {"annotated": True, **more}
    return estimate_tmb(variants, given_more.pop("territory", ONE_MEGABASE), params, **given_more)


def counts(variant: Variant, scheme: str) -> bool:
    return score([variant], scheme_named(scheme)).counted == 1


def reasons(variant: Variant, scheme: str) -> list[str]:
    verdicts: list[Verdict] = []
    score([variant], scheme_named(scheme), trace=verdicts.append)
    return [reason.code for reason in verdicts[0].reasons]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_plain_missense_variant_counts_in_every_scheme(scheme: str) -> None:
    assert counts(make_variant(hotspot=False, depth=1500), scheme)


@pytest.mark.parametrize("name", SCHEMES)
def test_every_scheme_says_where_it_comes_from(name: str) -> None:
    scheme = SCHEMES[name]
    assert scheme.name == name
    assert scheme.source
    assert scheme.text
    assert (scheme.params.cutoff is None) == (scheme.params.cutoff_source == "")


def test_value_is_count_by_megabases() -> None:
    result = score([make_variant(pos) for pos in range(1, 13)], megabases=1.2)
    assert result.tmb.value == pytest.approx(10.0)
    assert (result.tmb.low, result.tmb.high) == pytest.approx(rate_interval(12, 1.2))
    assert result.tmb.evidence["counted"] == 12


def test_no_variant_is_zero_with_an_upper_limit() -> None:
    result = score([], scheme_named("tso500"))
    assert result.tmb.status == "ok"
    assert result.tmb.value == 0.0
    assert result.tmb.low == 0.0
    assert result.tmb.high == pytest.approx(3.689, abs=1e-3)
    assert result.tmb.call == "TMB-Low"


def test_call_follows_the_value_and_says_how_certain_it_is() -> None:
    high = score([make_variant(pos) for pos in range(1, 11)], scheme_named("tso500"))
    assert high.tmb.call == "TMB-High"
    assert high.tmb.cutoffs[0].certainty == "borderline"
    low = score([make_variant(pos) for pos in range(1, 10)], scheme_named("tso500"))
    assert low.tmb.call == "TMB-Low"
    clear = score([make_variant(pos) for pos in range(1, 31)], scheme_named("tso500"))
    assert clear.tmb.cutoffs[0].certainty == "clear"


@pytest.mark.parametrize(("count", "certainty"), [(6, "clear"), (7, "borderline"), (18, "clear")])
def test_at_the_gms_size_only_few_or_many_are_clear(count: int, certainty: str) -> None:
    # 1.19 Mb and a cut-off of 10: only <= 6 or >= 18 variants decide.
    params = TmbParams(megabases=1.19, cutoff=10.0)
    result = score([make_variant(pos) for pos in range(1, count + 1)], params, territory=None)
    assert result.tmb.cutoffs[0].certainty == certainty


def test_twist_formula_takes_two_germline_variants_off() -> None:
    result = score([make_variant(pos) for pos in range(1, 4)], TWIST, territory=None)
    assert result.tmb.value == pytest.approx((3 - 2.0) * 0.84)
    fewer = score([make_variant(1)], TWIST, territory=None)
    assert fewer.tmb.value == 0.0
    assert fewer.tmb.high is not None
    assert fewer.tmb.high > 2


def test_twist_size_was_fitted_so_targets_only_filter() -> None:
    variants = [*(make_variant(pos) for pos in range(1, 6)), make_variant(2_000_000)]
    result = score(variants, TWIST)
    assert result.counted == 5
    assert result.tmb.value == pytest.approx(3 * 0.84)
    assert result.tmb.evidence["megabases_source"] == "fitted by the scheme"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"alt": "AT"}, "kind"),
        ({"depth": 100}, "depth"),
        ({"alt_depth": 10}, "alt-depth"),
        ({"vaf": 0.049}, "vaf"),
        ({"vaf": 0.951}, "vaf-high"),
        ({"vaf": 0.47}, "germline-vaf"),
        ({"vaf": 0.53}, "germline-vaf"),
        ({"callers": ("vardict",)}, "callers"),
        ({"info": {"AF": "0.2", "TYPE": "Complex"}}, "complex"),
        ({"population": 0.00011}, "population"),
        ({"gene": "MUC6"}, "gene"),
        ({"terms": "synonymous_variant"}, "consequence"),
        ({"terms": "synonymous_variant,missense_variant"}, "consequence"),
    ],
)
def test_twist_rules_at_their_limits(changes: dict[str, Any], code: str) -> None:
    assert reasons(make_variant(**changes), "twist-gms560") == [code]


@pytest.mark.parametrize(
    "changes",
    [
        {"depth": 101},
        {"alt_depth": 11},
        {"vaf": 0.05},
        {"vaf": 0.95},
        {"vaf": 0.4699},
        {"vaf": 0.5301},
        {"population": 0.0001},
        {"terms": "splice_region_variant&stop_gained"},
    ],
)
def test_twist_counts_just_inside_its_limits(changes: dict[str, Any]) -> None:
    assert reasons(make_variant(**changes), "twist-gms560") == []


def test_ctdna_scheme_counts_synonymous_and_faint_variants() -> None:
    name = "twist-gms560-ctdna"
    assert counts(make_variant(terms="synonymous_variant", vaf=0.003), name)
    assert reasons(make_variant(vaf=0.4), name) == ["germline-vaf"]
    assert reasons(make_variant(info={"AF": "0.2", "Artifact": "3,0,36"}), name) == ["panel"]
    assert counts(make_variant(info={"AF": "0.2", "Artifact": "2,0,36"}), name)
    result = score([make_variant(1), make_variant(2)], scheme_named(name), territory=None)
    assert result.tmb.value == pytest.approx(2 * 1.09)


@pytest.mark.parametrize(
    "terms",
    [
        "missense_variant",
        "splice_region_variant&missense_variant",
        "missense_variant&splice_region_variant",
        "splice_region_variant&synonymous_variant",
    ],
)
def test_order_of_consequences_does_not_matter(terms: str) -> None:
    assert counts(make_variant(terms=terms), "pcgr-coding")


def test_pcgr_pattern_leaves_these_out() -> None:
    assert not counts(make_variant(terms="coding_sequence_variant"), "pcgr-coding")
    assert not counts(make_variant(terms="intron_variant"), "pcgr-coding")


def test_first_block_and_chosen_transcript_differ() -> None:
    variant = make_variant(terms="intron_variant,missense_variant")
    blocks = variant.consequences or ()
    chosen = tuple(
        type(block)(terms=block.terms, gene=block.gene, canonical=at == 1)
        for at, block in enumerate(blocks)
    )
    variant = make_variant(consequences=chosen)
    assert reasons(variant, "twist-gms560") == ["consequence"]
    assert counts(variant, "pcgr-coding")


def test_tso500_leaves_mnvs_out_and_f1cdx_counts_them_once() -> None:
    mnv = make_variant(ref="AC", alt="TG", hotspot=False)
    assert reasons(mnv, "tso500") == ["kind"]
    assert counts(mnv, "fda-f1cdx")


@pytest.mark.parametrize(
    ("ref", "alt", "kind", "changed"),
    [
        ("CTT", "CT", "deletion", (100, 101)),
        ("CTT", "CTTT", "insertion", (99, 101)),
        ("CA", "TA", "snv", (99, 100)),
        ("CAG", "CTG", "snv", (100, 101)),
        ("CAT", "CGA", "mnv", (100, 102)),
        ("CAT", "CG", "complex", (100, 102)),
        ("C", "TAG", "complex", (99, 100)),
        ("A", "*", "symbolic", (99, 100)),
    ],
)
def test_bases_that_a_record_adds_to_both_alleles_do_not_count(
    ref: str, alt: str, kind: str, changed: tuple[int, int]
) -> None:
    variant = make_variant(ref=ref, alt=alt)
    assert variant.kind == kind
    assert affected(variant) == changed


def test_drivers_are_left_out_where_they_are_known() -> None:
    assert reasons(make_variant(hotspot=True), "fda-f1cdx") == ["hotspot"]
    truncated = make_variant(gene="TP53", terms="stop_gained", hotspot=False)
    assert reasons(truncated, "fda-f1cdx") == ["suppressor"]
    assert counts(make_variant(gene="TP53", hotspot=False), "fda-f1cdx")
    unknown = score([make_variant(hotspot=None)], scheme_named("fda-f1cdx"))
    assert any("hotspots and drivers are not excluded" in note for note in unknown.notes)
    assert unknown.hotspots_unknown == unknown.counted


def test_balsamic_drops_every_known_identifier_and_counts_introns() -> None:
    assert reasons(make_variant(ids=("rs1",)), "balsamic") == ["known-id"]
    assert counts(make_variant(terms="intron_variant"), "balsamic")


def test_clonal_haematopoiesis_genes_do_not_count_in_plasma() -> None:
    deep = make_variant(gene="DNMT3A", depth=2000, hotspot=False)
    assert reasons(deep, "tso500-ctdna") == ["gene"]


def test_unknown_is_rejected_and_said_but_an_absent_frequency_is_rare() -> None:
    result = score([make_variant(depth=None)], scheme_named("tso500"))
    assert result.rejected == 1
    step = next(step for step in result.waterfall if step.code == "depth")
    assert step.unknown == 1
    assert any("a field was empty: 1" in note for note in result.notes)
    assert counts(make_variant(population=None), "tso500")


def test_a_field_that_is_empty_everywhere_is_not_a_burden_of_zero() -> None:
    bare = [make_variant(pos, vaf=None, depth=None, alt_depth=None) for pos in range(100, 110)]
    result = score(bare, scheme_named("tso500"))
    assert result.tmb.status == "not_evaluable"
    assert "depth >= 50" in str(result.tmb.reason)
    assert "all 10 variants" in str(result.tmb.reason)
    assert score([*bare, make_variant()], scheme_named("tso500")).tmb.status == "ok"


def test_no_annotation_is_not_evaluable_but_counts_need_none() -> None:
    bare = [make_variant(terms=None)]
    result = score(bare, scheme_named("tso500"), annotated=False)
    assert result.tmb.status == "not_evaluable"
    assert "no annotation" in str(result.tmb.reason)
    assert score(bare, TmbParams(megabases=1.0), annotated=False).tmb.status == "ok"


def test_tumor_only_without_frequencies_is_not_evaluable() -> None:
    result = score([make_variant()], TWIST, tumor_only=True, frequencies=())
    assert result.tmb.status == "not_evaluable"
    assert "population frequency" in str(result.tmb.reason)
    paired = scheme_named("msk-impact")
    assert score([make_variant()], paired, tumor_only=False, frequencies=()).tmb.status == "ok"


def test_a_field_that_is_not_declared_fails_loudly() -> None:
    with pytest.raises(ParameterError, match="INFO/CALLERS"):
        score([], TWIST, fields={"INFO/AF"}, frequencies=("MAX_AF", "AF"))
    with pytest.raises(ParameterError, match="MAX_AF") as problem:
        score([], TWIST, frequencies=("gnomAD_AF",), tumor_only=True)
    assert "--population-fields" in problem.value.hint
    with pytest.raises(ParameterError, match="Existing_variation"):
        score([], scheme_named("balsamic"), fields=set())


def test_empty_and_tiny_territories_are_not_evaluable() -> None:
    empty = score([], scheme_named("tso500"), territory=Territory())
    assert empty.tmb.status == "not_evaluable"
    assert "empty" in str(empty.tmb.reason)
    tiny = Territory([Interval("chr1", 0, 1000)])
    assert "below 0.5 Mb" in str(score([], scheme_named("tso500"), territory=tiny).tmb.reason)
    nothing = score([], scheme_named("purple-panel"), territory=None)
    assert "give targets or megabases" in str(nothing.tmb.reason)


def test_overlapping_rows_count_once() -> None:
    rows = [Interval("chr1", 0, 600_000), Interval("chr1", 300_000, 1_000_000)]
    result = score([make_variant()], scheme_named("tso500"), territory=Territory(rows))
    assert result.tmb.value == pytest.approx(1.0)


def test_contig_names_are_matched() -> None:
    territory = Territory([Interval("1", 0, 1_000_000)])
    assert score([make_variant()], scheme_named("tso500"), territory=territory).counted == 1


@pytest.mark.parametrize(
    ("ref", "alt", "pos", "inside"),
    [
        ("A", "T", 1000, True),
        ("A", "T", 1001, False),
        ("AC", "A", 999, True),
        ("AC", "A", 1000, False),  # the deleted base lies outside
        ("A", "AC", 1000, True),
        ("A", "AC", 1001, False),
        ("AC", "GT", 1000, True),
    ],
)
def test_a_variant_outside_the_territory_never_counts(
    ref: str, alt: str, pos: int, inside: bool
) -> None:
    territory = Territory([Interval("chr1", 0, 1000), Interval("chr2", 0, 1_000_000)])
    variant = make_variant(pos, ref=ref, alt=alt)
    assert score([variant], scheme_named("pcgr-coding"), territory=territory).counted == inside


def test_masked_bases_do_not_count_even_with_a_fitted_size() -> None:
    mask = Territory([Interval("1", 0, 500)])
    result = score([make_variant(100), make_variant(600)], TWIST, territory=None, masked=mask)
    assert result.counted == 1


VARIANTS = st.builds(
    make_variant,
    st.integers(1, 2_000_000),
    alt=st.sampled_from(["T", "AT", "<DEL>", "TT", "C"]),
    vaf=st.none() | st.floats(0, 1),
    depth=st.none() | st.integers(0, 3000),
    alt_depth=st.none() | st.integers(0, 300),
    terms=st.sampled_from(
        ["missense_variant", "synonymous_variant", "intron_variant", "stop_gained&splice_region"]
    ),
    gene=st.sampled_from(["TP53", "MUC6", "TET2", "G"]),
    population=st.none() | st.floats(0, 1),
    filters=st.sampled_from([("PASS",), (), ("low",)]),
    ids=st.sampled_from([(), ("rs1",)]),
    hotspot=st.sampled_from([None, True, False]),
)


@given(st.lists(VARIANTS, max_size=30))
@settings(max_examples=60, deadline=None)
def test_totals_add_up_to_the_input(variants: list[Variant]) -> None:
    verdicts: list[Verdict] = []
    params = [scheme.params for scheme in SCHEMES.values()]
    result = compare_tmb(variants, ONE_MEGABASE, params, annotated=True, trace=verdicts.append)
    lead = {
        "seen": result.seen, "counted": result.counted, "rejected": result.rejected,
        "waterfall": result.waterfall, "scheme": result.scheme,
    }  # fmt: skip
    for account in (lead, *(vars(score) for score in result.others)):
        assert account["seen"] == len(variants) == account["counted"] + account["rejected"]
        entered = len(variants)
        for step in account["waterfall"]:
            assert step.entered == entered
            entered = step.remaining
            assert step.entered - step.rejected == step.remaining
            assert step.unknown <= step.rejected
        assert entered == account["counted"]
        mine = [verdict for verdict in verdicts if verdict.scheme == account["scheme"]]
        assert len(mine) == len(variants)
        assert sum(verdict.counted for verdict in mine) == account["counted"]


@given(st.lists(VARIANTS, max_size=20))
@settings(max_examples=30, deadline=None)
def test_one_pass_over_several_schemes_equals_one_pass_each(variants: list[Variant]) -> None:
    params = [scheme.params for scheme in SCHEMES.values()]
    together = compare_tmb(variants, ONE_MEGABASE, params, annotated=True)
    alone = [estimate_tmb(variants, ONE_MEGABASE, one, annotated=True) for one in params]
    assert together.tmb == alone[0].tmb
    assert [score.tmb for score in together.others] == [result.tmb for result in alone[1:]]


def test_variants_on_which_schemes_differ_are_listed() -> None:
    variants = [make_variant(1), make_variant(2, terms="synonymous_variant")]
    params = [scheme_named("pcgr-coding"), scheme_named("msk-impact")]
    result = compare_tmb(variants, ONE_MEGABASE, params, annotated=True)
    assert [row.pos for row in result.differences] == [2]
    assert result.differences[0].verdicts == {
        "pcgr-coding": "counted",
        "msk-impact": "consequence",
    }


def test_reasons_carry_value_and_limit_in_the_order_of_the_rules() -> None:
    verdicts: list[Verdict] = []
    faint = make_variant(vaf=0.04, depth=90, terms="intron_variant")
    score([faint], TWIST, trace=verdicts.append)
    found = [(item.code, item.found, item.limit) for item in verdicts[0].reasons]
    assert found == [
        ("depth", "90", ">= 101"),
        ("vaf", "0.04", ">= 0.05"),
        ("consequence", "intron_variant", "a counted consequence"),
    ]


def test_frequent_variants_that_a_scheme_does_not_ask_for_are_said() -> None:
    asked = {"gnomAD_AF": PopulationFrequency(declared=True, value=0.2)}
    variant = make_variant(frequencies=asked)
    result = score([variant], scheme_named("pytmb-wes"))
    assert result.counted == 1
    assert any("more frequent than 0.001" in note for note in result.notes)


def test_info_frequencies_are_asked_by_pytmb() -> None:
    variant = make_variant(info={"AF": "0.2", "gnomAD_exome_ALL": "0.01"})
    assert reasons(variant, "pytmb-wes") == ["population"]


@pytest.mark.parametrize(
    "values",
    [{"kinds": ("sv",)}, {"germline_vaf": (0.4,)}, {"megabases": 0.0}, {"min_vaf": 2.0}],
)
def test_rules_that_cannot_be_are_refused(values: dict[str, Any]) -> None:
    with pytest.raises(ParameterError):
        TmbParams(**values)


def test_a_consequence_that_nobody_writes_is_not_a_burden_of_zero() -> None:
    with pytest.raises(ParameterError, match="'missense' is no consequence") as problem:
        score([make_variant()], TmbParams(consequences=("missense",), megabases=1.0))
    assert "missense_variant" in problem.value.hint


def test_unknown_preset_suggests_the_nearest() -> None:
    with pytest.raises(ParameterError) as problem:
        scheme_named("twist-gms56")
    assert "twist-gms560" in problem.value.hint


def test_every_scheme_is_described_in_the_methods() -> None:
    page = Path(__file__).parents[2] / "docs" / "methods" / "tmb.md"
    text = page.read_text(encoding="utf-8")
    assert [name for name in SCHEMES if f"| `{name}` |" not in text] == []
