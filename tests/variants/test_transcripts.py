"""The reported transcript: by the laboratory's list, MANE, canonical, pick, severity."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tumorkit.errors import InputError
from tumorkit.genome.variant import Consequence
from tumorkit.genome.vcf import VcfHeader, VcfRecord
from tumorkit.io.transcripts import read_transcripts
from tumorkit.io.vcf import open_vcf
from tumorkit.variants import CallReader, Roles, TranscriptList, choose_consequence
from tumorkit.variants.consequence import Annotations
from tumorkit.variants.filter.run import run_filter
from tumorkit.variants.lazy import LazyReader
from tumorkit.variants.transcripts import also_reported, chosen_by

FIELDS = (
    "Allele|Consequence|IMPACT|SYMBOL|Gene|Feature_type|Feature|BIOTYPE|HGVSc|HGVSp|CANONICAL|"
    "MANE|MANE_SELECT|MANE_PLUS_CLINICAL|PICK|HGNC_ID|ENSP"
)
CSQ = (
    '##INFO=<ID=CSQ,Number=.,Type=String,Description="Consequence annotations from Ensembl VEP. '
    f'Format: {FIELDS}">'
)
# As VEP writes them with --merged --mane --hgvs (BRAF V600E, shortened to the fields above).
MANE = (
    "T|missense_variant|MODERATE|BRAF|ENSG00000157764|Transcript|ENST00000646891|protein_coding|"
    "ENST00000646891.2:c.1799T>A|ENSP00000493543.1:p.Val600Glu|YES|MANE_Select|NM_004333.6|||"
    "HGNC:1097|ENSP00000493543"
)
PLUS = (
    "T|missense_variant|MODERATE|BRAF|ENSG00000157764|Transcript|ENST00000644969|protein_coding|"
    "ENST00000644969.2:c.1919T>A|ENSP00000496776.1:p.Val640Glu||MANE_Plus_Clinical||"
    "NM_001374258.1||HGNC:1097|ENSP00000496776"
)
REFSEQ = (
    "T|missense_variant|MODERATE|BRAF|673|Transcript|NM_004333.6|protein_coding|"
    "NM_004333.6:c.1799T>A|NP_004324.2:p.Val600Glu|||ENST00000646891.2|||HGNC:1097|NP_004324.2"
)
LONG = (
    "T|stop_gained|HIGH|BRAF|ENSG00000157764|Transcript|ENST00000288602.11|protein_coding|"
    "ENST00000288602.11:c.1T>A|||||||HGNC:1097|"
)
NEIGHBOUR = (
    "T|upstream_gene_variant|MODIFIER|NDUFB2|ENSG00000090266|Transcript|ENST00000247866|"
    "protein_coding|||YES|MANE_Select|NM_004546.3|||HGNC:7697|"
)
ENTRIES = (MANE, PLUS, REFSEQ, LONG, NEIGHBOUR)


def record(header: VcfHeader, info: str, alleles: str = "A>T") -> VcfRecord:
    ref, alt = alleles.split(">")
    return VcfRecord("\t".join(["7", "140453136", ".", ref, alt, ".", ".", info]), header)


def chosen(
    entries: tuple[str, ...] | list[str], listed: dict[str, str] | None = None, meta: str = CSQ
) -> Consequence | None:
    """Return the choice, after asking that all three ways choose the same."""
    header = VcfHeader((meta,), ())
    notes = Annotations(header, TranscriptList(listed or {}))
    line = record(header, f"{notes.tool}=" + ",".join(entries))
    consequences = notes.consequences(line)
    found = choose_consequence(consequences, notes.transcripts)
    entry = notes.choose(notes.entries_of(line, 0))
    assert found == (notes.described_by(entry) if entry else None)
    reader = CallReader(header, Roles(tumor=None), notes.transcripts)
    (lazy,) = LazyReader(reader)(line)
    for block in lazy.blocks("chosen") or ():
        assert found is not None
        assert (block.gene, block.terms) == (found.gene, found.terms)
    return found


def test_the_laboratorys_list_comes_first_then_mane_select() -> None:
    found = chosen(ENTRIES)
    assert found is not None
    assert (found.hgvsc, chosen_by(found)) == ("ENST00000646891.2:c.1799T>A", "MANE Select")
    listed = TranscriptList({"BRAF": "ENST00000288602.11"})
    found = chosen(ENTRIES, {"BRAF": "ENST00000288602.11"})
    assert found is not None
    assert (found.terms, chosen_by(found, listed)) == (("stop_gained",), "list")


def test_a_listed_gene_that_the_annotation_lacks_falls_through() -> None:
    found = chosen(ENTRIES, {"TP53": "NM_000546.6"})
    assert found is not None
    assert found.hgvsc == "ENST00000646891.2:c.1799T>A"


def test_another_version_than_the_lists_is_chosen_and_said() -> None:
    listed = TranscriptList({"BRAF": "ENST00000288602.10"})
    found = chosen(ENTRIES, {"BRAF": "ENST00000288602.10"})
    assert found is not None
    assert found.transcript == "ENST00000288602.11"
    assert chosen_by(found, listed) == "list (other version)"


def test_a_listed_refseq_transcript_is_found_by_its_ensembl_twin() -> None:
    listed = {"BRAF": "NM_004333.6"}
    both = chosen(ENTRIES, listed)
    assert both is not None
    assert both.hgvsc == "NM_004333.6:c.1799T>A"
    alone = chosen((LONG, MANE, PLUS), listed)
    assert alone is not None
    assert alone.hgvsc == "ENST00000646891.2:c.1799T>A"


def test_mane_plus_clinical_stands_beside_and_never_instead() -> None:
    header = VcfHeader((CSQ,), ())
    notes = Annotations(header)
    consequences = notes.consequences(record(header, "CSQ=" + ",".join(ENTRIES)))
    found = choose_consequence(consequences)
    assert [item.hgvsp for item in also_reported(found, consequences)] == [
        "ENSP00000496776.1:p.Val640Glu"
    ]
    assert not chosen((MANE, PLUS)).mane_plus_clinical  # type: ignore[union-attr]
    # Where nothing else qualifies, canonical does.
    canonical = LONG.replace("c.1T>A||", "c.1T>A||YES")
    assert chosen((PLUS, canonical)).terms == ("stop_gained",)  # type: ignore[union-attr]


def test_a_clinical_transcript_of_both_archives_is_reported_once() -> None:
    twin = PLUS.replace("NM_001374258.1", "?").replace("ENST00000644969", "NM_001374258")
    twin = twin.replace("NM_001374258.2:", "NM_001374258.1:").replace("?", "ENST00000644969.2")
    header = VcfHeader((CSQ,), ())
    notes = Annotations(header)
    consequences = notes.consequences(record(header, "CSQ=" + ",".join((MANE, twin, PLUS))))
    also = also_reported(choose_consequence(consequences), consequences)
    assert [item.transcript for item in also] == ["ENST00000644969.2"]


def test_the_most_severe_is_last_resort() -> None:
    intron = "T|intron_variant|MODIFIER|A|G1|Transcript|ENST3.1|protein_coding" + "|" * 9
    coding = "T|synonymous_variant&splice_region_variant|LOW|A|G1|Transcript|ENST2.1|x" + "|" * 9
    worse = "T|splice_acceptor_variant|HIGH|B|G2|Transcript|ENST1.1|protein_coding" + "|" * 9
    assert chosen((intron, coding, worse)).gene == "B"  # type: ignore[union-attr]
    assert chosen((intron, coding)).impact == "LOW"  # type: ignore[union-attr]


@settings(deadline=None)
@given(
    st.permutations(ENTRIES),
    st.sampled_from([{}, {"BRAF": "NM_004333.6"}, {"BRAF": "NM_004333.5"}, {"X": "NM_004546.3"}]),
    st.integers(1, len(ENTRIES)),
)
def test_the_order_of_entries_never_changes_the_choice(
    entries: list[str], listed: dict[str, str], size: int
) -> None:
    kept = entries[:size]
    assert chosen(kept, listed) == chosen(sorted(kept), listed)


VEP_TERMS = st.sampled_from(
    ["missense_variant", "intron_variant", "stop_gained&splice_region_variant", ""]
)
ENTRY = st.builds(
    lambda terms, impact, gene, feature, canonical, pick: (
        f"T|{terms}|{impact}|{gene}|G|Transcript|{feature}|protein_coding|||{canonical}||||{pick}||"
    ),
    VEP_TERMS,
    st.sampled_from(["HIGH", "MODERATE", "LOW", "MODIFIER", ""]),
    st.sampled_from(["A", "B"]),
    st.sampled_from(["ENST1.1", "ENST2.1", "NM_1.1", ""]),
    st.sampled_from(["YES", ""]),
    st.sampled_from(["1", ""]),
)


@settings(deadline=None)
@given(st.lists(ENTRY, min_size=1, max_size=6), st.randoms())
def test_any_annotation_gives_one_choice_in_any_order(entries: list[str], draw: object) -> None:
    mixed = list(entries)
    draw.shuffle(mixed)  # type: ignore[attr-defined]
    assert chosen(entries) == chosen(mixed)


@pytest.mark.parametrize(
    ("feature", "hgvsc", "expected"),
    [
        ("ENST1", "ENST1.2:c.5G>A", ("ENST1.2", "ENST1.2:c.5G>A")),
        ("ENST1.2", "ENST1:c.5G>A", ("ENST1.2", "ENST1.2:c.5G>A")),
        ("NM_1.3", "", ("NM_1.3", "")),
        ("ENST1", "ENST1:c.5G>A", ("ENST1", "ENST1:c.5G>A")),
    ],
)
def test_versions_are_taken_from_where_they_are(
    feature: str, hgvsc: str, expected: tuple[str, str]
) -> None:
    entry = f"T|missense_variant|MODERATE|A|G|Transcript|{feature}|protein_coding|{hgvsc}" + "|" * 8
    found = chosen((entry,))
    assert found is not None
    assert (found.transcript, found.hgvsc) == expected


def test_a_version_field_of_its_own_is_read() -> None:
    meta = CSQ.replace("|ENSP", "|ENSP|Feature_version")
    entry = "T|missense_variant|MODERATE|A|G|Transcript|ENST1|x|ENST1:c.5G>A" + "|" * 9 + "7"
    found = chosen((entry,), meta=meta)
    assert found is not None
    assert (found.transcript, found.hgvsc) == ("ENST1.7", "ENST1.7:c.5G>A")


def test_escapes_and_missing_fields() -> None:
    entry = (
        "T|synonymous_variant|LOW|A|G|Transcript|ENST1.1|x|ENST1.1:c.291G>A|ENSP1.1:p.(Arg97%3D)"
    )
    found = chosen((entry,))
    assert found is not None
    assert (found.hgvsp, found.canonical, found.hgnc_id) == ("ENSP1.1:p.(Arg97=)", False, "")


ANN = (
    "##INFO=<ID=ANN,Number=.,Type=String,Description=\"Functional annotations: 'Allele | "
    "Annotation | Annotation_Impact | Gene_Name | Gene_ID | Feature_Type | Feature_ID | "
    "Transcript_BioType | Rank | HGVS.c | HGVS.p | cDNA.pos / cDNA.length | CDS.pos / CDS.length | "
    "AA.pos / AA.length | Distance | ERRORS / WARNINGS / INFO'\">"
)


def test_snpeff_names_get_their_transcript() -> None:
    entries = (
        "T|upstream_gene_variant|MODIFIER|X|G0|transcript|NM_9.1|protein_coding||c.-1A>T|||||9|",
        "T|missense_variant|MODERATE|BRAF|BRAF|transcript|NM_004333.4|protein_coding|15/18|"
        "c.1799T>A|p.Val600Glu|1860/2480|1799/2301|600/766||",
    )
    found = chosen(entries, meta=ANN)
    assert found is not None
    assert (found.hgvsc, found.hgvsp) == ("NM_004333.4:c.1799T>A", "p.Val600Glu")
    listed = chosen(entries, {"X": "NM_9.1"}, meta=ANN)
    assert listed is not None
    assert listed.gene == "X"


BCSQ = '##INFO=<ID=BCSQ,Number=.,Type=String,Description="Local consequence annotation">'


def bcsq(info: str, alleles: str = "A>T", at: int = 0) -> tuple[Consequence, ...] | None:
    header = VcfHeader((BCSQ,), ())
    return Annotations(header).consequences(record(header, f"BCSQ={info}", alleles), at)


def test_bcftools_csq_chooses_the_most_severe_and_knows_what_stands_elsewhere() -> None:
    entries = (
        "intron|LOC|ENST9|lincRNA",
        "*missense|BRAF|ENST2|protein_coding|-|600V>600E|140453136A>T",
        "@140453130",
    )
    found = chosen(entries, meta=BCSQ)
    assert found is not None
    assert (found.gene, found.terms) == ("BRAF", ("missense_variant",))
    # The consequence of both changes together stands at the other record: unknown, not none.
    assert bcsq("@140453130") is None
    assert chosen(("@140453130",), meta=BCSQ) is None


def test_bcftools_csq_tells_alleles_apart_where_it_can() -> None:
    info = "missense|A|ENST1|protein_coding|+|5G>5R|46A>T,synonymous|A|ENST1|protein_coding|+|5G|"
    info += "46A>C,intron|B|ENST2|protein_coding"
    found = bcsq(info, "A>T,C", 1)
    assert found is not None
    assert [item.terms[0] for item in found] == ["synonymous_variant", "intron_variant"]


def write(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def test_a_list_is_read(tmp_path: Path) -> None:
    text = "# our list\ngene\ttranscript\nTP53\tNM_000546.6\nHGNC:1097\tNM_004333.6\textra\n"
    assert read_transcripts(write(tmp_path / "t.tsv", text)) == {
        "TP53": "NM_000546.6",
        "HGNC:1097": "NM_004333.6",
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("TP53\tNM_000546\n", r"t.tsv:1: TP53: transcript 'NM_000546' has no version"),
        ("TP53\n", "expected gene and transcript"),
        ("A\tNM_1.1\nA\tNM_2.1\n", r"t.tsv:2: A has two transcripts"),
        ("# nothing\n", "holds no transcript"),
    ],
)
def test_bad_lists_are_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_transcripts(write(tmp_path / "t.tsv", text))


def test_a_filter_result_names_the_listed_transcript_and_its_version(tmp_path: Path) -> None:
    line = record(VcfHeader((CSQ,), ()), "CSQ=" + ",".join(ENTRIES)).line
    columns = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO"
    vcf = write(tmp_path / "c.vcf", "\n".join(["##fileformat=VCFv4.2", CSQ, columns, line]) + "\n")
    spec = "tumorkit_filters: 1\nname: t\nfilters:\n"
    spec += "  - {id: stop, says: Stop, fail_if: '\"stop_gained\" in consequence'}\n"
    rules = write(tmp_path / "s.yaml", spec)
    (plain,) = run_filter(vcf, spec=rules).variants
    assert (plain.verdict, plain.transcript_choice) == ("pass", "MANE Select")
    assert [item.hgvsc for item in plain.mane_plus_clinical] == ["ENST00000644969.2:c.1919T>A"]
    listed = write(tmp_path / "t.tsv", "BRAF\tENST00000288602.10\n")
    result = run_filter(vcf, spec=rules, transcripts=listed)
    assert (result.failed, result.variants) == (1, ())
    assert [item.role for item in result.inputs][-1] == "transcripts"
    listed = write(tmp_path / "u.tsv", "BRAF\tNM_004333.5\n")
    result = run_filter(vcf, spec=rules, transcripts=listed)
    (variant,) = result.variants
    assert variant.transcript_choice == "list (other version)"
    assert any("the list has" in note for note in result.notes)


def test_a_transcript_without_version_is_said(tmp_path: Path) -> None:
    entry = "T|missense_variant|MODERATE|A|G|Transcript|ENST1|protein_coding|ENST1:c.5G>A"
    line = record(VcfHeader((CSQ,), ()), f"CSQ={entry}").line
    columns = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO"
    vcf = write(tmp_path / "c.vcf", "\n".join(["##fileformat=VCFv4.2", CSQ, columns, line]) + "\n")
    result = run_filter(vcf, preset="caller-pass")
    assert "1 transcript(s) of the listed variants are named without a version" in result.notes[0]


@pytest.mark.shared
@pytest.mark.parametrize(
    "name", ["gms560/HD832.ensembled.vep_annotated.vcf", "truth/colo829-nygc-v6.vcf.gz"]
)
def test_all_ways_choose_alike_on_real_annotations(shared: Path, name: str) -> None:
    with open_vcf(shared / name) as source:
        reader = CallReader(source.header, Roles(tumor=None))
        notes, lazy = reader.annotations, LazyReader(reader)
        for at, line in enumerate(source):
            if at == 3000:
                break
            found = choose_consequence(notes.consequences(line))
            entry = notes.choose(notes.entries_of(line, 0))
            assert found == (notes.described_by(entry) if entry else None)
            blocks = lazy(line)[0].blocks("chosen") or ()
            assert [b.gene for b in blocks] == ([found.gene] if found else [])
            if found is not None and found.hgvsc:
                assert "." in found.hgvsc.partition(":")[0]


@pytest.mark.shared
def test_a_file_that_nobody_annotated_has_no_choice(shared: Path) -> None:
    with open_vcf(shared / "maf/T001-BRCA.grch38.vcf.gz") as source:
        notes = Annotations(source.header)
        assert {notes.consequences(line) for line in source} == {None}
