from __future__ import annotations

import gzip
import tomllib
from pathlib import Path
from typing import Any

import pysam
import pytest

from tumorkit.cli import run as run_command
from tumorkit.errors import ParameterError
from tumorkit.simulate import simulate_case
from tumorkit.simulate.calling import log_odds, one_sided
from tumorkit.simulate.case import plan_case
from tumorkit.simulate.nouns import Case, Counts
from tumorkit.simulate.params import SimulateParams
from tumorkit.simulate.run import run_simulate
from tumorkit.simulate.vcf_text import CSQ_FIELDS

TINY = SimulateParams(
    genes=12, coding_kb=20, backbone_snps=30, msi_targets=10, snvs=10, indels=4,
    strand_artefacts=3, ffpe_artefacts=3, depth=30, normal_depth=20,
)  # fmt: skip


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_two_runs_give_equal_bytes(tmp_path: Path) -> None:
    for name in ("one", "other"):
        run_simulate(tmp_path / name / "case", params=TINY)
    one, other = contents(tmp_path / "one/case"), contents(tmp_path / "other/case")
    assert one.keys() == other.keys()
    assert [name for name in one if one[name] != other[name]] == []
    assert len(one) >= 25


def test_an_option_leaves_the_other_parts_alone() -> None:
    base = plan_case(TINY)
    other = plan_case(
        SimulateParams(
            **{**TINY.to_document(), "strand_artefacts": 0, "depth": 60.0, "purity": 0.3}
        )
    )
    assert other.germline == base.germline
    assert other.segments == base.segments
    assert other.somatic == base.somatic
    assert other.microsatellites == base.microsatellites
    assert other.artefacts != base.artefacts


def test_another_seed_gives_another_case() -> None:
    other = plan_case(SimulateParams(**{**TINY.to_document(), "seed": 8}))
    assert other.germline != plan_case(TINY).germline


def test_a_mismatch_repair_proficient_tumour_is_stable() -> None:
    case = plan_case(SimulateParams(msi=False, coding_kb=100, backbone_snps=20))
    assert sum(m.shift != 0 for m in case.microsatellites) <= 5
    assert all(v.driver != "MSH2" for v in case.somatic)


def test_vcfs_are_read_by_htslib_and_agree_with_the_reference(small_folder: Path) -> None:
    with pysam.FastaFile(str(small_folder / "reference.fa.gz")) as fasta:
        for name in ("somatic", "germline", "snps", "population"):
            with pysam.VariantFile(str(small_folder / f"{name}.vcf.gz")) as vcf:
                records = list(vcf)
                assert records
                assert sum(1 for _ in vcf.fetch("chr1")) == sum(r.contig == "chr1" for r in records)
                for record in records:
                    assert fasta.fetch(record.contig, record.start, record.stop) == record.ref


def test_the_somatic_vcf_looks_like_the_callers(small_folder: Path) -> None:
    with pysam.VariantFile(str(small_folder / "somatic.vcf.gz")) as vcf:
        text = str(vcf.header)
        assert "##tumor_sample=SMALL_T\n" in text
        assert "##normal_sample=SMALL_N\n" in text
        assert list(vcf.header.samples) == ["SMALL_N", "SMALL_T"]
        assert "##fileDate" not in text
        for record in vcf:
            sample = record.samples["SMALL_T"]
            assert sum(sample["AD"]) == sample["DP"]
            assert sum(sample["F1R2"]) + sum(sample["F2R1"]) == sample["DP"]
            assert sum(sample["SB"]) == sample["DP"]
            entry = record.info["CSQ"]
            assert len(entry) == 1
            assert len(entry[0].split("|")) == len(CSQ_FIELDS)
            assert record.filter.keys()


def test_the_caller_finds_clonal_variants_and_filters_most_artefacts(
    small_folder: Path, small_case: Case
) -> None:
    with pysam.VariantFile(str(small_folder / "somatic.vcf.gz")) as vcf:
        found = {(r.contig, r.pos, r.alts[0]): set(r.filter.keys()) for r in vcf if r.alts}
    clonal = [v for v in small_case.somatic if v.ccf == 1]
    passed = [v for v in clonal if found.get((v.contig, v.pos, v.alt)) == {"PASS"}]
    assert len(passed) >= 0.85 * len(clonal)
    artefacts = [found.get((a.contig, a.pos, a.alt), {"absent"}) for a in small_case.artefacts]
    assert sum(filters == {"PASS"} for filters in artefacts) <= len(artefacts) / 3
    assert any("strand_bias" in filters for filters in artefacts)
    assert any("orientation" in filters for filters in artefacts)
    assert any("germline" in filters for filters in found.values())
    assert any("map_qual" in filters for filters in found.values())


