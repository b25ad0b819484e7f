"""Segments of every program become the same noun; what is unknown or impossible is said."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from tumorkit.errors import InputError
from tumorkit.io.segments import read_segment_set, read_segments

GATK_HEAD = "@HD\tVN:1.6\n@SQ\tSN:1\tLN:248956422\n@RG\tID:GATKCopyNumber\tSM:S\n"
MODEL = (
    "CONTIG\tSTART\tEND\tNUM_POINTS_COPY_RATIO\tNUM_POINTS_ALLELE_FRACTION\t"
    "LOG2_COPY_RATIO_POSTERIOR_10\tLOG2_COPY_RATIO_POSTERIOR_50\tLOG2_COPY_RATIO_POSTERIOR_90\t"
    "MINOR_ALLELE_FRACTION_POSTERIOR_10\tMINOR_ALLELE_FRACTION_POSTERIOR_50\t"
    "MINOR_ALLELE_FRACTION_POSTERIOR_90\n"
)
# Form, text, and what is expected of the only segment: start, end, log2, copies, major, minor, baf.
UNKNOWN = None
NAN = float("nan")
FORMS: dict[str, tuple[str, str, tuple[object, ...]]] = {
    "model": (
        "GATK modelFinal.seg",
        GATK_HEAD + MODEL + "1\t101\t200\t9\t5\t-.1\t.0\t.1\t.2\t.25\t.3\n",
        (100, 200, 0.0, UNKNOWN, UNKNOWN, UNKNOWN, 0.75),
    ),
    "model without SNPs": (
        "GATK modelFinal.seg",
        GATK_HEAD + MODEL + "1\t101\t200\t9\t0\t-.1\t.0\t.1\tNaN\tNaN\tNaN\n",
        (100, 200, 0.0, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
    ),
    "called": (
        "GATK called.seg",
        GATK_HEAD + "CONTIG\tSTART\tEND\tNUM_POINTS_COPY_RATIO\tMEAN_LOG2_COPY_RATIO\tCALL\n"
        "1\t101\t200\t9\t-0.9\t-\n",
        (100, 200, -0.9, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
    ),
    "FACETS": (
        "FACETS",
        "chrom\tseg\tnum.mark\tnhet\tcnlr.median\tmafR\tsegclust\tcnlr.median.clust\tmafR.clust\t"
        "start\tend\tcf.em\ttcn.em\tlcn.em\n"
        "23\t1\t90\t12\t-0.2\t1.9\t3\t-0.2\t1.9\t101\t200\t0.6\t2\t0\n",
        (100, 200, -0.2, 2, 2, 0, UNKNOWN),
    ),
    "FACETS without alleles": (
        "FACETS",
        "chrom\tseg\tnum.mark\tnhet\tcnlr.median\tmafR\tstart\tend\tcf.em\ttcn.em\tlcn.em\n"
        "7\t1\t90\t2\t-0.2\tNA\t101\t200\t0.6\t2\tNA\n",
        (100, 200, -0.2, 2, UNKNOWN, UNKNOWN, UNKNOWN),
    ),
    "ASCAT": (
        "ASCAT",
        "sample\tchr\tstartpos\tendpos\tnMajor\tnMinor\nS\t7\t101\t200\t3\t1\n",
        (100, 200, NAN, 4, 3, 1, UNKNOWN),
    ),
    "ASCAT of R with row names": (
        "ASCAT",
        '"sample"\t"chr"\t"startpos"\t"endpos"\t"nMajor"\t"nMinor"\n"1"\t"S"\t"7"\t101\t200\t3\t1\n',
        (100, 200, NAN, 4, 3, 1, UNKNOWN),
    ),
    "PURPLE": (
        "PURPLE",
        "chromosome\tstart\tend\tcopyNumber\tbafCount\tobservedBAF\tbaf\tdepthWindowCount\t"
        "minorAlleleCopyNumber\tmajorAlleleCopyNumber\n"
        "chr7\t101\t200\t2.9\t40\t0.6\t0.66\t12\t-0.02\t2.92\n",
        (100, 200, NAN, 2.9, 3, 0, 0.66),
    ),
    "Sequenza": (
        "Sequenza",
        "chromosome\tstart.pos\tend.pos\tBf\tN.BAF\tsd.BAF\tdepth.ratio\tN.ratio\tsd.ratio\tCNt\t"
        "A\tB\tLPP\n7\t101\t200\t0.25\t30\t.1\t0.5\t90\t.1\t1\t1\t0\t-7\n",
        (100, 200, -1.0, 1, 1, 0, 0.75),
    ),
    "PureCN": (
        "PureCN loh",
        '"Sampleid","chr","start","end","arm","C","M","type","seg.mean","num.mark","num.snps",'
        '"M.flagged","maf.expected","maf.observed"\n'
        '"S","chr7",101,200,"p",2,0,"COPY-NEUTRAL LOH",0.1,90,30,FALSE,0.2,0.25\n',
        (100, 200, 0.1, 2, 2, 0, 0.75),
    ),
    "PureCN dnacopy": (
        "PureCN dnacopy",
        "ID\tchrom\tloc.start\tloc.end\tnum.mark\tseg.mean\tseg.weight\tsize\tcluster.id\tC\n"
        "S\t24\t101\t200\t9\t-.5\t8.1\t100\t1\t1\n",
        (100, 200, -0.5, 1, UNKNOWN, UNKNOWN, UNKNOWN),
    ),
    "Jumble": (
        "SEG",
        "ID\tchrom\tloc.start\tloc.end\tnum.mark\tseg.mean\tC\nS\t23\t101\t200\t9\t-.5\t1.41\n",
        (100, 200, -0.5, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
    ),
    "scarHRD": (
        "scarHRD",
        "SampleID\tChromosome\tStart_position\tEnd_position\ttotal_cn\tA_cn\tB_cn\tploidy\n"
        "S\tchr1\t101\t200\t5\t0\t5\t3.7\n",
        (100, 200, NAN, 5, 5, 0, UNKNOWN),
    ),
}


def plain(value: object) -> str:
    return "unknown" if value is None else f"{float(str(value)):g}"


@pytest.mark.parametrize("case", FORMS)
def test_every_program_gives_the_same_noun(case: str, tmp_path: Path) -> None:
    form, text, expected = FORMS[case]
    path = tmp_path / "T.txt"
    path.write_text(text)
    found = read_segment_set(path)
    [segment] = found.segments
    assert found.form == form
    got = (
        segment.start, segment.end, segment.log2_ratio, segment.copy_number, segment.major_cn,
        segment.minor_cn, segment.baf,
    )  # fmt: skip
    # As text, so that NaN equals NaN.
    assert [plain(value) for value in got] == [plain(value) for value in expected]
    assert found.sample in ("S", "")
    assert segment.contig not in ("23", "24")


def test_gatk_intervals_are_widened_to_ours(tmp_path: Path) -> None:
    path = tmp_path / "T.modelFinal.seg"
    path.write_text(FORMS["model"][1])
    [segment] = read_segments(path)
    assert segment.log2_high == pytest.approx(0.1 * 1.959964 / 1.281552, rel=1e-5)
    assert segment.baf_low is not None
    assert segment.baf_high is not None
    assert segment.baf_low < 0.7
    assert segment.baf_high > 0.8


CNS = "chromosome\tstart\tend\tgene\tlog2\tbaf\tcn\tcn1\tcn2\tprobes\n"


def test_an_impossible_fraction_is_an_error_or_unknown(tmp_path: Path) -> None:
    path = tmp_path / "T.cns"
    path.write_text(CNS + "chr1\t0\t9\t-\t0\t-1.1761\t\t\t\t5\nchr1\t9\t19\t-\t0\t1.2\t\t\t\t5\n")
    with pytest.raises(InputError, match=r"T\.cns:2: baf must lie in 0 to 1, found -1\.1761"):
        read_segment_set(path)
    found = read_segment_set(path, lenient=True)
    assert [segment.baf for segment in found.segments] == [None, None]
    assert found.notes == ("baf outside 0 to 1 is taken as unknown (2 times)",)


def test_a_fraction_of_0_without_snps_was_not_measured(tmp_path: Path) -> None:
    """Jumble's segments carry 0.0 where nothing was measured; that is no loss of heterozygosity."""
    path = tmp_path / "T.cns"
    path.write_text(CNS + "chr1\t0\t9\t-\t0\t0.0\t2\t\t\t5\n")
    found = read_segment_set(path)
    assert found.segments[0].baf is None
    assert found.notes == ("baf 0 without a number of SNPs is taken as unknown",)
    path.write_text(CNS.replace("gene", "nbaf") + "chr1\t0\t9\t88\t0\t0.0\t2\t2\t0\t5\n")
    assert read_segments(path)[0].baf == 1


