"""What cBioPortal's importer refuses or warns of, restated for a study folder.

Sources: cBioPortal documentation, "File formats"; cBioPortal/cbioportal-core, scripts/importer
(validateData, cbioportal_common), without the rules that need a portal's own tables. ``faults``
gives errors; ``warnings`` what it loads with a remark.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from tumorkit.genome.build import build_named

Row = dict[str, str]
PROFILE = {
    "cancer_study_identifier", "genetic_alteration_type", "datatype", "stable_id",
    "show_profile_in_analysis_tab", "profile_name", "profile_description", "data_filename",
}  # fmt: skip
PLAIN = {"cancer_study_identifier", "genetic_alteration_type", "datatype", "data_filename"}
# Kind of data: needed keys, keys that may stand, and the stable ids that are allowed.
METAS: dict[tuple[str, str], tuple[set[str], set[str], set[str]]] = {
    ("CLINICAL", "SAMPLE_ATTRIBUTES"): (PLAIN, set(), set()),
    ("MUTATION_EXTENDED", "MAF"): (
        PROFILE,
        {"normal_samples_list", "swissprot_identifier", "gene_panel"},
        {"mutations"},
    ),
    ("COPY_NUMBER_ALTERATION", "DISCRETE"): (
        PROFILE,
        {"gene_panel"},
        {"gistic", "cna", "cna_rae", "cna_consensus"},
    ),
    ("COPY_NUMBER_ALTERATION", "LOG2-VALUE"): (PROFILE, {"gene_panel"}, {"log2CNA"}),
    ("COPY_NUMBER_ALTERATION", "SEG"): (
        PLAIN | {"reference_genome_id", "description"},
        set(),
        set(),
    ),
    ("STRUCTURAL_VARIANT", "SV"): (PROFILE, {"gene_panel"}, {"structural_variants"}),
    ("GENE_PANEL_MATRIX", "GENE_PANEL_MATRIX"): (PLAIN, set(), set()),
    ("GENERIC_ASSAY", "LIMIT-VALUE"): (
        PROFILE | {"generic_assay_type"},
        {"generic_entity_meta_properties", "pivot_threshold_value", "value_sort_order"},
        set(),
    ),
}
STUDY = {"cancer_study_identifier", "type_of_cancer", "name", "description"}
STUDY_TOO = {"citation", "pmid", "groups", "add_global_case_list", "tags_file", "reference_genome"}
LIMITS = {"cancer_study_identifier": 255, "type_of_cancer": 63, "name": 255, "description": 1024}
BAD = re.compile(r"[^A-Za-z0-9._()\[\]',+\-:;]")
NULLS = {"", "na", "[not applicable]", "[not available]", "[pending]", "[null]"}
SKIPPED = {"Silent", "Intron", "3'UTR", "3'Flank", "5'UTR", "5'Flank", "IGR", "RNA"}
CLASSES = SKIPPED | {
    "Frame_Shift_Del", "Frame_Shift_Ins", "In_Frame_Del", "In_Frame_Ins", "Missense_Mutation",
    "Nonsense_Mutation", "Splice_Site", "Translation_Start_Site", "Nonstop_Mutation",
    "Targeted_Region", "De_novo_Start_InFrame", "De_novo_Start_OutOfFrame", "Splice_Region",
    "Fusion", "Unknown",
}  # fmt: skip
CATEGORIES = {
    "all_cases_in_study", "all_cases_with_mutation_data", "all_cases_with_cna_data",
    "all_cases_with_mutation_and_cna_data", "all_cases_with_sv_data", "other",
}  # fmt: skip
SAMPLE_LEVEL = {"CANCER_TYPE", "TUMOR_TYPE", "SAMPLE_TYPE", "PRIMARY_SITE"}
PATIENT_LEVEL = {"AGE", "SEX", "GENDER", "OS_STATUS", "OS_MONTHS", "DFS_STATUS", "DFS_MONTHS"}
SITES = (
    "Hugo_Symbol", "Entrez_Gene_Id", "Ensembl_Transcript_Id", "Region", "Region_Number", "Contig",
    "Chromosome", "Position",
)  # fmt: skip


@dataclass
class Study:
    """A folder being read: its files, and what was learned of it."""

    files: dict[str, str]
    errors: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    metas: dict[str, Row] = field(default_factory=dict)
    samples: set[str] = field(default_factory=set)
    study: str = ""

    def data(self, kind: tuple[str, str]) -> Iterator[tuple[str, Row, str]]:
        """Yield name, meta and text of the data files of a kind."""
        for meta in self.metas.values():
            if (meta.get("genetic_alteration_type"), meta.get("datatype")) == kind:
                name = meta.get("data_filename", "")
                if name in self.files:
                    yield name, meta, self.files[name]


def faults(files: dict[str, str]) -> list[str]:
    """Return the errors of a study folder."""
    return read(files).errors


def warnings(files: dict[str, str]) -> list[str]:
    """Return what is loaded with a remark, each once."""
    return list(dict.fromkeys(read(files).remarks))


def read(files: dict[str, str]) -> Study:
    study = Study(files)
    for check in (
        metas,
        clinical,
        case_lists,
        panels,
        mutations,
        matrices,
        segments,
        events,
        assays,
    ):
        check(study)
    return study


def table(study: Study, name: str, text: str, *, blanks: bool = True) -> list[Row]:
    """Return a table's rows by column; differing lengths, blank lines and double columns are."""
    lines = [line for line in text.split("\n")[:-1] if not line.startswith("#")]
    if not text.endswith("\n") or not lines:
        study.errors.append(f"{name}: no table")
        return []
    head = lines[0].split("\t")
    if len(set(head)) < len(head):
        study.errors.append(f"{name}: a column twice")
    rows = []
    for line in lines[1:]:
        cells = line.split("\t")
        if len(cells) != len(head) or not line.strip():
            study.errors.append(f"{name}: {len(cells)} columns, {len(head)} expected")
        elif not blanks and not all(cell.strip() for cell in cells):
            study.errors.append(f"{name}: a blank cell")
        rows.append(dict(zip(head, cells, strict=False)))
    return rows or [dict.fromkeys(head, "")][:0]


