"""What a case is: its names and nature, and the files that there are."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal

from tumorkit.contract.settings import Settings, about
from tumorkit.profile.assays import ASSAY_NAMES


@dataclass(frozen=True, kw_only=True)
class Case(Settings):
    """One tumour: who it is, what it is, how it was sequenced."""

    sample: str = field(default="", metadata=about("Name of the tumour sample, as reported."))
    tumor_sample: str = field(
        default="", metadata=about("Tumour's name in the VCF, where it differs from the sample.")
    )
    normal_sample: str = field(default="", metadata=about("Matched normal's name in the VCF."))
    build: str = field(default="", metadata=about("Reference build; found from the inputs."))
    assay: Literal["", "gms560-ffpe", "gms560-ctdna", "tso500", "wes", "wgs"] = field(
        default="",
        metadata=about(
            "Assay: fixes filter, TMB, MSI and copy-number presets together "
            f"({', '.join(ASSAY_NAMES)})."
        ),
    )
    filter_preset: str = field(default="", metadata=about("Filter preset, instead of the assay's."))
    tmb_presets: tuple[str, ...] = field(
        default=(), metadata=about("TMB presets, instead of the assay's; the first one leads.")
    )
    msi_preset: Literal["", "tumorkit", "gms560-unfiltered", "gms560-filtered", "msk-impact"] = (
        field(default="", metadata=about("MSI preset, instead of the assay's."))
    )
    tumor_type: str = field(default="", metadata=about("Tumour type, in words."))
    material: Literal["", "ffpe", "frozen", "fresh-frozen", "cfdna", "blood", "bone-marrow"] = (
        field(default="", metadata=about("Material."))
    )
    library: Literal["", "capture", "amplicon", "wgs", "umi-raw", "umi-consensus"] = field(
        default="", metadata=about("Library; UMI reads raw or collapsed to consensus.")
    )
    purity: float | None = field(
        default=None,
        metadata=about(
            "Known tumour purity: used in place of the fitted one.", minimum=0.01, maximum=1
        ),
    )
    ploidy: float | None = field(
        default=None, metadata=about("Known tumour ploidy.", minimum=0.5, maximum=10)
    )
    pathology_purity: float | None = field(
        default=None,
        metadata=about(
            "Pathologist's purity: a prior of the fit, shown beside it, never used as measured.",
            minimum=0,
            maximum=1,
        ),
    )
    pathology_sd: float | None = field(
        default=None,
        metadata=about(
            "Standard deviation of the pathologist's purity (.15 unless said).",
            minimum=0.01,
            maximum=1,
        ),
    )
    sex: Literal["", "female", "male"] = field(default="", metadata=about("Sex, if known."))
    haploid_x_reference: bool = field(
        default=False,
        metadata=about(
            "Whether the given copy ratios have a male X at log2 0, as against males; those made "
            "from a tumour and its own normal always have."
        ),
    )
    date: str = field(default="", metadata=about("Date for the report (YYYY-MM-DD)."))
    language: Literal["", "en", "sv"] = field(
        default="", metadata=about("Language of the report: English or Swedish.")
    )
    germline_consent: bool = field(
        default=False,
        metadata=about("Whether the patient consented to see possible germline findings."),
    )


@dataclass(frozen=True, kw_only=True)
class CaseInputs:
    """The files of a case; None is not given, and of files that may be several, none."""

    tumor: Path | None = field(default=None, metadata=about("Tumour BAM or CRAM."))
    normal: Path | None = field(default=None, metadata=about("Matched normal BAM or CRAM."))
    somatic: Path | None = field(default=None, metadata=about("Somatic VCF of any caller."))
    germline: Path | None = field(default=None, metadata=about("Germline VCF of the normal."))
    background: Path | None = field(
        default=None, metadata=about("Background of normals (tumorkit variants background).")
    )
    coverage: Path | None = field(default=None, metadata=about("Tumour's target depths (.cnn)."))
    normal_coverage: Path | None = field(
        default=None, metadata=about("Normal's target depths (.cnn).")
    )
    panel_of_normals: Path | None = field(
        default=None,
        metadata=about("Reference of normals for copy number (.cnn), ours or CNVkit's."),
    )
    copy_ratios: Path | None = field(
        default=None, metadata=about("Copy ratios: .cnr, or GATK's denoised copy ratios.")
    )
    segments: Path | None = field(default=None, metadata=about("Finished segments (.cns)."))
    targets: Path | None = field(default=None, metadata=about("Panel BED."))
    genes: Path | None = field(default=None, metadata=about("Genes: BED, GTF or refFlat."))
    exons: Path | None = field(
        default=None, metadata=about("Coding exons: GTF, GFF3, refFlat or BED.")
    )
    reference: Path | None = field(default=None, metadata=about("Reference FASTA (indexed)."))
    transcripts: Path | None = field(
        default=None,
        metadata=about("Transcript to report: lines of gene, tab, transcript with version."),
    )
    loci: Path | None = field(
        default=None, metadata=about("Microsatellites: a list, a baseline or a BED.")
    )
    msi_baseline: Path | None = field(
        default=None,
        metadata=about("Baseline of normals for microsatellites, ours or msisensor-pro's."),
    )
    signatures: Path | None = field(
        default=None,
        metadata=about("Table of mutational signatures: COSMIC's, Signal's or your own."),
    )
    purity_result: Path | None = field(
        default=None, metadata=about("Purity result (JSON) of an earlier step.")
    )
    tmb_result: Path | None = field(
        default=None, metadata=about("TMB result (JSON) of an earlier step.")
    )
    msi_result: Path | None = field(
        default=None, metadata=about("MSI result (JSON) of an earlier step.")
    )
    hrd_result: Path | None = field(
        default=None, metadata=about("HRD result (JSON) of an earlier step.")
    )
    signatures_result: Path | None = field(
        default=None, metadata=about("Signatures result (JSON) of an earlier step.")
    )

    structural_variants: tuple[Path, ...] = field(
        default=(),
        metadata=about(
            "Structural variants of other callers: VCF (Manta, DRAGEN, GRIDSS, Delly), or the JSON "
            "of variants import. May be several."
        ),
    )
    fusions: tuple[Path, ...] = field(
        default=(),
        metadata=about(
            "Fusions of other callers: table of Arriba, STAR-Fusion or GMS. May be several."
        ),
    )
    internal_tandem_duplications: tuple[Path, ...] = field(
        default=(),
        metadata=about(
            "Internal tandem duplications of other callers: VCF (ScanITD, Pindel). May be several."
        ),
    )

    actionable: Path | None = field(
        default=None,
        metadata=about("Genes that the report looks for: table of gene, class, tumor_type."),
    )
    external: Path | None = field(
        default=None,
        metadata=about("Values measured elsewhere: table of biomarker, method, value."),
    )
    interpretation: Path | None = field(
        default=None,
        metadata=about("Tables of tiers and oncogenicity: a TOML file that names them."),
    )
    previous: Path | None = field(
        default=None, metadata=about("Profile (JSON) of the report that this one amends.")
    )

    def given(self) -> dict[str, Path]:
        """Return the files that were given, by role, but those of which there may be several."""
        named = {item.name: getattr(self, item.name) for item in fields(self)}
        return {name: path for name, path in named.items() if isinstance(path, Path)}

    def listed(self) -> list[tuple[str, Path]]:
        """Return all files that were given, with their roles."""
        several = [(name, path) for name in self.several() for path in getattr(self, name)]
        return [*self.given().items(), *several]

    @classmethod
    def several(cls) -> tuple[str, ...]:
        """Return the roles of which there may be several files."""
        return tuple(item.name for item in fields(cls) if item.default == ())

    @classmethod
    def roles(cls) -> dict[str, str]:
        """Return every role with its meaning."""
        described: dict[str, Any] = {item.name: item.metadata for item in fields(cls)}
        return {name: meta["about"] for name, meta in described.items()}