def test_alleles_that_are_not_given_stay_unknown(tmp_path: Path) -> None:
    path = tmp_path / "T.cns"
    path.write_text(CNS + "chr1\t0\t9\t-\t0\t\t4\t\t\t5\nchr1\t9\t19\t-\t0\t0.5\t2\t1\t1\t5\n")
    first, second = read_segments(path)
    assert (first.copy_number, first.major_cn, first.minor_cn) == (4, None, None)
    assert (second.major_cn, second.minor_cn) == (1, 1)


def test_copies_below_0_stand_at_0(tmp_path: Path) -> None:
    path = tmp_path / "T.cns"
    path.write_text(CNS + "chr1\t0\t9\t-\t-3\t\t-2.84\t\t\t5\n")
    with pytest.warns(UserWarning, match="copy numbers below 0 stand at 0"):
        assert read_segments(path)[0].copy_number == 0


def test_a_vcf_of_small_variants_is_no_segments(tmp_path: Path) -> None:
    path = tmp_path / "calls.vcf"
    columns = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tT\tN"
    path.write_text(f"##fileformat=VCFv4.2\n{columns}\nchr1\t5\t.\tA\tT\t.\t.\t.\tGT\t0/1\t0/0\n")
    with pytest.raises(
        InputError, match=r"calls\.vcf:2: holds variants of several samples"
    ) as raised:
        read_segments(path)
    assert "--somatic" in (raised.value.hint or "")


