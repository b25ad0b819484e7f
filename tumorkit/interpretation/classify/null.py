"""How strongly a null variant speaks for loss of function (OVS1).

Horak 2022 lets the strength of OVS1 follow ClinGen's recommendations for PVS1: Abou Tayoun et al.,
Hum Mutat 2018 (PMID 30192042). Followed here: premature stops are degraded (nonsense-mediated
decay) unless they lie in the last exon or in the last 50 bases of the exon before; splice variants
are those of the two bases beside an exon, judged as if that exon were skipped; what escapes decay
counts by the share of the protein that is lost and by critical domains; a lost start is weak. What
cannot be decided counts with the least strength of its branches, and the most is kept beside it.

Not assessed: exons that relevant transcripts lack, null variants that are frequent in the
population, other start codons, cryptic splice sites.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tumorkit.genome.transcript_model import TranscriptModel
from tumorkit.interpretation.changes import SPLICE, residue_of
from tumorkit.interpretation.nouns import Alteration, DomainRow

VERY_STRONG, STRONG, MODERATE, SUPPORTING = 8, 4, 2, 1
STRENGTHS = {8: "very strong", 4: "strong", 2: "moderate", 1: "supporting"}
# Bases before the last junction in which a stop escapes decay.
DECAY_MARGIN = 50
CRITICAL = "the lost part holds a critical domain: strong"
# Share of the protein above which its loss is strong.
MAJOR_SHARE = 0.1
_SHIFT_END = re.compile(r"fs(?:\*|Ter)(\d+)", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Strength:
    """Points of a null variant, the most that they could be, and each step that was taken."""

    points: int
    most: int
    steps: tuple[str, ...]


def kind_of(terms: Sequence[str]) -> str:
    """Return which null variant it is; a change of the start comes before what follows from it."""
    order = ("start_lost", "stop_gained", "frameshift_variant", *sorted(SPLICE))
    return next((kind for kind in order if kind in terms), "")


def strength_of(
    found: Alteration, model: TranscriptModel | None, domains: Sequence[DomainRow] | None
) -> Strength:
    """Return the strength of a null variant of a tumour suppressor, with every step."""
    kind = kind_of(found.terms)
    if kind == "start_lost":
        steps = (
            "start codon lost: supporting",
            "other start codons and pathogenic changes before the next one are not known",
        )
        return Strength(points=SUPPORTING, most=MODERATE, steps=steps)
    if kind in SPLICE:
        return splice_strength(found, kind, model, domains)
    return stop_strength(found, kind, model, domains)


def stop_strength(
    found: Alteration, kind: str, model: TranscriptModel | None, domains: Sequence[DomainRow] | None
) -> Strength:
    """Judge a premature stop: by decay, else by what is lost."""
    steps = [kind.replace("_", " ")]
    residue = residue_of(found.protein)
    first = residue[1] if residue else None
    length = model.residues if model else found.residues
    decayed = decay(found, kind, model, steps)
    if decayed:
        return Strength(points=VERY_STRONG, most=VERY_STRONG, steps=tuple(steps))
    lost = None if first is None or not length else (length - first + 1) / length
    least = lost_strength(lost, first, length, domains, steps)
    most = VERY_STRONG if decayed is None else least.most
    return Strength(points=least.points, most=most, steps=tuple(steps))


def decay(
    found: Alteration, kind: str, model: TranscriptModel | None, steps: list[str]
) -> bool | None:
    """Return whether the transcript is degraded, None where that is not known."""
    told = by_model(found, kind, model) if model else by_number(found)
    steps.append(told[1])
    return told[0]


def by_model(found: Alteration, kind: str, model: TranscriptModel) -> tuple[bool | None, str]:
    """Return whether a gene model says that the transcript is degraded, and in words."""
    if len(model.exons) < 2:
        return False, f"{model.name} has one exon: no decay"
    stop = stop_position(found, kind, model)
    if stop is None:
        return None, f"its place in {model.name} is not known"
    before = model.last_junction - stop
    if before > DECAY_MARGIN:
        return True, f"new stop {before} bases before the last exon junction: decay"
    where = f"{before} bases before the last exon junction" if before > 0 else "in the last exon"
    return False, f"new stop {where}: escapes decay"


def by_number(found: Alteration) -> tuple[bool | None, str]:
    """Return whether the exon's number says that the transcript is degraded, and in words."""
    if found.exon is None or found.exons is None:
        return None, "exon not known (no EXON field, no gene model): decay is not known"
    place = f"exon {found.exon} of {found.exons}"
    if found.exons == 1:
        return False, "the only exon: no decay"
    if found.exon == found.exons - 1:
        return None, f"{place}, the last but one: decay is not known (no gene model)"
    if found.exon == found.exons:
        return False, f"{place}, the last: escapes decay"
    return True, f"{place}: decay"


