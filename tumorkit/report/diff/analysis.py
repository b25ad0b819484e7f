"""Compare two profile documents: biomarkers, variants, genes, and what caused their changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tumorkit.errors import ParameterError
from tumorkit.report.diff.causes import ACTIONABLE, all_causes, causes_of, in_one_word, text
from tumorkit.report.diff.events import event_changes
from tumorkit.report.diff.params import ReportDiffParams
from tumorkit.report.diff.result import (
    BiomarkerChange,
    Cause,
    FieldChange,
    GeneChange,
    ReportDiffResult,
    Side,
    VariantChange,
)
from tumorkit.report.diff.tiers import tier_changes
from tumorkit.report.diff.words import amendment_lines
from tumorkit.report.document import Node, Part, open_document, read_parts
from tumorkit.report.verdicts import TITLES

# Fields of a variant: those that give its class, those that reads give, those of annotation.
CLASS = ("verdict", "tier", "amp_tier", "escat", "oncogenicity")
EVIDENCE = ("vaf", "depth", "alt_depth", "normal_vaf", "origin", "p_somatic", "callers")
ANNOTATION = (
    "gene", "consequence", "transcript", "hgvsc", "hgvsp", "population_af", "hotspot",
    "clinical_significance", "pathogenic",
)  # fmt: skip
GROUPS = (("class", CLASS), ("evidence", EVIDENCE), ("annotation", ANNOTATION))
CLINICAL_CHANGES = ("added", "lost", "class", "status")
Allele = tuple[str, int, str, str]
Trail = Mapping[Allele, str]
NO_TRAIL: Trail = {}


@dataclass(frozen=True, kw_only=True)
class Profile:
    """One side: the document's root, its parts, and why alleles are not among its variants."""

    root: Node
    parts: Mapping[str, Part]
    trail: Trail


def diff_profiles(
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    params: ReportDiffParams | None = None,
    *,
    old_trail: Trail = NO_TRAIL,
    new_trail: Trail = NO_TRAIL,
    names: tuple[str, str] = ("old", "new"),
) -> ReportDiffResult:
    """Return what changed from ``old`` to ``new``, two documents ``tumorkit/profile``.

    The trails say, by allele (contig, pos, ref, alt), why a profile does not list it. Raises
    :class:`ParameterError` for profiles of two samples or builds, :class:`InputError` for
    documents of another schema.
    """
    params = params or ReportDiffParams()
    sides = []
    for document, name, trail in zip((old, new), names, (old_trail, new_trail), strict=True):
        root = open_document(document, name)
        sides.append(Profile(root=root, parts=read_parts(root), trail=trail))
    before, after = sides
    check_comparable(before.root, after.root, params)
    known = all_causes(before.root, after.root, (before.parts, after.parts))
    by_part = {
        name: causes_of(name, known, before.parts.get(name), after.parts.get(name))
        for name in dict.fromkeys((*before.parts, *after.parts))
    }
    biomarkers = (
        *biomarker_changes(before.root, after.root, by_part),
        *verdict_changes(before.root, after.root, known),
        *part_changes(before, after, by_part),
    )
    variants, shared = variant_changes(before, after, by_part.get("variants", ()), params)
    genes = gene_changes(before, after, by_part.get("copy_number", ()))
    tiers = tier_changes(before.root, after.root, known)
    events = event_changes(before.root, after.root, known)
    changes = [item.change for item in biomarkers] + [item.change for item in variants]
    changes += [item.change for item in events]
    clinical = bool(genes or tiers) or any(change in CLINICAL_CHANGES for change in changes)
    return ReportDiffResult(
        sample=after.root.text("sample"),
        build=after.root.maybe_text("build") or "",
        clinical=clinical,
        old_version=before.root.maybe_text("tumorkit_version") or "",
        new_version=after.root.maybe_text("tumorkit_version") or "",
        causes=known,
        biomarkers=biomarkers,
        variants=variants,
        genes=genes,
        tiers=tiers,
        events=events,
        shared=shared,
        added=sum(item.change == "added" for item in variants),
        lost=sum(item.change == "lost" for item in variants),
        amendment=amendment_lines(biomarkers, variants, genes, tiers, events, known),
        notes=notes_of(before, after),
        params=params,
    )


def check_comparable(old: Node, new: Node, params: ReportDiffParams) -> None:
    """Raise for profiles of different samples or builds."""
    before, after = old.text("sample"), new.text("sample")
    if before != after and not params.any_sample:
        raise ParameterError(
            f"profiles of two samples, {before} and {after}",
            "--any-sample compares them all the same",
        )
    builds = [node.maybe_text("build") for node in (old, new)]
    if all(builds) and builds[0] != builds[1]:
        raise ParameterError(f"profiles on two builds, {builds[0]} and {builds[1]}")


