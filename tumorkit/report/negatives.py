"""Genes that were looked for: found, not found, with gaps, or not to be evaluated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tumorkit.genome.structural import StructuralEvent
from tumorkit.report.board.loci import unreadable
from tumorkit.report.board.tables import AMPLIFICATION, CLASSES, DELETION, FUSION, VARIANT
from tumorkit.report.document import Node, Part
from tumorkit.report.language import say, told
from tumorkit.report.looked_for import in_rna, who
from tumorkit.report.ranking import KEPT, OTHER_IMPACT, effect_rank, verdict_of
from tumorkit.report.region import NO_EVENT, state_and_level
from tumorkit.report.structural import (
    EventRow,
    event_row,
    imported,
    imported_part,
    in_normal,
    rearranged,
)
from tumorkit.report.text import UNKNOWN, listed, number, percent, words
from tumorkit.report.variants import is_germline

FOUND, NEGATIVE, GAPS, UNKNOWN_COVERAGE = "found", "negative", "gaps", "unknown_coverage"
NOT_EVALUABLE, NOT_ASSESSED = "not_evaluable", "not_assessed"
# Looked for in DNA alone, where not finding a fusion says less than in RNA.
WEAK_NEGATIVE = "weak_negative"
HIGH = ("amplification", "high gain (log2)")
MOST_CHANGES = 3
# Answers whose detail is of one gene; that of others is a reason that genes may share.
OWN_DETAIL = (FOUND, GAPS, NEGATIVE, UNKNOWN_COVERAGE)
DEEP = ("homozygous deletion", "deep loss (log2)")


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What is said of one gene and one class of change."""

    gene: str
    kind: str
    outcome: str
    detail: str
    share: float | None = None


@dataclass(frozen=True, kw_only=True)
class Group:
    """Genes of a class with the same outcome; the reason is theirs in common, if there is one."""

    outcome: str
    genes: tuple[tuple[str, str], ...]
    reason: str


@dataclass(frozen=True, kw_only=True)
class ClassView:
    """One class of change: its name and its genes by outcome."""

    title: str
    groups: tuple[Group, ...]


@dataclass(frozen=True, kw_only=True)
class CoverageRow:
    """Depth of a gene, as texts."""

    gene: str
    size: str
    share: str
    share_value: float
    median: str
    lowest: str
    gaps: tuple[str, ...]
    left_out: int


@dataclass(frozen=True, kw_only=True)
class NegativesView:
    """What was looked for, for page one and for the table of genes."""

    classes: tuple[ClassView, ...]
    answers: tuple[Answer, ...]
    coverage: tuple[CoverageRow, ...]
    caption: str
    note: str


def asked_genes(root: Node) -> frozenset[str]:
    """Return the genes that the laboratory's table asks small variants of."""
    board = root.maybe_node("board")
    asked = board.maybe_node("actionable") if board else None
    rows = asked.nodes("rows") if asked else []
    return frozenset(row.text("gene") for row in rows if row.text("kind") == VARIANT)


def negatives_view(
    root: Node, parts: Mapping[str, Part], *, consent: bool = False
) -> NegativesView | None:
    """Read what a board asked for; None without a table of genes.

    Without ``consent`` a variant that is probably germline is neither named nor called absent.
    """
    board = root.maybe_node("board")
    asked = board.maybe_node("actionable") if board else None
    if board is None or asked is None:
        return None
    covered = board.maybe_node("coverage")
    genes = {node.text("gene"): node for node in covered.nodes("genes")} if covered else {}
    least = board.maybe_number("negative_share")
    found = imported(root)
    events = found.events if found else ()
    seen = Seen(root, parts, covered, genes, 0.95 if least is None else least, events, consent)
    answers = tuple(
        seen.answer(row.text("gene"), row.text("kind"))
        for row in asked.nodes("rows", required=True)
    )
    return NegativesView(
        classes=tuple(
            class_view(kind, [row for row in answers if row.kind == kind])
            for kind in CLASSES
            if any(row.kind == kind for row in answers)
        ),
        answers=answers,
        coverage=tuple(map(coverage_row, genes.values())),
        caption=caption_of(root, asked),
        note=coverage_note(covered, seen.least, by_caller=by_caller(board)),
    )


