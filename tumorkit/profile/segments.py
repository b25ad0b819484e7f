"""Segments of a case: from whatever it has, for the purity and for the calls."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tumorkit.copynumber.alleles.run import AllelesFiles, run_alleles, write_alleles
from tumorkit.copynumber.bins import BinsParams
from tumorkit.copynumber.coverage.run import run_coverage, write_coverage
from tumorkit.copynumber.normalize.run import Against, run_normalize, write_normalize
from tumorkit.copynumber.segment.run import run_segment, write_segment
from tumorkit.copynumber.workflow import RunParams
from tumorkit.copynumber.workflow.files import RunFiles
from tumorkit.copynumber.workflow.run import bins_for
from tumorkit.io.alignment import open_alignment
from tumorkit.io.atomic import write_text
from tumorkit.io.bins import bins_text
from tumorkit.io.outputs import Outputs
from tumorkit.io.vcf import open_vcf
from tumorkit.profile.result import Part
from tumorkit.profile.work import Work, known, unknown

BINS = "bins.bed"
RATIOS, SEGMENTS, SNPS = "copy_ratios.cnr", "segments.cns", "snps.tsv"
METHODS: dict[str, Literal["hybrid", "amplicon", "wgs"]] = {"amplicon": "amplicon", "wgs": "wgs"}
NOTHING = (
    "no copy ratios (--copy-ratios), segments (--segments), or pair of coverages or alignments "
    "with targets were given"
)
NO_NORMAL = (
    "the tumour's coverage has nothing to be held against: no panel of normals "
    "(--panel-of-normals), no normal (--normal, --normal-coverage) and no copy ratios were given"
)
NO_TUMOR = (
    "a panel of normals, but nothing of the tumour to hold against it: no coverage (--coverage) "
    "and no alignment (--tumor) were given"
)


@dataclass(frozen=True, kw_only=True)
class Segmented:
    """Where segments, copy ratios and counts of SNPs lie; whether one X stands at log2 0."""

    segments: Path
    ratios: Path | None
    snps: Path | None
    haploid_x: bool


def segments_part(work: Work) -> Part:
    """Make copy ratios and segments as far as they were not given."""
    files: list[str] = []
    inputs = work.case.inputs
    ratios, haploid_x = copy_ratios_of(work, files)
    if ratios is None and inputs.segments is None:
        given = inputs.given()
        partial = "coverage" in given or {"tumor", "targets"} <= set(given)
        if "panel_of_normals" in given and not partial and "tumor" not in given:
            return unknown("segments", NO_TUMOR)
        return unknown("segments", NO_NORMAL if partial else NOTHING)
    if inputs.segments is None and ratios is not None:
        segmented(work, ratios, files)
    return known("segments", {"haploid_x": haploid_x, "made": list(files)}, *files)


def segmented_files(work: Work) -> Segmented | None:
    """Return the files of the segments, given or made; None where there are none."""
    part, inputs = work.done["segments"], work.case.inputs
    if part.status != "ok":
        return None
    made = work.document("segments")
    names = set(made["made"])

    def place(given: Path | None, name: str) -> Path | None:
        return given or (work.outdir / name if name in names else None)

    segments = place(inputs.segments, SEGMENTS)
    return (
        None
        if segments is None
        else Segmented(
            segments=segments,
            ratios=place(inputs.copy_ratios, RATIOS),
            snps=place(None, SNPS),
            haploid_x=bool(made["haploid_x"]),
        )
    )


def segmented(work: Work, ratios: Path, files: list[str]) -> Path:
    """Segment copy ratios and write ``segments.cns``."""
    path = work.outdir / SEGMENTS
    found = run_segment(
        ratios,
        params=work.case.assay.segment,
        build=work.case.build,
        sample=work.case.sample,
        snps=counted_snps(work, files),
        progress=work.progress,
    )
    write_segment(found, Outputs(output=path))
    files.append(path.name)
    return path


def copy_ratios_of(work: Work, files: list[str]) -> tuple[Path | None, bool]:
    """Return copy ratios as given or made, and whether one X stands at log2 0 in them.

    A panel of normals goes before the patient's own normal: it knows how much each bin varies.
    Against the patient's own normal one X stands at log2 0, too.
    """
    inputs = work.case.inputs
    if inputs.copy_ratios is not None:
        return inputs.copy_ratios, False
    # Depth is measured where the panel has its bins.
    places = inputs.panel_of_normals or made_bins(work, files) or inputs.targets
    tumor = coverage_of(work, inputs.coverage, inputs.tumor, places, "tumor", files)
    normal = None
    if inputs.panel_of_normals is None:
        normal = coverage_of(work, inputs.normal_coverage, inputs.normal, places, "normal", files)
        if normal is None:
            return None, False
    if tumor is None:
        return None, False
    found = run_normalize(
        [tumor],
        Against(
            panel_of_normals=inputs.panel_of_normals,
            normal=normal,
            reference=None if places is not None and places.name == BINS else inputs.reference,
            bins=places if places is not None and places.name == BINS else None,
        ),
        build=work.case.build,
        sex=work.case.case.sex or None,
        progress=work.progress,
    )
    for note in found.notes:
        work.progress.log(note)
    path, dropped = work.outdir / RATIOS, work.outdir / "dropped_bins.tsv"
    write_normalize(found, Outputs(output=path), dropped=dropped)
    files += [path.name, dropped.name]
    return path, bool(found.haploid_x_reference)


def made_bins(work: Work, files: list[str]) -> Path | None:
    """Write bins of targets and of what lies between them, where both samples are alignments.

    None where coverages were given, which have their own bins, or where there is no reference.
    """
    inputs, case = work.case.inputs, work.case.case
    needed = (inputs.tumor, inputs.normal, inputs.targets, inputs.reference)
    given = (inputs.coverage, inputs.normal_coverage, inputs.panel_of_normals)
    if inputs.tumor is None or inputs.reference is None or None in needed or any(given):
        return None
    method = METHODS.get(case.library or work.case.assay.library, "hybrid")
    made = bins_for(
        RunFiles(tumor=inputs.tumor, reference=inputs.reference, targets=inputs.targets),
        RunParams(bins=BinsParams(method=method)),
        open_alignment(inputs.tumor, reference=inputs.reference),
        work.progress,
    )
    for note in made.notes:
        work.progress.log(note)
    path = work.outdir / BINS
    write_text(path, bins_text(made.bins))
    files.append(path.name)
    return path


def counted_snps(work: Work, files: list[str]) -> Path | None:
    """Write reads of both alleles at SNPs: those of the germline VCF, else those the reads show.

    None where the tumour has no alignment, where no normal tells which SNPs are heterozygous, or
    where none is.
    """
    inputs = work.case.inputs
    shown = None not in (inputs.normal, inputs.targets, inputs.reference)
    if inputs.tumor is None or not (inputs.germline or shown):
        return None
    found = run_alleles(
        AllelesFiles(
            tumor=inputs.tumor,
            normal=inputs.normal,
            germline=inputs.germline,
            targets=inputs.targets,
            reference=inputs.reference,
            normal_sample=normal_in(inputs.germline, work.case.normal),
        ),
        threads=work.threads,
        progress=work.progress,
    )
    for note in found.notes:
        work.progress.log(note)
    if not found.heterozygous:
        return None
    path = work.outdir / SNPS
    write_alleles(found, Outputs(output=path))
    files.append(path.name)
    return path


def normal_in(germline: Path | None, name: str | None) -> str | None:
    """Return the normal's name if the germline VCF has it; a VCF of one sample needs none."""
    if germline is None or name is None:
        return None
    with open_vcf(germline) as source:
        return name if name in source.header.samples else None


def coverage_of(
    work: Work,
    coverage: Path | None,
    alignment: Path | None,
    places: Path | None,
    role: str,
    files: list[str],
) -> Path | None:
    """Return a coverage as given, or measured on the bins or targets of ``places``."""
    if coverage is not None or alignment is None or places is None:
        return coverage
    path = work.outdir / f"{role}.cnn"
    found = run_coverage(
        alignment,
        targets=places,
        reference=work.case.inputs.reference,
        threads=work.threads,
        progress=work.progress,
    )
    write_coverage(found, Outputs(output=path))
    files.append(path.name)
    return path