def notes_of(old: Profile, new: Profile) -> tuple[str, ...]:
    """Say where a list of variants is not whole."""
    notes = []
    for name, side in (("old", old), ("new", new)):
        result = side.parts["variants"].result
        total = result.maybe_number("listed_of") if result else None
        rows = len(result.nodes("variants")) if result else 0
        if total is not None and total > rows:
            notes.append(f"the {name} profile lists {rows} of {total:g} variants")
    return tuple(notes)


def biomarker_changes(
    old: Node, new: Node, by_part: Mapping[str, tuple[Cause, ...]]
) -> tuple[BiomarkerChange, ...]:
    """Return the biomarkers that differ, in the order of the new profile."""
    before = {node.text("name"): node for node in old.nodes("biomarkers")}
    after = {node.text("name"): node for node in new.nodes("biomarkers")}
    found = []
    for name in dict.fromkeys((*after, *before)):
        first, second = (side_of(rows.get(name)) for rows in (before, after))
        change = kind_of_change(first, second)
        if change:
            node = after.get(name) or before[name]
            causes = by_part.get(node.maybe_text("part") or "", ())
            found.append(
                BiomarkerChange(
                    name=name,
                    change=change,
                    old=first,
                    new=second,
                    overlap=overlap(first, second),
                    cause=in_one_word(causes),
                    causes=causes,
                )
            )
    return tuple(found)


def part_changes(
    old: Profile, new: Profile, by_part: Mapping[str, tuple[Cause, ...]]
) -> tuple[BiomarkerChange, ...]:
    """Return analyses of another status that no biomarker speaks for: variants, copies, events.

    That fusions were looked for this time, or could not be read, is a change without any event.
    """
    told = {
        node.maybe_text("part") for side in (old, new) for node in side.root.nodes("biomarkers")
    }
    found = []
    for name in dict.fromkeys((*new.parts, *old.parts)):
        before, after = old.parts.get(name), new.parts.get(name)
        if name in told or before is None or after is None:
            continue
        if before.status != after.status:
            causes = by_part.get(name, ())
            found.append(
                BiomarkerChange(
                    name=after.title, change="status", old=status_side(before),
                    new=status_side(after), overlap=None, cause=in_one_word(causes), causes=causes,
                )
            )  # fmt: skip
    return tuple(found)


def status_side(part: Part) -> Side:
    """Return an analysis as one profile has it: its status alone."""
    return Side(
        status=part.status, value=None, low=None, high=None, unit="", call=None, scheme=None,
        reason=part.reason,
    )  # fmt: skip


def verdict_changes(old: Node, new: Node, known: tuple[Cause, ...]) -> tuple[BiomarkerChange, ...]:
    """Return verdicts on repair that differ; only where both profiles were judged."""
    before, after = verdicts(old), verdicts(new)
    known = tuple(item for item in known if item.name != ACTIONABLE)
    return tuple(
        BiomarkerChange(
            name=name, change="class", old=before[name], new=side, overlap=None,
            cause=in_one_word(known), causes=known,
        )
        for name, side in after.items()
        if name in before and before[name] != side
    )  # fmt: skip


def verdicts(root: Node) -> dict[str, Side]:
    """Return the verdicts of a profile by the repair that they are about."""
    board = root.maybe_node("board")
    return {
        TITLES[node.text("repair")]: Side(
            status="ok", value=None, low=None, high=None, unit="", scheme=None, reason=None,
            call=node.text("state") or node.text("conclusion"),
        )
        for node in (board.nodes("verdicts") if board else ())
    }  # fmt: skip


def side_of(node: Node | None) -> Side | None:
    """Return a biomarker as one profile has it."""
    if node is None:
        return None
    estimate = node.node("estimate")
    return Side(
        status=estimate.text("status"),
        value=estimate.maybe_number("value"),
        low=estimate.maybe_number("low"),
        high=estimate.maybe_number("high"),
        unit=estimate.maybe_text("unit") or "",
        call=estimate.maybe_text("call"),
        scheme=node.maybe_text("scheme"),
        reason=estimate.maybe_text("reason"),
    )


def kind_of_change(old: Side | None, new: Side | None) -> str:
    """Return the gravest difference, empty where there is none; reasons alone are none."""
    if old is None or new is None:
        return "" if old is new else "added" if old is None else "lost"
    for word, name in (("status", "status"), ("class", "call"), ("scheme", "scheme")):
        if getattr(old, name) != getattr(new, name):
            return word
    if old.value != new.value:
        return "value"
    return "interval" if (old.low, old.high) != (new.low, new.high) else ""


