"""Run one case: check it, run its parts, write its folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from tumorkit.contract.progress import SILENT, Progress
from tumorkit.contract.result import dumps, plain, to_document
from tumorkit.contract.summary import Summary
from tumorkit.errors import ParameterError, TumorkitError
from tumorkit.io.atomic import write_text
from tumorkit.profile.analysis import (
    TITLES,
    biomarkers_of,
    hints_of,
    never_assessed,
    summarize_case,
)
from tumorkit.profile.interpretation import RESULT as INTERPRETATION
from tumorkit.profile.interpretation import interpret
from tumorkit.profile.params import Case, CaseInputs
from tumorkit.profile.prepare import Prepared, board_files, load_case, prepare, prepare_folder
from tumorkit.profile.purity import ploidy_source
from tumorkit.profile.result import Part, ProfileResult
from tumorkit.profile.reuse import PROFILE, part_key, read_earlier, write_manifest
from tumorkit.profile.steps import STEPS, Step, check_presets
from tumorkit.profile.work import Work, unknown
from tumorkit.report import ReportParams, render_report, summarize_report
from tumorkit.report.board.run import with_board
from tumorkit.report.run import read_tracks

__all__ = ["load_case", "run_profile", "summarize"]

REPORT = "report.html"
ORDER = tuple(TITLES)
# Parts whose pictures stand in the report.
DRAWN = ("copy_number", "purity", "signatures")


def run_profile(
    case: Case,
    inputs: CaseInputs,
    *,
    outdir: Path,
    threads: int = 1,
    progress: Progress = SILENT,
) -> ProfileResult:
    """Run every part that the case allows and write its folder.

    A damaged input makes its part ``failed`` and leaves the others; a case that is wrong as such
    raises before anything is written. Parts that an earlier run finished in the same folder, from
    the same inputs and parameters, are used again.
    """
    prepared = prepare(case, inputs, progress=progress)
    check_presets(prepared)
    prepare_folder(outdir)
    earlier = read_earlier(outdir)
    work = Work(case=prepared, outdir=outdir, threads=threads, progress=progress)
    # Where nothing can be used again, digests are computed beside the work.
    known = step_keys(prepared) if earlier.keys else {}
    for step in progress.track(STEPS, label="profile", total=len(STEPS)):
        again = earlier.part(step.name, known.get(step.name, ""))
        if again is not None:
            progress.log(f"{TITLES[step.name]}: used again, inputs and parameters are the same")
            work.done[step.name] = again
        else:
            progress.log(f"{TITLES[step.name]} ...")
            work.done[step.name] = run_step(step, work)
    result = assemble(work)
    return write_folder(result, work, step_keys(prepared))


def step_keys(prepared: Prepared) -> dict[str, str]:
    """Return by step the digest of everything that its result depends on."""
    keys: dict[str, str] = {}
    for step in STEPS:
        keys[step.name] = step_key(step, prepared, keys)
    return keys


def step_key(step: Step, prepared: Prepared, keys: Mapping[str, str]) -> str:
    """Return the digest of everything that a step's result depends on."""
    case, digests = (
        prepared.case,
        {
            role: ",".join(item.sha256 for item in prepared.files_of(role)) or None
            for role in step.reads
        },
    )
    return part_key(
        step.name,
        {
            "sample": prepared.sample,
            "build": prepared.build.name if prepared.build else "",
            "settings": {name: getattr(case, name) for name in step.settings},
            "inputs": digests,
            "after": [keys[name] for name in step.after],
        },
    )


def run_step(step: Step, work: Work) -> Part:
    """Run a step; what its input makes impossible becomes a failed part, with the reason."""
    try:
        return step.run(work)
    except TumorkitError as error:
        reason = reason_of(error, work.case.inputs)
        if isinstance(error, ParameterError):
            # The files are sound, but do not hold what the preset asks for.
            return unknown(step.name, reason)
        work.progress.log(f"error: {TITLES[step.name]}: {reason}")
        return Part(name=step.name, title=TITLES[step.name], status="failed", reason=reason)


