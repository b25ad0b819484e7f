"""Counting listed alleles: every site answered, in the order of the list."""

from __future__ import annotations

import gzip
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import Read, make_bam, make_fasta
from tumorkit.cli import run
from tumorkit.errors import ContigMismatchError, InputError, ReferenceMismatchError
from tumorkit.genome.build import GRCH37
from tumorkit.genome.site import shortest
from tumorkit.io.sites import read_sites
from tumorkit.variants.count import CountParams
from tumorkit.variants.count.analysis import NO_DEPTH
from tumorkit.variants.count.run import run_count

FLANK = st.text("ACGT", max_size=4)
VCF_HEAD = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"


def read(name: str, bases: str, **more: Any) -> Read:
    base = Read(name=name, pos=100, cigar=f"{len(bases)}M", sequence=bases)
    return replace(base, **more)


@pytest.fixture
def bam(tmp_path: Path) -> Path:
    reads = [
        read("r1", "ACGTA"),
        read("r2", "ACGTA", flag=16),
        read("r3", "ATGTA"),
        read("r4", "AGGTA"),
        read("r5", "ACTTTGTA", cigar="2M3I3M"),
        read("r6", "ACTA", cigar="2M1D2M"),
    ]
    return make_bam(tmp_path / "t.bam", reads)


def vcf(tmp_path: Path, *rows: tuple[object, ...]) -> Path:
    path = tmp_path / "sites.vcf"
    lines = (
        "\t".join(map(str, (contig, pos, ".", ref, alt, ".", ".", ".")))
        for contig, pos, ref, alt in rows
    )
    path.write_text(VCF_HEAD + "".join(f"{line}\n" for line in lines))
    return path


def test_sites_keep_the_order_and_names_of_the_list(bam: Path, tmp_path: Path) -> None:
    sites = vcf(tmp_path, ("2", 50, "A", "C"), ("1", 102, "C", "T,G"), ("1", 102, "C", "CTTT"))
    result = run_count(bam, sites=sites)
    assert [(r.contig, r.alt, r.alt_depth, r.depth) for r in result.sites] == [
        ("2", "C", 0, 0),
        ("1", "T", 1, 6),
        ("1", "G", 1, 6),
        ("1", "CTTT", 1, 6),
    ]
    assert result.sites[0].status == "not_evaluable"
    assert result.sites[0].vaf is None
    assert result.evaluable == 3


def test_strands_and_the_rest_add_up(bam: Path, tmp_path: Path) -> None:
    row = run_count(bam, sites=vcf(tmp_path, ("chr1", 102, "C", "T"))).sites[0]
    assert (row.ref_depth, row.ref_forward, row.ref_reverse) == (4, 3, 1)
    assert (row.alt_forward, row.alt_reverse, row.other_depth) == (1, 0, 1)
    assert row.vaf == 1 / 6


def test_deletions_are_counted_and_deleted_bases_are_said(bam: Path, tmp_path: Path) -> None:
    sites = vcf(tmp_path, ("chr1", 102, "CG", "C"), ("chr1", 103, "G", "T"))
    deletion, base = run_count(bam, sites=sites).sites
    assert (deletion.alt_depth, deletion.depth) == (1, 6)
    assert (base.deletion_depth, base.ref_depth) == (1, 5)


@pytest.mark.parametrize("alt", ["<DEL>", "*", ".", "GATTACA", "N"])
def test_alleles_that_cannot_be_counted_say_so(bam: Path, tmp_path: Path, alt: str) -> None:
    row = run_count(bam, sites=vcf(tmp_path, ("chr1", 102, "CG", alt))).sites[0]
    assert row.status == "not_evaluable"
    assert row.depth is None
    assert "cannot be counted" in str(row.reason)


def test_wrong_ref_is_not_evaluable_and_many_are_another_build(bam: Path, tmp_path: Path) -> None:
    bases = "A" * 100 + "ACGTA" + "A" * 9_895
    fasta = make_fasta(tmp_path / "r.fa", {"chr1": bases, "chr2": "A" * 5_000})
    good = ("chr1", 102, "C", "T")
    sites = vcf(tmp_path, good, ("chr1", 103, "T", "C"))
    wrong = run_count(bam, sites=sites, reference=fasta).sites[1]
    assert wrong.reason == "the reference has G here, not T"
    sites = vcf(tmp_path, good, ("chr1", 103, "T", "C"), ("chr1", 104, "C", "G"))
    with pytest.raises(ReferenceMismatchError, match="2 of 3 sites"):
        run_count(bam, sites=sites, reference=fasta)


def test_limits_are_settings(bam: Path, tmp_path: Path) -> None:
    sites = vcf(tmp_path, ("chr1", 102, "C", "T"))
    strict = run_count(bam, sites=sites, params=CountParams(min_base_quality=31))
    assert strict.sites[0].depth == 0


