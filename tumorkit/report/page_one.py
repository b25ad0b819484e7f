"""Page one: who was tested, what can be trusted, what was not looked at."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tumorkit.report.biomarkers import BiomarkerRow
from tumorkit.report.document import Node, Part
from tumorkit.report.text import number
from tumorkit.report.variants import VariantsView

NOT_GIVEN = "not given"
SPELLED = {
    "ffpe": "FFPE",
    "cfdna": "cfDNA",
    "umi-raw": "UMI, raw reads",
    "umi-consensus": "UMI, consensus reads",
}
# A sentence, then a command line: on a line of its own, or a name followed by options.
COMMAND = re.compile(r"(.*?)(?:\n|(?<=:) (?=[\w./-]+ --?\w))(.*)", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Quality:
    """The quality light: a word, a sentence and a tone that never stands alone."""

    tone: str
    word: str
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Hint:
    """Something to do next, with the command line if there is one.

    Every second piece of the sentence stands between backticks and is shown as code.
    """

    pieces: tuple[str, ...]
    command: str


def identity(root: Node, biomarkers: Iterable[BiomarkerRow]) -> tuple[tuple[str, str], ...]:
    """Return the identity strip as labels and values; what nobody gave says so."""
    case = root.node("case")
    rows = [
        ("Tumour type", case.maybe_text("tumor_type")),
        ("Material", spelled(case.maybe_text("material"))),
        ("Library", spelled(case.maybe_text("library"))),
        ("Assay", case.maybe_text("assay")),
        ("Design", design(case)),
        ("Tumour purity", purity_text(case, biomarkers)),
        ("Reference build", root.maybe_text("build")),
        ("Date", case.maybe_text("date")),
    ]
    return tuple((label, value or NOT_GIVEN) for label, value in rows)


def spelled(setting: str | None) -> str | None:
    """Return a setting of the case as it is written in text."""
    return SPELLED.get(setting, setting) if setting else None


def design(case: Node) -> str:
    """Return in words whether there was a matched normal."""
    if case.flag("tumor_only"):
        return "tumour-only, no matched normal"
    normal = case.maybe_text("normal_sample")
    return f"tumour with matched normal {normal}" if normal else "tumour with matched normal"


def known_purity(root: Node, biomarkers: Iterable[BiomarkerRow]) -> bool:
    """Whether a purity was given or estimated; a pathologist's alone is none."""
    return root.node("case").maybe_number("purity") is not None or any(
        row.ok and row.name.lower() == "purity" for row in biomarkers
    )


def purity_text(case: Node, biomarkers: Iterable[BiomarkerRow]) -> str:
    """Return every purity that there is, each with its source."""
    said = []
    purity, source = case.maybe_number("purity"), case.maybe_text("purity_source")
    used = case.maybe_text("purity_used")
    if used is not None:
        said.append(used)
    elif purity is not None:
        said.append(f"{number(purity)} ({source or 'given'})")
    said += [
        f"{row.value} ({row.interval}; estimated)"
        for row in biomarkers
        if row.ok and row.name.lower() == "purity" and purity is None and used is None
    ]
    pathology = case.maybe_number("pathology_purity")
    if pathology is not None and source != "pathology":
        said.append(f"{number(pathology)} (pathology)")
    return "; ".join(said) or "unknown"


def quality(parts: Mapping[str, Part], biomarkers: Iterable[BiomarkerRow]) -> Quality:
    """Return the light: failed parts first, then borderline classes, then what is missing."""
    failed = [part.title for part in parts.values() if part.status == "failed"]
    if failed:
        return Quality(
            tone="bad", word="Read with caution", sentence=f"failed: {', '.join(failed)}"
        )
    answered = sum(part.status == "ok" for part in parts.values())
    counted = f"{answered} of {len(parts)} analyses evaluated"
    borderline = [row.name for row in biomarkers if row.ok and row.certainty == "borderline"]
    if borderline:
        return Quality(
            tone="warn", word="Borderline", sentence=f"{', '.join(borderline)}; {counted}"
        )
    if answered == 0:
        return Quality(tone="bad", word="Nothing evaluated", sentence=counted)
    return Quality(tone="good", word="No failure", sentence=counted)


def limits(
    root: Node,
    biomarkers: Iterable[BiomarkerRow],
    variants: VariantsView | None,
    parts: Mapping[str, Part],
) -> tuple[str, ...]:
    """Return what a reader must keep in mind; only what follows from this case."""
    said = []
    if root.node("case").flag("tumor_only"):
        said.append(
            "Tumour-only: without a matched normal, rare germline variants can remain among "
            "the somatic ones."
        )
    if not known_purity(root, biomarkers):
        seen = root.node("case").maybe_number("pathology_purity") is not None
        prior = "The pathologist's purity is a prior of the fit, not a measurement"
        start = prior if seen else "No purity is known"
        said.append(f"{start}: VAF is not corrected for it, and copies are not counted.")
    if variants is not None and not variants.annotated:
        said.append("The variants are not annotated: no gene, no protein change, no coding burden.")
    elif variants is not None and not variants.knows_hotspots and variants.n_kept:
        said.append(
            "Hotspots are not annotated: a known driver can stand below variants of higher impact."
        )
    if variants is not None and variants.not_evaluable:
        names = ", ".join(name for name, _ in variants.not_evaluable)
        said.append(f"Filters that this VCF cannot answer: {names}.")
    borderline = [row.name for row in biomarkers if row.ok and row.certainty == "borderline"]
    if borderline:
        said.append(
            f"{', '.join(borderline)}: the interval spans a cut-off; "
            "the class is that of the point value."
        )
    said += [
        f"{row.name}: {note}." for row in biomarkers if row.ok for note in notes_of(row, parts)
    ]
    said.append(
        "Limits of detection at this purity and depth were not computed; "
        "a variant that is not listed has not been shown to be absent."
    )
    return tuple(said)


def notes_of(row: BiomarkerRow, parts: Mapping[str, Part]) -> list[str]:
    """Return what the room of a biomarker says a reader has to know beside the number.

    Only of the number that stands first; other schemes have theirs in the details.
    """
    part = parts.get(row.part)
    if part is None or part.result is None:
        return []
    if (part.result.maybe_text("scheme") or "") != row.scheme:
        return []
    return part.result.texts("notes")


def not_assessed(parts: Mapping[str, Part], biomarkers: Iterable[BiomarkerRow]) -> tuple[Part, ...]:
    """Return the parts without an answer, each with its reason.

    Parts whose biomarkers say so in their own table are not said twice.
    """
    said = {row.part for row in biomarkers if not row.ok}
    return tuple(p for p in parts.values() if p.status != "ok" and p.name not in said)


def hint_rows(root: Node) -> tuple[Hint, ...]:
    """Split each hint into its sentence and the command line that ends it, if there is one.

    >>> hint_rows(Node({"hints": ["Annotate it with: vep --vcf"]}, "", "profile.json"))
    (Hint(pieces=('Annotate it with:',), command='vep --vcf'),)
    """
    rows = []
    for text in root.texts("hints"):
        found = COMMAND.fullmatch(text)
        sentence, command = found.groups() if found else (text, "")
        rows.append(Hint(pieces=tuple(sentence.split("`")), command=command))
    return tuple(rows)
