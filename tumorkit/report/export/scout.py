"""Files that Scout loads: the variants with a case description beside them.

Source: Clinical-Genomics/scout, "Loading a case" (cancer track: tumour purity, TMB, MSI and HRD of
the sample as texts) and its loaders: a record has one alternative, a sample of the VCF that is not
described is not shown. What is not evaluable has no key; a purity is null.
"""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from tumorkit.errors import ParameterError
from tumorkit.report.export.alternatives import each_alternative
from tumorkit.report.export.case import ExportCase, File, file_stem, shown
from tumorkit.report.export.params import ReportExportParams
from tumorkit.report.export.variants import vcf

BUILDS = {"GRCh37": "37", "GRCh38": "38"}
NORMAL = {"tissue_type": "normal"}
ANALYSES = {"wgs": "wgs", "wes": "wes"}


def scout(case: ExportCase, params: ReportExportParams) -> list[File]:
    """Return the VCF and a case description in YAML.

    Raises :class:`ParameterError` for a build that Scout does not have.
    """
    build = BUILDS.get(case.build)
    if build is None:
        raise ParameterError(
            f"Scout knows GRCh37 and GRCh38, not {case.build or 'an unknown build'}"
        )
    calls = vcf(dataclasses.replace(case, vcf=tuple(each_alternative(case.vcf))), params)
    stem = file_stem(case.sample)
    calls.name = f"scout/{stem}.vcf"
    own = case.document.get("case") or {}
    sample: dict[str, Any] = {
        "sample_id": case.sample,
        "sample_name": case.sample,
        "analysis_type": ANALYSES.get(own.get("assay") or "", "panel"),
        "phenotype": "affected",
        "sex": own.get("sex") or "unknown",
        "tissue_type": "tumor",
    }
    known = {name: item for name, item in case.biomarkers.items() if item.ok}
    # Scout takes a purity that is not there for 0.
    sample["tumor_purity"] = known["Purity"].value if "Purity" in known else None
    for key, name in (("tmb", "TMB"), ("msi", "MSI"), ("hrd", "HRD sum")):
        if name in known:
            said = f" ({known[name].call})" if known[name].call else ""
            sample[key] = f"{shown(known[name].value)}{said}"
    lines = [
        "---",
        f"family: {quoted(params.patient or case.sample)}",
        f"family_name: {quoted(params.patient or case.sample)}",
        f"owner: {quoted(params.center or 'cust000')}",
        "track: cancer",
        f'human_genome_build: "{build}"',
        f"vcf_cancer: {quoted(f'{stem}.vcf')}",
        "samples:",
    ]
    described = [sample]
    if case.normal_sample and not case.tumor_only:
        own_normal = {"sample_id": case.normal_sample, "sample_name": case.normal_sample}
        shared = {key: sample[key] for key in ("analysis_type", "sex")}
        described.append({**own_normal, **shared, "phenotype": "unaffected", **NORMAL})
    for item in described:
        for at, (key, value) in enumerate(item.items()):
            lines.append(f"{'  - ' if not at else '    '}{key}: {quoted(value)}")
    text = "\n".join(lines) + "\n"
    return [calls, File(name=f"scout/{stem}.load.yaml", content=text, records=1)]


def quoted(value: object) -> str:
    """Return a value as YAML; a text in JSON's quotes is one in YAML, too."""
    return json.dumps(value, ensure_ascii=True)
