"""Biomarkers of the FHIR bundle, and what the laboratory's tables say of its variants.

Source: HL7/genomics-reporting, profiles molecular-biomarker (3.0.0), tmb and msi (2.0.0),
therapeutic-implication, diagnostic-implication. Purity and ploidy have neither a profile nor a
code in the guides: they are plain observations, named by words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from tumorkit.report.export.case import Biomarker, ExportCase
from tumorkit.report.export.fhir_codes import (
    ABSENT,
    CATEGORY,
    INTERPRETATION,
    LOINC,
    NCIT,
    NEWEST,
    RESISTANT,
    RESPONSIVE,
    TBD,
    UCUM,
    Node,
    component,
    concept,
    observation,
    rounded,
    words,
)

PER_MEGABASE = "1/1000000{Base}"
MSI_ANSWERS = {
    "MSS": "LA14122-8", "MSI-L": "LA26202-4", "MSI-H": "LA26203-2", "indeterminate": "LA11884-6",
}  # fmt: skip
# Biomarker: its code, the profile of guide 2.0.0, and the UCUM code of its value.
CODES: Mapping[str, tuple[tuple[str, str] | str, str, str]] = {
    "TMB": ((LOINC, "94076-7"), "tmb", PER_MEGABASE),
    "MSI": ((LOINC, "81695-9"), "msi", ""),
    "HRD sum": ((NCIT, "C120465"), "", "{score}"),
    "Purity": ("tumour purity", "", "1"),
    "Ploidy": ("tumour ploidy", "", "1"),
}
PLAIN = ("Purity", "Ploidy")
HIGH_LOW = {"TMB-High": "H", "TMB-Low": "L"}
# Words of knowledge tables for what a therapy does.
ANSWERS = {
    "sensitivity/response": RESPONSIVE, "sensitivity": RESPONSIVE, "responsive": RESPONSIVE,
    "resistance": RESISTANT, "resistant": RESISTANT,
}  # fmt: skip
UNMATCHED = "interpretations of alterations that are not in the bundle"
AGAINST = "statements that do not support what they are about"


def biomarkers(case: ExportCase, guide: str, left: Counter[str]) -> Iterator[tuple[str, Node]]:
    """Yield the biomarkers that a name of the guides, or at least words, exist for."""
    for name, found in case.biomarkers.items():
        if name in CODES:
            yield f"biomarker {name}", biomarker(found, guide)
        else:
            left[f"{name}: the guide has no code for it"] += 1


def biomarker(found: Biomarker, guide: str) -> Node:
    """Return a biomarker with its value, class and interval, or the reason why there is none."""
    coded, older, unit = CODES[found.name]
    newest = guide == NEWEST
    profile = "" if found.name in PLAIN else "molecular-biomarker" if newest else older
    node = observation(profile, coded)
    parts: list[Node] = []
    if profile == "molecular-biomarker":
        node["category"].append(concept((TBD, "biomarker-category")))
        parts.append(component((TBD, "biomarker-category"), concept((CATEGORY, "molgen"))))
    if found.ok:
        parts += evaluated(node, found, unit)
    else:
        status = "error" if found.estimate.get("status") == "failed" else "unknown"
        node["dataAbsentReason"] = concept((ABSENT, status), found.reason or "not evaluable")
    if found.scheme:
        node["method"] = {"text": found.scheme}
    return {**node, "component": parts} if parts else node


def evaluated(node: Node, found: Biomarker, unit: str) -> list[Node]:
    """Give a biomarker its value and class, and return the components of its interval."""
    parts = interval_components(found.estimate)
    doubt = "" if found.clear else " (borderline)"
    if found.name == "MSI":
        answer = MSI_ANSWERS.get(found.call)
        said = (found.call or "no class") + doubt
        node["valueCodeableConcept"] = concept((LOINC, answer), said) if answer else {"text": said}
        parts.insert(0, measure("score", found.value, found.estimate))
        return parts
    assert found.value is not None
    node["valueQuantity"] = {"value": rounded(found.value), "system": UCUM, "code": unit}
    if found.name == "TMB":
        node["valueQuantity"]["unit"] = "Mutations/Megabase"
    if found.call:
        coded = HIGH_LOW.get(found.call)
        told = concept((INTERPRETATION, coded)) if coded else {}
        node["interpretation"] = [{**told, "text": found.call + doubt}]
    return parts


def measure(name: str, value: float | None, estimate: Mapping[str, Any]) -> Node:
    """Return a component for which the guide has no slot: it goes by words."""
    return {
        "code": {"text": name},
        "valueQuantity": {"value": value, "unit": estimate.get("unit") or "1"},
    }


def interval_components(estimate: Mapping[str, Any]) -> list[Node]:
    """Return both ends of the interval; the guide has no slot for them, so they go by words."""
    level = estimate.get("level")
    said = f"{level * 100:g} % interval" if level is not None else "interval"
    return [
        measure(f"{side} end of the {said}", estimate[key], estimate)
        for key, side in (("low", "lower"), ("high", "upper"))
        if estimate.get(key) is not None
    ]


def implications(
    case: ExportCase, guide: str, keys: Mapping[str, str], left: Counter[str]
) -> Iterator[tuple[str, Node]]:
    """Yield tiers, classes and therapies that the laboratory's tables gave; nothing is derived.

    ``keys`` has the resource of each variant by place and alleles, of each gene by name, of each
    event by its first place, and of each biomarker. Each
    node names in ``key`` the resource that it is about.
    """
    board = case.document.get("board") or {}
    rows = (board.get("interpretation") or {}).get("variants") or ()
    for at, row in enumerate(rows):
        if not (row.get("tier") or row.get("oncogenicity") or row.get("evidence")):
            continue
        about = next(filter(None, map(keys.get, resting_on(row))), None)
        if about is None:
            left[UNMATCHED] += 1
            continue
        if row.get("tier") or row.get("oncogenicity"):
            yield f"interpretation {at} of {about}", {"key": about, **significance(row)}
        for number, told in enumerate(row.get("evidence") or ()):
            if str(told.get("direction") or "").lower().startswith("does not"):
                left[AGAINST] += 1
            elif told.get("therapies"):
                key = f"therapy {at}.{number} of {about}"
                yield key, {"key": about, **therapy(told, guide)}


def resting_on(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the keys under which the finding may stand that an alteration is.

    >>> resting_on({"kind": "biomarker", "gene": "HRD"})
    ('biomarker HRD sum',)
    >>> resting_on({"kind": "fusion", "gene": "ALK", "contig": "chr2", "pos": 29223528})
    ('event chr2:29223528',)
    """
    gene = str(row.get("gene"))
    if row.get("kind") == "biomarker":
        return (f"biomarker {'HRD sum' if gene == 'HRD' else gene}",)
    if row.get("kind") in ("fusion", "structural"):
        return (f"event {row.get('contig')}:{row.get('pos')}",)
    return (place_of(row), gene)


