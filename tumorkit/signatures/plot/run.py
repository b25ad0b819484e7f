"""From a matrix, and a fit of it, to a picture."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, get_args

import numpy as np
from matplotlib.figure import Figure

from tumorkit.contract.progress import SILENT, Progress
from tumorkit.copynumber.plot.style import Format, figure_bytes
from tumorkit.errors import InputError, ParameterError, SampleNotFoundError
from tumorkit.io.atomic import write_bytes
from tumorkit.io.profiles import read_profiles
from tumorkit.io.text import require_file
from tumorkit.signatures.plot.figure import FitShown, spectrum_figure

# More spectra than this make no picture that can be read.
MOST = 12
SCHEMA = "tumorkit/signatures"


def run_signatures_plot(
    matrix: Path,
    *,
    fit: Path | None = None,
    samples: tuple[str, ...] = (),
    progress: Progress = SILENT,
) -> Figure:
    """Draw the spectra of a matrix or of a table of signatures, with a fit's JSON beneath.

    ``samples`` names those to draw; by default all, of which there may be twelve at most.
    """
    profiles = read_profiles(matrix)
    for name in samples:
        if name not in profiles.names:
            raise SampleNotFoundError(matrix, name, profiles.names[:20])
    names = samples or profiles.names
    if len(names) > MOST:
        raise ParameterError(
            f"{matrix.name} has {len(names)} spectra, at most {MOST} are drawn",
            "name them with --sample",
        )
    shown = {} if fit is None else read_fit(fit, len(profiles.channels))
    if fit is not None and not any(name in shown for name in names):
        raise InputError(fit, f"knows none of the samples of {matrix.name}",
                         hint="give the JSON of `signatures fit` on this matrix")  # fmt: skip
    progress.log(f"drawing {len(names)} spectra of {len(profiles.channels)} channels")
    return spectrum_figure(
        profiles.kind,
        [(name, profiles.of(name)) for name in names],
        [shown.get(name) for name in names],
    )


def read_fit(path: Path, channels: int) -> dict[str, FitShown]:
    """Read what is drawn of a fit's JSON; samples with too few mutations are left out."""
    require_file(path)
    try:
        document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InputError(path, "is no JSON", hint="give the JSON of `signatures fit`") from error
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        raise InputError(path, "is no fit of signatures", hint="give the JSON of `signatures fit`")
    found = {}
    for sample in document["samples"]:
        if sample["status"] != "ok":
            continue
        if len(sample["fitted"]) != channels:
            raise InputError(
                path, f"is a fit of {document['kind']}", hint="matrix and fit are of one kind"
            )
        found[sample["sample"]] = FitShown(
            fitted=np.array(sample["fitted"], dtype=np.float64),
            rows=tuple(
                (row["name"], row["share"], row["low"], row["high"], row["named"])
                for row in sample["signatures"]
            ),
            unexplained=sample["unexplained"]["value"],
            cosine=sample["cosine"],
        )
    return found


def picture_format(path: Path) -> Format:
    """Return the format that a file's suffix asks for."""
    kind = path.suffix.lower().removeprefix(".")
    for known in get_args(Format):
        if known == kind:
            return known  # type: ignore[no-any-return]
    raise ParameterError(f"cannot draw {path.name!r}", "name the picture .svg, .png or .pdf")


def write_signatures_plot(figure: Figure, output: Path) -> None:
    """Write a picture."""
    write_bytes(output, figure_bytes(figure, picture_format(output)))
