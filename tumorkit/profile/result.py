"""One case's profile: its parts, its biomarkers, its inputs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from tumorkit.contract.estimate import Estimate, Status
from tumorkit.contract.result import Result, plain


@dataclass(frozen=True, kw_only=True)
class CaseSummary:
    """Who the case is, in the words of the report; None is not said.

    ``purity`` and ``ploidy`` are those that the parts use, ``purity_source`` says whether they were
    given or fitted, ``purity_used`` the same in words with the other one beside it.
    Beside a given purity ``ploidy`` may be the fitted one, so it has its own ``ploidy_source``.
    """

    sample: str
    normal_sample: str | None
    tumor_only: bool | None
    assay: str | None
    tumor_type: str | None
    material: str | None
    library: str | None
    purity: float | None
    purity_source: str | None
    purity_used: str | None
    ploidy: float | None
    ploidy_source: str | None
    pathology_purity: float | None
    sex: str | None
    date: str | None


@dataclass(frozen=True, kw_only=True)
class Part:
    """One part of the profile: what came of it, its files and its room's document."""

    name: str
    title: str
    status: Status
    reason: str | None = None
    files: tuple[str, ...] = ()
    result: Mapping[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class Biomarker:
    """A number of the report's first table."""

    name: str
    title: str
    scheme: str | None
    part: str
    estimate: Estimate | Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class ProfileResult(Result):
    """Everything that one case gave, and what could not be known.

    ``board`` is what a tumour board asks besides: the laboratory's genes (``actionable``), their
    depth (``coverage``), limits of detection (``detection``), values from elsewhere (``external``).
    """

    schema_name: ClassVar[str] = "profile"

    case: CaseSummary
    parts: tuple[Part, ...]
    biomarkers: tuple[Biomarker, ...]
    pictures: Mapping[str, str] = field(default_factory=dict)
    hints: tuple[str, ...] = ()
    presets: Mapping[str, Any] = field(default_factory=dict)
    board: Mapping[str, Any] = field(default_factory=dict)

    def part(self, name: str) -> Part:
        """Return a part by its name."""
        return next(part for part in self.parts if part.name == name)

    @property
    def failed(self) -> tuple[Part, ...]:
        """Parts whose input was damaged."""
        # Where segments or events failed, the parts that build on them say so.
        return tuple(
            part
            for part in self.parts
            if part.status == "failed" and part.name not in ("segments", "structural_events")
        )

    def problems(self, *, require_evaluable: bool) -> tuple[str, ...]:
        """Return what makes the profile less than it was asked to be, in one line each."""
        failed = tuple(f"{part.title}: {part.reason}" for part in self.failed)
        lacking = self.not_evaluable_biomarkers if require_evaluable else ()
        return (*failed, f"not evaluable: {', '.join(lacking)}") if lacking else failed

    @property
    def not_evaluable_biomarkers(self) -> tuple[str, ...]:
        """Names of the biomarkers that could not be known from what was given."""
        documents = [(row.name, plain(row.estimate)) for row in self.biomarkers]
        return tuple(name for name, found in documents if found["status"] != "ok")
