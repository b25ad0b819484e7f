"""Tables of the chapter on mutational burden."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from tumorkit.report.biomarkers import BiomarkerRow
from tumorkit.report.document import Node
from tumorkit.report.language import say, told
from tumorkit.report.listing import Listing, listing
from tumorkit.report.text import UNKNOWN, allele, number, percent, words
from tumorkit.report.variants import consequence_words

MOST_VARIANTS = 40
FRACTION_STEP = 0.05


def schemes_table(result: Node, rows: Sequence[BiomarkerRow]) -> Listing | None:
    """Return all schemes side by side; None for a single one."""
    if len(rows) < 2:
        return None
    nodes = [result, *result.nodes("others")]
    return listing(
        say("Schemes on the same variants; the first one leads"),
        [
            say("Scheme"), say("Burden"), say("Interval"), say("Class"), say("Counted"),
            say("Seen"), say("Megabases"),
        ],
        [
            (
                row.scheme,
                row.value if row.ok else row.status_words,
                row.interval,
                (row.phrase if row.cutoffs else UNKNOWN) if row.ok else told(row.reason),
                number(node.maybe_number("counted")) if row.ok else UNKNOWN,
                number(node.maybe_number("seen")),
                number(size_of(node)) if row.ok else UNKNOWN,
            )
            for row, node in zip(rows, nodes, strict=True)
        ],
        numeric=[2, 4, 5, 6],
    )  # fmt: skip


def size_of(node: Node) -> float | None:
    """Return the megabases of a scheme."""
    estimate = node.maybe_node("tmb") or node
    evidence = estimate.maybe_node("evidence")
    return evidence.maybe_number("megabases") if evidence else None


def waterfall_table(result: Node) -> Listing | None:
    """Return what every rule rejected of what came to it, from the first allele to the last."""
    steps = [step for step in result.nodes("waterfall") if step.maybe_text("text")]
    if not steps:
        return None
    first = (say("all alleles of the file"), UNKNOWN, UNKNOWN, number(result.maybe_number("seen")))
    return listing(
        say("From all alleles to the counted ones: what each rule asks, and whom it rejects"),
        [say("Asked for"), say("Rejected"), say("of them: field empty"), say("Left")],
        [
            first,
            *(
                (
                    rule_words(step, result.maybe_node("params")),
                    number(step.maybe_number("rejected")),
                    number(step.maybe_number("unknown")),
                    number(step.maybe_number("remaining")),
                )
                for step in steps
            ),
        ],
        numeric=[1, 2, 3],
    )


def rule_words(step: Node, params: Node | None) -> str:
    """Return what a rule asks."""
    kinds = params.texts("kinds") if params else []
    if step.maybe_text("code") == "kind" and kinds:
        return say("kind is one of: {kinds}", kinds=", ".join(map(words, kinds)))
    return told(step.maybe_text("text"))


def kind_of(ref: str, alt: str) -> str:
    """Return the kind of a change.

    >>> kind_of("C", "T"), kind_of("C", "CA"), kind_of("CAG", "C")
    ('SNV', 'insertion', 'deletion')
    """
    if len(ref) == len(alt):
        return say("SNV") if len(ref) == 1 else say("several bases exchanged")
    return say("insertion") if len(alt) > len(ref) else say("deletion")


def first_effect(hit: Node) -> str:
    """Return the first of a variant's effects, in words; empty where nobody annotated."""
    return consequence_words((hit.maybe_text("consequence") or "").split("&")[0])


def counted_tables(hits: Sequence[Node]) -> list[Listing]:
    """Return the counted variants by effect and by kind."""
    if not hits:
        return []
    effects = Counter(first_effect(hit) or say("not annotated") for hit in hits)
    kinds = Counter(kind_of(hit.text("ref"), hit.text("alt")) for hit in hits)
    tables = []
    for caption, column, found in (
        (say("Counted variants by effect"), say("Effect"), effects),
        (say("Counted variants by kind"), say("Kind"), kinds),
    ):
        ranked = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
        tables.append(
            listing(
                caption,
                [column, say("Variants"), say("Share")],
                [(name, number(n), percent(n / len(hits))) for name, n in ranked],
                numeric=[1, 2],
            )
        )
    return tables


def territory_table(result: Node) -> Listing | None:
    """Return how the territory came to be, and what each step left out."""
    steps = result.nodes("territory")
    if not steps:
        return None
    rows, before = [], None
    for step in steps:
        size = step.maybe_number("megabases")
        out = UNKNOWN if before is None or size is None else number(before - size)
        rows.append((told(step.maybe_text("text")), number(size), out))
        before = size
    return listing(
        say("Territory that the count is divided by"),
        [say("Step"), say("Megabases"), say("Left out")],
        rows,
        numeric=[1, 2],
    )


def fractions_table(counts: Sequence[int]) -> Listing:
    """Return the drawing of fractions in numbers."""
    return listing(
        say("Counted variants by allele fraction"),
        [say("VAF from"), say("to"), say("Variants")],
        [
            (percent(at * FRACTION_STEP), percent((at + 1) * FRACTION_STEP), number(count))
            for at, count in enumerate(counts)
            if count
        ],
        numeric=[0, 1, 2],
        folded=True,
    )


def variants_table(hits: Sequence[Node], file: str) -> Listing | None:
    """Return the counted variants, those with the fewest reads first: they are the least sure."""
    if not hits:
        return None
    weighed = any(hit.maybe_number("p_somatic") is not None for hit in hits)
    ranked = sorted(
        hits,
        key=lambda hit: (
            value if weighed and (value := hit.maybe_number("p_somatic")) is not None else 2.0,
            hit.maybe_number("alt_depth") if hit.maybe_number("alt_depth") is not None else 1e9,
        ),
    )
    shown = ranked[:MOST_VARIANTS]
    order = say("least likely somatic first") if weighed else say("fewest reads first")
    return listing(
        say("Counted variants, {order}", order=order),
        [
            say("Gene"), say("Position"), say("Change"), say("Effect"), say("VAF"),
            say("Alt / all"), *([say("P(somatic)")] if weighed else []),
        ],
        [
            (
                hit.maybe_text("gene") or say("no gene"),
                f"{hit.text('contig')}:{hit.count('pos')}",
                f"{allele(hit.text('ref'))}>{allele(hit.text('alt'))}",
                first_effect(hit) or UNKNOWN,
                percent(hit.maybe_number("vaf")),
                f"{number(hit.maybe_number('alt_depth'))} / {number(hit.maybe_number('depth'))}",
                *([number(hit.maybe_number("p_somatic"))] if weighed else []),
            )
            for hit in shown
        ],
        numeric=[4, 5, 6],
        folded=True,
        left_out=""
        if len(shown) == len(hits)
        else say(
            "{shown} of {total} shown; all of them, and all rejected ones with their reasons, "
            "are in {file}",
            shown=number(len(shown)),
            total=number(len(hits)),
            file=file,
        ),
    )  # fmt: skip