def columns(text: str) -> list[str]:
    return next(line for line in text.split("\n") if not line.startswith("#")).split("\t")


def fields(study: Study, name: str, text: str) -> Row:
    found = {}
    for line in text.splitlines():
        key, colon, value = line.partition(":")
        if not colon:
            study.errors.append(f"{name}: no colon in {line!r}")
        found[key] = value.strip()
    return found


def metas(study: Study) -> None:
    named = sorted(n for n in study.files if re.search(r"(\b|_)meta(\b|[_0-9])", n))
    ids = []
    for name in named:
        meta = fields(study, name, study.files[name])
        study.metas[name] = meta
        if "type_of_cancer" in meta:
            needed, allowed, stable = STUDY, STUDY_TOO, set[str]()
            study.study = meta.get("cancer_study_identifier", "")
            if meta.get("reference_genome", "hg19") not in ("hg19", "hg38", "mm10"):
                study.errors.append(f"{name}: reference_genome")
            for key, most in LIMITS.items():
                if len(meta.get(key, "")) > most:
                    study.errors.append(f"{name}: {key} is too long")
        else:
            kind = meta.get("genetic_alteration_type", ""), meta.get("datatype", "")
            if kind not in METAS:
                study.errors.append(f"{name}: {kind}")
                continue
            needed, allowed, stable = METAS[kind]
        study.errors += [f"{name}: no {key}" for key in sorted(needed - meta.keys())]
        study.remarks += [f"{name}: {key} is not known" for key in meta.keys() - needed - allowed]
        if stable and meta.get("stable_id") not in stable:
            study.errors.append(f"{name}: stable_id {meta.get('stable_id')}")
        ids += [meta["stable_id"]] if "stable_id" in meta else []
        if BAD.search(meta.get("stable_id", "x")):
            study.errors.append(f"{name}: stable_id")
        if "data_filename" in meta and meta["data_filename"] not in study.files:
            study.errors.append(f"{name}: no {meta['data_filename']}")
        if meta.get("datatype") == "LOG2-VALUE" and meta["show_profile_in_analysis_tab"] != "false":
            study.errors.append(f"{name}: log2 values in the analysis tab")
        if meta.get("swissprot_identifier", "name") not in ("name", "accession"):
            study.errors.append(f"{name}: swissprot_identifier")
    if len(set(ids)) < len(ids):
        study.errors.append("a stable_id twice")
    for name, meta in study.metas.items():
        if meta.get("cancer_study_identifier") != study.study:
            study.errors.append(f"{name}: another study")
    if not re.fullmatch(r"[a-z0-9_]+", study.study):
        study.errors.append(f"study {study.study!r}")


