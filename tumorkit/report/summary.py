"""The report in a few lines, for a terminal."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from tumorkit.contract.summary import Summary
from tumorkit.contract.visible import visible
from tumorkit.report import page_one
from tumorkit.report.biomarkers import biomarker_row, class_phrase, main_cutoff
from tumorkit.report.consent import without_germline
from tumorkit.report.copy_number import copy_number_view
from tumorkit.report.document import Node, Part, open_document, read_parts
from tumorkit.report.html import DEFAULT_SOURCE
from tumorkit.report.negatives import asked_genes
from tumorkit.report.params import ReportParams
from tumorkit.report.purity import used_note
from tumorkit.report.ranking import OTHER_IMPACT
from tumorkit.report.signatures import signatures_view
from tumorkit.report.structural import event_notes, structural_view
from tumorkit.report.text import listed
from tumorkit.report.variants import variants_view
from tumorkit.report.verdicts import judged, verdict_views

MOST_NAMES = 8


def summarize_report(document: Mapping[str, Any], *, source: str = DEFAULT_SOURCE) -> Summary:
    """Return biomarkers as rows, and variants, copy number and gaps as notes.

    Variants that are probably germline are in none of them.
    """
    open_document(document, source)
    document = without_germline(document, source)
    root = open_document(document, source)
    parts = read_parts(root)
    case = root.node("case")
    nodes = root.nodes("biomarkers", required=True)
    rows = [biomarker_row(node) for node in nodes]
    said = [page_one.design(case), root.maybe_text("build"), case.maybe_text("tumor_type")]
    return Summary(
        title=visible(f"{root.text('sample')}: {', '.join(filter(None, said))}"),
        columns=("biomarker", "value", "interval", "class", "status"),
        rows=tuple(
            tuple(
                visible(cell)
                for cell in (
                    row.name,
                    row.value if row.ok else "",
                    row.interval if row.ok else "",
                    plain_phrase(node) if row.ok else "",
                    row.status_words + (f": {row.reason}" if row.reason else ""),
                )
            )
            for row, node in zip(rows, nodes, strict=True)
        ),
        notes=tuple(
            visible(note)
            for note in (
                *filter(None, [used_note(case.value)]),
                *variant_notes(parts, asked_genes(root)),
                *copy_number_notes(parts, purity=page_one.known_purity(root, rows)),
                *event_notes(structural_view(root, parts, ReportParams()), parts),
                *signature_notes(parts, root.text("sample")),
                *verdict_notes(document),
                *(
                    f"{part.title}: {part.status_words}: {part.reason}"
                    for part in page_one.not_assessed(parts, rows)
                ),
                *root.texts("hints"),
            )
        ),
    )


def plain_phrase(node: Node) -> str:
    """Return the class with its certainty, in characters that every terminal has."""
    estimate = node.node("estimate")
    cutoff = main_cutoff(estimate, estimate.nodes("cutoffs"))
    return class_phrase(estimate, cutoff, at_least=">=")


def variant_notes(parts: Mapping[str, Part], asked: Collection[str]) -> list[str]:
    """Return how many variants passed, and the genes of those that change a protein."""
    view = variants_view(parts["variants"], ReportParams(), asked=asked)
    if view is None:
        return []
    genes = list(
        dict.fromkeys(row.gene for row in view.kept if row.annotated and row.rank < OTHER_IMPACT)
    )
    named = f"; protein-changing in {listed(genes, MOST_NAMES)}" if genes else ""
    return [f"Variants: {view.counts or f'{view.n_kept} passed'}{named}"]


def copy_number_notes(parts: Mapping[str, Part], *, purity: bool) -> list[str]:
    """Return the leading copy-number events."""
    view = copy_number_view(parts["copy_number"], purity=purity, params=ReportParams())
    if view is None:
        return []
    events = [f"{row.genes} {row.state}" for row in view.leading]
    doubtful = [note for note in view.notes if note.startswith("solutions of purity")]
    return [f"Copy number: {'; '.join(events[:MOST_NAMES]) or 'no focal event'}", *doubtful]


def verdict_notes(document: Mapping[str, Any]) -> list[str]:
    """Return the verdicts on repair that were reached, each with the lines that carry it."""
    given = (document.get("board") or {}).get("verdicts") or judged(document)
    found = verdict_views(Node({"board": {"verdicts": given}}, "", DEFAULT_SOURCE))
    return [
        f"{view.title}: {view.word} ({view.carried_by or view.because})"
        for view in found
        if view.telling
    ]


def signature_notes(parts: Mapping[str, Part], sample: str) -> list[str]:
    """Return the processes behind the mutations, where a table explained them."""
    part = parts["signatures"]
    view = signatures_view(part, sample)
    return [] if view is None else [f"{part.title}: {view.headline}"]
