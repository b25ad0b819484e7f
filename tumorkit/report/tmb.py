"""The chapter on mutational burden: what was counted, in what, and what stands against it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from tumorkit.report.biomarkers import BiomarkerRow, biomarker_row
from tumorkit.report.document import Node, Part
from tumorkit.report.drawing_tmb import Marker, draw_fractions, draw_schemes
from tumorkit.report.language import say, term
from tumorkit.report.listing import Listing, cutoff_listing, file_named
from tumorkit.report.text import UNKNOWN, fixed, number, percent, plural
from tumorkit.report.tmb_tables import (
    FRACTION_STEP,
    counted_tables,
    fractions_table,
    schemes_table,
    territory_table,
    variants_table,
    waterfall_table,
)

# Of an inherited variant at two copies, half of all reads show it.
HETEROZYGOUS = 0.5
EARLY, LATE = 0.1, 0.9
NEVER_SOMATIC = "expected_germline"


@dataclass(frozen=True, kw_only=True)
class TmbView:
    """What the report says of a burden; tables are rows of text."""

    facts: tuple[tuple[str, str], ...]
    drawings: tuple[Markup, ...]
    tables: tuple[Listing, ...]
    variants: Listing | None
    notes: tuple[str, ...]


def tmb_view(part: Part, rows: Iterable[BiomarkerRow], case: Node) -> TmbView | None:
    """Read the burden; None where there is no number to believe or not."""
    own = [row for row in rows if row.part == part.name]
    if part.result is None or not own or not own[0].ok:
        return None
    result, lead = part.result, own[0]
    schemes = [lead, *map(other_scheme, result.nodes("others"))]
    hits = result.nodes("variants")
    steps = shares(hits)
    tables = [
        cutoff_listing(lead),
        schemes_table(result, schemes),
        waterfall_table(result),
        *counted_tables(hits),
        territory_table(result),
        fractions_table(steps) if any(steps) else None,
    ]
    return TmbView(
        facts=facts_of(result, lead, case, hits),
        drawings=tuple(
            filter(
                None,
                (
                    draw_schemes(schemes_drawn(result, schemes)),
                    draw_fractions(steps, FRACTION_STEP, markers_of(result, case)),
                ),
            )
        ),
        tables=tuple(table for table in tables if table is not None),
        variants=variants_table(hits, file_named(part, ".trace.tsv")),
        notes=tuple(result.texts("notes")),
    )


def other_scheme(node: Node) -> BiomarkerRow:
    """Read another scheme's burden as a row of the first table."""
    return biomarker_row(
        Node(
            {
                "name": "TMB", "title": "", "scheme": node.text("scheme"), "part": "tmb",
                "estimate": node.node("tmb").value,
            },
            node.place,
            node.source,
        )
    )  # fmt: skip


def facts_of(
    result: Node, lead: BiomarkerRow, case: Node, hits: Sequence[Node]
) -> tuple[tuple[str, str], ...]:
    """Return value, class, numerator, denominator, and what is done about inherited variants."""
    counted, seen = result.maybe_number("counted"), result.maybe_number("seen")
    said = [
        (say("Burden"), f"{lead.value} ({lead.interval}; {lead.level})"),
        (
            say("Class"),
            lead.phrase if lead.cutoffs else say("none: the scheme names no cut-off"),
        ),
        (say("Scheme"), lead.scheme or UNKNOWN),
        (
            say("Counted"),
            say("{counted} of {seen} alleles", counted=number(counted), seen=number(seen)),
        ),
        (say("Territory"), territory_words(result)),
        (say("Account"), account_words(result)),
        (say("Inherited variants"), germline_words(result, case, hits)),
        (say("Known drivers"), driver_words(result)),
    ]
    return tuple(said)


def territory_words(result: Node) -> str:
    """Return how much was searched, and where that comes from."""
    evidence = result.maybe_node("evidence")
    size = evidence.maybe_number("megabases") if evidence else None
    source = evidence.maybe_text("megabases_source") if evidence else None
    if size is None:
        return UNKNOWN
    return f"{number(size)} Mb" + (f" ({term(source)})" if source else "")


def account_words(result: Node) -> str:
    """Return whether all that came in is counted or rejected.

    >>> account_words(Node({"seen": 5, "counted": 2, "rejected": 3,
    ...     "waterfall": [{"rejected": 3}]}, "", "x"))
    '5 = 2 counted + 3 rejected'
    """
    seen, counted, rejected = (result.maybe_number(key) for key in ("seen", "counted", "rejected"))
    if seen is None or counted is None or rejected is None:
        return say("unknown")
    text = say(
        "{seen} = {counted} counted + {rejected} rejected",
        seen=number(seen),
        counted=number(counted),
        rejected=number(rejected),
    )
    steps = [step.maybe_number("rejected") for step in result.nodes("waterfall")]
    agrees = not steps or sum(value or 0 for value in steps) == rejected
    if seen == counted + rejected and agrees:
        return text
    return say("does not add up: {account}", account=text)