def reason_of(error: TumorkitError, inputs: CaseInputs) -> str:
    """Return an error in one line; files go by their names, since a result is the same anywhere."""
    reason = f"{error.message} ({error.hint})" if error.hint else error.message
    for _, path in inputs.listed():
        reason = reason.replace(str(path), path.name)
    return reason


def assemble(work: Work) -> ProfileResult:
    """Join the parts to the profile of the case."""
    prepared = work.case
    purity = work.document("purity")
    ploidy = purity.get("ploidy") or {}
    germline = prepared.inputs.germline is not None
    parts = {part.name: part for part in never_assessed(germline_given=germline)} | work.done
    ordered = tuple(parts[name] for name in ORDER)
    drawn = [name for part in DRAWN for name in work.done[part].files]
    return ProfileResult(
        sample=prepared.sample,
        build=prepared.build.name if prepared.build else "",
        inputs=prepared.files,
        case=summarize_case(
            prepared.case,
            prepared.inputs,
            prepared.assay,
            sample=prepared.sample,
            normal=prepared.normal,
            purity=purity.get("value"),
            ploidy=ploidy.get("value"),
            purity_source=purity.get("source"),
            purity_used=purity.get("used"),
            ploidy_source=ploidy_source(purity),
        ),
        parts=ordered,
        biomarkers=biomarkers_of(ordered),
        pictures={Path(name).stem: name for name in drawn if name.endswith(".svg")},
        hints=hints_of(
            ordered,
            somatic=prepared.inputs.somatic.name if prepared.inputs.somatic else "",
            build=prepared.build.name if prepared.build else "",
            reference=prepared.inputs.reference.name if prepared.inputs.reference else "",
        ),
        presets={
            "filter": work.document("variants").get("preset"),
            "tmb": list(prepared.case.tmb_presets or prepared.assay.tmb),
            "msi": work.document("msi").get("params", {}).get("preset"),
            "assay": prepared.assay.why,
        },
    )


def write_folder(result: ProfileResult, work: Work, keys: Mapping[str, str]) -> ProfileResult:
    """Write profile.json, report.html and, last, the manifest; return the profile as written."""
    outdir = work.outdir
    document, board, made = to_document(result), board_files(work.case.inputs), tuple[str, ...]()
    if work.case.inputs.interpretation is not None:
        write_text(outdir / PROFILE, dumps(document))
        made = interpret(
            outdir / PROFILE,
            work.case.inputs.interpretation,
            date=work.case.case.date,
            outdir=outdir,
            progress=work.progress,
        )
        board = replace(board, interpretation=outdir / INTERPRETATION)
    document = with_board(document, board, threads=work.threads)
    write_text(outdir / PROFILE, dumps(document))
    pictures = {
        name: (outdir / file).read_text(encoding="utf-8") for name, file in result.pictures.items()
    }
    page = render_report(
        document,
        pictures=pictures,
        tracks=read_tracks(document, outdir),
        params=report_params(work.case.case),
    )
    write_text(outdir / REPORT, page)
    files = [name for part in result.parts for name in part.files]
    write_manifest(
        outdir,
        files=[PROFILE, REPORT, *made, *files],
        keys=keys,
        inputs=result.inputs,
        case=plain(work.case.case),
    )
    return replace(result, board=document["board"])


def report_params(case: Case) -> ReportParams:
    """Return language and consent of a case's report."""
    return ReportParams(language=case.language or "en", germline_consent=case.germline_consent)


def summarize(result: ProfileResult, outdir: Path) -> Summary:
    """Return the short table for the terminal."""
    summary = summarize_report(to_document(result))
    return Summary(
        title=summary.title,
        columns=summary.columns,
        rows=summary.rows,
        notes=(*summary.notes, f"report: {outdir / REPORT}"),
    )
