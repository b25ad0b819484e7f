"""Run the steps of copy number in order and write their files, all or none."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from tumorkit.contract.progress import SILENT, Progress
from tumorkit.contract.result import Result, dumps, to_document
from tumorkit.copynumber.alleles.analysis import sex_by_alleles
from tumorkit.copynumber.alleles.result import AllelesResult
from tumorkit.copynumber.alleles.run import AllelesFiles, run_alleles, write_alleles
from tumorkit.copynumber.bins.result import BinsResult
from tumorkit.copynumber.bins.run import BinsFiles, run_bins
from tumorkit.copynumber.call.analysis import Sex
from tumorkit.copynumber.call.result import CallResult
from tumorkit.copynumber.call.run import run_call, write_call
from tumorkit.copynumber.coverage.result import CoverageResult
from tumorkit.copynumber.coverage.run import run_coverage
from tumorkit.copynumber.normalize.result import NormalizeResult
from tumorkit.copynumber.normalize.run import Against, run_normalize, write_normalize
from tumorkit.copynumber.segment.result import SegmentResult
from tumorkit.copynumber.segment.run import run_segment, write_segment
from tumorkit.copynumber.segment.run import summary as segment_summary
from tumorkit.copynumber.workflow.analysis import (
    of_contigs,
    off_target_note,
    require_covered,
    settle_sex,
    silent_contigs,
    spans_of_genes,
    without_off_target,
)
from tumorkit.copynumber.workflow.files import Known, RunFiles, check_files
from tumorkit.copynumber.workflow.params import RunParams
from tumorkit.copynumber.workflow.report import assemble, step_of, summary
from tumorkit.copynumber.workflow.result import RunResult, SettledSex, StepReport
from tumorkit.errors import InputError, TumorkitError
from tumorkit.genome.bins import Bins
from tumorkit.genome.coverage import TargetDepth
from tumorkit.io.alignment import Alignment, open_alignment
from tumorkit.io.atomic import cannot_write, write_text
from tumorkit.io.bins import bins_text, read_bins, read_reference
from tumorkit.io.coverage import coverage_text
from tumorkit.io.digest import digest_beside, input_file, require_two_files
from tumorkit.io.outputs import Outputs
from tumorkit.io.text import require_file

BINS, REPORT, PICTURE = "bins.bed", "run.json", "genome.svg"
SEXES: dict[str | None, Sex] = {"male": "male", "female": "female"}
DROPPED, GENES, ARMS = "dropped_bins.tsv", "genes.tsv", "arms.tsv"


@dataclass(kw_only=True)
class _Work:
    """A run under way: its inputs, the folder that holds its files until all are there."""

    files: RunFiles
    params: RunParams
    known: Known
    folder: Path
    threads: int
    progress: Progress
    tumor: Alignment
    normal: Alignment | None
    steps: list[StepReport] = field(default_factory=list)

    @property
    def sample(self) -> str:
        """Name of the tumour, also the stem of its files."""
        return self.known.sample or self.tumor.sample

    def path(self, suffix: str) -> Path:
        """Return the path of a file named after the sample."""
        return self.folder / f"{self.sample.replace('/', '_')}{suffix}"

    def done(
        self, name: str, result: Result, *files: Path, notes: tuple[str, ...] | None = None
    ) -> None:
        """Keep the report of a step."""
        self.steps.append(step_of(name, result, [path.name for path in files], notes=notes))


def run_copy_number(
    files: RunFiles,
    *,
    outdir: Path,
    params: RunParams | None = None,
    known: Known | None = None,
    threads: int = 1,
    progress: Progress = SILENT,
) -> RunResult:
    """Measure copy number from alignments and write the files of every step into a folder.

    The folder gets bins.bed, coverages (.cnn), copy ratios (.cnr), allele counts (.snps.tsv),
    segments (.cns, .call.cns), dropped_bins.tsv, genes.tsv, arms.tsv, genome.svg and, last,
    run.json. Nothing is written unless every step succeeds; two runs give equal bytes, whatever
    the number of threads. Raises the errors of its steps.
    """
    known, params = known or Known(), params or RunParams()
    check_files(files, params)
    for _, path in files.given():
        require_file(path)
    digest_beside(path for _, path in files.given())
    alleles = replace(params.alleles, min_mapping_quality=params.coverage.min_mapping_quality)
    tumor = open_alignment(files.tumor, reference=files.reference, progress=progress)
    normal = None
    if files.normal is not None:
        require_two_files(files.tumor, files.normal)
        normal = open_alignment(files.normal, reference=files.reference, progress=progress)
    with staged(outdir) as folder:
        work = _Work(
            files=files,
            params=replace(params, alleles=alleles),
            known=known,
            folder=folder,
            threads=threads,
            progress=progress,
            tumor=tumor,
            normal=normal,
        )
        result = run_steps(work)
        write_text(folder / REPORT, dumps(to_document(result)))
    return result


@contextlib.contextmanager
def staged(outdir: Path) -> Iterator[Path]:
    """Give a folder inside ``outdir`` whose files move up on success; on failure they are gone."""
    fresh = not outdir.exists()
    try:
        outdir.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(dir=outdir, prefix=".run-"))
    except OSError as error:
        raise cannot_write(outdir, error) from error
    try:
        yield folder
        # The report goes last: where it stands, all the others do.
        for path in sorted(folder.iterdir(), key=lambda one: (one.name == REPORT, one.name)):
            path.replace(outdir / path.name)
    except OSError as error:
        raise cannot_write(outdir, error) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if fresh and not any(outdir.iterdir()):
            outdir.rmdir()


def run_steps(work: _Work) -> RunResult:
    """Run all steps."""
    bins, bins_path = make_bins(work)
    depths, normal = measure(work, bins, bins_path)
    counts = count_snps(work, bins)
    ratios, sex = hold_against(work, bins_path, depths, normal, counts)
    segments = find_segments(work, counts)
    calls = call_events(work, bins, ratios, sex)
    return assemble(
        sample=work.sample,
        params=work.params,
        inputs=tuple(input_file(role, path) for role, path in work.files.given()),
        sex=sex,
        tumor=depths,
        normal=normal,
        alleles=counts,
        ratios=ratios,
        segments=segments,
        calls=calls,
        steps=work.steps,
    )


def make_bins(work: _Work) -> tuple[Bins, Path]:
    """Write bins.bed: the panel's bins, bins made before, or bins of the targets or the genome."""
    files, path = work.files, work.folder / BINS
    made = files.panel_of_normals or files.bins
    if made is not None:
        panel = files.panel_of_normals is not None
        bins: Bins = read_reference(made)[0] if panel else read_bins(made)
        write_text(path, bins_text(bins))
        work.steps.append(
            StepReport(
                name="bins",
                inputs=(input_file("panel_of_normals" if panel else "bins", made),),
                files=(BINS,),
                counted={"bins": len(bins), "target_bins": int(bins.target.sum())},
                notes=(f"bins are those of {made.name}",),
            )
        )
        return bins, path
    result = bins_for(files, work.params, work.tumor, work.progress)
    for note in result.notes:
        work.progress.log(note)
    write_text(path, bins_text(result.bins))
    work.done("bins", result, path)
    return result.bins, path


