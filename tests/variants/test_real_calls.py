"""Counts of real files, read by eye from their lines: depth, reference, alternative, by strand."""

from __future__ import annotations

from pathlib import Path

import pytest

from tumorkit.genome.variant import AlleleCounts
from tumorkit.io.vcf import open_vcf
from tumorkit.variants.calls import CallReader
from tumorkit.variants.roles import assign_roles

Counts = tuple[int | None, int | None, int | None]
Row = tuple[int, Counts, Counts | None, tuple[int, ...] | None]
# Position; tumour; normal; reference forward and reverse, alternative forward and reverse.
READ_BY_EYE: dict[str, tuple[Row, ...]] = {
    "vcf2maf/test_varscan.vcf": (
        (2328714, (115, 0, 115), (91, 0, 91), (0, 0, 0, 115)),
        (7869915, (50, 0, 50), (55, 0, 54), (0, 0, 49, 1)),
        (160141196, (362, 1, 360), (235, 0, 234), (0, 1, 183, 177)),
        (27332282, (84, 75, 8), (230, 121, 109), (16, 59, 1, 7)),
    ),
    "vcf2maf/test_muse.vcf": (
        (8715966, (142, 130, 12), (105, 104, 0), None),
        (13910453, (25, 22, 3), (34, 34, 0), None),
        (245446175, (30, 28, 2), (25, 25, 0), None),
    ),
    "vcf2maf/test_mutect.vcf": (
        (2453125, (206, 175, 30), (192, 160, 31), None),
        (12033120, (3, 0, 3), (7, 0, 7), None),
        (175650399, (18, 2, 16), (11, 5, 6), None),
        (136030446, (4, 2, 2), (0, 0, 0), None),
    ),
    "vcf2maf/test_strelka.vcf": (
        (35944648, (58, 2, 56), (78, 78, 0), None),
        (155264487, (113, 56, 57), (80, 80, 0), None),  # DP counts what was filtered
        (176318224, (97, 89, 7), (97, 97, 0), None),
        (18258303, (86, 45, 41), (101, 101, 0), None),
    ),
    "vcf2maf/test_sniper.vcf": (
        (1648002, (21, 14, 7), (23, 22, 1), (0, 14, 0, 7)),
        (16891705, (81, 61, 20), (77, 69, 7), (8, 53, 4, 16)),
        (29912680, (24, 15, 9), (13, 13, 0), (13, 2, 7, 2)),
        (30689744, (104, 80, 24), (137, 115, 22), (40, 40, 16, 8)),
    ),
    "vcf2maf/test_radia.vcf": (
        (144852566, (31, 27, 4), (18, 18, 0), None),
        (121677504, (106, 94, 12), (128, 128, 0), None),
        (39866391, (191, 160, 31), (215, 215, 0), None),
    ),
    "vcf2maf/test_pindel.vcf": (
        (16890971, (47, 43, 4), (46, 46, 0), None),
        (44569971, (25, 22, 3), (39, 39, 0), None),
        (146215990, (50, 46, 4), (49, 49, 0), None),
    ),
    "vcf2maf/test_merged.vcf": (
        (2629005, (29, 12, 6), (24, 12, 0), (18, 3, 4, 4)),
        (10073421, (5, 1, 4), (4, 4, 0), (0, 1, 2, 2)),
        (166464126, (4, 0, 4), (3, 3, 0), (0, 0, 2, 1)),
        (130865767, (8, 2, 6), (6, 6, 0), (0, 2, 0, 6)),
    ),
    "vcf2maf/test_delly.vcf": (
        (42843749, (461, 289, 172), (263, 263, 0), None),
        (62680472, (2, 0, 2), (4, 0, 4), None),
        (78421964, (1, 1, 0), (4, 1, 3), None),
    ),
    "vcf2maf/test.vcf": ((11290178, (20, 10, 10), (35, 30, 5), None),),
    "vcf2maf/test_b37.vcf": ((36164589, (54, None, 21), (0, None, None), None),),
    "vcf2maf/test_b38.vcf": ((34792292, (54, None, 21), (0, None, None), None),),
    "vcf2maf/test_grch38.vcf": ((11230121, (20, 10, 10), (35, 30, 5), None),),
    "vcf2maf/test_maf2vcf.vcf": ((11290178, (20, 10, 10), (35, 30, 5), None),),
    "somaticseq/paired_example/Consensus.sINDEL.vcf.gz": (
        (27448, (43, 5, 38), (23, 23, 0), (2, 3, 16, 22)),
        (30436, (55, 34, 21), (23, 23, 0), (17, 17, 8, 13)),
        (173060, (50, 2, 48), (30, 30, 0), (0, 2, 29, 19)),
    ),
    "somaticseq/paired_example/Consensus.sSNV.vcf.gz": (
        (9113, (63, 31, 32), (24, 24, 0), (17, 14, 16, 16)),
        (106287, (49, 26, 23), (27, 26, 1), (13, 13, 10, 13)),
        (235053, (57, 0, 57), (26, 25, 1), (0, 0, 26, 31)),
    ),
    "somaticseq/paired_example/LoFreq.snv.vcf.gz": (
        (9113, (63, 31, 32), None, (17, 14, 16, 16)),
        (14968, (50, 0, 50), None, (0, 0, 31, 19)),
        (282488, (47, 20, 26), None, (14, 6, 11, 15)),
    ),
    "somaticseq/paired_example/MuSE.vcf.gz": (
        (9113, (63, 31, 32), (24, 24, 0), None),
        (14968, (50, 0, 50), (22, 22, 0), None),
        (111558, (52, 32, 20), (20, 19, 0), None),
    ),
    "somaticseq/paired_example/MuTect2.vcf.gz": (
        (9113, (63, 31, 32), (23, 23, 0), (17, 14, 16, 16)),
        (13211, (34, 21, 13), (25, 25, 0), (12, 9, 9, 4)),
        (122183, (53, 0, 53), (30, 30, 0), (0, 0, 29, 24)),
    ),
    "somaticseq/paired_example/Scalpel.vcf.gz": (
        (27448, (29, 0, 29), (13, 13, 0), None),
        (30436, (44, 27, 17), (11, 11, 0), None),
        (173060, (56, 29, 27), (20, 20, 0), None),
    ),
    "somaticseq/paired_example/SomaticSniper.vcf.gz": (
        (9113, (63, 31, 32), (24, 24, 0), (17, 14, 16, 16)),
        (14062, (48, 0, 47), (20, 7, 13), (0, 0, 27, 21)),
        (106287, (49, 26, 23), (27, 26, 1), (13, 13, 10, 13)),
    ),
    "somaticseq/paired_example/Strelka.indel.vcf.gz": (
        (27448, (47, 0, 46), (23, 23, 0), None),
        (30436, (61, 31, 23), (24, 24, 0), None),
        (173060, (51, 0, 49), (30, 30, 0), None),
    ),
    "somaticseq/paired_example/Strelka.snv.vcf.gz": (
        (8492, (45, 0, 45), (31, 30, 0), None),
        (13211, (38, 25, 13), (28, 27, 0), None),
        (223359, (44, 1, 43), (17, 17, 0), None),
    ),
    "somaticseq/paired_example/VarDict.vcf.gz": (
        (8492, (45, 0, 45), (31, 30, 0), (0, 0, 24, 21)),
        (10387, (38, 20, 18), (32, 32, 0), (11, 9, 8, 10)),
        (113631, (50, 25, 23), (25, 25, 0), (12, 13, 16, 7)),
    ),
    "somaticseq/tumor_only_example/Consensus.sINDEL.vcf.gz": (
        (27448, (43, 5, 38), None, (2, 3, 16, 22)),
        (30436, (55, 34, 21), None, (17, 17, 8, 13)),
        (173060, (50, 2, 48), None, (0, 2, 29, 19)),
    ),
    "somaticseq/tumor_only_example/Consensus.sSNV.vcf.gz": (
        (9113, (63, 31, 32), None, (17, 14, 16, 16)),
        (14062, (47, 0, 47), None, (0, 0, 26, 21)),
        (104104, (54, 24, 30), None, (14, 10, 13, 17)),
    ),
    "somaticseq/tumor_only_example/MuTect2.vcf.gz": (
        (9113, (63, 31, 32), None, None),
        (13211, (34, 21, 13), None, None),
        (121600, (69, 39, 30), None, None),
    ),
    "somaticseq/tumor_only_example/Strelka.vcf.gz": (
        (9113, (56, 28, 28), None, (16, 12, 13, 15)),
        (13211, (35, 22, 13), None, (11, 11, 9, 4)),
        (116549, (49, 24, 25), None, (11, 13, 10, 15)),
    ),
    "somaticseq/tumor_only_example/VarDict.vcf.gz": (
        (9113, (63, 31, 32), None, (17, 14, 16, 16)),
        (13211, (39, 25, 14), None, (12, 13, 9, 5)),
        (55509, (63, 38, 25), None, (20, 18, 18, 7)),
    ),
}
# Without records: only the header is read.
EMPTY = ("somaticseq/paired_example/LoFreq.indel.vcf.gz",)
# Truth and populations, which no caller wrote.
NO_CALLS = ("truth", "dbsnp", "gnomad")
# Orientation, base and mapping quality, status: read from the same lines.
MORE_BY_EYE = (
    ("somaticseq/paired_example/MuTect2.vcf.gz", 9113, (13, 14, 13, 13), None, None),
    ("somaticseq/tumor_only_example/MuTect2.vcf.gz", 13211, (13, 8, 3, 10), (40, 60), None),
    ("somaticseq/paired_example/VarDict.vcf.gz", 10387, (None,) * 4, (34.9, 60), None),
    ("somaticseq/paired_example/VarDict.vcf.gz", 4998, (None,) * 4, (None, None), "loh"),
    ("somaticseq/paired_example/MuSE.vcf.gz", 14968, (None,) * 4, (35, None), "somatic"),
    ("somaticseq/paired_example/SomaticSniper.vcf.gz", 14062, (None,) * 4, (35, 60), "loh"),
    ("somaticseq/paired_example/Strelka.indel.vcf.gz", 9975, (None,) * 4, (None, 60), "somatic"),
    ("vcf2maf/test_mutect.vcf", 2587467, (None,) * 4, (29, None), None),
    ("vcf2maf/test_varscan.vcf", 1991014, (None,) * 4, (None, None), "germline"),
    ("vcf2maf/test_sniper.vcf", 1648002, (None,) * 4, (30, 26), "somatic"),
    ("vcf2maf/test_radia.vcf", 29651735, (None,) * 4, (31, None), "somatic"),
    ("vcf2maf/test_merged.vcf", 2629005, (None,) * 4, (29, 23), "somatic"),
)


