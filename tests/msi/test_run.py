"""From files to a score: what is counted, what is said, what is refused."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pysam
import pytest

from tests.builders import Read, make_bam, make_bed, make_fasta
from tests.msi.rough import Rough, draw_rough
from tests.msi.simulated import Panel, draw_panel
from tumorkit.errors import InputError, ParameterError, ReferenceMismatchError, TumorkitError
from tumorkit.genome.repeat import Repeat
from tumorkit.io.loci import loci_text, read_loci
from tumorkit.io.outputs import Outputs
from tumorkit.msi.baseline.run import run_baseline, write_baseline
from tumorkit.msi.calibrate.run import run_calibrate
from tumorkit.msi.score import MsiParams, MsiResult, score_lengths
from tumorkit.msi.score.figure import figure_bytes, msi_figure
from tumorkit.msi.score.run import msisensor_text, run_msi, write_msi
from tumorkit.msi.sites import SiteLengths

CONTIGS = {"chr1": 40_000, "chr2": 5_000}
LEFT, RIGHT = "ACGTCATTGA", "GCATGACCGT"


def sites(count: int = 60) -> list[Repeat]:
    return [
        Repeat(contig="chr1", start=1000 + 300 * k, unit="T", repeats=8 + k % 5,
               left_flank=LEFT[-5:], right_flank=RIGHT[:5])
        for k in range(count)
    ]  # fmt: skip


def reads_at(locus: Repeat, lengths: list[int]) -> list[Read]:
    made = []
    for number, units in enumerate(lengths):
        change = units - locus.repeats
        gap = f"{change}I" if change > 0 else f"{-change}D"
        cigar = f"10M{gap}{10 + min(units, locus.repeats)}M"
        made.append(
            Read(
                name=f"{locus.start}-{number}",
                pos=locus.start - 10,
                cigar=cigar if change else f"{20 + units}M",
                sequence=LEFT + "T" * units + RIGHT,
            )
        )
    return made


def make_case(folder: Path, unstable: int = 0, name: str = "t.bam", depth: int = 40) -> Path:
    reads = []
    for number, locus in enumerate(sites()):
        moved = depth // 2 if number < unstable else 0
        lengths = [locus.repeats - 3] * moved + [locus.repeats] * (depth - moved)
        reads += reads_at(locus, lengths)
    return make_bam(folder / name, reads, contigs=CONTIGS)


@pytest.fixture
def loci(tmp_path: Path) -> Path:
    path = tmp_path / "loci.tsv"
    path.write_text(loci_text(sites()))
    return path


def test_a_third_unstable_is_found_alone_and_beside_a_normal(tmp_path: Path, loci: Path) -> None:
    tumor = make_case(tmp_path, unstable=20)
    normal = make_case(tmp_path, name="n.bam")
    for result in (run_msi(tumor, loci=loci), run_msi(tumor, loci=loci, normal=normal)):
        assert result.msi.call == "MSI-H"
        assert result.unstable == 20
        assert result.msi.value == pytest.approx(1 / 3, abs=0.02)
        assert [site.shift for site in result.sites[:2]] == pytest.approx([-3, -3], abs=0.2)


def test_a_tumor_is_not_held_against_itself(tmp_path: Path, loci: Path) -> None:
    tumor = make_case(tmp_path, unstable=20)
    copied = tmp_path / "copy.bam"
    shutil.copy(tumor, copied)
    shutil.copy(f"{tumor}.bai", f"{copied}.bai")
    for normal in (tumor, copied):
        with pytest.raises(ParameterError, match="the normal is the tumour's own file"):
            run_msi(tumor, loci=loci, normal=normal)
        with pytest.raises(ParameterError, match="one normal would count as two"):
            run_baseline([tumor, normal], loci=loci)


def test_threads_and_forms_of_the_kernel_change_nothing(
    tmp_path: Path, loci: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tumor = make_case(tmp_path, unstable=5)
    one = run_msi(tumor, loci=loci)
    assert run_msi(tumor, loci=loci, threads=2) == one
    monkeypatch.setenv("TUMORKIT_KERNELS", "python")
    assert run_msi(tumor, loci=loci) == one


def test_all_reads_are_accounted_for(tmp_path: Path, loci: Path) -> None:
    tumor = make_case(tmp_path, unstable=5)
    result = run_msi(tumor, loci=loci)
    assert result.votes + sum(result.lost_reads.values()) == 60 * 40
    assert result.usable + sum(result.lost_sites.values()) == result.listed


def test_no_coverage_is_not_evaluable_and_never_stable(tmp_path: Path, loci: Path) -> None:
    result = run_msi(make_bam(tmp_path / "e.bam", [], contigs=CONTIGS), loci=loci)
    assert (result.msi.value, result.msi.call, result.msi.status) == (None, None, "not_evaluable")
    assert "60 depth below the limit" in (result.msi.reason or "")
    assert all(peer.score.value is None for peer in result.peers)
    write_msi(result, Outputs(), msisensor=tmp_path / "m")
    assert (tmp_path / "m").read_text().splitlines()[1] == "0\t0\tNA"


def test_missing_contigs_are_named_and_the_rest_is_scored(tmp_path: Path) -> None:
    path = tmp_path / "l.tsv"
    odd = [replace(site, contig="GL000192.1") for site in sites(3)]
    far = [replace(sites(1)[0], start=39_995), replace(sites(1)[0], contig="2", start=70_000)]
    path.write_text(loci_text([*odd, *sites(), *far]))
    result = run_msi(make_case(tmp_path), loci=path)
    assert result.msi.call == "MSS"
    assert result.lost_sites == {"beyond the contig's end": 2, "contig not in the alignment": 3}
    assert "GL000192.1" in result.notes[0]


def test_a_list_of_another_build_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "l.tsv"
    path.write_text(loci_text(replace(site, left_flank="GGGGG") for site in sites()))
    with pytest.raises(ReferenceMismatchError, match="differ from the list's flanks"):
        run_msi(make_case(tmp_path), loci=path)
    path.write_text(loci_text(replace(site, start=site.start + 60_000) for site in sites()))
    with pytest.raises(ReferenceMismatchError, match="beyond the ends"):
        run_msi(make_case(tmp_path), loci=path)


def test_a_baseline_of_another_build_is_refused(tmp_path: Path, loci: Path) -> None:
    base = tmp_path / "b.tsv"
    result = run_baseline([make_case(tmp_path)], loci=loci)
    write_baseline(result, Outputs(output=base))
    assert read_loci(base).normals is not None
    moved = [replace(site, start=site.start + 7) for site in sites()]
    base.write_text(loci_text(moved, {"threshold": [0.1] * 60, "supportSamples": [3] * 60}))
    with pytest.raises(ReferenceMismatchError, match="knows 0 of the 60 sites"):
        run_msi(make_case(tmp_path), loci=loci, baseline=base)
    with pytest.raises(TumorkitError, match="not a baseline"):
        run_msi(make_case(tmp_path), loci=loci, baseline=loci)


def test_one_normal_makes_a_baseline_that_a_score_takes(tmp_path: Path, loci: Path) -> None:
    base = tmp_path / "b.tsv"
    made = run_baseline([make_case(tmp_path, name="n.bam")], loci=loci)
    write_baseline(made, Outputs(output=base))
    result = run_msi(make_case(tmp_path, unstable=20), loci=loci, baseline=base)
    assert made.fewest_normals == made.most_normals == 1
    assert result.unstable == 20


def test_few_normals_of_a_foreign_baseline_are_said(tmp_path: Path, loci: Path) -> None:
    base = tmp_path / "b.tsv"
    more: dict[str, list[float]] = {"threshold": [0.05] * 60, "supportSamples": [2, 4] * 30}
    base.write_text(loci_text(sites(), more))
    result = run_msi(make_case(tmp_path, unstable=20), loci=loci, baseline=base)
    assert any("2 to 4 normals" in note for note in result.notes)
    assert result.sites[0].threshold == 0.05


def test_a_bed_needs_something_that_knows_its_repeats(tmp_path: Path) -> None:
    bed = make_bed(tmp_path / "l.bed", [("chr1", s.start, s.end, "BAT") for s in sites()])
    tumor = make_case(tmp_path)
    with pytest.raises(ParameterError, match="does not say what is repeated"):
        run_msi(tumor, loci=bed)
    text = ["A"] * 40_000
    for k in range(0, 40_000, 3):
        text[k] = "C"
    for site in sites():
        row = LEFT + "T" * site.repeats + RIGHT
        text[site.start - 10 : site.end + 10] = list(row)
    fasta = make_fasta(tmp_path / "r.fa", {"chr1": "".join(text)})
    result = run_msi(tumor, loci=bed, reference=fasta)
    assert (result.listed, result.msi.call) == (60, "MSS")


def test_a_cram_without_its_reference_is_refused(tmp_path: Path, loci: Path) -> None:
    fasta = make_fasta(tmp_path / "r.fa", {k: "A" * n for k, n in CONTIGS.items()})
    cram = make_bam(tmp_path / "t.cram", [], contigs=CONTIGS, reference=fasta)
    with pytest.raises(InputError, match="none was given"):
        run_msi(cram, loci=loci)


@pytest.mark.parametrize(
    ("text", "message"),
    [("chromosome\tlocation\n", "header lacks"), ("", "holds no"),
     ("chromosome\tlocation\trepeat_times\trepeat_unit_bases\tleft_flank_bases\t"
      "right_flank_bases\n1\tx\t9\tT\tACGTA\tGGCCA\n", ":2: location: expected a whole number")],
)  # fmt: skip
def test_damaged_lists_are_refused_by_line(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "l.tsv"
    path.write_text(text)
    with pytest.raises(InputError, match=message):
        read_loci(path)


def test_lists_of_the_new_form_are_read(tmp_path: Path) -> None:
    path = tmp_path / "l.tsv"
    path.write_text(
        "chromosome\tlocation\trepeat_unit_length\trepeat_times\trepeat_unit_bases\t"
        "left_flank_bases\tright_flank_bases\tthreshold\tsupport_num\tfilter\n"
        "chr1\t100\t1\t9\tT\tACGTA\tGGCCA\t-1\t-1\tLowSupportSamples\n"
    )
    table = read_loci(path)
    assert str(table.loci[0]) == "chr1:101 (T)9"
    assert table.normals is not None
    assert (table.normals[0].threshold, table.normals[0].count) == (None, None)


def test_a_known_purity_that_depth_cannot_show_is_not_evaluable() -> None:
    drawn = draw_panel(Panel(sites=80, depth=30, unstable=0), 3)
    result = score_lengths(drawn.tumor, params=MsiParams(purity=0.05))
    assert result.msi.status == "not_evaluable"
    assert "hide shifts" in (result.msi.reason or "")


def test_gains_as_frequent_as_losses_are_said() -> None:
    mixed = draw_rough(Rough(sites=200, depth=500, unstable=0, foreign=0.2, heterozygous=0.1), 5)
    assert any("another person's DNA" in note for note in score_lengths(mixed.tumor).notes)
    plain = draw_rough(Rough(sites=100, depth=500, unstable=0.3, purity=0.4), 5)
    assert not score_lengths(plain.tumor).notes


def test_a_stable_tumor_with_strong_stutter_is_not_unstable() -> None:
    drawn = draw_rough(Rough(sites=120, depth=300, unstable=0, stutter=2.0, long=0.2), 8)
    result = score_lengths(drawn.tumor)
    assert (result.msi.call, result.unstable) == ("MSS", 0)


def test_more_reads_than_sixteen_bits_hold_are_counted(tmp_path: Path) -> None:
    """msisensor-pro's counters begin again at 65,536."""
    site = sites(1)[0]
    row = reads_at(site, [site.repeats])[0]
    bam = tmp_path / "deep.bam"
    sam = tmp_path / "deep.sam"
    line = "\t".join(
        map(str, (0, "chr1", row.pos + 1, 60, row.cigar, "*", 0, 0, row.sequence, "*"))
    )
    with sam.open("w") as handle:
        handle.write("@HD\tVN:1.6\tSO:coordinate\n@SQ\tSN:chr1\tLN:40000\n")
        handle.writelines(f"r{k}\t{line}\n" for k in range(70_000))
    pysam.view("-b", "-o", str(bam), str(sam), catch_stdout=False)
    pysam.index(str(bam))
    path = tmp_path / "l.tsv"
    path.write_text(loci_text([site]))
    result = run_msi(bam, loci=path)
    assert (result.votes, result.sites[0].depth) == (70_000, 70_000)
    assert result.sites[0].lengths == f"{site.repeats}:70000"


