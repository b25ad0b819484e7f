from __future__ import annotations

import numpy as np
import pytest

from tumorkit.simulate.consequence import Annotator, describe_cds, protein_inframe, translate
from tumorkit.simulate.nouns import (
    Case,
    Island,
    Sequence,
    Transcript,
    codes_of,
    reverse_complement,
)

LEFT = "CCCCCCCCCCCCCCCCCCCC"
EXON_1 = "ATGGGATCCAAACTG"  # M G S K L
INTRON = "GTAAGTCCCCCCCCCCCCAG"
EXON_2 = "TGGGAATTTTAA"  # W E F *


def demo(strand: str) -> Annotator:
    text = LEFT + EXON_1 + INTRON + EXON_2 + LEFT
    exons = ((20, 35), (55, 67))
    if strand == "-":
        text = reverse_complement(text)
        size = len(text)
        exons = ((size - 67, size - 55), (size - 35, size - 20))
    island = Island(contig="chr1", start=0, end=len(text), targets=())
    transcript = Transcript(
        gene="DEMO",
        name="TKT1.1",
        protein="TKP1.1",
        contig="chr1",
        strand="+" if strand == "+" else "-",
        exons=exons,
    )
    return Annotator(Sequence((island,), (codes_of(text),)), (transcript,))


FORWARD = demo("+")


@pytest.mark.parametrize(
    ("pos", "ref", "alt", "terms", "hgvsc", "hgvsp"),
    [
        (24, "G", "C", ("missense_variant",), "c.4G>C", "p.Gly2Arg"),
        (26, "A", "T", ("synonymous_variant",), "c.6A>T", "p.Gly2="),
        (24, "G", "T", ("stop_gained",), "c.4G>T", "p.Gly2Ter"),
        (21, "A", "G", ("start_lost",), "c.1A>G", "p.Met1?"),
        (66, "A", "C", ("stop_lost",), "c.26A>C", "p.Ter9SerextTer?"),
        (36, "G", "A", ("splice_donor_variant",), "c.15+1G>A", ""),
        (55, "G", "A", ("splice_acceptor_variant",), "c.16-1G>A", ""),
        (40, "G", "A", ("splice_region_variant", "intron_variant"), "c.15+5G>A", ""),
        (45, "C", "A", ("intron_variant",), "c.15+10C>A", ""),
        (35, "G", "A", ("splice_region_variant", "synonymous_variant"), "c.15G>A", "p.Leu5="),
        (29, "CA", "C", ("frameshift_variant",), "c.12del", "p.Lys4AsnfsTer?"),
        (29, "CAAA", "C", ("inframe_deletion",), "c.10_12del", "p.Lys4del"),
        (29, "C", "CAAA", ("inframe_insertion",), "c.10_12dup", "p.Lys4dup"),
        (5, "C", "A", ("intergenic_variant",), "", ""),
    ],
)
def test_effects_of_a_transcript_read_by_hand(
    pos: int, ref: str, alt: str, terms: tuple[str, ...], hgvsc: str, hgvsp: str
) -> None:
    effect = FORWARD.effect("chr1", pos, ref, alt)
    assert effect.terms == terms
    assert effect.hgvsc == (f"TKT1.1:{hgvsc}" if hgvsc else "")
    assert effect.hgvsp == (f"TKP1.1:{hgvsp}" if hgvsp else "")


def test_a_gene_on_the_other_strand_has_the_same_effects() -> None:
    backward = demo("-")
    size = len(LEFT + EXON_1 + INTRON + EXON_2 + LEFT)
    text = LEFT + EXON_1 + INTRON + EXON_2 + LEFT
    for pos in range(21, 68):
        ref = text[pos - 1]
        alt = "ACGT"[("ACGT".index(ref) + 1) % 4]
        one = FORWARD.effect("chr1", pos, ref, alt)
        other = backward.effect(
            "chr1", size + 1 - pos, reverse_complement(ref), reverse_complement(alt)
        )
        assert (one.terms, one.hgvsc, one.hgvsp) == (other.terms, other.hgvsc, other.hgvsp)


def test_synonymous_means_that_the_protein_stays(small_case: Case) -> None:
    annotator = Annotator(small_case.sequence, small_case.panel.transcripts)
    rng = np.random.default_rng(1)
    transcript = small_case.panel.transcripts[0]
    start, end = transcript.exons[0]
    before = "".join(small_case.sequence.text(transcript.contig, a, b) for a, b in transcript.exons)
    for place in rng.integers(start + 3, end - 3, size=60).tolist():
        ref = small_case.sequence.text(transcript.contig, place, place + 1)
        alt = "ACGT"[("ACGT".index(ref) + int(rng.integers(1, 4))) % 4]
        after = before[: place - start] + alt + before[place - start + 1 :]
        if transcript.strand == "-":
            same = translate(reverse_complement(before)) == translate(reverse_complement(after))
        else:
            same = translate(before) == translate(after)
        terms = annotator.effect(transcript.contig, place + 1, ref, alt).terms
        assert same == bool({"synonymous_variant", "stop_retained_variant"} & set(terms))


def test_indels_of_a_repeat_are_named_at_its_3_prime_end() -> None:
    for at in range(3, 8):
        assert describe_cds("ATGAAAAATAG", at, at + 1, "") == "8del"
        assert describe_cds("ATGAAAAATAG", at, at, "A") == "8dup"


def test_a_residue_replaced_by_two_is_a_delins() -> None:
    assert protein_inframe("MAGKL*", "MAPPKL*") == "Gly3delinsProPro"
