"""What a variant does to the invented transcripts, in the words of Sequence Ontology and HGVS."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from tumorkit.simulate.nouns import Sequence, Transcript, letters, reverse_complement
from tumorkit.simulate.reference import coding_codes, coding_positions

AMINO = "KNKNTTTTRSRSIIMIQHQHPPPPRRRRLLLLEDEDAAAAGGGGVVVV*Y*YSSSS*CWCLFLF"
THREE = dict(
    zip(
        "ACDEFGHIKLMNPQRSTVWY*",
        # One-letter codes in alphabetical order, then the stop.
        re.findall("...", "AlaCysAspGluPheGlyHisIleLysLeuMetAsnProGlnArgSerThrValTrpTyrTer"),
        strict=True,
    )
)
# Worst first, as annotation tools rank them.
SEVERITY = {
    "splice_acceptor_variant": "HIGH",
    "splice_donor_variant": "HIGH",
    "stop_gained": "HIGH",
    "frameshift_variant": "HIGH",
    "stop_lost": "HIGH",
    "start_lost": "HIGH",
    "inframe_insertion": "MODERATE",
    "inframe_deletion": "MODERATE",
    "missense_variant": "MODERATE",
    "splice_region_variant": "LOW",
    "stop_retained_variant": "LOW",
    "synonymous_variant": "LOW",
    "intron_variant": "MODIFIER",
    "intergenic_variant": "MODIFIER",
}


@dataclass(frozen=True, kw_only=True)
class Effect:
    """One variant on one transcript; empty fields where nothing can be said."""

    terms: tuple[str, ...]
    transcript: Transcript | None = None
    exon: str = ""
    intron: str = ""
    hgvsc: str = ""
    hgvsp: str = ""
    cds_position: str = ""
    protein_position: str = ""
    amino_acids: str = ""
    codons: str = ""

    @property
    def impact(self) -> str:
        """Impact of the worst term."""
        return SEVERITY[self.terms[0]]

    @property
    def coding(self) -> bool:
        """Whether the coding sequence or a splice site changes."""
        return self.terms[0] not in ("intron_variant", "intergenic_variant") and not (
            self.terms[0] == "splice_region_variant" and "intron_variant" in self.terms
        )


INTERGENIC = Effect(terms=("intergenic_variant",))


def translate(cds: str) -> str:
    """Return the protein of a coding sequence; an incomplete last codon is left out.

    >>> translate("ATGGGATAAC")
    'MG*'
    """
    codes = ["ACGT".index(base) for base in cds]
    whole = len(codes) // 3 * 3
    return "".join(
        AMINO[16 * codes[i] + 4 * codes[i + 1] + codes[i + 2]] for i in range(0, whole, 3)
    )


class Annotator:
    """Finds the transcript of a variant and says what happens to it."""

    def __init__(self, sequence: Sequence, transcripts: tuple[Transcript, ...]) -> None:
        self._by_contig: dict[str, list[Transcript]] = {}
        for transcript in transcripts:
            self._by_contig.setdefault(transcript.contig, []).append(transcript)
        self._sequence = sequence
        self._cds: dict[str, tuple[str, dict[int, int]]] = {}

    def effect(self, contig: str, pos: int, ref: str, alt: str) -> Effect:
        """Return the effect of an allele; ``pos`` is 1-based and indels have an anchor base."""
        first = pos - 1 if len(ref) == len(alt) else pos
        for transcript in self._by_contig.get(contig, ()):
            low, high = transcript.exons[0][0], transcript.exons[-1][1]
            if low <= first < high:
                if len(ref) == len(alt):
                    return self._substitution(transcript, first, ref, alt)
                return self._indel(transcript, pos, ref, alt)
        return INTERGENIC

    def _coding(self, transcript: Transcript) -> tuple[str, dict[int, int]]:
        if transcript.name not in self._cds:
            positions = coding_positions(transcript)
            index = {int(p): i for i, p in enumerate(positions)}
            self._cds[transcript.name] = letters(coding_codes(self._sequence, transcript)), index
        return self._cds[transcript.name]

    def _substitution(self, transcript: Transcript, at: int, ref: str, alt: str) -> Effect:
        cds, index = self._coding(transcript)
        if transcript.strand == "-":
            ref, alt = reverse_complement(ref), reverse_complement(alt)
        if at not in index:
            return intronic(transcript, at, f"{ref}>{alt}", index)
        i = index[at]
        changed = cds[:i] + alt + cds[i + 1 :]
        codon = i // 3
        before, after = translate(cds[3 * codon :][:3]), translate(changed[3 * codon :][:3])
        terms = [substitution_term(codon, before, after)]
        if near_splice_site(transcript, at):
            terms.append("splice_region_variant")
        mark = [c.lower() for c in cds[3 * codon : 3 * codon + 3]]
        new = list(mark)
        mark[i % 3], new[i % 3] = ref, alt
        number = codon + 1
        return Effect(
            terms=ranked(terms),
            transcript=transcript,
            exon=exon_number(transcript, at),
            hgvsc=f"{transcript.name}:c.{i + 1}{ref}>{alt}",
            hgvsp=f"{transcript.protein}:p.{protein_substitution(number, before, after)}",
            cds_position=str(i + 1),
            protein_position=str(number),
            amino_acids=before if before == after else f"{before}/{after}",
            codons=f"{''.join(mark)}/{''.join(new)}",
        )

    def _indel(self, transcript: Transcript, pos: int, ref: str, alt: str) -> Effect:
        cds, index = self._coding(transcript)
        removed, added = ref[1:], alt[1:]
        touched = range(pos - 1, pos + len(removed) + 1)
        if not all(position in index for position in touched):
            return boundary(transcript, pos, len(removed), index)
        low = min(index[pos - 1], index[pos + len(removed)]) + 1
        high = low + len(removed)
        if transcript.strand == "-":
            added = reverse_complement(added)
        changed = cds[:low] + added + cds[high:]
        described = describe_cds(cds, low, high, added)
        frame = (len(added) - len(removed)) % 3
        if frame:
            term, protein = "frameshift_variant", protein_frameshift(cds, changed)
        else:
            term = "inframe_insertion" if added else "inframe_deletion"
            protein = protein_inframe(translate(cds), translate(changed))
        return Effect(
            terms=(term,),
            transcript=transcript,
            exon=exon_number(transcript, pos),
            hgvsc=f"{transcript.name}:c.{described}",
            hgvsp=f"{transcript.protein}:p.{protein}" if protein else "",
            cds_position=str(low + 1) if high <= low + 1 else f"{low + 1}-{high}",
            protein_position=str(low // 3 + 1),
        )


def ranked(terms: list[str]) -> tuple[str, ...]:
    """Return terms, worst first."""
    order = list(SEVERITY)
    return tuple(sorted(set(terms), key=order.index))


def substitution_term(codon: int, before: str, after: str) -> str:
    """Return the term of a changed codon."""
    if codon == 0:
        return "start_lost"
    if before == after:
        return "stop_retained_variant" if before == "*" else "synonymous_variant"
    if after == "*":
        return "stop_gained"
    return "stop_lost" if before == "*" else "missense_variant"


def protein_substitution(number: int, before: str, after: str) -> str:
    """Return HGVS of one changed residue.

    >>> protein_substitution(12, "G", "D"), protein_substitution(5, "L", "L")
    ('Gly12Asp', 'Leu5=')
    """
    if number == 1:
        return "Met1?"
    if before == after:
        return f"{THREE[before]}{number}="
    if before == "*":
        return f"Ter{number}{THREE[after]}extTer?"
    return f"{THREE[before]}{number}{THREE[after]}"


def protein_frameshift(cds: str, changed: str) -> str:
    """Return HGVS of a frameshift: first changed residue, distance to the new stop."""
    before, after = translate(cds), translate(changed)
    same = 0
    while same < min(len(before), len(after)) and before[same] == after[same]:
        same += 1
    if same >= len(after):
        return f"{THREE[before[min(same, len(before) - 1)]]}{same + 1}fs"
    stop = after.find("*", same)
    if stop == same:
        return f"{THREE[before[same]]}{same + 1}Ter"
    distance = "?" if stop < 0 else str(stop - same + 1)
    return f"{THREE[before[same]]}{same + 1}{THREE[after[same]]}fsTer{distance}"


def protein_inframe(before: str, after: str) -> str:
    """Return HGVS of whole residues lost, gained or replaced.

    >>> protein_inframe("MAGKL*", "MAKL*"), protein_inframe("MAGKL*", "MAGQKL*")
    ('Gly3del', 'Gly3_Lys4insGln')
    """
    left = 0
    while left < min(len(before), len(after)) and before[left] == after[left]:
        left += 1
    right = 0
    while right < min(len(before), len(after)) - left and before[-1 - right] == after[-1 - right]:
        right += 1
    lost, gained = before[left : len(before) - right], after[left : len(after) - right]
    if not lost and not gained:
        return ""
    first, last = left + 1, left + len(lost)
    new = "".join(THREE[x] for x in gained)
    if not lost:
        if before[left - len(gained) : left] == gained:
            return span(before, left - len(gained) + 1, left) + "dup"
        return f"{THREE[before[left - 1]]}{left}_{THREE[before[left]]}{left + 1}ins{new}"
    return span(before, first, last) + (f"delins{new}" if gained else "del")


def span(protein: str, first: int, last: int) -> str:
    """Return residues ``first`` to ``last`` (1-based) in HGVS."""
    start = f"{THREE[protein[first - 1]]}{first}"
    return start if first == last else f"{start}_{THREE[protein[last - 1]]}{last}"


def describe_cds(cds: str, low: int, high: int, added: str) -> str:
    """Return HGVS of an indel of the coding sequence, shifted to the 3' end as HGVS asks.

    >>> describe_cds("ATGAAATAG", 3, 4, ""), describe_cds("ATGAAATAG", 3, 3, "A")
    ('6del', '6dup')
    """
    if high > low:
        while high < len(cds) and cds[low] == cds[high]:
            low, high = low + 1, high + 1
        return f"{low + 1}del" if high == low + 1 else f"{low + 1}_{high}del"
    while low < len(cds) and added and cds[low] == added[0]:
        added = added[1:] + added[0]
        low += 1
    if cds[low - len(added) : low] == added:
        first = low - len(added) + 1
        return f"{first}dup" if first == low else f"{first}_{low}dup"
    return f"{low}_{low + 1}ins{added}"


def exon_number(transcript: Transcript, at: int) -> str:
    """Return which exon a position is in, as ``2/6``; empty in an intron."""
    count = len(transcript.exons)
    for number, (start, end) in enumerate(transcript.exons, 1):
        if start <= at < end:
            return f"{number if transcript.strand == '+' else count + 1 - number}/{count}"
    return ""


def near_splice_site(transcript: Transcript, at: int) -> bool:
    """Whether an exonic position is among the three bases next to an intron."""
    last = len(transcript.exons) - 1
    return any(
        start <= at < end and ((i > 0 and at < start + 3) or (i < last and at >= end - 3))
        for i, (start, end) in enumerate(transcript.exons)
    )


def intronic(transcript: Transcript, at: int, change: str, index: dict[int, int]) -> Effect:
    """Return the effect of a substitution between exons."""
    for number in range(len(transcript.exons) - 1):
        left, right = transcript.exons[number][1], transcript.exons[number + 1][0]
        if not left <= at < right:
            continue
        from_left, from_right = at - left + 1, right - at
        near_left = from_left <= from_right
        distance = min(from_left, from_right)
        donor = near_left == (transcript.strand == "+")
        edge = index[left - 1] if near_left else index[right]
        place = f"{edge + 1}{'+' if donor else '-'}{distance}"
        if distance <= 2:
            terms = ["splice_donor_variant" if donor else "splice_acceptor_variant"]
        elif distance <= 8:
            terms = ["splice_region_variant", "intron_variant"]
        else:
            terms = ["intron_variant"]
        count = len(transcript.exons) - 1
        which = number + 1 if transcript.strand == "+" else count - number
        return Effect(
            terms=ranked(terms),
            transcript=transcript,
            intron=f"{which}/{count}",
            hgvsc=f"{transcript.name}:c.{place}{change}",
        )
    return INTERGENIC


def boundary(transcript: Transcript, pos: int, removed: int, index: dict[int, int]) -> Effect:
    """Return the effect of an indel that touches no exon, or an exon's edge."""
    touched = np.arange(pos, pos + max(1, removed))
    inside = [int(p) for p in touched if int(p) in index]
    nearest = min(
        (abs(int(p) - edge) for p in touched for exon in transcript.exons for edge in exon),
        default=99,
    )
    if inside:
        terms = ["splice_region_variant", "frameshift_variant" if removed % 3 else "intron_variant"]
        if removed % 3 == 0:
            terms = ["splice_region_variant", "inframe_deletion"]
    elif nearest <= 8:
        terms = ["splice_region_variant", "intron_variant"]
    else:
        terms = ["intron_variant"]
    return Effect(terms=ranked(terms), transcript=transcript)
