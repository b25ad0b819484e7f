"""What a knowledge base's name for a variant asks for.

CIViC's names (its documentation, "Variant name"; older ones in capitals): a protein change (V600E),
a codon (V600), alternatives (G12 or G13), Mutation, Exon 19 Deletion, Exon 14 Skipping Mutation,
Amplification, Fusion and so on. A name that is not read here, or asks for what sequencing of DNA
does not show, fits nothing, and says why.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from tumorkit.interpretation.changes import coding_in, normal, plain_words

UNREAD = "words that are not read"
UNMEASURED = "expression, methylation or a state of the protein: not measured"
WILD_TYPE = "wild type: absence of a variant is not shown"
UNSAID = "the direction of the copy-number change is not said"
WHOLE_EXONS = "loss of whole exons: not looked for"
ALLELES = "state of both alleles: not shown"
COMBINED = "a change and an amplification of its allele: not shown"

ANY_CHANGE = ("MUTATION", "MUTATIONS", "SOMATIC MUTATION", "CODING MUTATION")
NULL_WORDS = (
    "LOSS-OF-FUNCTION", "LOSS OF FUNCTION", "LOSS-OF-FUNCTION MUTATION", "INACTIVATING MUTATION",
    "DELETERIOUS MUTATION",
)  # fmt: skip
CLASSES = {
    "TRUNCATING MUTATION": ("stop_gained", "frameshift_variant"),
    "TRUNCATION": ("stop_gained", "frameshift_variant"),
    "FRAMESHIFT TRUNCATION": ("frameshift_variant",),
    "FRAMESHIFT": ("frameshift_variant",),
    "FRAMESHIFT MUTATION": ("frameshift_variant",),
    "NONSENSE": ("stop_gained",),
    "NONSENSE MUTATION": ("stop_gained",),
    "MISSENSE": ("missense_variant",),
    "MISSENSE MUTATION": ("missense_variant",),
    "MISSENSE VARIANT": ("missense_variant",),
    "SPLICE SITE MUTATION": ("splice_donor_variant", "splice_acceptor_variant"),
    "SPLICE SITE": ("splice_donor_variant", "splice_acceptor_variant"),
}
AMPLIFIED = ("AMPLIFICATION", "GENE AMPLIFICATION", "COPY NUMBER GAIN", "GAIN", "COPY GAIN")
DELETED = (
    "DELETION", "HOMOZYGOUS DELETION", "COPY NUMBER LOSS", "LOSS", "BIALLELIC DELETION",
    "GENE DELETION", "COPY LOSS",
)  # fmt: skip
FUSED = ("FUSION", "FUSIONS", "GENE FUSION", "TRANSCRIPT FUSION")
REARRANGED = ("REARRANGEMENT", "REARRANGEMENTS", "TRANSLOCATION")
ITD = (
    "ITD", "INTERNAL TANDEM DUPLICATION", "INTERNAL DUPLICATION", "TANDEM REPEAT",
    "INTERNAL TANDEM DUPLICATIONS",
)  # fmt: skip
PTD = ("PTD", "PARTIAL TANDEM DUPLICATION", "PARTIAL TANDEM DUPLICATIONS")
VARIANT_THREE = ("VIII", "EGFRVIII", "EXON 2-7 DELETION", "V III", "VARIANT III")
# Named by the last digits of their place on GRCh37's chromosome 5; not a change of cysteine 228.
PROMOTERS = ("C228T", "C250T", "A161C")
NO_DOMAINS = (
    "ACTIVATING", "GAIN-OF-FUNCTION", "ONCOGENIC", "PATHOGENIC", "DRIVER", "GERMLINE", "EXON",
    "INTRON", "3' UTR", "5' UTR", "RARE", "COMMON",
)  # fmt: skip
LEVELS = {"HIGH": "High", "POSITIVE": "Positive", "LOW": "Low", "STABLE": "Stable"}
_MEASURED_ELSEWHERE = re.compile(
    r"(EXPRESSION|METHYLATION|PHOSPHORYLATION|SERUM LEVELS|LOCALIZATION|ACETYLATION|\bACTIVATION"
    r"|LOCALISATION|UNDEREXPRESSION|POLYMORPHISM|ISOFORM)"
)
_WILD = re.compile(r"(WILD ?-?TYPE|\bWT\b)")
_CHANGE = re.compile(
    r"[A-Z*]\d+(?:_[A-Z*]\d+)?(?:[A-Z*=?]|[A-Z]?FS.*|DEL[A-Z]*|DUP[A-Z]*|INS[A-Z]+|DELINS[A-Z*]+"
    r"|[A-Z]?EXT.*)$"
)
_CODON = re.compile(r"[A-Z]\d+$")
_SHORTHAND = re.compile(r"([A-Z]\d+)([A-Z*])((?:/[A-Z*])+)$")
_EXON = re.compile(
    r"EXONS? (\d+)(?:\s?-\s?(\d+))? "
    r"(MUTATION|DELETION|INSERTION|INSERTION/DELETION|INDEL|FRAMESHIFT|DUPLICATION)S?$"
)
_SKIPPED = re.compile(r"EXON (\d+) SKIPPING(?: MUTATION)?S?$")
_AT_SPLICE = re.compile(r"[A-Z](\d+)(?:_SPLICE| SPLICE SITE MUTATION)$")
_NOT_CODON = re.compile(r"NON-[A-Z](\d+)(?: MUTATION)?$")
_BOTH = re.compile(r"BIALLELIC|HOMOZYG|HETEROZYG|^LOH$")
NUMBERED = (
    (_SKIPPED, "skipped exon"),
    (_AT_SPLICE, "splice at residue"),
    (_NOT_CODON, "not codon"),
)
_DOMAIN = re.compile(r"(NON-)?(.+?)(?: DOMAIN)? MUTATIONS?$")
_EXONS_JOINED = re.compile(r"E(\d+)(?:::|-|;A)E?(\d+)$")
_PAIR = re.compile(r"([A-Z0-9]+)(?:-|::)([A-Z0-9]+)(?: E(\d+)(?:::|-)E(\d+))?$")


@dataclass(frozen=True)
class Name:
    """A kind of name and what it names; ``why`` is set for what cannot be looked for."""

    kind: str
    text: str = ""
    first: int = 0
    last: int = 0
    coding: str = ""
    terms: tuple[str, ...] = ()
    options: tuple[Name, ...] = ()
    why: str = ""


@lru_cache(maxsize=65536)
def read_name(feature: str, name: str) -> Name:
    """Return what a variant's name asks for.

    >>> read_name("BRAF", "V600E/K").options[1].text, read_name("KRAS", "G12 or G13").kind
    ('V600K', 'any of')
    >>> read_name("MET", "Exon 14 Skipping Mutation").kind, read_name("ERBB2", "Overexpression").why
    ('skipped exon', 'expression, methylation or a state of the protein: not measured')
    """
    said = plain_words(name).removeprefix(f"{feature.upper()} ")
    if "::" in feature:
        return fusion_name(said)
    coding = coding_in(name)
    if coding and said.startswith((coding, "SPLIC")):
        return Name("coding change", coding=coding)
    if feature == "TERT" and said in PROMOTERS:
        return Name("promoter", said)
    known = listed(said) or patterned(said) or joined(feature.upper(), said)
    return replace(known, coding=coding) if known else other_name(feature, said)


def other_name(feature: str, said: str) -> Name:
    """Return a list of names, a domain, or why a name cannot be looked for."""
    options = alternatives(feature, said)
    if options:
        return Name("any of", options=options)
    for found, why in (
        ("AMPLIFICATION" in said or said.endswith(" GAIN"), COMBINED),
        (_MEASURED_ELSEWHERE.search(said), UNMEASURED),
        (_WILD.search(said), WILD_TYPE),
        (_BOTH.search(said), ALLELES),
        (said.startswith("COPY NUMBER VARIA"), UNSAID),
    ):
        if found:
            return Name("unread", why=why)
    domain = _DOMAIN.match(said)
    if domain and not said.startswith(NO_DOMAINS):
        return Name("domain", domain.group(2), first=bool(domain.group(1)))
    return Name("unread", why=UNREAD)


LISTS = (
    (ANY_CHANGE, "any change"), (NULL_WORDS, "null"), (AMPLIFIED, "amplification"),
    (DELETED, "deletion"), (FUSED, "fusion"), (REARRANGED, "rearrangement"), (ITD, "ITD"),
    (PTD, "PTD"), (VARIANT_THREE, "EGFRvIII"),
)  # fmt: skip


def listed(said: str) -> Name | None:
    """Return a name that stands in one of the lists."""
    for words, kind in LISTS:
        if said in words:
            return Name(kind, said)
    if said in CLASSES:
        return Name("class", said, terms=CLASSES[said])
    if said in LEVELS:
        return Name("level", LEVELS[said])
    return Name("promoter") if said.startswith("PROMOTER MUTATION") else None


def patterned(said: str) -> Name | None:
    """Return a name that follows one of the patterns."""
    if _CHANGE.match(said):
        return Name("change", normal(said))
    if _CODON.match(said):
        return Name("codon", said)
    if found := _EXON.match(said):
        first, last = int(found.group(1)), int(found.group(2) or found.group(1))
        if found.group(3) == "DELETION" and first != last:
            return Name("unread", why=WHOLE_EXONS)
        return Name("exon", found.group(3), first=first, last=last)
    for pattern, kind in NUMBERED:
        if found := pattern.match(said):
            return Name(kind, first=int(found.group(1)))
    return None


def alternatives(feature: str, said: str) -> tuple[Name, ...]:
    """Return the names of a list (G12/G13, V600E or V600K, V600E/K), if every one can be read."""
    if found := _SHORTHAND.match(said):
        codon, first, more = found.groups()
        parts = [f"{codon}{end}" for end in (first, *more.strip("/").split("/"))]
    else:
        parts = re.split(r"\s+OR\s+|\s*/\s*|\s*,\s*", said)
    if len(parts) < 2:
        return ()
    names = tuple(read_name(feature, part) for part in parts)
    readable = all(name.kind in ("change", "codon", "exon", "not codon") for name in names)
    return names if readable else ()


def joined(feature: str, said: str) -> Name | None:
    """Return an older name of a fusion (EML4-ALK, EML4-ALK e6-e20) or a duplication (FLT3-ITD)."""
    bare = said.removeprefix(f"{feature}-")
    if bare in ITD:
        return Name("ITD", bare)
    if bare in PTD or said in ("MLL-PTD",):
        return Name("PTD", bare)
    found = _PAIR.match(said)
    if found is None or feature not in found.groups()[:2] or found.group(1) == found.group(2):
        return None
    exons = int(found.group(3) or 0), int(found.group(4) or 0)
    pair = f"{found.group(1)}::{found.group(2)}"
    return Name("partners", pair, first=exons[0], last=exons[1])


def fusion_name(said: str) -> Name:
    """Return what a fusion's variant asks for: any, or that of two exons."""
    if said in (*FUSED, *REARRANGED):
        return Name("fusion", said)
    if found := _EXONS_JOINED.match(said):
        return Name("fusion", said, first=int(found.group(1)), last=int(found.group(2)))
    return Name("unread", why=UNREAD)
