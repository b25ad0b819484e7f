"""The calls of one file, allele by allele, in one spelling; and those of an earlier merge again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tumorkit.errors import ContigMismatchError, InputError, ReferenceMismatchError
from tumorkit.genome.alleles import Fetch
from tumorkit.genome.normalization import Allele, normalized
from tumorkit.genome.vcf import MISSING, VcfHeader, VcfRecord, to_float
from tumorkit.variants.calls import CallReader
from tumorkit.variants.compare.analysis import NO_FAILURE
from tumorkit.variants.counts import Reads, whole
from tumorkit.variants.merge.reads import quick_strands
from tumorkit.variants.strands import UNKNOWN_STRANDS, Strands

OWN, PART, PARTS, PHASED = "own", "part", "parts", "phased"
UNKNOWN_READS = Reads()
BASES = frozenset("ACGT")
# Letters of a reference that say what REF has to be; a caller names no base where N stands.
KNOWN = BASES | {"N"}
LETTERS = frozenset("ACGTNRYSWKMBDHVacgtnryswkmbdhv")
# What a caller says of a call that it does not take for somatic.
NOT_SOMATIC = frozenset({"germline", "likely_germline", "loh", "likely_loh", "reference"})


class Call:
    """One caller's word on one allele; ``allele`` is normalised, ``old`` is as it was written.

    ``phase`` names the haplotype that reads put the allele on, empty where the caller does not
    say.
    """

    __slots__ = (
        "allele",
        "at",
        "caller",
        "file",
        "filters",
        "normal",
        "old",
        "phase",
        "record",
        "strands",
        "symbolic",
        "tumor",
    )  # fmt: skip

    def __init__(
        self,
        caller: str,
        allele: Allele,
        file: CallFile,
        record: VcfRecord,
        at: int,
        filters: tuple[str, ...],
        tumor: Reads,
        normal: Reads | None,
    ) -> None:
        self.caller = caller
        self.allele = allele
        self.file = file
        self.record = record
        self.at = at
        self.filters = filters
        self.tumor = tumor
        self.normal = normal
        self.old = ""
        self.phase = ""
        self.symbolic = False
        self.strands: tuple[Strands, Strands] | None = None

    @property
    def passes(self) -> bool:
        """Whether the caller's own filters pass the allele."""
        return passed(self.filters)


def passed(filters: tuple[str, ...]) -> bool:
    """Whether nothing fails a call: PASS, no filters at all, or a tier of MuSE.

    >>> passed(("PASS",)), passed(()), passed(("p8", "q22.5"))
    (True, True, False)
    """
    return filters == ("PASS",) or NO_FAILURE.issuperset(filters)


