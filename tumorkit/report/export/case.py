"""The case that is exported: its variants, copy number, biomarkers, and what was not assessed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tumorkit.copynumber.export.calls import Calls
from tumorkit.genome.hotspot import Depths, Hotspot
from tumorkit.genome.snps import SnpCounts
from tumorkit.genome.structural import StructuralEvent
from tumorkit.report.document import Part
from tumorkit.variants.reported import ReportedVariant

NOT_EVALUABLE = "not_evaluable"


@dataclass(frozen=True, kw_only=True)
class Biomarker:
    """A biomarker's estimate as the profile has it."""

    name: str
    title: str
    scheme: str
    estimate: Mapping[str, Any]

    @property
    def ok(self) -> bool:
        """Whether there is a value."""
        return self.estimate.get("status") == "ok" and self.estimate.get("value") is not None

    @property
    def value(self) -> float | None:
        """The value, None where there is none."""
        return self.estimate.get("value") if self.ok else None

    @property
    def call(self) -> str:
        """The class, empty where there is none."""
        return str(self.estimate.get("call") or "") if self.ok else ""

    @property
    def clear(self) -> bool:
        """Whether the class is certain: no cut-off lies within the doubt."""
        cutoffs = self.estimate.get("cutoffs") or ()
        return self.ok and all(cutoff.get("certainty") != "borderline" for cutoff in cutoffs)

    @property
    def reason(self) -> str:
        """Why there is no value."""
        return str(self.estimate.get("reason") or "")


@dataclass(frozen=True, kw_only=True)
class ExportCase:
    """A case with everything that a format may ask for.

    ``calls`` is None where copy number is not known, ``events`` where no structural events were
    given, ``hotspots`` where no list was, ``depths`` where nothing was measured at its places.
    ``has_profile`` says whether there are biomarkers and parts at all, or only the variants of a
    VCF. ``vcf`` is the text of the header and of each kept record, for the VCF that leaves the
    house.
    """

    sample: str
    normal_sample: str
    build: str
    tumor_type: str = ""
    date: str = ""
    tumor_only: bool = True
    variants: tuple[ReportedVariant, ...] = ()
    has_variants: bool = True
    calls: Calls | None = None
    events: tuple[StructuralEvent, ...] | None = None
    snps: SnpCounts | None = None
    hotspots: tuple[Hotspot, ...] | None = None
    depths: Depths | None = None
    biomarkers: Mapping[str, Biomarker] = field(default_factory=dict)
    parts: Mapping[str, Part] = field(default_factory=dict)
    document: Mapping[str, Any] = field(default_factory=dict)
    vcf: tuple[str, ...] = ()
    source: str = ""
    notes: tuple[str, ...] = ()

    @property
    def has_profile(self) -> bool:
        """Whether the case comes from a profile."""
        return bool(self.document)


@dataclass(kw_only=True)
class File:
    """One file being written: its path below the folder, content, records, what was left out."""

    name: str
    content: str | bytes
    records: int = 0
    left_out: Counter[str] = field(default_factory=Counter)


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], *head: str) -> str:
    r"""Return a tab-separated table; what would break a row becomes a blank.

    >>> table(["a", "b"], [["1", "x\ty"]])
    'a\tb\n1\tx y\n'
    """
    lines = [*head, "\t".join(columns)]
    lines += ["\t".join(map(clean, row)) for row in rows]
    return "\n".join(lines) + "\n"


def clean(text: str) -> str:
    """Return a text without tabs, line ends and other control characters."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else " " for c in text)


def shown(value: float | None, unknown: str = "") -> str:
    """Return a number as text, and what a format has for unknown.

    >>> shown(0.25), shown(None), shown(12.0)
    ('0.25', '', '12')
    """
    return unknown if value is None else f"{value:.6g}"


def file_stem(name: str) -> str:
    """Return a sample's name as part of a path.

    >>> file_stem("../T 1"), file_stem("")
    ('__T_1', 'sample')
    """
    return re.sub(r"[^A-Za-z0-9._-]|\.{2,}", "_", name).lstrip(".") or "sample"