@dataclass(frozen=True)
class Seen:
    """What the results say of a gene."""

    root: Node
    parts: Mapping[str, Part]
    covered: Node | None
    genes: Mapping[str, Node]
    least: float
    events: tuple[StructuralEvent, ...] = ()
    consent: bool = False

    def answer(self, gene: str, kind: str) -> Answer:
        """Return the answer for one gene and class."""
        ask = {VARIANT: self.variants, AMPLIFICATION: self.copies, DELETION: self.copies}
        outcome, detail, share = ask.get(kind, self.rearranged)(gene, kind)
        return Answer(gene=gene, kind=kind, outcome=outcome, detail=detail, share=share)

    def variants(self, gene: str, _kind: str) -> tuple[str, str, float | None]:
        """Small variants: what passed and changes the protein, else how well the gene was read."""
        part = self.parts["variants"]
        if part.result is None:
            return NOT_ASSESSED, told(part.reason), None
        if not part.result.flag("annotated"):
            return NOT_EVALUABLE, say("the variants are not annotated"), None
        if kept := altering(part.result, gene):
            return self.changes(kept)
        if reason := unreadable(gene, self.root.maybe_text("build") or ""):
            return NOT_EVALUABLE, told(reason), None
        known = len(part.result.nodes("variants"))
        if (part.result.maybe_number("listed_of") or known) > known:
            return NOT_EVALUABLE, say("the profile lists only some of the variants"), None
        outcome, detail, share = self.depth_of(gene)
        listed_rows = (*part.result.nodes("variants"), *part.result.nodes("near_misses"))
        own = [n for n in listed_rows if n.maybe_text("gene") == gene]
        said = removed([n for n in own if self.consent or not is_germline(n)])
        return outcome, "; ".join(filter(None, (detail, said))), share

    def changes(self, kept: Sequence[Node]) -> tuple[str, str, float | None]:
        """Return what was found, as far as the patient's consent allows."""
        shown = [node for node in kept if self.consent or not is_germline(node)]
        if not shown:
            return NOT_EVALUABLE, say("no consent to show germline variants"), None
        return FOUND, listed(list(dict.fromkeys(map(change_of, shown))), MOST_CHANGES), None

    def depth_of(self, gene: str) -> tuple[str, str, float | None]:
        """Return whether nothing found means something."""
        if self.covered is None or self.covered.maybe_number("needed_depth") is None:
            return UNKNOWN_COVERAGE, "", None
        found = self.genes.get(gene)
        if found is None:
            return NOT_EVALUABLE, say("not in the coverage table"), None
        share = found.maybe_number("share") or 0.0
        if share >= self.least:
            return NEGATIVE, "", share
        if share == 0:
            return NOT_EVALUABLE, say("no base is deep enough"), share
        return GAPS, percent(share), share

    def copies(self, gene: str, kind: str) -> tuple[str, str, float | None]:
        """Copy number: the gene's state, where it has bins."""
        part = self.parts["copy_number"]
        if part.result is None:
            return NOT_ASSESSED, told(part.reason), None
        node = next((n for n in part.result.nodes("genes") if n.maybe_text("gene") == gene), None)
        if node is None:
            return NOT_EVALUABLE, say("no copy-number bins in the gene"), None
        state = node.maybe_text("state") or ""
        if state == "" or state.startswith(("not ", "unknown", "no call")):
            return NOT_EVALUABLE, say("its state was not called"), None
        wanted = HIGH if kind == AMPLIFICATION else DEEP
        level = state_and_level(node)
        rising = "gain" in state or "amplification" in state
        toward = state not in NO_EVENT and rising == (kind == AMPLIFICATION) and "LOH" not in state
        # Without a purity the depth of a focal loss says nothing of the copies that are left.
        focal = toward and kind == DELETION and node.flag("focal")
        if state in wanted or focal:
            return FOUND, f"{say('focal')} {level}" if focal else level, None
        if toward and part.result.maybe_number("purity") is None:
            # At a low purity an amplification is no more than a gain, a homozygous deletion a loss.
            return NOT_EVALUABLE, say("{state}; copies unknown", state=words(state)), None
        return NEGATIVE, words(state) if toward else "", None

    def rearranged(self, gene: str, _kind: str) -> tuple[str, str, float | None]:
        """Fusions: the events that hit the gene, else who looked for them, and in what."""
        hits = [
            event_row(event, 0)
            for event in self.events
            if gene in rearranged(event) and not in_normal(event)
        ]
        if hits:
            said = [", ".join(filter(None, (row.title, in_words(row)))) for row in hits]
            return FOUND, listed(list(dict.fromkeys(said)), MOST_CHANGES), None
        part = self.parts["fusions"]
        if part.status == "failed":
            return NOT_EVALUABLE, say("its file could not be read"), None
        if part.result is None:
            return NOT_ASSESSED, "", None
        if not in_rna(part) and self.unplaced():
            return (
                NOT_EVALUABLE,
                say("breakpoints have no genes: no table of genes (--genes)"),
                None,
            )
        return NEGATIVE if in_rna(part) else WEAK_NEGATIVE, who(part), None

    def unplaced(self) -> bool:
        """Whether there are junctions and no gene is named at any, as no table was given.

        Known events (FLT3-ITD and others) are told by their place and name their gene themselves.
        """
        part = imported_part(self.root)
        tables = [row.maybe_text("role") for row in part.nodes("inputs")] if part else []
        ends = [end for e in self.events if not e.name for end in (e.first, e.second)]
        return "genes" not in tables and bool(ends) and not any(end.gene for end in ends)


