"""Consequences that annotators write, so that a misspelt one is not counted as none.

Sources: Ensembl's table of calculated consequences (VEP 113); the SnpEff manual, "Effect
prediction details". Terms are those of the Sequence Ontology.
"""

from __future__ import annotations

from collections.abc import Iterable

from tumorkit.errors import ParameterError, suggestion

TERMS = frozenset(
    (
        "transcript_ablation", "splice_acceptor_variant", "splice_donor_variant",
        "stop_gained", "frameshift_variant", "stop_lost", "start_lost",
        "initiator_codon_variant", "transcript_amplification", "feature_elongation",
        "feature_truncation", "inframe_insertion", "inframe_deletion",
        "conservative_inframe_insertion", "conservative_inframe_deletion",
        "disruptive_inframe_insertion", "disruptive_inframe_deletion", "missense_variant",
        "protein_altering_variant", "rare_amino_acid_variant", "splice_donor_5th_base_variant",
        "splice_region_variant", "splice_donor_region_variant",
        "splice_polypyrimidine_tract_variant", "incomplete_terminal_codon_variant",
        "start_retained_variant", "start_retained", "stop_retained_variant",
        "synonymous_variant", "coding_sequence_variant", "coding_transcript_variant",
        "mature_miRNA_variant", "5_prime_UTR_variant", "3_prime_UTR_variant",
        "5_prime_UTR_truncation", "3_prime_UTR_truncation",
        "5_prime_UTR_premature_start_codon_gain_variant", "exon_loss_variant", "exon_variant",
        "gene_variant", "non_coding_transcript_exon_variant", "non_coding_exon_variant",
        "intron_variant", "conserved_intron_variant", "NMD_transcript_variant",
        "non_coding_transcript_variant", "transcript_variant", "nc_transcript_variant",
        "upstream_gene_variant", "downstream_gene_variant", "TFBS_ablation",
        "TFBS_amplification", "TF_binding_site_variant", "regulatory_region_ablation",
        "regulatory_region_amplification", "regulatory_region_variant", "intergenic_variant",
        "intergenic_region", "conserved_intergenic_variant", "intragenic_variant",
        "chromosome_number_variation", "bidirectional_gene_fusion", "gene_fusion",
        "structural_interaction_variant", "protein_protein_contact", "sequence_feature",
        "sequence_variant", "miRNA",
    )
)  # fmt: skip


def check_terms(terms: Iterable[str]) -> None:
    """Raise for a consequence that no annotator writes.

    >>> check_terms(["missense_variant"])
    """
    for term in terms:
        if term not in TERMS:
            raise ParameterError(
                f"consequences: {term!r} is no consequence that VEP, SnpEff or bcftools csq writes",
                suggestion(term, sorted(TERMS))
                or "name terms of the Sequence Ontology, such as missense_variant",
            )
