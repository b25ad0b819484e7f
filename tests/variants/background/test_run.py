"""A background from alignments: every covered base is answered for, in bytes that never change."""

from __future__ import annotations

import gzip
import json
import math
from pathlib import Path

import pytest

from tests.builders import make_bed, make_fasta
from tests.variants.background.panels import (
    CONTIGS,
    LENGTH,
    genome,
    make_normal,
    make_panel,
    other_base,
)
from tumorkit.cli import run
from tumorkit.errors import (
    ContigMismatchError,
    InputError,
    MissingIndexError,
    ParameterError,
    ReferenceMismatchError,
    TumorkitError,
)
from tumorkit.io.background import BackgroundFile
from tumorkit.variants.background import BackgroundParams
from tumorkit.variants.background.run import open_background, run_background

NOISY, CARRIED, RUN = 1_030, 1_060, 1_048
REF = genome()["chr1"]


@pytest.fixture
def panel(tmp_path: Path) -> tuple[list[Path], Path, Path]:
    noise = {NOISY: (other_base(NOISY), 4)}
    carried = {CARRIED: (other_base(CARRIED), 40)}
    slipped = {RUN: ("-", 2)}
    return make_panel(tmp_path, [noise, noise | carried, noise, slipped, {}])


def build(panel: tuple[list[Path], Path, Path], output: Path, **more: object) -> Path:
    normals, bed, fasta = panel
    run_background(normals, targets=bed, reference=fasta, output=output, **more)  # type: ignore[arg-type]
    return output


def rows_of(path: Path) -> list[list[str]]:
    text = gzip.decompress(path.read_bytes()).decode()
    return [line.split("\t") for line in text.splitlines() if not line.startswith("#")]


def test_every_covered_base_has_its_row_and_the_rest_is_counted(
    panel: tuple[list[Path], Path, Path], tmp_path: Path
) -> None:
    normals, bed, fasta = panel
    output = tmp_path / "b.tsv.gz"
    result = run_background(normals, targets=bed, reference=fasta, output=output)
    assert (result.bases, result.covered, result.germline) == (81, 80, 1)
    assert (result.alleles, result.insertions_deletions) == (3, 1)
    bases = [row for row in rows_of(output) if row[3] == "."]
    assert [int(row[1]) for row in bases] == list(range(1_011, 1_091))
    assert all(row[2] == REF[int(row[1]) - 1] for row in bases)
    assert all(row[4] == REF[int(row[1]) - 2 : int(row[1]) + 1] for row in bases)
    assert {row[10] for row in bases} == {"80,81,82,83,84"}


def test_rows_say_what_each_normal_shows(
    panel: tuple[list[Path], Path, Path], tmp_path: Path
) -> None:
    rows = [row for row in rows_of(build(panel, tmp_path / "b.tsv.gz")) if row[3] != "."]
    noisy, slipped, carried = rows[0], rows[1], rows[2]
    assert (noisy[1], noisy[3], noisy[11]) == (str(NOISY), other_base(NOISY), "0:4,1:4,2:4")
    # Moved to the left of the run of A.
    assert slipped[1:5] == ["1040", "CA", "C", "deletion:A:x8:1"]
    assert slipped[11] == "3:2"
    # The carrier is left out of the sums, and its reads are kept in sight.
    assert (carried[5], carried[6], carried[8], carried[11]) == ("4", "1", "0", "1:40")


def test_the_header_says_what_was_done(
    panel: tuple[list[Path], Path, Path], tmp_path: Path
) -> None:
    output = build(panel, tmp_path / "b.tsv.gz", params=BackgroundParams(material="ffpe"))
    header = BackgroundFile(output).header
    assert header["params"]["material"] == "ffpe"
    assert header["normals"] == ["n0", "n1", "n2", "n3", "n4"]
    assert [item["name"] for item in header["inputs"]][:2] == ["n0.bam", "n1.bam"]
    assert all(len(item["sha256"]) == 64 for item in header["inputs"])
    assert {"substitution", "insertion", "deletion"} <= set(header["priors"])
    assert str(tmp_path) not in gzip.decompress(output.read_bytes()).decode()


@pytest.mark.parametrize("more", [{}, {"threads": 3}])
def test_bytes_do_not_change(
    panel: tuple[list[Path], Path, Path], tmp_path: Path, more: dict[str, int]
) -> None:
    one, two = build(panel, tmp_path / "a.tsv.gz"), build(panel, tmp_path / "b.tsv.gz", **more)
    assert one.read_bytes() == two.read_bytes()
    assert Path(f"{one}.tbi").read_bytes() == Path(f"{two}.tbi").read_bytes()