def altering(result: Node, gene: str) -> list[Node]:
    """Return the variants that passed and change the protein of a gene."""
    rows = [n for n in result.nodes("variants") if n.maybe_text("gene") == gene]
    return [n for n in rows if verdict_of(n) in KEPT and effect_rank(n) < OTHER_IMPACT]


def in_words(row: EventRow) -> str:
    """Return frame, callers and material of an event, as far as they are known."""
    frame = row.frame if row.frame != UNKNOWN else ""
    return " ".join(filter(None, (frame, f"({row.callers}; {row.kind})")))


def removed(rows: Sequence[Node]) -> str:
    """Name hotspots and pathogenic variants of a gene that a filter removed."""
    telling = [n for n in rows if verdict_of(n) not in KEPT and effect_rank(n) == 0]
    if not telling:
        return ""
    changes = list(dict.fromkeys(map(change_of, telling)))
    return say("{changes} filtered out", changes=listed(changes, MOST_CHANGES))


def by_caller(board: Node) -> bool:
    """Whether the filters ask for no number of reads, so that the caller's limit is the limit."""
    found = board.maybe_node("detection")
    rows = found.nodes("rows") if found else []
    return any(row.maybe_text("site") == "snv" and row.maybe_number("reads") == 1 for row in rows)


def change_of(node: Node) -> str:
    """Return the shortest name of a variant's change."""
    protein = (node.maybe_text("hgvsp") or "").rpartition(":")[2].replace("%3D", "=")
    coding = (node.maybe_text("hgvsc") or "").rpartition(":")[2]
    return protein or coding or f"{node.text('contig')}:{node.count('pos')}"


