"""The genetic code: standard and vertebrate mitochondrial.

Source: NCBI, The Genetic Codes, tables 1 and 2.
"""

from __future__ import annotations

from itertools import product

from tumorkit.genome.contigs import standard

STOP = "*"
_ORDER = ("".join(bases) for bases in product("TCAG", repeat=3))
_STANDARD = "FFLLSSSSYY**CC*WLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG"
STANDARD_CODE = dict(zip(_ORDER, _STANDARD, strict=True))
# Vertebrate mitochondria read four codons otherwise.
MITOCHONDRIAL_CODE = {**STANDARD_CODE, "AGA": STOP, "AGG": STOP, "ATA": "M", "TGA": "W"}
THREE_LETTERS = {
    "A": "Ala", "R": "Arg", "N": "Asn", "D": "Asp", "C": "Cys", "Q": "Gln", "E": "Glu",
    "G": "Gly", "H": "His", "I": "Ile", "L": "Leu", "K": "Lys", "M": "Met", "F": "Phe",
    "P": "Pro", "S": "Ser", "T": "Thr", "W": "Trp", "Y": "Tyr", "V": "Val", STOP: "Ter",
}  # fmt: skip


def genetic_code(contig: str) -> dict[str, str]:
    """Return the amino acid of each codon as a contig's genes are read.

    >>> genetic_code("chr7")["TGA"], genetic_code("MT")["TGA"]
    ('*', 'W')
    """
    return MITOCHONDRIAL_CODE if standard(contig) == "chrM" else STANDARD_CODE


def translated(codons: str, contig: str = "") -> str | None:
    """Return the amino acids of whole codons; None for other letters or a broken codon.

    >>> translated("ATGtaa"), translated("AT"), translated("NNN")
    ('M*', None, None)
    """
    code = genetic_code(contig)
    text = codons.upper()
    if len(text) % 3:
        return None
    acids = [code.get(text[at : at + 3]) for at in range(0, len(text), 3)]
    return None if None in acids else "".join(acid for acid in acids if acid)
