"""Tables and variants made in code; every statement in them is invented."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tumorkit.interpretation.nouns import Alteration, EvidenceItem, TierRule

HEADER = (
    "molecular_profile", "molecular_profile_id", "disease", "doid", "phenotypes", "therapies",
    "therapy_interaction_type", "evidence_type", "evidence_direction", "evidence_level",
    "significance", "evidence_statement", "citation_id", "source_type", "citation", "nct_ids",
    "rating", "evidence_status", "evidence_id", "variant_origin",
)  # fmt: skip
DUMP = (
    {"molecular_profile": "BRAF V600E", "disease": "Melanoma", "therapies": "Drugone,Drugtwo",
     "evidence_type": "Predictive", "evidence_direction": "Supports", "evidence_level": "A",
     "significance": "Sensitivity/Response", "citation": "One et al., 2020", "rating": "5",
     "evidence_status": "accepted", "evidence_id": "1"},
    {"molecular_profile": "BRAF V600", "disease": "Thyroid Cancer", "therapies": "Drugone",
     "evidence_type": "Predictive", "evidence_direction": "Supports", "evidence_level": "C",
     "significance": "Sensitivity/Response", "citation": "Two et al., 2021", "rating": "3",
     "evidence_status": "accepted", "evidence_id": "2"},
    {"molecular_profile": "BRAF V600E AND PTEN LOSS", "disease": "Melanoma", "therapies": "",
     "evidence_type": "Predictive", "evidence_direction": "Supports", "evidence_level": "B",
     "significance": "Resistance", "citation": "Three", "rating": "",
     "evidence_status": "accepted", "evidence_id": "3"},
    {"molecular_profile": "EML4::ALK Fusion", "disease": "Lung Cancer", "therapies": "Drugthree",
     "evidence_type": "Predictive", "evidence_direction": "Supports", "evidence_level": "A",
     "significance": "Sensitivity/Response", "citation": "Four", "rating": "4",
     "evidence_status": "accepted", "evidence_id": "4"},
    {"molecular_profile": "KRAS MUTATION", "disease": "Melanoma", "therapies": "",
     "evidence_type": "Prognostic", "evidence_direction": "Supports", "evidence_level": "B",
     "significance": "Poor Outcome", "citation": "Five", "rating": "2",
     "evidence_status": "submitted", "evidence_id": "5"},
)  # fmt: skip
TIERS = (
    "tier\tlevel\ttypes\tlevels\tsignificances\tdirections\tsite\n"
    "I\tA\tPredictive\tA\tSensitivity/Response,Resistance\tSupports\tsame\n"
    "I\tB\tPredictive,Diagnostic,Prognostic\tB\t*\tSupports\tsame\n"
    "II\tC\tPredictive\tA,B\t*\tSupports\tother\n"
    "II\tD\t*\tC,D\t*\tSupports\tany\n"
)


def write_dump(path: Path, rows: Any = DUMP) -> Path:
    lines = ["\t".join(HEADER), *("\t".join(r.get(n, "") for n in HEADER) for r in rows)]
    path.write_text("\n".join(lines) + "\n")
    return path


def make_alteration(**changes: Any) -> Alteration:
    known: dict[str, Any] = {
        "gene": "BRAF",
        "contig": "chr7",
        "pos": 140753336,
        "ref": "A",
        "alt": "T",
        "protein": "V600E",
        "coding": "NM_004333.6:c.1799T>A",
        "terms": ("missense_variant",),
        "exon": 15,
        "exons": 18,
        "transcript": "NM_004333.6",
        "mane": True,
        "population_asked": True,
    }
    return Alteration(**{**known, **changes})


def make_item(**changes: Any) -> EvidenceItem:
    known: dict[str, Any] = {
        "id": "EID1",
        "gene": "BRAF",
        "alteration": "V600E",
        "disease": "Melanoma",
        "therapies": ("Drugone",),
        "type": "Predictive",
        "direction": "Supports",
        "significance": "Sensitivity/Response",
        "level": "A",
        "rating": 5,
        "status": "accepted",
        "citation": "One et al., 2020",
    }
    return EvidenceItem(**{**known, **changes})


def make_rule(**changes: Any) -> TierRule:
    known: dict[str, Any] = {
        "tier": "I",
        "level": "A",
        "types": ("predictive",),
        "levels": ("a",),
        "significances": (),
        "directions": ("supports",),
        "sites": ("same",),
    }
    return TierRule(**{**known, **changes})
