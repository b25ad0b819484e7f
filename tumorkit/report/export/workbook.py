"""A workbook (XLSX) from tables of texts and numbers, with nothing but the standard library.

Texts are written as texts, so that none can become a formula. Source: ECMA-376, Office Open XML,
part 1 (SpreadsheetML) and part 2 (packages). Two runs give equal bytes.
"""

from __future__ import annotations

import io
import math
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

Cell = str | float | int | None
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
# The earliest time that a ZIP can hold: the time of writing is no part of a result.
EPOCH = (1980, 1, 1, 0, 0, 0)
MOST_ROWS = 1_048_576
LONGEST_TEXT = 32_767
WIDEST = 60
SHEET_NAME = 31
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill>'
    '<patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="2"><xf fontId="0" applyFont="1"/><xf fontId="1" applyFont="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>"
)


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A table: its name, column names and rows; None is an empty cell."""

    name: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """Return the bytes of a workbook; each sheet has a bold, frozen header with filters."""
    parts = {
        "[Content_Types].xml": content_types(len(sheets)),
        "_rels/.rels": relations([("officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": book(sheets),
        "xl/_rels/workbook.xml.rels": relations(
            [("worksheet", f"worksheets/sheet{at}.xml") for at in range(1, len(sheets) + 1)]
            + [("styles", "styles.xml")]
        ),
        "xl/styles.xml": STYLES,
    }
    for at, sheet in enumerate(sheets, 1):
        parts[f"xl/worksheets/sheet{at}.xml"] = sheet_xml(sheet)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(entry, HEAD + text)
    return buffer.getvalue()


def content_types(sheets: int) -> str:
    """Return what each part is."""
    override = "".join(
        f'<Override PartName="/xl/worksheets/sheet{at}.xml" ContentType="{KIND}.worksheet+xml"/>'
        for at in range(1, sheets + 1)
    )
    return (
        f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        'ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType='
        f'"{KIND}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType='
        f'"{KIND}.styles+xml"/>{override}</Types>'
    )


def relations(targets: Sequence[tuple[str, str]]) -> str:
    """Return which part refers to which."""
    rows = "".join(
        f'<Relationship Id="rId{at}" Type="{LINKS}/{kind}" Target="{target}"/>'
        for at, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{rows}</Relationships>'


def book(sheets: Sequence[Sheet]) -> str:
    """Return the list of sheets."""
    rows = "".join(
        f'<sheet name={quoteattr(sheet.name[:SHEET_NAME])} sheetId="{at}" r:id="rId{at}"/>'
        for at, sheet in enumerate(sheets, 1)
    )
    return f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets>{rows}</sheets></workbook>'


def sheet_xml(sheet: Sheet) -> str:
    """Return one sheet."""
    listed = list(sheet.rows)[: MOST_ROWS - 1]
    widths = "".join(
        f'<col min="{at}" max="{at}" width="{width_of(name, listed, at - 1)}" customWidth="1"/>'
        for at, name in enumerate(sheet.columns, 1)
    )
    lines = [row_xml(1, list(sheet.columns), style=1)]
    lines += [row_xml(number, row) for number, row in enumerate(listed, 2)]
    last = f"{letters(len(sheet.columns))}{len(listed) + 1}"
    return (
        f'<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" '
        'topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f"<cols>{widths}</cols><sheetData>{''.join(lines)}</sheetData>"
        f'<autoFilter ref="A1:{last}"/></worksheet>'
    )


def width_of(name: str, rows: Sequence[Sequence[Cell]], at: int) -> int:
    """Return a column's width in characters: that of its longest text, within limits."""
    longest = max((len(str(row[at])) for row in rows[:200] if row[at] is not None), default=0)
    return min(max(longest, len(name)) + 2, WIDEST)


def row_xml(number: int, row: Sequence[Cell], *, style: int = 0) -> str:
    """Return one row."""
    cells = "".join(
        cell_xml(f"{letters(at)}{number}", value, style)
        for at, value in enumerate(row, 1)
        if value is not None and value != ""
    )
    return f'<row r="{number}">{cells}</row>'


def cell_xml(place: str, value: Cell, style: int) -> str:
    """Return one cell; a number that is none (NaN, infinite) is empty."""
    mark = f' s="{style}"' if style else ""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        finite = math.isfinite(value)
        return f'<c r="{place}"{mark}><v>{value!r}</v></c>' if finite else ""
    text = escape(writable(str(value))[:LONGEST_TEXT])
    return f'<c r="{place}"{mark} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def writable(text: str) -> str:
    r"""Return a text without what XML cannot hold and what turns the direction of reading.

    >>> writable("a\x00b\u202ec")
    'a b c'
    """
    return text if text.isprintable() else "".join(c if c.isprintable() else " " for c in text)


def letters(number: int) -> str:
    """Return the name of a column.

    >>> letters(1), letters(26), letters(27)
    ('A', 'Z', 'AA')
    """
    name = ""
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name
