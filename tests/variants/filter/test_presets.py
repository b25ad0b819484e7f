"""Every limit of a preset is the one that its source gives, on both sides of the value."""

from __future__ import annotations

from typing import Any

import pytest

from tumorkit.variants.filter import preset
from tumorkit.variants.filter.examples import ExampleColumns, verdicts
from tumorkit.variants.filter.judge import judge_columns
from tumorkit.variants.filter.specification import Example

SOR, RPA, MQ, SWE, FRQ, ARTEFACT, HIGH = (
    'INFO["SOR"]', 'INFO["RPA"][0]', 'INFO["MQ"]', 'INFO["SWEGENAF"]', 'INFO["Frq"]',
    'INFO["ArtefactFrq"]', 'INFO["HighOccurrenceFrq"]',
)  # fmt: skip
TN, VD = {"callers": ["tnscope"]}, {"callers": ["vardict"]}
HS, TERT = {"hotspot": True, "gene": "KRAS"}, {"hotspot": True, "gene": "TERT"}
Given = dict[str, Any]
# preset, what else holds, quantity, last value that passes, first that fails, filter.
# Sources: Clinical-Genomics/BALSAMIC 19.0.0 variant_filters.py; Twist_Solid 1.4.2 config/filters;
# hmftools sage/README.md.
ROWS: list[tuple[str, Given, str, Any, Any, str]] = [
    ("twist-solid", {}, "tumor.vaf", 0.01, 0.0099, "AF_lt_0.01"),
    ("twist-solid", {}, "gnomad_af", 0.005, 0.0051, "Germline"),
    ("twist-solid", {}, "tumor.alt_depth", 20, 19, "AD_lt_20"),
    ("twist-solid", HS, "tumor.alt_depth", 10, 9, "AD_HS_lt_10"),
    ("twist-solid", TERT, "tumor.alt_depth", 4, 3, "AD_TERT_lt_4"),
    ("twist-solid", {"kind": "snv"}, 'INFO["PositionNrSD"]', 4, 3.99, "Background_lt_4"),
    ("twist-solid", {'INFO["ArtifactNrSD"][0]': 4.9}, 'INFO["Artifact"][0]', 3, 4, "Artifact_gt_3"),
    ("twist-solid", {'INFO["Artifact"][0]': 9}, 'INFO["ArtifactNrSD"][0]', 5, 4.9, "Artifact_gt_3"),
    ("twist-ctdna-umi", {"kind": "snv"}, "tumor.vaf", 0.003, 0.0029, "af_outside"),
    ("twist-ctdna-umi", {"kind": "snv"}, "tumor.vaf", 0.997, 0.9971, "af_outside"),
    ("twist-ctdna-umi", {"kind": "snv", "hotspot": True}, "tumor.vaf", 0.0025, 0.0024,
     "af_outside"),
    ("twist-ctdna-umi", {"kind": "insertion"}, "tumor.vaf", 0.005, 0.0049, "af_outside"),
    ("twist-ctdna-umi", {"kind": "deletion"}, "tumor.vaf", 0.995, 0.9951, "af_outside"),
    ("twist-ctdna-umi", {"kind": "complex"}, "tumor.vaf", 0.009, 0.0089, "af_outside"),
    ("twist-ctdna-umi", {"kind": "mnv"}, "tumor.vaf", 0.006, 0.0059, "af_outside"),
    ("twist-ctdna-umi", {"kind": "snv"}, "tumor.alt_depth", 10, 9, "ad_low"),
    ("twist-ctdna-umi", {"kind": "snv"}, "tumor.ref_depth", 10, 9, "ad_low"),
    ("twist-ctdna-umi", {"kind": "snv", "hotspot": True}, "tumor.alt_depth", 6, 5, "ad_low"),
    ("twist-ctdna-umi", {"kind": "insertion"}, "tumor.alt_depth", 10, 9, "ad_low"),
    ("twist-ctdna-umi", {"kind": "complex"}, "tumor.alt_depth", 20, 19, "ad_low"),
    ("twist-ctdna-umi", {"kind": "mnv"}, "tumor.alt_depth", 15, 14, "ad_low"),
    ("twist-ctdna-umi", {"kind": "snv"}, 'INFO["PositionNrSD"]', 6, 5.9, "Background_lt_6SD"),
    ("twist-ctdna-umi", {'INFO["ArtifactNrSD"][1]': 5.9}, 'INFO["Artifact"][1]', 2, 3,
     "Artifact_gt_2"),
    ("twist-ctdna-umi", {}, "gnomad_af", 0.005, 0.0051, "germline_gnomad"),
    ("twist-ctdna-umi", {}, "tumor.alt_reverse", 3, 2, "ald_skewed"),
    ("twist-ctdna-umi", {'INFO["ODDRATIO"]': 1.6}, 'INFO["SBF"]', 0.01, 0.009, "sbf_strand_bias"),
    ("twist-ctdna-umi", {'INFO["SBF"]': 0.001}, 'INFO["ODDRATIO"]', 1.5, 1.6, "sbf_strand_bias"),
    ("twist-ctdna-umi", {}, 'INFO["PMEAN"]', 15, 14.9, "start_of_read"),
    ("balsamic-wgs-tumor-only", {}, "tumor.alt_depth", 4, 3, "low_alt_reads"),
    ("balsamic-wgs-tumor-only", {}, "tumor.depth", 10, 9, "low_depth"),
    ("balsamic-wgs-tumor-only", {}, "tumor.vaf", 0.051, 0.05, "low_vaf"),
    ("balsamic-wgs-tumor-only", {'FORMAT["AD"][1]': 10}, 'FORMAT["QSS"][1]', 100, 99,
     "low_base_quality"),
    ("balsamic-wgs-tumor-only", {}, 'FORMAT["ALT_F2R1"]', 1, 0, "one_orientation"),
    ("balsamic-wgs-tumor-only", {}, SOR, 3.99, 4, "strand_odds"),
    ("balsamic-wgs-tumor-only", {}, "gnomad_popmax", 0.001, 0.0011, "population"),
    ("balsamic-wgs-tumor-only", {}, FRQ, 0.007, 0.0071, "in_house_frequency"),
    ("balsamic-wgs-paired", {}, "tumor.alt_depth", 3, 2, "low_alt_reads"),
    ("balsamic-wgs-paired", {}, "tumor.depth", 10, 9, "low_depth"),
    ("balsamic-wgs-paired", {}, "tumor.vaf", 0.05, 0.049, "low_vaf"),
    ("balsamic-wgs-paired", {}, SOR, 3.99, 4, "strand_odds"),
    ("balsamic-wgs-paired", {"tumor.vaf": 0.5}, "normal.vaf", 0.15, 0.16, "in_normal"),
    ("balsamic-wgs-paired", {}, "gnomad_popmax", 0.001, 0.0011, "population"),
    ("balsamic-wgs-paired", {}, FRQ, 0.007, 0.0071, "in_house_frequency"),
    ("balsamic-tga-tumor-only", {}, "tumor.alt_depth", 5, 4, "low_alt_reads"),
    ("balsamic-tga-tumor-only", {}, "tumor.depth", 50, 49, "low_depth"),
    ("balsamic-tga-tumor-only", {}, "tumor.vaf", 0.005, 0.0049, "low_vaf"),
    ("balsamic-tga-tumor-only", {**TN, 'FORMAT["AD"][1]': 10}, 'FORMAT["QSS"][1]', 200, 199,
     "low_base_quality"),
    ("balsamic-tga-tumor-only", TN, SOR, 2.69, 2.7, "strand_odds"),
    ("balsamic-tga-tumor-only", TN, RPA, 12, 13, "long_repeat"),
    ("balsamic-tga-tumor-only", VD, MQ, 30, 29, "low_mapping_quality"),
    ("balsamic-tga-tumor-only", {}, "gnomad_popmax", 0.005, 0.0051, "population"),
    ("balsamic-tga-tumor-only", {}, FRQ, 0.01, 0.011, "in_house_frequency"),
    ("balsamic-tga-tumor-only", {}, HIGH, 0.3, 0.31, "high_occurrence"),
    ("balsamic-tga-paired", {}, "tumor.alt_depth", 5, 4, "low_alt_reads"),
    ("balsamic-tga-paired", {}, "tumor.depth", 50, 49, "low_depth"),
    ("balsamic-tga-paired", {}, "tumor.vaf", 0.005, 0.0049, "low_vaf"),
    ("balsamic-tga-paired", TN, SOR, 2.99, 3, "strand_odds"),
    ("balsamic-tga-paired", TN, RPA, 12, 13, "long_repeat"),
    ("balsamic-tga-paired", VD, 'normal.FORMAT["MQ"]', 30, 29, "low_mapping_quality"),
    ("balsamic-tga-paired", {"tumor.vaf": 0.5}, "normal.vaf", 0.15, 0.16, "in_normal"),
    ("balsamic-tga-paired", {}, "gnomad_popmax", 0.005, 0.0051, "population"),
    ("balsamic-tga-paired", {}, FRQ, 0.01, 0.011, "in_house_frequency"),
    ("balsamic-tga-paired", {}, HIGH, 0.3, 0.31, "high_occurrence"),
    ("balsamic-umi-tumor-only", {}, "gnomad_popmax", 0.02, 0.021, "population"),
    ("balsamic-umi-tumor-only", {}, FRQ, 0.01, 0.011, "in_house_frequency"),
    ("balsamic-umi-paired", {}, "gnomad_popmax", 0.02, 0.021, "population"),
    ("balsamic-umi-paired", {"tumor.vaf": 0.5}, "normal.vaf", 0.15, 0.16, "in_normal"),
    ("balsamic-umi-paired", {}, FRQ, 0.01, 0.011, "in_house_frequency"),
    *((name, {}, SWE, 0.01, 0.011, "swegen") for name in (
        "balsamic-wgs-tumor-only", "balsamic-wgs-paired", "balsamic-tga-tumor-only",
        "balsamic-tga-paired", "balsamic-umi-tumor-only", "balsamic-umi-paired")),
    *((name, {}, ARTEFACT, 0.1, 0.11, "artefact") for name in (
        "balsamic-wgs-tumor-only", "balsamic-wgs-paired", "balsamic-tga-tumor-only",
        "balsamic-tga-paired", "balsamic-umi-tumor-only", "balsamic-umi-paired")),
    *(("sage-tiers", {'INFO["TIER"]': tier}, "quality", least, least - 1, "low_quality")
      for tier, least in (("HOTSPOT", 20), ("PANEL", 50), ("HIGH_CONFIDENCE", 80),
                          ("LOW_CONFIDENCE", 140))),
    *(("sage-tiers", {'INFO["TIER"]': tier}, "tumor.vaf", least, least - 0.001, "low_vaf")
      for tier, least in (("HOTSPOT", 0.01), ("PANEL", 0.02), ("HIGH_CONFIDENCE", 0.025),
                          ("LOW_CONFIDENCE", 0.025))),
    *(("sage-tiers", {'INFO["TIER"]': tier}, "tumor.alt_depth", least, least - 1, "low_alt_reads")
      for tier, least in (("HOTSPOT", 2), ("PANEL", 3), ("LOW_CONFIDENCE", 3))),
    *(("sage-tiers", {'INFO["TIER"]': tier, "tumor.vaf": vaf}, "normal.vaf", most, most + 0.001,
       "normal_vaf")
      for tier, vaf, most in (("HOTSPOT", 0.07, 0.07), ("HOTSPOT", 0.5, 0.1), ("PANEL", 0.14, 0.07),
                              ("PANEL", 0.02, 0.05), ("HIGH_CONFIDENCE", 0.9, 0.05))),
    ("tumor-only-strict", {}, "population_af", 0.0005, 0.00051, "population"),
]  # fmt: skip


