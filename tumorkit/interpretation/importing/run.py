"""Read a dump of a knowledge base and write it with its date and digest."""

from __future__ import annotations

import dataclasses
import re
from datetime import datetime
from pathlib import Path

from tumorkit.contract.progress import SILENT, Progress
from tumorkit.contract.result import dumps, to_document
from tumorkit.contract.summary import Summary
from tumorkit.errors import ParameterError
from tumorkit.interpretation.importing.analysis import COLUMNS, import_civic
from tumorkit.interpretation.importing.params import ImportParams
from tumorkit.interpretation.importing.result import KnowledgeResult
from tumorkit.io.digest import input_file
from tumorkit.io.knowledge import iso_date, read_rows
from tumorkit.io.outputs import Outputs
from tumorkit.io.text import require_file

SOURCES = ("civic",)
_DATED = re.compile(r"(\d{2}-[A-Z][a-z]{2}-\d{4}|\d{4}-\d{2}-\d{2})")
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def run_import(
    dump: Path, *, params: ImportParams | None = None, progress: Progress = SILENT
) -> KnowledgeResult:
    """Read CIViC's clinical evidence summaries (TSV).

    Raises :class:`ParameterError` where neither the file's name nor the settings have a date, and
    :class:`InputError` that lists missing columns.
    """
    params = params or ImportParams()
    require_file(dump)
    date = date_of(dump, params)
    rows = (cells for _, cells in read_rows(dump, COLUMNS, open_ended=True))
    result = import_civic(rows, date=date, params=params)
    progress.log(f"{dump.name}: {len(result.items)} of {result.rows} statements")
    return dataclasses.replace(result, inputs=(input_file("civic", dump),))


def date_of(path: Path, params: ImportParams) -> str:
    """Return the date that the settings give, else the one in a file's name.

    >>> date_of(Path("01-Jan-2026-ClinicalEvidenceSummaries.tsv"), ImportParams())
    '2026-01-01'
    """
    if params.date:
        try:
            return iso_date(params.date)
        except ValueError as error:
            raise ParameterError(str(error)) from error
    found = _DATED.search(path.name)
    if not found:
        raise ParameterError(
            f"{path.name}: the date of the dump is not in its name", "give --date YYYY-MM-DD"
        )
    said = found.group()
    if said[:4].isdigit():
        return said
    day, month, year = said.split("-")
    if month not in _MONTHS:
        raise ParameterError(f"{path.name}: {said} is no date", "give --date YYYY-MM-DD")
    return datetime(int(year), _MONTHS.index(month) + 1, int(day)).date().isoformat()


def write_import(result: KnowledgeResult, outputs: Outputs) -> None:
    """Write the statements, and show how many there are."""
    text = dumps(to_document(result))
    outputs.write_output(text)
    outputs.write_json(to_document(result))
    outputs.summarize(
        Summary(
            title=f"{result.name} of {result.date}: "
            f"{len(result.items)} of {result.rows} statements",
            columns=("left out", "rows"),
            rows=tuple((reason, str(count)) for reason, count in result.left_out.items()),
        )
    )
