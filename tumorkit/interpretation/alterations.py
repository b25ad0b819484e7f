"""Variants, copy-number states, events and biomarkers as the alterations that tables speak of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from tumorkit.genome.contigs import standard
from tumorkit.genome.vcf import to_float
from tumorkit.interpretation.changes import one_letter
from tumorkit.interpretation.nouns import Alteration
from tumorkit.variants.reported import ReportedVariant

# States that stand out; the others are not alterations that a table speaks of.
STATES = ("amplification", "homozygous deletion", "high gain (log2)", "deep loss (log2)")
# Promoter variants of TERT by place, named by the last digits of GRCh37 (Horn and Huang, Science
# 2013), on both builds; bases are those of the forward strand.
PROMOTER = {
    ("GRCh38", 1295113, "G", "A"): "C228T",
    ("GRCh38", 1295135, "G", "A"): "C250T",
    ("GRCh38", 1295046, "T", "G"): "A161C",
    ("GRCh37", 1295228, "G", "A"): "C228T",
    ("GRCh37", 1295250, "G", "A"): "C250T",
    ("GRCh37", 1295161, "T", "G"): "A161C",
}
HIGH = "high ("


def numbered(text: str) -> tuple[int | None, int | None]:
    """Return the number and the total of a field as VEP writes it.

    >>> numbered("5/11"), numbered("12-13/20"), numbered("")
    ((5, 11), (12, 20), (None, None))
    """
    first, _, total = text.partition("/")
    first = first.partition("-")[0]
    number, of = first if first.isdigit() else "", total if total.isdigit() else ""
    return int(number) if number else None, int(of) if of else None


def alteration_of(item: ReportedVariant, predictor: str, build: str = "") -> Alteration:
    """Return a small variant; ``predictor`` names the annotation field with a score."""
    own, said = item.variant, item.consequence
    population = own.population_af
    exon, exons = numbered(said.exon if said else "")
    intron, _ = numbered(item.annotation.get("INTRON", ""))
    _, residues = numbered(item.annotation.get("Protein_position", ""))
    promoter = PROMOTER.get((build, own.pos, own.ref, own.alt), "")
    if standard(own.contig) != "chr5":
        promoter = ""
    scores = [to_float(part) for part in re.split("[&,]", item.annotation.get(predictor, ""))]
    known = [score for score in scores if score is not None]
    return Alteration(
        gene="TERT" if promoter else said.gene if said else "",
        contig=own.contig,
        pos=own.pos,
        ref=own.ref,
        alt=own.alt,
        protein=one_letter(said.hgvsp) if said else "",
        coding=said.hgvsc if said else "",
        terms=said.terms if said else (),
        transcript=said.transcript if said else "",
        twin=said.mane_twin if said else "",
        mane=bool(said and said.mane_select),
        exon=exon,
        exons=exons,
        intron=intron,
        residues=residues,
        promoter=promoter,
        vaf=own.tumor.vaf,
        population_asked=population.declared,
        population_af=population.value,
        populations=tuple(
            (name, known.value) for name, known in own.frequencies.items() if known.declared
        ),
        score=max(known, default=None),
    )


def copy_number_alterations(genes: Iterable[Mapping[str, Any]]) -> list[Alteration]:
    """Return the genes of a copy-number result whose state stands out."""
    return [
        Alteration(
            kind="copy number",
            gene=str(row.get("gene") or ""),
            contig=str(row.get("contig") or ""),
            state=str(row["state"]),
        )
        for row in genes
        if row.get("state") in STATES
    ]


def event_alterations(events: Iterable[Mapping[str, Any]]) -> list[Alteration]:
    """Return fusions and other events as an import of structural events lists them."""
    return [event_alteration(event) for event in events]


def event_alteration(event: Mapping[str, Any]) -> Alteration:
    """Return one event.

    The order of partners is known of a fusion of transcripts only; genes of a breakpoint that lies
    in several are all partners that cannot be told apart, and are left out.
    """
    ends = [event.get("first") or {}, event.get("second") or {}]
    genes = tuple(str(end.get("gene") or "") for end in ends)
    known = tuple("" if "," in gene else gene for gene in genes)
    kind = str(event.get("kind") or "")
    pos = ends[0].get("pos")
    return Alteration(
        kind="fusion" if kind == "fusion" else "structural",
        gene=known[0] or known[1],
        genes=known,
        ordered=kind == "fusion" and event.get("material") != "DNA",
        state=event_name(event, known),
        contig=str(ends[0].get("contig") or ""),
        pos=int(pos) if pos is not None else None,
        frame=str(event.get("frame") or ""),
        junction=(str(ends[0].get("exon") or ""), str(ends[1].get("exon") or "")),
        vaf=to_float(str(event["vaf"])) if event.get("vaf") is not None else None,
    )


def event_name(event: Mapping[str, Any], genes: tuple[str, ...]) -> str:
    """Return the name of a known event, else what joins the genes."""
    name = str(event.get("name") or "")
    if name and name != "::".join(genes):
        return name
    return "fusion" if event.get("kind") == "fusion" else "rearrangement"


def biomarker_alterations(results: Mapping[str, Mapping[str, Any]]) -> list[Alteration]:
    """Return the biomarkers of a profile whose class is sure.

    Only an estimate that was made (status ok) and that passes its cut-off clearly is one: a
    borderline or grey value gives no tier. Of several presets for HRD all have to say high.
    """
    burden, satellites = results.get("tmb") or {}, results.get("msi") or {}
    scars = (results.get("hrd") or {}).get("sum") or {}
    positive = all(part.startswith(HIGH) for part in str(scars.get("call") or "").split("; "))
    found = []
    for estimate, gene, state, met in (
        (burden, "TMB", "High", burden.get("call") == "TMB-High"),
        (satellites, "MSI", "High", satellites.get("call") == "MSI-H"),
        (scars, "HRD", "Positive", positive),
    ):
        limits = estimate.get("cutoffs") or ()
        clear = bool(limits) and all(limit.get("certainty") == "clear" for limit in limits)
        if met and clear and estimate.get("status") == "ok":
            found.append(Alteration(kind="biomarker", gene=gene, state=state))
    return found
