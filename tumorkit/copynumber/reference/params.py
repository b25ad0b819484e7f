"""Settings of a panel of normals."""

from __future__ import annotations

from dataclasses import dataclass, field

from tumorkit.contract.settings import Settings, about


@dataclass(frozen=True, kw_only=True)
class ReferenceParams(Settings):
    """How normals are pooled, and which of them are not."""

    max_components: int = field(
        default=8,
        metadata=about(
            "Most principal components; how many of them pay is found by leaving normals out. "
            "0 turns them off.",
            minimum=0,
            maximum=50,
        ),
    )
    max_noise_ratio: float = field(
        default=2.0,
        metadata=about(
            "A normal this many times noisier than the median normal is an outlier.", minimum=1
        ),
    )
    max_altered: float = field(
        default=0.1,
        metadata=about(
            "Most of a normal's autosomal bins that may lie on changed levels.",
            minimum=0,
            maximum=1,
        ),
    )
    keep_outliers: bool = field(
        default=False, metadata=about("Pool outlying normals, too; they are listed either way.")
    )
    keep_normals: bool = field(
        default=True,
        metadata=about(
            "Keep each normal's own deviations in the reference, so that a sample which belongs "
            "to the panel can be left out of it."
        ),
    )
