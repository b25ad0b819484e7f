"""Reads at each allele, out of every caller's own FORMAT fields.

A rule belongs to a set of FORMAT keys, not to a tool's name: ensembles and merged files change
their FORMAT from record to record. The order of the rules follows what each field means in the
tool that writes it; a field of the wrong arity is unknown, never guessed.
Sources: documentation of the callers named beside the rules; the order for unknown callers is
that of vcf2maf 1.6.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tumorkit.genome.vcf import FORMAT_COLUMN, VcfRecord, to_float, to_int

BASES = "ACGT"


class Reads(NamedTuple):
    """Reads at one allele: total, reference, alternative, fraction; None is unknown."""

    depth: int | None = None
    ref_depth: int | None = None
    alt_depth: int | None = None
    vaf: float | None = None


class Found(NamedTuple):
    """What a rule read; ``from_counts``: alternative over both, ``every``: over all of them."""

    ref: int | None
    alts: list[int | None]
    depth: int | None = None
    from_counts: bool = False
    every: bool = False

    def among(self, at: int) -> int | None:
        """Return the reads that one alternative's are a fraction of; None is the depth."""
        if not self.from_counts:
            return None
        return added(self.ref, *(self.alts if self.every else (self.alts[at],)))


Fields = dict[str, str]
Rule = Callable[[Fields, VcfRecord, int], Found | None]


def whole(text: str | None) -> list[int | None]:
    """Return a list of whole numbers."""
    return [to_int(item) for item in text.split(",")] if text else []


def first(text: str | None) -> int | None:
    """Return the first of a list of whole numbers: the first tier of Strelka."""
    return to_int(text.split(",")[0]) if text else None


def added(*numbers: int | None) -> int | None:
    """Return the sum, None if any part is unknown."""
    total = 0
    for number in numbers:
        if number is None:
            return None
        total += number
    return total


def vardict(fields: Fields, _record: VcfRecord, alts: int) -> Found | None:
    """VarDict: VD is the alternative depth, RD the reference's by strand.

    Old versions put the alternative's strands into AD (VarDict#27).
    """
    alt = to_int(fields["VD"])
    if alts != 1 or alt is None:
        return None
    strands, depths = whole(fields.get("RD")), whole(fields.get("AD"))
    if len(strands) == 2:
        return Found(added(*strands), [alt])
    return Found(depths[0] if len(depths) == 2 and depths[1] == alt else None, [alt])


def depths_of_alleles(fields: Fields, _record: VcfRecord, alts: int) -> Found | None:
    """AD with one value for the reference and one for each alternative: the specification's."""
    depths = whole(fields["AD"])
    if len(depths) != alts + 1 or all(depth is None for depth in depths):
        return None
    return Found(depths[0], depths[1:])


def varscan(fields: Fields, _record: VcfRecord, alts: int) -> Found | None:
    """VarScan: RD and AD are single numbers; with two alternatives AD belongs to neither."""
    ref, alt = fields["RD"], fields["AD"]
    if "," in ref or "," in alt:
        return None
    return Found(to_int(ref), [to_int(alt)] if alts == 1 else [None] * alts)


def ion_torrent(fields: Fields, _record: VcfRecord, alts: int) -> Found | None:
    """Torrent Variant Caller: flow-evaluated counts; FDP counts reads that neither supports."""
    depths = whole(fields["FAO"])
    if len(depths) != alts:
        return None
    return Found(
        to_int(fields["FRO"]), depths, to_int(fields.get("FDP")), from_counts=True, every=True
    )


def observations(fields: Fields, _record: VcfRecord, alts: int) -> Found | None:
    """FreeBayes: RO and AO."""
    depths = whole(fields["AO"])
    if len(depths) != alts:
        return None
    return Found(to_int(fields["RO"]), depths, from_counts=True, every=True)


def base_counts(counts: dict[str, int | None], record: VcfRecord) -> Found | None:
    """Reads by base: for single-base alleles only."""
    if len(record.ref) != 1 or record.ref not in counts:
        return None
    alts = [counts.get(alt) for alt in record.alts]
    return Found(counts[record.ref], alts, added(*counts.values()), from_counts=True)


