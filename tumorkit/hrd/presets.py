"""Published cut-offs: each belongs to its own assay and is used only where it is named."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from tumorkit.contract.settings import Settings, about
from tumorkit.errors import ParameterError, suggestion

Measure = Literal["sum", "loh", "genomic_loh", "normalized_lst"]
NO_CUTOFF = "no validated cut-off for this assay"


@dataclass(frozen=True, kw_only=True)
class HrdPreset(Settings):
    """A cut-off on one measure, with its source and the zone in which a repeat may differ."""

    name: str = field(default="custom", metadata=about("Name of the preset."))
    measure: Measure = field(default="sum", metadata=about("What the cut-off is applied to."))
    cutoff: float = field(
        default=42.0, metadata=about("Lowest value that is called high.", minimum=0)
    )
    grey_low: float | None = field(
        default=None, metadata=about("Lowest value of the grey zone.", minimum=0)
    )
    grey_high: float | None = field(
        default=None, metadata=about("Highest value of the grey zone.", minimum=0)
    )
    source: str = field(
        default="", metadata=about("Where the cut-off comes from, and for which assay.")
    )

    def call(self, value: float) -> str:
        """Return the class of a value.

        >>> [preset_named("sum-42").call(value) for value in (30, 40, 50)]
        ['low', 'grey zone', 'high']
        """
        low, high = self.grey_low, self.grey_high
        if low is not None and high is not None and low <= value <= high:
            return "grey zone"
        return "high" if value >= self.cutoff else "low"


PRESETS = {
    preset.name: preset
    for preset in (
        HrdPreset(
            name="sum-42",
            measure="sum",
            cutoff=42,
            grey_low=38,
            grey_high=45,
            source="Telli 2016, Clin Cancer Res 22:3764: score of a SNP array in breast cancer; "
            "grey zone: one library of score 44 run nine times gave 38 to 45",
        ),
        HrdPreset(
            name="sum-33",
            measure="sum",
            cutoff=33,
            source="Coleman 2019 (VELIA), NEJM 381:2403: the same array score in ovarian cancer",
        ),
        HrdPreset(
            name="genomic-loh-16",
            measure="genomic_loh",
            cutoff=16,
            source="Coleman 2017 (ARIEL3), Lancet 390:1949: percent of the genome in LOH, "
            "another panel's SNPs, ovarian cancer",
        ),
        HrdPreset(
            name="hrd-loh-8",
            measure="loh",
            cutoff=8,
            source="number of LOH scars alone; in use, its primary publication is not checked",
        ),
        HrdPreset(
            name="normalized-lst-15",
            measure="normalized_lst",
            cutoff=15,
            source="Christinat 2023, JCO Precision Oncology 7: OncoScan array, ovarian cancer",
        ),
    )
}


def preset_named(name: str) -> HrdPreset:
    """Return a preset by its name; an unknown one is answered with the nearest."""
    if name not in PRESETS:
        raise ParameterError(
            f"unknown preset {name!r}; known: {', '.join(PRESETS)}", suggestion(name, PRESETS)
        )
    return PRESETS[name]