def test_an_alignment_without_index_is_refused_in_one_line(tmp_path: Path, loci: Path) -> None:
    bam = make_bam(tmp_path / "t.bam", reads_at(sites(1)[0], [8]), contigs=CONTIGS, index=False)
    with pytest.raises(InputError, match="index") as caught:
        run_msi(bam, loci=loci)
    assert "\n" not in str(caught.value)


def test_no_contig_of_the_list_is_not_evaluable_and_named(tmp_path: Path) -> None:
    path = tmp_path / "l.tsv"
    path.write_text(loci_text(replace(site, contig="chr7") for site in sites()))
    result = run_msi(make_case(tmp_path), loci=path)
    assert result.msi.status == "not_evaluable"
    assert "60 contig not in the alignment" in (result.msi.reason or "")
    assert result.notes[0].endswith("chr7")


def test_the_three_column_file_has_the_peers_headers(tmp_path: Path, loci: Path) -> None:
    tumor, normal = make_case(tmp_path, unstable=20), make_case(tmp_path, name="n.bam")
    for beside, named in ((None, "Number_of_Unstable_Sites"), (normal, "Number_of_Somatic_Sites")):
        result = run_msi(tumor, loci=loci, normal=beside)
        head, row = msisensor_text(result).splitlines()
        assert head == f"Total_Number_of_Sites\t{named}\t%"
        assert row == "60\t20\t33.33"


