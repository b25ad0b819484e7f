"""Sex by X and Y, genes against normals, breakpoints inside, one locus or two, arms by a preset."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.copynumber.models import chromosomes, make_ratios
from tumorkit.copynumber.call import CallParams, call
from tumorkit.copynumber.call.evidence import one_row_per_gene
from tumorkit.copynumber.call.run import run_call
from tumorkit.copynumber.segment import segment
from tumorkit.copynumber.segment.run import run_segment, write_segment
from tumorkit.genome.build import GRCH37, GRCH38
from tumorkit.genome.segment import CopyRatios, Gene, Segment
from tumorkit.io.copy_ratios import copy_ratios_text, read_copy_ratios
from tumorkit.io.outputs import Outputs


def piece(contig: str, log2_ratio: float, *, start: int = 0, end: int = 90_000_000) -> Segment:
    return Segment(contig=contig, start=start, end=end, log2_ratio=log2_ratio, bins=50)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "sex", "haploid", "one", "x", "y"),
    [
        ("f-on-f", "female", False, 2, 2, None),
        ("f-on-m", "female", True, 3, 2, None),
        ("m-on-f", "male", False, 2, 1, 1),
        ("m-on-m", "male", True, 2, 1, 1),
    ],
)
def test_a_sex_on_a_reference_of_either_sex_has_its_own_copies(
    shared: Path, name: str, sex: str, haploid: bool, one: int, x: int, y: int | None
) -> None:
    path = shared / f"copynumber/cnvkit/{name}.cns"
    params = CallParams(haploid_x_reference=haploid)
    result = run_call(path, purity=1.0, ploidy=2.0, build=GRCH37, params=params, sex=sex)  # type: ignore[arg-type]
    copies = {item.segment.contig: item.segment.copy_number for item in result.segments}
    shown = [None if copies[c] is None else round(copies[c]) for c in ("chr1", "chrX", "chrY")]  # type: ignore[arg-type]
    assert shown == [one, x, y]
    if name != "f-on-f":  # a woman's Y without reads is missing there: its Y looks like a man's
        inferred = run_call(path, purity=1.0, ploidy=2.0, build=GRCH37)
        assert (inferred.sex, inferred.sex_evidence.haploid_x) == (sex, haploid)
        assert inferred.sex_evidence.source == "inferred"
        assert [item.segment.copy_number for item in inferred.segments] == list(copies.values())


@pytest.mark.shared
@pytest.mark.parametrize(("name", "sex"), [("cl_seq", "female"), ("p2-20_1", "female")])
def test_women_against_men_are_seen(shared: Path, tmp_path: Path, name: str, sex: str) -> None:
    folder = shared / "copynumber/cnvkit"
    listed = folder / f"{name}.cns"
    if not listed.exists():
        listed = tmp_path / f"{name}.cns"
        write_segment(run_segment(folder / f"{name}.cnr"), Outputs(output=listed))
    result = run_call(listed)
    assert (result.sex, result.sex_evidence.haploid_x) == (sex, True)


def test_x_alone_does_not_tell_the_sex() -> None:
    lost = call(None, [piece("chr1", 0.0), piece("chrX", -1.0)])
    assert (lost.sex, lost.sex_evidence.source) == (None, "unknown")
    assert lost.segments[1].state == "not callable"
    usual = call(None, [piece("chr1", 0.0), piece("chrX", 0.0)])
    assert usual.segments[1].state == "neutral"
    assert any("no bins on Y" in note for note in usual.notes)


def test_a_sex_that_x_and_y_deny_is_said() -> None:
    listed = [piece("chrX", -1.0), piece("chrY", 0.0, end=20_000_000)]
    result = call(None, listed, sex="female")
    assert result.sex == "female"
    assert any("look male" in note for note in result.notes)


def test_pseudo_autosomal_bins_do_not_speak_of_the_sex() -> None:
    par = Segment(contig="chrX", start=20_000, end=2_000_000, log2_ratio=0.0, bins=500)
    listed = [par, piece("chrX", -1.0, start=3_000_000), piece("chrY", 0.0, start=3_000_000)]
    result = call(None, listed, build=GRCH38, purity=1.0)
    assert result.sex == "male"
    assert [item.segment.copy_number for item in result.segments] == pytest.approx([2, 1, 1])


def gene_bins(seed: int, *, spread: float = 0.1) -> tuple[CopyRatios, list[Gene]]:
    rng = np.random.default_rng(seed)
    ratios = make_ratios(rng.normal(0, 0.1, 3000), chromosomes(3000))
    ratios = replace(ratios, spread=np.full(3000, spread))
    genes = [
        Gene(
            name=f"G{at}",
            contig=str(ratios.contig[at]),
            start=int(ratios.start[at]),
            end=int(ratios.end[at + 9]),
        )
        for at in range(0, 2980, 10)
        if ratios.contig[at] == ratios.contig[at + 9]
    ]
    return ratios, genes


def test_z_against_normals_has_the_spread_of_chance_and_sees_a_change() -> None:
    ratios, genes = gene_bins(3)
    ratios.log2_ratio[500:510] -= 0.5
    found = call(ratios, segment(ratios).segments, genes).genes
    z = {gene.gene: gene.z_normals for gene in found}
    assert z["G500"] is not None
    assert z["G500"] < -8
    rest = [value for name, value in z.items() if name != "G500" and value is not None]
    assert 0.75 < float(np.std(rest)) < 1.2
    none = call(replace(ratios, spread=None), segment(ratios).segments, genes).genes
    assert all(gene.z_normals is None for gene in none)


def test_a_sample_noisier_than_its_normals_has_no_larger_z() -> None:
    ratios, genes = gene_bins(4, spread=0.05)
    found = call(ratios, segment(ratios).segments, genes).genes
    values = [gene.z_normals for gene in found if gene.z_normals is not None]
    assert float(np.std(values)) < 1.2


def test_the_spread_among_normals_survives_writing_and_reading(tmp_path: Path) -> None:
    ratios, _ = gene_bins(5)
    assert ratios.spread is not None
    ratios.spread[7] = np.nan
    path = tmp_path / "t.cnr"
    path.write_text(copy_ratios_text(ratios))
    read = read_copy_ratios(path)
    assert read.spread is not None
    np.testing.assert_allclose(read.spread, ratios.spread)
    assert read_copy_ratios(path).taken(np.array([3])).spread is not None


def test_breakpoints_inside_a_gene_are_listed_with_interval_and_change() -> None:
    left = replace(piece("chr1", 0.0, end=5000), end_low=4000, end_high=6000)
    right = replace(piece("chr1", -1.0, start=5000, end=9000), start_low=4000, start_high=6000)
    genes = [
        Gene(name="A", contig="chr1", start=3000, end=8000),
        Gene(name="B", contig="chr1", start=6000, end=8000),
    ]
    found = {gene.gene: gene.breaks for gene in call(None, [left, right], genes).genes}
    assert found == {"A": "5001[4001-6001]-1.00", "B": ""}


def test_pieces_of_one_name_are_one_gene_unless_they_lie_far_apart() -> None:
    pieces = [
        Gene(name="A", contig="chr1", start=0, end=10, exons=((0, 10),)),
        Gene(name="B", contig="chr1", start=5, end=20),
        Gene(name="A", contig="1", start=500_000, end=500_010, exons=((500_000, 500_010),)),
        Gene(name="A", contig="chr1", start=5_000_000, end=5_000_010),
        Gene(name="A", contig="chr2", start=0, end=10),
    ]
    found = one_row_per_gene(pieces, 1_500_000)
    assert [(g.name, g.contig, g.start, g.end) for g in found] == [
        ("A", "chr1", 0, 500_010),
        ("B", "chr1", 5, 20),
        ("A", "chr1", 5_000_000, 5_000_010),
        ("A", "chr2", 0, 10),
    ]
    assert found[0].exons == ((0, 10), (500_000, 500_010))


def test_segments_of_another_sample_are_noticed_and_its_own_are_not() -> None:
    first, _ = gene_bins(6)
    first.log2_ratio[200:900] += 0.5
    second, _ = gene_bins(7)
    second.log2_ratio[1500:2500] -= 0.5
    own = call(first, segment(first).segments)
    assert not any("one sample" in note for note in own.notes)
    other = call(first, segment(second).segments)
    assert any("one sample" in note for note in other.notes)
    part = [item for item in segment(first).segments if item.contig not in ("chr1", "chr2")]
    assert any("lie in no segment" in note for note in call(first, part).notes)


@pytest.mark.parametrize(("rule", "status"), [("whole", "partial"), ("twist", "present")])
def test_twist_calls_a_codeletion_from_a_third_of_the_arms(rule: str, status: str) -> None:
    lost, listed = np.log2(0.65), []
    for contig, arm in (("chr1", "p"), ("chr19", "q")):
        low, high = GRCH38.centromeres[contig]
        start, end = (0, low) if arm == "p" else (high, GRCH38.lengths[contig])
        cut = start + (end - start) * 4 // 10
        listed += [piece(contig, float(lost), start=start, end=cut)]
        listed += [piece(contig, 0.0, start=cut, end=end)]
    params = CallParams(arm_rule=rule)  # type: ignore[arg-type]
    result = call(None, listed, build=GRCH38, purity=0.7, params=params)
    found = {event.event: event for event in result.events}["1p/19q codeletion"]
    assert found.status == status
    assert ("Twist" in found.reason) == (rule == "twist")
