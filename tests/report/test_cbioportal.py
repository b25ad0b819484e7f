"""The study folder against what cBioPortal's importer refuses or warns of."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from tests.report.cbioportal_rules import faults, warnings
from tests.report.exported import make_case, make_events, make_reported
from tumorkit.errors import ParameterError
from tumorkit.genome.variant import Consequence
from tumorkit.report.document import Node, Part
from tumorkit.report.export import ExportCase, ReportExportParams, export_case

Files = dict[str, str]


def folder(case: ExportCase, **params: Any) -> Files:
    made = export_case(case, ["cbioportal"], ReportExportParams(**params)).contents
    return {name.removeprefix("cbioportal/"): str(text) for name, text in made.items()}


def left_out(case: ExportCase, name: str) -> dict[str, int]:
    files = export_case(case, ["cbioportal"]).files
    return next(dict(file.left_out) for file in files if file.name == f"cbioportal/{name}")


def genotyped(index: int = 0, **changes: Any) -> Any:
    """A variant whose tumour is genotyped, with an entry of UniProt."""
    item = make_reported(index, **changes)
    alleles = (item.variant.ref, item.variant.alt)
    return dataclasses.replace(
        item,
        tumor_alleles=alleles,
        annotation={"SWISSPROT": "P04637.310", "Existing_variation": ""},
    )


def signature(name: str, share: float) -> dict[str, Any]:
    return {"name": name, "named": True, "share": {"value": share}, "mutations": 9}


def with_signatures(status: str = "ok") -> Part:
    fit = {"sample": "T1", "status": status,
           "signatures": [signature("SBS1", 0.25), signature("SBS5", 0.0)]}  # fmt: skip
    result = Node({"kind": "SBS96", "samples": [fit]}, "", "profile.json")
    return Part("signatures", "Mutational signatures", "ok", "evaluated", "", (), result)


def full_case(**changes: Any) -> ExportCase:
    known: dict[str, Any] = {
        "variants": tuple(genotyped(i) for i in range(3)),
        "events": make_events(),
        "parts": {"signatures": with_signatures()},
        "document": {"case": {"assay": "gms560-ffpe"}},
    }
    return make_case(**{**known, **changes})


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"variants": ()},
        {"calls": None},
        {"events": None},
        {"events": ()},
        {"document": {"case": {"assay": "wes"}}},
        {"parts": {"signatures": with_signatures("not_evaluable")}},
        {"biomarkers": {}},
        {"normal_sample": "", "tumor_only": True},
        {"build": "GRCh37"},
    ],
)
def test_a_study_folder_loads_without_error_or_remark(changes: dict[str, Any]) -> None:
    files = folder(full_case(**changes))
    assert faults(files) == []
    assert warnings(files) == []


def test_unknown_alleles_are_the_only_remark_of_a_case_without_genotypes() -> None:
    files = folder(full_case(variants=(make_reported(),)))
    assert faults(files) == []
    assert warnings(files) == [
        "data_mutations.txt: no SWISSPROT",
        "data_mutations.txt: Tumor_Seq_Allele1 of another length, or unknown",
    ]


def replaced(name: str, old: str, new: str, count: int = 1) -> Callable[[Files], Files]:
    def change(files: Files) -> Files:
        assert old in files[name], (name, old)
        return {**files, name: files[name].replace(old, new, count)}

    return change


def without(name: str) -> Callable[[Files], Files]:
    return lambda files: {key: text for key, text in files.items() if key != name}


def twice(name: str) -> Callable[[Files], Files]:
    """Return the file with its last row again."""
    return lambda files: {**files, name: files[name] + files[name].splitlines()[-1] + "\n"}


SAMPLES, VARIANTS = "data_clinical_sample.txt", "data_mutations.txt"
EVENTS, GENES, SEGMENTS = "data_sv.txt", "data_cna.txt", "data_cna_seg.seg"
SHARES = "data_mutational_signatures_contribution_SBS.txt"
BROKEN = [
    replaced("meta_study.txt", "type_of_cancer", "cancer_type"),
    replaced("meta_study.txt", "name: tumorkit_study", "name: " + "x" * 256),
    replaced("meta_study.txt", "hg38", "hg99"),
    replaced("meta_study.txt", "identifier: tumorkit_study", "identifier: Tumor-Study"),
    replaced("meta_study.txt", "add_global_case_list: true", "add_global_case_list: false"),
    replaced("meta_mutations.txt", "stable_id: mutations", "stable_id: variants"),
    replaced("meta_mutations.txt", "stable_id", "id"),
    replaced("meta_mutations.txt", VARIANTS, "elsewhere.txt"),
    replaced("meta_mutations.txt", "list: N1", "list: N2"),
    replaced("meta_mutations.txt", "accession", "number"),
    replaced("meta_cna.txt", "DISCRETE", "CONTINUOUS"),
    replaced("meta_cna.txt", "gistic", "mutations"),
    replaced("meta_log2_cna.txt", "tab: false", "tab: true"),
    replaced("meta_cna_seg.txt", "hg38", "hg18"),
    replaced("meta_cna_seg.txt", "cancer_study_identifier: tumorkit_study", "tumorkit_study"),
    replaced(SAMPLES, "#1", "#high"),
    replaced(SAMPLES, "STRING", "TEXT"),
    replaced(SAMPLES, "TMB_SCORE", "tmb"),
    replaced(SAMPLES, "12.6", "high"),
    replaced(SAMPLES, "T1\tT1", "T1\tT 1"),
    replaced(SAMPLES, "T1\tT1", "\tT1"),
    replaced(SAMPLES, "T1\tT1", "T1\t" + "T" * 64),
    replaced(SAMPLES, "PLOIDY", "SEX"),
    twice(SAMPLES),
    replaced(VARIANTS, "\tT1\t", "\tT2\t"),
    replaced(VARIANTS, "\tGRCh38\t", "\tGRCh37\t"),
    replaced(VARIANTS, "HGVSp_Short", "Protein"),
    replaced(VARIANTS, "p.R175H", "p.R175H;p.R176H"),
    replaced(VARIANTS, "\t17\t", "\tchr17\t"),
    replaced(VARIANTS, "TP53\t", "Unknown\t"),
    replaced(VARIANTS, "\t7675088\t", "\t7.7e6\t"),
    replaced(VARIANTS, "\t140\t", "\t140.5\t"),
    twice(VARIANTS),
    replaced(GENES, "\t-2", "\t-3"),
    replaced(GENES, "\tT1", "\tT2"),
    replaced("data_log2_cna.txt", "\t-1.3", "\tlow"),
    replaced(SEGMENTS, "\t80000000\t", "\t90000000\t"),
    replaced(SEGMENTS, "T1\t9\t", "T1\tchrUn\t"),
    replaced(SEGMENTS, "chrom", "chr"),
    replaced(EVENTS, "SOMATIC", "UNKNOWN"),
    replaced(EVENTS, "GRCh38", "hg38"),
    twice(EVENTS),
    replaced(SHARES, "0.250000", "much"),
    replaced(SHARES, "ENTITY_STABLE_ID", "ID"),
    twice(SHARES),
    replaced("data_gene_panel_matrix.txt", "gistic", "copies"),
    replaced("data_gene_panel_matrix.txt", "\ttumorkit_study_panel", "\t"),
    twice("data_gene_panel_matrix.txt"),
    replaced("data_gene_panel_tumorkit_study_panel.txt", "CDKN2A", "TP53"),
    replaced("case_lists/cases_cna.txt", "tumorkit_study_cna", "cna"),
    replaced("case_lists/cases_cna.txt", "all_cases_with_cna_data", "all"),
    replaced("case_lists/cases_sv.txt", "ids: T1", "ids: T2"),
    without("case_lists/cases_sequenced.txt"),
    without("case_lists/cases_cna.txt"),
]


@pytest.mark.parametrize("change", range(len(BROKEN)))
def test_every_rule_can_fail(change: int) -> None:
    files = folder(full_case())
    assert faults(BROKEN[change](files))


REMARKED = [
    without("case_lists/cases_cnaseq.txt"),
    without("data_gene_panel_tumorkit_study_panel.txt"),
    replaced("meta_mutations.txt", "swissprot_identifier", "swissprot"),
    replaced(GENES, "Entrez_Gene_Id\t", ""),
    replaced(VARIANTS, "Missense_Mutation", "Missense"),
    replaced(VARIANTS, "p.R175H", ""),
    replaced(VARIANTS, "\tSNP\tC\tC\tT\t", "\tDEL\tC\tC\tTT\t"),
    replaced(VARIANTS, "\tSNP\tC\t", "\tINS\tCC\t"),
    replaced(VARIANTS, "\tSNP\t", "\tDNP\t"),
    replaced(SHARES, "0.250000", "1"),
    replaced(EVENTS, "Site1_Region\t", "Region\t"),
    replaced("case_lists/cases_cna.txt", "with_cna_data", "with_mutation_data"),
]


@pytest.mark.parametrize("change", range(len(REMARKED)))
def test_every_remark_can_be_made(change: int) -> None:
    assert warnings(REMARKED[change](folder(full_case())))


def test_what_is_not_evaluable_is_an_empty_cell() -> None:
    head, row = folder(make_case())["data_clinical_sample.txt"].splitlines()[4:]
    told = dict(zip(head.split("\t"), row.split("\t"), strict=True))
    assert (told["PURITY"], told["PLOIDY"], told["HRD_SUM"]) == ("", "", "")
    assert (told["TMB_SCORE"], told["MSI_TYPE"]) == ("12.6", "MSI-H")


@pytest.mark.parametrize(
    ("changes", "params"),
    [
        ({"sample": "T 1"}, {}),
        ({"sample": "T" * 64}, {}),
        ({}, {"study": "My Study"}),
        ({}, {"study": "my-study"}),
        ({}, {"patient": "name, first"}),
        ({}, {"gene_panel": "my panel"}),
        ({"build": "T2T"}, {}),
    ],
)
def test_a_study_refuses_what_cbioportal_refuses(
    changes: dict[str, Any], params: dict[str, Any]
) -> None:
    with pytest.raises(ParameterError):
        folder(make_case(**changes), **params)


def test_the_panel_says_which_genes_were_examined() -> None:
    files = folder(full_case(), gene_panel="GMS560")
    assert files["data_gene_panel_GMS560.txt"].splitlines()[2] == "gene_list: CDKN2A\tTP53"
    head, row = files["data_gene_panel_matrix.txt"].splitlines()
    assert head.split("\t") == ["SAMPLE_ID", "mutations", "gistic", "structural_variants"]
    assert row == "T1\tGMS560\tGMS560\tGMS560"
    exome = folder(full_case(document={"case": {"assay": "wes"}}))
    assert exome["data_gene_panel_matrix.txt"].splitlines()[1].split("\t")[1] == "WXS"
    assert not any(name.startswith("data_gene_panel_WXS") for name in exome)
    assert "data_gene_panel_matrix.txt" not in folder(full_case(calls=None))


def test_signatures_are_shares_and_only_where_a_fit_was_evaluated() -> None:
    rows = folder(full_case())[SHARES].splitlines()[1:]
    assert rows == [
        "mutational_signatures_contribution_SBS_SBS1\tSBS1\tMutational signature SBS1\t0.250000"
    ]
    assert SHARES not in folder(full_case(parts={"signatures": with_signatures("failed")}))


def test_records_that_stand_there_already_are_counted() -> None:
    case = full_case(variants=(genotyped(), genotyped()), events=(*make_events(), *make_events()))
    assert faults(folder(case)) == []
    assert left_out(case, VARIANTS) == {"variants that stand in it already": 1}
    assert left_out(case, EVENTS) == {"structural events that stand in it already": 4}


def test_names_that_cbioportal_cannot_read_are_left_empty_and_counted() -> None:
    said = Consequence(terms=("missense_variant",), gene="TP53", hgvsp="NP_1.1:p.[Arg1Cys;Ala2Val]")
    case = full_case(variants=(dataclasses.replace(genotyped(), consequence=said),))
    assert faults(folder(case)) == []
    assert left_out(case, VARIANTS) == {"protein names that cBioPortal cannot read": 1}
