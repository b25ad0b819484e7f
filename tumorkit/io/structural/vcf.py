"""Structural variants from a VCF of Manta, DRAGEN, GRIDSS, Delly, Pindel or ScanITD.

Source: VCF specification 4.4, sections "Encoding structural variants" and "Specifying complex
rearrangements with breakends"; each caller's own header for its fields.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from tumorkit.errors import SampleNotFoundError
from tumorkit.genome.contigs import order
from tumorkit.genome.structural import Breakpoint, Keeps, Kind, Material, StructuralEvent
from tumorkit.genome.vcf import VcfHeader, VcfRecord, to_float, to_int
from tumorkit.io.vcf import open_vcf

CALLERS = (
    ("manta", re.compile(r"GenerateSVCandidates|configManta", re.I)),
    ("dragen", re.compile(r"##DRAGEN|##source=DRAGEN", re.I)),
    ("gridss", re.compile(r"##gridss|##source=.*gridss", re.I)),
    ("delly", re.compile(r"delly", re.I)),
    ("scanitd", re.compile(r"scanitd", re.I)),
    ("pindel", re.compile(r"pindel", re.I)),
    ("tiddit", re.compile(r"tiddit", re.I)),
)
KINDS: dict[str, Kind] = {
    "DEL": "deletion", "DUP": "duplication", "TDUP": "duplication", "INS": "insertion",
    "INV": "inversion", "RPL": "deletion",
}  # fmt: skip
_BREAKEND = re.compile(r"^(?P<lead>[^\[\]]*)(?P<open>[\[\]])(?P<place>.+)[\[\]](?P<tail>[^\[\]]*)$")
MATES = "second records of a pair of breakends"
SMALL = "shorter than the least length"
OTHER = "alleles that are no structural event"
EVIDENCE_LIMIT = 200
UNNAMED = "unknown"


@dataclass(kw_only=True)
class CalledEvents:
    """What a file holds: events, who made it of what, alleles read, those left out by reason."""

    caller: str
    material: Material
    events: list[StructuralEvent] = field(default_factory=list)
    read: int = 0
    left_out: Counter[str] = field(default_factory=Counter)


def read_structural_vcf(
    path: Path, *, tumor: str | None, min_length: int, likely: Sequence[str] = ()
) -> CalledEvents:
    """Return the events of a VCF.

    Two records of one junction are one event. ``tumor`` names the sample, else it is one of the
    ``likely`` names, else the one that the header or its name shows. Sequence-resolved alleles
    count from ``min_length`` bases on.
    """
    mates: set[str] = set()
    junctions: set[tuple[object, ...]] = set()
    with open_vcf(path) as source:
        caller = caller_of(source.header)
        found = CalledEvents(caller=caller, material=material_of(source.header, caller))
        named = next((name for name in likely if name in source.header.samples), None)
        columns = sample_columns(source.header, tumor or named, path)
        for record in source:
            for alt in record.alts:
                found.read += 1
                event = event_of(record, alt, caller, columns)
                if event is None:
                    found.left_out[OTHER] += 1
                elif event.length is not None and abs(event.length) < min_length:
                    found.left_out[SMALL] += 1
                elif is_mate(record, event, mates, junctions):
                    found.left_out[MATES] += 1
                else:
                    found.events.append(
                        replace(event, material=found.material or material_of_caller(event.caller))
                    )
    if caller == UNNAMED and found.events:
        found.caller = found.events[0].caller
        found.material = found.events[0].material
    return found


def material_of(header: VcfHeader, caller: str) -> Material:
    """Return what was sequenced: Manta says where it was given RNA; other callers read DNA."""
    if any(line.startswith("##cmdline") and " --rna" in line for line in header.meta):
        return "RNA"
    return material_of_caller(caller)


def material_of_caller(caller: str) -> Material:
    """Return what a caller of VCFs reads, nothing for one that is not known."""
    return "DNA" if caller in {name for name, _ in CALLERS} else ""


def caller_of(header: VcfHeader) -> str:
    """Return the caller that the header names, else ``unknown``."""
    meta = "\n".join(header.meta)
    return next((name for name, pattern in CALLERS if pattern.search(meta)), UNNAMED)


def sample_columns(
    header: VcfHeader, tumor: str | None, path: Path
) -> tuple[str | None, str | None]:
    """Return the tumour's sample, and the other one where there are two."""
    own = tumor_column(header, tumor, path)
    others = [name for name in header.samples if name != own]
    return own, others[0] if own and len(others) == 1 else None


