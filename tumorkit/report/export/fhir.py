"""A FHIR R4 bundle by the HL7 Genomics Reporting guide: report, specimen, variants, biomarkers.

Sources: HL7/genomics-reporting 3.0.0 and 2.0.0 (profiles genomic-report, variant,
molecular-biomarker, tmb, msi); FHIR R4 (4.0.1). LOINC codes only, without its display texts, which
are copyrighted. What is not evaluable carries a ``dataAbsentReason`` and no value. The report is
``preliminary``: nobody has signed it. No person is described: the subject is an identifier.
"""

from __future__ import annotations

import json
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from tumorkit.contract.visible import visible_strings
from tumorkit.genome.contigs import standard
from tumorkit.report.export.case import Biomarker, ExportCase, File, file_stem
from tumorkit.report.export.maf import SYMBOLIC
from tumorkit.report.export.params import ReportExportParams
from tumorkit.variants.reported import ReportedVariant

Node = dict[str, Any]
GUIDE = "http://hl7.org/fhir/uv/genomics-reporting"
PROFILE = f"{GUIDE}/StructureDefinition"
LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"
NCIT = "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl"
TBD = f"{GUIDE}/CodeSystem/tbd-codes-cs"
LABORATORY = ("http://terminology.hl7.org/CodeSystem/observation-category", "laboratory")
GENETICS = ("http://terminology.hl7.org/CodeSystem/v2-0074", "GE")
ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
INTERPRETATION = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"
HGVS = "http://varnomen.hgvs.org"
REFSEQ = "http://www.ncbi.nlm.nih.gov/refseq"
ENSEMBL = "http://www.ensembl.org"
HGNC = "http://www.genenames.org/geneId"
SEQUENCE_ONTOLOGY = "http://www.sequenceontology.org"
PER_MEGABASE = "1/1000000{Base}"
ASSEMBLIES = {"GRCh37": "LA14029-5", "GRCh38": "LA26806-2"}
PRESENT, SOMATIC, ONE_BASED = "LA9633-4", "LA6684-0", "LA30102-0"
MSI_ANSWERS = {"MSS": "LA14122-8", "MSI-H": "LA26203-2"}
# Biomarker: its code and system, and the profile that guide 2.0.0 has for it.
CODES = {
    "TMB": (LOINC, "94076-7", "tmb"),
    "MSI": (LOINC, "81695-9", "msi"),
    "HRD sum": (NCIT, "C120465", ""),
}
HIGH_LOW = {"TMB-High": "H", "TMB-Low": "L"}
NAMESPACE = uuid.UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")
# Versions of the RefSeq accessions NC_000001 to NC_000024 in both builds.
VERSIONS = {
    "GRCh37": (10, 11, 11, 11, 9, 11, 13, 10, 11, 10, 9, 11, 10, 8, 9, 9, 10, 9, 9, 10, 8, 10, 10,
               9),
    "GRCh38": (11, 12, 12, 12, 10, 12, 14, 11, 12, 11, 10, 12, 11, 9, 10, 10, 11, 10, 10, 11, 9,
               11, 11, 10),
}  # fmt: skip


def bundle(case: ExportCase, params: ReportExportParams) -> File:
    """Return the bundle: ids follow from the sample, so that two runs give equal bytes."""
    left: Counter[str] = Counter()
    subject = {"identifier": {"value": params.patient or case.sample}}
    specimen = address(case, "specimen")
    resources: list[tuple[str, Node]] = [
        ("specimen", {"resourceType": "Specimen", "identifier": [{"value": case.sample}],
                      "subject": subject})
    ]  # fmt: skip
    for item in case.variants:
        if item.variant.kind == "symbolic":
            left[SYMBOLIC] += 1
        else:
            resources.append((f"variant {item.variant}", variant(item, case)))
    for name, found in case.biomarkers.items():
        if name in CODES:
            resources.append((f"biomarker {name}", biomarker(found, params)))
        else:
            left[f"{name}: the guide has no code for it"] += 1
    for _, node in resources[1:]:
        node |= {"subject": subject, "specimen": {"reference": specimen}}
        if case.date:
            node["effectiveDateTime"] = case.date
    report = report_of(case, subject, [address(case, key) for key, _ in resources[1:]])
    entries = [
        {"fullUrl": address(case, key), "resource": node}
        for key, node in [("report", report), *resources]
    ]
    document = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    text = json.dumps(visible_strings(document), indent=2, ensure_ascii=False) + "\n"
    name = f"{file_stem(case.sample)}.fhir.json"
    return File(name=name, content=text, records=len(entries), left_out=left)


