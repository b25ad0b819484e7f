"""CIViC's clinical evidence summaries as statements.

Source: CIViC, bulk data releases (ClinicalEvidenceSummaries.tsv); its content is CC0.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from tumorkit.interpretation.importing.params import ImportParams
from tumorkit.interpretation.importing.result import KnowledgeResult
from tumorkit.interpretation.nouns import EvidenceItem
from tumorkit.interpretation.profiles import parse_profile

COLUMNS = (
    "molecular_profile", "disease", "therapies", "evidence_type", "evidence_direction",
    "evidence_level", "significance", "citation", "rating", "evidence_status", "evidence_id",
)  # fmt: skip
# Older dumps lack some of these.
OPTIONAL = ("doid", "therapy_interaction_type", "variant_origin", "is_flagged")
ACCEPTED = "accepted"
NAME = "CIViC"


def import_civic(
    rows: Iterable[Mapping[str, str]], *, date: str, params: ImportParams | None = None
) -> KnowledgeResult:
    """Return the statements about one alteration or several; the rest is counted by reason.

    ``rows`` hold at least :data:`COLUMNS` by name. A profile of several alterations stays whole.
    """
    params = params or ImportParams()
    left: Counter[str] = Counter()
    items: list[EvidenceItem] = []
    read = 0
    for row in rows:
        read += 1
        reason = why_not(row, params)
        if reason:
            left[reason] += 1
            continue
        profile = " ".join(row["molecular_profile"].split())
        gene, _, alteration = profile.partition(" ")
        node = parse_profile(profile)
        if node is None or node.operator != "leaf":
            gene, alteration = "", profile
        rating = row["rating"]
        items.append(
            EvidenceItem(
                id=f"EID{row['evidence_id']}",
                gene=gene,
                alteration=alteration,
                disease=row["disease"],
                therapies=tuple(t for t in map(str.strip, row["therapies"].split(",")) if t),
                type=row["evidence_type"],
                direction=row["evidence_direction"],
                significance=row["significance"],
                level=row["evidence_level"],
                rating=int(rating) if rating.isdigit() else None,
                status=row["evidence_status"],
                citation=row["citation"],
                doid=row.get("doid") or "",
                interaction=row.get("therapy_interaction_type") or "",
                origin=row.get("variant_origin") or "",
            )
        )
    return KnowledgeResult(
        name=NAME,
        date=date,
        rows=read,
        left_out=dict(sorted(left.items())),
        items=tuple(items),
        params=params,
    )


def why_not(row: Mapping[str, str], params: ImportParams) -> str:
    """Return why a row is not taken over, empty where it is."""
    profile = row["molecular_profile"].strip()
    rating = row["rating"]
    if not params.submitted and row["evidence_status"].casefold() != ACCEPTED:
        return "not accepted by an editor"
    if params.min_rating and (not rating.isdigit() or int(rating) < params.min_rating):
        return f"rating below {params.min_rating}"
    if (row.get("is_flagged") or "").casefold() == "true" and not params.submitted:
        return "flagged by an editor"
    if " " not in profile:
        return "profiles without an alteration"
    return ""
