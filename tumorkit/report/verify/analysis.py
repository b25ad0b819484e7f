"""Compare digests with those of a manifest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tumorkit import __version__
from tumorkit.contract.summary import Summary
from tumorkit.contract.visible import visible
from tumorkit.report.diff.words import shortened
from tumorkit.report.verify.result import FAULTS, CheckedFile, ReportVerifyResult, State

MANIFEST = "manifest.json"
Digests = Mapping[str, str]


def check_files(
    manifest: Mapping[str, Any],
    outputs: Digests,
    *,
    inputs: Mapping[str, Sequence[str]] | None = None,
    again: Digests | None = None,
) -> ReportVerifyResult:
    """Hold digests by file name against a manifest's.

    ``inputs`` is None where inputs were not looked for, else the digests of all files of a name:
    two callers may have written files of one name in two folders. ``again`` is None where the case
    was not run anew; its files must be equal to the manifest's, too.
    """
    files = [checked("output", row, outputs) for row in rows(manifest, "outputs")]
    for row in rows(manifest, "inputs"):
        files.append(checked("input", row, None if inputs is None else nearest(row, inputs)))
    if again is not None:
        files += [checked("made again", row, again) for row in rows(manifest, "outputs")]
    listed = {str(row["name"]) for row in rows(manifest, "outputs")} | {MANIFEST}
    version = str(manifest.get("tumorkit_version") or "unknown")
    notes = []
    if again is not None and version != __version__:
        notes.append(f"made by tumorkit {version}, made again by {__version__}")
    return ReportVerifyResult(
        sample=str((manifest.get("case") or {}).get("sample") or ""),
        version=version,
        intact=not any(file.state in FAULTS for file in files),
        made_again=again is not None,
        files=tuple(files),
        extra=tuple(sorted(set(outputs) - listed)),
        notes=tuple(notes),
    )


def nearest(row: Mapping[str, Any], found: Mapping[str, Sequence[str]]) -> Digests:
    """Return the digest that a row asks for where a file of its name has it, else the first."""
    name, here = str(row["name"]), found.get(str(row["name"]), ())
    if not here:
        return {}
    return {name: str(row["sha256"]) if row["sha256"] in here else here[0]}


def rows(manifest: Mapping[str, Any], key: str) -> Iterable[Mapping[str, Any]]:
    """Return the rows of a manifest's list."""
    found: Iterable[Mapping[str, Any]] = manifest.get(key) or ()
    return found


def checked(what: Any, row: Mapping[str, Any], found: Digests | None) -> CheckedFile:
    """Return one file with its state."""
    name, expected = str(row["name"]), str(row["sha256"])
    here = None if found is None else found.get(name)
    state: State = "equal"
    if found is None:
        state = "not looked for"
    elif here is None:
        # Inputs live elsewhere; one that is not in the folders given is not a fault of the case.
        state = "not looked for" if what == "input" else "missing"
    elif here != expected:
        state = "changed"
    return CheckedFile(
        what=what,
        role=str(row.get("role") or ""),
        name=name,
        state=state,
        expected=expected,
        found=here,
    )


def summary_of(result: ReportVerifyResult) -> Summary:
    """Return the short table: what is not equal, and how many files are."""
    faults = [file for file in result.files if file.state in FAULTS]
    counts = {
        what: sum(file.what == what and file.state == "equal" for file in result.files)
        for what in ("output", "input", "made again")
    }
    unseen = sum(file.state == "not looked for" for file in result.files)
    notes = [f"equal: {counts['output']} outputs, {counts['input']} inputs"]
    if result.made_again:
        notes[0] += f", {counts['made again']} files made again"
    if unseen:
        notes.append(f"{unseen} inputs were not looked for or not found; --inputs names a folder")
    if result.extra:
        notes.append(f"not in the manifest: {', '.join(result.extra)}")
    outcome = "intact" if result.intact else "not intact"
    return Summary(
        title=visible(f"{result.sample}: {outcome}"),
        columns=("what", "file", "state", "expected", "found"),
        rows=tuple(
            (
                file.what,
                visible(file.name),
                file.state,
                shortened(file.expected),
                shortened(file.found or ""),
            )
            for file in faults
        ),
        notes=tuple(map(visible, (*notes, *result.notes))),
    )
