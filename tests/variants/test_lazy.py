"""A lazy variant says what the eager one says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tumorkit.genome.variant import Variant
from tumorkit.genome.vcf import VcfHeader, VcfRecord
from tumorkit.io.vcf import open_vcf
from tumorkit.variants.calls import CallReader
from tumorkit.variants.lazy import LazyReader
from tumorkit.variants.roles import assign_roles

FIELDS = (
    "contig", "pos", "ref", "alt", "normal", "filters", "quality", "frequencies", "callers",
    "hotspot", "info", "kind",
)  # fmt: skip
FILES = (
    "gms560/HD832.background_annotation.vcf.gz",
    "gms560/HD832.ensembled.vep_annotated.vcf",
    "truth/colo829-nygc-v6.vcf.gz",
)


def without_strands(variant: Variant) -> tuple[object, ...]:
    return tuple(
        (counts.depth, counts.ref_depth, counts.alt_depth, counts.vaf)
        for counts in (variant.tumor, variant.normal)
        if counts is not None
    )


def without_names(variant: Variant) -> list[object]:
    return [replace(block, hgvsc="", hgvsp="", exon="") for block in variant.consequences or ()]


@pytest.mark.shared
@pytest.mark.parametrize("name", FILES)
def test_lazy_and_eager_agree(shared: Path, name: str) -> None:
    with open_vcf(shared / name) as source:
        reader = CallReader(source.header, assign_roles(source.header))
        lazy = LazyReader(reader)
        for number, record in enumerate(source):
            if number == 1000:
                break
            for mine, eager in zip(lazy(record), reader(record), strict=True):
                assert without_strands(mine) == without_strands(eager)
                assert without_names(mine) == without_names(eager)
                assert set(eager.ids) <= set(mine.ids)
                for field in FIELDS:
                    if field != "normal":
                        assert getattr(mine, field) == getattr(eager, field), field


def test_a_source_in_csq_and_in_info_counts_with_its_higher_value() -> None:
    meta = (
        '##INFO=<ID=CSQ,Number=.,Type=String,Description="Format: Allele|gnomAD_AF">',
        '##INFO=<ID=gnomAD_AF,Number=A,Type=Float,Description="Frequency">',
    )
    header = VcfHeader(meta, ())
    reader = CallReader(header, assign_roles(header))
    for info, expected in (
        ("CSQ=T|0.2", 0.2),
        ("gnomAD_AF=0.3;CSQ=T|0.2", 0.3),
        ("gnomAD_AF=0.1;CSQ=T|", 0.1),
    ):
        record = VcfRecord(f"1\t5\t.\tA\tT\t.\tPASS\t{info}", header)
        (eager,), (lazy,) = reader(record), LazyReader(reader)(record)
        assert eager.population_af.value == expected
        assert lazy.frequencies == eager.frequencies
        assert lazy.highest_frequency == expected