@dataclass(eq=False, kw_only=True)
class CallFile:
    """An open file of calls: whose they are, how to read them, what was counted so far.

    ``name`` is the caller, empty where records name theirs. ``again`` marks a file that a merge
    wrote. ``annotation_key`` is what the file's annotation is called in the merged file.
    """

    path: str
    name: str
    header: VcfHeader
    reader: CallReader
    counts: Counter[str] = field(default_factory=Counter)
    annotation_key: str = ""
    somatic_only: bool = True

    def __post_init__(self) -> None:
        self.again = "TK_HOW" in self.header.info
        formats = self.header.formats
        self.phases = ("PID" in formats and "PGT" in formats) or "PS" in formats
        self.judges_status = self.somatic_only and self.reader.status.knows

    def calls(
        self,
        record: VcfRecord,
        contig: str,
        fetch: Fetch,
        max_shift: int,
        reads: tuple[Reads, Reads | None] | None = None,
    ) -> Iterator[Call]:
        """Yield the calls of a record; ``contig`` is its name in the reference.

        ``reads`` are those of tumour and normal where they were read before.

        Raises :class:`ReferenceMismatchError` where REF is not what the reference holds.
        """
        if self.again:
            yield from self.calls_again(record)
            return
        ref = record.columns[3].upper()
        alts = record.alts
        counts = self.counts
        counts["records"] += 1
        if not alts:
            counts["without_alt"] += 1
            return
        self.check_ref(record, ref, contig, fetch)
        reader = self.reader
        tumor: Sequence[Reads]
        normal: Sequence[Reads | None] | None
        if reads is None:
            tumor, normal = reader.tumor_reads(record), reader.normal_reads(record)
        else:
            tumor, normal = reads[:1], reads[1:]
        filters = reader.allele_filters(record)
        names: tuple[str, ...] = (self.name,) if self.name else reader.callers(record)
        if not names:
            raise InputError(
                self.path,
                "no INFO field names the callers of this record",
                line=record.number,
                hint="say whose calls these are: --caller NAME=FILE",
            )
        not_somatic = self.not_somatic(record)
        for at, alt in enumerate(alts):
            upper = alt.upper()
            counts["alleles"] += len(names)
            said = (*filters[at], not_somatic) if not_somatic else filters[at]
            for rank, name in enumerate(names):
                known = rank == 0
                call = Call(
                    name,
                    Allele(record.pos, ref, upper),
                    self,
                    record,
                    at,
                    said,
                    tumor[at] if known else UNKNOWN_READS,
                    normal[at] if known and normal else None,
                )
                self.spell(call, contig, alt, fetch, max_shift, len(alts))
                if call.allele.ref == call.allele.alt:
                    counts["same_as_ref"] += 1
                    continue
                if self.phases or len(alts) > 1:
                    call.phase = phase_of(record, self.reader.roles.tumor, at)
                yield call

    def spell(
        self, call: Call, contig: str, alt: str, fetch: Fetch, max_shift: int, alts: int
    ) -> None:
        """Give a call its normalised allele; symbolic alleles stay as they are."""
        raw = call.allele
        if len(raw.ref) == 1 and raw.alt in BASES:
            return
        if not LETTERS.issuperset(alt):
            call.symbolic = True
            call.allele = Allele(raw.pos, raw.ref, alt)
            self.counts["symbolic"] += 1
            return
        call.allele = normalized(contig, raw, fetch, max_shift)
        if call.allele != raw:
            call.old = f"{raw.pos}/{raw.ref}/{raw.alt}"
            if len(raw.ref) != len(raw.alt) and call.allele.pos < raw.pos:
                self.counts["moved"] += 1
            elif alts == 1:
                self.counts["trimmed"] += 1

    def check_ref(self, record: VcfRecord, ref: str, contig: str, fetch: Fetch) -> None:
        """Raise where REF is not the reference.

        REF may be N, and a reference's IUPAC code, which VCF cannot hold, is not judged.
        """
        start = record.pos - 1
        found = fetch(contig, start, start + len(ref)) if start >= 0 else ""
        if found == ref:
            return
        wrong = len(found) != len(ref) or any(
            a != b and a in KNOWN and b in BASES for a, b in zip(found, ref, strict=True)
        )
        if wrong and not (start == -1 and ref == "N"):
            raise ReferenceMismatchError(
                self.path,
                f"REF at {record.contig}:{record.pos} is {shown(ref)}, the reference holds "
                f"{shown(found) or 'nothing'}",
                line=record.number,
                hint="give the FASTA that the calls were made on",
            )

    def not_somatic(self, record: VcfRecord) -> str:
        """Return what the caller says of a call that it does not call somatic; else nothing."""
        if not self.judges_status:
            return ""
        status = self.reader.caller_status(record)
        return f"status_{status}" if status in NOT_SOMATIC else ""

    def read_strands(self, call: Call) -> tuple[Strands, Strands]:
        """Return the strands of a call's reads in tumour and normal."""
        if call.strands is None:
            reader, record, at = self.reader, call.record, call.at
            roles = reader.roles
            tumor = quick_strands(record, reader, roles.tumor, at)
            known = roles.normal is not None
            normal = quick_strands(record, reader, roles.normal, at) if known else None
            call.strands = (tumor, normal or UNKNOWN_STRANDS)
        return call.strands

    def calls_again(self, record: VcfRecord) -> Iterator[Call]:
        """Yield the calls that a merged record was made of; derived ones are made anew."""
        counts, roles = self.counts, self.reader.roles
        counts["records"] += 1
        names = (record.info_text("CALLERS") or "").split(",")
        how = (record.info_text("TK_HOW") or "").split(",")
        said = (record.info_text("TK_FILTERS") or "").split("|")
        old = (record.info_text("TK_OLD") or "").split(",")
        fields = [record.sample(name) if name else {} for name in (roles.tumor, roles.normal)]
        if not len(names) == len(how) == len(said):
            raise InputError(
                self.path,
                f"CALLERS, TK_HOW and TK_FILTERS have {len(names)}, {len(how)} and {len(said)} "
                "values",
                line=record.number,
                hint="merge the callers' own files again",
            )
        phases = fields[0].get("TK_HAP", MISSING).split(",")
        for at, name in enumerate(names):
            if how[at] != OWN:
                counts["derived"] += 1
                continue
            counts["alleles"] += 1
            filters = said[at].removeprefix(f"{name}:")
            call = Call(
                name,
                Allele(record.pos, record.ref, record.columns[4]),
                self,
                record,
                0,
                () if filters == MISSING else tuple(filters.split("&")),
                listed(fields[0], at),
                listed(fields[1], at) if roles.normal else None,
            )
            if call.normal == UNKNOWN_READS and "TK_DP" not in fields[1]:
                call.normal = None
            call.old = old[at] if len(old) == len(names) and old[at] != MISSING else ""
            if len(phases) == len(names) and phases[at] != MISSING:
                call.phase = phases[at]
            call.symbolic = not LETTERS.issuperset(call.allele.alt)
            counts["symbolic"] += call.symbolic
            yield call


