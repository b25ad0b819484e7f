"""One territory for numerator and denominator, whatever file it is made from."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tmb.builders import record, write_bed, write_vcf
from tumorkit.errors import InputError
from tumorkit.io.territory import read_callable
from tumorkit.tmb import TmbParams
from tumorkit.tmb.run import TmbFiles, run_tmb
from tumorkit.variants.evidence.run import CaseFiles

# One gene on chr1 with coding bases 100,000-400,000 and 600,000-900,000.
EXONS = {
    "exons.gtf": (
        'chr1\tx\tCDS\t100001\t400000\t.\t+\t0\tgene_id "G1"; gene_name "GENE";\n'
        'chr1\tx\tCDS\t600001\t900000\t.\t+\t0\tgene_id "G1"; gene_name "GENE";\n'
    ),
    "exons.gff3": (
        "##gff-version 3\n"
        "chr1\tx\tgene\t100001\t900000\t.\t+\t.\tID=gene:G1;Name=GENE\n"
        "chr1\tx\tmRNA\t100001\t900000\t.\t+\t.\tID=transcript:T1;Parent=gene:G1\n"
        "chr1\tx\tCDS\t100001\t400000\t.\t+\t0\tID=c1;Parent=transcript:T1\n"
        "chr1\tx\tCDS\t600001\t900000\t.\t+\t0\tID=c2;Parent=transcript:T1\n"
    ),
    "refFlat.txt": (
        "GENE\tNM_1\tchr1\t+\t100000\t900000\t100000\t900000\t2\t100000,600000,\t400000,900000,\n"
    ),
    "exons.bed": "chr1\t100000\t400000\tGENE\nchr1\t600000\t900000\tGENE\n",
}
RULES = TmbParams(scheme="mine", min_vaf=0.05, min_alt_depth=5)


@pytest.fixture
def vcf(tmp_path: Path) -> Path:
    places = [50_000, 150_000, 250_000, 500_000, 650_000, 850_000, 950_000]
    return write_vcf(tmp_path / "t.vcf", [record(at) for at in places])


@pytest.fixture
def targets(tmp_path: Path) -> Path:
    return write_bed(tmp_path / "targets.bed", [("chr1", 0, 1_000_000), ("chr1", 0, 300_000)])


@pytest.mark.parametrize("name", EXONS)
def test_every_source_of_exons_gives_the_same_territory(
    vcf: Path, targets: Path, tmp_path: Path, name: str
) -> None:
    exons = tmp_path / name
    exons.write_text(EXONS[name], encoding="utf-8")
    files = TmbFiles(gene_table=tmp_path / "genes.tsv", territory=tmp_path / "saved.bed")
    found = run_tmb(vcf, params=RULES, targets=targets, exons=exons, files=files)
    assert found.tmb.evidence["megabases"] == pytest.approx(0.6)
    assert found.counted == 4
    assert (tmp_path / "genes.tsv").read_text() == ("gene\tmegabases\tcounted\nGENE\t0.600000\t4\n")
    again = run_tmb(vcf, params=RULES, targets=tmp_path / "saved.bed")
    assert (again.tmb, again.counted) == (found.tmb, found.counted)


DEPTHS = {
    "per-base.bed": "chr1\t0\t200000\t10\nchr1\t200000\t700000\t200\nchr1\t700000\t1000000\t30\n",
    "quantized.bed": (
        "chr1\t0\t200000\t1:20\nchr1\t200000\t700000\t100:inf\nchr1\t700000\t1000000\t20:100\n"
    ),
    "thresholds.bed": (
        "#chrom\tstart\tend\tregion\t1X\t20X\t100X\n"
        "chr1\t0\t200000\tA\t200000\t0\t0\n"
        "chr1\t200000\t700000\tB\t500000\t500000\t480000\n"
        "chr1\t700000\t1000000\tC\t300000\t300000\t1000\n"
    ),
}


@pytest.mark.parametrize("name", DEPTHS)
@pytest.mark.parametrize(("depth", "megabases", "counted"), [(20, 0.8, 5), (100, 0.5, 3)])
def test_every_form_of_depth_gives_the_same_territory(
    vcf: Path, targets: Path, tmp_path: Path, name: str, depth: int, megabases: float, counted: int
) -> None:
    coverage = tmp_path / name
    coverage.write_text(DEPTHS[name], encoding="utf-8")
    found = run_tmb(
        vcf, params=RULES, targets=targets, coverage=coverage, changes={"callable_depth": depth}
    )
    assert found.tmb.evidence["megabases"] == pytest.approx(megabases)
    assert found.counted == counted


def test_a_faint_tumour_needs_deeper_bases(vcf: Path, targets: Path, tmp_path: Path) -> None:
    coverage = tmp_path / "per-base.bed"
    coverage.write_text(DEPTHS["per-base.bed"], encoding="utf-8")
    pure, faint = (
        run_tmb(
            vcf, params=RULES, targets=targets, coverage=coverage,
            case_files=CaseFiles(purity=purity),
        )
        for purity in (0.9, 0.2)
    )  # fmt: skip
    assert pure.tmb.evidence["megabases"] == pytest.approx(0.8)
    assert faint.tmb.evidence["megabases"] == pytest.approx(0.5)
    assert faint.counted == 3
    assert faint.territory[-1].text == "covered at least 103 times"


def test_thresholds_that_are_not_high_enough_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "thresholds.bed"
    path.write_text(DEPTHS["thresholds.bed"], encoding="utf-8")
    assert read_callable(path, 15).bases == 800_000  # the 20X column is enough for 15
    with pytest.raises(InputError, match="no threshold is as high as 500"):
        read_callable(path, 500)
    path.write_text(DEPTHS["thresholds.bed"] + "chr1\t5\tx\tD\t1\t1\t1\n", encoding="utf-8")
    with pytest.raises(InputError, match="expected contig, start, end, region"):
        read_callable(path, 20)
