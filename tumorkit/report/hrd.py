"""The chapter on scars of failed repair: their number, where they lie, where none could be seen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from tumorkit.report.biomarkers import BiomarkerRow, biomarker_row
from tumorkit.report.document import Node, Part
from tumorkit.report.drawing_hrd import draw_genome, draw_sum
from tumorkit.report.language import say, term, told
from tumorkit.report.listing import Listing, cutoff_listing, file_named, listing
from tumorkit.report.text import UNKNOWN, fixed, number, percent, plural

KINDS = {
    "loh": "Loss of heterozygosity (LOH), over 15 Mb",
    "tai": "Telomeric allelic imbalance (TAI)",
    "lst": "Large-scale state transitions (LST)",
}
MEASURES = {
    **KINDS,
    "sum": "HRD sum",
    "genomic_loh": "Genome in LOH",
    "normalized_lst": "LST less 3.5 per doubling",
    "adjusted_lst": "LST less 15.5 times the ploidy",
}
MOST_SCARS = 120


@dataclass(frozen=True, kw_only=True)
class HrdView:
    """What the report says of scars; tables are rows of text."""

    facts: tuple[tuple[str, str], ...]
    drawings: tuple[Markup, ...]
    genome: tuple[Markup, ...]
    tables: tuple[Listing, ...]
    scars: Listing | None
    silent: tuple[str, ...]
    notes: tuple[str, ...]


def hrd_view(part: Part, rows: Iterable[BiomarkerRow]) -> HrdView | None:
    """Read the scars; None where there is no number to believe or not."""
    own = [row for row in rows if row.part == part.name]
    if part.result is None or not own or not own[0].ok:
        return None
    result, lead = part.result, own[0]
    arms, scars = result.nodes("arms"), result.nodes("scars")
    tables = [
        measures_table(result),
        cutoff_listing(lead),
        arms_table(arms),
        solutions_table(result.nodes("solutions")),
    ]
    return HrdView(
        facts=facts_of(result, lead, arms),
        drawings=tuple(filter(None, [draw_sum(result.node("sum"), result.nodes("presets"))])),
        genome=draw_genome(arms, scars),
        tables=tuple(table for table in tables if table is not None),
        scars=scars_table(scars, arms, file_named(part, ".scars.tsv")),
        silent=silent_of(),
        notes=tuple(result.texts("notes")),
    )


def facts_of(result: Node, lead: BiomarkerRow, arms: Sequence[Node]) -> tuple[tuple[str, str], ...]:
    """Return the sum, its class, and what could be seen of the genome."""
    return (
        (
            say("HRD sum"),
            f"{lead.value} ({lead.interval}; {lead.level})"
            if lead.level
            else f"{lead.value} ({say('no interval')})",
        ),
        (say("Class"), class_words(result, lead)),
        (say("Grey zone"), grey_words(result)),
        (say("Evaluable"), evaluable_words(result, arms)),
        (say("Purity used"), purity_words(result)),
        (say("Ploidy used"), fixed(result.maybe_number("ploidy"))),
        (say("Genome doubled"), doubled_words(result)),
        (say("Rule of counting"), rule_words(result)),
    )


def class_words(result: Node, lead: BiomarkerRow) -> str:
    """Return the class by each cut-off, or that none was named."""
    call = result.node("sum").maybe_text("call")
    if not lead.cutoffs:
        return say("none: no cut-off was named for this assay")
    return term(call or UNKNOWN)


def grey_words(result: Node) -> str:
    """Return the zone in which another run of the same library may give another class."""
    said = []
    for preset in result.nodes("presets"):
        low, high = preset.maybe_number("grey_low"), preset.maybe_number("grey_high")
        name = preset.maybe_text("name") or ""
        if low is not None and high is not None:
            said.append(
                say("{low} to {high} ({name})", low=number(low), high=number(high), name=name)
            )
        else:
            said.append(say("none published ({name})", name=name))
    return "; ".join(said) or say("none: no cut-off was named for this assay")


def evaluable_words(result: Node, arms: Sequence[Node]) -> str:
    """Return the share of the autosomes on which scars could be seen."""
    seen = sum(arm.flag("evaluable") for arm in arms)
    return say(
        "{share} of the autosomes, {seen} of {arms}",
        share=percent(result.maybe_number("evaluable")),
        seen=number(seen),
        arms=plural(len(arms), "arm"),
    )


def purity_words(result: Node) -> str:
    """Return the purity behind the copies."""
    solutions = result.nodes("solutions")
    if not solutions:
        return say("none: copies as the segments give them")
    text = fixed(solutions[0].maybe_number("purity"))
    if len(solutions) > 1:
        text += ", " + say("the best of {solutions}", solutions=plural(len(solutions), "solution"))
    return text


def doubled_words(result: Node) -> str:
    """Return whether the genome was doubled."""
    if result.value.get("doubled") is None:
        return say("unknown")
    return say("yes") if result.flag("doubled") else say("no")


def rule_words(result: Node) -> str:
    """Return whose rule the estimates follow, and what the other one counts."""
    other = result.maybe_node("scarhrd")
    rule = result.maybe_text("compat") or say("total copies")
    if other is None:
        return rule
    return say(
        "{rule}; by scarHRD's text mode the sum is {sum}, on all arms",
        rule=rule,
        sum=number(other.maybe_number("sum")),
    )


def measures_table(result: Node) -> Listing:
    """Return every measure with its interval, and the plain count on evaluable arms."""
    rows = []
    for key, title in MEASURES.items():
        node = result.maybe_node(key)
        if node is None:
            continue
        row = biomarker_row(Node({"name": key, "estimate": node.value}, node.place, node.source))
        evidence = node.maybe_node("evidence")
        counted = evidence.maybe_number("counted") if evidence and row.ok else None
        rows.append(
            (term(title), row.value if row.ok else told(row.reason), row.interval, number(counted))
        )
    return listing(
        say("Scars by kind; scaled to all autosomes where some arms are not evaluable"),
        [say("Measure"), say("Value"), say("Interval"), say("Counted on evaluable arms")],
        rows,
        numeric=[2, 3],
    )


def arms_table(arms: Sequence[Node]) -> Listing | None:
    """Return the arms on which no scar could be seen, with the reason."""
    closed = [arm for arm in arms if not arm.flag("evaluable")]
    if not closed:
        return None
    return listing(
        say("Arms that are not evaluable: a scar there is not seen, and not ruled out"),
        [say("Arm"), say("Length, Mb"), say("Alleles known, Mb"), say("Reason")],
        [
            (
                arm.text("contig") + arm.text("arm"),
                megabases(arm.maybe_number("length")),
                megabases(arm.maybe_number("known")),
                told(arm.maybe_text("reason")),
            )
            for arm in closed
        ],
        numeric=[1, 2],
        folded=len(closed) > 8,
    )


def solutions_table(solutions: Sequence[Node]) -> Listing | None:
    """Return what every solution of purity and ploidy would count; None for a single one."""
    if len(solutions) < 2:
        return None
    return listing(
        say("Scars if another solution of purity and ploidy holds, on all arms"),
        [
            say("Rank"), say("Purity"), say("Ploidy"), say("Weight"), "LOH", "TAI", "LST",
            say("Sum"),
        ],
        [
            (
                str(rank),
                *(fixed(node.maybe_number(key)) for key in ("purity", "ploidy", "weight")),
                *(number(node.maybe_number(key)) for key in ("loh", "tai", "lst", "sum")),
            )
            for rank, node in enumerate(solutions, 1)
        ],
        numeric=range(1, 8),
    )  # fmt: skip


def megabases(bases: float | None) -> str:
    """Return bases in megabases, with one decimal."""
    return UNKNOWN if bases is None else fixed(bases / 1e6, 1)


def scars_table(scars: Sequence[Node], arms: Sequence[Node], file: str) -> Listing | None:
    """Return every scar with its place."""
    if not scars:
        return None
    closed = {arm.text("contig") + arm.text("arm") for arm in arms if not arm.flag("evaluable")}
    shown = scars[:MOST_SCARS]
    return listing(
        say("{scars} with their places, 0-based", scars=plural(len(scars), "scar")),
        [
            say("Kind"), say("Region"), say("Arm"), say("Length, Mb"),
            say("Copies, major + minor"), say("Counted"),
        ],
        [
            (
                scar.text("kind"),
                f"{scar.text('contig')}:{scar.count('start')}-{scar.count('end')}",
                scar.text("arm"),
                megabases(scar.count("end") - scar.count("start")),
                scar.maybe_text("state") or UNKNOWN,
                say("yes")
                if any(scar.text("contig") + arm not in closed for arm in scar.text("arm"))
                else say("no: its arm is not evaluable"),
            )
            for scar in shown
        ],
        numeric=[3],
        folded=True,
        left_out=""
        if len(shown) == len(scars)
        else say(
            "{shown} of {total} shown; all are in {file}",
            shown=number(len(shown)),
            total=number(len(scars)),
            file=file,
        ),
    )  # fmt: skip


def silent_of() -> tuple[str, ...]:
    """Return what a number of scars does not say, whatever it is."""
    return (
        say(
            "Scars stay: a tumour that has regained repair keeps them, so the sum tells of the "
            "past and not of repair today."
        ),
        say(
            "It names no gene: whether BRCA1, BRCA2 or another is lost is told by variants, "
            "copies and methylation, and methylation is not assessed here."
        ),
        say(
            "Every cut-off belongs to its assay and tumour type; another panel's markers see "
            "other scars."
        ),
        say(
            "Low purity, few heterozygous SNPs and a doubled genome change what is seen: a low "
            "sum on part of the genome rules nothing out."
        ),
    )
