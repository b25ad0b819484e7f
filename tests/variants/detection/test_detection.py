"""Limits of detection: what they promise, against counts that are drawn and filtered one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from tumorkit.errors import ParameterError
from tumorkit.genome.vcf import VcfHeader, VcfRecord
from tumorkit.variants.detection import (
    DetectionParams,
    Site,
    depth_needed,
    detection_limit,
    pass_probability,
)
from tumorkit.variants.filter import filter_variants, load_specification, preset
from tumorkit.variants.roles import Roles

META = (
    "##fileformat=VCFv4.2",
    '##INFO=<ID=Hotspot,Number=1,Type=String,Description="Hotspot classification">',
    '##INFO=<ID=gnomAD_AF,Number=A,Type=Float,Description="Frequency">',
    '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
    '##FORMAT=<ID=AD,Number=R,Type=Integer,Description="Depths">',
    '##FORMAT=<ID=DP,Number=1,Type=Integer,Description="Depth">',
    '##FORMAT=<ID=SB,Number=4,Type=Integer,Description="Strands">',
    "##contig=<ID=chr1,length=248956422>",
)
SPEC = """
tumorkit_filters: 1
name: demo
tiers: [{tier: hotspot, when: hotspot}]
filters:
  - {id: low, says: Too few reads, fail_if: tumor.alt_depth < min, min: {default: 8, hotspot: 3}}
  - {id: faint, says: Too faint, fail_if: tumor.vaf < min, min: 0.02}
  - id: strand
    says: One strand
    fail_if: tumor.alt_forward < min or tumor.alt_reverse < min
    min: 2
  - {id: common, says: Frequent, fail_if: gnomad_af > max, max: 0.01}
rescue:
  - {id: strong, when: hotspot and tumor.alt_depth >= 5, lifts: [strand]}