def report_of(case: ExportCase, subject: Node, results: Sequence[str]) -> Node:
    """Return the report that all observations belong to."""
    node = {
        "resourceType": "DiagnosticReport",
        "meta": {"profile": [f"{PROFILE}/genomic-report"]},
        "status": "preliminary",
        "category": [concept(GENETICS)],
        "code": concept((LOINC, "51969-4")),
        "subject": subject,
        "specimen": [{"reference": address(case, "specimen")}],
        "result": [{"reference": reference} for reference in results],
    }
    if case.date:
        node["effectiveDateTime"] = case.date
    not_assessed = [
        f"{part.title}: {part.status_words}: {part.reason}"
        for part in case.parts.values()
        if not part.ok
    ]
    if not_assessed:
        node["conclusion"] = "Research use. " + "; ".join(not_assessed) + "."
    return node


def variant(item: ReportedVariant, case: ExportCase) -> Node:
    """Return a variant as the guide's profile has it: only components that are known."""
    own, said = item.variant, item.consequence
    parts: list[Node] = []
    if said is not None:
        parts += transcript_components(item)
        parts += [component((TBD, "molecular-consequence"), text_concept(t)) for t in said.terms]
    if case.build in ASSEMBLIES:
        answer = concept((LOINC, ASSEMBLIES[case.build]))
        parts.append(component((LOINC, "62374-4"), answer))
        accession = refseq(own.contig, case.build)
        if accession:
            parts.append(component((LOINC, "48013-7"), concept((REFSEQ, accession))))
    place: Node = {"low": {"value": own.pos}}
    if len(own.ref) > 1:
        place["high"] = {"value": own.pos + len(own.ref) - 1}
    parts += [
        {**code((LOINC, "81254-5")), "valueRange": place},
        component((LOINC, "92822-6"), concept((LOINC, ONE_BASED))),
        {**code((LOINC, "69547-8")), "valueString": own.ref},
        {**code((LOINC, "69551-0")), "valueString": own.alt},
    ]
    if not case.tumor_only:
        parts.append(component((LOINC, "48002-0"), concept((LOINC, SOMATIC))))
    if own.tumor.vaf is not None:
        parts.append(quantity((LOINC, "81258-6"), rounded(own.tumor.vaf), "1"))
    if own.tumor.alt_depth is not None:
        parts.append(quantity((LOINC, "82121-5"), own.tumor.alt_depth, "1"))
    return {
        **observation("variant", (LOINC, "69548-6")),
        "valueCodeableConcept": concept((LOINC, PRESENT)),
        "component": parts,
    }


def transcript_components(item: ReportedVariant) -> list[Node]:
    """Return gene, transcript, and the names of the change."""
    said = item.consequence
    assert said is not None
    parts = []
    if said.gene:
        named: Node = {"text": said.gene}
        if said.hgnc_id:
            named["coding"] = [
                {"system": HGNC, "code": f"HGNC:{said.hgnc_id}", "display": said.gene}
            ]
        parts.append(component((LOINC, "48018-6"), named))
    if said.transcript:
        system = ENSEMBL if said.transcript.startswith("ENS") else REFSEQ
        parts.append(component((LOINC, "51958-7"), concept((system, said.transcript))))
    for loinc, name in (("48004-6", said.hgvsc), ("48005-3", said.hgvsp)):
        if name:
            parts.append(component((LOINC, loinc), concept((HGVS, name.replace("%3D", "=")))))
    return parts


