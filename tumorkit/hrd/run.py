"""Join reading, counting and writing."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tumorkit.contract.progress import SILENT, Progress
from tumorkit.contract.result import to_document
from tumorkit.contract.settings import Settings, about
from tumorkit.errors import InputError, ParameterError, ReferenceMismatchError, TumorkitError
from tumorkit.genome.build import BUILDS, Build
from tumorkit.genome.contigs import standard
from tumorkit.genome.segment import Segment
from tumorkit.hrd.analysis import Peer, score_hrd
from tumorkit.hrd.params import HrdParams
from tumorkit.hrd.presets import HrdPreset, preset_named
from tumorkit.hrd.result import HrdResult
from tumorkit.hrd.states import FittedPurity
from tumorkit.hrd.text import bed_text, scar_text, summary
from tumorkit.io.digest import input_file
from tumorkit.io.outputs import Outputs, write_to
from tumorkit.io.scheme_file import YAML_SUFFIXES, read_scheme_file
from tumorkit.io.segment_formats.scarhrd import (
    GivenRows,
    input_text,
    is_scarhrd,
    read_given_rows,
    result_text,
)
from tumorkit.io.segments import read_segment_set
from tumorkit.io.text import require_file
from tumorkit.purity.params import PurityParams
from tumorkit.purity.result import GridPoint, Solution

# Files of one build lifted from another reach a little over the end of a chromosome.
BEYOND = 1_000_000
# Share of a fit's segments that must be among those given.
SAME = 0.9


@dataclass(frozen=True, kw_only=True)
class HrdFiles(Settings):
    """Files that stand beside the table of scars and the JSON."""

    scar_bed: Path | None = field(default=None, metadata=about("Scars as BED (- is stdout)."))
    scarhrd_input: Path | None = field(
        default=None, metadata=about("The segments as a table that scarHRD reads.")
    )
    scarhrd_result: Path | None = field(
        default=None,
        metadata=about("The counts of scarHRD's text mode, as it writes them (_HRDresults.txt)."),
    )


def run_hrd(
    path: Path,
    *,
    purity_fit: Path | None = None,
    preset: str | Sequence[str] = (),
    params: HrdParams | None = None,
    build: Build | None = None,
    sample: str = "",
    progress: Progress = SILENT,
) -> HrdResult:
    """Read segments of any program and count their scars.

    ``purity_fit`` is the JSON of ``tumorkit purity fit`` for the same segments: copies then come
    from it, and intervals from its posterior. ``preset`` names cut-offs or YAML files of them. The
    build is the one given, else the only one whose contigs can hold the segments.
    """
    params = params or HrdParams()
    presets = [preset_of(name) for name in ((preset,) if isinstance(preset, str) else preset)]
    segments, peer, name, notes = read_input(path, params, sample)
    build = build or only_build(path, segments)
    notes += check_build(path, segments, build, strict=not params.compat)
    fitted = None if purity_fit is None else read_fit(purity_fit, path, segments)
    progress.log(f"{path.name}: {len(segments)} segments, {build.name}")
    result = score_hrd(
        segments, build, params, purity=fitted, presets=presets, peer=peer, notes=notes
    )
    files = {"segments": path, "purity": purity_fit}
    inputs = tuple(input_file(role, one) for role, one in files.items() if one is not None)
    return replace(result, sample=sample or name or path.name.partition(".")[0], inputs=inputs)


def read_input(
    path: Path, params: HrdParams, sample: str
) -> tuple[tuple[Segment, ...], Peer | None, str, list[str]]:
    """Return segments, the rows as scarHRD takes them, the sample's name, and what was noticed.

    Where scarHRD's rule is asked for, its tables are taken as they are; otherwise rows that end
    before they start are left out, neighbours that share a base are parted, and larger overlaps
    raise :class:`InputError`.
    """
    require_file(path)
    given: GivenRows | None = None
    if is_scarhrd(path):
        given = readable_rows(path, sample, strict=bool(params.compat))
    peer = None if given is None else (given.segments, given.first_cn)
    if given is not None and (params.compat or not given.faults):
        return given.segments, peer, given.sample, [*given.faults, *given.notes]
    found = read_segment_set(path, sample=sample, lenient=True)
    notes = [] if given is not None else [f"{found.form} segments"]
    notes += [*found.notes, *(given.notes if given is not None else ())]
    return found.segments, peer, found.sample, notes


def readable_rows(path: Path, sample: str, *, strict: bool) -> GivenRows | None:
    """Return rows as scarHRD takes them, None where it could not and nobody insists."""
    try:
        return read_given_rows(path, sample=sample)
    except InputError:
        if strict:
            raise
        return None


def preset_of(name: str) -> HrdPreset:
    """Return a published cut-off, or the one of a YAML file."""
    if not name.endswith(YAML_SUFFIXES):
        return preset_named(name)
    path = Path(name)
    values, _ = read_scheme_file(path)
    if "cutoff" not in values:
        raise ParameterError(
            f"{path.name}: no cutoff",
            "for example measure: sum, cutoff: 40, source: our validation",
        )
    return HrdPreset.from_mapping({"name": path.stem, **values}, where=path.name)


def only_build(path: Path, segments: Sequence[Segment]) -> Build:
    """Return the one build whose contigs can hold all segments; raise unless it is one."""
    ends = reach_of(segments)
    fitting = [
        build
        for build in BUILDS.values()
        if all(end <= (build.length(name) or end) for name, end in ends.items())
    ]
    if len(fitting) == 1:
        return fitting[0]
    names = ", ".join(build.name for build in fitting) or "none"
    raise ParameterError(
        f"{path.name}: the reference build is not said, and builds that can hold the segments are: "
        f"{names}",
        "add --build GRCh37, GRCh38 or T2T",
    )


def reach_of(segments: Sequence[Segment]) -> dict[str, int]:
    """Return the last base of each contig that segments reach."""
    ends: dict[str, int] = {}
    for item in segments:
        last = item.end if item.end > item.start else item.start
        if last > ends.get(item.contig, 0):
            ends[item.contig] = last
    found: dict[str, int] = {}
    for contig, end in ends.items():
        name = standard(contig)
        found[name] = max(found.get(name, 0), end)
    return found


def check_build(
    path: Path, segments: Sequence[Segment], build: Build, *, strict: bool
) -> list[str]:
    """Return what reaches over a chromosome's end; raise where it is too much for the build."""
    over = {
        name: end - (build.length(name) or end)
        for name, end in reach_of(segments).items()
        if end > (build.length(name) or end)
    }
    if not over:
        return []
    name = max(over, key=lambda one: over[one])
    words = f"{name} reaches {over[name]:,} bases over its end in {build.name}"
    if strict and over[name] > BEYOND:
        raise ReferenceMismatchError(
            path, words, hint="segments are of another reference build: give it with --build"
        )
    return [f"segments of {len(over)} chromosomes lie beyond the end; {words}"]


