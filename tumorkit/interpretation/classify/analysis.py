"""Hold alterations against tables: evidence, tiers, ESCAT, the laboratory's own entries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from tumorkit.interpretation.changes import same_change
from tumorkit.interpretation.classify.conflicts import conflicts_of
from tumorkit.interpretation.classify.indexed import Indexed
from tumorkit.interpretation.classify.notes import notes_of
from tumorkit.interpretation.classify.null import STRONG, strength_of
from tumorkit.interpretation.classify.oncogenicity import Points, class_of, judge_points
from tumorkit.interpretation.classify.params import ClassifyParams
from tumorkit.interpretation.classify.result import (
    Classified,
    ClassifyResult,
    Escat,
    Evidence,
    OpenStatement,
    Own,
)
from tumorkit.interpretation.diseases import Site, TumorType
from tumorkit.interpretation.matching import Context
from tumorkit.interpretation.nouns import (
    Alteration,
    EvidenceItem,
    LaboratoryRow,
    Tables,
    TierRule,
)
from tumorkit.interpretation.profiles import parse_profile
from tumorkit.interpretation.statements import MATCHED, Case, Match, match_statements

NO_POINTS = Points(sum=0, low=0, high=0, criteria=())
# Sequence Ontology terms of variants that change neither a protein nor a splice site.
NON_CODING = frozenset(
    (
        "intron_variant", "intergenic_variant", "intergenic_region", "upstream_gene_variant",
        "downstream_gene_variant", "non_coding_transcript_variant", "intragenic_variant",
        "non_coding_transcript_exon_variant", "NMD_transcript_variant", "3_prime_UTR_variant",
        "5_prime_UTR_variant", "regulatory_region_variant", "TF_binding_site_variant",
        "mature_miRNA_variant", "coding_transcript_variant",
    )
)  # fmt: skip
BENIGN = ("benign", "likely benign")
ONCOGENIC = ("oncogenic", "likely oncogenic", "pathogenic", "likely pathogenic")
SUPPORTS = "supports"


def classify(
    alterations: Iterable[Alteration],
    tables: Tables,
    params: ClassifyParams | None = None,
    *,
    tumor_type: str = "",
) -> ClassifyResult:
    """Return alterations with their points, tiers and evidence, in the order given.

    Variants outside of coding parts and splice sites that no table speaks of are counted only.

    ``tumor_type`` is the case's, where the settings have none. All alterations of the case are
    given together: statements may name several. Only small variants have points: the criteria
    speak of them.
    """
    params = params or ClassifyParams()
    case = list(alterations)
    known = Indexed(tables)
    context = context_of(known)
    kind = TumorType(params.tumor_type or tumor_type, tables.synonyms, tables.parents)
    found = match_statements(tables.evidence or (), case, context)
    rows = tuple(
        classify_one(item, found.by_alteration.get(index, ()), known, params, kind, context)
        for index, item in enumerate(case)
    )
    told = tuple(row for row in rows if is_told(row))
    open_statements = tuple(
        OpenStatement(
            id=open_.item.id,
            alteration=open_.item.profile,
            disease=open_.item.disease,
            site=kind.site_of(open_.item.disease, open_.item.doid),
            type=open_.item.type,
            significance=open_.item.significance,
            level=open_.item.level,
            why=open_.why,
        )
        for open_ in sorted(found.undecided, key=lambda u: (u.item.level, u.item.id))
    )
    counts = dict(sorted(found.counts.items(), key=lambda pair: (pair[0] != MATCHED, pair[0])))
    return ClassifyResult(
        tumor_type=kind.name,
        variants=told,
        not_listed=len(rows) - len(told),
        statements=counts,
        open_statements=open_statements,
        knowledge=tables.knowledge,
        notes=notes_of(tables, params, kind, len(open_statements), len(rows) - len(told)),
        params=params,
    )


def is_told(row: Classified) -> bool:
    """Whether anything speaks of an alteration; all but small variants are always told."""
    spoken = (row.criteria, row.evidence, row.escat, row.laboratory)
    return row.kind != "variant" or any(spoken)


def context_of(tables: Indexed) -> Context:
    """Return what names of alterations are read with."""

    def weak_null(found: Alteration) -> bool:
        # Where a branch of the decision is open, the variant may still be a strong one.
        model, domains = tables.model_of(found), tables.domains(found.gene)
        return strength_of(found, model, domains).most < STRONG

    return Context(domains=tables.all_domains, roles=tables.roles or {}, weak_null=weak_null)


def classify_one(
    found: Alteration,
    items: Sequence[Match],
    tables: Indexed,
    params: ClassifyParams,
    tumor_type: TumorType,
    context: Context,
) -> Classified:
    """Return one alteration with everything that the tables say of it."""
    points = judge_points(found, tables, params) if is_judged(found, tables) else NO_POINTS
    said = class_of(points, params)
    source = "points" if said else None
    own = own_entries(found, tables, params, tumor_type)
    applied = next((entry for entry in own if entry.state == "applied"), None)
    if applied and applied.oncogenicity:
        said, source = applied.oncogenicity, f"{applied.author}, {applied.date}"
    evidence, rule = tiered(items, tables.tables, tumor_type, broad_bar(said, params))
    tier, level = (rule.tier, rule.level or None) if rule else (None, None)
    tier_source = "tier table" if rule else None
    if applied and applied.tier:
        tier, level, tier_source = applied.tier, None, f"{applied.author}, {applied.date}"
    return Classified(
        kind=found.kind,
        gene="::".join(named(found)) if found.kind == "fusion" else found.gene,
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
        conflicts=conflicts_of(evidence),
        escat=escat_of(found, tables, tumor_type, context),
        laboratory=own,
    )


def is_judged(found: Alteration, tables: Indexed) -> bool:
    """Whether the criteria of oncogenicity speak of an alteration: a small variant of a gene.

    Of introns, untranslated parts and what lies between genes only variants known by their place
    (promoter), reviewed or entered by the laboratory are; else a genome has ten thousands of
    uncertain ones that nothing but their rareness speaks for.
    """
    if found.kind != "variant":
        return False
    if found.promoter or not found.terms or set(found.terms) - NON_CODING:
        return True
    rows = [row.change for row in tables.asserted(found.gene)]
    rows += [row.change for row in tables.laboratory(found.gene)]
    return any(same_change(change, found) for change in rows)


def named(found: Alteration) -> tuple[str, ...]:
    """Return the genes of an alteration, each once."""
    return tuple(dict.fromkeys(gene for gene in found.named_genes if gene))


def name_of(found: Alteration) -> str:
    """Return the protein change, else the coding change, the place, or the state."""
    if found.kind != "variant":
        return found.state
    if found.promoter:
        return found.promoter
    if found.protein:
        return f"p.{found.protein}"
    return found.coding.rpartition(":")[2] or f"{found.contig}:{found.pos} {found.ref}>{found.alt}"


def tiered(
    items: Sequence[Match], tables: Tables, tumor_type: TumorType, bar: str
) -> tuple[tuple[Evidence, ...], TierRule | None]:
    """Return the statements that fit, and the first rule of the tier table that any meets.

    ``bar`` is why statements about any mutation of the gene define none, empty where they may.
    """
    fitting = [
        (match, match.item, tumor_type.site_of(match.item.disease, match.item.doid),
         never(match, bar))
        for match in items
    ]  # fmt: skip
    chosen = next(
        (
            rule
            for rule in tables.tiers or ()
            if any(not why and meets(item, site, rule) for _, item, site, why in fitting)
        ),
        None,
    )
    evidence = tuple(
        Evidence(
            source=tables.evidence_name,
            id=item.id,
            alteration=item.profile,
            match=match.how,
            broad=match.broad,
            disease=item.disease,
            site=site,
            therapies=item.therapies,
            interaction=item.interaction,
            type=item.type,
            direction=item.direction,
            significance=item.significance,
            level=item.level,
            rating=item.rating,
            status=item.status,
            origin=item.origin,
            citation=item.citation,
            use=(
                "tier-defining"
                if chosen and not why and meets(item, site, chosen)
                else "additional"
            ),
            why_additional=why,
        )
        for match, item, site, why in fitting
    )
    ordered = sorted(evidence, key=lambda e: (e.use != "tier-defining", e.level, e.site, e.id))
    return tuple(ordered), chosen


def broad_bar(said: str | None, params: ClassifyParams) -> str:
    """Return why statements about any mutation of a gene give an alteration of a class no tier."""
    known = (said or "").casefold()
    if known in BENIGN:
        return f"it speaks of any mutation of the gene, and this one is {known}"
    if known in ONCOGENIC or params.tier_uncertain:
        return ""
    return "it speaks of any mutation of the gene, and this one is not known to be oncogenic"


def never(match: Match, bar: str) -> str:
    """Return why a statement can define no tier, whatever the tier table says."""
    item = match.item
    if item.direction and item.direction.casefold() != SUPPORTS:
        return "it does not support what it speaks of"
    if "germline" in item.origin.casefold():
        return "it speaks of germline variants"
    if item.status and item.status.casefold() != "accepted":
        return "no editor has accepted it"
    return bar if match.broad else ""


def meets(item: EvidenceItem, site: Site, rule: TierRule) -> bool:
    """Return whether a statement meets every column of a rule; an unknown site is no site."""
    wanted = (
        (rule.types, item.type),
        (rule.levels, item.level),
        (rule.significances, item.significance),
        (rule.directions, item.direction),
    )
    listed = all(not some or told.casefold() in some for some, told in wanted)
    return listed and (not rule.sites or site in rule.sites)


def escat_of(
    found: Alteration, tables: Indexed, tumor_type: TumorType, context: Context
) -> tuple[Escat, ...]:
    """Return the curated ESCAT tiers of this alteration in this tumour type."""
    rows = [row for gene in (*named(found), "::".join(named(found))) for row in tables.escat(gene)]
    if not rows:
        return ()
    case = Case([found], context)
    made = []
    for row in dict.fromkeys(rows):
        node = parse_profile(f"{row.gene} {row.alteration}")
        fits = node is not None and case.judge(node).state == "yes"
        if not fits and not same_change(row.alteration, found):
            continue
        if tumor_type.site_of(row.tumor_type) == "same":
            made.append(
                Escat(
                    tier=row.tier,
                    alteration=row.alteration,
                    tumor_type=row.tumor_type,
                    source=row.source,
                    author=row.author,
                    date=row.date,
                )
            )
    return tuple(made)


def own_entries(
    found: Alteration, tables: Indexed, params: ClassifyParams, tumor_type: TumorType
) -> tuple[Own, ...]:
    """Return the laboratory's entries for this change, the newest first."""
    rows = [
        row
        for gene in named(found)
        for row in tables.laboratory(gene)
        if same_change(row.change, found)
        and (not row.tumor_type or tumor_type.site_of(row.tumor_type) == "same")
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
