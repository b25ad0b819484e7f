"""Files in, files out: which tables are read, and what is said of damaged ones."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from tests.hrd.simulated import PANELS, sequenced
from tests.hrd.simulated import genome as simulated
from tumorkit.cli import run
from tumorkit.copynumber.segment import SegmentParams, segment
from tumorkit.errors import InputError, ParameterError, ReferenceMismatchError
from tumorkit.genome.build import GRCH37, GRCH38
from tumorkit.hrd import HrdParams
from tumorkit.hrd.run import preset_of, read_fit, run_hrd
from tumorkit.io.segments import segments_text

HEADER = "SampleID\tChromosome\tStart_position\tEnd_position\ttotal_cn\tA_cn\tB_cn\tploidy\n"


def table(tmp_path: Path, rows: list[tuple[object, ...]], header: str = HEADER) -> Path:
    path = tmp_path / "case.tsv"
    lines = ("\t".join(str(cell) for cell in row) + "\n" for row in rows)
    path.write_text(header + "".join(lines))
    return path


def genome(sample: str = "T1") -> list[tuple[object, ...]]:
    """Return every autosome in balance, the first 30 Mb of chromosome 1 lost once."""
    rows: list[tuple[object, ...]] = [(sample, "chr1", 1, 30_000_000, 1, 0, 1, "NA")]
    rows.append((sample, "chr1", 30_000_001, GRCH38.lengths["chr1"], 2, 1, 1, "NA"))
    for number in range(2, 23):
        rows.append((sample, f"chr{number}", 1, GRCH38.lengths[f"chr{number}"], 2, 1, 1, "NA"))
    return rows


def cns(tmp_path: Path, rows: list[tuple[object, ...]], columns: str) -> Path:
    return table(tmp_path, rows, columns.replace(" ", "\t") + "\n")


def test_a_scarhrd_table_in_and_scarhrds_result_out(tmp_path: Path) -> None:
    path = table(tmp_path, genome())
    result, again = tmp_path / "r.txt", tmp_path / "again.tsv"
    flags = ["--build", "GRCh38", "--scarhrd-result", str(result), "--scarhrd-input", str(again)]
    assert run(["hrd", "score", str(path), *flags]) == 0
    assert result.read_text() == ('""\t"HRD"\t"Telomeric AI"\t"LST"\t"HRD-sum"\n"T1"\t1\t1\t1\t3\n')
    assert again.read_text().splitlines()[1] == "T1\tchr1\t1\t30000000\t1\t1\t0\t1.98957"


def test_the_command_writes_what_was_asked_for_and_twice_the_same(tmp_path: Path) -> None:
    path = table(tmp_path, genome())
    names = ("scars.tsv", "scars.bed", "r.json")
    for turn in ("a", "b"):
        (tmp_path / turn).mkdir()
        pairs = zip(("-o", "--scar-bed", "--json"), names, strict=True)
        flags = [str(x) for flag, name in pairs for x in (flag, tmp_path / turn / name)]
        assert run(["hrd", "score", str(path), "--build", "hg38", *flags]) == 0
    for name in names:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    document = json.loads((tmp_path / "a" / "r.json").read_text())
    assert document["schema"] == "tumorkit/hrd"
    assert [document[name]["value"] for name in ("loh", "tai", "lst", "sum")] == [1, 1, 1, 3]
    assert document["sample"] == "T1"
    assert (tmp_path / "a" / "scars.bed").read_text().splitlines() == [
        "chr1\t0\t30000000\tLOH;1+0;p",
        "chr1\t0\t30000000\tTAI;1+0;p",
        "chr1\t30000000\t30000001\tLST;1+0>1+1;p",
    ]


def test_a_row_that_ends_before_it_starts_is_left_out_and_said(tmp_path: Path) -> None:
    rows = genome()
    rows.insert(4, ("T1", "chr3", 190_000_000, 180_000_000, 3, 1, 2, "NA"))
    path = table(tmp_path, rows)
    found = run_hrd(path, build=GRCH38)
    assert found.counts.sum == 3
    assert any("end before they start are left out" in note for note in found.notes)
    theirs = run_hrd(path, build=GRCH38, params=HrdParams(compat="scarhrd"))
    assert theirs.counts.sum == 3
    assert any("ending before the start" in note for note in theirs.notes)


def test_rows_that_are_not_sorted_are_sorted_unless_scarhrd_is_asked_for(tmp_path: Path) -> None:
    rows = genome()
    rows[0], rows[1] = rows[1], rows[0]
    path = table(tmp_path, rows)
    assert run_hrd(path, build=GRCH38).counts.sum == 3
    theirs = run_hrd(path, build=GRCH38, params=HrdParams(compat="scarhrd"))
    assert theirs.sum.value != 3
    assert any("starting before the one above" in note for note in theirs.notes)


def test_overlapping_rows_are_refused(tmp_path: Path) -> None:
    rows = [*genome(), ("T1", "chr5", 1_000, 90_000_000, 3, 2, 1, "NA")]
    with pytest.raises(InputError, match="overlap by"):
        run_hrd(table(tmp_path, rows), build=GRCH38)


def test_another_build_is_refused_and_none_is_guessed(tmp_path: Path) -> None:
    far = table(tmp_path, [*genome()[:-1], ("T1", "chr22", 1, 90_000_000, 2, 1, 1, "NA")])
    with pytest.raises(ReferenceMismatchError, match="over its end in GRCh38"):
        run_hrd(far, build=GRCH38)
    with pytest.raises(ParameterError, match="can hold the segments are: none"):
        run_hrd(far)
    short = table(tmp_path, [("T1", "chr1", 1, 9_000_000, 2, 1, 1, "NA")])
    with pytest.raises(ParameterError, match="GRCh37, GRCh38, T2T"):
        run_hrd(short)


def test_one_sample_of_several_is_named(tmp_path: Path) -> None:
    path = table(tmp_path, [*genome("A"), *genome("B")])
    with pytest.raises(InputError, match="2 samples: A, B"):
        run_hrd(path, build=GRCH38)
    found = run_hrd(path, build=GRCH38, sample="B")
    assert (found.sample, found.counts.sum) == ("B", 3)


def test_missing_allele_copies_of_cnvkit_stay_unknown(tmp_path: Path) -> None:
    """A converter in use writes one copy of the second allele there, which makes scars."""
    columns = "chromosome start end gene log2 cn cn1 cn2 depth probes weight"
    rows: list[tuple[object, ...]] = [
        ("chr1", 0, 30_000_000, "-", 0.5, 3, "", "", 90, 200, 9),
        ("chr1", 30_000_000, GRCH38.lengths["chr1"], "-", 0, 2, 1, 1, 90, 900, 9),
    ]
    rows += [
        (f"chr{n}", 0, GRCH38.lengths[f"chr{n}"], "-", 0, 2, 1, 1, 90, 900, 9) for n in range(2, 23)
    ]
    found = run_hrd(cns(tmp_path, rows, columns), build=GRCH38)
    assert (found.counts.loh, found.counts.tai) == (0, 0)
    assert any("1 of 23 segments have unknown alleles" in note for note in found.notes)
    assert found.counts.lst == 1  # the total changes


@pytest.mark.parametrize(
    ("columns", "lost", "whole"),
    [
        ("sample chr startpos endpos nMajor nMinor", (1, 0), (1, 1)),
        ("chromosome start.pos end.pos Bf N.BAF depth.ratio CNt A B", (0.1, 9, 0.7, 1, 1, 0),
         (0.5, 9, 1.0, 2, 1, 1)),
        ("chrom seg num.mark nhet cnlr.median mafR segclust cnlr.median.clust mafR.clust start end "
         "cf.em tcn.em lcn.em", None, None),
        ("chromosome start end copyNumber bafCount observedBAF baf depthWindowCount "
         "minorAlleleCopyNumber majorAlleleCopyNumber", (0.98, 90, 0.9, 0.9, 90, -0.01, 0.99),
         (2.02, 90, 0.5, 0.5, 90, 1.01, 1.01)),
        ("Sampleid chr start end arm C M type seg.mean num.mark num.snps", None, None),
    ],
)  # fmt: skip
def test_tables_of_every_program_give_the_same_scars(
    tmp_path: Path, columns: str, lost: tuple[object, ...] | None, whole: tuple[object, ...] | None
) -> None:
    """Rows are written from the programs' documentation."""
    spans = [("chr1", 1, 30_000_000), ("chr1", 30_000_001, GRCH38.lengths["chr1"])]
    spans += [(f"chr{n}", 1, GRCH38.lengths[f"chr{n}"]) for n in range(2, 23)]
    rows: list[tuple[object, ...]] = []
    for number, (contig, start, end) in enumerate(spans):
        total, minor = (1, 0) if number == 0 else (2, 1)
        own = lost if number == 0 else whole
        if columns.startswith("chrom seg"):
            rows.append((contig, number, 900, 90, 0, 0.1, 1, 0, 0, start, end, 1, total, minor))
        elif columns.startswith("Sampleid"):
            rows.append(("T1", contig, start, end, "p", total, minor, "", 0, 900, 90))
        else:
            assert own is not None
            name = ("T1", contig) if columns.startswith("sample") else (contig,)
            rows.append((*name, start, end, *own))
    path = cns(tmp_path, rows, columns)
    found = run_hrd(path, build=GRCH38)
    assert (found.counts.loh, found.counts.tai, found.counts.lst) == (1, 1, 1), found.notes