def somatic_sniper(fields: Fields, record: VcfRecord, _alts: int) -> Found | None:
    """SomaticSniper: BCOUNT holds reads with A, C, G, T."""
    depths = whole(fields["BCOUNT"])
    return base_counts(dict(zip(BASES, depths, strict=True)), record) if len(depths) == 4 else None


def second_tier(record: VcfRecord, called_from: str, keys: Sequence[str]) -> bool:
    """Whether Strelka called from the second tier and no sample shows the change in the first.

    A tier belongs to a record: the normal of a tumour with reads of the first tier has none there,
    and its poorly mapped reads of the second must not be held against the tumour's good ones.
    """
    if record.info_text(called_from) != "2":
        return False
    names = record.format.split(":")
    samples = (
        dict(zip(names, text.split(":"), strict=False))
        for text in record.columns[FORMAT_COLUMN + 1 :]
    )
    return not any(first(fields.get(key)) for fields in samples for key in keys)


def strelka_snv(fields: Fields, record: VcfRecord, _alts: int) -> Found | None:
    """Strelka: AU, CU, GU, TU of the first tier.

    Where the first tier holds no alternative read and the call came from the second (TQSS=2),
    the second tier speaks (strelka#65), in both samples alike.
    """
    by_tier = [[to_int(text) for text in fields[base + "U"].split(",")] for base in BASES]
    if any(not tiers for tiers in by_tier):
        return None
    found = base_counts({b: t[0] for b, t in zip(BASES, by_tier, strict=True)}, record)
    if found and second_tier(record, "TQSS", [f"{alt}U" for alt in record.alts]):
        second = {b: t[-1] for b, t in zip(BASES, by_tier, strict=True)}
        found = base_counts(second, record)
    return found


def strelka_indel(fields: Fields, record: VcfRecord, alts: int) -> Found | None:
    """Strelka: TAR (reference) and TIR (indel) of the first tier; the second where TQSI=2."""
    if alts != 1:
        return None
    ref, alt = whole(fields["TAR"]), whole(fields["TIR"])
    tier = -1 if second_tier(record, "TQSI", ["TIR"]) else 0
    return Found(ref[tier], [alt[tier]], from_counts=True) if ref and alt else None


def caveman(fields: Fields, record: VcfRecord, _alts: int) -> Found | None:
    """CaVEMan: reads by base and strand, FAZ to RTZ."""
    return base_counts(
        {b: added(to_int(fields[f"F{b}Z"]), to_int(fields[f"R{b}Z"])) for b in BASES}, record
    )


def caveman_old(fields: Fields, record: VcfRecord, _alts: int) -> Found | None:
    """CaVEMan, early versions: AA, CA, GA, TA."""
    return base_counts({b: to_int(fields[b + "A"]) for b in BASES}, record)


def clairs(fields: Fields, record: VcfRecord, _alts: int) -> Found | None:
    """ClairS: one number of reads for each base; AD may give the reference none (ClairS#50)."""
    texts = {base: fields[base + "U"] for base in BASES}
    if any("," in text for text in texts.values()) or any(len(alt) != 1 for alt in record.alts):
        return None
    return base_counts({base: to_int(text) for base, text in texts.items()}, record)


def delly(fields: Fields, record: VcfRecord, alts: int) -> Found | None:
    """Delly: junction reads, RR and RV; pairs, DR and DV, where no junction was assembled."""
    if alts != 1:
        return None
    if record.info_text("IMPRECISE") is not None and "DR" in fields and "DV" in fields:
        return Found(to_int(fields["DR"]), [to_int(fields["DV"])], from_counts=True)
    return Found(to_int(fields["RR"]), [to_int(fields["RV"])], from_counts=True)


def four_depths(fields: Fields, _record: VcfRecord, alts: int) -> Found | None:
    """DP4: reference forward and reverse, alternative forward and reverse, one alternative only."""
    depths = whole(fields["DP4"])
    if len(depths) != 4 or alts != 1 or None in depths:
        return None
    return Found(added(*depths[:2]), [added(*depths[2:])], from_counts=True)


