"""Content digests of inputs, for provenance and for reuse of finished parts."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from tumorkit.contract.result import InputFile
from tumorkit.io.text import require_file


def input_file(role: str, path: Path) -> InputFile:
    """Describe an input by role, base name and sha256 of its bytes."""
    require_file(path)
    status = path.stat()
    digest = _sha256(str(path.resolve()), status.st_size, status.st_mtime_ns)
    return InputFile(role=role, name=path.name, sha256=digest)


@lru_cache(maxsize=256)
def _sha256(path: str, size: int, modified: int) -> str:
    """Digest a file once per process as long as size and time stay the same."""
    with Path(path).open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
