"""Statements of a knowledge base, and which of its rows were left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from tumorkit.contract.result import Result
from tumorkit.interpretation.importing.params import ImportParams
from tumorkit.interpretation.nouns import EvidenceItem


@dataclass(frozen=True, kw_only=True)
class KnowledgeResult(Result):
    """Evidence of a knowledge base as of one date.

    ``rows`` were read; ``left_out`` counts those that were not taken over, by reason.
    """

    schema_name: ClassVar[str] = "interpretation.knowledge"

    name: str
    date: str
    rows: int
    left_out: Mapping[str, int]
    items: tuple[EvidenceItem, ...]
    params: ImportParams
