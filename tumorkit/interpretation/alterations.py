"""Variants and copy-number states as the alterations that tables speak of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from tumorkit.genome.vcf import to_float
from tumorkit.interpretation.nouns import Alteration
from tumorkit.variants.reported import ReportedVariant

AMINO_ACIDS = {
    "Ala": "A", "Arg": "R", "Asn": "N", "Asp": "D", "Cys": "C", "Glu": "E", "Gln": "Q",
    "Gly": "G", "His": "H", "Ile": "I", "Leu": "L", "Lys": "K", "Met": "M", "Phe": "F",
    "Pro": "P", "Ser": "S", "Thr": "T", "Trp": "W", "Tyr": "Y", "Val": "V", "Ter": "*",
    "Sec": "U",
}  # fmt: skip
_RESIDUES = re.compile("|".join(AMINO_ACIDS))
# States that stand out; the others are not alterations that a table speaks of.
STATES = ("amplification", "homozygous deletion", "high gain (log2)", "deep loss (log2)")


def one_letter(hgvsp: str) -> str:
    """Return a protein change with one-letter residues, without accession and ``p.``.

    >>> one_letter("NP_004324.2:p.Val600Glu"), one_letter("p.Q61="), one_letter("")
    ('V600E', 'Q61=', '')
    """
    bare = hgvsp.rpartition(":")[2].replace("%3D", "=").removeprefix("p.").strip("()")
    return _RESIDUES.sub(lambda found: AMINO_ACIDS[found.group()], bare)


def alteration_of(item: ReportedVariant, predictor: str) -> Alteration:
    """Return a small variant; ``predictor`` names the annotation field with a score."""
    own, said = item.variant, item.consequence
    population = own.population_af
    exon = said.exon.partition("/")[0] if said else ""
    scores = [to_float(part) for part in re.split("[&,]", item.annotation.get(predictor, ""))]
    known = [score for score in scores if score is not None]
    return Alteration(
        gene=said.gene if said else "",
        contig=own.contig,
        pos=own.pos,
        ref=own.ref,
        alt=own.alt,
        protein=one_letter(said.hgvsp) if said else "",
        coding=said.hgvsc if said else "",
        terms=said.terms if said else (),
        exon=int(exon) if exon.isdigit() else None,
        vaf=own.tumor.vaf,
        population_asked=population.declared,
        population_af=population.value,
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
