"""The rules of the Genomics Reporting guides, restated to be asserted.

Sources: HL7/genomics-reporting, input/fsh (CGFindings, CGGeneral, CGImplications, CGBase,
GGGenomicStudy) of 3.0.0 and 2.0.0; FHIR R4 (ids, references, narrative); check digits
(LOINC users' guide). Slices are open, so that what no slice names is allowed.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

Node = dict[str, Any]
GUIDE = "http://hl7.org/fhir/uv/genomics-reporting/"
PREFIX = GUIDE + "StructureDefinition/"
LOINC, TBD = "http://loinc.org", GUIDE + "CodeSystem/tbd-codes-cs"
HGVS, UCUM = "http://varnomen.hgvs.org", "http://unitsofmeasure.org"
LABORATORY = ("http://terminology.hl7.org/CodeSystem/observation-category", "laboratory")
GENETICS = ("http://terminology.hl7.org/CodeSystem/v2-0074", "GE")
BIOMARKER = (TBD, "biomarker-category")
STATUSES = {
    "registered", "preliminary", "final", "amended", "corrected", "cancelled", "entered-in-error",
    "unknown",
}  # fmt: skip
CONCEPT, QUANTITY, RANGE, STRING = (
    "valueCodeableConcept", "valueQuantity", "valueRange", "valueString",
)  # fmt: skip
BUILDS = {"LA14024-6", "LA14029-5", "LA14030-3", "LA14031-1", "LA14032-9", "LA26806-2"}
CHROMOSOMES = {f"LA{number}" for number in range(21254, 21278)}
THERAPEUTIC = {"LA6676-6", "LA6677-4", "LA9660-7", "LA9661-5", "LA9662-3", "LA6682-4"}


@dataclass(frozen=True)
class Slice:
    """A slice of components: how many at most, its type, and the codes that a value may have."""

    most: int | None = 1
    kinds: tuple[str, ...] = (CONCEPT,)
    systems: tuple[str, ...] = ()
    codes: frozenset[str] = frozenset()
    required: bool = False
    needs_value: bool = True


def loinc_answers(*codes: str, required: bool = False) -> Slice:
    return Slice(systems=(LOINC,), codes=frozenset(codes), required=required)


GENE_SYSTEM = {"3.0.0": "http://www.genenames.org", "2.0.0": "http://www.genenames.org/geneId"}
TERM_SYSTEM = {"3.0.0": "http://sequenceontology.org", "2.0.0": "http://www.sequenceontology.org"}
NAME = Slice(systems=(HGVS,), required=True)


def finding(guide: str) -> dict[tuple[str, str], Slice]:
    return {
        (LOINC, "48018-6"): Slice(most=None, systems=(GENE_SYSTEM[guide],)),
        (LOINC, "48001-2"): Slice(most=None),
        (LOINC, "62374-4"): Slice(most=None, systems=(LOINC,), codes=frozenset(BUILDS)),
        (LOINC, "48000-4"): Slice(most=None, systems=(LOINC,), codes=frozenset(CHROMOSOMES),
                                  required=True),
        (TBD, "conclusion-string"): Slice(kinds=(STRING,)),
    }  # fmt: skip


def variant(guide: str) -> dict[tuple[str, str], Slice]:
    term = Slice(systems=(TERM_SYSTEM[guide],))
    rules = {
        **finding(guide),
        (LOINC, "48004-6"): NAME,
        (LOINC, "81290-9"): NAME,
        (LOINC, "48005-3"): NAME,
        (LOINC, "48019-4"): term,
        (LOINC, "48013-7"): Slice(),
        (LOINC, "51958-7"): Slice(),
        (LOINC, "81254-5"): Slice(kinds=(RANGE,)),
        (LOINC, "81301-4"): Slice(kinds=(RANGE,)),
        (LOINC, "81302-2"): Slice(kinds=(RANGE,)),
        (LOINC, "92822-6"): loinc_answers("LA30100-4", "LA30101-2", "LA30102-0"),
        (LOINC, "69547-8"): Slice(kinds=(STRING,)),
        (LOINC, "69551-0"): Slice(kinds=(STRING,)),
        (LOINC, "48002-0"): loinc_answers("LA6683-2", "LA6684-0"),
        (LOINC, "81258-6"): Slice(kinds=(QUANTITY,)),
        (LOINC, "82121-5"): Slice(kinds=(QUANTITY,)),
        (LOINC, "81252-9"): Slice(most=None),
        (LOINC, "82155-3"): Slice(kinds=(QUANTITY, RANGE)[: 2 if guide == "3.0.0" else 1],
                                  needs_value=False),
    }  # fmt: skip
    if guide == "2.0.0":
        rules[TBD, "molecular-consequence"] = term
    return rules


def consequence(guide: str) -> dict[tuple[str, str], Slice]:
    return {
        (LOINC, "48004-6"): NAME,
        (LOINC, "48005-3"): NAME,
        (LOINC, "51958-7"): Slice(),
        (TBD, "feature-consequence"): Slice(most=None, systems=(TERM_SYSTEM[guide],)),
        (TBD, "functional-effect"): Slice(systems=(TERM_SYSTEM[guide],)),
        (LOINC, "93044-6"): Slice(most=None),
        (LOINC, "53037-8"): Slice(),
    }


def therapeutic(guide: str) -> dict[tuple[str, str], Slice]:
    name = "therapeutic-implication" if guide == "3.0.0" else "predicted-therapeutic-implication"
    return {
        (LOINC, "93044-6"): Slice(most=None),
        (LOINC, "81259-4"): Slice(most=None),
        (LOINC, "51963-7"): Slice(most=None),
        (TBD, "associated-therapy"): Slice(most=None),
        (TBD, name): Slice(most=None, systems=(LOINC,), codes=frozenset(THERAPEUTIC)),
    }


@dataclass(frozen=True)
class Rules:
    """What a profile demands of an observation."""

    code: tuple[tuple[str, str], ...] = ()
    genetics: bool = True
    biomarker: bool = False
    values: tuple[str, ...] = ()
    answers: frozenset[str] = frozenset()
    derived: bool = False
    components: dict[tuple[str, str], Slice] | None = None
    unit: str = ""
    # What a component of the other guide would be: it must not be there.
    foreign: tuple[tuple[str, str], ...] = ()


PRESENCE = frozenset({"LA9633-4", "LA9634-2", "LA18198-4", "LA11884-6"})
STABILITY = frozenset({"LA14122-8", "LA14123-6", "LA26202-4", "LA26203-2", "LA11884-6"})
DIAGNOSTIC = {(LOINC, "93044-6"): Slice(most=None), (LOINC, "53037-8"): Slice(),
              (LOINC, "81259-4"): Slice(most=None)}  # fmt: skip


def profiles(guide: str) -> dict[str, Rules]:
    newest = guide == "3.0.0"
    rules = {
        "variant": Rules(
            code=((LOINC, "69548-6"),), values=(CONCEPT,), answers=PRESENCE, genetics=newest,
            components=variant(guide),
            foreign=((TBD, "molecular-consequence"), (TBD, "feature-consequence"))[not newest:],
        ),
        "therapeutic-implication": Rules(
            code=((TBD, "therapeutic-implication"),), derived=True, genetics=newest,
            components=therapeutic(guide),
            foreign=((TBD, "predicted-therapeutic-implication" if newest
                      else "therapeutic-implication"),),
        ),
        "diagnostic-implication": Rules(
            code=((TBD, "diagnostic-implication"),), derived=True, genetics=newest,
            components=DIAGNOSTIC,
        ),
    }  # fmt: skip
    if newest:
        rules["molecular-consequence"] = Rules(
            code=((TBD, "molecular-consequence"),), derived=True, components=consequence(guide)
        )
        known = (GUIDE + "CodeSystem/molecular-biomarker-ontology-cs",)
        category = {BIOMARKER: Slice(most=None, systems=known)}
        rules["molecular-biomarker"] = Rules(
            genetics=False, biomarker=True, values=(CONCEPT, QUANTITY), components=category
        )
    else:
        rules["tmb"] = Rules(code=((LOINC, "94076-7"),), genetics=False, values=(QUANTITY,),
                             unit="1/1000000{Base}")  # fmt: skip
        rules["msi"] = Rules(code=((LOINC, "81695-9"),), genetics=False, values=(CONCEPT,),
                             answers=STABILITY)  # fmt: skip
    return rules


# Values that the guide names for the codes of biomarkers (value set molecular-biomarker-code-vs).
UNITS = {"94076-7": "1/1000000{Base}"}
# Extensions of a study's analysis: most of each, and the type of value.
ANALYSIS: dict[str, tuple[int | None, str]] = {
    "method-type": (None, CONCEPT), "change-type": (None, CONCEPT), "genome-build": (1, CONCEPT),
    "title": (1, STRING), "focus": (None, "valueReference"), "specimen": (None, "valueReference"),
    "metrics": (1, "extension"), "regions": (1, "extension"), "device": (None, "extension"),
}  # fmt: skip
INNER: dict[str, dict[str, tuple[int | None, str]]] = {
    "metrics": {"read-depth": (1, QUANTITY), "sequencing-coverage": (1, QUANTITY),
                "metrics-description": (1, STRING)},
    "regions": {"description": (1, STRING), "studied": (None, CONCEPT), "called": (None, CONCEPT),
                "uncalled": (None, CONCEPT)},
}  # fmt: skip
FORBIDDEN = {
    "genomic-study": ("partOf", "statusReason", "recorder", "location", "bodySite", "outcome",
                      "report", "complication", "followUp", "usedReference", "usedCode"),
    "genomic-study-analysis": ("basedOn", "partOf", "statusReason", "code", "encounter", "recorder",
                               "asserter", "location", "bodySite", "outcome", "reasonCode",
                               "reasonReference", "report", "usedReference", "usedCode"),
}  # fmt: skip


def faults(bundle: Node, guide: str) -> list[str]:
    """Return everything that the guide or FHIR itself forbids of a bundle."""
    return [*bundle_faults(bundle), *(
        f"{entry['resource'].get('resourceType')} {entry.get('fullUrl')}: {said}"
        for entry in bundle["entry"] for said in resource_faults(entry["resource"], guide, bundle)
    )]  # fmt: skip


def bundle_faults(bundle: Node) -> Iterator[str]:
    if bundle.get("resourceType") != "Bundle" or bundle.get("type") != "collection":
        yield "not a collection"
    urls = [entry.get("fullUrl") for entry in bundle["entry"]]
    if len(set(urls)) < len(urls):
        yield "an address twice"
    for entry in bundle["entry"]:
        known, own = str(entry.get("fullUrl")), str(entry["resource"].get("id"))
        if not re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", known):
            yield f"{known} is no address"
        if not re.fullmatch(r"[A-Za-z0-9.-]{1,64}", own) or known != f"urn:uuid:{own}":
            yield f"id {own} is none of {known}"
    for reference in found(bundle, "reference"):
        if reference not in urls:
            yield f"{reference} leads nowhere"
    for text in strings(bundle):
        if not text or text != text.strip() or not text.isprintable():
            yield f"{text!r} is no FHIR string"
    for coding in codings(bundle):
        if not coding.get("system") or not re.fullmatch(r"\S+( \S+)*", coding.get("code", "")):
            yield f"coding {coding}"
        elif coding["system"] == LOINC and not has_check_digit(coding["code"]):
            yield f"LOINC {coding['code']}: check digit"
        if coding.get("system") == LOINC and "display" in coding:
            yield "a display text of LOINC"


def has_check_digit(code: str) -> bool:
    """Whether a LOINC code's last digit fits the others (Luhn, mod 10); answers have no such."""
    match = re.fullmatch(r"(\d+)-(\d)", code)
    if match is None:
        return re.fullmatch(r"LA\d+-\d", code) is not None
    total = 0
    for place, digit in enumerate(reversed(match.group(1))):
        doubled = int(digit) * (1 if place % 2 else 2)
        total += doubled - 9 if doubled > 9 else doubled
    return -total % 10 == int(match.group(2))


