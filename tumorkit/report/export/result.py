"""Which files were made of a case, and what a format could not say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from tumorkit.contract.result import Result
from tumorkit.report.export.params import ReportExportParams


@dataclass(frozen=True, kw_only=True)
class WrittenFile:
    """A file: its format, its path below the folder, its records, what was left out by reason."""

    format: str
    name: str
    records: int
    left_out: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class ReportExportResult(Result):
    """Files made of one case.

    ``source`` says where the variants were read; ``notes`` say what could not be written and why.
    ``contents`` holds each file's content by its path and is no part of the document.
    """

    schema_name: ClassVar[str] = "report.export"

    source: str
    files: tuple[WrittenFile, ...]
    notes: tuple[str, ...]
    params: ReportExportParams
    contents: Mapping[str, str | bytes] = field(default_factory=dict, metadata={"document": False})