def test_sites_on_unknown_contigs_are_refused(bam: Path, tmp_path: Path) -> None:
    with pytest.raises(ContigMismatchError):
        run_count(bam, sites=vcf(tmp_path, ("chr9", 102, "C", "T")))


def test_a_list_of_another_build_is_refused(tmp_path: Path) -> None:
    example = Path(__file__).parents[3] / "example_data"
    sites = tmp_path / "hg19.vcf"
    row = "chr7\t140453136\t.\tA\tT\t.\t.\t.\n"
    contig = f"##contig=<ID=chr7,length={GRCH37.lengths['chr7']}>\n"
    sites.write_text(VCF_HEAD.replace("#CHROM", contig + "#CHROM") + row)
    with pytest.raises(ReferenceMismatchError, match="is on GRCh37, but"):
        run_count(example / "tumor.bam", sites=sites)


@pytest.mark.parametrize(
    "text",
    [
        "chr1\t101\t102\tC\tT\n",
        "contig\tpos\tref\talt\nchr1\t102\tC\tT\n",
        "Chrom\tid\tALT\tREF\tPOS\nchr1\tx\tT\tC\t102\n",
        VCF_HEAD + "chr1\t102\t.\tC\tT\t.\t.\t.\n",
    ],
)
def test_lists_of_many_forms_are_one(tmp_path: Path, text: str) -> None:
    path = tmp_path / "sites"
    path.write_text(text)
    assert [site.key for site in read_sites(path)] == [("chr1", 102, "C", "T")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        (VCF_HEAD, "holds no site"),
        ("chr1\t101\t102\n", "sites:1: expected at least 5 columns, found 3"),
        ("chr1\tx\t102\tC\tT\n", "expected a position and two alleles"),
        ("chr1\t102\t101\tC\tT\n", "sites:1: end 101 is before start 102"),
    ],
)
def test_lists_that_cannot_be_read_say_why(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "sites"
    path.write_text(text)
    with pytest.raises(InputError, match=said) as caught:
        read_sites(path)
    assert caught.value.hint


def test_threads_and_forms_give_equal_bytes(
    bam: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sites = vcf(tmp_path, *(("chr1", pos, "C", "T") for pos in (102, 103, 9_000)))
    made = []
    for name, form, threads in (("a", "", "1"), ("b", "", "2"), ("c", "python", "1")):
        monkeypatch.setenv("TUMORKIT_KERNELS", form)
        out = tmp_path / f"{name}.tsv"
        arguments = ["variants", "count", str(bam), "--sites", str(sites), "-o", str(out)]
        assert run([*arguments, "--threads", threads]) == 0
        made.append(out.read_text())
    assert made[0] == made[1] == made[2]
    assert f"not_evaluable\t{NO_DEPTH}\t" in made[0].splitlines()[3]


@given(FLANK, st.text("ACGT", min_size=1, max_size=4), FLANK)
def test_the_shortest_form_stands_for_the_same_sequences(
    before: str, allele: str, after: str
) -> None:
    site = shortest("chr1", 10, f"{before}C{after}", f"{before}{allele}{after}")
    if site is not None:
        whole = f"{before}C{after}"
        offset = site.position - 9
        assert whole[offset : offset + len(site.ref)] == site.ref
        rebuilt = whole[:offset] + site.alt + whole[offset + len(site.ref) :]
        assert rebuilt == f"{before}{allele}{after}"


@pytest.mark.shared
def test_real_counts_are_those_of_strelka(shared: Path) -> None:
    """Tier-1 counts of the caller, which filters a little differently, within a few reads."""
    folder = shared / "alignments/strelka_demo"
    result = run_count(
        folder / "NA12891_demo20.bam",
        sites=folder / "somatic.snvs.vcf.gz",
        reference=folder / "demo20.fa",
        params=CountParams(min_base_quality=0, min_mapping_quality=20),
    )
    theirs = {}
    with gzip.open(folder / "somatic.snvs.vcf.gz", "rt") as handle:
        for line in handle:
            if not line.startswith("#"):
                fields = line.rstrip("\n").split("\t")
                values = dict(zip(fields[8].split(":"), fields[10].split(":"), strict=True))
                counts = {b: int(values[f"{b}U"].split(",")[0]) for b in "ACGT"}
                theirs[int(fields[1])] = (counts[fields[3]], counts[fields[4]])
    assert len(result.sites) == len(theirs) == 17
    for row in result.sites:
        ref, alt = theirs[row.pos]
        assert abs((row.ref_depth or 0) - ref) <= 3
        assert abs((row.alt_depth or 0) - alt) <= 3
