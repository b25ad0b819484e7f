"""Finds one variant in a stream of records and tells its trail."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from tumorkit.genome.vcf import VcfHeader, VcfRecord
from tumorkit.variants.calls import CallReader
from tumorkit.variants.filter.evidence_columns import FittedCase, names_in
from tumorkit.variants.filter.explain import Explainer, in_words
from tumorkit.variants.filter.judge import Judge
from tumorkit.variants.filter.params import Preparation
from tumorkit.variants.filter.quantities import AlleleColumns
from tumorkit.variants.filter.render import without_verdicts
from tumorkit.variants.filter.result import NotEvaluable, Reason
from tumorkit.variants.filter.specification import Specification
from tumorkit.variants.roles import Roles
from tumorkit.variants.transcripts import NO_LIST, TranscriptList
from tumorkit.variants.why.locus import Locus
from tumorkit.variants.why.result import AlleleTrail, Neighbour, WhyResult


@dataclass
class Search:
    """Looks for a locus among the records of a file, in any order, and keeps what answers.

    ``hits`` are records of which an allele (or, without ALT, the site) answers; ``before`` and
    ``after`` are the nearest other records of the contig.
    """

    locus: Locus
    hits: list[VcfRecord] = field(default_factory=list)
    before: VcfRecord | None = None
    after: VcfRecord | None = None
    on_contig: int = 0

    def look(self, records: Iterable[VcfRecord]) -> None:
        """Look at more records."""
        locus = self.locus
        contig, same = "", False
        for record in records:
            if record.columns[0] != contig:
                contig, same = record.columns[0], locus.on_contig(record)
            if not same:
                continue
            self.on_contig += 1
            if any(locus.match(record, alt) for alt in record.alts or (".",)):
                self.hits.append(record)
            elif record.pos <= locus.pos:
                if self.before is None or record.pos >= self.before.pos:
                    self.before = record
            elif self.after is None or record.pos < self.after.pos:
                self.after = record

    def passed(self, record: VcfRecord) -> bool:
        """Whether a sorted file holds nothing for the locus behind this record.

        One record behind the place is read, too: it is the nearest after.
        """
        if self.locus.on_contig(record):
            # A spelling with leading bases asks for a change that begins behind its position.
            return record.pos > self.locus.pos + len(self.locus.ref)
        return self.on_contig > 0

    def answered(self) -> bool:
        """Whether what was asked for is there."""
        locus = self.locus
        return any(locus.match(r, alt) == "asked" for r in self.hits for alt in r.alts or (".",))

    def nearest(self) -> tuple[Neighbour, ...]:
        """Return the nearest records on both sides."""
        sides = (("before", self.before), ("after", self.after))
        return tuple(
            Neighbour(
                side=side,
                contig=record.contig,
                pos=record.pos,
                ref=record.ref,
                alt=record.columns[4],
                filter=record.columns[6],
                distance=abs(record.pos - self.locus.pos),
            )
            for side, record in sides
            if record is not None
        )


def trails(
    search: Search,
    header: VcfHeader,
    roles: Roles,
    specification: Specification | None,
    *,
    preparation: Preparation | None = None,
    source: str = "vcf",
    transcripts: TranscriptList = NO_LIST,
    fitted: FittedCase | None = None,
) -> tuple[AlleleTrail, ...]:
    """Return what every filter of a specification says of each allele that was found.

    The values are read from the file again; what an earlier run wrote is reported beside them.
    ``fitted`` is the case, where quantities are computed and not read.
    """
    reader = CallReader(header, roles, transcripts)
    columns = AlleleColumns(search.hits, reader, fitted)
    told = Told(specification, reader, columns, preparation, fitted)
    found = []
    for at, record in enumerate(columns.records):
        alt = record.alts[columns.at[at]]
        match = search.locus.match(record, alt)
        if not match:
            continue
        variant = reader(record)[columns.at[at]]
        written = (record.info_text("TK_FILTER") or "").split(",")
        was_judged = "TK_FILTER" in header.info and len(written) == len(record.alts)
        before = without_verdicts(record.columns[6], record.columns[7])[0]
        verdict, tier, rescued_by = told.verdict(at)
        found.append(
            AlleleTrail(
                source=source,
                match=match,
                line=record.number,
                contig=record.contig,
                pos=record.pos,
                ref=record.ref,
                alt=alt,
                depth=variant.tumor.depth,
                alt_depth=variant.tumor.alt_depth,
                vaf=variant.tumor.vaf,
                filter=record.filters,
                caller_filter=() if before in (".", "") else tuple(before.split(";")),
                written=written[columns.at[at]] if was_judged else None,
                verdict=verdict,
                tier=tier,
                rescued_by=rescued_by,
                reasons=told.reasons(at),
                not_evaluable=told.not_evaluable,
                not_applicable=told.not_applicable,
            )
        )
    order = ("asked", "same site", "covers")
    return tuple(sorted(found, key=lambda trail: order.index(trail.match)))


class Told:
    """What a specification says of the alleles of a block; nothing without a specification."""

    def __init__(
        self,
        specification: Specification | None,
        reader: CallReader,
        columns: AlleleColumns,
        preparation: Preparation | None = None,
        fitted: FittedCase | None = None,
    ) -> None:
        self.not_evaluable: tuple[NotEvaluable, ...] = ()
        self.not_applicable: tuple[NotEvaluable, ...] = ()
        self._explainer: Explainer | None = None
        if specification is None:
            return
        judge = Judge(specification, reader, preparation, fitted)
        self.not_evaluable = judge.not_evaluable
        self.not_applicable = judge.not_applicable
        self._rescues = [rescue.id for rescue in specification.rescues]
        self._explainer = Explainer(judge.active, judge.judge(columns))

    def verdict(self, at: int) -> tuple[str | None, str | None, tuple[str, ...]]:
        """Return verdict, tier and the rescues that lift something."""
        if self._explainer is None:
            return None, None, ()
        judged = self._explainer.judgement
        rows = np.nonzero(judged.rescues[:, at])[0].tolist()
        return judged.verdict(at), judged.tiers[at], tuple(self._rescues[row] for row in rows)

    def reasons(self, at: int) -> tuple[Reason, ...]:
        """Return what every filter that takes part says."""
        explainer = self._explainer
        if explainer is None:
            return ()
        return tuple(explainer.reason(row, at) for row in range(len(explainer.filters)))


def explain(
    search: Search,
    found: tuple[AlleleTrail, ...],
    specification: Specification | None,
    *,
    name: str = "this file",
    earlier: Search | None = None,
    earlier_trails: tuple[AlleleTrail, ...] = (),
    earlier_name: str = "the input",
) -> WhyResult:
    """Tell the trail of a variant: its verdicts where it is there, its loss where it is not.

    ``earlier`` is the same search in the file that was filtered, with its trails.
    """
    words: list[str] = []
    alleles = found
    if search.answered():
        stage = "present"
        if not any(trail.match == "asked" for trail in found):
            words.append(f"{name} has the site, but without an alternative allele (ALT is .)")
    else:
        lost = [trail for trail in earlier_trails if trail.match == "asked"]
        stage, said = stage_of(lost, specification, earlier, (name, earlier_name))
        words.append(said)
        alleles = (*found, *lost)
        words += nearby(search)
    for trail in alleles:
        words += sentences(trail)
    return WhyResult(
        locus=str(search.locus),
        stage=stage,
        specification=specification.name if specification else None,
        specification_sha256=specification.sha256 if specification else None,
        words=tuple(words),
        alleles=alleles,
        nearest=search.nearest(),
    )


def stage_of(
    lost: list[AlleleTrail],
    specification: Specification | None,
    earlier: Search | None,
    names: tuple[str, str],
) -> tuple[str, str]:
    """Say at which stage a variant that is not there was lost."""
    name, earlier_name = names
    drop = specification.drop if specification else frozenset()
    if earlier is None:
        said = f"not in {name}: never called, or lost before"
        if drop:
            said += f"; the specification drops what fails {', '.join(sorted(drop))}"
        return "absent", f"{said} (--input says which)"
    if not earlier.answered():
        return "never_called", f"not in {name}, nor in {earlier_name}: never called, or lost before"
    dropped = {
        reason.filter
        for trail in lost
        for reason in trail.reasons
        if reason.verdict == "fail" and reason.filter in drop
    }
    if dropped:
        return "dropped", (
            f"in {earlier_name}, and dropped by the specification's last step, because it fails "
            f"{', '.join(sorted(dropped))}"
        )
    why = "the specification drops nothing that it fails" if specification else ""
    if specification and names_in(f.fail_if for f in specification.filters if f.id in drop):
        why += " (with the case as it is given here: --purity, --segments, --background ...)"
    why = why or "no specification is known"
    return "lost", (
        f"in {earlier_name}, but not in {name}; {why}: another step removed it or wrote it in "
        "another spelling"
    )


def nearby(search: Search) -> list[str]:
    """Say what stands around a variant that is not there."""
    if not search.on_contig:
        return [f"no record at all on {search.locus.contig}"]
    return [
        f"nearest {x.side}: {x.contig}:{x.pos} {x.ref}>{x.alt} (FILTER {x.filter}), "
        f"{x.distance} bases away"
        for x in search.nearest()
    ]


def sentences(trail: AlleleTrail) -> list[str]:
    """Return the trail of one allele in words."""
    place = f"{trail.contig}:{trail.pos} {trail.ref}>{trail.alt}"
    kind = {
        "asked": "",
        "same site": ", another change at this site,",
        "covers": ", which covers it,",
    }
    reads = "an unknown number of reads" if trail.alt_depth is None else f"{trail.alt_depth} reads"
    depth = "unknown depth" if trail.depth is None else f"depth {trail.depth}"
    vaf = "VAF unknown" if trail.vaf is None else f"VAF {trail.vaf:.4g}"
    said = [f"{place}{kind[trail.match]} (line {trail.line}): {reads} at {depth}, {vaf}"]
    own = ", ".join(trail.caller_filter)
    said.append(f"the caller's FILTER: {own or '. (no filter applied)'}")
    if trail.verdict is not None:
        rescued = f", rescued by {', '.join(trail.rescued_by)}" if trail.rescued_by else ""
        said.append(f"verdict: {trail.verdict} (tier {trail.tier}{rescued})")
        unanswered = {item.filter for item in trail.not_evaluable}
        said += [
            f"{reason.filter} {reason.verdict}: {in_words(reason)}"
            for reason in trail.reasons
            if reason.verdict not in ("pass", "not_applicable")
            and not (reason.verdict == "unknown" and reason.filter in unanswered)
        ]
        passes = sum(reason.verdict == "pass" for reason in trail.reasons)
        said.append(f"{passes} of {len(trail.reasons)} filters pass it")
        said += [f"{item.filter}: {item.reason}" for item in trail.not_applicable]
    said += partly(trail)
    standing = {reason.filter for reason in trail.reasons if reason.verdict == "fail"}
    if trail.written is not None and trail.verdict is not None:
        wrote = set(trail.written.split("&")) - {"PASS", "."}
        if wrote != standing:
            said.append(
                f"TK_FILTER in the file is {trail.written}: it was judged by other limits or values"
            )
    return said


def partly(trail: AlleleTrail) -> list[str]:
    """Say of filters that the file cannot wholly answer what came of them for this allele.

    A filter whose other terms decide is passed or failed, whatever the missing field holds.
    """
    decided = {
        reason.filter: reason
        for reason in trail.reasons
        if reason.verdict in ("pass", "fail", "lifted", "not_applicable")
    }
    words = {"pass": "passed", "fail": "failed", "lifted": "failed, and lifted"}
    said = []
    for item in trail.not_evaluable:
        reason = decided.get(item.filter)
        if reason is None:
            said.append(f"{item.filter} not evaluable: {item.reason}")
        elif reason.verdict != "not_applicable":
            said.append(
                f"{item.filter} {words[reason.verdict]}: decided by {reason.condition}, as "
                f"{in_words(reason, alone=True)}; {item.reason}, so the other terms were not asked"
            )
    return said
