"""The variants with the reasons of their verdicts, and how many each filter removed."""

from __future__ import annotations

import functools
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from tumorkit.report.document import Node, Part
from tumorkit.report.language import say, term
from tumorkit.report.params import ReportParams
from tumorkit.report.ranking import KEPT, VERDICT_WORDS, effect_rank, leading, verdict_of
from tumorkit.report.text import UNKNOWN, allele, number, percent, plural, share
from tumorkit.report.waterfall import WaterfallRow, waterfall_rows

NOT_ANNOTATED = "not annotated"
# Choices of a transcript that no standard and no laboratory made.
NO_STANDARD = ("canonical", "pick", "most severe")
PLAIN_TIERS = (None, "", "default")
# What a filter can say that neither speaks against a variant nor for it.
SILENT = ("pass", "not_applicable")


@dataclass(frozen=True, kw_only=True)
class ReasonRow:
    """What one filter said of one variant."""

    filter: str
    text: str
    verdict: str


@dataclass(frozen=True, kw_only=True)
class VariantRow:
    """One variant as texts, with the numbers that columns are sorted by."""

    gene: str
    has_gene: bool
    annotated: bool
    protein: str
    coding: str
    transcript: str
    also: tuple[str, ...]
    consequence: str
    position: str
    change: str
    vaf: str
    vaf_value: float | None
    reads: str
    depth_value: float | None
    normal_vaf: str
    normal_vaf_value: float | None
    population_af: str
    population_value: float | None
    origin: str
    p_somatic: str
    p_somatic_value: float | None
    verdict: str
    verdict_words: str
    against: tuple[ReasonRow, ...]
    passed: tuple[ReasonRow, ...]
    caller_filter: str
    callers: str
    hotspot: bool
    pathogenic: bool
    tier: str
    rank: int


@dataclass(frozen=True, kw_only=True)
class VariantsView:
    """Everything that the report says about small variants."""

    part: Part
    annotated: bool
    preset: str
    digest: str
    counts: str
    n_kept: int
    n_other: int
    n_listed: int
    n_near: int
    kept: tuple[VariantRow, ...]
    other: tuple[VariantRow, ...]
    first: tuple[VariantRow, ...]
    waterfall: tuple[WaterfallRow, ...]
    not_evaluable: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    knows_hotspots: bool
    asked: bool
    own_numbering: bool
    germline_hidden: bool
    has_normal: bool
    has_origin: bool
    has_tier: bool
    has_callers: bool
    full_file: str
    files: str

    @property
    def n_left_out(self) -> int:
        """How many variants the tables do not show."""
        return self.n_kept + self.n_other - len(self.kept) - len(self.other)

    @property
    def first_caption(self) -> str:
        """What page one's table shows."""
        order = say("by falling VAF")
        if self.annotated:
            order = (
                say("hotspots and what ClinVar calls pathogenic first")
                if self.knows_hotspots
                else say("what ClinVar calls pathogenic first (hotspots are not annotated)")
            )
            own = say("then the genes asked for, then by impact")
            order += ", " + (own if self.asked else say("then by impact"))
        if self.n_listed < self.n_kept:
            listed = number(self.n_listed)
            order += say("; chosen among the {listed} that the profile lists", listed=listed)
        return f"{shown_of(len(self.first), self.n_kept, 'variant')}, {order}"

    @property
    def kept_caption(self) -> str:
        """What the table of passed variants shows."""
        return f"{shown_of(len(self.kept), self.n_kept, 'passed or rescued variant')}."

    @property
    def other_caption(self) -> str:
        """What the table of the other variants shows."""
        said = shown_of(len(self.other), self.n_other, "failed variant")
        if self.n_near:
            return say(
                "{said}: hotspots, and the most telling of {near} that a single filter removed, "
                "each with its reason.",
                said=said,
                near=number(self.n_near),
            )
        return say("{said}, each with its reasons.", said=said)


