"""What a profile says of its case, apart from how its parts are run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tumorkit.errors import InputError
from tumorkit.profile.assays import Assay
from tumorkit.profile.params import Case, CaseInputs
from tumorkit.profile.result import Biomarker, CaseSummary, Part

TITLES = {
    "variants": "Small variants",
    "copy_number": "Copy number",
    "segments": "Segments",
    "purity": "Purity and ploidy",
    "tmb": "Tumour mutational burden",
    "msi": "Microsatellite instability",
    "hrd": "Homologous recombination deficiency",
    "signatures": "Mutational signatures",
    "structural_events": "Structural events",
    "fusions": "Fusions",
    "structural_variants": "Structural variants",
    "internal_tandem_duplications": "Internal tandem duplications",
    "germline": "Germline findings",
}

# What tumorkit does not call itself, said in every report, so that silence is not read as absence.
NEVER_ASSESSED = {
    "fusions": "not assessed: no fusion calls were given (--fusions)",
    "structural_variants": (
        "not assessed: no structural variant calls were given (--structural-variants)"
    ),
    "internal_tandem_duplications": (
        "not assessed: FLT3-ITD and others need their own caller (--internal-tandem-duplications)"
    ),
}

MAIN_BIOMARKERS = {"purity": "Purity", "tmb": "TMB", "msi": "MSI"}
HRD_SUM = "sum"


def summarize_case(
    case: Case, inputs: CaseInputs, assay: Assay, *, sample: str, normal: str | None,
    purity: float | None, ploidy: float | None, purity_source: str | None,
    purity_used: str | None = None, ploidy_source: str | None = None,
) -> CaseSummary:  # fmt: skip
    """Return who the case is; empty settings become None, presets of the assay fill in."""
    return CaseSummary(
        sample=sample,
        normal_sample=normal,
        tumor_only=tumor_only(inputs, normal),
        assay=case.assay or None,
        tumor_type=case.tumor_type or None,
        material=case.material or assay.material or None,
        library=case.library or assay.library or None,
        purity=purity,
        purity_source=purity_source,
        purity_used=purity_used,
        ploidy=ploidy,
        ploidy_source=ploidy_source,
        pathology_purity=case.pathology_purity,
        sex=case.sex or None,
        date=case.date or None,
    )


def tumor_only(inputs: CaseInputs, normal: str | None) -> bool | None:
    """Whether there was no matched normal; None where no input says so.

    Copy ratios and results of earlier steps are silent on what they were held against.
    """
    if normal is not None or inputs.normal is not None or inputs.normal_coverage is not None:
        return False
    reads = (inputs.tumor, inputs.somatic, inputs.coverage)
    return True if any(reads) else None


def never_assessed(*, germline_given: bool) -> tuple[Part, ...]:
    """Return the parts that are said to be not assessed rather than left out."""
    reasons = dict(NEVER_ASSESSED)
    reasons["germline"] = (
        "not assessed: a germline VCF was given, but its findings are not reported here"
        if germline_given
        else "not assessed: no germline VCF was given"
    )
    return tuple(
        Part(name=name, title=TITLES[name], status="not_evaluable", reason=reason)
        for name, reason in reasons.items()
    )


def biomarkers_of(parts: Iterable[Part]) -> tuple[Biomarker, ...]:
    """Return the first table of the report: one estimate per biomarker, known or not."""
    rows: list[Biomarker] = []
    for part in parts:
        if part.name == "hrd":
            rows.append(biomarker(part, "HRD sum", TITLES["hrd"], HRD_SUM))
        elif part.name in MAIN_BIOMARKERS:
            rows.append(biomarker(part, MAIN_BIOMARKERS[part.name], TITLES[part.name], None))
            if part.name == "purity":
                rows.append(biomarker(part, "Ploidy", "Ploidy", "ploidy"))
    return tuple(rows)


def biomarker(part: Part, name: str, title: str, field: str | None) -> Biomarker:
    """Return one row: the document's main estimate, or the one under ``field``."""
    estimate: Mapping[str, Any]
    document = part.result or {}
    found = document.get(field) if field else document
    if part.status == "ok" and isinstance(found, Mapping) and "status" in found:
        estimate = {key: found.get(key) for key in ESTIMATE_FIELDS}
    else:
        reason = part.reason or "the result does not hold it"
        status = "failed" if part.status == "failed" else "not_evaluable"
        estimate = dict.fromkeys(ESTIMATE_FIELDS) | {
            "unit": "",
            "status": status,
            "reason": reason,
            "evidence": {},
            "cutoffs": [],
        }
    scheme = document.get("scheme")
    return Biomarker(name=name, title=title, scheme=scheme, part=part.name, estimate=estimate)


ESTIMATE_FIELDS = (
    "value",
    "unit",
    "low",
    "high",
    "level",
    "evidence",
    "status",
    "reason",
    "call",
    "cutoffs",
)


def hints_of(parts: Iterable[Part], *, somatic: str, build: str, reference: str) -> tuple[str, ...]:
    """Return what would make more of the profile evaluable."""
    hints = []
    for part in parts:
        if part.name == "variants" and part.result and not part.result.get("annotated"):
            hints.append(
                "The somatic VCF is not annotated (no CSQ, ANN or BCSQ): gene names, coding TMB, "
                f"tiers and MAF are not evaluable. Annotate it with: "
                f"{vep_command(somatic, build, reference)}"
            )
    return tuple(hints)


def vep_command(vcf: str, build: str, reference: str) -> str:
    """Return the VEP command line that gives a VCF the annotation that the rooms read.

    Where the build is not known, the word BUILD stands for it.

    >>> vep_command("a.vcf.gz", "GRCh37", "").split(" --")[2]
    'output_file a.vep.vcf.gz'
    """
    assembly = build or "BUILD"
    stem = vcf.removesuffix(".gz").removesuffix(".vcf")
    fasta = reference or f"{assembly}.fa"
    return (
        f"vep --input_file {vcf} --output_file {stem}.vep.vcf.gz --vcf --compress_output bgzip "
        f"--assembly {assembly} --fasta {fasta} --offline --cache --everything --mane "
        "--flag_pick --hgvs --no_escape --force_overwrite"
    )


def check_earlier_result(
    document: Mapping[str, Any],
    *,
    path: str,
    schema: str,
    sample: str,
    build: str,
    digests: Mapping[str, str],
) -> None:
    """Raise if a result of an earlier step does not belong to this case.

    Its schema, sample and build must agree, and every input that both know by the same role must
    have the same content.
    """
    found = document.get("schema")
    if found != f"tumorkit/{schema}":
        raise InputError(path, f"expected a tumorkit/{schema} result, found {found!r}")
    for name, wanted in (("sample", sample), ("build", build)):
        said = document.get(name)
        if said and wanted and said != wanted:
            raise InputError(
                path,
                f"{name} is {said!r}, the case's is {wanted!r}",
                hint="give the result of this case's own run",
            )
    for item in document.get("inputs", ()):
        known = digests.get(item["role"])
        if known is not None and known != item["sha256"]:
            raise InputError(
                path,
                f"was made from another {item['role']} file ({item['name']}) than this case has",
                hint=f"run tumorkit {schema} again on this case's files",
            )