def clinical(study: Study) -> None:
    for name, _, text in study.data(("CLINICAL", "SAMPLE_ATTRIBUTES")):
        lines = text.splitlines()
        top = [line[1:].split("\t") for line in lines if line.startswith("#")]
        head = columns(text)
        if len(top) != 4 or any(len(row) != len(head) for row in top):
            study.errors.append(f"{name}: four header rows of the same width")
            return
        if any(cell.strip().lower() in NULLS for row in top for cell in row):
            study.errors.append(f"{name}: an empty cell in the header")
        if set(top[2]) - {"STRING", "NUMBER", "BOOLEAN"}:
            study.errors.append(f"{name}: data types {top[2]}")
        if not all(re.fullmatch(r"-1|\d+", cell) for cell in top[3]):
            study.errors.append(f"{name}: priorities {top[3]}")
        types = dict(zip(head, top[2], strict=True))
        for column in head:
            if not column.isupper() or column in {"MUTATION_COUNT", "FRACTION_GENOME_ALTERED"}:
                study.errors.append(f"{name}: column {column}")
            if column in PATIENT_LEVEL:
                study.errors.append(f"{name}: {column} is the patient's")
            if column in SAMPLE_LEVEL and types[column] != "STRING":
                study.errors.append(f"{name}: {column} is text")
        if not {"PATIENT_ID", "SAMPLE_ID"} <= set(head):
            study.errors.append(f"{name}: no sample or patient")
            return
        for row in table(study, name, text):
            clinical_row(study, name, row, types)


def clinical_row(study: Study, name: str, row: Row, types: Row) -> None:
    for column in ("PATIENT_ID", "SAMPLE_ID"):
        if row[column].lower() in NULLS or BAD.search(row[column]):
            study.errors.append(f"{name}: {column} {row[column]!r}")
    if len(row["SAMPLE_ID"]) > 63:
        study.errors.append(f"{name}: SAMPLE_ID is too long")
    if row["SAMPLE_ID"] in study.samples:
        study.errors.append(f"{name}: a sample twice")
    study.samples.add(row["SAMPLE_ID"])
    for column, value in row.items():
        if types[column] == "NUMBER" and value.lower() not in NULLS and not number(value):
            study.errors.append(f"{name}: {column} {value!r} is no number")


def number(value: str) -> bool:
    try:
        return float(value.lstrip("<>")) is not None
    except ValueError:
        return False


def known(study: Study, name: str, sample: str) -> None:
    if sample not in study.samples:
        study.errors.append(f"{name}: unknown sample {sample!r}")