def variants_view(
    part: Part, params: ReportParams, *, asked: Collection[str] = ()
) -> VariantsView | None:
    """Read the variants part; None where it has no result.

    Among passed variants those of genes that were ``asked`` for stand before others.
    """
    if part.result is None:
        return None
    result = part.result
    annotated = result.flag("annotated")
    nodes = result.nodes("variants", required=True)
    shown = nodes if params.germline_consent else [n for n in nodes if not is_germline(n)]
    germline_hidden, nodes = len(shown) < len(nodes), shown
    # The most telling kept variants lead, so that a shortened table loses the least.
    kept_nodes = sorted((n for n in nodes if verdict_of(n) in KEPT), key=leading(asked))
    # Failed hotspots, then what a single filter removed: those a reader asks after.
    near = [n for n in result.nodes("near_misses") if params.germline_consent or not is_germline(n)]
    other_nodes = [*(n for n in nodes if verdict_of(n) not in KEPT), *near]
    total = int(result.maybe_number("alleles") or len(nodes))
    n_listed = len(kept_nodes)
    n_kept = total_kept(result, listed=n_listed)
    kept_nodes = kept_nodes[: params.max_variants]
    other_nodes = other_nodes[: params.max_variants - len(kept_nodes)]
    row = functools.partial(variant_row, annotated=annotated)
    kept, other = tuple(map(row, kept_nodes)), tuple(map(row, other_nodes))
    return VariantsView(
        part=part,
        annotated=annotated,
        preset=result.maybe_text("preset") or "",
        digest=(result.maybe_text("specification_sha256") or "")[:12],
        counts=counts_text(result),
        n_kept=n_kept,
        n_listed=n_listed,
        n_near=int(result.maybe_number("near_misses_of") or 0),
        n_other=max(total - n_kept, len(other_nodes)),
        kept=kept,
        other=other,
        first=kept[: params.page_one_variants],
        waterfall=waterfall_rows(result),
        not_evaluable=tuple(
            (n.text("filter"), n.maybe_text("reason") or "") for n in result.nodes("not_evaluable")
        ),
        notes=tuple(result.texts("notes")),
        knows_hotspots=any(n.value.get("hotspot") is not None for n in nodes),
        asked=bool(asked),
        own_numbering=any(
            n.maybe_text("transcript_choice") in NO_STANDARD and n.maybe_text("hgvsp")
            for n in kept_nodes[: params.page_one_variants]
        ),
        germline_hidden=germline_hidden,
        has_normal=any(n.value.get("normal_vaf") is not None for n in nodes),
        has_origin=any(n.value.get("origin") is not None for n in nodes),
        has_tier=any(n.value.get("tier") not in PLAIN_TIERS for n in nodes),
        has_callers=any(n.value.get("callers") for n in nodes),
        full_file=full_file(part.files),
        files=", ".join(name for name in part.files if not name.endswith((".tbi", ".csi"))),
    )


def is_germline(node: Node) -> bool:
    """Whether a variant's most probable origin is the patient's germline."""
    return node.maybe_text("origin") == "germline"


def total_kept(result: Node, *, listed: int) -> int:
    """Return how many alleles were kept; the document may list fewer."""
    counts = [result.maybe_number(key) for key in ("passed", "rescued")]
    return max(listed, sum(int(count) for count in counts if count is not None))


def shown_of(shown: int, total: int, noun: str) -> str:
    """Say how many rows of a table are shown.

    >>> shown_of(8, 57, "passed variant"), shown_of(1, 1, "passed variant")
    ('8 of 57 passed variants', '1 passed variant')
    """
    return (
        plural(total, noun)
        if shown == total
        else say("{shown} of {total}", shown=number(shown), total=plural(total, noun))
    )


def full_file(files: Sequence[str]) -> str:
    """Return the file that holds every variant; a result in JSON lists the most telling ones."""
    return next((name for name in files if ".vcf" in name), None) or say("the filtered VCF")


def variant_row(node: Node, *, annotated: bool) -> VariantRow:
    """Read one variant."""
    ref, alt = allele(node.text("ref")), allele(node.text("alt"))
    verdict = verdict_of(node)
    reasons = [reason_row(n) for n in node.nodes("reasons")]
    transcript, _, coding = (node.maybe_text("hgvsc") or "").rpartition(":")
    transcript = transcript or node.maybe_text("transcript") or ""
    vaf, depth = node.maybe_number("vaf"), node.maybe_number("depth")
    normal_vaf, population = node.maybe_number("normal_vaf"), node.maybe_number("population_af")
    p_somatic, absent = node.maybe_number("p_somatic"), node.flag("population_absent")
    return VariantRow(
        gene=node.maybe_text("gene") or (say("no gene") if annotated else say(NOT_ANNOTATED)),
        has_gene=node.maybe_text("gene") is not None,
        annotated=annotated,
        protein=(node.maybe_text("hgvsp") or "").rpartition(":")[2].replace("%3D", "="),
        coding=coding,
        transcript=transcript,
        also=tuple(map(other_transcript, node.nodes("mane_plus_clinical"))),
        consequence=consequence_words(node.maybe_text("consequence")),
        position=f"{node.text('contig')}:{node.count('pos')}",
        change=f"{ref}>{alt}",
        vaf=percent(vaf),
        vaf_value=vaf,
        reads=reads_text(node.maybe_number("alt_depth"), depth),
        depth_value=depth,
        normal_vaf=percent(normal_vaf),
        normal_vaf_value=normal_vaf,
        population_af=say("absent") if absent else number(population, 2),
        population_value=0.0 if absent else population,
        origin=origin_words(node.maybe_text("origin")),
        p_somatic=probability(p_somatic),
        p_somatic_value=p_somatic,
        verdict=verdict,
        verdict_words=term(VERDICT_WORDS[verdict]),
        against=tuple(r for r in reasons if r.verdict not in SILENT),
        passed=tuple(r for r in reasons if r.verdict == "pass"),
        caller_filter=node.joined("caller_filter", ";"),
        callers=node.joined("callers"),
        hotspot=node.flag("hotspot"),
        pathogenic=node.flag("pathogenic"),
        tier=node.maybe_text("tier") or "",
        rank=effect_rank(node),
    )


