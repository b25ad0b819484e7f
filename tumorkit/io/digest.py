"""Content digests of inputs, for provenance and for reuse of finished parts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from threading import Lock, Thread

from tumorkit.contract.result import InputFile
from tumorkit.errors import ParameterError
from tumorkit.io.text import require_file

# A file as it was: its place, its size, when it was last written to.
State = tuple[str, int, int]


class Digest:
    """The digest of a file in one state: computed once, by whoever asks first."""

    def __init__(self, state: State) -> None:
        self.state = state
        self._lock = Lock()
        self._found: str | None = None

    def sha256(self) -> str:
        """Return the digest; wait for it where another thread is at it."""
        with self._lock:
            if self._found is None:
                with Path(self.state[0]).open("rb") as handle:
                    self._found = hashlib.file_digest(handle, "sha256").hexdigest()
            return self._found


_digests: dict[State, Digest] = {}


def input_file(role: str, path: Path) -> InputFile:
    """Describe an input by role, base name and sha256 of its bytes."""
    require_file(path)
    state = state_of(path)
    digest = _digests.setdefault(state, Digest(state))
    return InputFile(role=role, name=path.name, sha256=digest.sha256())


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


def digest_beside(paths: Iterable[Path | None]) -> None:
    """Begin to digest files in a thread of its own, small ones first, while they are analysed.

    A whole alignment takes many seconds to digest; beside the analysis, on bytes that it reads
    anyhow, they cost next to no time. Whoever asks for a digest before its turn computes it
    himself. Missing files are left to whoever reads them.
    """
    given = {state_of(path) for path in paths if path is not None and path.is_file()}
    new = sorted(given - _digests.keys(), key=lambda state: state[1])
    queue = [_digests.setdefault(state, Digest(state)) for state in new]
    if queue:
        # A daemon: an error ends the program at once, though a digest is on its way.
        Thread(target=digest_all, args=(queue,), daemon=True, name="digest").start()


def digest_all(queue: Iterable[Digest]) -> None:
    """Digest one file after the other."""
    for digest in queue:
        # Whoever needs a file that cannot be read will say so.
        with suppress(OSError):
            digest.sha256()


def state_of(path: Path) -> State:
    """Return place, size and time of a file: equal states have equal contents."""
    status = path.stat()
    return str(path.resolve()), status.st_size, status.st_mtime_ns
