"""Builds are recognised by their contig lengths, whatever their contigs are called."""

from __future__ import annotations

import pytest

from tumorkit.errors import ParameterError
from tumorkit.genome import BUILDS, GRCH37, GRCH38, build_named, detect_build
from tumorkit.genome.contigs import match_names, order, standard


@pytest.mark.parametrize("name", sorted(BUILDS))
@pytest.mark.parametrize("prefix", ["chr", ""])
def test_every_build_is_found_from_its_lengths(name: str, prefix: str) -> None:
    lengths = {c.replace("chr", prefix): n for c, n in BUILDS[name].lengths.items()}
    assert detect_build(lengths) is BUILDS[name]


def test_the_mitochondrion_does_not_decide_between_flavours() -> None:
    lengths = dict(GRCH37.lengths) | {"chrM": 16569}
    assert detect_build(lengths) is GRCH37


def test_unknown_contigs_have_no_build() -> None:
    assert detect_build({"demo20": 5000}) is None
    assert detect_build({"chr1": 300_000}) is None


def test_aliases_and_suggestions() -> None:
    assert build_named("hg19") is GRCH37
    assert build_named("GRCh38") is GRCH38
    with pytest.raises(ParameterError, match="unknown build 'grch3'"):
        build_named("grch3")


def test_normal_copies_depend_on_sex_and_pseudo_autosomal_regions() -> None:
    assert GRCH38.normal_copies("chr8", 1_000_000, "male") == 2
    assert GRCH38.normal_copies("X", 50_000_000, "male") == 1
    assert GRCH38.normal_copies("X", 1_000_000, "male") == 2
    assert GRCH38.normal_copies("chrY", 10_000_000, "female") == 0


def test_contigs_sort_as_chromosomes() -> None:
    names = ["chrX", "10", "2", "chr1", "GL1"]
    assert sorted(names, key=order) == ["chr1", "2", "10", "chrX", "GL1"]


def test_names_are_matched_across_styles() -> None:
    assert match_names(["chr1", "MT", "X"], ["1", "chrM", "X"]) == {
        "chr1": "1",
        "MT": "chrM",
        "X": "X",
    }
    assert standard("NC_000024.9") == "chrY"
