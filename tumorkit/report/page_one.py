"""Page one: who was tested, what can be trusted, what was not looked at."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tumorkit.report.biomarkers import BiomarkerRow
from tumorkit.report.document import Node, Part
from tumorkit.report.language import say, term
from tumorkit.report.looked_for import structural_limits
from tumorkit.report.text import interval, number
from tumorkit.report.two_hits import contradiction
from tumorkit.report.variants import VariantsView
from tumorkit.report.verdicts import VerdictView

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
        (say("Tumour type"), case.maybe_text("tumor_type")),
        (say("Material"), spelled(case.maybe_text("material"))),
        (say("Library"), spelled(case.maybe_text("library"))),
        (say("Assay"), case.maybe_text("assay")),
        (say("Tumour purity"), purity_text(case, biomarkers)),
        (say("Ploidy"), ploidy_text(case, biomarkers)),
        (say("Design"), design(case)),
        (say("Build, date"), build_and_date(root, case)),
    ]
    return tuple((label, value or say(NOT_GIVEN)) for label, value in rows)


def build_and_date(root: Node, case: Node) -> str | None:
    """Return the reference build and the date of the report."""
    said = [root.maybe_text("build"), case.maybe_text("date") or say("no date given")]
    return ", ".join(filter(None, said))


def ploidy_text(case: Node, biomarkers: Iterable[BiomarkerRow]) -> str:
    """Return the ploidy with its range and its source."""
    ploidy = case.maybe_number("ploidy")
    fitted = [row for row in biomarkers if row.ok and row.name.lower() == "ploidy"]
    said = [f"{row.value} ({row.interval}; {source_of(case)})" for row in fitted if row.bar]
    if not said and ploidy is not None:
        said = [f"{number(ploidy)} ({source_of(case)})"]
    return "; ".join(said) or say("unknown")


def source_of(case: Node) -> str:
    """Return where the ploidy comes from: beside a given purity it may be the fitted one."""
    return term(case.maybe_text("ploidy_source") or case.maybe_text("purity_source") or "given")


def spelled(setting: str | None) -> str | None:
    """Return a setting of the case as it is written in text."""
    return term(SPELLED.get(setting, setting)) if setting else None


def design(case: Node) -> str:
    """Return in words whether there was a matched normal."""
    if case.value.get("tumor_only") is None:
        return say("not known whether there was a matched normal")
    if case.flag("tumor_only"):
        return say("tumour-only, no matched normal")
    normal = case.maybe_text("normal_sample")
    if normal is None:
        return say("tumour with matched normal")
    return say("tumour with matched normal {normal}", normal=normal)


def known_purity(root: Node, biomarkers: Iterable[BiomarkerRow]) -> bool:
    """Whether a purity was given or estimated; a pathologist's alone is none."""
    return root.node("case").maybe_number("purity") is not None or any(
        row.ok and row.name.lower() == "purity" for row in biomarkers
    )


def purity_text(case: Node, biomarkers: Iterable[BiomarkerRow]) -> str:
    """Return every purity that there is, each with its source."""
    purity, source = case.maybe_number("purity"), case.maybe_text("purity_source")
    used = case.maybe_text("purity_used")
    where = term(source) if source else say("given" if purity is not None else "estimated")
    # Where both were given and fitted, the profile says which one is used and why.
    both = used is not None and source != "fitted"
    said = [term(used or "")] if both else []
    said += [
        f"{row.value} ({row.interval}; {where})"
        for row in biomarkers
        if row.ok and row.name.lower() == "purity" and not both and (purity is None or row.bar)
    ]
    if not said and purity is not None:
        said = [f"{number(purity)} ({where})"]
    pathology = case.maybe_number("pathology_purity")
    if pathology is not None and source != "pathology":
        said.append(f"{number(pathology)} ({say('pathology')})")
    return "; ".join(said) or say("unknown")


