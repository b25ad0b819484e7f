"""Who looked for which class of structural events, in what, and what that leaves unseen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tumorkit.report.document import Node, Part
from tumorkit.report.language import say, term
from tumorkit.variants.structural.callers import CLASSES, FUSIONS, VARIANTS

CALLERS = {
    "arriba": "Arriba",
    "star-fusion": "STAR-Fusion",
    "gms": "GMS",
    "manta": "Manta",
    "dragen": "DRAGEN",
    "gridss": "GRIDSS",
    "delly": "Delly",
    "tiddit": "TIDDIT",
    "pindel": "Pindel",
    "scanitd": "ScanITD",
}
CLASS_WORDS = {
    "fusions": "fusions",
    "structural_variants": "structural variants",
    "internal_tandem_duplications": "internal tandem duplications",
}


def caller_name(name: str) -> str:
    """Return a caller as it writes itself; one that is not known says so.

    >>> caller_name("star-fusion"), caller_name("unknown"), caller_name("Arriba+FusionCatcher")
    ('STAR-Fusion', 'unknown caller', 'Arriba+FusionCatcher')
    """
    if name in ("unknown", ""):
        return say("unknown caller")
    return CALLERS.get(name, name)


def looked_for(parts: Mapping[str, Part]) -> Iterable[str]:
    """Yield, per class that was assessed, by which caller and in what."""
    for name in CLASSES:
        part = parts.get(name)
        if part is not None and part.ok:
            yield say("{what} by {callers}", what=term(CLASS_WORDS[name]), callers=who(part))


def who(part: Part) -> str:
    """Return who assessed a class, and in what."""
    rows = part.result.nodes("assessed_by") if part.result else []
    said = [
        " ".join(filter(None, (caller_name(row.text("caller")), bracketed(row)))) for row in rows
    ]
    return ", ".join(dict.fromkeys(said))


def bracketed(row: Node) -> str:
    """Return what was sequenced in brackets, nothing where nobody says."""
    material = row.maybe_text("material")
    return f"({material})" if material else ""


def in_rna(part: Part) -> bool:
    """Whether a class was assessed in RNA."""
    rows = part.result.nodes("assessed_by") if part.result else []
    return any(row.maybe_text("material") == "RNA" for row in rows)


def structural_limits(root: Node, parts: Mapping[str, Part]) -> list[str]:
    """Return what a reader must keep in mind of events in DNA."""
    said = []
    fusions, variants = parts[FUSIONS], parts[VARIANTS]
    if fusions.ok and not in_rna(fusions):
        said.append(
            say(
                "Fusions were looked for in DNA alone ({callers}): breakpoints outside the targets "
                "or in repeats are not seen, and a junction does not show that a transcript is "
                "made.",
                callers=who(fusions),
            )
        )
    captured = root.node("case").maybe_text("library") in ("capture", "amplicon")
    if variants.ok and captured and not in_rna(variants):
        said.append(
            say(
                "Structural variants were looked for in captured DNA: breakpoints outside the "
                "targets, as in most introns, are not seen."
            )
        )
    if variants.ok and root.node("case").flag("tumor_only"):
        said.append(say("Structural variants without a matched normal include inherited ones."))
    return said
