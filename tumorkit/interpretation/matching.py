"""Whether a table's words for an alteration fit one that was found.

CIViC names simple molecular profiles by gene and variant (its documentation, "Variant name"):
a protein change (V600E), a codon (V600), MUTATION, EXON 19 DELETION, AMPLIFICATION and so on. Words
that are not read here fit nothing, and are counted.
"""

from __future__ import annotations

import math
import re

from tumorkit.interpretation.nouns import Alteration

CHANGED = frozenset(
    [
        "missense_variant", "stop_gained", "frameshift_variant", "splice_donor_variant",
        "splice_acceptor_variant", "start_lost", "stop_lost", "inframe_insertion",
        "inframe_deletion", "protein_altering_variant", "conservative_inframe_insertion",
        "conservative_inframe_deletion", "disruptive_inframe_insertion",
        "disruptive_inframe_deletion", "inframe_altering",
    ]
)  # fmt: skip
NULL = frozenset(
    [
        "stop_gained", "frameshift_variant", "splice_donor_variant", "splice_acceptor_variant",
        "start_lost",
    ]
)  # fmt: skip
IN_FRAME = frozenset(
    [
        "inframe_insertion", "inframe_deletion", "conservative_inframe_insertion",
        "conservative_inframe_deletion", "disruptive_inframe_insertion",
        "disruptive_inframe_deletion", "protein_altering_variant", "inframe_altering",
    ]
)  # fmt: skip
ANY_CHANGE = ("MUTATION",)
NULL_WORDS = (
    "TRUNCATING MUTATION",
    "LOSS-OF-FUNCTION",
    "FRAMESHIFT TRUNCATION",
    "LOSS OF FUNCTION",
)
AMPLIFIED = ("AMPLIFICATION",)
DELETED = ("DELETION", "HOMOZYGOUS DELETION", "COPY NUMBER LOSS")
# States of copy number that are sure enough for the word: copies known, not only a log2 ratio.
AMPLIFIED_STATES = ("amplification",)
DELETED_STATES = ("homozygous deletion",)
_CHANGE = re.compile(
    r"[A-Z*]\d+(?:_[A-Z]\d+)?(?:[A-Z*=]|FS.*|DEL[A-Z]*|DUP|INS[A-Z]+|DELINS[A-Z]+)$"
)
_CODON = re.compile(r"[A-Z]\d+$")
_EXON = re.compile(r"EXON (\d+)(?:-(\d+))? (MUTATION|DELETION|INSERTION|INSERTION/DELETION)$")
_FRAME = re.compile(r"(FS).*")
_RESIDUE = re.compile(r"([A-Z*])(\d+)")


def plain_words(text: str) -> str:
    """Return an alteration's name in capitals, without ``p.`` and what stands in parentheses.

    >>> plain_words("V600E (c.1799T>A)"), plain_words("p.Leu702fs")
    ('V600E', 'LEU702FS')
    """
    return re.sub(r"\s*\([^)]*\)", "", text).strip().upper().removeprefix("P.")


def readable(text: str) -> bool:
    """Whether the words for an alteration can be matched at all.

    >>> [readable(said) for said in ("V600E", "EXON 19 DELETION", "EML4::ALK Fusion")]
    [True, True, False]
    """
    said = plain_words(text)
    listed = said in (*ANY_CHANGE, *NULL_WORDS, *AMPLIFIED, *DELETED)
    return listed or any(form.match(said) for form in (_CHANGE, _CODON, _EXON))


def fits(text: str, found: Alteration) -> str:
    """Return how an alteration fits the words, empty where it does not.

    >>> fits("V600", Alteration(gene="BRAF", protein="V600E", terms=("missense_variant",)))
    'codon'
    """
    said = plain_words(text)
    if found.kind == "copy number":
        amplified = said in AMPLIFIED and found.state in AMPLIFIED_STATES
        deleted = said in DELETED and found.state in DELETED_STATES
        return "copy number" if amplified or deleted else ""
    own = normal(found.protein)
    terms = set(found.terms)
    if own and _CHANGE.match(said):
        return "protein change" if normal(said) == own else ""
    if own and _CODON.match(said):
        residue = _RESIDUE.match(own)
        same = residue is not None and residue.group() == said and bool(terms & CHANGED)
        return "codon" if same else ""
    exon = _EXON.match(said)
    if exon:
        return "exon" if in_exon(exon, found, terms) else ""
    if said in ANY_CHANGE and terms & CHANGED:
        return "any change of the protein"
    return "null variant" if said in NULL_WORDS and terms & NULL else ""