def drawn_result(unstable: float = 0.3) -> tuple[MsiResult, SiteLengths]:
    drawn = draw_panel(Panel(sites=80, unstable=unstable, purity=0.5, depth=100), 4)
    return score_lengths(drawn.tumor, params=MsiParams(preset="msk-impact")), drawn.tumor


def test_peers_have_the_cutoffs_of_their_own_score_only() -> None:
    result, _ = drawn_result()
    assert [peer.name for peer in result.peers] == ["msisensor-pro pro"]
    assert not result.peers[0].score.cutoffs
    assert result.msi.cutoffs[0].source.endswith("not clinically validated")


def test_pictures_are_equal_for_equal_results() -> None:
    result, _ = drawn_result()
    one, other = (figure_bytes(msi_figure(result), "svg") for _ in range(2))
    assert one == other
    empty = score_lengths(draw_panel(Panel(sites=5), 1).tumor)
    assert figure_bytes(msi_figure(empty), "png")


def test_a_cutoff_comes_from_labelled_cases(tmp_path: Path) -> None:
    rows = [("MSS", 0.01 + 0.002 * k) for k in range(8)] + [
        ("MSI-H", 0.2 + 0.05 * k) for k in range(8)
    ]
    table = tmp_path / "t.tsv"
    table.write_text("status\tscore\n" + "".join(f"{s}\t{v:g}\n" for s, v in rows) + "MSS\tNA\n")
    result = run_calibrate(table)
    assert result.cutoff.value == pytest.approx((0.024 + 0.2) / 2)
    assert (result.sensitivity.value, result.specificity.value, result.area) == (1.0, 1.0, 1.0)
    assert result.left_out == 1
    table.write_text("")
    with pytest.raises(InputError, match="holds no case"):
        run_calibrate(table)
    table.write_text("status\tscore\nMSS\t12\n")
    with pytest.raises(InputError, match="is no share"):
        run_calibrate(table)


@pytest.mark.shared
def test_two_covered_sites_are_not_evaluable(shared: Path, tmp_path: Path) -> None:
    folder = shared / "gms560"
    base = folder / "Msisensor_pro_reference.list_baseline"
    result = run_msi(
        folder / "HD832.HES45_T.bam", loci=base, baseline=base,
        params=MsiParams(preset="gms560-unfiltered"),
    )  # fmt: skip
    assert (result.listed, result.usable, result.msi.status) == (5372, 2, "not_evaluable")
    assert result.msi.call is None
    assert result.peers[0].score.value is None
    assert any("2 to 4 normals a site" in note for note in result.notes)
    write_msi(result, Outputs(json=tmp_path / "m.json"))
    assert json.loads((tmp_path / "m.json").read_text())["value"] is None


@pytest.mark.shared
def test_gms_loci_pick_the_sites_of_a_baseline(shared: Path) -> None:
    folder = shared / "gms560"
    result = run_msi(
        folder / "HD832.HES45_T.bam",
        loci=folder / "SelectedMSIloci2019Sorted.bed",
        baseline=folder / "Msisensor_pro_reference.list_baseline",
    )
    assert result.listed == 255
    assert "lie in 507 intervals" in result.notes[0]
