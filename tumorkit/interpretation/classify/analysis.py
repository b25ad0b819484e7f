"""Hold alterations against tables: evidence, tiers, ESCAT, the laboratory's own entries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal

from tumorkit.interpretation.classify.oncogenicity import Points, class_of, judge_points
from tumorkit.interpretation.classify.params import ClassifyParams
from tumorkit.interpretation.classify.result import (
    Classified,
    ClassifyResult,
    Escat,
    Evidence,
    Own,
)
from tumorkit.interpretation.matching import fits, readable, same_change, same_site
from tumorkit.interpretation.nouns import (
    Alteration,
    EvidenceItem,
    LaboratoryRow,
    Tables,
    TierRule,
)

NO_POINTS = Points(sum=0, low=0, high=0, criteria=())
Site = Literal["same", "other", "unknown"]


def classify(
    alterations: Iterable[Alteration],
    tables: Tables,
    params: ClassifyParams | None = None,
    *,
    tumor_type: str = "",
) -> ClassifyResult:
    """Return every alteration with its points, tier and evidence, in the order given.

    ``tumor_type`` is the case's, where the settings have none. Copy-number states have evidence
    and tiers but no points: the criteria speak of small variants.
    """
    params = params or ClassifyParams()
    kind = params.tumor_type or tumor_type
    by_gene: dict[str, list[EvidenceItem]] = {}
    for item in tables.evidence or ():
        by_gene.setdefault(item.gene, []).append(item)
    rows = tuple(
        classify_one(found, by_gene.get(found.gene, ()), tables, params, kind)
        for found in alterations
    )
    return ClassifyResult(
        tumor_type=kind,
        variants=rows,
        knowledge=tables.knowledge,
        notes=notes_of(tables, params, kind),
        params=params,
    )


def classify_one(
    found: Alteration,
    items: Sequence[EvidenceItem],
    tables: Tables,
    params: ClassifyParams,
    tumor_type: str,
) -> Classified:
    """Return one alteration with everything that the tables say of it."""
    points = judge_points(found, tables, params) if found.kind == "variant" else NO_POINTS
    said = class_of(points, params)
    source = "points" if said else None
    evidence, rule = tiered(found, items, tables, tumor_type)
    tier, level = (rule.tier, rule.level or None) if rule else (None, None)
    tier_source = "tier table" if rule else None
    own = own_entries(found, tables, params, tumor_type)
    for entry in own:
        if entry.state == "applied":
            who = f"{entry.author}, {entry.date}"
            if entry.oncogenicity:
                said, source = entry.oncogenicity, who
            if entry.tier:
                tier, level, tier_source = entry.tier, None, who
            break
    return Classified(
        kind=found.kind,
        gene=found.gene,
        alteration=name_of(found),
        contig=found.contig or None,
        pos=found.pos,
        ref=found.ref or None,
        alt=found.alt or None,
        vaf=found.vaf,
        oncogenicity=said,
        oncogenicity_source=source,
        points=points.sum,
        points_low=points.low,
        points_high=points.high,
        criteria=points.criteria,
        tier=tier,
        level=level,
        tier_source=tier_source,
        evidence=evidence,
        escat=escat_of(found, tables, tumor_type),
        laboratory=own,
    )


def name_of(found: Alteration) -> str:
    """Return the protein change, else the coding change, the place, or the state."""
    if found.kind != "variant":
        return found.state
    if found.protein:
        return f"p.{found.protein}"
    return found.coding.rpartition(":")[2] or f"{found.contig}:{found.pos} {found.ref}>{found.alt}"


def tiered(
    found: Alteration, items: Sequence[EvidenceItem], tables: Tables, tumor_type: str
) -> tuple[tuple[Evidence, ...], TierRule | None]:
    """Return the statements that fit, and the first rule of the tier table that any meets."""
    fitting: list[tuple[EvidenceItem, str, Site]] = []
    for item in items:
        match = fits(item.alteration, found)
        if match:
            fitting.append((item, match, site_of(item.disease, tumor_type, tables)))
    chosen = next(
        (r for r in tables.tiers or () if any(meets(item, site, r) for item, _, site in fitting)),
        None,
    )
    evidence = tuple(
        Evidence(
            source=tables.evidence_name,
            id=item.id,
            alteration=item.alteration,
            match=match,
            disease=item.disease,
            site=site,
            therapies=item.therapies,
            type=item.type,
            direction=item.direction,
            significance=item.significance,
            level=item.level,
            rating=item.rating,
            citation=item.citation,
            use="tier-defining" if chosen and meets(item, site, chosen) else "additional",
        )
        for item, match, site in fitting
    )
    ordered = sorted(evidence, key=lambda e: (e.use != "tier-defining", e.level, e.site, e.id))
    return tuple(ordered), chosen


def site_of(disease: str, tumor_type: str, tables: Tables) -> Site:
    """Return whether a disease is the case's tumour type."""
    known = tables.synonyms.get(tumor_type.casefold(), frozenset())
    same = same_site(disease, tumor_type, known)
    return "unknown" if same is None else "same" if same else "other"


