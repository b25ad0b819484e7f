"""Read lines of plain, gzip or BGZF text, with errors that name file and line."""

from __future__ import annotations

import contextlib
import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from tumorkit.errors import InputError

GZIP_MAGIC = b"\x1f\x8b"
BGZF_END = bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000")

# First bytes, of compressed files behind the compression.
KINDS = {
    b"BAM\x01": "a BAM",
    b"CRAM": "a CRAM",
    b"BCF\x02": "a BCF",
    b"##fileformat=VCF": "a VCF",
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a ZIP or XLSX file",
    b"\x89PNG": "a picture",
    b"\xff\xfe": "UTF-16 (Excel's Unicode text)",
}


@contextlib.contextmanager
def open_binary(path: Path) -> Iterator[BinaryIO]:
    """Open a plain or gzipped file for reading bytes; failures become :class:`InputError`."""
    try:
        with path.open("rb") as raw:
            magic = raw.read(2)
            raw.seek(0)
            if magic == GZIP_MAGIC:
                with gzip.GzipFile(fileobj=raw) as plain:
                    yield plain  # type: ignore[misc]
            else:
                yield raw
    except FileNotFoundError as error:
        raise no_such_file(path) from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError(
            path, "compressed data ends early or is damaged", hint="copy or make the file again"
        ) from error
    except OSError as error:
        raise InputError(path, f"cannot read: {(error.strerror or str(error)).lower()}") from error


def read_lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield line number and line (no line end) of a text file."""
    with open_binary(path) as handle:
        for number, line in enumerate(handle, 1):
            try:
                yield number, line.rstrip(b"\r\n").decode("utf-8")
            except UnicodeDecodeError as error:
                raise not_text(path, line=number) from error


def not_text(path: Path, *, line: int | None = None, hint: str = "") -> InputError:
    """Say what a file is that was taken for text in UTF-8."""
    kind = kind_of(path)
    if kind:
        return InputError(path, f"is {kind}, not text", hint=hint or "give the file that is meant")
    return InputError(path, "text is not UTF-8", line=line, hint=hint or "save the file as UTF-8")


def kind_of(path: Path) -> str:
    """Return what a file is by its first bytes, empty where they are not known."""
    with open_binary(path) as handle:
        head = handle.read(max(map(len, KINDS)))
    return next((kind for magic, kind in KINDS.items() if head.startswith(magic)), "")


def no_such_file(path: Path) -> InputError:
    """Say that a file is missing, and which similar ones there are."""
    from tumorkit.errors import suggestion

    siblings = [p.name for p in path.parent.iterdir()] if path.parent.is_dir() else []
    return InputError(
        path, "no such file", hint=suggestion(path.name, siblings) or "check the path"
    )


def require_file(path: Path) -> None:
    """Raise if a path is not a readable file."""
    if str(path) == "-" or path.is_fifo():
        raise InputError(
            path, "input is not read from a pipe", hint="name a file: it may be read more than once"
        )
    if not path.exists():
        raise no_such_file(path)
    if path.is_dir():
        raise InputError(path, "is a folder, not a file")


def is_gzip(path: Path) -> bool:
    """Whether a file starts as gzip or BGZF does."""
    require_file(path)
    with path.open("rb") as handle:
        return handle.read(2) == GZIP_MAGIC


def is_bgzf(path: Path) -> bool:
    """Whether a file starts with a BGZF block (gzip with the BC extra field)."""
    require_file(path)
    with path.open("rb") as handle:
        head = handle.read(18)
    return len(head) == 18 and head[:4] == b"\x1f\x8b\x08\x04" and head[12:14] == b"BC"