def case_lists(study: Study) -> None:
    ids = [f"{study.study}_all"] if any(
        meta.get("add_global_case_list") == "true" for meta in study.metas.values()
    ) else []  # fmt: skip
    categories = []
    for name, text in study.files.items():
        if not name.startswith("case_lists/"):
            continue
        found = fields(study, name, text)
        needed = {"cancer_study_identifier", "stable_id", "case_list_name",
                  "case_list_description", "case_list_ids"}  # fmt: skip
        study.errors += [f"{name}: no {key}" for key in sorted(needed - found.keys())]
        ids.append(found.get("stable_id", ""))
        if not ids[-1].startswith(f"{study.study}_"):
            study.errors.append(f"{name}: stable_id {ids[-1]}")
        category = found.get("case_list_category", "other")
        if category not in CATEGORIES:
            study.errors.append(f"{name}: category {category}")
        if category in categories and category != "other":
            study.remarks.append(f"{name}: category twice")
        categories.append(category)
        for sample in found.get("case_list_ids", "").split("\t"):
            known(study, name, sample)
    if len(set(ids)) < len(ids):
        study.errors.append("a case list twice")
    kinds = {(m.get("genetic_alteration_type"), m.get("datatype")) for m in study.metas.values()}
    mutated = ("MUTATION_EXTENDED", "MAF") in kinds
    copied = ("COPY_NUMBER_ALTERATION", "DISCRETE") in kinds
    wanted = {"all": True, "sequenced": mutated, "cna": copied}
    for suffix, wants in wanted.items():
        if wants and f"{study.study}_{suffix}" not in ids:
            study.errors.append(f"no case list {suffix}")
    if mutated and copied and f"{study.study}_cnaseq" not in ids:
        study.remarks.append("no case list cnaseq")


def panels(study: Study) -> None:
    stable = {meta["stable_id"] for meta in study.metas.values() if "stable_id" in meta}
    for name, _, text in study.data(("GENE_PANEL_MATRIX", "GENE_PANEL_MATRIX")):
        head = columns(text)
        if head[0] != "SAMPLE_ID" or set(head[1:]) - stable:
            study.errors.append(f"{name}: columns {head}")
            continue
        seen = set()
        for row in table(study, name, text, blanks=False):
            known(study, name, row["SAMPLE_ID"])
            if row["SAMPLE_ID"] in seen:
                study.errors.append(f"{name}: a sample twice")
            seen.add(row["SAMPLE_ID"])
            for panel in set(head[1:]) and {row[column] for column in head[1:]}:
                file = f"data_gene_panel_{panel}.txt"
                if panel not in ("NA", "WGS", "WXS") and file not in study.files:
                    study.remarks.append(f"{name}: panel {panel} must be in the portal")
    for name, text in study.files.items():
        if name.startswith("data_gene_panel_") and "matrix" not in name:
            found = fields(study, name, text)
            genes = found.get("gene_list", "").split("\t")
            if found.keys() != {"stable_id", "description", "gene_list"} or not all(genes):
                study.errors.append(f"{name}: stable_id, description, gene_list")
            elif (
                len(set(genes)) < len(genes) or name != f"data_gene_panel_{found['stable_id']}.txt"
            ):
                study.errors.append(f"{name}: genes")


def mutations(study: Study) -> None:
    genome = next((m["reference_genome"] for m in study.metas.values() if "reference_genome" in m),
                  "hg19")  # fmt: skip
    build = {"hg19": "GRCh37", "hg38": "GRCh38"}.get(genome, "")
    for name, meta, text in study.data(("MUTATION_EXTENDED", "MAF")):
        head = set(columns(text))
        needed = {"Tumor_Sample_Barcode", "Hugo_Symbol", "Variant_Classification", "HGVSp_Short"}
        study.errors += [f"{name}: no {column}" for column in sorted(needed - head)]
        if "SWISSPROT" not in head:
            study.remarks.append(f"{name}: no SWISSPROT")
        elif "swissprot_identifier" not in meta:
            study.remarks.append(f"{name}: SWISSPROT without swissprot_identifier")
        normals = meta.get("normal_samples_list", "")
        seen = set()
        for row in table(study, name, text) if needed <= head else ():
            known(study, name, row["Tumor_Sample_Barcode"])
            key = tuple(row.get(column) for column in (
                "Entrez_Gene_Id", "Chromosome", "Start_Position", "End_Position",
                "Variant_Classification", "Tumor_Seq_Allele2", "HGVSp_Short"))  # fmt: skip
            skipped = row["Variant_Classification"] in SKIPPED
            if key in seen and not skipped:
                study.errors.append(f"{name}: {key} twice")
            seen.add(key)
            if not skipped:
                mutation_row(study, name, row, build, normals)