def test_a_file_of_several_samples_asks_which(tmp_path: Path) -> None:
    path = tmp_path / "T.seg"
    head = "ID\tchrom\tloc.start\tloc.end\tnum.mark\tseg.mean\n"
    path.write_text(head + "A\t1\t1\t9\t3\t.5\nB\t1\t1\t9\t3\t.7\n")
    with pytest.raises(InputError, match="holds segments of 2 samples: A, B"):
        read_segments(path)
    assert read_segments(path, sample="B")[0].log2_ratio == 0.7
    with pytest.raises(InputError, match="no sample 'C'; samples present: A, B"):
        read_segments(path, sample="C")


def test_bins_are_no_segments(tmp_path: Path) -> None:
    path = tmp_path / "T.cnr"
    path.write_text("chromosome\tstart\tend\tgene\tdepth\tlog2\tweight\nchr1\t0\t9\tG\t1\t0\t1\n")
    with pytest.raises(InputError, match=r"T\.cnr:1: holds copy ratios of bins, not segments"):
        read_segments(path)


def test_unsorted_segments_are_sorted_and_said(tmp_path: Path) -> None:
    path = tmp_path / "T.cns"
    path.write_text(CNS + "chr2\t0\t9\t-\t0\t\t\t\t\t5\nchr1\t0\t9\t-\t1\t\t\t\t\t5\n")
    with pytest.warns(UserWarning, match="not in genome order"):
        assert [s.contig for s in read_segments(path)] == ["chr1", "chr2"]


def test_overlaps_name_both_lines(tmp_path: Path) -> None:
    path = tmp_path / "T.cns"
    path.write_text(CNS + "chr1\t0\t9\t-\t0\t\t\t\t\t5\nchr1\t5\t19\t-\t1\t\t\t\t\t5\n")
    with pytest.raises(InputError, match=r"T\.cns:3: segments chr1:0-9 \(line 2\) .* by 4 bases"):
        read_segments(path)


def test_positions_are_whole(tmp_path: Path) -> None:
    path = tmp_path / "T.cns"
    path.write_text(CNS + "chr1\t0\t9.5\t-\t0\t\t\t\t\t5\n")
    with pytest.raises(InputError, match=r"T\.cns:2: end must be a whole number, found 9\.5"):
        read_segments(path)


HYDRA = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS\n"


def record(pos: int, info: str, alt: str = "<DUP>", values: str = "GT:DP\t0/1:80") -> str:
    return f"chr8\t{pos}\t.\tN\t{alt}\t.\t.\t{info}\t{values}\n"


def test_hydra_vcf_is_read_as_it_is_written(tmp_path: Path) -> None:
    """Values such as NA in a Float field, no contig lines, POS on the first base."""
    path = tmp_path / "T.vcf"
    info = "SVTYPE=DUP;END=200;SVLEN=100;LOG_ODDS_RATIO=1.2;CALLER=cnvkit;CN=NA;CORR_CN=8.5;"
    path.write_text(HYDRA + record(101, info + "PROBES=7;BAF=0.3;Genes=MYC,FGFR1"))
    found = read_segment_set(path)
    [segment] = found.segments
    assert (segment.start, segment.end, segment.copy_number) == (100, 200, 8.5)
    assert (segment.gene, segment.depth, segment.baf) == ("MYC,FGFR1", 80, 0.7)
    assert (found.caller, found.sample, found.words["state"]) == ("cnvkit", "S", ("gain",))


