"""Copy ratios against a panel: what they promise, and what they refuse."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.copynumber.synthetic import (
    Assay,
    as_coverage,
    make_assay,
    panel_of,
    sequenced,
)
from tumorkit.cli import run
from tumorkit.copynumber.normalize import (
    NormalizeParams,
    NormalizeResult,
    normalize,
    normalize_pair,
)
from tumorkit.copynumber.normalize.run import Against, run_normalize
from tumorkit.copynumber.reference import ReferenceResult, flat_reference, pool_normals
from tumorkit.copynumber.segment import segment
from tumorkit.core.robust import mad_scale
from tumorkit.errors import InputError, ParameterError, TumorkitError
from tumorkit.genome.bins import autosomal
from tumorkit.genome.coverage import TargetDepth
from tumorkit.io.bins import reference_text
from tumorkit.io.copy_ratios import read_copy_ratios
from tumorkit.io.coverage import coverage_text, read_depths

Values = NDArray[np.float64]


@pytest.fixture(scope="module")
def assay() -> Assay:
    return make_assay(3, per_contig=60, off_per_contig=20)


@pytest.fixture(scope="module")
def panel(assay: Assay) -> ReferenceResult:
    depth, names, _ = panel_of(assay, 4, 16)
    return pool_normals(assay.bins, depth, names)


def copies_of(assay: Assay) -> Values:
    contig = assay.bins.contig
    copies = np.full(len(contig), 2.0)
    copies[np.isin(contig, ["chr3", "chr10"])] = 1
    copies[np.isin(contig, ["chr7", "chr8"])] = 4
    return copies


def tumour(assay: Assay, seed: int = 11, *, sex: str = "male", purity: float = 1.0) -> Values:
    rng = np.random.default_rng(seed)
    return sequenced(assay, rng, sex=sex, copies=copies_of(assay), purity=purity)


def error_of(result: NormalizeResult, assay: Assay) -> Values:
    """Return log2 minus the truth, for autosomal targets."""
    truth = np.log2(copies_of(assay) / 2)
    places = zip(assay.bins.contig.tolist(), assay.bins.start.tolist(), strict=True)
    expected = dict(zip(places, truth.tolist(), strict=True))
    rows = autosomal(result.ratios.contig) & result.ratios.target
    kept = result.ratios.taken(np.flatnonzero(rows))
    own = zip(kept.contig.tolist(), kept.start.tolist(), strict=True)
    error: Values = kept.log2_ratio - np.array([expected[place] for place in own])
    return error


def test_a_panel_beats_a_normal_and_both_beat_nothing(assay: Assay, panel: ReferenceResult) -> None:
    sample = as_coverage(assay.bins, tumour(assay))
    normal = as_coverage(assay.bins, sequenced(assay, np.random.default_rng(12), sex="male"))
    widths = [
        mad_scale(error_of(result, assay))
        for result in (
            normalize(sample, panel.reference),
            normalize_pair(sample, normal, content=assay.bins),
            normalize(sample, flat_reference(assay.bins).reference),
        )
    ]
    assert widths[0] < 0.85 * widths[1] < 0.6 * widths[2]
    assert widths[0] < 0.16
    assert abs(np.median(error_of(normalize(sample, panel.reference), assay))) < 0.03


def test_large_events_are_not_taken_for_components(assay: Assay, panel: ReferenceResult) -> None:
    """A panel whose component looks like whole chromosomes must not swallow a gained one."""
    wave = panel.reference.components.copy()
    wave[:, 0] += 0.1 * np.isin(assay.bins.contig, ["chr7", "chr8"])
    found = normalize(
        as_coverage(assay.bins, tumour(assay)), replace(panel.reference, components=wave)
    )
    rows = np.isin(found.ratios.contig, ["chr7", "chr8"]) & found.ratios.target
    assert abs(float(np.median(found.ratios.log2_ratio[rows])) - 1) < 0.08


def test_scaling_the_depth_changes_nothing(assay: Assay, panel: ReferenceResult) -> None:
    depth = tumour(assay)
    once, thrice = (
        normalize(as_coverage(assay.bins, depth * factor), panel.reference) for factor in (1, 3)
    )
    seen = ~once.empty
    assert np.allclose(once.ratios.log2_ratio[seen], thrice.ratios.log2_ratio[seen], atol=1e-6)


@pytest.mark.parametrize("constant", [-1.5, 0.7])
def test_a_constant_in_the_reference_changes_nothing(
    assay: Assay, panel: ReferenceResult, constant: float
) -> None:
    sample = as_coverage(assay.bins, tumour(assay))
    shifted = replace(panel.reference, log2_ratio=panel.reference.log2_ratio + constant)
    params = NormalizeParams(min_reference_log2=-20)
    first = normalize(sample, panel.reference, params)
    second = normalize(sample, shifted, params)
    assert np.allclose(first.ratios.log2_ratio, second.ratios.log2_ratio, atol=1e-6)


@pytest.mark.parametrize("sex", ["male", "female"])
def test_sex_is_inferred_and_x_stands_on_two_copies(
    assay: Assay, panel: ReferenceResult, sex: str
) -> None:
    found = normalize(as_coverage(assay.bins, tumour(assay, sex=sex)), panel.reference)
    x = (found.ratios.contig == "chrX") & found.ratios.target
    assert found.sex.sex == sex
    level = float(np.median(found.ratios.log2_ratio[x]))
    assert abs(level - (-1 if sex == "male" else 0)) < 0.15
    assert found.haploid_x_reference is False
    left_out = {item.reason for item in found.drop_reasons}
    assert ("Y of a woman" in left_out) == (sex == "female")
    assert ("chrY" in found.ratios.contig) == (sex == "male")


def test_a_target_without_reads_stays_as_deep_as_it_can_be(
    assay: Assay, panel: ReferenceResult
) -> None:
    depth = tumour(assay)
    rows = np.flatnonzero((assay.bins.contig == "chr9") & assay.bins.target)[20:26]
    depth[rows] = 0
    found = normalize(as_coverage(assay.bins, depth), panel.reference)
    assert found.no_reads == int((depth == 0).sum()) >= 6
    at = np.flatnonzero(found.empty & found.ratios.target & (found.ratios.contig == "chr9"))
    assert (found.ratios.log2_ratio[at] < -5).all()
    assert (found.ratios.log2_ratio[at] > -14).all()
    others = found.ratios.weight[~found.empty & found.ratios.target]
    assert found.ratios.weight[at].min() >= others.min()
    segments = segment(found.ratios).segments
    start, end = assay.bins.start[rows[0]], assay.bins.end[rows[-1]]
    deep = [one for one in segments if one.contig == "chr9" and one.log2_ratio < -2]
    assert [(one.start, one.end) for one in deep] == [(start, end)]


def test_every_bin_is_accounted_for(assay: Assay, panel: ReferenceResult) -> None:
    reference = replace(
        panel.reference,
        spread=np.where(np.arange(len(assay.bins)) == 5, 1.5, panel.reference.spread),
        gc=np.where(np.arange(len(assay.bins)) == 6, 0.95, panel.reference.gc),
    ).taken(np.arange(1, len(assay.bins)))
    sample = as_coverage(assay.bins, tumour(assay)).taken(np.arange(len(assay.bins) - 1))
    sample.depth[8] = np.nan
    found = normalize(sample, reference)
    own = [item for item in found.dropped if item.reason != "not in the sample"]
    assert found.bins == found.bins_used + len(own)
    assert found.only_reference == 1
    reasons = {item.reason: (item.value, item.limit) for item in found.dropped}
    assert reasons["differs too much among normals"] == (1.5, 1.0)
    assert reasons["GC too high"] == (0.95, 0.9)
    assert reasons["not in the reference"] == reasons["depth unknown"] == (None, None)
    assert sum(r.targets + r.off_targets for r in found.drop_reasons) == len(found.dropped)


def test_one_chromosome_alone_can_be_normalised(assay: Assay, panel: ReferenceResult) -> None:
    rows = assay.bins.contig == "chr5"
    sample = as_coverage(assay.bins, tumour(assay)).taken(np.flatnonzero(rows))
    found = normalize(sample, panel.reference)
    assert found.bins_used == rows.sum()
    assert mad_scale(found.ratios.log2_ratio[found.ratios.target]) < 0.3


def test_a_reference_of_other_bins_is_refused_with_numbers(
    assay: Assay, panel: ReferenceResult
) -> None:
    sample = as_coverage(assay.bins, tumour(assay))
    other = panel.reference.taken(np.arange(300))
    with pytest.raises(TumorkitError, match="has 300 of the sample's 1856 bins: it is of another"):
        normalize(sample, other)
    found = normalize(sample, other, NormalizeParams(min_shared=0.1))
    assert found.bins_used <= 300


def test_a_sample_without_reads_is_refused(assay: Assay, panel: ReferenceResult) -> None:
    with pytest.raises(TumorkitError, match="has no read on any bin"):
        normalize(as_coverage(assay.bins, np.zeros(len(assay.bins))), panel.reference)


def test_tumour_and_normal_swapped_are_told(assay: Assay) -> None:
    big = make_assay(5, per_contig=150, off_per_contig=5)
    normal = as_coverage(big.bins, sequenced(big, np.random.default_rng(1), degree=0.3))
    copies = copies_of(big)
    depth = sequenced(big, np.random.default_rng(2), copies=copies, purity=0.9, degree=0.3)
    tumor = as_coverage(big.bins, depth)
    right, wrong = normalize_pair(tumor, normal), normalize_pair(normal, tumor)
    assert not any("swapped" in note for note in right.notes)
    assert any("swapped" in note for note in wrong.notes)


def test_mode_centres_a_tumour_that_is_mostly_gained(assay: Assay, panel: ReferenceResult) -> None:
    copies = np.full(len(assay.bins), 3.0)
    normal_ones = np.isin(assay.bins.contig, [f"chr{n}" for n in range(1, 9)])
    copies[normal_ones] = 2
    copies[np.isin(assay.bins.contig, ["chr9", "chr10", "chr11"])] = 4
    depth = sequenced(assay, np.random.default_rng(4), copies=copies)
    found = normalize(as_coverage(assay.bins, depth), panel.reference)
    moded = normalize(
        as_coverage(assay.bins, depth), panel.reference, NormalizeParams(center="mode")
    )
    assert found.params.center == "median"
    assert moded.center != found.center


def written(path: Path, assay: Assay, depth: Values) -> Path:
    rows = [
        TargetDepth(
            contig=str(contig), start=start, end=end, gene=gene,
            log2_ratio=float(np.log2(value)) if value > 0 else -20.0, depth=value,
        )
        for contig, start, end, gene, value in zip(
            assay.bins.contig.tolist(), assay.bins.start.tolist(), assay.bins.end.tolist(),
            assay.bins.gene.tolist(), depth.tolist(), strict=True,
        )
    ]  # fmt: skip
    path.write_text(coverage_text(rows))
    return path


@pytest.fixture(scope="module")
def files(
    assay: Assay, panel: ReferenceResult, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("panel")
    names = tuple(normal.sample for normal in panel.normals)
    (folder / "pon.cnn").write_text(reference_text(panel.reference, names))
    depth, _, _ = panel_of(assay, 4, 16)
    written(folder / "N1.cnn", assay, depth[:, 0])
    written(folder / "T.cnn", assay, tumour(assay))
    return folder / "T.cnn", folder / "pon.cnn"


def test_a_member_of_the_panel_is_left_out_of_it(files: tuple[Path, Path]) -> None:
    tumor, pon = files
    member = run_normalize([tumor.with_name("N1.cnn")], Against(panel_of_normals=pon))
    assert member.left_out_normal == "N1"
    assert any("was left out of it" in note for note in member.notes)
    assert run_normalize([tumor], Against(panel_of_normals=pon)).left_out_normal == ""


def test_the_command_writes_ratios_dropped_bins_and_json(
    files: tuple[Path, Path], tmp_path: Path
) -> None:
    tumor, pon = files
    made = []
    for name in ("a", "b"):
        out = tmp_path / name
        out.mkdir()
        words = ["cnv", "normalize", str(tumor), "--pon", str(pon), "-o", str(out / "T.cnr"), "-q"]
        options = ["--dropped", str(out / "d.tsv"), "--json", str(out / "j.json")]
        assert run([*words, *options]) == 0
        made.append([(out / one).read_bytes() for one in ("T.cnr", "d.tsv", "j.json")])
    assert made[0] == made[1]
    header = made[0][0].decode().split("\n")[0]
    assert header == "chromosome\tstart\tend\tgene\tdepth\tlog2\tweight\tflag\tspread"
    document = json.loads(made[0][2])
    assert document["sex"]["sex"] == "male"
    assert len(document["coefficients"]) == 2
    assert len(read_copy_ratios(tmp_path / "a" / "T.cnr")) == document["bins_used"]


def test_exactly_one_thing_to_be_held_against(files: tuple[Path, Path]) -> None:
    for against in (Against(), Against(flat=True, normal=files[0])):
        with pytest.raises(ParameterError, match="exactly one"):
            run_normalize([files[0]], against)


def test_a_reference_is_no_coverage(files: tuple[Path, Path]) -> None:
    with pytest.raises(InputError, match="is a reference of normals"):
        read_depths(files[1])


def test_coverage_without_depth_or_with_unknown_log2_is_read(tmp_path: Path) -> None:
    path = tmp_path / "T.cnn"
    head = "log2\tchromosome\tstart\tend\tgene\n"
    path.write_text(f"{head}3\tchr1\t0\t10\tA\n-20\tchr1\t10\t20\tB\nNA\tchr1\t20\t30\tC\n")
    found = read_depths(path)
    assert found.depth[:2].tolist() == [8.0, 0.0]
    assert np.isnan(found.depth[2])


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("chr1\t0\t100\tA\t5\nchr1\t20\t90\tB\t5\n", "overlaps the next bin by more than half"),
        ("chr1\t100\t100\tA\t5\n", "end must be after start"),
        ("chr1\tx\t100\tA\t5\n", "start must be a number, found 'x'"),
        ("chr1\t0\t100\tA\n", "expected 5 columns, found 4"),
        ("chr1\t0\t100\tA\t-5\n", "negative"),
    ],
)
def test_damaged_coverage_is_refused_in_words(tmp_path: Path, rows: str, said: str) -> None:
    path = tmp_path / "T.cnn"
    path.write_text(f"chromosome\tstart\tend\tgene\tdepth\n{rows}")
    with pytest.raises(InputError, match=said):
        read_depths(path)


def test_unsorted_bins_are_put_into_order(tmp_path: Path) -> None:
    path = tmp_path / "T.cnn"
    path.write_text(
        "chromosome\tstart\tend\tgene\tdepth\nchr10\t0\t9\tA\t1\nchr2\t50\t60\tB\t2\n"
        "chr2\t0\t9\tC\t3\n"
    )
    assert read_depths(path).gene.tolist() == ["C", "B", "A"]


@pytest.mark.shared
def test_a_real_sample_against_a_reference_of_cnvkit(shared: Path) -> None:
    """The sample was made with other off-target bins, so its targets alone are shared."""
    folder = shared / "copynumber" / "cnvkit"
    against = Against(panel_of_normals=folder / "reference-tr.cnn")
    with pytest.raises(InputError, match="has 6035 of the sample's 19089 bins"):
        run_normalize([folder / "p2-20_1.cnr"], against)
    found = run_normalize([folder / "p2-20_1.cnr"], against, params=NormalizeParams(min_shared=0.3))
    assert found.sex.sex == "female"
    assert found.noise is not None
    assert found.noise < 0.15


@pytest.mark.shared
def test_coverage_of_purecn_is_read(shared: Path) -> None:
    folder = shared / "copynumber" / "purecn"
    found = run_normalize(
        [folder / "example_tumor_tiny.txt"],
        Against(
            normal=folder / "example_normal_tiny.txt", bins=folder / "example_intervals_tiny.txt"
        ),
    )
    assert (found.bins, found.bins_used) == (496, 480)
    assert {effect.covariate for effect in found.effects} == {"gc", "edge"}


@pytest.mark.shared
def test_a_normal_of_other_intervals_is_refused(shared: Path) -> None:
    folder = shared / "copynumber" / "purecn"
    with pytest.raises(InputError, match="has 0 of the sample's 21 bins"):
        run_normalize(
            [folder / "issue192_tumor.cnr"], Against(normal=folder / "example_normal3.cnn")
        )
