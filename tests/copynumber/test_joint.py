"""Copy ratios and alleles together: neutral loss is seen, laws hold, odd input is answered."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.copynumber.models import JointProfile, breakpoints, f1, joint, make_ratios
from tumorkit.contract.result import to_document
from tumorkit.copynumber.segment import SegmentParams, SegmentResult, segment
from tumorkit.copynumber.segment.alleles import heterozygous, nearest
from tumorkit.copynumber.segment.pileup import pileup_ratios
from tumorkit.copynumber.segment.run import run_segment, write_segment
from tumorkit.core.kernels import kernel_forms
from tumorkit.errors import InputError, TumorkitError
from tumorkit.genome.build import GRCH37
from tumorkit.genome.snps import SnpCounts
from tumorkit.io.outputs import Outputs
from tumorkit.io.segments import read_segments


@pytest.fixture(scope="module")
def profile() -> JointProfile:
    return joint(1, 6000, steps=20)


@pytest.fixture(scope="module")
def whole(profile: JointProfile) -> SegmentResult:
    return segment(profile.ratios, snps=profile.snps)


def spans(result: SegmentResult) -> list[tuple[str, int, int]]:
    return [(s.contig, s.start, s.end) for s in result.segments]


def flat_snps(
    size: int, *, seed: int = 1, level: float = 0.5, every: int = 4, depth: int = 100
) -> SnpCounts:
    """A SNP in every few bins of chr1, phases at random, with a balanced normal."""
    rng = np.random.default_rng(seed)
    rows = np.arange(0, size, every)
    share = np.where(rng.random(len(rows)) < 0.5, level, 1 - level)
    alt = rng.binomial(depth, share)
    return SnpCounts(
        contig=np.full(len(rows), "chr1"),
        position=rows * 1000 + 500,
        ref=depth - alt,
        alt=alt,
        normal_ref=np.full(len(rows), 30),
        normal_alt=np.full(len(rows), 30),
    )


def flat_ratios(size: int, *, seed: int = 2) -> NDArray[np.float64]:
    return np.random.default_rng(seed).normal(0, 0.2, size)


def test_copy_neutral_loss_is_found_by_alleles_alone(profile: JointProfile) -> None:
    alone = breakpoints(segment(profile.ratios).segments, profile.ratios)
    both = breakpoints(segment(profile.ratios, snps=profile.snps).segments, profile.ratios)
    assert f1(both, profile.points, 10) > 0.9 > f1(alone, profile.points, 10)
    assert len(profile.neutral) >= 5
    missed = [at for at in profile.neutral.tolist() if np.abs(both - at).min() > 10]
    assert len(missed) <= 1


def test_segments_tell_allele_fraction_interval_count_and_test(
    profile: JointProfile, whole: SegmentResult
) -> None:
    p, held, total = profile.purity, 0, 0
    for item in whole.segments:
        rows = (profile.ratios.contig == item.contig) & (profile.ratios.start >= item.start)
        rows &= profile.ratios.end <= item.end
        copies, minor = np.median(profile.copies[rows]), np.median(profile.minor[rows])
        truth = 1 - (p * minor + 1 - p) / (p * copies + 2 * (1 - p))
        assert item.snps is not None
        if item.snps < 10:
            continue
        assert item.baf is not None
        assert item.baf_low is not None
        assert item.baf_high is not None
        assert item.imbalance_p is not None
        assert item.baf_low <= item.baf <= item.baf_high
        assert (item.imbalance_p < 1e-3) == (truth > 0.55)
        held += item.baf_low - 1e-9 <= truth <= item.baf_high
        total += 1
    assert held >= 0.85 * total


def test_without_snps_nothing_is_said_of_alleles(profile: JointProfile) -> None:
    result = segment(profile.ratios)
    assert result.snps is None
    assert {s.baf for s in result.segments} == {None}
    assert {s.snps for s in result.segments} == {None}


def test_snps_that_are_all_homozygous_leave_the_segments_of_copy_ratios(
    profile: JointProfile,
) -> None:
    nothing = replace(
        profile.snps, normal_ref=np.full(len(profile.snps), 60), normal_alt=profile.snps.alt * 0
    )
    result = segment(profile.ratios, snps=nothing)
    assert spans(result) == spans(segment(profile.ratios))
    assert result.snps is not None
    assert result.snps.used == 0
    assert {s.baf for s in result.segments} == {None}
    assert {s.snps for s in result.segments} == {0}


def test_every_snp_is_used_or_dropped_with_a_reason(whole: SegmentResult) -> None:
    assert whole.snps is not None
    assert whole.snps.given == whole.snps.used + sum(d.count for d in whole.snps.dropped)
    assert sum(s.snps or 0 for s in whole.segments) == whole.snps.used


def test_snps_without_information_change_nothing(
    profile: JointProfile, whole: SegmentResult
) -> None:
    snps = profile.snps
    assert snps.normal_ref is not None
    assert snps.normal_alt is not None
    silent = replace(
        snps,
        position=snps.position // 1000 * 1000 + 999 - snps.position % 1000 // 2,
        ref=snps.ref * 0,
        alt=snps.alt * 0,
    )
    more = SnpCounts(
        contig=np.concatenate([snps.contig, silent.contig]),
        position=np.concatenate([snps.position, silent.position + 1]),
        ref=np.concatenate([snps.ref, silent.ref]),
        alt=np.concatenate([snps.alt, silent.alt]),
        normal_ref=np.concatenate([snps.normal_ref] * 2),
        normal_alt=np.concatenate([snps.normal_alt] * 2),
    )
    assert segment(profile.ratios, snps=more).segments == whole.segments


def test_phase_and_names_of_alleles_do_not_matter(
    profile: JointProfile, whole: SegmentResult
) -> None:
    snps = profile.snps
    swap = np.random.default_rng(3).random(len(snps)) < 0.5
    other = replace(
        snps, ref=np.where(swap, snps.alt, snps.ref), alt=np.where(swap, snps.ref, snps.alt)
    )
    assert whole.noise.alleles is not None
    assert whole.noise.alleles.reference_share == 0.5
    for item, mate in zip(
        segment(profile.ratios, snps=other).segments, whole.segments, strict=True
    ):
        assert (item.contig, item.start, item.end) == (mate.contig, mate.start, mate.end)
        assert item.baf == pytest.approx(mate.baf)


def test_a_shift_of_copy_ratios_moves_levels_only(
    profile: JointProfile, whole: SegmentResult
) -> None:
    moved = replace(profile.ratios, log2_ratio=profile.ratios.log2_ratio + 0.25)
    result = segment(moved, snps=profile.snps)
    assert spans(result) == spans(whole)
    for item, mate in zip(result.segments, whole.segments, strict=True):
        assert item.log2_ratio == pytest.approx(mate.log2_ratio + 0.25)


def test_copy_ratios_on_a_larger_scale_give_the_same_segments(profile: JointProfile) -> None:
    params = SegmentParams(focal_false_events=0)
    wide = replace(profile.ratios, log2_ratio=profile.ratios.log2_ratio * 2)
    here = segment(profile.ratios, params, snps=profile.snps)
    assert spans(segment(wide, params, snps=profile.snps)) == spans(here)


def test_a_chromosome_read_backwards_has_its_breakpoints_mirrored() -> None:
    size = 600
    values = flat_ratios(size) + np.repeat([0.0, 0.6, 0.0], 200)
    snps = flat_snps(size)
    lost = (snps.position > 80_000) & (snps.position < 160_000)
    alt = np.where(lost, np.where(snps.alt > 50, 85, 15), snps.alt)
    snps = replace(snps, alt=alt, ref=100 - alt)
    mirrored = replace(snps, position=size * 1000 - 1 - snps.position)
    ratios = make_ratios(values, np.full(size, "chr1"))
    back = make_ratios(values[::-1].copy(), np.full(size, "chr1"))
    here = breakpoints(segment(ratios, snps=snps).segments, ratios)
    there = breakpoints(segment(back, snps=mirrored).segments, back)
    assert len(here) == 4
    # A breakpoint of alleles alone may lie anywhere between two SNPs, four bins apart.
    assert np.abs(np.sort(size - there) - here).max() <= 4


def test_order_of_snps_does_not_matter(profile: JointProfile, whole: SegmentResult) -> None:
    rows = np.random.default_rng(4).permutation(len(profile.snps))
    assert segment(profile.ratios, snps=profile.snps.taken(rows)).segments == whole.segments


def test_bins_without_a_ratio_keep_their_snps() -> None:
    values = flat_ratios(400)
    values[::4] = np.nan  # exactly the bins with SNPs
    result = segment(make_ratios(values, np.full(400, "chr1")), snps=flat_snps(400))
    assert result.snps is not None
    assert result.snps.used == 100


def test_a_chromosome_gets_the_same_segments_alone_given_the_noise(
    profile: JointProfile,
) -> None:
    params = SegmentParams(focal_false_events=0)
    company = segment(profile.ratios, params, snps=profile.snps)
    rows, sites = profile.ratios.contig == "chr2", profile.snps.contig == "chr2"
    alone = segment(
        profile.ratios.taken(rows),
        params,
        snps=profile.snps.taken(sites),
        noise=company.noise,
    )
    assert spans(alone) == [span for span in spans(company) if span[0] == "chr2"]
    mates = [s for s in company.segments if s.contig == "chr2"]
    assert [s.baf for s in alone.segments] == [s.baf for s in mates]


def test_alleles_never_join_arms() -> None:
    size = 249
    ratios = make_ratios(flat_ratios(size), np.full(size, "1"), bin_size=1_000_000)
    snps = replace(flat_snps(size, every=1), contig=np.full(size, "1"))
    snps = replace(snps, position=np.arange(size) * 1_000_000 + 500_000)
    result = segment(ratios, build=GRCH37, snps=snps)
    assert [(s.start, s.end) for s in result.segments] == [
        (0, 125_000_000),
        (125_000_000, 249_000_000),
    ]
    assert [s.snps for s in result.segments] == [125, 124]


def test_a_snp_outside_of_bins_belongs_to_the_nearest_of_its_arm() -> None:
    assert nearest(np.array([5, 20, 26, 50]), np.array([10, 30]), np.array([20, 40])).tolist() == [
        0, 0, 1, 1,
    ]  # fmt: skip


def test_without_a_normal_the_tumour_says_which_are_heterozygous() -> None:
    snps = SnpCounts(
        contig=np.full(4, "chr1"),
        position=np.arange(4) * 1000,
        ref=np.array([50, 99, 10, 70]),
        alt=np.array([50, 1, 10, 30]),
    )
    reasons, rule = heterozygous(snps, SegmentParams())
    bad = {reason: rows.tolist() for reason, rows in reasons}
    assert bad["tumour depth too low"] == [False, False, True, False]
    assert bad["taken for homozygous"] == [False, True, False, False]
    assert rule.startswith("no normal")


def test_tumour_and_normal_the_wrong_way_round_are_noticed(profile: JointProfile) -> None:
    snps = profile.snps
    assert snps.normal_ref is not None
    assert snps.normal_alt is not None
    there = replace(
        snps, ref=snps.normal_ref, alt=snps.normal_alt, normal_ref=snps.ref, normal_alt=snps.alt
    )
    # Loose enough a rule that lost SNPs of the tumour pass as heterozygous.
    params = SegmentParams(snp_normal_fraction=0.05)
    for counts, expected in ((there, True), (snps, False)):
        found = segment(profile.ratios, params, snps=counts).snps
        assert found is not None
        assert found.swapped is expected


def test_wild_snps_make_no_segment() -> None:
    snps = flat_snps(2000)
    rng = np.random.default_rng(5)
    wild = rng.choice(len(snps), 15, replace=False)
    alt = snps.alt.copy()
    alt[wild] = rng.choice([2, 97], 15)
    result = segment(
        make_ratios(flat_ratios(2000), np.full(2000, "chr1")),
        snps=replace(snps, alt=alt, ref=100 - alt),
    )
    assert len(result.segments) == 1
    assert result.segments[0].baf == pytest.approx(0.5, abs=0.02)


def test_baits_that_favour_an_allele_are_no_imbalance() -> None:
    """Each SNP has a share of its own, in tumour and normal alike."""
    rng = np.random.default_rng(7)
    size = 800
    share = rng.beta(50, 50, size)
    alt, normal = rng.binomial(100, share), rng.binomial(100, share)
    snps = SnpCounts(
        contig=np.full(size, "chr1"),
        position=np.arange(size) * 1000,
        ref=100 - alt,
        alt=alt,
        normal_ref=100 - normal,
        normal_alt=normal,
    )
    result = segment(make_ratios(flat_ratios(size), np.full(size, "chr1")), snps=snps)
    assert result.noise.alleles is not None
    assert result.noise.alleles.concentration <= 200
    [whole] = result.segments
    assert whole.imbalance_p is not None
    assert whole.imbalance_p > 1e-3


def test_the_path_tells_of_more_sensitivities_and_keeps_the_segments(
    profile: JointProfile, whole: SegmentResult
) -> None:
    result = segment(profile.ratios, snps=profile.snps, path=(0.125, 0.5, 2.0, 4.0))
    assert result.segments == whole.segments
    assert [p.sensitivity for p in result.path] == [0.125, 0.25, 0.5, 1.0, 2.0, 4.0]
    counts = [p.candidates for p in result.path]
    assert counts == sorted(counts)
    assert all(p.segments <= p.candidates for p in result.path)


def test_a_pileup_alone_gives_ratios_and_alleles() -> None:
    rng = np.random.default_rng(6)
    size = 3000
    lost = np.arange(size) > 2000
    depth = rng.poisson(np.where(lost, 55, 110))
    alt = rng.binomial(depth, np.where(lost, np.where(rng.random(size) < 0.5, 0.9, 0.1), 0.5))
    snps = SnpCounts(
        contig=np.full(size, "chr1"),
        position=np.arange(size) * 300,
        ref=depth - alt,
        alt=alt,
        normal_ref=np.full(size, 50),
        normal_alt=np.full(size, 50),
    )
    ratios = pileup_ratios(snps)
    # Windows of 250 bases hold at most one of these sites.
    assert len(ratios) == size
    left, right = segment(ratios, snps=snps).segments
    assert right.start == pytest.approx(2001 * 300, abs=900)
    assert right.log2_ratio - left.log2_ratio == pytest.approx(-1, abs=0.05)
    assert left.baf == pytest.approx(0.5, abs=0.01)
    assert right.baf == pytest.approx(0.9, abs=0.01)
    with pytest.raises(TumorkitError, match="without a normal"):
        pileup_ratios(replace(snps, normal_ref=None, normal_alt=None))
    with pytest.raises(TumorkitError, match="35 to 1000 reads at none"):
        pileup_ratios(replace(snps, normal_ref=snps.ref * 0, normal_alt=snps.alt * 0))


def cnr(path: Path, values: NDArray[np.float64]) -> Path:
    rows = (f"chr1\t{at * 1000}\t{(at + 1) * 1000}\t-\t{v:.5f}" for at, v in enumerate(values))
    path.write_text("chromosome\tstart\tend\tgene\tlog2\n" + "\n".join(rows) + "\n")
    return path


def test_files_hold_allele_fractions_and_intervals(tmp_path: Path) -> None:
    snps = flat_snps(600, level=0.8)
    table = tmp_path / "snps.tsv"
    rows = zip(snps.position + 1, snps.ref, snps.alt, strict=True)
    table.write_text(
        "contig\tposition\tref_count\talt_count\n"
        + "".join(f"1\t{at}\t{ref}\t{alt}\n" for at, ref, alt in rows)
    )
    path = cnr(tmp_path / "t.cnr", flat_ratios(600))
    result = run_segment(path, snps=table, long_path=True)
    outputs = Outputs(output=tmp_path / "t.cns", json=tmp_path / "t.json")
    write_segment(result, outputs, path_table=tmp_path / "path.tsv")
    [item] = read_segments(tmp_path / "t.cns")
    assert item.baf == pytest.approx(0.8, abs=0.02)
    assert item.snps == 150
    assert item.baf_low is not None
    assert item.baf_low < 0.8
    document = json.loads((tmp_path / "t.json").read_text())
    assert document["segments"][0]["imbalance_p"] < 1e-30
    assert document["snps"]["matched"] is False
    assert len((tmp_path / "path.tsv").read_text().splitlines()) == 16
    assert len(document["inputs"]) == 2
    assert to_document(result)["snps"]["rule"].startswith("no normal")


def test_snps_of_other_chromosomes_are_counted_not_used(tmp_path: Path) -> None:
    snps = replace(flat_snps(400), contig=np.full(100, "chr7"))
    result = segment(make_ratios(flat_ratios(400), np.full(400, "chr1")), snps=snps)
    assert result.snps is not None
    assert {d.reason: d.count for d in result.snps.dropped} == {"no bin in its arm": 100}


def test_a_negative_allele_fraction_is_refused_with_its_line(tmp_path: Path) -> None:
    table = tmp_path / "snps.tsv"
    table.write_text("contig\tposition\tbaf\tdepth\nchr1\t5\t-1.1761\t40\n")
    with pytest.raises(InputError, match=r"snps\.tsv:2: baf must lie in 0 to 1, found -1\.1761"):
        run_segment(cnr(tmp_path / "t.cnr", flat_ratios(50)), snps=table)
    cns = tmp_path / "t.cns"
    cns.write_text("chromosome\tstart\tend\tlog2\tbaf\nchr1\t0\t9\t0\t-1.1761\n")
    with pytest.raises(InputError, match=r"t\.cns:2: baf must lie in 0 to 1"):
        read_segments(cns)


@pytest.mark.shared
def test_the_stomach_exome_shows_its_neutral_losses(shared: Path, tmp_path: Path) -> None:
    exome = shared / "copynumber" / "facets" / "stomach.csv.gz"
    if kernel_forms()["partition"] == "python":
        # 300,000 sites take the twin two minutes; the chromosomes asked about are enough for it.
        head, *lines = gzip.decompress(exome.read_bytes()).decode().splitlines(keepends=True)
        kept = [line for line in lines if line.split(",")[0].strip('"') in {"3", "6", "8"}]
        exome = tmp_path / "stomach.csv"
        exome.write_text("".join([head, *kept]))
    result = run_segment(exome, build=GRCH37)
    for contig, position in (("3", 40_000_000), ("3", 150_000_000), ("6", 20_000_000)):
        [item] = [s for s in result.segments if s.contig == contig and s.start <= position < s.end]
        assert abs(item.log2_ratio) < 0.1
        assert item.baf is not None
        assert item.baf > 0.9
    [gained] = [s for s in result.segments if s.contig == "8" and s.start <= 20e6 < s.end]
    assert gained.baf == pytest.approx(2 / 3, abs=0.03)
