"""Settings of a case's files for other programs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from tumorkit.contract.settings import Settings, about


@dataclass(frozen=True, kw_only=True)
class ReportExportParams(Settings):
    """What goes into files for other programs, and by which names."""

    include_failed: bool = field(
        default=False,
        metadata=about("Whether variants that a filter fails are written, too, with its name."),
    )
    germline_consent: bool = field(
        default=False,
        metadata=about(
            "Whether the patient consented to see possible germline findings: variants whose most "
            "probable origin is the germline are written, too."
        ),
    )
    center: str = field(
        default="", metadata=about("Sequencing centre, for MAF; empty is not known.")
    )
    patient: str = field(
        default="",
        metadata=about("Identifier of the patient, for cBioPortal and FHIR; the sample's if none."),
    )
    study: str = field(
        default="tumorkit_study",
        metadata=about("Identifier of the cBioPortal study: lower-case letters, digits and _."),
    )
    study_name: str = field(
        default="", metadata=about("Name of the cBioPortal study; its identifier if none.")
    )
    cancer_type: str = field(
        default="mixed",
        metadata=about("cBioPortal's identifier of the type of cancer (an OncoTree code)."),
    )
    gene_panel: str = field(
        default="",
        metadata=about(
            "cBioPortal's name of the gene panel; empty is WGS or WXS by the assay, else the "
            "study's name with _panel."
        ),
    )
    oncotree: str = field(
        default="", metadata=about("OncoTree code of the tumour, for OncoKB; empty is not known.")
    )
    fhir_guide: Literal["3.0.0", "2.0.0"] = field(
        default="3.0.0",
        metadata=about(
            "Version of the HL7 Genomics Reporting guide that the FHIR bundle follows.",
            source="HL7/genomics-reporting",
        ),
    )
