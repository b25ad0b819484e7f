"""Writes verdicts into record lines; every byte outside FILTER and INFO is kept.

``TK_FILTER`` holds the verdict of each allele, so that it survives the splitting of multi-allelic
records. FILTER is set only where all alternatives fail: the caller's own values stay in it, and
``TK_CALLER_FILTER`` keeps what it was.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from math import isnan

import numpy as np

from tumorkit.genome.vcf import INFO_COLUMN, VcfHeader, VcfRecord
from tumorkit.genome.vcf_block import AS_IS, DROPPED, FIRST_OTHER, RecordBlock
from tumorkit.variants.filter.evaluation import Column
from tumorkit.variants.filter.evidence_names import EVIDENCE
from tumorkit.variants.filter.expression import Name
from tumorkit.variants.filter.judge import Judgement, bit_codes
from tumorkit.variants.filter.quantities import AlleleColumns
from tumorkit.variants.filter.specification import Filter, Specification
from tumorkit.variants.filter.written import written

FILTER_COLUMN = 6
SPECIFICATION_KEY = "tumorkit_specification"
CODE_BITS = 62
TAGS = ("TK_FILTER", "TK_UNKNOWN", "TK_RESCUED", "TK_CALLER_FILTER")
META = (
    '##INFO=<ID=TK_FILTER,Number=A,Type=String,Description="Filters that each allele fails, '
    'joined by &, or PASS">',
    '##INFO=<ID=TK_UNKNOWN,Number=A,Type=String,Description="Filters that could not judge each '
    'allele for want of a value, joined by &">',
    '##INFO=<ID=TK_RESCUED,Number=A,Type=String,Description="Rescues that lift failed filters of '
    'each allele, joined by &">',
    '##INFO=<ID=TK_CALLER_FILTER,Number=1,Type=String,Description="FILTER as the caller wrote it, '
    'joined by &">',
)


def annotated_header(
    header: VcfHeader,
    specification: Specification,
    computed: Sequence[str] = (),
    *,
    embed: bool = False,
) -> VcfHeader:
    """Return the header of the output: which specification judged, and what its filters say.

    ``computed`` names the computed quantities that are written beside the verdicts. ``embed``
    writes the whole specification into the header, for one that is no preset.
    """
    lines = [
        f'##FILTER=<ID={item.id},Description="{item.says.replace(chr(34), chr(39))}">'
        for item in specification.filters
    ]
    lines += META
    for name in computed:
        item = EVIDENCE[name]
        kind = "Float" if item.kind == "number" else "String"
        said = item.text.replace('"', "'")
        lines.append(f'##INFO=<ID={item.tag},Number=A,Type={kind},Description="{said}">')
    lines.append(
        f'##tumorkit_filter=<ID={specification.name},Version="{specification.version}",'
        f'SHA256="{specification.sha256}">'
    )
    if embed:
        lines.append(f"##{SPECIFICATION_KEY}={json.dumps(written(specification))}")
    own = ("##tumorkit_filter=", f"##{SPECIFICATION_KEY}=")
    kept = tuple(line for line in header.meta if not line.startswith(own))
    return VcfHeader(kept, header.samples, header.has_format).with_meta(lines)


class Renderer:
    """Renders the records of one file."""

    def __init__(
        self,
        specification: Specification,
        active: Sequence[Filter],
        header: VcfHeader,
        computed: Sequence[str] = (),
    ) -> None:
        self.computed = tuple(computed)
        self.stale = {EVIDENCE[name].tag for name in computed} & header.info.keys()
        self.filters = [item.id for item in active]
        self.rescues = [item.id for item in specification.rescues]
        self.judges_callers = specification.judges_caller_filters
        self.again = "TK_FILTER" in header.info
        self.drop = np.array([item.id in specification.drop for item in active], dtype=bool)
        self._names: dict[tuple[bool, int], str] = {}

    def names(self, code: int, *, rescue: bool = False) -> str:
        """Return the filters (or rescues) of a bit code, joined by ``&``."""
        key = (rescue, code)
        if key not in self._names:
            known = self.rescues if rescue else self.filters
            self._names[key] = "&".join(n for bit, n in enumerate(known) if code >> bit & 1)
        return self._names[key]

    def lines(self, records: Sequence[VcfRecord], judgement: Judgement) -> list[str]:
        """Return the lines of a block's records, dropped ones left out."""
        more = self.computed_texts(judgement)
        standing = judgement.fails & ~judgement.lifted
        codes: list[int] = bit_codes(standing).tolist()
        unknown: list[int] = bit_codes(judgement.unjudged).tolist()
        rescued: list[int] = bit_codes(judgement.rescues).tolist()
        dropped: list[bool] = (standing & self.drop[:, np.newaxis]).any(axis=0).tolist()
        lines: list[str] = []
        start = 0
        for record in records:
            alt = record.columns[4]
            end = start + (alt.count(",") + 1 if alt not in (".", "") else 0)
            if end == start:
                lines.append(record.line)
                continue
            own = slice(start, end)
            said = self.with_computed(record, more, own) if more else record
            if end - start == 1 and not (dropped[start] or unknown[start] or rescued[start]):
                lines.append(self.simple_line(said, codes[start]))
            elif not all(dropped[own]):
                lines.append(self.line(said, codes[own], unknown[own], rescued[own]))
            start = end
        return lines

    def computed_texts(self, judgement: Judgement) -> list[tuple[str, list[str]]]:
        """Return each computed tag with its text for every allele."""
        columns = judgement.columns
        if not self.computed or not isinstance(columns, AlleleColumns):
            return []
        return [
            (EVIDENCE[name].tag, texts_of(columns.column(Name(name)))) for name in self.computed
        ]

    def with_computed(
        self, record: VcfRecord, tags: list[tuple[str, list[str]]], own: slice
    ) -> VcfRecord:
        """Return a record with computed quantities in INFO, in place of those of an earlier run."""
        columns = record.columns.copy()
        info = columns[INFO_COLUMN]
        kept = [] if info in (".", "") else info.split(";")
        if self.stale:
            kept = [item for item in kept if item.partition("=")[0] not in self.stale]
        said = [f"{tag}={','.join(texts[own])}" for tag, texts in tags]
        columns[INFO_COLUMN] = ";".join([*kept, *said])
        return VcfRecord("\t".join(columns), record.header)

    def simple_line(self, record: VcfRecord, code: int) -> str:
        """Return what :meth:`line` returns for one allele that was fully judged."""
        columns = record.columns
        before, info = columns[FILTER_COLUMN], columns[INFO_COLUMN]
        if self.again or info in (".", "") or before not in ("PASS", "."):
            return self.line(record, [code], [0], [0])
        if code == 0:
            after, tags = before, ";TK_FILTER=PASS"
        else:
            names = self.names(code)
            after = names.replace("&", ";")
            tags = f";TK_FILTER={names};TK_CALLER_FILTER={before}"
        return "\t".join((*columns[:FILTER_COLUMN], after, info + tags, *columns[8:]))

    def line(
        self, record: VcfRecord, codes: list[int], unknown: list[int], rescued: list[int]
    ) -> str:
        """Return one record's line with its verdicts."""
        columns = record.columns.copy()
        before, info = columns[FILTER_COLUMN], columns[INFO_COLUMN]
        if self.again:
            before, info = without_verdicts(before, info)
        columns[FILTER_COLUMN], tags = self.changed(before, codes, unknown, rescued)
        columns[INFO_COLUMN] = tags if info in (".", "") else f"{info};{tags}"
        return "\t".join(columns)

    def changed(
        self, before: str, codes: list[int], unknown: list[int], rescued: list[int]
    ) -> tuple[str, str]:
        """Return the FILTER that follows on ``before``, and what is added to INFO."""
        after = before
        tags = "TK_FILTER=" + ",".join([self.names(code) or "PASS" for code in codes])
        if any(unknown):
            tags += ";TK_UNKNOWN=" + ",".join([self.names(code) or "." for code in unknown])
        if any(rescued):
            said = [self.names(code, rescue=True) or "." for code in rescued]
            tags += ";TK_RESCUED=" + ",".join(said)
        if all(codes):
            own = [] if before in ("PASS", ".", "") else before.split(";")
            union = 0
            for code in codes:
                union |= code
            own += [name for name in self.names(union).split("&") if name not in own]
            after = ";".join(own)
        elif self.judges_callers and before not in (".", ""):
            after = "PASS"
        if after != before:
            tags += ";TK_CALLER_FILTER=" + before.replace(";", "&")
        return after, tags

    def content(self, block: RecordBlock, judgement: Judgement) -> tuple[bytes, int]:
        """Return what :meth:`lines` returns, as bytes, and the number of lines."""
        standing = judgement.fails & ~judgement.lifted
        codes, unknown = bit_codes(standing), bit_codes(judgement.unjudged)
        rescued = bit_codes(judgement.rescues)
        dropped = (standing & self.drop[:, np.newaxis]).any(axis=0)
        before, texts = block.grouped(FILTER_COLUMN)
        count = block.alternatives
        first = np.cumsum(count) - count
        choice = np.full(len(block), AS_IS, dtype=np.int64)
        bits, more = len(self.filters), len(self.rescues)
        alone = count == 1
        if self.again or 2 * bits + more + len(texts).bit_length() > CODE_BITS:
            alone[:] = False
        one = first[alone]
        # All that decides what is written, in one number: most records share few of them.
        keys = ((before[alone] << bits | codes[one]) << bits | unknown[one]) << more | rescued[one]
        _, where, inverse = np.unique(keys, return_index=True, return_inverse=True)
        changes = [
            self.changed(
                texts[before[at]], *([int(c[first[at]])] for c in (codes, unknown, rescued))
            )
            for at in np.nonzero(alone)[0][where].tolist()
        ]
        choice[alone] = np.where(dropped[one], DROPPED, inverse)
        others: list[str] = []
        for at in np.nonzero((count > 0) & ~alone)[0].tolist():
            own = slice(int(first[at]), int(first[at] + count[at]))
            if dropped[own].all():
                choice[at] = DROPPED
                continue
            choice[at] = FIRST_OTHER - len(others)
            said: list[list[int]] = [c[own].tolist() for c in (codes, unknown, rescued)]
            others.append(self.line(block[at], *said))
        written = int((choice != DROPPED).sum())
        return block.substituted(choice, changes, others), written


def texts_of(column: Column) -> list[str]:
    """Return the values of a column as INFO holds them: four digits; unknown is a dot."""
    if column.kind == "number":
        return ["." if isnan(value) else f"{value:.4g}" for value in column.values.tolist()]
    return ["." if value is None else str(value) for value in column.values]


def without_verdicts(filters: str, info: str) -> tuple[str, str]:
    """Return FILTER and INFO as they were before an earlier run."""
    kept = []
    for item in info.split(";"):
        key, _, value = item.partition("=")
        if key == "TK_CALLER_FILTER":
            filters = value.replace("&", ";")
        elif key not in TAGS:
            kept.append(item)
    return filters, ";".join(kept) or "."
