"""From variants to what the fit asks of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from tumorkit.genome.variant import Variant
from tumorkit.purity.evidence import Mutation

PASSED = frozenset(("", ".", "PASS"))
# Sequence Ontology terms of variants that change a protein, and of those that end it early.
TRUNCATING = frozenset(
    (
        "transcript_ablation", "splice_acceptor_variant", "splice_donor_variant", "stop_gained",
        "frameshift_variant", "start_lost",
    )
)  # fmt: skip
ALTERING = TRUNCATING | frozenset(
    (
        "missense_variant", "stop_lost", "inframe_insertion", "inframe_deletion",
        "protein_altering_variant", "inframe_altering",
    )
)  # fmt: skip
# A variant in this many of the normal's reads, and in this share of them, or this part of the
# tumour's share, is not the tumour's own.
NORMAL_READS, NORMAL_SHARE, NORMAL_PART = 3, 0.05, 0.25
# A variant that so many people carry was inherited.
COMMON = 0.001
# Without a normal a variant of this probability of being somatic speaks.
SOMATIC = 0.9


def somatic_mutations(
    variants: Iterable[Variant], *, paired: bool = True
) -> tuple[list[Mutation], str]:
    """Return the tumour's variants, and in words which ones speak for its purity.

    A variant speaks if it passed its filters, has counted reads, is not known from the population
    and is not in the matched normal. Without a normal (``paired`` is false) only those speak that
    are somatic with a probability of 0.9 (INFO/TK_P_SOMATIC): the others are as likely inherited or
    artefacts. They are kept for their share of cells, and a hotspot still says that there is a
    tumour.

    >>> somatic_mutations([Variant(contig="1", pos=5, ref="A", alt="T", filters=("germline",))])
    ([], '0 of 1 somatic variants speak; left out: 1 filtered')
    """
    found, total = [], 0
    out = {
        "filtered": 0, "known from the population": 0, "without counts of reads": 0,
        "in the normal": 0, "of unknown origin, without a normal": 0,
    }  # fmt: skip
    for item in variants:
        total += 1
        highest = max((f.value or 0.0 for f in item.frequencies.values()), default=0.0)
        if not set(item.filters) <= PASSED:
            out["filtered"] += 1
        elif highest > COMMON:
            out["known from the population"] += 1
        elif not item.tumor.depth or item.tumor.alt_depth is None:
            out["without counts of reads"] += 1
        elif in_normal(item):
            out["in the normal"] += 1
        elif item.tumor.alt_depth > 0:
            speaks = paired or (item.p_somatic or 0.0) >= SOMATIC
            found.append(replace(mutation(item), speaks=speaks))
            out["of unknown origin, without a normal"] += not speaks
    left = ", ".join(f"{count} {reason}" for reason, count in out.items() if count)
    words = f"{sum(item.speaks for item in found)} of {total} somatic variants speak"
    return found, words + (f"; left out: {left}" if left else "")


def in_normal(item: Variant) -> bool:
    """Whether the matched normal has a variant in more of its reads than tumour cells in it could.

    >>> from tumorkit.genome.variant import AlleleCounts
    >>> counts = AlleleCounts(depth=60, alt_depth=28)
    >>> in_normal(Variant(contig="1", pos=5, ref="A", alt="T", tumor=counts, normal=counts))
    True
    """
    counts = item.normal
    if counts is None or not counts.depth or not counts.alt_depth:
        return False
    share = counts.alt_depth / counts.depth
    own = (item.tumor.alt_depth or 0) / max(item.tumor.depth or 0, 1)
    return counts.alt_depth >= NORMAL_READS and share > max(NORMAL_SHARE, NORMAL_PART * own)


def mutation(item: Variant) -> Mutation:
    """Return one variant with its reads, its gene and whether it changes the protein."""
    gene, altering, name = "", None, ""
    for consequence in item.consequences or ():
        terms = set(consequence.terms)
        if altering is None and terms:
            altering = False
        if terms & ALTERING and not altering:
            altering, gene = True, consequence.gene
            protein = consequence.hgvsp.rpartition(":")[2]
            # A splice site has no protein change: its term says what it does.
            if not protein or protein.endswith("?"):
                protein = next(term for term in consequence.terms if term in ALTERING)
            name = " ".join(part for part in (consequence.gene, protein) if part)
    depth = item.tumor.depth or 0
    return Mutation(
        contig=item.contig,
        pos=item.pos - 1,
        alt_depth=min(item.tumor.alt_depth or 0, depth),
        depth=depth,
        name=name or f"{item.contig}:{item.pos} {item.ref}>{item.alt}",
        gene=gene,
        hotspot=bool(item.hotspot),
        altering=altering,
        ref=item.ref,
        alt=item.alt,
    )


def inherited_hits(variants: Iterable[Variant]) -> tuple[list[Mutation], str]:
    """Return the inherited variants that take a gene's allele out, and in words what was judged.

    These are variants called pathogenic and truncating ones that are rare; a variant that nobody
    annotated cannot be judged.
    """
    found, total, silent = [], 0, 0
    for item in variants:
        total += 1
        if item.consequences is None:
            silent += 1
            continue
        terms = {term for consequence in item.consequences for term in consequence.terms}
        named = any(consequence.pathogenic for consequence in item.consequences)
        highest = max((f.value or 0.0 for f in item.frequencies.values()), default=0.0)
        if named or (terms & TRUNCATING and highest <= COMMON):
            found.append(mutation(item))
    words = f"{len(found)} of {total} germline variants are pathogenic or truncating"
    return found, words + (f"; {silent} have no annotation and were not judged" if silent else "")