def overlap(old: Side | None, new: Side | None) -> bool | None:
    """Return whether two intervals overlap, None where one is not there."""
    if old is None or new is None or None in (old.low, old.high, new.low, new.high):
        return None
    assert old.low is not None and old.high is not None  # noqa: PT018
    assert new.low is not None and new.high is not None  # noqa: PT018
    return old.low <= new.high and new.low <= old.high


def listed(side: Profile) -> dict[Allele, Node]:
    """Return the variants that a profile keeps, by allele."""
    result = side.parts["variants"].result
    rows = result.nodes("variants") if result else []
    kept = [row for row in rows if row.maybe_text("verdict") != "fail"]
    return {allele_of(row): row for row in kept}


def allele_of(row: Node) -> Allele:
    """Return contig, position and alleles of a variant."""
    return row.text("contig"), row.count("pos"), row.text("ref"), row.text("alt")


def variant_changes(
    old: Profile, new: Profile, causes: tuple[Cause, ...], params: ReportDiffParams
) -> tuple[tuple[VariantChange, ...], int]:
    """Return the variants that differ, and how many both profiles list."""
    before, after = listed(old), listed(new)
    found = []
    for allele in dict.fromkeys((*after, *before)):
        first, second = before.get(allele), after.get(allele)
        fields: tuple[FieldChange, ...] = ()
        why = None
        if first is None or second is None:
            change = "added" if first is None else "lost"
            other = old if first is None else new
            why = why_not(other, allele)
        else:
            change, fields = field_changes(first, second, params)
        if change:
            row = second or first
            assert row is not None
            found.append(
                VariantChange(
                    contig=allele[0],
                    pos=allele[1],
                    ref=allele[2],
                    alt=allele[3],
                    gene=row.maybe_text("gene"),
                    hgvsp=row.maybe_text("hgvsp"),
                    change=change,
                    fields=fields,
                    why=why,
                    cause=in_one_word(causes),
                    causes=causes,
                )
            )
    return tuple(found), len(before.keys() & after.keys())


def why_not(side: Profile, allele: Allele) -> str | None:
    """Say what a profile has against an allele that it does not list; None where not known."""
    part = side.parts["variants"]
    if part.result is None:
        return f"{part.title}: {part.status_words}: {part.reason}"
    for row in part.result.nodes("variants"):
        if allele_of(row) == allele and row.maybe_text("verdict") == "fail":
            said = [n.maybe_text("says") or n.text("filter") for n in row.nodes("reasons")
                    if n.value.get("verdict") == "fail"]  # fmt: skip
            return "; ".join(said) or "fails a filter"
    if side.trail:
        return side.trail.get(allele, "is not in its input")
    return None


def field_changes(
    old: Node, new: Node, params: ReportDiffParams
) -> tuple[str, tuple[FieldChange, ...]]:
    """Return the gravest kind of difference between two rows of a variant, and every field."""
    found: list[FieldChange] = []
    kinds = []
    for kind, names in GROUPS:
        for name in names:
            before, after = old.value.get(name), new.value.get(name)
            if before == after or (
                name == "vaf"
                and isinstance(before, (int, float))
                and isinstance(after, (int, float))
                and abs(before - after) < params.min_vaf_change
            ):
                continue
            found.append(FieldChange(name=name, old=text(before), new=text(after)))
            kinds.append(kind)
    return (kinds[0] if kinds else ""), tuple(found)


def gene_changes(
    old: Profile, new: Profile, causes: tuple[Cause, ...]
) -> tuple[GeneChange, ...]:  # fmt: skip
    """Return genes of another copy-number state; where only one side was measured, none."""
    results = [side.parts["copy_number"].result for side in (old, new)]
    if results[0] is None or results[1] is None:
        return ()
    before, after = states(results[0]), states(results[1])
    return tuple(
        GeneChange(
            gene=name,
            contig=contig,
            old=before.get((name, contig)),
            new=after.get((name, contig)),
            cause=in_one_word(causes),
            causes=causes,
        )
        for name, contig in dict.fromkeys((*after, *before))
        if before.get((name, contig)) != after.get((name, contig))
    )


def states(result: Node) -> dict[tuple[str, str], str | None]:
    """Return the copy-number state of every gene, by name and contig."""
    return {
        (row.text("gene"), row.text("contig")): row.maybe_text("state")
        for row in result.nodes("genes")
    }
