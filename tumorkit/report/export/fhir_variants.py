"""Variants of the FHIR bundle: small ones, copy numbers of genes, structural events.

Source: HL7/genomics-reporting, profiles variant and molecular-consequence. Guide 3.0.0 says what
a variant does in an observation of its own; 2.0.0 has one component for it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from tumorkit.copynumber.call.result import (
    AMPLIFICATION,
    DEEP_LOSS,
    HIGH_GAIN,
    HOMOZYGOUS_DELETION,
    GeneCall,
)
from tumorkit.genome.structural import Breakpoint, StructuralEvent
from tumorkit.report.export.case import ExportCase
from tumorkit.report.export.fhir_codes import (
    CHANGES,
    DBSNP,
    ENSEMBL,
    HGVS,
    LOINC,
    NEWEST,
    ONE_BASED,
    PRESENT,
    REFSEQ,
    SOMATIC,
    TBD,
    Node,
    component,
    concept,
    gene_concept,
    observation,
    ontology,
    place_components,
    quantity,
    span,
    words,
)
from tumorkit.report.export.maf import SYMBOLIC, database_ids
from tumorkit.report.export.structural import reported_events
from tumorkit.variants.reported import ReportedVariant
from tumorkit.variants.transcripts import severity

Keyed = tuple[str, Node]
GAINED, LOST = (AMPLIFICATION, HIGH_GAIN), (HOMOZYGOUS_DELETION, DEEP_LOSS)
NO_COPIES = "genes far from the usual level whose copies are unknown (no purity)"
CHANGE_TYPE = (LOINC, "48019-4")
ARCHIVES = ((re.compile("ENS[A-Z]*T"), ENSEMBL), (re.compile("[NX][MR]_"), REFSEQ))


def variants(case: ExportCase, guide: str, left: Counter[str]) -> Iterator[Keyed]:
    """Yield small variants, each followed by what it does, by keys that name their content."""
    seen: Counter[str] = Counter()
    for item in case.variants:
        own = item.variant
        if own.kind == "symbolic":
            left[SYMBOLIC] += 1
            continue
        key = f"variant {own}"
        seen[key] += 1
        key += f" {seen[key]}" if seen[key] > 1 else ""
        yield key, variant(item, case, guide)
        said = item.consequence
        if guide == NEWEST and said is not None and said.terms:
            yield f"consequence of {key}", {"key": key, **consequence(item, guide)}


def variant(item: ReportedVariant, case: ExportCase, guide: str) -> Node:
    """Return a variant as the guide's profile has it: only components that are known."""
    own, said = item.variant, item.consequence
    parts: list[Node] = []
    if said is not None:
        if said.gene:
            parts.append(gene(said.gene, said.hgnc_id, guide))
        parts += transcript_components(item)
        if guide != NEWEST and said.terms:
            worst = min(said.terms, key=lambda term: severity([term]))
            parts.append(component((TBD, "molecular-consequence"), ontology(worst, guide)))
    parts.append(component(CHANGE_TYPE, ontology(change_of(item), guide, CHANGES)))
    parts += place_components([own.contig], case.build)
    parts += [
        span((LOINC, "81254-5"), own.pos, own.pos + len(own.ref) - 1),
        component((LOINC, "92822-6"), concept((LOINC, ONE_BASED))),
        words((LOINC, "69547-8"), own.ref),
        words((LOINC, "69551-0"), own.alt),
    ]
    if not case.tumor_only:
        parts.append(component((LOINC, "48002-0"), concept((LOINC, SOMATIC))))
    if own.tumor.vaf is not None:
        parts.append(quantity((LOINC, "81258-6"), own.tumor.vaf, "1"))
    if own.tumor.alt_depth is not None:
        parts.append(quantity((LOINC, "82121-5"), own.tumor.alt_depth, "1"))
    if own.tumor.depth is not None:
        parts.append(quantity("reads at the position", own.tumor.depth, "1"))
    for name in database_ids(item).replace("novel", "").split(","):
        if name:
            parts.append(component((LOINC, "81252-9"), concept((DBSNP, name))))
    return finding(parts)


def finding(parts: list[Node]) -> Node:
    """Return a variant that is present, with its components."""
    return {
        **observation("variant", (LOINC, "69548-6")),
        "valueCodeableConcept": concept((LOINC, PRESENT)),
        "component": parts,
    }


def change_of(item: ReportedVariant) -> str:
    """Return the kind of change: bases that both alleles begin with are no part of it."""
    ref, alt = item.variant.ref, item.variant.alt
    if len(ref) == len(alt):
        return "snv" if len(ref) == 1 else "mnv"
    if alt.startswith(ref):
        return "insertion"
    return "deletion" if ref.startswith(alt) else "delins"


def gene(symbol: str, hgnc_id: str, guide: str) -> Node:
    """Return the component of a gene."""
    return component((LOINC, "48018-6"), gene_concept(symbol, hgnc_id, guide))


def transcript_components(item: ReportedVariant) -> list[Node]:
    """Return the transcript and the names of the change."""
    said = item.consequence
    assert said is not None
    parts = []
    if said.transcript:
        name = said.transcript
        system = next((s for form, s in ARCHIVES if form.match(name)), "")
        value = concept((system, name)) if system else {"text": name}
        parts.append(component((LOINC, "51958-7"), value))
    for loinc, name in (("48004-6", said.hgvsc), ("48005-3", said.hgvsp)):
        if name:
            plain = name.replace("%3D", "=")
            parts.append(component((LOINC, loinc), concept((HGVS, plain), plain)))
    return parts


