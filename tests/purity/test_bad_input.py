"""What a laboratory hands in by mistake or for want of better: an answer, or a line why not."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tumorkit.cli import run
from tumorkit.errors import ReferenceMismatchError
from tumorkit.genome.build import GRCH37, GRCH38, Build
from tumorkit.genome.segment import Segment
from tumorkit.io.segments import segments_text
from tumorkit.purity.run import run_purity

PURITY = 0.6
# Copies of major and minor allele by chromosome: losses, gains, a neutral loss, the rest as usual.
CHANGED = {3: (1, 0), 5: (2, 0), 7: (2, 1), 8: (3, 1), 13: (1, 0), 17: (2, 0), 20: (2, 1)}
SNPS = 60


@dataclass(frozen=True)
class Files:
    """Segments and counts of SNPs of one pair."""

    segments: Path
    snps: Path


def copies(number: int) -> tuple[int, int]:
    return CHANGED.get(number, (1, 1))


def write_segments(path: Path, purity: float, *, male_x: bool = False) -> Path:
    rng = np.random.default_rng(11)
    rows = []
    for number in range(1, 23):
        ratio = (purity * sum(copies(number)) + 2 * (1 - purity)) / 2
        level = float(np.log2(ratio) + rng.normal(0, 0.006))
        rows.append(segment(f"chr{number}", level))
    if male_x:
        rows.append(segment("chrX", -1.0))
    path.write_text(segments_text(rows))
    return path


def segment(contig: str, level: float) -> Segment:
    return Segment(
        contig=contig, start=0, end=GRCH38.lengths[contig], log2_ratio=level, bins=500,
        log2_low=level - 0.015, log2_high=level + 0.015,
    )  # fmt: skip


def write_snps(
    path: Path,
    purity: float,
    *,
    swapped: bool = False,
    foreign: float = 0.0,
    heterozygous: bool = True,
) -> Path:
    """Write counts of tumour and normal; ``foreign`` is the share of another person's reads."""
    rng = np.random.default_rng(12)
    names = ("contig", "position", "ref_count", "alt_count", "normal_ref_count", "normal_alt_count")
    lines = ["\t".join(names)]
    for number in range(1, 23):
        major, minor = copies(number)
        total = purity * (major + minor) + 2 * (1 - purity)
        for at in range(2 * SNPS):
            own = [0.5, 0.0, 1.0][int(rng.integers(0, 3))]
            if not heterozygous:
                own = float(round(own))
            other = [0.5, 0.0, 1.0][int(rng.integers(0, 3))]
            on = major if rng.random() < 0.5 else minor
            share = own if own != 0.5 else (purity * on + 1 - purity) / total
            share = (1 - foreign) * share + foreign * other
            depth = np.array([120, 100])
            shares = np.clip([share, own], 0.001, 0.999)
            alt = rng.binomial(depth, shares[::-1] if swapped else shares)
            tumor, normal = depth - alt, alt
            row = (f"chr{number}", 400_000 * (at + 1), tumor[0], normal[0], tumor[1], normal[1])
            lines.append("\t".join(map(str, row)))
    path.write_text("\n".join(lines) + "\n")
    return path


def answer(tmp_path: Path, *options: object) -> dict[str, Any]:
    out = tmp_path / "result.json"
    assert run(["purity", "fit", *map(str, options), "--json", str(out), "-q"]) == 0
    found: dict[str, Any] = json.loads(out.read_text())
    return found


def test_a_sound_pair_is_answered(tmp_path: Path) -> None:
    segments = write_segments(tmp_path / "t.cns", PURITY)
    found = answer(tmp_path, segments, "--snps", write_snps(tmp_path / "s.tsv", PURITY))
    assert found["state"] == "solved"
    assert found["value"] == pytest.approx(PURITY, abs=0.04)


def test_without_a_heterozygous_snp_levels_alone_speak_and_say_so(tmp_path: Path) -> None:
    segments = write_segments(tmp_path / "t.cns", PURITY)
    snps = write_snps(tmp_path / "s.tsv", PURITY, heterozygous=False)
    found = answer(tmp_path, segments, "--snps", snps)
    whole = answer(tmp_path, segments, "--snps", write_snps(tmp_path / "h.tsv", PURITY))
    assert found["state"] in ("solved", "not_identifiable")
    assert any("no allele fractions: levels alone speak" in note for note in found["notes"])
    spread = [sum(item["weight"] for item in one["solutions"][1:]) for one in (found, whole)]
    assert spread[0] >= spread[1]


def test_a_swapped_pair_has_no_purity(tmp_path: Path) -> None:
    segments = write_segments(tmp_path / "t.cns", PURITY)
    snps = write_snps(tmp_path / "s.tsv", PURITY, swapped=True)
    found = answer(tmp_path, segments, "--snps", snps)
    assert found["state"] == "not_identifiable"
    assert "swapped" in found["reason_of_state"]
    assert found["value"] is None