def found(node: Any, key: str) -> Iterator[Any]:
    if isinstance(node, dict):
        for name, value in node.items():
            if name == key and isinstance(value, str):
                yield value
            yield from found(value, key)
    elif isinstance(node, list):
        for item in node:
            yield from found(item, key)


def strings(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, (dict, list)):
        for item in node.values() if isinstance(node, dict) else node:
            yield from strings(item)


def codings(node: Any) -> Iterator[Node]:
    if isinstance(node, dict):
        for name, value in node.items():
            if name == "coding":
                yield from value
            else:
                yield from codings(value)
    elif isinstance(node, list):
        for item in node:
            yield from codings(item)


def resource_faults(node: Node, guide: str, bundle: Node) -> Iterator[str]:
    claimed = [name.removeprefix(PREFIX) for name in node.get("meta", {}).get("profile", [])]
    kind = node["resourceType"]
    if kind == "DiagnosticReport":
        yield from report_faults(node, guide, claimed)
    elif kind == "Observation":
        yield from observation_faults(node, guide, claimed, bundle)
    elif kind == "Procedure":
        yield from procedure_faults(node, guide, claimed, bundle)
    elif kind != "Specimen":
        yield "a resource that the guide has no place for"
    if "text" in node:
        yield from narrative_faults(node["text"])