def pindel_fragments(fields: Fields, _record: VcfRecord, alts: int) -> Found | None:
    """cgpPindel: FC of FD fragments; the reference is not counted."""
    return Found(None, [to_int(fields["FC"])], to_int(fields["FD"])) if alts == 1 else None


def pindel_reads(fields: Fields, _record: VcfRecord, alts: int) -> Found | None:
    """cgpPindel: Pindel's reads of both strands (PP, NP) among all reads (PR, NR)."""
    if alts != 1:
        return None
    alt = added(to_int(fields["PP"]), to_int(fields["NP"]))
    return Found(None, [alt], added(to_int(fields["PR"]), to_int(fields["NR"])))


def fraction_of_depth(fields: Fields, _record: VcfRecord, alts: int) -> Found | None:
    """MuTect 1 without AD: FA of DP."""
    fraction, depth = to_float(fields["FA"]), to_int(fields["DP"])
    if alts != 1 or fraction is None or depth is None:
        return None
    return Found(None, [round(fraction * depth)])


def mpileup(fields: Fields, _record: VcfRecord, alts: int) -> Found | None:
    """samtools mpileup: DV of DP reads are not the reference."""
    return Found(None, [to_int(fields["DV"])]) if alts == 1 else None


def single_depth(fields: Fields, _record: VcfRecord, alts: int) -> Found | None:
    """AD with a single value (Octopus) counts the alternative."""
    text = fields["AD"]
    return Found(None, [to_int(text)]) if alts == 1 and "," not in text else None


# Keys that a rule needs, and the rule; the first that reads something decides.
RULES: tuple[tuple[frozenset[str], Rule], ...] = (
    (frozenset({"VD", "DP"}), vardict),
    (frozenset({"FRO", "FAO"}), ion_torrent),
    (frozenset({"RO", "AO"}), observations),
    (frozenset({"AD", "AU", "CU", "GU", "TU"}), clairs),
    (frozenset({"AD"}), depths_of_alleles),
    (frozenset({"RD", "AD"}), varscan),
    (frozenset({"BCOUNT"}), somatic_sniper),
    (frozenset({"AU", "CU", "GU", "TU"}), strelka_snv),
    (frozenset({"TAR", "TIR"}), strelka_indel),
    (frozenset(f"{strand}{base}Z" for strand in "FR" for base in BASES), caveman),
    (frozenset({"AA", "CA", "GA", "TA", "PM"}), caveman_old),
    (frozenset({"RR", "RV"}), delly),
    (frozenset({"DP4"}), four_depths),
    (frozenset({"FC", "FD"}), pindel_fragments),
    (frozenset({"PP", "NP", "PR", "NR"}), pindel_reads),
    (frozenset({"FA", "DP"}), fraction_of_depth),
    (frozenset({"DV", "DP"}), mpileup),
    (frozenset({"AD"}), single_depth),
)
# What callers call the fraction: GATK and most; SomaticSeq, DeepSomatic; MuTect 1; Pisces;
# VarScan (in percent); CaVEMan; Octopus.
FRACTIONS = ("AF", "VAF", "FA", "VF", "FREQ", "PM", "MAP_VAF")
NOTHING_FOUND = Found(None, [])


@lru_cache(maxsize=1024)
def rules_for(keys: str) -> tuple[tuple[Rule, ...], tuple[str, ...]]:
    """Return the rules that a FORMAT allows, and the fraction fields that it has."""
    present = set(keys.split(":"))
    rules = tuple(rule for needed, rule in RULES if needed <= present)
    return rules, tuple(key for key in FRACTIONS if key in present)


def read_counts(fields: Fields, keys: str, record: VcfRecord, alts: int) -> list[Reads]:
    """Return the reads of one sample at each of ``alts`` alternative alleles.

    Depth is DP; where reference and alternative together exceed it, their sum; where DP is
    missing, the sum of all alleles. The fraction is the caller's own where it has one, and 0
    where no read supports the allele (Mutect2 writes a posterior mean there).
    """
    rules, fractions = rules_for(keys)
    found = NOTHING_FOUND
    for rule in rules:
        try:
            read = rule(fields, record, alts)
        except KeyError:  # trailing fields of a sample may be left out
            continue
        if read is not None:
            found = read
            break
    total = found.depth if found.depth is not None else to_int(fields.get("DP"))
    if total is None and found.alts:
        total = added(found.ref, *found.alts)
    said: list[float | None] = []
    if fractions and not found.from_counts:
        said = fractions_of(fields, fractions, alts)
    return [
        reads_of(
            total,
            found.ref,
            found.alts[at] if found.alts else None,
            said[at] if said else None,
            among=found.among(at) if found.alts else None,
        )
        for at in range(alts)
    ]


