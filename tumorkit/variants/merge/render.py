"""Writes the records of a merged file: one line for each allele."""

from __future__ import annotations

from collections.abc import Sequence

from tumorkit.genome.vcf import INFO_COLUMN, MISSING
from tumorkit.variants.counts import Reads
from tumorkit.variants.merge.calls import OWN, Call, CallFile
from tumorkit.variants.merge.consensus import Consensus
from tumorkit.variants.merge.haplotypes import Entry
from tumorkit.variants.merge.header import ANNOTATIONS, HOTSPOT, OWN_INFO
from tumorkit.variants.merge.protein import ProteinChange, was_moved
from tumorkit.variants.strands import Strands

KEYS = "GT:AD:DP:AF"
LISTS = ":TK_RD:TK_AD:TK_DP:TK_AF"
UNKNOWN = Reads()


class Renderer:
    """Makes lines of entries; ``names`` say how each file's INFO fields are called."""

    def __init__(
        self,
        consensus: Consensus,
        files: Sequence[CallFile],
        names: Sequence[dict[str, str]],
        *,
        paired: bool,
        lists_hotspots: bool,
    ) -> None:
        self.consensus = consensus
        self.names = {id(file): own for file, own in zip(files, names, strict=True)}
        self.paired = paired
        self.lists_hotspots = lists_hotspots
        self.annotates = any(file.reader.annotations.tool for file in files)

    def line(self, contig: str, entry: Entry) -> str:
        """Return the line of an entry."""
        names = self.consensus.ordered(entry)
        chosen = self.consensus.chosen(entry)
        words = [entry.word(name) for name in names]
        info = self.info(contig, entry, names, words, chosen)
        pos, ref, alt = entry.allele
        own = chosen if entry.calls else None
        quality = own.record.columns[5] if own else MISSING
        keys, samples = self.samples(entry, words, chosen)
        columns = (contig, str(pos), self.ids(entry, names), ref, alt, quality, entry.filter)
        return "\t".join((*columns, info, keys, *samples))

    def ids(self, entry: Entry, names: Sequence[str]) -> str:
        """Return the identifiers that callers gave to the allele."""
        found: dict[str, None] = {}
        for name in names:
            call = entry.calls.get(name)
            text = call.record.columns[2] if call else MISSING
            if text not in (MISSING, ""):
                found.update(dict.fromkeys(text.split(";")))
        return ";".join(found) or MISSING

    def info(
        self,
        contig: str,
        entry: Entry,
        names: Sequence[str],
        words: Sequence[tuple[str, tuple[str, ...], Call]],
        chosen: Call,
    ) -> str:
        """Return the INFO column: what the merge says, then what the chosen caller wrote."""
        consensus = self.consensus
        support = f"{consensus.supporting(entry)},{len(names)}"
        said = "|".join(
            f"{name}:{'&'.join(word[1]) or MISSING}"
            for name, word in zip(names, words, strict=True)
        )
        parts = [
            f"CALLERS={','.join(names)};TK_SUPPORT={support};TK_FILTERS={said};"
            f"TK_HOW={','.join([word[0] for word in words])};TK_CHOSEN={chosen.caller}"
        ]
        if any(how == OWN and call.old for how, _, call in words):
            old = [call.old if how == OWN and call.old else MISSING for how, _, call in words]
            parts.append(f"TK_OLD={','.join(old)}")
        if entry.parts:
            parts.append("TK_PARTS=" + ",".join(str(part.allele) for part in entry.parts))
            parts.append(f"TK_PHASE={entry.evidence}{',contradicted' * entry.contradicted}")
        if entry.part_of:
            wholes = sorted(whole.allele for whole in entry.part_of)
            parts.append("TK_PART_OF=" + ",".join(map(str, wholes)))
        if self.lists_hotspots and consensus.hotspot(contig, entry):
            parts.append(HOTSPOT)
        parts += self.annotation(entry, names, chosen)
        if entry.calls:
            parts += self.carried(chosen)
        return ";".join(parts)

    def carried(self, call: Call) -> list[str]:
        """Return the INFO of a call's own record, cut to its allele, without annotation."""
        text = call.record.columns[INFO_COLUMN]
        if text in (MISSING, ""):
            return []
        renamed = self.names[id(call.file)]
        alts = call.record.columns[4].count(",") + 1
        found, undeclared = [], []
        for item in text.split(";"):
            key, mark, value = item.partition("=")
            if key in OWN_INFO or key in ANNOTATIONS:
                continue
            new = renamed.get(key)
            if new is None:
                if key and not (key == HOTSPOT and self.lists_hotspots):
                    undeclared.append(item.replace("=", "~").replace(",", "&"))
                continue
            if alts > 1 and mark:
                value = cut(key, value, call.file.header.info[key].number, call.at, alts)
            found.append(f"{new}{mark}{value}")
        if undeclared:
            found.insert(0, "TK_UNDECLARED=" + ",".join(undeclared))
        elif call.file.again:
            kept = call.record.info_text("TK_UNDECLARED")
            found[:0] = [f"TK_UNDECLARED={kept}"] if kept else []
        return found

    def annotation(self, entry: Entry, names: Sequence[str], chosen: Call) -> list[str]:
        """Return the annotation that speaks of the allele as it stands, or that none does."""
        change = entry.protein
        if isinstance(change, ProteinChange):
            return [f"CSQ={change.entries}", f"TK_PROTEIN={change.text}"]
        own = [entry.calls[name] for name in names if name in entry.calls]
        annotated = [call for call in own if call.file.reader.annotations.tool]
        first = [call for call in annotated if call is chosen]
        for call in first + [call for call in annotated if call is not chosen]:
            tool = call.file.reader.annotations.tool
            key = self.names[id(call.file)][tool]
            if call.file.again and call.record.info_text("TK_REANNOTATE") is not None:
                kept = call.record.info_text("TK_OLD_CSQ")
                return [f"TK_OLD_CSQ={kept}", "TK_REANNOTATE"] if kept else ["TK_REANNOTATE"]
            text = call.record.info_text(tool)
            if not text:
                continue
            entries = call.file.reader.annotations.entries_of(call.record, call.at)
            if entries is None or (was_moved(call) and not call.file.again):
                return [f"TK_OLD_CSQ={text}", "TK_REANNOTATE"]
            if len(call.record.alts) > 1:
                text = ",".join("|".join(row) for row in entries)
            return [f"{key}={text}"] if text else []
        if annotated or not self.annotates:
            return []
        old = dict.fromkeys(
            text
            for part in entry.parts
            for call in part.calls.values()
            if (text := _annotation_of(call))
        )
        return [f"TK_OLD_CSQ={','.join(old)}", "TK_REANNOTATE"] if old else ["TK_REANNOTATE"]

    def samples(
        self,
        entry: Entry,
        words: Sequence[tuple[str, tuple[str, ...], Call]],
        chosen: Call,
    ) -> tuple[str, list[str]]:
        """Return FORMAT and the columns of normal and tumour."""
        tumor, normal = chosen.tumor, chosen.normal or UNKNOWN
        strands = chosen.file.read_strands(chosen) if entry.calls else None
        keys = KEYS
        known = strands is not None and any(one.alt_forward is not None for one in strands)
        if known:
            keys += ":ADF:ADR"
        keys += LISTS
        phases = [call.phase if how == OWN else "" for how, _, call in words]
        if any(phases):
            keys += ":TK_HAP"
        hap = ",".join([one or MISSING for one in phases]) if any(phases) else ""
        roles = chosen.file.reader.roles
        columns = []
        sides = [(normal, roles.normal, 1)] if self.paired else []
        for reads, sample, side in [*sides, (tumor, roles.tumor, 0)]:
            depth, ref, alt, vaf = texts(reads)
            text = f"{genotype(chosen, sample) if entry.calls else './.'}:{ref},{alt}:{depth}:{vaf}"
            if known and strands is not None:
                text += stranded(strands[side])
            if len(words) == 1:
                text += f":{ref}:{alt}:{depth}:{vaf}"
            else:
                every = [texts((c.normal or UNKNOWN) if side else c.tumor) for _, _, c in words]
                depths, refs, alts, vafs = map(",".join, zip(*every, strict=True))
                text += f":{refs}:{alts}:{depths}:{vafs}"
            if hap:
                text += f":{MISSING if side else hap}"
            columns.append(text)
        return keys, columns