def test_the_vcf_of_another_person_has_no_purity(tmp_path: Path) -> None:
    segments = write_segments(tmp_path / "t.cns", PURITY)
    snps = write_snps(tmp_path / "s.tsv", PURITY, foreign=1.0)
    found = answer(tmp_path, segments, "--snps", snps)
    assert found["state"] == "not_identifiable"
    assert "two persons" in found["reason_of_state"]


def test_contamination_is_said_and_the_fit_goes_on(tmp_path: Path) -> None:
    segments = write_segments(tmp_path / "t.cns", PURITY)
    snps = write_snps(tmp_path / "s.tsv", PURITY, foreign=0.08)
    found = answer(tmp_path, segments, "--snps", snps)
    assert any("DNA of another person" in note for note in found["notes"])
    assert found["state"] in ("solved", "not_identifiable")


def test_a_normal_as_tumour_shows_no_tumour(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    segments = write_segments(tmp_path / "n.cns", 0.0)
    snps = write_snps(tmp_path / "s.tsv", 0.0)
    found = answer(tmp_path, segments, "--snps", snps)
    assert found["state"] == "no_tumor_signal"
    assert found["value"] is None
    assert "no tumour signal" in capsys.readouterr().out
    options = ("--snps", str(snps), "--require-evaluable", "-q")
    assert run(["purity", "fit", str(segments), *options]) == 1
    assert "no purity" in capsys.readouterr().err


@pytest.mark.parametrize("sex", ["male", "female"])
def test_one_x_of_a_male_is_no_loss(tmp_path: Path, sex: str) -> None:
    segments = write_segments(tmp_path / "t.cns", PURITY, male_x=True)
    found = answer(tmp_path, segments, "--sex", sex, "--build", "GRCh38")
    own = [item for item in found["segments"] if item["contig"] == "chrX"]
    assert len(own) == 1
    assert own[0]["normal_copies"] == (1 if sex == "male" else 2)
    if sex == "male":
        assert (own[0]["total_cn"], own[0]["subclonal"]) == (1, False)
    else:
        assert own[0]["copies"] < 0.5


VCF = """##fileformat=VCFv4.2
##INFO=<ID=CSQ,Number=.,Type=String,Description="Consequence annotations from Ensembl VEP. \
Format: Allele|Consequence|SYMBOL|Feature|HGVSp">
##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">
##FORMAT=<ID=AD,Number=R,Type=Integer,Description="Reads">
##contig=<ID=chr13,length=114364328>
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tN
chr13\t32340301\t.\tC\tT\t50\tPASS\t{info}\tGT:AD\t0/1:50,50
"""
STOP = "CSQ=T|stop_gained|BRCA2|ENST1|ENSP1:p.Gln2Ter"


@pytest.mark.parametrize(
    ("info", "status", "germline"),
    [
        (STOP, "two hits", "1 germline"),
        (".", "one hit", "germline not assessed"),
        (None, "one hit", "germline not assessed"),
    ],
)
def test_an_inherited_hit_and_the_loss_of_the_other_allele(
    tmp_path: Path, info: str | None, status: str, germline: str
) -> None:
    segments = write_segments(tmp_path / "t.cns", PURITY)
    genes = tmp_path / "genes.bed"
    genes.write_text("chr13\t32300000\t32400000\tBRCA2\n")
    options: list[object] = ["--snps", write_snps(tmp_path / "s.tsv", PURITY), "--genes", genes]
    if info is not None:
        vcf = tmp_path / "germline.vcf"
        text = VCF.format(info=info)
        if info == ".":
            text = "".join(line for line in text.splitlines(keepends=True) if "CSQ" not in line)
        vcf.write_text(text)
        options += ["--germline", vcf]
    found = answer(tmp_path, segments, *options)
    (row,) = found["genes"]
    assert row["loh"] is True
    assert row["status"] == status
    assert row["germline"] == germline


def write_vcf(path: Path, build: Build) -> Path:
    contigs = "".join(
        f"##contig=<ID={name},length={length}>\n" for name, length in build.lengths.items()
    )
    path.write_text(
        f"##fileformat=VCFv4.2\n{contigs}#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tT\n"
        "chr1\t1000000\t.\tA\tT\t.\tPASS\t.\tGT:AD\t0/1:60,30\n"
    )
    return path


def test_variants_of_another_build_are_refused(tmp_path: Path) -> None:
    segments = write_segments(tmp_path / "s.cns", PURITY)
    other, own = (write_vcf(tmp_path / f"{b.name}.vcf", b) for b in (GRCH37, GRCH38))
    with pytest.raises(ReferenceMismatchError, match=r"is on GRCh37, but s\.cns has a segment"):
        run_purity(segments, somatic=other)
    with pytest.raises(ReferenceMismatchError, match=r"GRCh37, but GRCh38\.vcf on GRCh38"):
        run_purity(segments, somatic=own, germline=other)
    with pytest.raises(ReferenceMismatchError, match="but the case is said to be on GRCh38"):
        run_purity(segments, somatic=other, build=GRCH38)
    assert run_purity(segments, somatic=own).build == "GRCh38"


def test_a_coverage_needs_its_normals(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "T.txt"
    path.write_text(
        "Target total_coverage counts on_target duplication_rate\nchr1:1-200 1 1 TRUE NA\n"
    )
    assert run(["purity", "fit", str(path), "-q"]) == 1
    said = capsys.readouterr().err
    assert "holds a coverage" in said
    assert "--normal-coverage" in said


def test_coverages_of_a_pair_are_segmented_and_fitted(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    rows: dict[str, list[str]] = {"T": [], "N": []}
    for number in range(1, 23):
        ratio = (PURITY * sum(copies(number)) + 2 * (1 - PURITY)) / 2
        for at in range(60):
            start = 500_000 * (at + 1)
            for name, level in (("T", ratio), ("N", 1.0)):
                depth = 200 * level * 2 ** rng.normal(0, 0.08)
                spot = f"chr{number}:{start + 1}-{start + 200}"
                rows[name].append(f"{spot} {200 * depth:.3f} {depth:.2f} TRUE NA")
    head = "Target total_coverage counts on_target duplication_rate"
    for name, lines in rows.items():
        (tmp_path / f"{name}.txt").write_text("\n".join([head, *lines]) + "\n")
    snps = write_snps(tmp_path / "s.tsv", PURITY)
    options = ("--normal-coverage", tmp_path / "N.txt", "--snps", snps)
    found = answer(tmp_path, tmp_path / "T.txt", *options)
    assert found["state"] == "solved"
    assert found["value"] == pytest.approx(PURITY, abs=0.05)
    assert any("segmented here" in note for note in found["notes"])


@pytest.mark.shared
def test_purecns_tiny_pair_has_the_purity_of_its_finished_segments(shared: Path) -> None:
    from tumorkit.purity.run import run_purity

    folder = shared / "copynumber" / "purecn"
    with pytest.warns(UserWarning, match="FA and DP are taken"):
        found = run_purity(
            folder / "example_tumor_tiny.txt",
            normal_coverage=folder / "example_normal_tiny.txt",
            snps=folder / "example.vcf.gz",
            tumor="LIB-02240e4",
            normal="LIB-02252e4",
        )
    assert found.purity.value == pytest.approx(0.63, abs=0.05)
    assert found.ploidy.value == pytest.approx(1.74, abs=0.1)


PURECN, CNVKIT = "copynumber/purecn/", "copynumber/cnvkit/"
SEGMENTS = PURECN + "example_seg.txt"
# What each real file gives: a state, or the words of its one line.
REAL = [
    ((CNVKIT + "cl_seq.cns",), ""),
    ((CNVKIT + "nv3.cns",), ""),
    ((CNVKIT + "f-on-f.cns",), ""),
    ((CNVKIT + "p2-20_1.cnr",), ""),
    ((CNVKIT + "amplicon.cns",), "end 212576985 is not after start"),
    ((CNVKIT + "empty",), "holds no segment"),
    (
        (
            PURECN + "example_gatk4_modelfinal.seg.gz",
            "--snps",
            PURECN + "example_allelic_counts.tsv",
        ),
        "",
    ),
    ((PURECN + "example_gatk4_denoised_cr.tsv.gz",), ""),
    ((PURECN + "example_logratio.txt.gz",), ""),
    ((PURECN + "issue192_tumor.seg",), ""),
    ((PURECN + "issue192_tumor.cnr",), ""),
    ((PURECN + "buggy_cnvkit.seg.gz",), "missing coordinates: start, end"),
    ((PURECN + "example_tumor_tiny.txt",), "holds a coverage"),
    (
        (PURECN + "example_tumor_tiny.txt", "--normal-coverage", PURECN + "example_normal3.cnn"),
        "of another panel or bin set",
    ),
    ((SEGMENTS, "--snps", PURECN + "example.vcf.gz"), "cannot tell tumour from normal"),
    ((SEGMENTS, "--snps", PURECN + "example_single.vcf.gz"), ""),
    ((SEGMENTS, "--somatic", PURECN + "example_mutect2.vcf.gz"), "is on GRCh38, but"),
    ((SEGMENTS, "--snps", CNVKIT + "blank.vcf"), "holds no SNP"),
]


@pytest.mark.shared
@pytest.mark.filterwarnings("ignore:.*FA and DP are taken")
@pytest.mark.parametrize(("words", "line"), REAL, ids=lambda value: str(value)[-40:])
def test_every_real_input_has_an_answer_or_one_line(
    shared: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], line: str
) -> None:
    given = [word if word.startswith("--") else str(shared / word) for word in words]
    code = run(["purity", "fit", *given, "-q"])
    found = capsys.readouterr()
    if line:
        errors = [row for row in found.err.splitlines() if row.startswith("error:")]
        assert code in (1, 2)
        assert len(errors) == 1
        assert line in errors[0]
        assert "Traceback" not in found.err
    else:
        assert code == 0
        assert "\nstate\t" in found.out
