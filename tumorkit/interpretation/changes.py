"""Changes of proteins and coding sequences as tables write them, and how far two are alike."""

from __future__ import annotations

import math
import re
from functools import lru_cache

from tumorkit.interpretation.nouns import Alteration

AMINO_ACIDS = {
    "Ala": "A", "Arg": "R", "Asn": "N", "Asp": "D", "Cys": "C", "Glu": "E", "Gln": "Q",
    "Gly": "G", "His": "H", "Ile": "I", "Leu": "L", "Lys": "K", "Met": "M", "Phe": "F",
    "Pro": "P", "Ser": "S", "Thr": "T", "Trp": "W", "Tyr": "Y", "Val": "V", "Ter": "*",
    "Sec": "U",
}  # fmt: skip
_RESIDUES = re.compile("|".join(AMINO_ACIDS))
IN_FRAME = frozenset(
    [
        "inframe_insertion", "inframe_deletion", "conservative_inframe_insertion",
        "conservative_inframe_deletion", "disruptive_inframe_insertion",
        "disruptive_inframe_deletion", "protein_altering_variant", "inframe_altering",
    ]
)  # fmt: skip
SPLICE = frozenset(["splice_donor_variant", "splice_acceptor_variant"])
NULL = frozenset(["stop_gained", "frameshift_variant", "start_lost"]) | SPLICE
CHANGED = NULL | IN_FRAME | {"missense_variant", "stop_lost"}
_RESIDUE = re.compile(r"([A-Z*])(\d+)")
_SPAN = re.compile(r"[A-Z*](\d+)(?:_[A-Z*](\d+))?")
_FRAME = re.compile(r"([A-Z*]\d+)[A-Z]?FS")
_DELETED = re.compile(r"(DEL)(?!INS)[A-Z]+$")
_CODING = re.compile(r"(?:^|[(\s:])(C\.[^\s)]+)")


@lru_cache(maxsize=65536)
def one_letter(hgvsp: str) -> str:
    """Return a protein change with one-letter residues, without accession and ``p.``.

    >>> one_letter("NP_004324.2:p.Val600Glu"), one_letter("p.Q61="), one_letter("")
    ('V600E', 'Q61=', '')
    """
    bare = hgvsp.rpartition(":")[2].replace("%3D", "=").removeprefix("p.").strip("()")
    return _RESIDUES.sub(lambda found: AMINO_ACIDS[found.group()], bare)


@lru_cache(maxsize=65536)
def plain_words(text: str) -> str:
    """Return an alteration's name in capitals, without ``p.`` and a parenthesis that follows it.

    >>> plain_words("V600E (c.1799T>A)"), plain_words("p.Leu702fs"), plain_words("(A or B) Gain")
    ('V600E', 'L702FS', '(A OR B) GAIN')
    """
    bare = re.sub(r"(?<=\S)\s*\([^)]*\)", "", text).strip()
    if bare.lower().startswith("p."):
        bare = one_letter(f"p.{bare[2:]}")
    return " ".join(bare.upper().split())


def coding_in(text: str) -> str:
    """Return the coding change that a name holds, empty where it has none.

    >>> coding_in("S65W (c.194C>G)"), coding_in("Splice Site (c.340+1G>A)"), coding_in("V600E")
    ('C.194C>G', 'C.340+1G>A', '')
    """
    found = _CODING.search(text.upper())
    return found.group(1) if found else ""


@lru_cache(maxsize=65536)
def normal(protein: str) -> str:
    """Return a protein change in capitals as names write it.

    A frame shift counts by where it begins, a lost stop likewise, and residues behind ``del`` are
    left out, as HGVS recommends.

    >>> [normal(said) for said in ("E1156Gfs*7", "V600E", "E746_A750delELREA", "*214Cext*14")]
    ['E1156FS', 'V600E', 'E746_A750DEL', '*214C']
    """
    said = protein.upper().removeprefix("P.")
    found = _FRAME.match(said)
    if found:
        return f"{found.group(1)}FS"
    return _DELETED.sub(r"\1", re.sub(r"EXT.*$", "", said))


def same_change(change: str, found: Alteration) -> bool:
    """Whether a row of a table names this very change, by protein, by coding name or by state."""
    said = change.strip()
    if found.kind != "variant":
        return plain_words(said) in {found.state.upper(), "::".join(found.genes).upper() or "-"}
    words = plain_words(said)
    if found.protein and normal(words) == normal(found.protein):
        own, told = found.coding.rpartition(":")[2].upper(), coding_in(said)
        # Two frame shifts that begin at one residue need not be the same change.
        return not (told and own and "FS" in normal(words) and told != own)
    bare = said.rpartition(":")[2]
    own = found.coding.rpartition(":")[2]
    accession = said.rpartition(":")[0]
    same_transcript = not accession or accession == found.coding.rpartition(":")[0]
    if bool(own) and bare == own and same_transcript:
        return True
    return bool(found.promoter) and words == found.promoter


def residue_of(protein: str) -> tuple[str, int] | None:
    """Return the first residue of a change, None where there is none.

    >>> residue_of("R175H"), residue_of("")
    (('R', 175), None)
    """
    found = _RESIDUE.match(protein.upper())
    return (found.group(1), int(found.group(2))) if found else None


def span_of(protein: str) -> tuple[int, int] | None:
    """Return the first and the last residue of a change.

    >>> span_of("E746_A750del"), span_of("V600E"), span_of("")
    ((746, 750), (600, 600), None)
    """
    found = _SPAN.match(protein.upper())
    return (int(found.group(1)), int(found.group(2) or found.group(1))) if found else None


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