def narrative_faults(text: Node) -> Iterator[str]:
    if text.get("status") not in ("generated", "extensions", "additional", "empty"):
        yield "narrative without a status"
    try:
        root = ElementTree.fromstring(text["div"])
    except ElementTree.ParseError as error:
        yield f"narrative: {error}"
        return
    if root.tag != "{http://www.w3.org/1999/xhtml}div" or not "".join(root.itertext()).strip():
        yield "narrative is no div, or empty"
    allowed = {"div", "p", "table", "tbody", "tr", "td", "th", "ul", "li", "b", "i", "span"}
    if any(item.tag.rpartition("}")[2] not in allowed for item in root.iter()):
        yield "narrative with elements that are not allowed"


def pairs(concept: Node) -> set[tuple[str, str]]:
    return {(c.get("system", ""), c.get("code", "")) for c in concept.get("coding", [])}


def report_faults(node: Node, guide: str, claimed: list[str]) -> Iterator[str]:
    if claimed != ["genomic-report" if guide == "3.0.0" else "genomics-report"]:
        yield f"profile {claimed}"
    if sum(GENETICS in pairs(item) for item in node.get("category", [])) != 1:
        yield "category GE not once"
    if (LOINC, "51969-4") not in pairs(node.get("code", {})):
        yield "code"
    if node.get("status") not in STATUSES:
        yield "status"
    if "imagingStudy" in node or "effectivePeriod" in node:
        yield "what the profile forbids"
    urls = [item["url"].removeprefix(PREFIX) for item in node.get("extension", [])]
    if guide == "2.0.0" and urls:
        yield "extensions of another guide"
    if guide == "3.0.0" and urls != ["genomic-study-reference"]:
        yield "no study"


