"""The parts of a profile: each takes what the case has and says what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tumorkit.contract.result import to_document
from tumorkit.profile.copy_number import copy_number_part
from tumorkit.profile.hrd import hrd_part
from tumorkit.profile.msi import msi_part
from tumorkit.profile.prepare import Prepared
from tumorkit.profile.purity import fit_of, purity_part
from tumorkit.profile.result import Part
from tumorkit.profile.segments import segments_part
from tumorkit.profile.signatures import signatures_part
from tumorkit.profile.structural import EVENTS, class_step, structural_part
from tumorkit.profile.work import Work, earlier_part, known, unknown
from tumorkit.variants.structural.callers import CLASSES

if TYPE_CHECKING:
    from tumorkit.variants.evidence.run import CaseFiles
    from tumorkit.variants.filter.params import Preparation

CALLED = "segments.call.cns"
NO_SOMATIC = "no somatic VCF was given (--somatic)"


@dataclass(frozen=True, kw_only=True)
class Step:
    """A part, what it reads and how it is run; ``reads`` and ``settings`` decide on reuse."""

    name: str
    reads: tuple[str, ...]
    settings: tuple[str, ...]
    after: tuple[str, ...]
    run: Callable[[Work], Part]


def preparation_of(material: str, library: str) -> Preparation:
    """Return how a sample was prepared, from the words that a case has for it.

    >>> preparation_of("frozen", "umi-consensus").said()
    {'material': 'fresh-frozen', 'reads': 'consensus'}
    """
    from tumorkit.variants.filter.params import Preparation

    # What a case calls a library of molecular tags says of the reads, not of the capture.
    reads = library.removeprefix("umi-") if library.startswith("umi-") else ""
    named: dict[str, Any] = {
        "material": {"frozen": "fresh-frozen"}.get(material, material),
        "library": "" if reads else library,
        "reads": reads,
    }
    return Preparation(**{name: value for name, value in named.items() if value})


def case_files_of(work: Work, preset_name: str) -> CaseFiles:
    """Return what the case and its copy numbers say to the origin of variants, if it is asked."""
    from tumorkit.variants.evidence.run import CaseFiles
    from tumorkit.variants.filter.evidence_columns import names_asked
    from tumorkit.variants.filter.presets import preset

    if not names_asked(preset(preset_name)):
        return CaseFiles()
    inputs, called = work.case.inputs, work.done.get("copy_number")
    given = work.case.case.purity
    absolute = given is not None and called is not None and CALLED in called.files
    return CaseFiles(
        background=inputs.background,
        segments=work.outdir / CALLED if absolute else None,
        reference=inputs.reference,
        purity_fit=fit_of(work),
        purity=given,
        sex=work.case.case.sex,
    )


def variants_part(work: Work) -> Part:
    """Filter the somatic VCF by the assay's preset."""
    from tumorkit.variants.filter.run import run_filter

    case, inputs, assay = work.case.case, work.case.inputs, work.case.assay
    if inputs.somatic is None:
        return unknown("variants", NO_SOMATIC)
    paired = work.case.normal is not None
    preset = case.filter_preset or (assay.filter_paired if paired else assay.filter_tumor_only)
    roles = work.case.roles
    result = run_filter(
        inputs.somatic,
        output=work.outdir / "variants.vcf.gz",
        audit=work.outdir / "variants.audit.tsv",
        preset=preset,
        tumor=roles.tumor if roles else None,
        normal=roles.normal if roles else None,
        transcripts=inputs.transcripts,
        files=case_files_of(work, preset),
        preparation=preparation_of(case.material or assay.material, case.library or assay.library),
        progress=work.progress,
    )
    files = ["variants.vcf.gz", "variants.audit.tsv"]
    index = work.outdir / "variants.vcf.gz.tbi"
    if index.exists():
        files.insert(1, index.name)
    return known("variants", to_document(result), *files)


