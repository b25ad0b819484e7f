"""One command from alignments to calls: whole, equal every time, and honest about its inputs."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import jsonschema
import numpy as np
import pytest

from tests.builders import Read, make_bam, make_bed, make_fasta
from tumorkit.cli import run
from tumorkit.copynumber.bins import BinsParams
from tumorkit.copynumber.workflow import RunParams, settle_sex
from tumorkit.copynumber.workflow.analysis import (
    off_target_note,
    require_covered,
    silent_contigs,
    spans_of_genes,
)
from tumorkit.copynumber.workflow.files import Known, RunFiles
from tumorkit.copynumber.workflow.run import run_copy_number
from tumorkit.errors import InputError, MissingIndexError, ParameterError, TumorkitError
from tumorkit.genome.coverage import TargetDepth
from tumorkit.io.bins import read_bins
from tumorkit.io.copy_ratios import read_copy_ratios
from tumorkit.io.segments import read_segments

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "example_data"
NAMES = {
    "bins.bed", "EXAMPLE_T.cnn", "EXAMPLE_T.normal.cnn", "EXAMPLE_T.cnr", "EXAMPLE_T.snps.tsv",
    "EXAMPLE_T.cns", "EXAMPLE_T.call.cns", "dropped_bins.tsv", "genes.tsv", "arms.tsv",
    "genome.svg", "run.json",
}  # fmt: skip
AMPLICON = RunParams(bins=BinsParams(method="amplicon"))


@pytest.fixture(scope="module")
def files() -> RunFiles:
    return RunFiles(
        tumor=EXAMPLE / "tumor.bam",
        normal=EXAMPLE / "normal.bam",
        targets=EXAMPLE / "targets.bed",
        reference=EXAMPLE / "reference.fa.gz",
        germline=EXAMPLE / "germline.vcf.gz",
        genes=EXAMPLE / "genes.bed",
    )


@pytest.fixture(scope="module")
def folder(files: RunFiles, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("run") / "out"
    run_copy_number(files, outdir=out)
    return out


def test_the_folder_holds_every_file_and_a_valid_report(folder: Path) -> None:
    assert {path.name for path in folder.iterdir()} == NAMES
    document = json.loads((folder / "run.json").read_text())
    schema = ROOT / "tumorkit" / "contract" / "schemas" / "copynumber.run.json"
    jsonschema.validate(document, json.loads(schema.read_text()))
    assert [step["name"] for step in document["steps"]] == [
        "bins", "coverage of the tumour", "coverage of the normal", "alleles", "normalize",
        "segment", "call",
    ]  # fmt: skip
    written = {name for step in document["steps"] for name in step["files"]}
    assert written == NAMES - {"run.json"}
    assert document["sex"]["sex"] == "female"
    assert document["sex"]["by_alleles"] == "female"
    assert document["params"]["segment"]["sensitivity"] == 1.0


def test_planted_events_of_the_example_are_found(folder: Path) -> None:
    genes = dict(
        line.split("\t", 1) for line in (folder / "genes.tsv").read_text().splitlines()[1:]
    )
    assert "deep loss" in genes["CDKN2A"]
    assert "high gain" in genes["ERBB2"]
    short = [
        one
        for one in read_segments(folder / "EXAMPLE_T.cns")
        if one.contig == "chr17" and one.end < 22_700_000
    ]
    assert all(one.imbalance_p is not None and one.imbalance_p < 0.001 for one in short)


def test_threads_and_repeats_change_no_byte(files: RunFiles, folder: Path, tmp_path: Path) -> None:
    run_copy_number(files, outdir=tmp_path, threads=2)
    for name in NAMES:
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes(), name


def test_bins_made_before_give_the_same_ratios(
    files: RunFiles, folder: Path, tmp_path: Path
) -> None:
    ready = replace(files, targets=None, bins=folder / "bins.bed")
    run_copy_number(ready, outdir=tmp_path)
    assert (tmp_path / "EXAMPLE_T.cnr").read_bytes() == (folder / "EXAMPLE_T.cnr").read_bytes()


def test_exchanged_samples_are_said(files: RunFiles, tmp_path: Path) -> None:
    turned = replace(files, tumor=files.normal or files.tumor, normal=files.tumor, germline=None)
    result = run_copy_number(
        replace(turned, snps=EXAMPLE / "snps.vcf.gz"), outdir=tmp_path, known=Known(sample="X/1")
    )
    assert any("are they swapped?" in note for note in result.notes)
    assert any("not in the tumour: swapped?" in note for note in result.notes)
    assert (tmp_path / "X_1.cns").exists()


def test_the_command_says_what_was_found(
    files: RunFiles, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["cnv", "run", "--tumor", files.tumor, "--targets", files.targets, "-q"]
    words += ["--reference", files.reference, "--method", "amplicon", "--outdir", tmp_path / "o"]
    assert (
        run([*map(str, words), "--sensitivity", "0.7", "--purity", "0.6", "--sex", "female"]) == 0
    )
    out = capsys.readouterr().out
    assert "a flat reference" in out
    assert "female (given)" in out
    params = json.loads((tmp_path / "o" / "run.json").read_text())["params"]
    assert params["segment"]["sensitivity"] == 0.7
    assert params["bins"]["method"] == "amplicon"


# Small cases of their own.


def small(folder: Path, *, contigs: dict[str, int], read: tuple[str, ...], depth: int) -> RunFiles:
    """A panel of 60 targets a contig, of which some contigs have reads."""
    folder.mkdir(exist_ok=True)
    targets = [
        (name, at, at + 200, f"G{name}{at // 10_000}")
        for name in contigs
        for at in range(1_000, 61_000, 1_000)
    ]
    rng = np.random.default_rng(3)
    bams = {}
    for role in ("tumor", "normal"):
        reads = [
            Read(name=f"{role}{contig}{at}{n}", pos=at - 60 + int(shift), contig=contig)
            for contig, at, _, _ in targets
            if contig in read
            for n, shift in enumerate(rng.integers(0, 200, depth))
        ]
        bams[role] = make_bam(folder / f"{role}.bam", reads, contigs=contigs, samples=(role,))
    sequence = "".join(rng.choice(list("ACGT"), 70_000))
    return RunFiles(
        tumor=bams["tumor"],
        normal=bams["normal"],
        targets=make_bed(folder / "t.bed", targets),
        reference=make_fasta(folder / "r.fa", dict.fromkeys(contigs, sequence)),
    )


TWO = {"chr1": 70_000, "chr2": 70_000}


def test_one_chromosome_alone_is_no_loss_of_the_others(tmp_path: Path) -> None:
    files = small(tmp_path / "in", contigs=TWO, read=("chr1",), depth=60)
    result = run_copy_number(replace(files, normal=None), outdir=tmp_path / "out", params=AMPLICON)
    assert {one.contig for one in read_segments(tmp_path / "out" / "tumor.cns")} == {"chr1"}
    assert any("without any read of the tumour: chr2" in note for note in result.notes)
    assert result.unbalanced is None
    assert any("no heterozygous SNP" in note for note in result.notes)
    assert any("copy-neutral" in note for note in result.notes)


def test_a_panel_of_normals_gives_bins_and_levels(tmp_path: Path) -> None:
    files = small(tmp_path / "in", contigs=TWO, read=("chr1", "chr2"), depth=60)
    alone = replace(files, normal=None)
    run_copy_number(alone, outdir=tmp_path / "flat", params=AMPLICON)
    depths = []
    for number in range(4):
        rng = np.random.default_rng(number)
        reads = [
            Read(name=f"n{contig}{at}{n}", pos=at - 60 + int(shift), contig=contig)
            for contig in TWO
            for at in range(1_000, 61_000, 1_000)
            for n, shift in enumerate(rng.integers(0, 200, 60))
        ]
        bam = make_bam(tmp_path / f"n{number}.bam", reads, contigs=TWO, samples=(f"n{number}",))
        depths.append(tmp_path / f"n{number}.cnn")
        words = ["cnv", "coverage", bam, "--targets", tmp_path / "flat" / "bins.bed"]
        assert run([*map(str, [*words, "-o", depths[-1]]), "-q"]) == 0
    panel = tmp_path / "panel.cnn"
    words = ["cnv", "reference", *depths, "--bins", tmp_path / "flat" / "bins.bed", "-o", panel]
    assert run([*map(str, words), "-q"]) == 0

    held = replace(alone, targets=None, panel_of_normals=panel)
    result = run_copy_number(held, outdir=tmp_path / "pon", params=AMPLICON)
    assert result.quality.bins == 120
    by_role = {item.role: item.name for item in result.inputs}
    assert by_role["panel_of_normals"] == "panel.cnn"
    # Bins are the panel's, and none of them moves: reads of all were drawn alike.
    ratios = read_copy_ratios(tmp_path / "pon" / "tumor.cnr")
    assert float(np.abs(np.median(ratios.log2_ratio))) < 0.1
    assert {one.contig for one in read_segments(tmp_path / "pon" / "tumor.cns")} == set(TWO)
    with pytest.raises(ParameterError, match="--bins or --panel-of-normals"):
        run_copy_number(replace(held, bins=tmp_path / "flat" / "bins.bed"), outdir=tmp_path / "x")


def test_overlapping_targets_are_joined_and_counted_once(tmp_path: Path) -> None:
    files = small(tmp_path / "in", contigs=TWO, read=("chr1", "chr2"), depth=60)
    plain = run_copy_number(files, outdir=tmp_path / "a", params=AMPLICON)
    assert files.targets is not None
    text = files.targets.read_text()
    files.targets.write_text("chr1\t1100\t1200\tGchr10\n" + text)
    again = run_copy_number(files, outdir=tmp_path / "b", params=AMPLICON)
    assert any("1 of 121 targets overlapped others: joined" in note for note in again.notes)
    assert plain.quality.bins == again.quality.bins


@pytest.mark.parametrize("why", ["no reads", "another build", "no index", "no contig", "same file"])
def test_what_cannot_be_run_leaves_nothing_behind(tmp_path: Path, why: str) -> None:
    read = () if why == "no reads" else ("chr1", "chr2")
    files = small(tmp_path / "in", contigs=TWO, read=read, depth=30)
    expected: type[TumorkitError] = InputError
    words = {"no reads": "no read on any", "no index": "no index", "same file": "same file"}
    if why == "another build":
        rows = [(c, at, at + 200, "G") for c in TWO for at in range(1_400, 60_000, 1_000)]
        files = replace(
            files, targets=make_bed(tmp_path / "moved.bed", [*rows, ("chr1", 1000, 1200)])
        )
        words[why] = "have no read in the tumour"
    elif why == "no index":
        files.tumor.with_name("tumor.bam.bai").unlink()
        expected = MissingIndexError
    elif why == "no contig":
        files = replace(files, targets=make_bed(tmp_path / "x.bed", [("chr7", 1, 200, "G")]))
        expected, words[why] = TumorkitError, "chr7"
    elif why == "same file":
        files, expected = replace(files, normal=files.tumor), ParameterError
    with pytest.raises(expected, match=words[why]):
        run_copy_number(files, outdir=tmp_path / "out", params=AMPLICON)
    assert not (tmp_path / "out").exists()


def test_a_failed_run_keeps_the_files_of_an_earlier_one(tmp_path: Path) -> None:
    files = small(tmp_path / "in", contigs=TWO, read=("chr1", "chr2"), depth=60)
    run_copy_number(files, outdir=tmp_path / "out", params=AMPLICON)
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    empty = small(tmp_path / "none", contigs=TWO, read=(), depth=30)
    with pytest.raises(InputError):
        run_copy_number(empty, outdir=tmp_path / "out", params=AMPLICON)
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before


def test_a_reference_without_a_contig_leaves_its_gc_unknown_and_says_so(tmp_path: Path) -> None:
    files = small(tmp_path / "in", contigs=TWO, read=("chr1", "chr2"), depth=60)
    text = files.reference.read_text().split(">chr2")[0]
    shutil.rmtree(tmp_path / "ref", ignore_errors=True)
    (tmp_path / "ref").mkdir()
    part = make_fasta(tmp_path / "ref" / "r.fa", {"chr1": text.split("\n")[1]})
    result = run_copy_number(
        replace(files, reference=part), outdir=tmp_path / "out", params=AMPLICON
    )
    assert any("have no known base" in note for note in result.notes)
    bins = read_bins(tmp_path / "out" / "bins.bed")
    assert np.isnan(bins.gc[bins.contig == "chr2"]).all()
    assert result.segments >= 2


# What steps tell each other.


def depths(*rows: tuple[str, float]) -> list[TargetDepth]:
    return [
        TargetDepth(contig=c, start=n, end=n + 1, gene="G", log2_ratio=0.0, depth=d)
        for n, (c, d) in enumerate(rows)
    ]


def test_only_whole_chromosomes_are_silent() -> None:
    rows = [("chr1", 0.0)] * 5 + [("chr2", 0.0)] * 4 + [("chr2", 3.0)] + [("chrY", 0.0)] * 9
    assert silent_contigs(depths(*rows)) == ("chr1",)


def test_targets_without_reads_are_said_and_then_refused() -> None:
    assert require_covered(depths(*[("chr1", 9.0)] * 9, ("chr1", 0.0)), "T") == ""
    said = require_covered(depths(*[("chr1", 9.0)] * 5, *[("chr1", 0.0)] * 5), "T")
    assert said.startswith("5 of 10 targets have no read")
    with pytest.raises(TumorkitError, match="9 of 10"):
        require_covered(depths(("chr1", 9.0), *[("chr1", 0.0)] * 9), "T")


def test_coverage_and_alleles_must_agree_on_the_sex() -> None:
    assert settle_sex("male", None, "Y is there").sex == "male"
    assert settle_sex(None, "female", "no bins").sex == "female"
    assert settle_sex("male", "female", "x").sex is None
    assert "give --sex" in settle_sex("male", "female", "x").reason


def test_off_target_bins_need_reads() -> None:
    assert off_target_note(None, 150_000) == ""
    assert off_target_note(0.02, 100_000) == ""
    assert "too few reads" in off_target_note(0.001, 1_000_000)


def test_genes_are_spans_of_their_bins(tmp_path: Path) -> None:
    rows = [
        ("chr1", 0, 10, "A"),
        ("chr1", 20, 30, "A,B"),
        ("chr2", 0, 9, "A"),
        ("chr2", 9, 12, "-"),
    ]
    path = make_bed(tmp_path / "b.bed", [("#contig", "start", "end", "gene"), *rows])
    assert spans_of_genes(read_bins(path)) == [
        ("chr1", 0, 30, "A"),
        ("chr1", 20, 30, "B"),
        ("chr2", 0, 9, "A"),
    ]
