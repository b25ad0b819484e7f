"""The chapter on microsatellites: how many are unstable, which were read, how far they moved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from tumorkit.report.biomarkers import BiomarkerRow
from tumorkit.report.document import Node, Part
from tumorkit.report.drawing_msi import draw_lengths, draw_moved, draw_share
from tumorkit.report.language import say, term, told
from tumorkit.report.listing import Listing, cutoff_listing, file_named, input_name, listing
from tumorkit.report.text import UNKNOWN, fixed, interval, number, percent, words

CALLS = {"unstable": "unstable", "stable": "stable", "undetermined": "cannot be told"}


@dataclass(frozen=True, kw_only=True)
class MsiView:
    """What the report says of microsatellites; tables are rows of text."""

    facts: tuple[tuple[str, str], ...]
    drawings: tuple[Markup, ...]
    loci: tuple[Markup, ...]
    clearest: Listing | None
    lengths: Listing | None
    tables: tuple[Listing, ...]
    notes: tuple[str, ...]


def msi_view(part: Part, rows: Iterable[BiomarkerRow]) -> MsiView | None:
    """Read the score; None where there is no number to believe or not."""
    own = [row for row in rows if row.part == part.name]
    if part.result is None or not own or not own[0].ok:
        return None
    result, lead = part.result, own[0]
    clearest, moved = result.nodes("clearest"), result.nodes("moved")
    tables = [
        cutoff_listing(lead),
        sites_table(result),
        reads_table(result),
        peers_table(result),
        moved_table(result, moved),
    ]
    paired = result.flag("paired")
    drawings = (draw_share(result), draw_moved(moved, against_words(result)))
    return MsiView(
        facts=facts_of(result, lead),
        drawings=tuple(filter(None, drawings)),
        loci=tuple(
            draw_lengths(f"msi-locus-{at}", locus_words(node), node.nodes("lengths"), paired=paired)
            for at, node in enumerate(clearest, 1)
        ),
        clearest=clearest_table(clearest, file_named(part, ".sites.tsv")),
        lengths=lengths_table(clearest, paired=paired),
        tables=tuple(table for table in tables if table is not None),
        notes=tuple(result.texts("notes")),
    )


def facts_of(result: Node, lead: BiomarkerRow) -> tuple[tuple[str, str], ...]:
    """Return share, class, loci, what they were held against, and what would have been seen."""
    share = percent(result.maybe_number("value"))
    low, high = percent(result.maybe_number("low")), percent(result.maybe_number("high"))
    usable, listed = result.maybe_number("usable"), result.maybe_number("listed")
    unstable, unsure = result.maybe_number("unstable"), result.maybe_number("undetermined")
    return (
        (say("Share of unstable loci"), f"{share} ({low} {say('to')} {high}; {lead.level})"),
        (say("Class"), lead.phrase or say("none: no cut-off")),
        (
            say("Loci used"),
            say("{usable} of {listed} listed", usable=number(usable), listed=number(listed)),
        ),
        (
            say("Called unstable"),
            say(
                "{unstable}; {unsure} cannot be told", unstable=number(unstable),
                unsure=number(unsure),
            ),
        ),
        (say("Held against"), against_words(result)),
        (say("Median depth"), depth_words(result)),
        (say("Fragments that tell a length"), fragments_words(result)),
        (say("Would be seen from"), limit_words(result)),
    )  # fmt: skip


def against_words(result: Node) -> str:
    """Return what the tumour's lengths were held against."""
    baseline = input_name(result, "baseline")
    beside = say("baseline {file}", file=baseline) if baseline else ""
    if result.flag("paired"):
        normal = input_name(result, "normal") or ""
        said = say("the matched normal {file}", file=normal).strip()
    else:
        said = "" if beside else say("the reference, with the stutter of this sample; no normal")
    return "; ".join(filter(None, (said, beside)))


def depth_words(result: Node) -> str:
    """Return the median depth of the loci used, and the normal's."""
    tumor, normal = (result.maybe_number(key) for key in ("median_depth", "normal_median_depth"))
    text = f"{number(tumor)}×"
    if result.flag("paired"):
        text += ", " + say(
            "normal {depth}", depth=UNKNOWN if normal is None else f"{number(normal)}×"
        )
    return text


def fragments_words(result: Node) -> str:
    """Return how many fragments told a length."""
    own, normal = result.maybe_number("votes"), result.maybe_number("normal_votes")
    text = number(own)
    return text if normal is None else f"{text}, {say('normal {count}', count=number(normal))}"


def limit_words(result: Node) -> str:
    """Return the smallest share of shifted reads, and the purity, at which a locus would show."""
    fraction = result.maybe_number("detectable_fraction")
    if fraction is None:
        return say("unknown")
    text = say("{share} of a locus' reads shifted by one unit", share=percent(fraction))
    purity = result.maybe_number("detectable_purity")
    if purity is not None:
        text += "; " + say(
            "that is a purity of {purity}, where one of two copies shifts", purity=percent(purity)
        )
    return text


def locus_words(node: Node) -> str:
    """Return a locus with its repeat.

    >>> locus_words(Node({"contig": "chr1", "location": 99, "unit": "A", "repeats": 21}, "", "x"))
    'chr1:100 (A)21'
    """
    place = f"{node.text('contig')}:{node.count('location') + 1}"
    return f"{place} ({node.text('unit')}){node.count('repeats')}"


