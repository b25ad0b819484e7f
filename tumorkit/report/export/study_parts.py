"""Parts of a cBioPortal study that stand beside its tables: gene panel, signatures, case lists.

Sources: cBioPortal documentation, "File formats" (gene panel data, generic assay, mutational
signature data, case lists) and "Import gene panels"; names and limits that its importer checks
(cBioPortal/cbioportal-core, scripts/importer).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from tumorkit.report.export.case import ExportCase, File, clean, table
from tumorkit.report.export.params import ReportExportParams
from tumorkit.report.signatures import fit_of

# Panels that every portal knows; others are imported before the study.
WHOLE = {"wgs": "WGS", "wes": "WXS"}
ENTITY = re.compile(r"[^A-Za-z0-9._]")
LISTS = {
    "sequenced": ("Samples with mutation data", "all_cases_with_mutation_data"),
    "cna": ("Samples with copy-number data", "all_cases_with_cna_data"),
    "cnaseq": ("Samples with mutation and copy-number data",
               "all_cases_with_mutation_and_cna_data"),
    "sv": ("Samples with structural variant data", "all_cases_with_sv_data"),
}  # fmt: skip


def meta(name: str, params: ReportExportParams, lines: Mapping[str, str]) -> File:
    """Return a file of ``key: value`` lines that begins with the study."""
    rows = {"cancer_study_identifier": params.study, **lines}
    text = "".join(f"{key}: {clean(value)}\n" for key, value in rows.items())
    return File(name=name, content=text, records=len(rows))


def panel_name(case: ExportCase, params: ReportExportParams) -> str:
    """Return the panel that was sequenced, empty where neither a name nor its genes are known."""
    own = case.document.get("case") or {}
    named = params.gene_panel or WHOLE.get(str(own.get("assay") or ""), "")
    return named or (f"{params.study}_panel" if panel_genes(case) else "")


def panel_genes(case: ExportCase) -> list[str]:
    """Return the genes that were examined, each once."""
    calls = case.calls.genes or () if case.calls is not None else ()
    return sorted({call.gene for call in calls})


def gene_panel(case: ExportCase, params: ReportExportParams, profiles: list[str]) -> Iterator[File]:
    """Return the panel that a portal imports first, and which profile was made with it.

    Without it a portal counts every gene as examined, and draws a missing gene as wild type.
    """
    name = panel_name(case, params)
    if not name:
        return
    genes = panel_genes(case)
    if genes and name not in WHOLE.values():
        listed = "\t".join(genes)
        text = (
            f"stable_id: {name}\ndescription: {len(genes)} genes that tumorkit examined\n"
            f"gene_list: {listed}\n"
        )
        yield File(name=f"data_gene_panel_{name}.txt", content=text, records=len(genes))
    kind = "GENE_PANEL_MATRIX"
    yield meta(
        "meta_gene_panel_matrix.txt",
        params,
        {
            "genetic_alteration_type": kind,
            "datatype": kind,
            "data_filename": "data_gene_panel_matrix.txt",
        },
    )
    row = [case.sample, *[name] * len(profiles)]
    content = table(["SAMPLE_ID", *profiles], [row])
    yield File(name="data_gene_panel_matrix.txt", content=content, records=1)


def signatures(case: ExportCase, params: ReportExportParams) -> Iterator[File]:
    """Return the share of each signature that takes part, where a fit was evaluated."""
    part = case.parts.get("signatures")
    fit = fit_of(part, case.sample) if part is not None else None
    if fit is None or part is None or part.result is None:
        return
    found = part.result.maybe_text("kind") or "SBS96"
    kind = re.sub(r"\d+$", "", found)
    stem = f"mutational_signatures_contribution_{kind}"
    rows = []
    for node in fit.nodes("signatures"):
        share = node.node("share").maybe_number("value")
        if share:
            name = node.text("name")
            entity = f"{stem}_{ENTITY.sub('_', name)}"
            rows.append((entity, name, f"Mutational signature {name}", f"{share:.6f}"))
    yield meta(
        f"meta_{stem}.txt",
        params,
        {
            "genetic_alteration_type": "GENERIC_ASSAY",
            "generic_assay_type": "MUTATIONAL_SIGNATURE",
            "datatype": "LIMIT-VALUE",
            "stable_id": stem,
            "profile_name": f"Mutational signatures ({kind})",
            "profile_description": f"Share of {found} mutations by signature, by tumorkit.",
            "data_filename": f"data_{stem}.txt",
            "show_profile_in_analysis_tab": "true",
            "generic_entity_meta_properties": "NAME,DESCRIPTION",
        },
    )
    columns = ("ENTITY_STABLE_ID", "NAME", "DESCRIPTION", case.sample)
    yield File(name=f"data_{stem}.txt", content=table(columns, rows), records=len(rows))


def case_lists(case: ExportCase, params: ReportExportParams, profiled: list[str]) -> Iterator[File]:
    """Return the lists of samples that were sequenced and measured, each with its category."""
    both = ["cnaseq"] if {"sequenced", "cna"} <= set(profiled) else []
    for name in [*profiled, *both]:
        title, category = LISTS[name]
        yield meta(
            f"case_lists/cases_{name}.txt",
            params,
            {
                "stable_id": f"{params.study}_{name}",
                "case_list_name": title,
                "case_list_description": f"{title} (1 sample)",
                "case_list_category": category,
                "case_list_ids": case.sample,
            },
        )