def texts(reads: Reads) -> tuple[str, str, str, str]:
    """Return depth, reads and fraction as text, ``.`` where unknown.

    >>> texts(Reads(100, 70, None, 0.3))
    ('100', '70', '.', '0.3')
    """
    depth, ref, alt, vaf = reads
    return (
        MISSING if depth is None else str(depth),
        MISSING if ref is None else str(ref),
        MISSING if alt is None else str(alt),
        MISSING if vaf is None else f"{vaf:.6g}",
    )


def _annotation_of(call: Call) -> str | None:
    tool = call.file.reader.annotations.tool
    return call.record.info_text(tool) if tool else None


def number(value: int | None) -> str:
    """Return a whole number, ``.`` where it is unknown."""
    return MISSING if value is None else str(value)


def stranded(strands: Strands) -> str:
    """Return reads of reference and alternative, forward and reverse, as FORMAT ends with them."""
    return (
        f":{number(strands.ref_forward)},{number(strands.alt_forward)}"
        f":{number(strands.ref_reverse)},{number(strands.alt_reverse)}"
    )


def genotype(call: Call, sample: str | None) -> str:
    """Return a genotype as a record of one alternative has it; other alternatives are ``.``.

    >>> from tumorkit.genome.vcf import VcfHeader, VcfRecord
    >>> from tumorkit.variants.merge.calls import Call
    >>> call = Call.__new__(Call)
    >>> call.record = VcfRecord(
    ...     "1\\t8\\t.\\tA\\tC,G\\t.\\t.\\t.\\tGT\\t0/1/2", VcfHeader((), ("T",)))
    >>> call.at = 1
    >>> genotype(call, "T")
    '0/./1'
    """
    record = call.record
    if sample is None or not record.format.startswith("GT"):
        return "./."
    text = record.sample_text(sample).partition(":")[0]
    if "," not in record.columns[4]:
        return text or "./."
    wanted = str(call.at + 1)
    mark = "|" if "|" in text else "/"
    sides = [("1" if one == wanted else one if one == "0" else MISSING) for one in text.split(mark)]
    return mark.join(sides)


