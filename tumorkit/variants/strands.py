"""Reads by strand and by orientation, out of every caller's own fields.

A read pair is F1R2 where its first read lies forward: damage of one strand of the fragment
(oxidised guanine, deaminated cytosine of fixed tissue) shows in one of the two orientations only,
which counts by strand cannot see.
Sources: documentation of the callers named beside the fields.
"""

from __future__ import annotations

from typing import NamedTuple

from tumorkit.genome.vcf import VcfRecord, to_int
from tumorkit.variants.counts import BASES, Fields, whole


class Strands(NamedTuple):
    """Reads on the forward and the reverse strand; None is unknown."""

    ref_forward: int | None = None
    ref_reverse: int | None = None
    alt_forward: int | None = None
    alt_reverse: int | None = None


class Orientations(NamedTuple):
    """Read pairs of the two orientations; None is unknown."""

    ref_f1r2: int | None = None
    ref_f2r1: int | None = None
    alt_f1r2: int | None = None
    alt_f2r1: int | None = None


UNKNOWN_STRANDS = Strands()
UNKNOWN_ORIENTATIONS = Orientations()
DIPLOID = 2
PAIRS = ("F1R2", "F2R1")
ORIENTATION_FIELDS = frozenset({"F1R2", "ALT_F1R2"})


def read_strands(fields: Fields, record: VcfRecord, alts: int, *, alone: bool) -> list[Strands]:
    """Return the strands of one sample's reads; ``alone`` is True in a file of one sample.

    Only then may INFO speak: callers pool all samples there.
    """
    forward, reverse = whole(fields.get("ADF")), whole(fields.get("ADR"))
    if len(forward) == len(reverse) == alts + 1:
        return [
            Strands(forward[0], reverse[0], forward[at], reverse[at]) for at in range(1, alts + 1)
        ]
    if alone:
        table = [whole(part) for part in (record.info_text("AS_SB_TABLE") or "").split("|")]
        if len(table) == alts + 1 and all(len(pair) == 2 for pair in table):
            ref = table[0]
            return [Strands(ref[0], ref[1], pair[0], pair[1]) for pair in table[1:]]
    by_base = strands_by_base(fields, record, alone=alone)
    if by_base:
        return by_base
    if alts != 1:
        return [UNKNOWN_STRANDS] * alts
    return [one_alternative(fields, record, alone=alone)]


def strands_by_base(fields: Fields, record: VcfRecord, *, alone: bool) -> list[Strands]:
    """Return strands from reads by base and strand; nothing where there are none.

    CaVEMan writes FAZ to RTZ into FORMAT, ClairS FAU to RTU into INFO.
    """
    bases = (record.ref, *record.alts)
    if any(base not in BASES or not base for base in bases):
        return []
    if "FAZ" in fields:
        texts = [[fields.get(f"{strand}{base}Z") for strand in "FR"] for base in bases]
    elif alone and "AU" in fields and record.info_text("FAU") is not None:
        texts = [[record.info_text(f"{strand}{base}U") for strand in "FR"] for base in bases]
    else:
        return []
    ref, *alts = [[to_int(text) for text in pair] for pair in texts]
    return [Strands(ref[0], ref[1], alt[0], alt[1]) for alt in alts]


def one_alternative(fields: Fields, record: VcfRecord, *, alone: bool) -> Strands:
    """Return the strands from fields that hold one alternative only."""
    # A genotype of three alleles beside one alternative: the record was split from one with more,
    # and a field of four numbers still holds the reads of them all.
    split = len(fields.get("GT", "").replace("|", "/").split("/")) > DIPLOID
    for key in ("DP4", "SB"):
        depths = whole(fields.get(key))
        if len(depths) == 4:
            return UNKNOWN_STRANDS if split else Strands(*depths)
    # Torrent Variant Caller: flow-evaluated where it has them
    for keys in (("FSRF", "FSRR", "FSAF", "FSAR"), ("SRF", "SRR", "SAF", "SAR")):
        depths = [to_int(fields.get(key)) for key in keys]
        if None not in depths:
            return Strands(*depths)
    if "PP" in fields and "NP" in fields:  # cgpPindel: Pindel's reads of the plus and minus strand
        return Strands(None, None, to_int(fields["PP"]), to_int(fields["NP"]))
    # VarDict; VarScan, single sample
    for ref_key, alt_key in (("RD", "ALD"), ("RDF,RDR", "ADF,ADR")):
        ref, alt = _pair(fields, ref_key), _pair(fields, alt_key)
        if len(ref) == len(alt) == 2:
            return Strands(ref[0], ref[1], alt[0], alt[1])
    return pooled(record) if alone else UNKNOWN_STRANDS


def pooled(record: VcfRecord) -> Strands:
    """Return the strands that INFO holds: VarDict's of a single sample, FreeBayes' of all."""
    vardict_pair = [record.info_text(key) or "" for key in ("REFBIAS", "VARBIAS")]
    counts = [to_int(item) for text in vardict_pair for item in text.split(":")]
    if len(counts) == 4:
        return Strands(*counts)
    return Strands(*(to_int(record.info_text(key)) for key in ("SRF", "SRR", "SAF", "SAR")))


def _pair(fields: Fields, key: str) -> list[int | None]:
    if "," not in key:
        return whole(fields.get(key))
    return [to_int(fields.get(part)) for part in key.split(",") if part in fields]


def read_orientations(fields: Fields, alts: int) -> list[Orientations]:
    """Return one sample's read pairs by orientation at each of ``alts`` alternative alleles.

    Mutect2 and DRAGEN write F1R2 and F2R1 with a value for the reference and one for each
    alternative; TNscope and Mutect2 of GATK 3 write ALT_F1R2, ALT_F2R1, REF_F1R2 and REF_F2R1.
    A list of the wrong arity is unknown.

    >>> read_orientations({"F1R2": "9,3", "F2R1": "8,0"}, 1)
    [Orientations(ref_f1r2=9, ref_f2r1=8, alt_f1r2=3, alt_f2r1=0)]
    """
    one, two = (whole(fields.get(pair)) for pair in PAIRS)
    if len(one) == len(two) == alts + 1:
        return [Orientations(one[0], two[0], one[at], two[at]) for at in range(1, alts + 1)]
    one, two = (whole(fields.get(f"ALT_{pair}")) for pair in PAIRS)
    if len(one) == len(two) == alts:
        ref = [to_int(fields.get(f"REF_{pair}")) for pair in PAIRS]
        return [Orientations(ref[0], ref[1], one[at], two[at]) for at in range(alts)]
    return [UNKNOWN_ORIENTATIONS] * alts
