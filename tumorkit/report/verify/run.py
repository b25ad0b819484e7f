"""Read a manifest, digest the files that it lists, and run the case again where asked."""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from tumorkit.contract.progress import SILENT, Progress
from tumorkit.contract.result import to_document
from tumorkit.errors import InputError
from tumorkit.io.digest import input_file
from tumorkit.io.documents import read_document
from tumorkit.io.outputs import Outputs
from tumorkit.report.verify.analysis import check_files, summary_of
from tumorkit.report.verify.result import ReportVerifyResult

SCHEMA = "tumorkit/manifest"
MANIFEST = "manifest.json"
HINT = "give the manifest.json of a folder that `tumorkit profile` made"
Again = Callable[[Path], object]


def run_report_verify(
    manifest: Path,
    *,
    inputs: Sequence[Path] = (),
    again: Again | None = None,
    progress: Progress = SILENT,
) -> ReportVerifyResult:
    """Check the files beside a manifest, inputs in other folders, and a run made anew.

    ``manifest`` may be the folder that holds it.
    ``again`` runs the case into a folder that it is given. Raises :class:`InputError` for what is
    no manifest.
    """
    if manifest.is_dir():
        manifest /= MANIFEST
    document = read_manifest(manifest)
    folder = manifest.parent
    names = [row["name"] for row in document["outputs"]]
    beside = [path.name for path in folder.iterdir() if path.is_file()]
    outputs = digests(folder, dict.fromkeys((*names, *beside)))
    found: dict[str, list[str]] | None = None
    if inputs:
        wanted = dict.fromkeys(row["name"] for row in document["inputs"])
        found = {}
        for place in inputs:
            for name, digest in digests(place, wanted).items():
                found.setdefault(name, []).append(digest)
    fresh: dict[str, str] | None = None
    if again is not None:
        with tempfile.TemporaryDirectory(prefix="tumorkit-") as made:
            progress.log("running the case again ...")
            again(Path(made))
            fresh = digests(Path(made), names)
    result = check_files(document, outputs, inputs=found, again=fresh)
    return dataclasses.replace(result, inputs=(input_file("manifest", manifest),))


def read_manifest(path: Path) -> dict[str, Any]:
    """Read and check a manifest."""
    document = read_document(path, hint=HINT)
    if document.get("schema") != SCHEMA:
        raise InputError(path, f"expected a {SCHEMA}, found {document.get('schema')!r}", hint=HINT)
    for key in ("inputs", "outputs"):
        rows = document.get(key)
        listed = isinstance(rows, list) and all(
            isinstance(row, dict) and {"name", "sha256"} <= row.keys() for row in rows
        )
        if not listed:
            raise InputError(path, f"{key}: expected a list of names with digests", hint=HINT)
        for row in rows or ():
            if Path(str(row["name"])).name != row["name"]:
                # A manifest must not make us read files elsewhere.
                raise InputError(path, f"{key}: {row['name']!r} is not a plain name", hint=HINT)
    return document


def digests(folder: Path, names: Iterable[str]) -> dict[str, str]:
    """Return the digests of the files that a folder has."""
    paths = {name: folder / name for name in names}
    return {name: input_file("file", path).sha256 for name, path in paths.items() if path.is_file()}


def write_report_verify(result: ReportVerifyResult, outputs: Outputs) -> None:
    """Write the JSON and show what is not as it was."""
    outputs.write_json(to_document(result))
    outputs.summarize(summary_of(result))
