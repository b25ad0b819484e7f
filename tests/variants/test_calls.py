"""Counts of every caller's dialect, read from lines as those callers write them."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumorkit.genome.variant import Variant
from tumorkit.genome.vcf import VcfHeader, VcfRecord
from tumorkit.io.vcf import open_vcf
from tumorkit.variants.calls import CallReader, dialect_of, variants_of
from tumorkit.variants.counts import read_columns
from tumorkit.variants.lazy import LazyReader
from tumorkit.variants.roles import Roles, assign_roles


def read(
    alleles: str,
    keys: str,
    normal: str | None,
    tumor: str,
    *,
    info: str = ".",
    filters: str = "PASS",
    meta: tuple[str, ...] = (),
) -> list[Variant]:
    """Return the variants of one record whose columns are normal, then tumour."""
    ref, alt = alleles.split(">")
    samples = ("TUMOR",) if normal is None else ("NORMAL", "TUMOR")
    header = VcfHeader(meta, samples)
    columns = ["1", "8450", ".", ref, alt, ".", filters, info, keys]
    columns += [tumor] if normal is None else [normal, tumor]
    return variants_of(VcfRecord("\t".join(columns), header), assign_roles(header), header)


def numbers(variant: Variant, *, normal: bool = False) -> tuple[object, ...]:
    counts = variant.normal if normal else variant.tumor
    assert counts is not None
    return counts.depth, counts.ref_depth, counts.alt_depth, counts.vaf


def strands(variant: Variant) -> tuple[object, ...]:
    counts = variant.tumor
    return counts.ref_forward, counts.ref_reverse, counts.alt_forward, counts.alt_reverse


def test_mutect2() -> None:
    keys = "GT:AD:AF:DP:F1R2:F2R1:FAD:SB"
    (hit,) = read(
        "T>G",
        keys,
        "0/0:28,1:0.038:29:15,0:9,0:28,1:15,13,1,0",
        "0/1:0,44:0.978:44:0,23:0,21:0,44:0,0,22,22",
        info="AS_SB_TABLE=15,13|23,22;TLOD=174.77",
    )
    assert numbers(hit) == (44, 0, 44, 0.978)
    assert numbers(hit, normal=True) == (29, 28, 1, 0.038)
    assert strands(hit) == (0, 0, 22, 22)


def test_mutect2_posterior_fraction_without_reads_is_zero() -> None:
    (hit,) = read("G>A", "GT:AD:AF:DP", "0/0:30,0:0.032:30", "0/1:0,45:0.979:45")
    assert numbers(hit, normal=True) == (30, 30, 0, 0.0)


def test_mutect2_pooled_strand_table_speaks_only_for_a_single_sample() -> None:
    info = "AS_SB_TABLE=15,13|23,22|4,5"
    hits = read("T>G,C", "GT:AD", None, "0/1/2:28,45,9", info=info)
    assert [strands(hit) for hit in hits] == [(15, 13, 23, 22), (15, 13, 4, 5)]
    hits = read("T>G,C", "GT:AD", "0/0:9,0,0", "0/1/2:28,45,9", info=info)
    assert strands(hits[0]) == (None, None, None, None)


def test_mutect2_filter_status_is_per_allele() -> None:
    first, second = read(
        "A>C,G",
        "GT:AD",
        None,
        "0/1/2:50,20,2",
        info="AS_FilterStatus=SITE|weak_evidence",
        meta=('##INFO=<ID=AS_FilterStatus,Number=A,Type=String,Description="Status">',),
    )
    assert first.filters == ("PASS",)
    assert second.filters == ("weak_evidence",)
    assert [hit.tumor.alt_depth for hit in (first, second)] == [20, 2]


def test_verdicts_of_an_earlier_filtering_are_per_allele() -> None:
    meta = ('##INFO=<ID=TK_FILTER,Number=A,Type=String,Description="Filters">',)
    hits = read("A>C,G", "GT:AD", None, "0/1/2:50,20,2", info="TK_FILTER=PASS,a&b", meta=meta)
    assert [hit.filters for hit in hits] == [("PASS",), ("a", "b")]


def test_lazy_variants_know_the_verdicts_too() -> None:
    meta = ('##INFO=<ID=TK_FILTER,Number=A,Type=String,Description="Filters">',)
    header = VcfHeader(meta, ("TUMOR",))
    line = "1\t5\t.\tA\tC,G\t.\tPASS\tTK_FILTER=PASS,low\tGT:AD\t0/1/2:50,20,2"
    reader = CallReader(header, assign_roles(header))
    hits = LazyReader(reader)(VcfRecord(line, header))
    assert [hit.filters for hit in hits] == [("PASS",), ("low",)]


def test_strelka_snv() -> None:
    (hit,) = read(
        "T>G",
        "DP:FDP:SDP:SUBDP:AU:CU:GU:TU",
        "30:0:0:0:0,0:0,0:1,1:29,29",
        "44:0:0:0:0,0:0,0:44,44:0,0",
    )
    assert numbers(hit) == (44, 0, 44, 1.0)
    assert numbers(hit, normal=True) == (30, 29, 1, 1 / 30)


def test_strelka_call_of_the_second_tier() -> None:
    (hit,) = read(
        "G>A",
        "DP:FDP:SDP:SUBDP:AU:CU:GU:TU",
        "22:1:0:0:0,8:0,0:21,158:0,0",
        "15:1:0:0:0,9:0,0:10,181:4,4",
        info="TQSS=2",
    )
    assert numbers(hit) == (194, 181, 9, 9 / 190)


def test_strelka_reads_both_samples_from_one_tier() -> None:
    # The Strelka admixture of Platinum Genomes, chr21:9889435, PASS.
    (hit,) = read(
        "C>T",
        "DP:FDP:SDP:SUBDP:AU:CU:GU:TU",
        "25:0:0:0:0,0:25,58:0,0:0,11",
        "31:0:0:0:0,0:25,58:0,0:6,18",
        info="TQSS=2",
    )
    assert numbers(hit) == (31, 25, 6, 6 / 31)
    assert numbers(hit, normal=True) == (25, 25, 0, 0.0)
    (hit,) = read("G>GT", "DP:TAR:TIR:TOR", "28:25,40:0,5:3,3", "50:10,20:9,20:4,4", info="TQSI=2")
    assert numbers(hit, normal=True) == (28, 25, 0, 0.0)
    (hit,) = read("G>GT", "DP:TAR:TIR:TOR", "28:25,40:0,5:3,3", "50:10,20:0,9:4,4", info="TQSI=2")
    assert numbers(hit)[1:3] == (20, 9)
    assert numbers(hit, normal=True)[1:3] == (40, 5)


def test_strelka_indel() -> None:
    (hit,) = read("G>GT", "DP:DP2:TAR:TIR:TOR", "28:28:25,25:0,0:3,3", "50:50:0,0:46,46:4,4")
    assert numbers(hit) == (50, 0, 46, 1.0)
    assert numbers(hit, normal=True) == (28, 25, 0, 0.0)


def test_vardict() -> None:
    (hit,) = read(
        "T>G",
        "GT:DP:VD:ALD:RD:AD:AF",
        "0/0:29:0:0,0:15,14:29,0:0",
        "1/1:44:44:22,22:0,0:0,44:1",
    )
    assert numbers(hit) == (44, 0, 44, 1.0)
    assert numbers(hit, normal=True) == (29, 29, 0, 0.0)
    assert strands(hit) == (0, 0, 22, 22)


def test_old_vardict_puts_strands_into_ad() -> None:
    (hit,) = read("T>G", "GT:DP:VD:ALD:RD:AD", None, "0/1:60:20:8,12:22,18:8,12")
    assert numbers(hit) == (60, 40, 20, 20 / 60)


def test_varscan_percent_and_single_depths() -> None:
    (hit,) = read(
        "G>A",
        "GT:GQ:DP:RD:AD:FREQ:DP4",
        "0/0:.:65:62:0:0%:29,33,0,0",
        "0/1:.:126:98:26:20.97%:51,47,16,10",
    )
    assert numbers(hit) == (126, 98, 26, pytest.approx(0.2097))
    assert numbers(hit, normal=True) == (65, 62, 0, 0.0)
    assert strands(hit) == (51, 47, 16, 10)
    (comma,) = read("G>A", "DP:RD:AD:FREQ", None, "126:98:26:20,97%")
    assert comma.tumor.vaf == pytest.approx(0.2097)


def test_varscan_with_two_alternatives_does_not_guess() -> None:
    hits = read("G>A,C", "DP:RD:AD:FREQ", None, "126:98:26:20.97%")
    assert [numbers(hit) for hit in hits] == [(126, 98, None, None)] * 2


def test_varscan_single_sample() -> None:
    (hit,) = read(
        "T>C",
        "GT:ABQ:AD:ADF:ADR:DP:FREQ:GQ:PVAL:RBQ:RD:RDF:RDR:SDP",
        None,
        "0/1:36:2:1:1:274:0.73%:0:9.8E-1:35:272:115:157:274",
    )
    assert numbers(hit) == (274, 272, 2, 0.0073)
    assert strands(hit) == (115, 157, 1, 1)


def test_lofreq_info_is_the_tumor_and_the_normal_is_unknown() -> None:
    header = VcfHeader((), ())
    line = "1\t9113\t.\tT\tA\t451\tPASS\tDP=63;AF=0.507937;SB=0;DP4=17,14,16,16;SOMATIC;UQ=72"
    (hit,) = variants_of(VcfRecord(line, header), assign_roles(header))
    assert numbers(hit) == (63, 31, 32, 0.507937)
    assert strands(hit) == (17, 14, 16, 16)
    assert hit.normal is None


def test_info_af_of_a_sites_only_file_is_not_the_tumors() -> None:
    header = VcfHeader((), ())
    line = "1\t9113\t.\tT\tA\t451\tPASS\tDP=63000;AF=0.2"
    (hit,) = variants_of(VcfRecord(line, header), assign_roles(header))
    assert numbers(hit) == (None, None, None, None)


@pytest.mark.parametrize(
    ("meta", "dialect"),
    [
        (("##source=VarDict_v1.8.2",), "vardict"),
        (("##MutectVersion=2.2",), "mutect2"),
        (("##source=strelka",), "strelka"),
        (("##source=lofreq call",), "lofreq"),
        (tuple(f"##FORMAT=<ID={key},Number=1>" for key in ("RD", "FREQ")), "varscan"),
        (tuple(f"##FORMAT=<ID={key},Number=1>" for key in ("VD", "ALD", "RD", "FREQ")), "ensemble"),
        (("##INFO=<ID=CALLERS,Number=.>", "##source=VarDict_v1.8.2"), "ensemble"),
        ((), "unknown"),
    ],
)
def test_the_caller_is_known_by_its_header(meta: tuple[str, ...], dialect: str) -> None:
    assert dialect_of(VcfHeader(meta, ())) == dialect


def test_somatic_sniper() -> None:
    (hit,) = read(
        "T>A",
        "GT:IGT:DP:DP4:BCOUNT",
        "0/0:0/0:24:9,15,0,0:0,0,0,24",
        "0/1:0/1:63:17,14,16,16:32,0,0,31",
    )
    assert numbers(hit) == (63, 31, 32, 32 / 63)
    assert strands(hit) == (17, 14, 16, 16)


@pytest.mark.parametrize(
    ("keys", "tumor"),
    [
        ("GT:DP:AD:RO:AO", "1/2:99:0,50,49:0:50,49"),
        ("GT:FDP:FRO:FAO:RO:AO", "1/2:99:0:50,49:9:1,1"),
    ],
)
def test_two_alternatives_of_one_site_share_its_reads(keys: str, tumor: str) -> None:
    first, second = read("G>A,C", keys, None, tumor)
    assert numbers(first) == (99, 0, 50, 50 / 99)
    assert numbers(second) == (99, 0, 49, 49 / 99)


def test_tnscope_fraction_is_its_own() -> None:
    (hit,) = read("C>T", "GT:AD:AF:ALTHC:QSS", None, "0/1:948,5:0.00524659:4:62319,182")
    assert numbers(hit) == (953, 948, 5, 0.00524659)


def test_dragen() -> None:
    (hit,) = read(
        "C>T",
        "GT:SQ:AD:AF:F1R2:F2R1:DP:SB:MB",
        None,
        "0/1:0.00:167,1:0.0060:75,1:92,0:168:78,89,1,0:84,83,1,0",
    )
    assert numbers(hit) == (168, 167, 1, 0.006)
    assert strands(hit) == (78, 89, 1, 0)


@pytest.mark.parametrize(
    ("name", "keys", "tumor", "expected"),
    [
        (
            "Pisces",
            "GT:GQ:AD:DP:VF:NL:SB:NC",
            "0/1:100:272,13:286:0.04545:30:-100.0000:0.3024",
            (286, 272, 13, 0.04545),
        ),
        (
            "FreeBayes",
            "GT:DP:AD:RO:QR:AO:QA",
            "0/1:91:46,44:46:1452:44:1567",
            (91, 46, 44, 44 / 90),
        ),
        ("CaVEMan, early", "GT:AA:CA:GA:TA:PM", "0|1:4:0:9:0:3.1e-01", (13, 9, 4, 4 / 13)),
        (
            "CaVEMan",
            "GT:FAZ:FCZ:FGZ:FTZ:RAZ:RCZ:RGZ:RTZ:PM",
            "0|1:3:0:10:0:2:0:9:1:2.0e-01",
            (25, 19, 5, 5 / 24),
        ),
        ("MuTect 1", "GT:AD:BQ:DP:FA", "0/1:11,3:29:14:0.214", (14, 11, 3, 0.214)),
        ("MuTect 1 without AD", "GT:BQ:DP:FA", "0/1:29:14:0.214", (14, None, 3, 0.214)),
        ("MuSE", "GT:DP:AD:BQ:SS", "0/1:142:130,12:38,31:2", (142, 130, 12, 12 / 142)),
        ("RADIA", "GT:DP:AD:AF", "0/1:106:95,11:0.9,0.1", (106, 95, 11, 0.1)),
        ("Octopus", "GT:DP:AD:MAP_VAF", "0/1:90:12:0.13", (90, None, 12, 0.13)),
        ("SomaticSeq", "GT:DP4:CD4:VAF", "0/1:3,2,20,24:5,0,44,0:0.898", (49, 5, 44, 44 / 49)),
        ("DeepSomatic", "GT:GQ:DP:AD:VAF:PL", "1/1:31:80:60,20:0.25:0,1,2", (80, 60, 20, 0.25)),
        (
            "Ion Torrent",
            "GT:DP:RO:AO:FDP:FRO:FAO:AF",
            "0/1:9:8:1:99:70:24:.3",
            (99, 70, 24, 24 / 94),
        ),
        ("samtools", "GT:DP:DV", "0/1:50:7", (50, None, 7, 7 / 50)),
        ("cgpPindel fragments", "GT:FC:FD", "0/1:6:60", (60, None, 6, 0.1)),
        (
            "cgpPindel reads",
            "GT:PP:NP:PB:NB:PD:ND:PR:NR:PU:NU",
            "./.:3:4:0:0:3:4:20:50:3:4",
            (70, None, 7, 0.1),
        ),
        ("Delly", "GT:RR:RV", "0/1:289:172", (461, 289, 172, 172 / 461)),
        ("reference unknown", "GT:AD:DP", "0/1:.,21:54", (54, None, 21, 21 / 54)),
        ("all unknown", "GT:AD:DP", "0/1:.,.:.", (None, None, None, None)),
        ("fields left out", "GT:AD:DP", "./.", (None, None, None, None)),
        ("wrong arity", "GT:AD:DP", "0/1:10,4,3:30", (30, None, None, None)),
        ("depth below its parts", "GT:AD:DP", "0/1:10,10:12", (20, 10, 10, 0.5)),
        ("no reads", "GT:AD:DP", "0/1:0,0:0", (0, 0, 0, None)),
    ],
)
def test_dialect(name: str, keys: str, tumor: str, expected: tuple[object, ...]) -> None:
    (hit,) = read("G>A", keys, None, tumor)
    assert numbers(hit) == tuple(
        pytest.approx(value) if isinstance(value, float) else value for value in expected
    ), name


def test_deepsomatic_normal_stands_in_the_tumor_column() -> None:
    (hit,) = read("G>A", "GT:DP:AD:VAF:NDP:NAD:NAF", None, "1/1:80:60,20:0.25:40:40,0:0")
    assert numbers(hit, normal=True) == (40, 40, 0, 0.0)


def test_a_site_without_a_variant_has_no_variants() -> None:
    assert read("G>.", "GT:AD:DP:MMQ", None, "0/0:34:34:.") == []


def test_format_may_be_missing() -> None:
    (hit,) = read("G>A", ".", ".", ".")
    assert numbers(hit) == (None, None, None, None)


def test_fields_are_looked_up_per_record() -> None:
    header = VcfHeader((), ("TUMOR",))
    reader = CallReader(header, assign_roles(header))
    lines = [
        "1\t5\t.\tG\tA\t.\t.\t.\tDP:AD\t9:5,4",
        "1\t6\t.\tG\tA\t.\t.\t.\tAD:DP\t5,4:9",
    ]
    assert {numbers(reader(VcfRecord(line, header))[0]) for line in lines} == {(9, 5, 4, 4 / 9)}


def test_ensemble_names_its_callers() -> None:
    meta = ('##INFO=<ID=CALLERS,Number=.,Type=String,Description="Individual caller support">',)
    (hit,) = read("G>A", "AD", None, "5,4", info="CALLERS=vardict,gatk_mutect2", meta=meta)
    assert hit.callers == ("vardict", "gatk_mutect2")


@given(
    st.lists(st.tuples(*[st.integers(0, 500)] * 3), min_size=1, max_size=4),
    st.integers(0, 500),
    st.booleans(),
)
def test_split_and_joined_records_count_the_same(
    alts: list[tuple[int, int, int]], ref: int, swapped: bool
) -> None:
    bases = ["A", "C", "T", "GA"][: len(alts)]
    depth = ref + sum(alt for alt, _, _ in alts)
    samples = ("TUMOR", "NORMAL") if swapped else ("NORMAL", "TUMOR")
    header = VcfHeader((), samples)
    roles = Roles(tumor="TUMOR", normal="NORMAL")

    def counted(which: list[int]) -> list[Variant]:
        tumor = f"{ref},{','.join(str(alts[i][0]) for i in which)}:{depth}"
        normal = f"9,{','.join(str(alts[i][1]) for i in which)}:3000"
        alt = ",".join(bases[i] for i in which)
        columns = [normal, tumor][:: -1 if swapped else 1]
        line = "\t".join(["1", "5", ".", "G", alt, ".", ".", ".", "AD:DP", *columns])
        return variants_of(VcfRecord(line, header), roles, header)

    joined = counted(list(range(len(alts))))
    assert joined == [counted([i])[0] for i in range(len(alts))]


@pytest.mark.shared
@pytest.mark.parametrize("folder", ["calls/vcf2maf", "calls/somaticseq"])
def test_every_record_of_real_callers_gives_its_alleles(shared: Path, folder: str) -> None:
    for path in sorted((shared / folder).rglob("*.vcf*")):
        if path.suffix == ".tbi":
            continue
        with open_vcf(path) as source:
            roles = assign_roles(source.header, path=path)
            reader = CallReader(source.header, roles)
            for record in source:
                variants = reader(record)
                assert len(variants) == len(record.alts), path
                for hit in variants:
                    for counts in filter(None, (hit.tumor, hit.normal)):
                        assert counts.vaf is None or 0 <= counts.vaf <= 1, (path, record)
                        known = (counts.alt_depth or 0) + (counts.ref_depth or 0)
                        assert counts.depth is None or known <= counts.depth, (path, record)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "pos", "tumor", "normal"),
    [
        ("vcf2maf/test_mutect.vcf", 2587467, (14, 11, 3), (4, 4, 0)),
        ("vcf2maf/test_muse.vcf", 8715966, (142, 130, 12), (105, 104, 0)),
        ("vcf2maf/test_strelka.vcf", 35944648, (58, 2, 56), (78, 78, 0)),
        ("vcf2maf/test_varscan.vcf", 1991014, (91, 56, 35), (117, 59, 56)),
        ("vcf2maf/test_sniper.vcf", 1233886, (7, 3, 4), (10, 10, 0)),
        ("vcf2maf/test_radia.vcf", 29651735, (106, 95, 11), (117, 117, 0)),
        ("vcf2maf/test_pindel.vcf", 16890971, (47, 43, 4), (46, 46, 0)),
        ("vcf2maf/test_delly.vcf", 42843749, (461, 289, 172), (263, 263, 0)),
        ("vcf2maf/test_merged.vcf", 2629005, (29, 12, 6), (24, 12, 0)),
        ("vcf2maf/test_b37.vcf", 36164589, (54, None, 21), (0, None, None)),
        ("somaticseq/paired_example/MuTect2.vcf.gz", 8450, (44, 0, 44), (29, 28, 1)),
        ("somaticseq/paired_example/VarDict.vcf.gz", 4998, (47, 46, 0), (30, 28, 2)),
        ("somaticseq/paired_example/LoFreq.snv.vcf.gz", 8492, (45, 0, 45), None),
        ("somaticseq/paired_example/Scalpel.vcf.gz", 9975, (65, 33, 32), (13, 13, 0)),
        ("somaticseq/paired_example/Strelka.indel.vcf.gz", 22129, (54, 23, 27), (35, 35, 0)),
        ("somaticseq/paired_example/SomaticSniper.vcf.gz", 8492, (45, 0, 45), (31, 30, 0)),
        ("somaticseq/paired_example/Consensus.sSNV.vcf.gz", 8450, (44, 0, 44), (30, 29, 1)),
        ("somaticseq/tumor_only_example/Strelka.vcf.gz", 8450, (43, 0, 43), None),
    ],
)
def test_counts_equal_those_read_by_eye(
    shared: Path,
    name: str,
    pos: int,
    tumor: tuple[object, ...],
    normal: tuple[object, ...] | None,
) -> None:
    with open_vcf(shared / "calls" / name) as source:
        reader = CallReader(source.header, assign_roles(source.header))
        hit = next(reader(record)[0] for record in source if record.pos == pos)
    assert numbers(hit)[:3] == tumor
    assert (hit.normal and numbers(hit, normal=True)[:3]) == normal


FIELDS = st.sampled_from(
    [
        "0",
        "7",
        "30",
        ".",
        "",
        "3,4",
        "20,5",
        "0,0",
        "9,1,2",
        ".,4",
        "0.25",
        "1e-3",
        "nan",
        "7%",
        "2",
    ]
)


@given(
    st.lists(st.sampled_from(["GT", "AD", "DP", "AF", "VAF", "RO", "AO"]), min_size=1, unique=True),
    st.lists(
        st.tuples(st.sampled_from(["C", "C,G", "."]), st.lists(FIELDS, max_size=7)), max_size=5
    ),
)
def test_fast_columns_equal_the_slow_reading(
    keys: list[str], drawn: list[tuple[str, list[str]]]
) -> None:
    header = VcfHeader((), ("TUMOR",))
    reader = CallReader(header, assign_roles(header))
    records = [
        VcfRecord(
            "\t".join(
                ["1", "5", ".", "A", alt, ".", ".", ".", ":".join(keys), ":".join(row) or "."]
            ),
            header,
        )
        for alt, row in drawn
    ]
    slow = [reads for record in records for reads in reader.tumor_reads(record)]
    fast = read_columns(records, 9, reader.tumor_reads).T
    for one, other in zip(slow, fast, strict=True):
        expected = [math.nan if value is None else value for value in one]
        np.testing.assert_allclose(other, expected, rtol=1e-15)
