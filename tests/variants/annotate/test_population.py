"""Population frequencies belong to alleles; absent is not unknown."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders import make_bed, make_fasta
from tests.variants.annotate.builders import (
    AC,
    AF,
    AN,
    DB,
    FIELDS,
    META,
    as_bcf,
    info_of,
    lines_of,
    make_vcf,
    row,
    without_index,
)
from tumorkit.errors import (
    ContigMismatchError,
    InputError,
    ParameterError,
    ReferenceMismatchError,
)
from tumorkit.genome.variant import PopulationFrequency, Variant
from tumorkit.io.vcf import open_vcf
from tumorkit.variants import CallReader, Roles
from tumorkit.variants.annotate import AnnotateResult
from tumorkit.variants.annotate.run import run_annotate


def annotated(
    folder: Path, calls: list[str], source: Path | str, **more: object
) -> tuple[list[str], AnnotateResult]:
    vcf = make_vcf(folder / "calls.vcf.gz", calls)
    out = folder / "out.vcf.gz"
    result = run_annotate(vcf, output=out, populations=[f"pop={source}"], **more)  # type: ignore[arg-type]
    assert len(lines_of(out)) == len(calls) == result.records
    return info_of(out), result


def read(path: Path) -> list[Variant]:
    with open_vcf(path) as source:
        reader = CallReader(source.header, Roles(tumor=None))
        return [variant for record in source for variant in reader(record)]


def test_a_frequency_is_that_of_the_allele_not_of_the_position(tmp_path: Path) -> None:
    source = make_vcf(
        tmp_path / "pop.vcf.gz",
        ["chr1 100 A C AF=0.1;AC=2;AN=20;AF_popmax=0.3", "chr1 200 G T AF=0.5"],
        FIELDS,
    )
    info, result = annotated(
        tmp_path, ["chr1 100 A C DP=9", "chr1 100 A G", "chr1 300 G T"], source
    )
    assert info == [
        "DP=9;TK_AF_pop=0.1;TK_AC_pop=2;TK_POPMAX_pop=0.3;TK_AN_pop=20",
        "TK_AN_pop=20",
        ".",
    ]
    (told,) = result.populations
    assert (told.found, told.absent, told.uncovered, told.allele_number) == (1, 2, 0, 20)


def test_one_change_in_two_spellings_is_one_allele(tmp_path: Path) -> None:
    source = make_vcf(
        tmp_path / "pop.vcf.gz",
        ["chr1 100 GAC GTC AF=0.1", "chr1 200 CTT CT,C AF=0.2,0.3", "chr1 300 A AG AF=0.4"],
        [AF],
    )
    calls = ["chr1 101 A T", "chr1 200 CT C", "chr1 200 CTT C", "chr1 299 CA CAG"]
    info, _ = annotated(tmp_path, calls, source)
    assert info == [f"TK_AF_pop={value}" for value in ("0.1", "0.2", "0.3", "0.4")]


def test_every_allele_of_a_record_has_its_own_frequency(tmp_path: Path) -> None:
    source = make_vcf(tmp_path / "pop.vcf.gz", ["chr1 100 A C AF=0.1", "chr1 100 A T AF=0.2"], [AF])
    info, _ = annotated(tmp_path, ["chr1 100 A T,G,C", "chr1 101 G <DEL>"], source)
    assert info == ["TK_AF_pop=0.2,.,0.1", "."]


def test_repeats_are_left_aligned_where_a_reference_is_given(tmp_path: Path) -> None:
    bases = "G" * 99 + "GCACACAT" + "G" * 893
    fasta = make_fasta(tmp_path / "r.fa", {"chr1": bases})
    source = make_vcf(tmp_path / "pop.vcf.gz", ["chr1 100 GCA G AF=0.1"], [AF])
    assert annotated(tmp_path, ["chr1 104 ACA A"], source)[0] == ["."]
    info, _ = annotated(tmp_path, ["chr1 104 ACA A"], source, reference=fasta)
    assert info == ["TK_AF_pop=0.1"]
    source = make_vcf(tmp_path / "right.vcf.gz", ["chr1 104 ACA A AF=0.2"], [AF])
    info, _ = annotated(tmp_path, ["chr1 100 GCA G"], source, reference=fasta)
    assert info == ["TK_AF_pop=0.2"]


def test_contigs_are_found_under_the_other_name_and_that_is_said(tmp_path: Path) -> None:
    source = make_vcf(tmp_path / "pop.vcf.gz", ["1 100 A C AF=0.1"], [AF], META[:1])
    info, result = annotated(tmp_path, ["chr1 100 A C"], source)
    assert info == ["TK_AF_pop=0.1"]
    assert "read under another name (chr1 as 1)" in " ".join(result.notes)


def test_a_contig_that_the_source_lacks_is_unknown_not_absent(tmp_path: Path) -> None:
    source = make_vcf(tmp_path / "pop.vcf.gz", ["chr1 100 A C AF=0.1;AN=20"], [AF, AN])
    info, result = annotated(tmp_path, ["chr1 300 A C", "chr2 100 A C"], source)
    assert info == [".", "TK_UNCOVERED=pop"]
    first, second = read(tmp_path / "out.vcf.gz")
    assert first.frequencies == {"TK_AF_pop": PopulationFrequency(declared=True, allele_number=20)}
    assert not second.population_af.declared
    assert "chr2" in " ".join(result.notes)


def test_a_bcf_too_knows_a_contig_without_records(tmp_path: Path) -> None:
    source = as_bcf(make_vcf(tmp_path / "pop.vcf.gz", ["chr1 100 A C AF=0.1"], [AF]))
    info, _ = annotated(tmp_path, ["chr1 300 A C", "chr2 100 A C"], source)
    assert info == [".", "TK_UNCOVERED=pop"]


def test_an_empty_source_is_refused_unless_it_says_where_it_looked(tmp_path: Path) -> None:
    source = make_vcf(tmp_path / "pop.vcf.gz", [], [AF])
    with pytest.raises(InputError, match="holds no record"):
        annotated(tmp_path, ["chr1 300 A C"], source)
    bed = make_bed(tmp_path / "looked.bed", [("chr1", 0, 400)])
    calls = ["chr1 300 A C", "chr1 500 A C"]
    info, _ = annotated(tmp_path, calls, source, population_regions=[f"pop={bed}"])
    assert info == [".", "TK_UNCOVERED=pop"]


def test_symbolic_alleles_are_not_looked_up(tmp_path: Path) -> None:
    source = without_index(make_vcf(tmp_path / "pop.vcf.gz", ["chr1 100 A C AF=0.1"], [AF]))
    info, result = annotated(tmp_path, ["chr1 100 A <DEL>", "chr1 100 A ."], source)
    assert info == [".", "."]
    assert (result.alleles, result.alleles_symbolic) == (0, 2)
    assert not result.notes


def test_outside_the_regions_of_a_source_its_frequency_is_unknown(tmp_path: Path) -> None:
    source = make_vcf(tmp_path / "pop.vcf.gz", ["chr1 100 A C AF=0.1"], [AF])
    bed = make_bed(tmp_path / "exome.bed", [("1", 0, 250)])
    calls = ["chr1 100 A C", "chr1 200 A C", "chr1 300 A C"]
    info, result = annotated(tmp_path, calls, source, population_regions=[f"pop={bed}"])
    assert info == ["TK_AF_pop=0.1", ".", "TK_UNCOVERED=pop"]
    assert result.populations[0].uncovered == 1


def test_a_repeated_allele_gives_its_highest_frequency_and_is_counted(tmp_path: Path) -> None:
    rows = ["chr1 100 A C AF=0.1", "chr1 100 A C AF=0.3", "chr1 100 AT CT AF=0.2"]
    source = make_vcf(tmp_path / "pop.vcf.gz", rows, [AF])
    info, result = annotated(tmp_path, ["chr1 100 A C"], source)
    assert info == ["TK_AF_pop=0.3"]
    assert result.populations[0].duplicates == 2


def test_counts_make_a_frequency_where_there_is_none(tmp_path: Path) -> None:
    source = make_vcf(tmp_path / "pop.vcf.gz", ["chr1 100 A C AC=3;AN=40"], [AC, AN])
    assert annotated(tmp_path, ["chr1 100 A C"], source)[0] == [
        "TK_AF_pop=0.075;TK_AC_pop=3;TK_AN_pop=40"
    ]


def test_a_field_is_taken_by_name(tmp_path: Path) -> None:
    nfe = AF.replace("ID=AF", "ID=AF_nfe")
    source = make_vcf(tmp_path / "pop.vcf.gz", ["chr1 100 A C AF=0.1;AF_nfe=0.2"], [AF, nfe])
    assert annotated(tmp_path, ["chr1 100 A C"], f"{source}:AF_nfe")[0] == ["TK_AF_pop=0.2"]


@pytest.mark.parametrize("form", ["index", "one pass", "text", "bcf"])
def test_every_form_of_a_source_gives_the_same(tmp_path: Path, form: str) -> None:
    rows = [f"chr1 {pos} A C AF=0.{pos % 9 + 1}" for pos in range(10, 9000, 7)]
    rows += [f"chr2 {pos} A C AF=0.{pos % 9 + 1}" for pos in range(10, 4000, 7)]
    name = "pop.vcf" if form == "text" else "pop.vcf.gz"
    source = make_vcf(tmp_path / name, rows, [AF])
    if form == "one pass":
        without_index(source)
    if form == "bcf":
        source = as_bcf(source)
    calls = [f"chr2 {pos} A C" for pos in range(10, 4000, 11)]
    calls += [f"chr1 {pos} A C" for pos in range(10, 9000, 11)]
    info, result = annotated(tmp_path, calls, source)
    expected = [
        f"TK_AF_pop=0.{pos % 9 + 1}" if pos % 7 == 3 else "."
        for pos in (*range(10, 4000, 11), *range(10, 9000, 11))
    ]
    assert info == expected
    assert result.populations[0].uncovered == 0


def test_an_unsorted_source_is_refused_with_its_line(tmp_path: Path) -> None:
    rows = ["chr1 200 A C AF=0.1", "chr1 100 A C AF=0.1"]
    source = make_vcf(tmp_path / "pop.vcf", rows, [AF])
    with pytest.raises(InputError, match=r"pop.vcf:7: is not sorted by position") as caught:
        annotated(tmp_path, ["chr1 150 A C", "chr1 300 A C"], source)
    assert "bcftools sort" in caught.value.hint


def test_unsorted_calls_need_an_index(tmp_path: Path) -> None:
    calls = ["chr1 5000 A C", "chr2 100 A C", "chr1 100 A C"]
    source = make_vcf(tmp_path / "pop.vcf.gz", ["chr1 100 A C AF=0.1", "chr2 100 A C AF=0.2"], [AF])
    info, _ = annotated(tmp_path, calls, source)
    assert info == [".", "TK_AF_pop=0.2", "TK_AF_pop=0.1"]


def test_unsorted_blocks_without_an_index_are_refused(tmp_path: Path) -> None:
    from tumorkit.variants.annotate import AnnotateParams

    calls = ["chr1 5000 A C", "chr2 100 A C", "chr1 100 A C"]
    source = without_index(make_vcf(tmp_path / "pop.vcf.gz", ["chr1 100 A C AF=0.1"], [AF]))
    with pytest.raises(InputError, match="has no index, and what asks is not sorted"):
        annotated(tmp_path, calls, source, params=AnnotateParams(block_size=1))


def test_a_source_without_frequencies_names_the_fields_that_there_are(tmp_path: Path) -> None:
    source = make_vcf(tmp_path / "pop.vcf.gz", ["chr1 100 A C DB"], [DB, AN])
    with pytest.raises(ParameterError, match="neither AF nor AC and AN") as caught:
        annotated(tmp_path, ["chr1 100 A C"], source)
    assert "numeric INFO fields: AN" in caught.value.hint
    with pytest.raises(ParameterError, match="no INFO field 'AM'") as caught:
        annotated(tmp_path, ["chr1 100 A C"], f"{source}:AM")
    assert caught.value.hint == "numeric INFO fields: AN"


def test_a_truncated_source_is_refused(tmp_path: Path) -> None:
    source = make_vcf(tmp_path / "pop.vcf.gz", ["chr1 100 A C AF=0.1"], [AF])
    source.write_bytes(source.read_bytes()[:-28])
    with pytest.raises(InputError, match="truncated"):
        annotated(tmp_path, ["chr1 100 A C"], source)


def test_a_source_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    source = make_vcf(tmp_path / "pop.vcf", ["chr1 100 A C AF=0.1;X=?"], [AF])
    source.write_bytes(source.read_bytes().replace(b"X=?", b"X=\xe9"))
    with pytest.raises(InputError, match="not UTF-8"):
        annotated(tmp_path, ["chr1 100 A C"], source)


def test_a_source_of_another_build_is_refused(tmp_path: Path) -> None:
    b37 = ("##fileformat=VCFv4.2", "##contig=<ID=1,length=249250621>")
    b38 = ("##fileformat=VCFv4.2", "##contig=<ID=chr1,length=248956422>")
    source = make_vcf(tmp_path / "pop.vcf.gz", ["1 100 A C AF=0.1"], [AF], b37)
    vcf = make_vcf(tmp_path / "calls.vcf.gz", ["chr1 100 A C"], meta=b38)
    with pytest.raises(ReferenceMismatchError, match="was made on GRCh37, the VCF on GRCh38"):
        run_annotate(vcf, populations=[f"pop={source}"])


def test_other_reference_bases_at_most_shared_positions_are_an_error(tmp_path: Path) -> None:
    rows = [f"chr1 {pos} G C AF=0.1" for pos in range(100, 120)]
    source = make_vcf(tmp_path / "pop.vcf.gz", rows, [AF])
    with pytest.raises(ReferenceMismatchError, match="at 20 of 20 shared positions"):
        annotated(tmp_path, [f"chr1 {pos} A C" for pos in range(100, 120)], source)


def test_ref_that_is_not_the_references_is_an_error_with_its_line(tmp_path: Path) -> None:
    fasta = make_fasta(tmp_path / "r.fa", {"chr1": "ANGT" * 100})
    source = make_vcf(tmp_path / "pop.vcf.gz", ["chr1 5 A C AF=0.1"], [AF])
    assert annotated(tmp_path, ["chr1 5 A C", "chr1 6 T C"], source, reference=fasta)
    with pytest.raises(ReferenceMismatchError, match=r"calls.vcf.gz:5: REF of chr1:7 is A"):
        annotated(tmp_path, ["chr1 7 A C"], source, reference=fasta)


def test_no_common_contig_is_an_error(tmp_path: Path) -> None:
    meta = META[:1]
    source = make_vcf(tmp_path / "pop.vcf.gz", ["weird 100 A C AF=0.1"], [AF], meta)
    vcf = make_vcf(tmp_path / "calls.vcf.gz", ["chr1 100 A C"], meta=meta)
    with pytest.raises(ContigMismatchError, match="with or without chr"):
        run_annotate(vcf, output=tmp_path / "out.vcf.gz", populations=[f"pop={source}"])
    assert not (tmp_path / "out.vcf.gz").exists()


def test_a_second_run_takes_the_place_of_the_first(tmp_path: Path) -> None:
    source = make_vcf(tmp_path / "pop.vcf.gz", ["chr1 100 A C AF=0.1"], [AF])
    other = make_vcf(tmp_path / "new.vcf.gz", ["chr1 200 A C AF=0.2"], [AF])
    calls = ["chr1 100 A C DP=1", "chr1 200 A C", "chr2 200 A C"]
    annotated(tmp_path, calls, source)
    again = tmp_path / "again.vcf.gz"
    run_annotate(tmp_path / "out.vcf.gz", output=again, populations=[f"pop={other}"])
    assert info_of(again) == ["DP=1", "TK_AF_pop=0.2", "TK_UNCOVERED=pop"]
    both = tmp_path / "both.vcf.gz"
    run_annotate(again, output=both, populations=[f"more={source}"])
    assert info_of(both) == [
        "DP=1;TK_AF_more=0.1",
        "TK_AF_pop=0.2",
        "TK_UNCOVERED=pop,more",
    ]


ALLELES = st.sampled_from(["A", "C", "AC", "CA", "ACA", "CAC", "ACAC"])
SITES = st.lists(
    st.tuples(st.integers(95, 125), ALLELES, ALLELES).filter(lambda site: site[1] != site[2]),
    min_size=1,
    max_size=12,
)


def haplotype(site: tuple[int, str, str], bases: str) -> str | None:
    """Return what the contig becomes with a change; None where REF is not there."""
    pos, ref, alt = site
    if bases[pos - 1 : pos - 1 + len(ref)] != ref:
        return None
    return bases[: pos - 1] + alt + bases[pos - 1 + len(ref) :]


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(SITES, SITES)
def test_alleles_agree_exactly_where_they_make_the_same_sequence(
    tmp_path: Path, calls: list[tuple[int, str, str]], listed: list[tuple[int, str, str]]
) -> None:
    bases = "G" * 90 + "ACACACACCACAACACACACACACACACACACACACAC" + "G" * 90
    calls = sorted(site for site in calls if haplotype(site, bases))
    listed = sorted(site for site in listed if haplotype(site, bases))
    if not calls or not listed:
        return
    fasta = make_fasta(tmp_path / "r.fa", {"chr1": bases})
    numbered = [f"chr1 {p} {r} {a} AF=0.{at + 1:02}" for at, (p, r, a) in enumerate(listed)]
    source = make_vcf(tmp_path / "pop.vcf", numbered, [AF])
    info, _ = annotated(
        tmp_path, [f"chr1 {p} {r} {a}" for p, r, a in calls], source, reference=fasta
    )
    known: dict[str | None, str] = {}
    for at, site in enumerate(listed):
        known[haplotype(site, bases)] = f"0.{at + 1:02}"
    expected = [known.get(haplotype(site, bases)) for site in calls]
    assert info == ["." if value is None else f"TK_AF_pop={value}" for value in expected]


def test_only_info_changes(tmp_path: Path) -> None:
    line = row("chr1 100 A C DB").replace("\t.\tA", "\trs1;x\tA") + "\tGT:AD\t0/1:3,4"
    vcf = tmp_path / "calls.vcf"
    vcf.write_text(
        "\n".join([*META, DB, "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tT", line])
        + "\n"
    )
    source = make_vcf(tmp_path / "pop.vcf.gz", ["chr1 100 A C AF=1e-05"], [AF])
    run_annotate(vcf, output=tmp_path / "out.vcf", populations=[f"pop={source}"])
    assert lines_of(tmp_path / "out.vcf") == [line.replace("DB", "DB;TK_AF_pop=1e-05")]


@pytest.mark.shared
def test_gnomad_of_vcf2maf_as_its_positions_say(shared: Path, tmp_path: Path) -> None:
    folder = shared / "calls/vcf2maf"
    source = folder / "test_b38.gnomad.exomes.r2.1.1.sites.vcf.gz"
    out = tmp_path / "out.vcf.gz"
    result = run_annotate(folder / "test_b38.vcf", output=out, populations=[f"gnomAD={source}"])
    (told,) = result.populations
    assert (result.records, told.found, told.absent, told.uncovered) == (25, 4, 21, 0)
    by_pos = {v.pos: v.frequencies["TK_AF_gnomAD"].value for v in read(out)}
    assert by_pos[38575684] == 4.77574e-05
    # C>A (AC 1) and C>T (AC 2) stand at this position of the source; the call is C>T.
    assert by_pos[42085325] == 8.01552e-06
