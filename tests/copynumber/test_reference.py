"""A panel of normals: what it promises of location, spread, sexes, shapes and outliers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.builders import make_bed, make_fasta
from tests.copynumber.synthetic import (
    Assay,
    as_coverage,
    make_assay,
    panel_of,
    sequenced,
)
from tumorkit.cli import run
from tumorkit.copynumber.bias import edge_density
from tumorkit.copynumber.reference import ReferenceParams, ReferenceResult, pool_normals
from tumorkit.copynumber.reference.analysis import without
from tumorkit.copynumber.reference.run import on_common_bins, run_reference
from tumorkit.core.pooled import biweight_rows, shared_shapes
from tumorkit.core.robust import biweight_location, mad_scale
from tumorkit.core.smooth import robust_coefficients
from tumorkit.errors import InputError, TumorkitError
from tumorkit.genome.bins import autosomal
from tumorkit.genome.build import GRCH38
from tumorkit.io.bins import read_reference, reference_text


@pytest.fixture(scope="module")
def assay() -> Assay:
    return make_assay(3, per_contig=60, off_per_contig=20)


@pytest.fixture(scope="module")
def panel(assay: Assay) -> ReferenceResult:
    depth, names, _ = panel_of(assay, 4, 16)
    return pool_normals(assay.bins, depth, names)


def test_capture_is_found_again(assay: Assay, panel: ReferenceResult) -> None:
    rows = autosomal(assay.bins.contig) & assay.bins.target
    error = panel.reference.log2_ratio[rows] - assay.capture[rows]
    # Capture itself (sd 0.4) blurs the mean GC curve that is taken out of it.
    assert mad_scale(error) < 0.1


def test_sexes_are_seen_and_x_is_pooled_as_of_two_copies(
    assay: Assay, panel: ReferenceResult
) -> None:
    _, _, sexes = panel_of(assay, 4, 16)
    assert [normal.sex.sex for normal in panel.normals] == sexes
    for contig, level in (("chrX", 0.0), ("chrY", -1.0)):
        rows = (assay.bins.contig == contig) & assay.bins.target
        error = panel.reference.log2_ratio[rows] - assay.capture[rows]
        assert abs(np.median(error) - level) < 0.1
        assert np.median(panel.reference.spread[rows]) < 0.35


@pytest.mark.parametrize("sexes", ["female", "male"])
def test_panels_of_one_sex_are_told(assay: Assay, sexes: str) -> None:
    rng = np.random.default_rng(5)
    depth = np.column_stack([sequenced(assay, rng, sex=sexes) for _ in range(4)])
    made = pool_normals(assay.bins, depth, ["a", "b", "c", "d"])
    assert {normal.sex.sex for normal in made.normals} == {sexes}
    said = "no man among the normals" in " ".join(made.notes)
    assert said == (sexes == "female")


def test_pseudo_autosomal_bins_are_no_x(assay: Assay) -> None:
    """In men and women alike these bins stand at two copies, so they are not shifted."""
    rng = np.random.default_rng(8)
    bins = replace(assay.bins, contig=assay.bins.contig.copy())
    depth = np.column_stack([sequenced(assay, rng, sex=s) for s in ("male", "female") * 3])
    par = (bins.contig == "chrX") & (bins.start < 1_100_000)
    assert par.any()
    depth[np.ix_(par, [0, 2, 4])] *= 2
    with_build = pool_normals(bins, depth, list("abcdef"), build=GRCH38)
    bare = pool_normals(bins, depth, list("abcdef"))
    assert np.median(with_build.reference.spread[par]) < np.median(bare.reference.spread[par])
    assert any("build unknown" in note for note in bare.notes)


def test_the_order_of_normals_changes_nothing(assay: Assay, panel: ReferenceResult) -> None:
    depth, names, _ = panel_of(assay, 4, 16)
    order = np.random.default_rng(0).permutation(16)
    again = pool_normals(assay.bins, depth[:, order], [names[at] for at in order])
    for name in ("log2_ratio", "spread", "rest"):
        found, other = getattr(again.reference, name), getattr(panel.reference, name)
        assert np.allclose(found, other, atol=1e-9)
    assert np.allclose(again.reference.components, panel.reference.components, atol=1e-6)


def test_the_depth_of_a_normal_does_not_matter(assay: Assay, panel: ReferenceResult) -> None:
    depth, names, _ = panel_of(assay, 4, 16)
    scaled = depth * np.exp2(np.arange(16) % 3)
    again = pool_normals(assay.bins, scaled, names)
    rows = (depth > 0).all(axis=1)
    assert np.allclose(
        again.reference.log2_ratio[rows], panel.reference.log2_ratio[rows], atol=0.01
    )


def test_as_many_shapes_are_found_as_there_are(panel: ReferenceResult) -> None:
    assert panel.components == 2
    assert panel.rest is not None
    assert panel.spread is not None
    assert panel.rest < 0.85 * panel.spread


def test_no_shapes_are_found_in_noise() -> None:
    for seed in range(10):
        table = np.random.default_rng(seed).normal(size=(2_000, 12))
        assert shared_shapes(table - table.mean(axis=1, keepdims=True), 6).scores.shape[1] == 0


def test_a_noisy_normal_and_a_tumour_among_normals_are_listed_and_not_pooled(assay: Assay) -> None:
    depth, names, _ = panel_of(assay, 6, 12)
    rng = np.random.default_rng(1)
    depth[:, 3] *= np.exp2(rng.normal(0, 0.8, len(depth)))
    contig = assay.bins.contig
    depth[np.isin(contig, ["chr1", "chr3", "chr7", "chr8"]), 5] *= 2
    made = pool_normals(assay.bins, depth, names)
    reasons = {normal.sample: normal.outlier for normal in made.normals if normal.outlier}
    assert set(reasons) == {"N4", "N6"}
    assert "spread" in reasons["N4"]
    assert "changed levels" in reasons["N6"]
    kept = pool_normals(assay.bins, depth, names, ReferenceParams(keep_outliers=True))
    assert all(normal.pooled for normal in kept.normals)
    assert sum(bool(normal.outlier) for normal in kept.normals) == 2


def test_a_germline_deletion_moves_nothing(assay: Assay, panel: ReferenceResult) -> None:
    depth, names, _ = panel_of(assay, 4, 16)
    depth[100:110, 2] /= 2
    made = pool_normals(assay.bins, depth, names)
    moved = made.reference.log2_ratio[100:110] - panel.reference.log2_ratio[100:110]
    assert np.abs(moved).max() < 0.08


def test_a_normal_is_left_out_of_its_own_panel(assay: Assay, panel: ReferenceResult) -> None:
    depth, names, _ = panel_of(assay, 4, 16)
    others = pool_normals(assay.bins, depth[:, 1:], names[1:])
    left = without(panel.reference, 0)
    rows = autosomal(assay.bins.contig)
    error = left.log2_ratio[rows] - others.reference.log2_ratio[rows]
    own = panel.reference.log2_ratio[rows] - others.reference.log2_ratio[rows]
    assert mad_scale(error) < mad_scale(own)
    assert left.components.shape == panel.reference.components.shape


def test_what_is_written_is_read_back(assay: Assay, panel: ReferenceResult, tmp_path: Path) -> None:
    path = tmp_path / "pon.cnn"
    path.write_text(reference_text(panel.reference, tuple(n.sample for n in panel.normals)))
    again, names = read_reference(path)
    assert names == tuple(f"N{n + 1}" for n in range(16))
    for name in ("log2_ratio", "spread", "rest", "components", "gc", "repeat"):
        found, written = getattr(again, name), getattr(panel.reference, name)
        assert np.allclose(found, written, rtol=1e-5, atol=1e-6, equal_nan=True), name
    assert np.allclose(again.deviations, panel.reference.deviations, atol=1e-4, equal_nan=True)


def test_without_gc_nothing_is_corrected_and_it_is_said(assay: Assay, tmp_path: Path) -> None:
    depth, names, _ = panel_of(assay, 4, 3)
    paths = []
    for number, name in enumerate(names):
        coverage = as_coverage(assay.bins, depth[:, number])
        path = tmp_path / f"{name}.cnn"
        lines = ["gene\tdepth\tchromosome\tend\tstart\tlog2"]
        for row in zip(
            coverage.gene, coverage.depth, coverage.contig, coverage.end, coverage.start,
            coverage.log2_ratio, strict=True,
        ):  # fmt: skip
            lines.append("\t".join(map(str, row)))
        path.write_text("\n".join(lines) + "\n")
        paths.append(path)
    made = run_reference(paths)
    assert not [effect for effect in made.effects if effect.covariate == "gc"]
    assert any("GC of bins is not known" in note for note in made.notes)
    assert any("3 normals" in note for note in made.notes)
    out = tmp_path / "pon.cnn"
    assert run(["cnv", "reference", *map(str, paths), "-o", str(out), "-q"]) == 0
    assert out.read_text().startswith("chromosome\tstart\tend\tgene\tlog2\tdepth\tgc\trmask")


def test_a_flat_reference_of_a_bed_is_a_reference(tmp_path: Path) -> None:
    fasta = make_fasta(tmp_path / "r.fa", {"chr1": "GGGC" * 300, "chrY": "ATGC" * 300})
    bed = make_bed(tmp_path / "t.bed", [("chrY", 0, 400, "SRY"), ("chr1", 100, 300, "A")])
    words = ["cnv", "reference", "--flat", "--targets", str(bed), "--reference", str(fasta)]
    assert run([*words, "-o", str(tmp_path / "flat.cnn"), "-q"]) == 0
    reference, normals = read_reference(tmp_path / "flat.cnn")
    assert (reference.log2_ratio.tolist(), normals) == ([0.0, -1.0], ())
    assert reference.gc.tolist() == [1.0, 0.5]


def test_flat_and_normals_exclude_each_other(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["cnv", "reference", "N.cnn", "--flat", "-q"]) == 2
    assert "--flat needs --targets and no normals" in capsys.readouterr().err


def test_normals_without_reads_and_copies_are_refused(assay: Assay) -> None:
    depth, names, _ = panel_of(assay, 4, 3)
    with pytest.raises(TumorkitError, match="N2 has no read"):
        pool_normals(assay.bins, depth * [1, 0, 1], names)
    depth[:, 2] = depth[:, 0]
    with pytest.raises(TumorkitError, match="N1 and N3 are the same data"):
        pool_normals(assay.bins, depth, names)


def test_normals_of_another_panel_are_refused_by_name(assay: Assay) -> None:
    depth, names, _ = panel_of(assay, 4, 3)
    samples = [as_coverage(assay.bins, column) for column in depth.T]
    samples[1] = replace(samples[1], start=samples[1].start + 7, end=samples[1].end + 7)
    with pytest.raises(InputError, match=r"N2\.cnn: shares 0 of"):
        on_common_bins(samples, [Path(f"{name}.cnn") for name in names])


def test_bins_that_one_normal_lacks_stay_unknown_in_it(assay: Assay) -> None:
    depth, names, _ = panel_of(assay, 4, 3)
    samples = [as_coverage(assay.bins, column) for column in depth.T]
    samples[1] = samples[1].taken(np.arange(10, len(assay.bins)))
    bins, table, left_out = on_common_bins(samples, [Path(name) for name in names])
    assert (len(bins), left_out) == (len(assay.bins), 0)
    assert np.isnan(table[:10, 1]).all()
    assert pool_normals(bins, table, names).normals[1].missing == 10


def test_edges_follow_the_formula(assay: Assay) -> None:
    rows = [at for at in range(len(assay.bins)) if assay.bins.target[at]][:1]
    bins = assay.bins.taken(np.array(rows * 2))
    alone = replace(bins, start=np.array([1_000, 9_000]), end=np.array([1_250, 9_100]))
    # i / 2t, minus (i - t)^2 / 2it for a target shorter than the insert.
    assert edge_density(alone).tolist() == pytest.approx([-0.5, -(1.25 - 0.45)])
    near = replace(alone, start=np.array([1_000, 1_350]), end=np.array([1_250, 1_600]))
    # Each gains (i - g)^2 / 4it from the other.
    assert edge_density(near).tolist() == pytest.approx([-0.5 + 150**2 / 4 / 250**2] * 2)


def test_rows_at_once_equal_rows_one_by_one() -> None:
    table = np.random.default_rng(2).standard_t(3, size=(40, 15))
    location, scale = biweight_rows(table)
    for row, found, width in zip(table, location, scale, strict=True):
        assert abs(found - biweight_location(row)) < 2e-3
        assert 0.6 < width / mad_scale(row) < 2


def test_wild_points_do_not_move_coefficients() -> None:
    rng = np.random.default_rng(3)
    design = rng.normal(size=(500, 2))
    y = design @ [0.5, -1.0] + rng.normal(0, 0.1, 500)
    y[:100] += 3
    assert np.allclose(robust_coefficients(design, y), [0.5, -1.0], atol=0.03)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "bins", "off"),
    [
        ("copynumber/cnvkit/reference-tr.cnn", 27_526, 19_310),
        ("gms560/cnvkit_Twist_PoN_chr1.cnn", 2_922, 1_691),
    ],
)
def test_references_of_cnvkit_are_read(shared: Path, name: str, bins: int, off: int) -> None:
    reference, normals = read_reference(shared / name)
    assert (len(reference), int((~reference.target).sum()), normals) == (bins, off, ())
    assert np.isfinite(reference.gc).mean() > 0.99
