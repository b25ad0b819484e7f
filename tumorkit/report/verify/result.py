"""What was found of the files that a manifest lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from tumorkit.contract.result import Result

State = Literal["equal", "changed", "missing", "not looked for"]
FAULTS = ("changed", "missing")


@dataclass(frozen=True, kw_only=True)
class CheckedFile:
    """A file of the manifest: the digest that it had, and the one found (None if not found)."""

    what: Literal["output", "input", "made again"]
    role: str
    name: str
    state: State
    expected: str
    found: str | None


@dataclass(frozen=True, kw_only=True)
class ReportVerifyResult(Result):
    """Files of a case against its manifest; ``extra`` are files that the manifest does not list.

    ``made_again`` is whether the case was run anew. ``version`` made the manifest.
    """

    schema_name: ClassVar[str] = "report.verify"

    version: str
    intact: bool
    made_again: bool
    files: tuple[CheckedFile, ...]
    extra: tuple[str, ...]
    notes: tuple[str, ...]
