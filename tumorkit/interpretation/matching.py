"""Whether what a table names fits an alteration that was found: yes and how, no, or not known.

Coordinates are never compared: those of CIViC are GRCh37. Exons are those of the annotation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tumorkit.interpretation.changes import (
    CHANGED,
    IN_FRAME,
    NULL,
    SPLICE,
    normal,
    residue_of,
    span_of,
)
from tumorkit.interpretation.names import AMPLIFIED, Name, read_name
from tumorkit.interpretation.nouns import Alteration, DomainRow, Role

# States of copy number that are sure enough for the word: copies known, not only a log2 ratio.
AMPLIFIED_STATES = ("amplification",)
DELETED_STATES = ("homozygous deletion",)
LOG2_STATES = {"high gain (log2)": "amplification", "deep loss (log2)": "deletion"}
ITD_EXONS = (14, 15)

NO_EXON = "the exon is not known: the annotation has no EXON field"
NO_COPIES = "copies are not known, only a log2 ratio"
NO_PROTEIN = "the change of the protein is not known"
NO_INTRON = "the intron is not known: the annotation has no INTRON field"
OUT_OF_FRAME = "the fusion is out of frame"
NO_JUNCTION = "exons of the junction are not known"
DNA_ONLY = "a junction in DNA: which genes the transcript joins is not shown"
NO_DOMAIN = "no domain of this name is in the table of domains"
NOT_CLEAR = "the biomarker is not assessed, or its class is not clear"
WHOLE_OR_PART = "loss of the whole exon, or in it: the name does not say"
FEW_EXONS = "exons of another numbering: the transcript has fewer"
WEAK_NULL = "a null variant whose effect is not shown (OVS1 is weak)"


@dataclass(frozen=True)
class Fit:
    """How an alteration fits a name; ``why`` says what is missing where nobody can tell.

    ``broad`` is a name for changes anywhere in the gene.
    """

    how: str = ""
    why: str = ""
    broad: bool = False


NO = Fit()


@dataclass(frozen=True, kw_only=True)
class Context:
    """What names need beside the alteration: domains and roles by gene, strong null variants.

    ``weak_null`` returns whether a null variant is not surely one: see OVS1.
    """

    domains: Mapping[str, tuple[DomainRow, ...]]
    roles: Mapping[str, Role]
    weak_null: Callable[[Alteration], bool]


BARE = Context(domains={}, roles={}, weak_null=lambda found: False)


def readable(text: str, feature: str = "") -> bool:
    """Whether the words for an alteration can be matched at all.

    >>> [readable(said) for said in ("V600E", "EXON 19 DELETION", "Expression")]
    [True, True, False]
    """
    return read_name(feature, text).kind != "unread"


def fits(text: str, found: Alteration) -> str:
    """Return how an alteration of this gene fits the words, empty where it does not.

    >>> fits("V600", Alteration(gene="BRAF", protein="V600E", terms=("missense_variant",)))
    'codon'
    """
    return fit(found.gene, read_name(found.gene, text), found, BARE).how


def fit(feature: str, name: Name, found: Alteration, context: Context) -> Fit:
    """Return whether one alteration is what a name of a feature asks for."""
    if name.kind == "unread":
        return Fit(why=name.why)
    if name.kind == "any of":
        tried = [fit(feature, option, found, context) for option in name.options]
        return next((t for t in tried if t.how), next((t for t in tried if t.why), NO))
    if found.kind == "copy number":
        return fit_copies(name, found)
    if found.kind == "biomarker":
        return Fit("class") if name.kind == "level" and name.text == found.state else NO
    if found.kind in ("fusion", "structural"):
        return fit_event(feature, name, found)
    judge = VARIANTS.get(name.kind)
    return judge(name, found, context) if judge else NO


def fit_copies(name: Name, found: Alteration) -> Fit:
    """Return whether a copy-number state is the one asked for."""
    if name.kind not in ("amplification", "deletion", "null"):
        return NO
    wanted = AMPLIFIED_STATES if name.kind == "amplification" else DELETED_STATES
    if found.state in wanted:
        return Fit("copy number")
    kind = "amplification" if name.text in AMPLIFIED else "deletion"
    return Fit(why=NO_COPIES) if LOG2_STATES.get(found.state) == kind else NO


NAMED = {"ITD": "FLT3-ITD", "PTD": "KMT2A-PTD", "EGFRvIII": "EGFRvIII"}


def fit_event(feature: str, name: Name, found: Alteration) -> Fit:
    """Return whether a fusion or another event is the one asked for."""
    named = NAMED.get(name.kind, "")
    if name.kind == "skipped exon":
        named = f"{feature} exon {name.first} skipping"
    if named:
        if found.state != named or feature not in found.genes:
            return NO
        return Fit(why=OUT_OF_FRAME) if found.frame == "out-of-frame" else Fit("named event")
    if name.kind == "rearrangement" and "::" not in feature:
        return Fit("rearrangement") if feature in found.genes else NO
    partners = tuple((name.text if name.kind == "partners" else feature).split("::"))
    if name.kind not in ("fusion", "partners") or len(set(found.genes)) < 2:
        return NO
    if not set(partners) - {"v"} <= set(found.genes):
        return NO
    return Fit(why=OUT_OF_FRAME) if found.frame == "out-of-frame" else fit_partners(
        partners, name, found
    )  # fmt: skip


def fit_partners(partners: tuple[str, ...], name: Name, found: Alteration) -> Fit:
    """Return whether a fusion joins the partners asked for, in their order, at their exons.

    Where the order is not known (DNA), only two named partners are sure enough.
    """
    if not found.ordered:
        sure = len(partners) == 2 and "v" not in partners and not name.last
        return Fit("junction of both genes in DNA") if sure else Fit(why=DNA_ONLY)
    pairs = zip(partners, found.genes, strict=False)
    if len(partners) == 2 and not all(wanted in ("v", own) for wanted, own in pairs):
        return NO
    if not name.last:
        return Fit("fusion")
    if not all(found.junction):
        return Fit(why=NO_JUNCTION)
    same = found.junction == (str(name.first), str(name.last))
    return Fit("fusion of these exons") if same else NO


def changed(found: Alteration) -> bool:
    """Whether a variant changes the protein."""
    return bool(set(found.terms) & CHANGED)


def fit_change(name: Name, found: Alteration, context: Context) -> Fit:
    """A protein change; of a frame shift with a coding change, that very one."""
    del context
    if not found.protein or normal(found.protein) != name.text:
        return NO
    own = normal(found.coding.rpartition(":")[2])
    if not name.coding or not own or own == normal(name.coding):
        return Fit("protein change")
    return NO if "FS" in name.text else Fit("protein change by other bases")


def fit_codon(name: Name, found: Alteration, context: Context) -> Fit:
    """A codon whose residue changes."""
    del context
    residue = residue_of(found.protein)
    same = residue is not None and f"{residue[0]}{residue[1]}" == name.text
    return Fit("codon") if same and changed(found) else NO


def fit_not_codon(name: Name, found: Alteration, context: Context) -> Fit:
    """A change elsewhere than at a codon."""
    del context
    span = span_of(found.protein)
    if not changed(found):
        return NO
    if span is None:
        return Fit(why=NO_PROTEIN)
    return (
        NO
        if span[0] <= name.first <= span[1]
        else Fit(f"a change away from {name.first}", broad=True)
    )


def fit_any(name: Name, found: Alteration, context: Context) -> Fit:
    """Any change of the protein."""
    del name, context
    return Fit("any change of the protein", broad=True) if changed(found) else NO


def fit_class(name: Name, found: Alteration, context: Context) -> Fit:
    """A class of changes, as frame shifts."""
    del context
    return Fit("class of change") if set(found.terms) & set(name.terms) else NO


def fit_null(name: Name, found: Alteration, context: Context) -> Fit:
    """Loss of function: a null variant that OVS1 holds for strong."""
    del name
    if not set(found.terms) & NULL:
        return NO
    return Fit(why=WEAK_NULL) if context.weak_null(found) else Fit("null variant")


def numbered(found: Alteration) -> str:
    """Return whose exons are counted, for the reader."""
    if not found.transcript:
        return "of a transcript that is not named"
    return f"of {found.transcript}" + ("" if found.mane else ", not known to be MANE Select")


def fit_exon(name: Name, found: Alteration, context: Context) -> Fit:
    """A change of the kind asked for in an exon."""
    # A splice site lies beside an exon; some tools give its intron's number in the exon's field.
    if not set(found.terms) & (CHANGED - SPLICE) or not of_kind(name.text, found):
        return NO
    if found.exon is None:
        return Fit(why=NO_EXON)
    if found.exons is not None and name.last > found.exons:
        return Fit(why=FEW_EXONS)
    if not name.first <= found.exon <= name.last:
        return NO
    whole = name.text == "DELETION" and context.roles.get(found.gene) == "tumor suppressor"
    return Fit(why=WHOLE_OR_PART) if whole else Fit(f"exon {found.exon} {numbered(found)}")


def of_kind(word: str, found: Alteration) -> bool:
    """Whether a variant is a deletion, an insertion and so on, as names of exons mean it."""
    longer, shorter = len(found.alt) > len(found.ref), len(found.alt) < len(found.ref)
    in_frame = bool(set(found.terms) & IN_FRAME)
    return {
        "MUTATION": True,
        "DELETION": shorter and in_frame,
        "INSERTION": longer and in_frame,
        "DUPLICATION": longer and in_frame,
        "INSERTION/DELETION": in_frame,
        "INDEL": in_frame,
        "FRAMESHIFT": "frameshift_variant" in found.terms,
    }[word]


def fit_skipped(name: Name, found: Alteration, context: Context) -> Fit:
    """A splice site of the exon: two bases on either side."""
    del context
    terms = set(found.terms) & SPLICE
    if not terms:
        return NO
    if found.intron is None:
        return Fit(why=NO_INTRON)
    exon = found.intron if "splice_donor_variant" in terms else found.intron + 1
    if exon != name.first:
        return NO
    return Fit(f"splice site of exon {exon} {numbered(found)}; skipping is expected, not shown")


def fit_splice_residue(name: Name, found: Alteration, context: Context) -> Fit:
    """A splice site beside a residue (X1010_splice)."""
    del context
    place = found.coding.rpartition(":c.")[2]
    digits = place[: len(place) - len(place.lstrip("0123456789"))]
    if not set(found.terms) & SPLICE or not digits:
        return NO
    return Fit("splice site at the residue") if (int(digits) + 2) // 3 == name.first else NO


def fit_coding(name: Name, found: Alteration, context: Context) -> Fit:
    """A coding change."""
    del context
    own = found.coding.rpartition(":")[2].upper()
    return Fit("coding change") if own and own == name.coding else NO


def fit_promoter(name: Name, found: Alteration, context: Context) -> Fit:
    """A promoter variant that is known by its place."""
    del context
    if not found.promoter:
        return NO
    return Fit("promoter variant") if name.text in ("", found.promoter) else NO


def fit_domain(name: Name, found: Alteration, context: Context) -> Fit:
    """A change in a domain of the laboratory's table, or outside of it."""
    span = span_of(found.protein)
    if not changed(found):
        return NO
    rows = [
        row
        for row in context.domains.get(found.gene, ())
        if row.name.upper().removesuffix(" DOMAIN") == name.text
    ]
    if not rows:
        return Fit(why=NO_DOMAIN)
    if span is None:
        return Fit(why=NO_PROTEIN)
    inside = any(row.first <= span[1] and span[0] <= row.last for row in rows)
    outside = bool(name.first)
    how = "outside the domain" if outside else "domain"
    return Fit(how, broad=outside) if inside != outside else NO


def fit_itd(name: Name, found: Alteration, context: Context) -> Fit:
    """FLT3-ITD as a small variant: an in-frame insertion in exons 14 and 15 (Döhner 2022)."""
    del name, context
    longer = len(found.alt) - len(found.ref) >= 3
    if found.gene != "FLT3" or not longer or not set(found.terms) & IN_FRAME:
        return NO
    if found.exon is None:
        return Fit(why=NO_EXON)
    return Fit(f"in-frame insertion in exon {found.exon}") if found.exon in ITD_EXONS else NO


VARIANTS: dict[str, Callable[[Name, Alteration, Context], Fit]] = {
    "change": fit_change,
    "codon": fit_codon,
    "not codon": fit_not_codon,
    "any change": fit_any,
    "class": fit_class,
    "null": fit_null,
    "exon": fit_exon,
    "skipped exon": fit_skipped,
    "splice at residue": fit_splice_residue,
    "coding change": fit_coding,
    "promoter": fit_promoter,
    "domain": fit_domain,
    "ITD": fit_itd,
}