def mutation_row(study: Study, name: str, row: Row, build: str, normals: str) -> None:
    if row.get("NCBI_Build") and row["NCBI_Build"] != build:
        study.errors.append(f"{name}: build {row['NCBI_Build']}")
    if row["Hugo_Symbol"] in ("", "NA", "Unknown"):
        study.errors.append(f"{name}: no gene")
    if row["Variant_Classification"] not in CLASSES:
        study.remarks.append(f"{name}: class {row['Variant_Classification']!r}")
    for column in ("t_alt_count", "t_ref_count", "n_alt_count", "n_ref_count"):
        if not re.fullmatch(r"\d*|\.", row.get(column, "")):
            study.errors.append(f"{name}: {column} {row[column]!r}")
    for column in ("Start_Position", "End_Position"):
        if not row[column].isdigit():
            study.errors.append(f"{name}: {column} {row[column]!r}")
    change = row["HGVSp_Short"]
    if "p." in change[1:] or ";" in change or "," in change or len(change) > 255:
        study.errors.append(f"{name}: protein change {change!r}")
    if change in ("", "NULL", "NA") and row["Variant_Classification"] != "Splice_Site":
        study.remarks.append(f"{name}: no protein change")
    matched = row.get("Matched_Norm_Sample_Barcode", "")
    if normals and matched and matched not in [item.strip() for item in normals.split(",")]:
        study.errors.append(f"{name}: normal {matched}")
    if row["Chromosome"].startswith("chr"):
        study.errors.append(f"{name}: {row['Chromosome']}")
    alleles(study, name, row)


def alleles(study: Study, name: str, row: Row) -> None:
    kind = row["Variant_Type"]
    ref, one, two = (row[c] for c in ("Reference_Allele", "Tumor_Seq_Allele1", "Tumor_Seq_Allele2"))
    if not row["Start_Position"].isdigit() or not row["End_Position"].isdigit():
        return
    start, end = int(row["Start_Position"]), int(row["End_Position"])
    width = end - start + 1
    if set(ref + one + two) - set("ACGT-"):
        study.remarks.append(f"{name}: alleles {ref} {one} {two}")
    if start > end:
        study.remarks.append(f"{name}: start behind end")
    size = {"SNP": 1, "DNP": 2, "TNP": 3}.get(kind)
    if size is not None and {len(ref), len(two)} != {size}:
        study.remarks.append(f"{name}: {kind} {ref}>{two}")
    if size is not None and len(one) != size:
        study.remarks.append(f"{name}: Tumor_Seq_Allele1 of another length, or unknown")
    if kind in ("INS", "DEL") and not one:
        study.remarks.append(f"{name}: Tumor_Seq_Allele1 of another length, or unknown")
    if kind == "INS" and (width not in (2, len(ref)) or len(ref) > max(len(one), len(two))):
        study.remarks.append(f"{name}: insertion {start} {end} {ref}>{two}")
    if kind == "DEL" and (width != len(ref) or len(ref) < max(len(one), len(two))):
        study.remarks.append(f"{name}: deletion {start} {end} {ref}>{two}")


def matrices(study: Study) -> None:
    for datatype in ("DISCRETE", "LOG2-VALUE"):
        for name, _, text in study.data(("COPY_NUMBER_ALTERATION", datatype)):
            head = columns(text)
            if head[0] != "Hugo_Symbol":
                study.errors.append(f"{name}: header {head}")
                continue
            if "Entrez_Gene_Id" not in head:
                study.remarks.append(f"{name}: no Entrez_Gene_Id")
            samples = [column for column in head[1:] if column != "Entrez_Gene_Id"]
            for sample in samples:
                known(study, name, sample)
            genes = set()
            for row in table(study, name, text):
                if not row["Hugo_Symbol"]:
                    study.errors.append(f"{name}: no gene")
                if row["Hugo_Symbol"] in genes:
                    study.remarks.append(f"{name}: a gene twice")
                genes.add(row["Hugo_Symbol"])
                for sample in samples:
                    value = row[sample]
                    steps = {"-2", "-1.5", "-1", "0", "1", "2", "NA"}
                    fits = value in steps if datatype == "DISCRETE" else (
                        value == "NA" or number(value))  # fmt: skip
                    if not fits:
                        study.errors.append(f"{name}: {row['Hugo_Symbol']} {value!r}")


