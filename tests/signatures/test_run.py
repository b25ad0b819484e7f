"""From files to files: VCF and MAF in, matrices, tables, JSON and pictures out."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import numpy as np
import pysam
import pytest

from tests.signatures.simulated import MIXTURES, catalogues, drawn, made_up
from tumorkit.cli import run
from tumorkit.contract.schema import result_schema
from tumorkit.errors import InputError, ParameterError, ReferenceMismatchError, SampleNotFoundError
from tumorkit.genome.interval import Interval
from tumorkit.io.profiles import profiles_text, read_profiles
from tumorkit.io.text import read_lines
from tumorkit.io.vcf import open_vcf
from tumorkit.signatures.fit import FitParams, FitResult
from tumorkit.signatures.fit.run import Territory, read_priors, run_fit
from tumorkit.signatures.matrix import Calls, MatrixParams, MatrixResult, classify
from tumorkit.signatures.matrix.run import run_matrix
from tumorkit.signatures.plot.layout import layout_of
from tumorkit.signatures.plot.run import (
    picture_format,
    run_signatures_plot,
    write_signatures_plot,
)

HEADER = (
    "##fileformat=VCFv4.2\n"
    '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">\n'
    '##FORMAT=<ID=PS,Number=1,Type=Integer,Description="Phase set">\n'
)
COLUMNS = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO"


@pytest.fixture
def reference(tmp_path: Path) -> Path:
    rng = np.random.default_rng(1)
    path = tmp_path / "r.fa"
    path.write_text(">chr1\n" + "".join(rng.choice(list("ACGT"), 2000)) + "\n>chr2\nGACGTTTACA\n")
    pysam.faidx(str(path))
    return path


def vcf(path: Path, rows: list[str], sample: str = "T1") -> Path:
    head = f"{HEADER}{COLUMNS}\tFORMAT\t{sample}\n" if sample else f"{HEADER}{COLUMNS}\n"
    path.write_text(head + "".join(row + "\n" for row in rows))
    return path


def row(pos: int, ref: str, alt: str, *, filters: str = "PASS", info: str = ".",
        genotype: str = "GT\t0/1") -> str:  # fmt: skip
    return f"chr2\t{pos}\t.\t{ref}\t{alt}\t.\t{filters}\t{info}\t{genotype}"


def test_only_pass_is_counted_unless_asked_otherwise(reference: Path, tmp_path: Path) -> None:
    path = vcf(tmp_path / "a.vcf", [row(3, "C", "T"), row(5, "T", "A", filters="."),
                                    row(7, "T", "G", filters="weak;strand")])  # fmt: skip
    for filters, count in (("pass", 1), ("pass-or-missing", 2), ("all", 3)):
        params = MatrixParams(filters=filters)  # type: ignore[arg-type]
        item = run_matrix([path], reference=reference, params=params).samples[0]
        assert item.counted["SBS96"] == count
        assert item.variants == 3
    found = run_matrix([path], reference=reference)
    assert found.samples[0].rejected == {"FILTER .": 1, "FILTER weak;strand": 1}
    assert [item.pos for item in found.left_out] == [5, 7]


def test_a_file_without_filters_is_told_of(reference: Path, tmp_path: Path) -> None:
    path = vcf(tmp_path / "a.vcf", [row(3, "C", "T", filters=".")])
    assert any("--filters pass-or-missing" in note
               for note in run_matrix([path], reference=reference).notes)  # fmt: skip


def test_variants_on_unknown_bases_are_told_of(reference: Path, tmp_path: Path) -> None:
    masked = tmp_path / "masked.fa"
    masked.write_text(reference.read_text().replace("GACGTTTACA", "GACGTTNNCA"))
    pysam.faidx(str(masked))
    path = vcf(tmp_path / "a.vcf", [row(3, "C", "T"), row(6, "T", "A"), row(7, "T", "A")])
    found = run_matrix([path], reference=masked)
    assert found.samples[0].counted["SBS96"] == 1
    assert any(note.startswith("T1: 2 variants lie on or beside unknown") for note in found.notes)


def test_alternatives_of_a_record_are_counted_singly(reference: Path, tmp_path: Path) -> None:
    path = vcf(tmp_path / "a.vcf", [row(3, "C", "T,A"), row(4, "GT", "G,GTT")])
    item = run_matrix([path], reference=reference).samples[0]
    assert item.counted == {"SBS96": 2, "DBS78": 0, "ID83": 2}
    assert item.variants == 4


def test_phase_is_read_from_the_sample(reference: Path, tmp_path: Path) -> None:
    for second, kind in (("0|1", "DBS78"), ("1|0", "SBS96")):
        rows = [row(3, "C", "T", genotype="GT:PS\t0|1:3")]
        rows.append(row(4, "G", "A", genotype=f"GT:PS\t{second}:3"))
        path = vcf(tmp_path / "a.vcf", rows)
        assert run_matrix([path], reference=reference).samples[0].counted[kind] == 2


def test_probabilities_of_being_somatic_are_weights(reference: Path, tmp_path: Path) -> None:
    path = vcf(tmp_path / "a.vcf", [row(3, "C", "T,A", info="TK_P_SOMATIC=0.5,0.25"),
                                    row(5, "T", "A", info="TK_P_SOMATIC=."),
                                    row(7, "T", "G", info="TK_P_SOMATIC=0.001")])  # fmt: skip
    params = MatrixParams(somatic_weights=True)
    item = run_matrix([path], reference=reference, params=params).samples[0]
    assert item.mutations["SBS96"] == 0.75
    assert item.rejected == {"TK_P_SOMATIC below 0.01": 1, "TK_P_SOMATIC unknown": 1}


def test_several_files_are_several_samples(reference: Path, tmp_path: Path) -> None:
    one = vcf(tmp_path / "a.vcf", [row(3, "C", "T")], "T1")
    two = vcf(tmp_path / "b.vcf", [], "T2")
    bare = vcf(tmp_path / "c.one.vcf", ["chr2\t3\t.\tC\tA\t.\tPASS\t."], "")
    found = run_matrix([one, two, bare], reference=reference)
    assert found.matrices["SBS96"].names == ("T1", "T2", "c")
    assert found.matrices["SBS96"].values.sum(axis=1).tolist() == [1, 0, 1]
    with pytest.raises(ParameterError, match="more than one file: T1"):
        run_matrix([one, one], reference=reference)


def test_a_maf_has_a_sample_for_each_barcode(reference: Path, tmp_path: Path) -> None:
    columns = ("Chromosome", "Start_Position", "Variant_Classification", "Reference_Allele",
               "Tumor_Seq_Allele2", "Tumor_Sample_Barcode")  # fmt: skip
    rows = [("2", "3", "Silent", "C", "T", "A"), ("2", "5", "Frame_Shift_Del", "T", "-", "A"),
            ("2", "8", "Frame_Shift_Ins", "-", "G", "B")]  # fmt: skip
    path = tmp_path / "x.maf"
    path.write_text("\n".join("\t".join(line) for line in (columns, *rows)) + "\n")
    found = run_matrix([path], reference=reference)
    assert [item.counted for item in found.samples] == [
        {"SBS96": 1, "DBS78": 0, "ID83": 1}, {"SBS96": 0, "DBS78": 0, "ID83": 1},
    ]  # fmt: skip
    deleted = dict(
        zip(found.matrices["ID83"].channels, found.matrices["ID83"].of("A"), strict=True)
    )
    assert deleted["1:Del:T:2"] == 1


def test_another_build_is_refused(reference: Path, tmp_path: Path) -> None:
    rows = [f"chr1\t{at}\t.\tA\tC\t.\tPASS\t.\tGT\t0/1" for at in range(10, 60)]
    path = vcf(tmp_path / "a.vcf", rows)
    with pytest.raises(ReferenceMismatchError, match=r"REF alleles differ from r\.fa: chr1:"):
        run_matrix([path], reference=reference)
    rows = [f"chr9\t{at}\t.\tA\tC\t.\tPASS\t.\tGT\t0/1" for at in range(10, 12)]
    with pytest.raises(ReferenceMismatchError, match="none of its contigs"):
        run_matrix([vcf(tmp_path / "b.vcf", rows)], reference=reference)


def test_a_cohort_of_small_samples_of_another_build_is_refused(
    reference: Path, tmp_path: Path
) -> None:
    columns = ("Chromosome", "Start_Position", "Variant_Classification", "Reference_Allele",
               "Tumor_Seq_Allele2", "Tumor_Sample_Barcode")  # fmt: skip
    rows = [("1", str(at), "Silent", "A", "C", f"S{at % 12}") for at in range(10, 130)]
    path = tmp_path / "x.maf"
    path.write_text("\n".join("\t".join(line) for line in (columns, *rows)) + "\n")
    with pytest.raises(ReferenceMismatchError, match="of 120 REF alleles differ"):
        run_matrix([path], reference=reference)


def matrix_of(tmp_path: Path, total: int = 300) -> tuple[Path, Path]:
    rng = np.random.default_rng(4)
    table = made_up()
    rows = [drawn(table, mixture, total, rng) for mixture in MIXTURES[:2]]
    matrix, signatures = tmp_path / "m.all", tmp_path / "signatures.txt"
    matrix.write_text(profiles_text(catalogues([*rows, np.eye(96)[0]])))
    signatures.write_text(profiles_text(table))
    return matrix, signatures


def test_the_commands_work_one_after_the_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    matrix, signatures = matrix_of(tmp_path)
    out, document, picture = tmp_path / "e.tsv", tmp_path / "f.json", tmp_path / "p.png"
    told = ["--signatures", str(signatures), "-o", str(out), "--json", str(document)]
    assert run(["signatures", "fit", str(matrix), *told]) == 0
    shown = capsys.readouterr().out
    assert "tobacco\tpresent" in shown
    assert "insufficient: 1 mutations, 20 are needed" in shown
    first = (out.read_bytes(), document.read_bytes())
    assert run(["signatures", "fit", str(matrix), *told]) == 0
    assert first == (out.read_bytes(), document.read_bytes())
    loaded = json.loads(document.read_text())
    jsonschema.validate(loaded, result_schema(FitResult))
    assert [sample["status"] for sample in loaded["samples"]] == ["ok", "ok", "insufficient"]
    assert run(["signatures", "plot", str(matrix), "--fit", str(document), "-o", str(picture)]) == 0
    assert picture.read_bytes().startswith(b"\x89PNG")
    needed = ["signatures", "fit", str(matrix), "--signatures", str(signatures)]
    assert run([*needed, "--require-evaluable"]) == 1


def test_without_a_table_of_signatures_it_is_said_where_there_are_some(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    matrix, _ = matrix_of(tmp_path)
    assert run(["signatures", "fit", str(matrix)]) == 2
    assert "cancer.sanger.ac.uk/signatures" in capsys.readouterr().err
    assert run(["signatures", "fit", str(matrix), "--signatures", str(tmp_path / "no.txt")]) == 1
    assert "cancer.sanger.ac.uk/signatures" in capsys.readouterr().err


def test_a_panel_is_taken_into_account(reference: Path, tmp_path: Path) -> None:
    matrix, signatures = matrix_of(tmp_path)
    targets = tmp_path / "t.bed"
    targets.write_text("chr1\t100\t900\n")
    territory = Territory(targets=targets, reference=reference)
    result = run_fit(matrix, signatures=signatures, territory=territory)
    assert result.opportunities == "of the territory t.bed"
    with pytest.raises(ParameterError, match="targets need a reference"):
        run_fit(matrix, signatures=signatures, territory=Territory(targets=targets))
    with pytest.raises(ParameterError, match="serve targets"):
        run_fit(matrix, signatures=signatures, territory=Territory(reference=reference))


def test_priors_come_from_a_table(tmp_path: Path) -> None:
    path = tmp_path / "p.tsv"
    path.write_text("signature\tprior\nSBS4\t0.4\n# seen often\nSBS1\t0.95\n")
    assert read_priors(path) == {"SBS4": 0.4, "SBS1": 0.95}
    path.write_text("SBS4\t1\n")
    with pytest.raises(InputError, match="between 0 and 1"):
        read_priors(path)
    path.write_text("SBS4\t0.1\nSBS1\n")
    with pytest.raises(InputError, match="expected signature and prior"):
        read_priors(path)


def test_equal_spectra_give_equal_pictures(tmp_path: Path) -> None:
    matrix, _ = matrix_of(tmp_path)
    for name in ("one.svg", "two.svg"):
        write_signatures_plot(run_signatures_plot(matrix, samples=("s0",)), tmp_path / name)
    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "two.svg").read_bytes()


@pytest.mark.parametrize("kind", ["SBS96", "DBS78", "ID83"])
def test_every_channel_is_drawn_once(kind: str) -> None:
    layout = layout_of(kind)  # type: ignore[arg-type]
    assert sorted(layout.order) == list(range(len(read_channels(kind))))
    if layout.groups:
        assert sum(count for _, count in layout.groups) == len(layout.blocks)


def test_pictures_refuse_what_they_cannot_show(tmp_path: Path) -> None:
    matrix, signatures = matrix_of(tmp_path)
    with pytest.raises(ParameterError, match="at most 12 are drawn"):
        run_signatures_plot(signatures)
    with pytest.raises(SampleNotFoundError, match="s0, s1, s2"):
        run_signatures_plot(matrix, samples=("s9",))
    with pytest.raises(ParameterError, match="cannot draw"):
        picture_format(tmp_path / "x.gif")
    other = tmp_path / "x.json"
    for text, said in (("{", "is no JSON"), ('{"schema": "tumorkit/tmb"}', "is no fit")):
        other.write_text(text)
        with pytest.raises(InputError, match=said):
            run_signatures_plot(matrix, fit=other)


def test_the_schema_of_a_matrix_fits_its_document(reference: Path, tmp_path: Path) -> None:
    path = vcf(tmp_path / "a.vcf", [row(3, "C", "T"), row(4, "G", "<DEL>")])
    out, document, left = tmp_path / "m.tsv", tmp_path / "m.json", tmp_path / "left.tsv"
    assert run(["signatures", "matrix", str(path), "--reference", str(reference), "-o", str(out),
                "--json", str(document), "--rejected", str(left)]) == 0  # fmt: skip
    jsonschema.validate(json.loads(document.read_text()), result_schema(MatrixResult))
    assert read_profiles(out).values.sum() == 1
    assert "symbolic" in left.read_text()


class Windows:
    """The shared windows of GRCh38 by their own coordinates; N elsewhere."""

    def __init__(self, path: Path) -> None:
        self.lengths: dict[str, int] = {}
        self.texts: list[tuple[Interval, str]] = []
        name = ""
        parts: list[str] = []
        for line in [*(line for _, line in read_lines(path)), ">"]:
            if line.startswith(">"):
                if name:
                    contig, span = name.split(":")
                    first, last = map(int, span.split("-"))
                    # The first base is at the 1-based position that the name gives.
                    self.texts.append((Interval(contig, first - 1, last), "".join(parts)))
                name, parts = line[1:].strip(), []
            else:
                parts.append(line.strip().upper())

    def name_of(self, contig: str) -> str | None:
        return contig

    def fetch(self, contig: str, start: int, end: int) -> str:
        for item, text in self.texts:
            if item.contig == contig and item.start <= start and end <= item.end:
                return text[start - item.start : end - item.start]
        return "N" * (end - start)


@pytest.mark.shared
def test_colo829_is_a_melanoma_of_sunlight(shared: Path) -> None:
    windows = Windows(shared / "reference" / "hg38_windows.fa.gz")
    calls = Calls(sample="COLO829")
    with open_vcf(shared / "truth" / "colo829-nygc-v6.vcf.gz") as source:
        for record in source:
            if any(item.contig == record.contig and item.start < record.pos <= item.end
                   for item, _ in windows.texts):  # fmt: skip
                calls.add(record.contig, record.pos, record.ref, record.columns[4])
    found = classify(calls, windows)
    assert found.counts.counted == {"SBS96": 300, "DBS78": 5, "ID83": 12}
    assert not found.left_out
    spectrum = dict(zip(read_channels(), found.spectra["SBS96"], strict=True))
    # Ultraviolet light: C>T after a pyrimidine.
    sunny = sum(n for name, n in spectrum.items() if name[0] in "CT" and name[2:5] == "C>T")
    assert sunny > 0.55 * 300
    doublets = dict(zip(read_channels("DBS78"), found.spectra["DBS78"], strict=True))
    assert doublets["CC>TT"] >= 3


def read_channels(kind: str = "SBS96") -> tuple[str, ...]:
    from tumorkit.genome.channels import CHANNELS

    return CHANNELS[kind]  # type: ignore[index]


def test_settings_that_cannot_be_are_refused() -> None:
    with pytest.raises(ParameterError, match="tumor_type"):
        FitParams(tumor_type="lungs")  # type: ignore[arg-type]
    with pytest.raises(ParameterError, match="expected"):
        FitParams(expected=0.0)
