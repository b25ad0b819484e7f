"""Alleles are moved and cut without changing the sequence that they mean."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumorkit.genome.codons import STANDARD_CODE, genetic_code, translated
from tumorkit.genome.normalization import (
    Allele,
    ReferenceBlocks,
    atoms_of,
    effect,
    joined,
    normalized,
)

BASES = st.text("ACGT", min_size=1, max_size=8)
# Few letters make many repeats, where there is something to move.
SEQUENCES = st.text("AC", min_size=6, max_size=40)


@st.composite
def changes(draw: st.DrawFn) -> tuple[str, Allele]:
    """Draw a reference and an allele of it that is written in any valid way."""
    sequence = draw(SEQUENCES)
    start = draw(st.integers(0, len(sequence) - 1))
    end = draw(st.integers(start + 1, min(len(sequence), start + 8)))
    ref = sequence[start:end]
    alt = draw(st.text("ACG", min_size=1, max_size=8).filter(lambda text: text != ref))
    return sequence, Allele(start + 1, ref, alt)


def with_changes(sequence: str, alleles: tuple[Allele, ...]) -> str:
    """Apply changes to a sequence, last first."""
    for pos, out, put in sorted((effect(one) for one in alleles), reverse=True):
        assert sequence[pos - 1 : pos - 1 + len(out)] == out
        sequence = sequence[: pos - 1] + put + sequence[pos - 1 + len(out) :]
    return sequence


def leftmost(sequence: str, allele: Allele) -> Allele:
    """The slow twin: of all spellings of the changed sequence, the shortest, leftmost one."""
    changed = with_changes(sequence, (allele,))
    size = len(changed) - len(sequence)
    for length in range(1, len(sequence) + 1):
        for start in range(len(sequence) - length + 1):
            put = length + size
            if put < 1:
                continue
            tail = len(sequence) - start - length
            same_end = not tail or sequence[-tail:] == changed[-tail:]
            if sequence[:start] == changed[:start] and same_end:
                ref = sequence[start : start + length]
                return Allele(start + 1, ref, changed[start : start + put])
    raise AssertionError("no spelling")


@given(changes())
def test_left_alignment_is_the_shortest_leftmost_spelling(case: tuple[str, Allele]) -> None:
    sequence, allele = case
    found = normalized("chr1", allele, lambda _c, start, end: sequence[start:end], 1000)
    assert found == leftmost(sequence, allele)


@given(changes(), st.integers(0, 5))
def test_a_bounded_move_means_the_same_and_moves_no_further(
    case: tuple[str, Allele], most: int
) -> None:
    sequence, allele = case
    found = normalized("chr1", allele, lambda _c, start, end: sequence[start:end], most)
    assert with_changes(sequence, (found,)) == with_changes(sequence, (allele,))
    assert found.pos >= allele.pos - most


@given(changes())
def test_atoms_make_the_haplotype_again(case: tuple[str, Allele]) -> None:
    sequence, allele = case

    def fetch(_contig: str, start: int, end: int) -> str:
        return sequence[start:end]

    allele = normalized("chr1", allele, fetch, 1000)
    atoms = atoms_of(allele)
    assert atoms
    assert with_changes(sequence, atoms) == with_changes(sequence, (allele,))
    whole = joined("chr1", atoms, fetch)
    assert whole is not None
    assert normalized("chr1", whole, fetch, 1000) == allele


@given(BASES, BASES)
def test_atoms_are_no_longer_compound(ref: str, alt: str) -> None:
    if ref != alt:
        for atom in atoms_of(Allele(1, ref, alt)):
            if len(ref) == len(alt):
                assert len(atom.ref) == len(atom.alt) == 1


def test_a_replacement_by_something_else_stays_whole() -> None:
    allele = Allele(1, "A" * 12, "C" * 12)
    assert atoms_of(allele) == (allele,)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (Allele(2, "A", "C"), Allele(2, "A", "G")),
        (Allele(2, "AT", "A"), Allele(3, "T", "G")),
        (Allele(2, "A", "AG"), Allele(2, "A", "AC")),
    ],
)
def test_changes_of_the_same_base_make_no_haplotype(one: Allele, two: Allele) -> None:
    assert joined("chr1", [one, two], lambda _c, start, end: "GATTACA"[start:end]) is None


@given(st.integers(0, 30), st.integers(0, 30), st.integers(1, 9))
def test_blocks_give_what_the_reference_gives(start: int, length: int, size: int) -> None:
    sequence = "GATTACACATTAGCCATGACA"
    blocks = ReferenceBlocks(lambda _c, first, last: sequence[first:last], size)
    if length:
        assert blocks("chr1", start, start + length) == sequence[start : start + length]


def test_codes_have_their_stops() -> None:
    assert {codon for codon, acid in STANDARD_CODE.items() if acid == "*"} == {"TAA", "TAG", "TGA"}
    mitochondrial = {codon for codon, acid in genetic_code("chrM").items() if acid == "*"}
    assert mitochondrial == {"TAA", "TAG", "AGA", "AGG"}
    assert translated("ATATGA", "MT") == "MW"