def biomarker(found: Biomarker, params: ReportExportParams) -> Node:
    """Return a biomarker with its value, class and interval, or the reason why there is none."""
    system, value, older = CODES[found.name]
    newest = params.fhir_guide == "3.0.0"
    profile = "molecular-biomarker" if newest or not older else older
    node = observation(profile, (system, value))
    if newest:
        node["category"].append(concept((TBD, "biomarker-category")))
    if not found.ok:
        reason = {"text": found.reason or "not evaluable"}
        status = "error" if found.estimate.get("status") == "failed" else "unknown"
        node["dataAbsentReason"] = {**concept((ABSENT, status)), **reason}
        return node
    estimate = found.estimate
    parts = interval_components(estimate)
    if found.name == "MSI":
        answer = MSI_ANSWERS.get(found.call)
        node["valueCodeableConcept"] = (
            concept((LOINC, answer)) if answer else text_concept(found.call or "no class")
        )
        parts.insert(0, score(found))
    else:
        unit = PER_MEGABASE if found.name == "TMB" else "{score}"
        node["valueQuantity"] = {"value": found.value, "system": UCUM, "code": unit}
        if found.name == "TMB":
            node["valueQuantity"]["unit"] = "Mutations/Megabase"
    if found.call and found.name != "MSI":
        doubt = "" if found.clear else " (borderline)"
        coded = HIGH_LOW.get(found.call)
        told = concept((INTERPRETATION, coded)) if coded else {}
        node["interpretation"] = [{**told, "text": found.call + doubt}]
    if found.scheme:
        node["method"] = {"text": found.scheme}
    if parts:
        node["component"] = parts
    return node


def score(found: Biomarker) -> Node:
    """Return the number behind a class."""
    unit = found.estimate.get("unit") or "1"
    return {
        "code": {"text": "score"},
        "valueQuantity": {"value": found.value, "unit": unit},
    }


def interval_components(estimate: Mapping[str, Any]) -> list[Node]:
    """Return both ends of the interval; the guide has no slot for them, so they go by text."""
    level = estimate.get("level")
    said = f"{level * 100:g} % interval" if level is not None else "interval"
    return [
        {
            "code": {"text": f"{side} end of the {said}"},
            "valueQuantity": {"value": estimate[key], "unit": estimate.get("unit") or "1"},
        }
        for key, side in (("low", "lower"), ("high", "upper"))
        if estimate.get(key) is not None
    ]


def observation(profile: str, coded: tuple[str, str]) -> Node:
    """Return an observation of a profile with its categories and code."""
    return {
        "resourceType": "Observation",
        "meta": {"profile": [f"{PROFILE}/{profile}"]},
        "status": "preliminary",
        "category": [concept(LABORATORY), concept(GENETICS)],
        **code(coded),
    }


def concept(coded: tuple[str, str]) -> Node:
    """Return a CodeableConcept of one code."""
    return {"coding": [{"system": coded[0], "code": coded[1]}]}


def text_concept(text: str) -> Node:
    """Return a CodeableConcept that is only words."""
    return {"text": text}


def code(coded: tuple[str, str]) -> Node:
    """Return the code of an observation or a component."""
    return {"code": concept(coded)}


def component(coded: tuple[str, str], value: Node) -> Node:
    """Return a component with a concept as its value."""
    return {**code(coded), "valueCodeableConcept": value}


def quantity(coded: tuple[str, str], value: float, unit: str) -> Node:
    """Return a component with a number as its value."""
    return {**code(coded), "valueQuantity": {"value": value, "system": UCUM, "code": unit}}


def rounded(value: float) -> float:
    """Return a fraction with six digits."""
    return float(f"{value:.6g}")


def address(case: ExportCase, key: str) -> str:
    """Return the address of a resource: the same for the same sample and content."""
    return f"urn:uuid:{uuid.uuid5(NAMESPACE, f'tumorkit/{case.sample}/{key}')}"


def refseq(contig: str, build: str) -> str:
    """Return the RefSeq accession of a chromosome, empty for other contigs.

    >>> refseq("chr7", "GRCh38"), refseq("X", "GRCh37"), refseq("chrUn_1", "GRCh38")
    ('NC_000007.14', 'NC_000023.10', '')
    """
    name = standard(contig).removeprefix("chr")
    number = {"X": 23, "Y": 24}.get(name) or (int(name) if name.isdigit() else 0)
    if build not in VERSIONS or not 1 <= number <= 24:
        return ""
    return f"NC_{number:06d}.{VERSIONS[build][number - 1]}"
