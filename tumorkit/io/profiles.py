"""Tables of spectra, channels in rows and samples or signatures in columns, however laid out.

Read are the tables of COSMIC (all versions), of Signal, and the ``.all`` matrices of SigProfiler:
tab or comma between columns, rows in any order and on either strand, the channel in one column
(``Type``, ``MutationType``, ...) or in two (``Substitution Type`` and ``Trinucleotide``).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from tumorkit.errors import InputError
from tumorkit.genome.channels import CHANNELS, Kind, channel_named
from tumorkit.genome.profiles import Profiles
from tumorkit.io.text import read_lines

WHERE_SIGNATURES_ARE = (
    "tables of signatures: https://cancer.sanger.ac.uk/signatures/downloads (COSMIC) or "
    "https://signal.mutationalsignatures.com (Signal); mind their terms of use"
)
LABELS = {
    "type", "mutationtype", "mutationstype", "mutation", "channel", "class", "context", "subtype",
    "substitutiontype", "trinucleotide", "somaticmutationtype", "mutclass", "contexts", "",
}  # fmt: skip
CHANGE = {"type", "substitutiontype", "mutationtype", "substitution"}
TRIPLET = {"subtype", "trinucleotide", "context"}


def read_profiles(path: Path, *, what: str = "matrix") -> Profiles:
    """Read a table of spectra; the kind is known from its rows.

    Raises :class:`InputError` for rows of no known channel, rows that are missing or twice there,
    values that are negative or no numbers, and tables of other kinds (stranded, RNA, copy number).
    ``what`` is ``matrix`` or ``signatures`` and decides what the hint says.
    """
    hint = WHERE_SIGNATURES_ARE if what == "signatures" else "make one: tumorkit signatures matrix"
    lines = _rows(path)
    number, header = next(lines, (1, []))
    if len(header) < 2:
        raise InputError(path, "holds no table of spectra", line=number, hint=hint)
    rows = list(lines)
    if not rows:
        raise InputError(path, "has a header and no rows", hint=hint)
    header = _complete(header, rows[0][1])
    label_at, change_at, triplet_at = _label_columns(header)
    taken = {at for at in range(len(header)) if _plain(header[at]) in LABELS}
    taken |= {label_at, change_at, triplet_at} - {-1}
    columns = _value_columns(header, rows, taken)
    names = tuple(header[at].strip() for at in columns)
    doubled = sorted({name for name in names if names.count(name) > 1})
    if not names or doubled:
        said = f"names a column twice: {', '.join(doubled)}" if doubled else "has no value column"
        raise InputError(path, said, line=number, hint=hint)
    labels = [_label(fields, label_at, change_at, triplet_at) for _, fields in rows]
    return _filled(path, names, columns, rows, labels, hint)


def _filled(
    path: Path,
    names: tuple[str, ...],
    columns: list[int],
    rows: list[tuple[int, list[str]]],
    labels: list[str],
    hint: str,
) -> Profiles:
    """Put the values of all rows into their places."""
    kind = _kind(path, rows, labels, hint)
    at = {name: place for place, name in enumerate(CHANNELS[kind])}
    values = np.full((len(names), len(at)), np.nan)
    for (number, fields), label in zip(rows, labels, strict=True):
        known = channel_named(label)
        if known is None or known[0] != kind:
            raise InputError(path, f"{label!r} is no channel of {kind}", line=number, hint=hint)
        place = at[known[1]]
        if not np.isnan(values[0, place]):
            raise InputError(path, f"channel {known[1]} stands there twice", line=number)
        for row, column in enumerate(columns):
            values[row, place] = _value(path, number, fields, column, names[row])
    missing = [name for name, place in at.items() if np.isnan(values[0, place])]
    if missing:
        raise InputError(
            path,
            f"{len(missing)} of {len(at)} channels of {kind} are missing: "
            + ", ".join(missing[:5]) + (", ..." if len(missing) > 5 else ""),
            hint="the file was cut off, or holds another kind of spectra",
        )  # fmt: skip
    return Profiles(kind=kind, names=names, values=values)


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield line numbers and fields, by the first of tab, comma, semicolon in the header."""
    separator = ""
    for number, line in read_lines(path):
        text = line.removeprefix("\ufeff")
        if not text.strip() or text.startswith("#"):
            continue
        if not separator:
            separator = next((mark for mark in "\t,;" if mark in text), "\t")
        yield number, next(csv.reader([text], delimiter=separator))


