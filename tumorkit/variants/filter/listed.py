"""One allele as a result lists it, on the transcript that the laboratory reports."""

from __future__ import annotations

from collections.abc import Sequence

from tumorkit.genome.variant import Consequence
from tumorkit.genome.vcf import VcfRecord
from tumorkit.variants.calls import CallReader
from tumorkit.variants.filter.result import FilteredVariant, OtherTranscript, Reason
from tumorkit.variants.transcripts import (
    OTHER_VERSION,
    TranscriptList,
    also_reported,
    choose_consequence,
    chosen_by,
    is_versioned,
)


def filtered_variant(
    record: VcfRecord,
    at: int,
    reader: CallReader,
    *,
    verdict: str,
    tier: str,
    reasons: tuple[Reason, ...],
    origin: str | None,
    p_somatic: float | None,
) -> FilteredVariant:
    """Return one allele with its verdict."""
    variant = reader(record)[at]
    flags = reader.caller_filters(record)[at]
    transcripts = reader.annotations.transcripts
    chosen = choose_consequence(variant.consequences, transcripts)
    also = also_reported(chosen, variant.consequences)
    named = named_by(chosen) if chosen else None
    normal = variant.normal
    return FilteredVariant(
        contig=variant.contig,
        pos=variant.pos,
        ref=variant.ref,
        alt=variant.alt,
        gene=named.gene if named else None,
        consequence=named.consequence if named else None,
        transcript=named.transcript if named else None,
        hgvsc=named.hgvsc if named else None,
        hgvsp=named.hgvsp if named else None,
        transcript_choice=chosen_by(chosen, transcripts) if chosen else None,
        mane_plus_clinical=tuple(named_by(item) for item in also),
        depth=variant.tumor.depth,
        alt_depth=variant.tumor.alt_depth,
        vaf=variant.tumor.vaf,
        normal_vaf=normal.vaf if normal else None,
        population_af=variant.population_af.value,
        population_absent=variant.population_af.declared and variant.population_af.value is None,
        hotspot=variant.hotspot,
        clinical_significance=(chosen.clinical_significance or None) if chosen else None,
        pathogenic=chosen.pathogenic if chosen else False,
        callers=variant.callers,
        verdict=verdict,
        reasons=reasons,
        caller_filter=tuple(name for name in flags if name != "PASS"),
        tier=tier,
        origin=origin,
        p_somatic=p_somatic,
    )


def named_by(item: Consequence) -> OtherTranscript:
    """Return how a consequence names gene, transcript and change; nothing is None."""
    return OtherTranscript(
        gene=item.gene or None,
        consequence="&".join(item.terms) or None,
        transcript=item.transcript or None,
        hgvsc=item.hgvsc or None,
        hgvsp=item.hgvsp or None,
    )


def transcript_notes(
    variants: Sequence[FilteredVariant], transcripts: TranscriptList
) -> tuple[str, ...]:
    """Say which listed variants stand on another version than the list's, or on none at all."""
    notes = []
    others = {
        (item.gene or "", item.transcript, transcripts.version_of(item.transcript))
        for item in variants
        if item.transcript_choice == OTHER_VERSION and item.transcript
    }
    for gene, found, wanted in sorted(others):
        said = f"the list has {wanted}" if wanted else "the list has its MANE twin"
        notes.append(f"{gene}: the annotation has {found}, {said}")
    bare = sorted(
        {
            item.transcript
            for item in variants
            if item.transcript and not is_versioned(item.transcript)
        }
    )
    if bare:
        more = ", ..." if len(bare) > 3 else ""
        notes.append(
            f"{len(bare)} transcript(s) of the listed variants are named without a version: "
            f"{', '.join(bare[:3])}{more}"
        )
    return tuple(notes)