def observation_faults(node: Node, guide: str, claimed: list[str], bundle: Node) -> Iterator[str]:
    values = [key for key in node if key.startswith("value")]
    if node.get("status") not in STATUSES:
        yield "status"
    if not node.get("code", {}).get("coding") and not node.get("code", {}).get("text"):
        yield "no code"
    if "dataAbsentReason" in node and values:
        yield "a value and a reason why there is none"
    categories = [pairs(item) for item in node.get("category", [])]
    if sum(LABORATORY in item for item in categories) != 1:
        yield "category laboratory not once"
    if not claimed:
        return
    rules = profiles(guide).get(claimed[0])
    if rules is None or len(claimed) > 1:
        yield f"profiles {claimed} are not of guide {guide}"
        return
    if rules.genetics and sum(GENETICS in item for item in categories) != 1:
        yield "category GE not once"
    if rules.biomarker and sum(BIOMARKER in item for item in categories) != 1:
        yield "category biomarker-category not once"
    if rules.code and not set(rules.code) <= pairs(node["code"]):
        yield "code"
    if len(values) + ("dataAbsentReason" in node) != bool(rules.values):
        yield f"values {values}"
    yield from value_faults(node, rules, values)
    if rules.derived:
        yield from derived_faults(node, bundle)
    yield from component_faults(node, rules)


def value_faults(node: Node, rules: Rules, values: list[str]) -> Iterator[str]:
    if any(key not in rules.values for key in values):
        yield f"{values}: expected {rules.values}"
    answer = {code for system, code in pairs(node.get(CONCEPT, {})) if system == LOINC}
    if rules.answers and not answer <= rules.answers:
        yield f"{answer} is not in the value set"
    codes = {code for _, code in pairs(node["code"])}
    unit = rules.unit or next((UNITS[code] for code in codes if code in UNITS), "")
    measured = node.get(QUANTITY)
    if unit and measured and (measured.get("system"), measured.get("code")) != (UCUM, unit):
        yield f"unit {measured}"
    if "94076-7" in codes and measured and measured.get("unit") != "Mutations/Megabase":
        yield "words of the unit"


def derived_faults(node: Node, bundle: Node) -> Iterator[str]:
    targets = {entry["fullUrl"]: entry["resource"] for entry in bundle["entry"]}
    derived = node.get("derivedFrom", [])
    if not derived:
        yield "derived from nothing"
    for item in derived:
        told = targets.get(item["reference"], {}).get("meta", {}).get("profile", [""])[0]
        if told.removeprefix(PREFIX) not in ("variant", "molecular-biomarker"):
            yield f"derived from {told or 'what is no finding'}"