def bins_for(
    files: RunFiles, params: RunParams, tumor: Alignment, progress: Progress = SILENT
) -> BinsResult:
    """Make bins of the targets or the genome that this tumour has enough reads for."""
    result = run_bins(
        BinsFiles(
            reference=files.reference,
            targets=files.targets,
            access=files.access,
            # Only off-target bins and windows need a depth to find their size.
            tumor=None if params.bins.method == "amplicon" else files.tumor,
            mappability=files.mappability,
            repeats=files.repeats,
            genes=files.genes,
        ),
        params=sized(params).bins,
        progress=progress,
    )
    bins, notes = result.bins, list(result.notes)
    silent = off_target_note(result.off_target_depth, result.off_target_size)
    if silent and result.off_target_bins:
        bins = without_off_target(bins)
        notes.append(silent)
    bins, note = of_contigs(bins, tumor.lengths, windows=params.bins.method == "wgs")
    notes += [note] if note else []
    if result.merged:
        notes.append(f"{result.merged} of {result.intervals} targets overlapped others: joined")
    off = ~bins.target
    return replace(
        result,
        bins=bins,
        target_bins=int(bins.target.sum()),
        off_target_bins=int(off.sum()),
        off_target_bases=int(bins.size[off].sum()),
        notes=tuple(notes),
    )