def in_exon(exon: re.Match[str], found: Alteration, terms: set[str]) -> bool:
    """Return whether a variant lies in the exon and is of the kind that the words ask for."""
    first = int(exon.group(1))
    last = int(exon.group(2) or first)
    if found.exon is None or not first <= found.exon <= last:
        return False
    if exon.group(3) == "MUTATION":
        return bool(terms & CHANGED)
    longer = len(found.alt) > len(found.ref)
    shorter = len(found.alt) < len(found.ref)
    wanted = {"DELETION": shorter, "INSERTION": longer, "INSERTION/DELETION": shorter or longer}
    return wanted[exon.group(3)] and bool(terms & IN_FRAME)


def normal(protein: str) -> str:
    """Return a protein change in capitals; of a frame shift only where it begins.

    >>> normal("E1156Gfs*7"), normal("V600E")
    ('E1156FS', 'V600E')
    """
    said = protein.upper().removeprefix("P.")
    found = re.match(r"([A-Z*]\d+)[A-Z]?FS", said)
    return f"{found.group(1)}FS" if found else said


def same_change(change: str, found: Alteration) -> bool:
    """Whether a row of a table names this very change, by protein or by coding name."""
    said = change.strip()
    if found.kind == "copy number":
        return plain_words(said) == found.state.upper()
    if found.protein and normal(plain_words(said)) == normal(found.protein):
        return True
    bare = said.rpartition(":")[2]
    own = found.coding.rpartition(":")[2]
    accession = said.rpartition(":")[0]
    same_transcript = not accession or accession == found.coding.rpartition(":")[0]
    return bool(own) and bare == own and same_transcript


def residue_of(protein: str) -> tuple[str, int] | None:
    """Return the first residue of a change, None where there is none.

    >>> residue_of("R175H"), residue_of("")
    (('R', 175), None)
    """
    found = _RESIDUE.match(protein.upper())
    return (found.group(1), int(found.group(2))) if found else None


def same_site(disease: str, tumor_type: str, synonyms: frozenset[str]) -> bool | None:
    """Return whether evidence speaks of this tumour type; None where no type is known.

    Only equal names and those that the laboratory's table holds equal are the same.
    """
    if not tumor_type:
        return None
    return disease.casefold() == tumor_type.casefold() or disease.casefold() in synonyms


# Composition, polarity and volume of the side chains (Grantham, Science 1974, table 1).
SIDE_CHAINS = {
    "S": (1.42, 9.2, 32), "R": (0.65, 10.5, 124), "L": (0, 4.9, 111), "P": (0.39, 8.0, 32.5),
    "T": (0.71, 8.6, 61), "A": (0, 8.1, 31), "V": (0, 5.9, 84), "G": (0.74, 9.0, 3),
    "I": (0, 5.2, 111), "F": (0, 5.2, 132), "Y": (0.20, 6.2, 136), "C": (2.75, 5.5, 55),
    "H": (0.58, 10.4, 96), "Q": (0.89, 10.5, 85), "N": (1.33, 11.6, 56), "K": (0.33, 11.3, 119),
    "D": (1.38, 13.0, 54), "E": (0.92, 12.3, 83), "M": (0, 5.7, 105), "W": (0.13, 5.4, 170),
}  # fmt: skip
WEIGHTS = (1.833, 0.1018, 0.000399)
SCALE = 50.723
_MISSENSE = re.compile(r"([A-Z])\d+([A-Z])$")


def distance_of(protein: str) -> float | None:
    """Return Grantham's distance of a missense by his formula; None for other changes.

    >>> [round(distance_of(change)) for change in ("R175H", "V600E", "C1W", "L1I")]
    [29, 121, 214, 5]
    """
    found = _MISSENSE.match(protein)
    if not found or not set(found.groups()) <= SIDE_CHAINS.keys():
        return None
    first, second = (SIDE_CHAINS[residue] for residue in found.groups())
    parts = zip(WEIGHTS, first, second, strict=True)
    return SCALE * math.sqrt(sum(weight * (a - b) ** 2 for weight, a, b in parts))
