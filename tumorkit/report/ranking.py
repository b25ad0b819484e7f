"""Which variants lead a list: what is known first, then the laboratory's genes, then impact."""

from __future__ import annotations

from collections.abc import Callable, Collection

from tumorkit.report.document import Node

OTHER_IMPACT = 3
BESIDE = frozenset(["upstream_gene", "downstream_gene", "intergenic"])
KEPT = ("pass", "rescued", "unknown")
VERDICT_WORDS = {
    "pass": "passed",
    "rescued": "rescued",
    # No filter fails it, and at least one could not judge it.
    "unknown": "passed in part",
    "fail": "filtered out",
}
# Ensembl's table of calculated variant consequences, columns "SO term" and "IMPACT"; the terms
# are compared without "_variant", which bcftools csq leaves out.
HIGH_IMPACT = frozenset(
    [
        "transcript_ablation",
        "splice_acceptor",
        "splice_donor",
        "stop_gained",
        "frameshift",
        "stop_lost",
        "start_lost",
        "transcript_amplification",
        "feature_elongation",
        "feature_truncation",
    ]
)
MODERATE_IMPACT = frozenset(
    [
        "inframe_insertion",
        "inframe_deletion",
        "missense",
        "protein_altering",
        "conservative_inframe_insertion",
        "disruptive_inframe_insertion",
        "conservative_inframe_deletion",
        "disruptive_inframe_deletion",
    ]
)


def verdict_of(node: Node) -> str:
    """Return the verdict of a variant; another word than the known ones is an error."""
    verdict = node.text("verdict")
    if verdict not in VERDICT_WORDS:
        raise node.wrong("verdict", verdict, "pass, fail, rescued or unknown")
    return verdict


def effect_rank(node: Node) -> int:
    """Return 0 for a hotspot or a pathogenic variant, then 1, 2, 3 for high to other impact.

    What is pathogenic in a neighbour says nothing of a gene that the variant lies beside.
    """
    said = (node.maybe_text("consequence") or "").replace(",", "&").split("&")
    terms = {term.removesuffix("_variant") for term in said}
    if node.flag("hotspot") or (node.flag("pathogenic") and not terms <= BESIDE):
        return 0
    return 1 if terms & HIGH_IMPACT else 2 if terms & MODERATE_IMPACT else OTHER_IMPACT


def leading(asked: Collection[str]) -> Callable[[Node], tuple[int, int]]:
    """Return a key that puts the most telling variants first.

    Hotspots and pathogenic variants, then changed proteins of the genes that were asked for, then
    all others by impact.

    >>> key = leading({"APC"})
    >>> rows = [Node({"gene": gene, "consequence": said}, "", "") for gene, said in
    ...         [("RAC1", "stop_gained"), ("APC", "missense_variant"), ("APC", "intron_variant")]]
    >>> [row.text("gene") for row in sorted(rows, key=key)]
    ['APC', 'RAC1', 'APC']
    """

    def key(node: Node) -> tuple[int, int]:
        rank = effect_rank(node)
        own = rank < OTHER_IMPACT and (node.maybe_text("gene") or "") in asked
        return (0 if rank == 0 else 1 if own else 2, rank)

    return key