def _complete(header: list[str], first: list[str]) -> list[str]:
    """Return a header with a name for the labels, which R's write.table leaves out."""
    ended = list(header)
    while ended and not ended[-1].strip() and len(ended) >= len(first):
        ended.pop()
    return ["", *ended] if len(ended) == len(first) - 1 and ended[0].strip() not in ("",) and (
        _plain(ended[0]) not in LABELS
    ) else ended  # fmt: skip


def _plain(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalpha())


def _label_columns(header: Sequence[str]) -> tuple[int, int, int]:
    """Return the columns of label, change and trinucleotide; -1 is none."""
    plain = [_plain(name) for name in header]
    triplet = next((at for at, name in enumerate(plain) if name in TRIPLET), -1)
    change = next((at for at, name in enumerate(plain) if name in CHANGE and at != triplet), -1)
    if triplet >= 0 and change >= 0:
        return -1, change, triplet
    return 0, -1, -1


def _label(fields: list[str], label: int, change: int, triplet: int) -> str:
    """Return a row's label, joined from change and trinucleotide where they stand apart."""
    if label >= 0:
        return fields[label].strip().upper().replace("DEL:", "Del:").replace("INS:", "Ins:")
    most = max(change, triplet)
    if len(fields) <= most:
        return ""
    two, three = fields[change].strip().upper(), fields[triplet].strip().upper()
    return f"{three[:1]}[{two}]{three[2:]}" if len(three) == 3 else f"{two} {three}"


def _value_columns(
    header: Sequence[str], rows: list[tuple[int, list[str]]], taken: set[int]
) -> list[int]:
    """Return the columns of values: named ones, whose first entry is no text of a label."""
    columns = []
    first = rows[0][1]
    for at, name in enumerate(header):
        named = bool(name.strip())
        empty = all(at >= len(fields) or not fields[at].strip() for _, fields in rows)
        if at not in taken and named and not empty:
            known = channel_named(first[at].strip()) if at < len(first) else None
            if known is None:
                columns.append(at)
    return columns


def _kind(path: Path, rows: list[tuple[int, list[str]]], labels: list[str], hint: str) -> Kind:
    """Return what kind of spectra the rows are."""
    for label in labels:
        known = channel_named(label)
        if known is not None:
            kind = known[0]
            break
    else:
        raise InputError(
            path, f"{labels[0]!r} is no channel of SBS96, DBS78 or ID83", line=rows[0][0], hint=hint
        )
    if len(labels) > len(CHANNELS[kind]):
        raise InputError(
            path,
            f"has {len(labels)} rows, {kind} has {len(CHANNELS[kind])}: stranded, RNA or longer "
            "contexts are not read",
            hint="give the table of 96 substitutions, 78 doublets or 83 insertions and deletions",
        )
    return kind


def _value(path: Path, number: int, fields: list[str], column: int, name: str) -> float:
    text = fields[column].strip() if column < len(fields) else ""
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not 0 <= value < float("inf"):
        raise InputError(
            path,
            f"column {name}: expected a number of at least 0, found {text or 'nothing'!r}",
            line=number,
            hint="spectra hold counts or shares",
        )
    return value


def profiles_text(profiles: Profiles) -> str:
    """Return spectra as SigProfiler's ``.all`` text: channels in rows, spectra in columns."""
    lines = ["\t".join(("MutationType", *profiles.names))]
    for place, channel in enumerate(profiles.channels):
        shown = (f"{value:.10g}" for value in profiles.values[:, place])
        lines.append("\t".join((channel, *shown)))
    return "\n".join(lines) + "\n"