def other_transcript(node: Node) -> str:
    """Return what a variant is on a MANE Plus Clinical transcript."""
    coding = node.maybe_text("hgvsc") or node.maybe_text("transcript") or ""
    protein = (node.maybe_text("hgvsp") or "").rpartition(":")[2]
    words = consequence_words(node.maybe_text("consequence"))
    return ", ".join(text for text in (coding, protein, words) if text)


def consequence_words(terms: str | None) -> str:
    """Return Sequence Ontology terms as words.

    >>> consequence_words("missense_variant&splice_region_variant")
    'missense, splice region'
    """
    said = (terms or "").replace("&", ",").split(",")
    return ", ".join(term(t.removesuffix("_variant").replace("_", " ")) for t in said if t)


def origin_words(origin: str | None) -> str:
    """Return where a variant most probably comes from; a dash where nothing was computed.

    >>> origin_words("cannot_tell"), origin_words("clonal_hematopoiesis"), origin_words(None)
    ('cannot tell', 'clonal hematopoiesis', '–')
    """
    return UNKNOWN if origin is None else term(origin.replace("_", " "))


def probability(value: float | None) -> str:
    """Return a probability with two digits; what lies beyond is said to do so.

    >>> [probability(p) for p in (0.312, 0.9999, 2e-7, None)]
    ['.31', '> .99', '< .01', '–']
    """
    if value is None:
        return UNKNOWN
    if value > 0.99:
        return f"> {share('0.99')}"
    return f"< {share('0.01')}" if value < 0.01 else share(f"{value:.2f}")


def reads_text(alt_depth: float | None, depth: float | None) -> str:
    """Return alternative reads of all reads.

    >>> reads_text(41, 312), reads_text(None, 312)
    ('41 / 312', '– / 312')
    """
    if alt_depth is None and depth is None:
        return UNKNOWN
    return f"{number(alt_depth)} / {number(depth)}"


def reason_row(node: Node) -> ReasonRow:
    """Read what one filter said, with the value found and the limit it was held against.

    A filter is described by what it removes, so one that passed is shown by its numbers alone.
    """
    verdict = node.maybe_text("verdict") or "fail"
    value, limit = numeric(node.value.get("value")), numeric(node.value.get("limit"))
    found = [] if value is None else [say("found {value}", value=number(value))]
    if value is not None and limit is not None:
        found.append(say("limit {value}", value=number(limit)))
    says = "" if verdict == "pass" else term(node.maybe_text("says") or "")
    inside = ", ".join(found)
    return ReasonRow(
        filter=node.maybe_text("filter") or "",
        text=f"{says} ({inside})" if says and inside else says or inside,
        verdict=verdict,
    )


def numeric(value: Any) -> float | None:
    """Return a number, also one that a VCF held as text; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        return float(value)
    except ValueError:
        return None


def counts_text(result: Node) -> str:
    """Return the totals in words."""
    said = []
    for key, one in (("records", "record"), ("alleles", "allele")):
        count = result.maybe_number(key)
        if count is not None:
            said.append(plural(int(count), one))
    outcome = [
        say(f"{{count}} {key}", count=number(count))
        for key in ("passed", "rescued", "failed")
        if (count := result.maybe_number(key)) is not None and (count or key != "rescued")
    ]
    return ", ".join(said) + (": " if said and outcome else "") + ", ".join(outcome)
