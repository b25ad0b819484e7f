"""What a merge did: every allele of every caller accounted for, and what was written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from tumorkit.contract.result import Result
from tumorkit.contract.summary import Summary
from tumorkit.variants.merge.params import MergeParams


@dataclass(frozen=True, kw_only=True)
class CallerCounts:
    """What became of one file's alleles.

    ``alleles = shared + by_haplotype + own + duplicates + same_as_ref + symbolic``: the same
    allele in another caller's file, only the same haplotype in other words, in no other file, said
    before in this caller's files, REF again as ALT, and not a sequence (passed through as it is).
    ``moved`` were left-aligned, ``trimmed`` lost shared bases, ``compound`` replace several bases.
    ``derived`` records of an earlier merge are made anew. An allele of an ensemble's file counts
    once for each caller that the record names.
    """

    caller: str
    file: str
    dialect: str
    tumor: str | None
    normal: str | None
    records: int = 0
    without_alt: int = 0
    alleles: int = 0
    shared: int = 0
    by_haplotype: int = 0
    own: int = 0
    duplicates: int = 0
    same_as_ref: int = 0
    symbolic: int = 0
    passed: int = 0
    moved: int = 0
    trimmed: int = 0
    compound: int = 0
    derived: int = 0


@dataclass(frozen=True, kw_only=True)
class Conflict:
    """An allele that one caller's files hold twice, with different filters or counts.

    ``kept`` passed the filters, or has more alternative reads.
    """

    contig: str
    pos: int
    ref: str
    alt: str
    caller: str
    kept: str
    left_out: str


@dataclass(frozen=True, kw_only=True)
class MergedHaplotype:
    """A haplotype of several changes, with its parts.

    ``evidence``: ``caller`` (a caller wrote it as one), ``PID`` or ``PS`` (reads), ``equal_vaf``
    (weaker: only the fractions agree); ``contradicted`` where a caller puts the parts on two
    haplotypes. ``counted`` is ``whole``, ``parts`` or ``larger`` (a larger haplotype): which of
    them keeps PASS. ``protein`` is None where nothing was recomputed.
    """

    contig: str
    pos: int
    ref: str
    alt: str
    parts: tuple[str, ...]
    evidence: str
    contradicted: bool
    callers: tuple[str, ...]
    counted: str
    transcript: str | None
    protein: str | None
    needs_reannotation: bool


@dataclass(frozen=True, kw_only=True)
class Support:
    """How many written alleles have so many callers, by any way; symbolic ones left out."""

    callers: int
    alleles: int


@dataclass(frozen=True, kw_only=True)
class Written:
    """Records of the merged file.

    ``records = called + parts_added + merged_added`` and
    ``records = passed + few_callers + counted_otherwise + phase_unproven + symbolic``, each record
    counted where it first belongs.
    """

    records: int = 0
    called: int = 0
    parts_added: int = 0
    merged_added: int = 0
    passed: int = 0
    few_callers: int = 0
    counted_otherwise: int = 0
    phase_unproven: int = 0
    symbolic: int = 0
    hotspots_of_one_caller: int = 0
    needs_reannotation: int = 0


@dataclass(frozen=True, kw_only=True)
class MergeResult(Result):
    """Summary of a merge."""

    schema_name: ClassVar[str] = "variants.merge"

    callers: tuple[str, ...]
    files: tuple[CallerCounts, ...]
    written: Written
    support: tuple[Support, ...]
    conflicting_duplicates: int
    conflicts: tuple[Conflict, ...]
    haplotypes: tuple[MergedHaplotype, ...]
    notes: tuple[str, ...] = ()
    params: MergeParams = field(default_factory=MergeParams)

    def summary(self) -> Summary:
        """Return what became of each file's alleles as a short table."""
        columns = (
            "records", "alleles", "shared", "by_haplotype", "own", "duplicates", "same_as_ref",
            "symbolic", "passed", "moved", "trimmed", "compound",
        )  # fmt: skip
        rows = tuple(
            (item.caller, item.file, *(str(getattr(item, name)) for name in columns))
            for item in self.files
        )
        done = self.written
        notes = [
            f"{done.records} records written: {done.called} alleles that callers wrote, "
            f"{done.parts_added} parts of them, {done.merged_added} merged from phased parts",
            f"{done.passed} pass, {done.few_callers} have too few callers, "
            f"{done.counted_otherwise} are counted in their parts or their haplotype, "
            f"{done.phase_unproven} lack proof of phase, {done.symbolic} are symbolic",
            "alleles by number of callers: "
            + ", ".join(f"{item.callers}: {item.alleles}" for item in self.support),
        ]
        if done.hotspots_of_one_caller:
            notes.append(f"{done.hotspots_of_one_caller} hotspots pass with one caller")
        if done.needs_reannotation:
            notes.append(f"{done.needs_reannotation} records need annotation again")
        if self.conflicting_duplicates:
            notes.append(f"{self.conflicting_duplicates} duplicates contradict what was kept")
        return Summary(
            title=f"Merge of {len(self.callers)} callers: {', '.join(self.callers)}",
            columns=("caller", "file", *(name.replace("_", " ") for name in columns)),
            rows=rows,
            notes=(*notes, *self.notes),
        )
