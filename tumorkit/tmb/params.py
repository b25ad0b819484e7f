"""Which variants count, in how much genome they were sought, and against which cut-off."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from tumorkit.contract.settings import Settings, about
from tumorkit.errors import ParameterError

KINDS = ("snv", "mnv", "insertion", "deletion", "complex")


@dataclass(frozen=True, kw_only=True)
class TmbParams(Settings):
    """The rules of one TMB scheme; a rule that is not set is not applied.

    The defaults apply no rule: every small variant counts. A preset sets the rules of a published
    scheme. ``min_x`` and ``max_x`` are inclusive.
    """

    scheme: str = field(default="custom", metadata=about("Name of the scheme."))
    pass_only: bool = field(
        default=False, metadata=about("Count only records that passed the caller's filters.")
    )
    kinds: tuple[str, ...] = field(
        default=KINDS, metadata=about(f"Kinds of variants that count: {', '.join(KINDS)}.")
    )
    min_depth: int | None = field(
        default=None, metadata=about("Lowest depth in the tumour.", unit="reads", minimum=0)
    )
    min_alt_depth: int | None = field(
        default=None,
        metadata=about("Fewest reads with the variant in the tumour.", unit="reads", minimum=0),
    )
    min_vaf: float | None = field(
        default=None,
        metadata=about("Lowest variant allele fraction that counts.", minimum=0, maximum=1),
    )
    max_vaf: float | None = field(
        default=None,
        metadata=about("Highest variant allele fraction that counts.", minimum=0, maximum=1),
    )
    germline_vaf: tuple[float, ...] = field(
        default=(),
        metadata=about(
            "Two fractions; variants between them, both included, are taken for germline.",
            minimum=0,
            maximum=1,
        ),
    )
    vaf_source: Literal["sample", "info"] = field(
        default="sample",
        metadata=about("Where the fraction is read: the tumour's column, or INFO/AF."),
    )
    min_callers: int | None = field(
        default=None, metadata=about("Fewest callers that INFO/CALLERS must name.", minimum=0)
    )
    exclude_complex: bool = field(
        default=False, metadata=about("Do not count records whose INFO says Complex.")
    )
    max_population_af: float | None = field(
        default=None, metadata=about("Highest population frequency.", minimum=0, maximum=1)
    )
    population_fields: tuple[str, ...] = field(
        default=(),
        metadata=about("Population sources to ask, by field name; none named asks all there are."),
    )
    population_required: bool = field(
        default=True,
        metadata=about("Refuse a VCF that does not declare a named population source."),
    )
    max_panel_observations: int | None = field(
        default=None,
        metadata=about("Most observations in the panel of normals (INFO/Artifact).", minimum=0),
    )
    exclude_known_ids: bool = field(
        default=False,
        metadata=about("Do not count variants that carry an rs or COSMIC identifier."),
    )
    exclude_hotspots: bool = field(
        default=False, metadata=about("Do not count known hotspots and drivers.")
    )
    suppressor_genes: tuple[str, ...] = field(
        default=(),
        metadata=about("Tumour suppressors whose truncations do not count."),
    )
    exclude_genes: tuple[str, ...] = field(
        default=(), metadata=about("Genes whose variants do not count.")
    )
    consequences: tuple[str, ...] = field(
        default=(),
        metadata=about("Consequences (Sequence Ontology) of which a variant must have one."),
    )
    transcript: Literal["chosen", "first", "any"] = field(
        default="chosen",
        metadata=about(
            "Whose consequence is asked: the chosen transcript's (picked, MANE, canonical), the "
            "first annotation block's, or any block's."
        ),
    )
    exclude_clonal_hematopoiesis: bool = field(
        default=False,
        metadata=about(
            "Do not count variants in genes of clonal haematopoiesis.",
            source="Jaiswal 2014; Genovese 2014",
        ),
    )
    germline: Literal["rules", "posterior"] = field(
        default="rules",
        metadata=about(
            "How germline variants are left out: by the scheme's rules alone, or by weighing each "
            "variant with P(somatic), without a band of fractions or a number taken off."
        ),
    )
    min_p_somatic: float = field(
        default=1e-3,
        metadata=about("Lowest P(somatic) that is counted at all.", minimum=0, maximum=1),
    )
    coding_territory: bool = field(
        default=True,
        metadata=about("Keep only coding bases of the targets, if exons are given."),
    )
    callable_depth: int = field(
        default=20,
        metadata=about(
            "Least depth of the bases that count as territory, where coverage is given.",
            unit="reads",
            minimum=1,
        ),
    )
    detection: float = field(
        default=0.95,
        metadata=about(
            "Least probability that a base's depth shows a clonal variant, where a purity is "
            "given.",
            minimum=0.5,
            maximum=0.999,
        ),
    )
    megabases: float | None = field(
        default=None,
        metadata=about("Size that the scheme divides by when no targets are given.", unit="Mb"),
    )
    fitted_size: bool = field(
        default=False,
        metadata=about("The size was fitted to another assay: targets do not change it."),
    )
    expected_germline: float = field(
        default=0.0,
        metadata=about("Germline variants expected among the counted ones.", minimum=0),
    )
    expected_germline_sd: float = field(
        default=0.0,
        metadata=about("Standard deviation of that expectation between persons.", minimum=0),
    )
    size_cv: float = field(
        default=0.0,
        metadata=about("Relative standard deviation of the size.", minimum=0, maximum=1),
    )
    min_megabases: float = field(
        default=0.5,
        metadata=about(
            "Least territory to report a TMB.",
            unit="Mb",
            minimum=0,
            source="Chalmers 2017: variance rises strongly below 0.5 Mb",
        ),
    )
    cutoff: float | None = field(
        default=None,
        metadata=about("TMB from which a tumour is TMB-High.", unit="mut/Mb", minimum=0),
    )
    cutoff_source: str = field(default="", metadata=about("Where the cut-off comes from."))
    changed: tuple[str, ...] = field(
        default=(), metadata=about("Rules that were changed against the preset.")
    )
    level: float = field(
        default=0.95, metadata=about("Level of the interval.", minimum=0.5, maximum=0.999)
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        unknown = [kind for kind in self.kinds if kind not in KINDS]
        if unknown:
            raise ParameterError(
                f"kinds: {unknown[0]!r} is not one of {', '.join(KINDS)}",
            )
        if len(self.germline_vaf) not in (0, 2):
            raise ParameterError("germline_vaf: give two fractions, the lower one first")
        if self.megabases is not None and self.megabases <= 0:
            raise ParameterError(f"megabases: {self.megabases:g} is not above 0")

    @property
    def weighs(self) -> bool:
        """Whether each variant counts with its P(somatic)."""
        return self.germline == "posterior"

    @property
    def background(self) -> tuple[float, float]:
        """Germline variants expected among the counted ones, and their standard deviation."""
        if self.weighs:  # each variant's own probability takes the place of the average
            return 0.0, 0.0
        return self.expected_germline, self.expected_germline_sd

    @property
    def title(self) -> str:
        """Name of the scheme, with the rules that were changed."""
        return (
            f"{self.scheme} (changed: {', '.join(self.changed)})" if self.changed else self.scheme
        )
