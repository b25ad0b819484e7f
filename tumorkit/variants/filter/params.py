"""Settings of a filter run; what is filtered stands in the specification."""

from __future__ import annotations

from dataclasses import dataclass, field

from tumorkit.contract.settings import Settings, about
from tumorkit.genome.sample import Library, Material, Reads


@dataclass(frozen=True, kw_only=True)
class FilterParams(Settings):
    """How many variants a result lists, and how much is read at a time."""

    max_listed: int = field(
        default=2000,
        metadata=about(
            "Most variants that the result lists; the VCF always holds all.",
            unit="variants",
            minimum=0,
        ),
    )
    max_near_misses: int = field(
        default=50,
        metadata=about(
            "Most variants removed by a single filter that the result lists, the most telling "
            "first; the VCF always holds all.",
            unit="variants",
            minimum=0,
        ),
    )
    block_size: int = field(
        default=10_000,
        metadata=about(
            "Records that are judged at a time.",
            unit="records",
            minimum=1,
            affects_results=False,
        ),
    )


@dataclass(frozen=True, kw_only=True)
class Preparation(Settings):
    """How the tumour's sample was prepared; filters may depend on it.

    >>> Preparation(library="amplicon").said()
    {'library': 'amplicon'}
    """

    material: Material = field(
        default="unknown", metadata=about("Material; some filters are for one material only.")
    )
    library: Library = field(
        default="unknown",
        metadata=about("Library; amplicons switch strand and read-position filters off."),
    )
    reads: Reads = field(
        default="unknown", metadata=about("Reads: raw, or consensus of UMI families.")
    )

    def said(self) -> dict[str, str]:
        """Return what is known, by name."""
        named = {"material": self.material, "library": self.library, "reads": self.reads}
        return {name: value for name, value in named.items() if value != "unknown"}
