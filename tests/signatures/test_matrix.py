"""Counting by class: every variant ends in one class, or is left out with a reason."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.signatures import slow
from tests.signatures.slow import Text
from tumorkit.genome.channels import CHANNELS, DBS78, ID83, SBS96, channel_named
from tumorkit.signatures.matrix import Calls, Classified, MatrixParams, classify
from tumorkit.signatures.matrix.indels import indel_class

Allele = tuple[str, int, str, str]


def counted(
    alleles: list[Allele], reference: Text, params: MatrixParams | None = None
) -> Classified:
    calls = Calls(sample="one")
    for contig, pos, ref, alt in alleles:
        calls.add(contig, pos, ref, alt)
    return classify(calls, reference, params)


def classes(found: Classified) -> Counter[str]:
    return Counter(
        {
            name: int(count)
            for kind, names in CHANNELS.items()
            for name, count in zip(names, found.spectra[kind], strict=True)
            if count
        }
    )


def reasons(found: Classified) -> list[str]:
    return [row.reason for row in found.left_out]


def test_channels_are_as_many_as_their_names_say() -> None:
    assert (len(set(SBS96)), len(set(DBS78)), len(set(ID83))) == (96, 78, 83)
    for kind, names in CHANNELS.items():
        assert [channel_named(name) for name in names] == [(kind, name) for name in names]


@pytest.mark.parametrize(("channel"), SBS96)
def test_every_substitution_is_one_class_on_both_strands(channel: str) -> None:
    left, ref, alt, right = channel[0], channel[2], channel[4], channel[6]
    text = f"A{left}{ref}{right}A"
    forward = counted([("c", 3, ref, alt)], Text(c=text))
    backward = counted([("c", 3, slow.PAIR[ref], slow.PAIR[alt])], Text(c=slow.other_strand(text)))
    assert classes(forward) == classes(backward) == {channel: 1}


@pytest.mark.parametrize("channel", DBS78)
def test_every_doublet_from_one_record_or_two(channel: str) -> None:
    ref, alt = channel.split(">")
    reference = Text(c=f"AG{ref}GA")
    one = counted([("c", 3, ref, alt)], reference)
    two = counted([("c", 3, ref[0], alt[0]), ("c", 4, ref[1], alt[1])], reference)
    assert classes(one) == classes(two) == {channel: 1}
    assert one.counts.counted["DBS78"] == 1
    assert two.counts.counted["DBS78"] == 2
    assert two.counts.joined_doublets == 1
    other = counted(
        [("c", 3, slow.other_strand(ref), slow.other_strand(alt))],
        Text(c=slow.other_strand(f"AG{ref}GA")),
    )
    assert classes(other) == {channel: 1}


def events() -> list[tuple[str, str, str, str, bool]]:
    """Every class with an event that belongs to it: channel, unit, left, right, deletion."""
    found = []
    units = {1: "", 2: "CA", 3: "CAG", 4: "CATG", 5: "CATGA"}
    for channel in ID83:
        size, what, kind, k = channel.split(":")
        number = int(k)
        unit = kind if size == "1" else units[int(size)]
        if kind == "M":
            right = unit[:number] + ("G" if unit[number : number + 1] != "G" else "T")
            if size == "5" and number == 5:
                unit, right = "CATGAT", "CATGAG"
        else:
            right = unit * number + ("G" if kind == "T" else "T")
        found.append(
            (channel, unit, "TTGG" if unit[-1] not in "CG" else "GGTT", right, what == "Del")
        )
    return found


@pytest.mark.parametrize(("channel", "unit", "left", "right", "deletion"), events())
def test_every_class_of_insertions_and_deletions(
    channel: str, unit: str, left: str, right: str, deletion: bool
) -> None:
    assert indel_class(unit, left, right, deletion=deletion) == channel
    text = f"{left}{unit}{right}" if deletion else f"{left}{right}"
    anchor = left[-1]
    allele = ("c", len(left), anchor + unit, anchor) if deletion else (
        "c", len(left), anchor, anchor + unit
    )  # fmt: skip
    found = counted([allele], Text(c=text + "TTTT" if right[-1] != "T" else text + "GGGG"))
    assert classes(found) == {channel: 1}


def test_long_homopolymers_are_capped() -> None:
    reference = Text(c="GC" + "A" * 200 + "GC")
    found = counted([("c", 2, "CA", "C"), ("c", 2, "C", "CA")], reference)
    assert classes(found) == {"1:Del:T:5": 1, "1:Ins:T:5": 1}
    # The same events as a caller that aligns right writes them.
    right = counted([("c", 201, "AA", "A"), ("c", 201, "A", "AA")], reference)
    assert classes(right) == classes(found)


@settings(max_examples=200, deadline=None)
@given(
    st.text("AC", min_size=6, max_size=24), st.integers(0, 20), st.integers(1, 6), st.booleans(),
    st.data(),
)  # fmt: skip
def test_indels_agree_with_the_slow_twin(
    middle: str, at: int, size: int, deletion: bool, data: st.DataObject
) -> None:
    text = "GT" + middle + "TG"
    pos = 2 + at % (len(middle) - 1)
    if deletion:
        ref = text[pos - 1 : pos + min(size, len(text) - pos - 1)]
        alt = ref[0]
        if len(ref) < 2:
            return
    else:
        ref = text[pos - 1]
        alt = ref + data.draw(st.text("AC", min_size=size, max_size=size))
    padded = "GTGTCCGGAATTGCGC" + text + "GCGCTTAAGGCCTGTG"
    found = counted([("c", pos + 16, ref, alt)], Text(c=padded))
    assert classes(found) == {slow.indel(padded, pos + 16, ref, alt): 1}


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_substitutions_agree_with_the_slow_twin(seed: int) -> None:
    rng = np.random.default_rng(seed)
    text = "".join(rng.choice(list("ACGT"), 120))
    places = np.sort(rng.choice(np.arange(1, 119), 30, replace=False)).tolist()
    alleles = []
    for at in places:
        alt = rng.choice([base for base in "ACGT" if base != text[at]])
        alleles.append(("c", at + 1, text[at], str(alt)))
    expected: Counter[str] = Counter()
    chains = 0
    group: list[Allele] = []
    for allele in [*alleles, ("c", 10**6, "A", "C")]:
        if group and allele[1] != group[-1][1] + 1:
            if len(group) == 1:
                expected[slow.substitution(text, group[0][1] - 1, group[0][3])] += 1
            elif len(group) == 2:
                pair = [f"{group[0][k]}{group[1][k]}" for k in (2, 3)]
                expected[slow.doublet_class(pair[0], pair[1])] += 1
            else:
                chains += len(group)
            group = []
        group.append(allele)
    shuffled = [alleles[k] for k in rng.permutation(len(alleles))]
    found = counted(alleles, Text(c=text))
    assert classes(found) == expected
    assert classes(counted(shuffled, Text(c=text))) == expected
    assert reasons(found) == ["run of three or more substitutions"] * chains
    assert found.counts.variants == sum(found.counts.counted.values()) + len(found.left_out)


def test_runs_of_three_are_left_out_and_broken_ones_are_single() -> None:
    reference = Text(c="GACGTACGTA")
    assert reasons(counted([("c", 3, "CGT", "TAC")], reference)) == [
        "run of three or more substitutions"
    ]
    # The middle base of the record is unchanged: two single substitutions.
    found = counted([("c", 3, "CGT", "TGA")], reference)
    assert classes(found) == {"A[C>T]G": 1, "G[T>A]A": 1}
    assert found.counts.counted["SBS96"] == 1


def test_neighbours_on_different_haplotypes_are_no_doublet() -> None:
    calls = Calls(sample="one")
    calls.add("c", 3, "C", "T", phase="9:0|1")
    calls.add("c", 4, "G", "A", phase="9:1|0")
    assert classify(calls, Text(c="GACGTA")).counts.counted == {"SBS96": 2, "DBS78": 0, "ID83": 0}
    calls.phase[1] = "9:0|1"
    assert classify(calls, Text(c="GACGTA")).counts.counted["DBS78"] == 2
    calls.phase[:] = ["", ""]
    assert classify(calls, Text(c="GACGTA")).counts.counted["DBS78"] == 2
    strict = MatrixParams(require_phase=True)
    assert classify(calls, Text(c="GACGTA"), strict).counts.counted["DBS78"] == 0


def test_two_alternatives_at_a_place_join_no_neighbour() -> None:
    alleles = [("c", 3, "C", "T"), ("c", 3, "C", "A"), ("c", 4, "G", "A")]
    assert counted(alleles, Text(c="GACGTA")).counts.counted["SBS96"] == 3


def test_weights_make_fractions() -> None:
    calls = Calls(sample="one")
    calls.add("c", 3, "C", "T", weight=0.25)
    calls.add("c", 7, "C", "T", weight=0.5)
    calls.add("c", 8, "G", "A", weight=0.75)
    found = classify(calls, Text(c="GACTTACGTA"))
    assert found.counts.mutations == {"SBS96": 0.25, "DBS78": 0.5, "ID83": 0.0}


@pytest.mark.parametrize(
    ("allele", "reason"),
    [
        (("c", 1, "G", "A"), "at the end of the contig"),
        (("c", 10, "A", "C"), "at the end of the contig"),
        (("c", 9, "TA", "T"), "at the end of the contig"),
        (("c", 4, "G", "A"), "unknown base (N) in the reference"),
        (("c", 5, "A", "C"), "unknown base (N) in the reference"),
        (("c", 5, "NC", "N"), "unknown base (N) in the reference"),
        (("c", 2, "C", "T"), "REF differs from the reference"),
        (("c", 11, "C", "T"), "REF differs from the reference"),
        (("c", 2, "AT", "A"), "REF differs from the reference"),
        (("c", 2, "AC", "TGG"), "complex: bases lost and gained"),
        (("c", 2, "A", "<DEL>"), "symbolic or no alternative"),
        (("c", 2, "A", "*"), "symbolic or no alternative"),
        (("c", 2, "A", "A]c:9]"), "symbolic or no alternative"),
        (("c", 2, "A", "R"), "allele with other letters than ACGT"),
        (("c", 2, "A", "A"), "alternative equals reference"),
        (("x", 2, "A", "C"), "contig not in the reference"),
    ],
)
def test_what_has_no_class_is_left_out_with_a_reason(allele: Allele, reason: str) -> None:
    found = counted([allele], Text(c="GACGNCGTTA"))
    assert reasons(found) == [reason]
    assert not classes(found)


def test_a_variant_listed_twice_counts_once() -> None:
    found = counted([("c", 3, "C", "T")] * 2, Text(c="GACGTA"))
    assert classes(found) == {"A[C>T]G": 1}
    assert reasons(found) == ["listed twice"]


def test_padded_alleles_and_those_of_maf_are_read_alike() -> None:
    reference = Text(c="GACGTTTACA")
    plain = counted([("c", 4, "GT", "G"), ("c", 8, "A", "AG")], reference)
    padded = counted([("c", 3, "CGTT", "CGT"), ("c", 8, "AC", "AGC")], reference)
    maf = counted([("c", 4, "NT", "N"), ("c", 8, "N", "NG")], reference)
    assert classes(plain) == classes(padded) == classes(maf)


def test_the_first_mismatches_are_named() -> None:
    found = counted([("c", at, "A", "C") for at in range(2, 9)], Text(c="G" * 10))
    assert len(found.counts.mismatches) == 5
    assert found.counts.mismatches[0] == "c:2 A, the reference has G"


def test_an_empty_sample_is_counted_as_nothing() -> None:
    found = counted([], Text(c="ACGT"))
    assert found.counts.variants == 0
    assert not classes(found)
