"""Read pairs by orientation, as Mutect2, DRAGEN and TNscope write them."""

from __future__ import annotations

import math

import pytest

from tests.variants.test_calls import read
from tumorkit.genome.variant import AlleleCounts
from tumorkit.genome.vcf import VcfHeader, VcfRecord
from tumorkit.variants.calls import CallReader
from tumorkit.variants.filter.availability import unavailable
from tumorkit.variants.filter.expression import Name
from tumorkit.variants.filter.quantities import ORIENTATIONS, AlleleColumns
from tumorkit.variants.roles import assign_roles


def pairs(counts: AlleleCounts | None) -> tuple[int | None, ...]:
    assert counts is not None
    return tuple(getattr(counts, name) for name in ORIENTATIONS)


@pytest.mark.parametrize(
    ("name", "keys", "normal", "tumor", "expected"),
    [
        (
            "Mutect2 of GATK 4.1 and later",
            "GT:AD:AF:DP:F1R2:F2R1:FAD:SB",
            "0/0:28,1:0.038:29:15,0:9,1:28,1:15,13,1,0",
            "0/1:7,44:0.978:44:3,23:4,21:0,44:0,0,22,22",
            ((15, 9, 0, 1), (3, 4, 23, 21)),
        ),
        (
            "Mutect2 of GATK 3, TNscope",
            "GT:AD:AF:ALT_F1R2:ALT_F2R1:REF_F1R2:REF_F2R1:QSS",
            "0/0:62,0:0.00:0:0:33:29:1800,0",
            "0/1:47,8:0.052:5:3:22:25:1400,230",
            ((33, 29, 0, 0), (22, 25, 5, 3)),
        ),
        (
            "wrong arity",
            "GT:AD:F1R2:F2R1",
            "0/0:28,1:15:9",
            "0/1:28,1:15,1:9,1,2",
            ((None,) * 4, (None,) * 4),
        ),
        ("one of the two", "AD:F1R2", "9,1:5,1", "9,1:5,1", ((None,) * 4, (None,) * 4)),
        ("dots", "AD:F1R2:F2R1", "9,1:.:.", "9,1:.,1:4,.", ((None,) * 4, (None, 4, 1, None))),
        ("left out", "AD:F1R2:F2R1", "9,1", "9,1:5,1", ((None,) * 4, (None,) * 4)),
    ],
)
def test_orientations_of_one_alternative(
    name: str, keys: str, normal: str, tumor: str, expected: tuple[tuple[int | None, ...], ...]
) -> None:
    (hit,) = read("T>G", keys, normal, tumor)
    assert (pairs(hit.normal), pairs(hit.tumor)) == expected, name


def test_orientations_of_two_alternatives() -> None:
    hits = read("T>G,C", "AD:F1R2:F2R1", None, "9,5,3:4,3,1:5,2,2")
    assert [pairs(hit.tumor) for hit in hits] == [(4, 5, 3, 2), (4, 5, 1, 2)]
    hits = read("T>G,C", "AD:ALT_F1R2:ALT_F2R1:REF_F1R2:REF_F2R1", None, "9,5,3:3,1:2,2:4:5")
    assert [pairs(hit.tumor) for hit in hits] == [(4, 5, 3, 2), (4, 5, 1, 2)]


def test_a_filter_can_ask_for_orientations() -> None:
    meta = ('##FORMAT=<ID=F1R2,Number=R,Type=Integer,Description="x">',)
    header = VcfHeader(meta, ("NORMAL", "TUMOR"))
    reader = CallReader(header, assign_roles(header))
    lines = [
        "1\t5\t.\tA\tC,G\t.\t.\t.\tAD:F1R2:F2R1\t9,0,0:4,0,0:5,0,0\t9,5,3:4,3,1:5,2,2",
        "1\t6\t.\tA\tC\t.\t.\t.\tAD\t9,0\t9,5",
    ]
    columns = AlleleColumns([VcfRecord(line, header) for line in lines], reader)
    found = columns.column(Name("tumor.alt_f1r2")).values
    assert [None if math.isnan(value) else value for value in found] == [3, 1, None]
    assert unavailable(Name("tumor.alt_f1r2"), reader) == ""


def test_a_file_without_orientations_says_so() -> None:
    header = VcfHeader((), ("TUMOR",))
    reader = CallReader(header, assign_roles(header))
    assert "read orientation" in unavailable(Name("tumor.alt_f2r1"), reader)
