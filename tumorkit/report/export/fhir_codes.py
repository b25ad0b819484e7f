"""Codes of the FHIR bundle, and the small nodes that carry them.

Sources: HL7/genomics-reporting 3.0.0 and 2.0.0 (profiles, value sets, aliases of code systems);
LOINC codes without their display texts, which are copyrighted; Sequence Ontology accessions.
"""

from __future__ import annotations

import uuid
from typing import Any

from tumorkit.genome.contigs import standard

Node = dict[str, Any]
Code = tuple[str, str]
GUIDE = "http://hl7.org/fhir/uv/genomics-reporting"
PROFILE = f"{GUIDE}/StructureDefinition"
NEWEST = "3.0.0"
LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"
NCIT = "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl"
TBD = f"{GUIDE}/CodeSystem/tbd-codes-cs"
CATEGORY = f"{GUIDE}/CodeSystem/molecular-biomarker-ontology-cs"
METHOD = f"{GUIDE}/CodeSystem/genomic-study-method-type-cs"
CHANGE = f"{GUIDE}/CodeSystem/genomic-study-change-type-cs"
LABORATORY = ("http://terminology.hl7.org/CodeSystem/observation-category", "laboratory")
GENETICS = ("http://terminology.hl7.org/CodeSystem/v2-0074", "GE")
ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
INTERPRETATION = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"
HGVS = "http://varnomen.hgvs.org"
REFSEQ = "http://www.ncbi.nlm.nih.gov/refseq"
ENSEMBL = "http://www.ensembl.org"
DBSNP = "http://www.ncbi.nlm.nih.gov/projects/SNP"
# The guides name two code systems differently.
HGNC = {"3.0.0": "http://www.genenames.org", "2.0.0": "http://www.genenames.org/geneId"}
ONTOLOGY = {
    "3.0.0": "http://sequenceontology.org",
    "2.0.0": "http://www.sequenceontology.org",
}
REPORT = {"3.0.0": "genomic-report", "2.0.0": "genomics-report"}
ASSEMBLIES = {"GRCh37": "LA14029-5", "GRCh38": "LA26806-2"}
PRESENT, SOMATIC, ONE_BASED = "LA9633-4", "LA6684-0", "LA30102-0"
RESPONSIVE, RESISTANT = "LA6677-4", "LA6676-6"
# LOINC answer list LL2938-0, chromosomes 1 to 22, X and Y.
CHROMOSOMES = (
    "LA21254-0", "LA21255-7", "LA21256-5", "LA21257-3", "LA21258-1", "LA21259-9", "LA21260-7",
    "LA21261-5", "LA21262-3", "LA21263-1", "LA21264-9", "LA21265-6", "LA21266-4", "LA21267-2",
    "LA21268-0", "LA21269-8", "LA21270-6", "LA21271-4", "LA21272-2", "LA21273-0", "LA21274-8",
    "LA21275-5", "LA21276-3", "LA21277-1",
)  # fmt: skip
# Terms of Sequence Ontology that annotation tools give, under SO:0001537.
TERMS = {
    "transcript_ablation": "SO:0001893", "splice_acceptor_variant": "SO:0001574",
    "splice_donor_variant": "SO:0001575", "stop_gained": "SO:0001587",
    "frameshift_variant": "SO:0001589", "stop_lost": "SO:0001578", "start_lost": "SO:0002012",
    "transcript_amplification": "SO:0001889", "feature_elongation": "SO:0001907",
    "feature_truncation": "SO:0001906", "inframe_insertion": "SO:0001821",
    "inframe_deletion": "SO:0001822", "missense_variant": "SO:0001583",
    "protein_altering_variant": "SO:0001818", "splice_donor_5th_base_variant": "SO:0001787",
    "splice_region_variant": "SO:0001630", "splice_donor_region_variant": "SO:0002170",
    "splice_polypyrimidine_tract_variant": "SO:0002169",
    "incomplete_terminal_codon_variant": "SO:0001626", "start_retained_variant": "SO:0002019",
    "stop_retained_variant": "SO:0001567", "synonymous_variant": "SO:0001819",
    "coding_sequence_variant": "SO:0001580", "mature_miRNA_variant": "SO:0001620",
    "5_prime_UTR_variant": "SO:0001623", "3_prime_UTR_variant": "SO:0001624",
    "non_coding_transcript_exon_variant": "SO:0001792", "intron_variant": "SO:0001627",
    "NMD_transcript_variant": "SO:0001621", "non_coding_transcript_variant": "SO:0001619",
    "coding_transcript_variant": "SO:0001968", "upstream_gene_variant": "SO:0001631",
    "downstream_gene_variant": "SO:0001632", "regulatory_region_variant": "SO:0001566",
    "intergenic_variant": "SO:0001628", "gene_fusion": "SO:0001565",
}  # fmt: skip
# Kinds of change of the sequence, under SO:0002072.
CHANGES = {
    "snv": "SO:0001483", "mnv": "SO:0002007", "insertion": "SO:0000667",
    "deletion": "SO:0000159", "delins": "SO:1000032", "gain": "SO:0001742",
    "loss": "SO:0001743", "translocation": "SO:0000199", "inversion": "SO:1000036",
    "duplication": "SO:1000035", "fusion": "SO:0001565",
}  # fmt: skip
NAMESPACE = uuid.UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")
# Versions of the RefSeq accessions NC_000001 to NC_000024 in both builds.
VERSIONS = {
    "GRCh37": (10, 11, 11, 11, 9, 11, 13, 10, 11, 10, 9, 11, 10, 8, 9, 9, 10, 9, 9, 10, 8, 10, 10,
               9),
    "GRCh38": (11, 12, 12, 12, 10, 12, 14, 11, 12, 11, 10, 12, 11, 9, 10, 10, 11, 10, 10, 11, 9,
               11, 11, 10),
}  # fmt: skip