def sized(params: RunParams) -> RunParams:
    """Keep target bins at their usual size: depth chooses only that of off-target bins."""
    if params.bins.method == "wgs" or params.bins.bin_size is not None:
        return params
    from tumorkit.copynumber.bins.analysis import TARGET_SIZE

    return replace(params, bins=replace(params.bins, bin_size=TARGET_SIZE))


def measure(
    work: _Work, bins: Bins, bins_path: Path
) -> tuple[CoverageResult, CoverageResult | None]:
    """Write the coverage of the tumour and, where there is one, of its normal."""
    found: list[CoverageResult] = []
    left_out: tuple[str, ...] = ()
    for opened, suffix in ((work.tumor, ".cnn"), (work.normal, ".normal.cnn")):
        if opened is None:
            continue
        role = "the tumour" if opened is work.tumor else "the normal"
        result = run_coverage(
            opened.path,
            targets=bins_path,
            reference=work.files.reference,
            params=work.params.coverage,
            threads=work.threads,
            progress=work.progress,
        )
        try:
            note = require_covered(result.depths, role)
        except TumorkitError as error:
            raise InputError(opened.path, error.message, hint=error.hint) from error
        if opened is work.tumor:
            left_out = silent_contigs(result.depths)
        kept: tuple[TargetDepth, ...] = result.depths
        notes = [*result.notes, note] if note else list(result.notes)
        if left_out:
            kept = tuple(row for row in kept if row.contig not in left_out)
            notes.append(
                f"left out, without any read of the tumour: {', '.join(left_out)[:120]}; "
                "the file seems to hold a part of the genome"
            )
        path = work.path(suffix)
        write_text(path, coverage_text(kept))
        for note in notes:
            work.progress.log(note)
        step = "coverage of the tumour" if opened is work.tumor else "coverage of the normal"
        work.done(step, result, path, notes=tuple(notes))
        found.append(result)
    return found[0], found[1] if len(found) > 1 else None


def count_snps(work: _Work, bins: Bins) -> AllelesResult | None:
    """Write the allele counts; None where no SNP can be looked for.

    Reads lie anywhere in a genome; in a capture they lie around its targets.
    """
    files, wgs = work.files, work.params.bins.method == "wgs"
    if wgs and files.germline is None and files.snps is None:
        return None
    targets, drawn = files.targets, work.folder / ".targets.bed"
    if targets is None and not wgs:
        rows = zip(bins.contig, bins.start, bins.end, bins.target, strict=True)
        write_text(drawn, "".join(f"{a}\t{b}\t{c}\n" for a, b, c, on in rows if on))
        targets = drawn
    result = run_alleles(
        AllelesFiles(
            tumor=files.tumor,
            normal=files.normal,
            germline=files.germline,
            snps=files.snps,
            targets=None if wgs else targets,
            reference=files.reference,
            normal_sample=files.normal_sample,
        ),
        params=work.params.alleles,
        threads=work.threads,
        progress=work.progress,
    )
    drawn.unlink(missing_ok=True)
    path = work.path(".snps.tsv")
    write_alleles(result, Outputs(output=path))
    for note in result.notes:
        work.progress.log(note)
    work.done("alleles", result, path)
    return result