"""


def drawn_share(vaf: float, depth: int, *, hotspot: bool, draws: int = 4000) -> float:
    """Draw reads, write them as records, filter them: the share that passes."""
    rng = np.random.default_rng(11)
    header, records = VcfHeader(META, ("T",)), []
    for at, alt in enumerate(rng.binomial(depth, vaf, draws).tolist()):
        forward = int(rng.binomial(alt, 0.5))
        ref = depth - alt
        info = "Hotspot=1-hotspot;gnomAD_AF=0" if hotspot else "gnomAD_AF=0"
        sample = f"0/1:{ref},{alt}:{depth}:{ref // 2},{ref - ref // 2},{forward},{alt - forward}"
        fields = ["chr1", str(1000 + at), ".", "A", "T", ".", "PASS", info, "GT:AD:DP:SB", sample]
        records.append(VcfRecord("\t".join(fields), header))
    found = filter_variants(
        [records],
        header,
        Roles(tumor="T"),
        load_specification(SPEC, "spec"),
    )
    return (found.passed + found.rescued) / draws


@pytest.mark.parametrize("hotspot", [False, True])
@pytest.mark.parametrize(("vaf", "depth"), [(0.03, 250), (0.05, 250), (0.04, 600)])
def test_enumeration_equals_drawing_and_filtering(vaf: float, depth: int, hotspot: bool) -> None:
    computed = pass_probability(
        load_specification(SPEC, "spec"), depth=depth, vaf=vaf, site=Site(hotspot=hotspot)
    )
    drawn = drawn_share(vaf, depth, hotspot=hotspot)
    # Four standard errors of 4,000 draws.
    assert computed == pytest.approx(drawn, abs=4 * (0.25 / 4000) ** 0.5)


def test_without_strands_it_is_the_binomial_tail() -> None:
    twist = preset("twist-solid")
    for depth, vaf in ((200, 0.1), (500, 0.05), (2000, 0.012)):
        least = max(20, int(np.ceil(0.01 * depth)))
        assert pass_probability(twist, depth=depth, vaf=vaf) == pytest.approx(
            binom.sf(least - 1, depth, vaf), abs=1e-9
        )


@settings(max_examples=30, deadline=None)
@given(st.integers(30, 3000), st.sampled_from(["twist-solid", "tumor-only-strict"]), st.booleans())
def test_the_limit_passes_with_the_probability_and_a_fainter_one_does_not(
    depth: int, name: str, hotspot: bool
) -> None:
    spec, site = preset(name), Site(hotspot=hotspot)
    limit = detection_limit(spec, depth=depth, site=site)
    if limit.vaf is None:
        assert pass_probability(spec, depth=depth, vaf=0.999, site=site) < 0.95
        return
    assert pass_probability(spec, depth=depth, vaf=limit.vaf, site=site) >= 0.95 - 1e-6
    assert pass_probability(spec, depth=depth, vaf=limit.vaf - 2e-5, site=site) < 0.95


def test_a_hotspot_is_seen_fainter_and_depth_helps() -> None:
    twist = preset("twist-solid")
    shallow, deep = (detection_limit(twist, depth=depth) for depth in (500, 2000))
    hotspot = detection_limit(twist, depth=500, site=Site(hotspot=True))
    assert shallow.vaf is not None
    assert deep.vaf is not None
    assert hotspot.vaf is not None
    assert deep.vaf < shallow.vaf
    assert hotspot.vaf < shallow.vaf
    assert (shallow.reads, hotspot.reads) == (20, 10)


def test_the_depth_that_is_needed_is_the_least_one() -> None:
    for name, vaf in (("twist-solid", 0.05), ("balsamic-tga-tumor-only", 0.02)):
        depth = depth_needed(preset(name), vaf=vaf)
        assert depth is not None
        assert pass_probability(preset(name), depth=depth, vaf=vaf) >= 0.95
        assert pass_probability(preset(name), depth=depth - 1, vaf=vaf) < 0.95


def test_a_fraction_below_the_filters_is_seen_at_no_depth() -> None:
    assert depth_needed(preset("twist-solid"), vaf=0.005) is None


def test_a_gene_that_a_filter_removes_has_no_limit_and_says_why() -> None:
    limit = detection_limit(preset("twist-ctdna-umi"), depth=5000, site=Site(gene="KMT2C"))
    assert limit.vaf is None
    assert limit.failing == ("noisy_gene",)


def test_upper_bounds_do_not_hide_the_lower_limit() -> None:
    limit = detection_limit(preset("twist-ctdna-umi"), depth=5000)
    assert limit.vaf is not None
    assert 0.003 < limit.vaf < 0.006
    assert pass_probability(preset("twist-ctdna-umi"), depth=5000, vaf=0.9999) < 0.5


def test_where_filters_ask_for_no_reads_the_caller_decides() -> None:
    limit = detection_limit(preset("caller-pass"), depth=500)
    assert (limit.vaf, limit.reads) == (None, 1)


def test_what_no_count_tells_is_named() -> None:
    limit = detection_limit(preset("twist-solid"), depth=500)
    assert limit.not_modelled == ("Artifact_gt_3", "Background_lt_4")


def test_a_filter_that_the_preparation_switches_off_does_not_count() -> None:
    spec = load_specification(SPEC, "spec")
    with_strand = detection_limit(spec, depth=250)
    without = detection_limit(spec, depth=250, skipped={"strand": "not applicable"})
    assert with_strand.vaf is not None
    assert without.vaf is not None
    assert without.vaf < with_strand.vaf


def test_more_certainty_needs_a_larger_fraction() -> None:
    twist = preset("twist-solid")
    half = detection_limit(twist, depth=500, params=DetectionParams(probability=0.5))
    most = detection_limit(twist, depth=500, params=DetectionParams(probability=0.99))
    assert half.vaf is not None
    assert most.vaf is not None
    assert half.vaf < 0.041
    assert most.vaf > 0.06


def test_no_depth_is_an_error() -> None:
    with pytest.raises(ParameterError, match="depth"):
        detection_limit(preset("twist-solid"), depth=0)