def test_the_gtf_holds_the_coding_sequence(small_folder: Path, small_case: Case) -> None:
    coding: dict[str, int] = {}
    for line in (small_folder / "exons.gtf").read_text().splitlines():
        if line.startswith("#"):
            continue
        fields = line.split("\t")
        if fields[2] in ("CDS", "stop_codon"):
            name = fields[8].split('transcript_id "')[1].split('"')[0]
            coding[name] = coding.get(name, 0) + int(fields[4]) - int(fields[3]) + 1
    assert coding == {t.name: t.coding_bases for t in small_case.panel.transcripts}


def test_the_case_file_names_files_that_are_there(small_folder: Path) -> None:
    document = tomllib.loads((small_folder / "case.toml").read_text())
    assert document["case"]["sample"] == "SMALL_T"
    assert document["case"]["build"] == "GRCh38"
    for name in document["inputs"].values():
        assert (small_folder / name).is_file()


def test_targets_are_sorted_and_hold_every_exon(small_folder: Path, small_case: Case) -> None:
    lines = (small_folder / "targets.bed").read_text().splitlines()
    spans = [(f[0], int(f[1]), int(f[2])) for f in (line.split("\t") for line in lines)]
    assert len(set(spans)) == len(spans)
    for transcript in small_case.panel.transcripts:
        for start, end in transcript.exons:
            assert any(c == transcript.contig and a <= start and end <= b for c, a, b in spans)


def test_the_command_writes_a_folder_and_says_the_truth(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "made"
    code = run_command(
        ["simulate", "--outdir", str(out), "--seed", "3", "--genes", "10", "--coding-kb", "10",
         "--backbone-snps", "10", "--msi-targets", "4", "--snvs", "5", "--indels", "2",
         "--strand-artefacts", "1", "--ffpe-artefacts", "1", "--depth", "15",
         "--normal-depth", "10", "--purity", "0.5", "--no-msi", "--no-reads", "-q"]
    )  # fmt: skip
    assert code == 0
    assert "purity\t0.5" in capsys.readouterr().out
    assert not (out / "tumor.bam").exists()
    assert "tumor.bam" not in (out / "case.toml").read_text()
    assert gzip.decompress((out / "somatic.vcf.gz").read_bytes()).startswith(b"##fileformat")


def test_settings_that_cannot_be_are_refused(tmp_path: Path) -> None:
    assert run_command(["simulate", "--outdir", str(tmp_path / "x"), "--purity", "1.5"]) == 2
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize(
    "more",
    [
        {"purity": 1.0, "ploidy": 1.6, "sex": "male", "read_length": 250},
        {"snvs": 0, "indels": 0, "backbone_snps": 0, "msi_targets": 0, "ffpe_artefacts": 0},
        {"purity": 0.05, "ploidy": 4.8, "read_length": 50, "fragment_length": 60.0},
    ],
)
def test_extreme_cases_are_made_without_a_warning(more: dict[str, Any]) -> None:
    result = simulate_case(SimulateParams(**{**TINY.to_document(), "depth": 8.0, **more}))
    assert result.somatic_snvs == more.get("snvs", 10)


def test_a_panel_without_room_is_refused_in_words() -> None:
    with pytest.raises(ParameterError, match="no room for 5000"):
        plan_case(SimulateParams(**{**TINY.to_document(), "snvs": 5000}))


def test_scores_of_the_caller_behave() -> None:
    def counts(ref: int, alt: int) -> Counts:
        return Counts(ref=ref, alt=alt, strands=(0, 0, 0, 0), orientations=(0, 0, 0, 0))

    assert log_odds(counts(50, 0)) < 0 < log_odds(counts(40, 10)) < log_odds(counts(30, 20))
    assert one_sided((20, 20), (6, 6)) > 0.5
    assert one_sided((20, 20), (10, 0)) == pytest.approx(one_sided((20, 20), (0, 10)))