def test_twice_the_ratio_is_no_number_of_copies(tmp_path: Path) -> None:
    path = tmp_path / "T.vcf"
    info = "SVTYPE=DUP;END=200;SVLEN=100;LOG_ODDS_RATIO=1.2;CALLER=cnvkit;CN=4.59;CORR_CN=NA"
    path.write_text(HYDRA + record(101, info))
    assert read_segments(path)[0].copy_number is None


def test_several_callers_are_not_mixed(tmp_path: Path) -> None:
    path = tmp_path / "T.vcf"
    info = "SVTYPE={};END=200;SVLEN=100;LOG_ODDS_RATIO=1.2;CALLER={}"
    path.write_text(
        HYDRA + record(101, info.format("DUP", "cnvkit"))
        + record(101, info.format("DEL", "'jumble'"), "<DEL>")
    )  # fmt: skip
    with pytest.raises(InputError, match="holds segments of 2 callers: cnvkit, jumble"):
        read_segment_set(path)
    found = read_segment_set(path, caller="jumble")
    assert found.words["state"] == ("loss",)


def test_pos_of_the_specification_is_the_base_before(tmp_path: Path) -> None:
    path = tmp_path / "T.vcf"
    info = "IMPRECISE;SVTYPE=DEL;END=200;SVLEN=-100;FOLD_CHANGE_LOG=-0.7;PROBES=3"
    path.write_text(HYDRA + record(100, info, "<DEL>", "GT:GQ:CN\t0/1:3:1"))
    [segment] = read_segments(path)
    assert (segment.start, segment.end, segment.copy_number) == (100, 200, 1)


def test_structural_variants_are_no_copy_numbers(tmp_path: Path) -> None:
    path = tmp_path / "T.vcf"
    path.write_text(HYDRA + record(100, "SVTYPE=DEL;END=200", "<DEL>"))
    with pytest.raises(InputError, match="structural variants without a copy number"):
        read_segments(path)


@pytest.mark.shared
def test_real_files_of_other_programs(shared: Path) -> None:
    gatk = read_segment_set(shared / "gms560/HD832.gatk_cnv.vcf")
    assert (gatk.caller, gatk.sample, len(gatk.segments)) == ("gatk_cnv", "VAL-01_T", 54)
    assert gatk.segments[0].start == 934_168
    merged = shared / "gms560/cnv_annotated_2.vcf"
    with pytest.raises(InputError, match=r"baf must lie in 0 to 1, found -1\.1761"):
        read_segments(merged)
    found = read_segment_set(merged, caller="cnvkit", lenient=True)
    assert [s.copy_number for s in found.segments] == [8.59, 5.06, 2.09]
    assert found.notes == ("baf outside 0 to 1 is taken as unknown (2 times)",)
    table = read_segment_set(shared / "maf/T001-BRCA.grch38.cna.tsv")
    assert (table.form, len(table.segments)) == ("ASCAT", 260)
    assert math.isnan(table.segments[0].log2_ratio)
    with pytest.raises(InputError, match="end 188919678 is not after start 190974541"):
        read_segments(shared / "hrd/test2.txt")
    with pytest.raises(InputError, match=r"buggy_cnvkit\.seg\.gz:2: missing coordinates"):
        read_segments(shared / "copynumber/purecn/buggy_cnvkit.seg.gz")
    with pytest.raises(InputError, match="holds copy ratios of bins"):
        read_segments(shared / "gms560/HD832.clean.denoisedCR.tsv")


def test_minor_copies_that_purecn_flags_are_unknown(tmp_path: Path) -> None:
    """Three SNPs of a whole arm made a loss of an allele before."""
    path = tmp_path / "loh.csv"
    path.write_text(
        "Sampleid,chr,start,end,arm,C,M,type,seg.mean,num.mark,num.snps,M.flagged\n"
        "S,chr1,101,200,p,2,1,,0.1,90,50,FALSE\nS,chr1,301,400,q,2,0,LOH,0.1,90,3,TRUE\n"
    )
    found = read_segment_set(path)
    assert [(s.copy_number, s.major_cn, s.minor_cn) for s in found.segments] == [
        (2, 1, 1), (2, None, None),
    ]  # fmt: skip
    assert any("PureCN flags" in note for note in found.notes)