def counts_of(counts: AlleleCounts | None) -> Counts | None:
    return counts and (counts.depth, counts.ref_depth, counts.alt_depth)  # type: ignore[return-value]


def strands_of(counts: AlleleCounts) -> tuple[int | None, ...]:
    return counts.ref_forward, counts.ref_reverse, counts.alt_forward, counts.alt_reverse


@pytest.mark.shared
@pytest.mark.parametrize("name", READ_BY_EYE)
def test_counts_are_those_that_a_person_reads(shared: Path, name: str) -> None:
    with open_vcf(shared / "calls" / name) as source:
        reader = CallReader(source.header, assign_roles(source.header))
        hits = {record.pos: reader(record)[0] for record in source}
    for pos, tumor, normal, strands in READ_BY_EYE[name]:
        hit = hits[pos]
        assert (counts_of(hit.tumor), counts_of(hit.normal)) == (tumor, normal), pos
        if strands is not None:
            assert strands_of(hit.tumor) == strands, pos


@pytest.mark.shared
@pytest.mark.parametrize(("name", "pos", "pairs", "qualities", "status"), MORE_BY_EYE)
def test_orientation_quality_and_status_are_those_that_a_person_reads(
    shared: Path,
    name: str,
    pos: int,
    pairs: tuple[int | None, ...],
    qualities: tuple[float | None, ...] | None,
    status: str | None,
) -> None:
    with open_vcf(shared / "calls" / name) as source:
        reader = CallReader(source.header, assign_roles(source.header))
        hit = next(reader(record)[0] for record in source if record.pos == pos)
    found = hit.tumor
    assert (found.ref_f1r2, found.ref_f2r1, found.alt_f1r2, found.alt_f2r1) == pairs
    if qualities is not None:
        assert (found.base_quality, found.mapping_quality) == qualities
    if status is not None:
        assert hit.status == status


@pytest.mark.shared
def test_every_file_of_calls_was_read_by_eye(shared: Path) -> None:
    folder = shared / "calls"
    files = {
        str(path.relative_to(folder))
        for kind in ("vcf2maf", "somaticseq")
        for path in (folder / kind).rglob("*.vcf*")
        if path.suffix != ".tbi" and not any(word in path.name for word in NO_CALLS)
    }
    assert files <= set(READ_BY_EYE) | set(EMPTY), files - set(READ_BY_EYE) - set(EMPTY)
