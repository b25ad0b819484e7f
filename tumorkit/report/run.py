"""Read a finished profile and write its report."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tumorkit.contract.progress import SILENT, Progress
from tumorkit.contract.summary import Summary
from tumorkit.errors import ParameterError
from tumorkit.io.atomic import write_bytes
from tumorkit.io.documents import read_document
from tumorkit.io.outputs import STDOUT, Outputs
from tumorkit.io.text import open_binary
from tumorkit.report.board import BoardParams
from tumorkit.report.board.run import BoardFiles, with_board
from tumorkit.report.document import open_document
from tumorkit.report.html import render_report
from tumorkit.report.params import ReportParams
from tumorkit.report.summary import summarize_report
from tumorkit.report.tracks import SUFFIX


@dataclass(frozen=True, kw_only=True)
class Report:
    """The report in its two forms: a page, and a few lines for a terminal."""

    html: str
    sheet: str = ""
    summary: Summary


def run_report(
    profile_json: Path,
    *,
    params: ReportParams | None = None,
    board: BoardFiles | None = None,
    board_params: BoardParams | None = None,
    sheet: bool = False,
    threads: int = 1,
    progress: Progress = SILENT,
) -> Report:
    """Read a profile and the pictures beside it, and make the report.

    ``board`` are the laboratory's tables and the coverage that its genes are held against;
    ``sheet`` asks for page one alone as well, for a PDF.
    """
    document = read_document(profile_json)
    open_document(document, str(profile_json))
    document = with_board(
        document, board or BoardFiles(), params=board_params, threads=threads, progress=progress
    )
    pictures = read_pictures(document, profile_json.parent, progress)
    source = str(profile_json)
    paper = (
        render_report(document, pictures=pictures, params=params, source=source, sheet=True)
        if sheet
        else ""
    )
    return Report(
        sheet=paper,
        html=render_report(
            document,
            pictures=pictures,
            tracks=read_tracks(document, profile_json.parent),
            params=params,
            source=source,
        ),
        summary=summarize_report(document, source=source),
    )


def write_report(report: Report, outputs: Outputs, *, pdf: Path | None = None) -> None:
    """Write the page where it was asked for, page one as PDF, and show the short table.

    Raises :class:`ParameterError` for the name of another kind of file.
    """
    path = outputs.output
    if path not in (None, STDOUT) and path.suffix.lower() not in (".html", ".htm"):
        raise ParameterError(
            f"{path}: the report is one HTML file",
            "name it .html; a browser prints it to PDF",
        )
    sheet = pdf_of(report.sheet) if pdf is not None else None
    outputs.write_output(report.html)
    if pdf is not None and sheet is not None:
        write_bytes(pdf, sheet)
    outputs.summarize(report.summary)


def pdf_of(html: str) -> bytes:
    """Return page one as a tagged PDF; whatever it would have to fetch is refused.

    Raises :class:`ParameterError` where the extra is not installed.
    """
    try:
        weasyprint = importlib.import_module("weasyprint")
    except (ImportError, OSError) as error:
        raise ParameterError(
            f"a PDF needs weasyprint: {error}",
            "install it with pip install 'tumorkit[pdf]', or print the page from a browser",
        ) from error

    # Nothing but what stands in the page itself.
    fetcher = weasyprint.urls.URLFetcher(allowed_protocols=("data",))
    page = weasyprint.HTML(string=html, url_fetcher=fetcher)
    made: bytes = page.write_pdf(pdf_variant="pdf/ua-1")
    return made


def read_pictures(document: Mapping[str, Any], folder: Path, progress: Progress) -> dict[str, str]:
    """Read the pictures that the profile names and that lie beside it."""
    named = document.get("pictures")
    found: dict[str, str] = {}
    for name, file in (named if isinstance(named, Mapping) else {}).items():
        path = folder / Path(str(file)).name
        if path.is_file():
            with open_binary(path) as handle:
                found[name] = handle.read().decode("utf-8", errors="replace")
        else:
            progress.log(f"{path}: no such picture; the report says so")
    return found


def read_tracks(document: Mapping[str, Any], folder: Path) -> str | None:
    """Return the text of the track file that the profile names, if it lies beside it."""
    for part in document.get("parts") or ():
        for name in part.get("files") or () if isinstance(part, Mapping) else ():
            path = folder / Path(str(name)).name
            if str(name).endswith(SUFFIX) and path.is_file():
                with open_binary(path) as handle:
                    return handle.read().decode("utf-8", errors="replace")
    return None
