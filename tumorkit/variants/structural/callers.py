"""What each caller looks for, so that silence of one that does not look is not read as absence.

Sources: each caller's documentation. Callers of transcripts find fusions; callers of breakpoints in
DNA find structural variants, and of fusions only those whose breakpoints lie where reads are;
ScanITD and Pindel as laboratories run them find tandem duplications inside exons.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from tumorkit.genome.structural import Observation, StructuralEvent

FUSIONS = "fusions"
VARIANTS = "structural_variants"
DUPLICATIONS = "internal_tandem_duplications"
CLASSES = (FUSIONS, VARIANTS, DUPLICATIONS)
_BREAKPOINTS = ((VARIANTS, FUSIONS), CLASSES)
# By caller: what it looks for, and what it may be run for where the case says so.
LOOKS_FOR: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = MappingProxyType(
    {
        "arriba": ((FUSIONS,), (FUSIONS, DUPLICATIONS)),
        "star-fusion": ((FUSIONS,), (FUSIONS,)),
        "gms": ((FUSIONS,), (FUSIONS,)),
        "manta": _BREAKPOINTS,
        "dragen": _BREAKPOINTS,
        "gridss": _BREAKPOINTS,
        "delly": _BREAKPOINTS,
        "tiddit": _BREAKPOINTS,
        "pindel": ((DUPLICATIONS,), (VARIANTS, DUPLICATIONS)),
        "scanitd": ((DUPLICATIONS,), (DUPLICATIONS,)),
    }
)
TANDEM = ("FLT3-ITD", "KMT2A-PTD")
NAMED_VARIANTS = ("EGFRvIII", "MET exon 14 skipping")


def looks_for(caller: str, given_as: str = "") -> tuple[str, ...]:
    """Return the classes that a file of this caller answers.

    ``given_as`` is the class that the case gave the file for. A caller that nobody knows answers
    what it was given for, and without that no class.

    >>> looks_for("manta"), looks_for("scanitd", "structural_variants"), looks_for("x", "fusions")
    (('fusions', 'structural_variants'), ('internal_tandem_duplications',), ('fusions',))
    """
    usual, possible = LOOKS_FOR.get(caller, ((), CLASSES))
    return tuple(
        name for name in CLASSES if name in usual or (name == given_as and name in possible)
    )


def class_of(event: StructuralEvent) -> str:
    """Return the class of an event: a fusion joins two genes, the named ones have their own.

    A junction of DNA between two genes counts as a fusion, whether or not a transcript is made.
    """
    if event.name in TANDEM or (event.kind == "duplication" and event.caller == "scanitd"):
        return DUPLICATIONS
    if event.name in NAMED_VARIANTS:
        return VARIANTS
    return FUSIONS if event.kind == "fusion" or two_genes(event) else VARIANTS


def two_genes(event: Observation) -> bool:
    """Whether both ends lie in genes, and in no common one."""
    first, second = (set(filter(None, end.gene.split(","))) for end in (event.first, event.second))
    return bool(first and second) and not first & second