def place_of(row: Mapping[str, Any]) -> str:
    """Return an alteration's place and alleles as a key, empty where it has none."""
    if not row.get("pos"):
        return ""
    return f"{row.get('contig')}:{row['pos']} {row.get('ref')}>{row.get('alt')}"


def significance(row: Mapping[str, Any]) -> Node:
    """Return an alteration's oncogenicity and tier, and who gave the tier."""
    node = observation("diagnostic-implication", (TBD, "diagnostic-implication"))
    parts = []
    if row.get("oncogenicity"):
        parts.append(component((LOINC, "53037-8"), {"text": str(row["oncogenicity"])}))
    if row.get("tier"):
        tier, level = str(row["tier"]), str(row.get("level") or "")
        said = tier if tier.endswith(level) else tier + level
        source = f" ({row['tier_source']})" if row.get("tier_source") else ""
        parts.append(component((LOINC, "93044-6"), {"text": f"AMP/ASCO/CAP tier {said}{source}"}))
    return {**node, "component": parts}


def therapy(told: Mapping[str, Any], guide: str) -> Node:
    """Return a statement about therapies: which, in what disease, to what effect, how certain."""
    name = "therapeutic-implication"
    node = observation(name, (TBD, name))
    slot = name if guide == NEWEST else f"predicted-{name}"
    parts = [
        component((LOINC, "51963-7"), {"text": str(drug)}) for drug in told.get("therapies") or ()
    ]
    effect = str(told.get("significance") or "")
    if effect:
        answer = ANSWERS.get(effect.lower())
        value = concept((LOINC, answer), effect) if answer else {"text": effect}
        parts.append(component((TBD, slot), value))
    if told.get("disease"):
        parts.append(component((LOINC, "81259-4"), {"text": str(told["disease"])}))
    if told.get("level"):
        parts.append(component((LOINC, "93044-6"), {"text": str(told["level"])}))
    cited = [str(told[key]) for key in ("source", "id", "citation") if told.get(key)]
    if cited:
        parts.append(words("source", " ".join(cited)))
    return {**node, "component": parts}