def listed(fields: dict[str, str], at: int) -> Reads:
    """Return one caller's counts from the lists of a merged record."""
    columns = [fields.get(key, "").split(",") for key in ("TK_DP", "TK_RD", "TK_AD", "TK_AF")]
    texts = [column[at] if at < len(column) else MISSING for column in columns]
    depth, ref, alt = (whole(text)[0] if text else None for text in texts[:3])
    return Reads(depth, ref, alt, to_float(texts[3]))


def phase_of(record: VcfRecord, sample: str | None, at: int) -> str:
    """Return the haplotype that a caller puts an allele on, empty where it does not say.

    The text is kind/set/side: alleles of one set lie together on one side, apart on two. Mutect2:
    PID and PGT; others: PS and the side of a phased genotype; the alternatives of one record are
    different haplotypes (ALT).
    """
    fields = record.sample(sample) if sample is not None else {}
    alts = record.columns[4].count(",") + 1
    kind, label, genotype = "PS", fields.get("PS", MISSING), fields.get("GT", MISSING)
    wanted = str(at + 1)
    if alts == 1 and fields.get("PID", MISSING) != MISSING and "|" in fields.get("PGT", MISSING):
        # PGT speaks of reference and alternative only.
        kind, label, genotype, wanted = "PID", fields["PID"], fields["PGT"], "1"
    sides = genotype.split("|")
    if label not in (MISSING, "") and len(sides) > 1 and sides.count(wanted) == 1:
        return f"{kind}/{label}/{sides.index(wanted)}"
    return f"ALT/{record.pos}_{len(record.ref)}/{at}" if alts > 1 else ""


def on_two_haplotypes(calls: Sequence[Call]) -> bool:
    """Whether a caller puts any two of its calls on different haplotypes of one set.

    >>> a, b = Call.__new__(Call), Call.__new__(Call)
    >>> a.phase, b.phase = "PID/8450_T_G/1", "PID/8450_T_G/0"
    >>> on_two_haplotypes([a, b]), on_two_haplotypes([a, a])
    (True, False)
    """
    sides: dict[str, str] = {}
    for call in calls:
        label, _, side = call.phase.rpartition("/")
        if label and sides.setdefault(label, side) != side:
            return True
    return False


def shown(bases: str) -> str:
    """Return bases, the middle of long ones left out."""
    return bases if len(bases) <= 20 else f"{bases[:10]}...{bases[-5:]} ({len(bases)} bases)"


def missing_contig(path: str, record: VcfRecord) -> ContigMismatchError:
    """Say that the reference lacks the contig of a record."""
    return ContigMismatchError(
        path,
        f"line {record.number}: the reference has no contig {record.contig!r} under any spelling",
        hint="give the FASTA that the calls were made on",
    )