def test_a_users_own_cut_off_is_read_from_yaml(tmp_path: Path) -> None:
    path = tmp_path / "ours.yaml"
    path.write_text("measure: loh\ncutoff: 11\nsource: our validation\n")
    preset = preset_of(str(path))
    assert (preset.name, preset.measure, preset.cutoff) == ("ours", "loh", 11)
    path.write_text("cutoff: 11\nmeasures: loh\n")
    with pytest.raises(ParameterError, match="measures"):
        preset_of(str(path))
    path.write_text("measure: loh\n")
    with pytest.raises(ParameterError, match="no cutoff"):
        preset_of(str(path))


def test_what_is_no_purity_fit_is_said(tmp_path: Path) -> None:
    source = table(tmp_path, genome())
    path = tmp_path / "fit.json"
    path.write_text('{"schema": "tumorkit/msi"}')
    with pytest.raises(InputError, match="not the result of a purity fit"):
        read_fit(path, source, ())
    path.write_text('{"schema": "tumorkit/purity", "value": 0.5}')
    with pytest.raises(InputError, match="of other segments than those of case"):
        read_fit(path, source, ())


def test_a_fit_belongs_to_its_segments(tmp_path: Path) -> None:
    rng = np.random.default_rng(8)
    files = []
    for name in ("one", "two"):
        ratios, snps = sequenced(simulated(rng, "low"), PANELS["backbone"], 0.6, rng)
        path = tmp_path / f"{name}.cns"
        path.write_text(
            segments_text(segment(ratios, SegmentParams(), build=GRCH38, snps=snps).segments)
        )
        files.append(path)
    fit = tmp_path / "fit.json"
    assert run(["purity", "fit", str(files[0]), "--build", "GRCh38", "--json", str(fit)]) == 0
    found = run_hrd(files[0], purity_fit=fit, build=GRCH38, params=HrdParams(draws=20))
    assert found.sum.low is not None
    assert [one.role for one in found.inputs] == ["segments", "purity"]
    with pytest.raises(InputError, match="fit of other segments"):
        run_hrd(files[1], purity_fit=fit, build=GRCH38)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "holds no segment"),
        (HEADER, "holds no segment"),
        ("a,b,c\n1,2,3\n", "no columns chromosome, start, end"),
        (HEADER + "T\tchr1\t1\tx\t2\t1\t1\tNA\n", "end must be a number, found 'x'"),
    ],
)
def test_damaged_tables_are_said(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "case.tsv"
    path.write_text(text)
    with pytest.raises(InputError, match=words):
        run_hrd(path, build=GRCH38)


def test_scarhrd_takes_no_unknown_copies_and_we_do(tmp_path: Path) -> None:
    rows = genome()
    rows[3] = ("T1", "chr3", 1, GRCH38.lengths["chr3"], 2, "NA", "NA", "NA")
    path = table(tmp_path, rows)
    assert run_hrd(path, build=GRCH38).evaluable < 1
    with pytest.raises(InputError, match="A_cn must be a whole number"):
        run_hrd(path, build=GRCH38, params=HrdParams(compat="scarhrd"))


def test_require_evaluable_is_an_exit_code(tmp_path: Path) -> None:
    path = table(tmp_path, genome()[:9])
    assert run(["hrd", "score", str(path), "--build", "GRCh38"]) == 0
    assert run(["hrd", "score", str(path), "--build", "GRCh38", "--require-evaluable"]) == 1


@pytest.mark.shared
def test_the_readme_example_in_both_modes(shared: Path) -> None:
    path = shared / "hrd" / "test2.txt"
    for params in (HrdParams(), HrdParams(compat="scarhrd")):
        found = run_hrd(path, build=GRCH38, params=params)
        estimates = (found.loh, found.tai, found.lst, found.sum)
        assert [one.value for one in estimates] == [25, 35, 33, 93]


@pytest.mark.shared
def test_a_chromosome_of_a_panel_is_not_evaluable(shared: Path) -> None:
    found = run_hrd(shared / "gms560" / "HD832.pathology.loh.cns", build=GRCH37)
    assert found.sum.value is None
    assert found.counts.sum == 0


@pytest.mark.shared
def test_allele_copies_of_a_real_tumour(shared: Path) -> None:
    found = run_hrd(shared / "maf" / "T001-BRCA.grch38.cna.tsv", build=GRCH38)
    assert found.sum.value is not None
    assert found.sum.value > 40