def class_view(kind: str, answers: Sequence[Answer]) -> ClassView:
    """Group the genes of a class; those that share a reason stand together."""
    grouped: dict[tuple[str, str], list[Answer]] = {}
    for row in answers:
        # Who looked for fusions is said once, behind all genes without one.
        own = row.outcome in OWN_DETAIL and (kind, row.outcome) != (FUSION, NEGATIVE)
        grouped.setdefault((row.outcome, "" if own else row.detail), []).append(row)
    order = (FOUND, NEGATIVE, WEAK_NEGATIVE, UNKNOWN_COVERAGE, GAPS, NOT_EVALUABLE, NOT_ASSESSED)
    return ClassView(
        title=class_title(kind),
        groups=tuple(
            Group(
                outcome=outcome,
                genes=tuple(
                    (row.gene, "" if reason else row.detail)
                    for row in sorted(rows, key=lambda row: row.gene)
                ),
                reason=reason,
            )
            for (outcome, reason), rows in sorted(
                grouped.items(), key=lambda item: (order.index(item[0][0]), item[0][1])
            )
        ),
    )


def class_title(kind: str) -> str:
    """Return the name of a class of changes."""
    return {
        VARIANT: say("SNV and indel"),
        AMPLIFICATION: say("Amplification"),
        DELETION: say("Deletion"),
        FUSION: say("Fusion"),
    }[kind]


def outcome_words(outcome: str) -> str:
    """Return an outcome as it is printed."""
    return {
        FOUND: say("found"),
        NEGATIVE: say("not found"),
        WEAK_NEGATIVE: say("not found in DNA alone"),
        UNKNOWN_COVERAGE: say("none listed, coverage unknown"),
        GAPS: say("not found, with gaps"),
        NOT_EVALUABLE: say("not evaluable"),
        NOT_ASSESSED: say("not assessed"),
    }[outcome]


def coverage_row(node: Node) -> CoverageRow:
    """Read the depth of a gene; positions are 1-based for readers."""
    share = node.maybe_number("share") or 0.0
    return CoverageRow(
        gene=node.text("gene"),
        size=number(node.maybe_number("size")),
        share=percent(share),
        share_value=share,
        median=number(node.maybe_number("median_depth")),
        lowest=number(node.maybe_number("lowest_depth")),
        gaps=tuple(
            f"{gap.text('contig')}:{gap.count('start') + 1}–{gap.count('end')} "
            f"({number(gap.maybe_number('depth'))}×)"
            for gap in node.nodes("gaps")
        ),
        left_out=int(node.maybe_number("gaps_left_out") or 0),
    )


def caption_of(root: Node, asked: Node) -> str:
    """Say for which tumour type the genes were asked."""
    tumor_type = root.node("case").maybe_text("tumor_type")
    if asked.flag("known_type"):
        return say("laboratory's table, {tumor_type}", tumor_type=tumor_type or "")
    if asked.texts("tumor_types"):
        said = tumor_type or say("none given")
        return say(
            "laboratory's table, genes of any tumour type; it does not know this one "
            "({tumor_type})",
            tumor_type=said,
        )
    return say("laboratory's table, any tumour type")


def coverage_note(covered: Node | None, least: float, *, by_caller: bool = False) -> str:
    """Say when a gene counts as examined; ``by_caller`` is whether the filters ask for no reads."""
    if covered is None:
        return say(
            "No coverage was given (--coverage), so that a gene in which nothing is listed "
            "cannot be called negative."
        )
    depth, vaf = covered.maybe_number("needed_depth"), covered.maybe_number("needed_vaf")
    if depth is None:
        return say(
            "Which depth is needed is not known, so that no gene can be called negative: the "
            "filter specification is not at hand, or removes such fractions at any depth."
        )
    sentence = (
        "Not found: at least {share} of the coding bases have {depth}× or more, the depth at which "
        "a variant of {vaf} passes the filters with 95 % probability ({source})."
        if covered.maybe_text("unit") == "bases"
        else "Not found: targets with a mean depth of {depth}× or more hold at least {share} of "
        "the gene's targeted bases; at this depth a variant of {vaf} passes the filters with 95 % "
        "probability ({source})."
    )
    said = say(
        sentence,
        share=percent(least),
        depth=number(depth),
        vaf=percent(vaf),
        source=covered.maybe_text("source") or "",
    )
    if not by_caller:
        return said
    weak = say(
        "The filters ask for no number of reads: one read counts here; what the caller needs is "
        "not known."
    )
    return f"{said} {weak}"