def germline_words(result: Node, case: Node, hits: Sequence[Node]) -> str:
    """Return how inherited variants are kept out, and how many are expected to be left."""
    params, evidence = result.maybe_node("params"), result.maybe_node("evidence")
    somatic = evidence.maybe_number("expected_somatic") if evidence else None
    if somatic is not None and evidence is not None:
        spread = evidence.maybe_number("expected_somatic_sd")
        return say(
            "weighed: {somatic} somatic expected (SD {spread}) of {counted}",
            somatic=number(somatic),
            spread=number(spread),
            counted=number(len(hits)),
        )
    expected = params.maybe_number(NEVER_SOMATIC) if params else None
    if expected:
        spread = params.maybe_number("expected_germline_sd") if params else None
        return say(
            "{expected} (SD {spread}) expected among the counted ones and taken off: a number of "
            "the scheme, not of this case",
            expected=number(expected),
            spread=number(spread),
        )
    tumor_only = case.value.get("tumor_only")
    if tumor_only is True:
        return say("none taken off: whatever passes the rules counts, without a matched normal")
    if tumor_only is False:
        return say("left out by the caller, with the matched normal")
    return say("not known whether there was a matched normal")


def driver_words(result: Node) -> str:
    """Return whether hotspots and known drivers count, and how many were left out."""
    params = result.maybe_node("params")
    if params is None:
        return say("unknown")
    if not params.flag("exclude_hotspots") and not params.texts("suppressor_genes"):
        return say("count like any other, by this scheme")
    untold = result.maybe_number("hotspots_unknown")
    if params.flag("exclude_hotspots") and untold:
        return say(
            "asked to be left out, but not known for {untold} of {counted} counted variants",
            untold=number(untold),
            counted=number(result.maybe_number("counted")),
        )
    found = [
        int(step.maybe_number("rejected") or 0)
        for step in result.nodes("waterfall")
        if step.maybe_text("code") in ("hotspot", "suppressor")
    ]
    return say("{variants} left out", variants=plural(sum(found), "known driver"))


def schemes_drawn(
    result: Node, rows: Sequence[BiomarkerRow]
) -> list[tuple[str, float, float, float, tuple[float, ...]]]:
    """Return name, value, limits and cut-offs of every scheme that has a number."""
    nodes = [result, *(node.node("tmb") for node in result.nodes("others"))]
    drawn = []
    for row, node in zip(rows, nodes, strict=True):
        ends = [node.maybe_number(key) for key in ("value", "low", "high")]
        if not row.ok or None in ends:
            continue
        limits = [cutoff.maybe_number("value") for cutoff in node.nodes("cutoffs")]
        value, low, high = (end or 0.0 for end in ends)
        drawn.append((row.scheme, value, low, high, tuple(x for x in limits if x is not None)))
    return drawn


def shares(hits: Sequence[Node]) -> list[int]:
    """Count variants by fraction, in steps of a twentieth."""
    counts = [0] * round(1 / FRACTION_STEP)
    for hit in hits:
        vaf = hit.maybe_number("vaf")
        if vaf is not None and 0 <= vaf <= 1:
            counts[min(int(vaf / FRACTION_STEP + 1e-9), len(counts) - 1)] += 1
    return counts


def markers_of(result: Node, case: Node) -> list[Marker]:
    """Return the fractions worth marking: the rule's limits, inherited, clonal at this purity."""
    params = result.maybe_node("params")
    found = []
    for key in ("min_vaf", "max_vaf"):
        limit = params.maybe_number(key) if params else None
        if limit is not None:
            found.append(
                Marker(limit, "rule", say("limit of the scheme ({vaf})", vaf=percent(limit)))
            )
    found.append(
        Marker(
            HETEROZYGOUS,
            "germline",
            say("inherited, one of two copies ({vaf})", vaf=percent(HETEROZYGOUS)),
        )
    )
    purity = case.maybe_number("purity")
    if purity is not None and 0 < purity <= 1:
        vaf = purity / 2
        found.append(
            Marker(
                vaf,
                "clonal",
                say(
                    "clonal, one of two copies, purity {purity} ({vaf})",
                    purity=fixed(purity),
                    vaf=percent(vaf),
                ),
            )
        )
    return found