def test_the_python_form_gives_the_same_bytes(
    panel: tuple[list[Path], Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = build(panel, tmp_path / "a.tsv.gz")
    monkeypatch.setenv("TUMORKIT_KERNELS", "python")
    assert build(panel, tmp_path / "b.tsv.gz").read_bytes() == one.read_bytes()


def test_a_noisy_site_needs_more_reads_than_a_clean_one(
    panel: tuple[list[Path], Path, Path], tmp_path: Path
) -> None:
    background = open_background(build(panel, tmp_path / "b.tsv.gz"))
    places = [NOISY, 1_031, CARRIED, 2_001, 500]
    refs, alts = [REF[pos - 1] for pos in places], [other_base(pos) for pos in places]
    p = background.p_value(["1"] * 5, places, refs, alts, [8] * 5, [80] * 5).tolist()
    assert p[0] > 1e-3
    assert p[1] < 1e-4
    assert p[2] < 1e-4  # its one carrier does not count against the variant
    assert math.isnan(p[3])  # no normal covers the base
    assert math.isnan(p[4])  # not a target


def test_a_cram_gives_what_its_bam_gives(tmp_path: Path) -> None:
    noise = {NOISY: (other_base(NOISY), 4)}
    normals, bed, fasta = make_panel(tmp_path, [noise, {}])
    cram = make_normal(tmp_path / "c.cram", noise, sample="n0", reference=fasta)
    one = build((normals, bed, fasta), tmp_path / "a.tsv.gz")
    two = build(([cram, normals[1]], bed, fasta), tmp_path / "b.tsv.gz")
    assert rows_of(one) == rows_of(two)


def test_one_normal_is_allowed_and_said(tmp_path: Path) -> None:
    normals, bed, fasta = make_panel(tmp_path, [{}])
    output = tmp_path / "b.tsv.gz"
    result = run_background(normals, targets=bed, reference=fasta, output=output)
    assert any("one normal" in note for note in result.notes)


def refused(
    error: type[TumorkitError], said: str, normals: list[Path], bed: Path, fasta: Path
) -> None:
    output = fasta.parent / "never.tsv.gz"
    with pytest.raises(error, match=said):
        run_background(normals, targets=bed, reference=fasta, output=output)
    assert not output.exists()


def test_panels_that_cannot_be_are_refused(tmp_path: Path) -> None:
    normals, bed, fasta = make_panel(tmp_path, [{}, {NOISY: ("N", 1)}])
    refused(ParameterError, "no normals", [], bed, fasta)
    refused(ParameterError, "the same normal", [*normals, normals[0]], bed, fasta)
    bare = make_normal(tmp_path / "bare.bam", {}, depth=9, index=False)
    refused(MissingIndexError, "no index", [*normals, bare], bed, fasta)
    longer = {**CONTIGS, "chr1": LENGTH + 1}
    other = make_normal(tmp_path / "o.bam", {}, depth=9, contigs=longer)
    refused(ReferenceMismatchError, "3,001 bases", [*normals, other], bed, fasta)
    without = make_normal(tmp_path / "w.bam", {}, depth=9, contigs={"chr2": 1_200})
    refused(TumorkitError, "chr", [*normals, without], bed, fasta)
    beyond = make_bed(tmp_path / "beyond.bed", [("chr1", 2_900, 3_100)])
    refused(ReferenceMismatchError, "beyond the end", normals, beyond, fasta)
    unknown = make_bed(tmp_path / "unknown.bed", [("chr9", 1, 10)])
    refused(ContigMismatchError, "chr9", normals, unknown, fasta)
    dark = make_bed(tmp_path / "dark.bed", [("chr1", 2_000, 2_100)])
    refused(InputError, "no normal covers", normals, dark, fasta)
    refused(InputError, "no such file", [tmp_path / "x.bam"], bed, fasta)
    shorter = make_fasta(tmp_path / "s.fa", {"chr1": REF + "A", "chr2": "A" * 1_000})
    refused(ReferenceMismatchError, "3,001 bases", normals, bed, shorter)


def test_files_that_are_no_background_are_refused(
    panel: tuple[list[Path], Path, Path], tmp_path: Path
) -> None:
    output = build(panel, tmp_path / "b.tsv.gz")
    plain = tmp_path / "plain.tsv"
    plain.write_text("#contig\tpos\n")
    with pytest.raises(InputError, match="no bgzipped background"):
        open_background(plain)
    cut = tmp_path / "cut.tsv.gz"
    cut.write_bytes(output.read_bytes()[:-40])
    with pytest.raises(InputError, match="cut off"):
        open_background(cut)
    bare = tmp_path / "bare.tsv.gz"
    bare.write_bytes(output.read_bytes())
    with pytest.raises(MissingIndexError):
        open_background(bare)


def test_the_command_says_what_it_made(
    panel: tuple[list[Path], Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    normals, bed, fasta = panel
    words = ["variants", "background", *map(str, normals), "--targets", str(bed)]
    words += ["--reference", str(fasta), "--material", "blood"]
    assert run([*words, "-o", str(tmp_path / "b.tsv.gz"), "--json", str(tmp_path / "b.json")]) == 0
    assert "left out as carried by the normal\t1" in capsys.readouterr().out
    document = json.loads((tmp_path / "b.json").read_text())
    assert document["schema"] == "tumorkit/variants.background"
    assert document["params"]["material"] == "blood"
    assert run(words) == 2
    assert run([*words, "-o", "-"]) == 2


@pytest.mark.shared
def test_real_tumour_reads_make_a_background(shared: Path, tmp_path: Path) -> None:
    folder = shared / "alignments" / "strelka_demo"
    normals = sorted(folder.glob("*.bam"))
    fasta = next(folder.glob("*.fa"))
    bed = make_bed(tmp_path / "t.bed", [("demo20", 900, 4_100)])
    if not Path(f"{fasta}.fai").exists():
        fasta = make_fasta(tmp_path / "r.fa", {"demo20": "".join(fasta.read_text().split()[1:])})
    output = tmp_path / "b.tsv.gz"
    result = run_background(normals, targets=bed, reference=fasta, output=output)
    assert result.covered > 3_000
    # Two persons: what one carries is no error of the other.
    assert result.germline >= 15
    rates = {rate.kind: rate.rate for rate in result.rates}
    assert 1e-6 < rates["substitution"] < 1e-2