def read_fit(path: Path, source: Path, segments: Sequence[Segment]) -> FittedPurity:
    """Read the JSON of a purity fit, and make sure that it was made of these segments.

    Raises :class:`InputError` where it is no such document, or one of other segments than those of
    ``source``: neither the file nor nine tenths of the places agree.
    """
    require_file(path)
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, UnicodeDecodeError) as error:
        raise InputError(
            path, f"no JSON: {error}", hint="give what tumorkit purity fit --json wrote"
        ) from error
    if not isinstance(document, dict) or document.get("schema") != "tumorkit/purity":
        raise InputError(
            path,
            "is not the result of a purity fit",
            hint="run: tumorkit purity fit SEGMENTS --json purity.json",
        )
    if not same_segments(document, source, segments):
        raise InputError(
            path,
            f"is the fit of other segments than those of {source.name}",
            hint=f"run: tumorkit purity fit {source.name} --json {path.name}",
        )
    try:
        return fit_of(document)
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(path, f"a purity fit without {error}") from error


def same_segments(document: Mapping[str, Any], source: Path, segments: Sequence[Segment]) -> bool:
    """Whether a fit is one of these segments: by the file's digest, else by their places."""
    digest = input_file("segments", source).sha256
    if any(one.get("sha256") == digest for one in document.get("inputs") or ()):
        return True
    places = {(standard(item.contig), item.start, item.end) for item in segments}
    fitted = [
        (standard(str(row.get("contig"))), row.get("start"), row.get("end"))
        for row in document.get("segments") or ()
    ]
    return bool(fitted) and sum(one in places for one in fitted) >= SAME * len(fitted)


def fit_of(document: Mapping[str, Any]) -> FittedPurity:
    """Return what the document of a purity fit says."""
    known = {setting.name for setting in PurityParams.described()}
    said = {key: value for key, value in document["params"].items() if key in known}
    return FittedPurity(
        answered=document["value"] is not None,
        reason=document["reason_of_state"] or document["reason"] or "",
        solutions=tuple(Solution(**one) for one in document["solutions"]),
        grid=tuple(GridPoint(**one) for one in document["grid"]),
        params=PurityParams.from_mapping(said),
    )


def write_hrd(result: HrdResult, outputs: Outputs, files: HrdFiles | None = None) -> None:
    """Write scars, JSON and scarHRD's files where they were asked for."""
    files = files or HrdFiles()
    outputs.claim(files.scar_bed, files.scarhrd_input, files.scarhrd_result)
    outputs.write_output(scar_text(result))
    if files.scar_bed is not None:
        write_to(files.scar_bed, bed_text(result))
    if files.scarhrd_input is not None:
        write_to(files.scarhrd_input, input_text(result.segments, result.sample, result.ploidy))
    if files.scarhrd_result is not None and result.scarhrd is not None:
        one = result.scarhrd
        write_to(files.scarhrd_result, result_text(result.sample, one.loh, one.tai, one.lst))
    outputs.write_json(to_document(result))
    if Path("-") not in (files.scar_bed, files.scarhrd_input, files.scarhrd_result):
        outputs.summarize(summary(result))


def check_evaluable(result: HrdResult) -> None:
    """Raise where there is no HRD sum."""
    if result.sum.value is None:
        raise TumorkitError(f"no HRD sum: {result.sum.reason}")
