"""Whether a file can answer for a quantity, and why not: asked before any record is read."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from tumorkit.genome.vcf import VcfHeader
from tumorkit.variants.calls import CallReader
from tumorkit.variants.consequence import Annotations
from tumorkit.variants.filter.evidence_columns import FittedCase
from tumorkit.variants.filter.evidence_names import EVIDENCE
from tumorkit.variants.filter.expression import Field, Name
from tumorkit.variants.filter.quantities import (
    ORIENTATIONS,
    QUALITIES,
    is_gnomad,
    is_overall_gnomad,
)
from tumorkit.variants.qualities import BASE_FIELDS, MAPPING_FIELDS
from tumorkit.variants.strands import ORIENTATION_FIELDS

FIELDS_OF_QUALITY = {
    "base_quality": BASE_FIELDS,
    "ref_base_quality": BASE_FIELDS,
    "mapping_quality": MAPPING_FIELDS,
    "ref_mapping_quality": MAPPING_FIELDS,
}


def quality_fields(header: VcfHeader) -> set[str]:
    """Return the fields of a header that may hold a quality of reads."""
    return {*header.formats, *(key for key in header.info if key != "BQ")}


def unavailable(  # noqa: PLR0911 - one per source
    node: Name | Field, reader: CallReader, fitted: FittedCase | None = None
) -> str:
    """Return why a file cannot answer for a name, empty if it can."""
    header, notes, roles = reader.header, reader.annotations, reader.roles
    if isinstance(node, Field):
        return _field_unavailable(node, reader)
    if node.name in EVIDENCE:
        return _not_computed(node.name, reader, fitted)
    who, _, part = node.name.partition(".")
    if who == "normal" and roles.normal is None and part:
        return "there is no matched normal"
    if who == "tumor" and part and not header.samples and header.has_format:
        return "the VCF has no sample column"
    if part in ORIENTATIONS and not header.formats.keys() & ORIENTATION_FIELDS:
        return "no counts by read orientation (FORMAT/F1R2 or ALT_F1R2) are declared in the header"
    if part in QUALITIES and not quality_fields(header) & FIELDS_OF_QUALITY[part]:
        return "the caller writes no such quality, or its header does not declare it"
    if node.name == "caller_status" and not reader.status.knows:
        return "the header declares no field that says somatic or germline (STATUS, SS, SOMATIC)"
    said = _not_annotated(node.name, notes)
    if said:
        return said
    if node.name == "hotspot" and not reader.knows_hotspots:
        return "no hotspot annotation (INFO/Hotspot) is declared in the header"
    if node.name == "regions" and not reader.asked_regions:
        return "the calls were not compared with regions (tumorkit variants annotate --regions)"
    if node.name == "callers" and not reader.caller_field and reader.dialect == "unknown":
        return "the header does not say which callers found a variant"
    return ""


def _not_annotated(name: str, notes: Annotations) -> str:
    if name in ("gene", "consequence", "impact", "biotype", "transcript"):
        return "" if notes.tool else "the VCF has no CSQ, ANN or BCSQ annotation"
    if name == "population_af" and not notes.sources(lambda _: True).any:
        return "no population frequency is declared in the header"
    if name == "gnomad_af" and not notes.sources(is_overall_gnomad).any:
        return "no gnomAD frequency is declared in the header"
    if name == "gnomad_popmax" and not notes.sources(is_gnomad).any:
        return "no gnomAD frequency is declared in the header"
    return ""


def _not_computed(name: str, reader: CallReader, fitted: FittedCase | None) -> str:
    wanted = EVIDENCE[name]
    if fitted is None:
        if wanted.tag in reader.header.info:
            return ""
        return f"{name} was not computed (INFO/{wanted.tag} is not declared in the header)"
    if wanted.needs == "normal" and reader.roles.normal is None:
        return "there is no matched normal"
    if wanted.needs == "background" and fitted.case.background is None:
        return "no background of normals was given (--background)"
    return ""


def _field_unavailable(node: Field, reader: CallReader) -> str:
    header, notes = reader.header, reader.annotations
    if node.source == "CSQ":
        if not notes.tool:
            return "the VCF has no CSQ, ANN or BCSQ annotation"
        return _not_declared(f"CSQ/{node.key}", node.key, notes.fields)
    if node.source == "INFO":
        return _not_declared(f"INFO/{node.key}", node.key, tuple(header.info))
    if node.source == "normal.FORMAT" and reader.roles.normal is None:
        return "there is no matched normal"
    return _not_declared(f"FORMAT/{node.key}", node.key, tuple(header.formats))


def _not_declared(said: str, key: str, declared: Sequence[str]) -> str:
    if key in declared:
        return ""
    near = get_close_matches(key, list(declared), n=1, cutoff=0.85)
    hint = f"did you mean {near[0]!r}?" if near else ""
    return f"{said} is not declared in the header" + (f"; {hint}" if hint else "")