def meets(item: EvidenceItem, site: Site, rule: TierRule) -> bool:
    """Return whether a statement meets every column of a rule; an unknown site is no site."""
    wanted = (
        (rule.types, item.type),
        (rule.levels, item.level),
        (rule.significances, item.significance),
        (rule.directions, item.direction),
    )
    listed = all(not some or told.casefold() in some for some, told in wanted)
    return listed and rule.site in ("any", site)


def escat_of(found: Alteration, tables: Tables, tumor_type: str) -> tuple[Escat, ...]:
    """Return the curated ESCAT tiers of this alteration in this tumour type."""
    return tuple(
        Escat(
            tier=row.tier,
            alteration=row.alteration,
            tumor_type=row.tumor_type,
            source=row.source,
            author=row.author,
            date=row.date,
        )
        for row in tables.escat or ()
        if row.gene == found.gene
        and (fits(row.alteration, found) or same_change(row.alteration, found))
        and site_of(row.tumor_type, tumor_type, tables) == "same"
    )


def own_entries(
    found: Alteration, tables: Tables, params: ClassifyParams, tumor_type: str
) -> tuple[Own, ...]:
    """Return the laboratory's entries for this change, the newest first."""
    rows = [
        row
        for row in tables.laboratory or ()
        if row.gene == found.gene
        and same_change(row.change, found)
        and (not row.tumor_type or site_of(row.tumor_type, tumor_type, tables) == "same")
    ]
    rows.sort(key=lambda row: row.date, reverse=True)
    return tuple(
        Own(
            oncogenicity=row.oncogenicity,
            tier=row.tier,
            author=row.author,
            date=row.date,
            expiry=row.expiry,
            comment=row.comment,
            state=state_of(row, params),
        )
        for row in rows
    )


def state_of(
    row: LaboratoryRow, params: ClassifyParams
) -> Literal["applied", "expired", "expiry not judged"]:
    """Return whether an entry holds on the date of the report; ISO dates compare as text."""
    if not row.expiry:
        return "applied"
    if not params.date:
        return "expiry not judged"
    return "applied" if row.expiry >= params.date else "expired"


def notes_of(tables: Tables, params: ClassifyParams, tumor_type: str) -> tuple[str, ...]:
    """Say what was not given, what is old, and what words could not be read."""
    notes = []
    if tables.evidence is not None:
        unread = sum(not readable(item.alteration) for item in tables.evidence)
        if unread:
            notes.append(
                f"{unread} of {len(tables.evidence)} statements of {tables.evidence_name} speak of "
                "alterations that are not matched (fusions, expression, several variants)"
            )
        if tables.tiers is None:
            notes.append("no tier table was given: evidence is listed, no tier follows from it")
    if not tumor_type:
        notes.append("no tumour type is known: no statement is of this tumour type")
    for item in tables.knowledge:
        age = days_between(item.date, params.date)
        if age is not None and age > params.max_knowledge_days:
            notes.append(f"{item.name} is {age} days old (date {item.date})")
    if any(row.expiry for row in tables.laboratory or ()) and not params.date:
        notes.append("entries with an expiry are not applied: no date was given (--date)")
    return tuple(notes)


def days_between(first: str | None, last: str) -> int | None:
    """Return the days between two ISO dates, None where one is not there.

    >>> days_between("2026-01-01", "2026-03-01"), days_between(None, "2026-03-01")
    (59, None)
    """
    if not first or not last:
        return None
    return (date.fromisoformat(last) - date.fromisoformat(first)).days