def observation(profile: str, coded: Code | str) -> Node:
    """Return an observation with its categories and code; without a profile it claims none."""
    return {
        "resourceType": "Observation",
        **({"meta": {"profile": [f"{PROFILE}/{profile}"]}} if profile else {}),
        "status": "preliminary",
        "category": [concept(LABORATORY), concept(GENETICS)],
        "code": {"text": coded} if isinstance(coded, str) else concept(coded),
    }


def concept(coded: Code, text: str = "") -> Node:
    """Return a CodeableConcept of one code."""
    node: Node = {"coding": [{"system": coded[0], "code": coded[1]}]}
    return {**node, "text": text} if text else node


def component(coded: Code | str, value: Node) -> Node:
    """Return a component with a concept as its value; without a code it goes by words."""
    return {"code": code(coded), "valueCodeableConcept": value}


def quantity(coded: Code | str, value: float, unit: str) -> Node:
    """Return a component with a number in a UCUM unit as its value."""
    return {
        "code": code(coded),
        "valueQuantity": {"value": rounded(value), "system": UCUM, "code": unit},
    }


def words(coded: Code | str, value: str) -> Node:
    """Return a component with a text as its value."""
    return {"code": code(coded), "valueString": value}


def span(coded: Code, first: int, last: int | None = None) -> Node:
    """Return a component with a range of positions; a single base has no end."""
    place: Node = {"low": {"value": first}}
    if last is not None and last != first:
        place["high"] = {"value": last}
    return {"code": code(coded), "valueRange": place}


def code(coded: Code | str) -> Node:
    """Return a code, or words where there is none."""
    return {"text": coded} if isinstance(coded, str) else concept(coded)


def gene_concept(symbol: str, hgnc_id: str, guide: str) -> Node:
    """Return a gene by its HGNC id with the symbol as display; without an id by its symbol."""
    if not hgnc_id:
        return {"text": symbol}
    number = hgnc_id.removeprefix("HGNC:")
    coding = {"system": HGNC[guide], "code": f"HGNC:{number}", "display": symbol}
    return {"coding": [coding], "text": symbol}


def ontology(name: str, guide: str, table: dict[str, str] = TERMS) -> Node:
    """Return a term of Sequence Ontology, in words where its accession is not known."""
    known = table.get(name)
    return concept((ONTOLOGY[guide], known), name) if known else {"text": name}


def rounded(value: float) -> float:
    """Return a number with six digits; whole numbers stay whole."""
    return value if isinstance(value, int) else float(f"{value:.6g}")


def identity(sample: str, key: str) -> str:
    """Return the id of a resource: the same for the same sample and content."""
    return str(uuid.uuid5(NAMESPACE, f"tumorkit/{sample}/{key}"))


def chromosome(contig: str) -> int:
    """Return 1 to 24 of a chromosome, 0 for other contigs.

    >>> chromosome("chr7"), chromosome("X"), chromosome("chrM")
    (7, 23, 0)
    """
    name = standard(contig).removeprefix("chr")
    number = {"X": 23, "Y": 24}.get(name) or (int(name) if name.isdigit() else 0)
    return number if 1 <= number <= len(CHROMOSOMES) else 0


def refseq(contig: str, build: str) -> str:
    """Return the RefSeq accession of a chromosome, empty for other contigs.

    >>> refseq("chr7", "GRCh38"), refseq("X", "GRCh37"), refseq("chrUn_1", "GRCh38")
    ('NC_000007.14', 'NC_000023.10', '')
    """
    number = chromosome(contig)
    if build not in VERSIONS or not number:
        return ""
    return f"NC_{number:06d}.{VERSIONS[build][number - 1]}"


def place_components(contigs: list[str], build: str) -> list[Node]:
    """Return build, chromosomes and, where there is one, the sequence that positions count on."""
    parts: list[Node] = []
    if build in ASSEMBLIES:
        answer = concept((LOINC, ASSEMBLIES[build]), build)
        parts.append(component((LOINC, "62374-4"), answer))
    for contig in dict.fromkeys(contigs):
        number = chromosome(contig)
        if number:
            answer = concept((LOINC, CHROMOSOMES[number - 1]))
            parts.append(component((LOINC, "48000-4"), answer))
    accession = refseq(contigs[0], build) if len(set(contigs)) == 1 else ""
    if accession:
        parts.append(component((LOINC, "48013-7"), concept((REFSEQ, accession))))
    return parts