def cut(key: str, value: str, declared: str, at: int, alts: int) -> str:
    """Return an INFO value for one of several alternatives.

    >>> cut("TLOD", "67.3,89.6", "A", 1, 2), cut("MBQ", "30,31,32", "R", 0, 2)
    ('89.6', '30,31')
    >>> cut("AS_FilterStatus", "SITE|weak_evidence", "A", 1, 2)
    'weak_evidence'
    """
    if key in ("AS_FilterStatus", "AS_SB_TABLE"):
        by_allele = value.split("|")
        if len(by_allele) == alts:
            return by_allele[at]
        return f"{by_allele[0]}|{by_allele[at + 1]}" if len(by_allele) == alts + 1 else value
    items = value.split(",")
    if declared == "A" and len(items) == alts:
        return items[at]
    if declared == "R" and len(items) == alts + 1:
        return f"{items[0]},{items[at + 1]}"
    if declared == "G":
        return genotypes_cut(items, at, alts)
    return value


def genotypes_cut(items: list[str], at: int, alts: int) -> str:
    """Return the values of the three genotypes of the reference and one alternative.

    >>> genotypes_cut(["aa", "ab", "bb", "ac", "bc", "cc"], 1, 2)
    'aa,ac,cc'
    """
    if len(items) != (alts + 1) * (alts + 2) // 2:
        return ",".join(items)
    allele = at + 1
    low = allele * (allele + 1) // 2
    return ",".join((items[0], items[low], items[low + allele]))