def units_words(shift: float | None) -> str:
    """Return how many units shifted reads lost or gained."""
    if shift is None:
        return UNKNOWN
    said = say("{units} lost") if shift < 0 else say("{units} gained")
    return said.format(units=fixed(abs(shift), 1))


def clearest_table(nodes: Sequence[Node], file: str) -> Listing | None:
    """Return the loci most likely to be unstable."""
    if not nodes:
        return None
    unstable = any(node.maybe_text("call") == "unstable" for node in nodes)
    return listing(
        say("The loci most likely to be unstable")
        if unstable
        else say("The loci that moved most; none of them is unstable"),
        [
            say("Locus"), say("Fragments"), say("Normal's"), say("Shifted reads"),
            say("Units of shifted reads"), say("P(unstable)"), say("Call"),
        ],
        [
            (
                locus_words(node),
                number(node.maybe_number("depth")),
                number(node.maybe_number("normal_depth")),
                *shift_cells(node),
                number(node.maybe_number("probability")),
                term(CALLS.get(node.maybe_text("call") or "", UNKNOWN)),
            )
            for node in nodes
        ],
        numeric=[1, 2, 3, 5],
        left_out=say("all loci, with their lengths, are in {file}", file=file),
    )  # fmt: skip


def shift_cells(node: Node) -> tuple[str, str]:
    """Return share and size of a shift; of a stable locus neither was seen."""
    if node.maybe_text("call") == "stable":
        return UNKNOWN, UNKNOWN
    return percent(node.maybe_number("fraction")), units_words(node.maybe_number("shift"))


def lengths_table(nodes: Sequence[Node], *, paired: bool) -> Listing | None:
    """Return the drawn lengths in numbers."""
    if not nodes:
        return None
    return listing(
        say("Lengths of these loci, in fragments"),
        [
            say("Locus"), say("Units"), say("Tumour"), *([say("Normal")] if paired else []),
            say("By stutter alone"),
        ],
        [
            (
                locus_words(node),
                number(row.maybe_number("units")),
                number(row.maybe_number("tumor")),
                *([number(row.maybe_number("normal"))] if paired else []),
                percent(row.maybe_number("stutter")),
            )
            for node in nodes
            for row in node.nodes("lengths")
        ],
        numeric=[1, 2, 3, 4],
        folded=True,
    )  # fmt: skip


def counts_of(result: Node, key: str) -> Mapping[str, float]:
    """Return counts by reason."""
    found = result.maybe_node(key)
    return {} if found is None else {k: found.maybe_number(k) or 0 for k in found.value}


def sites_table(result: Node) -> Listing:
    """Return the account of the loci: listed ones are used or left out for a reason."""
    lost = counts_of(result, "lost_sites")
    usable, listed = result.maybe_number("usable"), result.maybe_number("listed")
    agrees = usable is not None and listed == usable + sum(lost.values())
    return listing(
        say("Loci: every listed one is used or left out")
        if agrees
        else say("Loci: the account does not add up"),
        [say("What became of them"), say("Loci")],
        [
            (say("listed"), number(listed)),
            *((told(reason), number(count)) for reason, count in lost.items()),
            (say("used"), number(usable)),
        ],
        numeric=[1],
    )


def reads_table(result: Node) -> Listing | None:
    """Return alignments at the loci that told no length, by reason."""
    tumor, normal = counts_of(result, "lost_reads"), counts_of(result, "normal_lost_reads")
    reasons = [name for name in tumor if tumor[name] or normal.get(name)]
    if not reasons:
        return None
    return listing(
        say("Alignments at the loci that tell no length"),
        [say("Reason"), say("Tumour"), *([say("Normal")] if normal else [])],
        [
            (words(name), number(tumor[name]), *([number(normal.get(name))] if normal else []))
            for name in reasons
        ],
        numeric=[1, 2],
    )


def peers_table(result: Node) -> Listing | None:
    """Return the scores of another program's formula on the same counts."""
    nodes = result.nodes("peers")
    if not nodes:
        return None
    rows = []
    for node in nodes:
        score = node.node("score")
        value = score.maybe_number("value")
        rows.append(
            (
                node.text("name"),
                told(score.maybe_text("reason"))
                if value is None
                else f"{number(value)} {score.maybe_text('unit') or ''}".strip(),
                f"{number(node.maybe_number('unstable'))} / {number(node.maybe_number('sites'))}",
                score.maybe_text("call") or UNKNOWN,
            )
        )
    return listing(
        say("The same counts by another program's formula"),
        [say("Formula"), say("Score"), say("Unstable / loci"), say("Class")],
        rows,
        numeric=[2],
    )


def moved_table(result: Node, nodes: Sequence[Node]) -> Listing | None:
    """Return the drawing of all loci in numbers."""
    calls = ("stable", "undetermined", "unstable")
    rows = [node for node in nodes if any(node.maybe_number(call) for call in calls)]
    if not rows:
        return None
    return listing(
        say("All used loci by how far their mean length moved ({against})",
            against=against_words(result)),
        [say("Units moved"), *(term(CALLS[call]) for call in calls)],
        [
            (
                interval(node.maybe_number("low"), node.maybe_number("high")),
                *(number(node.maybe_number(call)) for call in calls),
            )
            for node in rows
        ],
        numeric=[1, 2, 3],
        folded=True,
    )  # fmt: skip