@lru_cache(maxsize=1024)
def quick_places(keys: str) -> tuple[int, int, int] | None:
    """Return where a FORMAT holds DP, AD and the fraction (-1: nowhere).

    None for a FORMAT in which AD may not be what the specification says, or which needs care.
    """
    names = keys.split(":")
    rules, fractions = rules_for(keys)
    if rules[:1] != (depths_of_alleles,) or "DP" not in names:
        return None
    if len(fractions) > 1 or fractions == ("FREQ",):
        return None
    return names.index("DP"), names.index("AD"), names.index(fractions[0]) if fractions else -1


def read_columns(
    records: Sequence[VcfRecord], column: int, slow: Callable[[VcfRecord], list[Reads]]
) -> NDArray[np.float64]:
    """Return reads as four columns (unknown is NaN), the commonest kind of record fast.

    That is a record with one alternative and DP, AD and perhaps a fraction in the sense of the
    specification; ``slow`` reads any other. Both give what :func:`read_counts` gives.
    """
    rows: list[tuple[float | None, float | None, float | None, float | None]] = []
    for record in records:
        columns = record.columns
        places = quick_places(columns[FORMAT_COLUMN])
        if places is not None and "," not in columns[4] and columns[4] != ".":
            try:
                parts = columns[column].split(":")
                ref, alt = parts[places[1]].split(",")
                said = float(parts[places[2]]) if places[2] >= 0 else None
                rows.append((int(parts[places[0]]), int(ref), int(alt), said))
                continue
            except (ValueError, IndexError):  # a dot, a list, a field that was left out
                pass
        rows += slow(record)
    return completed(np.array(rows, dtype=np.float64).reshape(-1, 4).T)


def completed(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Complete depth and fraction of plain records, as :func:`reads_of` does for one."""
    depth, ref_depth, alt_depth, vaf = rows
    depth = np.fmax(depth, np.where(np.isnan(depth), np.nan, ref_depth + alt_depth))
    computed = np.divide(alt_depth, depth, out=np.full(depth.shape, np.nan), where=depth > 0)
    vaf = np.where((vaf >= 0) & (vaf <= 1), vaf, computed)
    vaf[(alt_depth == 0) & (depth > 0)] = 0.0
    return np.array([depth, ref_depth, alt_depth, vaf])


def reads_of(
    depth: int | None,
    ref: int | None,
    alt: int | None,
    said: float | None,
    *,
    among: int | None = None,
) -> Reads:
    """Put depth, counts and fraction of one allele together; the fraction is that of ``among``.

    >>> reads_of(10, 8, 4, None)
    Reads(depth=12, ref_depth=8, alt_depth=4, vaf=0.3333333333333333)
    """
    if depth is not None:
        depth = max(depth, (alt or 0) + (ref or 0))
    if alt is not None:
        if alt == 0 and depth:
            said = 0.0
        elif said is None:
            of = depth if among is None else among
            said = alt / of if of else None
    return Reads(depth, ref, alt, said)


def fractions_of(fields: Fields, names: tuple[str, ...], alts: int) -> list[float | None]:
    """Return the caller's fraction for each alternative; unknown where the arity is wrong."""
    for name in names:
        text = fields.get(name)
        if not text or text == ".":
            continue
        if text.endswith("%"):
            value = to_float(text[:-1].replace(",", "."))
            return [value / 100 if value is not None else None] if alts == 1 else []
        values = [to_float(item) for item in text.split(",")]
        if len(values) == alts + 1:  # RADIA lists the reference too
            values = values[1:]
        if len(values) == alts and any(value is not None for value in values):
            return [v if v is not None and 0 <= v <= 1 else None for v in values]
    return []