def hold_against(
    work: _Work,
    bins_path: Path,
    depths: CoverageResult,
    normal: CoverageResult | None,
    counts: AllelesResult | None,
) -> tuple[NormalizeResult, SettledSex]:
    """Write copy ratios against the panel, the normal or nothing; settle the sex."""
    panel = work.files.panel_of_normals
    paired = panel is None and normal is not None
    own = work.path(".normal.cnn")
    result = run_normalize(
        [work.path(".cnn")],
        Against(
            panel_of_normals=panel,
            normal=own if paired else None,
            flat=panel is None and not paired,
            bins=None if panel is not None else bins_path,
            reference=work.files.reference if panel is not None else None,
        ),
        params=work.params.normalize,
        build=work.known.build or work.tumor.build,
        sex=work.known.sex,
        progress=work.progress,
    )
    path, dropped = work.path(".cnr"), work.folder / DROPPED
    write_normalize(result, Outputs(output=path), dropped=dropped)
    for note in result.notes:
        work.progress.log(note)
    work.done("normalize", result, path, dropped)
    return result, sex_of(work, bins_path, result, counts, paired=paired)


def sex_of(
    work: _Work,
    bins_path: Path,
    ratios: NormalizeResult,
    counts: AllelesResult | None,
    *,
    paired: bool,
) -> SettledSex:
    """Settle the sex by coverage (of the normal where it is held against it) and by SNPs on X."""
    if work.known.sex is not None:
        return SettledSex(sex=work.known.sex, by_coverage=None, by_alleles=None, reason="given")
    shown = ratios.sex
    if paired:
        alone = Against(flat=True, bins=bins_path)
        shown = run_normalize([work.path(".normal.cnn")], alone, build=work.tumor.build).sex
    alleles = None
    if counts is not None:
        alleles = sex_by_alleles(counts.x_sites, counts.x_heterozygous)
    return settle_sex(shown.sex, alleles, shown.reason)


def find_segments(work: _Work, counts: AllelesResult | None) -> SegmentResult:
    """Write segments of copy ratios and alleles together."""
    usable = counts is not None and counts.heterozygous > 0
    result = run_segment(
        work.path(".cnr"),
        params=work.params.segment,
        build=work.known.build or work.tumor.build,
        sample=work.sample,
        snps=work.path(".snps.tsv") if usable else None,
        progress=work.progress,
    )
    path = work.path(".cns")
    write_segment(result, Outputs(output=path))
    notes = list(segment_summary(result).notes)
    if not usable:
        notes.append("alleles are not known: copy-neutral loss of heterozygosity cannot be seen")
    for note in notes:
        work.progress.log(note)
    work.done("segment", result, path, notes=tuple(notes))
    return result


def call_events(work: _Work, bins: Bins, ratios: NormalizeResult, sex: SettledSex) -> CallResult:
    """Write called segments, genes, arms and the picture."""
    from tumorkit.copynumber.plot.run import draw

    genes, named = work.files.genes, work.folder / ".genes.bed"
    if genes is None:
        rows = spans_of_genes(bins)
        if rows:
            write_text(named, "".join("\t".join(map(str, row)) + "\n" for row in rows))
            genes = named
    haploid = bool(ratios.haploid_x_reference) or work.params.call.haploid_x_reference
    result = run_call(
        work.path(".cns"),
        ratios=work.path(".cnr"),
        genes=genes,
        params=replace(work.params.call, haploid_x_reference=haploid),
        purity=work.known.purity,
        ploidy=work.known.ploidy,
        sex=SEXES.get(sex.sex),
        build=work.known.build or work.tumor.build,
        sample=work.sample,
        progress=work.progress,
    )
    named.unlink(missing_ok=True)
    path, table, arms = work.path(".call.cns"), work.folder / GENES, work.folder / ARMS
    write_call(result, Outputs(output=path), gene_table=table, arm_table=arms)
    picture = work.folder / PICTURE
    draw(
        work.path(".cnr"),
        work.path(".cns"),
        picture,
        result,
        build=work.known.build or work.tumor.build,
        title=work.sample,
    )
    work.done("call", result, path, table, arms, picture)
    return result


def write_run(result: RunResult, outdir: Path, outputs: Outputs) -> None:
    """Write JSON and the short table where they were asked for; the files are written already."""
    outputs.write_json(to_document(result))
    outputs.summarize(summary(result, str(outdir)))
