"""Classes of mutations: 96 substitutions, 78 doublets, 83 insertions and deletions.

Names and order are COSMIC's (Alexandrov 2020, Nature 578:94).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

Kind = Literal["SBS96", "DBS78", "ID83"]

BASES = "ACGT"
SUBSTITUTIONS = ("C>A", "C>G", "C>T", "T>A", "T>C", "T>G")
COMPLEMENT = str.maketrans("ACGTacgt", "TGCATGCA")

# In the files of SigProfiler rows go by the base before, then the change, then the base after.
SBS96 = tuple(
    f"{left}[{change}]{right}" for left in BASES for change in SUBSTITUTIONS for right in BASES
)
DOUBLETS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "AC": ("CA", "CG", "CT", "GA", "GG", "GT", "TA", "TG", "TT"),
        "AT": ("CA", "CC", "CG", "GA", "GC", "TA"),
        "CC": ("AA", "AG", "AT", "GA", "GG", "GT", "TA", "TG", "TT"),
        "CG": ("AT", "GC", "GT", "TA", "TC", "TT"),
        "CT": ("AA", "AC", "AG", "GA", "GC", "GG", "TA", "TC", "TG"),
        "GC": ("AA", "AG", "AT", "CA", "CG", "TA"),
        "TA": ("AT", "CG", "CT", "GC", "GG", "GT"),
        "TC": ("AA", "AG", "AT", "CA", "CG", "CT", "GA", "GG", "GT"),
        "TG": ("AA", "AC", "AT", "CA", "CC", "CT", "GA", "GC", "GT"),
        "TT": ("AA", "AC", "AG", "CA", "CC", "CG", "GA", "GC", "GG"),
    }
)
DBS78 = tuple(f"{ref}>{alt}" for ref, alts in DOUBLETS.items() for alt in alts)
_REPEATS = tuple(
    f"1:{what}:{base}:{k}" for what in ("Del", "Ins") for base in "CT" for k in range(6)
) + tuple(
    f"{size}:{what}:R:{k}" for what in ("Del", "Ins") for size in range(2, 6) for k in range(6)
)
ID83 = _REPEATS + tuple(
    f"{size}:Del:M:{k}" for size in range(2, 6) for k in range(1, size if size < 5 else 6)
)
CHANNELS: Mapping[Kind, tuple[str, ...]] = MappingProxyType(
    {"SBS96": SBS96, "DBS78": DBS78, "ID83": ID83}
)

_SBS = re.compile(r"([ACGT])\[([ACGT])>([ACGT])\]([ACGT])")
_SBS_WORDS = re.compile(r"([ACGT])([ACGT])([ACGT])[>_ ]\1([ACGT])\3")
_DBS = re.compile(r"([ACGT]{2})[>_:]([ACGT]{2})")
_ID = re.compile(r"([1-5])\+?:(Del|Ins):([ACGTRM]):([0-5])\+?", re.IGNORECASE)
_PCAWG_ID = re.compile(r"(DEL|INS)_(C|T|REPEATS|MH)_([1-5])\+?_([0-5])\+?", re.IGNORECASE)


def reverse_complement(bases: str) -> str:
    """Return the other strand.

    >>> reverse_complement("ACG")
    'CGT'
    """
    return bases.translate(COMPLEMENT)[::-1]


def doublet(ref: str, alt: str) -> str | None:
    """Return the class of a doublet on whichever strand is listed, None where it is none.

    >>> doublet("CC", "TT"), doublet("GG", "AA"), doublet("AT", "TG"), doublet("CC", "CT")
    ('CC>TT', 'CC>TT', 'AT>CA', None)
    """
    for one, two in ((ref, alt), (reverse_complement(ref), reverse_complement(alt))):
        if two in DOUBLETS.get(one, ()):
            return f"{one}>{two}"
    return None


def channel_named(text: str) -> tuple[Kind, str] | None:
    """Return kind and standard name of a row's label, None for a label of no known channel.

    Labels in the ways of COSMIC, SigProfiler and PCAWG are known, on either strand.

    >>> channel_named("A[C>T]G"), channel_named("ACG>ATG"), channel_named("C[G>A]T")
    (('SBS96', 'A[C>T]G'), ('SBS96', 'A[C>T]G'), ('SBS96', 'A[C>T]G'))
    >>> channel_named("GG>AA"), channel_named("DEL_MH_5+_5+"), channel_named("1:Ins:A:3")
    (('DBS78', 'CC>TT'), ('ID83', '5:Del:M:5'), ('ID83', '1:Ins:T:3'))
    >>> channel_named("T:A[C>A]A")
    """
    found = _SBS.fullmatch(text)
    if found:
        return _substitution(*found.groups())
    found = _SBS_WORDS.fullmatch(text)
    if found:
        left, ref, right, alt = found.groups()
        return _substitution(left, ref, alt, right)
    found = _DBS.fullmatch(text)
    if found:
        name = doublet(*found.groups())
        return None if name is None else ("DBS78", name)
    return _indel(text)


def _substitution(left: str, ref: str, alt: str, right: str) -> tuple[Kind, str] | None:
    if ref == alt:
        return None
    if ref in "AG":
        left, ref, alt, right = (base.translate(COMPLEMENT) for base in (right, ref, alt, left))
    return "SBS96", f"{left}[{ref}>{alt}]{right}"


def _indel(text: str) -> tuple[Kind, str] | None:
    found = _ID.fullmatch(text)
    if found:
        size, what, what_of, k = found.groups()
        what_of = {"A": "T", "G": "C"}.get(what_of.upper(), what_of.upper())
        name = f"{size}:{what.capitalize()}:{what_of}:{k}"
    else:
        found = _PCAWG_ID.fullmatch(text)
        if not found:
            return None
        what, what_of, size, k = found.groups()
        what_of = {"REPEATS": "R", "MH": "M"}.get(what_of.upper(), what_of.upper())
        name = f"{size}:{what.capitalize()}:{what_of}:{k}"
    return ("ID83", name) if name in ID83 else None