def segments(study: Study) -> None:
    for name, meta, text in study.data(("COPY_NUMBER_ALTERATION", "SEG")):
        build = {"hg19": "GRCh37", "hg38": "GRCh38"}.get(meta["reference_genome_id"])
        if columns(text) != ["ID", "chrom", "loc.start", "loc.end", "num.mark", "seg.mean"]:
            study.errors.append(f"{name}: header")
            continue
        if build is None:
            study.errors.append(f"{name}: {meta['reference_genome_id']}")
            continue
        lengths = build_named(build).lengths
        for row in table(study, name, text, blanks=False):
            known(study, name, row["ID"])
            length = lengths.get(f"chr{row['chrom']}", lengths.get(row["chrom"]))
            start, end = int(row["loc.start"]), int(row["loc.end"])
            if length is None or not 0 <= start <= end <= length:
                study.errors.append(f"{name}: {row['chrom']}:{start}-{end}")
            if start == end:
                study.remarks.append(f"{name}: a segment of no width")
            if not row["num.mark"].isdigit() or not number(row["seg.mean"]):
                study.errors.append(f"{name}: {row}")


def events(study: Study) -> None:
    for name, _, text in study.data(("STRUCTURAL_VARIANT", "SV")):
        head = columns(text)
        if not {"Sample_Id", "SV_Status"} <= set(head):
            study.errors.append(f"{name}: header")
            continue
        wanted = [f"Site{end}_{column}" for end in (1, 2) for column in SITES]
        missing = sorted(set(wanted) - set(head))
        if missing:
            study.remarks.append(f"{name}: no {', '.join(missing)}")
        seen = set()
        for row in table(study, name, text):
            known(study, name, row["Sample_Id"])
            if row["SV_Status"] not in ("SOMATIC", "GERMLINE"):
                study.errors.append(f"{name}: {row['SV_Status']}")
            if row.get("NCBI_Build") not in ("GRCh37", "GRCh38"):
                study.errors.append(f"{name}: build")
            if not row["Site1_Hugo_Symbol"] and not row["Site2_Hugo_Symbol"]:
                study.errors.append(f"{name}: no gene")
            key = tuple(row.get(column, "") for column in [*wanted, "Event_Info"])
            if key in seen:
                study.errors.append(f"{name}: {row['Event_Info']} twice")
            seen.add(key)


def assays(study: Study) -> None:
    for name, meta, text in study.data(("GENERIC_ASSAY", "LIMIT-VALUE")):
        first = ["ENTITY_STABLE_ID", *meta["generic_entity_meta_properties"].split(",")]
        head = columns(text)
        if head[: len(first)] != first or not head[len(first) :]:
            study.errors.append(f"{name}: header {head}")
            continue
        for sample in head[len(first) :]:
            known(study, name, sample)
        seen = set()
        for row in table(study, name, text):
            entity = row["ENTITY_STABLE_ID"]
            if entity in seen or not entity or BAD.search(entity):
                study.errors.append(f"{name}: {entity!r}")
            seen.add(entity)
            for sample in head[len(first) :]:
                value = row[sample]
                if value not in ("", "NA") and not re.fullmatch(r"[<>]?-?\d+(\.\d+)?", value):
                    study.errors.append(f"{name}: {value!r}")
                elif re.fullmatch(r"-?\d+(\.0*)?", value):
                    study.remarks.append(f"{name}: {value} without decimals")