def tmb_part(work: Work) -> Part:
    """Count mutations per megabase by the assay's schemes; the first one leads."""
    from tumorkit.io.outputs import Outputs
    from tumorkit.tmb.run import TmbFiles, run_tmb, write_tmb
    from tumorkit.variants.evidence.run import CaseFiles

    case, inputs = work.case.case, work.case.inputs
    if inputs.tmb_result is not None:
        return earlier_part(work, "tmb", inputs.tmb_result)
    if inputs.somatic is None:
        return unknown("tmb", NO_SOMATIC)
    presets = case.tmb_presets or work.case.assay.tmb
    if not presets:
        return unknown("tmb", "no TMB scheme: name an assay, or a scheme with --tmb-presets")
    roles = work.case.roles
    result = run_tmb(
        inputs.somatic,
        preset=presets,
        targets=inputs.targets,
        exons=inputs.exons,
        tumor=roles.tumor if roles else None,
        normal=roles.normal if roles else None,
        transcripts=inputs.transcripts,
        case_files=CaseFiles(purity=case.purity, purity_fit=fit_of(work)),
        files=TmbFiles(trace=work.outdir / "tmb.trace.tsv"),
        progress=work.progress,
    )
    write_tmb(result, Outputs(json=work.outdir / "tmb.json"))
    return known("tmb", to_document(result), "tmb.json", "tmb.trace.tsv")


STEPS = (
    Step(
        name="segments",
        reads=(
            "copy_ratios", "segments", "coverage", "normal_coverage", "tumor", "normal",
            "panel_of_normals", "targets", "reference", "germline",
        ),
        settings=("sex", "assay", "build", "library", "normal_sample"),
        after=(),
        run=segments_part,
    ),
    Step(
        name="purity",
        reads=(
            "purity_result", "copy_ratios", "segments", "somatic", "germline", "genes", "exons",
        ),
        settings=(
            "purity", "ploidy", "pathology_purity", "pathology_sd", "sex", "haploid_x_reference",
            "tumor_sample", "normal_sample",
        ),
        after=("segments",),
        run=purity_part,
    ),
    Step(
        name="copy_number",
        reads=("copy_ratios", "segments", "genes", "exons", "panel_of_normals"),
        settings=("purity", "ploidy", "sex", "haploid_x_reference", "assay", "build"),
        after=("segments", "purity"),
        run=copy_number_part,
    ),
    Step(
        name="variants",
        reads=("somatic", "background", "reference", "transcripts"),
        settings=(
            "filter_preset",
            "assay",
            "tumor_sample",
            "normal_sample",
            "material",
            "library",
            "sex",
        ),
        after=("purity", "copy_number"),
        run=variants_part,
    ),
    Step(
        name="tmb",
        reads=("somatic", "tmb_result", "targets", "exons", "transcripts"),
        settings=("tmb_presets", "assay", "tumor_sample", "normal_sample", "purity"),
        after=("purity",),
        run=tmb_part,
    ),
    Step(
        name="msi",
        reads=("msi_result", "tumor", "normal", "loci", "msi_baseline", "reference"),
        settings=("assay", "msi_preset", "purity"),
        after=("purity",),
        run=msi_part,
    ),
    Step(
        name="hrd",
        reads=("hrd_result", "segments", "copy_ratios"),
        settings=("purity", "ploidy", "build"),
        after=("segments", "purity", "copy_number"),
        run=hrd_part,
    ),
    Step(
        name="signatures",
        reads=("signatures_result", "signatures", "reference", "targets"),
        settings=("material", "assay"),
        after=("variants",),
        run=signatures_part,
    ),
    Step(
        name=EVENTS,
        reads=(*CLASSES, "genes", "exons"),
        settings=("tumor_sample", "build"),
        after=(),
        run=structural_part,
    ),
    *(
        Step(name=name, reads=(name,), settings=(), after=(EVENTS,), run=class_step(name))
        for name in CLASSES
    ),
)  # fmt: skip


def check_presets(prepared: Prepared) -> None:
    """Raise for a preset that nobody knows, before anything is run."""
    from tumorkit.tmb.run import scheme_of
    from tumorkit.variants.filter.presets import preset

    if prepared.case.filter_preset:
        preset(prepared.case.filter_preset)
    for name in prepared.case.tmb_presets:
        scheme_of(name)
