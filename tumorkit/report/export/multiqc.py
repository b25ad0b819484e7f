"""Custom content for MultiQC: columns of its general statistics, and a table of biomarkers.

Source: MultiQC documentation, "Custom content". Column ids are stable; a value that nobody has is
left out, so that MultiQC shows an empty cell.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from typing import Any

from tumorkit.contract.visible import visible
from tumorkit.report.export.case import ExportCase, File, file_stem
from tumorkit.report.export.params import ReportExportParams

PARENT = {
    "parent_id": "tumorkit",
    "parent_name": "tumorkit",
    "parent_description": "Somatic profile of a tumour: variants, copy number and biomarkers.",
}
COLUMNS: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ("tumorkit_variants", {"title": "Variants", "description": "Variants that pass all filters",
                           "format": "{:,.0f}", "scale": "Blues", "min": 0}),
    ("tumorkit_purity", {"title": "Purity", "description": "Share of tumour cells",
                         "format": "{:,.2f}", "scale": "Purples", "min": 0, "max": 1}),
    ("tumorkit_ploidy", {"title": "Ploidy", "description": "Mean copies of the tumour",
                         "format": "{:,.2f}", "scale": "Oranges", "min": 0}),
    ("tumorkit_tmb", {"title": "TMB", "description": "Tumour mutational burden",
                      "suffix": " mut/Mb", "format": "{:,.1f}", "scale": "Greens", "min": 0}),
    ("tumorkit_msi", {"title": "MSI", "description": "Share of unstable microsatellites",
                      "suffix": " %", "format": "{:,.1f}", "scale": "Reds", "min": 0}),
    ("tumorkit_hrd", {"title": "HRD", "description": "Sum of scars of homologous recombination "
                      "deficiency", "format": "{:,.0f}", "scale": "YlOrRd", "min": 0}),
    ("tumorkit_fusions", {"title": "Fusions", "description": "Fusions of other callers; empty "
                          "where none was looked for", "format": "{:,.0f}", "scale": "Blues",
                          "min": 0}),
    ("tumorkit_structural", {"title": "SVs", "description": "Other structural variants of other "
                             "callers; empty where none was looked for", "format": "{:,.0f}",
                             "scale": "Blues", "min": 0}),
    ("tumorkit_itd", {"title": "ITDs", "description": "Internal tandem duplications of other "
                      "callers; empty where none was looked for", "format": "{:,.0f}",
                      "scale": "Blues", "min": 0}),
)  # fmt: skip
# Columns in percent, whatever the unit of the estimate.
SHARES = ("tumorkit_msi",)
SOURCES = {
    "tumorkit_purity": "Purity",
    "tumorkit_ploidy": "Ploidy",
    "tumorkit_tmb": "TMB",
    "tumorkit_msi": "MSI",
    "tumorkit_hrd": "HRD sum",
}
EVENT_PARTS = {
    "tumorkit_fusions": "fusions",
    "tumorkit_structural": "structural_variants",
    "tumorkit_itd": "internal_tandem_duplications",
}
TABLE_HEADERS = (
    ("value", "Value", "Value of the biomarker; empty where it is not evaluable"),
    ("unit", "Unit", "Unit of the value"),
    ("low", "Low", "Lower end of the interval"),
    ("high", "High", "Upper end of the interval"),
    ("class", "Class", "Class of the value, and whether it is clear or borderline"),
    ("status", "Status", "Whether it was evaluated, and why not"),
)
# Biomarkers have different units: bars across them would compare what cannot be compared.
NUMBER: Mapping[str, Any] = {"format": "{:,.4g}", "scale": False}
LOOKS = {"value": NUMBER, "low": NUMBER, "high": NUMBER}


def multiqc(case: ExportCase, params: ReportExportParams) -> list[File]:
    """Return two files whose names MultiQC finds by itself."""
    del params
    values = general(case)
    statistics = {
        "id": "tumorkit_general_statistics",
        "plot_type": "generalstats",
        # A list of one-column mappings: as a mapping MultiQC does not take them here.
        "headers": [{name: dict(told)} for name, told in COLUMNS],
        "data": {shown(case.sample): values},
    }
    rows = biomarker_rows(case)
    biomarkers = {
        "id": "tumorkit_biomarkers",
        "section_name": "Biomarkers",
        "description": "What was measured, with its interval; what could not be, with the reason.",
        **PARENT,
        "plot_type": "table",
        "pconfig": {
            "id": "tumorkit_biomarkers_table",
            "title": "tumorkit: biomarkers",
            "col1_header": "Sample and biomarker",
            "no_violin": True,
        },
        "headers": {
            f"tumorkit_{key}": {"title": title, "description": text, **LOOKS.get(key, {})}
            for key, title, text in TABLE_HEADERS
        },
        "data": rows,
    }
    stem = f"tumorkit_{file_stem(case.sample)}"
    return [
        File(name=f"{stem}_mqc.json", content=text_of(statistics), records=len(values)),
        File(name=f"{stem}_biomarkers_mqc.json", content=text_of(biomarkers), records=len(rows)),
    ]


def general(case: ExportCase) -> dict[str, float]:
    """Return the values of the general statistics that are known."""
    known: dict[str, float] = {}
    if case.has_variants:
        known["tumorkit_variants"] = sum(item.kept for item in case.variants)
    for column, name in SOURCES.items():
        found = case.biomarkers.get(name)
        if found is not None and found.value is not None:
            share = column in SHARES and found.estimate.get("unit") != "%"
            known[column] = found.value * 100 if share else found.value
    for column, name in EVENT_PARTS.items():
        part = case.parts.get(name)
        count = part.result.maybe_number("events") if part and part.result else None
        if count is not None:
            known[column] = count
    return known


def biomarker_rows(case: ExportCase) -> dict[str, dict[str, Any]]:
    """Return one row a biomarker; the reason stands where there is no value."""
    rows = {}
    for item in case.biomarkers.values():
        told = item.estimate
        said = item.call if item.clear or not item.call else f"{item.call} (borderline)"
        row = {
            "value": item.value,
            "unit": told.get("unit") if item.ok else None,
            "low": told.get("low") if item.ok else None,
            "high": told.get("high") if item.ok else None,
            "class": said or None,
            # MultiQC takes commas for those between thousands.
            "status": "evaluated" if item.ok else f"not evaluable: {item.reason}".replace(",", ";"),
        }
        rows[shown(f"{case.sample}: {item.name}")] = {
            f"tumorkit_{key}": shown(value) if isinstance(value, str) else value
            for key, value in row.items()
            if value not in (None, "")
        }
    return rows


def shown(text: str) -> str:
    """Return a text as HTML: MultiQC puts names and cells into its page as they are."""
    return escape(visible(text, keep=""))


def text_of(document: Mapping[str, Any]) -> str:
    """Return JSON whose text cannot leave the page that MultiQC puts it into."""
    return json.dumps(document, indent=2, ensure_ascii=True).replace("<", "\\u003c") + "\n"
