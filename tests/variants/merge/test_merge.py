"""What a merge promises: no allele is lost, none is doubled, haplotypes are compared."""

from __future__ import annotations

import random
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import make_fasta
from tests.variants.merge.builders import (
    CSQ,
    SEQUENCE,
    call,
    calls_file,
    csq,
    merged,
    reference,
)
from tumorkit.errors import (
    ContigMismatchError,
    InputError,
    ParameterError,
    ReferenceMismatchError,
    SampleNotFoundError,
)
from tumorkit.io.vcf import open_vcf
from tumorkit.variants.calls import CallReader, dialect_of
from tumorkit.variants.merge import MergeParams, MergeResult
from tumorkit.variants.merge.run import caller_file, run_merge
from tumorkit.variants.roles import assign_roles


def check_sums(result: MergeResult) -> None:
    for one in result.files:
        parts = one.shared + one.by_haplotype + one.own + one.duplicates + one.same_as_ref
        assert one.alleles == parts + one.symbolic, one
    done = result.written
    assert done.records == done.called + done.parts_added + done.merged_added
    verdicts = done.passed + done.few_callers + done.counted_otherwise + done.phase_unproven
    assert done.records == verdicts + done.symbolic


def body(path: Path) -> list[str]:
    return [line for line in path.read_text().splitlines() if not line.startswith("##")]


# Records in code ----------------------------------------------------------------------------


@st.composite
def records(draw: st.DrawFn, size: int = 6) -> list[str]:
    """Draw sorted calls of one caller: substitutions, indels, replacements, in any spelling."""
    found: dict[tuple[int, str, str], str] = {}
    for _ in range(draw(st.integers(0, size))):
        start = draw(st.integers(8, 30))
        ref = SEQUENCE[start : start + draw(st.integers(1, 3))]
        alt = draw(st.text("ACGT", min_size=1, max_size=3).filter(ref.__ne__))
        state = draw(st.sampled_from(["PASS", "weak"]))
        depths = f"{draw(st.integers(20, 90))},{draw(st.integers(3, 40))}"
        found[start + 1, ref, alt] = call(start + 1, ref, alt, filters=state, depths=depths)
    return [found[key] for key in sorted(found)]


