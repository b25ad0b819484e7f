"""A difference in words: lines for an amended report, rows of a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tumorkit.contract.summary import Summary
from tumorkit.contract.visible import visible
from tumorkit.report.diff.result import (
    CHANGES,
    BiomarkerChange,
    Cause,
    EventChange,
    GeneChange,
    ReportDiffResult,
    Side,
    TierChange,
    VariantChange,
)
from tumorkit.report.export.case import clean

KINDS = {
    "input": "another input",
    "threshold": "another setting",
    "knowledge": "other knowledge",
    "version": "another version of the software",
    "purity": "another purity",
    "several": "several causes that cannot be told apart",
    "unknown": "no cause is recorded",
}
DIGEST = 64
SHORT = 8
MOST_CAUSES = 6


def amendment_lines(
    biomarkers: Iterable[BiomarkerChange],
    variants: Iterable[VariantChange],
    genes: Iterable[GeneChange],
    tiers: Iterable[TierChange],
    events: Iterable[EventChange],
    causes: Sequence[Cause],
) -> tuple[str, ...]:
    """Return what an amended report says of its changes, the gravest first."""
    lines = [
        f"{item.name}: {side_words(item.old)} before, {side_words(item.new)} now "
        f"({KINDS[item.cause]})"
        for item in biomarkers
    ]
    for variant in variants:
        if variant.change in ("added", "lost", "class"):
            said = {"added": "new", "lost": "no longer reported", "class": "class changed"}
            told = [f"{f.name} {f.old or '-'} to {f.new or '-'}" for f in variant.fields]
            detail = variant.why if variant.change != "class" else ", ".join(told)
            end = f": {detail}" if detail else ""
            lines.append(
                f"{variant_name(variant)}: {said[variant.change]}{end} ({KINDS[variant.cause]})"
            )
    lines += [
        f"{gene.gene}: {gene.old or 'not measured'} before, {gene.new or 'not measured'} now "
        f"({KINDS[gene.cause]})"
        for gene in genes
    ]
    lines += [
        f"{item.gene} {item.alteration}: {item.old or 'no tier or class'} before, "
        f"{item.new or 'no tier or class'} now ({KINDS[item.cause]})"
        for item in tiers
    ]
    lines += [
        f"{item.name}: {item.old or 'not reported'} before, {item.new or 'not reported'} now "
        f"({KINDS[item.cause]})"
        for item in events
        if item.change in ("added", "lost")
    ]
    if lines and causes:
        lines.append(f"What differs: {cause_words(causes)}")
    return tuple(visible(line) for line in lines)


def side_words(side: Side | None) -> str:
    """Return a biomarker of one profile in a few words."""
    if side is None:
        return "not listed"
    if side.status != "ok":
        return side.status.replace("_", " ")
    value = "" if side.value is None else f"{side.value:.4g} {side.unit}".strip()
    ends = "" if side.low is None or side.high is None else f" ({side.low:.4g} to {side.high:.4g})"
    return ", ".join(filter(None, (f"{value}{ends}", side.call)))


def variant_name(item: VariantChange) -> str:
    """Return gene and change of a variant, its place where they are not known."""
    place = f"{item.contig}:{item.pos} {item.ref}>{item.alt}"
    protein = (item.hgvsp or "").rpartition(":")[2]
    return " ".join(filter(None, (item.gene, protein, f"({place})" if item.gene else place)))


def cause_words(causes: Sequence[Cause]) -> str:
    """Return causes in one line: names, and values where they are short."""
    said = [f"{c.name} {shortened(c.old)} to {shortened(c.new)}" for c in causes[:MOST_CAUSES]]
    more = f" and {len(causes) - MOST_CAUSES} more" if len(causes) > MOST_CAUSES else ""
    return "; ".join(said) + more


def shortened(text: str) -> str:
    """Return a text with its digest cut short.

    >>> shortened("T1.vcf.gz " + "a1" * 32), shortened("")
    ('T1.vcf.gz a1a1a1a1', 'none')
    """
    words = [word[:SHORT] if len(word) == DIGEST else word for word in text.split(" ")]
    return " ".join(words)[:60] or "none"


def rows_of(result: ReportDiffResult) -> list[dict[str, str]]:
    """Return one row a change."""
    rows = []
    for marker in result.biomarkers:
        rows.append(
            row("biomarker", marker.name, marker.change, side_words(marker.old),
                side_words(marker.new), marker.cause, marker.causes)
        )  # fmt: skip
    for item in result.variants:
        old, new = variant_sides(item)
        name = variant_name(item)
        rows.append(row("variant", name, item.change, old, new, item.cause, item.causes))
    for tier in result.tiers:
        name = f"{tier.gene} {tier.alteration}"
        sides = tier.old or "none", tier.new or "none"
        rows.append(row("tier", name, "class", *sides, tier.cause, tier.causes))
    for event in result.events:
        sides = event.old or "not reported", event.new or "not reported"
        rows.append(row("event", event.name, event.change, *sides, event.cause, event.causes))
    for gene in result.genes:
        sides = gene.old or "not measured", gene.new or "not measured"
        rows.append(row("gene", gene.gene, "state", *sides, gene.cause, gene.causes))
    return rows


def variant_sides(item: VariantChange) -> tuple[str, str]:
    """Return a variant before and now."""
    if item.change == "added":
        return item.why or "not reported", "reported"
    if item.change == "lost":
        return "reported", item.why or "not reported"
    told = [(f"{f.name} {f.old or '-'}", f"{f.name} {f.new or '-'}") for f in item.fields]
    return ", ".join(old for old, _ in told), ", ".join(new for _, new in told)


def row(
    what: str, name: str, change: str, old: str, new: str, cause: str, causes: Sequence[Cause]
) -> dict[str, str]:
    """Return a row of the table of changes."""
    told = cause_words(causes)
    values = (what, name, change, old, new, cause, told)
    return dict(zip(CHANGES.names, (clean(text) for text in values), strict=True))


def summary_of(result: ReportDiffResult) -> Summary:
    """Return the short table: every change with its cause."""
    rows = rows_of(result)
    names = ("what", "name", "change", "old", "new", "cause")
    outcome = "a class, tier, variant or state changed" if result.clinical else "no class changed"
    if result.empty:
        outcome = "nothing changed"
    notes = [f"variants: {result.shared} in both, {result.added} new, {result.lost} lost"]
    if result.causes:
        notes.append(f"what differs: {visible(cause_words(result.causes))}")
    return Summary(
        title=visible(f"{result.sample}: {outcome}"),
        columns=names,
        rows=tuple(tuple(visible(item[name]) for name in names) for item in rows),
        notes=(*notes, *result.notes),
    )
