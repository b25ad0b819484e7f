"""Files in, files out: what stands in them, and what is said of damaged or strange ones."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from tests.purity.simulated import ASSAYS, normal, sequenced, tumor
from tumorkit.cli import run
from tumorkit.contract.result import dumps, to_document
from tumorkit.errors import InputError, ReferenceMismatchError, TumorkitError
from tumorkit.genome.build import GRCH38
from tumorkit.genome.segment import Segment
from tumorkit.genome.snps import SnpCounts
from tumorkit.genome.variant import AlleleCounts, Consequence, PopulationFrequency, Variant
from tumorkit.io.segments import segments_text
from tumorkit.purity import fit_purity
from tumorkit.purity.alleles import foreign_share, segment_alleles
from tumorkit.purity.mutations import inherited_hits, somatic_mutations
from tumorkit.purity.run import build_of, check_evaluable, run_purity
from tumorkit.purity.text import ctdna_text, hydra_text, purecn_text


@pytest.fixture
def segments(tmp_path: Path) -> Path:
    """A .cns whose alleles stand in intervals."""
    rng = np.random.default_rng(1)
    rows = [
        Segment(
            contig=f"chr{at}", start=0, end=80_000_000, log2_ratio=level, bins=900,
            log2_low=level - 0.01, log2_high=level + 0.01, baf=baf, snps=400,
            baf_low=max(0.5, baf - 0.006), baf_high=baf + 0.006,
        )
        for at, (level, baf) in enumerate(
            [(-0.51 + rng.normal(0, 0.004), 0.714), (0.0, 0.5), (0.38, 0.615), (0.0, 0.8)] * 4,
            start=1,
        )
    ]  # fmt: skip
    path = tmp_path / "case.cns"
    path.write_text(segments_text(rows))
    return path


def test_the_command_writes_what_was_asked_for_and_twice_the_same(
    segments: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = ("t.tsv", "s.tsv", "p.csv", "h.txt", "c.tsv", "pic.svg", "r.json")
    flags = ("-o", "--solutions", "--purecn-csv", "--hydra-purity", "--hydra-ctdna", "--plot",
             "--json")  # fmt: skip
    for turn in ("a", "b"):
        (tmp_path / turn).mkdir()
        pairs = [
            str(x) for f, n in zip(flags, names, strict=True) for x in (f, tmp_path / turn / n)
        ]
        assert run(["purity", "fit", str(segments), "--sex", "female", *pairs]) == 0
    for name in names:
        first, second = ((tmp_path / turn / name).read_bytes() for turn in ("a", "b"))
        assert first == second
        assert first
    document = json.loads((tmp_path / "a" / "r.json").read_text())
    assert document["status"] == "ok"
    assert document["value"] == pytest.approx(0.6, abs=0.05)
    assert document["grid"][0].keys() == {"purity", "ploidy", "weight", "doubled"}
    assert float((tmp_path / "a" / "h.txt").read_text()) == pytest.approx(document["value"])
    header, row = (tmp_path / "a" / "p.csv").read_text().splitlines()
    assert header.startswith('"Sampleid","Purity","Ploidy","Sex"')
    assert row.startswith('"case",0.')
    assert ',"F",NA,' in row
    assert "purity" in capsys.readouterr().out


def test_no_answer_is_no_number_anywhere() -> None:
    sample = normal(ASSAYS["panel"], np.random.default_rng(2))
    found = fit_purity(sample.segments, curves=sample.curves)
    assert ",NA,NA," in purecn_text(found)
    assert purecn_text(found).splitlines()[1].split(",")[5:7] == ["TRUE", "TRUE"]
    assert hydra_text(found) == "NA\n"
    assert ctdna_text(found).splitlines()[1] == "NA\tNA"
    document = json.loads(dumps(to_document(found)))
    assert document["status"] == "not_evaluable"
    assert document["value"] is None
    assert document["reason"]
    with pytest.raises(TumorkitError, match="no purity"):
        check_evaluable(found)


def test_tumour_fractions_of_cells_and_dna_are_told_apart() -> None:
    rng = np.random.default_rng(3)
    made = tumor(rng, "many", purity=0.6)
    sample = sequenced(made, ASSAYS["exome"], rng)
    found = fit_purity(sample.segments, sample.mutations, curves=sample.curves)
    assert {item.source for item in found.fractions} == {"copy number", "mutations", "both"}
    both = next(item for item in found.fractions if item.source == "both")
    p, ploidy = found.solutions[0].purity, found.solutions[0].ploidy
    assert both.dna.value == pytest.approx(p * ploidy / (p * ploidy + 2 * (1 - p)), abs=0.03)
    assert "%\t" in ctdna_text(found)


def test_snps_are_placed_in_segments_and_give_alleles() -> None:
    rng = np.random.default_rng(4)
    rows = [
        Segment(contig="chr1", start=0, end=100_000, log2_ratio=0.0, bins=9),
        Segment(contig="chr1", start=200_000, end=300_000, log2_ratio=0.0, bins=9),
    ]
    position = np.arange(0, 300_000, 500)
    share = np.where(position < 150_000, 0.5, np.where(rng.random(600) < 0.5, 0.75, 0.25))
    depth = np.full(600, 100)
    ref = rng.binomial(depth, share)
    matched = rng.binomial(depth, 0.5)
    snps = SnpCounts(
        contig=np.repeat("1", 600), position=position, ref=ref, alt=depth - ref,
        normal_ref=matched, normal_alt=depth - matched,
    )  # fmt: skip
    found = segment_alleles(snps, rows)
    assert sorted(found.curves) == [0, 1]
    assert found.snps < 600
    levels = np.sin(np.linspace(np.pi / 4, np.arcsin(np.sqrt(0.99)), 48)) ** 2
    best = [float(levels[found.curves[row].argmin()]) for row in (0, 1)]
    assert best[0] < 0.54
    assert best[1] == pytest.approx(0.75, abs=0.03)


def test_another_persons_dna_is_seen() -> None:
    rng = np.random.default_rng(5)
    size = 2000
    depth = np.full(size, 100)
    clean = rng.binomial(100, 0.001, size)
    foreign = np.where(rng.random(size) < 0.4, rng.binomial(100, 0.05, size), clean)
    for alt, expected in ((clean, False), (foreign, True)):
        snps = SnpCounts(
            contig=np.repeat("1", size), position=np.arange(size) * 1000, ref=depth - alt, alt=alt,
            normal_ref=depth, normal_alt=np.zeros(size, dtype=np.int64),
        )  # fmt: skip
        share = foreign_share(snps)
        assert share is not None
        assert (share > 0.15) == expected


def variant(**more: object) -> Variant:
    base: dict[str, object] = {
        "contig": "chr1", "pos": 10, "ref": "A", "alt": "T", "filters": ("PASS",),
        "tumor": AlleleCounts(depth=100, alt_depth=30),
    }  # fmt: skip
    return Variant(**(base | more))  # type: ignore[arg-type]


def test_only_variants_that_are_somatic_and_counted_speak() -> None:
    common = {"MAX_AF": PopulationFrequency(declared=True, value=0.2)}
    found, words = somatic_mutations(
        [
            variant(),
            variant(filters=("weak_evidence",)),
            variant(frequencies=common),
            variant(tumor=AlleleCounts()),
        ]
    )
    assert len(found) == 1
    assert found[0].vaf == 0.3
    assert "1 filtered, 1 known from the population, 1 without counts" in words


def test_what_the_normal_has_does_not_speak_but_tumour_cells_in_it_do_no_harm() -> None:
    inherited = variant(normal=AlleleCounts(depth=60, alt_depth=28))
    traces = variant(normal=AlleleCounts(depth=60, alt_depth=2))
    clean = variant(normal=AlleleCounts(depth=60, alt_depth=0))
    found, words = somatic_mutations([inherited, traces, clean])
    assert len(found) == 2
    assert words.endswith("left out: 1 in the normal")


def test_without_a_normal_only_variants_known_to_be_somatic_speak() -> None:
    listed = [variant(), variant(p_somatic=0.5), variant(p_somatic=0.95), variant(hotspot=True)]
    found, words = somatic_mutations(listed, paired=False)
    assert [item.speaks for item in found] == [False, False, True, False]
    assert words == (
        "1 of 4 somatic variants speak; left out: 3 of unknown origin, without a normal"
    )
    assert all(item.speaks for item in somatic_mutations(listed)[0])


def test_inherited_variants_need_a_reason_to_be_hits() -> None:
    stop = (Consequence(terms=("stop_gained",), gene="BRCA2"),)
    mild = (Consequence(terms=("missense_variant",), gene="BRCA2"),)
    named = (
        Consequence(terms=("missense_variant",), gene="TP53", clinical_significance="Pathogenic"),
    )
    found, words = inherited_hits(
        [variant(consequences=item) for item in (stop, mild, named, None)]
    )
    assert [item.gene for item in found] == ["BRCA2", "TP53"]
    assert "1 have no annotation" in words


def test_damaged_files_are_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "bad.cns"
    path.write_text("chromosome\tstart\tend\tgene\tlog2\nchr1\t0\t9\t-\tNA\n")
    with pytest.raises(InputError, match="no segment of an autosome"):
        run_purity(path)
    path.write_text("")
    with pytest.raises(InputError):
        run_purity(path)


def test_the_build_is_found_from_the_ends_of_segments() -> None:
    only = Segment(contig="chr1", start=0, end=249_250_000, log2_ratio=0.0, bins=1)
    found = build_of([only])
    assert found is not None
    assert found.name == "GRCh37"


@pytest.mark.shared
def test_an_exome_pileup_gives_a_plausible_answer(shared: Path) -> None:
    found = run_purity(shared / "copynumber" / "facets" / "stomach.csv.gz")
    assert found.state == "solved"
    assert 0.85 <= (found.purity.value or 0) <= 0.97
    assert found.ploidy.value == pytest.approx(2.1, abs=0.1)


@pytest.mark.shared
def test_purecn_segments_give_a_plausible_answer(shared: Path) -> None:
    folder = shared / "copynumber" / "purecn"
    found = run_purity(folder / "example_seg.txt")
    assert found.purity.value == pytest.approx(0.64, abs=0.05)
    assert found.ploidy.value == pytest.approx(1.74, abs=0.1)


@pytest.mark.shared
@pytest.mark.parametrize("name", ["issue62", "issue109", "issue184"])
def test_vcfs_that_crashed_others_are_read(shared: Path, tmp_path: Path, name: str) -> None:
    folder = shared / "copynumber" / "purecn"
    vcf, on_37 = folder / f"{name}.vcf.gz", folder / "example_seg.txt"
    on_38 = tmp_path / "s.cns"
    on_38.write_text(segments_text([
        Segment(contig=name, start=0, end=length, log2_ratio=0.0, bins=500)
        for name, length in GRCH38.lengths.items()
    ]))  # fmt: skip
    own, other = (on_37, None) if name == "issue109" else (on_38, on_37)
    found = run_purity(own, snps=vcf, somatic=vcf)
    assert found.state in ("solved", "highly_diploid", "no_tumor_signal")
    if other is not None:
        with pytest.raises(ReferenceMismatchError, match="is on GRCh38, but example_seg"):
            run_purity(other, snps=vcf, somatic=vcf)


def test_a_broken_splice_site_has_a_name() -> None:
    """A splice site has no protein change; its term tells a verdict that the allele is out."""
    site = Consequence(terms=("splice_donor_variant", "intron_variant"), gene="BRCA1")
    start = Consequence(terms=("start_lost",), gene="PALB2", hgvsp="ENSP1:p.Met1?")
    for known, name in ((site, "BRCA1 splice_donor_variant"), (start, "PALB2 start_lost")):
        counts = AlleleCounts(depth=60, alt_depth=28)
        item = Variant(contig="1", pos=5, ref="A", alt="T", tumor=counts, consequences=(known,))
        assert [one.name for one in somatic_mutations([item])[0]] == [name]


def test_calls_speak_by_whether_their_file_holds_the_normal(segments: Path, tmp_path: Path) -> None:
    head = (
        "##fileformat=VCFv4.2\n##contig=<ID=chr1,length=248956422>\n"
        '##FILTER=<ID=PASS,Description="passed">\n'
        '##FORMAT=<ID=AD,Number=R,Type=Integer,Description="reads">\n'
        '##FORMAT=<ID=DP,Number=1,Type=Integer,Description="depth">\n'
        "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tT"
    )
    row = "chr1\t{}\t.\tA\tG\t.\tPASS\t.\tAD:DP\t70,30:100"
    alone, pair = tmp_path / "alone.vcf", tmp_path / "pair.vcf"
    places = range(1_000_000, 9_000_000, 1_000_000)
    alone.write_text("\n".join([head, *map(row.format, places)]) + "\n")
    both = [f"{row.format(at)}\t60,0:60" for at in places]
    pair.write_text("\n".join([f"{head}\tN", *both]) + "\n")

    def used(somatic: Path, *, paired: bool | None = None) -> int:
        normal = "N" if somatic is pair else None
        found = run_purity(segments, somatic=somatic, paired=paired, tumor="T", normal=normal)
        assert found.used.mutations == len(places)
        return found.used.mutations_used

    assert used(pair) == used(alone, paired=True) == len(places)
    assert used(alone) == used(pair, paired=False) == 0