def quality(
    parts: Mapping[str, Part],
    biomarkers: Iterable[BiomarkerRow],
    verdicts: Iterable[VerdictView] = (),
) -> Quality:
    """Return the light: failed parts first, then what contradicts itself, then borderline classes.

    What is missing comes last.
    """
    failed = [term(part.title) for part in parts.values() if part.status == "failed"]
    if failed:
        return Quality(
            tone="bad",
            word=say("Read with caution"),
            sentence=say("failed: {parts}", parts=", ".join(failed)),
        )
    answered = sum(part.status == "ok" for part in parts.values())
    counted = say("{answered} of {total} analyses evaluated", answered=answered, total=len(parts))
    contradicted = purity_contradicted(parts)
    if contradicted:
        return Quality(tone="bad", word=say("Read with caution"), sentence=contradicted)
    borderline = [row.name for row in biomarkers if row.ok and row.certainty_code == "borderline"]
    discordant = [f"{view.title}: {view.word}" for view in verdicts if view.discordant]
    if discordant:
        near = [f"{say('Borderline')}: {', '.join(borderline)}"] if borderline else []
        sentence = "; ".join([*discordant, *near, counted])
        return Quality(tone="warn", word=say("Tests disagree"), sentence=sentence)
    if borderline:
        return Quality(
            tone="warn", word=say("Borderline"), sentence=f"{', '.join(borderline)}; {counted}"
        )
    if answered == 0:
        return Quality(tone="bad", word=say("Nothing evaluated"), sentence=counted)
    return Quality(tone="good", word=say("No failure"), sentence=counted)


def purity_contradicted(parts: Mapping[str, Part]) -> str:
    """Say that the reads contradict the purity that was given; empty where they do not.

    A given purity is used, and every copy and class that rests on it is wrong where it is.
    """
    found = contradiction(parts["purity"].result)
    if found is None:
        return ""
    purity, value, low, high = found
    return say(
        "purity {given} was given, the reads fit {fitted} ({range}); copies rest on the given one",
        given=number(purity),
        fitted=number(value),
        range=interval(low, high),
    )


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
            say(
                "Tumour-only: without a matched normal, rare germline variants can remain among "
                "the somatic ones."
            )
        )
    if not known_purity(root, biomarkers):
        seen = root.node("case").maybe_number("pathology_purity") is not None
        said.append(
            say(
                "The pathologist's purity is a prior of the fit, not a measurement: VAF is not "
                "corrected for it, and copies are not counted."
            )
            if seen
            else say("No purity is known: VAF is not corrected for it, and copies are not counted.")
        )
    said += [] if variants is None else variant_limits(variants)
    borderline = [row.name for row in biomarkers if row.ok and row.certainty_code == "borderline"]
    if borderline:
        said.append(
            say(
                "{names}: the interval spans a cut-off; the class is that of the point value.",
                names=", ".join(borderline),
            )
        )
    across = [row.name for row in biomarkers if row.ok and row.clear_across]
    if across:
        said.append(
            say(
                "{names}: the interval reaches across a cut-off, and the class still counts as "
                "clear: the other class has a probability of at most .05, the interval leaves .025 "
                "on either side.",
                names=", ".join(across),
            )
        )
    said += [
        f"{row.name}: {term(note)}."
        for row in biomarkers
        if row.ok
        for note in notes_of(row, parts)
    ]
    said += structural_limits(root, parts)
    said += detection_limits(root)
    return tuple(said)


def variant_limits(variants: VariantsView) -> list[str]:
    """Return what must be kept in mind of the variants' annotation and filters."""
    said = []
    if not variants.annotated:
        said.append(
            say("The variants are not annotated: no gene, no protein change, no coding burden.")
        )
    elif not variants.knows_hotspots and variants.n_kept:
        said.append(
            say(
                "Hotspots are not annotated: a known driver can stand below variants of higher "
                "impact."
            )
        )
    if variants.own_numbering:
        said.append(
            say(
                "Protein changes are numbered on transcripts that the annotation chose, not on "
                "MANE Select: BRAF p.Val600Glu may read p.Val640Glu (--transcripts sets them)."
            )
        )
    if variants.not_evaluable:
        names = ", ".join(name for name, _ in variants.not_evaluable)
        said.append(say("Filters that this VCF cannot answer: {names}.", names=names))
    return said


def detection_limits(root: Node) -> list[str]:
    """Return what must be said where limits of detection are not known."""
    board = root.maybe_node("board")
    found = board.maybe_node("detection") if board else None
    if found is None:
        return [
            say(
                "Limits of detection were not computed; a variant that is not listed has not been "
                "shown to be absent."
            )
        ]
    reason = found.maybe_text("reason")
    if not reason:
        return []
    return [
        say(
            "Limits of detection are not known: {reason}; a variant that is not listed has not "
            "been shown to be absent.",
            reason=term(reason),
        )
    ]


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
    for text in map(term, root.texts("hints")):
        found = COMMAND.fullmatch(text)
        sentence, command = found.groups() if found else (text, "")
        rows.append(Hint(pieces=tuple(sentence.split("`")), command=command))
    return tuple(rows)
