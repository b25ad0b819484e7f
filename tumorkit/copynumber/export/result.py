"""What was exported, and what a format could not say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar, Self

from tumorkit.contract.exported import ExportedFile
from tumorkit.contract.result import InputFile, Result
from tumorkit.copynumber.export.params import ExportParams


@dataclass(frozen=True, kw_only=True)
class ExportResult(Result):
    """Files made of one sample's calls.

    ``source`` is the format that was read; ``notes`` say what reading repaired or took as unknown,
    from what states follow, and which files could not be made. ``texts`` holds each file's text by
    its format and is no part of the document.
    """

    schema_name: ClassVar[str] = "copynumber.export"

    source: str
    files: tuple[ExportedFile, ...]
    notes: tuple[str, ...]
    params: ExportParams
    texts: Mapping[str, str] = field(default_factory=dict, metadata={"document": False})

    def labelled(self, inputs: tuple[InputFile, ...]) -> Self:
        """Return the same result with its inputs."""
        return replace(self, inputs=inputs)
