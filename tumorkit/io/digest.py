"""Content digests of inputs, for provenance and for reuse of finished parts."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from tumorkit.contract.result import InputFile
from tumorkit.errors import ParameterError
from tumorkit.io.text import require_file


def input_file(role: str, path: Path) -> InputFile:
    """Describe an input by role, base name and sha256 of its bytes."""
    require_file(path)
    status = path.stat()
    digest = _sha256(str(path.resolve()), status.st_size, status.st_mtime_ns)
    return InputFile(role=role, name=path.name, sha256=digest)


def require_two_files(tumor: Path, normal: Path) -> None:
    """Raise where tumour and normal are one file, by place or by content.

    Held against itself, every tumour is stable, balanced and without mutations.
    """
    require_file(tumor)
    require_file(normal)
    same = tumor.stat().st_size == normal.stat().st_size and (
        tumor.samefile(normal)
        or input_file("tumor", tumor).sha256 == input_file("normal", normal).sha256
    )
    if same:
        raise ParameterError(
            f"{normal}: the normal is the tumour's own file ({tumor.name}): every change would "
            "cancel out",
            "give the alignment of the normal, or leave the normal out",
        )


@lru_cache(maxsize=256)
def _sha256(path: str, size: int, modified: int) -> str:
    """Digest a file once per process as long as size and time stay the same."""
    with Path(path).open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