def tumor_column(header: VcfHeader, tumor: str | None, path: Path) -> str | None:
    """Return the tumour's sample."""
    if tumor is not None and tumor not in header.samples:
        raise SampleNotFoundError(path, tumor, header.samples)
    named = tumor or next(iter(header.tumor_samples), None)
    if named or not header.samples:
        return named
    if len(header.samples) == 1:
        return header.samples[0]
    likely = [n for n in header.samples if re.search(r"tumou?r|(?:^|[^a-z])t\d*$", n, re.I)]
    # Manta and DRAGEN write the normal first.
    return likely[0] if len(likely) == 1 else header.samples[-1]


def event_of(
    record: VcfRecord, alt: str, caller: str, samples: tuple[str | None, str | None]
) -> StructuralEvent | None:
    """Return the event of one allele, None where it is none."""
    ends = breakpoints(record, alt)
    if ends is None:
        return None
    kind, first, second, length, inserted = ends
    info = record.info
    if caller == UNNAMED and "delly" in info.get("SVMETHOD", "").lower():
        caller = "delly"
    split, pairs, depth, vaf = support(record, samples[0])
    normal_vaf = support(record, samples[1])[3] if samples[1] else None
    flags = record.columns[7].split(";")
    return StructuralEvent(
        kind=kind,
        first=first,
        second=second,
        caller=caller,
        id=";".join(record.ids),
        length=length,
        inserted=inserted,
        split_reads=split,
        spanning_pairs=pairs,
        depth=depth,
        vaf=vaf,
        normal_vaf=normal_vaf,
        imprecise="IMPRECISE" in flags,
        somatic=True if "SOMATIC" in flags else None,
        filters=record.filters,
        evidence={key: str(value)[:EVIDENCE_LIMIT] for key, value in info.items()
                  if key not in ("CSQ", "ANN", "CONSENSUS", "CONTIG")},
    )  # fmt: skip


Ends = tuple[Kind, Breakpoint, Breakpoint, int | None, str]


def breakpoints(record: VcfRecord, alt: str) -> Ends | None:
    """Return kind, both ends, length and inserted bases of an allele; None where it is none."""
    found = _BREAKEND.match(alt)
    if found:
        return breakend(record.contig, record.pos, record.ref, found)
    if alt.startswith("<"):
        return symbolic(record, alt)
    if alt.endswith(".") or alt.startswith("."):
        keeps: Keeps = "before" if alt.endswith(".") else "after"
        one = Breakpoint(contig=record.contig, pos=record.pos, keeps=keeps)
        return "breakend", one, Breakpoint(contig="", pos=None), None, alt.strip(".")
    return None if set(alt) - set("ACGTNacgtn") else spelled(record, alt)


def symbolic(record: VcfRecord, alt: str) -> Ends | None:
    """Return the event of a symbolic allele; POS is the base before it."""
    word = alt.strip("<>").partition(":")[0]
    if word in ("TRA", "BND", "INV") and connection(record):
        return connected(record)
    kind = KINDS.get(word)
    if kind is None:
        return None
    end = to_int(record.info_text("END"))
    size = to_int((record.info_text("SVLEN") or "").split(",")[0])
    length = abs(size) if size is not None else None if end is None else end - record.pos
    last = record.pos if kind == "insertion" else end
    inserted = record.info_text("SVINSSEQ") or ""
    return between(kind, record.contig, record.pos, last, length, inserted)


def connection(record: VcfRecord) -> tuple[Keeps, Keeps] | None:
    """Return the sides that Delly's CT joins: 3 is the sequence before the place, 5 the one after.

    None where there is no CT, or one without sides.
    """
    said = (record.info_text("CT") or "").split("to")
    sides: dict[str, Keeps] = {"3": "before", "5": "after"}
    if len(said) != 2 or not set(said) <= set(sides):
        return None
    return sides[said[0]], sides[said[1]]


def connected(record: VcfRecord) -> Ends | None:
    """Return the junction of Delly's symbolic inversion or translocation."""
    sides = connection(record)
    end = to_int(record.info_text("POS2") or record.info_text("END"))
    if sides is None or end is None:
        return None
    own = Breakpoint(contig=record.contig, pos=record.pos, keeps=sides[0])
    mate = Breakpoint(contig=record.info_text("CHR2") or record.contig, pos=end, keeps=sides[1])
    return junction(own, mate, record.info_text("SVINSSEQ") or "")


def spelled(record: VcfRecord, alt: str) -> Ends | None:
    """Return the event of an allele whose bases are written out; None for a substitution."""
    contig, pos, ref = record.contig, record.pos, record.ref
    longer = len(alt) - len(ref)
    if longer <= 0:
        size = -longer
        return between("deletion", contig, pos, pos + len(ref) - 1, size, "") if size else None
    end = to_int(record.info_text("END"))
    copied = (record.info_text("SVTYPE") or "") in ("DUP", "TDUP", "DUP:TANDEM")
    if not copied:
        return between("insertion", contig, pos, pos, longer, alt[1:])
    last = end if end is not None and end > pos else pos
    return between("duplication", contig, pos, last, longer, alt[1:])


