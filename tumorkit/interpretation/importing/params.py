"""Settings of an import."""

from __future__ import annotations

from dataclasses import dataclass, field

from tumorkit.contract.settings import Settings, about


@dataclass(frozen=True, kw_only=True)
class ImportParams(Settings):
    """Which statements are taken over."""

    date: str = field(
        default="",
        metadata=about("Date of the dump (YYYY-MM-DD); read from its name where that has one."),
    )
    submitted: bool = field(
        default=False,
        metadata=about("Whether statements that no editor has accepted are taken over, too."),
    )
    min_rating: int = field(
        default=0, metadata=about("Least rating of a statement, of 5.", minimum=0, maximum=5)
    )