def stop_position(found: Alteration, kind: str, model: TranscriptModel) -> int | None:
    """Return the coding position of the new stop's first base, in the reference's bases.

    Of a frame shift without its length in the name it is where the shift begins.
    """
    residue = residue_of(found.protein)
    if residue is None:
        return model.coding_position(found.pos or 0)
    shift = _SHIFT_END.search(found.protein)
    if kind != "frameshift_variant" or shift is None:
        return 3 * (residue[1] - 1) + 1
    net = len(found.alt) - len(found.ref)
    return 3 * (residue[1] + int(shift.group(1)) - 2) + 1 - net


def lost_strength(
    lost: float | None,
    first: int | None,
    length: int | None,
    domains: Sequence[DomainRow] | None,
    steps: list[str],
    last: int | None = None,
) -> Strength:
    """Judge what a protein lacks: a critical domain or a tenth of it is strong, else moderate."""
    end = last or length
    inside = [
        row.name
        for row in domains or ()
        if first is not None and row.last >= first and (end is None or row.first <= end)
    ]
    if inside:
        steps += [f"lost: {inside[0]}", CRITICAL]
        return Strength(points=STRONG, most=STRONG, steps=tuple(steps))
    if lost is None:
        steps.append("share of the protein that is lost is not known: moderate at least")
        return Strength(points=MODERATE, most=STRONG, steps=tuple(steps))
    points = STRONG if lost > MAJOR_SHARE else MODERATE
    steps.append(f"{100 * lost:.0f} % of the protein is lost: {STRENGTHS[points]}")
    most = STRONG if domains is None else points
    return Strength(points=points, most=most, steps=tuple(steps))


def splice_strength(
    found: Alteration, kind: str, model: TranscriptModel | None, domains: Sequence[DomainRow] | None
) -> Strength:
    """Judge a splice variant as if the exon beside it were skipped."""
    steps = [kind.replace("_", " "), "one of two bases beside an exon"]
    exon = skipped_exon(found, kind, model)
    if model is None or exon is None:
        said = "no gene model" if model is None else f"no exon of {model.name} is beside it"
        steps.append(f"frame without the exon is not known ({said}): moderate at least")
        return Strength(points=MODERATE, most=VERY_STRONG, steps=tuple(steps))
    count, bases = len(model.exons), model.coding_part(exon)
    start, end = model.ordered[exon - 1]
    if exon in (1, count) or bases != end - start:
        steps.append(f"exon {exon} of {count} holds an end of the coding part: moderate at least")
        return Strength(points=MODERATE, most=VERY_STRONG, steps=tuple(steps))
    before = model.coding_start(exon)
    first, last = before // 3 + 1, (before + bases) // 3
    if bases % 3 == 0:
        steps.append(f"exon {exon} of {count} has {bases} bases: in frame without it")
        lost = bases / max(1, model.coding_length - 3)
        return lost_strength(lost, first, model.residues, domains, steps, last)
    steps.append(f"exon {exon} of {count} has {bases} bases: out of frame without it")
    # The shift begins where the skipped exon ended.
    if model.last_junction - (before + bases) > DECAY_MARGIN:
        steps.append("decay")
        return Strength(points=VERY_STRONG, most=VERY_STRONG, steps=tuple(steps))
    steps.append("the shift begins in the last exon or just before it: escapes decay")
    lost = (model.residues - first + 1) / max(1, model.residues)
    return lost_strength(lost, first, model.residues, domains, steps)


def skipped_exon(found: Alteration, kind: str, model: TranscriptModel | None) -> int | None:
    """Return the exon beside a splice variant, by the gene model, else by the intron's number."""
    donor = kind == "splice_donor_variant"
    if model and found.pos is not None:
        places = range(found.pos, found.pos + max(len(found.ref), 1))
        for number, (start, end) in enumerate(model.ordered, 1):
            # Donor bases follow an exon in the direction of transcription.
            behind = donor == (model.strand != "-")
            sites = (end + 1, end + 2) if behind else (start - 1, start)
            if any(place in sites for place in places):
                return number
    if found.intron is None or model is not None:
        return None
    return found.intron if donor else found.intron + 1