def consequence(item: ReportedVariant, guide: str) -> Node:
    """Return what a variant does to its transcript, every term of the annotation."""
    said = item.consequence
    assert said is not None
    parts = transcript_components(item)
    parts += [component((TBD, "feature-consequence"), ontology(t, guide)) for t in said.terms]
    return {
        **observation("molecular-consequence", (TBD, "molecular-consequence")),
        "component": parts,
    }


def copy_numbers(case: ExportCase, guide: str, left: Counter[str]) -> Iterator[Keyed]:
    """Yield genes that are amplified or lost; lesser gains and losses are no findings."""
    ids = {v.consequence.gene: v.consequence.hgnc_id for v in case.variants if v.consequence}
    for call in (case.calls.genes or ()) if case.calls is not None else ():
        if call.state in (*GAINED, *LOST):
            if call.copy_number is None:
                left[NO_COPIES] += 1
            key = f"copies of {call.gene} {call.contig}:{call.start}"
            yield key, copies(call, ids.get(call.gene, ""), case, guide)


def copies(call: GeneCall, hgnc_id: str, case: ExportCase, guide: str) -> Node:
    """Return the copies of a gene; guide 2.0.0 takes whole numbers only.

    The gene lies within the change (inner range), whose ends lie between bins (outer range).
    """
    kind = "gain" if call.state in GAINED else "loss"
    parts = [
        gene(call.gene, hgnc_id, guide),
        component(CHANGE_TYPE, ontology(kind, guide, CHANGES)),
    ]
    parts += place_components([call.contig], case.build)
    inner = max(call.start, call.event_start), min(call.end, call.event_end)
    if inner[0] < inner[1]:
        parts.append(span((LOINC, "81302-2"), inner[0] + 1, inner[1]))
    if call.event_start < call.event_end:
        parts.append(span((LOINC, "81301-4"), call.event_start + 1, call.event_end))
    parts.append(component((LOINC, "92822-6"), concept((LOINC, ONE_BASED))))
    number = call.copy_number
    if number is None:
        absent = concept(("http://terminology.hl7.org/CodeSystem/data-absent-reason", "unknown"))
        parts.append({"code": concept((LOINC, "82155-3")), "dataAbsentReason": absent})
        parts.append(quantity("log2 ratio", call.log2_ratio, "1"))
    else:
        exact = round(number) if guide != NEWEST else number
        parts.append(quantity((LOINC, "82155-3"), exact, "1"))
        for value, side in ((call.copy_number_low, "lower"), (call.copy_number_high, "upper")):
            if value is not None:
                parts.append(quantity(f"{side} end of the interval of the copies", value, "1"))
    parts.append(words("state", call.state))
    return finding(parts)


def events(
    case: ExportCase, guide: str, left: Counter[str], *, failed: bool = False
) -> Iterator[Keyed]:
    """Yield structural events of other callers, each followed by what a fusion does."""
    for at, event in enumerate(reported_events(case, left, failed=failed)):
        key = f"event {at} {event.kind} {place(event.first)} {place(event.second)}"
        yield key, structural(event, case, guide)
        if guide == NEWEST and event.kind == "fusion":
            parts = [component((TBD, "feature-consequence"), ontology("gene_fusion", guide))]
            told = observation("molecular-consequence", (TBD, "molecular-consequence"))
            yield f"consequence of {key}", {"key": key, **told, "component": parts}


def structural(event: StructuralEvent, case: ExportCase, guide: str) -> Node:
    """Return an event: both genes, its kind, both ends; ends on two contigs go by words."""
    ends = [end for end in (event.first, event.second) if end.contig]
    names = [n for end in ends for n in end.gene.split(",") if n]
    parts = [gene(name, "", guide) for name in dict.fromkeys(names)]
    parts.append(component(CHANGE_TYPE, ontology(event.kind, guide, CHANGES)))
    if ends:
        parts += place_components([end.contig for end in ends], case.build)
    places = sorted(end.pos for end in ends if end.pos is not None)
    if len(places) == len(ends) == 2 and ends[0].contig == ends[1].contig:
        coded = "81301-4" if event.imprecise else "81254-5"
        parts.append(span((LOINC, coded), places[0], places[1]))
    parts.append(component((LOINC, "92822-6"), concept((LOINC, ONE_BASED))))
    if event.somatic:
        parts.append(component((LOINC, "48002-0"), concept((LOINC, SOMATIC))))
    if event.vaf is not None:
        parts.append(quantity((LOINC, "81258-6"), event.vaf, "1"))
    said = {
        "name": event.name,
        "first breakpoint": place(event.first),
        "second breakpoint": place(event.second),
        "reading frame": event.frame or "",
        "found by": event.caller,
    }
    parts += [words(name, text) for name, text in said.items() if text]
    for name, reads in (("split reads", event.split_reads), ("pairs", event.spanning_pairs)):
        if reads is not None:
            parts.append(quantity(name, reads, "1"))
    return finding(parts)


def place(end: Breakpoint) -> str:
    """Return where an end lies, empty where it was not found."""
    return f"{end.contig}:{end.pos}" if end.contig and end.pos is not None else end.contig
