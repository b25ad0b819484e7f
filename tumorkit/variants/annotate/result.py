"""What an annotation found, source by source; the sums close."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from tumorkit.contract.result import Result
from tumorkit.contract.summary import Summary
from tumorkit.variants.annotate.params import AnnotateParams


@dataclass(frozen=True, kw_only=True)
class PopulationRow:
    """One population source: ``found + absent + uncovered`` are all alleles with a sequence.

    ``absent``: the source looked there and has no entry. ``uncovered``: it did not look (a contig
    without any record, or outside the regions given for it), so the frequency is unknown.
    ``duplicates`` are records that say again what an allele's frequency is. ``conflicts`` of the
    ``shared`` positions have another reference base. ``allele_number`` is the highest AN of the
    source's first records.
    """

    name: str
    file: str
    field: str
    popmax: str
    allele_number: int | None
    found: int
    absent: int
    uncovered: int
    duplicates: int
    shared: int
    conflicts: int


@dataclass(frozen=True, kw_only=True)
class RegionsRow:
    """One label: rows and bases of its list, records and alleles that touch it."""

    label: str
    file: str
    rows: int
    bases: int
    records: int
    alleles: int


@dataclass(frozen=True, kw_only=True)
class HotspotsRow:
    """The hotspot list: its rows, and alleles by class."""

    file: str
    rows: int
    hotspot: int
    indel: int
    check: int


@dataclass(frozen=True, kw_only=True)
class AnnotateResult(Result):
    """Summary of an annotation; every record that came in was written."""

    schema_name: ClassVar[str] = "variants.annotate"

    records: int
    records_annotated: int
    alleles: int
    alleles_symbolic: int
    populations: tuple[PopulationRow, ...]
    regions: tuple[RegionsRow, ...]
    hotspots: HotspotsRow | None
    notes: tuple[str, ...] = ()
    params: AnnotateParams = field(default_factory=AnnotateParams)

    def summary(self) -> Summary:
        """Return what each source gave as a short table."""
        rows = [
            (
                f"population {row.name}",
                str(row.found),
                f"{row.absent} absent, {row.uncovered} unknown (not covered)",
            )
            for row in self.populations
        ]
        rows += [
            (
                f"regions {row.label}",
                str(row.alleles),
                f"{row.records} records; the list has {row.bases:,} bases",
            )
            for row in self.regions
        ]
        if self.hotspots is not None:
            rows += [
                ("hotspots", str(self.hotspots.hotspot), f"list of {self.hotspots.rows} rows"),
                ("indels at hotspots", str(self.hotspots.indel), ""),
                ("to check", str(self.hotspots.check), "in a listed region"),
            ]
        return Summary(
            title="Annotation from local files",
            columns=("source", "alleles", "details"),
            rows=tuple(rows),
            notes=(
                f"{self.records} records, {self.alleles} alleles; "
                f"{self.records_annotated} records got a value",
                *self.notes,
            ),
        )