@settings(max_examples=60, deadline=None)
@given(a=records(), b=records(), c=records())
def test_order_of_files_changes_nothing_and_merging_again_neither(
    tmp_path_factory: pytest.TempPathFactory, a: list[str], b: list[str], c: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("merge")
    files = [
        calls_file(folder, name, lines)
        for name, lines in (("mutect2", a), ("vardict", b), ("lofreq", c))
    ]
    fasta = reference(folder)
    outputs = [folder / f"{n}.vcf" for n in range(3)]
    result = run_merge(files, reference=fasta, output=outputs[0])
    check_sums(result)
    run_merge(files[::-1], reference=fasta, output=outputs[1])
    assert outputs[0].read_bytes() == outputs[1].read_bytes()
    again = run_merge(outputs[:1], reference=fasta, output=outputs[2])
    check_sums(again)
    assert outputs[0].read_bytes() == outputs[2].read_bytes()
    places = [int(line.split("\t")[1]) for line in body(outputs[0])[1:]]
    assert places == sorted(places)


def scattered(seed: int, sequence: str, contig: str) -> list[str]:
    """Sorted calls all over a contig, every fifth an indel, every tenth a replacement."""
    draw = random.Random(seed)
    found = {}
    for at in sorted(draw.sample(range(1, len(sequence) - 8), 120)):
        size = draw.choice([1, 1, 1, 1, 1, 1, 1, 2, 3, 4])
        ref = sequence[at : at + size]
        alt = draw.choice([base for base in "ACGT" if base != ref[0]])
        alt = ref[0] if size > 2 else alt * size
        found[at] = call(at + 1, ref, alt, contig=contig)
    return [found[at] for at in sorted(found)]


@pytest.mark.parametrize("seed", range(4))
def test_size_of_blocks_changes_nothing(tmp_path: Path, seed: int) -> None:
    """Streaming with little in memory gives what holding everything gives, contig by contig."""
    draw = random.Random(seed)
    contigs = {name: "".join(draw.choices("AAC", k=900)) for name in ("chr1", "chr2", "chr3")}
    fasta = make_fasta(tmp_path / "reference.fa", contigs)
    files = []
    for number, caller in enumerate(("mutect2", "vardict", "lofreq")):
        lines: list[str] = []
        for rank, (name, text) in enumerate(contigs.items()):
            if (seed + rank) % 4 != number:
                lines += scattered(seed * 10 + rank + number // 2, text, name)
        files.append(calls_file(tmp_path, caller, lines))
    outputs = []
    for size in (1, 7, 5000):
        outputs.append(tmp_path / f"{size}.vcf")
        params = MergeParams(block_size=size, max_shift=20)
        result = run_merge(files, reference=fasta, output=outputs[-1], params=params)
        check_sums(result)
    assert len({output.read_bytes() for output in outputs}) == 1
    rows = [line.split("\t") for line in body(outputs[0])[1:]]
    assert len(rows) > 300
    keys = [(row[0], int(row[1])) for row in rows]
    assert keys == sorted(keys)
    assert len({(row[0], row[1], row[3], row[4]) for row in rows}) == len(rows)


@settings(max_examples=30, deadline=None)
@given(
    alts=st.lists(
        st.sampled_from(["A", "C", "T", "GA", "GTT"]), min_size=2, max_size=3, unique=True
    ),
    states=st.lists(st.sampled_from(["SITE", "weak"]), min_size=3, max_size=3),
)
def test_joined_and_split_alternatives_give_the_same(
    tmp_path_factory: pytest.TempPathFactory, alts: list[str], states: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("split")
    meta = ['##INFO=<ID=AS_FilterStatus,Number=A,Type=String,Description="Status">']
    depths = [str(10 + n) for n in range(len(alts))]
    status = states[: len(alts)]
    joined_line = call(
        9, "G", ",".join(alts), info=f"AS_FilterStatus={'|'.join(status)}",
        depths=",".join(["50", *depths]),
    )  # fmt: skip
    split = []
    for alt, depth, state in zip(alts, depths, status, strict=True):
        line = call(9, "G", alt, info=f"AS_FilterStatus={state}", depths=f"50,{depth}")
        total = 50 + sum(map(int, depths))
        split.append(line.rpartition(":")[0] + f":{total}")
    seen = []
    for lines in ([joined_line], split):
        path = calls_file(folder, "mutect2", lines, meta=meta)
        _, found = merged(folder, [path], min_callers=1)
        for info in found.values():
            info.pop("TUMOR")
        seen.append(found)
    assert seen[0] == seen[1]


# Regressions of peers -----------------------------------------------------------------------


def test_a_deletion_and_an_insertion_at_one_place_stay_two(tmp_path: Path) -> None:
    """TTA>T and T>TTA are different alleles, however much a joined record looks alike."""
    sequence = "GCGTTAGCAGTACCAGT"
    one = calls_file(tmp_path, "mutect2", [call(4, "TTA", "T")])
    two = calls_file(tmp_path, "vardict", [call(4, "T", "TTA")])
    _, found = merged(tmp_path, [one, two], sequence=sequence)
    # Left-aligned, both are anchored at the G before the repeat.
    assert len(found) == 2
    assert {info["TK_SUPPORT"] for info in found.values()} == {"1,1"}


def test_no_alternative_of_a_place_is_taken_for_a_duplicate(tmp_path: Path) -> None:
    """Other ALT at the same place and REF: kept, each with its own callers."""
    one = calls_file(tmp_path, "mutect2", [call(9, "G", "A"), call(9, "G", "C")])
    two = calls_file(tmp_path, "vardict", [call(9, "G", "C")])
    result, found = merged(tmp_path, [one, two])
    assert {key: info["FILTER"] for key, info in found.items()} == {
        "9:G>A": "few_callers",
        "9:G>C": "PASS",
    }
    assert not any(one.duplicates for one in result.files)


def test_each_alternative_keeps_its_own_status(tmp_path: Path) -> None:
    meta = ['##INFO=<ID=AS_FilterStatus,Number=A,Type=String,Description="Status">']
    line = call(9, "G", "A,C", info="AS_FilterStatus=SITE|weak_evidence", depths="50,20,2")
    path = calls_file(tmp_path, "mutect2", [line], meta=meta)
    _, found = merged(tmp_path, [path], min_callers=1)
    assert found["9:G>A"]["TK_FILTERS"] == "mutect2:PASS"
    assert found["9:G>A"]["FILTER"] == "PASS"
    assert found["9:G>C"]["TK_FILTERS"] == "mutect2:weak_evidence"
    assert found["9:G>C"]["FILTER"] == "few_callers"
    assert found["9:G>C"]["AS_FilterStatus_mutect2"] == "weak_evidence"


# Haplotypes ---------------------------------------------------------------------------------


def test_a_replacement_and_its_substitutions_support_each_other(tmp_path: Path) -> None:
    one = calls_file(tmp_path, "vardict", [call(9, "GC", "TA")])
    two = calls_file(tmp_path, "mutect2", [call(9, "G", "T"), call(10, "C", "A")])
    result, found = merged(tmp_path, [one, two])
    assert found["9:GC>TA"]["FILTER"] == "PASS"
    assert found["9:GC>TA"]["TK_HOW"] == "parts,own"
    assert found["9:GC>TA"]["TK_PARTS"] == "9:G>T,10:C>A"
    for part in ("9:G>T", "10:C>A"):
        assert found[part]["FILTER"] == "counted_in_haplotype"
        assert found[part]["TK_HOW"] == "own,part"
        assert found[part]["TK_PART_OF"] == "9:GC>TA"
    assert [one.by_haplotype for one in result.files] == [2, 1]
    check_sums(result)


def test_bases_apart_are_counted_in_their_parts(tmp_path: Path) -> None:
    one = calls_file(tmp_path, "vardict", [call(2, "ATTA", "CTTC")])
    two = calls_file(tmp_path, "mutect2", [call(2, "A", "C"), call(5, "A", "C")])
    _, found = merged(tmp_path, [one, two])
    assert {key: info["FILTER"] for key, info in found.items()} == {
        "2:A>C": "PASS",
        "2:ATTA>CTTC": "counted_in_parts",
        "5:A>C": "PASS",
    }


def test_a_caller_alone_gets_its_parts_added_but_not_passed(tmp_path: Path) -> None:
    one = calls_file(tmp_path, "vardict", [call(9, "GC", "TA")])
    result, found = merged(tmp_path, [one])
    assert len(found) == 3
    assert {info["FILTER"] for info in found.values()} == {"few_callers"}
    assert result.written.parts_added == 2
    check_sums(result)


def test_an_indel_with_a_substitution_is_found_in_other_words(tmp_path: Path) -> None:
    """ACAG>TC... one replacement; the other caller writes a substitution and a deletion."""
    sequence = "GGGTACAGCTTTGCA"
    one = calls_file(tmp_path, "vardict", [call(4, "TACA", "GC")])
    two = calls_file(tmp_path, "mutect2", [call(4, "T", "G"), call(4, "TACA", "TC")])
    _, found = merged(tmp_path, [one, two], sequence=sequence)
    whole = found["4:TACA>GC"]
    assert (whole["CALLERS"], whole["FILTER"]) == ("mutect2,vardict", "PASS")


def test_alternatives_of_one_record_are_no_haplotype(tmp_path: Path) -> None:
    one = calls_file(tmp_path, "vardict", [call(9, "G", "CC")])
    two = calls_file(tmp_path, "mutect2", [call(9, "G", "C,GC")])
    three = calls_file(tmp_path, "lofreq", [call(9, "G", "C"), call(9, "G", "GC")])
    result, found = merged(tmp_path, [one, two, three])
    assert found["9:G>CC"]["FILTER"] == "counted_in_parts"
    assert found["9:G>CC"]["TK_PHASE"] == "caller,contradicted"
    assert found["9:G>C"]["FILTER"] == found["9:G>GC"]["FILTER"] == "PASS"
    assert result.haplotypes[0].contradicted


def proline(folder: Path, *, second: str = "cCa/cAa", position: int = 28, **more: str) -> Path:
    """Two substitutions of CCA, as VEP sees each: Pro>Ser and Pro>Gln."""
    return calls_file(
        folder,
        "mutect2",
        [
            call(10, "C", "T", info=csq("T", "Cca/Tca", 28, "p.Pro28Ser"), phase=more["a"]),
            call(11, "C", "A", info=csq("A", second, position, "p.Pro28Gln"), phase=more["b"]),
        ],
        meta=[CSQ],
    )


PROLINE = "GATTACAGGCCATTTTTTTACG"


def test_proline_to_serine_is_really_a_stop(tmp_path: Path) -> None:
    path = proline(tmp_path, a="10_C_T:0|1", b="10_C_T:0|1")
    result, found = merged(tmp_path, [path], sequence=PROLINE, min_callers=1)
    whole = found["10:CC>TA"]
    assert whole["TK_PROTEIN"] == "ENST1|28|CCA/TAA|P/*|stop_gained"
    assert "ENSP1:p.Pro28Ter" in whole["CSQ"]
    assert "Ser" not in whole["CSQ"]
    assert (whole["FILTER"], whole["TK_PHASE"], whole["TK_HOW"]) == ("PASS", "PID", "phased")
    assert found["10:C>T"]["FILTER"] == found["11:C>A"]["FILTER"] == "counted_in_haplotype"
    assert result.haplotypes[0].protein == "p.Pro28Ter"
    assert result.written.merged_added == 1
    check_sums(result)


def test_mitochondria_read_the_codon_in_their_own_way(tmp_path: Path) -> None:
    lines = [
        call(10, "C", "T", info=csq("T", "Cga/Tga", 5, "p.Arg5Trp"), phase="x:0|1", contig="chrM"),
        call(12, "A", "G", info=csq("G", "cgA/cgG", 5, "p.Arg5="), phase="x:0|1", contig="chrM"),
    ]
    path = calls_file(tmp_path, "mutect2", lines, meta=[CSQ])
    _, found = merged(tmp_path, [path], sequence="GATTACAGGCGATTTT", contig="chrM", min_callers=1)
    assert found["10:CGA>TGG"]["TK_PROTEIN"].endswith("CGA/TGG|R/W|missense_variant")


def test_without_a_common_codon_nothing_is_said_of_the_protein(tmp_path: Path) -> None:
    """A caller's own replacement over two codons: old annotation kept apart, no protein name."""
    one = proline(tmp_path, second="Gca/Aca", position=29, a=".:.", b=".:.")
    two = calls_file(tmp_path, "vardict", [call(10, "CC", "TA")])
    result, found = merged(tmp_path, [one, two], sequence=PROLINE)
    whole = found["10:CC>TA"]
    assert "TK_PROTEIN" not in whole
    assert "CSQ" not in whole
    assert "p.Pro28Ser" in whole["TK_OLD_CSQ"]
    assert "TK_REANNOTATE" in whole
    assert result.haplotypes[0].needs_reannotation
    assert result.haplotypes[0].protein is None


def test_opposite_phase_is_not_joined(tmp_path: Path) -> None:
    path = proline(tmp_path, a="10_C_T:0|1", b="10_C_T:1|0")
    _, found = merged(tmp_path, [path], sequence=PROLINE, min_callers=1)
    assert set(found) == {"10:C>T", "11:C>A"}


def test_equal_fractions_alone_do_not_pass_a_haplotype(tmp_path: Path) -> None:
    path = proline(tmp_path, a=".:.", b=".:.")
    _, found = merged(tmp_path, [path], sequence=PROLINE, min_callers=1)
    assert found["10:CC>TA"]["FILTER"] == "phase_unproven"
    assert found["10:CC>TA"]["TK_PHASE"] == "equal_vaf"
    assert found["10:C>T"]["FILTER"] == found["11:C>A"]["FILTER"] == "PASS"


# Consensus ----------------------------------------------------------------------------------


def test_phased_bases_apart_are_counted_in_parts_where_no_codon_is_known(tmp_path: Path) -> None:
    lines = [call(9, "G", "A", phase="x:0|1"), call(11, "T", "C", phase="x:0|1")]
    path = calls_file(tmp_path, "mutect2", lines)
    _, found = merged(tmp_path, [path], min_callers=1)
    assert found["9:GCT>ACC"]["FILTER"] == "counted_in_parts"
    lines = [call(9, "G", "A", phase="x:0|1"), call(10, "C", "T", phase="x:0|1")]
    _, found = merged(tmp_path, [calls_file(tmp_path, "mutect2", lines)], min_callers=1)
    assert found["9:GC>AT"]["FILTER"] == "PASS"


def test_hotspots_pass_with_one_caller_and_only_the_listed_allele(tmp_path: Path) -> None:
    path = calls_file(tmp_path, "mutect2", [call(9, "G", "A"), call(9, "G", "T")])
    hotspots = tmp_path / "hotspots.vcf"
    hotspots.write_text(
        "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
        "1\t8\t.\tGG\tGA\t.\t.\t.\n"
    )
    result, found = merged(tmp_path, [path], hotspots=hotspots)
    assert found["9:G>A"]["FILTER"] == "PASS"
    assert "HOTSPOT" in found["9:G>A"]
    assert found["9:G>T"]["FILTER"] == "few_callers"
    assert result.written.hotspots_of_one_caller == 1


def test_failed_calls_count_only_where_they_are_asked_to(tmp_path: Path) -> None:
    one = calls_file(tmp_path, "mutect2", [call(9, "G", "A", filters="weak")])
    two = calls_file(tmp_path, "vardict", [call(9, "G", "A")])
    _, found = merged(tmp_path, [one, two])
    assert (found["9:G>A"]["FILTER"], found["9:G>A"]["TK_SUPPORT"]) == ("few_callers", "1,2")
    _, found = merged(tmp_path, [one, two], pass_only=False)
    assert found["9:G>A"]["FILTER"] == "PASS"


def test_what_its_caller_calls_germline_is_not_counted(tmp_path: Path) -> None:
    meta = ['##INFO=<ID=STATUS,Number=1,Type=String,Description="Status">']
    one = calls_file(tmp_path, "mutect2", [call(9, "G", "A")])
    two = calls_file(tmp_path, "vardict", [call(9, "G", "A", info="STATUS=Germline")], meta=meta)
    _, found = merged(tmp_path, [one, two])
    assert found["9:G>A"]["FILTER"] == "few_callers"
    assert found["9:G>A"]["TK_FILTERS"].endswith("vardict:PASS&status_germline")
    _, found = merged(tmp_path, [one, two], somatic_only=False)
    assert found["9:G>A"]["FILTER"] == "PASS"


def test_priority_chooses_counts(tmp_path: Path) -> None:
    one = calls_file(tmp_path, "mutect2", [call(9, "G", "A", depths="70,30")])
    two = calls_file(tmp_path, "vardict", [call(9, "G", "A", depths="66,34")])
    _, found = merged(tmp_path, [one, two])
    assert found["9:G>A"]["TUMOR"].startswith("./.:70,30:100:0.3:70,66:30,34:100,100:0.3,0.34")
    _, found = merged(tmp_path, [one, two], priority="vardict")
    assert found["9:G>A"]["CALLERS"] == "vardict,mutect2"
    assert found["9:G>A"]["TUMOR"].startswith("./.:66,34:100:0.34:")


def test_moved_alleles_say_where_they_were(tmp_path: Path) -> None:
    one = calls_file(tmp_path, "mutect2", [call(17, "T", "TT")])
    two = calls_file(tmp_path, "vardict", [call(10, "C", "CT")])
    result, found = merged(tmp_path, [one, two])
    assert list(found) == ["10:C>CT"]
    assert found["10:C>CT"]["TK_OLD"] == "17/T/TT,."
    assert [file.moved for file in result.files] == [1, 0]


def test_duplicates_are_kept_once_and_contradictions_told(tmp_path: Path) -> None:
    lines = [call(9, "G", "A", filters="weak"), call(9, "G", "A"), call(9, "GC", "AC")]
    path = calls_file(tmp_path, "mutect2", lines)
    result, found = merged(tmp_path, [path], min_callers=1)
    assert found["9:G>A"]["FILTER"] == "PASS"
    assert result.files[0].duplicates == 2
    assert result.conflicting_duplicates == 1
    assert result.conflicts[0].left_out == "weak 30/90"
    check_sums(result)


def test_symbolic_alleles_pass_through(tmp_path: Path) -> None:
    meta = ['##INFO=<ID=END,Number=1,Type=Integer,Description="End">']
    lines = [call(9, "G", "<DEL>", info="END=20"), call(9, "G", "A,*"), call(12, "T", ".")]
    path = calls_file(tmp_path, "mutect2", lines, meta=meta)
    result, found = merged(tmp_path, [path])
    assert found["9:G><DEL>"]["END"] == "20"
    assert found["9:G><DEL>"]["FILTER"] == "PASS"
    assert "9:G>*" in found
    assert (result.files[0].symbolic, result.files[0].without_alt) == (2, 1)
    assert result.written.symbolic == 2
    check_sums(result)


def test_the_merged_file_reads_as_an_ensemble(tmp_path: Path) -> None:
    one = calls_file(tmp_path, "mutect2", [call(9, "G", "A", depths="70,30")])
    two = calls_file(tmp_path, "vardict", [call(9, "G", "A", depths="66,34")])
    merged(tmp_path, [one, two])
    with open_vcf(tmp_path / "merged.vcf") as source:
        assert dialect_of(source.header) == "ensemble"
        reader = CallReader(source.header, assign_roles(source.header))
        (variant,) = reader(next(iter(source)))
    assert variant.callers == ("mutect2", "vardict")
    assert (variant.tumor.depth, variant.tumor.alt_depth, variant.tumor.vaf) == (100, 30, 0.3)
    assert variant.normal is not None
    assert variant.normal.alt_depth == 0
    assert variant.filters == ("PASS",)


@pytest.mark.skipif(shutil.which("bcftools") is None, reason="bcftools is not installed")
def test_bcftools_reads_the_merged_file_without_a_word(tmp_path: Path) -> None:
    one = calls_file(tmp_path, "vardict", [call(9, "GC", "TA", info="ODD=1,2")])
    two = proline(tmp_path, a=".:.", b=".:.")
    merged(tmp_path, [two], sequence=PROLINE, min_callers=1)
    for files, sequence in (([one], SEQUENCE), ([two], PROLINE)):
        merged(tmp_path, files, sequence=sequence)
        path = str(tmp_path / "merged.vcf")
        done = subprocess.run(
            ["bcftools", "view", path], capture_output=True, text=True, check=True
        )
        assert not done.stderr


# What cannot be merged ----------------------------------------------------------------------


def test_ref_that_is_not_the_reference_is_refused(tmp_path: Path) -> None:
    path = calls_file(tmp_path, "mutect2", [call(9, "A", "C")])
    with pytest.raises(ReferenceMismatchError, match=r"mutect2.vcf:11: REF at chr1:9 is A.*G"):
        merged(tmp_path, [path])


def test_bases_where_the_reference_has_none_are_refused(tmp_path: Path) -> None:
    path = calls_file(tmp_path, "mutect2", [call(9, "G", "C")])
    with pytest.raises(ReferenceMismatchError, match="reference holds N"):
        merged(tmp_path, [path], sequence="N" * 40)
    merged(tmp_path, [path], sequence="GATTACAGRCTT")
    masked = calls_file(tmp_path, "mutect2", [call(9, "N", "C")])
    merged(tmp_path, [masked])


def test_unsorted_files_are_refused_with_their_line(tmp_path: Path) -> None:
    path = calls_file(tmp_path, "mutect2", [call(9, "G", "C"), call(2, "A", "C")])
    with pytest.raises(InputError, match=r"mutect2.vcf:12: not sorted: position 2 comes after 9"):
        merged(tmp_path, [path])


def test_a_contig_that_the_reference_lacks_is_refused(tmp_path: Path) -> None:
    path = calls_file(tmp_path, "mutect2", [call(9, "G", "C", contig="chr9")])
    with pytest.raises(ContigMismatchError, match=r"line 11.*no contig 'chr9'"):
        merged(tmp_path, [path])


def test_other_spellings_of_contigs_are_one(tmp_path: Path) -> None:
    one = calls_file(tmp_path, "mutect2", [call(9, "G", "C", contig="1")])
    two = calls_file(tmp_path, "vardict", [call(9, "G", "C")])
    _, found = merged(tmp_path, [one, two])
    assert found["9:G>C"]["FILTER"] == "PASS"


def test_another_build_is_refused(tmp_path: Path) -> None:
    meta = ["##contig=<ID=chr1,length=249250621>"]
    path = calls_file(tmp_path, "mutect2", [], meta=meta)
    fasta = tmp_path / "big.fa"
    fasta.write_text(">chr1\nA\n")
    (tmp_path / "big.fa.fai").write_text("chr1\t248956422\t6\t1\t2\n")
    with pytest.raises(ReferenceMismatchError, match=r"made on GRCh37, big.fa is GRCh38"):
        run_merge([path], reference=fasta)


def test_an_unknown_caller_must_be_named(tmp_path: Path) -> None:
    path = calls_file(tmp_path, "mutect2", [call(9, "G", "C")])
    path.write_text(path.read_text().replace("##source=Mutect2\n", ""))
    with pytest.raises(ParameterError, match="which caller wrote it"):
        merged(tmp_path, [path])
    result = run_merge([], reference=reference(tmp_path), named=[("mine", path)])
    assert result.callers == ("mine",)


@pytest.mark.parametrize("text", ["a=b.vcf", "a:b.vcf"])
def test_callers_are_named_by_equals_or_colon(text: str) -> None:
    assert caller_file(text) == ("a", Path("b.vcf"))
    with pytest.raises(ParameterError, match="NAME=FILE"):
        caller_file("b.vcf")


def test_sample_names_of_different_patients_are_told(tmp_path: Path) -> None:
    one = calls_file(tmp_path, "mutect2", [call(9, "G", "C")], samples="P1_N\tP1_T")
    two = calls_file(tmp_path, "vardict", [call(9, "G", "C")], samples="P2_N\tP2_T")
    three = calls_file(tmp_path, "lofreq", [call(9, "G", "C")])
    result, _ = merged(tmp_path, [one, two])
    assert any("different patients: P1_T, P2_T" in note for note in result.notes)
    result, _ = merged(tmp_path, [one, three])
    assert not any("different patients" in note for note in result.notes)
    with pytest.raises(SampleNotFoundError):
        run_merge([one], reference=reference(tmp_path), tumor="P3_T")


def test_priority_names_a_caller_that_is_there(tmp_path: Path) -> None:
    path = calls_file(tmp_path, "mutect2", [])
    with pytest.raises(ParameterError, match="no caller 'mutect'"):
        merged(tmp_path, [path], priority="mutect")


def test_the_output_is_no_input_and_no_file_comes_twice(tmp_path: Path) -> None:
    path = calls_file(tmp_path, "mutect2", [])
    fasta = reference(tmp_path)
    with pytest.raises(ParameterError, match="the output is an input"):
        run_merge([path], reference=fasta, output=path)
    with pytest.raises(ParameterError, match="given twice"):
        run_merge([path, path], reference=fasta)
    with pytest.raises(ParameterError, match="no calls"):
        run_merge([], reference=fasta, params=MergeParams())