def component_faults(node: Node, rules: Rules) -> Iterator[str]:
    counts: Counter[tuple[str, str]] = Counter()
    for part in node.get("component", []):
        values = [key for key in part if key.startswith("value")]
        if len(values) + ("dataAbsentReason" in part) != 1:
            yield f"component {part['code']}: {values}"
        for coded in pairs(part["code"]):
            counts[coded] += 1
            if coded in rules.foreign:
                yield f"component {coded} is of the other guide"
            rule = (rules.components or {}).get(coded)
            if rule is not None:
                yield from slice_faults(coded[1], part, rule, values)
            elif coded[0] in (LOINC, TBD):
                yield f"component {coded} is none of the profile"
    for coded, number in counts.items():
        most = (rules.components or {}).get(coded, Slice(most=None)).most
        if most is not None and number > most:
            yield f"component {coded} {number} times"


def slice_faults(name: str, part: Node, rule: Slice, values: list[str]) -> Iterator[str]:
    if rule.needs_value and not values:
        yield f"{name} without a value"
    if any(value not in rule.kinds for value in values):
        yield f"{name}: {values}, expected {rule.kinds}"
    value = part.get(CONCEPT)
    if value is not None:
        known = pairs(value)
        if rule.required and not known:
            yield f"{name}: words only"
        if not known and not value.get("text"):
            yield f"{name}: nothing"
        for system, code in known:
            stem = code.partition("-")[0]
            if rule.systems and system not in rule.systems:
                yield f"{name}: system {system}"
            elif rule.codes and not {code, stem} & rule.codes:
                yield f"{name}: {code} is not in the value set"
            if system.startswith("http://www.genenames.org"):
                named = [c.get("display") for c in value["coding"]]
                if not re.fullmatch(r"HGNC:\d+", code) or not all(named):
                    yield f"{name}: {code}"
            if "sequenceontology" in system and not re.fullmatch(r"SO:\d{7}", code):
                yield f"{name}: {code}"
    measured = part.get(QUANTITY)
    if measured is not None and measured.get("system") != UCUM:
        yield f"{name}: no UCUM"
    if name == "82155-3" and measured is not None and measured.get("code") != "1":
        yield "copy number is a count of 1"
    ends = part.get(RANGE)
    if ends is not None:
        low, high = (ends.get(key, ends["low"])["value"] for key in ("low", "high"))
        if low != int(low) or not 1 <= low <= high:
            yield f"{name}: {ends}"


def procedure_faults(node: Node, guide: str, claimed: list[str], bundle: Node) -> Iterator[str]:
    if guide == "2.0.0" or len(claimed) != 1 or claimed[0] not in FORBIDDEN:
        yield f"profile {claimed}"
        return
    if LABORATORY not in pairs(node.get("category", {})):
        yield "category"
    if node.get("status") != "completed":
        yield "status"
    if "subject" not in node:
        yield "no subject"
    if any(key in node for key in FORBIDDEN[claimed[0]]):
        yield "what the profile forbids"
    if claimed[0] == "genomic-study":
        urls = [item["url"] for item in node.get("extension", [])]
        if urls != [PREFIX + "genomic-study-analysis-ext"]:
            yield f"extensions {urls}"
        return
    start = PREFIX + "genomic-study-analysis-"
    outer = [(item["url"].removeprefix(start), item) for item in node.get("extension", [])]
    yield from extension_faults(outer, ANALYSIS)
    for name, item in outer:
        if name in INNER:
            inside = [(part["url"], part) for part in item.get("extension", [])]
            yield from extension_faults(inside, INNER[name])
        if name == "genome-build":
            known = pairs(item.get(CONCEPT, {}))
            if not known or not {code for _, code in known} <= BUILDS:
                yield "genome build"


def extension_faults(
    items: list[tuple[str, Node]], known: dict[str, tuple[int | None, str]]
) -> Iterator[str]:
    for name, number in Counter(name for name, _ in items).items():
        if name not in known:
            yield f"extension {name}"
        elif known[name][0] is not None and number > 1:
            yield f"extension {name} {number} times"
    for name, item in items:
        if name in known and [key for key in item if key != "url"] != [known[name][1]]:
            yield f"extension {name}: {json.dumps(item)[:80]}"