def between(
    kind: Kind, contig: str, start: int, end: int | None, length: int | None, inserted: str
) -> Ends:
    """Return an event on one contig; ``start`` is the base before it."""
    keeps: dict[str, tuple[Keeps, Keeps]] = {
        "deletion": ("before", "after"),
        "insertion": ("before", "after"),
        "duplication": ("after", "before"),
    }
    first, second = keeps.get(kind, ("unknown", "unknown"))
    return (
        kind,
        Breakpoint(contig=contig, pos=start, keeps=first),
        Breakpoint(contig=contig, pos=end, keeps=second),
        length,
        inserted,
    )


def breakend(contig: str, pos: int, ref: str, found: re.Match[str]) -> Ends | None:
    """Return a junction from breakend notation, its ends in the order of the genome."""
    other, _, place = found["place"].rpartition(":")
    if not place.isdigit():
        return None
    bases = found["lead"] or found["tail"]
    own: Keeps = "before" if found["lead"] else "after"
    mate: Keeps = "after" if found["open"] == "[" else "before"
    inserted = bases[len(ref) :] if found["lead"] else bases[: -len(ref)]
    return junction(
        Breakpoint(contig=contig, pos=pos, keeps=own),
        Breakpoint(contig=other.strip("<>"), pos=int(place), keeps=mate),
        inserted,
    )


def junction(own: Breakpoint, mate: Breakpoint, inserted: str) -> Ends:
    """Return a junction with its kind, by the sides that it keeps; ends as the genome has them."""
    ends = [own, mate]
    ends.sort(key=lambda end: (order(end.contig), end.pos or 0))
    first, second = ends
    if first.contig != second.contig:
        return "translocation", first, second, None, inserted
    length = (second.pos or 0) - (first.pos or 0)
    if first.keeps == second.keeps:
        return "inversion", first, second, length, inserted
    if first.keeps == "before":
        # Neighbouring bases with a sequence between them: nothing is lost.
        if length <= 1 and inserted:
            return "insertion", first, second, len(inserted), inserted
        return "deletion", first, second, length - 1, inserted
    return "duplication", first, second, length + 1, inserted


def is_mate(
    record: VcfRecord,
    event: StructuralEvent,
    mates: set[str],
    junctions: set[tuple[object, ...]],
) -> bool:
    """Return whether a record is the second of a junction that was seen; remember it if not."""
    own = record.ids[0] if record.ids else ""
    partner = record.info_text("MATEID") or record.info_text("PARID")
    if own and own in mates:
        return True
    if partner:
        mates.update(partner.split(","))
    ends = (event.first, event.second)
    junction = (*((end.contig, end.pos, end.keeps) for end in ends), event.inserted)
    paired = bool(set(record.columns[4]) & set("[]"))
    if paired and junction in junctions:
        return True
    if paired:
        junctions.add(junction)
    return False


def support(
    record: VcfRecord, sample: str | None
) -> tuple[int | None, int | None, int | None, float | None]:
    """Return split reads, spanning pairs, depth and allele fraction of the tumour.

    The fraction is that of the reads that the caller itself counts for and against the event.
    """
    fields = record.sample(sample) if sample and record.format else {}

    def number(key: str) -> int | None:
        return to_int(fields.get(key, ""))

    def two(key: str) -> tuple[int | None, int | None]:
        parts = fields.get(key, "").split(",")
        return (to_int(parts[0]), to_int(parts[1])) if len(parts) > 1 else (None, None)

    if "PR" in fields or ("SR" in fields and "," in fields["SR"]):  # Manta, DRAGEN
        (ref_pairs, pairs), (ref_split, split) = two("PR"), two("SR")
        return split, pairs, *fraction([pairs, split], [ref_pairs, ref_split])
    if "VF" in fields:  # GRIDSS: fragments
        variant, ref = number("VF"), [number("REF"), number("REFPAIR")]
        return number("SR"), number("RP"), *fraction([variant], ref)
    if "DV" in fields and "RV" in fields:  # Delly
        pairs, split = number("DV"), number("RV")
        return split, pairs, *fraction([pairs, split], [number("DR"), number("RR")])
    if "," in fields.get("AD", ""):  # Pindel
        ref_reads, reads = two("AD")
        return reads, None, *fraction([reads], [ref_reads])
    reads = to_int(record.info_text("AO"))
    depth = to_int(record.info_text("DP"))
    return reads, None, depth, to_float(record.info_text("AB"))  # ScanITD


def fraction(variant: list[int | None], ref: list[int | None]) -> tuple[int | None, float | None]:
    """Return the reads counted in all, and the share that shows the event."""
    found = [count for count in variant if count is not None]
    against = [count for count in ref if count is not None]
    if not found or not against:
        return None, None
    total = sum(found) + sum(against)
    return total, (sum(found) / total if total else None)
