"""Events that several callers saw: joined where they are one, kept with all that was said."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumorkit.cli import run
from tumorkit.contract.result import to_document
from tumorkit.errors import InputError, ReferenceMismatchError
from tumorkit.genome.build import build_named
from tumorkit.genome.structural import Breakpoint, Keeps, Observation, StructuralEvent, event_of
from tumorkit.variants.structural import StructuralParams
from tumorkit.variants.structural.callers import CLASSES, class_of, looks_for
from tumorkit.variants.structural.document import read_import
from tumorkit.variants.structural.merge import apart, merged, pairs, partners, support
from tumorkit.variants.structural.named import DISTANCE, met_splice_variant, named
from tumorkit.variants.structural.run import run_given, run_structural

PARAMS = StructuralParams()
ARRIBA = (
    "#gene1\tgene2\tbreakpoint1\tbreakpoint2\ttype\tdirection1\tdirection2\tsplit_reads1\t"
    "split_reads2\tdiscordant_mates\tconfidence\treading_frame"
)
COLUMNS = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO"


def deletion(start: int = 1_000, length: int = 5_000, **changes: Any) -> StructuralEvent:
    ends = {
        "first": Breakpoint(contig="chr1", pos=start, keeps="before"),
        "second": Breakpoint(contig="chr1", pos=start + length, keeps="after"),
    }
    known = {"kind": "deletion", "caller": "manta", "file": "manta.vcf", "material": "DNA"}
    return StructuralEvent(**{**known, **ends, "length": length, **changes})


def fusion(
    first: str = "EML4", second: str = "ALK", pos: int = 42_295_516, **changes: Any
) -> StructuralEvent:
    known = {"kind": "fusion", "caller": "arriba", "file": "arriba.tsv", "material": "RNA"}
    ends = {
        "first": Breakpoint(contig="chr2", pos=pos, gene=first),
        "second": Breakpoint(contig="2", pos=29_223_528, gene=second),
    }
    return StructuralEvent(**{**known, **ends, **changes})


def observations(events: Sequence[StructuralEvent]) -> Counter[str]:
    """Every observation as text, since its evidence is a mapping."""
    return Counter(str(item) for event in events for item in event.observations)


def test_two_callers_of_one_deletion_are_one_event_with_both_evidences() -> None:
    manta = deletion(split_reads=19, spanning_pairs=4, evidence={"SVTYPE": "BND"})
    delly = deletion(
        1_040, 4_990, caller="delly", file="delly.vcf", split_reads=9, evidence={"PE": "30"}
    )
    (event,) = merged([delly, manta], PARAMS)
    assert event.callers == ("manta", "delly")
    assert [item.evidence for item in event.observations] == [{"SVTYPE": "BND"}, {"PE": "30"}]
    assert [item.first.pos for item in event.observations] == [1_000, 1_040]


@pytest.mark.parametrize(
    "other",
    [
        deletion(1_101),
        deletion(length=5_101),
        deletion(kind="duplication"),
        deletion(first=Breakpoint(contig="chr1", pos=1_000, keeps="after")),
        deletion(first=Breakpoint(contig="chr2", pos=1_000, keeps="before")),
        deletion(material="RNA"),
    ],
    ids=["far", "longer", "another kind", "another side", "another contig", "in RNA"],
)
def test_other_events_stay_apart(other: StructuralEvent) -> None:
    two = [deletion(), replace(other, caller="delly", file="delly.vcf")]
    assert len(merged(two, PARAMS)) == 2
    assert len(merged(two, StructuralParams(merge=False))) == 2


def test_imprecise_breakpoints_may_lie_farther() -> None:
    two = [deletion(), deletion(1_400, caller="delly", file="delly.vcf", imprecise=True)]
    assert len(merged(two, PARAMS)) == 1
    assert not merged(two, PARAMS)[0].imprecise


def test_events_that_one_file_tells_apart_stay_two() -> None:
    assert len(merged([deletion(), deletion(1_020)], PARAMS)) == 2
    near = [deletion(), deletion(1_020), deletion(1_018, caller="delly", file="delly.vcf")]
    assert [set(event.callers) for event in merged(near, PARAMS)] == [{"manta"}, {"manta", "delly"}]


def test_two_internal_duplications_of_other_lengths_are_two_clones() -> None:
    def copied(length: int, caller: str) -> StructuralEvent:
        return deletion(28_034_100, length, kind="duplication", caller=caller, file=caller)

    assert len(merged([copied(30, "scanitd"), copied(33, "pindel")], PARAMS)) == 1
    assert len(merged([copied(30, "scanitd"), copied(51, "pindel")], PARAMS)) == 2


def test_an_insertion_of_what_stands_beside_it_is_the_tandem_duplication() -> None:
    copied = deletion(28_034_100, 51, kind="duplication", caller="scanitd", file="s")
    at = Breakpoint(contig="chr1", pos=28_034_151, keeps="before")
    inserted = deletion(
        kind="insertion", caller="pindel", file="p", length=51, first=at,
        second=replace(at, keeps="after"),
    )  # fmt: skip
    assert len(merged([inserted, copied], PARAMS)) == 1
    assert len(merged([replace(inserted, length=80), copied], PARAMS)) == 2
    far = replace(at, pos=28_034_300)
    assert len(merged([replace(inserted, first=far, second=far), copied], PARAMS)) == 2


def test_splice_forms_of_one_fusion_are_one_event_and_its_reciprocal_another() -> None:
    strong = fusion(confidence="high", split_reads=15, frame="in-frame", frame_source="arriba")
    weak = fusion(pos=42_299_516, confidence="low", frame="out-of-frame")
    star = fusion(caller="star-fusion", file="star.tsv", split_reads=90)
    other = fusion("ALK", "EML4")
    found = merged([weak, other, star, strong], PARAMS)
    assert [len(event.observations) for event in found] == [3, 1]
    assert found[0].callers == ("arriba", "star-fusion")
    assert (found[0].frame, found[0].frame_source) == ("in-frame", "arriba")


def test_the_frame_is_that_of_a_caller_that_knows_it() -> None:
    silent = fusion(confidence="high")
    star = fusion(caller="star-fusion", file="s", frame="in-frame", frame_source="star-fusion")
    (event,) = merged([silent, star], PARAMS)
    assert (event.frame, event.frame_source) == ("in-frame", "star-fusion")


def test_neighbours_of_an_intergenic_partner_are_no_partners() -> None:
    assert partners(fusion("EML4", "ALK")) == ("EML4", "ALK")
    assert partners(fusion("EML4", "TP53(1200),WRAP53(30)")) is None
    assert partners(fusion("MET", "MET")) is None


SEEN = st.builds(
    lambda start, length, caller, kind, reads, imprecise: deletion(
        start, length, kind=kind, caller=caller, file=f"{caller}.vcf", split_reads=reads,
        imprecise=imprecise, id=f"{start}-{length}-{reads}",
    ),
    st.integers(1, 6_000),
    st.sampled_from([30, 33, 60, 900, 1_500, 1_540]),
    st.sampled_from(["manta", "delly", "gridss"]),
    st.sampled_from(["deletion", "duplication", "insertion"]),
    st.integers(0, 3),
    st.booleans(),
)  # fmt: skip
FUSED = st.builds(
    lambda names, pos, caller, word: fusion(
        names[0], names[1], pos, caller=caller, file=caller, confidence=word
    ),
    st.sampled_from([("EML4", "ALK"), ("ALK", "EML4"), ("KIF5B", "ALK"), ("A(3),B(4)", "ALK")]),
    st.integers(42_295_400, 42_295_800),
    st.sampled_from(["arriba", "star-fusion"]),
    st.sampled_from(["high", "low", ""]),
)


@given(st.lists(SEEN | FUSED, max_size=14), st.randoms(use_true_random=False))
def test_nothing_is_lost_and_the_order_of_files_changes_nothing(
    events: list[StructuralEvent], random: Any
) -> None:
    found = merged(events, PARAMS)
    assert observations(found) == observations(events)
    shuffled = random.sample(events, len(events))
    again = merged(shuffled, PARAMS)
    assert sorted(map(str, again)) == sorted(map(str, found))


def all_pairs(
    ranked: Sequence[StructuralEvent], params: StructuralParams
) -> list[tuple[int, int, int]]:
    """The twin: every event is compared with every other one."""
    return [
        (distance, first, second)
        for first, second in combinations(range(len(ranked)), 2)
        if (distance := apart(ranked[first], ranked[second], params)) is not None
    ]


@given(st.lists(SEEN | FUSED, max_size=14))
def test_looking_nearby_finds_what_looking_everywhere_finds(
    events: list[StructuralEvent],
) -> None:
    ranked = sorted(events, key=support)
    assert sorted(pairs(ranked, PARAMS)) == sorted(all_pairs(ranked, PARAMS))


def test_whoever_does_not_look_for_a_class_does_not_answer_it() -> None:
    assert looks_for("arriba") == ("fusions",)
    assert looks_for("manta") == ("fusions", "structural_variants")
    assert looks_for("manta", "internal_tandem_duplications") == CLASSES
    assert looks_for("scanitd", "structural_variants") == ("internal_tandem_duplications",)
    assert looks_for("unknown") == ()
    assert looks_for("unknown", "fusions") == ("fusions",)


def test_classes_of_events() -> None:
    assert class_of(fusion()) == "fusions"
    genes: dict[str, Any] = {
        "first": Breakpoint(contig="chr1", pos=1, gene="LEFT"),
        "second": Breakpoint(contig="chr9", pos=1, gene="RIGHT"),
    }
    assert class_of(deletion(kind="translocation", **genes)) == "fusions"
    assert class_of(deletion()) == "structural_variants"
    assert class_of(deletion(kind="duplication", name="FLT3-ITD")) == "internal_tandem_duplications"
    assert class_of(fusion(name="EGFRvIII")) == "structural_variants"


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(
    ("contig", "low", "high", "name"),
    [
        ("chr7", 116_771_849, 116_771_989, "MET exon 14 skipping"),
        ("chr7", 55_142_286, 55_154_152, "EGFRvIII"),
    ],
)
def test_circular_transcripts_of_the_exons_are_not_their_loss(
    contig: str, low: int, high: int, name: str, turned: bool
) -> None:
    def event(kept: tuple[Keeps, Keeps]) -> StructuralEvent:
        ends = [Breakpoint(contig=contig, pos=pos, keeps=side)
                for pos, side in zip((low, high), kept, strict=True)]  # fmt: skip
        first, second = reversed(ends) if turned else ends
        return deletion(length=high - low, kind="fusion", first=first, second=second)

    assert named(event(("before", "after")), "GRCh38").name == name
    assert named(event(("unknown", "unknown")), "GRCh38").name == name
    assert named(event(("after", "before")), "GRCh38").name == ""


@pytest.mark.parametrize("build", ["GRCh38", "GRCh37"])
@pytest.mark.parametrize(
    ("pos", "ref", "alt", "hit"),
    [
        (116_771_990, "G", "A", True),
        (116_771_991, "T", "C", True),
        (116_771_848, "G", "T", True),
        (116_771_847, "A", "T", True),
        (116_771_985, "ACTTGG", "A", True),
        (116_771_989, "GG", "AA", True),
        (116_771_846, "C", "T", False),
        (116_771_992, "A", "T", False),
        (116_771_989, "G", "A", False),
        (116_771_849, "A", "T", False),
        (116_771_989, "G", "GTT", False),
        (116_771_900, "ACGT", "A", False),
    ],
)
def test_splice_sites_of_met_exon_14(pos: int, ref: str, alt: str, hit: bool, build: str) -> None:
    shift = DISTANCE["MET"] if build == "GRCh37" else 0
    assert met_splice_variant("7", pos - shift, ref, alt, build) is hit
    assert not met_splice_variant("chr8", pos - shift, ref, alt, build)
    assert not met_splice_variant("chr7", pos - shift, ref, alt, "")


def arriba(path: Path, *rows: str) -> Path:
    path.write_text("\n".join([ARRIBA, *rows]) + "\n")
    return path


ALK = (
    "EML4\tALK\t2:42295516\t2:29223528\tinversion\tdownstream\tdownstream\t10\t5\t7\thigh\tin-frame"
)


def vcf(path: Path, *records: str, source: str, samples: str = "") -> Path:
    meta = [f"##source={source}", "##contig=<ID=chr1,length=248956422>"]
    path.write_text("\n".join(["##fileformat=VCFv4.2", *meta, COLUMNS + samples, *records]) + "\n")
    return path


def test_a_caller_that_found_nothing_is_not_a_file_that_says_nothing(tmp_path: Path) -> None:
    none = run_structural([arriba(tmp_path / "none.tsv"), vcf(tmp_path / "m.vcf", source="DRAGEN")])
    assert none.events == ()
    assert [(file.caller, file.material, file.looks_for) for file in none.files] == [
        ("arriba", "RNA", ("fusions",)),
        ("dragen", "DNA", ("fusions", "structural_variants")),
    ]
    (tmp_path / "empty.tsv").write_text("")
    with pytest.raises(InputError, match="is empty: without a header nobody knows"):
        run_structural([tmp_path / "empty.tsv"])


def test_a_damaged_file_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    given = {
        "fusions": [arriba(tmp_path / "a.tsv", ALK), arriba(tmp_path / "b.tsv", "EML4\tALK")],
    }
    found = run_given(given, tolerant=True)
    assert len(found.events) == 1
    (failed,) = found.failed
    assert (failed.name, failed.given_as) == ("b.tsv", "fusions")
    assert failed.reason.startswith("b.tsv:2")
    with pytest.raises(InputError):
        run_given(given)


def test_files_of_two_builds_are_refused(tmp_path: Path) -> None:
    other = vcf(tmp_path / "b.vcf", source="manta")
    other.write_text(other.read_text().replace("248956422", "249250621"))
    with pytest.raises(ReferenceMismatchError):
        run_structural([vcf(tmp_path / "a.vcf", source="manta"), other])


def test_arriba_and_star_fusion_say_which_sides_are_kept(tmp_path: Path) -> None:
    (event,) = run_structural([arriba(tmp_path / "a.tsv", ALK)]).events
    assert (event.first.keeps, event.second.keeps) == ("before", "before")


def test_an_earlier_import_is_a_file_like_others(tmp_path: Path) -> None:
    star = tmp_path / "star.tsv"
    star.write_text(
        "#FusionName\tJunctionReadCount\tSpanningFragCount\tLeftBreakpoint\tRightBreakpoint\n"
        "EML4--ALK\t12\t3\tchr2:42295516:+\tchr2:29223528:-\n"
    )
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    for path, calls in ((first, arriba(tmp_path / "a.tsv", ALK)), (second, star)):
        assert run(["variants", "import", str(calls), "--json", str(path), "-q"]) == 0
    both = run_structural([first, second])
    once = run_structural([tmp_path / "a.tsv", star])
    assert both.events == once.events
    assert both.events[0].callers == ("arriba", "star-fusion")
    assert (both.merged, sum(file.kept for file in both.files)) == (1, 2)
    again = read_import(json.loads(json.dumps(to_document(both))), "x.json")
    assert again.events == both.events
    assert [event_of(item) for item in both.events[0].observations] == list(again.single)
    document = json.loads(first.read_text())
    document["events"][0].pop("first")
    first.write_text(json.dumps(document))
    with pytest.raises(InputError, match="another version"):
        run_structural([first])


def test_what_stands_in_the_normal_alone_is_left_out(tmp_path: Path) -> None:
    head = "\tFORMAT\tTUMOR\tNORMAL"
    row = "chr1\t{}\t.\tA\t<DEL>\t.\tPASS\tSVTYPE=DEL;END=9000;SVMETHOD=DELLY\tDR:DV:RR:RV\t{}\t{}"
    path = vcf(
        tmp_path / "d.vcf",
        row.format(100, "9:0:9:0", "5:5:5:5"),
        row.format(3000, "6:2:6:2", "4:1:4:1"),
        source="delly",
        samples=head,
    )
    result = run_structural([path], build=build_named("GRCh38"))
    (event,) = result.events
    assert (event.vaf, event.normal_vaf) == (0.25, 0.2)
    assert result.files[0].left_out == {"no read of the tumour shows it": 1}


def test_an_observation_is_an_event_of_its_own() -> None:
    own = Observation(kind="fusion", caller="x", first=Breakpoint(contig="1", pos=1),
                      second=Breakpoint(contig="2", pos=1))  # fmt: skip
    assert event_of(own).observations == (own,)


@pytest.mark.shared
def test_real_events_of_three_callers_are_all_there(shared: Path) -> None:
    files = [
        shared / "alignments/manta_hcc1954/somaticSV.vcf.gz",
        shared / "calls/vcf2maf/test_delly.vcf",
        shared / "calls/vcf2maf/test_pindel.vcf",
    ]
    found = run_structural(files, build=build_named("GRCh37"))
    assert [(file.caller, file.read, file.kept) for file in found.files] == [
        ("manta", 6, 3), ("delly", 15, 8), ("pindel", 32, 9)]  # fmt: skip
    for file in found.files:
        assert file.read == file.kept + sum(file.left_out.values())
    # Three other patients: nothing is shared, and nothing is joined.
    assert (len(found.events), found.merged) == (20, 0)
    assert not any(event.name for event in found.events)


@pytest.mark.shared
@pytest.mark.parametrize(
    "name", ["alignments/manta_hcc1954/somaticSV.vcf.gz", "truth/colo829-sv-truth.vcf"]
)
@pytest.mark.parametrize("shift", [0, 40, 101])
def test_real_events_seen_again_nearby_are_joined_one_to_one(
    name: str, shift: int, shared: Path
) -> None:
    events = run_structural([shared / name]).events

    def moved(end: Breakpoint) -> Breakpoint:
        return end if end.pos is None else replace(end, pos=end.pos + shift)

    again = [
        replace(event, first=moved(event.first), second=moved(event.second), caller="second",
                file="second.vcf")
        for event in events
    ]  # fmt: skip
    found = merged([*events, *again], PARAMS)
    assert observations(found) == observations([*events, *again])
    precise = sum(not event.imprecise for event in events)
    joined = sum(len(event.also) for event in found)
    assert joined == len(events) if shift <= 100 else joined <= len(events) - precise
