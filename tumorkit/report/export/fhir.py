"""A FHIR R4 bundle by the HL7 Genomics Reporting guide: report, study, variants, biomarkers.

Sources: HL7/genomics-reporting 3.0.0 and 2.0.0 (profiles genomic-report, genomic-study,
genomic-study-analysis and those of the modules beside); FHIR R4 (4.0.1). What is not evaluable
carries a ``dataAbsentReason`` and no value. The report is ``preliminary``: nobody has signed it.
No person is described: the subject is an identifier.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from html import escape
from typing import Any

from tumorkit.contract.visible import visible
from tumorkit.report.export.case import ExportCase, File, file_stem
from tumorkit.report.export.fhir_codes import (
    ASSEMBLIES,
    CHANGE,
    GENETICS,
    LABORATORY,
    LOINC,
    METHOD,
    NEWEST,
    PROFILE,
    REPORT,
    Node,
    concept,
    gene_concept,
    identity,
)
from tumorkit.report.export.fhir_findings import biomarkers, implications
from tumorkit.report.export.fhir_variants import copy_numbers, events, variants
from tumorkit.report.export.params import ReportExportParams
from tumorkit.report.export.workbook import writable

XHTML = "http://www.w3.org/1999/xhtml"
# A panel's genes are listed one by one; an exome's are said by number.
MOST_GENES = 1_000
UNEVEN = re.compile(r'"\s|\s"|""|\\[\\bfu]')


def bundle(case: ExportCase, params: ReportExportParams) -> File:
    """Return the bundle: ids follow from the sample, so that two runs give equal bytes."""
    left: Counter[str] = Counter()
    guide = params.fhir_guide
    subject = {"identifier": {"value": params.patient or case.sample}}
    found = dict(results(case, params, left))
    shared: Node = {"subject": subject, "specimen": {"reference": address(case, "specimen")}}
    if case.date:
        shared["effectiveDateTime"] = case.date
    for node in found.values():
        about = node.pop("key", None)
        if about is not None:
            node["derivedFrom"] = [{"reference": address(case, about)}]
        node.update(shared)
    specimen = {
        "resourceType": "Specimen",
        "identifier": [{"value": case.sample}],
        "subject": subject,
    }
    nodes = {"report": report_of(case, guide, subject, list(found)), "specimen": specimen}
    if guide == NEWEST:
        nodes |= {"study": study(case, subject), "analysis": analysis(case, subject)}
    entries = [
        written({"fullUrl": address(case, key), "resource": identified(case, key, node)})
        for key, node in {**nodes, **found}.items()
    ]
    listed = ",\n".join(entries)
    text = f'{{"resourceType":"Bundle","type":"collection","entry":[\n{listed}\n]}}\n'
    name = f"{file_stem(case.sample)}.fhir.json"
    return File(name=name, content=text, records=len(entries), left_out=left)


def results(
    case: ExportCase, params: ReportExportParams, left: Counter[str]
) -> Iterator[tuple[str, Node]]:
    """Yield every observation by its key; implications come last, for they name the others."""
    guide = params.fhir_guide
    keys: dict[str, str] = {}
    for key, node in variants(case, guide, left):
        keys.setdefault(key.removeprefix("variant "), key)
        yield key, node
    for key, node in copy_numbers(case, guide, left):
        keys.setdefault(key.split(" ")[2], key)
        yield key, node
    for key, node in events(case, guide, left, failed=params.include_failed):
        if key.startswith("event "):
            keys.setdefault(f"event {key.split(' ')[3]}", key)
        yield key, node
    for key, node in biomarkers(case, guide, left):
        # Only the newer guide lets an implication rest on a biomarker.
        if guide == NEWEST:
            keys[key] = key
        yield key, node
    yield from implications(case, guide, keys, left)


def identified(case: ExportCase, key: str, node: Node) -> Node:
    """Return a resource with its id behind its type."""
    kind = node["resourceType"]
    return {"resourceType": kind, "id": identity(case.sample, key), **node}


def address(case: ExportCase, key: str) -> str:
    """Return the address of a resource."""
    return f"urn:uuid:{identity(case.sample, key)}"


def written(node: Node) -> str:
    """Return a resource as one line of JSON, without what FHIR strings and XML cannot hold.

    Without blanks between its signs, the line itself shows whether a text is empty, begins or ends
    with a blank, or needs an escape; few do, and only those are looked at one by one.
    """
    line = json.dumps(node, ensure_ascii=False, separators=(",", ":"))
    if line.isprintable() and not UNEVEN.search(line):
        return line
    return json.dumps(strings(node), ensure_ascii=False, separators=(",", ":"))


def strings(value: Any) -> Any:
    """Return a document whose texts FHIR can hold; one that has nothing left is a dash."""
    if isinstance(value, str):
        return writable(visible(value, keep="\n\t\r")).strip() or "-"
    if isinstance(value, dict):
        return {key: strings(item) for key, item in value.items()}
    return [strings(item) for item in value] if isinstance(value, list) else value


def report_of(case: ExportCase, guide: str, subject: Node, keys: list[str]) -> Node:
    """Return the report that all observations belong to."""
    node: Node = {
        "resourceType": "DiagnosticReport",
        "meta": {"profile": [f"{PROFILE}/{REPORT[guide]}"]},
        "text": narrative(case, len(keys)),
    }
    if guide == NEWEST:
        reference = {"reference": address(case, "study")}
        url = f"{PROFILE}/genomic-study-reference"
        node["extension"] = [{"url": url, "valueReference": reference}]
    node |= {
        "status": "preliminary",
        "category": [concept(GENETICS)],
        "code": concept((LOINC, "51969-4")),
        "subject": subject,
        "specimen": [{"reference": address(case, "specimen")}],
        "result": [{"reference": address(case, key)} for key in keys],
    }
    if case.date:
        node["effectiveDateTime"] = case.date
    said = not_assessed(case)
    if said:
        node["conclusion"] = "Research use. " + "; ".join(said) + "."
    return node if keys else {key: item for key, item in node.items() if key != "result"}


def not_assessed(case: ExportCase) -> list[str]:
    """Return the parts without a result, each with the reason."""
    return [
        f"{part.title}: {part.status_words}: {part.reason}"
        for part in case.parts.values()
        if not part.ok
    ]


def narrative(case: ExportCase, observations: int) -> Node:
    """Return the report in short for a reader, as XHTML."""
    rows = []
    for item in case.biomarkers.values():
        if item.value is None:
            said = f"not evaluable: {item.reason}"
        else:
            unit = item.estimate.get("unit") or ""
            doubt = "" if item.clear or not item.call else " (borderline)"
            said = f"{item.value:.4g} {unit} {item.call}{doubt}".strip()
        rows.append(f"<tr><td>{plain(item.name)}</td><td>{plain(said)}</td></tr>")
    table = f"<table><tbody>{''.join(rows)}</tbody></table>" if rows else ""
    missing = "".join(f"<li>{plain(said)}</li>" for said in not_assessed(case))
    listed = f"<ul>{missing}</ul>" if missing else ""
    head = f"Somatic profile of {plain(case.sample)}, {plain(case.build)}: {observations} findings."
    return {
        "status": "generated",
        "div": f'<div xmlns="{XHTML}"><p>{head} Research use.</p>{table}{listed}</div>',
    }


def plain(text: str) -> str:
    """Return a text that is no markup and that XML can hold."""
    return escape(writable(text))


def study(case: ExportCase, subject: Node) -> Node:
    """Return the study: one analysis of one specimen."""
    reference = {"reference": address(case, "analysis")}
    return {
        **procedure("genomic-study", subject, case),
        "extension": [
            {"url": f"{PROFILE}/genomic-study-analysis-ext", "valueReference": reference}
        ],
        "status": "completed",
    }


def procedure(profile: str, subject: Node, case: ExportCase) -> Node:
    """Return what study and analysis share."""
    node: Node = {
        "resourceType": "Procedure",
        "meta": {"profile": [f"{PROFILE}/{profile}"]},
        "category": concept(LABORATORY),
        "subject": subject,
    }
    return {**node, "performedDateTime": case.date} if case.date else node


def analysis(case: ExportCase, subject: Node) -> Node:
    """Return what was analysed and how: build, specimen, depth, genes, and what failed."""
    said: list[Node] = [extension("method-type", concept((METHOD, "ngs-mps")))]
    kinds = ["DNA", *(["CNV"] if case.calls is not None else [])]
    said += [extension("change-type", concept((CHANGE, kind))) for kind in kinds]
    if case.build in ASSEMBLIES:
        said.append(extension("genome-build", concept((LOINC, ASSEMBLIES[case.build]), case.build)))
    version = case.document.get("tumorkit_version")
    title = f"somatic profile by tumorkit {version}" if version else "somatic profile by tumorkit"
    said.append({"url": f"{PROFILE}/genomic-study-analysis-title", "valueString": title})
    specimen = {"reference": address(case, "specimen")}
    url = f"{PROFILE}/genomic-study-analysis-specimen"
    said.append({"url": url, "valueReference": specimen})
    for name, inner in (("metrics", metrics(case)), ("regions", regions(case))):
        if inner:
            said.append({"url": f"{PROFILE}/genomic-study-analysis-{name}", "extension": inner})
    return {
        **procedure("genomic-study-analysis", subject, case),
        "extension": said,
        "status": "completed",
    }


def extension(name: str, value: Node) -> Node:
    """Return an extension of the analysis with a concept."""
    return {"url": f"{PROFILE}/genomic-study-analysis-{name}", "valueCodeableConcept": value}


def metrics(case: ExportCase) -> list[Node]:
    """Return depth where genes were examined base by base: each gene's median, and the least."""
    coverage = (case.document.get("board") or {}).get("coverage") or {}
    genes = coverage.get("genes") or ()
    depths = [row["median_depth"] for row in genes if row.get("median_depth") is not None]
    if not depths:
        return []
    said = (
        f"median depth of {len(depths)} genes that the tumour type asks for: "
        f"{min(depths):g} to {max(depths):g} reads"
    )
    if coverage.get("needed_depth") is not None:
        said += f"; {coverage['needed_depth']} are needed"
    return [{"url": "metrics-description", "valueString": said}]


def regions(case: ExportCase) -> list[Node]:
    """Return the targets by name and digest, and the genes with copy number or coverage."""
    named = [
        f"{row.get('name')} (sha256 {row.get('sha256')})"
        for row in case.document.get("inputs") or ()
        if row.get("role") == "targets"
    ]
    genes = [call.gene for call in (case.calls.genes or ())] if case.calls is not None else []
    listed = list(dict.fromkeys(genes))
    said: list[Node] = []
    told = [f"targets: {name}" for name in named]
    if len(listed) > MOST_GENES:
        told.append(f"{len(listed)} genes with copy number")
        listed = []
    if told:
        said.append({"url": "description", "valueString": "; ".join(told)})
    ids = {v.consequence.gene: v.consequence.hgnc_id for v in case.variants if v.consequence}
    for name in listed:
        value = gene_concept(name, ids.get(name, ""), NEWEST)
        said.append({"url": "studied", "valueCodeableConcept": value})
    coverage = (case.document.get("board") or {}).get("coverage") or {}
    for row in coverage.get("genes") or ():
        if not row.get("share"):
            value = gene_concept(str(row["gene"]), ids.get(row["gene"], ""), NEWEST)
            said.append({"url": "uncalled", "valueCodeableConcept": value})
    return said
