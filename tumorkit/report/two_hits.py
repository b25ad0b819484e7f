"""Genes that lost both alleles: tumour suppressors with their hits first, the others by name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tumorkit.report.document import Node, Part
from tumorkit.report.language import term
from tumorkit.report.text import listed

TWO_HITS = "two hits"
COPY_HITS = frozenset({"homozygous deletion", "LOH"})
# A pathologist's estimate is off by two steps of ten percent on average (Smits 2014, Modern
# Pathology 27:168); up to one step is no contradiction.
CONTRADICTION = 0.1
MOST_DESCRIBED = 5
MOST_NAMED = 12
TRUNCATING = re.compile(r"homozygous deletion|Ter|fs|splice_(donor|acceptor)|\*")
HIT = re.compile(
    r"(^|[,:;] )(somatic|germline|of unknown origin|homozygous deletion|LOH|phase unknown)\b"
)
# Tumour suppressors: Vogelstein 2013 (PMID 23539594), table of driver genes, and genes of mismatch
# and recombination repair. They only lead the list: two hits of an oncogene rarely mean a loss.
SUPPRESSORS = frozenset(
    (
        "ACVR1B", "AMER1", "APC", "ARID1A", "ARID1B", "ARID2", "ASXL1", "ATM", "ATRX", "AXIN1",
        "B2M", "BAP1", "BARD1", "BCOR", "BRCA1", "BRCA2", "BRIP1", "CASP8", "CDC73", "CDH1",
        "CDK12", "CDKN2A", "CEBPA", "CHEK2", "CIC", "CREBBP", "CYLD", "DAXX", "EP300", "FBXW7",
        "FUBP1", "GATA1", "GATA3", "HNF1A", "KDM5C", "KDM6A", "KMT2C", "KMT2D", "MAP3K1", "MEN1",
        "MLH1", "MSH2", "MSH3", "MSH6", "NCOR1", "NF1", "NF2", "NOTCH1", "NOTCH2", "NPM1", "PALB2",
        "PAX5", "PBRM1", "PHF6", "PIK3R1", "PMS2", "PRDM1", "PTCH1", "PTEN", "RAD51C", "RAD51D",
        "RB1", "RNF43", "RUNX1", "SETD2", "SMAD2", "SMAD4", "SMARCA4", "SMARCB1", "SOCS1", "SOX9",
        "STAG2", "STK11", "TET2", "TNFAIP3", "TP53", "TRAF7", "TSC1", "TSC2", "VHL", "WT1",
    )
)  # fmt: skip


def contradiction(result: Node | None) -> tuple[float, float, float, float] | None:
    """Return the given purity, the fitted one and its range where they contradict each other.

    Copies then rest on the given purity, and losses that the fit finds are not those of the case.
    """
    given = result.maybe_node("given") if result else None
    fitted = result.maybe_node("fitted") if result else None
    if given is None or fitted is None:
        return None
    purity, value = given.maybe_number("purity"), fitted.maybe_number("value")
    low, high = fitted.maybe_number("low"), fitted.maybe_number("high")
    if purity is None or value is None or low is None or high is None:
        return None
    agree = low <= purity <= high or abs(purity - value) <= CONTRADICTION
    return None if agree else (purity, value, low, high)


def hit_twice(result: Node) -> list[Node]:
    """Return the genes with two hits; without those by copies of a fit that is not used."""
    fitted = result.maybe_node("fitted") or result
    found = [node for node in fitted.nodes("genes") if node.maybe_text("status") == TWO_HITS]
    if contradiction(result) is None:
        return found
    return [node for node in found if COPY_HITS.isdisjoint(node.texts("hits"))]


def two_hit_genes(part: Part | None) -> tuple[tuple[tuple[str, str], ...], str]:
    """Return genes with their hits, and the names of further ones.

    Other genes than suppressors need a loss among their hits. Suppressors with a truncating hit or
    without any copy lead. Where genes are many, as in a tumour
    with thousands of mutations, only suppressors are described.
    """
    result = part.result if part else None
    if result is None:
        return (), ""
    found = [
        node
        for node in hit_twice(result)
        # Two activating mutations of an oncogene are no loss.
        if node.text("gene") in SUPPRESSORS or not COPY_HITS.isdisjoint(node.texts("hits"))
    ]
    found.sort(key=lambda node: (node.text("gene") not in SUPPRESSORS, not truncated(node)))
    many = len(found) > MOST_DESCRIBED
    lead = [n for n in found if not many or n.text("gene") in SUPPRESSORS][:MOST_DESCRIBED]
    described = {id(node) for node in lead}
    rest = [node.text("gene") for node in found if id(node) not in described]
    return tuple(map(described_hits, lead)), listed(rest, MOST_NAMED) if rest else ""


def truncated(node: Node) -> bool:
    """Whether a hit leaves no protein."""
    return any(TRUNCATING.search(hit) for hit in node.texts("hits"))


def described_hits(node: Node) -> tuple[str, str]:
    """Return a gene and its hits; a somatic one without saying the gene again."""
    gene = node.text("gene")
    hits: Sequence[str] = [hit.removeprefix(f"somatic {gene} ") for hit in node.texts("hits")]
    return gene, " + ".join(map(hit_words, hits))


def hit_words(text: str) -> str:
    """Return hits in the language of the report; names of genes and changes stay as they are.

    >>> hit_words("MSH2: LOH, somatic MSH2 p.Trp318Ter")
    'MSH2: LOH, somatic MSH2 p.Trp318Ter'
    """
    return HIT.sub(lambda found: found.group(1) + term(found.group(2)), text)
