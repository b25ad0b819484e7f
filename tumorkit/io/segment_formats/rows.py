"""From the values of one row to a segment, the same checks for every format."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from math import isinf, log2
from pathlib import Path
from typing import Any

from tumorkit.errors import InputError
from tumorkit.genome.contigs import order
from tumorkit.genome.segment import LOG2_FLOOR, Segment
from tumorkit.io.segment_formats.dialects import major_fraction

NOT_KNOWN = frozenset(("", "NA", "NaN", "nan", ".", "NULL"))
COORDINATES = ("start", "end")
WHOLE = frozenset(
    (
        "bins", "start_low", "start_high", "end_low", "end_high", "snps", "major_cn", "minor_cn",
    )
)  # fmt: skip
FRACTIONS = ("baf", "baf_low", "baf_high", "imbalance_p")
NUMBERED = {"23": "X", "24": "Y", "25": "M", "chr23": "chrX", "chr24": "chrY", "chr25": "chrM"}
BACKWARD = "rows that end before they start are left out: nobody can tell where they lie"
HINT = (
    "expected segments of CNVkit, SEG, GATK, FACETS, ASCAT, PURPLE, Sequenza or PureCN (a table "
    "with a header), or a VCF of copy numbers"
)


@dataclass(frozen=True, kw_only=True)
class SegmentSet:
    """Segments of one sample in genome order, and what their file says beside them.

    ``form`` names the format, ``sample`` and ``caller`` are empty where the file does not say.
    ``lengths`` are contig lengths of a header. ``words`` holds further columns of text, one value
    a segment, empty where unknown. ``notes`` say what was repaired, left out or taken as unknown.
    """

    segments: tuple[Segment, ...]
    form: str
    sample: str = ""
    caller: str = ""
    lengths: Mapping[str, int] = field(default_factory=dict)
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass
class Collector:
    """Segments as they are read, with their lines and what was noticed."""

    path: Path
    lenient: bool = False
    segments: list[tuple[Segment, int, dict[str, str]]] = field(default_factory=list)
    noticed: Counter[str] = field(default_factory=Counter)
    said: list[str] = field(default_factory=list)
    lengths: dict[str, int] = field(default_factory=dict)
    sample: str = ""
    samples: dict[str, int] = field(default_factory=dict)
    callers: dict[str, int] = field(default_factory=dict)

    def number(self, line: int, name: str, text: str) -> float | None:
        """Return a number, None for what a format writes where nothing is known."""
        text = text.strip()
        if text in NOT_KNOWN:
            return None
        try:
            value = float(text)
            if isinf(value) or value != value:  # noqa: PLR0124
                raise ValueError(text)
        except ValueError:
            raise InputError(
                self.path, f"{name} must be a number, found {text!r}", line=line
            ) from None
        return value

    def add(self, line: int, values: Mapping[str, Any], words: Mapping[str, str]) -> None:
        """Check the values of a row (0-based half-open, unknown is None) and keep the segment."""
        given = dict(values)
        missing = [n for n in ("contig", *COORDINATES) if given.get(n) in (None, "")]
        if missing:
            raise InputError(
                self.path, f"missing coordinates: {', '.join(missing)}", line=line, hint=HINT
            )
        for name in COORDINATES:
            if given[name] != int(given[name]):
                raise InputError(
                    self.path, f"{name} must be a whole number, found {given[name]:g}", line=line
                )
            given[name] = int(given[name])
        if self.lenient and 0 <= given["end"] <= given["start"]:
            self.noticed[BACKWARD] += 1
            return
        if given["start"] < 0 or given["end"] <= given["start"]:
            raise InputError(
                self.path,
                f"end {given['end']} is not after start {given['start']} (0-based)",
                line=line,
            )
        if given["contig"] in NUMBERED:
            self.noticed["contigs numbered 23 to 25 are read as X, Y and M"] += 1
            given["contig"] = NUMBERED[given["contig"]]
        self._fractions(line, given)
        self._levels(given)
        self._copies(given)
        given["bins"] = given.get("bins") or 0
        if given.get("weight") is None:
            given["weight"] = 0.0
        for name in WHOLE & given.keys():
            if given[name] is not None:
                given[name] = round(given[name])
        given.setdefault("gene", "")
        self.segments.append((Segment(**given), line, dict(words)))

    def _levels(self, given: dict[str, Any]) -> None:
        ratio = given.pop("ratio", None)
        if given.get("log2_ratio") is None:
            given["log2_ratio"] = float("nan")
            if ratio is not None:
                given["log2_ratio"] = max(log2(ratio), LOG2_FLOOR) if ratio > 0 else LOG2_FLOOR

    def _copies(self, given: dict[str, Any]) -> None:
        """Let copies below 0 stand at 0, and the major allele have more than the minor."""
        for name in ("copy_number", "major_cn", "minor_cn"):
            value = given.get(name)
            if value is not None and value < 0:
                self.noticed["copy numbers below 0 stand at 0"] += name == "copy_number"
                given[name] = 0.0
        major, minor = given.get("major_cn"), given.get("minor_cn")
        if major is not None and minor is not None and major < minor:
            given["major_cn"], given["minor_cn"] = given["minor_cn"], given["major_cn"]

    def _fractions(self, line: int, given: dict[str, Any]) -> None:
        """Check fractions and give those of the major allele."""
        for name in FRACTIONS:
            value = given.get(name)
            if value is None or 0 <= value <= 1:
                continue
            if not self.lenient:
                raise InputError(
                    self.path,
                    f"{name} must lie in 0 to 1, found {value:g}",
                    line=line,
                    hint="tumorkit cnv export --to cns --lenient reads it as unknown",
                )
            self.noticed[f"{name} outside 0 to 1 is taken as unknown"] += 1
            given[name] = None
        # Some writers put 0 where nothing was measured: no heterozygous SNP has this fraction.
        if given.get("baf") == 0 and not given.get("snps"):
            self.noticed["baf 0 without a number of SNPs is taken as unknown"] += 1
            given["baf"] = None
        if given.get("baf") is None:
            given["baf_low"] = given["baf_high"] = None
        elif given["baf"] < 0.5:
            low, high = given.get("baf_low"), given.get("baf_high")
            given["baf"] = major_fraction(given["baf"])
            given["baf_low"] = None if high is None else 1 - high
            given["baf_high"] = None if low is None else 1 - low

    def choose(self, kind: str, wanted: str, found: Mapping[str, int]) -> str:
        """Return the one sample or caller of a file; raise where there are several or none."""
        if wanted and found and wanted not in found:
            listed = ", ".join(sorted(found))
            raise InputError(self.path, f"no {kind} {wanted!r}; {kind}s present: {listed}")
        if not wanted and len(found) > 1:
            listed = ", ".join(sorted(found))[:200]
            raise InputError(
                self.path,
                f"holds segments of {len(found)} {kind}s: {listed}",
                hint=f"take one of them out: tumorkit cnv export --to cns --{kind} NAME",
            )
        return wanted or next(iter(found), "")

    def finished(self, form: str, *, sample: str = "", caller: str = "") -> SegmentSet:
        """Put the segments into genome order, part what shares one base, and return them."""
        sample = self.choose("sample", sample if self.samples else "", self.samples) or self.sample
        caller = self.choose("caller", caller, self.callers)
        if not self.segments:
            raise InputError(self.path, "holds no segment", hint=HINT)
        ranked = sorted(
            self.segments, key=lambda row: (order(row[0].contig), row[0].start, row[0].end)
        )
        if ranked != self.segments:
            self.noticed["segments were not in genome order and were sorted"] += 1
        segments = self._parted([(segment, line) for segment, line, _ in ranked])
        names = dict.fromkeys(name for _, _, words in ranked for name in words)
        counted = [
            f"{text}{f' ({count} times)' if count > 1 else ''}"
            for text, count in self.noticed.items()
            if count
        ]
        return SegmentSet(
            segments=tuple(segments),
            form=form,
            sample=sample,
            caller=caller,
            lengths=dict(self.lengths),
            words={name: tuple(words.get(name, "") for _, _, words in ranked) for name in names},
            notes=(*self.said, *counted),
        )

    def _parted(self, rows: list[tuple[Segment, int]]) -> list[Segment]:
        """Part neighbours that share one base (older CNVkit); refuse larger overlaps."""
        repaired = 0
        segments = [segment for segment, _ in rows]
        for at, ((left, first), (right, second)) in enumerate(pairwise(rows)):
            shared = left.end - right.start if left.contig == right.contig else 0
            if shared > 1:
                raise InputError(
                    self.path,
                    f"segments {left.contig}:{left.start}-{left.end} (line {first}) and "
                    f"{right.contig}:{right.start}-{right.end} overlap by {shared} bases",
                    line=second,
                    hint="one sample and one caller a file, each base in one segment",
                )
            if shared == 1:
                segments[at] = replace(left, end=right.start)
                repaired += 1
        if repaired:
            self.said.append(
                f"{repaired} segments overlapped the next by one base; "
                "each now ends where the next begins"
            )
        return segments