def failing(name: str, given: Given) -> list[str]:
    specification = preset(name)
    columns = ExampleColumns(Example(given, ""))
    return verdicts(specification, judge_columns(specification, specification.filters, columns))


@pytest.mark.parametrize(("name", "given", "quantity", "passes", "fails", "filter_id"), ROWS)
def test_a_limit_is_its_sources(
    name: str, given: Given, quantity: str, passes: float, fails: float, filter_id: str
) -> None:
    assert filter_id not in failing(name, {**given, quantity: passes})
    assert filter_id in failing(name, {**given, quantity: fails})


@pytest.mark.parametrize(
    ("name", "flags"),
    [
        ("balsamic-tga-paired", "DIFF0.2 LongAT P0.9 d5 v3 Q0 germline_risk MERGED"),
        ("balsamic-tga-tumor-only", "AMPBIAS LongMSI Q10 d3 v2 MERGED"),
        ("balsamic-wgs-paired", "DIFF0.2 LongAT P0.9 d5 v3 Q0 germline_risk"),
        ("balsamic-wgs-tumor-only", "AMPBIAS LongMSI Q10 d3 v2"),
        ("balsamic-umi-paired", "DIFF0.2 LongAT P0.9 d5 v3 Q0 germline_risk"),
        ("balsamic-umi-tumor-only", "AMPBIAS LongMSI Q10 d3 v2"),
    ],
)
def test_callers_flags_are_those_of_the_source(name: str, flags: str) -> None:
    common = "Cluster0bp InGap InIns MSI12 NM4.5 SN1.5 f0.001 p8 pSTD q22.5 Bias t_lod_fstar"
    for flag in (*common.split(), "low_t_alt_frac", *flags.split()):
        found = failing(name, {"caller_filter": [flag]})
        assert {"caller_flag", "caller_strand_flag"} & set(found), flag
    assert "fail" not in failing(name, {"caller_filter": ["clustered_events"]})


def test_genes_of_the_umi_preset_are_those_of_the_source() -> None:
    for gene in ("MUC6", "CDC27", "KMT2B", "KMT2C", "KMT2D", "HLA-A", "HLA-B", "HLA-C"):
        assert "noisy_gene" in failing("twist-ctdna-umi", {"gene": gene})
    assert "noisy_gene" not in failing("twist-ctdna-umi", {"gene": "KRAS"})
