"""Consequences and population frequencies, in their three states."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumorkit.genome.variant import Consequence, PopulationFrequency, Variant
from tumorkit.genome.vcf import VcfHeader, VcfRecord
from tumorkit.variants.consequence import Annotations, choose_consequence

CSQ = (
    '##INFO=<ID=CSQ,Number=.,Type=String,Description="Consequence annotations from Ensembl VEP. '
    "Format: Allele|Consequence|IMPACT|SYMBOL|Feature|HGVSc|HGVSp|CANONICAL|MANE_SELECT|PICK|"
    'gnomAD_AF|MAX_AF">'
)
ANN = '##INFO=<ID=ANN,Number=.,Type=String,Description="Functional annotations">'
BCSQ = '##INFO=<ID=BCSQ,Number=.,Type=String,Description="Local consequence annotation">'
ABSENT = PopulationFrequency(declared=True)
UNKNOWN = PopulationFrequency()


def record(header: VcfHeader, alleles: str, info: str) -> VcfRecord:
    ref, alt = alleles.split(">")
    return VcfRecord("\t".join(["1", "5", ".", ref, alt, ".", ".", info]), header)


def frequencies(meta: tuple[str, ...], info: str, at: int = 0, alleles: str = "G>A") -> object:
    header = VcfHeader(meta, ())
    return Annotations(header).frequencies(record(header, alleles, info), at)


def test_vep_fields_follow_the_header() -> None:
    header = VcfHeader((CSQ,), ())
    info = (
        "CSQ=A|missense_variant&splice_region_variant|MODERATE|TP53|ENST1.2|ENST1.2:c.1G>A|"
        "ENSP1.1:p.Arg1%3D|YES|NM_1.1|1|0.1|0.2"
    )
    (found,) = Annotations(header).consequences(record(header, "G>A", info)) or ()
    assert found == Consequence(
        terms=("missense_variant", "splice_region_variant"),
        gene="TP53",
        transcript="ENST1.2",
        hgvsc="ENST1.2:c.1G>A",
        hgvsp="ENSP1.1:p.Arg1=",
        impact="MODERATE",
        canonical=True,
        mane_select=True,
        picked=True,
        mane_twin="NM_1.1",
    )


def test_alleles_of_a_multi_allelic_indel_get_their_own_entries() -> None:
    header = VcfHeader((CSQ,), ())
    info = "CSQ=-|frameshift_variant,AA|inframe_insertion"
    for at, term in enumerate(("frameshift_variant", "inframe_insertion")):
        found = Annotations(header).consequences(record(header, "TA>T,TAA", info), at)
        assert [c.terms for c in found or ()] == [(term,)]


def test_snpeff_and_bcftools_csq_are_read() -> None:
    header = VcfHeader((ANN,), ())
    info = "ANN=A|stop_gained|HIGH|TP53|ENSG1|transcript|ENST1.2|protein_coding|3/11|c.1G>A|p.Arg1*"
    (found,) = Annotations(header).consequences(record(header, "G>A", info)) or ()
    assert (found.terms, found.gene, found.hgvsp) == (("stop_gained",), "TP53", "p.Arg1*")
    header = VcfHeader((BCSQ,), ())
    info = "BCSQ=missense|TP53|ENST1|protein_coding|+|5G>5R|46G>A,@99"
    (found,) = Annotations(header).consequences(record(header, "G>A", info)) or ()
    assert (found.terms, found.gene) == (("missense_variant",), "TP53")


def test_not_annotated_is_none_and_annotated_without_entry_is_empty() -> None:
    header = VcfHeader((), ())
    assert Annotations(header).consequences(record(header, "G>A", ".")) is None
    header = VcfHeader((CSQ,), ())
    assert Annotations(header).consequences(record(header, "G>A", "DP=1")) == ()


def test_mane_select_comes_before_canonical_before_pick_before_first() -> None:
    first, pick = Consequence(terms=("a",)), Consequence(terms=("b",), picked=True)
    canonical = Consequence(terms=("c",), canonical=True)
    mane = Consequence(terms=("d",), mane_select=True)
    assert choose_consequence([first, pick, canonical, mane]) == mane
    assert choose_consequence([first, pick, canonical]) == canonical
    assert choose_consequence([first, pick]) == pick
    assert choose_consequence([first]) == first
    assert choose_consequence(()) is None


def test_of_two_mane_transcripts_the_graver_is_reported() -> None:
    mild = Consequence(terms=("a",), impact="MODIFIER", mane_select=True)
    grave = Consequence(terms=("b",), impact="HIGH", mane_select=True)
    assert choose_consequence([mild, grave]) == grave


def test_absent_is_not_unknown() -> None:
    assert frequencies((CSQ,), "CSQ=A|x||||||||||0.2") == {
        "gnomAD_AF": ABSENT,
        "MAX_AF": PopulationFrequency(declared=True, value=0.2),
    }
    assert frequencies((), ".") == {}


def test_joined_frequencies_give_the_highest() -> None:
    assert frequencies((CSQ,), "CSQ=A|x|||||||||0.1&0.3|")["gnomAD_AF"].value == 0.3  # type: ignore[index]


def popaf(text: str) -> str:
    return f'##INFO=<ID=POPAF,Number=A,Type=Float,Description="{text}">'


LOG10 = popaf("negative log 10 population allele frequencies of alt alleles")


@pytest.mark.parametrize(
    ("meta", "info", "expected"),
    [
        (LOG10, "POPAF=3.00", PopulationFrequency(declared=True, value=10**-3.0)),
        (LOG10, "POPAF=7.30", ABSENT),
        (LOG10, "DP=1", UNKNOWN),
        (
            popaf("population allele frequency"),
            "POPAF=0.2",
            PopulationFrequency(declared=True, value=0.2),
        ),
    ],
)
def test_popaf(meta: str, info: str, expected: PopulationFrequency) -> None:
    assert frequencies((meta,), info) == {"POPAF": expected}


def test_mutect2_without_a_germline_resource_asked_nobody() -> None:
    line = '##GATKCommandLine=<ID=Mutect2,CommandLine="Mutect2 --input a.bam">'
    assert frequencies((LOG10, line), "POPAF=3.00") == {"POPAF": UNKNOWN}


def test_linear_pop_af_of_mutect2_4_0() -> None:
    meta = '##INFO=<ID=POP_AF,Number=A,Type=Float,Description="population allele frequencies">'
    assert frequencies((meta,), "POP_AF=0.074")["POP_AF"].value == 0.074  # type: ignore[index]
    assert frequencies((meta,), "POP_AF=5.000e-08") == {"POP_AF": ABSENT}


def test_frequency_of_the_second_allele_is_its_own() -> None:
    meta = '##INFO=<ID=gnomAD_AF,Number=A,Type=Float,Description="x">'
    found = frequencies((meta,), "gnomAD_AF=0.1,0.2", 1, "G>A,C")
    assert found["gnomAD_AF"].value == 0.2  # type: ignore[index]


INFO_SOURCES = (
    LOG10,
    '##INFO=<ID=gnomAD_AF,Number=A,Type=Float,Description="x">',
    '##INFO=<ID=AF_1000G,Number=.,Type=String,Description="x">',
)
ITEMS = st.dictionaries(
    st.sampled_from(["POPAF", "gnomAD_AF", "AF_1000G", "XAF_1000G", "DP"]),
    st.sampled_from([".", "0.2", "0.1,0.3", "7.30", "1&2", "nan"]),
)
ENTRIES = st.lists(st.sampled_from(["C|x|||||||||0.1|", "C|x|||||||||.|0.4", "G|x"]), max_size=3)


@given(ITEMS, ENTRIES, st.booleans(), st.sampled_from(["G>C", "G>C,A"]))
def test_highest_frequency_equals_that_of_the_variant(
    items: dict[str, str], entries: list[str], annotated: bool, alleles: str
) -> None:
    header = VcfHeader((*INFO_SOURCES, CSQ) if annotated else INFO_SOURCES[:1], ())
    info = ";".join(f"{key}={text}" for key, text in items.items())
    if entries:
        info += (";" if info else "") + "CSQ=" + ",".join(entries)
    line = record(header, alleles, info or ".")
    notes = Annotations(header)
    for at in range(len(line.alts)):
        slow = Variant(
            contig="1", pos=5, ref="G", alt="C", frequencies=notes.frequencies(line, at)
        ).population_af
        fast = notes.highest_frequency(
            line, at, notes.sources(lambda _: True), notes.entries_of(line, at)
        )
        assert fast == ((slow.value or 0.0) if slow.declared else None)
